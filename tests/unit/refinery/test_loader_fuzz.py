"""Whatever the bytes, the loader gives a verdict."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from nectarc.refinery.loader import load_rules

_BASE = """RulesVersion: 2
Samplers:
  __default__: &d
    RulesBasedSampler:
      CheckNestedFields: true
      Rules:
        - Name: "keep é"
          Scope: span
          Conditions:
            - {Field: a.b, Operator: '>=', Value: [1.5, 2e3], Datatype: float}
            - {Fields: [x, '?.NUM_DESCENDANTS'], Operator: !!str in, Value: 017}
        - Sampler: {EMADynamicSampler: {GoalSampleRate: 10, FieldList: [root.x], Weight: .5}}
  prod:
    <<: *d
""".encode()
_WORDS = (
    *(b"*d", b"&d ", b"<<: ", b"!=", b"? ", b": ", b"- ", b"\t", b"\n", b"|\n", b"!!int "),
    *(b"0b-1", b"2024-13-01", b"null", b"{", b"}", b"[", b"]", b"'", b'"', b"---\n", b"...\n"),
    *(b"%YAML 9\n", b"\xef\xbb\xbf", b"\xe2\x80\xa8", b"\xc2\x85", b"\x00", b"?"),
    b"-9223372036854775809",
)
_PIECES = st.one_of(st.binary(max_size=4), st.sampled_from(_WORDS))
_CUTS = st.lists(
    st.tuples(st.integers(0, len(_BASE)), st.integers(0, 12), _PIECES), min_size=1, max_size=4
)


@settings(max_examples=300, deadline=None)
@given(cuts=_CUTS, extension=st.sampled_from(["yaml", "yaml", "yaml", "json", "toml"]))
@example(cuts=[(0, len(_BASE), b"a: {<<: 1}")], extension="yaml")
@example(cuts=[(0, len(_BASE), b"? [a]\n: 1\n")], extension="yaml")
def test_mutated_bytes_get_a_verdict(cuts: list[tuple[int, int, bytes]], extension: str) -> None:
    data = _BASE
    for at, length, piece in cuts:
        data = data[:at] + piece + data[at + length :]

    loaded = load_rules(data, extension)

    assert loaded.is_accepted == (not loaded.errors) == (loaded.rules is not None)
    for diagnostic in loaded.diagnostics:
        assert diagnostic.headline
        assert diagnostic.source.start <= diagnostic.source.end


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.binary(max_size=60), st.text(max_size=40)))
def test_arbitrary_input_gets_a_verdict(data: bytes | str) -> None:
    assert not load_rules(data).is_accepted
