"""Code actions without a server."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

import pytest

from nectarc.checking import check_text
from nectarc.diagnostic import Fix, Severity
from nectarc.fixes import apply_fixes
from nectarc.source import SourceText
from nectarc.trace import Span, Trace
from nectarc_lsp.database.database import Database
from nectarc_lsp.database.knowledge import Knowledge, Progress, Reach, RuleKnowledge
from nectarc_lsp.database.view import View
from nectarc_lsp.features.actions import Action, ActionKind
from nectarc_lsp.features.actions_at import actions_at
from nectarc_lsp.features.actions_fixes import fix_all_action, fix_all_edits
from tests.shared_data import ROOT
from tests.unit.lsp.views_of import SHOP, at_cursor, knowing, texts, view_of

HEAD = "version: 1\nname: p\nrules[{count}]{{name,match,action,priority}}:\n"


def policy(*rows: str) -> str:
    return HEAD.format(count=len(rows)) + "".join(f"  {row}\n" for row in rows)


def offered(view: View, offset: int, *only: str) -> list[Action]:
    place = view.text.span(offset, offset)
    return list(actions_at(view, place, view.findings, only or None))


def changed(view: View, action: Action) -> str:
    text, applied = apply_fixes(view.text, [Fix("", action.edits)])
    assert applied
    return text


def of_title(actions: list[Action], start: str) -> Action:
    (found,) = [one for one in actions if one.title.startswith(start)]
    return found


def test_both_readings_of_an_unplain_quantifier_are_offered_and_none_is_preferred() -> None:
    view, offset = at_cursor(policy("a,http.status >= 500 ‸&& error,keep,2", "rest,true,drop,1"))

    fixes = [one for one in offered(view, offset) if one.kind is ActionKind.QUICK_FIX]

    assert len(fixes) == 2
    assert not any(one.is_preferred for one in fixes)
    assert {one.diagnostics[0].code for one in fixes} == {"NEC202"}
    assert len({changed(view, one) for one in fixes}) == 2
    for one in fixes:
        assert not check_text(SourceText.of("p", changed(view, one))).has_errors


def test_the_only_safe_fix_is_preferred() -> None:
    view, offset = at_cursor(policy("a,http.status ‸= 500,keep,2", "rest,true,drop,1"))

    fixes = offered(view, offset, "quickfix")

    assert [one.is_preferred for one in fixes] == [True]
    assert "http.status == 500" in changed(view, fixes[0])


def test_only_the_kinds_asked_for_come() -> None:
    view, offset = at_cursor(policy("a,http.status ‸= 500,keep,2", "rest,true,drop,1"))

    assert {one.kind for one in offered(view, offset, "refactor")} <= {
        ActionKind.REWRITE,
        ActionKind.ADD,
    }
    assert [one.kind for one in offered(view, offset, "source.fixAll")] == [ActionKind.FIX_ALL]
    assert [one.kind for one in offered(view, offset, "source.fixAll.nectarc")] == [
        ActionKind.FIX_ALL
    ]
    assert offered(view, offset, "source.organizeImports") == []


def test_fix_all_goes_on_until_nothing_is_left() -> None:
    text = "rules[1]{name,match,action,prio}:\n  a,http.status = 500 and error == TRUE,keep,2\n"
    view = view_of(text)

    action = fix_all_action(view)

    assert action is not None
    after = changed(view, action)
    assert fix_all_edits(view_of(after)) == ()
    assert "priority" in after
    assert "==" in after


@pytest.mark.parametrize("end", ["\n", "\r\n", ""])
def test_a_rule_after_the_fallback_goes_or_moves(end: str) -> None:
    text = policy("rest,true,drop,5", "# why\n  late,error,keep,2").replace("[3]", "[2]")
    text = text.replace("\n", "\r\n") if end == "\r\n" else text
    text = text if end else text.rstrip("\n")
    view = view_of(text)
    actions = offered(view, text.index("late"), "quickfix")

    gone = check_text(SourceText.of("p", changed(view, of_title(actions, "remove rule `late`"))))
    moved = of_title(actions, "move `late` above `rest`")
    after = check_text(SourceText.of("p", changed(view, moved)))

    assert gone.diagnostics == ()
    assert after.diagnostics == ()
    assert moved.is_moving
    assert after.policy is not None
    assert [one.name for one in after.policy.rules] == ["late", "rest"]
    assert after.written is not None
    assert [one.name.text for one in after.written.rules] == ["late", "rest"]


def test_rules_above_make_room() -> None:
    text = policy(
        "a,error,keep,8", "b,http.status >= 500,keep,7", "rest,true,drop,6", "z,slow,keep,1"
    )
    view = view_of(text)

    moved = of_title(offered(view, text.index("z,slow"), "quickfix"), "move `z`")

    after = check_text(SourceText.of("p", changed(view, moved)))
    assert after.diagnostics == ()
    assert after.policy is not None
    assert [one.name for one in after.policy.rules] == ["a", "b", "z", "rest"]


def test_a_rule_that_is_proven_dead_goes_with_its_tests() -> None:
    text = policy("a,http.status >= 400,keep,8", "b,http.status >= 500,drop,7", "rest,true,drop,6")
    text += "tests[2]:\n  - name: one\n    expect: b\n    spans[1]{http.status}:\n      500\n"
    text += "  - name: two\n    expect: a\n    spans[1]{http.status}:\n      400\n"
    dead = RuleKnowledge(name="b", reach=Reach.NEVER, shadowed_by=("a",))
    view = knowing(view_of(text), Knowledge(digest="", progress=Progress.VERDICTS, rules=(dead,)))
    actions = offered(view, text.index("b,http"), "quickfix")

    removed = of_title(actions, "remove rule `b` and the test")

    after = check_text(SourceText.of("p", changed(view, removed)))
    assert after.diagnostics == ()
    assert after.written is not None
    assert [one.name.text for one in after.written.rules] == ["a", "rest"]
    assert [one.name.text for one in after.written.tests] == ["two"]
    assert of_title(actions, "move `b` above `a`").is_moving


def test_a_trace_of_a_rule_is_saved_as_a_test() -> None:
    trace = Trace("t", (Span({"http.status": 503.0, "a b": "x,y"}, is_root=True), Span({"z": ""})))
    known = RuleKnowledge(name="a", reach=Reach.POSSIBLE, example=trace)
    view, offset = at_cursor(policy("‸a,http.status >= 500,keep,8", "rest,true,drop,6"))
    view = knowing(view, Knowledge(digest="", progress=Progress.LOWERED, rules=(known,)))

    saved = of_title(offered(view, offset, "refactor.extract"), "save a trace that `a` decides")
    after = check_text(SourceText.of("p", changed(view, saved)))

    assert after.diagnostics == ()
    assert after.written is not None
    (test,) = after.written.tests
    assert test.expect.text == "a"
    assert test.spans == ((("http.status", 503), ("a b", "x,y")), (("z", ""),))
    again = knowing(
        view_of(changed(view, saved)),
        view.knowledge or Knowledge(digest="", progress=Progress.LOWERED),
    )
    two = of_title(offered(again, again.text.text.index("a,http"), "refactor"), "save a trace")
    both = check_text(SourceText.of("p", changed(again, two)))
    assert both.diagnostics == ()
    assert both.written is not None
    assert [one.name.text for one in both.written.tests] == ["a", "a 2"]


@pytest.mark.parametrize(
    ("before", "after"),
    [("sample(0.05)", "sample(1/20)"), ("sample(1/8)", "sample(0.125)"), ("sample(1/3)", "")],
)
def test_a_rate_is_written_the_other_way_where_it_is_the_same(before: str, after: str) -> None:
    text = policy("a,error,keep,8", f"rest,true,{before},6")
    view = view_of(text)

    found = [
        one for one in offered(view, text.index("sample") + 3, "refactor") if "rate" in one.title
    ]

    assert [changed(view, one) for one in found] == ([text.replace(before, after)] if after else [])


def test_rewritings_keep_the_meaning_unless_they_say_otherwise() -> None:
    for text in texts():
        view = view_of(text)
        if view.checked is None or view.checked.policy is None:
            continue
        for offset in Random(1).sample(range(len(text)), min(60, len(text))):
            for one in offered(view, offset, "refactor", "source.sortRules"):
                if one.is_moving or not one.edits:
                    continue
                after = check_text(SourceText.of("p", changed(view, one)))
                assert after.policy == view.checked.policy, one.title


def test_no_action_leaves_more_errors_and_none_raises_anywhere() -> None:
    for text in texts():
        view = view_of(text)
        before = _errors(view)
        for offset in Random(2).sample(range(len(text) + 1), min(25, len(text) + 1)):
            for one in offered(view, offset):
                if one.edits and one.kind is not ActionKind.QUICK_FIX:
                    after = view_of(changed(view, one))
                    assert _errors(after) <= before, one.title


def _errors(view: View) -> int:
    return sum(1 for one in view.findings if one.severity is Severity.ERROR)


def test_rules_are_sorted_with_their_comments() -> None:
    text = policy("low,error,keep,1", "# about high\n  high,true,drop,9").replace("[3]", "[2]")
    view = view_of(text)

    (sort,) = [one for one in offered(view, 0, "source") if one.kind is ActionKind.SORT]

    assert changed(view, sort) == policy("# about high\n  high,true,drop,9", "low,error,keep,1")


def test_a_description_says_what_a_rule_does() -> None:
    view, offset = at_cursor(policy("‸a,http.status >= 500,keep,8", "rest,true,drop,6"))

    described = of_title(offered(view, offset, "refactor"), "describe `a`")

    after = check_text(SourceText.of("p", changed(view, described)))
    assert after.diagnostics == ()
    assert after.written is not None
    assert after.written.rules[0].description is not None
    assert after.written.rules[0].description.text.startswith("Keeps all traces in which")
    assert after.written.rules[1].description is None


def test_a_manifest_is_mended(tmp_path: Path) -> None:
    path = tmp_path / "nectar.toml"
    path.write_text('[projct]\nname = "a"\n', encoding="utf-8")
    view = Database().view_of_file(path.as_uri(), str(path))
    assert view is not None
    fixes = offered(view, 3, "quickfix")

    assert [changed(view, one) for one in fixes] == ['[project]\nname = "a"\n']


def test_a_rules_file_is_mended_and_imported() -> None:
    text = (
        "RulesVersion: 2\nSamplers:\n  __default__:\n    RulesBasedSampler:\n      Rules:\n"
        "        - Name: a\n          SampleRate: 1\n          Conditions:\n"
        "            - Field: http.status\n              Operator: '>='\n              Value: 500\n"
    )
    view = view_of(text, "rules.yaml")

    found = offered(view, text.index("Name: a"), "refactor")

    assert [one.command for one in found] == [("nectarc.server.importRules", (view.uri, None))]


def test_every_fix_on_the_pages_of_codes_comes_through_and_mends() -> None:
    codes: set[str] = set()
    for page in sorted((ROOT / "docs" / "codes").glob("*.md")):
        for language, text in _EXAMPLE.findall(page.read_text(encoding="utf-8")):
            view = view_of(text, _NAMES[language])
            for one in view.findings:
                place = one.source
                fixes = actions_at(view, place, view.findings, ["quickfix"])
                mending = [fix for fix in fixes if one in fix.diagnostics and fix.edits]
                assert len(mending) >= len({fix for fix in one.fixes if fix.edits}), page
                for fix in mending:
                    after = view_of(changed(view, fix), _NAMES[language])
                    assert _count(after, one.code) < _count(view, one.code), (page, fix.title)
                    codes.add(one.code)
    assert len(codes) > 50


def _count(view: View, code: str) -> int:
    return sum(1 for one in view.findings if one.code == code)


_EXAMPLE = re.compile(r"```(toon|yaml)\n(.*?)```", re.DOTALL)
_NAMES = {"toon": "policy.toon", "yaml": "rules.yaml"}


def test_the_shop_has_nothing_to_mend() -> None:
    view = view_of(SHOP)

    assert offered(view, 0, "quickfix", "source") == []
