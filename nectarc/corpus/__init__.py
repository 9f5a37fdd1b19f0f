"""Trace exemplars: their formats and their store."""
