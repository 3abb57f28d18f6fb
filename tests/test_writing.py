"""Writing: pieces become Markdown that every reader takes for exactly those pieces."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import product
from pathlib import Path
from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString
from hypothesis import assume, given
from markdown import Markdown
from tests.prose_trees import MARKUP, PLACE, TEXTS, bodies, refused, wordings

from clausebook.clauses import read_clauses, read_frozen
from clausebook.problems import Problems
from clausebook.prose import (
    Block,
    Blocks,
    Break,
    Code,
    Emphasis,
    Inline,
    Inlines,
    Link,
    Paragraph,
    PlainList,
    Quote,
    ReadyBlock,
    Reference,
    Strong,
    Table,
    Text,
    Value,
    join_text,
)
from clausebook.site import read_settings
from clausebook.source import Source
from clausebook.tailor import wording_print
from clausebook.writing import (
    SITE,
    SOURCE,
    canonical,
    escape,
    fingerprint,
    write_block,
    write_blocks,
    write_inline,
    write_line,
)

ROOT = Path(__file__).parent.parent


# -- what people write in sources, and versions hold --------------------------------------


def in_source(words: Inlines, body: Blocks) -> str:
    lines = [write_line(words, SOURCE)]
    for block in body:
        lines += ["", *write_block(block, SOURCE)]
    return "\n".join(lines) + "\n"


@given(wordings(), bodies())
def test_law_wording_written_as_source_reads_back_the_same(words: Inlines, body: Blocks) -> None:
    assume(not refused(words, body))
    problems = Problems()
    read = read_frozen(Source("1.md", in_source(words, body)).passage(), problems)
    assert [problem.message for problem in problems] == []
    assert read == (words, body)


@given(wordings(breaks=False), wordings(), bodies())
def test_law_clauses_written_as_source_read_back_the_same(
    title: Inlines, words: Inlines, body: Blocks
) -> None:
    """The same through the clause reader: in a heading, a paragraph and an item of a list."""
    assume(not refused(title) and not refused(words, body))
    text = f"## {write_inline(title, SOURCE)} {{#a}}\n\n{write_line(words, SOURCE)} {{#b}}\n\n"
    item = f"{write_line(words, SOURCE)} {{#c}}\n\n" + "\n".join(write_blocks(body, SOURCE))
    text += "-   " + item.replace("\n", "\n    ") + "\n"
    problems = Problems()
    heading, paragraph, in_list = read_clauses(Source("policy.md", text).passage(), problems)
    assert [problem.message for problem in problems] == []
    assert (heading.words, paragraph.words) == (title, words)
    assert (in_list.words, in_list.body) == (words, body)


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ((Text("plain words, £5 – “so”"),), "plain words, £5 – “so”"),
        ((Text("# not a heading"),), "\\# not a heading"),
        ((Text("1. not a list"),), "1\\. not a list"),
        ((Text("a"), Break(), Text("- b")), "a\\\n\\- b"),
        ((Text("Stop!"), Link("https://x.org", (Text("y"),))), "Stop\\![y](<https://x.org>)"),
        ((Text("un"), Strong((Text("like"),)), Text("ly")), "un**like**ly"),
        ((Text("x"), Strong((Text("(y)"),)), Text("z")), "&#120;**(y)**&#122;"),
        ((Strong((Text(" a "),)),), "**&#32;a&#32;**"),
        ((Strong((Emphasis((Text("a"),)),)),), "**_a_**"),
        ((Strong((Text("a"),)), Emphasis((Text("b"),))), "**a**_b_"),
        ((Code("a`b"),), "``a`b``"),
        ((Code(" a "),), "`  a  `"),
        ((Value("pupils", PLACE), Text("}")), "{{ pupils }}\\}"),
        ((Reference("sm-4", (), PLACE),), "[sm-4](#sm-4)"),
        ((Reference("sm-4", (Text("steps"),), PLACE),), "[steps](#sm-4)"),
    ],
)
def test_source_is_as_plain_as_it_can_be(words: Inlines, text: str) -> None:
    assert write_line(words, SOURCE) == text


@pytest.mark.parametrize(
    ("block", "lines"),
    [
        (Paragraph((Text("+ a"), Break(), Text("b"))), ["\\+ a\\", "b"]),
        (
            Quote((Paragraph((Text("a"), Break(), Text("b"))), Paragraph((Text("c"),)))),
            ["> a\\", "> b", ">", "> c"],
        ),
        (
            PlainList(((Text("a"), Break(), Text("b")), (Text("- c"),))),
            ["-   a\\", "    b", "-   \\- c"],
        ),
        (PlainList(((Text("a"),),), ordered=True), ["1.  a"]),
        (
            Table(((Text("a|b"),), ()), ("left", ""), (((Code("c|d"),), (Text("e"),)),)),
            ["| a\\|b |  |", "| :--- | --- |", "| `c\\|d` | e |"],
        ),
        (ReadyBlock(Value("channels.table", PLACE)), ["{{ channels.table }}"]),
    ],
    ids=lambda value: type(value).__name__,
)
def test_blocks_are_written_a_line_to_a_line(block: Block, lines: list[str]) -> None:
    assert write_block(block, SOURCE) == lines


# -- what the site shows ----------------------------------------------------------------------

OWN = read_settings(ROOT / "mkdocs.yml")["markdown_extensions"]
MKDOCS = ["toc", "tables", "fenced_code"]
MORE = ["abbr", "admonition", "def_list", "footnotes", "sane_lists", "pymdownx.snippets"]
MORE += [
    "pymdownx.details",
    "pymdownx.superfences",
    "pymdownx.tasklist",
    "pymdownx.blocks.admonition",
]
"""Extensions that a trust may well add to its `mkdocs.yml`."""


def python_markdown(extensions: Iterable[str | dict[str, dict[str, object]]]) -> Markdown:
    names: list[str] = []
    configs: dict[str, dict[str, object]] = {}
    for extension in extensions:
        named = {extension: {}} if isinstance(extension, str) else extension
        names += [name for name in named if name not in names]
        configs |= named
    return Markdown(extensions=names, extension_configs=configs)


READERS = {
    "as mkdocs.yml says": python_markdown([*MKDOCS, *OWN]),
    "with more extensions": python_markdown([*MKDOCS, *OWN, *MORE]),
}


def render(text: str, reader: str) -> Tag:
    """The page's content."""
    markdown = READERS[reader]
    markdown.reset()
    return BeautifulSoup(f"<main>{markdown.convert(text)}</main>", "html.parser").select("main")[0]


