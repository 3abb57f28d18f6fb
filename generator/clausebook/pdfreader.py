"""A PDF as a document from elsewhere: its printed lines as paragraphs.

A PDF has places for letters, and no paragraphs, lists or headings.  Lines are read as they stand
on the page; what repeats at the top and the bottom of most pages is told once.
"""

from __future__ import annotations

import io
import logging
import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pypdf import PageObject, PdfReader

from clausebook.found import DocumentError, Format, FoundDocument, LeftOut, count_words
from clausebook.foundwords import seen
from clausebook.roughlines import RoughPart, finished
from clausebook.textlines import Line, Unfolding, blocks

MAX_PAGES = 300
MAX_SECONDS = 120
"""So long the pages may take together; long policies take a few seconds."""
MAX_CONTENT = 3_000_000
"""So many bytes of drawing a page has at most; pages full of text have about 20,000."""
MAX_STEPS = 200_000
"""So many steps drawing a page takes at most, with all that it calls upon."""
MAX_CALLS = 1_000
"""So many of those steps draw a picture or a reusable piece; pypdf passes over those after."""
MAX_CHARACTERS = 200_000
"""So many characters are on one page at most."""
_FEW = 25
"""A page with fewer letters than this has no text to speak of."""
_EDGE = 3
"""So many lines at the top and the bottom of a page can be the same on all."""
_LETTERS = ("ff", "fi", "fl", "ffi", "ffl", "st", "st")
_SPACE = 5.0
"""About how wide a blank is, in points."""
_HIDDEN_SHARE = 1.25
"""So many times more letters in other order mean that the layout has missed some."""

_LIGATURES = {
    ord(sign): letters
    for sign, letters in zip("\ufb00\ufb01\ufb02\ufb03\ufb04\ufb05\ufb06", _LETTERS, strict=True)
}
"""Letters that are drawn as one; programs that search take them for something else."""

_DAMAGED = (
    "This PDF is damaged or made in an unusual way, and its text cannot be read. Open it, print "
    "it into a new PDF and try that; or save the document it was made from as .docx."
)
_LOCKED = (
    "This PDF is protected with a password. Open it with the password and print it into a new "
    "PDF; or save the document it was made from as .docx."
)
_TOO_MUCH = (
    "Page {} of this PDF draws far more than a page of text does. Print it into a new PDF, or "
    "save the document it was made from as .docx."
)
_PICTURE = (
    "This PDF is a picture of pages: it holds no text that a program can read. Use the document "
    "it was made from, or let a text recognition program (OCR) make a PDF with text of it."
)


