"""Further traps of the fields that a condition names: late ones, ones that say nothing, slips.

Owns: cases of NEC562, NEC564, NEC567, NEC579 that `conditions.fields` leaves out.
Must not know: other conditions of the rule.
Truth: ../shared/reference/refinery-semantics.md, 2.9, 2.10, 5.5, 6.2, 8 (T17, T19, T22).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from nectarc.codes import finding
from nectarc.diagnostic import Diagnostic, Severity
from nectarc.evaluate.conditions import config_float
from nectarc.lint.conditions.case import Case, case_of
from nectarc.lint.context import LintContext
from nectarc.lint.located_samplers import in_backticks
from nectarc.refinery.located import LocatedRule, LocatedTarget
from nectarc.refinery.rules import NUM_DESCENDANTS, ROOT_PREFIX
from nectarc.refinery.yaml_edits import quoted
from nectarc.semantics.conventions import convention_index, conventions
from nectarc.semantics.slips import nearest_slip

_STATUSES: Final = (0, 1, 2)  # what OTLP translation writes into `status_code`
# Refinery adds these to what it sends: rules see them only where another Refinery sent the span.
_ADDED: Final = frozenset(
    [
        *("meta.refinery.local_hostname", "meta.refinery.original_sample_rate"),
        *("meta.refinery.dryrun.kept", "meta.dryrun.sample_rate"),
    ]
)
# Refinery's own names that rules can read; conventions hold no such names.
_READABLE: Final = (
    *("meta.refinery.root", "meta.refinery.incoming_user_agent", "meta.annotation_type"),
    *("meta.signal_type", "meta.trace_id", "meta.invalid_duration"),
)
_META: Final = "meta."
_LIST_IN_ONE: Final = re.compile(r"[\w.\-]+(?:\s*[,;]\s*[\w.\-]+)+")
_SHORT: Final = len("error")  # a name so short is nearly many others


def check_fields(
    rule: LocatedRule, target: LocatedTarget, context: LintContext
) -> Iterator[Diagnostic]:
    """Check the fields that the conditions of one rule name."""
    for located in rule.conditions:
        case = case_of(located, rule, target, context)
        if case is None or case.condition.operator in ("", "has-root-span"):
            continue
        if case.condition.field == NUM_DESCENDANTS and not case.condition.fields:
            yield from _size_as_text(case)
            continue
        yield from _twice(case)
        for name in case.condition.names:
            yield from _name(case, name)
        if case.plain_names == ("status_code",):
            yield from _always_a_status(case)


def _name(case: Case, name: str) -> Iterator[Diagnostic]:
    bare = name.removeprefix(ROOT_PREFIX)
    if bare in _ADDED:
        yield finding(
            "NEC562",
            case.field_place,
            f"`{bare}` is added when Refinery sends a span, after the rules were asked",
            label="not there yet",
            why="only a span that another Refinery passed on has it already",
            help="test a field that the sender of the span writes",
            severity=Severity.HINT,
        )
    elif not bare.strip():
        yield _slip(case, name, "", "names no field of the root", is_certain=True)
    elif bare.startswith(ROOT_PREFIX):
        meant = ROOT_PREFIX + bare.removeprefix(ROOT_PREFIX)
        yield _slip(case, name, meant, "is a field of the root that begins with `root.` itself")
    elif name[: len(ROOT_PREFIX)].lower() == ROOT_PREFIX != name[: len(ROOT_PREFIX)]:
        meant = ROOT_PREFIX + name[len(ROOT_PREFIX) :]
        yield _slip(case, name, meant, "is no field of the root: only `root.` in small letters is")
    elif _LIST_IN_ONE.fullmatch(bare):
        yield _slip(case, name, "", "is one name, not several", is_certain=True)
    else:
        meant = _meant(bare)
        if meant:
            prefix = ROOT_PREFIX if name != bare else ""
            yield _slip(case, name, prefix + meant, f"is nearly the well-known `{meant}`")


@lru_cache(maxsize=4096)  # rules ask for the same few names
def _meant(name: str) -> str:
    """Return the well-known name that `name` is but for its case, or a slip in a name of Refinery.

    "" where there is none, or where `conditions.fields` finds it by the conventions.
    """
    if name in conventions().names:
        return ""
    if len(name) > _SHORT and convention_index().nearest(name) is not None:
        return ""
    found = _by_folded_case().get(name.casefold(), "")
    if found or not name.casefold().startswith(_META):
        return "" if found == name else found
    return "" if name in _READABLE else nearest_slip(name, _READABLE) or ""


@lru_cache(maxsize=1)
def _by_folded_case() -> dict[str, str]:
    return {name.casefold(): name for name in sorted((*conventions().names, *_READABLE))}


def _slip(case: Case, name: str, meant: str, says: str, *, is_certain: bool = False) -> Diagnostic:
    can_fix = bool(meant) and case.condition.names == (name,) and not case.condition.fields
    return finding(
        "NEC579",
        case.field_place,
        f"{in_backticks(name)} {says}",
        label=f"`{meant}`?" if meant else "read as it stands",
        why="a field of this very name is looked up, which hardly any span has",
        help=f"write `{meant}` if that is meant"
        if meant
        else "write each name as an entry of `Fields`"
        if name.strip() and not name.endswith(".")
        else "write the name of the field after `root.`",
        fixes=case.written(f"write `{meant}`", {"Field": quoted(meant)}, is_safe=False)
        if can_fix
        else (),
        severity=Severity.WARNING if is_certain else Severity.HINT,
    )


def _twice(case: Case) -> Iterator[Diagnostic]:
    names = case.condition.fields
    again = next((name for at, name in enumerate(names) if name in names[:at]), None)
    if again is not None:
        yield finding(
            "NEC579",
            case.at("Fields"),
            f"{in_backticks(again)} stands twice in `Fields`",
            label="adds nothing",
            why="the first field that a span has is tested; another may have been meant here",
            help="remove one of the two, or write the field that is meant",
        )


def _always_a_status(case: Case) -> Iterator[Diagnostic]:
    """Report a test on the status of OpenTelemetry that every span meets, meant for HTTP's."""
    value = case.condition.value
    items = value if isinstance(value, tuple) else (value,)
    numbers = [number for item in items if (number := config_float(item)) is not None]
    if not numbers or max(numbers) <= _STATUSES[-1]:
        return
    if all(case.holds(status) for status in _STATUSES):
        yield finding(
            "NEC567",
            case.at("Value"),
            "every span meets this condition: `status_code` is one of `0`, `1`, `2`",
            label="never its value",
            why="the field holds the status of OpenTelemetry, not that of HTTP or gRPC",
            help="test `http.response.status_code`, `http.status_code` or `rpc.grpc.status_code`",
        )


def _size_as_text(case: Case) -> Iterator[Diagnostic]:
    """Report a size beyond the limit that is written as text, with a numeric datatype."""
    one, limit = case.condition, case.context.span_limit
    if not isinstance(one.value, str) or one.datatype not in ("int", "float") or limit <= 0:
        return
    size = config_float(one.value)
    if size is None or size <= limit or size != size:  # noqa: PLR0124
        return
    if one.operator in (">", ">=") and not case.holds(limit + 1):
        yield finding(
            "NEC564",
            case.at("Value"),
            f"no trace grows so large: it is decided at {limit:,} spans (`SpanLimit`)",
            label=f"above {limit:,}",
            why="later spans follow the decision that was made before, so the rule never decides",
            help=f"write a number below {limit:,}",
        )
