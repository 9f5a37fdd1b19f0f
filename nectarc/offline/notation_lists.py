# ruff: noqa: E501 - patterns are read in one piece
"""Lists and tables of notes: what is indented below a service, "100 % - errors, /pay", braces.

Owns: what each line belongs to. Must not know: clauses. Truth: docs/intent.md, "Notes".
"""

from __future__ import annotations

import re
from typing import Final, TypeAlias

Put: TypeAlias = tuple[int, int, str, int]

_LINE_MAX: Final = 90
_BULLET: Final = re.compile(
    r"[ \t]*(?:[-*+\u2022\u2013\u25e6\u25aa\u00b7]|\d{1,2}[.)]|[a-h][.)])[ \t]+"
)
_FIELD: Final = r"[a-z][a-z0-9]*(?:[._][a-z0-9]+)+"
# A line that names what the lines below it are about.
_TOPIC: Final = re.compile(
    r"(?:[-*\u2022][ \t]+|\d{1,2}[.)][ \t]+)?"
    r"(?P<topic>(?:for |in |on |of |from )?(?:all |any |the |our )?"
    r"(?:(?:services?|svcs?|route|endpoint|path)[ \t]+[\w./*{}:-]*[\w/*}]|[\w-]+(?:,? (?:and |& )?[\w-]+){0,3} (?:service|services|svc)|/[\w./*{}-]*[\w/*}]"
    rf"|{_FIELD}[ \t]*(?:=|is)[ \t]*[\w.-]+"
    r"|(?P<rest>(?:(?:every|any)(?:thing|where) else|(?:the )?others?(?: services?| routes?| traffic)?|(?:all |every )?(?:the )?other (?:services?|traffic|routes?|requests?)|(?:the )?rest(?: of the traffic)?|elsewhere))))"
    r"[ \t]*(?P<colon>:)?[ \t]*$",
    re.IGNORECASE,
)
_ROW_HEAD: Final = re.compile(
    r"(?:services?|svcs?|(?:rates? )?(?:per|by) (?:service|[\w.]+)|(?:[\w ]+\()?"
    + _FIELD
    + r"\)?)[ \t]*:?[ \t]*$",
    re.IGNORECASE,
)
_ITEM_AMOUNT: Final = re.compile(
    r"(?:\d+(?:[.,]\d+)? ?(?:%|percent\b|pct\b)|1 ?(?:in|/|:|of) ?\d+|one in \w+|\b(?:all|none|keep|drop|discard|skip|ignore|save|store|retain|half|everything|full|nothing|always|never)\b)",
    re.IGNORECASE,
)
_RATED_FIRST: Final = re.compile(
    r"^[ \t]*(?:\d+(?:[.,]\d+)? ?%|1 ?(?:in|/|:) ?\d+)([ \t]+[-\u2013\u2014][ \t]+)(?=\S)",
    re.MULTILINE,
)
_OTHER: Final = re.compile(
    r"(?:all |any |every )?(?:the )?other (?:routes?|endpoints?|paths?|requests?|traffic|calls)\b|others\b|default\b|everything else\b",
    re.IGNORECASE,
)
_COLON: Final = re.compile(r"(?<=\S)[ \t]*:[ \t]+(?=\S)")
_TABLE_RULE: Final = re.compile(r"^[ \t|:-]*--[ \t|:-]*(?:\n|$)", re.MULTILINE)
_HEADER: Final = re.compile(
    r"^(?:what|which|selector|match|type|traffic|traces?|name|condition|kind|category|route|rule),[ \t]*(?:keep|rate|sample|action|sampling|what to do|share|percent|how much|kept|decision)[ \t]*$",
    re.IGNORECASE,
)
_BRACES: Final = re.compile(r"\s*\{(?P<inside>[^{}]*)\}\s*", re.DOTALL)
_QUOTED: Final = re.compile(r"\"([^\"\n]*)\"|'([^'\n]*)'")
_TIGHT: Final = re.compile(r"(?<=[\w*%)/])(=>|->)(?=[\w\d*])|(?<=[\w%]),(?=[/*])")
_RANKED: Final = re.compile(
    r"(?:(?<=[.;\n])|^)[ \t]*((?:p|prio(?:rity)?[ \t]?|tier[ \t]?|level[ \t]?|class[ \t]?|group[ \t]?)\w[ \t]*(?:=|:|-)?[ \t]*)"
    r"\((?P<rate>[^()\n]{1,20})\)(?P<colon>[ \t]*:)",
    re.IGNORECASE,
)
_COUNTED: Final = re.compile(r"(?:(?<=\n)|\A)[ \t]*((\d{1,2})[ \t]+[-\u2013\u2014][ \t]+)(?=\S)")
_COLUMNS: Final = re.compile(r"^(\S(?:[^\n]*?\S)?)([ ]{2,})(\S[^\n]*)$", re.MULTILINE)
_REST_ALONE: Final = re.compile(
    r"(?:the )?(?:rest|others|remainder)|everything else|all else|default", re.IGNORECASE
)
_VERB_ALONE: Final = re.compile(r"(?:keep|drop|discard|retain|ignore|skip)[ \t]*:?", re.IGNORECASE)
_LABELLED: Final = re.compile(
    r"(?:(?<=[.;\n])|^)[ \t]*((?:(?:tier|group|bucket|class|level|set|category)[ \t]?[A-Za-z0-9][ \t]*=|rule[ \t]?#[ \t]?\d+[ \t]*:|case[ \t](?=\S[^:\n]*:))[ \t]*)",
    re.IGNORECASE,
)


