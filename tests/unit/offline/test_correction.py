"""Corrections and changes of mind: the last word counts, what it replaces must be certain."""

from __future__ import annotations

import pytest

from nectarc.intent.records import Understood
from nectarc.intent.vocabulary import Vocabulary
from nectarc.offline.repairs import mended
from tests.unit.offline.readings import clauses_of, read

_A, _B = "http.route == '/a'", "http.route == '/b'"
_ERRORS = "http.status >= 500 || error == true"
_AB = "http.route in ['/a', '/b']"
_REST = " Rest 1%."

# With the rest behind it.
READ = (
    ("Keep 5% of /a, no wait, 10%.", ("KeepOneIn 10", _A)),
    ("Keep 5% of /a no wait 10%.", ("KeepOneIn 10", _A)),
    ("Keep 5%, sorry, 10% of /a.", ("KeepOneIn 10", _A)),
    ("Keep 5% (no, 10%) of /a.", ("KeepOneIn 10", _A)),
    ("Keep 5% - scratch that, 10% - of /a.", ("KeepOneIn 10", _A)),
    ("Keep 5% of /a. That's too much, make it 1 in 50.", ("KeepOneIn 50", _A)),
    ("Keep 5% of /a. On reflection 5% is too much. Make it 2%.", ("KeepOneIn 50", _A)),
    ("Keep 5% of /a. This was later raised to 10%.", ("KeepOneIn 10", _A)),
    ("Keep 5% of /a. Finance says 5% is too expensive, so 2%.", ("KeepOneIn 50", _A)),
    ("Keep 5% of /a. I wrote 5% but I meant 10%.", ("KeepOneIn 10", _A)),
    ("Keep 5% of /a. Change the 5% to 10%.", ("KeepOneIn 10", _A)),
    ("Keep 5% of /a. The 5% should be 10%.", ("KeepOneIn 10", _A)),
    ("Keep 5% of /a. Correction: 10% of /a.", ("KeepOneIn 10", _A)),
    ("Keep 5% of /a. Changed my mind about /a: 10%.", ("KeepOneIn 10", _A)),
    ("Keep 5% of /a. Let's change /a to 10%.", ("KeepOneIn 10", _A)),
    ("I first wanted 5% of /a, but let's say 10%.", ("KeepOneIn 10", _A)),
    ("Not 5% of /a but 10%.", ("KeepOneIn 10", _A)),
    ("/a: not 5%, 10%.", ("KeepOneIn 10", _A)),
    ("Keep 10% instead of 5% of /a.", ("KeepOneIn 10", _A)),
    ("Keep 10% (previously 5%) of /a.", ("KeepOneIn 10", _A)),
    ("Keep over 3 s - sorry, 5 s.", ("KeepAll", "duration > 5s")),
    ("Slow traces (over 1 s) all. Hmm, slow should mean over 2 s.", ("KeepAll", "duration > 2s")),
    ("Keep over 3 s. 3 s is too low; 5 s.", ("KeepAll", "duration > 5s")),
    ("Keep over 4 s (not 4 minutes as was written).", ("KeepAll", "duration > 4s")),
    ("Keep traces with more than 100 spans, make it 200.", ("KeepAll", "span_count > 200")),
    ("Drop traces with fewer than 3 spans, or rather fewer than 2.", ("DropAll", "span_count < 2")),
    ("Drop /a. No, not /a, /b is what I meant.", ("DropAll", _B)),
    ("It's not /a but /b that must be dropped.", ("DropAll", _B)),
    ("Drop /x and /y, I mean /a and /b.", ("DropAll", _AB)),
    ("Drop the POSTs to /a, I mean the GETs.", ("DropAll", f"any(method == 'GET' && {_A})")),
    ("Drop all PUTs. My mistake, all DELETEs.", ("DropAll", "method == 'DELETE'")),
    ("Keep tenant.id = x, uh, I mean tenant.id = y.", ("KeepAll", "tenant.id == 'y'")),
    ("Keep where app.plan is free - sorry, premium.", ("KeepAll", "app.plan == 'premium'")),
    ("Keep where http.method is POST... PUT, I mean.", ("KeepAll", "method == 'PUT'")),
    ("Keep service auth. Oops, the service is called authz.", ("KeepAll", "service == 'authz'")),
    ("Drop 404s, I meant 401s and 403s.", ("DropAll", "http.status in [401, 403]")),
    ("Drop /a. Hang on, keep 1 in 10 of those.", ("KeepOneIn 10", _A)),
    ("Drop /a. No, better not. Keep 1% of it.", ("KeepOneIn 100", _A)),
    ("Drop /a - actually, instead of dropping them keep 1 in 10.", ("KeepOneIn 10", _A)),
    ("/a can be dropped. Apologies, not dropped, kept at 10%.", ("KeepOneIn 10", _A)),
    ("Drop /a. Don't drop /a after all, keep 10% of it.", ("KeepOneIn 10", _A)),
    ("I said to drop /a but please keep 10% of it.", ("KeepOneIn 10", _A)),
    ("Keep /a. Drop /b. Strike the last one.", ("KeepAll", _A)),
    ("Drop /b. Scratch that, keep /a.", ("KeepAll", _A)),
    ("Keep errors, all of /a. EDIT: drop /b as well.",
     ("KeepAll", _ERRORS), ("KeepAll", _A), ("DropAll", _B)),
    ("Drop /a. Oh and /b too.", ("DropAll", _A), ("DropAll", _B)),
    ("Drop /a. I forgot /b.", ("DropAll", _A), ("DropAll", _B)),
    ("/a 10%, /b 5%, or wait, both at 20%.", ("KeepOneIn 5", _A), ("KeepOneIn 5", _B)),
    ("/a 10% and /b 5%. Sorry, other way round.", ("KeepOneIn 20", _A), ("KeepOneIn 10", _B)),
    ("Keep /a and /b. Remove /b from that list.", ("KeepAll", _A)),
    ("Keep 5% of /a. No wait, keep it all, people look at it.", ("KeepAll", _A)),
    ("Drop /a. Make it 5% instead.", ("KeepOneIn 20", _A)),
    ("Keep all of /a. Hmm, that's overkill, half of them is fine.", ("KeepOneIn 2", _A)),
    ("Keep all of /a, or rather 25% of them.", ("KeepOneIn 4", _A)),
    ("Drop /a. Undo that: keep 10% of /a.", ("KeepOneIn 10", _A)),
    ("Keep over 3 s. As Anna pointed out, it should be 2 s.", ("KeepAll", "duration > 2s")),
    ("Drop /a. I forgot to say: drop /b.", ("DropAll", _A), ("DropAll", _B)),
    ("EDIT after talking to Kim: drop /a.", ("DropAll", _A)),
)  # fmt: skip
ASKED = (
    "Drop /a and /b. Sorry, /c.",
    "Drop /a. Oops, /b.",
    "Drop /a. Edit: /b.",
    "Keep 5% of /a. EDIT: 10% of /b.",
    "Keep 5% of /a and 5% of /b. Change the 5% to 10%.",
    "Keep 5% of /a. All errors. No wait, 10%.",
    "Keep 5% of /a. No wait, 10% if it is slow.",
    "Keep 5% of /a, no, only 10% of its errors.",
    "Keep 5% of /a. No, maybe 10%.",
    "Keep 5% of /a. No, 10%?",
    "Keep 5% of /a. If that's too much, make it 1%.",
    "Keep 5% of /a. Next week make it 10%.",
    "Keep 5% of /a, /b is noisy, make it 1%.",
    "Keep 5% of /a instead of 10% of /b.",
    "Keep /a over 3s, no, 5s for /b.",
    "1 in 50 of everything except /q, which is at 20%... correction: /q at 50%. Keep errors.",
    "Keep over 3 s. Drop /x over 1s. Actually no, 5 seconds.",
    "Keep traces with more than 100 spans and over 3 s, make it 200.",
    "Keep errors, drop /a. Strike the last one.",
    "Drop /a and keep /b. Scratch that.",
    "Keep /a and /b. Forget about /b.",
    "Keep /a and /b. Take /b out again.",
    "Drop service gen. Ah no, service gen-2 is used by QA.",
    "Do not keep 5% of /a but 10%.",
    "Drop /a. Wait, errors there matter.",
    "Drop /a. Scratch that, rest 5%.",
    "Keep service billing. Edit: billing is now called invoicing.",
    "Drop everything faster than 10 ms, sorry, slower than 10 s.",
    "Keep 10% of /a. 10% is too low.",
    "Keep errors and /a. Make it 5%.",
)


