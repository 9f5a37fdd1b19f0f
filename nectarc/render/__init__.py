"""Renderers of diagnostics: they know what a diagnostic is; it does not know them."""
