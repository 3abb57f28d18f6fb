"""Wording as running text, in which phrases are looked for: marks gone, values as gaps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from clausebook.matching import GAP
from clausebook.prose import (
    Block,
    Break,
    Code,
    Emphasis,
    Inline,
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


def running(words: Sequence[Inline], body: Sequence[Block] = ()) -> str:
    """Words and what belongs to them as running text, without quotations."""
    runs: list[Sequence[Inline]] = [words]
    runs += runs_of(body, quotations=False)
    return f"\n{GAP}\n".join("".join(map(_bare, run)) for run in runs)


def runs_of(body: Sequence[Block], *, quotations: bool) -> Iterator[Sequence[Inline]]:
    """Every run of words in blocks, with or without those that are quoted."""
    for block in body:
        match block:
            case Paragraph(words):
                yield words
            case Table(header, _, rows):
                for row in (header, *rows):
                    yield from row
            case PlainList(items):
                yield from items
            case Quote(inner) if quotations:
                yield from runs_of(inner, quotations=True)
            case Quote() | ReadyBlock():
                pass


def _bare(word: Inline) -> str:
    match word:
        case Text(text) | Code(text):
            return text
        case Break():
            return "\n"
        case Value() | Reference(_, ()):
            return GAP
        case Strong(children) | Emphasis(children) | Link(_, children) | Reference(_, children):
            return "".join(map(_bare, children))
