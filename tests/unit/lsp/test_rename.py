"""Renaming without a server: the same policy but for the names, and the old text again."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from nectarc.diagnostic import Fix
from nectarc.fixes import apply_fixes
from nectarc.records import field_names
from nectarc.syntax.literals import is_plain_name
from nectarc_lsp.database.database import Database
from nectarc_lsp.database.view import View
from nectarc_lsp.features.occurrences import target_at
from nectarc_lsp.features.rename import prepare, rename
from nectarc_lsp.features.rename_checks import Refusal
from tests.unit.lsp.views_of import at_cursor, texts, view_of

FIELDS = """\
version: 1
rules[3]{name,match,action,priority}:
  slow,any(wait_ms > 5s && http.method == 'GET') && any(`wait.total` > 3),keep,9
  shop,root.http.method == 'POST' || tenant == 'a',"ema_dynamic(goal_sample_rate: 9, fields: [a])",8
  rest,true,drop,0
fields[2]:
  - name: wait_ms
    type: duration_ms
    from[2]: wait.total,wait_total
  - name: tenant
    type: string
    from: tenant
invariants[1]{name,when,require}:
  waits,any(wait_ms > 1h),keep
tests[1]:
  - name: slow one
    expect: slow
    spans[2]{wait.total,http.method,tenant}:
      6000,GET,a
      1,PUT,b
