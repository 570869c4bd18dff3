"""What the tests share: a server that speaks raw sockets, and both clients behind one handle."""
