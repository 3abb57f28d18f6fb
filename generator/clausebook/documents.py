"""Any document from elsewhere: which kind of file it is, and who reads it.

What a file is called is a promise; what it begins with says what it is.  Where the two differ
the file is not read, and the message says what it is instead.
"""

from __future__ import annotations

from pathlib import Path

from clausebook.docxreader import read_docx
from clausebook.found import DocumentError, FoundDocument

MAX_FILE = 20_000_000
"""The largest file that is read, in bytes. Policies with pictures have some megabytes."""


def read_document(path: Path) -> FoundDocument:
    """The document in a file; DocumentError says why it cannot be read, and what to do."""
    return read_content(_content(path), path.name)


def read_content(content: bytes, name: str) -> FoundDocument:
    """The document in a file's bytes; its name says by its ending what it is meant to be."""
    return read_docx(content, name)


def _content(path: Path) -> bytes:
    with path.open("rb") as stream:
        content = stream.read(MAX_FILE + 1)
    if len(content) > MAX_FILE:
        raise DocumentError(f"{path.name} is larger than {MAX_FILE // 1_000_000} MB.")
    return content
