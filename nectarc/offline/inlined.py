# ruff: noqa: E501 - patterns are read in one piece
"""Names that one heading introduces: "services: search 0.1%, checkout 10%; rest 1%".

Owns: what each name of the row is written out as. Must not know: clauses.
Truth: docs/intent.md, "Notes". What is no bare name beside a rate stays as it is.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from nectarc.intent.vocabulary import Vocabulary
from nectarc.offline.grammar import grammar
from nectarc.offline.lattice import edges_of
from nectarc.offline.lexer import lex
from nectarc.offline.lexicon import word_lists
from nectarc.offline.words import words_of

_SERVICES: Final = r"(?:micro)?services?|svcs?|apps?|applications?"
_FIELD: Final = r"[a-z][a-z0-9]*(?:[._][a-z0-9]+)+"
_HEADING: Final = re.compile(
    r"(?:(?<=[.;\n] )|(?<=[.;\n])|^)[ \t]*"
    r"(?:(?:sampling |sample |keep |our |the )*(?:rates?|sampling|shares?|percentages?)[ \t]+)?"
    r"(?:(?:per|by|for(?: each)?|on|of)[ \t]+(?:the )?)?"
    rf"(?:(?P<service>{_SERVICES})(?:[ \t]+(?:rates?|sampling))?"
    rf"|(?:[a-z]+[ \t]+)?\(?(?P<field>{_FIELD})\)?)[ \t]*:[ \t]*(?=\S)",
    re.IGNORECASE,
)
_AMOUNT: Final = (
    r"(?:at |to |only |just |about |~ ?)*(?:\d+(?:[.,]\d+)? ?(?:%|percent\b|pct\b)|\d+/\d+"
    r"|(?:1|one) ?(?:in|of|out of|/|:) ?[\w,]+|(?:a )?half|a \w+th|a third|a quarter)"
)
_VERDICT: Final = (
    r"(?:keep|drop|discard|skip|ignore|save|store|retain|keep all|keep everything|drop all|all|everything|none|nothing|full|in full|always"
    r"|never|out|off|fully)"
)
_NAME: Final = r"[\"']?[A-Za-z][\w.-]*[\"']?"
_ITEM: Final = re.compile(
    rf"\s*(?P<names>{_NAME}(?:(?:[ \t]*(?:&|\+|/|,)[ \t]*|[ \t]+(?:and|or)[ \t]+){_NAME})*)"
    rf"(?P<sign>[ \t]*(?:=>|->|\u2192|[:=@\u2013-])?[ \t]*)(?P<does>{_AMOUNT}|{_VERDICT})\s*",
    re.IGNORECASE,
)
_PARTS: Final = re.compile(r"[,;]|(?<=[ \t])[/|](?=[ \t])")
_ALONE: Final = re.compile(rf"\s*({_NAME})\s*")
_JOINTS: Final = re.compile(r"[ \t]*(?:&|\+|/|,)[ \t]*|[ \t]+(?:and|or)[ \t]+")
_BEHIND: Final = re.compile(
    rf"(?<![\w.-])(?P<name>{_NAME})(?P<does>[ \t]*[:=]?[ \t]*{_AMOUNT})[ \t]*\((?:the |a )?(?:{_SERVICES})\)",
    re.IGNORECASE,
)
_BESIDE: Final = re.compile(
    rf"(?<![\w.-])(?P<name>{_NAME})(?P<does>)[ \t]*\((?:the |a )?(?:{_SERVICES})\)"
    rf"(?=[ \t]*(?::|->|=>|=)?[ \t]*(?:{_AMOUNT}|{_VERDICT})(?!\w))",
    re.IGNORECASE,
)
# As in "checkout 5xx: all. other services: 1%": the names before are of services, too.
_OTHER_SERVICES: Final = re.compile(
    rf"\b(?:other|remaining|unlisted|unnamed)[ \t]+(?:{_SERVICES})\b", re.IGNORECASE
)
_BARE_CLAUSE: Final = re.compile(
    rf"(?:(?<=[.;,\n])|(?<=^)|(?<=[-*\u2022] )|\brest of)[ \t]*(?P<name>{_NAME})"
    rf"(?=[ \t]*(?::|=>|->|\u2192|[|@=\u2013-])?[ \t]*(?:{_AMOUNT}|{_VERDICT}(?!\w)|[<>]|[1-5]xx|errors?\b|errs\b|failures\b|over\b|above\b))",
    re.IGNORECASE,
)
# As in "app.plan = gold: 100%, silver: 20%", "feature.x=true keep; false 1/10; missing 1/100".
_ROW: Final = re.compile(
    rf"(?<![\w./])(?P<field>{_FIELD}|services?|svcs?)(?P<is>[ \t]*(?:==?|:|\bis\b)[ \t]*|[ \t]+)(?P<first>{_NAME})"
    rf"[ \t]*(?:=>|->|\u2192|[:=@\u2013-])?[ \t]*(?:{_AMOUNT}|{_VERDICT})(?=[ \t]*[,;/|.]|[ \t]+{_NAME}[ \t])",
    re.IGNORECASE,
)
_NEXT: Final = re.compile(
    rf"[ \t]*[,;/|.]?[ \t]*(?P<is>=[ \t]*)?(?P<name>{_NAME}|not there(?: at all)?|not set|n/a)"
    rf"(?P<sign>[ \t]*(?:=>|->|\u2192|[:=@\u2013-])?[ \t]*)(?P<does>{_AMOUNT}|{_VERDICT})(?=[ \t]*(?:[,;/|.]|\n|$|[A-Za-z]))",
    re.IGNORECASE,
)
_SAYS_VALUE: Final = frozenset({"true", "false"})
_SAYS_NONE: Final = frozenset(
    {
        "missing",
        "absent",
        "unset",
        "none",
        "not there",
        "not there at all",
        "not set",
        "n/a",
        "null",
    }
)

Put = tuple[int, int, str, int]
# Kinds of words that say by themselves of which traces they are.
_SAYS: Final = word_lists()["lists_says"]


def inlined(text: str) -> list[Put]:
    """Return what is to be put where, so that each name says of what it is."""
    found: list[Put] = []
    for one in (*_BEHIND.finditer(text), *_BESIDE.finditer(text)):
        if _is_name(one["name"]):
            found.append((one.start(), one.start(), "service ", one.start()))
            found.append((one.end("does"), one.end(), "", one.end() - 1))
    if _OTHER_SERVICES.search(text) is not None:
        found += [
            (one.start("name"), one.start("name"), "service ", one.start("name"))
            for one in _BARE_CLAUSE.finditer(text)
            if _is_name(one["name"]) and is_no_word(one["name"])
        ]
        if found:
            return found
    for row in _ROW.finditer(text):
        found += _following(text, row)
    for heading in _HEADING.finditer(text):
        end = _row_end(text, heading.end())
        items = _items(text, heading.end(), end)
        named = [puts for puts in (_named(text, *item, heading) for item in items) if puts]
        if len(named) > 1 or (named and len(items) > 1):
            found.append((*heading.span(), " ", heading.start()))
            found += [put for puts in named for put in puts]
    return found


def _following(text: str, row: re.Match[str]) -> list[Put]:
    """Put the field before each value that goes on with "app.plan = gold: 100%"."""
    found: list[Put] = []
    at, field = row.end(), row["field"]
    if _HEADING.match(text, row.start()) is not None and row["is"].strip() == ":":
        return []
    while (one := _NEXT.match(text, at)) is not None:
        name = one["name"].lower()
        is_service = field.lower().startswith(("service", "svc")) and "." not in field
        if is_service and text[at:].lstrip()[:1] != "/":
            break
        is_bare = is_service or row["is"].strip() != "=" or text[row.end() :].lstrip()[:1] == "/"
        is_value = name in _SAYS_VALUE or one["is"] is not None or (is_bare and _is_name(name))
        if not is_value and name not in _SAYS_NONE:
            break
        start, end = one.span("name")
        said = f"{field} is missing" if name in _SAYS_NONE else f"{field} = {text[start:end]}"
        said = f"service {text[start:end]}" if is_service else said
        front = one.start("is") if one["is"] else start
        joint = "" if text[at:front].strip() else "; "
        found.append((front, one.end("sign"), f"{joint}{said}: ", row.start()))
        at = one.end("does")
    if found and row["is"].strip() != "=" and "." in field:
        found.append((*row.span("is"), " = ", row.start("is")))
    return found


def _row_end(text: str, start: int) -> int:
    stop = re.compile(r"\.(?=\s|$)|\n|$").search(text, start)
    return stop.start() if stop is not None else len(text)


def _items(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the stretches between commas; names alone go with the rate behind them."""
    found: list[tuple[int, int]] = []
    begin = start
    for stop in (*(one.start() for one in _PARTS.finditer(text, start, end)), end):
        is_waiting = text[stop : stop + 1] == "," and all(
            _ALONE.fullmatch(part) is not None for part in text[begin:stop].split(",")
        )
        if not is_waiting:
            found.append((begin, stop))
            begin = stop + 1
    return found


