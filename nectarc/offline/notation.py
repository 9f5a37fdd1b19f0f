# ruff: noqa: E501 - patterns are read in one piece
"""Notes in plainer words: "services: a 1%, b 2%", "errors .... all", "/a|/b", "(in percent)".

Owns: what a notation stands for. Must not know: clauses, what their words mean.
Truth: docs/intent.md, "Notes". A text is read so only where it cannot be read as it is written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final, TypeAlias

from nectarc.intent.records import Place
from nectarc.offline.inlined import inlined
from nectarc.offline.mending import Edit, Mended
from nectarc.offline.notation_fields import conditions_again, fields_first
from nectarc.offline.notation_lists import braces, labels, marks, nested, tables, verbs_alone
from nectarc.offline.notation_names import named, places_again
from nectarc.offline.notation_repairs import reworded
from nectarc.offline.notation_signs import Turn, puts_of, turns
from nectarc.offline.notation_words import (
    field_again,
    goes_on,
    grpc_statuses,
    missing_fields,
    of_field,
    reasons,
    told,
    values_again,
)

Put: TypeAlias = tuple[int, int, str, int]
Rule: TypeAlias = Callable[[str], list[Put]]

_ENDED: Final = r"(?=\s*(?:[.;,\n)]|$))"
_AMOUNT: Final = (
    r"(?:\d+(?:[.,]\d+)? ?(?:%|percent\b|pct\b)|(?:1|one) ?(?:in|of|out of|/|:) ?\w+"
    r"|(?:a )?half|a (?:tenth|hundredth|thousandth|quarter|fifth|third))"
)
_VERDICT: Final = (
    r"(?:(?:keep|drop) (?:all|everything|them|them all|it)|all|everything|none|nothing|always|never"
    r"|keep|drop|in full|yes|no|out|all of (?:them|it)|(?:at |only |just )?" + _AMOUNT + ")"
)

# As in "errors ..... all".
_LEADER: Final = re.compile(
    r"(?<=[\w)%*])[ \t]*(?:\.{3,}|\u2026+|_{3,}|-{3,}|(?:\. ){2,}\.)[ \t]*(?=\S)"
)
# "(percent)", "all in %": said once of all numbers.
_UNIT: Final = re.compile(
    r"[ \t]*[(\[](?:(?:all |numbers |values |figures |rates |each )*(?:(?:are )?in )?"
    r"(?:%|percent|pct|per cent|percentages?)(?: kept| each)?)[)\]]"
    r"|(?:(?<=[.;\n])|^|,)[ \t]*\(?(?:(?:all|the|these|those|numbers?|values?|figures?|rates?|everything|units?|is|are|unit)"
    r"[ \t:=]+)+(?:in[ \t]+|of[ \t]+)?(?:%|percent|pct|per cent|percentages?)(?:[ \t]+(?:kept|to keep))?\)?[.]?"
    r"(?=\s*(?:$|\n))"
    r"|^(?:in|keep|kept|rates?|numbers?|all)?[ \t]*(?:in )?(?:%|percent|pct|percentages?)(?:[ \t]+(?:kept|to keep))?[ \t]*:",
    re.IGNORECASE,
)
_BARE: Final = re.compile(r"(?<![\w.,:/<>%*-])(\d{1,3}(?:\.\d+)?)" + _ENDED)
# Before such a word a number is none of the rates.
_VALUED: Final = re.compile(
    r"(?:codes?|status|than|over|under|above|below|[<>]=?|spans?|and|or|,|least|most|with|grpc)\s*=?\s*$",
    re.IGNORECASE,
)
_REWORDED_MAX: Final = 4
_GAP: Final = re.compile(r"[ \t]{80}")
_HUNDRED: Final = 100.0
_ARROW: Final = re.compile(r"[-=]+>[ \t]*$")
# As in "(errors|slow): keep", "/a|/b: 10%".
_BAR: Final = re.compile(r"(?<=[^\s|])\|(?=[^\s|])")
_SPACED_BAR: Final = re.compile(r"(?<=\S)[ \t]+\|[ \t]+(?=\S[^|\n]*:)")
_GROUPED: Final = re.compile(r"(?:(?<=[.;,\n])|^)[ \t]*\(([^()\n]+)\)(?=[ \t]*(?::|=>|->|=(?!=)))")
# As in "a1: errors keep", "Bucket A (errors, /pay): keep".
_BUCKET: Final = re.compile(
    r"^[ \t]*(?:[-*•][ \t]+)?((?:bucket|group|tier|class|category|set|level|prio|priority|rule)[ \t]?#?[A-Za-z0-9]{1,2}"
    r"|[A-Z][0-9]?)[ \t]*(?:[:=-][ \t]*)?\(([^()\n]+)\)(?=[ \t]*(?::|=>|->|=|-[ \t]))",
    re.IGNORECASE | re.MULTILINE,
)
_LABEL: Final = re.compile(
    r"(?:(?<=\n)|^|(?<=[;,.] ))[ \t]*((?P<name>[AaRrPp])-?(?P<number>\d{1,2}))"
    r"(?P<sign>[ \t]*[:=)][ \t]*|[ \t]+[-\u2013\u2014][ \t]+|[ \t]+)(?=[/A-Za-z<>(=0-9])",
)
# As in "Errors. All.".
_ANSWERED: Final = re.compile(
    r"(?:(?<=[.;\n] )|(?<=\n)|^)(?P<what>[^.;:\n?!]{1,60})(?P<stop>\.)[ \t]+(?=(?:"
    + _VERDICT
    + r")(?:\.|$|\n))",
    re.IGNORECASE,
)
_SAYS: Final = re.compile(
    r"\b(?:keep|kept|drop|dropped|sample|sampled|all|none|nothing|everything|always|never|\d+ ?%|1 in"
    r"|one in|want|need|please|retain|discard|store|remove|out|go|goes|no|is|are|we|i|it)\b|%|1/\d",
    re.IGNORECASE,
)
_REST: Final = re.compile(
    r"\s*(?:everything else|all else|all the rest|all others?|anything else)\s*", re.IGNORECASE
)
# As in "+ errors", "- /healthz".
_SIGNED: Final = re.compile(r"^[ \t]*(?P<sign>[+\u2212-])[ \t]+(?P<what>[^\n]+)$", re.MULTILINE)
# As in "keep[errors, >2s]", "drop=/healthz".
_BRACKETED: Final = re.compile(
    r"\b(keep|drop|discard|retain)[ \t]*\[(?P<what>[^\]\n]+)\][ \t]*[;,.]?", re.IGNORECASE
)
_ASSIGNED: Final = re.compile(
    r"(?:(?<=[;\n{,] )|(?<=[;\n{])|^)[ \t]*(keep|drop)[ \t]*(=)[ \t]*(?=[\w/>\[])", re.IGNORECASE
)
# As in "2xx + other 1%".
_WITH_REST: Final = re.compile(
    r"(?P<joint>[ \t]*(?:\+|&|,?[ \t]\band\b)[ \t]*)(?P<rest>(?:everything|anything|all) else|(?:all )?(?:the )?rest|(?:all )?(?:the )?others?)"
    r"(?P<does>[ \t]*(?::|->|=>|at\b|=)?[ \t]*" + _AMOUNT + r")" + _ENDED,
    re.IGNORECASE,
)
_AMOUNTS: Final = re.compile(_AMOUNT, re.IGNORECASE)
# As in "* = 2%", "noise: /livez /readyz drop", "slow: >= 1500 ms keep".
_STAR: Final = re.compile(
    r"(?:(?<=[,;.])[ \t]*|^(?=\*[=:]|\*[ \t]+(?:=|->|:)))(\*)[ \t]*(?==|:|->|=>|\d)", re.MULTILINE
)
_NAMED: Final = re.compile(
    r"(?:(?<=[;.,\n])|^)[ \t]*((?:noise|noisy|junk|spam|garbage|probes?|health(?: ?checks?)?|static|assets?|bots?|monitoring|vips?"
    r"|important|critical|slow|latency|status|payments?|money|misc|debug|internal)[ \t]*:)[ \t]*(?=[/<>=]|over\b|[45]xx|[a-z_]+[._][a-z_.]+[ \t]*=)"
    r"(?=[^;.\n]*\b(?:" + _VERDICT + r")[ \t]*(?:[;.,\n]|$))",
    re.IGNORECASE,
)
# As in "/livez /readyz drop".
_PATHS: Final = re.compile(r"(?<![\w/.])(?:/[\w.*{}:-]+)+([ \t]+)(?=/\w)")
# As in "status: 5xx all".
_KIND: Final = re.compile(
    r"(?:(?<=[.;\n])|^)[ \t]*(?:http )?(?:status(?:es| codes?)?|codes?)[ \t]*:[ \t]*(?=[1-5](?:xx|\d\d)\b)"
    r"|(?:(?<=[.;\n])|^)[ \t]*(?:latency|durations?|response times?)[ \t]*:[ \t]*(?=[<>]|over|under|above|below)",
    re.IGNORECASE,
)
# As in "cloud.region = eu-*".
_GLOB: Final = re.compile(
    r"(?P<field>\b[a-z_]+(?:\.[a-z_]+)+|\b[a-z]+_[a-z_]+)(?P<sign>[ \t]*(?:==?|:|~|=~|\bis\b|\blike\b|\bmatches\b)?[ \t]*)"
    r"(?P<value>[\w-]+[\w:./-]*)\*(?![\w*])",
    re.IGNORECASE,
)
# As in "user_agent.original ~ bot", "user_agent.original = *bot*".
_LIKE: Final = re.compile(
    r"\b(?:[a-z_]+(?:\.[a-z_]+)+|[a-z]+_[a-z_]+)(?P<sign>[ \t]*(?:(?:=~|~=?|\blike\b|\bmatches\b)[ \t]*[*\"'%]*|(?:==?|:|\bis\b)?[ \t]*\*))"
    r"(?P<value>[\w][\w./-]*)[*\"'%]*",
    re.IGNORECASE,
)
# As in "static files (js, css)", "js and css files".
_KINDS_OF: Final = r"(?:js|css|png|jpe?g|gif|svg|ico|woff2?|webp|map|ttf|html|mp4|pdf|avif)"
_FILES: Final = re.compile(
    rf"(?<=\()(?:\*?{_KINDS_OF}(?:[ \t]*[,/|+&][ \t]*|[ \t]+(?:and|or)[ \t]+|(?=\))))+(?=\))"
    rf"|(?<![\w./*-])(?:{_KINDS_OF}(?:[ \t]*[,/|+&][ \t]*|[ \t]+(?:and|or)[ \t]+|(?=[ \t])))+(?=[ \t]*(?:files?|assets?)\b)",
    re.IGNORECASE,
)
# As in "1 in 100. exceptions: errors (all)", "exception: x, 100%".
_EXCEPTIONS: Final = re.compile(
    r"(?:(?<=[.;\n])|^)[ \t]*(?:the[ \t]+)?(?:only[ \t]+)?exceptions?(?:[ \t]+(?:are|is))?[ \t]*:[ \t]*",
    re.IGNORECASE,
)
_DEFAULT: Final = re.compile(
    r"^[ \t]*(?:(?:please )?(?:sample|keep|default|base(?:line)?(?: rate)?)[ \t:=]+)?(?P<rate>"
    + _AMOUNT
    + r")[ \t]*(?:default|baseline|in general|overall|across the board)?[ \t]*(?=[.;\n])",
    re.IGNORECASE,
)


def plainer(found: Mended, within: Sequence[Place] = ()) -> Mended:
    """Return a text in plainer words; as it is where no notation of notes is in it.

    within: places of the author's text; given any, only what is said there is put otherwise.
    """
    if _GAP.search(found.text) is not None:
        return found
    for rule in (
        *[reworded] * _REWORDED_MAX,
        named,
        named,
        fields_first,
        conditions_again,
        places_again,
        of_field,
        grpc_statuses,
        field_again,
        *map(_turned, turns()),
        *_RULES,
    ):
        puts = _apart(rule(found.text))
        if within:
            puts = [one for one in puts if _is_within(found, one, within)]
        if puts:
            last = len(found.text) - 1
            found = found.changed(
                Edit(tuple((a, b, said, min(at, last)) for a, b, said, at in puts))
            )
    return found


def _apart(puts: list[Put]) -> list[Put]:
    """Return those that do not overlap: of two that do, the first."""
    found: list[Put] = []
    for one in sorted(puts, key=lambda put: put[:2]):
        if not found or one[0] >= found[-1][1]:
            found.append(one)
    return found


def _is_within(found: Mended, one: Put, within: Sequence[Place]) -> bool:
    start = found.origins[min(one[0], len(found.origins) - 1)]
    end = found.origins[min(max(one[1] - 1, one[0]), len(found.origins) - 1)]
    return any(start < stop and end >= begin for begin, stop in within)


def _turned(turn: Turn) -> Rule:
    return lambda text: puts_of(turn, text)


def _leaders(text: str) -> list[Put]:
    return [(one.start(), one.end(), ": ", one.start()) for one in _LEADER.finditer(text)]


def _units(text: str) -> list[Put]:
    """Put the unit that is said once behind each number that is a rate."""
    said = _UNIT.search(text)
    if said is None:
        return []
    puts = [(said.start(), said.end(), "", said.start())]
    without = text[: said.start()] + "\n" * (said.end() - said.start()) + text[said.end() :]
    for one in _BARE.finditer(without):
        before = _ARROW.sub("", text[: one.start()])
        if float(one[1]) <= _HUNDRED and _VALUED.search(before) is None:
            puts.append((one.end(), one.end(), "%", one.end() - 1))
    return puts if len(puts) > 1 else []


def _bars(text: str) -> list[Put]:
    lines = text.split("\n")
    if any(one.strip().startswith("|") or one.strip().endswith("|") for one in lines):
        return []
    found = [(one.start(), one.end(), " or ", one.start()) for one in _BAR.finditer(text)]
    if not found:
        found = [
            (one.start(), one.end(), " or ", one.start()) for one in _SPACED_BAR.finditer(text)
        ]
    return found


def _groups(text: str) -> list[Put]:
    found: list[Put] = []
    for one in _GROUPED.finditer(text):
        start, end = one.span(1)
        found += [(start - 1, start, "", start), (end, end + 1, "", end)]
    return found


def _labels(text: str) -> list[Put]:
    """Cut "a1:", "R2" and the like where they number the clauses: 1, 2, 3 ..., and no more."""
    found: list[Put] = []
    for one in _BUCKET.finditer(text):
        start, end = one.span(2)
        found += [(one.start(1), start, "", start), (end, end + 1, "", end)]
    if len(found) > 2:
        return found
    labels = list(_LABEL.finditer(text))
    names = {one["name"] for one in labels}
    numbers = [int(one["number"]) for one in labels]
    is_row = len(labels) > 1 and numbers in (
        list(range(1, len(labels) + 1)),
        list(range(len(labels))),
    )
    is_used = any(len(re.findall(rf"\b{re.escape(one[1])}\b", text)) > 1 for one in labels)
    if len(names) != 1 or not is_row or is_used:
        return []
    return [(one.start(1), one.end(), "", one.end()) for one in labels]


def _indented(text: str) -> list[Put]:
    """Put a colon between a line and what is indented below it."""
    found: list[Put] = []
    lines: list[tuple[int, str]] = []
    at = 0
    for line in text.split("\n"):
        lines.append((at, line))
        at += len(line) + 1
    for (start, line), (_, below) in pairwise(lines):
        is_deeper = _depth(below) > _depth(line) and bool(below.strip())
        end = start + len(line.rstrip())
        is_plain = (
            bool(line.strip()) and line.strip()[-1] not in ":,;." and _SAYS.search(line) is None
        )
        if is_deeper and is_plain and below.strip()[0] not in "-*•":
            found.append((end, start + len(line) + 1 + _depth(below), ": ", end - 1))
    return found


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())


def _answers(text: str) -> list[Put]:
    return [
        (one.start("stop"), one.end("stop"), ":", one.start("stop"))
        for one in _ANSWERED.finditer(text)
        if _SAYS.search(one["what"]) is None or _REST.fullmatch(one["what"]) is not None
    ]


def _signs(text: str) -> list[Put]:
    """Read lines that begin with plus and minus as what is kept and what is dropped."""
    lines = list(_SIGNED.finditer(text))
    if {one["sign"] == "+" for one in lines} != {True, False}:
        return []
    if any(_SAYS.search(one["what"]) is not None for one in lines):
        return []
    return [
        (one.start("sign"), one.end("sign"), "keep" if one["sign"] == "+" else "drop", one.start())
        for one in lines
    ]


def _brackets(text: str) -> list[Put]:
    found: list[Put] = []
    for one in _BRACKETED.finditer(text):
        start, end = one.span("what")
        found += [(start - 1, start, ": ", start), (end, one.end(), "; ", end)]
    return found + [(*one.span(2), ": ", one.start(2)) for one in _ASSIGNED.finditer(text)]


def _kinds(text: str) -> list[Put]:
    return [(*one.span(), " ", one.start()) for one in _KIND.finditer(text)]


def _with_rest(text: str) -> list[Put]:
    """Read "2xx + other 1%" as two clauses of the same rate; "2xx 5% and the rest 1%" has two."""
    found: list[Put] = []
    for one in _WITH_REST.finditer(text):
        before = re.split(r"[.;,:\n]", text[: one.start()])[-1]
        plain = re.sub(r"\bsampled?\b", "", before, flags=re.IGNORECASE)
        if _AMOUNTS.search(before) is None and _SAYS.search(plain) is None:
            found.append((*one.span("joint"), f"{one['does']}, ", one.start("joint")))
    return found


def _files(text: str) -> list[Put]:
    """Put the dot before each "js" that is said to be a file's."""
    return [
        (one.start() + kind.start(), one.start() + kind.start(), ".", one.start())
        for one in _FILES.finditer(text)
        for kind in re.finditer(rf"(?<![\w.]){_KINDS_OF}\b", one[0], re.IGNORECASE)
    ]


