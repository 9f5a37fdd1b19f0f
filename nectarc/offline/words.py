"""The text as positions that the chart reads: literals with their values, words, punctuation.

Owns: the patterns of literals, numbers said in words, where a line or an item begins.
Must not know: which words the grammar says. Truth: docs/intent.md, "Words".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction
from typing import Final

from nectarc.intent.vocabulary import Vocabulary
from nectarc.offline.tokens import Length, Name, Number, PerSecond, Share, StatusClass, Value
from nectarc.records import record

_UNITS: Final = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20,
    "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_PARTS: Final = {
    "half": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7,
    "eighth": 8, "ninth": 9, "tenth": 10, "twelfth": 12, "fifteenth": 15, "twentieth": 20,
    "thirtieth": 30, "fortieth": 40, "fiftieth": 50, "hundredth": 100, "thousandth": 1000,
}  # fmt: skip
_UNIT_WORD: Final = "|".join(_UNITS)
_WORD_NUMBER: Final = (
    rf"(?:(?:{_UNIT_WORD}|a)[ -])?(?:hundred|thousand)(?:[ -](?:and[ -])?(?:{_UNIT_WORD})(?:[ -](?:{_UNIT_WORD}))?)?"
    rf"|(?:{_UNIT_WORD})(?:[ -](?:{_UNIT_WORD}))?"
)
_DIGITS: Final = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+"
_NUMBER: Final = rf"(?:{_DIGITS})k?(?![\w])|(?:{_WORD_NUMBER})\b"
_PART_WORD: Final = "|".join(_PARTS)
_LENGTH_UNITS: Final = {
    "ns": (1, "ns"), "us": (1_000, "us"), "µs": (1_000, "us"), "ms": (1_000_000, "ms"),
    "s": (10**9, "s"), "m": (60 * 10**9, "m"), "h": (3600 * 10**9, "h"),
}  # fmt: skip
_LENGTH: Final = (
    r"nanoseconds?|microseconds?|milliseconds?|millis|msecs?|seconds?|secs?|minutes?|mins?|hours?|"
    r"hrs?|ns|us|µs|ms|s|m|h"
)
_MANY: Final = rf"(?:{_DIGITS})k?|(?:{_WORD_NUMBER})\b|\ban?|\bone"
_PER: Final = r"(?:\s*(?:/|per|a|each)\s*(?:seconds?|secs?|s)\b)"
_NAME: Final = r"[A-Za-z_][\w]*(?:-[\w]+)*"
_PATTERNS: Final = (
    ("BREAK", r"\s*\n\s*"),
    ("_SKIP", r"[ \t]+|:-?[()](?=\s|$)"),
    ("QUOTED", r"`[^`\n]+`|\"[^\"\n]+\"|“[^”\n]+”|(?<!\w)'[^'\n]+'(?!\w)"),
    ("PATH", r"(?<![\w/])/(?:[A-Za-z_*{:][\w.*{}:-]*(?<![.:])(?:/[\w.*{}:-]+(?<![.:]))*/?\*?)"),
    (
        "PER_SECOND",
        rf"(?P<per>{_NUMBER})\s*(?P<per_unit>events?|traces?|spans?)?{_PER}|(?P<eps>{_DIGITS})\s*eps\b",
    ),
    ("SHARE_OUT", rf"(?P<above>{_NUMBER})\s*%|(?P<above2>{_NUMBER})\s*(?:percent|per\s?cent|pct|p\.c\.)(?!\w)"),
    (
        "SHARE_IN",
        rf"(?P<top>1|one|a single one)\s*(?:trace\s+)?(?:in|out of|of|per)\s+(?:every\s+|each\s+)?(?P<below>{_NUMBER})"
        rf"|1\s*[/:]\s*(?P<below2>{_DIGITS})(?![\w%])",
    ),
    ("SHARE_EVERY", rf"every\s+(?:(?P<nth>\d+)(?:st|nd|rd|th)|(?P<nth_word>{_PART_WORD})|(?P<nth_w2>(?:twenty|thirty|forty|fifty)-?(?:fifth)))\b(?:\s+one)?"),
    ("SHARE_PART", rf"(?:a\s+|one[ -])?(?P<part>half|quarter|third|fifth|tenth|twentieth|fiftieth|hundredth|thousandth)\b(?!\s+(?:a|an|of a)\s+(?:second|minute|hour))(?:\s+(?:of\s+)?(?=the|all|them|it))?"),
    ("STATUS_CLASS", r"[1-5][xX]{2}(?:es|s|'s)?(?!\w)|[45]00s(?!\w)|[1-5]\*\*"),
    ("CODES", r"(?P<code>[45](?!00s)\d\d)(?:'?s)(?!\w)|(?<![\w.,])(?P<code2>[1-5]\d\d)'s(?!\w)"),
    ("LENGTH_HALF", r"(?:half\s+(?:a|an)\s+(?P<half>second|minute|hour))\b"),
    ("LENGTH", rf"(?P<many>{_MANY})[\s-]*(?P<unit>{_LENGTH})(?![\w%.]*\w)"),
    ("NUMBER", rf"{_NUMBER}"),
    ("EXTENSION", r"(?<![\w/])\*?\.[A-Za-z]\w{0,5}(?!\w)"),
    ("FIELD", r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+(?![\w])"),
    ("METHOD", r"(?:GET|POST|PUT|DELETE|PATCH|HEAD|OPTIONS|TRACE|CONNECT)(?:s|es|'s)?(?!\w)"),
    ("ARROW", r"->|=>|→"),
    ("COMPARE", r"==|!=|<>|>=|<=|=|>|<|≥|≤|≠"),
    ("_COMMA", r",|\|"), ("_SEMICOLON", r";"), ("_LPAR", r"\("), ("_RPAR", r"\)"),
    ("_LBRACKET", r"\["), ("_RBRACKET", r"\]"), ("_COLON", r":"),
    ("_STOP", r"\.{1,3}(?!\w)|[!?…]+"), ("_DASH", r"--?(?![\w])|[–—]"), ("PLUS", r"\+|&"),
    ("SLASH", r"/"),
    ("WORD", rf"{_NAME}(?:['’](?:s|t|re|d|ll|m|ve))?(?!\w)|[A-Za-z]+['’](?:s|t|re|d|ll|m|ve)"),
    ("OTHER", r"."),
)  # fmt: skip
_SCANNER: Final = re.compile(
    "|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _PATTERNS), re.IGNORECASE
)
_ITEM: Final = re.compile(r"\s*(?:[-*•–]\s+|\|\s*|\(?\d{1,2}[.)]\s+|[a-h]\)\s+)")
_INLINE_ITEM: Final = re.compile(r"(?<=\s)\(?\d{1,2}\)\s+")
_SIGNS: Final = {"=": "==", "<>": "!=", "≠": "!=", "≥": ">=", "≤": "<="}


@record
class Word:
    """One position: a word or a literal. kinds: what it may be; place: half open, in the text."""

    kinds: tuple[str, ...]
    text: str
    start: int
    end: int
    value: Value = None


def words_of(text: str, vocabulary: Vocabulary) -> tuple[Word, ...]:
    """Return the text as words. Never fails: what is no word is of kind OTHER."""
    known = _known(vocabulary)
    found: list[Word] = []
    position = _item(text, 0, found)
    while position < len(text):
        item = _INLINE_ITEM.match(text, position)
        if item is not None:
            found.append(Word(("ITEM",), item.group(), position, item.end()))
            position = item.end()
            continue
        match = _SCANNER.match(text, position)
        assert match is not None
        position = match.end()
        kind = match.lastgroup or "OTHER"
        kind = next((name for name, _ in _PATTERNS if match.group(name) is not None), kind)
        if kind == "BREAK":
            found.append(Word(("BREAK",), "\n", match.start(), match.end()))
            position = _item(text, position, found)
        elif kind != "_SKIP":
            found.append(_word(kind, match, known))
    return tuple(found)


def _item(text: str, position: int, found: list[Word]) -> int:
    item = _ITEM.match(text, position)
    if item is None or item.end() >= len(text):
        return position
    found.append(Word(("ITEM",), item.group().strip(), item.start(), item.end()))
    return item.end()


def _word(kind: str, match: re.Match[str], known: dict[str, tuple[str, ...]]) -> Word:
    text = match.group()
    start, end = match.start(), match.end()
    kinds, value = (kind,), None
    if kind == "QUOTED":
        value = text[1:-1]
        inner = re.fullmatch(r"[A-Za-z_]\w*(?:\.\w+)+|[A-Za-z]+_\w+", value)
        kinds = ("QUOTED", "FIELD") if inner else ("QUOTED",)
        if value.startswith("/"):
            kinds, value = ("PATH",), Name(value, ("http.route",))
    elif kind == "PATH":
        value = Name(text, ("http.route",))
    elif kind == "WORD":
        kinds, value = _plain_kinds(text, known)
    else:
        kinds, value = _literal(kind, match)
    if text.lower() in known and "KNOWN" not in kinds and kind in ("FIELD",):
        kinds, value = (*kinds, "KNOWN"), Name(text, known[text.lower()])
    return Word(kinds, text, start, end, value)


def _plain_kinds(text: str, known: dict[str, tuple[str, ...]]) -> tuple[tuple[str, ...], Value]:
    kinds: tuple[str, ...] = ("WORD",)
    if "_" in text.strip("_"):
        kinds = ("FIELD", *kinds)
    if re.fullmatch(r"(?:[A-Z][a-z0-9]+){2,}|[A-Z]\w+(?:Error|Exception)", text):
        kinds = ("CAPITAL", *kinds)
    if text.lower() in known:
        return ("KNOWN", *kinds), Name(text, known[text.lower()])
    return kinds, text


def _literal(kind: str, match: re.Match[str]) -> tuple[tuple[str, ...], Value]:  # noqa: PLR0911 - a kind a line
    group = match.group
    match kind:
        case "SHARE_OUT":
            return ("SHARE",), Share(number_of(group("above") or group("above2")) / 100)
        case "SHARE_IN":
            below = number_of(group("below") or group("below2"))
            return ("SHARE",), Share(1 / below if below else Fraction(0))
        case "SHARE_EVERY":
            word = group("nth_word")
            below = Fraction(_PARTS[word.lower()]) if word else Fraction(int(group("nth") or 25))
            return ("SHARE",), Share(1 / below if below else Fraction(0))
        case "SHARE_PART":
            return ("SHARE",), Share(Fraction(1, _PARTS[group("part").lower()]))
        case "LENGTH_HALF":
            unit = group("half").lower()
            return ("LENGTH",), Length(
                _LENGTH_UNITS[unit[0]][0] * Fraction(1, 2),
                {"s": "500ms", "m": "30s", "h": "30m"}[unit[0]],
            )
        case "LENGTH":
            return ("LENGTH",), _length(group("many"), group("unit"))
        case "PER_SECOND":
            number = number_of(group("per") or group("eps"))
            unit = (group("per_unit") or "").lower().rstrip("s")
            return ("PER_SECOND",), PerSecond(number, f"{unit}s" if unit else "")
        case "STATUS_CLASS":
            return ("STATUS_CLASS",), StatusClass(int(group()[0]))
        case "CODES":
            return ("NUMBER", "CODE"), Number(Fraction(int(group("code") or group("code2"))))
        case "NUMBER":
            return ("NUMBER",), Number(number_of(group()))
        case "METHOD":
            if not group()[:3].isupper():
                return ("WORD",), group()
            return ("METHOD",), re.sub(r"(?:s|es|'s)$", "", group())
        case "COMPARE":
            return ("COMPARE",), _SIGNS.get(group(), group())
        case "EXTENSION":
            return ("EXTENSION",), group().lstrip("*")
        case "FIELD":
            return ("FIELD",), group()
        case _:
            return (kind,), group()


def number_of(text: str) -> Fraction:
    """Return the number that digits or words say: "1,500", "10k", "two hundred fifty"."""
    plain = text.lower().replace(",", "").strip()
    if plain.endswith("k") and plain[:-1].replace(".", "").isdigit():
        return Fraction(plain[:-1]) * 1000
    if plain[0].isdigit() or plain[0] == ".":
        return Fraction(plain)
    total, current = 0, 0
    for word in re.split(r"[\s-]+", plain):
        if word == "hundred":
            current = (current or 1) * 100
        elif word == "thousand":
            total, current = total + (current or 1) * 1000, 0
        elif word == "a":
            current = 1
        elif word != "and":
            current += _UNITS[word]
    return Fraction(total + current)


def _length(many: str, unit: str) -> Length:
    number = Fraction(1) if many.strip().lower() in ("a", "one") else number_of(many.strip())
    short = unit.lower()
    if short not in _LENGTH_UNITS:
        prefixes = {"nano": "ns", "micro": "us", "milli": "ms", "msec": "ms", "sec": "s"}
        more = {"min": "m", "hour": "h", "hr": "h"}
        short = next(v for k, v in {**prefixes, **more}.items() if short.startswith(k))
    factor, literal = _LENGTH_UNITS[short]
    written = str(int(number)) if number.denominator == 1 else f"{float(number):g}"
    return Length(number * factor, f"{written}{literal}")


def _known(vocabulary: Vocabulary) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for field, values in vocabulary.values.items():
        if field not in ("service.name", "service", "http.route", "route"):
            continue
        for value in _names(values):
            fields = found.get(value.lower(), ())
            found[value.lower()] = (*fields, field)
    return found


def _names(values: Iterable[str]) -> Iterable[str]:
    return (value for value in values if re.fullmatch(_NAME, value) and len(value) > 2)
