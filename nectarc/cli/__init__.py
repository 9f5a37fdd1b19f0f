"""The command line: one file per command; arguments, calls, exit status."""
