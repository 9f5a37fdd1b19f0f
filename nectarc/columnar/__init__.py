"""Traces as columns, policies and rules as small programs, numba kernels that run them."""
