"""What a redline is made of, and the two wordings that can be had back from it.

`accept` gives exactly the new wording and `reject` exactly the old.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

from clausebook.prose import (
    Block,
    Blocks,
    Inlines,
    Paragraph,
    PlainList,
    Quote,
    ReadyBlock,
    Table,
    Value,
)
from clausebook.redlinewords import Run, RunKind, Runs, accepted, rejected, whole


@dataclass(frozen=True, slots=True)
class RedParagraph:
    """A further paragraph."""

    kind: RunKind
    """Of the whole: inserted, deleted, or the same, whatever happened inside."""
    runs: Runs


@dataclass(frozen=True, slots=True)
class RedReady:
    """A value that fills a block of its own; another value is another block."""

    kind: RunKind
    value: Value

    @property
    def runs(self) -> Runs:
        """The value's name."""
        return whole((self.value,), self.kind)


@dataclass(frozen=True, slots=True)
class RedItem:
    """An item of a plain list."""

    kind: RunKind
    runs: Runs


@dataclass(frozen=True, slots=True)
class RedRow:
    """A row of a table."""

    kind: RunKind
    cells: tuple[Runs, ...]


@dataclass(frozen=True, slots=True)
class RedTable:
    """A table; its first row is the header."""

    kind: RunKind
    rows: tuple[RedRow, ...]
    align_before: tuple[str, ...]
    align_after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RedList:
    """A list whose items are no clauses."""

    kind: RunKind
    items: tuple[RedItem, ...]
    ordered_before: bool
    ordered_after: bool


@dataclass(frozen=True, slots=True)
class RedQuote:
    """A quotation."""

    kind: RunKind
    blocks: tuple[RedBlock, ...]


RedBlock = RedParagraph | RedReady | RedTable | RedQuote | RedList


@dataclass(frozen=True, slots=True)
class Redline:
    """What became of a clause's words, and of what belongs to it beside them."""

    words: Runs
    blocks: tuple[RedBlock, ...]

    def runs(self) -> Iterator[Runs]:
        """Every marked run of wording, in reading order."""
        yield self.words
        yield from _runs_of(self.blocks)


Content = tuple[Inlines, Blocks]
"""A clause's words, and the blocks that belong to it."""


class Difference(IntEnum):
    """The most that differs between two wordings."""

    NONE = 0
    FORMATTING = 1
    """The same words, looking different."""
    LINK = 2
    """The same words, leading elsewhere."""
    WORDS = 3


def _runs_of(blocks: Sequence[RedBlock]) -> Iterator[Runs]:
    for block in blocks:
        match block:
            case RedParagraph() | RedReady():
                yield block.runs
            case RedTable(_, rows):
                for row in rows:
                    yield from row.cells
            case RedList(_, items):
                for item in items:
                    yield item.runs
            case RedQuote(_, inner):
                yield from _runs_of(inner)


# -- accepting and rejecting -------------------------------------------------------------


def accept(marked: Redline) -> Content:
    """The new wording."""
    return accepted(marked.words), _side(marked.blocks, RunKind.DELETED, accepted)


def reject(marked: Redline) -> Content:
    """The old wording."""
    return rejected(marked.words), _side(marked.blocks, RunKind.INSERTED, rejected)


def _side(
    blocks: Sequence[RedBlock], gone: RunKind, words: Callable[[Sequence[Run]], Inlines]
) -> Blocks:
    """The blocks of one side, on which those of the kind `gone` are not."""
    result: list[Block] = []
    for block in blocks:
        if block.kind is gone:
            continue
        match block:
            case RedParagraph(_, runs):
                result.append(Paragraph(words(runs)))
            case RedReady(_, value):
                result.append(ReadyBlock(value))
            case RedTable(_, rows, before, after):
                kept = [tuple(map(words, row.cells)) for row in rows if row.kind is not gone]
                align = after if gone is RunKind.DELETED else before
                result.append(Table(kept[0], align, tuple(kept[1:])))
            case RedList(_, items, before_, after_):
                left = tuple(words(item.runs) for item in items if item.kind is not gone)
                result.append(PlainList(left, after_ if gone is RunKind.DELETED else before_))
            case RedQuote(_, inner):
                result.append(Quote(_side(inner, gone, words)))
    return tuple(result)


# -- how much differs --------------------------------------------------------------------


def difference(marked: Redline) -> Difference:
    """How much differs in a redline."""
    inside = max(_difference(runs) for runs in marked.runs())
    return max(inside, Difference.FORMATTING if _laid_out(marked.blocks) else Difference.NONE)


def _difference(runs: Runs) -> Difference:
    kinds = {run.kind for run in runs}
    if kinds & {RunKind.INSERTED, RunKind.DELETED}:
        before = [token.text for run in runs for token in run.before if not token.blank]
        after = [token.text for run in runs for token in run.after if not token.blank]
        return Difference.LINK if before == after else Difference.WORDS
    return Difference.FORMATTING if RunKind.FORMATTED in kinds else Difference.NONE


def _laid_out(blocks: Sequence[RedBlock]) -> bool:
    """Whether something without words differs: an empty row, the alignment of a table."""
    return any(block.kind is not RunKind.SAME or _laid_out_inside(block) for block in blocks)


def _laid_out_inside(block: RedBlock) -> bool:
    match block:
        case RedTable(_, rows, before, after):
            return before != after or any(row.kind is not RunKind.SAME for row in rows)
        case RedList(_, items, before_, after_):
            return before_ != after_ or any(item.kind is not RunKind.SAME for item in items)
        case RedQuote(_, inner):
            return _laid_out(inner)
        case _:
            return False
