"""The command line; nothing in here is imported by the library."""
