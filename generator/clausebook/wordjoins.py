"""Lines of a redline put together, and their ends exchanged: the text of both sides stays."""

from __future__ import annotations

from collections.abc import MutableSequence
from dataclasses import replace

from clausebook.wordshapes import ONLY_NEW, ONLY_OLD, Face, Fate, Grid, Line, Part, Piece, Pieces


def in_one(gone: Line, come: Line) -> Line:
    """A line in whose place another came: one line, with other words."""
    pieces = (*plainly(gone.pieces), *plainly(come.pieces))
    remarks = (*gone.remarks, *come.remarks)
    return replace(
        come,
        pieces=pieces, fate=Fate.SAME, was=gone.was or gone.look, remarks=remarks, move="",
        place=come.place or gone.place,
    )  # fmt: skip


def shift(result: MutableSequence[Part], start: int) -> None:
    """Let the end before some new lines be the new one, and that of the last the old."""
    before, last = result[start - 1], result[-1]
    assert isinstance(before, Line)  # noqa: S101 - as was seen
    assert isinstance(last, Line)  # noqa: S101 - as was seen
    ends = Fate.INSERTED if last.fate in ONLY_NEW else Fate.DELETED
    result[start - 1] = replace(before, mark=ends)
    if ends is Fate.INSERTED:
        look, was = last.look, before.was or before.look
    else:
        look, was = before.look, last.was or last.look
    pieces = plainly(last.pieces)
    result[-1] = replace(
        last, pieces=pieces, look=look, was=was, mark=Fate.SAME, fate=ends, move=""
    )


def side(line: Line, fate: Fate) -> Line:
    """What a line is in the old document, if that was deleted, or in the new, as inserted."""
    old = fate is Fate.DELETED
    gone = ONLY_NEW if old else ONLY_OLD
    pieces = tuple(
        replace(piece, fate=fate, face=_face(piece, old=old), was=None)
        for piece in line.pieces
        if piece.fate not in gone
    )
    look = (line.was or line.look) if old else line.look
    kept = Line(look, pieces, fate, by=line.by)
    return kept if old else replace(kept, place=line.place, remarks=line.remarks)


def _face(piece: Piece, *, old: bool) -> Face:
    return piece.was if old and piece.was is not None else piece.face


PLAINLY = {Fate.MOVED_HERE: Fate.INSERTED, Fate.MOVED_AWAY: Fate.DELETED}


def plainly(pieces: Pieces) -> Pieces:
    """Without moves: what came or went."""
    return tuple(replace(piece, fate=PLAINLY.get(piece.fate, piece.fate)) for piece in pieces)


def of_all(part: Part) -> Fate | None:
    """The fate of all rows of a table, if it is the same."""
    if not isinstance(part, Grid):
        return None
    fates = {row.fate for row in part.rows}
    return fates.pop() if len(fates) == 1 else None
