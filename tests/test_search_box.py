"""The search as a reader meets it: a box in a real browser, from a disk and from a server."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from tests.conftest import ROOT

from clausebook.finding import INDEX

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Browser, Page
    from tests.conftest import ExampleSites

pytestmark = pytest.mark.browser

POLICY = "policies/social-media.html"
LOADED_LATE = {"minisearch.js", "search-engine.js", "search-index.js"}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


class Reader:
    """Somebody with a keyboard on a page, and what the page asked for."""

    def __init__(self, page: Page, start: str) -> None:
        self.page = page
        self.start = start
        self.asked: list[str] = []
        self.wrong: list[str] = []
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("console", lambda said: self.wrong.append(said.text))
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("dialog", lambda dialog: self.wrong.append(dialog.message))

    def open(self, path: str) -> None:
        """Go to a page of the sites."""
        self.page.goto(self.start + path, wait_until="load")

    def search(self, query: str) -> list[str]:
        """Type a query into the box, opened if need be; the results' addresses within the sites."""
        if not self.page.locator("dialog.cb-find[open]").count():
            self.page.keyboard.press("Control+k")
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(query)
        self.page.wait_for_function(
            "() => /result|Nothing/.test(document.querySelector('#cb-find-status').textContent)"
        )
        links = self.page.locator(".cb-find-results a")
        found: list[str] = links.evaluate_all("all => all.map(each => each.href)")
        return [address.removeprefix(self.start) for address in found]

    def all_well(self) -> None:
        """Nothing went wrong, and nothing was asked of anybody else."""
        assert self.wrong == []
        assert all(address.startswith(self.start) for address in self.asked)


@pytest.fixture(params=["disk", "server"])
def start(
    request: pytest.FixtureRequest, example_sites: ExampleSites, serve: Callable[[Path], str]
) -> str:
    """Where the sites are read from, with a slash at its end."""
    if request.param == "server":
        return serve(example_sites.site)
    return f"{example_sites.site.as_uri()}/"


@pytest.fixture
def reader(page: Page, start: str) -> Reader:
    """Somebody who reads the example sites."""
    return Reader(page, start)


def in_view(page: Page, clause: str) -> bool:
    """Whether a clause is the page's target and on the screen."""
    return bool(
        page.evaluate(
            """id => {
                const clause = document.getElementById(id);
                const box = clause.getBoundingClientRect();
                return clause.matches(":target") && box.top >= 0 && box.top < innerHeight;
            }""",
            clause,
        )
    )


def test_nothing_is_loaded_before_somebody_searches(reader: Reader) -> None:
    reader.open(f"kestrel/{POLICY}")
    reader.page.wait_for_timeout(300)
    assert not {address.rsplit("/", 1)[1] for address in reader.asked} & LOADED_LATE
    before = len(reader.asked)
    reader.search("consent")
    late = [address.rsplit("/", 1)[1] for address in reader.asked[before:]]
    assert sorted(late) == sorted(LOADED_LATE)
    reader.search("photo")
    assert len(reader.asked) == before + len(LOADED_LATE)
    assert reader.page.context.cookies() == []
    reader.all_well()


@pytest.mark.parametrize(
    ("site", "query", "address"),
    [
        ("kestrel", "sm-17", f"{POLICY}#sm-17"),
        ("kestrel", "SM 17", f"{POLICY}#sm-17"),
        ("saltmarsh", "3.1(e)", f"{POLICY}#sm-17"),
        ("saltmarsh", "6.5.2A", f"{POLICY}#sm-saltmarsh-1"),
        ("saltmarsh", "Twitter", f"{POLICY}#sm-13"),
        ("saltmarsh", "tweet", "contacts.html#official-channels"),
        ("kestrel", "insta", "contacts.html#official-channels"),
        ("kestrel", "Designated safeguarding lead", "contacts.html#contact-dsl"),
        ("kestrel", "social media lead", "contacts.html#contact-social_media_lead"),
        ("kestrel", "headteacher", "contacts.html#contact-headteacher"),
        ("saltmarsh", "Twiter", f"{POLICY}#sm-13"),
        ("trust", "students", f"{POLICY}#sm-116"),
    ],
)
def test_the_first_result_is_the_one_that_was_meant(
    reader: Reader, site: str, query: str, address: str
) -> None:
    reader.open(f"{site}/index.html")
    assert reader.search(query)[0] == f"{site}/{address}"
    reader.all_well()


def test_at_the_academy_a_pupil_is_a_student(reader: Reader) -> None:
    reader.open("kestrel/index.html")
    found = reader.search("pupil")
    assert f"kestrel/{POLICY}#sm-118" in found
    clause = reader.page.locator(f".cb-find a[href$='{POLICY}#sm-118']")
    assert "pupil" not in clause.inner_text().lower()
    assert clause.locator("mark").first.inner_text().lower().startswith("student")
    reader.all_well()


def test_a_number_that_nothing_has_leads_to_the_clause_above(reader: Reader) -> None:
    reader.open("kestrel/index.html")
    found = reader.search("4.2(a)")
    assert set(found) == {f"kestrel/{POLICY}#sm-31", "kestrel/policies/acceptable-use.html#au-34"}
    assert "There is no clause 4.2(a) here" in reader.page.inner_text("#cb-find-status")
    reader.search("14.3(b)")
    assert "Not applicable here" in reader.page.inner_text(".cb-find-results")


