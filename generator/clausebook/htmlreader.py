"""A web page as a document from elsewhere: Word's "save as web page", a site's page, our own.

Scripts are not run, nothing is fetched, and style sheets are not read, only what an element says
of itself.  Menus, hidden text and forms are told with their words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from lxml import etree

from clausebook.found import DocumentError, Format, FoundDocument, LeftOut, count_words
from clausebook.foundwords import PLAIN, Look, seen
from clausebook.htmlnumbers import HtmlList
from clausebook.roughlines import Cell, Rough, RoughPart, RoughTable, finished, in_cell

MAX_SPAN = 200
"""So many columns or rows a cell spans at most."""
MAX_ELEMENTS = 500_000
MAX_DEPTH = 200
"""How deep elements nest. libxml2 itself stops at 256, and leaves out what is deeper."""

_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
"""What begins on a line of its own."""
_UNREAD = {
    "script": "a script, which was not run",
    "style": "a style sheet, which was not read",
    "link": "",
    "meta": "",
    "base": "",
}
_TOLD = {
    "nav": "a menu",
    "noscript": "text for browsers without scripts",
    "template": "a template for scripts",
    "button": "a control of a form",
    "select": "a control of a form",
    "textarea": "a control of a form",
    "input": "a control of a form",
    "iframe": "another page inside this one, which was not fetched",
    "object": "something from another program that is embedded",
    "embed": "something from another program that is embedded",
    "applet": "something from another program that is embedded",
    "audio": "a recording",
    "video": "a film",
    "canvas": "a drawing",
    "svg": "a drawing",
    "math": "a formula",
    "del": "words that are marked as deleted",
}
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE
)
_BOLD = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_ITALIC = re.compile(r"font-style\s*:\s*italic", re.IGNORECASE)
_LENGTH = re.compile(
    r"(margin-left|text-indent|padding-left)\s*:\s*(-?[0-9]{0,6}(?:\.[0-9]{1,6})?)(pt|px|in|cm|mm|em)",
    re.IGNORECASE,
)
_POINTS = {"pt": 1.0, "px": 0.75, "in": 72.0, "cm": 28.35, "mm": 2.835, "em": 12.0}
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
        words=0 if root is None else _count(root),
        properties=tuple(_properties(root)) if root is not None else (),
    )


def read_fragment(text: str) -> tuple[list[RoughPart], list[LeftOut], int]:
    """A piece of HTML in another document: its parts, what is left out, how many words it has."""
    root = _parsed(text)
    if root is None:
        return [], [], 0
    reader = _Reader()
    reader.read(root)
    return reader.parts, reader.left_out, _count(root)


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


def _classes(element: etree._Element) -> list[str]:
    return (element.get("class") or "").split()


def _is_unread(element: etree._Element) -> bool:
    """Whether the text in an element is for programs; or is what the page says of itself."""
    parent = element.getparent()
    is_title = element.tag == "title" and parent is not None and parent.tag == "head"
    return is_title or element.tag in _UNREAD


def _what_is_told(element: etree._Element) -> str:
    """What an element is that is not carried; "" if it is."""
    if element.get("hidden") is not None or _HIDDEN.search(element.get("style") or ""):
        return "hidden text"
    return _TOLD.get(str(element.tag), "")


@dataclass(frozen=True)
class _Around:
    """What a paragraph stands in."""

    heading: int = 0
    is_title: bool = False
    level: int | None = None
    bullets: int = 0
    indent: float = 0


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
        told = _what_is_told(element)
        unread = _is_unread(element)
        if unread or told:
            text = "" if unread else seen("".join(_texts(element))).strip()
            what = _UNREAD.get(tag, "") if unread else told
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
        elif tag in _BLOCKS:
            self._block(element, tag, look, around)
        else:
            self._inline(element, tag, look, around)

    def _children(self, element: etree._Element, look: Look, around: _Around) -> None:
        self._text(element.text, look, around)
        for child in element:
            self._walk(child, look, around)
            self._text(child.tail, look, around)

    def _text(self, text: str | None, look: Look, around: _Around) -> None:
        if text and (self._line is not None or text.strip()):
            self._open(around).pieces.add(text.replace("\t", " ").replace("\r", " "), look)

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
        classes = _classes(element)
        if "cb-clause" in classes and element.get("id"):
            self._id = (element.get("id") or "")[:100]
        inside = replace(
            around,
            indent=around.indent + _indent(element),
            is_title=around.is_title or bool({"MsoTitle", "cb-title"} & set(classes)),
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
        if tag == "pre":
            self._preformatted(element, look, inside)
        else:
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

    def _preformatted(self, element: etree._Element, look: Look, around: _Around) -> None:
        for number, line in enumerate("".join(_texts(element)).split("\n")):
            if number:
                self._open(around).pieces.add_break(look)
            self._text(line, look, around)

    # -- what stands in a paragraph -----------------------------------------------------

    def _inline(self, element: etree._Element, tag: str, look: Look, around: _Around) -> None:
        classes, style = _classes(element), element.get("style") or ""
        if "cb-tag" in classes:
            self._open(around).tags.append(seen("".join(_texts(element))).strip())
            return
        if "cb-label" in classes:
            line = self._open(around)
            label = seen("".join(_texts(element))).strip()
            if not line.pieces.text.strip() and not line.typed and label:
                line.label, line.typed = label, True
                return
        if tag == "a":
            href = (element.get("href") or "").strip()
            look = replace(look, href="" if href.startswith("#") else href)
        look = replace(
            look,
            strong=look.strong or tag in {"b", "strong"} or bool(_BOLD.search(style)),
            emphasis=look.emphasis or tag in {"i", "em", "cite"} or bool(_ITALIC.search(style)),
            code=look.code or tag in {"code", "kbd", "samp", "tt"},
        )
        self._children(element, look, around)

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
        is_row = row.tag == "tr" and not _what_is_told(row)
        if is_row:
            self._stray(row.text, grid)
        for cell in row if is_row else [row]:
            if cell.tag in {"td", "th"} and not _what_is_told(cell):
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
        if child.tag in {"thead", "tbody", "tfoot"} and not _what_is_told(child):
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


def _indent(element: etree._Element) -> float:
    """How far an element itself says that it stands in, in points."""
    total = 0.0
    for _, number, unit in _LENGTH.findall(element.get("style") or ""):
        if number not in {"", "-"}:
            total += float(number) * _POINTS[unit.lower()]
    return total


def _texts(element: etree._Element) -> Iterator[str]:
    """The bare text in an element, with blanks between blocks; no scripts, no style sheets."""
    yield element.text or ""
    for child in element:
        blank = " " if child.tag in _BLOCKS or child.tag == "br" else ""
        if not _is_unread(child):
            yield blank
            yield from _texts(child)
            yield blank
        yield child.tail or ""


# -- the count of words -----------------------------------------------------------------

_APART = frozenset({"cb-tag", "cb-label"})


def _count(root: etree._Element) -> int:
    """How many words are in a page, by a walk of its own: text runs on until a block begins."""
    words, apart = 0, 0
    running: list[str] = []
    aside: list[str] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = str(element.tag)
        is_apart = bool(_what_is_told(element)) or bool(_APART & set(_classes(element)))
        blank = " " if tag in _BLOCKS or tag == "br" else ""
        into = aside if apart else running
        into.append(blank)
        if event == "start":
            apart += is_apart
            if not _is_unread(element):
                (aside if apart else running).append(element.text or "")
            continue
        if is_apart:
            apart -= 1
            if not apart:
                words += count_words("".join(aside))
                aside = []
        if element is not root:
            (aside if apart else running).append(element.tail or "")
    return words + count_words("".join(running))
