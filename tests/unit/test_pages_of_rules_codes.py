"""The pages of the codes about rules files: the wrong example fires, the right one is accepted."""

from __future__ import annotations

import re
from textwrap import indent

import pytest

from nectarc.refinery.loader import load_rules
from tests.shared_data import ROOT

CODES = [
    "NEC500",
    "NEC501",
    "NEC502",
    "NEC503",
    "NEC504",
    "NEC505",
    "NEC506",
    "NEC507",
    "NEC508",
    "NEC509",
    "NEC510",
    "NEC511",
    "NEC512",
    "NEC513",
    "NEC514",
    "NEC515",
    "NEC516",
]


def _examples(code: str) -> list[str]:
    page = (ROOT / "docs" / "codes" / f"{code}.md").read_text(encoding="utf-8")
    return re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)


def _whole_file(fragment: str) -> str:
    """Put a fragment of a page where it belongs in a rules file."""
    first = fragment.split("\n", 1)[0]
    if "RulesVersion" in first:
        tail = "Samplers: {__default__: {DeterministicSampler: {SampleRate: 1}}}\n"
        return fragment if "\n" in fragment.strip() else fragment + tail
    if first.startswith(("- Field", "- {Field")):
        body = "Rules:\n  - Name: a\n    SampleRate: 1\n    Conditions:\n" + indent(
            fragment, " " * 6
        )
    elif first.startswith("-"):
        body = "Rules:\n" + indent(fragment, "  ")
    elif first.startswith("Rules:"):
        body = fragment
    elif "Sampler" in first:
        return _with_default(f"  prod:\n{indent(fragment, '    ')}")
    else:
        return _with_default(indent(fragment, "  "))
    return _with_default(f"  prod:\n    RulesBasedSampler:\n{indent(body, '      ')}")


def _with_default(targets: str) -> str:
    default = "  __default__: {DeterministicSampler: {SampleRate: 1}}\n"
    return f"RulesVersion: 2\nSamplers:\n{default}{targets}"


@pytest.mark.parametrize("code", CODES)
def test_the_wrong_example_fires_and_the_right_one_does_not(code: str) -> None:
    wrong, right = _examples(code)

    loaded = load_rules(_whole_file(wrong))
    mended = load_rules(_whole_file(right))

    assert code in {one.code for one in loaded.diagnostics}
    assert code not in {one.code for one in mended.diagnostics}
