"""What `lint` says to people: the verdict's words, the order of findings, what to do next."""

from __future__ import annotations

import pytest

from nectarc.codes import finding
from nectarc.refinery.inputs import read_rules_files
from nectarc.refinery.releases import NEWEST, RELEASES
from nectarc.report.lint_text import render_findings, verdict_line, what_next
from nectarc.source import SourceSpan, SourceText

GOOD = "RulesVersion: 2\nSamplers:\n  __default__:\n    DeterministicSampler: {SampleRate: 1}\n"
TEXT = SourceText.of("rules.yaml", GOOD)


def verdict(*inputs: tuple[str, str]) -> str:
    return verdict_line(read_rules_files([(name, text.encode()) for name, text in inputs]), NEWEST)


def dying(count: int) -> str:
    targets = (f"  t{n}:\n    DeterministicSampler: {{SampleRate: 0}}\n" for n in range(count))
    return GOOD + "".join(targets)


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (1, "target `t0`"),
        (3, "the targets `t0`, `t1`, `t2`"),
        (4, "the targets `t0`, `t1`, `t2` and 1 other"),
        (9, "the targets `t0`, `t1`, `t2` and 6 others"),
    ],
)
def test_targets_that_end_the_process_are_named(count: int, words: str) -> None:
    line = verdict(("a.yaml", dying(count)))

    assert line == (
        f"Refinery 3.2 loads a.yaml, and its process ends at the first trace of {words}\n"
    )


def test_rules_inside_another_file_are_named_with_their_place() -> None:
    inside = "".join(f"    {line}" for line in GOOD.splitlines(keepends=True))

    line = verdict(("cm.yaml", f"kind: ConfigMap\ndata:\n  rules.yaml: |\n{inside}"))

    assert line == (
        "Refinery 3.2 loads the rules at `data.rules.yaml` in cm.yaml (ConfigMap): 1 target\n"
    )


def test_json_is_refused_though_its_rules_are_understood() -> None:
    samplers = '{"__default__": {"DeterministicSampler": {"SampleRate": 1}}}'
    text = f'{{"RulesVersion": 2, "Samplers": {samplers}}}'

    assert verdict(("rules.json", text)) == "Refinery 3.2 refuses rules.json\n"
    assert verdict(("rules.yaml", text)).startswith("Refinery 3.2 loads rules.yaml: ")


def test_colour_and_release() -> None:
    rules = read_rules_files([("a\x1b[2J.yaml", b"")])

    line = verdict_line(rules, RELEASES["2.9"], use_colour=True)

    assert line == "\x1b[1;31mRefinery 2.9 refuses a\u241b[2J.yaml\x1b[0m\n"


def test_the_worst_comes_first_and_hints_are_short_unless_asked() -> None:
    found = [
        finding("NEC533", SourceSpan("rules.yaml", 0, 12), "a hint", why="because"),
        finding("NEC520", SourceSpan("rules.yaml", 26, 30), "a warning"),
        finding("NEC516", SourceSpan("rules.yaml", 40, 44), "an error"),
    ]

    short, full = (
        render_findings(found, {"rules.yaml": TEXT}, is_verbose=verbose, use_colour=False)
        for verbose in (False, True)
    )

    assert short.index("an error") < short.index("a warning") < short.index("a hint")
    assert "because" not in short
    assert "= why: because" in full


def test_what_holds_of_any_rules_is_one_line_unless_asked() -> None:
    place = SourceSpan("rules.yaml", 0, 12)
    found = [
        finding("NEC534", place, "one of all"),
        finding("NEC533", place, "a hint"),
        finding("NEC535", place, "another of all"),
    ]

    short, full = (
        render_findings(found, {"rules.yaml": TEXT}, is_verbose=verbose, use_colour=False)
        for verbose in (False, True)
    )

    assert short.endswith(": a hint\n\n2 notes on any rules of this kind: NEC534, NEC535\n\n")
    assert "of all" not in short
    assert "another of all" in full
    assert "on any rules" not in full


def test_why_it_matters_is_said_once() -> None:
    found = [
        finding("NEC511", SourceSpan("rules.yaml", at, at + 1), f"wrong {at}", why="it is refused")
        for at in (40, 0, 20)
    ]

    shown = render_findings(found, {"rules.yaml": TEXT}, is_verbose=False, use_colour=False)

    assert shown.count("= why: it is refused") == 1
    assert shown.index("wrong 0") < shown.index("= why:") < shown.index("wrong 20")


def test_what_next_names_only_what_there_is_to_do() -> None:
    hint = finding("NEC534", SourceSpan("rules.yaml", 0, 12), "a hint")
    gone = finding("NEC400", SourceSpan("gone", 0, 0), "gone")

    assert what_next([], [], is_verbose=False) == []
    assert what_next([gone], [], is_verbose=False) == []
    assert what_next([hint], [], is_verbose=True) == [
        "`nectarc explain-code NEC534` explains a code, with examples"
    ]
    assert what_next([hint], ["a.yaml", "b c.yaml"], is_verbose=False)[0] == (
        "`nectarc lint --fix a.yaml 'b c.yaml'` repairs what is safe to; `--diff` shows how"
    )