def _named(text: str, start: int, end: int, heading: re.Match[str]) -> list[Put]:
    item = _ITEM.fullmatch(text, start, end)
    if item is None:
        return []
    names = [one.strip("\"'") for one in _JOINTS.split(item["names"])]
    if not all(map(_is_name, names)):
        return []
    at = item.start("names")
    front = "service " if len(names) == 1 else "services "
    if heading["field"]:
        front = f"{heading['field']} = "
    puts: list[Put] = [(at, at, front, heading.start(2 if heading["service"] else "field"))]
    if len(names) > 1:
        joint = " or " if heading["field"] else " and "
        puts += [
            (at + one.start(), at + one.end(), joint, at + one.start())
            for one in _JOINTS.finditer(item["names"])
        ]
    puts.append((*item.span("sign"), ": ", item.start("does")))
    return puts


@cache
def _is_name(name: str) -> bool:
    """Whether it says nothing by itself: in "errors 100%" no service is named."""
    words = words_of(lex(name.strip("\"'"), Vocabulary()))
    row = edges_of(words, grammar())
    return len(words) == 1 and all(_SAYS.isdisjoint(one.leaves) for one in row[0])


@cache
def is_no_word(name: str) -> bool:
    """Whether the grammar has no other use for it than as a service's name: not "including"."""
    row = edges_of(words_of(lex(name.strip("\"'"), Vocabulary())), grammar())
    is_service = any("SVC_NAME" in one.leaves for one in row[0])
    return is_service or name.strip("\"'").lower() not in grammar().words
