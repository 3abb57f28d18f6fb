"""A clause, old and new in one, as lines and grids of a Word document."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from clausebook.model import Kind, Mark
from clausebook.papers import PaperClause
from clausebook.redline import redline, unchanged
from clausebook.redlineshapes import (
    RedBlock,
    RedItem,
    Redline,
    RedList,
    RedParagraph,
    RedQuote,
    RedReady,
    RedTable,
)
from clausebook.redlinewords import RunKind
from clausebook.wordpieces import instead, pieces, said
from clausebook.wordshapes import (
    ONLY_NEW,
    ONLY_OLD,
    Fate,
    Grid,
    GridRow,
    Line,
    Look,
    Part,
    Piece,
    Pieces,
)

NUMBER, TAG = "Clause number", "Clause tag"
"""Names of character styles: of a clause's number, and of what readers should know of it."""

FATES = {RunKind.INSERTED: Fate.INSERTED, RunKind.DELETED: Fate.DELETED}

_STYLES = {Mark.GUIDANCE: "Guidance", Mark.EXAMPLE: "Example", Mark.DEFINITION: "Definition"}


def at_level(style: str, level: int) -> str:
    """The name of a style for clauses that are list items of a level; 0 for what is none."""
    return f"{style} level {level}" if level else style


def clause_parts(before: PaperClause | None, after: PaperClause | None, by: str) -> list[Part]:
    """A clause that stands in one place; None for a side on which it is not there."""
    return _Clause(before, after, by).parts()


class _Clause:
    """One clause being written."""

    def __init__(self, before: PaperClause | None, after: PaperClause | None, by: str) -> None:
        clause = after or before
        assert clause is not None  # noqa: S101 - one side is there by construction
        self.clause, self.before, self.after, self.by = clause, before, after, by
        self.fate = _fate_of(before, after)
        self.level, self.old_level = _level(clause), _level(before or clause)

    def parts(self) -> list[Part]:
        """Its lines and grids."""
        marked = self._redline()
        number = instead(*self._both(lambda c: c.label), NUMBER)
        words = pieces(marked.words)
        is_heading = self.clause.kind is Kind.HEADING
        aside = self._aside(alone=is_heading)
        first = Line(
            Look(_style(self.clause)),
            (*number, Piece("\t", self.fate), *words, *(() if is_heading else aside)),
            self.fate,
            self._was(_style),
            self.by,
            self.clause.id,
        )
        parts: list[Part] = [first]
        if is_heading and aside:
            parts.append(self._line("Clause text", aside, _fate_of(*self._both(_told))))
        return [*parts, *self._blocks(marked.blocks, "")]

    def _both(self, of: Callable[[PaperClause], str]) -> tuple[str | None, str | None]:
        before, after = self.before, self.after
        return (of(before) or None) if before else None, (of(after) or None) if after else None

    def _was(self, style: Callable[[PaperClause], str]) -> Look | None:
        if not (self.before and self.after) or style(self.before) == style(self.after):
            return None
        return Look(style(self.before))

    def _redline(self) -> Redline:
        old, new = ((s.words, s.body) if s else None for s in (self.before, self.after))
        return unchanged(new) if old == new and new else redline(old, new)

    def _aside(self, *, alone: bool) -> Pieces:
        """What readers should know of it, after its words."""
        start = "" if alone else " "
        old, new = (f"{start}{told}" if told else None for told in self._both(_told))
        return said(old, new, TAG)

    # -- what belongs to it ----------------------------------------------------------

    def _line(self, style: str, found: Pieces, fate: Fate) -> Line:
        """A further paragraph, as deep as the clause."""
        look, was = (Look(at_level(style, level)) for level in (self.level, self.old_level))
        if fate is Fate.DELETED:
            return Line(was, found, fate, by=self.by)
        return Line(look, found, fate, was if was != look and fate is Fate.SAME else None, self.by)

    def _blocks(self, blocks: Sequence[RedBlock], within: str) -> Iterator[Part]:
        for block in blocks:
            match block:
                case RedParagraph(kind, runs):
                    yield self._line(within or "Clause text", pieces(runs), _fate(kind))
                case RedReady(kind):
                    yield self._line(within or "Clause text", pieces(block.runs), _fate(kind))
                case RedQuote(_, inner):
                    yield from self._blocks(inner, "Quote")
                case RedList():
                    yield from self._list(block, f"{within or 'Clause'} list")
                case RedTable():
                    table = grid(block, self.by)
                    yield replace(table, level=self.level, was_level=self.old_level)
                    yield Line(Look("After table"), (), _fate(block.kind), by=self.by)

    def _list(self, found: RedList, style: str) -> Iterator[Line]:
        """The items with their signs, or with their numbers, which may differ on both sides."""
        old = new = 0
        for item in found.items:
            old += item.kind is not RunKind.INSERTED
            new += item.kind is not RunKind.DELETED
            yield self._item(item, style, _sign(found, old, new, item.kind))

    def _item(self, item: RedItem, style: str, sign: Pieces) -> Line:
        fate = _fate(item.kind)
        return self._line(style, (*sign, Piece("\t", fate), *pieces(item.runs)), fate)


