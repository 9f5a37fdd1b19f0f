"""`python -m nectarc_lsp` speaks LSP on stdin and stdout."""

from nectarc_lsp.server import serve

if __name__ == "__main__":
    serve()
