"""Which paragraph ends are marked as changed, so that a paragraph before a table can go.

A paragraph goes when its end does, and it then runs into the next one.  It cannot run into a
table: LibreOffice leaves an empty paragraph there.  So the end of the line before a table is one
that both documents have, as when somebody at Word sets the cursor behind a line, begins a new
one and types; where several tables came or went at a time, see `wordloans`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from clausebook.wordjoins import PLAINLY, in_one, of_all, plainly, shift
from clausebook.wordloans import lent
from clausebook.wordshapes import ONLY_NEW, ONLY_OLD, Fate, Grid, Line, Part, Pieces


def settled(parts: Sequence[Part]) -> tuple[Part, ...]:
    """The same lines and grids, their ends marked so that all changes can be carried out."""
    result: list[Part] = []
    for part in _tables_together(_run_on(_pure_moves(_split(parts)))):
        if isinstance(part, Grid):
            _settle(result)
        result.append(part)
    return _pure_moves(lent(result))


def _settle(result: list[Part]) -> None:
    """Give the last line, which stands before a table, an end that stays."""
    start = len(result)
    while start and isinstance(line := result[start - 1], Line) and line.end is not Fate.SAME:
        start -= 1
    tracked = [part for part in result[start:] if isinstance(part, Line)]
    old = [line for line in tracked if line.fate in ONLY_OLD]
    new = [line for line in tracked if line.fate in ONLY_NEW]
    if old and new:
        gone, come = old[-1], new[-1]
        others = [line for line in tracked if line is not gone and line is not come]
        result[start:] = [*others, in_one(gone, come)]
        return
    before = result[start - 1] if start else None
    if tracked and isinstance(before, Line):
        shift(result, start)


def _pure_moves(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Moves of a clause whose words are the same; any other is written as came and went.

    LibreOffice cannot tell the end of a line that was moved and changed at once, nor of one that
    was moved with a link in it.
    """
    keys = [(p.move, p.fate) if isinstance(p, Line) and p.move else None for p in parts]
    stretches = Counter(key for key, _ in groupby(keys) if key)
    lines = [part for part in parts if isinstance(part, Line) and part.move]
    mixed = {line.move for line in lines if not _is_pure(line)}
    whole = {
        move
        for move in {line.move for line in lines} - mixed
        if all(stretches[move, fate] == 1 for fate in PLAINLY)
    }
    return tuple(
        _came(part) if isinstance(part, Line) and part.move and part.move not in whole else part
        for part in parts
    )


def _is_pure(line: Line) -> bool:
    moved = all(piece.fate is line.fate and not piece.leads for piece in line.pieces)
    return moved and line.fate in PLAINLY


def _came(line: Line) -> Line:
    fate = PLAINLY.get(line.fate, line.fate)
    return replace(line, pieces=plainly(line.pieces), fate=fate, move="")


def _split(parts: Sequence[Part]) -> list[Part]:
    """A paragraph that became two, or two that became one: only an end came, or went."""
    result: list[Part] = []
    for part in parts:
        last = result[-1] if result else None
        if isinstance(last, Line) and isinstance(part, Line) and last.end is Fate.SAME:
            ends = {Fate.INSERTED: Fate.DELETED, Fate.DELETED: Fate.INSERTED}
            tail = ends.get(part.fate)
            rest = _without_tail(last.pieces, part.pieces, tail) if tail else None
            if rest is not None and last.fate is Fate.SAME and part.pieces:
                result[-1] = replace(last, pieces=rest, mark=part.fate)
                same = tuple(replace(piece, fate=Fate.SAME) for piece in part.pieces)
                looks = (part.look, last.was or last.look)
                if part.fate is Fate.DELETED:
                    looks = (last.look, part.look)
                look, was = looks
                result.append(replace(part, pieces=same, fate=Fate.SAME, look=look, was=was))
                continue
        result.append(part)
    return result


def _run_on(parts: Sequence[Part]) -> list[Part]:
    """Lines that came behind words that came: one stretch, which ends where the line did.

    LibreOffice takes them for one stretch in any case.
    """
    result: list[Part] = []
    at = 0
    while at < len(parts):
        part = parts[at]
        result.append(part)
        at += 1
        if not isinstance(part, Line) or part.end is not Fate.SAME or not part.pieces:
            continue
        side = next((s for s in (ONLY_NEW, ONLY_OLD) if part.pieces[-1].fate in s), None)
        start = len(result)
        while side and at < len(parts):
            line = parts[at]
            if not isinstance(line, Line) or line.fate not in side or line.mark is not None:
                break
            result.append(line)
            at += 1
        if len(result) > start:
            shift(result, start)
    return result


def _without_tail(pieces: Pieces, tail: Pieces, fate: Fate) -> Pieces | None:
    """Pieces without those of a fate that they end with; None if they end otherwise."""
    wanted = tuple(replace(piece, fate=fate) for piece in tail)
    kept = list(pieces)
    for piece in reversed(wanted):
        last = kept.pop() if kept else None
        if last is None or not last.text.endswith(piece.text):
            return None
        if replace(last, text=piece.text) != piece:
            return None
        rest = last.text.removesuffix(piece.text)
        if rest and piece is not wanted[0]:
            return None
        kept += [replace(last, text=rest)] if rest else []
    return tuple(kept)


def _tables_together(parts: Sequence[Part]) -> Iterator[Part]:
    """A table in whose place another one came is one table, with the old rows and the new."""
    waiting = list(parts)
    while waiting:
        part = waiting.pop(0)
        if isinstance(part, Grid) and len(waiting) > 2:  # noqa: PLR2004 - a gap, a table, a gap
            gap, other, end = waiting[:3]
            fates = (of_all(part), of_all(other))
            if {*fates} == {Fate.DELETED, Fate.INSERTED} and _is_gap(gap) and _is_gap(end):
                assert isinstance(other, Grid)  # noqa: S101 - it has rows
                assert isinstance(end, Line)  # noqa: S101 - it is a gap
                yield replace(part, rows=(*part.rows, *other.rows))
                yield replace(end, fate=Fate.SAME)
                del waiting[:3]
                continue
        yield part


def _is_gap(part: Part) -> bool:
    return isinstance(part, Line) and not part.pieces and part.look.style == "After table"
