"""TOON nodes to the syntax tree of a policy; formatting."""
