"""A policy's page in a real browser: what it helps a reader with, with scripts and without."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from tests.readers import (
    ADDRESS,
    FOR_PUPILS,
    FOR_STAFF,
    POLICY,
    choose,
    label,
    reading,
    shown,
    window,
)

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from tests.conftest import ExampleSites

pytestmark = pytest.mark.browser

OFFICIAL = "sm-14"
"""The clause that defines an official account."""
USES_TERMS = "sm-65"
"""A clause with terms and a cross-reference."""
FOCUSED = "each => document.activeElement === each"


@pytest.fixture
def start(example_sites: ExampleSites) -> str:
    """Where a school's policy stands on the disk; the policy is for everybody there."""
    return f"{example_sites.site.as_uri()}/thornbeck/{POLICY}"


# -- showing what applies to some readers -------------------------------------------------


def test_a_reader_sees_what_applies_to_them_and_can_see_the_rest(
    browser: Browser, start: str
) -> None:
    with reading(browser, start) as page:
        every = page.locator("article .cb-clause:visible").count()
        choose(page, "pupils")
        assert not shown(page, FOR_STAFF)
        assert shown(page, FOR_PUPILS)
        assert page.url.endswith("?for=pupils")
        told = page.locator(".cb-shown").inner_text()
        hidden = every - page.locator("article .cb-clause:visible").count()
        assert hidden > 10
        assert told.startswith(f"{hidden} of {every} clauses hidden.")
        page.get_by_role("button", name="Show all").click()
        assert page.locator("article .cb-clause:visible").count() == every
        assert page.locator(".cb-shown").inner_text() == "Everything is shown."


def test_a_heading_stays_exactly_where_something_under_it_applies(
    browser: Browser, start: str
) -> None:
    with reading(browser, f"{start}?for=pupils") as page:
        headings = page.locator("article h2.cb-clause:visible")
        kept = set(headings.evaluate_all("all => all.map(each => each.id)"))
        assert "sm-170" in kept  # Breaches: some of it is for pupils
        assert "sm-106" not in kept  # Personal use by staff
        visible = page.locator("article .cb-clause:visible").evaluate_all(
            "all => all.map(each => [each.tagName, each.id])"
        )
        assert all(tag != "H2" for tag, _ in visible[-1:])
        pairs = pairwise(visible)
        assert not [one for one, after in pairs if one[0] == after[0] == "H2"]


def test_the_choice_is_remembered_on_other_pages_but_a_link_is_followed_once(
    browser: Browser, start: str
) -> None:
    with reading(browser, f"{start}?for=parents") as page:
        current = page.locator(".cb-for [aria-current]")
        assert current.inner_text().lower() == "parents and carers"
        page.goto(start)
        assert current.inner_text().lower() == "everyone"
        choose(page, "staff")
        page.goto(start.replace("social-media", "acceptable-use"))
        assert current.inner_text().lower() == "staff"
        page.goto(f"{start}?for=everyone")
        assert current.inner_text().lower() == "everyone"
        page.goto(f"{start}?for=nobody")
        assert current.inner_text().lower() == "everyone"
        assert shown(page, FOR_PUPILS)


def test_a_link_to_a_hidden_clause_shows_it(browser: Browser, start: str) -> None:
    with reading(browser, f"{start}?for=pupils#sm-108") as page:
        assert shown(page, "sm-108")
        assert shown(page, "sm-106")  # the heading above it
        assert page.locator("#sm-108").evaluate(
            "each => { const at = each.getBoundingClientRect().top;"
            " return 0 <= at && at < innerHeight; }"
        )
        assert "a link led to it" in page.locator(".cb-shown").inner_text()
        assert not shown(page, FOR_STAFF)
        page.evaluate(f"location.hash = '{FOR_STAFF}'")
        page.locator(f"#{FOR_STAFF}").wait_for(state="visible")


def test_without_scripts_everything_is_there_whatever_the_address_asks(
    browser: Browser, start: str
) -> None:
    with reading(browser, f"{start}?for=pupils", java_script_enabled=False) as page:
        assert shown(page, FOR_STAFF)
        assert not page.locator(".cb-tools").is_visible()
        assert page.locator(f"#{USES_TERMS} .cb-term").first.get_attribute("href") == "#sm-13"
        assert page.locator(f"#{USES_TERMS} .cb-past").count() == 1
        assert page.locator("a.cb-mark").first.get_attribute("href", timeout=1000)
        assert page.locator(".cb-whys").is_hidden()


def test_paper_has_everything(browser: Browser, start: str) -> None:
    with reading(browser, f"{start}?for=pupils") as page:
        page.emulate_media(media="print")
        assert shown(page, FOR_STAFF)
        assert not page.locator(".cb-tools").is_visible()
        assert page.locator(".cb-qr").is_visible()


