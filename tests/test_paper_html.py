"""A policy as one HTML file: what it says, what it asks for, and for whom it can be read."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import html5lib
import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from tests.conftest import ROOT
from tests.hostile import strings
from tests.prose_trees import wordings
from tests.trusts import Trust, small_trust

from clausebook.conformance import TAGS, WIDTHS
from clausebook.handouts import shelved
from clausebook.markup import inline_html
from clausebook.model import Kind
from clausebook.paperhtml import html_of, page_html, stretches
from clausebook.papers import Paper, PaperClause
from clausebook.prose import (
    Break,
    Code,
    Emphasis,
    Inline,
    Inlines,
    Link,
    PlainList,
    Quote,
    Reference,
    Strong,
    Table,
    Text,
    plain,
)
from clausebook.source import INVISIBLE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Route

TODAY = date(2026, 11, 21)
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
RUN = """async tags => {
    const found = await axe.run(document, { runOnly: tags, resultTypes: ["violations"] });
    return found.violations.flatMap(rule => rule.nodes.map(node => [rule.id, node.html]));
}"""
WAYS = (("saltmarsh", "social-media", None), ("thornbeck", "acceptable-use", "draft"))


@cache
def paper(
    school: str = "thornbeck", policy: str = "social-media", label: str | None = None
) -> Paper:
    """A document of the repository's own trust."""
    return shelved(ROOT, school, policy, TODAY).paper(label)


def page(of: Paper) -> BeautifulSoup:
    """A document's file, parsed."""
    return BeautifulSoup(html_of(of), "html.parser")


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


# -- what it says ------------------------------------------------------------------------


def test_it_says_what_the_document_says_in_its_order() -> None:
    for which in (paper(), paper(label="draft"), paper("millrace", "acceptable-use")):
        shown = squeezed(page(which).get_text())
        at = 0
        for what, here in which.control:
            at = shown.index(squeezed(what + here), at)
        for clause in which.clauses:
            words = clause.note if clause.note and not clause.words else plain(clause.words)
            at = shown.index(squeezed(clause.label + words), at)
            for tag in clause.tags:
                at = shown.index(squeezed(tag), at)
        for row in which.history:
            at = shown.index(squeezed(row.what), at)
        assert shown.index(squeezed(f"fingerprint {which.fingerprint}"), at)


def test_every_clause_has_one_anchor_and_every_link_inside_leads_to_one() -> None:
    document = page(paper())
    ids = [element["id"] for element in document.select("[id]")]
    assert len(ids) == len(set(ids))
    assert [e["id"] for e in document.select(".cb-clause")] == [c.id for c in paper().clauses]
    inside = [a["href"] for a in document.select("a[href^='#']")]
    assert {str(href)[1:] for href in inside} <= set(map(str, ids))
    sections = [c for c in paper().clauses if c.kind is Kind.HEADING and c.depth == 2]
    named = [str(a["href"])[1:] for a in document.select("nav a")]
    assert named == [*(c.id for c in sections), "cb--history"]


def test_what_does_not_apply_says_so_and_why_where_it_would_stand() -> None:
    absent = [clause for clause in paper().clauses if clause.note]
    assert absent
    for clause in absent:
        shown = page(paper()).find(id=clause.id)
        assert shown is not None
        block = shown if clause.kind is not Kind.HEADING else shown.find_next("p")
        assert block is not None
        assert clause.note in block.get_text()


def test_items_nest_as_they_are_numbered() -> None:
    document = page(paper())
    for clause in paper().clauses:
        if clause.kind is Kind.ITEM and clause.depth > 1:
            item = document.find(id=clause.id)
            assert item is not None
            outer = item.find_parent("li")
            assert outer is not None
            assert outer["id"] == clause.parent
    assert sum(len(s.nodes) for s in stretches(paper().clauses)) < len(paper().clauses)


