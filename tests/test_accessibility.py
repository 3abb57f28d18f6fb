"""What every reader needs of every type of page, measured in a real browser.

axe-core holds the pages against WCAG 2.2, levels A and AA; no rule of it is switched off. What a
program cannot see in a page at rest is tried: the keyboard, 400 %, forced colours, printing.
"""

from __future__ import annotations

import gzip
import re
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest
from tests.browsing import TYPES, page_types
from tests.conftest import ROOT

from clausebook.conformance import TAGS, TESTED, WIDTHS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page, Response, Route
    from tests.conftest import ExampleSites

pytestmark = pytest.mark.browser

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
LEVELS = {"type": "tag", "values": list(TAGS)}
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
"""The rules whose findings can differ between light and dark, which differ in colours alone."""
RUN = """async only => {
    const found = await axe.run(document, { runOnly: only, resultTypes: ["violations"] });
    return found.violations.flatMap(
        rule => rule.nodes.map(node => [rule.id, node.html.slice(0, 160), node.failureSummary])
    );
}"""
SETTLED = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
"""Once other colours or another width have been drawn."""
POLICY = "kestrel/policies/social-media.html"
LIMIT = 200_000
"""Most bytes that the first view of a policy may take over the wire."""


@pytest.fixture(scope="module", params=["with scripts", "without scripts"])
def context(request: pytest.FixtureRequest, browser: Browser) -> Iterator[BrowserContext]:
    """A browser that wants no motion, so that every colour is measured at rest.

    axe is itself a script, so "without" means that every script of the page fails to load;
    `test_pages_hold_no_script_but_files` shows that there are no others.
    """
    with browser.new_context(reduced_motion="reduce") as context:
        if request.param == "without scripts":
            context.route("**/*.js", lambda route: route.abort())
        yield context


@pytest.mark.parametrize("name", TYPES)
def test_no_violation_of_wcag(
    context: BrowserContext, example_sites: ExampleSites, name: str
) -> None:
    path = page_types(example_sites.site)[name]
    page = context.new_page()
    page.goto((example_sites.site / path).as_uri())
    page.evaluate(AXE)
    wrong: list[Any] = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme="light")
        page.evaluate(SETTLED)
        wrong += [["light", width, *found] for found in page.evaluate(RUN, LEVELS)]
        page.emulate_media(color_scheme="dark")
        page.evaluate(SETTLED)
        wrong += [["dark", width, *found] for found in page.evaluate(RUN, COLOURS)]
    page.close()
    assert wrong == []


def test_the_statement_says_only_what_a_test_has_shown(example_sites: ExampleSites) -> None:
    tests = "".join(path.read_text("utf-8") for path in ROOT.glob("tests/test_*.py"))
    said = (example_sites.site / "saltmarsh/accessibility.html").read_text("utf-8")
    for one in TESTED:
        assert f"def test_{one.by}(" in tests
        assert one.says in said
    assert "mailto:" in said


def test_every_type_of_page_is_looked_at(example_sites: ExampleSites) -> None:
    assert page_types(example_sites.site).keys() == TYPES.keys()


def test_pages_hold_no_script_but_files(example_sites: ExampleSites) -> None:
    for path in page_types(example_sites.site).values():
        text = (example_sites.site / path).read_text("utf-8")
        for script in re.findall(r"<script\b[^>]*>", text):
            assert " src=" in script or "application/json" in script, path
        assert not re.search(r"\son[a-z]+=[\"']", text), path


# -- enlarged ------------------------------------------------------------------------

# Words, pictures and controls that cannot be read without scrolling sideways.
BEYOND = """() => {
    const wide = document.documentElement.clientWidth;
    const scrolls = document.scrollingElement.scrollWidth - wide;
    const boxes = [...document.querySelectorAll(".cb-scroll, [data-scrolls]")].filter(
        box => box.scrollWidth > box.clientWidth + 1
    );
    return [scrolls, boxes.filter(box => box.tabIndex < 0).length];
}"""


@pytest.mark.parametrize("name", TYPES)
def test_at_400_per_cent_only_tables_scroll_sideways(
    browser: Browser, example_sites: ExampleSites, name: str
) -> None:
    path = page_types(example_sites.site)[name]
    with browser.new_context(viewport={"width": 320, "height": 256}) as context:
        page = context.new_page()
        page.goto((example_sites.site / path).as_uri())
        assert page.evaluate(BEYOND) == [0, 0]


# -- the keyboard --------------------------------------------------------------------

