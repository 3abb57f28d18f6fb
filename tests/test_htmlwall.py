"""The second wall: a page whose HTML holds what no page may hold is not published, and is named.

Wording never leads here, so these pages are written past the first wall, as by a mistake in it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from tests.test_fast_site import emit_as_published
from tests.test_site import PAGES

from clausebook.htmlwall import UnsafePageError, check, check_words
from clausebook.site import SiteBuilder, SiteError

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import ExampleSites

HARMLESS = (
    "<p>Words &amp; “more”, 1 &lt; 2 &#58; 3 > 2</p>",
    '<p class="cb-clause" data-for="staff" id="sm-1"><a class="x" href="#sm-1">1.1</a> Words</p>',
    '<p><a href="https://a.example/?a=1&amp;b=2">A page</a> <a href="mailto:a@b.cd">us</a></p>',
    "<p>one<br>two<br/>three<br />four</p>",
    "<p>&lt;script&gt;alert(1)&lt;/script&gt; <code>&lt;img src=x onerror=alert(1)&gt;</code></p>",
    '<table><thead><tr><th style="text-align: right;">N</th></tr></thead><tbody></tbody></table>',
    '<svg viewBox="0 0 8 8" role="img"><title>A mark</title><path d="M0 0h8" /></svg>',
    '<details open><summary>More</summary><p hidden="hidden">Words</p></details>',
    "<p><span title='one \"two\"'>single quotes</span></p>",
    '<script src="../../assets/overview.js" defer></script>',
)

FORBIDDEN = (
    ("<script>alert(1)</script>", "the tag <script>"),
    ('<script src="https://evil.example/x.js" defer></script>', "the tag <script>"),
    ('<script src="../assets/overview.js" defer>alert(1)</script>', "the tag <script>"),
    ("<style>p { display: none }</style>", "the tag <style>"),
    ('<p onclick="alert(1)">x</p>', 'onclick="alert(1)"'),
    ('<p ONCLICK="alert(1)">x</p>', "ONCLICK"),
    ('<p style="position: fixed">x</p>', "style"),
    ('<td style="text-align: left; position: fixed">x</td>', "td"),
    ('<a href="javascript:alert(1)">x</a>', "javascript:alert(1)"),
    ('<a href="&#106;avascript:alert(1)">x</a>', "javascript:alert(1)"),
    ('<a href="data:text/html,x">x</a>', "data:text/html,x"),
    ('<img src="data:image/svg+xml,x" alt="">', "data:image"),
    ("<img src=x onerror=alert(1)>", "begins no tag"),
    ('<iframe src="https://evil.example"></iframe>', "the tag <iframe>"),
    ("<object></object>", "the tag <object>"),
    ('<base href="https://evil.example/">', "the tag <base>"),
    ('<meta http-equiv="refresh" content="0;url=https://evil.example">', "the tag <meta>"),
    ('<form action="https://evil.example"><input name="x"></form>', "the tag <form>"),
    ("<math><mtext></mtext></math>", "the tag <math>"),
    ("<svg><script>alert(1)</script></svg>", "script"),
    ('<svg><a xlink:href="javascript:alert(1)">x</a></svg>', "xlink"),
    ("<svg><style><img></style></svg>", "style"),
    ("<!-- a comment -->", "begins no tag"),
    ("<!--><script>alert(1)</script><!---->", "begins no tag"),
    ("<p>one<p>two</p>", "in a place or a form it cannot have"),
    ("<p>one</p></div>", "</div> in a place"),
    ("<b>never closed", "not closed"),
    ("<p>x</p><", "begins no tag"),
    ("<p>x <3 y</p>", "begins no tag"),
    ("<plaintext>", "the tag <plaintext>"),
)


@pytest.mark.parametrize("html", HARMLESS)
def test_what_pages_are_made_of_passes(html: str) -> None:
    check(html)


@pytest.mark.parametrize(("html", "named"), FORBIDDEN)
def test_anything_else_is_refused_and_named(html: str, named: str) -> None:
    with pytest.raises(UnsafePageError, match=re.escape(named)):
        check(html)


def test_a_title_in_a_menu_is_words() -> None:
    check_words("Health &amp; safety: “what we do” &lt;b&gt;")
    with pytest.raises(UnsafePageError, match="which is more than words"):
        check_words("Policies </a><script>alert(1)</script>")


def test_every_page_of_the_examples_passes(example_sites: ExampleSites) -> None:
    pages = sorted(example_sites.site.glob("*/**/*.html"))
    assert len(pages) > 100
    for page in pages:
        article = re.search(r"<article[^>]*>(.*)</article>", page.read_text("utf-8"), re.DOTALL)
        assert article, page
        check(article[1])


@pytest.mark.parametrize("settings", [{}, {"markdown_extensions": ["footnotes"]}])
@pytest.mark.parametrize(
    "hole",
    [
        "<script>alert(1)</script>",
        '<p onclick="alert(1)">Words</p>',
        "- <b>one</b>\n- <!-- two -->",
    ],
)
def test_a_page_with_a_hole_stops_the_build_and_is_named(
    tmp_path: Path, hole: str, settings: dict[str, Any]
) -> None:
    """In the quick way and, with settings that are not ours, in MkDocs' own."""
    pages = {**PAGES, "policies/social-media.md": f"# Social media\n\nWords.\n\n{hole}\n"}
    project = emit_as_published(tmp_path / "school", pages=pages, **settings)
    builder = SiteBuilder()
    with pytest.raises((SiteError, UnsafePageError)) as caught:
        builder.build(project, tmp_path / "site")
    assert "the page policies/social-media.md would hold" in str(caught.value)
    assert "Nothing of it is published" in str(caught.value)
    assert not list((tmp_path / "site").rglob("social-media.html"))
