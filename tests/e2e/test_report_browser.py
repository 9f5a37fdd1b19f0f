"""The HTML report in a real headless browser: wide and light, dark, on a phone.

Pages are made by `nectarc explain` itself, in this process, each once for all tests.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import pytest

from nectarc.cli.main import main
from nectarc.waggle.words import amount_words, percent_words
from tests.browser import LOOKS, Visit, browser
from tests.e2e.report_pages import COUNTED, PAGES, words_of

SIZE_MAX: Final = 1_000_000


@pytest.fixture(scope="module")
def visit() -> Iterator[Visit]:
    with browser() as started:
        page = started.new_page()
        yield Visit(page)


@pytest.fixture(scope="module")
def page_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return what makes a page, and beside it the same report as JSON, the first time."""
    folder = tmp_path_factory.mktemp("reports")

    def made(name: str) -> Path:
        page = folder / f"{name}.html"
        if not page.exists():
            words = words_of(name, folder / f"{name}-of")
            outputs = [page, page.with_suffix(".json")] if name in COUNTED else [page]
            for output in outputs:
                assert main(["explain", *words, "-o", str(output), "-q"]) == 0
        return page

    return made


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", [name for name in PAGES if name != "200-rules"])
def test_the_page_is_accessible_quiet_and_whole(
    name: str, look: str, page_of: Callable[[str], Path], visit: Visit
) -> None:
    page = page_of(name)

    visit.show(page, LOOKS[look])
    # Long tables take axe a while; in every look those of one page are enough.
    if look == "light" or name == "shop":
        visit.open_all()

    assert visit.violations() == []
    assert visit.console == []
    assert visit.requests == [page.as_uri()]
    visit.open_all()
    assert visit.overflow() == 0


def test_200_rules_are_accessible_quiet_and_whole(
    page_of: Callable[[str], Path], visit: Visit
) -> None:
    # All that is folded away is as in other pages, and takes axe 20 s.
    page = page_of("200-rules")

    visit.show(page, LOOKS["phone"])

    assert visit.violations() == []
    assert visit.overflow() == 0
    assert visit.console == []
    assert visit.requests == [page.as_uri()]


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_small(name: str, page_of: Callable[[str], Path]) -> None:
    assert page_of(name).stat().st_size < SIZE_MAX


@pytest.mark.parametrize("name", ["shop", "hostile"])
def test_the_page_is_the_same_each_time(
    name: str, page_of: Callable[[str], Path], tmp_path: Path
) -> None:
    page = page_of(name)
    again = tmp_path / "again.html"

    status = main(["explain", *words_of(name, tmp_path / "of"), "-o", str(again), "-q"])

    assert status == 0
    made = again.read_text(encoding="utf-8").replace(str(tmp_path / "of"), "FOLDER")
    assert made == page.read_text(encoding="utf-8").replace(
        str(page.parent / f"{name}-of"), "FOLDER"
    )


@pytest.mark.parametrize("name", COUNTED)
def test_the_page_says_the_numbers_of_the_json(
    name: str, page_of: Callable[[str], Path], visit: Visit
) -> None:
    page = page_of(name)
    found = json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))
    reports: list[dict[str, Any]] = [found] if "rules" in found else list(found.values())

    visit.show(page, LOOKS["light"])

    figures = visit.page.locator(".figure.kept .value").all_inner_texts()
    assert [_said(one).removeprefix("at most ") for one in figures] == [
        percent_words(one["kept"]["share_of_events"]["value"]) for one in reports
    ]
    tables = visit.page.locator(".about-flow table")
    for number, report in enumerate(reports):
        rows = tables.nth(number).locator("tbody tr")
        told = [
            [_said(cell) for cell in rows.nth(row).locator("th, td").all_text_contents()]
            for row in range(rows.count())
        ]
        assert [[row[2], row[6], row[7]] for row in told] == [
            [
                amount_words(rule["reaching"]["events"]),
                amount_words(rule["lost_events"]),
                amount_words(rule["left"]["events"]),
            ]
            for rule in report["rules"]
        ]


def _said(words: str) -> str:
    return words.replace("\u00a0", " ")


@pytest.mark.parametrize("name", ["shop", "rules-file", "hostile", "no-corpus"])
def test_headings_go_down_one_by_one_and_ids_are_unique(
    name: str, page_of: Callable[[str], Path], visit: Visit
) -> None:
    visit.show(page_of(name), LOOKS["light"])

    levels: list[int] = visit.page.evaluate(
        "[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(one => Number(one.tagName[1]))"
    )
    ids: list[str] = visit.page.evaluate(
        "[...document.querySelectorAll('[id]')].map(one => one.id)"
    )

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("look", ["light", "phone"])
def test_the_keyboard_reaches_everything_and_shows_where_it_is(
    look: str, page_of: Callable[[str], Path], visit: Visit
) -> None:
    visit.show(page_of("shop"), LOOKS[look])
    wanted = visit.page.locator("a[href], summary").count()

    reached: list[list[str]] = []
    for _ in range(wanted):
        visit.page.keyboard.press("Tab")
        reached.append(
            visit.page.evaluate(
                "[document.activeElement.tagName, getComputedStyle(document.activeElement)"
                ".outlineStyle, String([...document.querySelectorAll('*')]"
                ".indexOf(document.activeElement))]"
            )
        )

    assert {tag for tag, _, _ in reached} == {"A", "SUMMARY"}
    assert {style for _, style, _ in reached} == {"solid"}
    assert len({place for _, _, place in reached}) == wanted


