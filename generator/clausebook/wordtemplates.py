"""A school's own Word document, looked at before its styles, page and header are used."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import docx

from clausebook.docxfiles import DocxFile
from clausebook.found import DocumentError

MAX_FILE = 20_000_000
"""Bytes of the largest template: a header with a large picture has a tenth of that."""

MAX_UNPACKED = 100_000_000

_CHUNK = 1 << 16

_HARMLESS = frozenset({"hyperlink", "attachedtemplate"})
"""What may lie outside a template: links, and the template that it was made from itself, which
`wordfile` leaves behind."""


def usable(path: Path) -> bytes:
    """A document's bytes, once nothing stands in the way of using it as a template.

    Raises `DocumentError`, which says what is wrong and what to do.
    """
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_FILE + 1)
    except OSError as error:
        raise DocumentError(f"The template '{path}' cannot be read: {error.strerror}.") from error
    if len(content) > MAX_FILE:
        raise DocumentError(f"The template '{path}' is too large: {_SAVE}")
    file = DocxFile(content)
    main = file.main()
    if any("vbaproject" in name for name in file.names):
        raise DocumentError(f"The template '{path}' has macros in it: {_SAVE}")
    _measure(content, path)
    for name in sorted(file.names):
        if name.endswith((".xml", ".rels")):
            file.root(name)
    for name in sorted({main, *file.names}):
        outside = [one for one in file.relations(name).values() if one.outside]
        for one in outside:
            if one.kind.lower() not in _HARMLESS:
                raise DocumentError(
                    f"The template '{path}' fetches something from elsewhere, a {one.kind} from "
                    f"{one.target[:80]}: put it into the document itself."
                )
    try:
        docx.Document(BytesIO(content))
    except Exception as error:  # whatever python-docx makes of a damaged package
        raise DocumentError(f"The template '{path}' is no Word document: {_SAVE}") from error
    return content


_SAVE = "open it in Word and save it as a Word document (.docx)."


def _measure(content: bytes, path: Path) -> None:
    """Stop at a file that unpacks to more than any template."""
    left = MAX_UNPACKED
    with ZipFile(BytesIO(content)) as package:
        for entry in package.infolist():
            with package.open(entry) as stream:
                while piece := stream.read(_CHUNK):
                    left -= len(piece)
                    if left < 0:
                        raise DocumentError(
                            f"The template '{path}' unpacks to far more than its size: {_SAVE}"
                        )
