"""Wording as structure: the inline and block pieces a clause is made of.

Readers turn Markdown into these; everything after works on them, so that no
later stage ever takes text for markup.  All values are immutable and compare
by content; places in files never take part in comparison.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from operator import is_
from typing import TypeVar

from clausebook.source import Span


@dataclass(frozen=True, slots=True)
class Text:
    """Plain characters."""

    text: str


@dataclass(frozen=True, slots=True)
class Strong:
    """Strong importance (bold)."""

    children: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Emphasis:
    """Stress emphasis (italic)."""

    children: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Code:
    """Text as typed into a computer."""

    text: str


@dataclass(frozen=True, slots=True)
class Break:
    """A line break that the author asked for."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link to a web page, an e-mail address or a telephone number."""

    href: str
    children: tuple[Inline, ...]
    style: str = ""
    """The class that a site's pages give it; no wording has one."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A cross-reference to a clause by its ID.

    Without children the clause's printed number is shown.
    """

    target: str
    children: tuple[Inline, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Value:
    """A named value, `{{ name }}`, still to be filled in."""

    expression: str
    span: Span = field(compare=False)


Inline = Text | Strong | Emphasis | Code | Break | Link | Reference | Value
Inlines = tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A further paragraph of a clause."""

    words: Inlines


@dataclass(frozen=True, slots=True)
class Table:
    """A table; every row has as many cells as the header."""

    header: tuple[Inlines, ...]
    align: tuple[str, ...]
    """For each column `left`, `right`, `center` or ""."""
    rows: tuple[tuple[Inlines, ...], ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class PlainList:
    """A list whose items are not clauses: inside a quotation, or made from a value."""

    items: tuple[Inlines, ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class ReadyBlock:
    """A value that fills a whole block, such as a contact card."""

    value: Value


Block = Paragraph | Table | Quote | PlainList | ReadyBlock
Blocks = tuple[Block, ...]


def plain(words: Sequence[Inline]) -> str:
    """The bare characters; values show as `{{ name }}`, references as their text or `#id`."""
    return "".join(_plain(word) for word in words)


def _plain(word: Inline) -> str:
    match word:
        case Text(text) | Code(text):
            return text
        case Break():
            return " "
        case Value(expression):
            return "{{ " + expression + " }}"
        case Reference(target, ()):
            return "#" + target
        case Strong(children) | Emphasis(children) | Link(_, children) | Reference(_, children):
            return plain(children)


def walk(words: Sequence[Inline]) -> Iterator[Inline]:
    """Every inline piece, parents before children."""
    for word in words:
        yield word
        if isinstance(word, Strong | Emphasis | Link | Reference):
            yield from walk(word.children)


def inlines_of(blocks: Sequence[Block]) -> Iterator[Inlines]:
    """Every run of inline pieces in the blocks, in reading order (ready blocks as one value)."""
    for block in blocks:
        match block:
            case Paragraph(words):
                yield words
            case Table(header, _, rows):
                yield from header
                for row in rows:
                    yield from row
            case Quote(inner):
                yield from inlines_of(inner)
            case PlainList(items):
                yield from items
            case ReadyBlock(value):
                yield (value,)


Change = Callable[[Inline], Inlines]


def map_inlines(words: Sequence[Inline], change: Change) -> Inlines:
    """Replace every piece by what `change` makes of it, children first.

    Wording in which nothing was replaced is given back as the very same tuple.
    """
    result: list[Inline] = []
    same = isinstance(words, tuple)
    for word in words:
        whole = word
        if isinstance(word, Strong | Emphasis | Link | Reference) and word.children:
            children = map_inlines(word.children, change)
            whole = word if children is word.children else replace(word, children=children)
        made = change(whole)
        result += made
        same = same and len(made) == 1 and made[0] is word
    return join_text(words if same else result)


def join_text(words: Sequence[Inline]) -> Inlines:
    """Neighbouring texts as one, empty ones gone: the form in which wording is compared."""
    if not _is_loose(words):
        return tuple(words)  # the same one, if it is a tuple
    result: list[Inline] = []
    for word in words:
        if isinstance(word, Text):
            if not word.text:
                continue
            if result and isinstance(result[-1], Text):
                result[-1] = Text(result[-1].text + word.text)
                continue
        result.append(word)
    return tuple(result)


def _is_loose(words: Sequence[Inline]) -> bool:
    """Whether two texts stand side by side, or one is empty."""
    after_text = False
    for word in words:
        if isinstance(word, Text):
            if after_text or not word.text:
                return True
            after_text = True
        else:
            after_text = False
    return False


def map_block(block: Block, change: Callable[[Inlines], Inlines]) -> Block:
    """Replace every run of inline pieces in a block; ready blocks stay as they are.

    A block in which nothing was replaced is given back as the very same one.
    """
    match block:
        case Paragraph(words):
            made = change(words)
            return block if made is words else Paragraph(made)
        case Table(header, align, rows):
            head = _each(header, change)
            body = _each(rows, lambda row: _each(row, change))
            return block if head is header and body is rows else Table(head, align, body)
        case Quote(blocks):
            inside = _each(blocks, lambda inner: map_block(inner, change))
            return block if inside is blocks else Quote(inside)
        case PlainList(items, ordered):
            changed = _each(items, change)
            return block if changed is items else PlainList(changed, ordered)
        case ReadyBlock():
            return block


Part = TypeVar("Part")


def _each(parts: tuple[Part, ...], change: Callable[[Part], Part]) -> tuple[Part, ...]:
    """What `change` makes of each; the very same tuple, if that is nothing new."""
    made = tuple(map(change, parts))
    return parts if all(map(is_, made, parts)) else made
