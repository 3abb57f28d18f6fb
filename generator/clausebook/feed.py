"""An Atom feed of a body's changes: every version and every administrative update (RFC 4287)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from xml.etree import ElementTree as ET

from clausebook.english import typographic
from clausebook.model import Body
from clausebook.publication import Publication, Row, history
from clausebook.updates import Update

MOST = 50
"""Most entries in the feed; the history pages have them all."""

_ATOM = "http://www.w3.org/2005/Atom"


def write_feed(
    body: Body,
    publications: Sequence[Publication],
    updates: Sequence[Update],
    address: str | None,
) -> str:
    """The feed's text; `address` is where the site is put online, if the trust says."""
    entries = [
        _of_version(body, publication, row, address)
        for publication in publications
        for row in history(publication.editions, ())
    ]
    entries += [_of_update(body, update, address) for update in updates]
    entries.sort(key=lambda entry: (entry.on, entry.id), reverse=True)
    feed = ET.Element("feed", xmlns=_ATOM)
    _add(feed, "id", f"urn:clausebook:{body.id}")
    _add(feed, "title", f"{body.name}: changes of policies")
    _add(feed, "updated", _instant(entries[0].on if entries else date(2000, 1, 1)))
    _add(_add(feed, "author"), "name", body.name)
    if address:
        ET.SubElement(feed, "link", rel="self", href=f"{address}/feed.xml")
        ET.SubElement(feed, "link", href=f"{address}/index.html")
    feed.extend(_element(entry) for entry in entries[:MOST])
    ET.indent(feed)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(feed, encoding="unicode") + "\n"


class _Entry(NamedTuple):
    id: str
    title: str
    on: date
    said: str
    link: str | None


def _of_version(body: Body, publication: Publication, row: Row, address: str | None) -> _Entry:
    version = row.version
    assert version is not None  # noqa: S101 - rows of versions have one
    title = f"{version.record.control.title}, version {version.label}"
    said = f"{row.change.what} {row.change.why}" if row.change else row.words
    key = f"{version.seal}:{row.change.note if row.change else ''}"
    path = f"policies/{publication.id}/versions/v{version.label}.html"
    return _Entry(_id(body, key), title, row.on, said, address and f"{address}/{path}")


def _of_update(body: Body, update: Update, address: str | None) -> _Entry:
    key = f"{update.on}:{update.what}:{update.change}"
    said = f"{update.what}: {update.change}"
    link = address and f"{address}/contacts.html"
    return _Entry(_id(body, key), "People and channels", update.on, said, link)


def _id(body: Body, key: str) -> str:
    return "urn:sha256:" + hashlib.sha256(f"{body.id}:{key}".encode()).hexdigest()


def _element(entry: _Entry) -> ET.Element:
    element = ET.Element("entry")
    _add(element, "id", entry.id)
    _add(element, "title", typographic(entry.title))
    _add(element, "updated", _instant(entry.on))
    _add(element, "summary", typographic(entry.said))
    if entry.link:
        ET.SubElement(element, "link", href=entry.link)
    return element


def _add(parent: ET.Element, name: str, text: str | None = None) -> ET.Element:
    child = ET.SubElement(parent, name)
    child.text = text
    return child


def _instant(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"
