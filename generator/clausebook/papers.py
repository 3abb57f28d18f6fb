"""A policy as a document that leaves the site: for Word, for paper, for one file on another site.

The words are the site's own, in the same order and with the same numbers; what only a website
can do (menus, searches, links from page to page) is not in it.  Whoever writes a document in
some format starts here, so that all formats say the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from clausebook.archive import Status
from clausebook.clausepage import Linker, credit
from clausebook.dates import show_date
from clausebook.english import capital, enumerate_words, typographic
from clausebook.model import Body, Kind, Mark, Provenance, TailoredClause, TailoredPolicy, Trust
from clausebook.prose import Blocks, Inline, Inlines, Reference, Text, map_block, map_inlines
from clausebook.publication import Edition, Publication, Row, history
from clausebook.qr import site_address
from clausebook.reading import TRUST_ID
from clausebook.updates import Update
from clausebook.writing import canonical, fingerprint, printed


@dataclass(frozen=True, kw_only=True)
class PaperClause:
    """One clause as it is printed."""

    id: str
    label: str
    """Its printed number."""
    kind: Kind
    depth: int
    """Heading level (2 to 4) for headings; list level (1 to 3) for items; 0 for paragraphs."""
    parent: str | None
    """ID of the clause this one stands under."""
    words: Inlines
    """Values filled in, quotes typographic; a `Reference` is to a clause of the same document and
    has children. Empty for a clause that is not a heading and does not apply."""
    body: Blocks = ()
    marks: frozenset[Mark] = frozenset()
    tags: tuple[str, ...] = ()
    """What readers should know of it: "Guidance", "For staff", "Added by Kestrel"."""
    note: str = ""
    """Why it does not apply here; "" if it does."""

    @property
    def applies(self) -> bool:
        """Whether it is more than a place that is kept."""
        return not self.note


@dataclass(frozen=True, kw_only=True)
class HistoryRow:
    """One row of the change history."""

    version: str
    """Its label; "" for an administrative update."""
    on: date
    clauses: tuple[str, ...]
    """The numbers of the clauses that changed."""
    what: str
    why: str
    origin: str
    by: str
    """Who made the change."""
    approved: str
    """Who agreed to it, and the minute."""


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A version of a policy, or its draft, as a document."""

    policy: str
    """The policy's ID."""
    body: str
    """The school's ID, or `trust`."""
    title: str
    publisher: str
    """The school's name, or the trust's."""
    version: str | None
    """Its label; None for a draft."""
    status: str
    """What it is, in a sentence: "Version 3, in force since 1 May 2026."."""
    day: date
    """Of the ratification; for a draft, the day that it is made for. Documents are dated by it."""
    fingerprint: str
    """Eight letters for what it says: of a version's seal, or of a draft's wording."""
    address: str | None
    """The page on which the version in force always stands, if the trust says where."""
    summary: str | None
    control: tuple[tuple[str, str], ...]
    """The document control: what, and what it is here."""
    clauses: tuple[PaperClause, ...]
    history: tuple[HistoryRow, ...]
    """Newest first."""

    @property
    def name(self) -> str:
        """What it is called in a list or a footer: `Social media policy, version 3, Kestrel`."""
        version = f"version {self.version}" if self.version else "draft"
        return f"{self.title}, {version}, {self.publisher}"


def paper(
    trust: Trust,
    body: Body,
    publication: Publication,
    edition: Edition | None,
    updates: Sequence[Update] = (),
) -> Paper:
    """A version of a policy as a document; without one, the draft.

    A version's history goes as far as the version itself; a draft's has everything on record.
    """
    policy = edition.policy if edition else publication.draft
    control = policy.policy.control
    editions = publication.editions
    if edition:
        editions = editions[: editions.index(edition) + 1]
        updates = ()
    linker = Linker(trust, body, f"policies/{publication.id}.md")
    site = site_address(trust, body)
    return Paper(
        policy=publication.id,
        body=body.id,
        title=control.title,
        publisher=body.name,
        version=edition.label if edition else None,
        status=_status(publication, edition),
        day=edition.version.record.ratified.on if edition else publication.today,
        fingerprint=_fingerprint(publication, edition),
        address=f"{site}/policies/{publication.id}.html" if site else None,
        summary=typographic(policy.summary) if policy.summary else None,
        control=tuple(_control(body, policy, edition)),
        clauses=tuple(paper_clauses(policy, linker)),
        history=tuple(_row(row, editions, linker) for row in history(editions, updates)),
    )


def _status(publication: Publication, edition: Edition | None) -> str:
    if edition is None:
        return f"Draft of {show_date(publication.today)}, not agreed yet."
    since = show_date(edition.version.record.effective)
    start = f"Version {edition.label}"
    match edition.status:
        case Status.NOT_YET:
            return f"{start}, in force from {since}."
        case Status.SUPERSEDED:
            return f"{start}, no longer in force."
        case Status.WITHDRAWN:
            return f"{start}; this policy no longer applies here."
        case _:
            return f"{start}, in force since {since}."


