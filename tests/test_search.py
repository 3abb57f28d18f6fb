"""The search: what it knows of a site, and what it finds."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from bs4 import BeautifulSoup
from tests.conftest import ROOT

from clausebook.bodies import school_body, trust_body
from clausebook.english import bare
from clausebook.everything import open_tree
from clausebook.finding import HEADING, INDEX, OMITTED, is_excluded, synonyms
from clausebook.pagetemplates import Page as SitePage
from clausebook.problems import Problems
from clausebook.reading import read_trust

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser
    from tests.conftest import ExampleSites

SITES = ("trust", "ashwater", "kestrel", "millrace", "saltmarsh", "thornbeck")
POLICY = "policies/social-media.html"
ASSETS = ROOT / "generator" / "clausebook" / "theme" / "assets"


def read_index(site: Path) -> dict[str, Any]:
    """A site's index, out of its script."""
    text = (site / INDEX).read_text("utf-8")
    found = re.fullmatch(r"globalThis\.clausebookIndex=(\{.*\});\n", text, re.DOTALL)
    assert found
    index: dict[str, Any] = json.loads(found[1])
    return index


def soup(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text("utf-8"), "html.parser")


# -- what it knows ---------------------------------------------------------------------------


@pytest.mark.parametrize("site", SITES)
def test_every_clause_of_every_policy_is_known_once(example_sites: ExampleSites, site: str) -> None:
    folder = example_sites.site / site
    index = read_index(folder)
    for number, (_, path) in enumerate(index["policies"]):
        page = soup(folder / path)
        there = [tag["id"] for tag in page.select("article :is(.cb-clause, span.cb-omitted)[id]")]
        known = [clause[0] for clause in index["clauses"] if clause[4] == number]
        assert sorted(known) == sorted(there)
        assert len(set(known)) == len(known)
        labels = {tag["id"]: tag for tag in page.select("article .cb-clause[id]")}
        for clause_id, label, *_ in (
            c for c in index["clauses"] if c[0] in labels and c[4] == number
        ):
            shown = labels[clause_id].select_one(".cb-label")
            assert shown is not None
            assert shown.get_text() == label


@pytest.mark.parametrize("site", SITES)
def test_every_result_leads_to_something(example_sites: ExampleSites, site: str) -> None:
    folder = example_sites.site / site
    index = read_index(folder)
    addresses = {entry[-1] for part in ("people", "channels", "pages") for entry in index[part]}
    addresses |= {f"{index['policies'][c[4]][1]}#{c[0]}" for c in index["clauses"]}
    ids: dict[str, set[str]] = {}
    for address in addresses:
        path, _, anchor = address.partition("#")
        if path not in ids:
            ids[path] = {str(tag["id"]) for tag in soup(folder / path).find_all(id=True)}
        assert not anchor or anchor in ids[path], address


@pytest.mark.parametrize("site", SITES)
def test_old_versions_proposals_and_packs_are_not_known(
    example_sites: ExampleSites, site: str
) -> None:
    paths = [path for *_, path in read_index(example_sites.site / site)["pages"]]
    assert "index.html" in paths
    assert POLICY in paths
    hidden = r"/versions/|/changes/|/clauses\.html|/proposed\.html|/pack\.html|^find\.html"
    assert not [path for path in paths if re.search(hidden, path)]
    docs = example_sites.build / site / "docs"
    for page in docs.rglob("*.md"):
        if "search:\n  exclude: true" in page.read_text("utf-8")[:300]:
            assert page.relative_to(docs).with_suffix(".html").as_posix() not in paths


@pytest.mark.parametrize(
    ("front", "excluded"),
    [
        ("", False),
        ("---\ntitle: A\n---\n", False),
        ("---\nsearch:\n  exclude: true\n---\n", True),
        ("---\nsearch: {exclude: false}\n---\n", False),
        ("---\nsearch: no\n---\n", False),
    ],
)
def test_a_page_says_in_its_front_matter_that_it_is_not_to_be_found(
    front: str,
    excluded: bool,  # noqa: FBT001
) -> None:
    assert (
        is_excluded(SitePage("a.md", "A", f"{front}\n# A\n\nsearch:\n  exclude: true\n"))
        is excluded
    )


def test_what_does_not_apply_is_known_by_id_and_label_alone(example_sites: ExampleSites) -> None:
    clauses = {c[0]: c for c in read_index(example_sites.site / "kestrel")["clauses"]}
    omitted = [clause for clause in clauses.values() if clause[6] == OMITTED]
    assert omitted
    assert all(clause[2] == "" for clause in omitted)
    assert clauses["sm-1"][6] == HEADING


def test_an_index_is_small(example_sites: ExampleSites) -> None:
    for site in SITES:
        assert (example_sites.site / site / INDEX).stat().st_size < 80_000


def test_words_that_schools_say_differently_find_each_other() -> None:
    problems = Problems()
    trust = read_trust(open_tree(ROOT), problems)
    academy = school_body(trust, trust.schools["kestrel"], problems)
    found = list(synonyms(trust, academy))
    here, typed = next((here, typed) for here, typed in found if "student" in here)
    assert here == ["pupil", "pupils", "student", "students"]
    assert {"pupil", "student", "child"} <= set(typed)
    assert (["X"], ["Twitter", "tweet"]) in found
    kids = next(phrases for phrases, typed in found if "kid" in typed)
    assert kids == ["pupil", "pupils", "student", "students"]
    for words, _ in synonyms(trust, trust_body(trust, problems)):
        assert "student" not in words


