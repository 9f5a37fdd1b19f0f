r"""Where tests of texts change their truth along the texts in order, and unions of intervals.

Owns: places among texts, regions, plain texts of a region. Must not know: classes, numbers.
Texts are in code point order, which is the order of their UTF-8. A place is the first text of an
interval; the next text after `t` is `t + "\0"`, so the interval of `t` alone ends there.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import Final

from nectarc.logic.predicate_shapes import Shape, View
from nectarc.records import record

NEXT: Final = "\0"
_LAST_CODE_POINT: Final = 0x10FFFF
_BEFORE_SURROGATES: Final = 0xD7FF
_AFTER_SURROGATES: Final = 0xE000
_PLAIN_TEXTS: Final = ("other", "text", "x", "a", "zzz", "~", "A", "0", "/", "-", " ")
_ENDINGS: Final = ("x", "a", "0", "-", " ", "!")


def text_places(shape: Shape) -> Iterator[str]:
    """Yield where a test of the text may change its truth, if intervals say anything of it."""
    match shape.view:
        case View.POINTS | View.ORDER:
            for text in shape.texts:
                yield from (text, text + NEXT)
        case View.PREFIX:
            (prefix,) = shape.texts
            yield prefix
            after = successor(prefix)
            if after is not None:
                yield after
        case _:
            return


def successor(prefix: str) -> str | None:
    """Return the least text above all that start with `prefix`; None when there is none."""
    for end in range(len(prefix), 0, -1):
        code = ord(prefix[end - 1])
        if code < _LAST_CODE_POINT:
            following = _AFTER_SURROGATES if code == _BEFORE_SURROGATES else code + 1
            return prefix[: end - 1] + chr(following)
    return None


@record
class TextRegion:
    """A union of intervals of texts: interval i, from `lows[i]` to before `lows[i + 1]`, if set.

    INVARIANT: lows[0] is "" and lows ascend.
    """

    lows: tuple[str, ...]
    is_inside: tuple[bool, ...]

    def has(self, text: str) -> bool:
        """Say whether `text` is in the region."""
        return self.is_inside[bisect_right(self.lows, text) - 1]

    @property
    def is_everything(self) -> bool:
        """Whether every text is in the region."""
        return all(self.is_inside)

    def plain_texts(self) -> Iterator[str]:
        """Yield texts of the region, those first that people would pick; ends with odd ones."""
        yield from (text for text in _PLAIN_TEXTS if self.has(text))
        odd: list[str] = []
        for low, is_inside in zip(self.lows, self.is_inside, strict=True):
            if not is_inside:
                continue
            stem = low.removesuffix(NEXT)
            tried = (stem, *(stem + ending for ending in _ENDINGS))
            yield from (text for text in tried if text.isprintable() and self.has(text))
            odd.append(low)
        for low in odd:
            yield low
            if self.has(low + NEXT):
                yield low + NEXT


EVERYTHING: Final = TextRegion(("",), (True,))


def region_of(lows: tuple[str, ...], rows: list[int], row: int, is_point: list[bool]) -> TextRegion:
    """Return the intervals whose row is `row`, points left out."""
    inside = tuple(one == row and not p for one, p in zip(rows, is_point, strict=True))
    return TextRegion(lows, inside)
