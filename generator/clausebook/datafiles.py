"""A body's policies as data, beside the pages of its site: JSON with a schema, a CSV register."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from clausebook.datashapes import (
    FORMAT,
    BodyData,
    ChangeData,
    ClauseData,
    DepartureData,
    HistoryData,
    PolicyData,
    VersionData,
    schema_text,
)
from clausebook.exporting import Rows, Value, write_csv
from clausebook.model import Body, Clause, Provenance, TailoredClause, Trust
from clausebook.prose import (
    Inline,
    Inlines,
    Reference,
    Text,
    inlines_of,
    map_block,
    map_inlines,
    plain,
)
from clausebook.publication import Edition, Publication, Row, history
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
    labels = {key: home.by_id[key].label for key, home in body.homes.items()}
    found = {SCHEMA: schema_text(), "register.csv": write_csv(register_rows(body, publications))}
    for publication in publications:
        found[f"{publication.id}.json"] = _as_json(policy_data(who, publication, updates, labels))
    return {f"{FOLDER}/{name}": text for name, text in found.items()}


def _as_json(data: PolicyData) -> str:
    said = data.model_dump(mode="json", by_alias=True)
    return json.dumps(said, ensure_ascii=False, indent=1) + "\n"


def policy_data(
    body: BodyData,
    publication: Publication,
    updates: Sequence[Update],
    labels: Mapping[str, str],
) -> PolicyData:
    """One policy with its versions and its history; `labels` are the numbers of all clauses."""
    shown = publication.shown
    labels = {**labels, **{clause.id: clause.label for clause in shown.clauses}}
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
        clauses=tuple(_clause(clause, labels) for clause in shown.clauses),
        versions=tuple(_version(edition) for edition in publication.editions),
        history=tuple(_row(row) for row in history(publication.editions, updates)),
    )


def _clause(published: TailoredClause, labels: Mapping[str, str]) -> ClauseData:
    clause, departure = numbered(published.shown, labels), published.departure
    basis = published.basis if published.provenance is Provenance.ADAPTED else None
    return ClauseData(
        id=clause.id,
        label=published.label,
        kind=clause.kind,
        parent=clause.parent,
        depth=clause.depth,
        text=plain_text(clause),
        markdown=markdown(clause),
        marks=tuple(sorted(clause.marks)),
        audiences=clause.audiences,
        provenance=published.provenance,
        departure=DepartureData(
            decided_by=departure.layer,
            reason=departure.reason,
            since=departure.since,
            expires=departure.expires,
        )
        if departure
        else None,
        trust_text=plain_text(numbered(basis, labels)) if basis else None,
    )


def numbered(clause: Clause, labels: Mapping[str, str]) -> Clause:
    """A clause whose cross-references say the numbers that readers see."""

    def say(word: Inline) -> Inlines:
        if isinstance(word, Reference) and not word.children:
            return (replace(word, children=(Text(labels.get(word.target, word.target)),)),)
        return (word,)

    def run(words: Inlines) -> Inlines:
        return map_inlines(words, say)

    return replace(
        clause, words=run(clause.words), body=tuple(map_block(block, run) for block in clause.body)
    )


def plain_text(clause: Clause) -> str:
    """Its words without any markup, a line for each paragraph, cell and item."""
    runs: list[Inlines] = [clause.words, *inlines_of(clause.body)]
    return "\n".join(plain(words) for words in runs)


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
