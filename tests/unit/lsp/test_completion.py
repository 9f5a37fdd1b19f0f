"""What completion offers, and what taking it writes."""

from __future__ import annotations

import pytest

from nectarc_lsp.features.completion.complete import complete
from nectarc_lsp.features.completion.documentation import documentation
from nectarc_lsp.features.completion.offers import Kind, Offer, Stop, snippet_of, text_of
from tests.unit.lsp.test_completion_everywhere import accepted
from tests.unit.lsp.views_of import at_cursor, schema_of

SCHEMA = schema_of(
    http__response__status_code=("int", 63, ("200", "503")),
    http__route=("string", 20, ("/", "/it's", "/a,b")),
    duration_ms=("int", 99, ("12", "5100")),
    service__name=("string", 98, ("shop", "cart")),
    error=("bool", 3, ("true",)),
    duration=("float", 2, ("1.5",)),
    app__count=("int", 10, ("1", "7")),
)
HEAD = "version: 1\nname: x\nrules[2]{name,match,action,priority}:\n"
REST = "  rest,true,sample(1/100),0\n"


def offers(text: str, name: str = "policy.toon", *, is_ingested: bool = True) -> tuple[Offer, ...]:
    """Return what is offered at the cursor, in the order that editors show it."""
    view, offset = at_cursor(text, name, SCHEMA if is_ingested else None)
    found = complete(view, offset).offers
    return tuple(sorted(found, key=lambda one: one.rank))


def labels(text: str, name: str = "policy.toon") -> list[str]:
    """Return the labels of what is offered at the cursor."""
    return [one.label for one in offers(text, name)]


def rule(match: str, action: str = "keep") -> str:
    """Return a policy with a rule of that match and action."""
    return f"{HEAD}  new,{match},{action},10\n{REST}"


def taken(text: str, label: str, name: str = "policy.toon") -> str:
    """Return the text after the offer of that label is taken."""
    one = next(offer for offer in offers(text, name) if offer.label == label)
    return accepted(text.replace("‸", "", 1), one)


# ---- matches


def test_fields_come_in_order_of_interest_with_type_and_share() -> None:
    declared = "fields[1]{name,type,from}:\n  tier,string,app.tier\n"
    found = offers(rule("‸") + declared)

    fields = [one for one in found if one.kind is Kind.FIELD]
    assert [one.label for one in fields] == [
        "tier", "http.status", "duration", "service", "duration_ms", "service.name",
        "http.response.status_code", "http.route", "app.count", "error", "`duration`",
    ]  # fmt: skip
    status = fields[1]
    assert (status.detail, status.description) == ("int", "63 % of spans, 2 values")
    assert fields[0].description == "declared in `fields`"


def test_conventions_are_offered_once_something_is_typed() -> None:
    assert "db.system.name" not in labels(rule("‸"))
    assert "db.system.name" in labels(rule("db.sys‸"))


def test_without_a_corpus_conventions_are_all_there_is() -> None:
    found = [one.label for one in offers(rule("‸"), is_ingested=False)]

    assert found[:5] == ["http.status", "duration", "service", "http.route", "service.name"]
    assert len(found) > 50


def test_a_field_that_is_typed_is_not_offered_for_being_there() -> None:
    assert "our.new" not in labels(rule("our.new‸ == 1"))
    assert "our.new" in labels(rule("any(our.new == 1 || our.new‸)"))


def test_fields_that_other_rules_read_come_before_conventions() -> None:
    rules = HEAD + "  old,any(`our field` == 1 && grpc.kind == 2),keep,11\n  new,‸,keep,10\n" + REST

    found = [one for one in offers(rules, is_ingested=False) if one.kind is Kind.FIELD]

    assert {one.label for one in found[3:5]} == {"`our field`", "grpc.kind"}
    assert found[3].description == "read by this policy"


