"""Lists, headings, labels and tables: what they do to what stands below them, and what asks."""

from __future__ import annotations

import pytest

from nectarc.intent.records import Asks
from tests.unit.offline.readings import clauses_of, read

_ERRORS, _SLOW = "http.status >= 500 || error == true", "duration > 2s"
_A, _B = "http.route == '/a'", "http.route == '/b'"
_USUAL = {("KeepAll", _ERRORS), ("KeepAll", _SLOW), ("DropAll", _A)}
_RATED = {("KeepAll", _ERRORS), ("KeepOneIn 10", _A)}

USUAL = (
    "# Keep\nerrors\n>2s\n# Drop\n/a\n# Rest\n1%",
    "## Keep\n- errors\n- > 2s\n## Drop\n- /a\n## Rest\n1%",
    "What we need:\n- all errors\n- traces over 2s\nWhat we don't need:\n- /a\nThe rest: 1%",
    "must keep: errors, > 2s\ndrop: /a\nrest: 1%",
    "Keep these: errors and anything over 2s. Drop these: /a. Rest: 1%",
    "Must be kept:\n* errors\n* > 2s\nCan be dropped:\n* /a\nRest 1%",
    "Keep: errors; anything > 2s.\nDrop: /a.\nRest 1%",
    "P1: errors stay\nP2: traces over 2s stay\nP3: drop /a\nP4: the rest at 1%",
    "Rule 1 - errors: all\nRule 2 - slower than 2s: all\nRule 3 - /a: none\nRule 4 - rest: 1%",
    "[keep] errors\n[keep] > 2s\n[drop] /a\n[1%] rest",
    "if error -> keep; elif > 2s -> keep; elif /a -> drop; else -> 1%",
    "errors all // > 2s all // /a none // rest 1%",
    "errors := keep; > 2s := keep; /a := drop; rest := 1%",
    "Errors yes. Slow ones (> 2s) yes. /a no. Rest 1%.",
    "Error traces: 100 percent retention. Over 2s: full retention. /a: zero retention. Rest 1%.",
)
RATED = (
    "100%:\n- errors\n10%:\n- /a\n1%:\n- everything else",
    "KEEP\n- errors\nSAMPLE 10%\n- /a\nRest 1%",
    "Always: errors. Sometimes (10%): /a. Otherwise 1%.",
    "| what | sample rate |\n|---|---|\n| errors | 1/1 |\n| /a | 1/10 |\n| rest | 1/100 |",
    "| route | rate |\n|---|---|\n| /a | 10% |\n| rest | 1% |\nErrors: all",
)
OTHERS = (
    ("/a and /b: drop both. Rest 1%.", {("DropAll", "http.route in ['/a', '/b']")}),
    ("drop these routes: /a /b; rest 1%", {("DropAll", _A), ("DropAll", _B)}),
    ("service | rate\ncart | 10%\nrest | 1%", {("KeepOneIn 10", "service == 'cart'")}),
    ("Drop these services:\n- ads\n- orders\nRest 1%",
     {("DropAll", "service == 'ads'"), ("DropAll", "service == 'orders'")}),
    ("more than 50 spans -> keep; rest -> 1%", {("KeepAll", "span_count > 50")}),
    ("GET 10%, DELETE all, rest 1%",
     {("KeepOneIn 10", "method == 'GET'"), ("KeepAll", "method == 'DELETE'")}),
    ("traces w/ errors keep; traces w/o root span drop; rest 1%",
     {("KeepAll", _ERRORS), ("DropAll", "!has_root")}),
    ("First: errors, all of them. Second: > 2s, all. Third: rest 1%",
     {("KeepAll", _ERRORS), ("KeepAll", _SLOW)}),
    ("svc api 5xx all, svc api rest 10%, other svc 1%",
     {("KeepAll", "any(service == 'api' && http.status >= 500)"),
      ("KeepOneIn 10", "service == 'api'")}),
    ("drop /a, 5xx 100%, rest 1%", {("DropAll", _A), ("KeepAll", "http.status >= 500")}),
    ("everything 1%, except errors 100% and /a 10%", _RATED),
    ("errors (all), /a (1 in 10), rest (1%)", _RATED),
    ("keep: errors; drop: /a; rest: 1%", {("KeepAll", _ERRORS), ("DropAll", _A)}),
    ("only errors and /b, nothing else", {("KeepAll", _ERRORS), ("KeepAll", _B)}),
    ("Just errors. Nothing else.", {("KeepAll", _ERRORS)}),
    ("tenant.id = 7: errors all, rest 10%. Everything else 1%.",
     {("KeepAll", "any(tenant.id == 7 && (http.status >= 500 || error == true))"),
      ("KeepOneIn 10", "tenant.id == 7")}),
    ("-> errors: keep\n-> /a: 10%\n-> rest: 1%", _RATED),
    ("grpc OK 10%, rest 1%", {("KeepOneIn 10", "rpc.grpc.status_code == 0")}),
    ("trace > 50 spans keep, rest 1%", {("KeepAll", "span_count > 50")}),
    ("100-500ms 10%, rest 1%",
     {("KeepOneIn 10", "any(duration >= 100ms) && none(duration > 500ms)")}),
    ("Redirects (301, 302): 10%. Rest 1%.", {("KeepOneIn 10", "http.status in [301, 302]")}),
)  # fmt: skip
ASKED = (
    "Keep in mind:\n- errors on /a\nRest 1%",
    "What we need to know:\n- errors on /a\nRest 1%",
    "Always broken:\n- /a\nRest 1%",
    "What we want to avoid:\n- /a\nRest 1%",
    "Not to keep:\n- /a\nRest 1%",
    "Needed services:\n- cart\nRest 1%",
    "Drop unless slow:\n- /a\nRest 1%",
    "Usually keep:\n- /a\nRest 1%",
    "10% more:\n- /a\nRest 1%",
    "Noise:\n- /a\nRest 1%",
    "Drop these services:\n- none\nRest 1%",
    "Drop these services:\n- everything\nRest 1%",
    "Keep: errors; not /a; rest 1%",
    "keep: errors, not /a. rest 1%",
    "P1: 100 %\nP2: 10 %\nRest 1%",
    "P1: keep errors\nP2: not /a\nRest 1%",
    "Health endpoint not /a: drop. Rest 1%",
    "/a: drop both. Rest 1%.",
    "errors yes please no /a. rest 1%",
    "errors, all right. rest 1%",
    "keep /a, all. Rest 1%.",
    "[not keep] errors, rest 1%",
    "errors (5%) are kept. rest 1%",
    "Keep /a. Only errors. Rest 1%.",
    "Keep /a, only errors. Rest 1%.",
    "drop /a 90%. rest 1%",
    "everything 1%, except errors and /a 10%",
    "everything 1%, except /a 10% and errors",
    "tenant.id = 7, errors all, rest 5%. Everything else 1%.",
    "status 500: errors all, rest 5%. Others 1%.",
    "trace > 100: keep. rest 1%",
    "Must never be dropped:\n* > 2s\nCan be dropped:\n* /a\nRest 1%",
    "# Not\n/a\n# Rest\n1%",
    "service | rate\nnot cart | 10%\nrest | 5%",
    "rest 1%, everything including errors on /a all",
    "DELETE everything on /a, GET 5%. rest 1%",
)


@pytest.mark.parametrize("text", USUAL)
def test_a_list_is_read_below_its_headings(text: str) -> None:
    assert set(clauses_of(text)) == _USUAL


@pytest.mark.parametrize("text", RATED)
def test_a_heading_gives_its_rate(text: str) -> None:
    assert set(clauses_of(text)) <= _RATED
    assert ("KeepOneIn 10", _A) in clauses_of(text)


@pytest.mark.parametrize("case", OTHERS, ids=lambda one: one[0])
def test_short_forms_are_read(case: tuple[str, set[tuple[str, str]]]) -> None:
    text, wanted = case

    assert set(clauses_of(text)) == wanted


@pytest.mark.parametrize("text", ASKED)
def test_what_is_nearly_a_list_is_asked_about(text: str) -> None:
    assert isinstance(read(text), Asks)
