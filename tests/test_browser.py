"""The example sites in a real browser: wide and narrow, light and dark, served and from a disk."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, ConsoleMessage, Page
    from tests.conftest import ExampleSites

pytestmark = pytest.mark.browser

SCHOOLS = ("kestrel", "saltmarsh")
WIDTHS = (390, 1280)
POLICY = "policies/social-media.html"

# How far a page can be scrolled sideways, and what sticks out if it can.
SIDEWAYS = """() => {
    const wide = document.scrollingElement.clientWidth;
    const over = document.scrollingElement.scrollWidth - wide;
    const beyond = [...document.querySelectorAll("article *")].filter(
        (each) => each.getBoundingClientRect().right > wide + 1
            && !each.closest(".cb-scroll")
    );
    return [over, beyond.slice(0, 3).map((each) => each.outerHTML.slice(0, 120))];
}"""

# The luminance (0 black, 1 white) of what stands behind the words.
PAPER = """() => {
    let at = document.querySelector("article");
    while (getComputedStyle(at).backgroundColor === "rgba(0, 0, 0, 0)") at = at.parentElement;
    const [red, green, blue] = getComputedStyle(at).backgroundColor.match(/[0-9.]+/g).map(Number);
    return (0.299 * red + 0.587 * green + 0.114 * blue) / 255;
}"""


class Watched:
    """A page, and everything that went wrong or left the site while it was open."""

    def __init__(self, page: Page, start: str) -> None:
        self.page = page
        self.start = start
        self.wrong: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("request", lambda request: self._request(request.url))
        page.on("response", lambda answer: self._response(answer.status, answer.url))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.wrong.append(f"{message.type}: {message.text}")

    def _request(self, address: str) -> None:
        if not address.startswith((self.start, "data:", "about:", "blob:")):
            self.wrong.append(f"asked for {address}")

    def _response(self, status: int, address: str) -> None:
        if status >= 400:
            self.wrong.append(f"{status} for {address}")

    def open(self, path: str) -> Page:
        """Go to a page of the sites and wait until all of it is there."""
        self.page.goto(self.start + path, wait_until="load")
        self.page.wait_for_timeout(150)
        return self.page


@pytest.fixture(params=["disk", "server"])
def start(
    request: pytest.FixtureRequest, example_sites: ExampleSites, serve: Callable[[Path], str]
) -> str:
    """Where the sites are read from, with a slash at its end."""
    if request.param == "server":
        return serve(example_sites.site)
    return f"{example_sites.site.as_uri()}/"


@pytest.fixture(params=WIDTHS)
def width(request: pytest.FixtureRequest) -> int:
    """Give a phone's width, then a computer's."""
    return int(request.param)


@pytest.fixture
def scheme(request: pytest.FixtureRequest) -> str:
    """Give what the reader's device asks for: light, unless a test wants something else."""
    return str(getattr(request, "param", "light"))


@pytest.fixture
def watched(browser: Browser, start: str, width: int, scheme: str) -> Iterator[Watched]:
    """An empty page that is watched, on a device of this kind."""
    wanted: Literal["light", "dark"] = "dark" if scheme == "dark" else "light"
    with browser.new_context(
        viewport={"width": width, "height": 844}, color_scheme=wanted
    ) as context:
        yield Watched(context.new_page(), start)


@pytest.mark.parametrize("scheme", ["light", "dark"], indirect=True)
@pytest.mark.parametrize("school", SCHOOLS)
def test_a_policy_fits_its_page_and_asks_nothing_of_others(
    watched: Watched, school: str, scheme: str
) -> None:
    page = watched.open(f"{school}/{POLICY}")
    assert page.evaluate(SIDEWAYS) == [0, []]
    page.mouse.wheel(0, 200_000)
    page.wait_for_timeout(150)
    assert page.evaluate(SIDEWAYS) == [0, []]
    paper = page.evaluate(PAPER)
    assert paper < 0.3 if scheme == "dark" else paper > 0.9
    assert watched.wrong == []


