"""Refinery rules files in the editor."""

from __future__ import annotations

import sys
from random import Random
from subprocess import run

import pytest

from nectarc.lint.looking import Wanted, look
from nectarc_lsp.features.code_pages import page_address
from nectarc_lsp.features.folding import folds
from nectarc_lsp.features.hover import hover_at
from nectarc_lsp.features.rules_file import importable
from nectarc_lsp.features.selection import selections
from nectarc_lsp.features.symbols import symbols
from tests.shared_data import ROOT, SHARED, requires_shared
from tests.unit.lsp.views_of import at_cursor, view_of

RULES = """\
RulesVersion: 2
Samplers:
  __default__:
    RulesBasedSampler:
      Rules:
        - Name: slow
          SampleRate: 10
          Scope: span
          Conditions:
            - Field: duration_ms
              Operator: '>'
              Value: 5000
            - Field: service.name
              Operator: '!='
              Value: shop
        - Name: rest
          Sampler:
            EMADynamicSampler:
              GoalSampleRate: 20
              Weight: 0.3
              FieldList: [http.route]
"""


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("Name: sl", "ow", "Keeps 1 in 10 of the traces in which one span has"),
        ("Name: re", "st", "Leaves to an EMADynamicSampler (GoalSampleRate 20; key http.route)"),
        ("Fie", "ld: dur", "`duration_ms > 5000`: greater"),
        ("Operator: '!", "='", "a missing field is not equal to anything"),
        ("Sco", "pe", "one span"),
        ("__def", "ault__", "Decides for every environment"),
        ("EMADyn", "amicSampler", "Keeps one in `GoalSampleRate` on average"),
        ("Wei", "ght", "Default 0.5."),
        ("GoalSam", "pleRate", "Takes a whole number."),
        ("RulesVer", "sion", "The version of the format: 2."),
    ],
)
def test_hover_says_what_a_rule_does_and_what_a_key_means(
    before: str, after: str, words: str
) -> None:
    view, offset = at_cursor(RULES.replace(before + after, f"{before}‸{after}", 1), "rules.yaml")

    found = hover_at(view, offset)

    assert found is not None
    assert words in found.markdown


def test_traps_are_found_at_once_and_told_where_they_are() -> None:
    view, offset = at_cursor(RULES.replace("Scope: span", "Scope: sp‸ans"), "rules.yaml")

    found = hover_at(view, offset)

    assert view.findings
    assert found is not None
    assert f"[{view.findings[0].code}]({page_address(view.findings[0].code)})" in found.markdown


def test_looking_at_rules_loads_no_prover() -> None:
    code = (
        "import sys; from tests.unit.lsp.views_of import view_of; "
        "from tests.unit.lsp.test_rules_file import RULES; "
        "before = set(sys.modules); "
        "assert view_of(RULES, 'rules.yaml').findings; "
        "print([m for m in ('pysat', 'numpy', 'numba', 'pyarrow') if m in sys.modules])"
    )

    done = run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"PYTHONPATH": f"{ROOT}:{ROOT / 'lsp'}"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout == "[]\n"


def test_rules_that_load_can_be_imported_and_others_say_why_not() -> None:
    assert importable(view_of(RULES, "rules.yaml")) == (True, "")
    broken = importable(view_of(RULES.replace("  __default__:", "  __default__: ["), "rules.yaml"))
    assert not broken.is_importable
    assert broken.reason


@requires_shared
def test_all_known_rules_files_and_cut_off_ones_are_answered_everywhere() -> None:
    random = Random(0)
    for path in sorted((SHARED / "data" / "rules" / "v2").glob("*.[yj]*")):
        whole = path.read_text(encoding="utf-8")
        for text in (whole, whole[: random.randrange(len(whole))]):
            view = view_of(text, path.name)
            symbols(view)
            folds(view)
            for _ in range(40):
                offset = random.randrange(len(text) + 1)
                found = hover_at(view, offset)
                assert found is None or found.source.start <= offset <= found.source.end
                assert selections(view, offset)


@requires_shared
def test_what_needs_proofs_has_no_fix_that_fix_all_could_miss() -> None:
    for path in sorted((SHARED / "data" / "rules" / "v2").glob("*.yaml")):
        inputs = [(path.name, path.read_bytes())]
        known = set(look(inputs, Wanted(proves=False)).found)
        proven = [one for one in look(inputs, Wanted()).found if one not in known]
        assert not [one for one in proven if one.fixes]
