"""A web page as a document from elsewhere: Word's "save as web page", a site's page, our own.

Scripts are not run, nothing is fetched, and style sheets are not read, only what an element says
of itself.  Menus, hidden text and forms are told with their words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from lxml import etree

from clausebook.found import DocumentError, Format, FoundDocument, LeftOut
from clausebook.foundwords import PLAIN, Look, seen
from clausebook.htmlcount import count
from clausebook.htmlelements import (
    BLOCKS,
    UNREAD,
    classes_of,
    indent_of,
    is_unread,
    look_of,
    texts_of,
    what_is_told,
)
from clausebook.htmlnumbers import HtmlList
from clausebook.roughlines import Cell, Rough, RoughPart, RoughTable, finished, in_cell

MAX_SPAN = 200
"""So many columns or rows a cell spans at most."""
MAX_ELEMENTS = 500_000
MAX_DEPTH = 200
"""How deep elements nest. libxml2 itself stops at 256, and leaves out what is deeper."""

_LIST_INDENT = 30.0
"""How far a browser sets a list in, in points."""


def read_html(text: str, name: str, note: str = "") -> FoundDocument:
    """A web page, from its text; DocumentError if it is too deep or too large.

    `note` is what must be said of how it was decoded.
    """
    root = _parsed(text)
    reader = _Reader()
    if note:
        reader.left_out.append(LeftOut(where="the file", what=note))
    if root is not None:
        reader.read(root)
    left_out = reader.left_out
    parts = finished(reader.parts, left_out)
    return FoundDocument(
        name=name,
        format=Format.HTML,
        parts=parts,
        left_out=tuple(left_out),
        words=0 if root is None else count(root),
        properties=tuple(_properties(root)) if root is not None else (),
    )


def read_fragment(text: str) -> tuple[list[RoughPart], list[LeftOut], int]:
    """A piece of HTML in another document: its parts, what is left out, how many words it has."""
    root = _parsed(text)
    if root is None:
        return [], [], 0
    reader = _Reader()
    reader.read(root)
    return reader.parts, reader.left_out, count(root)


def _parsed(text: str) -> etree._Element | None:
    parser = etree.HTMLParser(
        encoding="utf-8",
        no_network=True,
        remove_comments=True,
        remove_pis=True,
        huge_tree=False,
    )
    content = text.replace("\0", "").encode("utf-8", "replace")
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        return None  # there is no element in it at all
    fatal = parser.error_log.filter_from_fatals()
    is_cut = any("depth" in (error.message or "").lower() for error in fatal)
    depth = elements = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")) if root is not None else ():
        depth += 1 if event == "start" else -1
        elements += event == "start"
        is_cut = is_cut or depth > MAX_DEPTH
    if is_cut:
        raise DocumentError(
            f"This page is nested more than {MAX_DEPTH} deep, as pages are that are made to harm. "
            "Open it in a browser, copy what you see into Word and save that as .docx."
        )
    if elements > MAX_ELEMENTS:
        raise DocumentError(f"This page has more than {MAX_ELEMENTS:,} elements. Split it.")
    return root


def _properties(root: etree._Element) -> Iterator[tuple[str, str]]:
    title = root.find("head/title")
    if title is not None and (title.text or "").strip():
        yield "title", seen(title.text or "").strip()[:300]
    for meta in root.iterfind("head/meta"):
        key, said = (meta.get("name") or "").lower(), seen(meta.get("content") or "").strip()
        if key in {"author", "description", "date"} and said:
            yield key, said[:300]


@dataclass(frozen=True)
class _Around:
    """What a paragraph stands in."""

    heading: int = 0
    is_title: bool = False
    level: int | None = None
    bullets: int = 0
    indent: float = 0
    as_typed: bool = False
    """Whether its lines end where they were ended."""


@dataclass
class _Reader:
    """A page while it is read."""

    parts: list[RoughPart] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    _line: Rough | None = None
    _label: str | None = None
    """Of a list item whose first words have not come yet."""
    _id: str = ""
    _cell: str = ""
    _tables: int = 0
    _at: str = ""
    _lists: list[HtmlList] = field(default_factory=list)

    def read(self, body: etree._Element) -> None:
        """Everything in the page."""
        self._walk(body, PLAIN, _Around())
        self._close()

    def _walk(self, element: etree._Element, look: Look, around: _Around) -> None:
        """An element; how deep they nest is bounded by the parser."""
        tag = str(element.tag)
        self._at = self._cell or f"line {element.sourceline}"
        told = what_is_told(element)
        unread = is_unread(element)
        if unread or told:
            text = "" if unread else seen("".join(texts_of(element))).strip()
            what = UNREAD.get(tag, "") if unread else told
            if what and (text or tag not in {"button", "select", "input"}):
                self.left_out.append(LeftOut(where=self._at, what=what, text=text))
        elif tag == "img":
            shown = seen(element.get("alt") or "").strip()[:200]
            what = f"a picture of “{shown}”" if shown else "a picture"
            self.left_out.append(LeftOut(where=self._at, what=what))
        elif tag == "br":
            self._open(around).pieces.add_break(look)
        elif tag == "table":
            self._table(element, around)
        elif tag in BLOCKS:
            self._block(element, tag, look, around)
        else:
            self._inline(element, look, around)

    def _children(self, element: etree._Element, look: Look, around: _Around) -> None:
        self._text(element.text, look, around)
        for child in element:
            self._walk(child, look, around)
            self._text(child.tail, look, around)

    def _text(self, text: str | None, look: Look, around: _Around) -> None:
        for number, line in enumerate((text or "").split("\n") if around.as_typed else [text]):
            if number and self._line is not None:
                self._line.pieces.add_break(look)
            if line and (self._line is not None or line.strip()):
                self._open(around).pieces.add(line.replace("\t", " ").replace("\r", " "), look)

    # -- paragraphs ---------------------------------------------------------------------

    def _open(self, around: _Around) -> Rough:
        """The paragraph that words go to."""
        if self._line is None:
            self._line = Rough(
                self._at,
                label=self._label or "",
                heading=around.heading,
                is_title=around.is_title,
                level=around.level,
                indent=around.indent,
                id=self._id,
            )
            self._label, self._id = None, ""
        return self._line

    def _close(self) -> None:
        if self._line is not None:
            self.parts.append(self._line)
        self._line = None

    def _block(self, element: etree._Element, tag: str, look: Look, around: _Around) -> None:
        self._close()
        classes = classes_of(element)
        if "cb-clause" in classes and element.get("id"):
            self._id = (element.get("id") or "")[:100]
        inside = replace(
            around,
            indent=around.indent + indent_of(element),
            is_title=around.is_title or bool({"MsoTitle", "cb-title"} & set(classes)),
            as_typed=around.as_typed or tag == "pre",
        )
        if re.fullmatch("h[1-6]", tag):
            inside = replace(inside, heading=int(tag[1]))
        if tag in {"ol", "ul", "menu", "dir"}:
            self._list(element, look, inside)
            return
        is_item = tag == "li"
        if is_item:
            listed = self._lists[-1] if self._lists else HtmlList("disc", 1, 1)
            self._label = listed.label(element)
        self._children(element, look, inside)
        if is_item and self._label:
            self._open(inside)
        self._close()
        if is_item:
            self._label = None

    def _list(self, element: etree._Element, look: Look, around: _Around) -> None:
        if self._label:  # the list is all that an item begins with
            self._open(around)
            self._close()
        self._label = None
        self._lists.append(HtmlList.of(element, around.bullets))
        inside = replace(
            around,
            level=0 if around.level is None else around.level + 1,
            bullets=around.bullets + (element.tag != "ol"),
            indent=around.indent + _LIST_INDENT,
        )
        self._children(element, look, inside)
        self._close()
        self._lists.pop()

    # -- what stands in a paragraph -----------------------------------------------------

    def _inline(self, element: etree._Element, look: Look, around: _Around) -> None:
        classes = classes_of(element)
        if "cb-tag" in classes:
            self._open(around).tags.append(seen("".join(texts_of(element))).strip())
            return
        if "cb-label" in classes:
            line, text = self._open(around), "".join(texts_of(element))
            label = seen(text).strip()
            if label and not line.pieces.text.strip() and not line.typed:
                line.label, line.typed = label, True
                return
            if text:  # a number among the words, and no part of the one before it
                self._text(f" {text} ", look_of(element, look), around)
                return
        self._children(element, look_of(element, look), around)

    # -- tables -------------------------------------------------------------------------

    def _table(self, element: etree._Element, around: _Around) -> None:
        self._close()
        outer = self.parts, self._cell, self._lists, self._label
        self._lists, self._label = [], None
        if self._cell:
            self.left_out.append(
                LeftOut(where=self._cell, what="a table in a cell: its words stand in the cell")
            )
        else:
            self._tables += 1
        grid = _Grid(
            RoughTable(self._cell or f"table {self._tables}"),
            is_inner=bool(self._cell),
            around=replace(around, heading=0, level=None, indent=0),
        )
        for row in _rows(element):
            if isinstance(row, str):
                self._stray(row, grid)
            else:
                self._row(row, grid)
        self.parts, self._cell, self._lists, self._label = outer
        self.parts += [*grid.captions, grid.table]

    def _row(self, row: etree._Element, grid: _Grid) -> None:
        """A row, or something else that stands where rows do."""
        table, cells = grid.table, list[Cell]()
        is_row = row.tag == "tr" and not what_is_told(row)
        if is_row:
            self._stray(row.text, grid)
        for cell in row if is_row else [row]:
            if cell.tag in {"td", "th"} and not what_is_told(cell):
                grid.fill(cells)
                if not grid.is_inner:
                    place = f"row {len(table.rows) + 1}, column {len(cells) + 1}"
                    self._cell = f"{table.where}, {place}"
                cells += self._of_cell(cell, grid, len(cells))
            else:
                self.parts = grid.captions
                self._walk(cell, PLAIN, grid.around)
                self._close()
            if is_row:
                self._stray(cell.tail, grid)
        if not is_row and not cells:
            return
        grid.fill(cells)
        table.rows.append(cells)

    def _of_cell(self, cell: etree._Element, grid: _Grid, at: int) -> list[Cell]:
        """A cell, and an empty one for every further column it spans."""
        self.parts = []
        self._children(cell, PLAIN, grid.around)
        self._close()
        width = _span(cell, "colspan")
        for column in range(at, at + width):
            grid.taken[column] = _span(cell, "rowspan") - 1
        return [in_cell(self.parts), *([] for _ in range(width - 1))]

    def _stray(self, text: str | None, grid: _Grid) -> None:
        """Words that stand in a table and in no cell."""
        if text and text.strip():
            self.parts = grid.captions
            self._text(text, PLAIN, grid.around)
            self._close()


@dataclass
class _Grid:
    """A table while it is read."""

    table: RoughTable
    is_inner: bool
    around: _Around
    taken: dict[int, int] = field(default_factory=dict)
    """For each column, how many rows a cell from above still reaches down."""
    captions: list[RoughPart] = field(default_factory=list)

    def fill(self, cells: list[Cell]) -> None:
        """Empty cells where one from a row above reaches down."""
        while self.taken.get(len(cells)):
            self.taken[len(cells)] -= 1
            cells.append([])


def _rows(table: etree._Element) -> Iterator[etree._Element | str]:
    """The rows of a table, and what else stands in it."""
    yield table.text or ""
    for child in table:
        if child.tag in {"thead", "tbody", "tfoot"} and not what_is_told(child):
            yield child.text or ""
            for row in child:
                yield row
                yield row.tail or ""
        elif child.tag not in {"colgroup", "col"}:
            yield child
        yield child.tail or ""


def _span(cell: etree._Element, name: str) -> int:
    said = re.match(r"\s*([0-9]{1,6})", cell.get(name) or "")
    return min(max(int(said[1]), 1), MAX_SPAN) if said else 1
