"""Tables that came or went several at a time: the lines before them, whose ends cannot go.

Between such tables the other document has nothing, and the line before each but the first would
have to go by its end, which runs into a table: LibreOffice leaves an empty paragraph.  So a line
from beyond the tables, or from before them, lends its end: it is written as deleted on one
side of a table and inserted on the other, and with that all changes can be carried out exactly.
Tables that came between two others that stay, with nothing beside them, find no lender.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from clausebook.wordjoins import in_one, of_all, shift, side
from clausebook.wordshapes import ONLY_NEW, ONLY_OLD, Fate, Grid, Line, Part, Remark


def lent(parts: Sequence[Part]) -> list[Part]:
    """The same, with an end that stays before each table, if there is a line to lend it."""
    result = list(parts)
    at = 0
    while at + 1 < len(result):
        if _is_loose(result[at], result[at + 1]):
            result = _by_later(result, at) or _by_earlier(result, at) or result
        at += 1
    return result


def _is_loose(part: Part, after: Part) -> bool:
    return isinstance(part, Line) and isinstance(after, Grid) and part.end is not Fate.SAME


def _sides(line: Part) -> tuple[frozenset[Fate], frozenset[Fate], Fate]:
    """The fates of a line's own document, and of the other, and its own in plain."""
    assert isinstance(line, Line)  # noqa: S101 - as was seen
    if line.end in ONLY_NEW:
        return ONLY_NEW, ONLY_OLD, Fate.INSERTED
    return ONLY_OLD, ONLY_NEW, Fate.DELETED


def _meet(line: Part, other: Line) -> Line:
    """A line with what another one is in the document in which it is not."""
    assert isinstance(line, Line)  # noqa: S101 - as was seen
    comes = line.end in ONLY_NEW
    if other.fate is Fate.SAME:
        other = _copy(other, Fate.DELETED if comes else Fate.INSERTED)
    return in_one(other, line) if comes else in_one(line, other)


_WHY = (
    "What is marked as deleted on one side of a table and as inserted on the other has not "
    "changed: it is marked so that the table can come or go with everything else."
)


def _copy(line: Line, fate: Fate) -> Line:
    """A line that lends its end, as one of the documents has it; the new one says why."""
    copy = side(line, fate)
    if fate is Fate.DELETED or all(piece.fate is not Fate.SAME for piece in line.pieces):
        return copy
    return replace(copy, remarks=(*copy.remarks, Remark(line.by, _WHY)))


def _by_later(parts: Sequence[Part], at: int) -> list[Part] | None:
    """Let the next line of the other document lend its end, if it can do without its own."""
    own, other, fate = _sides(parts[at])
    number = at + 1
    while number < len(parts) and _passes(parts[number], own):
        number += 1
    lender = parts[number] if number < len(parts) else None
    if not isinstance(lender, Line):
        return None
    result = list(parts)
    result[at] = _meet(parts[at], lender)
    if lender.fate in other and lender.end in other:
        del result[number]
        return result
    result[number] = _copy(lender, fate)
    follows = isinstance(parts[number + 1], Line) if number + 1 < len(parts) else False
    return result if follows and lender.fate is lender.end is Fate.SAME else None


def _by_earlier(parts: Sequence[Part], at: int) -> list[Part] | None:
    """Let the last line of the other document lend its end, and the one before it lend that one."""
    result = list(parts)
    while True:
        own, other, fate = _sides(result[at])
        last = at - 1
        while last >= 0 and _passes(result[last], own):
            last -= 1
        ends = result[last] if last >= 0 else None
        if not isinstance(ends, Line):
            return None
        if ends.fate in other and ends.end in other:
            result[at] = _meet(result[at], ends)
            del result[last]
            return result
        first = _beginning(result, last, own)
        lender = result[first] if first >= 0 else None
        begins = Fate.SAME if first == last else fate
        if not isinstance(lender, Line) or (lender.fate, lender.end) != (Fate.SAME, begins):
            return None
        if not any(isinstance(part, Grid) for part in result[last:at]):
            stretch = result[last : at + 1]
            shift(stretch, 1)
            result[last : at + 1] = stretch
            return result
        result[at] = _meet(result[at], lender)
        result[last] = replace(ends, mark=None)
        result[first] = _copy(lender, fate)
        at = last


def _passes(part: Part, own: frozenset[Fate]) -> bool:
    """Whether a part is in one document alone: what is in the other can be put past it."""
    if isinstance(part, Grid):
        return of_all(part) in own
    return part.fate in own and part.end in own


def _beginning(parts: Sequence[Part], last: int, own: frozenset[Fate]) -> int:
    """The number of the line that ends, in the other document, with the end of line `last`."""
    line = parts[last]
    while last >= 0 and isinstance(line, Line) and line.fate in own:
        last -= 1
        line = parts[last]
    return last
