"""The offline engine: plain English into a typed intent, by a grammar, without a network."""
