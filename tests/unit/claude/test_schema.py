"""The schema of an answer keeps to what the API takes."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from anthropic import transform_schema

from nectarc.claude.schema import NAMES_MAX, OTHER_FIELD, answer_schema, schema_text

_NAMES = tuple(f"app.field_{number}" for number in range(200))


def _objects(value: object) -> Iterator[dict[str, object]]:
    if isinstance(value, dict):
        yield value
        for part in value.values():
            yield from _objects(part)
    elif isinstance(value, list):
        for part in value:
            yield from _objects(part)


@pytest.mark.parametrize("names", [(), _NAMES], ids=["no corpus", "many fields"])
def test_the_sdk_leaves_the_schema_as_it_is(names: tuple[str, ...]) -> None:
    schema: dict[str, object] = dict(answer_schema(names))

    transformed = transform_schema(json.loads(json.dumps(schema)))

    # What the API does not support, the SDK moves into descriptions.
    assert transformed == schema


def test_every_object_is_closed_and_all_its_members_are_required() -> None:
    for one in _objects(answer_schema(_NAMES)):
        if one.get("type") == "object":
            properties = one["properties"]
            assert isinstance(properties, dict)
            assert one["required"] == list(properties)
            assert one["additionalProperties"] is False


def test_nothing_is_a_union_and_nothing_recurs() -> None:
    schema = answer_schema(_NAMES)
    definitions = schema["$defs"]
    assert isinstance(definitions, dict)

    for one in _objects(schema):
        assert not {"anyOf", "oneOf", "allOf"} & set(one)
    uses = {
        name: {str(one["$ref"]).removeprefix("#/$defs/") for one in _objects(body) if "$ref" in one}
        for name, body in definitions.items()
    }
    assert uses == {"field": set(), "condition": {"field"}, "do": set()}


def test_the_names_of_fields_are_an_enum_with_an_escape() -> None:
    definitions = answer_schema(("shop.cart",))["$defs"]
    assert isinstance(definitions, dict)
    field = definitions["field"]
    assert isinstance(field, dict)
    names = field["enum"]

    assert isinstance(names, list)
    assert "shop.cart" in names
    assert "http.status" in names
    assert names[-1] == OTHER_FIELD


def test_a_long_list_of_names_is_cut() -> None:
    assert f'"{_NAMES[NAMES_MAX - 1]}"' in schema_text(_NAMES)
    assert f'"{_NAMES[NAMES_MAX]}"' not in schema_text(_NAMES)
    assert len(schema_text(_NAMES)) < 5_000
