"""Bytes from elsewhere as text: which encoding they are in, and whether they are text at all."""

from __future__ import annotations

import codecs
import re

from clausebook.found import DocumentError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""What a file begins with that says its encoding; UTF-32's own begins with UTF-16's."""

NO_TEXT = (
    "This is no text that people can read: it holds bytes of some other kind of file. Open it in "
    "the program that made it and save it as .docx."
)
_UNPRINTABLE = re.compile("[\x00-\x08\x0e-\x1f]")
_SOME = 50
_CHARSET = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{1,40})", re.IGNORECASE
)
_BEGINNING = 2048


def readable_text(content: bytes, declared: str = "") -> tuple[str, str]:
    """The text of a file's bytes, and what must be said of how it was read ("" if nothing).

    `declared` is the encoding that the file claims. Lines end as on Unix. DocumentError if it is
    no text.
    """
    text, note = _decoded(content, declared)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if len(_UNPRINTABLE.findall(text)) * _SOME > len(text):
        raise DocumentError(NO_TEXT)
    return text, note


def declared_encoding(content: bytes) -> str:
    """The encoding that a web page names in its first lines; "" if it names none we have."""
    found = _CHARSET.search(content[:_BEGINNING])
    try:
        return codecs.lookup(found[1].decode()).name if found else ""
    except LookupError:
        return ""


def _decoded(content: bytes, declared: str) -> tuple[str, str]:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            text = content[len(mark) :].decode(encoding, "replace")
            return text, "characters that were damaged are missing" if "\ufffd" in text else ""
    try:
        return content.decode("utf-8"), ""
    except UnicodeDecodeError:
        pass
    if b"\0" in content[:_BEGINNING]:
        raise DocumentError(NO_TEXT)
    encoding = declared if declared.startswith(("iso8859", "cp125", "mac", "koi8")) else "cp1252"
    shown = {"cp1252": "Windows-1252"}.get(encoding, encoding)
    text = content.decode(encoding, "replace")
    said = "" if declared else f"the file does not say its encoding and was read as {shown}"
    return text, said
