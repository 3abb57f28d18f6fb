"""The register of what has gone stale: Clausebook's own in `data/stale.yml`, and the trust's.

A hit is an entry that a clause names.  Quotations and worked examples do not count, nor does an
old name with a word such as "formerly" beside it: it is there on purpose.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Annotated

from pydantic import Field

from clausebook.fieldtypes import Identifier, Line, Phrase, Shape
from clausebook.matching import Found, Phrasebook, phrasebook
from clausebook.model import Trust
from clausebook.problems import Problems, SourceError, nearest
from clausebook.shapes import Level, StaleEntry, StaleFile
from clausebook.shaping import shaped
from clausebook.source import Source
from clausebook.statements import Statement
from clausebook.yamldoc import read_yaml

NEAR = 4
"""How many words away a word such as "formerly" still speaks of an old name."""

Spellings = Annotated[tuple[Phrase, ...], Field(min_length=2)]


class Register(Shape):
    """`data/stale.yml`: what Clausebook knows of the words of school policies."""

    entries: Mapping[Identifier, StaleEntry] = Field(description="What has gone out of date")
    on_purpose: tuple[Phrase, ...] = Field(description="Words that excuse an old name beside them")
    template: tuple[Phrase, ...] = Field(description="What only templates say")
    roles: tuple[Phrase, ...] = Field(description="Roles with duties, whom readers must reach")
    abbreviations: tuple[Line, ...] = Field(description="Known to every reader")
    loud: tuple[Line, ...] = Field(description="Words in capitals that are no abbreviations")
    spellings: tuple[Spellings, ...] = Field(description="Ways of writing the same word")
    everyday: tuple[Line, ...] = Field(description="Words that mean too much to be a school's own")
    duties: tuple[Phrase, ...] = Field(description="Words beside which a role has a duty")


@lru_cache(maxsize=1)
def register() -> Register:
    """Clausebook's own register."""
    text = (files("clausebook") / "data" / "stale.yml").read_text("utf-8")
    problems = Problems()
    document = read_yaml(Source("data/stale.yml", text), problems)
    found = shaped(document, Register, problems) if document else None
    if found is None:
        raise SourceError(problems)
    return found


def entries(own: StaleFile) -> Mapping[str, StaleEntry]:
    """Every entry that holds in a trust, its own before Clausebook's."""
    return {**register().entries, **own.add}


@dataclass(frozen=True)
class Hit:
    """An entry of the register that a statement names."""

    key: str
    entry: StaleEntry
    statement: Statement
    text: str
    """As it is written there."""

    def is_coming(self, today: date) -> bool:
        """Whether it goes out of date on a later day."""
        return self.entry.since is not None and self.entry.since > today


@dataclass(frozen=True)
class _Role:
    """What a phrase of the register is there for."""

    key: str
    """The entry's ID; "" for a word that says that an old name is there on purpose."""
    part: str = ""
    """`clause` or `policy` if it makes the entry's own phrases right where it stands, and `with`
    if they count only beside it."""


def hits(trust: Trust, statements: Iterable[Statement]) -> Iterator[Hit]:
    """Every entry in every statement that names it, once each."""
    known = entries(trust.details.stale)
    book = _book(known)
    silenced = {
        (silence.entry, clause)
        for silence in trust.details.stale.silence
        for clause in silence.clauses or ("",)
    }
    found = [(s, list(book.find(s.text))) for s in statements if not s.example]
    excused = {(s.policy, f.key.key) for s, fs in found for f in fs if f.key.part == "policy"}
    for statement, phrases in found:
        for phrase in _named(phrases, known):
            key = phrase.key.key
            if (statement.policy, key) not in excused and not (
                {(key, ""), (key, statement.clause)} & silenced
            ):
                yield Hit(key, known[key], statement, phrase.text)


def _named(
    found: Sequence[Found[_Role]], known: Mapping[str, StaleEntry]
) -> Iterator[Found[_Role]]:
    """The first hit of each entry, if nothing in the clause excuses it."""
    excused = {f.key.key for f in found if f.key.part == "clause"}
    company = {f.key.key for f in found if f.key.part == "with"}
    purposes = [f for f in found if not f.key.key]
    seen: set[str] = set()
    for phrase in found:
        key = phrase.key.key
        if not key or phrase.key.part or key in excused | seen:
            continue
        alone = known[key].only_with and key not in company
        if not alone and not any(_beside(phrase, purpose) for purpose in purposes):
            seen.add(key)
            yield phrase


def _beside(phrase: Found[_Role], purpose: Found[_Role]) -> bool:
    return phrase.first - NEAR <= purpose.last and purpose.first <= phrase.last + NEAR


def _book(known: Mapping[str, StaleEntry]) -> Phrasebook[_Role]:
    book = phrasebook((word, _Role("")) for word in register().on_purpose)
    for key, entry in known.items():
        if entry.severity is Level.OFF:
            continue
        for phrase in entry.pattern:
            book.add(phrase, _Role(key), as_written=entry.as_written)
        parts = {
            "clause": entry.unless,
            "policy": entry.unless_in_policy,
            "with": entry.only_with,
        }
        for part, phrases in parts.items():
            for phrase in phrases:
                book.add(phrase, _Role(key, part))
    return book


def check_silences(trust: Trust, statements: Iterable[Statement], problems: Problems) -> None:
    """Find silences of entries and in clauses that do not exist."""
    known = entries(trust.details.stale)
    clauses = {statement.clause for statement in statements if statement.clause}
    for number, silence in enumerate(trust.details.stale.silence):
        at = ("stale", "silence", number)
        if silence.entry not in known:
            problems.error(
                "unknown-check",
                f"'{silence.entry}' is not an entry of the register of what has gone stale",
                trust.document.span(*at, "entry"),
                nearest(silence.entry, known) or "to list them: clausebook explain stale-reference",
            )
        for place, clause in enumerate(silence.clauses):
            if clause not in clauses:
                problems.error(
                    "unknown-clause",
                    f"'{clause}' is not a clause of any policy",
                    trust.document.span(*at, "clauses", place),
                    nearest(clause, clauses) or "clauses are named by their IDs",
                )
