"""Whatever the bytes, reading and linting give a verdict, and places lie in the text."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from nectarc.render.kubernetes import render_configmap, render_helm_values
from tests.fuzz.broken_rules import GOOD
from tests.fuzz.test_lint_mutations import lint

_BASES = [GOOD, render_helm_values(GOOD), render_configmap(GOOD), f"a: 1\n---\n{GOOD}"]
_WORDS = (
    *(b"*d", b"&d ", b"<<: ", b"!=", b"? ", b": ", b"- ", b"\t", b"\n", b"|\n", b"!!int "),
    *(b"null", b"{", b"}", b"[", b"]", b"'", b'"', b"---\n", b"...\n", b"{{", b"${A}", b"#"),
    *(b"%YAML 9\n", b"\xef\xbb\xbf", b"\xe2\x80\xa8", b"\xc2\x85", b"\x00", b"?", b"\xff\xfe"),
)
_PIECES = st.one_of(st.binary(max_size=4), st.sampled_from(_WORDS))
_CUTS = st.lists(
    st.tuples(st.integers(0, len(GOOD) + 200), st.integers(0, 12), _PIECES), max_size=4
)
_NAMES = st.sampled_from(["rules.yaml", "rules.yaml", "rules.yaml", "<stdin>", "r.json", "r.txt"])


@settings(max_examples=200, deadline=None)
@given(base=st.sampled_from(_BASES), cuts=_CUTS, name=_NAMES)
@example(base="", cuts=[], name="<stdin>")
@example(base="rules: {Samplers: {}}", cuts=[], name="values.yaml")
def test_mutated_bytes_get_a_verdict(
    base: str, cuts: list[tuple[int, int, bytes]], name: str
) -> None:
    data = base.encode()
    for at, length, piece in cuts:
        data = data[:at] + piece + data[at + length :]

    assert lint([(name, data)]) in {"accepted", "refused"}


@settings(max_examples=100, deadline=None)
@given(st.one_of(st.binary(max_size=60), st.text(max_size=40).map(str.encode)), _NAMES)
def test_arbitrary_bytes_get_a_verdict(data: bytes, name: str) -> None:
    assert lint([(name, data)]) == "refused"
