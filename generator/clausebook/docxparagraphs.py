"""One stream of text in a Word file (its body, a note, a header) as paragraphs and tables.

What is printed becomes pieces of paragraphs; what is not (deleted and hidden text, lists of
contents, instructions of fields) is told with its words.  Elements that nobody knows are walked
through, so that text in them is never lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from lxml import etree

from clausebook.docxfiles import R, Relation, W
from clausebook.docxinline import Inline
from clausebook.docxnumbers import Numbering
from clausebook.docxpieces import PROPERTIES, Around, Kind, Opened, our_id, wrapped
from clausebook.docxstyles import POINT, Indent, Styles, indent, value, whole
from clausebook.docxtexts import is_deleted_row, is_joined
from clausebook.found import Highlight, LeftOut
from clausebook.foundwords import seen
from clausebook.roughlines import Cell, Rough, RoughPart, RoughTable, in_cell

MAX_COLUMNS = 200
"""So many columns one cell spans at most. Word allows 63."""
TAB = 36.0
"""How far Word's tabs stand apart, in points, where nothing else is said."""

_TAG = re.compile(r"\[([^\[\]]+)\]")
"""A tag of our own documents as it is printed: `[Guidance] [For staff]`, after other remarks."""


class Story(Inline):
    """A stream of text, read once."""

    def __init__(
        self,
        styles: Styles,
        numbering: Numbering | None,
        relations: Mapping[str, Relation],
        where: str = "",
    ) -> None:
        """Read for these styles and lists; `where` names a stream that is not the body."""
        super().__init__(styles, relations)
        self._numbering = numbering
        self._cell = where
        self.left_out: list[LeftOut] = []
        self.highlighted: list[Highlight] = []
        self._paragraphs = self._tables = 0
        self._joined: Opened | None = None
        self._id = ""
        self._contents: list[str] = []

    def read(self, container: etree._Element) -> list[RoughPart]:
        """Everything in an element that holds paragraphs and tables."""
        parts = self._blocks(container, Around())
        self._tell_contents()
        return parts

    # -- blocks -------------------------------------------------------------------------

    def _blocks(self, container: etree._Element, around: Around) -> list[RoughPart]:
        parts: list[RoughPart] = []
        for child in container:
            if child.tag == W + "p":
                parts += self._paragraph(child, around)
            elif child.tag == W + "tbl":
                parts += self._flush()
                parts += self._table(child, around)
            elif child.tag == W + "bookmarkStart":
                self._id = our_id(child) or self._id
            elif child.tag == W + "altChunk":
                self.seen_at["altChunk", child.get(R + "id", "")] = self.where
            else:
                inside = wrapped(child, around)
                if inside is not None:
                    parts += self._blocks(*inside)
        return parts + self._flush()

    def _flush(self) -> list[RoughPart]:
        """A paragraph whose end was taken out, and after which none comes."""
        left, self._joined = self._joined, None
        return [] if left is None else self._closed(left, None, Around())

    @property
    def where(self) -> str:
        """The cell, the note or the paragraph."""
        return self._cell or f"paragraph {self._paragraphs + 1}"

    # -- tables -------------------------------------------------------------------------

    def _table(self, element: etree._Element, around: Around) -> list[RoughPart]:
        inner = self._cell.startswith("table")
        if inner:
            self.left_out.append(
                LeftOut(where=self._cell, what="a table in a cell: its words stand in the cell")
            )
        else:
            self._tables += 1
        outer = self._cell
        where = outer if inner else " in ".join(filter(None, (f"table {self._tables}", outer)))
        table = RoughTable(where)
        for number, (row, of_row) in enumerate(_inside(element, around, W + "tr"), 1):
            if is_deleted_row(row) and of_row.kind is Kind.KEPT:
                of_row = replace(of_row, kind=Kind.DELETED)  # noqa: PLW2901
            cells: list[Cell] = [[] for _ in range(_columns(row, "gridBefore"))]
            for cell, of_cell in _inside(row, of_row, W + "tc"):
                self._cell = where if inner else f"{where}, row {number}, column {len(cells) + 1}"
                cells.append(in_cell(self._blocks(cell, of_cell)))
                span = _columns(cell.find(W + "tcPr"), "gridSpan")
                cells += [[] for _ in range(span - 1)]
            cells += [[] for _ in range(_columns(row, "gridAfter"))]
            if not is_deleted_row(row):
                table.rows.append(cells)
        self._cell = outer
        return [table]

    # -- paragraphs ---------------------------------------------------------------------

    def _paragraph(self, element: etree._Element, around: Around) -> list[RoughPart]:
        opened, self._joined = self._joined or Opened(), None
        properties = element.find(W + "pPr")
        opened.style = value(properties, "pStyle") or self.styles.default("paragraph")
        opened.id, self._id = opened.id or self._id, ""
        self.inline(element, around, opened)
        if is_joined(element):
            self._joined = opened
            return []
        return self._closed(opened, properties, around)

    def _closed(
        self, opened: Opened, properties: etree._Element | None, around: Around
    ) -> list[RoughPart]:
        """A paragraph as it is printed, and the text boxes that hang on it."""
        where = self.where
        self._tell(opened, where)
        line = Rough(where, opened.pieces, id=opened.id, tags=opened.tags)
        line.label, line.typed = opened.number, bool(opened.number)
        style = opened.style
        hidden = properties is not None and self.is_hidden(properties.find(W + "rPr"), style)
        is_shown = around.kind is Kind.KEPT and not (opened.is_blank and hidden)
        place = None
        if self._numbering and is_shown and not _only_contents(opened) and not opened.number:
            place = self._numbering.place(properties, style)
        if place and self._numbering:
            printed = self._numbering.count(*place)
            line.label, line.level = printed.label, place[1]
            if printed.unknown:
                self.left_out.append(
                    LeftOut(
                        where=where,
                        what=f"the way of counting '{printed.unknown[:40]}', "
                        f"here shown as {printed.label}",
                    )
                )
        outline = whole(value(properties, "outlineLvl"))
        is_set = outline is not None and 0 <= outline < 9  # noqa: PLR2004 - 9 is body text
        line.heading = (outline or 0) + 1 if is_set else self.styles.heading(style)
        line.is_title = self.styles.is_title(style)
        at = self._indent(properties, style, place)
        text = opened.pieces.text
        tabs = 0 if line.label else text[: len(text) - len(text.lstrip())].count("\t")
        line.indent = ((at.left or 0) + (at.first or 0)) / POINT + tabs * TAB
        if not opened.is_blank or line.label:
            self._paragraphs += not self._cell
        return [line, *opened.after]

    def _tell(self, opened: Opened, where: str) -> None:
        """What of a paragraph is not printed."""
        for kind, texts in opened.told:
            text = seen("".join(texts)).strip()
            if kind is Kind.CONTENTS:
                self._contents += [text] if text else []
            elif kind is Kind.TAG:
                opened.tags += filter(None, (_TAG.sub("", text).strip(), *_TAG.findall(text)))
            elif kind is Kind.NUMBER and text and not opened.number:
                opened.number = text
            elif kind is not Kind.KEPT and text:
                self.left_out.append(LeftOut(where=where, what=kind.value, text=text))
        for what, text in opened.notes:
            self.left_out.append(LeftOut(where=where, what=what, text=text))
        marked = filter(None, (seen(text).strip() for text in opened.highlighted))
        self.highlighted += (Highlight(where, text) for text in marked)
        if self._contents and not any(kind is Kind.CONTENTS for kind, _ in opened.told):
            self._tell_contents()

    def _tell_contents(self) -> None:
        if self._contents:
            text = "\n".join(self._contents)
            what = "a list of contents, which is made anew"
            self.left_out.append(LeftOut(where=self.where, what=what, text=text))
            self._contents = []

    def _indent(
        self, properties: etree._Element | None, style: str, place: tuple[str, int] | None
    ) -> Indent:
        """How far a paragraph stands in: its own word, its list's, its styles' (17.9.22)."""
        at = indent(properties)
        if place and self._numbering and value(properties, "numPr/numId") is not None:
            at = at.over(self._numbering.indent(*place))
        for step in self.styles.chain(style):
            of_step = step.element.find(W + "pPr")
            at = at.over(indent(of_step))
            if place and self._numbering and value(of_step, "numPr/numId") is not None:
                at = at.over(self._numbering.indent(*place))
        return at

    # -- text boxes ---------------------------------------------------------------------

    def text_box(self, element: etree._Element, around: Around, opened: Opened) -> None:
        """Read its paragraphs, which come after the one that it hangs on."""
        outer, joined, fields = self._cell, self._joined, self.fields
        self._joined, self.fields = None, []
        if not outer.startswith("table"):
            self._cell = f"text box at {self.where}"
        opened.after += self._blocks(element, around)
        self._cell, self._joined, self.fields = outer, joined, fields


def _inside(
    element: etree._Element, around: Around, tag: str
) -> Iterator[tuple[etree._Element, Around]]:
    """The rows of a table or the cells of a row, also those in content controls."""
    for child in element:
        if child.tag == tag:
            yield child, around
        elif child.tag not in PROPERTIES and child.tag not in {W + "tblGrid", W + "p"}:
            inside = wrapped(child, around)
            if inside is not None:
                yield from _inside(*inside, tag)


def _columns(properties: etree._Element | None, tag: str) -> int:
    """How many columns a cell spans, or a row leaves empty."""
    if properties is not None and tag != "gridSpan":
        properties = properties.find(W + "trPr")
    said = whole(value(properties, tag))
    least = 1 if tag == "gridSpan" else 0
    return min(max(said or least, least), MAX_COLUMNS)


def _only_contents(opened: Opened) -> bool:
    return opened.is_blank and any(kind is Kind.CONTENTS for kind, _ in opened.told)