@pytest.mark.parametrize("school", SCHOOLS)
def test_every_page_fits_a_phone(
    browser: Browser, example_sites: ExampleSites, school: str
) -> None:
    start = f"{example_sites.site.as_uri()}/"
    folder = example_sites.site / school
    with browser.new_context(viewport={"width": 390, "height": 844}) as context:
        watched = Watched(context.new_page(), start)
        watched.open("index.html")
        assert watched.page.evaluate(SIDEWAYS)[0] == 0
        for path in sorted(folder.rglob("*.html")):
            if path.name != "404.html":  # for servers: its addresses begin at the root
                page = watched.open(path.relative_to(example_sites.site).as_posix())
                assert page.evaluate(SIDEWAYS) == [0, []], path
    assert watched.wrong == []


def test_the_front_page_leads_to_a_school_and_its_policy(watched: Watched) -> None:
    page = watched.open("index.html")
    page.locator("a[href='kestrel/index.html']").click()
    page.wait_for_url("**/kestrel/index.html")
    page.locator("article a[href*='policies/social-media.html']").first.click()
    page.wait_for_url("**/policies/social-media.html**")
    assert page.locator("h1").first.inner_text().strip()
    assert watched.wrong == []


@pytest.mark.parametrize("school", SCHOOLS)
def test_a_clauses_address_brings_it_into_view(watched: Watched, school: str) -> None:
    page = watched.open(f"{school}/{POLICY}")
    ids = page.locator("article .cb-clause[id]").evaluate_all("all => all.map(each => each.id)")
    for clause in (ids[len(ids) // 2], ids[-20]):
        page.goto("about:blank")
        page = watched.open(f"{school}/{POLICY}#{clause}")
        assert in_view(page, clause)
    label = page.locator(f"#{ids[10]} .cb-label")
    label.click()
    page.wait_for_url(f"**#{ids[10]}")
    page.wait_for_timeout(300)
    assert in_view(page, ids[10])
    assert watched.wrong == []


def in_view(page: Page, clause: str) -> bool:
    """Whether the first words of a clause are on the screen and not under the header."""
    return bool(
        page.evaluate(
            """id => {
                const label = document.querySelector(`#${id} .cb-label`);
                const box = label.getBoundingClientRect();
                const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
                const top = document.elementFromPoint(x, y);
                return top !== null && (top === label || label.contains(top));
            }""",
            clause,
        )
    )


@pytest.mark.parametrize("school", SCHOOLS)
def test_lists_in_lists_stand_further_in(watched: Watched, school: str) -> None:
    page = watched.open(f"{school}/{POLICY}")
    steps = page.locator("article li li").evaluate_all(
        """all => all.map(item => {
            const outer = item.parentElement.closest("li").querySelector("p, .cb-label") ;
            const inner = item.querySelector("p, .cb-label") ?? item;
            return inner.getBoundingClientRect().x - outer.getBoundingClientRect().x;
        })"""
    )
    assert steps
    assert min(steps) >= 8
    narrowest = page.locator("article li:has(> .cb-clause)").evaluate_all(
        "all => Math.min(...all.map(item => item.getBoundingClientRect().width))"
    )
    assert narrowest > 150
    assert watched.wrong == []


def test_the_first_thing_a_keyboard_reaches_leads_past_the_menu(
    browser: Browser, example_sites: ExampleSites
) -> None:
    with browser.new_context(viewport={"width": 1280, "height": 844}) as context:
        watched = Watched(context.new_page(), f"{example_sites.site.as_uri()}/")
        page = watched.open(f"kestrel/{POLICY}")
        page.keyboard.press("Tab")
        skip = page.locator(":focus")
        assert skip.inner_text().strip().lower() == "skip to content"
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile("#."))
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('article') !== null")
    assert watched.wrong == []
