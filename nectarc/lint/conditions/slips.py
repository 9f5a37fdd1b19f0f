"""Values that cannot be meant as they are written: a word for a number, a text for a list.

Owns: NEC567 by the type of a field, and NEC579 of values. Must not know: names of fields that are
wrong, values beside a `Datatype`.
Truth: ../shared/reference/refinery-semantics.md, 2.5, 2.6, 6.2. Which type a well-known field has:
`nectarc.semantics.conventions`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from nectarc.codes import finding
from nectarc.diagnostic import Diagnostic, Fix, Severity
from nectarc.ir.nodes import FieldType
from nectarc.lint.conditions.case import COMPARISONS, MEMBERSHIPS, NEEDLES, Case
from nectarc.lint.conditions.values import to_number, yes_or_no
from nectarc.refinery.durations import parse_duration
from nectarc.refinery.yaml_edits import quoted
from nectarc.semantics.conventions import conventional_type

_NS_PER_MS: Final = 1_000_000
_LISTED: Final = re.compile(r"\s*\[?[\w.-]+(?:\s*,\s*[\w.-]+)+\]?\s*")
_PATTERN: Final = re.compile(r"\^.*|.*(?:\.[*+]|\[[a-z0-9]-[a-z0-9]\]|\\d).*", re.DOTALL)


def check_slips(case: Case) -> Iterator[Diagnostic]:
    """Check `Value` of one condition for what it only looks like."""
    one = case.condition
    if one.operator in COMPARISONS and not one.datatype and isinstance(one.value, str):
        yield from _of_another_type(case, one.value)
    items = one.value if isinstance(one.value, tuple) else (one.value,)
    texts = [item for item in items if isinstance(item, str)]
    if one.operator in MEMBERSHIPS:
        yield from _one_text_for_a_list(case)
        yield from _twice(case, texts)
    if one.datatype in ("", "string"):
        yield from _blanks(case, texts)
        yield from _no_pattern(case, texts)


def _of_another_type(case: Case, text: str) -> Iterator[Diagnostic]:
    kinds = {conventional_type(name) for name in case.plain_names}
    if case.is_nested or not kinds or kinds & {None, FieldType.STRING}:
        return
    if case.plain_names == ("status_code",):
        return  # it has three values: `conditions.fields`
    if text in ("true", "false") or to_number(text) is not None:
        return  # in quotes: NEC557
    is_bool = kinds == {FieldType.BOOL}
    if any(map(case.holds, (True, False) if is_bool else (0, 1, 1e9, -1.5))):
        return
    better = _meant(case, text, is_bool=is_bool)
    yield finding(
        "NEC567",
        case.at("Value"),
        f"{case.shown} is never met: it is {'a bool' if is_bool else 'a number'}, `{text}` is text",
        label="text",
        why="values of different types cannot be compared, not even with `!=`, so no span meets "
        "the condition unless a sender sets this attribute to a text",
        help=f"write `{better}`" if better else "write a value of the type that the field has",
        fixes=case.written(f"write `{better}`", {"Value": better}, is_safe=True) if better else (),
        severity=None if better or case.plain_names == ("duration_ms",) else Severity.HINT,
    )


def _meant(case: Case, text: str, *, is_bool: bool) -> str:
    """Return the number or bool that `text` spells beyond doubt, as YAML; "" without one."""
    if is_bool:
        return yes_or_no(text) or (text.lower() if text.lower() in ("true", "false") else "")
    nanoseconds = parse_duration(text) if case.plain_names == ("duration_ms",) else None
    if not nanoseconds or nanoseconds < 0:
        return ""
    whole, rest = divmod(nanoseconds, _NS_PER_MS)
    return "" if rest else str(whole)


def _one_text_for_a_list(case: Case) -> Iterator[Diagnostic]:
    one = case.condition
    if not isinstance(one.value, str) or not _LISTED.fullmatch(one.value):
        return
    if one.datatype not in ("", "string"):
        return  # no number: NEC556
    words = [word.strip() for word in one.value.strip().strip("[]").split(",")]
    are_numbers = all(to_number(word) is not None for word in words)
    listed = ", ".join(map(quoted, words))
    yield finding(
        "NEC579",
        case.at("Value"),
        f"`{one.value}` is one text, not a list of {len(words)}",
        label="one text",
        why="only a value with this very text, commas included, is equal to it",
        help=f"write `[{listed}]`",
        fixes=case.written("write a list", {"Value": f"[{listed}]"}, is_safe=False),
        severity=Severity.WARNING if are_numbers else None,
    )


def _twice(case: Case, texts: list[str]) -> Iterator[Diagnostic]:
    again = [text for index, text in enumerate(texts) if text in texts[:index]]
    if again:
        yield finding(
            "NEC579",
            case.at("Value"),
            f"`{again[0]}` stands in the list twice",
            label="one of them may be meant otherwise",
            why="the second one changes nothing; perhaps another value was meant",
            help="take one away, or write the value that is meant",
        )


def _blanks(case: Case, texts: list[str]) -> Iterator[Diagnostic]:
    if case.condition.operator not in ("=", "!=", "in", "not-in"):
        return
    for text in texts:
        if text.strip() and text != text.strip():
            is_scalar = not isinstance(case.condition.value, tuple)
            yield finding(
                "NEC579",
                case.at("Value"),
                f"`{text.strip()}` has a blank too many, which is compared, too",
                label="blanks count",
                why="a value without the blank is another text",
                help=f"write `{text.strip()}`",
                fixes=case.written(
                    "take the blanks away", {"Value": quoted(text.strip())}, is_safe=False
                )
                if is_scalar
                else (),
            )
            return


def _no_pattern(case: Case, texts: list[str]) -> Iterator[Diagnostic]:
    operator = case.condition.operator
    if operator not in COMPARISONS | MEMBERSHIPS | (NEEDLES - {"matches"}):
        return
    like = [text for text in texts if _PATTERN.fullmatch(text)]
    if not like:
        return
    fixes: tuple[Fix, ...] = ()
    if operator in ("=", "in") and not isinstance(case.condition.value, tuple):
        fixes = case.written("write `matches`", {"Operator": "matches"}, is_safe=False)
    yield finding(
        "NEC579",
        case.at("Operator"),
        f"`{operator}` takes `{like[0]}` as it stands, not as a pattern",
        label="no pattern here",
        why="only a value with these very signs is found",
        help="write `Operator: matches` if a pattern is meant",
        fixes=fixes,
    )
