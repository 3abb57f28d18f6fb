"""What a Word document of ours is made of: lines and grids, in which every change is marked.

A clean document is one in which nothing changed, so one writer writes both.  Each part knows its
fate; what is left without the deleted and moved-away parts is exactly the new document, without
the inserted and moved-here ones exactly the old.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum


class Fate(StrEnum):
    """What has become of a part."""

    SAME = "same"
    INSERTED = "inserted"
    DELETED = "deleted"
    MOVED_HERE = "moved here"
    MOVED_AWAY = "moved away"


ONLY_OLD = frozenset({Fate.DELETED, Fate.MOVED_AWAY})
"""Fates of what is in the old document only."""
ONLY_NEW = frozenset({Fate.INSERTED, Fate.MOVED_HERE})
"""Fates of what is in the new document only."""

Face = frozenset[str]
"""How characters look: any of "strong", "stress" and "code"."""

PLAIN: Face = frozenset()


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters with one fate and one look."""

    text: str
    """A line break is `\\n`, the step from a number to its words `\\t`."""
    fate: Fate = Fate.SAME
    face: Face = PLAIN
    was: Face | None = None
    """How it looked before, for what is the same and looks different now."""
    leads: str = ""
    """Where a click leads: an address, or `#` and a clause's ID."""
    style: str = ""
    """The name of a character style."""


Pieces = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Remark:
    """What is said in the margin."""

    by: str
    text: str


@dataclass(frozen=True, slots=True)
class Look:
    """How a paragraph looks."""

    style: str
    """The name of a paragraph style."""
    align: str = ""
    """`left`, `right`, `center` or ""."""


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph."""

    look: Look
    pieces: Pieces
    fate: Fate = Fate.SAME
    was: Look | None = None
    """How it looked before, if it looks different now."""
    by: str = ""
    """Who made the changes in it."""
    place: str = ""
    """What it can be reached by: a clause's ID, or a name that begins with `_`; "" if nothing."""
    remarks: tuple[Remark, ...] = ()
    move: str = ""
    """For a part of a clause that was moved, the clause's ID."""
    mark: Fate | None = None
    """What has become of its end, where that is not what became of the whole."""

    @property
    def end(self) -> Fate:
        """What has become of its end; where that goes, it runs into the next line."""
        return self.fate if self.mark is None else self.mark


@dataclass(frozen=True, slots=True)
class GridRow:
    """A row of a table; each cell is one paragraph."""

    cells: tuple[Line, ...]
    fate: Fate = Fate.SAME


@dataclass(frozen=True, slots=True)
class Grid:
    """A table."""

    rows: tuple[GridRow, ...]
    by: str = ""
    level: int | None = None
    """The list level of the clause that it belongs to, 0 for what is no list item; None for a
    table of the whole document."""
    was_level: int | None = None
    """The same before, if it is in the old document."""
    header_row: bool = True
    """Whether its first row says what is in the columns; else the first column, of the rows."""


Part = Line | Grid


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A whole document."""

    title: str
    subject: str
    author: str
    """Who publishes it."""
    day: date
    """By which it is dated, and every change in it."""
    parts: tuple[Part, ...]
    footer: Pieces
    """What stands at the foot of every page, before the page's number."""
    by: str
    """Who made the changes in the footer."""

    @property
    def is_clean(self) -> bool:
        """Whether nothing in it is marked as changed."""
        return all(map(_is_clean, self.parts)) and not _marked(self.footer)


def _is_clean(part: Part) -> bool:
    match part:
        case Line():
            return part.end is Fate.SAME and part.was is None and not _marked(part.pieces)
        case Grid(rows):
            lines = (line for row in rows for line in row.cells)
            return all(row.fate is Fate.SAME for row in rows) and all(map(_is_clean, lines))


def _marked(pieces: Pieces) -> bool:
    return any(piece.fate is not Fate.SAME or piece.was is not None for piece in pieces)


def joined(pieces: Sequence[Piece]) -> Pieces:
    """Neighbouring pieces that differ in nothing but their characters as one."""
    result: list[Piece] = []
    for piece in pieces:
        if not piece.text:
            continue
        last = result[-1] if result else None
        if last and replace(last, text=piece.text) == piece:
            result[-1] = replace(last, text=last.text + piece.text)
        else:
            result.append(piece)
    return tuple(result)
