"""The two sides of a Word document with tracked changes, by the rules of the standard.

What Word makes of "accept all" and "reject all", read off the XML (ECMA-376, part 1, 17.13.5):
inserted content stays or goes, deleted content goes or stays, a paragraph whose mark goes runs
into the next one, a row goes as a whole, properties are the new or the old ones.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from io import BytesIO
from itertools import groupby
from zipfile import ZipFile

from lxml import etree
from lxml.etree import _Element as Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
NEW, OLD = "accept", "reject"
GOES = {
    NEW: {f"{W}del", f"{W}moveFrom"},
    OLD: {f"{W}ins", f"{W}moveTo"},
}
STAYS = {NEW: GOES[OLD], OLD: GOES[NEW]}

Run = tuple[str, frozenset[str], str]
"""Characters, how they look, and where they lead."""


@dataclass
class Paragraph:
    """A paragraph of one side."""

    style: str
    align: str
    runs: list[Run] = field(default_factory=list)

    def tidy(self) -> object:
        """With neighbouring runs of one look as one, for comparing."""
        merged = [
            ("".join(text for text, _, _ in group), *look)
            for look, group in groupby(self.runs, lambda run: run[1:])
        ]
        return self.style, self.align, merged


Table = list[list[object]]


class Package:
    """A Word file's parts."""

    def __init__(self, data: bytes) -> None:
        with ZipFile(BytesIO(data)) as package:
            self.parts = {name: package.read(name) for name in package.namelist()}
        self.document = self.xml("word/document.xml")
        rels = self.xml("word/_rels/document.xml.rels")
        self.targets = {rel.get("Id", ""): rel.get("Target", "") for rel in rels}

    def xml(self, name: str) -> Element:
        """A part as a tree."""
        return etree.fromstring(self.parts[name])

    def side(self, which: str) -> list[object]:
        """All that is in the text when every change is accepted, or rejected."""
        body = self.document.find(f"{W}body")
        assert body is not None
        return _blocks(body, which, self.targets)

    def footer(self, which: str) -> list[object]:
        """The same of the foot of the pages."""
        return _blocks(self.xml("word/footer.xml"), which, self.targets)

    def comments(self) -> list[tuple[str, str]]:
        """Who says what in the margin."""
        if "word/comments.xml" not in self.parts:
            return []
        return [
            (comment.get(f"{W}author", ""), "".join(map(str, comment.itertext())))
            for comment in self.xml("word/comments.xml")
        ]


def _blocks(parent: Element, which: str, targets: dict[str, str]) -> list[object]:
    found: list[object] = []
    waiting: list[Run] = []
    for child in parent:
        if child.tag == f"{W}p":
            paragraph, mark_goes = _paragraph(child, which, targets)
            paragraph.runs[:0], waiting = waiting, []
            if mark_goes:
                waiting = paragraph.runs
            else:
                found.append(paragraph.tidy())
        elif child.tag == f"{W}tbl":
            assert not waiting, "words run into a table"
            table = _table(child, which, targets)
            if table:
                found.append(table)
    assert not waiting, "words after the last paragraph"
    return found


def _table(table: Element, which: str, targets: dict[str, str]) -> Table:
    rows: Table = []
    for row in table.iterchildren(f"{W}tr"):
        properties = row.find(f"{W}trPr")
        marks = {mark.tag for mark in properties} if properties is not None else set()
        if not marks & GOES[which]:
            rows.append([_blocks(cell, which, targets) for cell in row.iterchildren(f"{W}tc")])
    return rows


def _paragraph(paragraph: Element, which: str, targets: dict[str, str]) -> tuple[Paragraph, bool]:
    properties = paragraph.find(f"{W}pPr")
    assert properties is not None
    marks = {mark.tag for mark in properties.iterfind(f"{W}rPr/*")}
    before = properties.find(f"{W}pPrChange/{W}pPr")
    shown = before if which == OLD and before is not None else properties
    made = Paragraph(_value(shown, "pStyle"), _value(shown, "jc"))
    made.runs = _runs(paragraph, which, targets, "")
    return made, bool(marks & GOES[which])


def _value(properties: Element, name: str) -> str:
    found = properties.find(f"{W}{name}")
    return "" if found is None else found.get(f"{W}val", "")


def _runs(parent: Element, which: str, targets: dict[str, str], leads: str) -> list[Run]:
    found: list[Run] = []
    for child in parent:
        if child.tag == f"{W}r":
            found += _run(child, which, leads)
        elif child.tag == f"{W}hyperlink":
            anchor, outside = child.get(f"{W}anchor"), child.get(f"{R}id")
            to = f"#{anchor}" if anchor else targets[outside or ""]
            found += _runs(child, which, targets, to)
        elif child.tag in STAYS[which]:
            found += _runs(child, which, targets, leads)
    return found


def _run(run: Element, which: str, leads: str) -> list[Run]:
    properties = run.find(f"{W}rPr")
    before = run.find(f"{W}rPr/{W}rPrChange/{W}rPr")
    shown = before if which == OLD and before is not None else properties
    look = frozenset[str]()
    if shown is not None:
        look = frozenset(
            f"{etree.QName(one).localname}={one.get(f'{W}val', '')}"
            for one in shown
            if one.tag != f"{W}rPrChange"
        )
    text = ""
    for child in run:
        if child.tag in {f"{W}t", f"{W}delText"}:
            text += child.text or ""
        elif child.tag in {f"{W}br", f"{W}tab"}:
            text += {f"{W}br": "\n", f"{W}tab": "\t"}[child.tag]
    return [(text, look, leads)] if text else []
