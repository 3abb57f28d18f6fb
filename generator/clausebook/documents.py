"""Any document from elsewhere: which kind of file it is, and who reads it.

What a file begins with says what it is; its ending tells apart only the kinds of text.  A file
that nothing here can read is named for what it is, with what to do about it.
"""

from __future__ import annotations

import io
import re
import stat
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from clausebook.docxfiles import ZIP_FAULTS
from clausebook.docxreader import read_docx
from clausebook.found import DocumentError, FoundDocument
from clausebook.htmlreader import read_html
from clausebook.markdownreader import read_markdown
from clausebook.pdfreader import read_pdf
from clausebook.readabletext import declared_encoding, readable_text
from clausebook.textreader import read_text

MAX_FILE = 20_000_000
"""The largest file that is read, in bytes. Policies with pictures have some megabytes."""
MAX_TEXT = 5_000_000
"""The largest file of text. The longest policies have under 200 KB."""

READ = ".docx, .md, .txt, .html and .pdf"
_AS_DOCX = "save it as a Word document (.docx)"
_MARKDOWN = frozenset({".md", ".markdown", ".mdown"})
_TEXT = frozenset({".txt", ".text", ""})
_HTML = frozenset({".html", ".htm", ".xhtml"})
_LOOKS_LIKE_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}>\s*)?<(?:!doctype\s+html|html)[\s>]", re.IGNORECASE
)

_BY_BEGINNING = (
    (b"{\\rtf", "an RTF document", f"Open it in Word or LibreOffice and {_AS_DOCX}."),
    (b"\x89PNG", "a picture", "Policies are read from text: use the document itself."),
    (b"\xff\xd8\xff", "a picture", "Policies are read from text: use the document itself."),
    (b"GIF8", "a picture", "Policies are read from text: use the document itself."),
    (b"MIME-Version:", "a web archive", "In Word, save it as “Web page, filtered” or as .docx."),
    (b"From: <Saved by", "a web archive", "Open it in a browser and save it as .html."),
    (b"\x1f\x8b", "a packed file", "Unpack it first."),
    (b"7z\xbc\xaf", "a packed file", "Unpack it first."),
    (b"Rar!", "a packed file", "Unpack it first."),
    (b"bplist", "a web archive of Safari", "Open it in a browser and save it as .html."),
)
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BY_CONTENT_OF_ZIP = (
    ("content.xml", "an OpenDocument file", f"Open it in LibreOffice and {_AS_DOCX}."),
    ("index/document.iwa", "a Pages document", "In Pages, choose File, Export To, Word."),
    ("index.zip", "a Pages document", "In Pages, choose File, Export To, Word."),
    ("xl/workbook.xml", "an Excel workbook", "Copy the policy into Word and save it as .docx."),
    ("ppt/presentation.xml", "a PowerPoint presentation", "Copy the policy into Word."),
    ("meta-inf/container.xml", "an e-book", "Use the document that it was made from."),
)


def read_document(path: Path) -> FoundDocument:
    """The document in a file; DocumentError says why it cannot be read, and what to do."""
    return read_content(_content(path), path.name)


def read_content(content: bytes, name: str) -> FoundDocument:
    """The same from the file's bytes and its name."""
    with _naming(name):
        return _read(content, name)


Made = TypeVar("Made")


def read_word(path: Path, read: Callable[[bytes], Made]) -> Made:
    """What `read` makes of a file that can be nothing but a Word document.

    DocumentError says why it cannot be read; what `read` says of it is told with its name.
    """
    content = _content(path)
    with _naming(path.name):
        _refuse(content)
        if not _is_word(content):
            raise DocumentError(
                f"It is no Word document. Open it in the program that made it and {_AS_DOCX}."
            )
        return read(content)


@contextmanager
def _naming(name: str) -> Iterator[None]:
    """What is said of a document is said with its name."""
    try:
        yield
    except DocumentError as error:
        raise DocumentError(f"{name} cannot be read. {error}") from error


