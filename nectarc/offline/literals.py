"""Typed literals in English text: shares, lengths of time, rates a second, codes.

Owns: how each is written. Must not know: what a literal is about. Truth: docs/intent.md, "Words".
Each reader looks at one place and says how far its literal goes, or None.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from typing import Final, NamedTuple

from nectarc.offline.numbers import Reading, number_at, ordinal_at
from nectarc.offline.tokens import Length, Number, PerSecond, Share, StatusClass, Value

_SECOND: Final = 10**9
_UNITS: Final = {
    "nanoseconds": 1, "nanosecond": 1, "nanos": 1, "ns": 1,
    "microseconds": 10**3, "microsecond": 10**3, "micros": 10**3, "us": 10**3, "µs": 10**3,
    "μs": 10**3,
    "milliseconds": 10**6, "millisecond": 10**6, "millisecs": 10**6, "millisec": 10**6,
    "millis": 10**6, "milli": 10**6, "msecs": 10**6, "msec": 10**6, "ms": 10**6,
    "seconds": _SECOND, "second": _SECOND, "secs": _SECOND, "sec": _SECOND, "s": _SECOND,
    "minutes": 60 * _SECOND, "minute": 60 * _SECOND, "mins": 60 * _SECOND, "min": 60 * _SECOND,
    "m": 60 * _SECOND,
    "hours": 3600 * _SECOND, "hour": 3600 * _SECOND, "hrs": 3600 * _SECOND, "hr": 3600 * _SECOND,
    "h": 3600 * _SECOND,
    "days": 86400 * _SECOND, "day": 86400 * _SECOND,
}  # fmt: skip
_UNIT: Final = re.compile(
    rf"({'|'.join(sorted(_UNITS, key=len, reverse=True))})(?![^\W\d_])", re.IGNORECASE
)
# What a literal of the language is written in, the largest first.
_SPELT: Final = (
    ("h", 3600 * _SECOND), ("m", 60 * _SECOND), ("s", _SECOND), ("ms", 10**6), ("us", 10**3),
    ("ns", 1),
)  # fmt: skip
_PER_UNITS: Final = {
    "second": 1, "sec": 1, "s": 1, "minute": 60, "min": 60, "hour": 3600, "h": 3600, "day": 86400,
}  # fmt: skip
_COUNTED: Final = (
    r"events?|evs?|evts?|spans?|traces?|requests?|reqs?|calls?|messages?|transactions?|hits|queries"
)
_GAP: Final = r"[ \t]*"
_PERCENT: Final = re.compile(
    rf"{_GAP}-?(?:%|(?:percents?|per[ \t-]?cents?|pct|prct|perc|p\.c\.)(?![A-Za-z]))", re.IGNORECASE
)
_PER_MILLE: Final = re.compile(rf"{_GAP}(?:‰|per ?mille?\b|permille\b)", re.IGNORECASE)
_OF_PERCENT: Final = re.compile(
    r"[ \t]+(?:of[ \t]+)?(?:an?|one|1)?[ \t]*(?:%|percent|per[ \t]?cent|pct)(?![A-Za-z])",
    re.IGNORECASE,
)
_PER: Final = re.compile(
    rf"{_GAP}({_COUNTED})?{_GAP}(?:/|per(?:[ \t]+|-)|an?[ \t]+|each[ \t]+|every[ \t]+)"
    rf"{_GAP}({'|'.join(_PER_UNITS)})(?![A-Za-z])",
    re.IGNORECASE,
)
_EPS: Final = re.compile(rf"{_GAP}([etrqs])ps(?![A-Za-z])", re.IGNORECASE)
_EPS_UNITS: Final = {"e": "events", "t": "traces", "r": "requests", "q": "queries", "s": "spans"}
_IN: Final = re.compile(
    r"(?:(?:[ \t]+(?:single[ \t]+)?(?:traces?|requests?|calls?|spans?|transactions?|one))?"
    r"(?:[ \t]+(?:in|of)[ \t]+(?:every|each)[ \t]+|[ \t]+(?P<plain>in|of)[ \t]+"
    r"|[ \t]+(?:out[ \t]+of|per|for|from)[ \t]+(?:every[ \t]+|each[ \t]+)?|-(?:in|of|out-of)-"
    r"|[ \t]+every[ \t]+)(?P<about>about[ \t]+|around[ \t]+)?)",
    re.IGNORECASE,
)
_RATIO: Final = re.compile(r"[ \t]*(/|:)[ \t]*")
_NO_SHARE: Final = re.compile(
    rf"{_GAP}(?:%|percent|per[ \t]?cent|pct|[ap]\.?m\b|(?:{'|'.join(_UNITS)})(?![A-Za-z]))",
    re.IGNORECASE,
)
_PARTS: Final = re.compile(
    r"(halves|half|quarters?|thirds?|fourths?|fifths?|sixths?|sevenths?|eighths?|ninths?|tenths?|"
    r"twelfths?|fifteenths?|twentieths?|thirtieths?|fortieths?|fiftieths?|hundredths?|"
    r"thousandths?|millionths?)(?![A-Za-z])",
    re.IGNORECASE,
)
_ARTICLE: Final = re.compile(r"an?[ \t]+", re.IGNORECASE)
_HALF_LENGTH: Final = re.compile(r"half[ \t-]+an?[ \t]+|a[ \t]+half[ \t-]+", re.IGNORECASE)
_QUARTER_LENGTH: Final = re.compile(r"a[ \t]+quarter[ \t]+of[ \t]+an?[ \t]+", re.IGNORECASE)
_AND_HALF: Final = re.compile(r"[ \t]+and[ \t]+(?:a|one)[ \t]+half", re.IGNORECASE)
_JOINT: Final = re.compile(r"[ \t]+and[ \t]+|[ \t]*")
_RANGE_BEFORE: Final = re.compile(r"(?:between|from)[ \t]*$", re.IGNORECASE)
_UNIT_WORD_MIN: Final = 6  # letters of a unit that is written out: "second"
_EVERY: Final = re.compile(r"(?:every|each)[ \t]+(?:single[ \t]+)?", re.IGNORECASE)
_NTH_ONLY: Final = re.compile(r"second(?![A-Za-z])", re.IGNORECASE)
_COUNT_NOUN: Final = re.compile(
    r"[ \t]+(?:trace|request|call|span|transaction|one)(?![A-Za-z])", re.IGNORECASE
)
_CLASS: Final = re.compile(
    r"([1-5])(?:xx|XX|xX|Xx|nn|NN|\*\*)(?:['\u2019]?e?s)?(?![A-Za-z0-9])", re.IGNORECASE
)
_HUNDREDS: Final = re.compile(r"([1-5])00['\u2019]?s(?![A-Za-z0-9])")
_RANGE: Final = re.compile(
    r"([1-5])00[ \t]*(?:-|\u2013|—|\.\.\.?|to|through|until)[ \t]*([1-5])99(?![A-Za-z0-9%])",
    re.IGNORECASE,
)
_CODE: Final = re.compile(r"([1-5]\d\d)(['\u2019]?(?:er|e?s))?(?![A-Za-z0-9%])")
# After these words "500s" is a length of time.
_LENGTH_BEFORE: Final = re.compile(
    r"(?:than|over|above|under|below|beyond|exceed(?:s|ing|ed)?|least|most|took|takes?|taking|within|"
    r"lasting|lasts?|[><≥≤=]|duration|latency|between)[ \t]*$",
    re.IGNORECASE,
)
_LOOK_BACK: Final = 20
_SECOND_NTH: Final = 2
_CODE_MIN: Final = 100
_CODE_END: Final = 600
_VERSION: Final = re.compile(r"v\d+(?:\.\d+)*(?![\w%])|\d+\.\d+\.\d+(?:[\w.\-]*\w)?", re.IGNORECASE)


class Literal(NamedTuple):
    """A literal from some place on; `end` is the place after it."""

    kinds: tuple[str, ...]
    value: Value
    end: int


def literal_at(text: str, at: int) -> Literal | None:
    """Return the longest literal that begins at `at`; the first of those of equal length."""
    best: Literal | None = None
    for read in _READERS:
        found = read(text, at)
        if found is not None and (best is None or found.end > best.end):
            best = found
    return best


def length_text(nanoseconds: Fraction) -> str:
    """Return a length of time as the policy language writes it: "5s", "1500ms"."""
    for unit, size in _SPELT:
        if nanoseconds % size == 0 and nanoseconds >= size:
            return f"{nanoseconds // size}{unit}"
    return f"{float(nanoseconds):g}ns"


def _share(share: Fraction, end: int) -> Literal | None:
    return Literal(("SHARE",), Share(share), end) if 0 <= share <= 1 else None


def _percent(text: str, at: int) -> Literal | None:
    number = number_at(text, at)
    if number is None:
        return None
    match = _PERCENT.match(text, number.end)
    if match is not None:
        return _share(number.value / 100, match.end())
    match = _PER_MILLE.match(text, number.end)
    return _share(number.value / 1000, match.end()) if match is not None else None


def _one_in(text: str, at: int) -> Literal | None:
    """Read "1 in 20", "one out of every hundred", "5 of every 1000", "1-in-20", "1 of 50"."""
    few = number_at(text, at)
    if few is None or few.value <= 0:
        return None
    joint = _IN.match(text, few.end)
    if joint is None:
        return None
    many = number_at(text, joint.end())
    if many is None or many.value < few.value or _NO_SHARE.match(text, many.end):
        return None
    if (joint["plain"] or "").lower() == "of" and few.value > 1:
        return None
    return _share(few.value / many.value, many.end)


def _ratio(text: str, at: int) -> Literal | None:
    """Read "1/20", "1:100": both are whole, in digits; only "1:" is a ratio, "9:30" a time."""
    few = number_at(text, at)
    if few is None or few.value <= 0 or few.value.denominator != 1 or not text[at].isdigit():
        return None
    if at and text[at - 1] in "/:":
        return None
    sign = _RATIO.match(text, few.end)
    if sign is None or (sign[1] == ":" and few.value != 1):
        return None
    many = number_at(text, sign.end())
    if many is None or not text[sign.end()].isdigit() or many.value < few.value:
        return None
    if many.value == few.value and (few.value != 1 or sign[0] != "/"):
        return None
    if many.value.denominator != 1 or _NO_SHARE.match(text, many.end):
        return None
    if few.value >= _CODE_MIN and many.value < _CODE_END:
        return None  # "401/403": two statuses
    if text[many.end : many.end + 1] in ("/", ":") or (sign[1] == ":" and sign[0] != ":"):
        return None  # a date, or "1: 500" in a list
    return _share(few.value / many.value, many.end)


def _part(text: str, at: int) -> Literal | None:
    """Read "half", "a tenth", "two thirds", "half a percent", "a tenth of a percent"."""
    count, position = Fraction(1), at
    article = _ARTICLE.match(text, at)
    is_counted = article is not None
    if article is not None:
        position = article.end()
    else:
        number = number_at(text, at)
        if number is not None and text[number.end : number.end + 1] in (" ", "-"):
            count, position, is_counted = number.value, number.end + 1, True
    match = _PARTS.match(text, position)
    if match is None:
        return None
    said = match[1].lower()
    if not is_counted and not said.startswith("hal"):
        return None
    size = _part_size(said)
    of_percent = _OF_PERCENT.match(text, match.end())
    if of_percent is not None:
        return _share(count / size / 100, of_percent.end())
    return _share(count / size, match.end())


def _part_size(said: str) -> int:
    if said.startswith("hal"):
        return 2
    if said.startswith("quarter"):
        return 4
    found = ordinal_at(said.removesuffix("s"), 0)
    return int(found.value) if found is not None else 1


def _every_nth(text: str, at: int) -> Literal | None:
    """Read "every 20th", "every twentieth", "every second trace"."""
    every = _EVERY.match(text, at)
    if every is None:
        return None
    nth = ordinal_at(text, every.end())
    if nth is not None and nth.value > 1:
        return _share(1 / nth.value, nth.end)
    second = _NTH_ONLY.match(text, every.end())
    if second is not None and _COUNT_NOUN.match(text, second.end()):
        return _share(Fraction(1, _SECOND_NTH), second.end())
    return None


def _length(text: str, at: int) -> Literal | None:
    """Read "5s", "1m30s", "half a second", "two and a half minutes", "2 min 30 s", "a second"."""
    first = _one_length(text, at)
    if first is None:
        return None
    total, size, end = first
    while True:
        joint = _JOINT.match(text, end)
        following = _one_length(text, joint.end() if joint is not None else end, is_more=True)
        if following is None or following[1] >= size:
            break
        if joint is not None and "and" in joint[0] and not _is_sum(text, at, end):
            break
        total, size, end = total + following[0], following[1], following[2]
    if total <= 0:
        return None
    return Literal(("LENGTH",), Length(total, length_text(total)), end)


def _is_sum(text: str, at: int, end: int) -> bool:
    """Whether "X and Y" is one length: "2 minutes and 30 seconds", not "between 1 s and 5 ms"."""
    is_spelt = text[end - _UNIT_WORD_MIN : end].isalpha()
    return is_spelt and not _RANGE_BEFORE.search(text[max(0, at - _LOOK_BACK) : at])


def _one_length(text: str, at: int, *, is_more: bool = False) -> tuple[Fraction, int, int] | None:
    """Return nanoseconds, the unit's size, and the end of one amount with its unit."""
    amount: Reading | None = None
    if not is_more:
        for pattern, part in ((_QUARTER_LENGTH, 4), (_HALF_LENGTH, 2)):
            match = pattern.match(text, at)
            if match is not None:
                amount = Reading(Fraction(1, part), match.end())
                break
    if amount is None:
        amount = number_at(text, at)
    if amount is None and not is_more:
        article = _ARTICLE.match(text, at)
        amount = Reading(Fraction(1), article.end()) if article is not None else None
        unit = _UNIT.match(text, article.end()) if article is not None else None
        if unit is None or len(unit[1]) <= len("ms") or unit[1].lower() in ("min", "day"):
            return None
    if amount is None:
        return None
    half = _AND_HALF.match(text, amount.end)
    if half is not None:
        amount = Reading(amount.value + Fraction(1, 2), half.end())
    position = re.compile(r"[ \t]*-?[ \t]*").match(text, amount.end)
    unit = _UNIT.match(text, position.end() if position is not None else amount.end)
    if unit is None or unit[1] == "M" or (unit[1] == "S" and amount.value >= 100):
        return None
    said = unit[1]
    if len(said) == 1 and position is not None and " " in position[0] and said.isupper():
        return None  # "5 S", "5 H": not a unit
    size = _UNITS[said.lower()]
    end, value = unit.end(), amount.value
    half = _AND_HALF.match(text, end)
    if half is not None:
        value, end = value + Fraction(1, 2), half.end()
    if text[end : end + 1] == "/":
        return None
    return value * size, size, end