@pytest.mark.parametrize(
    ("match", "label", "written"),
    [
        ("http.st‸ >= 500", "http.status", "http.status >= 500"),
        ("ht‸tp.status >= 500", "http.route", "http.route >= 500"),
        ("root.ht‸ == 'x'", "root.http.route", "root.http.route == 'x'"),
        ("any(dur‸ > 5)", "`duration`", "any(`duration` > 5)"),
        ("`du‸", "`duration`", "`duration`"),
        ("exists(‸)", "error", "exists(error)"),
        ("http.status ‸", ">=", "http.status >= "),
        ("http.status =‸= 5", ">=", "http.status >= 5"),
        ("span_count ‸ 5", ">", "span_count > 5"),
        ("any(http.route not ‸)", "in", "any(http.route not in [])"),
        ("service == ‸", "'cart'", "service == 'cart'"),
        ("service == '‸'", "'cart'", "service == 'cart'"),
        ("service == 'ca‸rt' && x", "'shop'", "service == 'shop' && x"),
        ("error ‸", "&&", "error && "),
        ("error &‸", "&&", "error && "),
        ("duration > 3‸", "3s", "duration > 3s"),
        ("sp‸ > 5", "span_count", "span_count > 5"),
        ("a‸(error)", "any", "any(error)"),
        ("t‸", "true", "true"),
        ("error = ‸", "true", "error = true"),
    ],
)
def test_taking_an_offer_replaces_the_token_that_is_typed(
    match: str, label: str, written: str
) -> None:
    assert taken(rule(match), label) == rule(written)


@pytest.mark.parametrize(
    ("match", "label", "written"),
    [
        ("http.route == ‸", "'/a,b'", "\"http.route == '/a,b'\""),
        ("any(http.route == ‸ && error)", "'/a,b'", "\"any(http.route == '/a,b' && error)\""),
        ("http.route == ‸", '"/it\'s"', '"http.route == \\"/it\'s\\""'),
        ('"http.route == ‸"', '"/it\'s"', '"http.route == \\"/it\'s\\""'),
        ("http.status in [200, ‸]", "503", '"http.status in [200, 503]"'),
    ],
)
def test_a_cell_is_quoted_where_what_is_written_needs_it(
    match: str, label: str, written: str
) -> None:
    assert taken(rule(match), label) == rule(written)


def test_the_cursor_stays_inside_of_new_quotes() -> None:
    one = next(o for o in offers(rule("http.route == ‸")) if o.label == "'/a,b'")

    assert snippet_of(one.template) == "'/a,b'$0\""


def test_a_table_with_another_delimiter_needs_no_quotes() -> None:
    text = "version: 1\nrules[1|]{name|match|action|priority}:\n  a|http.route == ‸|keep|1\n"

    assert taken(text, "'/a,b'") == text.replace("‸", "'/a,b'")


@pytest.mark.parametrize(
    ("match", "has", "lacks"),
    [
        ("http.status ‸", {">=", "in", "=="}, {"contains", "!=", "not in", "matches"}),
        ("any(http.status ‸", {"!=", "not in"}, {"contains"}),
        ("root.http.status ‸", {"!=", "not in"}, {"contains"}),
        ("service ‸", {"==", "contains", "matches", "in"}, {"!=", "not contains"}),
        ("error ‸", {"==", "&&", "||"}, {"in", "<", "contains"}),
        ("span_count ‸", {">", "!="}, {"in", "&&"}),
        ("unknown.name ‸", {"==", "<", "contains", "in"}, {"!="}),
        ("duration > 5s ‸", {"&&", "||"}, {"==", ">"}),
        ("any(‸)", {"is_root", "exists"}, {"any", "has_root", "span_count"}),
        ("‸", {"any", "all", "none", "has_root", "span_count", "true"}, {"is_root"}),
        ("error && ‸", {"any", "http.status"}, {"true"}),
        ("exists(‸", {"error", "root."}, {"any", "exists", "true"}),
        ("http.status in [‸", {"200", "503", "500"}, {"http.status", "]"}),
        ("http.status in [200 ‸", {",", "]"}, {"503"}),
        ('"http.status in [200, ‸]"', {"503", "500"}, {"200"}),
        ("duration > ‸", {"10ms", "50s"}, {"1h", "'x'"}),
        ("http.route starts_with ‸", {"'/'"}, {"200"}),
        ("app.count == ‸", {"1", "7"}, {"true"}),
        ("http.status and duration > ‸", {"10ms"}, {"200"}),
    ],
)
def test_only_what_fits_grammar_type_and_level_is_offered(
    match: str, has: set[str], lacks: set[str]
) -> None:
    found = set(labels(rule(match)))

    assert has <= found
    assert not lacks & found


def test_a_pattern_is_escaped() -> None:
    assert "'^/$'" in labels(rule("http.route matches ‸"))


def test_quantifiers_are_snippets() -> None:
    one = next(o for o in offers(rule("an‸")) if o.label == "any")

    assert snippet_of(one.template) == "any(${1})"
    assert one.asks_again


# ---- actions


