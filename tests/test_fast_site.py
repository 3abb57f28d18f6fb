"""Sites are built in a quick way, and are to the byte what MkDocs would have made of them."""

from __future__ import annotations

import random
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from tests.test_site import NAV, PAGES, emit, tree

from clausebook import piecewise, plainpieces
from clausebook.htmlwall import UnsafePageError
from clausebook.piecewise import convert_page
from clausebook.quicksite import Finished
from clausebook.site import OVERRIDES, TEMPLATES, SiteBuilder, SiteError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from tests.conftest import ExampleSites


def both(project: Path, folder: Path) -> tuple[dict[str, bytes], dict[str, bytes], str | None]:
    """A project built in the quick way and by MkDocs; why it was not quick, if it was not."""
    builder = SiteBuilder()
    builder.build(project, folder / "quick")
    reason = builder.unusual
    builder.build_with_mkdocs(project, folder / "mkdocs")
    return tree(folder / "quick"), tree(folder / "mkdocs"), reason


def test_every_example_site_is_the_same(example_sites: ExampleSites, tmp_path: Path) -> None:
    projects = sorted(path.parent for path in example_sites.build.glob("*/mkdocs.yml"))
    assert len(projects) > 1
    for project in projects:
        quick, mkdocs, reason = both(project, tmp_path / project.name)
        assert reason is None
        assert [path for path in quick | mkdocs if quick.get(path) != mkdocs.get(path)] == []


@pytest.mark.parametrize(
    "own",
    [
        {"plugins": ["search"]},
        {"markdown_extensions": ["footnotes"]},
        {"use_directory_urls": True},
        {"docs_dir": "docs"},
        {"repo_url": "https://git.example.org/policies"},
        {"theme": {"custom_dir": "overrides", "static_templates": ["sitemap.xml"]}},
    ],
    ids="-".join,
)
def test_settings_of_the_trusts_own_are_for_mkdocs(tmp_path: Path, own: dict[str, Any]) -> None:
    project = emit_as_published(tmp_path / "school", **own)
    quick, mkdocs, reason = both(project, tmp_path)
    assert reason
    assert quick == mkdocs


def test_templates_of_the_trusts_own_are_for_mkdocs(tmp_path: Path) -> None:
    project = emit_as_published(tmp_path / "school")
    main = project / "overrides" / "main.html"
    main.write_text(main.read_text("utf-8").replace("Every page", "Each page"), encoding="utf-8")
    quick, mkdocs, reason = both(project, tmp_path)
    assert reason == "theme templates that are not ours alone"
    assert quick == mkdocs


@pytest.mark.parametrize(
    "own",
    [
        {},
        {"copyright": "© Tidewell", "site_description": "Our <policies>"},
        {"theme": {"custom_dir": "overrides", "palette": {"scheme": "slate"}}},
        {"theme": {"custom_dir": "overrides", "language": "cy"}},
        {"extra": {"school": "St Mary's & St John's", "alternate": []}},
    ],
)
def test_settings_that_only_templates_use_are_quick(tmp_path: Path, own: dict[str, Any]) -> None:
    quick, mkdocs, reason = both(emit_as_published(tmp_path / "school", **own), tmp_path)
    assert reason is None
    assert quick == mkdocs


def test_sites_built_one_after_the_other_share_nothing_that_shows(tmp_path: Path) -> None:
    builder = SiteBuilder()
    names = ["Kestrel", "St Mary's", "<b>Odd</b>", "Kestrel"]
    for at, name in enumerate(names):
        project = emit_as_published(
            tmp_path / str(at), name=name, extra={"school": f"{name} School", "at": at % 2}
        )
        builder.build(project, tmp_path / "quick")
        assert builder.unusual is None
        SiteBuilder().build_with_mkdocs(project, tmp_path / "mkdocs")
        assert tree(tmp_path / "quick") == tree(tmp_path / "mkdocs")


