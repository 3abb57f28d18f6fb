"""A Word document (.docx) as a document from elsewhere.

Tracked changes are read as accepted, and what they take out is told.  Lists of contents, notes,
comments, headers, pictures and hidden text are told with their words.  Text boxes are carried,
after the paragraph they hang on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lxml import etree

from clausebook.docxcount import count
from clausebook.docxfiles import DocxFile, R, W
from clausebook.docxnumbers import Numbering
from clausebook.docxparagraphs import Story
from clausebook.docxstyles import Styles
from clausebook.found import DocumentError, Format, FoundDocument, LeftOut, count_words
from clausebook.foundwords import seen
from clausebook.roughlines import Rough, RoughPart, finished

_NOTES = {"footnotes": "footnote", "endnotes": "endnote", "comments": "comment"}
_SEPARATORS = frozenset({"separator", "continuationSeparator", "continuationNotice"})
_DRAWN = {"chart": "a chart", "diagramData": "a diagram"}
_PAGES = {"first": "the first page", "even": "even pages"}
_CORE = ("title", "subject", "creator", "lastModifiedBy", "created", "modified", "revision")


def read_docx(content: bytes, name: str) -> FoundDocument:
    """A Word document, from its bytes; DocumentError if it is none, or made to harm."""
    return _Document(DocxFile(content), name).read()


class _Document:
    """A Word file while it is read."""

    def __init__(self, file: DocxFile, name: str) -> None:
        self._file, self._name = file, name
        self._main = file.main()
        self._styles = Styles(self._related("styles"))
        self._left_out: list[LeftOut] = []
        self._words = 0

    def read(self) -> FoundDocument:
        """Body first, then what hangs on it."""
        root = self._file.root(self._main)
        body = root.find(W + "body") if root is not None else None
        if root is None or body is None:
            raise DocumentError(
                "This Word document has no text where it says it has. Open it in Word or "
                "LibreOffice and save it again as .docx."
            )
        numbering = Numbering(self._related("numbering"), self._styles)
        story = Story(self._styles, numbering, self._file.relations(self._main))
        rough = story.read(body)
        self._left_out += story.left_out
        self._words += count(body, self._styles)
        for kind, noun in _NOTES.items():
            for part in self._file.related(self._main, kind):
                self._notes(part, kind, noun, story)
        self._furniture(root)
        self._drawn(story)
        self._strangers(story)
        left_out = self._left_out
        parts = finished(rough, left_out)
        return FoundDocument(
            name=self._name,
            format=Format.WORD,
            parts=parts,
            left_out=tuple(left_out),
            highlighted=tuple(story.highlighted),
            words=self._words,
            properties=tuple(self._properties()),
        )

    def _related(self, kind: str) -> etree._Element | None:
        part = next(self._file.related(self._main, kind), None)
        return None if part is None else self._file.root(part)

    def _aside(self, element: etree._Element, part: str, where: str, what: str) -> None:
        """Tell what stands beside the text, with its words."""
        story = Story(self._styles, None, self._file.relations(part), where)
        text = " / ".join(_texts(story.read(element)))
        if text:
            self._left_out.append(LeftOut(where=where, what=what, text=text))
        self._left_out += story.left_out
        self._words += count(element, self._styles)

    def _notes(self, part: str, kind: str, noun: str, story: Story) -> None:
        """Footnotes, endnotes or comments."""
        root = self._file.root(part)
        number = 0
        for note in root if root is not None else ():
            if note.get(W + "type") in _SEPARATORS:
                continue
            number += 1
            at = story.seen_at.get((kind, note.get(W + "id", "")))
            where = f"{noun} {number}" + (f", at {at}" if at else "")
            author = seen(note.get(W + "author") or "")[:80]
            article = "an" if noun[0] == "e" else "a"
            self._aside(
                note, part, where, f"{article} {noun}" + (f" by {author}" if author else "")
            )

    def _furniture(self, root: etree._Element) -> None:
        """Headers and footers, each once."""
        relations = self._file.relations(self._main)
        told: set[str] = set()
        for noun in ("header", "footer"):
            for reference in root.iter(f"{W}{noun}Reference"):
                relation = relations.get(reference.get(R + "id", ""))
                if relation is None or relation.outside or relation.target in told:
                    continue
                told.add(relation.target)
                part = self._file.root(relation.target)
                if part is not None:
                    pages = _PAGES.get(reference.get(W + "type", ""), "every page")
                    self._aside(part, relation.target, f"{noun} of {pages}", f"the {noun}")

    def _drawn(self, story: Story) -> None:
        """The words of charts and diagrams."""
        for id_, relation in self._file.relations(self._main).items():
            if relation.kind not in _DRAWN or relation.outside:
                continue
            root = self._file.root(relation.target)
            texts = [] if root is None else [e.text or "" for e in root.iter("{*}t")]
            where = story.seen_at.get((relation.kind, id_), "the document")
            text = seen(" ".join(texts)).strip()
            self._left_out.append(LeftOut(where=where, what=_DRAWN[relation.kind], text=text))
            self._words += sum(map(count_words, texts))

    def _strangers(self, story: Story) -> None:
        """Programs, other documents, and what would be fetched from elsewhere."""
        if any(name.endswith("vbaproject.bin") for name in self._file.names):
            self._left_out.append(LeftOut(where="the file", what="macros, which were not run"))
        for id_, relation in self._file.relations(self._main).items():
            if relation.kind == "aFChunk":
                where = story.seen_at.get(("altChunk", id_), "the document")
                what = (
                    "another document inside this one, which was not read: open it in Word and "
                    "save it, so that Word puts its words in"
                )
                self._left_out.append(LeftOut(where=where, what=what))
            elif relation.outside and relation.kind != "hyperlink":
                target = seen(relation.target)[:200]
                what = f"something that Word would fetch from {target}: it was not fetched"
                self._left_out.append(LeftOut(where="the file", what=what))

    def _properties(self) -> Iterator[tuple[str, str]]:
        """What the file says of itself."""
        for kind, names in (("core-properties", _CORE), ("extended-properties", ("Company",))):
            for part in self._file.related("", kind):
                root = self._file.root(part)
                for name in names if root is not None else ():
                    found = root.find(f"{{*}}{name}") if root is not None else None
                    text = seen(found.text or "").strip()[:300] if found is not None else ""
                    if text:
                        yield name, text


def _texts(parts: Sequence[RoughPart]) -> Iterator[str]:
    """The bare words of paragraphs."""
    for part in parts:
        if isinstance(part, Rough):
            text = " ".join(filter(None, (part.label, seen(part.pieces.text).strip(), *part.tags)))
            if text:
                yield text
        else:
            for row in part.rows:
                for cell in row:
                    yield from _texts(cell)