def nested(text: str) -> list[Put]:
    """Join what is listed below a service, a route or the rest into one sentence about it."""
    lines = _lines(text)
    found: list[Put] = []
    at = 0
    while at < len(lines):
        start, line = lines[at]
        if len(line) > _LINE_MAX:
            at += 1
            continue
        below = _below(lines, at)
        topic = _TOPIC.fullmatch(line.strip()) or _ROW_HEAD.fullmatch(line.strip())
        if topic is None or not below or not _are_items([lines[one][1] for one in below]):
            at += 1
            continue
        end = start + len(line.rstrip())
        if not line.rstrip().endswith(":"):
            found.append((end, end, ":", end - 1))
        for number, one in enumerate(below):
            begin, item = lines[one]
            before = lines[one - 1]
            cut = before[0] + len(before[1].rstrip(" \t,;."))
            mark = _BULLET.match(item)
            to = begin + (mark.end() if mark is not None else len(item) - len(item.lstrip()))
            found.append((cut, to, " " if number == 0 else ", ", cut - 1))
            found += _plain(item, begin, to - begin)
        last = lines[below[-1]]
        stop = last[0] + len(last[1].rstrip())
        if last[1].rstrip()[-1:] not in ".;":
            found.append((stop, stop, ".", stop - 1))
        at = below[-1] + 1
    return found


def _plain(item: str, begin: int, at: int) -> list[Put]:
    """Return what an item says without its colon; what is left of a service is the rest."""
    found: list[Put] = []
    other = _OTHER.match(item, at)
    if other is not None:
        found.append((begin + at, begin + other.end(), "rest", begin + at))
    colon = _COLON.search(item, at)
    if colon is not None and item.count(":", at) == 1:
        found.append((begin + colon.start(), begin + colon.end(), " ", begin + colon.start()))
    return found


def _lines(text: str) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    at = 0
    for line in text.split("\n"):
        found.append((at, line))
        at += len(line) + 1
    return found


def _below(lines: list[tuple[int, str]], at: int) -> list[int]:
    """Return the lines that are indented deeper than this one, or are items where it is none."""
    depth = _depth(lines[at][1])
    is_item = _BULLET.match(lines[at][1]) is not None
    found: list[int] = []
    for number in range(at + 1, len(lines)):
        line = lines[number][1]
        if not line.strip():
            break
        is_deeper = _depth(line) > depth
        if not (is_deeper or (not is_item and _BULLET.match(line) is not None)):
            break
        found.append(number)
    return found


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())