def test_enter_opens_what_is_folded_away(page_of: Callable[[str], Path], visit: Visit) -> None:
    visit.show(page_of("shop"), LOOKS["light"])
    table = visit.page.locator(".about-flow table")
    assert not table.is_visible()

    visit.page.locator(".about-flow summary").focus()
    visit.page.keyboard.press("Enter")

    assert table.is_visible()


def test_the_skip_link_leads_to_the_report(page_of: Callable[[str], Path], visit: Visit) -> None:
    visit.show(page_of("shop"), LOOKS["light"])

    visit.page.keyboard.press("Tab")
    visit.page.keyboard.press("Enter")

    assert visit.page.evaluate("document.activeElement.id") == "report"


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_somewhere_in_the_page(
    name: str, page_of: Callable[[str], Path], visit: Visit
) -> None:
    visit.show(page_of(name), LOOKS["light"])

    lost: list[str] = visit.page.evaluate(
        "[...document.querySelectorAll('a')].map(one => one.getAttribute('href'))"
        ".filter(href => !(href[0] === '#' && document.getElementById(href.slice(1))))"
    )

    assert lost == []


def test_hostile_names_are_words(page_of: Callable[[str], Path], visit: Visit) -> None:
    page = page_of("hostile")

    visit.show(page, LOOKS["light"])

    assert visit.page.locator("script, img, b").count() == 0
    text = visit.page.inner_text("main")
    assert "<script>alert(1)</script>" in text
    assert "</style></title></svg><h1>" in text
    assert "🐝🍯 honey" in text
    assert "עברית" in text
    assert "\u202e" not in text


def test_dark_mode_paints_charts_anew(page_of: Callable[[str], Path], visit: Visit) -> None:
    paints: dict[str, list[str]] = {}
    for look in ("light", "dark"):
        visit.show(page_of("shop"), LOOKS[look])
        paints[look] = visit.page.evaluate(
            "['.chart .f-kept', '.chart text', 'body', 'section'].map(one => {"
            "const style = getComputedStyle(document.querySelector(one));"
            "return one[0] === '.' ? style.fill : style.backgroundColor})"
        )

    assert all(one != other for one, other in zip(*paints.values(), strict=True))


@pytest.mark.parametrize(("look", "shown"), [("light", "wide"), ("phone", "narrow")])
def test_one_drawing_of_each_chart_is_shown(
    look: str, shown: str, page_of: Callable[[str], Path], visit: Visit
) -> None:
    visit.show(page_of("shop"), LOOKS[look])

    charts = visit.page.locator("svg.chart:visible")

    assert charts.count() == 4
    assert all(shown in (one.get_attribute("class") or "") for one in charts.all())
    assert all(one.get_attribute("role") == "img" for one in charts.all())


def test_no_label_of_a_chart_runs_into_another(
    page_of: Callable[[str], Path], visit: Visit
) -> None:
    for name in ("shop", "train-ticket", "200-rules", "hostile"):
        for look in ("light", "phone"):
            visit.show(page_of(name), LOOKS[look])
            touching: list[str] = visit.page.evaluate(
                """() => [...document.querySelectorAll('svg.chart')]
                    .filter(svg => svg.checkVisibility()).flatMap(svg => {
                    const found = [...svg.querySelectorAll('text')].map(
                        one => [one.getBoundingClientRect(), one.textContent]);
                    return found.flatMap(([a, said], i) => found.slice(i + 1).filter(
                        ([b]) => a.left < b.right && b.left < a.right
                            && a.top + 3 < b.bottom && b.top + 3 < a.bottom
                    ).map(([, other]) => `${said} | ${other}`));
                })"""
            )
            assert touching == [], (name, look)


def test_twice_as_large_text_fits_a_phone(page_of: Callable[[str], Path], visit: Visit) -> None:
    visit.show(page_of("shop"), LOOKS["phone"])

    visit.page.evaluate("document.documentElement.style.fontSize = '200%'")
    visit.open_all()

    assert visit.overflow() == 0


def test_print_is_on_white_without_links(page_of: Callable[[str], Path], visit: Visit) -> None:
    visit.show(page_of("shop"), LOOKS["light"])

    visit.page.emulate_media(media="print", color_scheme="dark")

    ground: str = visit.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(255, 255, 255)"
    assert not visit.page.locator("nav.contents").is_visible()
    assert visit.page.locator("h1").is_visible()
    visit.page.emulate_media(media="screen")


def test_without_traces_the_page_says_how_to_load_some(
    page_of: Callable[[str], Path], visit: Visit
) -> None:
    visit.show(page_of("no-corpus"), LOOKS["light"])

    text = visit.page.inner_text("main")

    assert "nectarc ingest FILE..." in text
    assert "Keeps all traces in which some span has http.status" in text
    assert re.search(r"NaN|None|\binf\b", text) is None


def test_the_page_names_no_place_on_the_web(page_of: Callable[[str], Path]) -> None:
    text = page_of("shop").read_text(encoding="utf-8")

    assert "http://" not in text.replace("http://www.w3.org/2000/svg", "")
    assert "https://" not in text
