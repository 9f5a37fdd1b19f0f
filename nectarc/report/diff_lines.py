"""Lines of a difference: code between backticks stays on one line, lists hang.

Owns: where the text of a difference may be broken. Must not know: what it says.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nectarc.render.excerpt import cells, displayed
from nectarc.report.tables import WIDTH, wrapped

_TICK: Final = "`"
_HELD: Final = "\0"  # stands for a blank that is no place to break; `displayed` leaves none


def filled(words: str, *, width: int = WIDTH, indent: int = 0) -> list[str]:
    """Return `words` as lines no wider than `width`, all indented.

    What stands between backticks is broken only where it is wider than a line.
    """
    margin = " " * indent
    room = width - indent
    held = " ".join(_pieces(displayed(words), room))
    return [margin + line.replace(_HELD, " ") for line in wrapped(held, room)]


def bullet(mark: str, words: str, *, width: int = WIDTH) -> list[str]:
    """Return `mark words` as lines; all but the first are indented as far as the words stand."""
    first, *others = filled(words, width=width, indent=len(mark) + 1)
    return [f"{mark} {first.lstrip(' ')}", *others]


def _pieces(words: str, room: int) -> Iterator[str]:
    """Yield what may not be broken: words, and code with what is joined to it."""
    code: list[str] = []
    for word in words.split(" "):
        code.append(word)
        if sum(one.count(_TICK) for one in code) % 2 == 0:
            yield from _held(code, room)
            code = []
    yield from code  # a backtick without its other: no code


def _held(code: list[str], room: int) -> list[str]:
    joined = _HELD.join(code)
    return [joined] if cells(joined) <= room else code
