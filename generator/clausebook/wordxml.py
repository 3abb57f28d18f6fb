"""Lines and grids as WordprocessingML, with every change as a tracked one.

Element names and their order are those of ECMA-376, part 1 (transitional): paragraphs 17.3.1,
runs 17.3.2, tables 17.4, revisions 17.13.5, comments 17.13.4, bookmarks 17.13.6.  Word refuses a
file in which they stand in another order, so `tests/wordorder.py` holds what is written to them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import count, groupby, pairwise

from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from lxml.etree import _Element as Element

from clausebook.wordshapes import (
    ONLY_OLD,
    Face,
    Fate,
    Grid,
    GridRow,
    Line,
    Look,
    Part,
    Piece,
    Pieces,
    Remark,
)

LONGEST_NAME = 40
"""How many characters Word takes in a bookmark's name."""

_MARKS = {
    Fate.INSERTED: "w:ins",
    Fate.DELETED: "w:del",
    Fate.MOVED_HERE: "w:moveTo",
    Fate.MOVED_AWAY: "w:moveFrom",
}


def bookmark(place: str) -> str:
    """The name of the bookmark of a clause: Word allows no hyphens, and 40 characters."""
    name = "cb_" + place.replace("-", "_")
    if len(name) <= LONGEST_NAME:
        return name
    digest = hashlib.sha256(place.encode()).hexdigest()[:8]
    return f"{name[: LONGEST_NAME - 9]}_{digest}"


def element(tag: str, inside: Sequence[Element] = (), /, **attributes: str | int) -> Element:
    """An element of Word's own namespace (`w:p`), with what is in it."""
    made: Element = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), str(value))
    made.extend(inside)
    return made


