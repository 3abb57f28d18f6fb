"""What stands in a paragraph of a Word file: runs, links, fields, notes, pictures, text boxes.

Elements that nobody knows are walked through, so that text in them is never lost.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import replace

from lxml import etree

from clausebook.docxfiles import DAMAGED, R, Relation, W
from clausebook.docxpieces import PROPERTIES, Around, Field, Kind, Opened, our_id, wrapped
from clausebook.docxstyles import Styles, value
from clausebook.docxtexts import MC, chosen, font_of, text_of
from clausebook.found import DocumentError
from clausebook.foundwords import Look

_NOTES = {W + "footnoteReference": "footnotes", W + "endnoteReference": "endnotes"}
_COMMENTS = frozenset({W + "commentRangeStart", W + "commentReference"})
_DRAWN = {"chart": ("chart", "id"), "relIds": ("diagramData", "dm")}
"""Drawings that have their words in a part of their own, and the attribute that names it."""
_NEVER_HERE = frozenset({W + "p", W + "tbl"})
"""What ECMA-376 (17.3.1.22) lets no paragraph hold, but in a text box."""
_GRAPHICS = frozenset({W + "drawing", W + "pict", W + "object"})


class Inline(ABC):
    """The words of a stream of text, as they come; who reads its paragraphs says where they are."""

    def __init__(self, styles: Styles, relations: Mapping[str, Relation]) -> None:
        """Read for these styles; `relations` are those of the part that the stream is in."""
        self.styles = styles
        self._relations = relations
        self.fields: list[Field] = []
        """Those that are open: a field can begin in one paragraph and end in another."""
        self.seen_at: dict[tuple[str, str], str] = {}
        """Where the notes, comments, charts and chunks are that have their own part."""

    @property
    @abstractmethod
    def where(self) -> str:
        """Where the reader is now, for people."""

    @abstractmethod
    def text_box(self, element: etree._Element, around: Around, opened: Opened) -> None:
        """Read a text box that hangs on the paragraph."""

    # -- runs and what holds them -------------------------------------------------------

    def inline(self, element: etree._Element, around: Around, opened: Opened) -> None:
        """Everything in a paragraph, or in an element that stands in one."""
        for child in element:
            if child.tag == W + "r":
                self._run(child, around, opened)
            elif child.tag == W + "hyperlink":
                href = self._target(child) or around.href
                self.inline(child, replace(around, href=href), opened)
            elif child.tag == W + "bookmarkStart":
                opened.id = opened.id or our_id(child)
            elif child.tag == W + "fldSimple":
                outer = self.fields  # it ends with its element, whatever begins or ends in it
                self.fields = [*outer, Field(child.get(W + "instr", ""), shows=True)]
                self.inline(child, around, opened)
                self.fields = outer
            elif child.tag in _COMMENTS:
                key = "comments", child.get(W + "id", "")
                self.seen_at.setdefault(key, self.where)
            elif child.tag in _NEVER_HERE:
                raise DocumentError(f"{DAMAGED} A paragraph has another in it: {self.where}.")
            else:
                text = text_of(child, "")
                if text is not None:  # a formula has its text outside runs
                    self._emit(text, None, around, opened)
                    continue
                inside = wrapped(child, around)
                if inside is not None:
                    self.inline(*inside, opened)

    def _run(self, element: etree._Element, around: Around, opened: Opened) -> None:
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

    def _in_run(self, element: etree._Element, around: Around, opened: Opened) -> None:
        """What a run holds beside text."""
        tag = element.tag
        if tag == W + "fldChar":
            self._field_mark(element)
        elif tag == W + "instrText":
            if self.fields and not self.fields[-1].shows:
                self.fields[-1].instruction += element.text or ""
        elif tag in _NOTES or tag in _COMMENTS:
            key = _NOTES.get(tag, "comments"), element.get(W + "id", "")
            self.seen_at.setdefault(key, self.where)
        elif tag in _GRAPHICS:
            self._graphic(element, around, opened)
        elif tag == MC + "AlternateContent":
            inside = chosen(element)
            if inside is not None:
                self._run(inside, around, opened)
        elif tag not in PROPERTIES:
            self.inline(element, around, opened)

    def _field_mark(self, element: etree._Element) -> None:
        match element.get(W + "fldCharType"):
            case "begin":
                self.fields.append(Field())
            case "separate" if self.fields:
                self.fields[-1].shows = True
            case "end" if self.fields:
                self.fields.pop()
            case _:
                pass

    def _emit(
        self, text: str, properties: etree._Element | None, around: Around, opened: Opened
    ) -> None:
        """A piece of text, to where it belongs."""
        kind = next((f.kind for f in self.fields if f.kind is not Kind.KEPT), around.kind)
        if around.kind is Kind.CONTENTS:
            kind = around.kind
        character = value(properties, "rStyle") or ""
        styles, style = self.styles, opened.style
        if kind is Kind.KEPT and self.is_hidden(properties, style, character):
            kind = Kind.HIDDEN
        if kind is Kind.KEPT and character in styles.ours:
            kind = Kind.TAG if styles.ours[character] == "tag" else Kind.NUMBER
        look = Look(
            href=next((f.href for f in reversed(self.fields) if f.href), around.href),
            strong=styles.is_on(properties, character, style, "b")
            and not styles.is_on(None, "", style, "b"),
            emphasis=styles.is_on(properties, character, style, "i")
            and not styles.is_on(None, "", style, "i"),
            code=styles.is_code(character),
        )
        opened.add(kind, text, look)
        is_marked = value(properties, "highlight") not in {None, "none"}  # 17.3.2.15
        opened.highlight(text, on=kind is Kind.KEPT and is_marked)

    def is_hidden(self, properties: etree._Element | None, style: str, character: str = "") -> bool:
        """Whether text with these properties and styles is not printed."""
        return self.styles.is_on(properties, character, style, "vanish")

    def _target(self, element: etree._Element) -> str:
        """Where a link leads, outside the document; "" if it stays in it."""
        relation = self._relations.get(element.get(R + "id", ""))
        if relation is None or not relation.outside:
            return ""
        anchor = element.get(W + "anchor") or ""
        return relation.target + (f"#{anchor}" if anchor and "#" not in relation.target else "")

    # -- pictures and text boxes --------------------------------------------------------

    def _graphic(self, element: etree._Element, around: Around, opened: Opened) -> None:
        """A drawing, a picture of older files, or an embedded object."""
        shown = ""
        waiting = [element]
        is_object = element.tag == W + "object"
        if is_object:
            opened.notes.append(("something from another program that is embedded", ""))
        while waiting:
            at = waiting.pop()
            if at.tag == W + "txbxContent":
                self.text_box(at, around, opened)
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
                self.seen_at[kind, at.get(R + key, "")] = self.where
            waiting += reversed(at)