def test_by_keyboard_alone_one_gets_to_a_clause_and_back(reader: Reader) -> None:
    page = reader.page
    reader.open(f"kestrel/{POLICY}")
    page.locator("button.cb-find-open").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "cb-find-field"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.className") == "cb-find-open"
    page.keyboard.press("/")
    found = reader.search("consent")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.href") == reader.start + found[1]
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.id") == "cb-find-field"
    reader.search("sm-120")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("#sm-120$"))
    assert not page.locator("dialog[open]").count()
    page.wait_for_timeout(300)
    assert in_view(page, "sm-120")
    reader.search("au-13")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"acceptable-use\.html#au-13$"))
    page.wait_for_timeout(300)
    assert in_view(page, "au-13")
    reader.all_well()


def test_enter_is_remembered_until_the_index_is_there(reader: Reader) -> None:
    reader.open("kestrel/index.html")
    reader.page.keyboard.press("Control+k")
    reader.page.keyboard.insert_text("sm-120")
    reader.page.keyboard.press("Enter")
    reader.page.wait_for_url(re.compile("#sm-120$"))
    reader.all_well()


def test_the_slash_can_be_turned_off(reader: Reader) -> None:
    page = reader.page
    reader.open("kestrel/index.html")
    page.keyboard.press("/")
    page.locator("dialog[open]").wait_for()
    page.locator("#cb-find-slash").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    assert not page.locator("dialog[open]").count()
    page.keyboard.press("Control+k")
    page.locator("dialog[open]").wait_for()


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_box_is_accessible(
    browser: Browser,
    example_sites: ExampleSites,
    width: int,
    scheme: Any,  # noqa: ANN401
) -> None:
    size: Any = {"width": width, "height": 844}
    with browser.new_context(viewport=size, color_scheme=scheme) as context:
        reader = Reader(context.new_page(), f"{example_sites.site.as_uri()}/")
        reader.open(f"saltmarsh/{POLICY}")
        for query in ("password", "zzzz", "4.2"):
            reader.search(query)
            found = Axe().run(reader.page, options={"runOnly": RULES, "preload": False})
            assert found.violations_count == 0, found.generate_report()
        box = reader.page.locator("dialog").bounding_box()
        assert box
        assert (box["width"] == width) is (width == 390)
        reader.open("saltmarsh/find.html")
        found = Axe().run(reader.page, options={"runOnly": RULES, "preload": False})
        assert found.violations_count == 0, found.generate_report()
        reader.all_well()


def test_without_scripts_the_link_leads_to_an_index(
    browser: Browser, example_sites: ExampleSites
) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{example_sites.site.as_uri()}/kestrel/{POLICY}")
        page.locator("a.cb-find-open").click()
        page.wait_for_url(re.compile(r"kestrel/find\.html$"))
        links = page.locator("article a").evaluate_all("all => all.map(a => [a.innerText, a.href])")
        leads = {words: address.rsplit("/kestrel/", 1)[1] for words, address in links}
    assert leads["sm-17"] == f"{POLICY}#sm-17"
    assert leads["Designated safeguarding lead"] == "contacts.html#contact-dsl"
    assert leads["Instagram"] == "contacts.html#official-channels"
    assert leads["Images and consent"] == f"{POLICY}#sm-82"
    assert leads["Account holder"] == f"{POLICY}#sm-17"


def test_a_plain_mkdocs_build_can_be_searched(
    page: Page, example_sites: ExampleSites, tmp_path: Path
) -> None:
    project = tmp_path / "kestrel"
    shutil.copytree(example_sites.build / "kestrel", project)
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "-q"]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    reader = Reader(page, f"{(project / 'site').as_uri()}/")
    reader.open("policies/acceptable-use.html")
    assert reader.search("sm-17") == [f"{POLICY}#sm-17"]
    reader.all_well()


EVIL = "</script><img src=x onerror=alert(1)>"


def test_what_looks_like_a_script_is_text(page: Page, tmp_path: Path) -> None:
    root = tmp_path / "trust"
    shutil.copytree(ROOT / "tests" / "golden" / "trust", root)
    shutil.copy(ROOT / "mkdocs.yml", root)
    school = root / "schools" / "hill" / "school.yml"
    text = school.read_text("utf-8")
    for words in ("Facebook", "News <and> celebrations", "Ruth Adeyemi"):
        text = text.replace(f": {words}", f': "{EVIL}"')
    school.write_text(text, encoding="utf-8")
    trust = root / "policy_source" / "trust.yml"
    words = f"synonyms: {{'{EVIL}': [__proto__, constructor], pupil: ['{EVIL}']}}\n"
    trust.write_text(trust.read_text("utf-8") + words, encoding="utf-8")
    command = [sys.executable, "-m", "clausebook", "build", "--today", "2026-11-21"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    script = (root / "site" / "hill" / INDEX).read_text("utf-8")
    assert "<" not in script
    assert "\\u003c/script>" in script
    reader = Reader(page, f"{(root / 'site').as_uri()}/")
    reader.open("hill/index.html")
    for query in ("onerror", "img", "__proto__", "constructor"):
        reader.search(query)
    assert reader.page.locator(".cb-find img").count() == 0
    reader.all_well()