@dataclass(frozen=True)
class Writer:
    """Writes the parts of one document."""

    day: date
    """The day of every change."""
    style_of: Mapping[str, str]
    """The ID of each style by its name."""
    link: Callable[[str], str]
    """The ID of the relationship to an address."""
    width: int
    """How wide the text is, in twentieths of a point."""
    indents: Mapping[int, int]
    """How far from the left the words of a clause of each level stand."""
    comments: list[Element] = field(default_factory=list)
    """What has been said in the margin so far."""
    ids: Iterator[int] = field(default_factory=lambda: count(1))

    def parts(self, parts: Sequence[Part]) -> Iterator[Element]:
        """Lines and grids; the lines of what was moved in one stretch stand in one range."""
        for (move, fate), group in groupby(parts, _moved):
            found = list(group)
            made = [self.line(p) if isinstance(p, Line) else self.grid(p) for p in found]
            if move and isinstance(found[0], Line):
                number, tag = next(self.ids), f"{_MARKS[fate]}Range"
                start = element(f"{tag}Start", id=number)
                self._sign(start, found[0].by)
                start.set(qn("w:name"), "move_" + bookmark(move))
                made[0].insert(1, start)  # after its properties
                made.append(element(f"{tag}End", id=number))
            yield from made

    # -- paragraphs ------------------------------------------------------------------

    def line(self, line: Line) -> Element:
        """A paragraph."""
        made = element("w:p", [self._paragraph_properties(line)])
        if line.place:
            here = next(self.ids)
            made.append(element("w:bookmarkStart", id=here, name=bookmark(line.place)))
            made.append(element("w:bookmarkEnd", id=here))
        numbers = [self._comment(remark) for remark in line.remarks]
        made.extend(element("w:commentRangeStart", id=number) for number in numbers)
        made.extend(self.pieces(line.pieces, line.by))
        for number in numbers:
            made.append(element("w:commentRangeEnd", id=number))
            reference = element("w:commentReference", id=number)
            style = self._styled("annotation reference")
            run = element("w:r", [element("w:rPr", [style]), reference])
            made.append(
                self._mark(line.fate, line.by, [run]) if line.fate is not Fate.SAME else run
            )
        return made

    def _paragraph_properties(self, line: Line) -> Element:
        inside = self._look(line.look)
        if line.end is not Fate.SAME:
            inside.append(element("w:rPr", [self._change(_MARKS[line.end], line.by)]))
        if line.was is not None and line.was != line.look:
            old = element("w:pPr", self._look(line.was))
            inside.append(self._change("w:pPrChange", line.by, [old]))
        return element("w:pPr", inside)

    def _look(self, look: Look) -> list[Element]:
        found = [element("w:pStyle", val=self.style_of[look.style])]
        if look.align:
            found.append(element("w:jc", val=look.align))
        return found

    # -- runs ------------------------------------------------------------------------

    def pieces(self, pieces: Pieces, by: str) -> Iterator[Element]:
        """Runs, with the links and the changes that they stand in."""
        for leads, group in groupby(pieces, lambda piece: piece.leads):
            found = list(self._changes(list(group), by))
            if not leads:
                yield from found
                continue
            link = element("w:hyperlink", found, history=1)
            if leads.startswith("#"):
                link.set(qn("w:anchor"), bookmark(leads[1:]))
            else:
                link.set(qn("r:id"), self.link(leads))
            yield link

    def _changes(self, pieces: Sequence[Piece], by: str) -> Iterator[Element]:
        for fate, group in groupby(pieces, lambda piece: piece.fate):
            runs = [self._run(piece, by) for piece in group]
            if fate is Fate.SAME:
                yield from runs
            else:
                yield self._mark(fate, by, runs)

    def _run(self, piece: Piece, by: str) -> Element:
        properties = self._face(piece, piece.face)
        if piece.was is not None:
            old = element("w:rPr", self._face(piece, piece.was))
            properties.append(self._change("w:rPrChange", by, [old]))
        run = element("w:r", [element("w:rPr", properties)] if properties else [])
        run.extend(_characters(piece.text, "w:delText" if piece.fate in _STRUCK else "w:t"))
        return run

    def _face(self, piece: Piece, face: Face) -> list[Element]:
        found: list[Element] = []
        style = piece.style or ("Code" if "code" in face else "Hyperlink" if piece.leads else "")
        if style:
            found.append(self._styled(style))
        if "strong" in face:
            found += [element("w:b"), element("w:bCs")]
        if "stress" in face:
            found += [element("w:i"), element("w:iCs")]
        return found

    def _styled(self, name: str) -> Element:
        return element("w:rStyle", val=self.style_of[name])

    # -- changes and comments -----------------------------------------------------------

    def _mark(self, fate: Fate, by: str, runs: Sequence[Element]) -> Element:
        return self._change(_MARKS[fate], by, runs)

    def _change(self, tag: str, by: str, inside: Sequence[Element] = ()) -> Element:
        made = element(tag, id=next(self.ids))
        self._sign(made, by)
        made.extend(inside)
        return made

    def _sign(self, made: Element, by: str) -> None:
        made.set(qn("w:author"), by)
        made.set(qn("w:date"), f"{self.day.isoformat()}T00:00:00Z")

    def _comment(self, remark: Remark) -> int:
        """What is said in the margin; its number."""
        number = next(self.ids)
        style = element("w:pPr", [element("w:pStyle", val=self.style_of["annotation text"])])
        text = element("w:r", list(_characters(remark.text, "w:t")))
        made = element("w:comment", id=number)
        self._sign(made, remark.by)
        made.set(qn("w:initials"), "".join(word[0] for word in remark.by.split())[:9])
        made.append(element("w:p", [style, text]))
        self.comments.append(made)
        return number

    # -- tables ------------------------------------------------------------------------

    def grid(self, grid: Grid) -> Element:
        """A table as wide as the text, its columns by how much is in them.

        One in whose place another came has rows with two numbers of cells: its grid has every
        edge of either, and cells span as many of its columns as they need (17.4.17).
        """
        indent = 0 if grid.level is None else self.indents[grid.level]
        edges = _edges(grid, self.width - indent)
        every = sorted({edge for ends in edges.values() for edge in ends})
        look = {
            "firstRow": int(grid.header_row), "lastRow": 0,
            "firstColumn": int(not grid.header_row), "lastColumn": 0, "noHBand": 1, "noVBand": 1,
        }  # fmt: skip
        bits = 0x0600 | (0x0020 if grid.header_row else 0x0080)
        properties = [
            element("w:tblStyle", val=self.style_of["Policy table"]),
            element("w:tblW", w=every[-1], type="dxa"),
            *([element("w:tblInd", w=indent, type="dxa")] if indent else []),
            element("w:tblLayout", type="fixed"),
            element("w:tblLook", val=f"{bits:04X}", **look),
        ]
        columns = [element("w:gridCol", w=end - start) for start, end in pairwise(every)]
        rows = []
        for at, row in enumerate(grid.rows):
            cells = [
                self._cell(cell, ends, every)
                for cell, ends in zip(row.cells, pairwise(edges[len(row.cells)]), strict=True)
            ]
            header = grid.header_row and at == 0
            rows.append(element("w:tr", [self._row_properties(row, grid, header), *cells]))
        return element(
            "w:tbl", [element("w:tblPr", properties), element("w:tblGrid", columns), *rows]
        )

    def _row_properties(self, row: GridRow, grid: Grid, is_header: bool) -> Element:  # noqa: FBT001
        properties = [element("w:cantSplit")]
        if is_header:
            properties.append(element("w:tblHeader"))
        if row.fate is not Fate.SAME:
            tag = "w:del" if row.fate in ONLY_OLD else "w:ins"
            properties.append(self._change(tag, grid.by))
        return element("w:trPr", properties)

    def _cell(self, cell: Line, ends: tuple[int, int], every: Sequence[int]) -> Element:
        start, end = ends
        span = every.index(end) - every.index(start)
        sized = [element("w:tcW", w=end - start, type="dxa")]
        if span > 1:
            sized.append(element("w:gridSpan", val=span))
        return element("w:tc", [element("w:tcPr", sized), self.line(cell)])