def test_no_number_is_counted_by_whoever_reads_it() -> None:
    one, *_ = (c for c in paper().clauses if c.kind is Kind.ITEM)
    numbered = PlainList(((Text("first"),), (Text("second"),)), ordered=True)
    body = (Quote((numbered,)),)
    document = page(replace(paper(), clauses=(replace(one, body=body),)))
    assert [item.get_text() for item in document.select("ol li")] == ["1. first", "2. second"]
    sheet = document.style
    assert sheet is not None
    assert "list-style: none" in sheet.get_text()


def test_text_never_becomes_markup() -> None:
    one = paper().clauses[1]
    words = (
        Text("<script>alert(1)</script> & {{ title }} {% raw %}"),
        Strong((Code("</style>"),)),
        Link("javascript:alert(1)", (Text("nowhere"),)),
        Link('https://example.org/?a="b"&c', (Text("out"),)),
    )
    evil = replace(
        paper(),
        title="<b>Title</b>",
        status='"><img src=x>',
        clauses=(replace(one, words=words, label="<i>1", note="", tags=("<u>tag",)),),
    )
    document = page(evil)
    assert not document.select("script, b, i, u, img")
    assert [a.get_text() for a in document.select("#cb--policy a")] == ["out"]
    assert document.select_one("#cb--policy a")["href"] == 'https://example.org/?a="b"&c'  # type: ignore[index]
    assert "<script>alert(1)</script> & {{ title }} {% raw %}" in document.get_text()


@given(wordings())
def test_any_wording_is_shown_letter_by_letter(words: Inlines) -> None:
    html = f"<p>{inline_html(words)}</p>"
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    fragment = parser.parseFragment(html)
    told = "".join(_bare(word) for word in words)
    assert "".join(fragment.itertext()) == told
    assert {element.tag for element in fragment.iter()} <= {
        *("DOCUMENT_FRAGMENT", "p", "strong", "em", "code", "br", "a")
    }


def _bare(word: Inline) -> str:
    """The characters of a piece as a browser has them: a break is none."""
    match word:
        case Break():
            return ""
        case Strong(inner) | Emphasis(inner) | Link(_, inner):
            return "".join(map(_bare, inner))
        case Reference(target, inner):
            return "".join(map(_bare, inner)) or target
        case _:
            return plain((word,))


def hostile() -> Paper:
    """A document in which every text is one that has run a script somewhere."""
    texts = iter([text for text in strings() if not INVISIBLE.search(text)])
    one = next(c for c in paper().clauses if c.kind is Kind.PARAGRAPH)
    kinds = (Kind.HEADING, Kind.PARAGRAPH, Kind.ITEM)
    clauses = [
        PaperClause(
            id=f"x-{number}",
            label=text,
            kind=kinds[number % 3],
            depth=(2, 0, 1)[number % 3],
            parent=None,
            words=(Text(text), Code(text), Link(text, (Text(text),))),
            body=(Table(((Text(text),),), (text,), (((Strong((Text(text),)),),),)),),
            tags=(text,),
            note=text if number % 7 == 0 else "",
        )
        for number, text in enumerate(texts)
    ]
    row = replace(paper().history[0], what="<img src=x onerror=alert(1)>", by="</table><script>")
    return replace(
        paper(),
        title="</title><script>alert(1)</script>",
        publisher="<!-- ' onload=alert(1)",
        summary='"><svg onload=alert(1)>',
        address='https://x.example.org/"><script>alert(1)</script>',
        control=(("<b>", "</td><script>alert(1)</script>"),),
        clauses=(one, *clauses),
        history=(row,),
    )


ELEMENTS = frozenset(
    {
        *("html", "head", "meta", "link", "title", "style", "body", "header", "main", "footer"),
        *("div", "section", "nav", "h1", "h2", "p", "a", "span", "strong", "code", "ul", "li"),
        *("table", "thead", "tbody", "tr", "th", "td", "svg", "path"),
    }
)


