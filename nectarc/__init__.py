"""nectarc: the compiler, prover and language server for trace-sampling policies."""
