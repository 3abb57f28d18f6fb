"""PDFs as those read them who cannot see them: tags, words in their order, bookmarks, links."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pypdf import PdfReader
from pypdf.generic import Destination, IndirectObject


def tags(reader: PdfReader) -> Iterator[Any]:
    """Every element of the structure tree, parents first, as a dictionary of PDF names."""
    waiting: list[Any] = [reader.root_object["/StructTreeRoot"]]
    while waiting:
        element = waiting.pop()
        if isinstance(element, IndirectObject):
            element = element.get_object()
        if not isinstance(element, dict):
            continue  # the number of a piece of a page
        if "/S" in element:
            yield element
        inside = element.get("/K", [])
        waiting += reversed(inside if isinstance(inside, list) else [inside])


def roles(reader: PdfReader) -> Counter[str]:
    """How often there is an element of each role."""
    return Counter(element["/S"] for element in tags(reader))


def squeezed(text: str) -> str:
    """Words without the spaces and line ends between them, and without ligatures."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def said(path: Path, *furniture: str) -> str:
    """All that a PDF says, in the order of its content, without what repeats on every page."""
    repeated = [squeezed(words) for words in furniture]
    pages: list[str] = []
    for page in PdfReader(path).pages:
        words = squeezed(page.extract_text())
        words = re.sub(r"Page\d+of\d+$", "", words)
        if pages:
            for one in repeated:
                words = words.removeprefix(one)
        for one in repeated:
            words = words.removesuffix(one)
        pages.append(words)
    return "".join(pages)


def bookmarks(reader: PdfReader) -> list[tuple[str, int]]:
    """What the outline names, in its order, and on which page it is, counted from 0."""
    found: list[tuple[str, int]] = []

    def take(entries: Sequence[Any]) -> None:
        for entry in entries:
            if isinstance(entry, list):
                take(entry)
            else:
                assert isinstance(entry, Destination)
                page = reader.get_destination_page_number(entry)
                assert page is not None
                found.append((str(entry.title), page))

    take(reader.outline)
    return found


def links(reader: PdfReader) -> tuple[list[str], list[str]]:
    """Where a document's links lead: to places in it by their names, and out into the world."""
    inside: list[str] = []
    outside: list[str] = []
    for page in reader.pages:
        for reference in page.get("/Annots", []):
            note = reference.get_object()
            if note["/Subtype"] != "/Link":
                continue
            if "/A" in note:
                outside.append(str(note["/A"]["/URI"]))
            else:
                inside.append(str(note["/Dest"]))
    return inside, outside
