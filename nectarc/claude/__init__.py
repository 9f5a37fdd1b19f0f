"""The Claude engine: a typed intent and a policy by the Messages API, checked and proven by us."""