def test_hostile_texts_stay_texts() -> None:
    evil = hostile()
    text = html_of(evil).decode()
    document = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)
    assert {str(element.tag).rpartition("}")[2] for element in document.iter()} == ELEMENTS
    names = {name for element in document.iter() for name in element.attrib}
    assert not [name for name in names if name.startswith("on")]
    shown = "".join(document.itertext())
    assert all(clause.label in shown for clause in evil.clauses)
    for element in document.iter("a"):
        assert re.match("#|https?:|mailto:|tel:", element.attrib["href"])


# -- how it is made ----------------------------------------------------------------------


@pytest.mark.parametrize("which", WAYS)
def test_it_is_html_in_which_nothing_is_wrong(which: tuple[str, str, str | None]) -> None:
    for text in (html_of(paper(*which)).decode(), page_html(paper(*which))):
        html5lib.HTMLParser(strict=True).parse(text)


def test_it_needs_nothing_and_lets_nothing_in() -> None:
    text = html_of(paper()).decode()
    document = page(paper())
    assert not document.select("script, img, iframe, object, [style], link[rel=stylesheet]")
    assert not re.search(r"@import|url\(|\son\w+=", text)
    policy = document.select_one("meta[http-equiv]")
    assert policy is not None
    assert str(policy["content"]).startswith("default-src 'none'; style-src 'sha256-")


def test_a_document_without_address_history_or_sections_is_whole(tmp_path: Path) -> None:
    trust: Trust = small_trust(tmp_path)
    draft = shelved(trust.root, "hill", "online", TODAY).paper(None)
    bare = replace(draft, address=None, history=(), summary=None)
    html5lib.HTMLParser(strict=True).parse(html_of(bare).decode())
    assert "Draft of 21 November 2026" in page(bare).get_text()
    assert not page(bare).select("svg, #cb--history")


def test_the_command_writes_it_and_says_where(tmp_path: Path) -> None:
    trust = small_trust(tmp_path)
    file = tmp_path / "out" / "policy.html"
    said = trust.ok("export", "hill", "online", "--to", "html", "--output", str(file))
    assert said == f"Written: {file}\n"
    assert file.read_bytes().startswith(b"<!doctype html>")
    assert "no school 'hil'" in trust.refused("export", "hil", "online", "--to", "html")
    both = ("--draft", "--version", "1")
    assert "choose one of" in trust.refused("export", "hill", "online", "--to", "html", *both)
    assert "no version '9'" in trust.refused(
        "export", "hill", "online", "--to", "html", "--version", "9"
    )


# -- for whom ----------------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.parametrize("which", WAYS)
def test_no_violation_of_wcag_in_the_file(
    browser: Browser, tmp_path: Path, which: tuple[str, str, str | None]
) -> None:
    file = tmp_path / "policy.html"
    file.write_bytes(html_of(paper(*which)))
    wrong: list[Any] = []
    with browser.new_context(bypass_csp=True) as context:  # axe is a script
        page = context.new_page()
        page.goto(file.as_uri())
        page.evaluate(AXE)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                found = page.evaluate(RUN, {"type": "tag", "values": [*TAGS, "best-practice"]})
                wrong += [[width, scheme, *one] for one in found]
    assert wrong == []


@pytest.mark.browser
def test_its_style_is_let_in_it_asks_for_nothing_and_only_tables_scroll(
    browser: Browser, tmp_path: Path
) -> None:
    file = tmp_path / "policy.html"
    file.write_bytes(html_of(paper()))
    asked: list[str] = []

    def note(route: Route) -> None:
        asked.append(route.request.url)
        route.continue_()

    with browser.new_context(viewport={"width": 320, "height": 600}) as context:
        context.route("**/*", note)
        page = context.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.goto(file.as_uri())
        page.keyboard.press("Tab")
        assert page.locator(":focus").inner_text() == "Skip to the policy"
        assert page.evaluate("getComputedStyle(document.body).overflowWrap") == "break-word"
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(wide) == 0
        assert page.locator(".cb-scroll").evaluate_all(
            "all => all.every(box => box.tabIndex === 0) && all.some(b => b.scrollWidth > 320)"
        )
    assert (asked, said) == ([file.as_uri()], [])
