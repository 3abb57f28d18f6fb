"""What earlier builds have left: which sites stand as they should, and what is known of schools.

Everything is found by what it was made from (`buildcache`).  A site is as it should be if it was
built from the same things as would be used today, and nobody has touched its files since.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from clausebook.buildcache import BuildCache, Stock, digest, program
from clausebook.carrying import DamagedError, pack, unpack
from clausebook.making import Made
from clausebook.model import Trust
from clausebook.reading import POLICIES, SCHOOLS, Folder
from clausebook.unchanged import Standing


@dataclass
class Past:
    """What is known from earlier builds of the same folder into the same places."""

    cache: BuildCache
    stock: Stock
    look: str
    """A digest of how sites look."""
    today: date
    places: Sequence[Path]
    """Where sites, and what belongs to them, are put: each has a folder for each site."""
    printer: str | None = None
    """What the versions' PDFs are made with, if sites have any."""
    standing: Standing = field(init=False)

    def __post_init__(self) -> None:
        """Look up what the last build noted."""
        self.standing = Standing(self.cache, self.places)

    def school_keys(self, trust: Trust) -> dict[str, str]:
        """For each school, what its site is made from: its own files, and what all share."""
        shared = self.shared_key(trust)
        return {
            school: digest(shared, school, self.stock.under(f"{SCHOOLS}/{school}"))
            for school in trust.schools
        }

    def shared_key(self, trust: Trust) -> str:
        """What every site is made from.

        That is the files of the trust and of all groups, and how anybody in the trust says a
        term, for families know more than one school's words.
        """
        said = [
            (layer.id, place.terms)
            for layer in trust.layers
            for place in (layer.details, *(own.fillings for own in layer.adoptions.values()))
            if place.terms
        ]
        groups = (f"{SCHOOLS}/{group}" for group in trust.groups)
        sources = self.stock.under(POLICIES, *groups)
        return digest(program(), self.today, self.look, self.printer, said, sources)

    def made(self, key: str) -> Made | None:
        """What is known of a school made from the same things."""
        with suppress(DamagedError):
            found = unpack(self.cache.get("schools", key) or b"")
            return found if isinstance(found, Made) else None
        return None

    def keep(self, key: str, made: Made) -> None:
        """Keep what is known of a school."""
        self.cache.put("schools", key, pack(made, with_texts=True))

    def get(self, folder: str, known: frozenset[str]) -> Folder | None:
        """See `Shelf`: a folder as an earlier build has read it."""
        with suppress(DamagedError):
            found = unpack(self.cache.get("folders", self._read_from(folder, known)) or b"")
            return found if isinstance(found, Folder) else None
        return None

    def put(self, folder: str, known: frozenset[str], read: Folder) -> None:
        """See `Shelf`."""
        if self.cache.folder:
            key = self._read_from(folder, known)
            self.cache.put("folders", key, pack(read, with_texts=True))

    def _read_from(self, folder: str, known: frozenset[str]) -> str:
        """What a folder is read from, whoever reads it."""
        files = self.stock.under(f"{SCHOOLS}/{folder}")
        return digest(program(), folder, sorted(known), files)