@pytest.mark.parametrize(
    "text",
    [
        *("[x](gone.md)", "[x](#sm-9)", "[x](/elsewhere)", "[x](policies/social-media.md#sm-9)"),
        *("[x](gone.csv)", "[x](policies)", "# One\n\n[x]\n\n[x]: gone.md\n"),
    ],
)
def test_a_broken_link_is_told_in_mkdocs_words(tmp_path: Path, text: str) -> None:
    project = emit_as_published(tmp_path / "school", pages={**PAGES, "index.md": text})
    builder = SiteBuilder()
    said = []
    ways: list[Callable[[Path, Path], object]] = [builder.build, builder.build_with_mkdocs]
    for way in ways:
        with pytest.raises(SiteError) as failure:
            way(project, tmp_path / "site")
        said.append(str(failure.value))
    assert said[0] == said[1]


@pytest.mark.parametrize(
    "text",
    [
        "---\ntitle: A & B\nrobots: noindex\nprint: '1 < 2'\nhide:\n  - toc\n---\n# One\n\n## Two",
        "---\ntitle: [a, list]\nhide: [5]\n---\n# One\n\n## Two",
        "# Same\n\n## Same\n\n### Same\n\n## Same\n",
        "No heading, and *one* [link](policies/social-media.md).",
        "# A\n\nassets/javascripts/bundle",
        "title: old kind of head\n\n# A",
        "---\nnot: [closed\n---\n# A",
        "\n\n",
        "# A\n\n- one\n- two\n\n- three\n\n1. four\n\n> five\n\n> six\n\n    code\n\n    more",
        "# A\n\n[x][y]\n\n[y]: policies/social-media.md\n",
        "# A\n\n```\n# code\n\n<div>\n```\n\nText",
    ],
)
def test_pages_of_any_kind_are_the_same(tmp_path: Path, text: str) -> None:
    project = emit_as_published(tmp_path / "school", pages={**PAGES, "index.md": text})
    quick, mkdocs, _ = both(project, tmp_path)
    assert quick == mkdocs


def test_finished_pages_are_taken_from_the_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = emit_as_published(tmp_path / "school")
    files = tree(project)
    store: dict[str, bytes] = {}
    SiteBuilder().build_files(files, project, tmp_path / "first", pages=store)
    assert len(store) == len(PAGES) - 1
    monkeypatch.setattr("clausebook.quicksite.convert_page", None)
    builder = SiteBuilder()
    builder.build_files(files, project, tmp_path / "second", pages=store)
    assert builder.unusual is None
    assert tree(tmp_path / "first") == tree(tmp_path / "second")
    assert all(Finished.restored(data).stored() == data for data in store.values())


def test_links_of_stored_pages_are_checked(tmp_path: Path) -> None:
    store: dict[str, bytes] = {}
    project = emit_as_published(tmp_path / "school")
    SiteBuilder().build_files(tree(project), project, tmp_path / "site", pages=store)
    other = project / "docs" / "policies" / "social-media.md"
    other.write_text("# Media\n\n## Purpose {#sm-1}\n", encoding="utf-8")
    with pytest.raises(SiteError, match="#sm-2"):
        SiteBuilder().build_files(tree(project), project, tmp_path / "site", pages=store)


def emit_as_published(
    project: Path,
    name: str = "Saltmarsh Lane",
    pages: Mapping[str, str] = PAGES,
    **own: Any,  # noqa: ANN401
) -> Path:
    """Write a project as `publish` does, with our theme templates."""
    nav: list[object] = [{"Home": "index.md"}, *NAV[1:]]
    emit(project, name, pages, nav, **{"theme": {"custom_dir": OVERRIDES}, **own})
    shutil.copytree(TEMPLATES, project / OVERRIDES)
    return project


# --- pieces ---

