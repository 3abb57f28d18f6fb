"""A school's own Word document, looked at before its styles, page and header are used."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import docx

from clausebook.documents import read_word
from clausebook.docxfiles import DocxFile
from clausebook.found import DocumentError

MAX_UNPACKED = 100_000_000

_HARMLESS = frozenset({"hyperlink", "attachedtemplate"})
"""What may lie outside a template: links, and the template that it was made from itself, which
`wordfile` leaves behind."""


def usable(path: Path) -> bytes:
    """A document's bytes, once nothing stands in the way of using it as a template.

    Raises `DocumentError`, which says what is wrong and what to do.
    """
    return read_word(path, _looked_at)


def _looked_at(content: bytes) -> bytes:
    file = DocxFile(content)
    file.main()
    if any("vbaproject" in name for name in file.names):
        raise DocumentError(f"It has macros in it: {_SAVE}")
    left = MAX_UNPACKED
    for name in sorted(file.names):
        left -= len(file.content(name))
        if left < 0:
            raise DocumentError(f"It unpacks to far more than its size: {_SAVE}")
        if name.endswith((".xml", ".rels")):
            file.root(name)
    for name in sorted(file.names):
        for one in file.relations(name).values():
            if one.outside and one.kind.lower() not in _HARMLESS:
                raise DocumentError(
                    f"It fetches something from elsewhere, a {one.kind} from {one.target[:80]}: "
                    "put it into the document itself."
                )
    try:
        docx.Document(BytesIO(content))
    except Exception as error:  # whatever python-docx makes of a damaged package
        raise DocumentError(f"It is no Word document: {_SAVE}") from error
    return content


_SAVE = "open it in Word and save it as a Word document (.docx)."
