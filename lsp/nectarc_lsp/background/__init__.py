"""The process that proves and counts while people type."""
