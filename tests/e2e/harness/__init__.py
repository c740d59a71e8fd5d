"""What the suites share: the server as a process, its callers, and requests byte by byte."""
