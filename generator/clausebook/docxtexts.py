"""The text of a Word file, element by element: what a run's children are as characters.

The reader and the count of words share this and nothing else: both must take `w:sym` for the
same character.
"""

from __future__ import annotations

from lxml import etree

from clausebook.docxfiles import W
from clausebook.docxsymbols import readable, symbol

MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"

TEXTS = frozenset({W + "t", W + "delText", M + "t"})
_SIGNS = {
    W + "tab": "\t",
    W + "ptab": "\t",
    W + "br": "\n",
    W + "cr": "\n",
    W + "noBreakHyphen": "-",
}


def font_of(properties: etree._Element | None) -> str:
    """The font of a run, as far as the run itself says it."""
    fonts = None if properties is None else properties.find(W + "rFonts")
    return "" if fonts is None else fonts.get(W + "ascii") or fonts.get(W + "hAnsi") or ""


def text_of(element: etree._Element, font: str) -> str | None:
    """The characters that a child of a run is; None if it is none."""
    tag = element.tag
    if tag in TEXTS:
        return readable((element.text or "").replace("\n", " ").replace("\r", " "), font)
    if tag == W + "sym":
        return symbol(element.get(W + "font") or "", element.get(W + "char") or "")
    return _SIGNS.get(tag)


def chosen(element: etree._Element) -> etree._Element | None:
    """Of a choice that is for newer and older programs (ECMA-376 Part 3), the newer."""
    for tag in (MC + "Choice", MC + "Fallback"):
        found = element.find(tag)
        if found is not None:
            return found
    return None


_LISTS = ("TOC", "INDEX", "TOA", "TOF")


def is_contents(instruction: str) -> bool:
    """Whether a field makes a list of contents or an index, which is made anew anyway."""
    return instruction.strip().upper().startswith(_LISTS)


def is_contents_control(element: etree._Element) -> bool:
    """Whether a content control holds the list of contents."""
    gallery = element.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
    return gallery is not None and gallery.get(W + "val") == "Table of Contents"


def is_deleted_row(element: etree._Element) -> bool:
    """Whether a tracked change takes a row of a table out."""
    return element.find(f"{W}trPr/{W}del") is not None


def is_joined(paragraph: etree._Element) -> bool:
    """Whether a tracked change takes the end of a paragraph out, and joins it with the next."""
    mark = paragraph.find(f"{W}pPr/{W}rPr")
    return mark is not None and any(mark.find(W + tag) is not None for tag in ("del", "moveFrom"))