# What has the focus: its name, whether it can be seen, whether a ring is drawn, what is on top.
FOCUSED = """() => {
    const at = document.activeElement;
    if (!at || at === document.body) return null;
    const box = at.getBoundingClientRect();
    const style = getComputedStyle(at);
    const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    const first = at.getClientRects()[0] ?? box;
    const x = (Math.max(first.left, 0) + Math.min(first.right, innerWidth)) / 2;
    const y = (Math.max(first.top, 0) + Math.min(first.bottom, innerHeight)) / 2;
    const top = document.elementFromPoint(x, y);
    return {
        name: (at.getAttribute("aria-label") || at.textContent || at.id).trim().slice(0, 60),
        place: at.closest("header, article, footer, nav, dialog")?.tagName ?? "BODY",
        seen: !!top && (at.contains(top) || top.contains(at)),
        ring,
    };
}"""


@pytest.mark.parametrize("name", ["home", "policy", "changes", "history"])
def test_the_keyboard_goes_through_everything_and_is_always_seen(
    browser: Browser, example_sites: ExampleSites, name: str
) -> None:
    path = page_types(example_sites.site)[name]
    for width in (390, 1280):
        with browser.new_context(viewport={"width": width, "height": 800}) as context:
            page = context.new_page()
            page.goto((example_sites.site / path).as_uri())
            stops = []
            for _ in range(80):
                page.keyboard.press("Tab")
                stop = page.evaluate(FOCUSED)
                if stop is None:
                    break
                stops.append(stop)
            assert {stop["place"] for stop in stops} >= {"HEADER", "ARTICLE"}
            if name == "home":
                assert stops[-1]["place"] == "FOOTER"
            assert [stop for stop in stops if not (stop["seen"] and stop["ring"])] == []


def test_the_menu_opens_and_closes_with_the_keyboard(
    browser: Browser, example_sites: ExampleSites
) -> None:
    with browser.new_context(viewport={"width": 390, "height": 844}) as context:
        page = context.new_page()
        page.goto((example_sites.site / POLICY).as_uri())
        menu = page.locator(".cb-menu summary")
        menu.focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.locator(":focus").inner_text() == "Home"
        page.keyboard.press("Escape")
        assert not page.locator(".cb-menu nav").is_visible()
        assert menu.evaluate("it => it === document.activeElement")
        page.keyboard.press("Enter")
        page.locator(".cb-menu nav a", has_text="Contacts and channels").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/contacts.html")


def test_the_menu_works_without_scripts(browser: Browser, example_sites: ExampleSites) -> None:
    with browser.new_context(
        viewport={"width": 390, "height": 844}, java_script_enabled=False
    ) as context:
        page = context.new_page()
        page.goto((example_sites.site / POLICY).as_uri())
        page.locator(".cb-menu summary").click()
        page.locator(".cb-menu nav a", has_text="Contacts and channels").click()
        page.wait_for_url("**/contacts.html")


# -- the reader's own settings ---------------------------------------------------------

PAPER = "getComputedStyle(document.body).backgroundColor"


def test_dark_is_the_devices_choice_without_scripts_and_the_readers_with(
    browser: Browser, example_sites: ExampleSites
) -> None:
    with browser.new_context(color_scheme="dark") as context:
        page = context.new_page()
        page.goto((example_sites.site / POLICY).as_uri())
        dark = page.evaluate(PAPER)
        page.locator("#cb-scheme").select_option("light")
        light = page.evaluate(PAPER)
        assert light != dark
        page.goto((example_sites.site / "kestrel/contacts.html").as_uri())
        assert page.evaluate(PAPER) == light
        assert page.locator("#cb-scheme").input_value() == "light"
        assert context.cookies() == []
        context.route("**/*.js", lambda route: route.abort())
        page.goto((example_sites.site / POLICY).as_uri())
        assert page.evaluate(PAPER) == dark
        assert not page.locator("#cb-scheme").is_visible()


def test_forced_colours_leave_the_focus_and_the_place_in_the_menu_seen(
    browser: Browser, example_sites: ExampleSites
) -> None:
    with browser.new_context(forced_colors="active") as context:
        page = context.new_page()
        page.goto((example_sites.site / POLICY).as_uri())
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        assert page.evaluate(FOCUSED)["ring"]
        here = page.locator(".cb-side--menu a[aria-current]").first
        elsewhere = page.locator(".cb-side--menu a:not([aria-current])").first
        edge = "it => getComputedStyle(it).borderInlineStartColor"
        assert here.evaluate(edge) != elsewhere.evaluate(edge)