def pieces(nodes: Iterable[object]) -> Inlines:
    """HTML as pieces: what a browser would make of it."""
    words: list[Inline] = []
    for node in nodes:
        if isinstance(node, Tag):
            inner = pieces(node.children)
            match node.name:
                case "strong":
                    words.append(Strong(inner))
                case "em":
                    words.append(Emphasis(inner))
                case "code":
                    assert all(isinstance(child, NavigableString) for child in node.children)
                    words.append(Code(_spaced(node.get_text())))
                case "br":
                    words.append(Break())
                case "a":
                    assert set(node.attrs) <= {"href"}
                    words.append(Link(unquote(str(node["href"])), inner))
                case other:
                    raise AssertionError(f"<{other}> came from nowhere")
        else:
            assert type(node) is NavigableString, "a comment, or worse, came from nowhere"
            words.append(Text(str(node)))
    return tuple(Text(_spaced(w.text)) if isinstance(w, Text) else w for w in join_text(words))


def _spaced(text: str) -> str:
    return re.sub(r"[ \t\n]+", " ", text)


def expected(words: Inlines) -> Inlines:
    """The pieces as `pieces` finds them: space is space, addresses are compared decoded."""

    def change(word: Inline) -> Inline:
        match word:
            case Text(text):
                return Text(_spaced(text))
            case Code(text):
                return Code(_spaced(text))
            case Link(href, children):
                return Link(unquote(href), expected(children))
            case Strong(children) | Emphasis(children):
                return replace(word, children=expected(children))
            case _:
                return word

    return join_text([change(word) for word in words])


def in_paragraph(words: Inlines) -> tuple[str, str]:
    return f"Before.\n\n{write_line(words)}\n\nAfter.\n", "p:nth-of-type(2)"


def in_clause(words: Inlines) -> tuple[str, str]:
    return f"{write_line(words)}\n{{: #sm-1 .cb-clause .cb-trust }}\n", "p#sm-1"


def in_heading(words: Inlines) -> tuple[str, str]:
    return f"## {write_inline(words)} {{: #sm-1 .cb-clause }}\n", "h2#sm-1"


def in_item(words: Inlines) -> tuple[str, str]:
    text = f"-   Outer\n    {{: #sm-1 }}\n\n    -   {write_line(words)}\n        {{: #sm-2 }}\n"
    return text, "li li#sm-2, li li p#sm-2"