# -- small windows -------------------------------------------------------------------------


def test_one_tap_on_a_number_copies_its_link(browser: Browser, start: str) -> None:
    with reading(browser, start, permissions=["clipboard-read", "clipboard-write"]) as page:
        label(page, USES_TERMS).click()
        window(page).wait_for()
        assert page.evaluate("navigator.clipboard.readText()") == f"{ADDRESS}#{USES_TERMS}"
        assert "Link copied" in window(page).inner_text()
        assert USES_TERMS in window(page).inner_text()
        past = window(page).get_by_role("link", name="History of this clause")
        assert past.get_attribute("href").endswith(f"social-media/clauses.html#h-{USES_TERMS}")


def test_a_browser_that_does_not_copy_shows_the_link_to_be_copied_by_hand(
    browser: Browser, start: str
) -> None:
    with reading(browser, start) as page:
        page.evaluate(
            "navigator.clipboard.writeText = () => Promise.reject(new Error());"
            "document.execCommand = () => false;"
        )
        label(page, USES_TERMS).click()
        field = window(page).get_by_role("textbox")
        assert field.input_value() == f"{ADDRESS}#{USES_TERMS}"


def test_windows_open_by_keyboard_and_give_the_focus_back(browser: Browser, start: str) -> None:
    with reading(browser, start) as page:
        mark = page.locator("a.cb-mark").first
        for opener in (label(page, USES_TERMS), mark):
            opener.focus()
            page.keyboard.press("Enter")
            window(page).wait_for()
            assert page.locator(".cb-window:focus").count() == 1
            page.keyboard.press("Escape")
            window(page).wait_for(state="hidden")
            assert opener.evaluate(FOCUSED)
            page.keyboard.press("Enter")
            window(page).wait_for()
            for _ in range(window(page).locator("a").count() + 1):
                page.keyboard.press("Tab")
            assert window(page).count() == 0
            assert opener.evaluate(FOCUSED)


def test_a_mark_says_why_at_once_and_leads_to_the_difference(browser: Browser, start: str) -> None:
    with reading(browser, start) as page:
        mark = page.locator("a.cb-mark", has_text=re.compile("^(Adapted|Added)")).first
        mark.click()
        said = window(page).inner_text()
        root = (mark.get_attribute("href") or "").partition("#d-")[2]
        assert root
        why = page.locator(f"[data-why={root}]").text_content()
        assert why
        assert why in said
        window(page).get_by_role("link", name="See the difference").click()
        page.wait_for_url(f"**/different.html#d-{root}")
        assert why[:40] in page.locator("article").inner_text()


def test_a_term_shows_its_definition_while_it_is_pointed_at_or_has_the_focus(
    browser: Browser, start: str
) -> None:
    with reading(browser, start) as page:
        term = page.locator(f"#{USES_TERMS} .cb-term[href='#{OFFICIAL}']")
        meaning = "Official account means a social media account"
        term.hover()
        window(page).wait_for()
        assert meaning in window(page).inner_text()
        window(page).hover()  # it stays while the pointer is on it
        page.wait_for_timeout(600)
        assert window(page).count() == 1
        page.keyboard.press("Escape")  # and goes without the pointer being moved
        assert window(page).count() == 0
        page.mouse.move(2, 2)
        page.locator(f"#{USES_TERMS} .cb-term").first.focus()
        page.keyboard.press("Tab")
        assert term.evaluate(FOCUSED)
        assert meaning in window(page).inner_text()
        assert term.get_attribute("aria-describedby") == "cb-tip"
        page.keyboard.press("Enter")
        page.wait_for_url(f"**#{OFFICIAL}")
        assert window(page).count() == 0


def test_a_cross_reference_shows_its_clause_with_all_its_points(
    browser: Browser, start: str
) -> None:
    with reading(browser, start) as page:
        page.locator(f"#{USES_TERMS} a[href='#sm-55']").hover()
        window(page).wait_for()
        said = window(page).inner_text()
        assert "An official account must be:" in said
        assert "two-step verification" in said
        assert "history" not in said
        assert page.locator("[id=sm-55]").count() == 1


def test_a_finger_gets_the_definition_first_and_a_link_to_it(browser: Browser, start: str) -> None:
    with reading(browser, start, has_touch=True) as page:
        page.locator(f"#{USES_TERMS} .cb-term[href='#{OFFICIAL}']").tap()
        window(page).wait_for()
        assert "Official account means" in window(page).inner_text()
        assert "#" not in page.url
        window(page).get_by_role("link").tap()
        page.wait_for_url(f"**#{OFFICIAL}")
        assert window(page).count() == 0