def test_nothing_moves_for_readers_who_want_no_motion(
    browser: Browser, example_sites: ExampleSites
) -> None:
    moving = """() => [...document.querySelectorAll("*")].filter(each => {
        const style = getComputedStyle(each);
        return style.transitionDuration.split(", ").some(time => time !== "0s")
            && style.transitionProperty !== "none" || style.animationName !== "none"
            || style.scrollBehavior !== "auto";
    }).length"""
    with browser.new_context(reduced_motion="reduce") as context:
        page = context.new_page()
        page.goto((example_sites.site / POLICY).as_uri())
        assert page.evaluate(moving) == 0


# -- what is fetched -------------------------------------------------------------------


@pytest.mark.parametrize("served", [False, True], ids=["from a disk", "from a server"])
def test_no_page_asks_anything_of_others_or_sets_a_cookie(
    browser: Browser,
    example_sites: ExampleSites,
    serve: Callable[[Path], str],
    served: bool,  # noqa: FBT001
) -> None:
    start = serve(example_sites.site) if served else f"{example_sites.site.as_uri()}/"
    left: list[str] = []

    def keep_here(route: Route) -> None:
        if route.request.url.startswith((start, "data:", "blob:")):
            route.continue_()
        else:
            left.append(route.request.url)
            route.abort()

    with browser.new_context() as context:
        context.route("**/*", keep_here)
        page = context.new_page()
        for path in page_types(example_sites.site).values():
            page.goto(start + path)
            assert page.evaluate("document.cookie") == "" or not served
        assert left == []
        assert context.cookies() == []


SHIFTS = """() => new Promise(done => {
    let sum = 0;
    new PerformanceObserver(list => {
        for (const entry of list.getEntries()) sum += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
    setTimeout(() => done(sum), 400);
})"""


@pytest.mark.parametrize("width", [390, 1280])
def test_the_first_view_of_a_policy_is_small_and_stands_still(
    browser: Browser, example_sites: ExampleSites, serve: Callable[[Path], str], width: int
) -> None:
    start = serve(example_sites.site)
    longest = max(
        example_sites.site.glob("*/policies/*.html"), key=lambda path: path.stat().st_size
    )
    answers: list[Response] = []

    def answered(answer: Response) -> None:
        answers.append(answer)

    with browser.new_context(viewport={"width": width, "height": 844}) as context:
        page: Page = context.new_page()
        page.on("response", answered)
        # Six times as slow as this machine, so that the page is seen while it comes.
        context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 6})
        page.goto(start + longest.relative_to(example_sites.site).as_posix())
        assert page.evaluate(SHIFTS) < 0.001  # a thousandth of the screen
        sizes = {answer.url: len(gzip.compress(answer.body(), 6)) for answer in answers}
    assert sum(sizes.values()) <= LIMIT, sizes


@pytest.mark.parametrize("school", ["saltmarsh", "kestrel", "millrace"])
def test_a_phones_first_screen_answers_three_questions(
    browser: Browser, example_sites: ExampleSites, school: str
) -> None:
    with browser.new_context(viewport={"width": 390, "height": 844}) as context:
        page = context.new_page()
        page.goto((example_sites.site / school / "index.html").as_uri())
        ends = page.locator("#official-channels ~ p").first.bounding_box()
        assert ends is not None
        assert ends["y"] + ends["height"] <= 844
        assert page.locator("#what-you-must-know ~ ul a").first.is_visible()
        assert page.locator("#whom-to-contact ~ ul a[href^='tel:']").first.is_visible()


# -- paper -----------------------------------------------------------------------------


def test_print_is_the_document_alone(browser: Browser, example_sites: ExampleSites) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto((example_sites.site / POLICY).as_uri())
        page.emulate_media(media="print", color_scheme="dark")
        for gone in (".cb-header", ".cb-side--menu", ".cb-footer", "details.cb-contents"):
            assert not page.locator(gone).first.is_visible()
        assert page.evaluate(PAPER) == "rgb(255, 255, 255)"
        table = page.locator("article table").first.bounding_box()
        clause = page.locator("article .cb-clause").first.bounding_box()
        assert table is not None
        assert clause is not None
        assert table["y"] < clause["y"]
        document = page.pdf(prefer_css_page_size=True)
    assert re.search(rb"/MediaBox \[0 0 59[45][.0-9]* 84[12]", document)
