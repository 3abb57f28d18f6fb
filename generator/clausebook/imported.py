"""What becomes of a document from elsewhere: clauses, data, what is left out, and remarks.

Every word of the document ends in one of these places, once; `Tally` counts them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from clausebook.found import FoundDocument, LeftOut, count_words
from clausebook.model import Clause, Outline
from clausebook.prose import Inlines, inlines_of, plain


class Sort(StrEnum):
    """What a remark is about."""

    DOUBT = "doubt"
    """Something that could have been read in another way."""
    DEFECT = "defect"
    """Something wrong with the document itself."""


@dataclass(frozen=True, kw_only=True)
class Remark:
    """Something that somebody must look at."""

    sort: Sort
    kind: str
    """What it is, in a few words that are the same for all of its kind."""
    where: str
    text: str
    """The words that it is about, as they stand in the document."""
    said: str = ""
    """What was decided, or what is wrong and what to do; a sentence."""


class About(StrEnum):
    """What a fact of the document control is about."""

    TITLE = "title"
    VERSION = "version"
    OWNER = "owner"
    APPROVER = "approver"
    APPROVED = "approved"
    REVIEWED = "reviewed"
    NEXT_REVIEW = "next review"
    FREQUENCY = "frequency"
    AUDIENCE = "audience"
    SIGNED = "signed"
    REFERENCE = "reference"
    TEMPLATE = "template"
    COVER = "cover"
    """A line before the policy begins, such as the school's name."""
    UNKNOWN = "unknown"
    """A row of a document-control table under a name that means nothing to Clausebook."""


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One thing that the document says of itself."""

    about: About
    name: str
    """What the document calls it; "" for a line without a name."""
    value: str
    where: str


class Column(StrEnum):
    """What a column of a change history holds."""

    DATE = "date"
    VERSION = "version"
    WHAT = "what"
    WHO = "who"
    PLACE = "place"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True)
class History:
    """A table of changes."""

    where: str
    header: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, kw_only=True)
class FoundClause:
    """A clause as the document has it."""

    clause: Clause
    where: str
    label: str
    """Its number as it is printed there; "" if it has none, or a bullet."""
    typed: bool
    """Whether the number stands in the file as text."""
    source_id: str
    """The ID that the document itself says it has; "" if it does not."""
    tags: tuple[str, ...] = ()
    """What one of our own documents says of it beside its words."""

    @property
    def id(self) -> str:
        """Its ID in this draft."""
        return self.clause.id

    @property
    def text(self) -> str:
        """Its words without marks, and what belongs to it."""
        runs = (self.clause.words, *inlines_of(self.clause.body))
        return " ".join(filter(None, map(plain, runs)))


@dataclass(frozen=True, kw_only=True)
class Tally:
    """Words, counted in the file and in what became of it."""

    found: int
    """In the file, as its reader counted them."""
    clauses: int
    """In the wording of clauses."""
    numbers: int
    """In numbers that somebody typed, which clauses are given anew."""
    data: int
    """In the document control and in change histories."""
    left_out: int
    added: int = 0
    """In clauses, and not in the file: numbers that the file has only computed."""

    @property
    def accounted(self) -> int:
        """The words whose place is known."""
        return self.clauses + self.numbers + self.data + self.left_out - self.added

    @property
    def balances(self) -> bool:
        """Whether every word of the file has its place, and none has two."""
        return self.accounted == self.found


@dataclass(frozen=True, kw_only=True)
class Structure:
    """A document taken apart."""

    document: FoundDocument
    title: str
    facts: tuple[Fact, ...]
    histories: tuple[History, ...]
    clauses: tuple[FoundClause, ...]
    left_out: tuple[LeftOut, ...]
    """What its reader left out, and then what stands here as no wording."""
    remarks: tuple[Remark, ...]
    added: int = 0
    """How many words were put into clauses that the file holds as numbers only."""

    @cached_property
    def outline(self) -> Outline:
        """Its clauses."""
        return Outline(tuple(found.clause for found in self.clauses))

    @cached_property
    def by_id(self) -> Mapping[str, FoundClause]:
        """Its clauses by their IDs in this draft."""
        return {found.id: found for found in self.clauses}

    def about(self, *abouts: About) -> Iterator[Fact]:
        """The facts of some kinds, in reading order."""
        return (fact for fact in self.facts if fact.about in abouts)

    @property
    def tally(self) -> Tally:
        """Every word counted where it is now, and in the file."""
        numbers = (c.label for c in self.clauses if c.typed)
        data = [text for fact in self.facts for text in (fact.name, fact.value)]
        for table in self.histories:
            data += [cell for row in (table.header, *table.rows) for cell in row]
        data += [tag for found in self.clauses for tag in found.tags]
        return Tally(
            found=self.document.words,
            clauses=sum(words_in(found.clause) for found in self.clauses),
            numbers=sum(map(count_words, numbers)),
            data=sum(map(count_words, data)),
            left_out=sum(part.times * count_words(part.text) for part in self.left_out),
            added=self.added,
        )


def words_in(clause: Clause) -> int:
    """How many words a clause and what belongs to it hold."""
    return sum(map(in_run, (clause.words, *inlines_of(clause.body))))


def in_run(words: Inlines) -> int:
    """How many words a run of wording holds."""
    return count_words(plain(words))