@pytest.mark.parametrize("case", READ, ids=lambda one: one[0])
def test_the_last_word_counts(case: tuple[str, *tuple[tuple[str, str], ...]]) -> None:
    text, *wanted = case

    assert sorted(clauses_of(text + _REST)) == sorted(wanted)


@pytest.mark.parametrize("text", ASKED)
def test_what_is_not_certain_is_asked_about(text: str) -> None:
    assert not isinstance(read(text + _REST), Understood)


def test_the_rest_is_corrected_too() -> None:
    for text in (
        "Keep errors, 5% of the rest. Actually, let's do 2% instead.",
        "Keep errors, rest 5%. Boss: make the rest 2%.".replace("Boss: ", "Update: "),
        "Keep errors. In my first mail I wrote 5% for the rest, it should be 2%.",
        "Keep errors and 5% of everything. Replace the 5% by 2% please.",
        "Keep errors and 5% of everything. Scratch that, make it 1 in 50 of everything.",
    ):
        found = read(text)
        assert isinstance(found, Understood), text
        assert [getattr(one.wanted, "one_in", 0) for one in found.intent.clauses][-1] == 50


def test_what_was_taken_back_is_said_and_the_text_stays() -> None:
    text = "Drop /a, I mean /b. Rest 1%."

    found = read(text)

    assert isinstance(found, Understood)
    assert found.intent.text == text
    assert any("`/b` stands for `/a`" in one for one in found.intent.notes)
    drop = next(one for one in found.intent.clauses if one.what == _B)
    assert drop.words == "Drop /b"
    assert drop.place is not None
    assert text[drop.place[0] : drop.place[1]].startswith("Drop /a")


def test_a_text_without_corrections_is_left_as_it_is() -> None:
    for text in ("Keep errors, rest 1%.", "Drop /a. Rest 1%.", "no", "Sorry", "", "EDIT:"):
        assert mended(text, Vocabulary()) is None
