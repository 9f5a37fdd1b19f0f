"""TOON: reading with places and diagnostics, printing in the author's form, encoding of plain values."""

from nectarc.toon.reader import read
from nectarc.toon.values import Value, to_value

__all__ = ["Value", "read", "to_value"]