def in_plain_list(words: Inlines) -> tuple[str, str]:
    return "\n".join(write_block(PlainList((words, (Text("next"),))))), "li:first-child"


def in_quotation(words: Inlines) -> tuple[str, str]:
    return "\n".join(write_block(Quote((Paragraph(words),)))), "blockquote p"


def in_heading_cell(words: Inlines) -> tuple[str, str]:
    return "\n".join(write_block(Table(((Text("a"),), words), ("", ""), ()))), "th:nth-of-type(2)"


def in_cell(words: Inlines) -> tuple[str, str]:
    table = Table(((Text("a"),), (Text("b"),)), ("", "right"), ((words, (Text("c"),)),))
    return "\n".join(write_block(table)), "td:first-child"


PLACES = [
    in_paragraph,
    in_clause,
    in_heading,
    in_item,
    in_plain_list,
    in_quotation,
    in_heading_cell,
    in_cell,
]


def shown(words: Inlines, place: Callable[[Inlines], tuple[str, str]], reader: str) -> Inlines:
    text, where = place(words)
    content = render(text, reader)
    (element,) = content.select(where)
    return pieces(element.children)


@pytest.mark.parametrize("reader", READERS)
@given(words=wordings(names=False))
def test_law_wording_written_for_the_site_shows_the_same(words: Inlines, reader: str) -> None:
    for place in PLACES:
        assert shown(words, place, reader) == expected(words), place


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("place", PLACES)
def test_nothing_in_a_text_becomes_markup(
    place: Callable[[Inlines], tuple[str, str]], reader: str
) -> None:
    """Everything that some reader takes for markup, at the start, the middle and the end."""
    for mark in MARKUP:
        for text in (mark, f"words {mark}", f"{mark} words", f"words {mark} words", f"x{mark}x"):
            words = (Text(text.strip()),)
            assert shown(words, place, reader) == expected(words), text


TOUCHING: list[Inline] = [
    Strong((Text("a"),)),
    Strong((Text("(b)."),)),
    Emphasis((Text("c"),)),
    Emphasis((Text("d!"),)),
    Emphasis((Strong((Text("e"),)),)),
    Code("f"),
    Link("tel:1", (Text("g"),)),
    Text("h"),
    Text("*"),
    Text("_"),
    Break(),
]


@pytest.mark.parametrize("reader", READERS)
def test_pieces_that_touch_stay_apart(reader: str) -> None:
    """Values bring pieces together that nobody would write beside each other."""
    for several in product(TOUCHING, repeat=3):
        words = join_text(several)
        assert shown(words, in_paragraph, reader) == expected(words), write_line(words)


@given(TEXTS, TEXTS)
def test_law_escaped_text_is_text_beside_anything(before: str, after: str) -> None:
    """Whatever stands beside it in the same paragraph, such as a label or a tag of a template."""
    text = f"x {escape(before)} <span>y</span> **z** {escape(after)} x"
    (paragraph,) = render(text, "as mkdocs.yml says").select("p")
    words = pieces(child for child in paragraph.children if getattr(child, "name", "") != "span")
    strong = Strong((Text("z"),))
    assert words == expected(join_text([Text(f"x {before}  "), strong, Text(f" {after} x")]))


@given(bodies(names=False))
def test_law_blocks_written_for_the_site_show_the_same(body: Blocks) -> None:
    assume(all(not isinstance(block, Paragraph) for block in body[:1]))
    text = "\n".join(["Lead.", "", *write_blocks(body, SITE)])
    lead, *blocks = (
        el for el in render(text, "as mkdocs.yml says").children if isinstance(el, Tag)
    )
    assert lead.get_text() == "Lead."
    assert [block_of(element) for element in blocks] == [as_shown(block) for block in body]


def block_of(element: Tag) -> object:
    """A block element as nested lists of pieces."""
    inner = [child for child in element.children if isinstance(child, Tag)]
    match element.name:
        case "p":
            return "p", pieces(element.children)
        case "blockquote":
            return "quote", [block_of(child) for child in inner]
        case "ul" | "ol":
            return element.name, [
                pieces(item.select("p")[0].children if item.select("p") else item.children)
                for item in inner
            ]
        case "table":
            rows = [row.select("th, td") for row in element.select("tr")]
            aligned = [
                str(cell.get("style", "")).rpartition(":")[2].strip(" ;") for cell in rows[0]
            ]
            return "table", aligned, [[pieces(cell.children) for cell in row] for row in rows]
        case other:
            raise AssertionError(f"<{other}> came from nowhere")


