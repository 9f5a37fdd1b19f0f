"""What is done, in every mood: modal, passive, negated, fronted, shared, with what is excepted."""

from __future__ import annotations

import pytest

from nectarc.intent.records import Asks, Understood
from tests.unit.offline.readings import clauses_of, read

_A, _B = "http.route == '/a'", "http.route == '/b'"

READ = (
    ("/a must always be kept.", ("KeepAll", _A)),
    ("/a ought to be retained in full.", ("KeepAll", _A)),
    ("All of /a, without exception, shall be retained.", ("KeepAll", _A)),
    ("Let /a through.", ("KeepAll", _A)),
    ("Leave /a alone.", ("KeepAll", _A)),
    ("/a remains untouched.", ("KeepAll", _A)),
    ("Don't touch /a.", ("KeepAll", _A)),
    ("/a is never to be dropped.", ("KeepAll", _A)),
    ("/a may under no circumstances be dropped.", ("KeepAll", _A)),
    ("Under no circumstances may /a be dropped.", ("KeepAll", _A)),
    ("Not a single /a trace may be lost.", ("KeepAll", _A)),
    ("/a must not be sampled.", ("KeepAll", _A)),
    ("What must be kept: /a.", ("KeepAll", _A)),
    ("Kept in full are the /a requests.", ("KeepAll", _A)),
    ("/a we need in full.", ("KeepAll", _A)),
    ("Send /a to the bin.", ("DropAll", _A)),
    ("Throw /a away.", ("DropAll", _A)),
    ("/a ought to go.", ("DropAll", _A)),
    ("/a need not be kept.", ("DropAll", _A)),
    ("/a is never to be kept.", ("DropAll", _A)),
    ("No /a trace shall be stored.", ("DropAll", _A)),
    ("Keep none of the /a requests.", ("DropAll", _A)),
    ("To be dropped: /a.", ("DropAll", _A)),
    ("/a should come down to 1 in 50.", ("KeepOneIn 50", _A)),
    ("Leave /a at 2%.", ("KeepOneIn 50", _A)),
    ("/a: make it 1 in 50.", ("KeepOneIn 50", _A)),
    ("98 % dropped for /a.", ("KeepOneIn 50", _A)),
    ("Drop all but 2 % of /a.", ("KeepOneIn 50", _A)),
    ("A sampling rate of 2% applies to /a.", ("KeepOneIn 50", _A)),
    ("At 2 %: /a.", ("KeepOneIn 50", _A)),
    ("Keep no more than 2% of /a.", ("KeepOneIn 50", _A)),
    ("/a shall be retained, as shall /b.", ("KeepAll", _A), ("KeepAll", _B)),
    ("/a is dropped, and so is /b.", ("DropAll", _A), ("DropAll", _B)),
    ("/a must be kept. /b must not.", ("KeepAll", _A), ("DropAll", _B)),
    ("/a may be dropped, /b may not.", ("KeepAll", _B), ("DropAll", _A)),
    ("Neither /a nor /b is needed.", ("DropAll", "http.route in ['/a', '/b']")),
    ("Nothing from /a is needed.", ("DropAll", _A)),
    ("The sampling rate is to be at 2% for /a.", ("KeepOneIn 50", _A)),
    ("Make /a 1 in 50.", ("KeepOneIn 50", _A)),
    ("Keep half of /a, all of /b.", ("KeepAll", _B), ("KeepOneIn 2", _A)),
    ("Keep 2% of /a, every request to /b.", ("KeepAll", _B), ("KeepOneIn 50", _A)),
)
EXCEPTED = (
    "Apart from errors, which are kept, everything is sampled at 1%.",
    "With the exception of errors, which must be kept in full, sample everything at 1%.",
    "Aside from errors (keep them all), everything goes to 1%.",
    "Everything but errors at 1%.",
    "Keep errors while sampling the rest at 1%.",
)
# The near miss: what is done, how much, or of what is open.
ASKED = (
    "Leave /a. Rest 1%.",
    "Let /a. Rest 1%.",
    "Keep /a in full at 5%. Rest 1%.",
    "Keep /a, as shall. Rest 1%.",
    "Drop /b, none of /a. Rest 1%.",
    "/a need not be dropped. Rest 1%.",
    "Keep all but 5% of /a. Rest 1%.",
    "Never drop 5% of /a. Rest 1%.",
    "/a is not always kept. Rest 1%.",
    "/a should not matter. Rest 1%.",
    "Errors are exempt. /a isn't. Rest 1%.",
    "/a isn't needed. /b is. Rest 1%.",
    "No error may be lost. /a may. Rest 1%.",
    "Errors must not be sampled. /a must. Rest 1%.",
    "Drop half of /a, all of /b, rest 1%.",
)


@pytest.mark.parametrize(("text", "clauses"), [(row[0], row[1:]) for row in READ])
def test_predicate_is_read(text: str, clauses: tuple[tuple[str, str], ...]) -> None:
    assert clauses_of(f"{text} Rest 1%.") == clauses


@pytest.mark.parametrize("text", EXCEPTED)
def test_errors_are_left_out(text: str) -> None:
    found = read(text)
    assert isinstance(found, Understood), found
    assert [type(one.wanted).__name__ for one in found.intent.clauses] == ["KeepAll", "KeepOneIn"]


@pytest.mark.parametrize("text", ASKED)
def test_what_is_open_is_asked(text: str) -> None:
    assert isinstance(read(text), Asks)
