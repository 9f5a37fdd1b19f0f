"""Numbers with their nouns.

Owns: the plural and the thousands. Must not know: what is counted.
"""

from __future__ import annotations


def counted(number: int, noun: str) -> str:
    """Return "1 trace", "12,345 traces"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
