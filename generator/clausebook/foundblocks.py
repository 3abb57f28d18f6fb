"""A table from elsewhere as a block of a clause: a table, or for a box of one cell a quotation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from clausebook.found import FoundLine, FoundTable, count_words
from clausebook.foundcontrol import text_of
from clausebook.prose import Block, Inlines, Paragraph, Quote, Table, Text, join_text, plain
from clausebook.settling import pieces, settle_block


class Settle(Protocol):
    """Makes wording fit for a policy, and tells what was changed."""

    def __call__(self, words: Inlines, line: FoundLine, *, in_table: bool) -> Inlines:
        """The wording; nothing if a policy cannot hold it."""


@dataclass(frozen=True)
class Made:
    """What became of a table."""

    block: Block | None
    """None if nothing in it can be shown."""
    added: int
    """Words that are in it now and not in the file: numbers that the file only computes."""
    lists: bool
    """Whether there were lists in it, which are running text now."""


def rows_with_words(table: FoundTable) -> list[tuple[tuple[FoundLine, ...], ...]]:
    """The rows in which anything stands."""
    return [row for row in table.rows if any(map(text_of, row))]


def as_block(table: FoundTable, fit: Settle) -> Made:
    """A table as a block that our reader takes."""
    rows = rows_with_words(table)
    lines = [line for row in rows for cell in row for line in cell]
    added = sum(count_words(line.label) for line in lines if line.words and not line.typed)
    unfit: list[FoundLine] = []

    def fitting(words: Inlines, line: FoundLine, *, in_table: bool) -> Inlines:
        settled = fit(words, line, in_table=in_table)
        if not settled and count_words(plain(words)):
            unfit.append(line)  # the table would lose words, so it is left out whole
        return settled

    written, cuts = _written(rows, fitting) if rows else (None, 0)
    block = settle_block(written) if written and not unfit else None
    return Made(block, added + cuts if block else 0, any(line.label for line in lines))


def _written(rows: Sequence[tuple[tuple[FoundLine, ...], ...]], fit: Settle) -> tuple[Block, int]:
    """The block, and how many words were cut in two."""
    if len(rows) == len(rows[0]) == 1:
        inner = [(line, pieces(_words(line))) for line in rows[0][0]]
        fitted = [fit(part, line, in_table=False) for line, one in inner for part in one.parts]
        quote = Quote(tuple(Paragraph(words) for words in fitted if words))
        return quote, sum(one.cuts for _, one in inner)
    header, *under = [tuple(_cell(cell, fit) for cell in row) for row in rows]
    if not under:  # a table needs a row under its heading
        header, under = ((),) * len(header), [header]
    return Table(header, ("",) * len(header), tuple(under)), 0


def _cell(cell: Sequence[FoundLine], fit: Settle) -> Inlines:
    """The paragraphs of a cell as one."""
    joined: Inlines = ()
    for part in filter(None, (fit(_words(line), line, in_table=True) for line in cell)):
        joined = (*joined, Text(" "), *part) if joined else part
    return fit(join_text(joined), cell[0], in_table=True) if joined else ()


def _words(line: FoundLine) -> Inlines:
    """The words of a line with its number, which is no clause's in a table."""
    if line.label and (line.words or line.typed):
        return join_text((Text(line.label + " "), *line.words))
    return line.words
