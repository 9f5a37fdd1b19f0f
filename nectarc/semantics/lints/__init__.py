"""Findings about policies that mean something: one file a lint."""
