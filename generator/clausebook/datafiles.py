"""A body's policies as data, beside the pages of its site: JSON with a schema, a CSV register."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from sys import intern

from clausebook.archive import Status
from clausebook.datashapes import (
    FORMAT,
    BodyData,
    ChangeData,
    HistoryData,
    PolicyData,
    VersionData,
    schema_text,
)
from clausebook.exporting import Ready, Rows, Value, as_json, as_list, write_csv
from clausebook.model import (
    Body,
    Clause,
    Departure,
    Provenance,
    TailoredClause,
    TailoredPolicy,
    Trust,
)
from clausebook.prose import (
    Inline,
    Inlines,
    Reference,
    Text,
    inlines_of,
    map_block,
    map_inlines,
    plain,
    walk,
)
from clausebook.publication import Edition, Publication, Row, history
from clausebook.remembering import by_identity
from clausebook.updates import Update
from clausebook.writing import SOURCE, write_blocks, write_line

FOLDER = "data"
SCHEMA = "schema.json"


def write_data(
    trust: Trust,
    body: Body,
    publications: Sequence[Publication],
    updates: Sequence[Update],
    address: str | None,
) -> Mapping[str, str]:
    """Every file, by its path in the site."""
    who = BodyData(id=body.id, name=body.name, trust=trust.details.name, website=address)
    labels = numbers_at(body)
    found = {SCHEMA: _schema(), "register.csv": write_csv(register_rows(body, publications))}
    for publication in publications:
        data = policy_data(who, publication, updates)
        own = {clause.id: clause.label for clause in publication.shown.clauses}
        clauses = _clauses(publication.shown.clauses, ChainMap(own, labels))
        found[f"{publication.id}.json"] = _as_json(data, clauses)
    return {f"{FOLDER}/{name}": text for name, text in found.items()}


def version_json(
    who: BodyData,
    publication: Publication,
    updates: Sequence[Update],
    edition: Edition | None,
    policy: TailoredPolicy,
    body: Body,
) -> str:
    """A policy's file with the clauses of one version, or of the draft if there is no `edition`."""
    data = policy_data(who, publication, updates)
    if policy is not publication.shown:
        status = edition.status if edition else Status.DRAFT
        data = data.model_copy(
            update={
                "summary": policy.summary,
                "status": status.value,
                "version": edition.label if edition else None,
                "next_review": policy.review.next,
                "audiences": policy.audiences,
            }
        )
    own = {clause.id: clause.label for clause in policy.clauses}
    return _as_json(data, _clauses(policy.clauses, ChainMap(own, numbers_at(body))))


def numbers_at(body: Body) -> dict[str, str]:
    """The printed number of every clause that a body publishes, by ID."""
    return {clause.id: clause.label for policy in body.policies for clause in policy.clauses}


@cache
def _schema() -> str:
    return schema_text()


def _as_json(data: PolicyData, clauses: Ready) -> str:
    """A policy's file; its clauses are written apart from the rest."""
    said = data.model_dump(mode="json", by_alias=True)
    return as_json(said | {"clauses": clauses}) + "\n"


def policy_data(body: BodyData, publication: Publication, updates: Sequence[Update]) -> PolicyData:
    """One policy with its versions and its history, and without its clauses."""
    shown = publication.shown
    control = shown.policy.control
    return PolicyData(
        **{"$schema": SCHEMA},
        format=FORMAT,
        body=body,
        policy=publication.id,
        code=control.code,
        title=control.title,
        summary=shown.summary,
        status=publication.status.value,
        version=publication.in_force.label if publication.in_force else None,
        next_review=shown.review.next if publication.withdrawn is None else None,
        statutory=control.statutory,
        owner=control.owner,
        audiences=shown.audiences,
        clauses=(),
        versions=tuple(_version(edition) for edition in publication.editions),
        history=tuple(_row(row) for row in history(publication.editions, updates)),
    )


def _clauses(clauses: Sequence[TailoredClause], labels: Mapping[str, str]) -> Ready:
    """The list of clauses in a policy's file; `labels` are the numbers of all clauses."""
    return as_list([_anywhere(clause) or _here(clause, labels) for clause in clauses], "\n ")


@by_identity()
def _anywhere(published: TailoredClause) -> Ready | None:
    """A clause that is alike in every file; None if it shows other clauses' numbers."""
    refers = bare_references(published.shown) or (
        published.basis and bare_references(published.basis)
    )
    return None if refers else _here(published, {})


def _here(published: TailoredClause, labels: Mapping[str, str]) -> Ready:
    basis = published.basis if published.provenance is Provenance.ADAPTED else None
    return _clause_json(
        numbered(published.shown, labels),
        intern(published.label),
        published.provenance,
        published.departure,
        numbered(basis, labels) if basis else None,
    )


