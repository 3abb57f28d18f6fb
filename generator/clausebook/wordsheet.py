"""A policy as a Word document: title, document control, contents, clauses, history.

From one paper comes a clean document; from two, the redline from the first to the second.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from clausebook.dates import show_date
from clausebook.model import Kind
from clausebook.papers import HistoryRow, Paper, PaperClause
from clausebook.prose import Inlines, Link, Table, Text
from clausebook.redline import redline, unchanged
from clausebook.redlineshapes import RedTable
from clausebook.wordends import settled
from clausebook.wordlines import clause_parts, grid, moved_away, moved_here
from clausebook.wordpieces import instead, marked, said
from clausebook.wordshapes import (
    ONLY_NEW,
    ONLY_OLD,
    Fate,
    Line,
    Look,
    Part,
    Piece,
    Pieces,
    Remark,
    Sheet,
)

HISTORY = "_history"
"""The place of the change history."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a redline says beside the changes themselves."""

    moved: frozenset[str] = frozenset()
    """The IDs of clauses that were moved; what stands under one moves with it."""
    by: Callable[[str], str]
    """Who changed a clause, by its ID."""
    remarks: Mapping[str, Sequence[Remark]] = field(default_factory=dict)
    """What is said of a clause in the margin, by its ID."""
    intro: Remark | None = None
    """What is said of the whole, beside the title."""


def clean_sheet(paper: Paper) -> Sheet:
    """A policy as it stands."""
    return _Sheet(paper, paper, Told(by=lambda _: paper.publisher)).sheet()


def redlined_sheet(before: Paper, after: Paper, told: Told) -> Sheet:
    """What became of a policy: all changes accepted, it is `after`; all rejected, `before`."""
    return _Sheet(before, after, told).sheet()


class _Sheet:
    """One document being put together."""

    def __init__(self, before: Paper, after: Paper, told: Told) -> None:
        self.before, self.after, self.told = before, after, told
        self.by = after.publisher
        self.order = _order(before.clauses, after.clauses, told.moved)

    def sheet(self) -> Sheet:
        after = self.after
        return Sheet(
            title=after.title,
            subject=after.status,
            author=after.publisher,
            day=after.day,
            parts=settled(list(self._parts())),
            footer=self._said(_footer),
            by=self.by,
        )

    def _parts(self) -> Iterator[Part]:
        title = self._line("Title", self._said(lambda paper: paper.title))
        yield replace(title, remarks=(self.told.intro,) if self.told.intro else ())
        yield self._line("Subtitle", self._said(lambda paper: paper.publisher))
        yield self._line("Status", self._said(lambda paper: paper.status))
        yield from self._perhaps("Summary", lambda paper: paper.summary)
        yield from self._table(_control_table, header_row=False)
        yield self._line("Contents heading", (Piece("Contents"),))
        yield from self._contents()
        for clause in self.order:
            yield from self._clause(*clause)
        yield from self._perhaps("heading 1", lambda p: _HISTORY if p.history else None, HISTORY)
        yield from self._table(_history_table, header_row=True)
        yield self._line("Imprint", self._imprint())

    # -- lines ---------------------------------------------------------------------------

    def _line(self, style: str, pieces: Pieces) -> Line:
        return Line(Look(style), pieces, by=self.by)

    def _said(self, what: Callable[[Paper], str]) -> Pieces:
        return said(what(self.before), what(self.after))

    def _perhaps(
        self, style: str, what: Callable[[Paper], str | None], place: str = ""
    ) -> Iterator[Line]:
        """A line that is not in every document."""
        old, new = what(self.before), what(self.after)
        if old or new:
            fate = Fate.SAME if old and new else Fate.INSERTED if new else Fate.DELETED
            yield replace(self._line(style, said(old, new)), fate=fate, place=place)

    def _table(self, what: Callable[[Paper], Table | None], *, header_row: bool) -> Iterator[Part]:
        old, new = (((), (table,)) if table else None for table in map(what, self._sides))
        both = unchanged(new) if old == new and new else redline(old, new)
        for block in both.blocks:
            if isinstance(block, RedTable):
                found = grid(block, self.by, header_row=header_row)
                yield found
                fates = {row.fate for row in found.rows}
                fate = fates.pop() if len(fates) == 1 else Fate.SAME
                yield replace(self._line("After table", ()), fate=fate)

    @property
    def _sides(self) -> tuple[Paper, Paper]:
        return self.before, self.after

    def _contents(self) -> Iterator[Line]:
        for old, new, fate in self.order:
            clause = new or old
            if clause is not None and clause.kind is Kind.HEADING:
                yield self._contents_line(clause, old, new, fate)
        yield from (
            replace(line, pieces=tuple(_entry_piece(piece, HISTORY) for piece in line.pieces))
            for line in self._perhaps("toc 1", lambda p: _HISTORY if p.history else None)
        )

    def _contents_line(
        self, clause: PaperClause, old: PaperClause | None, new: PaperClause | None, fate: Fate
    ) -> Line:
        """A heading in the contents; one that was moved goes in one place and comes in another."""
        look, by, entry = Look(f"toc {clause.depth - 1}"), self.told.by(clause.id), _entry(old, new)
        if fate is Fate.SAME:
            was = Look(f"toc {old.depth - 1}") if old else look
            return Line(look, entry, fate, was if was != look else None, by)
        gone, kind = (ONLY_NEW, Fate.DELETED) if fate in ONLY_OLD else (ONLY_OLD, Fate.INSERTED)
        kept = tuple(replace(piece, fate=kind) for piece in entry if piece.fate not in gone)
        if kind is Fate.DELETED and old:
            look = Look(f"toc {old.depth - 1}")
        return Line(look, kept, kind, by=by)

    def _imprint(self) -> Pieces:
        old, new = (_imprint(paper) for paper in self._sides)
        return marked(old, new)

    # -- clauses -------------------------------------------------------------------------

    def _clause(
        self, old: PaperClause | None, new: PaperClause | None, fate: Fate
    ) -> Sequence[Part]:
        clause = new or old
        assert clause is not None  # noqa: S101 - one side is there by construction
        parts = clause_parts(old, new, self.told.by(clause.id))
        first = parts[0]
        remarks = tuple(self.told.remarks.get(clause.id, ()))
        if isinstance(first, Line) and remarks:
            parts[0] = replace(first, remarks=remarks)
        if fate is Fate.MOVED_HERE:
            return moved_here(parts, clause.id)
        return moved_away(parts, clause.id) if fate is Fate.MOVED_AWAY else parts


