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


def element(tag: str, /, _inside: Sequence[Element] = (), **attributes: str | int) -> Element:
    """An element of Word's own namespace (`w:p`), with what is in it."""
    made: Element = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), str(value))
    made.extend(_inside)
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

    def part(self, part: Part) -> Iterator[Element]:
        """A line or a grid."""
        match part:
            case Line():
                yield from self.line(part)
            case Grid():
                yield self.grid(part)

    # -- paragraphs ------------------------------------------------------------------

    def line(self, line: Line) -> Iterator[Element]:
        """A paragraph, and the end of a move if it ends with it."""
        made = element("w:p", [self._paragraph_properties(line)])
        moved = self._move_start(line)
        made.extend(moved[:1])
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
        yield made
        yield from moved[1:]

    def _paragraph_properties(self, line: Line) -> Element:
        inside = self._look(line.look)
        if line.fate is not Fate.SAME:
            inside.append(element("w:rPr", [self._change(_MARKS[line.fate], line.by)]))
        if line.was is not None:
            old = element("w:pPr", self._look(line.was))
            inside.append(self._change("w:pPrChange", line.by, [old]))
        return element("w:pPr", inside)

    def _look(self, look: Look) -> list[Element]:
        found = [element("w:pStyle", val=self.style_of[look.style])]
        if look.align:
            found.append(element("w:jc", val=look.align))
        return found

    def _move_start(self, line: Line) -> list[Element]:
        """The beginning and the end of what is moved with a line, if it is."""
        if line.fate not in (Fate.MOVED_HERE, Fate.MOVED_AWAY):
            return []
        tag, number = _MARKS[line.fate], next(self.ids)
        start = element(f"{tag}RangeStart", id=number)
        self._sign(start, line.by)
        start.set(qn("w:name"), "move_" + bookmark(line.move))
        return [start, element(f"{tag}RangeEnd", id=number)]

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
        """A table as wide as the text, its columns by how much is in them."""
        indent = 0 if grid.level is None else self.indents[grid.level]
        widths = _widths(grid, self.width - indent)
        look = {
            "firstRow": int(grid.header_row), "lastRow": 0,
            "firstColumn": int(not grid.header_row), "lastColumn": 0, "noHBand": 1, "noVBand": 1,
        }  # fmt: skip
        bits = 0x0600 | (0x0020 if grid.header_row else 0x0080)
        properties = [
            element("w:tblStyle", val=self.style_of["Policy table"]),
            element("w:tblW", w=sum(widths), type="dxa"),
            *([element("w:tblInd", w=indent, type="dxa")] if indent else []),
            element("w:tblLayout", type="fixed"),
            element("w:tblLook", val=f"{bits:04X}", **look),
        ]
        columns = element("w:tblGrid", [element("w:gridCol", w=width) for width in widths])
        rows = [
            self._row(row, widths, grid, is_header=grid.header_row and at == 0)
            for at, row in enumerate(grid.rows)
        ]
        return element("w:tbl", [element("w:tblPr", properties), columns, *rows])

    def _row(self, row: GridRow, widths: Sequence[int], grid: Grid, *, is_header: bool) -> Element:
        properties = [element("w:cantSplit")]
        if is_header:
            properties.append(element("w:tblHeader"))
        if row.fate is not Fate.SAME:
            tag = "w:del" if row.fate in ONLY_OLD else "w:ins"
            properties.append(self._change(tag, grid.by))
        cells = []
        for cell, width in zip(row.cells, widths, strict=True):
            sized = element("w:tcPr", [element("w:tcW", w=width, type="dxa")])
            cells.append(element("w:tc", [sized, *self.line(cell)]))
        return element("w:tr", [element("w:trPr", properties), *cells])


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


def _widths(grid: Grid, whole: int) -> list[int]:
    """How wide each column is: as its longest words need it, and then by how much is in it."""
    columns = len(grid.rows[0].cells)
    if not grid.header_row:
        return [whole * 3 // 10, whole - whole * 3 // 10]
    longest, most = [_LEAST] * columns, [_LEAST] * columns
    for row in grid.rows:
        for at, cell in enumerate(row.cells):
            text = "".join(piece.text for piece in cell.pieces)
            longest[at] = max(longest[at], *(len(word) + 2 for word in text.split() or [""]))
            most[at] = max(most[at], min(_MOST, len(text)))
    shares = [max(one, other) for one, other in zip(longest, most, strict=True)]
    edges = [whole * sum(shares[:at]) // sum(shares) for at in range(columns + 1)]
    return [right - left for left, right in pairwise(edges)]
