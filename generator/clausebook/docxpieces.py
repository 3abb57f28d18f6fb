"""A paragraph of a Word file while it is read, and what its elements stand in.

Its text comes piece by piece, each of a kind: what is printed, and what is not and is told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from enum import StrEnum

from lxml import etree

from clausebook.docxfiles import W
from clausebook.docxtexts import MC, chosen, is_contents, is_contents_control
from clausebook.foundwords import Look, Pieces
from clausebook.roughlines import RoughPart

_OUR_MARK = re.compile(r"cb_([a-z0-9]+(?:_[a-z0-9]+)*)")
"""The bookmarks of our own documents: `cb_sm_17` is the clause `sm-17`."""
_ADDRESS = re.compile(r'\s*HYPERLINK\s+(?:"([^"]*)"|([^\s"\\]+))', re.IGNORECASE)


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
class Field:
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
class Opened:
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
    highlighted: list[str] = field(default_factory=list)
    """Stretches that somebody has marked with a colour."""
    in_highlight: bool = False
    """Whether the last piece was marked so."""

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

    def highlight(self, text: str, *, on: bool) -> None:
        """Note whether the piece that was added is marked with a colour."""
        if on and self.in_highlight:
            self.highlighted[-1] += text
        elif on:
            self.highlighted.append(text)
        self.in_highlight = on

    @property
    def is_blank(self) -> bool:
        """Whether nothing of it is printed."""
        return not self.pieces.text.strip()


# -- elements that hold others ---------------------------------------------------------

_CHANGES = {
    W + "del": Kind.DELETED,
    W + "moveFrom": Kind.MOVED,
}

PROPERTIES = frozenset(
    W + tag
    for tag in [
        "pPr", "rPr", "sdtPr", "sdtEndPr", "tblPr", "trPr", "tcPr", "sectPr", "tblGrid",
        "tblPrEx", "customXmlPr", "smartTagPr", "ffData", "fldData", "rubyPr", "fieldMapData",
    ]
)  # fmt: skip
"""What says how things look, and has no text."""


def wrapped(element: etree._Element, around: Around) -> tuple[etree._Element, Around] | None:
    """What an element that only wraps others has in it; None if it is for nobody to read."""
    if element.tag in PROPERTIES:
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


def our_id(bookmark: etree._Element) -> str:
    """The clause that a bookmark of our own documents is; "" for any other bookmark."""
    found = _OUR_MARK.fullmatch(bookmark.get(W + "name", ""))
    return found[1].replace("_", "-") if found else ""