def _moved(part: Part) -> tuple[str, Fate]:
    """What a part was moved with, and whether it is here or was."""
    is_moved = isinstance(part, Line) and part.fate in (Fate.MOVED_HERE, Fate.MOVED_AWAY)
    return (part.move, part.fate) if isinstance(part, Line) and is_moved else ("", Fate.SAME)


_STRUCK = frozenset({Fate.DELETED})
"""What Word takes as `w:delText`; what is moved away is `w:t` (17.3.3.7, 17.13.5.21)."""


def _characters(text: str, tag: str) -> Iterator[Element]:
    """Text with its line breaks and tabs as elements of their own."""
    kinds = {"\n": "w:br", "\t": "w:tab"}
    for kind, group in groupby(text, lambda sign: kinds.get(sign, tag)):
        signs = "".join(group)
        if kind != tag:
            yield from (element(kind) for _ in signs)
            continue
        made = element(tag)
        made.text = signs
        if signs != signs.strip() or "  " in signs:
            made.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        yield made


_LEAST, _MOST = 8, 60
"""Between how many characters a column's share is reckoned."""


def _edges(grid: Grid, whole: int) -> Mapping[int, list[int]]:
    """Where columns begin and end, for rows of each number of cells.

    Columns are as wide as their longest words need them, and then by how much is in them.
    """
    if not grid.header_row:
        return {2: [0, whole * 3 // 10, whole]}
    numbers = {len(row.cells) for row in grid.rows}
    return {n: _columns([r for r in grid.rows if len(r.cells) == n], n, whole) for n in numbers}


def _columns(rows: Sequence[GridRow], columns: int, whole: int) -> list[int]:
    longest, most = [_LEAST] * columns, [_LEAST] * columns
    for row in rows:
        for at, cell in enumerate(row.cells):
            text = "".join(piece.text for piece in cell.pieces)
            longest[at] = max(longest[at], *(len(word) + 2 for word in text.split() or [""]))
            most[at] = max(most[at], min(_MOST, len(text)))
    shares = [max(one, other) for one, other in zip(longest, most, strict=True)]
    return [whole * sum(shares[:at]) // sum(shares) for at in range(columns + 1)]