def read_pdf(content: bytes, name: str) -> FoundDocument:
    """A PDF, from its bytes; DocumentError if it cannot be read or has no text."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what it thinks of a file is no message
    try:
        pages, properties, left_out = _read(content)
    except DocumentError:
        raise
    except Exception as fault:  # pypdf lets errors of every kind out of damaged files
        raise DocumentError(_DAMAGED) from fault
    letters = sum(len(re.findall(r"\w", line.text)) for page in pages for line in page)
    if letters < _FEW * len(pages) / 2:
        raise DocumentError(_PICTURE)
    return _document(name, pages, properties, left_out)


Page = list[Line]


def _read(content: bytes) -> tuple[list[Page], list[tuple[str, str]], list[LeftOut]]:
    reader = PdfReader(io.BytesIO(content), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        raise DocumentError(_LOCKED)
    count = len(reader.pages)
    if count > MAX_PAGES:
        raise DocumentError(
            f"This PDF has {count:,} pages; at most {MAX_PAGES} are read. Split it, one document "
            "each."
        )
    pages: list[Page] = []
    left_out: list[LeftOut] = []
    began = time.monotonic()
    for number, page in enumerate(reader.pages, 1):
        if time.monotonic() - began > MAX_SECONDS:
            raise DocumentError(
                f"This PDF takes too long: {number - 1} of {count} pages took more than "
                f"{MAX_SECONDS} seconds. Print it into a new PDF, or split it."
            )
        pages.append(_lines(page, number))
        left_out += _beside(page, number)
    return pages, list(_properties(reader)), left_out


def _lines(page: PageObject, number: int) -> Page:
    """The lines of a page as they stand on it."""
    contents = page.get_contents()
    if contents is None:
        return []
    if len(contents.get_data()) > MAX_CONTENT:
        raise DocumentError(_TOO_MUCH.format(number))
    steps = _Steps(number)
    other = page.extract_text(visitor_operand_before=steps)
    steps.check()
    text = page.extract_text(extraction_mode="layout")
    # text in reusable pieces of a page is not in the layout
    if len(re.findall(r"\w", other)) > _HIDDEN_SHARE * len(re.findall(r"\w", text)):
        text = other
    text = _mended(text, other).translate(_LIGATURES)
    if len(text) > MAX_CHARACTERS:
        raise DocumentError(f"Page {number} of this PDF has too many letters to be a page of text.")
    lines: Page = []
    shown = 0
    for line in re.split(r"[\n\r\f\v\x85\u2028\u2029]", text):
        shown += bool(line.strip())
        lines.append(Line(f"page {number}, line {shown}", line.rstrip()))
    return lines


class _Steps:
    """Counts what a page does as it is drawn; pieces of a page can call one another again."""

    def __init__(self, page: int) -> None:
        self._page, self._done, self._calls = page, 0, 0

    def __call__(self, operator: bytes, *_: object) -> None:
        """One more step."""
        self._done += 1
        self._calls += operator == b"Do"
        self.check()

    def check(self) -> None:
        """DocumentError if there were too many; pypdf keeps some errors to itself."""
        if self._done > MAX_STEPS or self._calls > MAX_CALLS:
            raise DocumentError(_TOO_MUCH.format(self._page))


def _mended(text: str, other: str) -> str:
    """Words that were set letter by letter and came out in two, as the other reading has them."""
    whole = frozenset(re.findall(r"\w+", other))

    def mend(found: re.Match[str]) -> str:
        one, two = found[1], found[2]
        split = one not in whole or two not in whole
        return one + two if split and one + two in whole else found[0]

    return re.sub(
        r"(?<!\w)(\w+) +(?=(\w+))", lambda found: mend(found).removesuffix(found[2]), text
    )


def _beside(page: PageObject, number: int) -> Iterator[LeftOut]:
    """Pictures and links of a page."""
    resources = page.get("/Resources")
    drawn = resources.get_object().get("/XObject") if resources else None
    kinds: Counter[str] = Counter()
    for item in (drawn.get_object() if drawn else {}).values():
        kinds[str(item.get_object().get("/Subtype"))] += 1
    where = f"page {number}"
    if kinds["/Image"]:
        yield LeftOut(where=where, what="a picture", times=kinds["/Image"])
    for note in page.get("/Annots", None) or ():
        annotation = note.get_object()
        action = annotation.get("/A")
        address = action.get_object().get("/URI") if action else None
        if address:
            what = f"a link to {seen(str(address))[:200]}: its words are kept, and lead nowhere"
            yield LeftOut(where=where, what=what)
        elif annotation.get("/Subtype") in {"/Text", "/FreeText"} and annotation.get("/Contents"):
            text = seen(str(annotation["/Contents"])).strip()
            yield LeftOut(where=where, what="a comment")
            yield LeftOut(where=where, what="what the comment says", text=text)


def _properties(reader: PdfReader) -> Iterator[tuple[str, str]]:
    about = reader.metadata or {}
    for key in ("/Title", "/Author", "/Subject", "/CreationDate", "/ModDate"):
        said = about.get(key)
        text = seen(str(said)).strip()[:300] if said else ""
        if text:
            yield key[1:].lower(), text


def _document(
    name: str,
    pages: Sequence[Page],
    properties: Sequence[tuple[str, str]],
    left_out: list[LeftOut],
) -> FoundDocument:
    words = sum(count_words(line.text) for page in pages for line in page)
    words += sum(count_words(left.text) for left in left_out)
    repeated = _furniture(pages)
    told: dict[tuple[str, str], list[str]] = defaultdict(list)
    flow: list[Line] = []
    for page in pages:
        kept = [line for line in page if id(line) not in repeated]
        for line in page:
            if id(line) in repeated:
                told[repeated[id(line)]].append(line.text)
        flow += [*_trimmed(kept), Line("", "")]
    for (edge, _), texts in sorted(told.items()):
        for text, times in Counter(map(_shape, texts)).items():
            shown = next(line for line in texts if _shape(line) == text)
            left_out.append(
                LeftOut(
                    where=f"the {edge} of pages",
                    what="a line that repeats from page to page",
                    text=seen(shown).strip(),
                    times=times,
                )
            )
    unfolding = Unfolding(_joined_pages(flow), _SPACE)
    rough: list[RoughPart] = []
    for block in blocks(unfolding.lines):
        rough += unfolding.paragraphs(block)
    return FoundDocument(
        name=name,
        format=Format.PDF,
        parts=finished(rough, left_out),
        left_out=tuple(left_out),
        words=words - unfolding.joined,
        properties=tuple(properties),
    )


def _trimmed(lines: Page) -> Page:
    """A page without the empty lines at its ends."""
    shown = [number for number, line in enumerate(lines) if line.text.strip()]
    return lines[shown[0] : shown[-1] + 1] if shown else []


def _joined_pages(flow: Sequence[Line]) -> list[Line]:
    """Pages without the gap between them where a sentence goes on over it."""
    result: list[Line] = []
    unfolding = Unfolding(flow, _SPACE)
    for number, line in enumerate(flow):
        is_gap = not line.text and not line.where and result and number + 1 < len(flow)
        if is_gap:
            after = flow[number + 1]
            goes_on = (
                after.text.strip()[:1].islower()
                and result[-1].text.strip()
                and unfolding.goes_on(result[-1], after)
            )
            if goes_on:
                continue
        result.append(line)
    return result


def _shape(text: str) -> str:
    """A line in which all numbers are the same."""
    return re.sub(r"[0-9]+", "0", " ".join(text.split())).lower()


@dataclass(frozen=True)
class _Edge:
    """Lines at the top or the bottom of a page, the outermost first."""

    name: str
    lines: tuple[Line, ...]


def _edges(page: Page) -> tuple[_Edge, _Edge]:
    shown = [line for line in page if line.text.strip()]
    many = min(_EDGE, len(shown) // 3)
    return (
        _Edge("top", tuple(shown[:many])),
        _Edge("bottom", tuple(reversed(shown[len(shown) - many :]))),
    )


def _furniture(pages: Sequence[Page]) -> dict[int, tuple[str, str]]:
    """The lines that are on most pages, and on which edge."""
    if len(pages) < 2:  # noqa: PLR2004 - a single page repeats nothing
        return {}
    seen_on: Counter[tuple[str, str]] = Counter()
    edges = [edge for page in pages for edge in _edges(page)]
    for edge in edges:
        seen_on.update({(edge.name, _shape(line.text)) for line in edge.lines})
    most = max(2, len(pages) // 2 + 1)
    found: dict[int, tuple[str, str]] = {}
    for edge in edges:
        for line in edge.lines:
            key = edge.name, _shape(line.text)
            if seen_on[key] < most:
                break  # what stands further in belongs to the text
            found[id(line)] = key
    return found
