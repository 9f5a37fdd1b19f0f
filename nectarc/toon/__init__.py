"""TOON: reading with places and diagnostics, printing in the author's form, encoding.

Printer and encoder are imported when they are first asked for: most commands only read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nectarc.toon.reader import read
from nectarc.toon.values import Value, to_value

if TYPE_CHECKING:
    from nectarc.toon.encoder import Json, encode
    from nectarc.toon.printer import print_document

__all__ = ["Json", "Value", "encode", "print_document", "read", "to_value"]


def __getattr__(name: str) -> object:
    """Import what only some commands need."""
    if name in {"Json", "encode"}:
        from nectarc.toon import encoder  # noqa: PLC0415 - see the module's docstring

        return getattr(encoder, name)
    if name == "print_document":
        from nectarc.toon.printer import print_document  # noqa: PLC0415 - see above

        return print_document
    raise AttributeError(name)
