"""Plain text as a document from elsewhere.

Paragraphs are put together from folded lines (`textlines`).  Neighbouring lines with tabs in them
are the rows of a table; a line of `===` makes a heading of the one above.
"""

from __future__ import annotations

import re

from clausebook.found import Format, FoundDocument, LeftOut, count_words
from clausebook.foundwords import Pieces
from clausebook.roughlines import Rough, RoughPart, RoughTable, finished
from clausebook.textlines import Block, Line, Unfolding, blocks
from clausebook.typedlabels import begins

MAX_COLUMNS = 50
_SPACE = 6.0
"""How wide a blank is taken to be, in points."""
_ENDS = re.compile("[\n\f\v\x85\u2028\u2029]")


def read_text(text: str, name: str, note: str = "") -> FoundDocument:
    """Plain text; `note` is what must be said of how it was decoded."""
    left_out = [LeftOut(where="the file", what=note)] if note else []
    lines = [Line(f"line {n}", line) for n, line in enumerate(_ENDS.split(text), 1)]
    unfolding = Unfolding(lines, _SPACE)
    rough: list[RoughPart] = []
    tables = 0
    for block in blocks(lines):
        if is_table(block):
            tables += 1
            rough.append(_table(block, tables))
        else:
            rough += unfolding.paragraphs(block)
    parts = finished(rough, left_out)
    return FoundDocument(
        name=name,
        format=Format.TEXT,
        parts=parts,
        left_out=tuple(left_out),
        words=sum(count_words(line) for line in _ENDS.split(text)) - unfolding.joined,
    )


def _cells(line: Line) -> list[str]:
    return line.text.lstrip().rstrip(" ").split("\t", MAX_COLUMNS - 1)


def is_table(block: Block) -> bool:
    """Whether every line has cells, and not only a number before a tab."""
    return (
        len(block) > 1
        and all(len(_cells(line)) > 1 for line in block)
        and not begins(block[0].text)
    )


def _table(block: Block, number: int) -> RoughTable:
    table = RoughTable(f"table {number}")
    for at, line in enumerate(block, 1):
        row: list[list[Rough]] = []
        for text in _cells(line):
            pieces = Pieces()
            pieces.add(text.strip())
            place = f"{table.where}, row {at}, column {len(row) + 1} ({line.where})"
            row.append([Rough(place, pieces)] if text.strip() else [])
        table.rows.append(row)
    return table
