"""Refinery rules as policies that decide alike, proven."""
