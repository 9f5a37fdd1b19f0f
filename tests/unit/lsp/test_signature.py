"""What a call takes, shown while it is typed."""

from __future__ import annotations

import pytest

from nectarc_lsp.features.signature import Signature, signature_at
from tests.unit.lsp.views_of import at_cursor

HEAD = "version: 1\nrules[2]{name,match,action,priority}:\n"
REST = "  rest,true,sample(1/100),0\n"


def signature(match: str, action: str = "keep") -> Signature | None:
    """Return the signature at the cursor in a rule."""
    return signature_at(*at_cursor(f"{HEAD}  new,{match},{action},10\n{REST}"))


@pytest.mark.parametrize(
    ("action", "active"),
    [
        ('"ema_dynamic(‸"', "goal_sample_rate: int"),
        ('"ema_dynamic(goal_sample_rate: ‸"', "goal_sample_rate: int"),
        ('"ema_dynamic(goal_sample_rate: 10, ‸)"', "fields: [field, ...]"),
        ('"ema_dynamic(goal_sample_rate: 10, fields: [a, ‸])"', "fields: [field, ...]"),
        ('"ema_dynamic(goal_sample_rate: 10, fields: [a], wei‸"', "weight: float = 0.5"),
        ('"ema_dynamic(fields: [a], burst_multiple: ‸"', "burst_multiple: float = 2"),
        ("sample(‸)", "1/n"),
        ("deterministic(1/‸)", "1/n"),
    ],
)
def test_the_parameter_that_is_typed_is_marked(action: str, active: str) -> None:
    found = signature("true", action)

    assert found is not None
    assert found.active is not None
    one = found.parameters[found.active]
    assert found.label[one.start : one.end] == active
    assert one.words
    assert found.words


def test_required_parameters_come_first_and_the_others_have_their_defaults() -> None:
    found = signature("true", '"total_throughput(‸)"')

    assert found is not None
    assert found.label == (
        "total_throughput(goal_throughput_per_sec: int, fields: [field, ...], "
        "use_cluster_size: bool = false, clear_frequency: duration = 30s, "
        "max_keys: int = 500, use_trace_length: bool = false)"
    )


@pytest.mark.parametrize(
    ("match", "label"),
    [
        ("any(‸)", "any(test of one span)"),
        ("none(http.status >= ‸", "none(test of one span)"),
        ("any(exists(‸) && x)", "exists(field)"),
        ("any(exists(x) && ‸)", "any(test of one span)"),
    ],
)
def test_quantifiers_and_exists_have_a_signature(match: str, label: str) -> None:
    found = signature(match)

    assert found is not None
    assert found.label == label


@pytest.mark.parametrize(
    ("match", "action"),
    [
        ("‸true", "keep"),
        ("(x || ‸y)", "keep"),
        ("any(x) ‸", "keep"),
        ("true", "keep‸"),
        ("true", "nonsense(‸)"),
        ("true", "sample(1/2)‸"),
    ],
)
def test_outside_of_a_call_there_is_none(match: str, action: str) -> None:
    assert signature(match, action) is None


def test_a_match_in_a_manifest_has_signatures_too() -> None:
    found = signature_at(*at_cursor('[safety]\nerror = "any(‸"\n', "nectar.toml"))

    assert found is not None
    assert found.label == "any(test of one span)"
    assert signature_at(*at_cursor('[project]\nname = "any(‸"\n', "nectar.toml")) is None


def test_an_unknown_parameter_marks_none() -> None:
    found = signature("true", '"dynamic(bogus: ‸)"')

    assert found is not None
    assert found.active is None
