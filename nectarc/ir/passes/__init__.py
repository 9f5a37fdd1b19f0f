"""Passes over the IR: pure functions from expression to expression, one a file."""
