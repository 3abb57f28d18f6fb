"""What earlier builds have left: which sites stand as they should, and what is known of schools.

Everything is found by what it was made from (`buildcache`).  A site is as it should be if it was
built from the same things as would be used today, and nobody has touched its files since.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from clausebook.buildcache import BuildCache, Stock, digest, program, state_of
from clausebook.carrying import DamagedError, pack, unpack
from clausebook.making import Made
from clausebook.model import Trust
from clausebook.problems import Problem
from clausebook.reading import POLICIES, SCHOOLS


@dataclass(frozen=True)
class Conclusion:
    """How a build ended, for when nothing has changed since."""

    problems: tuple[Problem, ...]
    tally: tuple[int, ...]
    keys: Mapping[str, str]
    """What each site was made from."""


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
    standing: dict[str, tuple[str, str]] = field(default_factory=dict)
    """For each site what it was made from, and the state in which the build left its files."""

    def __post_init__(self) -> None:
        """Look up what the last build noted."""
        noted = self.cache.get("outputs", self._here) or b"{}"
        with suppress(ValueError, TypeError, AttributeError):
            self.standing = {str(k): (str(a), str(b)) for k, (a, b) in json.loads(noted).items()}

    @property
    def _here(self) -> str:
        return digest(*(place.absolute() for place in self.places))

    # -- a whole build -----------------------------------------------------------------

    def key(self, *options: object) -> str:
        """What a whole build is made from."""
        return digest(
            program(), self.today, self.look, self.stock.under(POLICIES, SCHOOLS), *options
        )

    def conclusion(self, key: str) -> Conclusion | None:
        """How a build from the same things ended, if its sites still stand as it left them."""
        found = self._unpacked("builds", key)
        if not isinstance(found, Conclusion):
            return None
        stands = all(self.stands(site, made_from) for site, made_from in found.keys.items())
        return found if stands else None

    def conclude(self, key: str, conclusion: Conclusion) -> None:
        """Keep how a build ended."""
        self.cache.put("builds", key, pack(conclusion, with_texts=True))

    # -- sites ---------------------------------------------------------------------------

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
        return digest(program(), self.today, self.look, said, sources)

    def made(self, key: str) -> Made | None:
        """What is known of a school made from the same things."""
        found = self._unpacked("schools", key)
        return found if isinstance(found, Made) else None

    def keep(self, key: str, made: Made) -> None:
        """Keep what is known of a school."""
        self.cache.put("schools", key, pack(made, with_texts=True))

    def stands(self, site: str, key: str) -> bool:
        """Whether a site was built from these things, and is as it was left."""
        return self.standing.get(site) == (key, self._state(site))

    def left(self, built: Mapping[str, str]) -> None:
        """Note sites that have just been built, and from what."""
        if self.cache.folder is None:
            return
        self.standing |= {site: (key, self._state(site)) for site, key in built.items()}
        self.cache.put("outputs", self._here, json.dumps(self.standing).encode())

    def _state(self, site: str) -> str:
        return digest(*(state_of(place / site) for place in self.places))

    def _unpacked(self, kind: str, key: str) -> object:
        data = self.cache.get(kind, key)
        with suppress(DamagedError):
            return unpack(data) if data else None
        return None