@by_identity()
def _clause_json(
    clause: Clause,
    label: str,
    provenance: Provenance,
    departure: Departure | None,
    basis: Clause | None,
) -> Ready:
    """What `ClauseData` describes; there are too many of them to be checked one by one."""
    data = {
        "id": clause.id,
        "label": label,
        "kind": clause.kind.value,
        "parent": clause.parent,
        "depth": clause.depth,
        "text": plain_text(clause),
        "markdown": markdown(clause),
        "marks": [mark.value for mark in sorted(clause.marks)],
        "audiences": clause.audiences,
        "provenance": provenance.value,
        "departure": departure
        and {
            "decided_by": departure.layer,
            "reason": departure.reason,
            "since": departure.since,
            "expires": departure.expires,
        },
        "trust_text": plain_text(basis) if basis else None,
    }
    return Ready(as_json(data, "\n  "))


def numbered(clause: Clause, labels: Mapping[str, str]) -> Clause:
    """A clause whose cross-references say the numbers that readers see."""
    targets = bare_references(clause)
    return _numbered(clause, *(intern(labels.get(t, t)) for t in targets)) if targets else clause


@by_identity()
def bare_references(clause: Clause) -> tuple[str, ...]:
    """Where those cross-references lead that are shown as a number."""
    return tuple(
        word.target
        for run in _runs(clause)
        for word in walk(run)
        if isinstance(word, Reference) and not word.children
    )


@by_identity()
def _numbered(clause: Clause, *labels: str) -> Clause:
    """A clause with the labels of its bare references, in their order, put into them."""
    left = iter(labels)

    def say(word: Inline) -> Inlines:
        if isinstance(word, Reference) and not word.children:
            return (replace(word, children=(Text(next(left)),)),)
        return (word,)

    def run(words: Inlines) -> Inlines:
        return map_inlines(words, say)

    return replace(
        clause, words=run(clause.words), body=tuple(map_block(block, run) for block in clause.body)
    )


def _runs(clause: Clause) -> Iterator[Inlines]:
    yield clause.words
    yield from inlines_of(clause.body)


@by_identity()
def plain_text(clause: Clause) -> str:
    """Its words without any markup, a line for each paragraph, cell and item."""
    return "\n".join(plain(words) for words in _runs(clause))


@by_identity()
def markdown(clause: Clause) -> str:
    """Its words and all that belongs to it, as CommonMark."""
    lines = [write_line(clause.words, SOURCE)]
    if clause.body:
        lines += ["", *write_blocks(clause.body, SOURCE)]
    return "\n".join(lines).strip()


def _version(edition: Edition) -> VersionData:
    record = edition.version.record
    return VersionData(
        version=edition.label,
        step=record.step.value,
        status=edition.status.value,
        ratified=record.ratified.on,
        ratified_by=record.ratified.by,
        minute=record.ratified.minute,
        effective=record.effective,
        next_review=record.next_review,
        shared_with_staff=record.shared_with_staff,
        based_on_master=record.master.version if record.master else None,
        previous=record.previous.version if record.previous else None,
        seal=edition.version.seal,
        changes=tuple(
            ChangeData(
                clauses=change.clauses,
                what=change.what,
                why=change.why,
                origin=change.origin.value,
                weight=change.weight.value,
                source=change.source,
            )
            for change in record.changes
        ),
    )


def _row(row: Row) -> HistoryData:
    words = f"{row.change.what} {row.change.why}" if row.change else row.words
    return HistoryData(
        on=row.on,
        version=row.version.label if row.version else None,
        words=words,
        clauses=row.change.clauses if row.change else (),
    )


def register_rows(body: Body, publications: Sequence[Publication]) -> Rows:
    """Every version of every policy, oldest first."""
    rows: list[dict[str, Value]] = []
    for publication in publications:
        for edition in publication.editions:
            record = edition.version.record
            rows.append(
                {
                    "school": body.name,
                    "school_id": body.id,
                    "policy": record.control.title,
                    "policy_id": publication.id,
                    "version": edition.label,
                    "status": edition.status.value,
                    "step": record.step.value,
                    "ratified": record.ratified.on,
                    "ratified_by": record.ratified.by,
                    "minute": record.ratified.minute,
                    "effective": record.effective,
                    "next_review": record.next_review,
                    "shared_with_staff": record.shared_with_staff,
                    "based_on_master": record.master.version if record.master else None,
                    "changes": len(record.changes),
                    "seal": edition.version.seal,
                }
            )
    return rows
