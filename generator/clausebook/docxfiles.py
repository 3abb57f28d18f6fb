"""A Word file opened safely: its parts as XML, and what they point to.

The format is a zip of XML parts that name one another (ECMA-376 Part 2).  Anybody can have
made the file, so sizes are bounded while they are read and never believed, XML has no document
type and no entities, nothing outside the file is opened, and nothing in it is run.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import unquote

from lxml import etree

from clausebook.found import DocumentError

MAX_ENTRIES = 2_000
MAX_PART = 50_000_000
MAX_TOTAL = 200_000_000
MAX_RATIO = 500
"""No part becomes more than this many times as large; Word's own stay far below."""
FREE_RATIO = 1_000_000
"""Parts up to this size may be packed as tightly as they like."""
MAX_DEPTH = 120
"""How deep elements nest in a part. Tables in tables in text boxes come to about 60."""
MAX_ELEMENTS = 1_000_000

_CHUNK = 1 << 16
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships/"
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_STRICT_NAMES = {
    "http://purl.oclc.org/ooxml/wordprocessingml/main": W[1:-1],
    "http://purl.oclc.org/ooxml/officeDocument/relationships": R[1:-1],
}
"""ISO 29500 Strict has other names for the same elements."""

DAMAGED = (
    "This Word document is damaged. Open it in Word or LibreOffice, which can often repair it, "
    "and save it again as .docx."
)
_SUSPICIOUS = "Nothing of it was read. If you trust it, open it in Word and save it again as .docx."


@dataclass(frozen=True)
class Relation:
    """What a part points to."""

    kind: str
    """The last word of its type: `hyperlink`, `image`, `footnotes`."""
    target: str
    """The other part's name, or an address outside."""
    outside: bool


class DocxFile:
    """The parts of a Word file; each is read when it is asked for, once."""

    def __init__(self, content: bytes) -> None:
        """Open the zip; DocumentError if it is none, or larger than any policy."""
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
            entries = self._zip.infolist()
        except ZIP_FAULTS as fault:
            raise DocumentError(DAMAGED) from fault
        if len(entries) > MAX_ENTRIES:
            raise DocumentError(
                f"This Word document has {len(entries):,} parts; at most {MAX_ENTRIES:,} are read. "
                + _SUSPICIOUS
            )
        self._entries: dict[str, zipfile.ZipInfo] = {}
        for entry in entries:
            name = entry.filename.lstrip("/").lower()
            if name in self._entries:
                raise DocumentError(
                    f"This Word document holds two parts of one name ({name[:80]}), so programs "
                    f"would show different words. {_SUSPICIOUS}"
                )
            self._entries[name] = entry
        self._read = 0
        self._roots: dict[str, etree._Element | None] = {}

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of all parts, in small letters."""
        return frozenset(self._entries)

    def main(self) -> str:
        """The name of the part that holds the text; DocumentError if there is none."""
        for relation in self.relations("").values():
            if relation.kind == "officeDocument" and not relation.outside:
                return relation.target
        raise DocumentError(
            "This is a zip file, and no Word document: it does not say where its text is. "
            "Open it in the program that made it and save it as .docx."
        )

    def relations(self, part: str) -> Mapping[str, Relation]:
        """What a part points to, by the IDs that it uses; `""` is the whole file."""
        folder, name = posixpath.split(part)
        root = self.root(posixpath.join(folder, "_rels", f"{name}.rels"))
        found: dict[str, Relation] = {}
        for element in root if root is not None else ():
            kind = element.get("Type", "").rpartition("/")[2]
            target, outside = element.get("Target", ""), element.get("TargetMode") == "External"
            if not outside:
                path = unquote(target)
                target = posixpath.normpath(path if path[:1] == "/" else f"{folder}/{path}")
                target = target.lstrip("/").lower()
            found[element.get("Id", "")] = Relation(kind, target, outside)
        return found

    def related(self, part: str, kind: str) -> Iterator[str]:
        """The names of the parts of a kind that a part points to."""
        for relation in self.relations(part).values():
            if relation.kind == kind and not relation.outside:
                yield relation.target

    def root(self, part: str) -> etree._Element | None:
        """A part as XML; None if the file has no such part. DocumentError if it is hostile."""
        if part not in self._roots:
            entry = self._entries.get(part.lower())
            self._roots[part] = None if entry is None else _parsed(self.content(part), part)
        return self._roots[part]

    def content(self, part: str) -> bytes:
        """What is in a part that the file has, read piece by piece until it is too much."""
        entry = self._entries[part.lower()]
        if entry.flag_bits & 1:
            raise DocumentError(
                "This Word document is protected with a password. Open it in Word, take the "
                "password away (File, Info, Protect Document) and save it."
            )
        if entry.compress_type not in _PACKED:
            raise DocumentError(DAMAGED)
        pieces: list[bytes] = []
        size = 0
        limit = max(FREE_RATIO, MAX_RATIO * entry.compress_size)
        try:
            with self._zip.open(entry) as stream:
                while piece := stream.read(_CHUNK):
                    size += len(piece)
                    self._read += len(piece)
                    if size > min(MAX_PART, limit) or self._read > MAX_TOTAL:
                        raise DocumentError(
                            "This Word document unpacks to far more than its size, as documents "
                            f"do that are made to harm. {_SUSPICIOUS}"
                        )
                    pieces.append(piece)
        except ZIP_FAULTS as fault:
            raise DocumentError(DAMAGED) from fault
        return b"".join(pieces)


ZIP_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
    OverflowError,
    IndexError,
    KeyError,
)
"""What Python's zip reader raises for zips that are none."""


def _parsed(content: bytes, part: str) -> etree._Element:
    """XML as a tree: no document type, no entities, no network, no great depth or width."""
    events = etree.iterparse(
        io.BytesIO(content),
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    depth = elements = 0
    try:
        for event, element in events:
            depth += 1 if event == "start" else -1
            elements += event == "start"
            if elements == 1 and element.getroottree().docinfo.doctype:
                raise DocumentError(
                    f"This Word document has a document type in {part[:80]}, which Word never "
                    f"writes and which can make a small file large. {_SUSPICIOUS}"
                )
            if depth > MAX_DEPTH or elements > MAX_ELEMENTS:
                raise DocumentError(
                    "This Word document is nested too deeply or has too many pieces. " + _SUSPICIOUS
                )
    except (etree.XMLSyntaxError, ValueError) as fault:
        raise DocumentError(DAMAGED) from fault
    root: etree._Element | None = events.root
    if root is None:
        raise DocumentError(DAMAGED)
    if any(namespace in _STRICT_NAMES for namespace in root.nsmap.values()):
        _from_strict(root)
    return root


def _from_strict(root: etree._Element) -> None:
    """Give elements and attributes of ISO 29500 Strict their usual names."""
    for element in root.iter(etree.Element):
        name = etree.QName(element)
        if name.namespace in _STRICT_NAMES:
            element.tag = f"{{{_STRICT_NAMES[name.namespace]}}}{name.localname}"
        for key in list(element.attrib):
            if not isinstance(key, str):
                continue
            attribute = etree.QName(key)
            if attribute.namespace in _STRICT_NAMES:
                new = f"{{{_STRICT_NAMES[attribute.namespace]}}}{attribute.localname}"
                element.set(new, element.attrib.pop(key))
