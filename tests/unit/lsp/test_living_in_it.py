"""What an editor's user would notice: whatever is offered, applied to all policies there are.

Each property is asked of every policy, whole and broken, at many places.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from random import Random

import pytest

from nectarc.diagnostic import Edit, Severity
from nectarc.source import SourceSpan
from nectarc_lsp.database.view import Kind, View
from nectarc_lsp.features.actions_at import actions_at
from nectarc_lsp.features.actions_fixes import fix_all_edits
from nectarc_lsp.features.completion.complete import complete
from nectarc_lsp.features.completion.offers import Offer
from nectarc_lsp.features.folding import folds
from nectarc_lsp.features.format_edits import applied, format_edits
from nectarc_lsp.features.hover import hover_at
from nectarc_lsp.features.nodes import places
from nectarc_lsp.features.rename import Renaming, prepare, rename
from nectarc_lsp.features.rename_checks import Refusal
from nectarc_lsp.features.selection import selections
from nectarc_lsp.features.symbols import Symbol, symbols
from nectarc_lsp.features.tokens import tokens
from tests.shared_data import requires_shared
from tests.unit.lsp.policies_of import WRITTEN, all_policies
from tests.unit.lsp.test_completion_everywhere import SCHEMA, accepted
from tests.unit.lsp.views_of import broken, view_of

pytestmark = requires_shared
_SEED = int(os.environ.get("NECTARC_SEED", "0"))
# Of a text that is only begun: what comes next mends them; a syntax that can be read shows others.
_BEGUN = frozenset(
    {
        "NEC041",
        "NEC050",
        "NEC216",
        "NEC052",
        "NEC054",
        "NEC055",
        "NEC062",
        "NEC076",
        "NEC106",
        "NEC210",
    }
)
_UNCOVERED = frozenset({"NEC048", "NEC050", "NEC082", "NEC202", "NEC210", "NEC222"})


def cases(seed: int, whole: int, parts: int) -> Iterator[View]:
    """Yield views of `whole` policies, and of broken ones of `parts`."""
    random = Random(_SEED + seed)
    every = all_policies()
    for text in (*WRITTEN, *random.sample(every, min(whole, len(every)))):
        yield view_of(text, schema=SCHEMA)
    for text in (*WRITTEN, *random.sample(every, parts)):
        for one in broken(text, random.randrange(10**6)):
            view = view_of(one, schema=SCHEMA)
            if view.kind is Kind.POLICY:
                yield view


def errors(view: View) -> Counter[str]:
    """Return how many errors there are of each code."""
    return Counter(one.code for one in view.findings if one.severity is Severity.ERROR)


def fits(text: str, offset: int, offer: Offer) -> bool:
    """Say whether an editor shows the offer for what is typed: its letters in order."""
    letters = iter((offer.filter or offer.label).casefold())
    return all(one in letters for one in text[offer.source.start : offset].casefold())


def spot(view: View, offset: int) -> str:
    """Return where it was, for a person."""
    text = view.text.text
    return f"{text[max(0, offset - 60) : offset]}‸{text[offset : offset + 60]}"


def test_an_offer_in_a_half_typed_cell_makes_no_mistake() -> None:
    random = Random(_SEED + 11)
    # A declared type is about other cells, too.
    cells = [
        (text, cell)
        for text in all_policies()
        for cell in places(view_of(text)).cells
        if cell.section != "fields"
    ]
    taken = 0
    for text, cell in random.sample(cells, 110):
        start, end = cell.source.start, cell.source.end
        body = text[start:end]
        for cut in {0, len(body), random.randrange(len(body) + 1)}:
            close = '"' if body[:1] == '"' and 0 < cut < len(body) else ""
            view = view_of(text[: start + cut] + close + text[end:], schema=SCHEMA)
            known = errors(view)
            offers = [
                one
                for one in complete(view, start + cut).offers
                if fits(view.text.text, start + cut, one)
            ]
            for one in random.sample(offers, min(len(offers), 4)):
                after = view_of(accepted(view.text.text, one), schema=SCHEMA)
                assert after.kind is Kind.POLICY
                made = errors(after) - known
                assert not set(made) - _BEGUN, (spot(view, start + cut), one.label, made)
                taken += 1
    assert taken > 250


def test_an_offer_on_a_line_of_its_own_makes_no_mistake() -> None:
    random = Random(_SEED + 5)
    taken = 0
    for text in (*WRITTEN, *random.sample(all_policies(), 4)):
        lines = text.split("\n")
        for number in range(len(lines)):
            for indent in (0, 2, 4):
                before = "".join(f"{line}\n" for line in lines[:number]) + " " * indent
                view = view_of(f"{before}\n" + "\n".join(lines[number:]), schema=SCHEMA)
                known = errors(view)
                for one in complete(view, len(before)).offers:
                    after = view_of(accepted(view.text.text, one), schema=SCHEMA)
                    assert not errors(after) - known, (spot(view, len(before)), one.label)
                    taken += 1
    assert taken > 150


def test_an_action_mends_what_it_is_for_and_breaks_nothing() -> None:
    random = Random(_SEED + 2)
    done = 0
    for view in cases(2, 45, 6):
        text = view.text.text
        near = [one.source for one in view.findings]
        near += [
            view.text.span(at, at)
            for at in random.sample(range(len(text) + 1), min(len(text) + 1, 5))
        ]
        known, count = errors(view), Counter(one.code for one in view.findings)
        for place in near:
            found = [one for one in actions_at(view, place, view.findings) if one.edits]
            titles = [one.title for one in found]
            assert len(set(titles)) == len(titles), titles
            for action in found:
                after = view_of(applied(text, list(action.edits)), schema=SCHEMA)
                assert after.text.text != text, action.title
                # Where a cell can be read at last, it may have other mistakes.
                is_readable = not any(code.startswith("NEC0") for code in known)
                made = set(errors(after) - known) - _UNCOVERED if is_readable else set()
                assert not made, (spot(view, place.start), action, made)
                left = Counter(one.code for one in after.findings)
                for one in action.diagnostics:
                    assert left[one.code] < count[one.code], (spot(view, place.start), action)
                done += 1
    assert done > 500


def test_all_safe_fixes_leave_none_and_keep_the_meaning() -> None:
    done = 0
    for view in cases(3, 70, 20):
        edits = list(fix_all_edits(view))
        after = view_of(applied(view.text.text, edits), schema=SCHEMA)
        assert not fix_all_edits(after)
        done += bool(edits)
        if not errors(view):
            assert meaning(after) == meaning(view)
    assert done > 10


def meaning(view: View) -> object:
    """Return what the rules do: as Refinery keeps one in n, however the share was written."""
    policy = None if view.checked is None else view.checked.policy
    if policy is None:
        return None
    return [
        (one.name, repr(one.match), re.sub(r"share=[^)]*", "", repr(one.action)), one.priority)
        for one in policy.rules
    ]


def test_formatting_keeps_the_meaning_and_is_done_once() -> None:
    done = 0
    for view in cases(4, 70, 20):
        edits = list(format_edits(view))
        after = view_of(applied(view.text.text, edits), schema=SCHEMA)
        assert not format_edits(after)
        assert meaning(after) == meaning(view)
        assert not errors(after) - errors(view)
        done += bool(edits)
    assert done > 10


@pytest.mark.parametrize("new", ["renamed", "a b", "x,y", "é\N{HONEYBEE}", 'q"uote', "http.route"])
def test_a_renamed_policy_is_the_same_and_can_be_named_back(new: str) -> None:
    random = Random(_SEED + len(new))
    done = 0
    for view in cases(6, 12, 2):
        text = view.text.text
        for offset in random.sample(range(len(text) + 1), min(len(text) + 1, 10)):
            target = prepare(view, offset)
            found = rename(view, offset, new)
            if target is None or isinstance(target, Refusal) or not isinstance(found, Renaming):
                continue
            after = view_of(applied(text, list(found.edits)), schema=SCHEMA)
            assert not errors(after) - errors(view), spot(view, offset)
            place = named(after, found.edits, new)
            back = None if place is None else rename(after, place, target.name)
            if isinstance(back, Renaming):
                again = applied(after.text.text, list(back.edits))
                assert meaning(view_of(again, schema=SCHEMA)) == meaning(view), spot(view, offset)
                done += 1
    assert done > 30


def named(view: View, edits: tuple[Edit, ...], name: str) -> int | None:
    """Return a place in the first of these edits, made in the view, that names `name`."""
    if not edits:
        return None
    first = min(edits, key=lambda one: one.source.start)
    for offset in range(first.source.start, first.source.start + len(first.text) + 1):
        found = prepare(view, offset)
        if found is not None and not isinstance(found, Refusal) and found.name == name:
            return offset
    return None


def test_hovers_are_about_what_is_under_the_cursor_and_say_something() -> None:
    random = Random(_SEED + 8)
    said = 0
    for view in cases(8, 20, 6):
        text = view.text.text
        for offset in random.sample(range(len(text) + 1), min(len(text) + 1, 60)):
            found = hover_at(view, offset)
            if found is None:
                continue
            start, end = found.source.start, found.source.end
            assert start <= offset <= end
            assert "\n" not in text[start:end]
            assert found.markdown.strip()
            assert found.markdown.count("`") % 2 == 0, found.markdown
            assert "None" not in found.markdown
            assert "/nowhere" not in found.markdown
            said += 1
    assert said > 1000


def test_tokens_folds_selections_and_symbols_nest() -> None:
    random = Random(_SEED + 9)
    for view in cases(9, 20, 8):
        text = view.text.text
        ends = [0]
        for token in tokens(view):
            assert ends[-1] <= token.start < token.end, token
            assert "\n" not in text[token.start : token.end]
            ends.append(token.end)
        for one in folds(view):
            for other in folds(view):
                if one.first < other.first <= one.last:
                    assert other.last <= one.last, (text, one, other)
        nested(symbols(view), view.text.span(0, len(text)))
        for offset in random.sample(range(len(text) + 1), min(len(text) + 1, 40)):
            around = selections(view, offset)
            assert around
            by_size = sorted(around, key=lambda one: one.end - one.start)
            assert all(one.start <= offset <= one.end for one in around)
            for inner, outer in pairwise(by_size):
                assert outer.start <= inner.start <= inner.end <= outer.end
                assert inner != outer


def nested(found: tuple[Symbol, ...], around: SourceSpan) -> None:
    """Symbols have names, stand in their parents, hold what is selected, and do not overlap."""
    for one in found:
        assert one.name.strip()
        assert around.start <= one.source.start <= one.name_source.start
        assert one.name_source.end <= one.source.end <= around.end
        nested(one.children, one.source)
    for one, other in pairwise(sorted(found, key=lambda symbol: symbol.source.start)):
        assert one.source.end <= other.source.start, (one, other)
