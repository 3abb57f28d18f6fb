"""One stream of text in a Word file (its body, a note, a header) as paragraphs and tables.

What is printed becomes pieces of paragraphs; what is not (deleted and hidden text, lists of
contents, instructions of fields) is told with its words.  Elements that nobody knows are walked
through, so that text in them is never lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum

from lxml import etree

from clausebook.docxfiles import R, Relation, W
from clausebook.docxnumbers import Numbering
from clausebook.docxstyles import POINT, Indent, Styles, indent, value, whole
from clausebook.docxtexts import (
    MC,
    chosen,
    font_of,
    is_contents,
    is_contents_control,
    is_deleted_row,
    is_joined,
    text_of,
)
from clausebook.found import LeftOut
from clausebook.foundwords import Look, Pieces, seen
from clausebook.roughlines import Cell, Rough, RoughPart, RoughTable, in_cell

MAX_COLUMNS = 200
"""So many columns one cell spans at most. Word allows 63."""
TAB = 36.0
"""How far Word's tabs stand apart, in points, where nothing else is said."""

_OUR_MARK = re.compile(r"cb_([a-z0-9]+(?:_[a-z0-9]+)*)")
"""The bookmarks of our own documents: `cb_sm_17` is the clause `sm-17`."""
_ADDRESS = re.compile(r'\s*HYPERLINK\s+(?:"([^"]*)"|([^\s"\\]+))', re.IGNORECASE)


_TAG = re.compile(r"\[([^\[\]]+)\]")
"""A tag of our own documents as it is printed: `[Guidance] [For staff]`, after other remarks."""


class Kind(StrEnum):
    """What becomes of a piece of text; what is told is named for people."""

    KEPT = ""
    TAG = "a tag"
    NUMBER = "a number"
    DELETED = "words that a tracked change takes out"
    MOVED = "words that a tracked change moves; they are read where they went"
    HIDDEN = "hidden text"
    CONTENTS = "a list of contents"
    INSTRUCTION = "the inside of a field, which is not printed"


@dataclass(frozen=True)
class Around:
    """What an element stands in."""

    href: str = ""
    kind: Kind = Kind.KEPT


@dataclass
class _Field:
    """A field (17.16): what it does, then what it shows."""

    instruction: str = ""
    shows: bool = False

    @property
    def kind(self) -> Kind:
        """What becomes of text in it."""
        if not self.shows:
            return Kind.INSTRUCTION
        return Kind.CONTENTS if is_contents(self.instruction) else Kind.KEPT

    @property
    def href(self) -> str:
        """Where it leads, if it is a link to somewhere else."""
        found = _ADDRESS.match(self.instruction)
        address = (found[1] or found[2] or "") if found else ""
        return address if found and not address.startswith("\\") else ""


@dataclass
class _Open:
    """A paragraph while it is read."""

    pieces: Pieces = field(default_factory=Pieces)
    told: list[tuple[Kind, list[str]]] = field(default_factory=list)
    """What is not printed, and what came between; KEPT only parts the others."""
    tags: list[str] = field(default_factory=list)
    number: str = ""
    style: str = ""
    id: str = ""
    notes: list[tuple[str, str]] = field(default_factory=list)
    """What else cannot be carried: what it is, and its words."""
    after: list[RoughPart] = field(default_factory=list)

    def add(self, kind: Kind, text: str, look: Look) -> None:
        """The next piece of text."""
        if not self.told or self.told[-1][0] is not kind:
            self.told.append((kind, []))
        if kind is not Kind.KEPT:
            self.told[-1][1].append(text)
        elif text == "\n":
            self.pieces.add_break(look)
        else:
            self.pieces.add(text, look)

    @property
    def is_blank(self) -> bool:
        """Whether nothing of it is printed."""
        return not self.pieces.text.strip()


