"""What comes of matching: for each clause of a master and of a document, its fate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from clausebook.imported import FoundClause, Structure
from clausebook.model import TailoredClause, TailoredPolicy
from clausebook.prose import Blocks, Inlines


class Fate(StrEnum):
    """What became of a clause."""

    INHERITED = "inherited"
    """The same words."""
    ALTERED = "altered"
    ONLY_HERE = "only here"
    """In the document, and not in the master."""
    MISSING = "missing here"
    """In the master, and not in the document."""


@dataclass(frozen=True, kw_only=True)
class Match:
    """One clause of the master, of the document, or of both."""

    fate: Fate
    master: TailoredClause | None
    found: tuple[FoundClause, ...]
    """More than one if the document has divided the clause."""
    words: Inlines = ()
    """What the document says, as one clause."""
    body: Blocks = ()
    share: float = 1.0
    """How much the two have in common, from 0 to 1."""
    how: str = ""
    """What they were paired by."""
    notes: tuple[str, ...] = ()
    """What else is to be said: moved, divided, other people named."""

    @property
    def id(self) -> str:
        """The master's ID, or that of the clause in the draft."""
        return self.master.id if self.master else self.found[0].id


@dataclass(frozen=True)
class Matching:
    """A whole document held against a whole policy."""

    policy: TailoredPolicy
    document: Structure
    matches: tuple[Match, ...]
    """In the document's order; what is missing, after what stands before it in the master."""

    @cached_property
    def by_found(self) -> Mapping[str, Match]:
        """For each clause of the document, by its ID there."""
        return {one.id: match for match in self.matches for one in match.found}

    @cached_property
    def by_master(self) -> Mapping[str, Match]:
        """For each clause of the master."""
        return {match.master.id: match for match in self.matches if match.master}

    def of(self, fate: Fate) -> tuple[Match, ...]:
        """All of one fate."""
        return tuple(match for match in self.matches if match.fate is fate)
