"""The processes that prove, count and lower while people type."""
