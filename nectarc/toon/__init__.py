"""TOON: reading with places and diagnostics, printing in the author's form, encoding."""

from nectarc.toon.encoder import Json, encode
from nectarc.toon.printer import print_document
from nectarc.toon.reader import read
from nectarc.toon.values import Value, to_value

__all__ = ["Json", "Value", "encode", "print_document", "read", "to_value"]