def _fingerprint(publication: Publication, edition: Edition | None) -> str:
    if edition:
        return fingerprint(edition.version.seal)
    draft = publication.draft.clauses
    told = (f"{c.label} {c.provenance} {canonical(c.shown.words, c.shown.body)}" for c in draft)
    return fingerprint(*told)


def _control(
    body: Body, policy: TailoredPolicy, edition: Edition | None
) -> Iterator[tuple[str, str]]:
    control = edition.version.record.control if edition else policy.policy.control
    yield "School" if body.school else "Trust", body.name
    yield "Policy code", control.code
    if edition:
        record = edition.version.record
        yield "Version", record.version
        agreed = record.ratified
        yield "Agreed by", f"{agreed.by}, {show_date(agreed.on)}"
        yield "Minute", agreed.minute
        yield "In force from", show_date(record.effective)
        if record.next_review:
            yield "Next review", show_date(record.next_review)
        if record.master:
            yield "Based on", f"version {record.master.version} of the trust’s master"
    else:
        yield "Version", "draft"
        if policy.review.next:
            yield "Next review", show_date(policy.review.next)
    yield "Owner", control.owner
    names = [body.audiences[audience] for audience in policy.audiences]
    yield "Applies to", capital(enumerate_words(names))


def _row(row: Row, editions: Sequence[Edition], linker: Linker) -> HistoryRow:
    if row.version is None:
        return HistoryRow(
            version="",
            on=row.on,
            clauses=(),
            what=typographic(f"Administrative update: {row.words}"),
            why="people and channels are kept up to date",
            origin="update",
            by=linker.body.short_name,
            approved="no approval needed",
        )
    record, change = row.version.record, row.change
    by_label = {edition.label: edition for edition in editions}
    before = record.previous and by_label.get(record.previous.version)
    sides = (row.version, before.version if before else None)
    source = change.source if change else None
    return HistoryRow(
        version=row.version.label,
        on=row.on,
        clauses=tuple(
            next((s.by_id[id_].label for s in sides if s and id_ in s.by_id), id_)
            for id_ in (change.clauses if change else ())
        ),
        what=typographic(change.what if change else row.words),
        why=typographic(change.why) if change else "reviewed as planned" if before else "new",
        origin=change.origin.value if change else "review" if before else "new",
        by=_author(source, linker) if source else linker.body.short_name,
        approved=f"{record.ratified.by} ({record.ratified.minute})",
    )


def _author(source: str, linker: Linker) -> str:
    return linker.trust.short_name if source == TRUST_ID else linker.layer_name(source)


# -- clauses ---------------------------------------------------------------------------


def paper_clauses(policy: TailoredPolicy, linker: Linker) -> Iterator[PaperClause]:
    """Every clause that is printed; what stood under one that does not apply is named there."""
    for clause in policy.clauses:
        departure, shown = clause.departure, clause.shown
        common = PaperClause(
            id=shown.id,
            label=clause.label,
            kind=shown.kind,
            depth=shown.depth,
            parent=shown.parent,
            words=_words(shown.words, policy, linker),
            marks=shown.marks,
        )
        if clause.provenance is not Provenance.OMITTED:
            body = tuple(map_block(b, lambda run: _words(run, policy, linker)) for b in shown.body)
            yield replace(common, body=body, tags=tuple(_tags(clause, policy, linker)))
        elif departure and departure.root == clause.id:
            words = common.words if shown.kind is Kind.HEADING else ()
            note = _not_applicable(clause, policy, departure.reason)
            yield replace(common, words=words, note=note)


def _not_applicable(clause: TailoredClause, policy: TailoredPolicy, reason: str) -> str:
    under = [
        other.label
        for other in policy.clauses
        if other.id != clause.id and other.departure and other.departure.root == clause.id
    ]
    also = f" Also not applicable: {', '.join(under)}." if under else ""
    return typographic(f"Not applicable here: {reason}{also}")


def _tags(clause: TailoredClause, policy: TailoredPolicy, linker: Linker) -> Iterator[str]:
    for mark in (Mark.GUIDANCE, Mark.EXAMPLE):
        if mark in clause.shown.marks:
            yield mark.capitalize()
    if clause.clause.audiences:
        names = [linker.body.audiences[audience] for audience in clause.clause.audiences]
        yield f"For {enumerate_words(names)}"
    said = credit(clause, policy, linker)
    if said:
        yield typographic(said)


def _words(words: Inlines, policy: TailoredPolicy, linker: Linker) -> Inlines:
    """Wording as printed; cross-references to other documents are words."""

    def change(word: Inline) -> Inlines:
        if not isinstance(word, Reference):
            return printed(word)
        here = policy.by_id.get(word.target)
        # in an old version a clause has the number that it had then
        number = here.label if here else linker.name_of(word.target)
        children = word.children or (Text(number),)
        leads = here is not None and _is_printed(here)
        return (Reference(word.target, children, word.span),) if leads else children

    return map_inlines(words, change)


def _is_printed(clause: TailoredClause) -> bool:
    departure = clause.departure
    omitted = clause.provenance is Provenance.OMITTED
    return not omitted or (departure is not None and departure.root == clause.id)