def as_shown(block: Block) -> object:
    match block:
        case Paragraph(words):
            return "p", expected(words)
        case Quote(inner):
            return "quote", [as_shown(child) for child in inner]
        case PlainList(items, ordered):
            return "ol" if ordered else "ul", [expected(item) for item in items]
        case Table(header, align, rows):
            return (
                "table",
                list(align),
                [[expected(cell) for cell in row] for row in (header, *rows)],
            )
        case _:
            raise AssertionError(block)


# -- fingerprints ---------------------------------------------------------------------------


def print_of(text: str) -> str:
    """The fingerprint of the first clause of a policy."""
    problems = Problems()
    clauses = read_clauses(Source("policy.md", text).passage(), problems)
    assert not problems.found
    return wording_print(clauses[0])


SAID = 'Staff don\'t follow "friends" - or **pupils** - online. {#a}\n\n> No\n> exceptions.\n'


@pytest.mark.parametrize(
    "same",
    [
        SAID,
        SAID.replace("'", "’"),
        SAID.replace(' "friends"', " “friends”"),
        SAID.replace(" - ", " – "),
        SAID.replace(" - ", " — "),
        SAID.replace("follow ", "follow\n"),
        SAID.replace("follow ", "follow   "),
        SAID.replace("follow ", "follow\u00a0"),
        SAID.replace("No\n> exceptions", "No exceptions"),
        SAID.replace("**", "__"),
        SAID.replace("{#a}", '{#other .guidance for="staff"}'),
        SAID + "\nAnother clause. {#b}\n",
        "\n\n" + SAID,
    ],
)
def test_a_fingerprint_does_not_change_with_cosmetics(same: str) -> None:
    assert print_of(same) == print_of(SAID)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Staff", "staff"),
        ("follow", "follows"),
        ("or ", ""),
        ("**pupils**", "pupils"),
        ("**pupils**", "*pupils*"),
        ("pupils", "{{ pupils }}"),
        ("online.", "online"),
        ("exceptions", "exception"),
        ("> No\n> exceptions.", ""),
        ("> No", "> **No**"),
        ("> No\n", "> No\n>\n"),
    ],
)
def test_a_fingerprint_changes_with_the_wording(before: str, after: str) -> None:
    changed = SAID.replace(before, after)
    assert changed != SAID
    assert print_of(changed) != print_of(SAID)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("See [us](https://a.example.org). {#a}", "See [us](https://b.example.org). {#a}"),
        ("See [us](https://a.example.org). {#a}", "See us. {#a}"),
        ("See [sm-1](#sm-1). {#a}", "See [sm-2](#sm-2). {#a}"),
        ("Use `this`. {#a}", "Use this. {#a}"),
        ("Use `'this'`. {#a}", "Use `’this’`. {#a}"),
        ("Ask {{ contact.dsl }}. {#a}", "Ask {{ contact.lado }}. {#a}"),
        ("A: {#a}\n\n|b|\n|-|\n|c|", "A: {#a}\n\n|b|\n|-|\n|d|"),
        ("A: {#a}\n\n|b|\n|-|\n|c|", "A: {#a}\n\n|b|\n|-|\n|c|\n|d|"),
        ("A: {#a}\n\n|b|\n|-|\n|c|", "A: {#a}"),
    ],
)
def test_a_fingerprint_changes_with_targets_names_and_tables(before: str, after: str) -> None:
    assert print_of(before) != print_of(after)


@given(wordings(), wordings())
def test_law_other_wording_has_another_fingerprint(one: Inlines, other: Inlines) -> None:
    same = canonical(one, ()) == canonical(other, ())
    assert (fingerprint(canonical(one, ())) == fingerprint(canonical(other, ()))) == same


def test_a_fingerprint_never_spells_a_word_and_never_changes_between_releases() -> None:
    """Schools keep fingerprints in their files: a new way to make them would question them all."""
    words = (Text("Staff must not follow "), Value("pupils", PLACE), Text("."))
    assert fingerprint(canonical(words, ())) == "bpmm-dwsp"
    assert re.fullmatch(r"[bcdfghjklmnpqrstvwxz]{4}-[bcdfghjklmnpqrstvwxz]{4}", fingerprint("x"))
    assert len({fingerprint(str(number)) for number in range(5000)}) == 5000