def _paths(text: str) -> list[Put]:
    return [(*one.span(1), " and ", one.start(1)) for one in _PATHS.finditer(text)]


def _named(text: str) -> list[Put]:
    found = [(*one.span(1), "everything else", one.start(1)) for one in _STAR.finditer(text)]
    return found + [(*one.span(1), "", one.start(1)) for one in _NAMED.finditer(text)]


def _globs(text: str) -> list[Put]:
    found = [
        (one.start("sign"), one.end(), f' contains "{one["value"]}"', one.start("value"))
        for one in _LIKE.finditer(text)
    ]
    return found + [
        (one.start("sign"), one.end(), f' starts with "{one["value"]}"', one.start("value"))
        for one in _GLOB.finditer(text)
    ]


def _exceptions(text: str) -> list[Put]:
    """Read "1 in 100. Exceptions: errors (all)": the first is of everything else."""
    said = _EXCEPTIONS.search(text)
    if said is None:
        return []
    puts = [(*said.span(), " ", said.start())]
    default = _DEFAULT.match(text)
    if default is not None and default.end() <= said.start():
        rest = f"everything else {default['rate']}"
        puts.append((0, default.end(), rest, default.start("rate")))
    comma = re.compile(r",[ \t]*(?=(?:at )?" + _VERDICT + r"[ \t]*(?:[.;\n]|$))", re.IGNORECASE)
    puts += [(*one.span(), ": ", one.start()) for one in comma.finditer(text, said.end())]
    return puts


_RULES: Final[tuple[Rule, ...]] = (
    braces, tables, marks, labels, verbs_alone, nested, _leaders, _units, _brackets, _bars, _groups, _labels, _indented, _signs, _answers, _kinds,
    _globs, _exceptions, _with_rest, _named, missing_fields, values_again, goes_on, reasons, told, _paths, _files, inlined, values_again,
)  # fmt: skip
