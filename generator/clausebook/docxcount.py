"""How many words a Word file holds, counted on its raw XML by a walk of its own.

Nothing here knows paragraphs, numbers or tables: it goes through the elements in order and
collects text until the paragraph that it stands in ends.  What the reader carries and what it
leaves out must come to the same number.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

from clausebook.docxfiles import W
from clausebook.docxstyles import Styles, value
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
from clausebook.found import count_words

_TAKEN_OUT = frozenset({W + "del", W + "moveFrom"})
_NO_TEXT = frozenset({W + "pPr", W + "sdtPr", W + "tblPr", W + "trPr", W + "tcPr", W + "sectPr"})

_Groups = list[tuple[str, list[str]]]


@dataclass
class _Stream:
    """Paragraphs, one after the other; a text box has its own."""

    texts: _Groups | None = None
    """The texts of the paragraph, in rows of one kind."""
    goes_on: _Groups | None = None
    """The same of a paragraph that is joined with the next."""
    style: str = ""
    fields: list[list[str]] = field(default_factory=list)
    """Of every field that is open: its instruction, and `shown` once that is over."""
    outer: list[list[list[str]]] = field(default_factory=list)
    """For every simple field that is open, the fields that it stands in."""


def count(root: etree._Element, styles: Styles) -> int:
    """How many words are in an element and all that is in it.

    Printed text of a paragraph is one text, whatever stands between its pieces; every other
    piece, such as deleted words, is one of its own.
    """
    walk = _Walk(styles)
    waiting: list[tuple[etree._Element, bool]] = [(root, False)]
    while waiting:
        element, is_over = waiting.pop()
        if is_over:
            walk.leave(element)
        elif element.tag not in _NO_TEXT:
            walk.enter(element)
            waiting.append((element, True))
            inside = chosen(element) if element.tag == MC + "AlternateContent" else None
            children = [inside] if inside is not None else list(element)
            waiting += ((child, False) for child in reversed(children))
    return walk.drawn + sum(map(_words, walk.paragraphs))


class _Walk:
    """How far the walk has come."""

    def __init__(self, styles: Styles) -> None:
        self._styles = styles
        self._streams = [_Stream()]
        self._taken_out: list[etree._Element] = []
        self.paragraphs: list[_Groups] = []
        self.drawn = 0
        """How many words are in letters drawn as pictures."""

    def enter(self, element: etree._Element) -> None:
        """The next element begins."""
        tag, here = element.tag, self._streams[-1]
        if _takes_out(element):
            self._taken_out.append(element)
        if tag == W + "txbxContent":
            self._streams.append(_Stream())
        elif tag == W + "p":
            here.texts = here.goes_on
            if here.texts is None:
                here.texts = []
                self.paragraphs.append(here.texts)
            here.style = value(element, "pPr/pStyle") or self._styles.default("paragraph")
        elif tag == W + "tbl":
            here.goes_on = None
        elif tag in {W + "fldSimple", W + "fldChar", W + "instrText"}:
            _field_mark(element, here)
        elif etree.QName(tag).localname == "textpath":
            self.drawn += count_words(element.get("string") or "")
        text = _text(element)
        if text is not None and here.texts is not None:
            kind = self._kind(element, here)
            if not here.texts or here.texts[-1][0] != kind:
                here.texts.append((kind, []))
            here.texts[-1][1].append(text)

    def leave(self, element: etree._Element) -> None:
        """An element ends."""
        tag, here = element.tag, self._streams[-1]
        if self._taken_out and self._taken_out[-1] is element:
            self._taken_out.pop()
        if tag == W + "txbxContent":
            self._streams.pop()
        elif tag == W + "p":
            here.goes_on = here.texts if is_joined(element) else None
            here.texts = None
        elif tag == W + "fldSimple":
            here.fields = here.outer.pop()
        elif tag not in _IN_A_ROW:
            here.goes_on = None

    def _kind(self, element: etree._Element, here: _Stream) -> str:
        """What a text is besides printed; "" if it is that."""
        if any(outer.tag == W + "sdt" for outer in self._taken_out):
            return "contents"
        for instruction, *shown in here.fields:
            if not shown:
                return "instruction"
            if is_contents(instruction):
                return "contents"
        if self._taken_out:
            return str(self._taken_out[0].tag)
        if element.tag == W + "delText":
            return W + "del"
        run = element.getparent()
        properties = run.find(W + "rPr") if run is not None and run.tag == W + "r" else None
        character = value(properties, "rStyle") or ""
        if self._styles.is_on(properties, character, here.style, "vanish"):
            return "hidden"
        return self._styles.ours.get(character, "")


def _takes_out(element: etree._Element) -> bool:
    """Whether what is in an element is not printed."""
    if element.tag == W + "sdt":
        return is_contents_control(element)
    return element.tag in _TAKEN_OUT or (element.tag == W + "tr" and is_deleted_row(element))


_IN_A_ROW = frozenset({W + "bookmarkStart", W + "bookmarkEnd", W + "proofErr"})
"""What can stand between two paragraphs that are joined."""


def _field_mark(element: etree._Element, here: _Stream) -> None:
    """What an element says of the fields that are open."""
    fields = here.fields
    if element.tag == W + "fldSimple":  # it ends with its element, whatever begins or ends in it
        here.outer.append(fields)
        here.fields = [*fields, [element.get(W + "instr", ""), "shown"]]
    elif element.tag == W + "instrText":
        if fields and len(fields[-1]) == 1:
            fields[-1][0] += element.text or ""
    elif element.get(W + "fldCharType") == "begin":
        fields.append([""])
    elif fields and element.get(W + "fldCharType") == "separate":
        fields[-1].append("shown")
    elif fields and element.get(W + "fldCharType") == "end":
        fields.pop()


def _text(element: etree._Element) -> str | None:
    run = element.getparent()
    while run is not None and run.tag not in {W + "r", W + "p"}:
        run = run.getparent()
    in_run = run is not None and run.tag == W + "r"
    return text_of(element, font_of(run.find(W + "rPr")) if in_run and run is not None else "")


def _words(paragraph: _Groups) -> int:
    """How many words a paragraph holds."""
    printed = "".join(text for kind, texts in paragraph if not kind for text in texts)
    others = (count_words("".join(texts)) for kind, texts in paragraph if kind)
    return count_words(printed) + sum(others)
