"""The page "Find a clause": roles, channels, headings, terms and IDs from A to Z, for every reader.

It is what the search's link leads to where no script runs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from clausebook.clausepage import Linker, Markdown
from clausebook.english import bare, capital, typographic
from clausebook.fieldtypes import Unfilled
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
from clausebook.phrases import markdown
from clausebook.prose import Inlines, Strong, plain
from clausebook.publication import Publication
from clausebook.remembering import by_identity

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


@by_identity()
def topic_of(heading: Inlines) -> str:
    """What the clauses under a heading are about."""
    return typographic(plain(heading))


def find_page(trust: Trust, body: Body, publications: Sequence[Publication]) -> Page:
    """The index as a page; policies that no longer apply are not in it."""
    policies = [publication.shown for publication in publications if not publication.withdrawn]
    linker = Linker(trust, body, FIND)
    entries = {(e.words.casefold(), e.what): e for e in _entries(policies, body, linker)}
    ordered = sorted(entries.values(), key=lambda entry: (_bare(entry.words), entry.what))
    letters = [
        (letter, Markdown("\n".join(map(_entry_line, each))))
        for letter, each in groupby(ordered, key=_letter)
    ]
    by_id = [(policy, _by_id(policy, linker)) for policy in policies]
    return render(FIND, TITLE, "find.md", letters=letters, policies=by_id)


_bare = lru_cache(maxsize=20_000)(bare)


def _entry_line(entry: Entry) -> str:
    return f"- [{markdown(entry.words)}]({entry.address}), {markdown(entry.what)}"


def _letter(entry: Entry) -> str:
    first = _bare(entry.words)[:1]
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
            if clause.provenance is Provenance.OMITTED:
                continue
            if clause.clause.kind is Kind.HEADING:
                words = plain(clause.shown.words)
                yield Entry(words, f"{title}, {clause.label}", linker.to_clause(clause.id))
            for term in _defined(clause):
                what = f"defined in the {title}, {clause.label}"
                yield Entry(term, what, linker.to_clause(clause.id))


def _defined(clause: TailoredClause) -> Iterator[str]:
    """The term that a definition is about: it comes first, in bold."""
    first = clause.shown.words[0] if clause.shown.words else None
    if Mark.DEFINITION in clause.clause.marks and isinstance(first, Strong):
        yield capital(plain(first.children).rstrip(":."))


def _by_id(policy: TailoredPolicy, linker: Linker) -> Markdown:
    """A line for each clause in the order of their IDs: `sm-2` before `sm-10`."""
    ordered = sorted(policy.clauses, key=lambda clause: _in_order(clause.clause.id))
    page = linker.path(f"policies/{policy.policy.id}.md")
    return Markdown("\n".join([_id_line(clause, page) for clause in ordered]))


@by_identity()
def _id_line(clause: TailoredClause, page: str) -> str:
    id_ = clause.clause.id
    omitted = ", not applicable here" if clause.provenance is Provenance.OMITTED else ""
    return f"- [{markdown(id_)}]({page}#{id_}): {clause.label}{omitted}"


@lru_cache(maxsize=20_000)
def _in_order(clause_id: str) -> list[tuple[bool, int, str]]:
    return [
        (part.isdecimal(), int(part) if part.isdecimal() else 0, part)
        for part in re.findall(r"[0-9]+|[^0-9]+", clause_id)
    ]