class Story:
    """A stream of text, read once."""

    def __init__(
        self,
        styles: Styles,
        numbering: Numbering | None,
        relations: dict[str, Relation],
        where: str = "",
    ) -> None:
        """Read for these styles and lists; `where` names a stream that is not the body."""
        self._styles = styles
        self._numbering = numbering
        self._relations = relations
        self._cell = where
        self.left_out: list[LeftOut] = []
        self.seen_at: dict[tuple[str, str], str] = {}
        """Where the notes, comments, charts and chunks are that have their own part."""
        self._paragraphs = self._tables = 0
        self._joined: _Open | None = None
        self._fields: list[_Field] = []
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
            match child.tag:
                case _ if child.tag == W + "p":
                    parts += self._paragraph(child, around)
                case _ if child.tag == W + "tbl":
                    parts += self._flush()
                    parts += self._table(child, around)
                case _ if child.tag == W + "bookmarkStart":
                    self._id = _our_id(child) or self._id
                case _ if child.tag == W + "altChunk":
                    self.seen_at["altChunk", child.get(R + "id", "")] = self._where
                case _:
                    inside = self._wrapped(child, around)
                    if inside is not None:
                        parts += self._blocks(*inside)
        return parts + self._flush()

    def _wrapped(
        self, element: etree._Element, around: Around
    ) -> tuple[etree._Element, Around] | None:
        """What an element that only wraps others has in it; None if it is for nobody to read."""
        if element.tag in _PROPERTIES:
            return None
        if element.tag == MC + "AlternateContent":
            inside = chosen(element)
            return None if inside is None else (inside, around)
        kind = _CHANGES.get(element.tag)
        if element.tag == W + "sdt" and is_contents_control(element):
            kind = Kind.CONTENTS
        if kind is not None and around.kind is Kind.KEPT:
            around = replace(around, kind=kind)
        return element, around

    def _flush(self) -> list[RoughPart]:
        """A paragraph whose end was taken out, and after which none comes."""
        left, self._joined = self._joined, None
        return [] if left is None else self._closed(left, None, Around())

    @property
    def _where(self) -> str:
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
        for number, (row, of_row) in enumerate(_inside(self, element, around, W + "tr"), 1):
            if is_deleted_row(row) and of_row.kind is Kind.KEPT:
                of_row = replace(of_row, kind=Kind.DELETED)  # noqa: PLW2901
            cells: list[Cell] = [[] for _ in range(_columns(row, "gridBefore"))]
            for cell, of_cell in _inside(self, row, of_row, W + "tc"):
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
        opened, self._joined = self._joined or _Open(), None
        properties = element.find(W + "pPr")
        opened.style = value(properties, "pStyle") or self._styles.default("paragraph")
        opened.id, self._id = opened.id or self._id, ""
        self._inline(element, around, opened)
        if is_joined(element):
            self._joined = opened
            return []
        return self._closed(opened, properties, around)

    def _closed(
        self, opened: _Open, properties: etree._Element | None, around: Around
    ) -> list[RoughPart]:
        """A paragraph as it is printed, and the text boxes that hang on it."""
        where = self._where
        self._tell(opened, where)
        line = Rough(where, opened.pieces, id=opened.id, tags=opened.tags)
        line.label, line.typed = opened.number, bool(opened.number)
        style = opened.style
        hidden = properties is not None and self._is_hidden(properties.find(W + "rPr"), style)
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
        line.heading = (outline or 0) + 1 if is_set else self._styles.heading(style)
        line.is_title = self._styles.is_title(style)
        at = self._indent(properties, style, place)
        text = opened.pieces.text
        tabs = 0 if line.label else text[: len(text) - len(text.lstrip())].count("\t")
        line.indent = ((at.left or 0) + (at.first or 0)) / POINT + tabs * TAB
        if not opened.is_blank or line.label:
            self._paragraphs += not self._cell
        return [line, *opened.after]

    def _tell(self, opened: _Open, where: str) -> None:
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
        if self._contents and not any(kind is Kind.CONTENTS for kind, _ in opened.told):
            self._tell_contents()

    def _tell_contents(self) -> None:
        if self._contents:
            text = "\n".join(self._contents)
            what = "a list of contents, which is made anew"
            self.left_out.append(LeftOut(where=self._where, what=what, text=text))
            self._contents = []

    def _indent(
        self, properties: etree._Element | None, style: str, place: tuple[str, int] | None
    ) -> Indent:
        """How far a paragraph stands in: its own word, its list's, its styles' (17.9.22)."""
        at = indent(properties)
        if place and self._numbering and value(properties, "numPr/numId") is not None:
            at = at.over(self._numbering.indent(*place))
        for step in self._styles.chain(style):
            of_step = step.element.find(W + "pPr")
            at = at.over(indent(of_step))
            if place and self._numbering and value(of_step, "numPr/numId") is not None:
                at = at.over(self._numbering.indent(*place))
        return at

    # -- what stands in a paragraph -----------------------------------------------------

    def _inline(self, element: etree._Element, around: Around, opened: _Open) -> None:
        for child in element:
            if child.tag == W + "r":
                self._run(child, around, opened)
            elif child.tag == W + "hyperlink":
                href = self._target(child) or around.href
                self._inline(child, replace(around, href=href), opened)
            elif child.tag == W + "bookmarkStart":
                opened.id = opened.id or _our_id(child)
            elif child.tag == W + "fldSimple":
                self._fields.append(_Field(child.get(W + "instr", ""), shows=True))
                self._inline(child, around, opened)
                self._fields.pop()
            elif child.tag in _COMMENTS:
                key = "comments", child.get(W + "id", "")
                self.seen_at.setdefault(key, self._where)
            else:
                text = text_of(child, "")
                if text is not None:  # a formula has its text outside runs
                    self._emit(text, None, around, opened)
                    continue
                inside = self._wrapped(child, around)
                if inside is not None:
                    self._inline(*inside, opened)

    def _run(self, element: etree._Element, around: Around, opened: _Open) -> None:
        properties = element.find(W + "rPr")
        font = font_of(properties)
        for child in element:
            text = text_of(child, font)
            if text is not None:
                deleted = child.tag == W + "delText" and around.kind is Kind.KEPT
                place = replace(around, kind=Kind.DELETED) if deleted else around
                self._emit(text, properties, place, opened)
                if not text and child.tag == W + "sym":
                    named = (child.get(W + "font") or "")[:40]
                    opened.notes.append((f"a sign of the font {named}", ""))
            else:
                self._in_run(child, around, opened)

    def _in_run(self, element: etree._Element, around: Around, opened: _Open) -> None:
        """What a run holds beside text."""
        tag = element.tag
        if tag == W + "fldChar":
            self._field_mark(element)
        elif tag == W + "instrText":
            if self._fields and not self._fields[-1].shows:
                self._fields[-1].instruction += element.text or ""
        elif tag in _NOTES or tag in _COMMENTS:
            key = _NOTES.get(tag, "comments"), element.get(W + "id", "")
            self.seen_at.setdefault(key, self._where)
        elif tag in _GRAPHICS:
            self._graphic(element, around, opened)
        elif tag == MC + "AlternateContent":
            inside = chosen(element)
            if inside is not None:
                self._run(inside, around, opened)
        elif tag not in _PROPERTIES:
            self._inline(element, around, opened)

    def _field_mark(self, element: etree._Element) -> None:
        match element.get(W + "fldCharType"):
            case "begin":
                self._fields.append(_Field())
            case "separate" if self._fields:
                self._fields[-1].shows = True
            case "end" if self._fields:
                self._fields.pop()
            case _:
                pass

    def _emit(
        self, text: str, properties: etree._Element | None, around: Around, opened: _Open
    ) -> None:
        """A piece of text, to where it belongs."""
        kind = next((f.kind for f in self._fields if f.kind is not Kind.KEPT), around.kind)
        if around.kind is Kind.CONTENTS:
            kind = around.kind
        character = value(properties, "rStyle") or ""
        styles, style = self._styles, opened.style
        if kind is Kind.KEPT and self._is_hidden(properties, style, character):
            kind = Kind.HIDDEN
        if kind is Kind.KEPT and character in styles.ours:
            kind = Kind.TAG if styles.ours[character] == "tag" else Kind.NUMBER
        look = Look(
            href=next((f.href for f in reversed(self._fields) if f.href), around.href),
            strong=styles.is_on(properties, character, style, "b")
            and not styles.is_on(None, "", style, "b"),
            emphasis=styles.is_on(properties, character, style, "i")
            and not styles.is_on(None, "", style, "i"),
            code=styles.is_code(character),
        )
        opened.add(kind, text, look)

    def _is_hidden(
        self, properties: etree._Element | None, style: str, character: str = ""
    ) -> bool:
        return self._styles.is_on(properties, character, style, "vanish")

    def _target(self, element: etree._Element) -> str:
        """Where a link leads, outside the document; "" if it stays in it."""
        relation = self._relations.get(element.get(R + "id", ""))
        if relation is None or not relation.outside:
            return ""
        anchor = element.get(W + "anchor") or ""
        return relation.target + (f"#{anchor}" if anchor and "#" not in relation.target else "")

    # -- pictures and text boxes --------------------------------------------------------

    def _graphic(self, element: etree._Element, around: Around, opened: _Open) -> None:
        """A drawing, a picture of older files, or an embedded object."""
        shown = ""
        waiting = [element]
        is_object = element.tag == W + "object"
        if is_object:
            opened.notes.append(("something from another program that is embedded", ""))
        while waiting:
            at = waiting.pop()
            if at.tag == W + "txbxContent":
                self._text_box(at, around, opened)
                continue
            if at.tag == MC + "AlternateContent":
                inside = chosen(at)
                waiting += [] if inside is None else [inside]
                continue
            name = etree.QName(at).localname
            if name == "docPr":
                shown = (at.get("descr") or at.get("title") or "").strip()
            elif name in {"blip", "imagedata"} and not is_object:
                opened.notes.append((f"a picture of “{shown}”" if shown else "a picture", ""))
            elif name == "textpath":
                opened.notes.append(("words drawn as a picture", at.get("string") or ""))
            elif name in _DRAWN:
                kind, key = _DRAWN[name]
                self.seen_at[kind, at.get(R + key, "")] = self._where
            waiting += reversed(at)

    def _text_box(self, element: etree._Element, around: Around, opened: _Open) -> None:
        outer, joined, fields = self._cell, self._joined, self._fields
        self._joined, self._fields = None, []
        if not outer.startswith("table"):
            self._cell = f"text box at {self._where}"
        opened.after += self._blocks(element, around)
        self._cell, self._joined, self._fields = outer, joined, fields


