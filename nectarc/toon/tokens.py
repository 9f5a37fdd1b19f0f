"""The tokens of TOON: what the lexer makes and the grammar reads.

Owns: names and values of tokens. Must not know: how they are found or what is built from them.
Truth: grammar/toon.lark, which declares the same names.
"""

from __future__ import annotations

from typing import Final, NamedTuple, TypeAlias

from nectarc.toon.document import Array, Delimiter, Invalid, Key, Scalar

INDENT: Final = "INDENT"
DEDENT: Final = "DEDENT"
NEWLINE: Final = "NEWLINE"
ERROR: Final = "ERROR"
INVALID: Final = "INVALID"
KEY: Final = "KEY"
COLON: Final = "COLON"
CELL: Final = "CELL"
EMPTY: Final = "EMPTY"
DELIM: Final = "DELIM"
DASH: Final = "DASH"
LSQB: Final = "LSQB"
LENGTH: Final = "LENGTH"
KEYED: Final = "KEYED"
MARK: Final = "MARK"
RSQB: Final = "RSQB"
LBRACE: Final = "LBRACE"
NAME: Final = "NAME"
RBRACE: Final = "RBRACE"

Value: TypeAlias = Scalar | Invalid | Key | Array | Delimiter | int | None


class Token(NamedTuple):
    """One token: code points `[start, end)` of the file.

    value: the node of CELL (Scalar), INVALID and ERROR (Invalid), KEY and NAME (Key), EMPTY
           (Array); the number of LENGTH (-1: unreadable); the Delimiter of MARK; where the header
           starts, of LSQB and LBRACE. None for the others.
    """

    kind: str
    start: int
    end: int
    value: Value = None
