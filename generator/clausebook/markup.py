"""Wording written out as HTML, for documents that stand alone.

Text is escaped, always, and a link leads to the web, to a mailbox or to a telephone, or nowhere:
there is no way from text to markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from markupsafe import Markup, escape

from clausebook.prose import (
    Block,
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
)


def inline_html(words: Sequence[Inline]) -> Markup:
    """A run of wording, to stand inside a paragraph, a cell or a heading."""
    return Markup().join(map(_inline, words))


def _inline(word: Inline) -> Markup:
    match word:
        case Text(text):
            return escape(text)
        case Strong(children):
            return Markup("<strong>{}</strong>").format(inline_html(children))
        case Emphasis(children):
            return Markup("<em>{}</em>").format(inline_html(children))
        case Code(text):
            return Markup("<code>{}</code>").format(text)
        case Break():
            return Markup("<br>")
        case Link(href, children):
            if not _LEADS_OUT.match(href):
                return inline_html(children)
            return Markup('<a href="{}">{}</a>').format(href, inline_html(children))
        case Reference(target, children):
            words = inline_html(children) or escape(target)
            return Markup('<a href="#{}">{}</a>').format(target, words)
        case Value(expression):
            return escape("{{ " + expression + " }}")


_LEADS_OUT = re.compile(r"https?://|mailto:|tel:")


def block_html(block: Block, name: str) -> Markup:
    """A block; `name` is what a table is called by those who cannot see where it stands."""
    match block:
        case Paragraph(words):
            return Markup("<p>{}</p>\n").format(inline_html(words))
        case Table(header, align, rows):
            return _table(header, align, rows, name)
        case Quote(blocks):
            inside = Markup().join(block_html(inner, name) for inner in blocks)
            return Markup("<blockquote>\n{}</blockquote>\n").format(inside)
        case PlainList(items, ordered):
            return _list(items, ordered=ordered)
        case ReadyBlock(value):
            return Markup("<p>{}</p>\n").format(inline_html((value,)))


def blocks_html(blocks: Iterable[Block], name: str) -> Markup:
    """Several blocks, one after another."""
    return Markup().join(block_html(block, name) for block in blocks)


def _list(items: Sequence[Inlines], *, ordered: bool) -> Markup:
    """A list; its numbers are words, so that no reader counts otherwise.

    Its role is said because Safari takes a list whose signs are not drawn for no list.
    """
    tag = "ol" if ordered else "ul"
    number = Markup('<span class="cb-number">{}.</span> ') if ordered else Markup()
    lines = (
        Markup("<li>{}{}</li>\n").format(number.format(at), inline_html(item))
        for at, item in enumerate(items, 1)
    )
    return Markup('<{0} role="list">\n{1}</{0}>\n').format(tag, Markup().join(lines))


def _table(
    header: Sequence[Inlines], align: Sequence[str], rows: Sequence[Sequence[Inlines]], name: str
) -> Markup:
    """A table in a box of its own, which scrolls sideways where it is too wide for the screen."""
    head = Markup().join(_cell("th", cell, way) for cell, way in zip(header, align, strict=True))
    body = Markup().join(
        Markup("<tr>{}</tr>\n").format(
            Markup().join(_cell("td", cell, way) for cell, way in zip(row, align, strict=True))
        )
        for row in rows
    )
    return Markup(
        '<div class="cb-scroll" role="region" aria-label="{}" tabindex="0">\n'
        "<table>\n<thead>\n<tr>{}</tr>\n</thead>\n<tbody>\n{}</tbody>\n</table>\n</div>\n"
    ).format(name, head, body)


def _cell(tag: str, words: Inlines, way: str) -> Markup:
    side = Markup(' class="cb-{}"').format(way) if way in {"right", "center"} else ""
    if tag == "th" and not words:
        tag = "td"  # a corner that heads nothing
    scope = Markup(' scope="col"') if tag == "th" else ""
    return Markup("<{}{}{}>{}</{}>").format(tag, scope, side, inline_html(words), tag)