@pytest.mark.parametrize(
    ("typed", "seen"),
    [("Parents’ Évening", "parents evening"), ("log-in", "log in"), ("…", ""), ("X", "x")],
)
def test_the_search_sees_neither_capitals_nor_signs(typed: str, seen: str) -> None:
    assert bare(typed) == seen


def test_the_library_is_the_one_it_says_and_runs_no_text() -> None:
    text = (ASSETS / "minisearch.js").read_text("utf-8")
    assert text.startswith("/*! MiniSearch 7.2.0")
    assert "Permission is hereby granted, free of charge" in text
    for name in ("minisearch.js", "search-engine.js", "search.js"):
        script = (ASSETS / name).read_text("utf-8")
        assert not re.search(
            r"\beval\(|new Function|innerHTML|outerHTML|document\.write|https?://", script
        )


# -- the engine ------------------------------------------------------------------------------

SMALL = {
    "policies": [["Media", "policies/media.html"], ["Devices", "policies/devices.html"]],
    "clauses": [
        ["m-1", "4", "Photos", 0, 0, 0, 2],
        ["m-2", "4.2", "A photo of the school’s fête is taken with consent.", 1, 0, 0, 0],
        ["m-3", "4.2A", "Nobody posts to X after school.", 1, 0, 1, 0],
        ["m-4", "4.2(a)", "Pupils keep phones in their bags.", 1, 0, 0, 0],
        ["m-5", "4.3", "", 1, 0, 0, 1],
        ["d-1", "4.2", "Devices belong to the school.", 0, 1, 0, 0],
    ],
    "topics": ["", "Photos"],
    "audiences": ["", "governors"],
    "people": [
        ["Head of care", "Zofia Brandt", "Ask her.", "dsl Safeguarding lead", "contacts.html#a"]
    ],
    "channels": [["Tapestry", "Learning journals. Class teachers.", "contacts.html#b"]],
    "pages": [["Contacts", "", "contacts.html"]],
    "synonyms": [[["X"], ["Twitter"]], [["pupil", "student"], ["pupil", "student"]]],
}


@pytest.fixture(scope="module")
def ask(browser: Browser) -> Iterator[Callable[[str], dict[str, list[str]]]]:
    """Give what a small index finds: the labels or titles of each group."""
    with browser.new_context() as context:
        page = context.new_page()
        for name in ("minisearch.js", "search-engine.js"):
            page.add_script_tag(path=ASSETS / name)
        page.evaluate("index => { globalThis.ask = clausebookSearch.engine(index); }", SMALL)

        def asked(query: str) -> dict[str, list[str]]:
            groups: dict[str, list[str]] = page.evaluate(
                """query => Object.fromEntries(ask(query).groups.map(([name, hits]) =>
                    [name, hits.map(({document}) => document.label || document.title)]))""",
                query,
            )
            return groups

        yield asked


@pytest.mark.browser
@pytest.mark.parametrize(
    ("query", "group", "first"),
    [
        ("m-4", "direct", "4.2(a)"),
        ("M 4", "direct", "4.2(a)"),
        ("#m-4", "direct", "4.2(a)"),
        ("4.2(a)", "direct", "4.2(a)"),
        ("4.2 a", "direct", "4.2(a)"),
        ("clause 4.2 (A)", "direct", "4.2A"),
        ("4.2A", "direct", "4.2A"),
        ("4.2(f)(ii)", "direct", "4.2"),
        ("4.3", "direct", "4.3"),
        ("twitter", "clauses", "4.2A"),
        ("twit", "clauses", "4.2A"),
        ("twiter", "clauses", "4.2A"),
        ("students", "clauses", "4.2(a)"),
        ("Schools' fete", "clauses", "4.2"),
        ("photos", "clauses", "4"),
        ("phone banana", "clauses", "4.2(a)"),
        ("governors", "clauses", "4.2A"),
        ("DSL", "people", "Head of care: Zofia Brandt"),
        ("brandt", "people", "Head of care: Zofia Brandt"),
        ("tapestry", "channels", "Tapestry"),
        ("contact", "pages", "Contacts"),
    ],
)
def test_what_is_typed_finds(
    ask: Callable[[str], dict[str, list[str]]], query: str, group: str, first: str
) -> None:
    found = ask(query)
    assert next(iter(found)) == group
    assert found[group][0] == first


@pytest.mark.browser
@pytest.mark.parametrize("query", ["zzzz", "the", "?", "4.9x9", "constructor", "hasOwnProperty"])
def test_what_is_not_there_is_not_found(
    ask: Callable[[str], dict[str, list[str]]], query: str
) -> None:
    assert not ask(query).keys() - {"direct"}


@pytest.mark.browser
def test_a_number_in_two_policies_leads_to_both(ask: Callable[[str], dict[str, list[str]]]) -> None:
    assert ask("4.2") == {"direct": ["4.2", "4.2"]}
