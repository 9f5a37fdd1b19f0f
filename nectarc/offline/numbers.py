"""Numbers as English writes them: digits with commas and `k`, and numbers in words.

Owns: reading one number at a place. Must not know: what it counts. Truth: docs/intent.md, "Words".
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final, NamedTuple

_SMALL: Final = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
_TENS: Final = {
    "twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
    "eighty": 80, "ninety": 90,
}  # fmt: skip
_SCALES: Final = {"hundred": 100, "thousand": 1000, "million": 10**6}
_NTH: Final = {
    "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13, "fourteenth": 14,
    "fifteenth": 15, "sixteenth": 16, "seventeenth": 17, "eighteenth": 18, "nineteenth": 19,
    "twentieth": 20, "thirtieth": 30, "fortieth": 40, "fiftieth": 50, "sixtieth": 60,
    "seventieth": 70, "eightieth": 80, "ninetieth": 90, "hundredth": 100, "thousandth": 1000,
    "millionth": 10**6,
}  # fmt: skip
_DIGITS: Final = re.compile(
    r"(\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)(?:([kK])(?![A-Za-z0-9])|(M)(?![A-Za-z0-9]))?"
)
_WORD: Final = re.compile(r"[A-Za-z]+")
_JOINT: Final = re.compile(r"[ \t]*-[ \t]*(?=[A-Za-z])|[ \t]+")
_DIGIT_NTH: Final = re.compile(r"(\d{1,6})(?:st|nd|rd|th)(?![A-Za-z0-9])", re.IGNORECASE)
_POINT: Final = 10  # digits after a spoken point are read one by one


class Reading(NamedTuple):
    """A number and the place after it."""

    value: Fraction
    end: int


def number_at(text: str, at: int) -> Reading | None:
    """Read "1,500", "10k", "twenty-five", "two hundred fifty", "a hundred", "zero point five"."""
    match = _DIGITS.match(text, at)
    if match is not None:
        scale = 1000 if match[2] else 10**6 if match[3] else 1
        return Reading(Fraction(match[1].replace(",", "")) * scale, match.end())
    return _spoken(text, at)


def ordinal_at(text: str, at: int) -> Reading | None:
    """Read "20th", "twentieth", "twenty-fifth", "two hundredth"."""
    match = _DIGIT_NTH.match(text, at)
    if match is not None:
        return Reading(Fraction(match[1]), match.end()) if int(match[1]) else None
    total, position = 0, at
    while True:
        word = _WORD.match(text, position)
        if word is None:
            return None
        said = word[0].lower()
        if said in _NTH:
            size = _NTH[said]
            value = total * size if total and size >= _SCALES["hundred"] else total + size
            return Reading(Fraction(value), word.end())
        if said not in _SMALL and said not in _TENS:
            return None
        total += {**_SMALL, **_TENS}[said]
        joint = _JOINT.match(text, word.end())
        if joint is None:
            return None
        position = joint.end()


def _spoken(text: str, at: int) -> Reading | None:
    """Add up number words from `at` on, as far as they make one number."""
    total, current, end = 0, -1, at  # current: the group before "thousand", -1 while empty
    position, is_article = at, False
    while True:
        word = _WORD.match(text, position)
        said = word[0].lower() if word is not None else ""
        if said in ("a", "an") and end == at and not is_article:
            is_article = True
        elif said == "and" and end > at and current % 100 == 0 and current > 0:
            pass
        elif said in _SMALL and not is_article and _fits(current, _SMALL[said]):
            current = max(current, 0) + _SMALL[said]
            end = word.end() if word else end
        elif said in _TENS and not is_article and (current < 0 or current % 100 == 0) and current:
            current = max(current, 0) + _TENS[said]
            end = word.end() if word else end
        elif said in _SCALES and (current > 0 or is_article or total):
            total, current = _scaled(total, 1 if is_article else current, _SCALES[said])
            is_article = False
            end = word.end() if word else end
        else:
            break
        joint = _JOINT.match(text, word.end()) if word is not None else None
        if joint is None:
            break
        position = joint.end()
    if end == at:
        return None
    return _with_point(text, Fraction(total + max(current, 0)), end)


def _fits(current: int, small: int) -> bool:
    """Whether a number below twenty may follow: "twenty five", "hundred twelve", not "two one"."""
    if current < 0:
        return True
    if small == 0 or current == 0:
        return False
    return current % 100 == 0 or (current % 10 == 0 and current % 100 >= 20 and small < 10)


def _scaled(total: int, current: int, scale: int) -> tuple[int, int]:
    if scale == _SCALES["hundred"]:
        return total, max(current, 1) * scale
    return total + max(current, 1) * scale, -1


def _with_point(text: str, whole: Fraction, end: int) -> Reading:
    """Add what follows a spoken point: "zero point five"."""
    match = re.compile(r"[ \t]+point((?:[ \t]+[A-Za-z]+)+)", re.IGNORECASE).match(text, end)
    if match is None:
        return Reading(whole, end)
    place, size = match.start(1), Fraction(1)
    for word in re.finditer(r"[ \t]+([A-Za-z]+)", match[1]):
        digit = _SMALL.get(word[1].lower(), _POINT)
        if digit >= _POINT:
            break
        size /= 10
        whole += digit * size
        end = place + word.end()
    return Reading(whole, end)
