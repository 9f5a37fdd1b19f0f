"""`lint --fix`: rounds, line ends, diffs, and the guard against fixes that make things worse."""

from __future__ import annotations

import pytest

from nectarc.codes import finding
from nectarc.diagnostic import Edit, Fix
from nectarc.lint.fixing import settle, unified
from nectarc.lint.looking import Looked
from nectarc.refinery.inputs import read_rules_files
from nectarc.source import SourceSpan

GOOD = """\
RulesVersion: 2
Samplers:
  __default__:
    DeterministicSampler:
      SampleRate: 9
"""
NO_NEWLINE = "\\ No newline at end of file\n"
WORDS = {"RulesVersion: 2": "RulesVersion: 3", "SampleRate: 9": "SampleRate: 8"}


def looked(data: bytes, *replaced: str) -> Looked:
    """Find that each of `replaced` should be what WORDS says, while it stands there."""
    rules = read_rules_files([("a.yaml", data)])
    (part,) = rules.parts
    found = []
    for old in replaced:
        start = part.text.text.find(old)
        if start >= 0:
            place = SourceSpan("a.yaml", start, start + len(old))
            fix = Fix(f"write {WORDS[old]}", (Edit(place, WORDS[old]),), is_safe=True)
            found.append(finding("NEC520", place, "wrong", fixes=(fix,)))
    return Looked(inputs=(("a.yaml", data),), rules=rules, found=tuple(found))


def test_fixes_are_applied_until_none_is_left() -> None:
    data = GOOD.encode()

    after, applied = settle(
        looked(data, "SampleRate: 9"), lambda _, changed: looked(changed, "SampleRate: 9")
    )

    assert after.inputs[0][1] == data.replace(b"9", b"8")
    assert [fix.title for fix in applied] == ["write SampleRate: 8"]


def test_a_fix_that_makes_rules_unloadable_is_left_out_and_the_others_are_made() -> None:
    data = GOOD.encode()
    names = ("RulesVersion: 2", "SampleRate: 9")

    after, applied = settle(looked(data, *names), lambda _, changed: looked(changed, *names))

    assert after.inputs[0][1] == data.replace(b"9", b"8")
    assert [fix.title for fix in applied] == ["write SampleRate: 8"]


def test_a_fix_without_end_ends() -> None:
    data = GOOD.encode()

    after, applied = settle(
        looked(data, "SampleRate: 9"),
        lambda _, changed: looked(data + b"# %d\n" % len(changed), "SampleRate: 9"),
    )

    assert len(applied) == 20
    assert after.rules.loaded.is_accepted


@pytest.mark.parametrize(
    ("before", "after", "diff"),
    [
        ("a\nb\n", "a\nb\n", ""),
        ("a\n", "b\n", "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n"),
        ("a\r\n", "a\r\nb\r\n", "--- a/x\n+++ b/x\n@@ -1 +1,2 @@\n a\r\n+b\r\n"),
        (
            "a",
            "b",
            f"--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n{NO_NEWLINE}+b\n{NO_NEWLINE}",
        ),
        ("a\x0cb\n", "a\x0cc\n", "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\x0cb\n+a\x0cc\n"),
    ],
    ids=["same", "one", "crlf", "no-newline", "form-feed"],
)
def test_diffs_are_patches(before: str, after: str, diff: str) -> None:
    assert unified("x", before, after) == diff
