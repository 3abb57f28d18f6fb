"""A policy's page from visit to visit, in force, on paper, and with a register beside it."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest
import segno
from bs4 import BeautifulSoup
from tests.readers import ADDRESS, FOR_STAFF, POLICY, choose, reading, shown
from tests.trusts import MASTER, Trust, ratified_trust

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser
    from tests.conftest import ExampleSites


@pytest.fixture
def start(example_sites: ExampleSites) -> str:
    """Where a school's policy stands on the disk; the policy is for everybody there."""
    return f"{example_sites.site.as_uri()}/thornbeck/{POLICY}"


# -- what is new since the last visit ------------------------------------------------------


@pytest.fixture
def trust(tmp_path: Path, example_sites: ExampleSites) -> Trust:
    """A small trust with version 1 in force at its school, and its site."""
    trust = ratified_trust(tmp_path)
    shutil.copy(example_sites.root / "mkdocs.yml", trust.root)
    sites = "sites: https://f.example.org\n"
    trust.edit("policy_source/trust.yml", "name: Lowland", f"{sites}name: Lowland")
    trust.build("2026-11-20")
    return trust


@pytest.mark.browser
def test_what_changed_since_the_last_visit_is_marked_until_it_is_read(
    browser: Browser, trust: Trust
) -> None:
    address = f"{trust.root.as_uri()}/site/hill/policies/online.html"
    with reading(browser, address) as page:
        told = page.locator(".cb-since")
        assert "next visit" in told.inner_text()
        assert page.locator(".cb-new").count() == 0
        page.reload()
        assert told.inner_text() == "Nothing has changed since you were last here."
        trust.edit(MASTER, "- answer", "- lock their screens; {#on-9}\n- answer")
        trust.edit(MASTER, "at lunch", "at break")
        trust.note("trust", "on-9,on-6")
        trust.ratify("trust", "2", "2026-06-01")
        trust.ratify("hill", "2", "2026-06-02")
        trust.build("2026-11-20")
        for _ in range(2):  # it is still new when the page is read again
            page.reload()
            assert "2 clauses are new or changed: 1.2(b), 1.3." in told.inner_text()
            assert page.locator("#on-9 .cb-new").inner_text() == "New since you were last here"
            assert page.locator("#on-6 .cb-new").inner_text() == "Changed since you were last here"
            assert page.locator(".cb-new").count() == 2  # another number alone is no news
        page.get_by_role("button", name="I have read this").click()
        assert page.locator(".cb-new").count() == 0
        page.reload()
        assert told.inner_text() == "Nothing has changed since you were last here."


@pytest.mark.browser
def test_a_browser_that_keeps_nothing_reads_all_the_same(browser: Browser, start: str) -> None:
    with browser.new_context() as context:
        context.add_init_script(
            "Object.defineProperty(window, 'localStorage',"
            " { get() { throw new DOMException('no', 'SecurityError'); } });"
        )
        page = context.new_page()
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(start)
        assert "keeps nothing" in page.locator(".cb-since").inner_text()
        choose(page, "pupils")
        assert not shown(page, FOR_STAFF)
        assert wrong == []


# What moved: for each thing, where it was and where it went.
SHIFTS = """() => new Promise(done => {
    const moved = [];
    new PerformanceObserver(list => {
        for (const { sources } of list.getEntries()) for (const each of sources) {
            const [was, is] = [each.previousRect, each.currentRect];
            moved.push([each.node?.outerHTML?.slice(0, 80), was.x, was.y, is.x, is.y]);
        }
    }).observe({ type: "layout-shift", buffered: true });
    setTimeout(() => done(moved), 400);
})"""


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_moves_while_a_page_opens(browser: Browser, start: str, width: int) -> None:
    with reading(browser, start) as page:
        page.set_viewport_size({"width": width, "height": 844})
        choose(page, "pupils")
        page.evaluate(
            """() => {
                const key = Object.keys(localStorage).find(each => each.includes("read"));
                const kept = JSON.parse(localStorage[key]);
                for (const id of ["sm-3", "sm-13", "sm-65", "sm-66"]) kept.clauses[id] = "";
                localStorage[key] = JSON.stringify(kept);
            }"""
        )
        page.goto("about:blank")
        page.goto(start)
        assert page.locator(".cb-new").count() == 4
        assert page.evaluate(SHIFTS) == []


# -- what needs no browser -----------------------------------------------------------------


def test_the_version_in_force_leads_to_the_register(example_sites: ExampleSites) -> None:
    folder = example_sites.site / "thornbeck" / "policies"
    links = BeautifulSoup((folder / "social-media.html").read_text(), "html5lib").select(
        "a.cb-confirm"
    )
    assert [link["href"] for link in links] == [
        "https://forms.tidewell.example.org/read?school=thornbeck&policy=social-media&version=3"
    ]
    assert links[0].get_text() == "Confirm that you have read version 3"
    assert "cb-confirm" not in (folder / "social-media" / "versions" / "v2.html").read_text()


def test_paper_leads_to_the_page_in_force(example_sites: ExampleSites) -> None:
    page = (example_sites.site / "thornbeck" / POLICY).read_text()
    figure = BeautifulSoup(page, "html5lib").select_one("figure.cb-qr")
    assert figure is not None
    assert ADDRESS in figure.get_text()
    drawn = [
        re.search(r' d="([^"]+)"', code.svg_inline(omitsize=True, border=4))
        for code in (segno.make(ADDRESS, error="m", micro=False, mask=mask) for mask in range(8))
    ]
    path = figure.select_one("path")
    assert path is not None
    assert path["d"] in [found[1] for found in drawn if found], "under one of the eight masks"


def test_an_old_version_on_paper_leads_to_the_page_in_force_too(
    example_sites: ExampleSites,
) -> None:
    folder = example_sites.site / "thornbeck" / "policies"
    old = (folder / "social-media" / "versions" / "v1.html").read_text()
    figures = [BeautifulSoup(old, "html5lib").select_one("figure.cb-qr")]
    figures.append(BeautifulSoup((folder / "social-media.html").read_text(), "html5lib").figure)
    assert figures[0] == figures[1]
    assert 'content: "Social media policy, version 1, Thornbeck Junior School"' in old


def test_a_trust_without_addresses_has_neither(trust: Trust) -> None:
    trust.edit("policy_source/trust.yml", "sites: https://f.example.org\n", "")
    trust.build("2026-11-20")
    page = trust.read("site/hill/policies/online.html")
    assert "cb-qr" not in page
    assert "cb-confirm" not in page


def test_the_first_line_says_plainly_how_things_stand(trust: Trust) -> None:
    page = "site/hill/policies/online.html"

    def status() -> str:
        found = BeautifulSoup(trust.read(page), "html5lib").select("h1 + .cb-status")
        return " ".join(found[0].get_text().split())

    assert status() == (
        "Version 1, in force since 20 May 2026. No date is set for the next review. History"
    )
    trust.edit(MASTER, "at lunch", "at break")
    trust.note("trust", "on-6")
    trust.ratify("trust", "2", "2026-06-01")
    days = ("--effective", "2027-01-01", "--next-review", "2026-12-01")
    trust.ratify("hill", "2", "2026-06-02", *days)
    trust.build("2026-11-20")
    assert "Version 2 takes its place on 1 January 2027." in status()
    trust.build("2027-02-01")
    assert "The review was due on 1 December 2026 and is overdue." in status()