@pytest.mark.parametrize(
    ("action", "label", "written"),
    [
        ("‸", "keep", "keep"),
        ("sa‸", "sample", "sample(1/20)"),
        ("sa‸(0.1)", "sample", "sample(0.1)"),
        ("sample(‸)", "1/100", "sample(1/100)"),
        ("sample(1/‸)", "50", "sample(1/50)"),
        ("dyn‸", "dynamic", '"dynamic(sample_rate: 10, fields: [http.route, service.name])"'),
        ('"dynamic(‸)"', "sample_rate", '"dynamic(sample_rate: 10)"'),
        ('"dynamic(sample_rate: ‸)"', "20", '"dynamic(sample_rate: 20)"'),
        ('"dynamic(fields: [‸])"', "error", '"dynamic(fields: [error])"'),
        ('"dynamic(fields: [root.e‸])"', "root.error", '"dynamic(fields: [root.error])"'),
        ('"dynamic(fields: [a], max‸: 3)"', "max_keys", '"dynamic(fields: [a], max_keys: 3)"'),
    ],
)
def test_actions_and_parameters_are_written(action: str, label: str, written: str) -> None:
    assert taken(rule("error", action), label) == rule("error", written)


def test_parameters_that_are_given_are_not_offered_again() -> None:
    text = rule("error", '"ema_dynamic(‸, fields: [name], weight: 0.1)"')

    found = offers(text)

    assert found[0].label == "goal_sample_rate"
    assert found[0].description == "must be given"
    assert not {"fields", "weight"} & {one.label for one in found}
    burst = next(one for one in found if one.label == "burst_multiple")
    assert (burst.detail, burst.description) == (": float", "default 2")


def test_fields_of_a_key_are_offered_once() -> None:
    found = labels(rule("error", '"dynamic(sample_rate: 2, fields: [error, ‸])"'))

    assert "error" not in found
    assert "http.route" in found


def test_deterministic_is_for_a_sole_rule() -> None:
    sole = "version: 1\nrules[1]{name,match,action,priority}:\n  a,true,‸,1\n"

    assert "deterministic" in labels(sole)
    assert "deterministic" not in labels(rule("error", "‸"))


# ---- documentation, texts with stops


@pytest.mark.parametrize(
    ("text", "label", "words"),
    [
        (rule("‸"), "http.status", "63 % of spans"),
        (rule("‸"), "any", "one and the same span"),
        (rule("http.status ‸"), ">=", "At least"),
        (rule("error", "‸"), "ema_dynamic", "EMADynamicSampler"),
        (rule("error", '"dynamic(‸)"'), "max_keys", "MaxKeys"),
        (HEAD + REST + "tests[1]:\n  - name: a\n    expect: ‸\n", "rest", "rest"),
        (HEAD + REST + "‸", "fields", "Declares names"),
    ],
)
def test_documentation_says_what_an_offer_means(text: str, label: str, words: str) -> None:
    one = next(offer for offer in offers(text) if offer.label == label)
    view, _ = at_cursor(text, schema=SCHEMA)

    assert one.topic is not None
    assert words in documentation(view, one.topic)


def test_a_snippet_escapes_what_the_syntax_wants() -> None:
    template = ("a}$", Stop(1, "x}"), "\\", Stop(2, "p", ("p", "q,r|")), Stop(0))

    assert snippet_of(template) == "a\\}\\$${1:x\\}}\\\\${2|p,q\\,r\\||}$0"
    assert text_of(template) == "a}$x}\\p"


@pytest.mark.parametrize(
    ("match", "missing"),
    [
        ("service ‸== 'x'", "&&"),
        ("http.status >=‸ 500", "503"),
        ("service == 'x' && ‸ error", "http.status"),
        ("‸any(error && service == 'x')", "exists"),
    ],
)
def test_nothing_is_offered_before_what_makes_a_mistake_of_it(match: str, missing: str) -> None:
    assert missing not in labels(rule(match))


def test_fields_that_fit_the_literal_behind_the_operator_come_first() -> None:
    found = [one for one in offers(rule("any(‸ == 'x')")) if one.kind is Kind.FIELD]

    assert [one.label for one in found[:3]] == ["service", "service.name", "http.route"]


@pytest.mark.parametrize(
    ("match", "label", "written"),
    [
        ("service ‸== 'x'", "starts_with", "service starts_with 'x'"),
        ("http.status ‸>= 500", "<", "http.status < 500"),
        ("‸duration > 5s && has_root", "any", "any(duration > 5s) && has_root"),
        (
            "has_root && a‸service == 'a' || error",
            "none",
            "has_root && none(service == 'a') || error",
        ),
    ],
)
def test_what_stands_behind_the_cursor_is_replaced_or_taken_in(
    match: str, label: str, written: str
) -> None:
    assert taken(rule(match), label) == rule(written)