def _is_word(content: bytes) -> bool:
    """Whether it is a Word document; DocumentError if it is a zip of another program."""
    if not content.startswith(_ZIP):
        return False
    _refuse_zip(content)
    return True


def _read(content: bytes, name: str) -> FoundDocument:
    _refuse(content)
    ending = Path(name).suffix.lower()
    if _is_word(content):
        return read_docx(content, name)
    if b"%PDF-" in content[:1024]:
        return read_pdf(content, name)
    if ending in {".docx", ".docm", ".dotx", ".doc", ".pdf"} and not _LOOKS_LIKE_HTML.match(
        content
    ):
        raise DocumentError(
            f"It is called {ending}, and is no such file: it may be damaged, or not have been "
            "downloaded to its end. Open it in the program that made it and save it again."
        )
    if len(content) > MAX_TEXT:
        raise DocumentError(
            f"It holds more than {MAX_TEXT // 1_000_000} MB of text, which is more than any "
            "policy. Split it, one policy each."
        )
    if ending in _HTML or _LOOKS_LIKE_HTML.match(content):
        text, note = readable_text(content, declared_encoding(content))
        return read_html(text, name, note)
    if ending in _MARKDOWN:
        return read_markdown(*_noted(content, name))
    if ending in _TEXT:
        return read_text(*_noted(content, name))
    raise DocumentError(f"What is read is {READ}. Save it as one of these, best as .docx.")


def _noted(content: bytes, name: str) -> tuple[str, str, str]:
    text, note = readable_text(content)
    return text, name, note


def _refuse(content: bytes) -> None:
    """What is no document, or one of a kind that cannot be read."""
    if not content.strip():
        raise DocumentError("There is nothing in it.")
    if content.startswith(_OLE):
        # an encrypted .docx is wrapped in the same kind of file as an old .doc
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise DocumentError(
                "It is protected with a password. Open it in Word, take the password away (File, "
                "Info, Protect Document) and save it."
            )
        raise DocumentError(
            "It is a document of Word 97 to 2003 (.doc), which is another format than .docx. Open "
            f"it in Word or LibreOffice and {_AS_DOCX}."
        )
    for beginning, what, hint in _BY_BEGINNING:
        if content.startswith(beginning):
            raise DocumentError(f"It is {what}. {hint}")


def _refuse_zip(content: bytes) -> None:
    """Files of other programs that are zips, too."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = {name.lower() for name in archive.namelist()}
    except ZIP_FAULTS:
        return  # the reader of Word files says what is wrong
    if "[content_types].xml" in names and not any("workbook" in n or "/pres" in n for n in names):
        return
    for name, what, hint in _BY_CONTENT_OF_ZIP:
        if name in names:
            raise DocumentError(f"It is {what}. {hint}")


def _content(path: Path) -> bytes:
    try:
        kind = path.stat().st_mode
        if stat.S_ISDIR(kind):
            raise DocumentError(
                f"{path.name} is a folder. Name the document in it; in Pages, export it to Word."
            )
        if not stat.S_ISREG(kind):
            raise DocumentError(f"{path.name} is not a file.")
        with path.open("rb") as stream:
            content = stream.read(MAX_FILE + 1)
    except FileNotFoundError as fault:
        raise DocumentError(f"There is no file {path}. Look for a slip in its name.") from fault
    except (OSError, ValueError) as fault:
        reason = getattr(fault, "strerror", None) or "its name cannot be used"
        raise DocumentError(f"{path.name} cannot be opened: {reason}.") from fault
    if len(content) > MAX_FILE:
        raise DocumentError(
            f"{path.name} is larger than {MAX_FILE // 1_000_000} MB, which is more than any "
            "policy. If it has pictures, take them out or compress them (in Word: Picture Format, "
            "Compress Pictures); if it has more than one policy, split it."
        )
    return content