Placed = tuple[PaperClause | None, PaperClause | None, Fate]
"""A clause, old and new, and what becomes of it in one place."""


def _order(
    before: Sequence[PaperClause], after: Sequence[PaperClause], moved: frozenset[str]
) -> list[Placed]:
    """All clauses of both sides: the old ones in the old order, and the new in the new.

    What stands in both and was not moved, and stands under nothing that was, is in the same
    order on both sides; what went and what came stands between.
    """
    if before is after:
        return [(clause, clause, Fate.SAME) for clause in after]
    olds, news = ({clause.id: clause for clause in side} for side in (before, after))
    away = _with_all_under(_with_all_under(moved, before), after)
    result: list[Placed] = []
    waiting = iter(before)
    for clause in after:
        old = olds.get(clause.id)
        if old is None:
            result.append((None, clause, Fate.INSERTED))
        elif clause.id in away:
            result.append((old, clause, Fate.MOVED_HERE))
        else:
            gone = [_gone(one, news) for one in iter(waiting.__next__, old)]
            at = len(result)
            while at and result[at - 1][2] in ONLY_NEW:
                at -= 1  # what went stands before what came
            result[at:at] = gone
            result.append((old, clause, Fate.SAME))
    left = [_gone(one, news) for one in waiting]
    at = len(result)
    while at and result[at - 1][2] in ONLY_NEW:
        at -= 1
    return [*result[:at], *left, *result[at:]]


def _gone(old: PaperClause, news: Mapping[str, PaperClause]) -> Placed:
    new = news.get(old.id)
    return old, new, Fate.MOVED_AWAY if new else Fate.DELETED


def _with_all_under(ids: frozenset[str], clauses: Sequence[PaperClause]) -> frozenset[str]:
    found = set(ids)
    for clause in clauses:
        if clause.parent in found:
            found.add(clause.id)
    return frozenset(found)


def _entry(old: PaperClause | None, new: PaperClause | None) -> Pieces:
    """A heading in the contents."""
    clause = new or old
    assert clause is not None  # noqa: S101 - one side is there by construction
    fate = Fate.INSERTED if old is None else Fate.DELETED if new is None else Fate.SAME
    number = instead(old.label if old else None, new.label if new else None)
    words = marked(old.words if old else None, new.words if new else None)
    found = (*number, Piece("\t", fate), *words)
    return tuple(_entry_piece(piece, clause.id) for piece in found)


def _entry_piece(piece: Piece, place: str) -> Piece:
    """Its words alone, which lead to the heading."""
    text = piece.text.replace("\n", " ")
    return Piece(text, piece.fate, leads=f"#{place}", style="Contents link")


# -- tables and lines of one side ------------------------------------------------------------

_HISTORY = "Change history"


def _words(text: str) -> Inlines:
    return (Text(text),) if text else ()


def _control_table(paper: Paper) -> Table | None:
    rows = tuple((_words(what), _words(it_is)) for what, it_is in paper.control)
    return Table(rows[0], ("", ""), rows[1:]) if rows else None


_COLUMNS = ("Version", "Date", "Clauses", "What changed, and why", "By", "Approved")


def _history_table(paper: Paper) -> Table | None:
    if not paper.history:
        return None
    rows = tuple(tuple(map(_words, _row(row))) for row in paper.history)
    return Table(tuple(map(_words, _COLUMNS)), ("",) * len(_COLUMNS), rows)


def _row(row: HistoryRow) -> tuple[str, ...]:
    why = f"{row.what} {_sentence(row.why)}"
    clauses = ", ".join(row.clauses)
    return row.version, show_date(row.on), clauses, why, row.by, row.approved


def _sentence(text: str) -> str:
    """Words after which another sentence can follow."""
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _version(paper: Paper) -> str:
    return f"version {paper.version}" if paper.version else "draft"


def _footer(paper: Paper) -> str:
    return f"{paper.title}, {_version(paper)} · {paper.fingerprint}"


def _imprint(paper: Paper) -> Inlines:
    start = f"Fingerprint of this text: {paper.fingerprint}."
    if paper.address is None:
        return (Text(start),)
    where = " The version in force always stands at "
    return (Text(start + where), Link(paper.address, (Text(paper.address),)), Text("."))
