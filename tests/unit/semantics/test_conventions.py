"""The built-in conventions, and slips against them."""

from __future__ import annotations

import pytest

from nectarc.ir.nodes import FieldType
from nectarc.semantics.conventions import conventional_type, conventions
from nectarc.semantics.slips import nearest_slip


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("http.status_code", FieldType.INT),
        ("http.response.status_code", FieldType.INT),
        ("http.method", FieldType.STRING),
        ("rpc.grpc.status_code", FieldType.INT),
        ("faas.coldstart", FieldType.BOOL),
        ("deployment.environment", FieldType.STRING),
        ("gen_ai.request.temperature", FieldType.FLOAT),
        # Refinery's OTLP translation.
        ("duration_ms", FieldType.DURATION_MS),
        ("error", FieldType.BOOL),
        ("status_code", FieldType.INT),
        ("name", FieldType.STRING),
        ("span.num_events", FieldType.INT),
        ("meta.annotation_type", FieldType.STRING),
        # Units by suffix.
        ("messaging.kafka.lag_ms", FieldType.DURATION_MS),
        ("app.wait_us", FieldType.DURATION_US),
        ("cpu_ns", FieldType.DURATION_NS),
        # Lists arrive as JSON text or not at all: no certain type.
        ("process.command_args", None),
        ("app.tenant", None),
        ("state", None),
    ],
)
def test_a_name_has_the_type_on_which_all_versions_agree(
    name: str, expected: FieldType | None
) -> None:
    assert conventional_type(name) == expected


def test_version_and_replacements_are_recorded() -> None:
    data = conventions()

    assert data.version.count(".") == 2
    assert data.replaced_by["http.method"] == "http.request.method"
    assert data.replaces["http.request.method"] == ("http.method",)
    # Replacements are offered only where both have one certain type.
    assert all(data.types.get(new) is data.types.get(old) for old, new in data.replaced_by.items())


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("http.rout", "http.route"),
        ("http.ruote", "http.route"),
        ("htp.rote", None),
        ("http.request.metod", "http.request.method"),
        ("http.reqest.metod", "http.request.method"),
        ("http.route", None),
        ("a.b", None),
        ("x" * 5000, None),
    ],
)
def test_a_slip_of_one_letter_finds_the_name_that_was_meant(
    name: str, expected: str | None
) -> None:
    assert nearest_slip(name, ["http.route", "http.request.method", "service.name"]) == expected
