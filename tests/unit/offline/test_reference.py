"""References across clauses: "its other traffic", "those two services", "half of that"."""

from __future__ import annotations

import pytest

from nectarc.intent.records import Asks
from tests.unit.offline.readings import clauses_of, read

_ERRORS = "http.status >= 500 || error == true"
_REST = " Everything else 1%."


def _of(match: str, quality: str = f"({_ERRORS})") -> str:
    return f"any({match} && {quality})"


_CART, _CHECKOUT = "service == 'cart'", "service == 'checkout'"
_BOTH = "service in ['cart', 'checkout']"
_CART_ERRORS = ("KeepAll", f"any(({_ERRORS}) && {_CART})")
_BOTH_ERRORS = ("KeepAll", f"any(({_ERRORS}) && {_BOTH})")
_A_OR_B = "http.route in ['/a', '/b']"
_PING = "any(http.route == '/ping') && {}(http.status >= 500 || error == true)"
_READY = _PING.replace("/ping", "/ready")

# What was named before, and what is left of it.
OF_WHAT = (
    ("Keep errors of the cart service. Its other traffic 5%.",
     _CART_ERRORS, ("KeepOneIn 20", _CART)),
    ("Keep errors of the cart service. Sample the rest of its traffic at 5%.",
     _CART_ERRORS, ("KeepOneIn 20", _CART)),
    ("Keep errors of the cart service. Its healthy traffic 5%.",
     _CART_ERRORS, ("KeepOneIn 20", f"any({_CART}) && none({_ERRORS})")),
    ("Keep errors of the cart service. Also keep its slow requests, i.e. those over 2s.",
     _CART_ERRORS, ("KeepAll", f"any({_CART} && duration > 2s)")),
    ("Keep errors of the services cart and checkout. Of their other traffic 5%.",
     _BOTH_ERRORS, ("KeepOneIn 20", _BOTH)),
    ("Keep errors of the services cart and checkout. Whatever is left of those two services 5%.",
     _BOTH_ERRORS, ("KeepOneIn 20", _BOTH)),
    ("Keep errors of the cart service. Same for the checkout service. 5% of the rest of both.",
     _CART_ERRORS, ("KeepAll", f"any(({_ERRORS}) && {_CHECKOUT})"), ("KeepOneIn 20", _BOTH)),
    ("Noisy routes are /a and /b. Sample those at 5%; errors from either are kept.",
     ("KeepAll", f"any(({_ERRORS}) && {_A_OR_B})"), ("KeepOneIn 20", _A_OR_B)),
    ("Our noisy routes are /a and /b. Keep their errors, drop everything else there.",
     ("KeepAll", f"any({_A_OR_B} && ({_ERRORS}))"), ("DropAll", _A_OR_B)),
    ("We have two services, cart and checkout. Keep errors of the former and 5% of the latter.",
     _CART_ERRORS, ("KeepOneIn 20", _CHECKOUT)),
    ("We have three routes: /a, /b and /c. The first two are kept, of the third we want 5%.",
     ("KeepAll", _A_OR_B), ("KeepOneIn 20", "http.route == '/c'")),
    ("Services cart and checkout: errors all, of their other traffic 5%.",
     ("KeepAll", _of(_BOTH)), ("KeepOneIn 20", _BOTH)),
    ("The cart service: keep its errors and slow requests (over 2s).",
     ("KeepAll", _of(_CART)), ("KeepAll", _of(_CART, "duration > 2s"))),
)  # fmt: skip
# The same, a part of it, and what is neither.
AS_MUCH = (
    ("/a: 10%. /b: half of that.",
     ("KeepOneIn 10", "http.route == '/a'"), ("KeepOneIn 20", "http.route == '/b'")),
    ("From /a take 10% and half of that from /b.",
     ("KeepOneIn 10", "http.route == '/a'"), ("KeepOneIn 20", "http.route == '/b'")),
    ("Sample /a at 10% and /b at twice that rate.",
     ("KeepOneIn 5", "http.route == '/b'"), ("KeepOneIn 10", "http.route == '/a'")),
    ("Drop /ping unless it fails; same with /ready.",
     ("KeepAll", _PING.format("any")), ("KeepAll", _READY.format("any")),
     ("DropAll", _PING.format("none")), ("DropAll", _READY.format("none"))),
    ("For the cart service: errors all, 10% of the rest. The same for the checkout service.",
     ("KeepAll", _of(_CART)), ("KeepAll", _of(_CHECKOUT)),
     ("KeepOneIn 10", _CART), ("KeepOneIn 10", _CHECKOUT)),
    ("Requests to /a are kept if they fail, otherwise 5%.",
     ("KeepAll", _of("http.route == '/a'")), ("KeepOneIn 20", "http.route == '/a'")),
    ("/a: if it fails keep it, otherwise 5%.",
     ("KeepAll", _of("http.route == '/a'")), ("KeepOneIn 20", "http.route == '/a'")),
    ("cart service: errors all, the rest 5%. Treat the checkout service like the cart service.",
     ("KeepAll", _of(_CART)), ("KeepAll", _of(_CHECKOUT)),
     ("KeepOneIn 20", _CART), ("KeepOneIn 20", _CHECKOUT)),
    ("Drop /a. /b is treated the same as /a.",
     ("DropAll", "http.route == '/a'"), ("DropAll", "http.route == '/b'")),
    ("Keep errors of the cart service. Same for the checkout service. Their other traffic 5%.",
     _CART_ERRORS, ("KeepAll", f"any(({_ERRORS}) && {_CHECKOUT})"), ("KeepOneIn 20", _BOTH)),
    ("Requests to /a: those over 30s keep, those under that 5%.",
     ("KeepAll", _of("http.route == '/a'", "duration > 30s")),
     ("KeepOneIn 20", "http.route == '/a'")),
    ("tenant.id = acme: errors all, the rest 5%.",
     ("KeepAll", _of("tenant.id == 'acme'")), ("KeepOneIn 20", "tenant.id == 'acme'")),
    ("For the cart service keep errors and anything over 2s.",
     ("KeepAll", _of(_CART)), ("KeepAll", _of(_CART, "duration > 2s"))),
    ("1 in 20 of /a, 1 in 20 of /b. When either of these is slower than 2s, keep it.",
     ("KeepAll", _of(_A_OR_B, "duration > 2s")),
     ("KeepOneIn 20", "http.route == '/a'"), ("KeepOneIn 20", "http.route == '/b'")),
    ("Slow requests (over 2s) to /a are kept. The same for /b, but with 4s.",
     ("KeepAll", "any(duration > 2s && http.route == '/a')"),
     ("KeepAll", "any(duration > 4s && http.route == '/b')")),
    ("cart service: errors all, the rest 10%. The checkout service: the same, but at 5%.",
     ("KeepAll", _of(_CART)), ("KeepAll", _of(_CHECKOUT)),
     ("KeepOneIn 10", _CART), ("KeepOneIn 20", _CHECKOUT)),
    ("Requests to /a: keep 5% of those.", ("KeepOneIn 20", "http.route == '/a'")),
    ("Keep app.plan = pro. Those with app.plan = gold as well.",
     ("KeepAll", "app.plan == 'pro'"), ("KeepAll", "app.plan == 'gold'")),
    ("Keep errors of the services cart and checkout. Take 5% of what else they produce.",
     _BOTH_ERRORS, ("KeepOneIn 20", _BOTH)),
    ("Sample cart service at 5%, its errors are all kept. For the checkout service it is the same.",
     ("KeepAll", _of(_CART)), ("KeepAll", _of(_CHECKOUT)),
     ("KeepOneIn 20", _CART), ("KeepOneIn 20", _CHECKOUT)),
    ("Keep errors from the cart service. Likewise from the checkout service.",
     _CART_ERRORS, ("KeepAll", f"any(({_ERRORS}) && {_CHECKOUT})")),
    ("Drop /a. From /b we want the same.",
     ("DropAll", "http.route == '/a'"), ("DropAll", "http.route == '/b'")),
    ("Cart service: errors all, the rest 5%.", ("KeepAll", _of(_CART)), ("KeepOneIn 20", _CART)),
    ("For the services cart and checkout, keep errors, and 5% of their other traffic.",
     ("KeepAll", _of(_BOTH)), ("KeepOneIn 20", _BOTH)),
    ("/a: 5%. /b: same as /a.",
     ("KeepOneIn 20", "http.route == '/a'"), ("KeepOneIn 20", "http.route == '/b'")),
    ("Of the 4xx, keep 404 and 5% of the others.",
     ("KeepAll", "any(http.status >= 400 && http.status < 500 && http.status == 404)"),
     ("KeepOneIn 20", "any(http.status >= 400 && http.status < 500)")),
    ("Keep errors of the cart service, the same from the checkout service. Of both 5% of the rest.",
     _CART_ERRORS, ("KeepAll", f"any(({_ERRORS}) && {_CHECKOUT})"), ("KeepOneIn 20", _BOTH)),
    ("/a and /b are probes. Get rid of both.", ("DropAll", _A_OR_B)),
    ("The cart service is important. Its errors are kept.", ("KeepAll", _of(_CART))),
    ("Throw away /a. Do likewise with /b.",
     ("DropAll", "http.route == '/a'"), ("DropAll", "http.route == '/b'")),
)  # fmt: skip
OTHERS = (
    "For everything else errors and 1%.", "For all others keep errors and 1% of the remainder.",
    "For any other route all errors and 1% of the normal ones.",
    "All other services: errors and 1%.",
    "For all other services keep their errors and 1% of their other traffic.",
)  # fmt: skip
NEITHER = (
    "Traces that fit neither: 1%.", "Of the ones that are neither 1%.", "What is neither: 1%.",
    "If none of the above applies, 1%.", "Traces to which none of this applies: 1%.",
    "Everything I did not mention: 1%.",
)  # fmt: skip
ASKED = (
    # Of one of two, of neither, or of what was not named.
    "/a 10%, /b 5%, /c 1%. Errors of both are kept.",
    "/a 10%, /b 5%, /c 1%. Errors of those are kept.",
    "/a 10%, /b 5%. Keep the third.",
    "Keep errors of the cart service. Keep errors of the api service. 5% of their other traffic.",
    "Keep errors of the services cart and checkout. Its other traffic 5%.",
    "Keep errors of services cart and checkout. Keep the billing service. 5% of the rest of those.",
    "Keep errors and slow requests (over 2s) of services cart and checkout. Drop the former.",
    "Keep 5% of GET requests to /a. Their errors are kept.",
    "Drop /healthz. Its other traffic 5%.",
    "Keep errors of that service.",
    "Keep errors there.",
    # Facts, negations, quantities, conditions.
    "Keep errors of the cart service. Its other traffic is small.",
    "Keep errors of the cart service. Most of its other traffic can go.",
    "Keep errors of the cart service. Its recent requests too.",
    "Keep errors of the cart service. Not its slow requests over 2s.",
    "Keep errors of the cart service. If its queue is full, keep everything.",
    "Those two services are noisy.",
    # Half of what?
    "Keep /a. Half of that from /b.",
    "Drop 10% of /a and half of that of /b.",
    "From /a take 10%. Half of that is /b.",
    "Keep 60% of /a, twice that of /b.",
    "Keep 10% of /a. The cart service gets twice as many requests.",
    # The same as what?
    "Keep errors of the cart service. Keep its slow calls over 2s. The same for the api service.",
    "For the cart service: errors all, 10% of the rest. Not the same for the checkout service.",
    "For the cart service: errors all, the rest 10%. Same for the api service if it is down.",
    "Drop /ping unless it fails; same with recent ones.",
    "Keep it if it fails, otherwise 5%.",
    "Drop /a. Treat /b almost like /a.",
    "Drop /a. Do not treat /b like /a.",
    "Drop /a. Treat /b like /a if it is down.",
    "Drop /a. Customers treat /b like /a.",
    "Drop /a. Treat /c like /b.",
    "Keep errors. Anything below that 5%.",
    "Keep traces over 5s. Below that it is noise.",
    "Noisy routes are /a and /b. When both of these fail, keep it.",
    "Noisy routes are /a and /b. When either of these is down, keep it.",
    "For the cart service keep errors and drop /healthz.",
    "For the cart service keep recent errors.",
    "For the cart service keep errors. The rest 10%.",
    "In the cart service errors are rare.",
    "Some of /a and /b are noise. Drop them.",
    "Of the 4xx, keep 500.",
    "Keep errors of the cart service. Drop /ping. Its slow requests (over 2s) are kept.",
    "Of the 4xx, keep only 429 in full, drop /a.",
    "Drop /a. Keep the same for /b.",
    "Drop /a. /b never the same.",
    "/b: never half.",
    "Keep 5% of the cart service. For all others keep its errors and 1%.",
    "Slow requests (over 2s) to /a are kept. The same for /b, but with 4 spans.",
    "Slow requests (over 2s) to /a are kept. The same for /b, but not over 4s.",
    "Errors of /a are kept. The same for /b, but at 10%.",
    "Keep 5% of /a. The same for /b, but at 10% in staging.",
    "Keep errors. Those of /a at 5% as well.",
    "Keep errors of /a. Keep those of /b as well.",
    "404s: 5% of those on /a.",
    "Of the 4xx, drop /healthz.",
    "Drop /a. /b: same as before.",
    "Drop /a. Do that for /b tomorrow.",
    "Drop /a except POST requests, which are kept unless they take over 2s.",
    "Keep errors of /a. From both I want 10% of the rest.",
    "For route /login: keep failures, and drop /healthz.",
)


@pytest.mark.parametrize("row", [*OF_WHAT, *AS_MUCH], ids=lambda row: row[0])
def test_references_stand_for_what_was_said(row: tuple[str, *tuple[tuple[str, str], ...]]) -> None:
    text, *clauses = row

    assert clauses_of(text + _REST) == tuple(clauses)


@pytest.mark.parametrize("rest", OTHERS)
def test_errors_and_a_share_of_all_others(rest: str) -> None:
    assert clauses_of(f"Keep /a. {rest}") == (
        ("KeepAll", _ERRORS),
        ("KeepAll", "http.route == '/a'"),
    )


@pytest.mark.parametrize("rest", NEITHER)
def test_what_is_neither_is_the_rest(rest: str) -> None:
    found = clauses_of(f"Keep errors and anything over 2s. {rest}")

    assert found == (("KeepAll", _ERRORS), ("KeepAll", "duration > 2s"))


@pytest.mark.parametrize("text", ASKED)
def test_references_to_several_things_or_to_none_are_asked_about(text: str) -> None:
    assert isinstance(read(text + _REST), Asks)
