"""What the words of the language mean, one or two sentences each, with an example.

Owns: the words for sections, columns, operators, quantifiers, types, requirements.
Must not know: layout, any policy. Truth: docs/language.md, sections 2 and 3.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from nectarc.ir.nodes import FieldType


class Meaning(NamedTuple):
    """What a word means. `example`: how it is written, "" where the words say it."""

    words: str
    example: str = ""


SECTIONS: Final[dict[str, Meaning]] = {
    "nectar_policy": Meaning(
        "The whole policy in one record: the header names the sections, their values follow, one "
        "below the other.",
        "nectar_policy{version,name,rules}:",
    ),
    "version": Meaning("The version of the policy language. This nectarc reads 1.", "version: 1"),
    "name": Meaning("The name of the policy, for people and reports.", "name: production-sampling"),
    "budget_per_second": Meaning(
        "How many kept events a second may be sent upstream: spans, span events and links. "
        "`nectarc prove` says whether the recorded traffic stays below it.",
        "budget_per_second: 10000",
    ),
    "rules": Meaning(
        "The decision list: the rule with the highest `priority` whose `match` holds decides the "
        "trace. One rule matches every trace (`true`), or the policy is refused.",
        "rules[1]{name,match,action,priority}:",
    ),
    "fields": Meaning(
        "Declares names: the type by which a field is compared, and the span fields that it is "
        "read from, the first that the span has.",
        "fields[1]{name,type,from}:",
    ),
    "invariants": Meaning(
        "What must hold for every trace that matches `when`, whatever the rules say. "
        "`nectarc prove` proves it or shows a trace that breaks it.",
        "invariants[1]{name,when,require}:",
    ),
    "tests": Meaning(
        "Traces, each with the rule that must decide it. `nectarc test` runs them.",
        "tests[1]:",
    ),
}

COLUMNS: Final[dict[tuple[str, str], Meaning]] = {
    ("rules", "name"): Meaning(
        "The rule's name. Refinery reports it as the reason of each decision; it is unique."
    ),
    ("rules", "description"): Meaning("Why the rule is there, for people."),
    ("rules", "match"): Meaning(
        "Which traces the rule decides, if no rule of higher priority did.",
        "http.status >= 500 || duration > 5s",
    ),
    ("rules", "action"): Meaning(
        "What happens to the traces that the rule decides.", "sample(1/20)"
    ),
    ("rules", "priority"): Meaning(
        "The rule with the highest priority is asked first; ties go in the order of the file. A "
        "whole number, also below 0.",
        "100",
    ),
    ("fields", "name"): Meaning("The name that matches and actions write."),
    ("fields", "type"): Meaning(
        "How its values are compared: "
        + ", ".join(f"`{one.value}`" for one in FieldType)
        + "; `duration` is `duration_ms`.",
        "duration_ms",
    ),
    ("fields", "from"): Meaning(
        "The span fields that the name is read from, literally; the first that the span has.",
        "from[2]: http.request.method,http.method",
    ),
    ("invariants", "name"): Meaning("The invariant's name, for reports; it is unique."),
    ("invariants", "when"): Meaning(
        "The traces that the invariant is about: a match.", "service == 'checkout'"
    ),
    ("invariants", "require"): Meaning(
        "What must happen to each of these traces: `keep`, `not drop`, `share >= 0.1` or "
        "`share <= 0.5`.",
        "share >= 0.1",
    ),
    ("tests", "name"): Meaning("The test's name, for reports; it is unique."),
    ("tests", "expect"): Meaning("The name of the rule that must decide the trace."),
    ("tests", "action"): Meaning("The action that must decide it, besides the rule.", "keep"),
    ("tests", "spans"): Meaning(
        "The trace: a row a span, a column a field. A blank cell: the span lacks the field. The "
        "column `root` marks the root; without it the first span is the root.",
        "spans[1]{http.status,duration_ms}:",
    ),
    ("tests", "file"): Meaning(
        "A file with the trace, beside the policy, instead of `spans`.", "incidents/lost-cart.json"
    ),
    ("tests", "no_root"): Meaning("`true`: the trace has no root span.", "no_root: true"),
}

QUANTIFIERS: Final[dict[str, Meaning]] = {
    "any": Meaning(
        "Some span satisfies all of what is inside: one and the same span.",
        "any(service == 'checkout' && duration > 5s)",
    ),
    "all": Meaning(
        "Every span satisfies what is inside. Span events and links count as spans, and a span "
        "without the field fails its test.",
        "all(service == 'health')",
    ),
    "none": Meaning(
        "No span satisfies what is inside: the same as `!any(...)`.", "none(http.status >= 500)"
    ),
}

PREDICATES: Final[dict[str, Meaning]] = {
    "exists": Meaning("The span has the field, even if it is null.", "exists(error)"),
    "has_root": Meaning("The trace has a root span: one without a parent.", "has_root"),
    "is_root": Meaning(
        "This span has no parent. It stands inside a quantifier only.",
        "any(is_root && http.status >= 500)",
    ),
    "span_count": Meaning(
        "How many spans, span events and links the trace has.", "span_count > 200"
    ),
    "true": Meaning("Every trace; as a rule's match it is the fallback.", "true"),
    "false": Meaning("No trace.", "false"),
    "root.": Meaning(
        "The field of the root span, the last span without a parent. Without a root span the test "
        "is false.",
        "root.http.route == '/checkout'",
    ),
}

JOINERS: Final[dict[str, Meaning]] = {
    "&&": Meaning(
        "Both sides hold. It binds tighter than `||`. Two tests of spans need `any(a && b)` (one "
        "span has both) or `any(a) && any(b)`.",
        "root.service == 'shop' && http.status >= 500",
    ),
    "||": Meaning(
        "At least one side holds. It binds loosest.", "http.status >= 500 || duration > 5s"
    ),
    "!": Meaning(
        "Not so. A missing field makes a test false, so `!` makes it true.",
        "any(service == 'shop' && !(http.status >= 500))",
    ),
}

OPERATORS: Final[dict[str, Meaning]] = {
    "==": Meaning("Equal. A span without the field, or with null, fails.", "http.status == 404"),
    "!=": Meaning(
        "The span has the field, and it differs. A span without the field, or with null, fails. "
        "On spans it stands inside `any(...)` or `none(...)`.",
        "any(http.route != '/health')",
    ),
    "<": Meaning("Below; texts byte by byte.", "http.status < 400"),
    "<=": Meaning("At most; texts byte by byte.", "http.status <= 399"),
    ">": Meaning("Above; texts byte by byte.", "duration > 5s"),
    ">=": Meaning("At least; texts byte by byte.", "http.status >= 500"),
    "in": Meaning(
        "Equal to one of the list, whose values are of one type.", "http.status in [500, 503]"
    ),
    "not in": Meaning(
        "The span has the field, and it is none of the list. On spans it stands inside `any(...)` "
        "or `none(...)`.",
        "any(http.route not in ['/health', '/ready'])",
    ),
    "contains": Meaning("The text has this part somewhere.", "http.route contains '/cart'"),
    "not contains": Meaning(
        "The span has the field, and its text has this part nowhere.",
        "any(http.route not contains '/internal')",
    ),
    "starts_with": Meaning("The text begins so.", "http.route starts_with '/api/'"),
    "ends_with": Meaning("The text ends so.", "http.route ends_with '/checkout'"),
    "matches": Meaning(
        "The RE2 pattern is found anywhere in the text; `^` and `$` tie it to its ends.",
        "exception.type matches '^(Io|Net).*Error$'",
    ),
}

REQUIREMENTS: Final[dict[str, Meaning]] = {
    "keep": Meaning("Every such trace is kept.", "keep"),
    "drop": Meaning("`not drop`: every such trace keeps a chance.", "not drop"),
    "not": Meaning("`not drop`: every such trace keeps a chance.", "not drop"),
    "share": Meaning(
        "The probability of being kept: 1 for `keep`, 1/n for `sample`, above 0 for dynamic "
        "samplers.",
        "share >= 0.1",
    ),
}

TYPES: Final[dict[str, Meaning]] = {
    "bool": Meaning("`true` or `false`, also as the texts `1 t T TRUE True`, `0 f F FALSE False`."),
    "int": Meaning("Whole numbers; also text that reads as a number."),
    "float": Meaning("Numbers; also text that reads as one."),
    "string": Meaning("The text of the value, compared byte by byte."),
    "duration_ns": Meaning("Numbers of nanoseconds; literals such as `5s` are converted."),
    "duration_us": Meaning("Numbers of microseconds; literals such as `5s` are converted."),
    "duration_ms": Meaning("Numbers of milliseconds; literals such as `5s` are converted."),
    "duration_s": Meaning("Numbers of seconds; literals such as `5s` are converted."),
    "duration": Meaning("The same as `duration_ms`."),
}
