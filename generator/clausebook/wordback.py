"""A Word document of ours that came back: what every clause said before, and says now.

Clauses are known by their bookmarks, which Word and LibreOffice keep.  A document that shows our
own changes is read as if those had been accepted: what came back is what others did to it.
Tracked changes are those of ECMA-376, part 1, 17.13.5; comments, of 17.13.4.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from lxml.etree import _Element as Element

from clausebook.backwords import Bit
from clausebook.docxfiles import DocxFile, R, W
from clausebook.found import DocumentError, spaced
from clausebook.source import INVISIBLE
from clausebook.wordshapes import PLAIN, Face

_GONE_NEW = {f"{W}del", f"{W}moveFrom"}
_GONE_OLD = {f"{W}ins", f"{W}moveTo"}
_WHAT = {"ins": "added", "del": "deleted", "moveFrom": "moved away", "moveTo": "moved here"}


@dataclass(frozen=True)
class BackLine:
    """A paragraph on one side."""

    style: str
    """The name of its style, in small letters, without the level."""
    level: int
    """Of its style: of a list item that is a clause; 0 for what is none."""
    bits: tuple[Bit, ...]

    @property
    def text(self) -> str:
        """Its characters."""
        return "".join(bit.text for bit in self.bits)

    @property
    def own(self) -> tuple[Bit, ...]:
        """Without the number, and without what we say of a clause beside its words.

        How a heading looks together with its number is its style, and no emphasis: LibreOffice
        writes it into the heading after the contents.
        """
        look = self._look
        own = (bit for bit in self.bits if bit.style not in _ASIDE)
        return tuple(replace(bit, face=bit.face - look) for bit in own)

    @property
    def _look(self) -> Face:
        if not self.style.startswith("heading") or not self.bits or self.bits[0].style != _NUMBER:
            return PLAIN
        said = (bit.face for bit in self.bits if bit.text.strip())
        return self.bits[0].face.intersection(*said)


@dataclass(frozen=True)
class BackTable:
    """A table on one side: rows of cells."""

    rows: tuple[tuple[tuple[Bit, ...], ...], ...]

    @property
    def text(self) -> str:
        """Its characters."""
        return "\n".join(bit.text for row in self.rows for cell in row for bit in cell)


_NUMBER = "clause number"
_ASIDE = (_NUMBER, "clause tag")

BackPart = BackLine | BackTable


@dataclass(frozen=True)
class Edit:
    """One tracked change."""

    what: str
    """`added`, `deleted`, `moved here`, `moved away` or `formatted`."""
    text: str
    by: str
    on: str
    """The day, as `2026-11-21`; "" if the document does not say."""


@dataclass(frozen=True)
class Said:
    """A comment."""

    by: str
    text: str


@dataclass
class Place:
    """All that the document has of one clause, or of what stands before the first one."""

    before: list[BackPart] = field(default_factory=list)
    after: list[BackPart] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)
    comments: list[Said] = field(default_factory=list)


@dataclass(frozen=True)
class Back:
    """A document that came back."""

    fingerprint: str
    """Of the text that was sent out; "" if the document does not say it any more."""
    places: Mapping[str, Place]
    """By bookmark, in reading order; "" is what stands before the first."""


_FINGERPRINT = re.compile(r"Fingerprint of this text: ([a-z]{4}-[a-z]{4})")
_LEVEL = re.compile(r"(.*?)(?: level ([1-3]))?")


def read_back(content: bytes) -> Back:
    """Read a Word document; `DocumentError` if it is none, or one that is not safe to read."""
    file = DocxFile(content)
    main = file.main()
    root = file.root(main)
    body = root.find(f"{W}body") if root is not None else None
    if body is None:
        raise DocumentError("This Word document has no text.")
    return _Reader(file, main, body).back()


class _Reader:
    """One document being read."""

    def __init__(self, file: DocxFile, main: str, body: Element) -> None:
        self.body = body
        self.links = {k: rel.target for k, rel in file.relations(main).items() if rel.outside}
        self.styles = _style_names(file, main)
        self.comments = dict(_comments(file, main))
        self.places: defaultdict[str, Place] = defaultdict(Place)

    def back(self) -> Back:
        for side in ("before", "after"):
            for place, part in self._side(side):
                getattr(self.places[place], side).append(part)
        self._gather()
        texts = (part.text for place in self.places.values() for part in place.after)
        found = _FINGERPRINT.search("\n".join(texts))
        return Back(found[1] if found else "", dict(self.places))

    # -- sides -----------------------------------------------------------------------

    def _goes(self, mark: Element, side: str) -> bool:
        """Whether what a change marks is not there on a side; our own are accepted on both."""
        new = side == "after" or _is_ours(mark)
        return mark.tag in (_GONE_NEW if new else _GONE_OLD)

    def _side(self, side: str) -> Iterator[tuple[str, BackPart]]:
        place, waiting, named = "", [], ""
        bits: list[Bit]
        for block in self.body.iter(f"{W}p", f"{W}tbl", f"{W}bookmarkStart"):
            if block.tag == f"{W}bookmarkStart":
                named = named or (_name(block) if block.getparent() is self.body else "")
                continue
            if any(up.tag == f"{W}tbl" for up in block.iterancestors()):
                continue
            if block.tag == f"{W}tbl":
                table = self._table(block, side)
                if table.rows:
                    yield place, table
                continue
            bits = self._bits(block, side)
            goes = any(self._goes(mark, side) for mark in block.iterfind(f"{W}pPr/{W}rPr/*"))
            if goes and not bits:
                continue
            named = named or next(filter(None, map(_name, block.iter(f"{W}bookmarkStart"))), "")
            waiting += bits
            if goes:
                continue  # it runs into the next one
            place, named = named or place, ""
            yield place, BackLine(*self._style(block), tuple(waiting))
            waiting = []

    def _table(self, table: Element, side: str) -> BackTable:
        rows = []
        for row in table.iterchildren(f"{W}tr"):
            if any(self._goes(mark, side) for mark in row.iterfind(f"{W}trPr/*")):
                continue
            cells = tuple(self._cell(cell, side) for cell in row.iterchildren(f"{W}tc"))
            rows += [cells] if cells else []
        return BackTable(tuple(rows))

    def _cell(self, cell: Element, side: str) -> tuple[Bit, ...]:
        lines = [self._bits(line, side) for line in cell.iterchildren(f"{W}p")]
        parted = ([*([Bit("\n")] if at else []), *line] for at, line in enumerate(lines))
        return tuple(bit for line in parted for bit in line)

    def _style(self, paragraph: Element) -> tuple[str, int]:
        found = paragraph.find(f"{W}pPr/{W}pStyle")
        key = found.get(f"{W}val", "") if found is not None else ""
        found_level = _LEVEL.fullmatch(self.styles.get(key, ""))
        assert found_level is not None  # noqa: S101 - it takes any text
        return found_level[1], int(found_level[2] or 0)

    def _bits(self, element: Element, side: str, leads: str = "") -> list[Bit]:
        found: list[Bit] = []
        for child in element:
            if child.tag == f"{W}r":
                found += self._run(child, side, leads)
            elif child.tag == f"{W}hyperlink":
                anchor = child.get(f"{W}anchor")
                to = f"#{anchor}" if anchor else self.links.get(child.get(f"{R}id", ""), "")
                found += self._bits(child, side, to)
            elif child.tag in _GONE_NEW | _GONE_OLD:
                found += [] if self._goes(child, side) else self._bits(child, side, leads)
            elif child.tag in {f"{W}smartTag", f"{W}sdt", f"{W}sdtContent", f"{W}fldSimple"}:
                found += self._bits(child, side, leads)
        return found

    def _run(self, run: Element, side: str, leads: str) -> Iterator[Bit]:
        properties = run.find(f"{W}rPr")
        old = run.find(f"{W}rPr/{W}rPrChange")
        if side == "before" and old is not None and not _is_ours(old):
            properties = old.find(f"{W}rPr")
        text = "".join(_characters(child) for child in run)
        if text:
            key = properties.find(f"{W}rStyle") if properties is not None else None
            style = self.styles.get(key.get(f"{W}val", ""), "") if key is not None else ""
            yield Bit(text, _face(properties, style), leads, style)

    # -- changes and comments ------------------------------------------------------------

    def _gather(self) -> None:
        """Who changed what, and who said what, clause by clause."""
        place = ""
        for element in self.body.iter():
            if element.tag == f"{W}bookmarkStart":
                place = _name(element) or place
            elif element.tag == f"{W}commentReference":
                said = self.comments.get(element.get(f"{W}id", ""))
                if said:
                    self.places[place].comments.append(said)
            elif element.tag in _GONE_NEW | _GONE_OLD and not _is_ours(element):
                text = "".join(_characters(child) for child in element.iter())
                if text.strip():
                    what = _WHAT[str(element.tag).removeprefix(W)]
                    self.places[place].edits.append(_edit(element, what, text))
            elif element.tag == f"{W}rPrChange" and not _is_ours(element):
                run = element.getparent()
                run = run.getparent() if run is not None else None
                text = "".join(_characters(child) for child in run) if run is not None else ""
                if text.strip():
                    self.places[place].edits.append(_edit(element, "formatted", text))


def _edit(element: Element, what: str, text: str) -> Edit:
    day = element.get(f"{W}date", "")[:10]
    on = day if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", day) else ""
    return Edit(what, text, element.get(f"{W}author", "").strip() or "somebody", on)


def _is_ours(mark: Element) -> bool:
    """Whether a change or a comment is one that we wrote: they are dated to the day alone.

    Word and LibreOffice note the minute.
    """
    return bool(re.search(r"T00:00:00(?:\.0+)?Z?$", mark.get(f"{W}date", "")))


def _name(bookmark: Element) -> str:
    name = bookmark.get(f"{W}name", "").lower()
    return name if name.startswith("cb_") else ""


def _style_names(file: DocxFile, main: str) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for part in file.related(main, "styles"):
        root = file.root(part)
        for style in root.iter(f"{W}style") if root is not None else ():
            name = style.find(f"{W}name")
            if name is not None:
                found[style.get(f"{W}styleId", "")] = name.get(f"{W}val", "").lower()
    return found


def _comments(file: DocxFile, main: str) -> Iterator[tuple[str, Said]]:
    for part in file.related(main, "comments"):
        root = file.root(part)
        for comment in root.iter(f"{W}comment") if root is not None else ():
            lines = ("".join(map(_characters, p.iter())) for p in comment.iter(f"{W}p"))
            text = " ".join(" ".join(lines).split())
            if text and not _is_ours(comment):
                by = comment.get(f"{W}author", "").strip() or "somebody"
                yield comment.get(f"{W}id", ""), Said(by, text)


def _characters(element: Element) -> str:
    if element.tag in {f"{W}t", f"{W}delText"}:
        return INVISIBLE.sub("", spaced(element.text or ""))
    if element.tag in {f"{W}br", f"{W}cr"}:
        return "\n"
    signs = {f"{W}tab": "\t", f"{W}noBreakHyphen": "‑"}
    return signs.get(str(element.tag), "")


def _face(properties: Element | None, style: str) -> Face:
    found = {"code"} if style == "code" else set[str]()
    for tag, face in (("b", "strong"), ("i", "stress")):
        mark = properties.find(f"{W}{tag}") if properties is not None else None
        if mark is not None and mark.get(f"{W}val", "1") not in {"0", "false", "off"}:
            found.add(face)
    return frozenset(found)
