"""A document as one HTML file: for a website that takes only uploads, and for the printer.

Both come from one template, `templates/paper/paper.html`, so that they say the same.  The file
asks nothing of anybody: its style is in it, it has no script, and its Content-Security-Policy
lets in nothing else.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from clausebook.dates import show_date
from clausebook.markup import blocks_html, inline_html
from clausebook.model import Kind
from clausebook.papers import Paper, PaperClause
from clausebook.papersheets import FOLDER, sheet
from clausebook.prose import Inline, Inlines, Link, Reference, map_inlines
from clausebook.qr import qr_code

SCREEN, PAGE = "screen.css", "page.css"
"""The style of the file, and of paper."""


@dataclass
class Node:
    """A clause, and the list items that stand in it."""

    clause: PaperClause
    items: list[Node] = field(default_factory=list)


@dataclass(frozen=True)
class Stretch:
    """Clauses that follow one another: list items, or one heading or paragraph."""

    nodes: Sequence[Node]

    @property
    def is_list(self) -> bool:
        """Whether it is a list."""
        return self.nodes[0].clause.kind is Kind.ITEM


def html_of(paper: Paper) -> bytes:
    """A document as a file that stands alone, in UTF-8."""
    return _written(paper, _screen(), on_paper=False).encode()


def page_html(paper: Paper) -> str:
    """The same for a program that makes pages of it."""
    return _written(paper, sheet(PAGE), on_paper=True)


def _written(paper: Paper, style: str, *, on_paper: bool) -> str:
    return _template().render(
        paper=paper,
        stretches=stretches(paper.clauses),
        sections=[c for c in paper.clauses if c.kind is Kind.HEADING and c.depth == _SECTION],
        edition=f"Version {paper.version}" if paper.version else f"Draft of {show_date(paper.day)}",
        on_paper=on_paper,
        style=Markup(style),  # noqa: S704 - a file of ours
        allowed=_digest(style),
        qr=qr_code(paper.address, f"QR code: {paper.address}") if paper.address else None,
        inline=inline_html,
        without_links=_without_links,
        blocks=lambda clause: blocks_html(clause.body, f"Table in {clause.label}"),
        day=show_date,
        Kind=Kind,
    )


_SECTION = 2
"""The heading level of a policy's sections."""


def stretches(clauses: Sequence[PaperClause]) -> list[Stretch]:
    """Clauses as they nest: an item stands in the nearest one before it that is further out."""
    found: list[Stretch] = []
    open_: list[Node] = []
    for clause in clauses:
        node = Node(clause)
        if clause.kind is not Kind.ITEM:
            found.append(Stretch([node]))
            open_ = []
            continue
        while open_ and open_[-1].clause.depth >= clause.depth:
            open_.pop()
        if open_:
            open_[-1].items.append(node)
        elif found and found[-1].is_list:
            found[-1] = Stretch([*found[-1].nodes, node])
        else:
            found.append(Stretch([node]))
        open_.append(node)
    return found


def _without_links(words: Inlines) -> Markup:
    """A heading's words for the list of contents, which is made of links itself."""
    return inline_html(map_inlines(words, _unlinked))


def _unlinked(word: Inline) -> Inlines:
    return word.children if isinstance(word, Link | Reference) else (word,)


@cache
def _template() -> Template:
    """The template, which escapes whatever is put into it."""
    environment = Environment(
        loader=PackageLoader("clausebook", FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template("paper.html")


@cache
def _screen() -> str:
    return (files("clausebook") / FOLDER / SCREEN).read_text("utf-8")


def _digest(sheet: str) -> str:
    """What a Content-Security-Policy calls a style sheet (CSP Level 3, 2.3.1)."""
    return "sha256-" + b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
