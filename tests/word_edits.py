"""A Word document of ours, edited as Word does it: runs split, changes tracked, revision marks."""

from __future__ import annotations

from copy import deepcopy
from io import BytesIO
from itertools import count
from zipfile import ZipFile

from lxml import etree
from lxml.etree import _Element as Element
from tests.word_sides import W

from clausebook.wordxml import bookmark

SPACE = "{http://www.w3.org/XML/1998/namespace}space"
COMMENTS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"
KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"


class Desk:
    """Somebody at Word with a document."""

    def __init__(
        self, data: bytes, by: str = "Ada Marsh", on: str = "2026-11-10T09:41:00Z"
    ) -> None:
        with ZipFile(BytesIO(data)) as package:
            self.parts = {name: package.read(name) for name in package.namelist()}
        self.root = etree.fromstring(self.parts["word/document.xml"])
        self.by, self.on = by, on
        self.ids = count(900_000)
        self.said: list[tuple[int, str]] = []

    def saved(self) -> bytes:
        """The document as it is now."""
        for run in self.root.iter(f"{W}r"):
            run.set(f"{W}rsidR", "00A1B2C3")
        self.parts["word/document.xml"] = etree.tostring(self.root)
        if self.said:
            self._put_comments()
        result = BytesIO()
        with ZipFile(result, "w") as package:
            for name, content in self.parts.items():
                package.writestr(name, content)
        return result.getvalue()

    # -- finding ---------------------------------------------------------------------

    def paragraph(self, clause: str) -> Element:
        """The first paragraph of a clause."""
        name = bookmark(clause)
        mark = next(e for e in self.root.iter(f"{W}bookmarkStart") if e.get(f"{W}name") == name)
        parent = mark.getparent()
        assert parent is not None
        return parent

    def _cut(self, paragraph: Element, words: str) -> list[Element]:
        """The runs of some words, each run split where they begin and end."""
        for run in list(paragraph.iter(f"{W}r")):
            for text in run.findall(f"{W}t"):
                before, found, after = (text.text or "").partition(words)
                if found:
                    pieces = [deepcopy(run) for _ in range(3)]
                    for piece, part in zip(pieces, (before, found, after), strict=True):
                        only = piece.find(f"{W}t")
                        assert only is not None
                        only.text = part
                        only.set(SPACE, "preserve")
                        run.addprevious(piece)
                    run.getparent().remove(run)  # type: ignore[union-attr]
                    return [pieces[1]]
        message = f"no '{words}' in one run"
        raise AssertionError(message)

    def _mark(self, tag: str) -> Element:
        made = etree.Element(f"{W}{tag}")
        made.set(f"{W}id", str(next(self.ids)))
        made.set(f"{W}author", self.by)
        made.set(f"{W}date", self.on)
        return made

    # -- editing ---------------------------------------------------------------------

    def replace(self, clause: str, words: str, others: str, *, tracked: bool = True) -> None:
        """Other words for some, or none."""
        (run,) = self._cut(self.paragraph(clause), words)
        new = deepcopy(run)
        text = new.find(f"{W}t")
        assert text is not None
        text.text = others
        if not tracked:
            run.getparent().replace(run, new)  # type: ignore[union-attr]
            return
        inserted = self._mark("ins")
        inserted.append(new)
        if others:
            run.addnext(inserted)
        self._delete(run)

    def _delete(self, run: Element) -> None:
        deleted = self._mark("del")
        run.addprevious(deleted)
        deleted.append(run)
        for text in run.iter(f"{W}t"):
            text.tag = f"{W}delText"
            text.set(SPACE, "preserve")

    def delete(self, clause: str) -> None:
        """A whole clause, its paragraph among it."""
        paragraph = self.paragraph(clause)
        for run in list(paragraph.iter(f"{W}r")):
            self._delete(run)
        self._mark_of(paragraph, "del")

    def _mark_of(self, paragraph: Element, tag: str) -> None:
        properties = paragraph.find(f"{W}pPr")
        assert properties is not None
        own = etree.SubElement(properties, f"{W}rPr")
        own.append(self._mark(tag))

    def add_after(self, clause: str, text: str) -> None:
        """A new paragraph of the same style after a clause."""
        before = self.paragraph(clause)
        made = etree.Element(f"{W}p")
        properties = before.find(f"{W}pPr")
        assert properties is not None
        made.append(deepcopy(properties))
        self._mark_of(made, "ins")
        inserted = self._mark("ins")
        run = etree.SubElement(inserted, f"{W}r")
        etree.SubElement(run, f"{W}t").text = text
        made.append(inserted)
        before.addnext(made)

    def comment(self, clause: str, text: str) -> None:
        """Something in the margin of a clause."""
        number = next(self.ids)
        self.said.append((number, text))
        reference = etree.Element(f"{W}r")
        etree.SubElement(reference, f"{W}commentReference").set(f"{W}id", str(number))
        self.paragraph(clause).append(reference)

    def lose_bookmarks(self, *clauses: str) -> None:
        """As programs do that know nothing of them; all, if none is named."""
        names = {bookmark(clause) for clause in clauses}
        for mark in list(self.root.iter(f"{W}bookmarkStart")):
            if not names or mark.get(f"{W}name") in names:
                mark.getparent().remove(mark)  # type: ignore[union-attr]

    def _put_comments(self) -> None:
        name = "word/comments.xml"
        if name in self.parts:
            root = etree.fromstring(self.parts[name])
        else:
            root = etree.Element(f"{W}comments")
            rels = "word/_rels/document.xml.rels"
            self.parts[rels] = self.parts[rels].replace(
                b"</Relationships>",
                f'<Relationship Id="rIdC" Type="{COMMENTS}" Target="comments.xml"/>'
                "</Relationships>".encode(),
            )
            types = "[Content_Types].xml"
            self.parts[types] = self.parts[types].replace(
                b"</Types>",
                f'<Override PartName="/{name}" ContentType="{KIND}"/></Types>'.encode(),
            )
        for number, text in self.said:
            made = etree.SubElement(root, f"{W}comment")
            made.set(f"{W}id", str(number))
            made.set(f"{W}author", self.by)
            made.set(f"{W}date", self.on)
            run = etree.SubElement(etree.SubElement(made, f"{W}p"), f"{W}r")
            etree.SubElement(run, f"{W}t").text = text
        self.parts[name] = etree.tostring(root)
