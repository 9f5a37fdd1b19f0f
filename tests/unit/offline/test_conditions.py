"""Which traces a phrase is about: verbs, negation, names explained, coordination."""

from __future__ import annotations

import pytest

from nectarc.intent.judging import Setting
from nectarc.intent.records import Asks, Understood
from nectarc.offline.engine import read_intent


def _read(phrase: str) -> Asks | Understood:
    setting = Setting()
    reading = read_intent(
        f"Drop {phrase}. 10% of the rest.", setting.vocabulary, setting.safety, {}
    )
    assert isinstance(reading, Asks | Understood)
    return reading


def _meant(phrase: str) -> str:
    reading = _read(phrase)
    assert isinstance(reading, Understood), reading
    dropped = [one.what for one in reading.intent.clauses if type(one.wanted).__name__ == "DropAll"]
    return " | ".join(dropped)


@pytest.mark.parametrize(
    ("phrase", "meant"),
    [
        ("requests lasting longer than 3s", "duration > 3s"),
        ("requests which took no less than 3s", "duration >= 3s"),
        ("traces that ran for over 3s", "duration > 3s"),
        ("calls going past 3s", "duration > 3s"),
        ("traces that don't exceed 3s", "none(duration > 3s)"),
        ("sub-3s requests", "none(duration >= 3s)"),
        ("traces longer than 3s but shorter than 9s", "any(duration > 3s) && none(duration >= 9s)"),
        ("requests concerning /a", "http.route == '/a'"),
        ("requests that are directed at /a", "http.route == '/a'"),
        ("calls served by the pay service", "service == 'pay'"),
        ("traces rooted in the pay service", "root.service == 'pay'"),
        (
            "traces touching both the pay service and the cart service",
            "any(service == 'pay') && any(service == 'cart')",
        ),
        ("requests that ended up with a 404", "http.status == 404"),
        ("calls ending in UNAVAILABLE", "rpc.grpc.status_code == 14"),
        ("calls with a gRPC status of 13 or 14", "rpc.grpc.status_code in [13, 14]"),
        ("every call that the pay service answered with a 404",
         "any(service == 'pay' && http.status == 404)"),
        ("whatever comes out of the pay service and ends with a 404",
         "any(service == 'pay' && http.status == 404)"),
        ("everything the pay service does", "service == 'pay'"),
        ("requests taking 2+ seconds", "duration >= 2s"),
        ("traces lasting 2 to 5 seconds", "any(duration >= 2s) && none(duration > 5s)"),
        ("root spans over 3s", "root.duration > 3s"),
        ("traces with a root span named a.b", "root.name == 'a.b'"),
    ],
)  # fmt: skip
def test_verbs_take_times_places_and_results(phrase: str, meant: str) -> None:
    assert _meant(phrase) == meant


@pytest.mark.parametrize(
    ("phrase", "meant"),
    [
        ("any non-GET request", "any(method != 'GET')"),
        ("non-2xx responses", "http.status < 200 || http.status >= 300"),
        ("client errors other than 404",
         "any(http.status >= 400 && http.status < 500 && http.status != 404)"),
        ("anything with status >= 400 and < 499", "any(http.status >= 400 && http.status < 499)"),
        ("traces with 3 <= app.x <= 9", "any(app.x >= 3 && app.x <= 9)"),
        ("traces where app.x = replay", "app.x == 'replay'"),  # no slip of "reply"
        ("traces where app.x is load-test or dev", "app.x in ['load-test', 'dev']"),
        ("responses in the 400 range", "any(http.status >= 400 && http.status < 500)"),
        ("everything not from the pay service", "none(service == 'pay')"),
        ("traces that contain no span over 20ms", "none(duration > 20ms)"),
        ("traces where no call to /a took over 2s", "none(http.route == '/a' && duration > 2s)"),
        ("traces in which app.x is neither a1 nor b1", "any(app.x not in ['a1', 'b1'])"),
        (
            "traces when not (http.route = /a or http.route = /b)",
            "none(http.route in ['/a', '/b'])",
        ),
        (
            "traces where app.x = a1 and (app.y = b1 or app.z = c1)",
            "any(app.y == 'b1' || app.z == 'c1') && any(app.x == 'a1')",
        ),
    ],
)  # fmt: skip
def test_conditions_compose(phrase: str, meant: str) -> None:
    assert _meant(phrase) == meant


@pytest.mark.parametrize(
    ("phrase", "meant"),
    [
        ("gold customers (app.tier = gold)", "app.tier == 'gold'"),
        ("traffic of customers on the gold plan (app.plan)", "app.plan == 'gold'"),
        ("requests from the mobile app (client.type = mobile)", "client.type == 'mobile'"),
        ("anything from tenant 42 (tenant.id = 42)", "tenant.id == 42"),
        ("requests bigger than a megabyte (body.size > 1048576)", "body.size > 1048576"),
        ("purchases, i.e. POST requests to /buy", "any(method == 'POST' && http.route == '/buy')"),
        ("mysql calls slower than 9ms (db.system = mysql)",
         "any(duration > 9ms && db.system == 'mysql')"),
        ("traces with a redis call over 50 ms (db.system = redis)",
         "any(duration > 50ms && db.system == 'redis')"),
    ],
)  # fmt: skip
def test_names_are_explained_beside_them(phrase: str, meant: str) -> None:
    assert _meant(phrase) == meant


@pytest.mark.parametrize(
    "phrase",
    [
        "recent customers (app.tier = gold)",  # a word that narrows
        "tenant 43 (tenant.id = 42)",  # the name says otherwise
        "traces where app.x = a1 and app.y = b1 or app.z = c1",  # which first?
        "requests smaller than a megabyte (body.size > 1048576)",
        "gold customers",
        "calls with a gRPC status of 404",
        "its failed requests",
        "app.x = only a1",
        "traces where all spans are from service pay",
        "traces in which no span failed and took over 2s",
        "non-GET and non-POST requests",
        "requests that might take over 2s",
        "traces that contain a 404 or take over 2s in the pay service",
    ],
)
def test_near_misses_are_asked_about(phrase: str) -> None:
    assert isinstance(_read(phrase), Asks)


def test_what_a_text_explains_holds_in_all_of_it() -> None:
    text = (
        "Keep 1 in 5 of gold customers (app.tier = gold). Drop gold customers on /ping."
        " 1% of the rest."
    )
    setting = Setting()
    reading = read_intent(text, setting.vocabulary, setting.safety, {})
    assert isinstance(reading, Understood)
    read = {one.what for one in reading.intent.clauses}
    assert "any(app.tier == 'gold' && http.route == '/ping')" in read


def test_a_service_is_known_again() -> None:
    setting = Setting()
    text = "Drop the feed-sync service. Keep 404s from feed-sync. 1% of the rest."
    reading = read_intent(text, setting.vocabulary, setting.safety, {})
    assert isinstance(reading, Understood)
    assert "any(http.status == 404 && service == 'feed-sync')" in {
        one.what for one in reading.intent.clauses
    }


def test_what_is_left_out_of_a_rate_may_have_a_clause_of_its_own() -> None:
    setting = Setting()
    text = "Everything except /search is sampled at 1 in 10; /search is sampled at 1 in 100."
    reading = read_intent(text, setting.vocabulary, setting.safety, {})
    assert isinstance(reading, Understood)
    alone = text.partition(";")[0] + "."
    assert isinstance(read_intent(alone, setting.vocabulary, setting.safety, {}), Asks)