def _inside(
    story: Story, element: etree._Element, around: Around, tag: str
) -> Iterator[tuple[etree._Element, Around]]:
    """The rows of a table or the cells of a row, also those in content controls."""
    for child in element:
        if child.tag == tag:
            yield child, around
        elif child.tag not in _PROPERTIES and child.tag not in {W + "tblGrid", W + "p"}:
            inside = story._wrapped(child, around)  # noqa: SLF001 - a part of it
            if inside is not None:
                yield from _inside(story, *inside, tag)


def _columns(properties: etree._Element | None, tag: str) -> int:
    """How many columns a cell spans, or a row leaves empty."""
    if properties is not None and tag != "gridSpan":
        properties = properties.find(W + "trPr")
    said = whole(value(properties, tag))
    least = 1 if tag == "gridSpan" else 0
    return min(max(said or least, least), MAX_COLUMNS)


def _our_id(bookmark: etree._Element) -> str:
    found = _OUR_MARK.fullmatch(bookmark.get(W + "name", ""))
    return found[1].replace("_", "-") if found else ""


def _only_contents(opened: _Open) -> bool:
    return opened.is_blank and any(kind is Kind.CONTENTS for kind, _ in opened.told)


_CHANGES = {
    W + "del": Kind.DELETED,
    W + "moveFrom": Kind.MOVED,
}
_NOTES = {W + "footnoteReference": "footnotes", W + "endnoteReference": "endnotes"}
_COMMENTS = frozenset({W + "commentRangeStart", W + "commentReference"})
_DRAWN = {"chart": ("chart", "id"), "relIds": ("diagramData", "dm")}
"""Drawings that have their words in a part of their own, and the attribute that names it."""
_GRAPHICS = frozenset({W + "drawing", W + "pict", W + "object"})
_PROPERTIES = frozenset(
    W + tag
    for tag in [
        "pPr",
        "rPr",
        "sdtPr",
        "sdtEndPr",
        "tblPr",
        "trPr",
        "tcPr",
        "sectPr",
        "tblGrid",
        "tblPrEx",
        "customXmlPr",
        "smartTagPr",
        "ffData",
        "fldData",
        "rubyPr",
        "fieldMapData",
    ]
)
"""What says how things look, and has no text."""