"""


def renamed(view: View, offset: int, new: str) -> str:
    found = rename(view, offset, new)
    assert found is not None
    assert not isinstance(found, Refusal), found.words
    text, applied = apply_fixes(view.text, [Fix("", found.edits)])
    assert applied or not found.edits
    return text


def refused(view: View, offset: int, new: str = "anew") -> str:
    found = rename(view, offset, new)
    assert isinstance(found, Refusal)
    return found.words


@pytest.mark.parametrize("at", ["slow,", "slow\n    spans"])
def test_a_rule_is_renamed_with_its_tests(at: str) -> None:
    view = view_of(FIELDS)

    after = renamed(view, FIELDS.index(at) + 2, "late, or worse")

    assert after == FIELDS.replace("  slow,", '  "late, or worse",').replace(
        "expect: slow", 'expect: "late, or worse"'
    )


def test_a_declared_field_is_renamed_where_it_is_read() -> None:
    view = view_of(FIELDS)

    after = renamed(view, FIELDS.index("wait_ms > 1h"), "waiting")

    assert after == FIELDS.replace("wait_ms", "waiting")


def test_a_declared_field_of_its_own_name_keeps_its_spelling() -> None:
    view = view_of(FIELDS)

    after = renamed(view, FIELDS.index("tenant =="), "customer")

    assert "name: customer" in after
    assert "from: tenant" in after
    assert "http.method,tenant}" in after
    again = view_of(after)
    assert again.checked is not None
    assert view.checked is not None
    assert again.checked.policy == view.checked.policy
    assert not again.checked.has_errors


def test_a_span_field_is_renamed_wherever_it_is_named() -> None:
    view = view_of(FIELDS)
    found = {
        renamed(view, FIELDS.index(at) + 1, "wait total")
        for at in ("wait.total` ", "wait.total,wait_total", "wait.total,http")
    }

    (after,) = found
    assert "any(`wait total` > 3)" in after
    assert "from[2]: wait total,wait_total" in after
    assert 'spans[2]{"wait total",http.method,tenant}' in after


def test_an_undeclared_field_gets_backticks_and_keeps_its_root() -> None:
    view = view_of(FIELDS)

    after = renamed(view, FIELDS.index("http.method == 'GET'"), "http method")

    assert "`http method` == 'GET'" in after
    assert "root.`http method` == 'POST'" in after
    assert renamed(view_of(after), after.index("http method"), "http.method") == FIELDS


def test_a_cell_is_quoted_when_the_new_name_needs_it() -> None:
    text = "rules[2]{name,match,action,priority}:\n  a,x == 1,keep,2\n  b,true,drop,1\n"
    view = view_of(text)

    after = renamed(view, text.index("x =="), 'a "b", c')

    assert r'"`a \"b\", c` == 1"' in after
    again = view_of(after)
    assert again.checked is not None
    assert not again.checked.has_errors
    assert renamed(again, after.index("`a") + 1, "y").count('"y == 1"') == 1


@pytest.mark.parametrize(
    ("at", "new", "why"),
    [
        ("slow,", "shop", "already"),
        ("slow,", "", "needs a name"),
        ("slow,", "a\nb", "one line"),
        ("slow,", " a", "blank"),
        ("wait_ms >", "tenant", "already"),
        ("wait_ms >", "http.method", "already"),
        ("wait_ms >", "in", "backticks"),
        ("wait_ms >", "a b", "backticks"),
        ("http.method", "tenant", "declared"),
        ("http.method", "wait_total", "already"),
        ("http.method", "trace.parent_id", "cannot be read"),
        ("http.method", "a`b", "backtick"),
        ("http.method", "root", "which span is the root"),
    ],
)
def test_a_bad_name_is_refused_with_a_reason(at: str, new: str, why: str) -> None:
    assert why in refused(view_of(FIELDS), FIELDS.index(at), new)


def test_a_name_of_the_language_is_refused_before_it_is_typed() -> None:
    view, offset = at_cursor("rules[1]{name,match,action,priority}:\n  a,‸duration > 5s,keep,1\n")

    found = prepare(view, offset)

    assert isinstance(found, Refusal)
    assert "duration_ms" in found.words


def test_a_row_that_cannot_be_read_may_hold_the_name() -> None:
    text = "rules[2]{name,match,action,priority}:\n  a,tenant == 'x',keep,1\n  b,\"tenant\n"

    assert "line 3" in refused(view_of(text), text.index("tenant"))


def project(tmp_path: Path, safety: str, policies: int = 1) -> tuple[Database, View]:
    names = [f"p{number}.toon" for number in range(policies)]
    targets = "".join(
        f'{"__default__" if not number else f"t{number}"} = "{name}"\n'
        for number, name in enumerate(names)
    )
    manifest = tmp_path / "nectar.toml"
    manifest.write_text(f"[environments]\n{targets}{safety}", encoding="utf-8")
    for name in names:
        (tmp_path / name).write_text(FIELDS, encoding="utf-8")
    database = Database()
    path = tmp_path / names[0]
    database.update(path.as_uri(), str(path), 1, FIELDS)
    view = database.view(path.as_uri())
    assert view is not None
    return database, view


def test_the_safety_match_goes_with_a_row(tmp_path: Path) -> None:
    _, view = project(tmp_path, "[safety]\nerror = \"tenant == 'x' || wait_ms > 1s\"\n")

    found = rename(view, FIELDS.index("wait_ms >"), "waiting")

    assert not isinstance(found, Refusal)
    assert found is not None
    (edit,) = [one for one in found.edits if one.source.file.endswith("nectar.toml")]
    assert view.manifest is not None
    assert view.manifest.text[edit.source.start : edit.source.end] == "wait_ms"
    assert edit.text == "waiting"
    assert "safety" in found.note
    assert rename(view, FIELDS.index("http.method"), "x") == rename(
        view, FIELDS.index("http.method,tenant"), "x"
    )


def test_a_safety_match_that_others_read_too_is_not_changed_silently(tmp_path: Path) -> None:
    _, view = project(tmp_path, '[safety]\nerror = "wait_ms > 1s"\n', policies=2)

    assert "other policies" in refused(view, FIELDS.index("wait_ms >"))


def test_the_default_safety_match_is_not_changed_silently(tmp_path: Path) -> None:
    text = (
        "rules[1]{name,match,action,priority}:\n  a,true,keep,1\n"
        "fields[1]{name,type,from}:\n  http.status,int,status\n"
    )
    database, view = project(tmp_path, "")
    database.update(view.uri, view.text.file, 2, text)
    found = database.view(view.uri)
    assert found is not None

    assert "safety" in refused(found, text.index("http.status"))


def test_an_environment_is_renamed_and_the_default_is_not(tmp_path: Path) -> None:
    database, _ = project(tmp_path, "", policies=2)
    path = tmp_path / "nectar.toml"
    view = database.view_of_file(path.as_uri(), str(path))
    assert view is not None

    after = renamed(view, view.text.text.index("t1"), "eu west")

    assert '"eu west" = "p1.toon"' in after
    assert "fixed" in refused(view, view.text.text.index("__default__"))
    assert "already" in refused(view, view.text.text.index("t1"), "__default__")


def test_only_names_change_in_any_policy() -> None:
    random = Random(5)
    tried = 0
    for text in texts():
        view = view_of(text)
        if view.checked is None:
            continue
        for offset in random.sample(range(len(text) + 1), min(40, len(text) + 1)):
            target = target_at(view, offset)
            found = rename(view, offset, "brand_new.name")
            if target is None or found is None or isinstance(found, Refusal):
                continue
            tried += 1
            names = (target.name, "brand_new.name")
            after = apply_fixes(view.text, [Fix("", found.edits)])[0]
            again = view_of(after)
            assert again.checked is not None
            assert anonymous(again, *names) == anonymous(view, *names), text
            back = rename(again, after.index("brand_new.name"), target.name)
            assert back is not None
            if isinstance(back, Refusal):  # the old name itself was a mistake
                assert not is_plain_name(target.name), back.words
                continue
            old = apply_fixes(again.text, [Fix("", back.edits)])[0]
            assert anonymous(view_of(old), *names) == anonymous(view, *names)
            if is_plain_name(target.name) and f"`{target.name}`" not in text:
                assert old == text
    assert tried > 200


def anonymous(view: View, *names: str) -> object:
    """Return the tree without any place, and with `names` called the same."""
    assert view.checked is not None
    return _anonymous(view.checked.written, names)


_PLACES = {"source", "offsets", "is_quoted", "rules_source", "name_source"}
_TEXTS = {"match_cell", "action_cell", "when_cell"}  # their trees are compared


def _anonymous(value: object, names: tuple[str, ...]) -> object:
    if isinstance(value, tuple):
        return tuple(_anonymous(one, names) for one in value)
    if isinstance(value, str):
        return "NAME" if value in names else value
    kept = [one for one in field_names(value) if one not in _PLACES | _TEXTS]
    if not kept:
        return value if not field_names(value) else type(value).__name__
    return type(value).__name__, tuple(_anonymous(getattr(value, one), names) for one in kept)
