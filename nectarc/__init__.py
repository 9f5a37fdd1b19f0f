"""nectarc: the compiler, prover and language server for trace-sampling policies."""

from typing import Final

__version__: Final = "0.1.0"  # the same as in pyproject.toml, which a test compares