def _sign(found: RedList, old: int, new: int, kind: RunKind) -> Pieces:
    before = None if kind is RunKind.INSERTED else f"{old}." if found.ordered_before else "•"
    after = None if kind is RunKind.DELETED else f"{new}." if found.ordered_after else "•"
    return instead(before, after)


def _fate(kind: RunKind) -> Fate:
    return FATES.get(kind, Fate.SAME)


def _fate_of(before: object | None, after: object | None) -> Fate:
    if before is None:
        return Fate.INSERTED
    return Fate.DELETED if after is None else Fate.SAME


def _level(clause: PaperClause) -> int:
    return clause.depth if clause.kind is Kind.ITEM else 0


def _style(clause: PaperClause) -> str:
    if clause.kind is Kind.HEADING:
        return f"heading {clause.depth - 1}"
    marks = [style for mark, style in _STYLES.items() if mark in clause.marks]
    return at_level(marks[0] if marks else "Clause", _level(clause))


def _told(clause: PaperClause) -> str:
    """What is said of a clause beside its words."""
    return " ".join([clause.note] * bool(clause.note) + [f"[{tag}]" for tag in clause.tags])


def grid(found: RedTable, by: str, *, header_row: bool = True) -> Grid:
    """A table."""
    rows = []
    for at, row in enumerate(found.rows):
        fate = _fate(row.kind)
        cells = []
        for column, runs in enumerate(row.cells):
            heads = at == 0 if header_row else column == 0
            style = "Table heading" if heads else "Table text"
            look, was = (
                Look(style, found.align_after[column]),
                Look(style, found.align_before[column]),
            )
            look = was if fate is Fate.DELETED else look
            changed = was if was != look and fate is Fate.SAME else None
            cells.append(Line(look, pieces(runs), fate, changed, by))
        rows.append(GridRow(tuple(cells), fate))
    return Grid(tuple(rows), by, header_row=header_row)


# -- moved clauses ----------------------------------------------------------------------


def moved_here(parts: Sequence[Part], clause_id: str) -> list[Part]:
    """A clause in its new place, from all of it old and new in one.

    A table is not moved but inserted: Word knows no moved rows.
    """
    return [
        _one_side(part, clause_id, ONLY_OLD, Fate.MOVED_HERE)
        for part in parts
        if _on(part, ONLY_OLD)
    ]


def moved_away(parts: Sequence[Part], clause_id: str) -> list[Part]:
    """The same in its old place."""
    return [
        _one_side(part, clause_id, ONLY_NEW, Fate.MOVED_AWAY)
        for part in parts
        if _on(part, ONLY_NEW)
    ]


def _on(part: Part, gone: frozenset[Fate]) -> bool:
    """Whether anything of a part is on the side on which parts of these fates are gone."""
    match part:
        case Line():
            return part.fate not in gone
        case Grid(rows):
            return any(row.fate not in gone for row in rows)


def _one_side(part: Part, clause_id: str, gone: frozenset[Fate], fate: Fate) -> Part:
    match part:
        case Line():
            was = part.was if fate is Fate.MOVED_AWAY else None
            return replace(
                part,
                look=was or part.look,
                pieces=_side(part.pieces, gone, fate),
                fate=fate if part.fate is Fate.SAME else part.fate,
                was=None,
                place=part.place if fate is Fate.MOVED_HERE else "",
                remarks=part.remarks if fate is Fate.MOVED_HERE else (),
                move=clause_id,
            )
        case Grid(rows):
            whole = Fate.INSERTED if fate is Fate.MOVED_HERE else Fate.DELETED
            level = part.level if fate is Fate.MOVED_HERE else part.was_level
            kept = (_row(row, gone, whole) for row in rows if row.fate not in gone)
            return replace(part, rows=tuple(kept), level=level)


def _row(row: GridRow, gone: frozenset[Fate], fate: Fate) -> GridRow:
    cells = []
    for cell in row.cells:
        look = cell.was if cell.was and fate is Fate.DELETED else cell.look
        found = _side(cell.pieces, gone, fate)
        cells.append(replace(cell, look=look, pieces=found, fate=fate, was=None))
    return GridRow(tuple(cells), fate)


def _side(found: Pieces, gone: frozenset[Fate], fate: Fate) -> Pieces:
    """The words of one side; a number is part of what was moved, though there is another now."""
    kept = (piece for piece in found if piece.fate not in gone)
    return tuple(
        replace(
            piece,
            fate=fate if piece.fate is Fate.SAME or piece.style == NUMBER else piece.fate,
            face=piece.was if piece.was is not None and fate in ONLY_OLD else piece.face,
            was=None,
        )
        for piece in kept
    )
