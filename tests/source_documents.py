"""The published policies as the Word documents they may have been: made with python-docx.

Headings and lists count by themselves, as in Word; tables are tables; bold and italic words are
set so.  The texts are not the project's: they are read where they lie, and nothing is kept.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from docx import Document
from docx.document import Document as Word
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.text.paragraph import Paragraph
from tests.published_policies import SOURCES

_ITEM = re.compile(
    r"(?P<indent>\s*)(?P<dash>-\s+)?(?:☞\s*)?"
    r"(?:(?P<digits>\d{1,2})\.|(?P<roman>[ivx]+)\.|(?P<letter>[a-z])\.)?\s*(?P<words>.*)"
)
_NUMBERED_HEADING = re.compile(r"\d\d? (?P<words>[A-Z][A-Z –-].*)")
_LETTERED_HEADING = re.compile(r"[A-Z]\. (?P<words>[A-Z ]+)")
_LOOKS = re.compile(r"(\*\*[^*]+\*\*|\*[^*]+\*)")

_HEADINGS, _STEPS, _BULLETS, _ROMANS = 90, 91, 92, 93
_HEADING_NUM, _BULLET_NUM = 1001, 1002
_LISTS = {
    _HEADINGS: (("decimal", "%1", "Heading1"), ("upperLetter", "%2.", "Heading2")),
    _STEPS: (("decimal", "%1.", ""), ("lowerLetter", "%2.", ""), ("lowerRoman", "(%3)", "")),
    _BULLETS: (("bullet", "\uf0b7", ""), ("bullet", "o", ""), ("bullet", "▪", "")),
    _ROMANS: (("lowerRoman", "%1.", ""), ("bullet", "•", "")),
}


@dataclass
class SourceDocument:
    """A published policy as a Word document."""

    name: str
    content: bytes
    words: str
    """All words that were set, without the numbers that Word counts."""


def source_documents() -> Iterator[SourceDocument]:
    """All of them, in the order of their names."""
    for path in sorted(SOURCES.glob("*.txt")):
        yield _Making(path.stem).make(path.read_text("utf-8"))


@dataclass
class _Making:
    """One document while it is made."""

    name: str
    word: Word = field(default_factory=Document)
    said: list[str] = field(default_factory=list)
    _nums: int = 100
    _open: tuple[int, int] | None = None
    """The list that goes on: its abstractNum and its num."""
    _steps: int | None = None
    """The num of the numbered list under the last heading."""

    def make(self, text: str) -> SourceDocument:
        """Write every line of a policy."""
        self._declare_lists()
        rows: list[list[str]] = []
        for line in [*text.splitlines(), ""]:
            clean = re.sub(r"[\x00-\x08\x0b-\x1f\ufffd]", " ", line)
            if "\t" in clean:
                rows.append([cell.strip() for cell in clean.split("\t")])
                continue
            if rows:
                self._table(rows)
                rows = []
            if re.search(r"\w", clean):
                self._line(clean)
        moment = datetime(2026, 1, 1, tzinfo=UTC)
        self.word.core_properties.created = self.word.core_properties.modified = moment
        held = io.BytesIO()
        self.word.save(held)
        return SourceDocument(f"{self.name}.docx", held.getvalue(), " ".join(self.said))

    def _line(self, line: str) -> None:
        numbered, lettered = _NUMBERED_HEADING.fullmatch(line), _LETTERED_HEADING.fullmatch(line)
        item = _ITEM.fullmatch(line)
        if numbered or lettered:
            heading = self.word.add_paragraph(style="Heading 1" if numbered else "Heading 2")
            words = (numbered or lettered)["words"]  # type: ignore[index]
            self._number(heading, _HEADING_NUM, 0 if numbered else 1)
            self._steps = self._open = None
        elif item and (item["dash"] or item["digits"] or item["roman"]):
            words = item["words"]
            self._item(item, words)
            return
        else:
            words = line.strip()
            is_heading = len(words) < 60 and not re.search(r"[.:;,?]$", words)
            heading = self.word.add_paragraph(style="Heading 3" if is_heading else None)
            if is_heading:
                self._steps = self._open = None
        self._set(heading, words)

    def _item(self, item: re.Match[str], words: str) -> None:
        paragraph = self.word.add_paragraph(style="List Paragraph")
        if item["digits"]:
            if self._steps is None or item["digits"] == "1":
                self._steps = self._start(_STEPS)
            self._number(paragraph, self._steps, 0)
        elif item["letter"] and self._steps is not None:
            self._number(paragraph, self._steps, 1)
        elif item["roman"]:
            if self._open is None or self._open[0] != _ROMANS:
                self._open = (_ROMANS, self._start(_ROMANS))
            self._number(paragraph, self._open[1], 0)
        elif self._open is not None and self._open[0] == _ROMANS:
            self._number(paragraph, self._open[1], 1)
        else:
            self._number(paragraph, _BULLET_NUM, min(len(item["indent"]), 2))
        self._set(paragraph, words)

    def _set(self, paragraph: Paragraph, words: str) -> None:
        """Words with what is bold and italic in them."""
        for piece in _LOOKS.split(words):
            bare = piece.strip("*") if _LOOKS.fullmatch(piece) else piece
            run = paragraph.add_run(bare)
            if piece != bare:
                run.bold, run.italic = (True, None) if piece.startswith("**") else (None, True)
        self.said.append(paragraph.text)

    def _table(self, rows: list[list[str]]) -> None:
        width = max(map(len, rows))
        table = self.word.add_table(len(rows), width)
        for row, cells in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, cells, strict=False):
                cell.text = text
                self.said.append(text)
        self._steps = self._open = None

    # -- lists --------------------------------------------------------------------------

    def _declare_lists(self) -> None:
        numbering = self.word.part.numbering_part.element
        first = numbering.find(f"{{{numbering.nsmap['w']}}}num")
        for number, levels in _LISTS.items():
            inside = "".join(
                f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
                + (f'<w:pStyle w:val="{style}"/>' if style else "")
                + f'<w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/>'
                f'<w:pPr><w:ind w:left="{720 * (at + 1)}" w:hanging="360"/></w:pPr></w:lvl>'
                for at, (form, text, style) in enumerate(levels)
            )
            first.addprevious(
                parse_xml(
                    f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{number}">'
                    f'<w:multiLevelType w:val="multilevel"/>{inside}</w:abstractNum>'
                )
            )
        self._add_num(_HEADING_NUM, _HEADINGS, "")
        self._add_num(_BULLET_NUM, _BULLETS, "")

    def _start(self, of: int) -> int:
        """A list that begins anew, as Word's own does."""
        self._nums += 1
        override = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
        self._add_num(self._nums, of, override)
        return self._nums

    def _add_num(self, number: int, of: int, override: str) -> None:
        self.word.part.numbering_part.element.append(
            parse_xml(
                f'<w:num {nsdecls("w")} w:numId="{number}"><w:abstractNumId w:val="{of}"/>'
                f"{override}</w:num>"
            )
        )

    def _number(self, paragraph: Paragraph, number: int, level: int) -> None:
        inside = f'<w:ilvl w:val="{level}"/><w:numId w:val="{number}"/>'
        xml = f"<w:numPr {nsdecls('w')}>{inside}</w:numPr>"
        properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001 - python-docx has no lists
        style = properties.find(f"{{{properties.nsmap['w']}}}pStyle")
        properties.insert(0 if style is None else 1, parse_xml(xml))
