"""How we compare with other clients: what a call costs (``make bench``), how it fails (``make compare``)."""
