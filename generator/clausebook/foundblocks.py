"""A table from elsewhere as a block of a clause: a table, or for a box of one cell a quotation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from clausebook.found import FoundLine, FoundTable, count_words
from clausebook.foundcontrol import text_of
from clausebook.prose import Block, Inlines, Paragraph, Quote, Table, Text, join_text
from clausebook.settling import pieces, settle, settle_block

Settle = Callable[[Inlines, FoundLine, bool], Inlines]
"""Makes wording fit for a policy, and tells what was changed; True for wording in a table."""


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
    block = settle_block(_written(rows, fit)) if rows else None
    return Made(block, added if block else 0, any(line.label for line in lines))


def _written(rows: Sequence[tuple[tuple[FoundLine, ...], ...]], fit: Settle) -> Block:
    if len(rows) == len(rows[0]) == 1:
        inner = [_line(line, fit, in_table=False) for line in rows[0][0]]
        return Quote(tuple(Paragraph(part) for words in inner for part in pieces(words) if part))
    header, *under = [tuple(_cell(cell, fit) for cell in row) for row in rows]
    if not under:  # a table needs a row under its heading
        header, under = ((),) * len(header), [header]
    return Table(header, ("",) * len(header), tuple(under))


def _cell(cell: Sequence[FoundLine], fit: Settle) -> Inlines:
    """The paragraphs of a cell as one."""
    joined: Inlines = ()
    for part in filter(None, (_line(line, fit, in_table=True) for line in cell)):
        joined = (*joined, Text(" "), *part) if joined else part
    return settle(join_text(joined), in_table=True)[0]


def _line(line: FoundLine, fit: Settle, *, in_table: bool) -> Inlines:
    words = line.words
    if line.label and (words or line.typed):
        words = join_text((Text(line.label + " "), *words))
    return fit(words, line, in_table)
