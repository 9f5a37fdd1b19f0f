"""The language server: converts between the protocol and nectarc, and knows nothing else."""
