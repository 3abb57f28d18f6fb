"""The page "Find a clause": roles, channels, headings, terms and IDs from A to Z, for every reader.

It is what the search's link leads to where no script runs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from clausebook.clausepage import Linker, Markdown
from clausebook.english import bare, capital, typographic
from clausebook.model import (
    Body,
    Kind,
    Mark,
    Person,
    Provenance,
    TailoredClause,
    TailoredPolicy,
    Trust,
)
from clausebook.pagetemplates import Page, render
from clausebook.prose import Strong, plain
from clausebook.publication import Publication
from clausebook.shapes import Unfilled

FIND = "find.md"
TITLE = "Find a clause"
CONTACTS = "contacts"
CHANNELS = f"{CONTACTS}.html#official-channels"


@dataclass(frozen=True)
class Entry:
    """A line of the index."""

    words: str
    what: str
    address: str


def to_contact(person: Person) -> str:
    """Where a person stands on the contacts page."""
    return f"{CONTACTS}.html#contact-{person.role}"


def role_of(trust: Trust, person: Person) -> str:
    """What the trust calls a person's role, where their own title may be another."""
    role = trust.details.contacts.get(person.role)
    return role.label if role and not isinstance(role.label, Unfilled) else ""


def topic_of(policy: TailoredPolicy, clause: TailoredClause) -> str:
    """The heading under which a clause stands."""
    above = (c for c in policy.outline.ancestors(clause.id) if c.kind is Kind.HEADING)
    heading = next(above, None)
    return typographic(plain(heading.words)) if heading else ""


def find_page(trust: Trust, body: Body, publications: Sequence[Publication]) -> Page:
    """The index as a page; policies that no longer apply are not in it."""
    policies = [publication.shown for publication in publications if not publication.withdrawn]
    linker = Linker(trust, body, FIND)
    entries = {(e.words.casefold(), e.what): e for e in _entries(policies, body, linker)}
    ordered = sorted(entries.values(), key=lambda entry: (bare(entry.words), entry.what))
    letters = [(letter, list(each)) for letter, each in groupby(ordered, key=_letter)]
    return render(
        FIND,
        TITLE,
        "find.md",
        letters=letters,
        policies=[(policy, _by_id(policy)) for policy in policies],
        link=linker.to_clause,
    )


def _letter(entry: Entry) -> str:
    first = bare(entry.words)[:1]
    return first.upper() if first.isalpha() else "0-9"


def _entries(policies: Sequence[TailoredPolicy], body: Body, linker: Linker) -> Iterator[Entry]:
    for person in body.people:
        address = Markdown(to_contact(person).replace(".html", ".md"))
        for called in filter(None, (role_of(linker.trust, person), person.label)):
            yield Entry(called, f"contact: {person.contact.name}", address)
    for channel in body.channels:
        yield Entry(channel.name, "official channel", Markdown(CHANNELS.replace(".html", ".md")))
    for policy in policies:
        title = policy.policy.control.title
        for clause in policy.clauses:
            address = linker.to_clause(clause.id)
            if clause.provenance is Provenance.OMITTED:
                continue
            if clause.clause.kind is Kind.HEADING:
                yield Entry(plain(clause.shown.words), f"{title}, {clause.label}", address)
            for term in _defined(clause):
                yield Entry(term, f"defined in the {title}, {clause.label}", address)


def _defined(clause: TailoredClause) -> Iterator[str]:
    """The term that a definition is about: it comes first, in bold."""
    first = clause.shown.words[0] if clause.shown.words else None
    if Mark.DEFINITION in clause.clause.marks and isinstance(first, Strong):
        yield capital(plain(first.children).rstrip(":."))


def _by_id(policy: TailoredPolicy) -> list[TailoredClause]:
    """Clauses in the order of their IDs: `sm-2` before `sm-10`."""
    return sorted(
        policy.clauses,
        key=lambda clause: [
            (part.isdecimal(), int(part) if part.isdecimal() else 0, part)
            for part in re.findall(r"[0-9]+|[^0-9]+", clause.id)
        ],
    )