def _per_second(text: str, at: int) -> Literal | None:
    number = number_at(text, at)
    if number is None:
        return None
    match = _EPS.match(text, number.end)
    if match is not None:
        unit = _EPS_UNITS[match[1].lower()]
        return Literal(("PER_SECOND",), PerSecond(number.value, unit), match.end())
    match = _PER.match(text, number.end)
    if match is None:
        return None
    noun = (match[1] or "").lower()
    noun = "events" if noun.startswith("ev") else noun
    unit = "requests" if noun.startswith("req") else "queries" if noun == "queries" else noun
    rate = number.value / _PER_UNITS[match[2].lower()]
    plain = f"{unit.rstrip('s')}s" if unit and unit != "queries" else unit
    return Literal(("PER_SECOND",), PerSecond(rate, plain), match.end())


def _status(text: str, at: int) -> Literal | None:
    match = _CLASS.match(text, at)
    if match is not None:
        return Literal(("STATUS_CLASS",), StatusClass(int(match[1])), match.end())
    match = _RANGE.match(text, at)
    if match is not None and match[1] == match[2]:
        return Literal(("STATUS_CLASS",), StatusClass(int(match[1])), match.end())
    if _LENGTH_BEFORE.search(text[max(0, at - _LOOK_BACK) : at]):
        return None
    match = _HUNDREDS.match(text, at)
    if match is not None:
        return Literal(("STATUS_CLASS",), StatusClass(int(match[1])), match.end())
    match = _CODE.match(text, at)
    if match is None or number_at(text, at) != (Fraction(int(match[1])), match.end(1)):
        return None
    kinds = ("CODE", "NUMBER") if match[2] else ("NUMBER", "CODE")
    return Literal(kinds, Number(Fraction(int(match[1]))), match.end())


def _version(text: str, at: int) -> Literal | None:
    match = _VERSION.match(text, at)
    return Literal(("WORD",), None, match.end()) if match is not None else None


def _number(text: str, at: int) -> Literal | None:
    number = number_at(text, at)
    if number is None or text[number.end : number.end + 1].isalpha():
        return None
    return Literal(("NUMBER",), Number(number.value), number.end)


# INVARIANT: of literals of equal length the first reader's is taken.
_READERS: Final[tuple[Callable[[str, int], Literal | None], ...]] = (
    _percent, _status, _per_second, _length, _one_in, _ratio, _part, _every_nth, _version, _number,
)  # fmt: skip
