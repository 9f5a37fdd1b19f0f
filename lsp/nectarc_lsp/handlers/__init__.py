"""The protocol's requests: each handler converts, calls a feature, converts."""
