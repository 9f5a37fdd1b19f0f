"""`python -m nectarc_lsp` speaks LSP on stdin and stdout."""

from .server import SERVER

if __name__ == "__main__":
    SERVER.start_io()
