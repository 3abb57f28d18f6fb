"""What changed last at one body, for its home page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from clausebook.english import capital, count, enumerate_words
from clausebook.publication import Edition, Publication
from clausebook.updates import Update

MOST = 5
"""Most changes that the home page names; the history pages have them all."""


@dataclass(frozen=True)
class News:
    """Something that changed: on which day, where to read of it, what it is."""

    on: date
    title: str
    path: str
    """From the home page."""
    words: str


def recent(
    publications: Sequence[Publication], updates: Sequence[Update], contacts: str
) -> list[News]:
    """The latest changes, the newest first: each version once, and each day's updates."""
    news = [_version(p, edition) for p in publications for edition in p.editions]
    days = groupby(sorted(updates, key=lambda update: update.on), key=lambda update: update.on)
    news += [_updates(on, list(made), contacts) for on, made in days]
    return sorted(news, key=lambda one: one.on, reverse=True)[:MOST]


def _version(publication: Publication, edition: Edition) -> News:
    record = edition.version.record
    title = f"{record.control.title}, version {edition.label}"
    folder = f"policies/{publication.id}"
    if record.previous is None:
        path = f"{folder}/versions/v{edition.label}.md"
        return News(record.ratified.on, title, path, "Agreed for the first time.")
    changed = len(edition.changes.listed)
    said = f"{count(changed, 'clause')} changed." if changed else "Reviewed; nothing changed."
    return News(record.ratified.on, title, f"{folder}/changes/v{edition.label}.md", said)


def _updates(on: date, made: Sequence[Update], contacts: str) -> News:
    by_what = {u.what: [o.change for o in made if o.what == u.what] for u in made}
    told = "; ".join(f"{what}: {enumerate_words(changes)}" for what, changes in by_what.items())
    return News(on, "Contacts and channels", contacts, f"{capital(told)}.")
