"""What must hold of anything that a reader gives, whatever it was given."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from markdown import Markdown
from pydantic import BaseModel

from clausebook import report
from clausebook.clauses import read_frozen
from clausebook.model import Clause
from clausebook.problems import Problem, Problems
from clausebook.prose import (
    Block,
    Blocks,
    Inlines,
    Link,
    Paragraph,
    Quote,
    ReadyBlock,
    Text,
    Value,
    inlines_of,
    map_block,
    map_inlines,
    plain,
    walk,
)
from clausebook.site import read_settings
from clausebook.source import INVISIBLE, Source, Span
from clausebook.wording import SAFE_SCHEMES
from clausebook.writing import SITE, SOURCE, write_blocks

ROOT = Path(__file__).parent.parent.parent

MOST_DRAWN = 4_000
"""Most characters that one problem may take when it is drawn."""

MOST_BESIDE = 60
"""Most problems that there may be beside one for each byte of the input."""


class BrokenLawError(AssertionError):
    """Something that must hold does not."""


def must(holds: object, what: str, *shown: object) -> None:
    """Raise `BrokenLawError` unless it holds; said without `assert`, which can be switched off."""
    if not holds:
        raise BrokenLawError(f"{what}: " + ", ".join(repr(thing)[:400] for thing in shown))


# -- problems ----------------------------------------------------------------------


def problems_hold(problems: Problems, size: int) -> None:
    """Every problem has its place in its source, and all of them can be drawn, within bounds."""
    found = list(problems)
    must(len(found) <= size + MOST_BESIDE, "more problems than bytes", len(found), size)
    for problem in found:
        for span in (problem.span, *(span for span, _ in problem.notes)):
            _span_holds(span, problem)
        drawn = report.draw(problem)
        must(len(drawn) <= MOST_DRAWN, "a problem of more than a screen", drawn)
        plainly = drawn.replace("\n", "").replace("\N{REPLACEMENT CHARACTER}", "")
        must(not INVISIBLE.search(plainly), "a problem that is obeyed", drawn)
    must(report.as_text(found).encode(), "nothing is drawn")
    told = json.loads(report.as_json(found))
    must(len(told) == len(found), "not one object for each problem", told)
    lines = report.as_github(found).split("\n") if found else []
    must(len(lines) == len(found), "not one command for each problem", lines)


def _span_holds(span: Span, problem: Problem) -> None:
    lines = span.source.lines
    must(1 <= span.line <= len(lines), "a line that is not there", problem.code, span)
    width = len(lines[span.line - 1])
    must(1 <= span.column <= width + 1, "a column that is not there", problem.code, span)
    end = span.column - 1 + span.width
    must(end <= max(width, span.column), "a place that ends outside", problem.code, span, end)


def told(problems: Problems) -> list[tuple[str, str, str, str]]:
    """The problems as values: what one reading told, another must."""
    return [(p.code, p.message, f"{p.span}+{p.span.width}", p.hint) for p in problems]


# -- values ------------------------------------------------------------------------


def texts_hold(value: object) -> None:
    """No text in a value of a shape has a character that nobody can see, or that is obeyed."""
    for text in _texts(value):
        must(not INVISIBLE.search(text), "a character that cannot be shown", text)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, BaseModel):
        value = [getattr(value, name) for name in type(value).model_fields]
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from (*_texts(key), *_texts(inner))
    elif isinstance(value, Iterable):
        for inner in value:
            yield from _texts(inner)


# -- wording -----------------------------------------------------------------------


def clauses_hold(clauses: Iterable[Clause]) -> None:
    """The wording of every clause holds."""
    for clause in clauses:
        wording_holds(clause.words, clause.body)


def wording_holds(words: Inlines, body: Blocks) -> None:
    """Wording is text and safe links; written for people or for the site, it is still the same."""
    runs = (words, *inlines_of(body))
    for run in runs:
        must(not INVISIBLE.search(plain(run)), "a character that cannot be shown", run)
        for word in walk(run):
            if isinstance(word, Link):
                scheme = urlsplit(word.href).scheme
                must(scheme in SAFE_SCHEMES, "a link to something else", word.href)
    reads_back(words, body)
    shows_the_same(words, body)


def reads_back(words: Inlines, body: Blocks) -> None:
    """Written in the canonical form, wording reads back as the very same."""
    content = (Paragraph(words), *body)
    text = "".join(f"{line}\n" for line in write_blocks(content, SOURCE))
    problems = Problems()
    again = read_frozen(Source("again", text).passage(), problems)
    must(not problems.found, "wording that is refused when read again", text, problems.found)
    must(again == (words, body), "wording that reads back as other", text, again, (words, body))


def shows_the_same(words: Inlines, body: Blocks) -> None:
    """Written for the site, it shows the same characters, with no tag but those of wording."""
    content = tuple(_with_values(block) for block in (Paragraph(words), *body))
    html = _site().reset().convert("\n".join(write_blocks(content, SITE)))
    page = _Page()
    page.feed(html)
    page.close()
    must(not page.strange, "markup that wording does not have", page.strange, html)
    said = "".join(_said(content))
    must(_squeezed(page.text) == _squeezed(said), "a page that shows other words", html, said)


def _with_values(block: Block) -> Block:
    match block:
        case ReadyBlock():
            return Paragraph((Text("(x)"),))
        case Quote(blocks):
            return Quote(tuple(map(_with_values, blocks)))
        case _:
            return map_block(block, _filled)


def _filled(words: Inlines) -> Inlines:
    """Wording with something in the place of each name, as it is on every page."""
    return map_inlines(words, lambda w: (Text("(x)"),) if isinstance(w, Value) else (w,))


def _said(content: Blocks) -> Iterator[str]:
    yield from map(plain, inlines_of(content))


def _squeezed(text: str) -> str:
    """Without white space, and without the sign before the ID that a bare reference shows."""
    return "".join(text.replace("#", "").split())


@cache
def _site() -> Any:  # noqa: ANN401 - Python-Markdown has types of its own
    """Python-Markdown as MkDocs uses it here."""
    names, configs = ["toc", "tables", "fenced_code"], dict[str, Any]()
    for extension in read_settings(ROOT / "mkdocs.yml")["markdown_extensions"]:
        named = {extension: {}} if isinstance(extension, str) else extension
        names += [name for name in named if name not in names]
        configs |= named
    return Markdown(extensions=names, extension_configs=configs)


_TAGS: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(
        ("p", "strong", "em", "code", "br", "blockquote", "ul", "ol", "li"), frozenset()
    ),
    **dict.fromkeys(("div", "table", "thead", "tbody", "tr"), frozenset({"class"})),
    **dict.fromkeys(("th", "td"), frozenset({"style", "align"})),
    "a": frozenset({"href"}),
}
"""The tags that wording becomes, with the attributes that each may have."""


class _Page(HTMLParser):
    """The text of a page, and whatever in it wording cannot have brought about."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.strange: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _TAGS or not {name for name, _ in attrs} <= _TAGS[tag]:
            self.strange.append(f"<{tag} {attrs}>")
        for name, value in attrs:
            address = value or ""
            if name == "href" and not address.startswith("#"):
                self.strange += [] if urlsplit(address).scheme in SAFE_SCHEMES else [address]

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        self.strange.append(data)

    def handle_decl(self, decl: str) -> None:
        self.strange.append(decl)

    def handle_pi(self, data: str) -> None:
        self.strange.append(data)

    def unknown_decl(self, data: str) -> None:
        self.strange.append(data)
