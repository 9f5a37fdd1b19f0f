"""Completion at every place of real policies, whole, cut off and broken."""

from __future__ import annotations

from itertools import pairwise
from random import Random

import pytest

from nectarc.diagnostic import Diagnostic, Severity
from nectarc_lsp.database.view import Kind as DocumentKind
from nectarc_lsp.database.view import View
from nectarc_lsp.features.cell_tokens import Part, holds_tokens, tokens_of
from nectarc_lsp.features.completion.complete import complete
from nectarc_lsp.features.completion.documentation import documentation
from nectarc_lsp.features.completion.offers import Offer, snippet_of, text_of
from nectarc_lsp.features.nodes import places
from nectarc_lsp.features.places import place_at
from nectarc_lsp.features.signature import signature_at
from tests.shared_data import requires_shared
from tests.unit.lsp.views_of import SHOP, real_policies, schema_of, texts, view_of

SCHEMA = schema_of(
    http__response__status_code=("int", 63, ("200", "503")),
    http__route=("string", 20, ("/", "/it's", "/a,b", "x|y", 'say "hi"')),
    duration_ms=("int", 100, ("12", "5100")),
    service__name=("string", 100, ("shop", "check out")),
    error=("bool", 3, ("true",)),
    duration=("float", 3, ("1.5",)),
)
MANIFEST = """\
# what it is
[project]
name = "shop"

[environments]
__default__ = "policy.toon"
other = ""

[corpus]
path = "corpus"

[safety]
error = "any(http.status >= 500 && service == 'x')"
errors = "keep"

[compile]
target = "refinery-3"
assume = ["types", "no-null"]
"""


def accepted(text: str, offer: Offer) -> str:
    """Return the text after an offer is taken, with what stands at its stops."""
    edits = [(offer.source.start, offer.source.end, text_of(offer.template))]
    edits += [(one.source.start, one.source.end, one.text) for one in offer.extra]
    ordered = sorted(edits)
    for (_, end, _), (start, _, _) in pairwise(ordered):
        assert end <= start, "edits must not overlap"
    for start, end, new in reversed(ordered):
        text = text[:start] + new + text[end:]
    return text


def check_offers(view: View, offset: int) -> tuple[Offer, ...]:
    """Ask at a place; what comes back must be fit for any client."""
    text = view.text
    place_at(view, offset)
    found = complete(view, offset)
    signature_at(view, offset)
    for one in found.offers:
        assert one.label
        assert one.source.start <= offset <= one.source.end
        assert one.cursor == offset
        assert text.position(one.source.start).line == text.position(one.source.end).line
        assert snippet_of(one.template)
        for edit in one.extra:
            assert edit.source.end <= one.source.start or edit.source.start >= one.source.end
    return found.offers


def syntax_errors(view: View) -> int:
    """Return how many errors of TOON and syntax there are."""
    errors = (one for one in view.findings if one.severity is Severity.ERROR)
    return sum(one.code.startswith("NEC0") for one in errors)


def errors_in(view: View, start: int, end: int) -> list[Diagnostic]:
    """Return the errors that stand inside a place."""
    errors = (one for one in view.findings if one.severity is Severity.ERROR)
    return [one for one in errors if start <= one.source.start and one.source.end <= end]


@requires_shared
def test_every_place_of_real_policies_can_be_completed() -> None:
    for text in (SHOP, *real_policies()):
        view = view_of(text, schema=SCHEMA)
        offered = sum(len(check_offers(view, offset)) for offset in range(len(text) + 1))
        assert offered > len(text)


@requires_shared
def test_every_text_cut_off_at_the_cursor_can_be_completed() -> None:
    random = Random(7)
    for text in real_policies():
        places = range(len(text) + 1) if text == SHOP else random.sample(range(len(text)), 25)
        for offset in places:
            check_offers(view_of(text[:offset], schema=SCHEMA), offset)


@requires_shared
def test_broken_policies_can_be_completed() -> None:
    for number, text in enumerate(texts()):
        random = Random(number)
        view = view_of(text, schema=SCHEMA)
        for _ in range(40):
            check_offers(view, random.randrange(len(text) + 1))


@pytest.mark.parametrize("cut", [False, True])
def test_every_place_of_a_manifest_can_be_completed(cut: bool) -> None:  # noqa: FBT001
    for offset in range(len(MANIFEST) + 1):
        text = MANIFEST[:offset] if cut else MANIFEST
        check_offers(view_of(text, "nectar.toml"), offset)


@requires_shared
def test_a_whole_token_that_is_taken_is_no_mistake() -> None:
    taken = 0
    for number, text in enumerate(real_policies()):
        random = Random(number)
        view = view_of(text, schema=SCHEMA)
        assert view.kind is DocumentKind.POLICY
        for offset in random.sample(range(len(text)), min(len(text), 60)):
            # Between tokens it only begins a change.
            offers = [
                one
                for one in check_offers(view, offset)
                if one.is_whole and one.source.start < one.source.end
            ]
            for one in random.sample(offers, min(len(offers), 3)):
                after = view_of(accepted(text, one), schema=SCHEMA)
                end = one.source.start + len(text_of(one.template))
                assert syntax_errors(after) <= syntax_errors(view), (text, offset, one)
                assert not errors_in(after, one.source.start, end), (text, offset, one)
                taken += 1
    assert taken > 100


@requires_shared
def test_what_people_wrote_is_offered_when_its_first_letter_is_typed() -> None:
    literals = {Part.NUMBER, Part.STRING, Part.DURATION, Part.MARK, Part.BAD}
    found = 0
    for text in real_policies():
        view = view_of(text)
        cells = [cell for cell in places(view).cells if holds_tokens(cell)]
        for token in (one for cell in cells for one in tokens_of(cell) if one.part not in literals):
            is_word = token.text[0].isalpha() or token.text[0] == "`"
            offset = token.source.start + (5 if token.text.startswith("root.") else 0) + is_word
            labels = {one.label for one in complete(view, offset).offers}
            # A field that only this place names cannot be known.
            is_known = token.part is not Part.FIELD or text.count(token.text) > 1
            assert token.text in labels or not is_known, token
            found += is_known
    assert found > 80


@requires_shared
def test_what_an_offer_means_is_told() -> None:
    for number, text in enumerate(real_policies()[:12]):
        random = Random(number)
        view = view_of(text, schema=SCHEMA)
        for offset in random.sample(range(len(text)), 30):
            for one in complete(view, offset).offers:
                if one.topic is not None:
                    assert documentation(view, one.topic), one