def _are_items(lines: list[str]) -> bool:
    """Whether each says how much of something is kept."""
    return all(_ITEM_AMOUNT.search(one) is not None for one in lines)


def tables(text: str) -> list[Put]:
    """Cut the rule below a table's head; read lines of one comma each as cells."""
    found: list[Put] = [(*one.span(), "", one.start()) for one in _TABLE_RULE.finditer(text)]
    lines = _lines(text)
    rows = list(_COLUMNS.finditer(text))
    rows = [one for one in rows if one[0].strip("- \t|:")]
    if len(rows) > 2 and len(rows) == len([one for _, one in lines if one.strip("- \t|:")]):
        return found + [(*one.span(2), " | ", one.start(2)) for one in rows]
    said = [(start, one) for start, one in lines if one.strip()]
    is_csv = len(said) > 2 and _HEADER.fullmatch(said[0][1].strip()) is not None
    if is_csv and all(one.count(",") == 1 for _, one in said):
        found.append((0, lines[1][0], "", lines[1][0]))
        commas = [start + one.index(",") for start, one in said[1:]]
        found += [(one, one + 1, ": ", one) for one in commas]
    return found


def verbs_alone(text: str) -> list[Put]:
    """Read "Drop", "/ping", "Keep", "5xx", each on a line of its own, as headings and items."""
    found: list[Put] = []
    is_below = False
    for start, line in _lines(text):
        said = line.strip()
        if _REST_ALONE.fullmatch(said) is not None and said:
            is_below = False
            end = start + len(line.rstrip())
            if re.match(
                r"\n[ \t]*(?:\d|one |half|all\b|none\b|a )", text[end : end + 30]
            ) and not said.endswith(":"):
                found.append((end, end + 1, ": ", end - 1))
            continue
        if _VERB_ALONE.fullmatch(said) is not None:
            is_below = True
            end = start + len(line.rstrip())
            found += [] if said.endswith(":") else [(end, end, ":", end - 1)]
        elif (
            said and is_below and _ITEM_AMOUNT.search(said) is None and _BULLET.match(line) is None
        ):
            found.append((start, start, "- ", start))
        else:
            is_below = False
    return found


def marks(text: str) -> list[Put]:
    """Put in what stands between a rate and what it is of; room around arrows."""
    found = [(*one.span(1), ": ", one.start(1)) for one in _RATED_FIRST.finditer(text)]
    found += [
        (*one.span(), f" {one[1]} " if one[1] else ", ", one.start())
        for one in _TIGHT.finditer(text)
    ]
    for one in _RANKED.finditer(text):
        found.append((one.start(1), one.start("rate"), "", one.start("rate")))
        found.append((one.end("rate"), one.end("colon"), ":", one.end("rate")))
    return found


def labels(text: str) -> list[Put]:
    """Cut what only counts the clauses: "Tier A = ...", "Rule #1:", "case", "1 - ", "2 - "."""
    counted = list(_COUNTED.finditer(text))
    if len(counted) > 1 and [int(one[2]) for one in counted] == list(range(1, len(counted) + 1)):
        return [(*one.span(1), "", one.end(1) - 1) for one in counted]
    return [(*one.span(1), "", one.end(1) - 1) for one in _LABELLED.finditer(text)]


def braces(text: str) -> list[Put]:
    """Read "{errors: keep, default: 1%}" without its braces and quotes."""
    found: list[Put] = []
    whole = _BRACES.fullmatch(text)
    if whole is not None:
        start, end = whole.span("inside")
        found += [(0, start, "", start), (end, len(text), "", end - 1)]
    if whole is None and re.search(r"[:=][ \t]*\[", text) is None:
        return found
    for one in _QUOTED.finditer(text):
        found += [
            (one.start(), one.start() + 1, "", one.start()),
            (one.end() - 1, one.end(), "", one.start()),
        ]
    return found
