"""What a Word document's styles say: names, headings, lists, bold and hidden text, indents.

After ECMA-376 Part 1: styles inherit (17.7.4.3), `toggle` properties of the styles of a
paragraph and of a run cancel each other (17.7.3), and what is set on the text itself wins.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from lxml import etree

from clausebook.docxfiles import W

_MAX_CHAIN = 50
"""So many styles stand on one another at most; a circle is cut here."""

_HEADING = re.compile(
    r"(?:heading|überschrift|titre|título|titulo|titolo|kop|rubrik|overskrift|nagłówek|pennawd)"
    r"\s*([1-9])",
    re.IGNORECASE,
)
"""What Word and LibreOffice call headings. Word's own files say `heading 1` in any language."""
_TITLES = frozenset({"title", "titel", "título do documento"})
_OFF = frozenset({"0", "false", "off", "none"})
_MONOSPACED = re.compile(
    r"html code|source text|verbatim char|code|macro text|inline code", re.IGNORECASE
)
_BODY_TEXT = 9
"""The outline level that is none (17.3.1.20)."""


def value(element: etree._Element | None, path: str, attribute: str = "val") -> str | None:
    """An attribute of the first element at a path of tags, such as `pPr/ilvl`."""
    for tag in path.split("/"):
        if element is None:
            return None
        element = element.find(W + tag)
    return None if element is None else element.get(W + attribute)


def switch(properties: etree._Element | None, tag: str) -> bool | None:
    """Whether a property that is on or off is on; None if it is not there (17.17.4)."""
    found = None if properties is None else properties.find(W + tag)
    return None if found is None else (found.get(W + "val") or "1").lower() not in _OFF


def whole(text: str | None) -> int | None:
    """A whole number as these files write it; None if it is none, or absurd."""
    if text is None or not re.fullmatch(r"[+-]?[0-9]{1,9}(?:\.[0-9]{1,9})?", text):
        return None
    return int(float(text))


@dataclass(frozen=True)
class Style:
    """One style as it stands in the file."""

    id: str
    name: str
    element: etree._Element
    based_on: str | None


class Styles:
    """All styles of a document."""

    def __init__(self, root: etree._Element | None) -> None:
        """Read them from the part `styles.xml`, if there is one."""
        self._by_id: dict[str, Style] = {}
        self._default: dict[str, str] = {}
        self._defaults = None if root is None else root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
        for element in root.iterfind(W + "style") if root is not None else ():
            id_ = element.get(W + "styleId", "")
            if id_ in self._by_id:
                continue
            self._by_id[id_] = Style(
                id_, value(element, "name") or "", element, value(element, "basedOn")
            )
            if (element.get(W + "default") or "0").lower() not in _OFF:
                self._default.setdefault(element.get(W + "type", ""), id_)
        self._remembered: dict[tuple[str, str], bool] = {}

    def default(self, kind: str) -> str:
        """The ID of the style that a `paragraph` without one has."""
        return self._default.get(kind, "")

    def chain(self, id_: str) -> Iterator[Style]:
        """A style, what it is based on, and so on."""
        for _ in range(_MAX_CHAIN):
            style = self._by_id.get(id_)
            if style is None:
                return
            yield style
            id_ = style.based_on or ""

    def heading(self, id_: str) -> int:
        """The level of heading that a style makes, from 1; 0 if it makes none."""
        for style in self.chain(id_):
            level = whole(value(style.element, "pPr/outlineLvl"))
            if level is not None:
                return level + 1 if 0 <= level < _BODY_TEXT else 0
            named = _HEADING.fullmatch(style.name)
            if named:
                return int(named[1])
        return 0

    def is_title(self, id_: str) -> bool:
        """Whether it is the style of a document's title."""
        return any(style.name.lower() in _TITLES for style in self.chain(id_))

    def is_code(self, id_: str) -> bool:
        """Whether it is a style for what is typed into a computer."""
        return bool(id_) and any(_MONOSPACED.fullmatch(style.name) for style in self.chain(id_))

    def toggled(self, id_: str, tag: str) -> bool:
        """Whether a style has a property that is on or off, by itself or by inheritance."""
        key = (id_, tag)
        if key not in self._remembered:
            found = (switch(s.element.find(W + "rPr"), tag) for s in self.chain(id_))
            self._remembered[key] = next((on for on in found if on is not None), False)
        return self._remembered[key]

    def always(self, tag: str) -> bool:
        """Whether all text of the document has a property."""
        return bool(switch(self._defaults, tag))

    def is_on(self, run: etree._Element | None, character: str, paragraph: str, tag: str) -> bool:
        """Whether a run has a toggle property: its own, else what its styles come to (17.7.3)."""
        own = switch(run, tag)
        if own is not None:
            return own
        of_styles = self.toggled(character, tag) != self.toggled(paragraph, tag)
        return of_styles or self.always(tag)

    @cached_property
    def ours(self) -> dict[str, str]:
        """The styles of our own documents for what stands beside a clause: `tag`, `number`."""
        names = {"clause tag": "tag", "clause number": "number"}
        named = ((id_, style.name.lower()) for id_, style in self._by_id.items())
        return {id_: names[name] for id_, name in named if name in names}


POINT = 20
"""Twentieths of a point, in which Word measures."""


@dataclass(frozen=True)
class Indent:
    """How far a paragraph stands from the margin, in twentieths of a point; None: not said."""

    left: int | None = None
    first: int | None = None
    """Of the first line, from the left; negative where it hangs."""

    def over(self, other: Indent) -> Indent:
        """The same, and the other where this one says nothing."""
        return Indent(
            other.left if self.left is None else self.left,
            other.first if self.first is None else self.first,
        )


def indent(properties: etree._Element | None) -> Indent:
    """The indent that the properties of a paragraph say (17.3.1.12)."""
    left = value(properties, "ind", "start") or value(properties, "ind", "left")
    first, hanging = (value(properties, "ind", key) for key in ("firstLine", "hanging"))
    hangs = whole(hanging)
    return Indent(whole(left), whole(first) if hangs is None else -hangs)
