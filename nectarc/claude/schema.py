"""The JSON schema of Claude's answer: a typed intent and a policy, or questions, or a refusal.

Owns: the shape, and which names of fields it lists. Must not know: how an answer is read.
Truth: platform.claude.com, "Structured outputs", JSON schema limitations: no recursion, every
object closed, at most 24 optional and 16 union-typed parameters, no bounds on numbers and lengths.

The API compiles the schema into a grammar of limited size (anthropic-sdk-python, issue 1185), to
which descriptions and long enums count: so there are no descriptions (the prompt's prefix says what
everything means), all is required, nothing is a union, and long lists of names are cut.
"""

from __future__ import annotations

from typing import Final

from nectarc.claude.requests import Json, canonical_json

NAMES_MAX: Final = 40
# The escape for a field that the list lacks; `other_field` then names it.
OTHER_FIELD: Final = "(other)"
# Names that the language gives meaning to, listed whether or not a corpus has them.
BUILT_IN: Final = (
    "http.status",
    "duration",
    "service",
    "error",
    "name",
    "http.route",
    "http.request.method",
    "has_root",
    "is_root",
    "span_count",
)
ON: Final = ("some_span", "same_span", "root_span", "no_span", "every_span", "trace")
OPERATORS: Final = (
    "==", "!=", "<", "<=", ">", ">=", "in", "not in", "contains", "not contains", "starts_with",
    "ends_with", "matches", "exists", "missing",
)  # fmt: skip
ACTIONS: Final = ("keep", "drop", "one_in", "limit", "adapt")
ORIGINS: Final = ("words", "safety", "answer", "policy")
TYPES: Final = (
    "bool", "int", "float", "string", "duration_ns", "duration_us", "duration_ms", "duration_s",
)  # fmt: skip

_TEXT: Final[Json] = {"type": "string"}
_TEXTS: Final[Json] = {"type": "array", "items": _TEXT}
_NUMBER: Final[Json] = {"type": "number"}
_CONDITION: Final[Json] = {"$ref": "#/$defs/condition"}
_DO: Final[Json] = {"$ref": "#/$defs/do"}


def answer_schema(names: tuple[str, ...]) -> dict[str, Json]:
    """Return the schema; `names`: field names that may be sent, the most useful first.

    With no names at all, a field may be any text: for an API that finds the enum too large.
    """
    field: Json = {"enum": list(listed_names(names))} if names else _TEXT
    test = _object(
        field={"$ref": "#/$defs/field"},
        other_field=_TEXT,
        operator={"enum": list(OPERATORS)},
        values=_TEXTS,
    )
    group = _object(on={"enum": list(ON)}, tests=_array(test))
    clause = _object(
        name=_TEXT, words=_TEXT, of=_CONDITION, do=_DO, origin={"enum": list(ORIGINS)}, wins=_TEXT
    )
    rule = _object(
        name=_TEXT, description=_TEXT, of=_CONDITION, do=_DO, priority={"type": "integer"}
    )
    row = _object(name=_TEXT, type={"enum": list(TYPES)}, spellings=_TEXTS)
    question = _object(id=_TEXT, words=_TEXT, choices=_array(_object(answer=_TEXT, means=_TEXT)))
    answer = _object(
        intent=_object(
            clauses=_array(clause),
            promises=_array(_object(name=_TEXT, words=_TEXT, of=_CONDITION, require=_TEXT)),
            budget_per_second=_NUMBER,
            asides=_TEXTS,
            notes=_TEXTS,
        ),
        policy=_object(rules=_array(rule), fields=_array(row)),
        questions=_array(question),
        refusal=_object(reason=_TEXT, instead=_TEXTS),
    )
    definitions: Json = {
        "field": field,
        "condition": _object(any_of=_array(_object(all_of=_array(group)))),
        "do": _object(action={"enum": list(ACTIONS)}, number=_NUMBER, by=_TEXTS),
    }
    return {**answer, "$defs": definitions}


def schema_text(names: tuple[str, ...]) -> str:
    """Return the schema as canonical JSON."""
    return canonical_json(answer_schema(names))


def listed_names(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of the enum: the built-in ones, the first of `names`, the escape."""
    known = dict.fromkeys((*BUILT_IN, *names[:NAMES_MAX], OTHER_FIELD))
    return tuple(known)


def _object(**properties: Json) -> dict[str, Json]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _array(items: Json) -> Json:
    return {"type": "array", "items": items}