WORDS = (
    *("plain words", "**strong** words", "*em*", "a [link](page.md#x){ .cb-term } here"),
    *("[1.1](#sm-1){ .cb-label } text", "<ins>new</ins>", r"1\.1 \[x\] \*", "&amp; &#58; x"),
    *("a <span class='x'>b</span>", "<code>c</code>", "under_score_d", "2 < 3 & 4 > 1", "x!"),
    *("[a](<mailto:b@c.example>), d", "`tick`", "Yes **it** is", "a**b**c", "end *", "{ odd }"),
    *("https://example.org/a_b_c", "“Quoted” … text", "<a href='x.html' id=\"own\">h</a>"),
)
ENDS = ("", "", "\n{: #sm-2 .cb-clause }", '\n{: .a .b data-for="staff x" }', "\nnext line")
ODD = (
    *("    code", "<!-- c -->", "[r]: page.md", "<div>", "</div>", "---", "***", "~~~", "[TOC]"),
    *("1. one\n2. two", "* star", "+ plus", "Title\n=====", "<br>", "<hr>", "<p>raw</p>"),
    *("<ul>\n<li>raw</li>\n</ul>", "text\n- no list", "text\n> quote", "   indented", "- a\n\tb"),
    *('<details class="x">\n<summary>raw</summary>\n</details>', "<script>x</script>", "x <b"),
)


def some_block(choose: random.Random, depth: int) -> str:  # noqa: PLR0911 - one for each kind
    """A block of one of the kinds that our pages are made of, or of one they are not."""
    words, end = choose.choice(WORDS), choose.choice(ENDS)
    match choose.randrange(13):
        case 0:
            return f"{'#' * choose.randint(1, 4)} {words}"
        case 1:
            return f"## {words} {{: #{choose.choice('abc')}-{choose.randint(1, 9)} .c }}"
        case 2:
            return "\n".join(f"- {choose.choice(WORDS)}" for _ in range(choose.randint(1, 3)))
        case 3 | 4:
            return "\n\n".join(some_item(choose, 1) for _ in range(choose.randint(1, 3)))
        case 5:
            rows = [f"| {words} | {choose.choice(WORDS)} |" for _ in range(choose.randint(0, 3))]
            rule = choose.choice(("| --- | --- |", "| --- | ---: |", "| :-: | --- |"))
            return "\n".join(["| A | B |", rule, *rows])
        case 6:
            return f"> {words}\n>\n> {choose.choice(WORDS)}"
        case 7:
            return f"{words}\n> {choose.choice(WORDS)}"
        case 8 | 9 if depth:
            inner = "\n\n".join(some_block(choose, depth - 1) for _ in range(choose.randint(1, 3)))
            tag = choose.choice(("div", "details"))
            summary = "\n<summary>S</summary>" if tag == "details" else ""
            return f'<{tag} class="x" markdown>{summary}\n\n{inner}\n\n</{tag}>'
        case 10 if choose.random() < 0.4:
            return choose.choice(ODD)
    return words + end


def some_item(choose: random.Random, level: int) -> str:
    words, end = choose.choice(WORDS), choose.choice(ENDS).replace("\n", "\n    ")
    item = f"-   {words}{end}"
    for _ in range(choose.randint(0, 2) if level < 3 else 0):
        inner = some_item(choose, level + 1) if choose.random() < 0.8 else words
        item += "\n\n" + "\n".join(f"    {line}".rstrip() for line in inner.split("\n"))
    return item


@pytest.mark.parametrize("seed", range(20))
def test_pieces_make_what_the_whole_makes(seed: int) -> None:
    choose = random.Random(seed)  # noqa: S311
    for _ in range(60):
        blocks = [some_block(choose, 2) for _ in range(choose.randint(1, 6))]
        text = "\n\n".join(blocks)
        assert made(convert_page, text) == made(piecewise.convert_whole, text), text


def made(convert: Callable[[str, str], piecewise.Piece], text: str) -> piecewise.Piece | None:
    """What a page becomes; None if it is one that no site may have."""
    try:
        return convert(text, "policies")
    except UnsafePageError:
        return None


def test_most_pieces_of_the_examples_are_plain(example_sites: ExampleSites) -> None:
    """What is not converted directly takes ten times as long."""
    units = set()
    for path in sorted(example_sites.build.glob("kestrel/docs/policies/**/*.md")):
        units |= set(piecewise.units_of(path.read_text("utf-8")))
    plain = [unit for unit in units if plainpieces.plain(*unit)]
    assert len(plain) > 0.85 * len(units)
