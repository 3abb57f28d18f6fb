"""What page templates can say beside their own words: the filters they use."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from html import escape
from typing import Any

from clausebook.acknowledging import form_host
from clausebook.changes import Cause, Change
from clausebook.clausepage import Markdown
from clausebook.dates import show_date
from clausebook.describing import describe
from clausebook.english import capital, count, enumerate_words, typographic
from clausebook.frozen import Version
from clausebook.model import Departure, Kind, Provenance, TailoredClause, TailoredPolicy
from clausebook.prose import Block, Inlines, Text, map_block
from clausebook.ratify import SIGNED
from clausebook.records import ChangeRecord
from clausebook.remembering import MANY
from clausebook.thawing import WITHDRAWN
from clausebook.writing import in_print, write_block, write_inline, write_line


def markdown(value: object) -> str:
    """Text as Markdown that shows exactly it, in a table and at the start of a line as well."""
    if isinstance(value, Markdown):
        return value
    return _shown(str(value))


@lru_cache(maxsize=MANY)
def _shown(text: str) -> str:
    return write_line((Text(typographic(text)),)).replace("|", "&#124;")


def in_menu(title: str) -> str:
    """A page's title as MkDocs' settings take it: HTML, which templates put into menus."""
    return escape(typographic(title), quote=False)


def block(shown: Block) -> Markdown:
    """A ready block as Markdown."""
    return Markdown("\n".join(write_block(map_block(shown, in_print))))


def _due(policy: TailoredPolicy, today: date) -> str:
    """When the next review is, saying so plainly when it is overdue."""
    due = policy.review.next
    if due is None:
        return "no date set"
    return show_date(due) + (" (overdue)" if due < today else "")


def _next_review(policy: TailoredPolicy, today: date) -> Markdown:
    """When the next review is, in a sentence that stands out when it is overdue."""
    due = policy.review.next
    if due is None:
        return Markdown("No date is set for the next review.")
    if due < today:
        return Markdown(f"**The review was due on {show_date(due)} and is overdue.**")
    return Markdown(f"Next review: {show_date(due)}.")


def _kind(clause: TailoredClause) -> str:
    return {
        Provenance.ADAPTED: "in our own words",
        Provenance.ADDED: "added",
        Provenance.OMITTED: "not applicable here",
    }[clause.provenance]


def _decided(clause: TailoredClause, layer_name: Callable[[str], str]) -> str:
    """Who decided a departure, and since when it holds."""
    departure = clause.departure
    assert departure is not None  # noqa: S101 - asked of departures only
    review = (
        " The trust’s wording has changed since this was written; we are reviewing it."
        if departure.needs_review
        else ""
    )
    until = f", until {show_date(departure.expires)}" if departure.expires else ""
    agreed = f" Agreed by: {departure.approver}." if departure.approver else ""
    return f"Decided by {layer_name(departure.layer)}{_since(departure)}{until}.{agreed}{review}"


def _since(departure: Departure) -> str:
    return f", since {show_date(departure.since)}" if departure.since else ""


def _earlier(clause: TailoredClause, layer_name: Callable[[str], str]) -> list[str]:
    """What other layers had decided of a clause before, and why, the latest first."""
    chain = clause.departure.chain[1:] if clause.departure else ()
    told: list[str] = []
    for at, one in enumerate(chain, 1):
        first = at == len(chain) and clause.basis is None
        deed = "added" if first else "adapted"
        told.append(f"Before that, {deed} by {layer_name(one.layer)}{_since(one)}: {one.reason}")
    return told


def _together(policy: TailoredPolicy, root: TailoredClause) -> list[TailoredClause]:
    """The clauses that one override added or left out."""
    return [
        clause
        for clause in policy.clauses
        if clause.departure
        and root.departure
        and (clause.departure.root, clause.provenance) == (root.id, root.provenance)
    ]


def _topic(policy: TailoredPolicy, clause: TailoredClause) -> Inlines:
    """What a clause is about: the heading it stands under, or is."""
    if clause.clause.kind is Kind.HEADING:
        return clause.shown.words
    above = (c for c in policy.outline.ancestors(clause.id) if c.kind is Kind.HEADING)
    heading = next(above, None)
    return heading.words if heading else (Text(policy.policy.control.title),)


def _sections(policy: TailoredPolicy) -> list[TailoredClause]:
    """The headings at the top level."""
    return [c for c in policy.clauses if c.clause.kind is Kind.HEADING and c.clause.parent is None]


def _number(policy: TailoredPolicy, provenance: Provenance) -> int:
    return sum(clause.provenance is provenance for clause in policy.clauses)


def _tally(policy: TailoredPolicy) -> str:
    """How many clauses differ, and how: `Of 60 clauses, 2 are in our own words and 1 is added`."""
    found = [
        (_number(policy, Provenance.ADAPTED), "is in our own words", "are in our own words"),
        (_number(policy, Provenance.ADDED), "is added", "are added"),
        (_number(policy, Provenance.OMITTED), "does not apply here", "do not apply here"),
    ]
    parts = [f"{n} {one if n == 1 else many}" for n, one, many in found if n]
    return f"Of {count(len(policy.clauses), 'clause')}, {enumerate_words(parts)}."


def _by_cause(changes: Sequence[Change]) -> list[dict[str, object]]:
    """Changes in groups: first what was decided here, which is governors' own to judge."""
    groups = (
        (Cause.HERE, "Made here"),
        (Cause.TRUST, "From the trust"),
        (Cause.VALUE, "People, channels and other values"),
    )
    return [
        {"heading": heading, "changes": found}
        for cause, heading in groups
        if (found := [change for change in changes if change.cause is cause])
    ]


def _why(change: Change, records: Sequence[ChangeRecord]) -> list[ChangeRecord]:
    return [record for record in records if change.id in record.clauses]


def _signatures(version: Version) -> list[str]:
    return [
        value.text or WITHDRAWN for name, value in version.stood.items() if name.startswith(SIGNED)
    ]


def _described(change: Change) -> str:
    """A change in plain words, without the number that stands before it."""
    return describe(change).removeprefix(f"{change.provision.label} ")


def _footer(text: str) -> Markdown:
    """A text for the foot of each printed page: YAML, and safe within quotes in a style sheet."""
    return Markdown(json.dumps(re.sub(r'["\\<>{}]', "", typographic(text)), ensure_ascii=False))


FILTERS: Mapping[str, Callable[..., Any]] = {
    "count": count,
    "date": lambda day: show_date(day) if day else "not set",
    "decided": _decided,
    "due": _due,
    "earlier": _earlier,
    "enumerate": lambda words: Markdown(enumerate_words([markdown(word) for word in words])),
    "extract": lambda key, mapping: mapping[key],
    "id": Markdown,
    "kind": _kind,
    "lines": block,
    "footer": _footer,
    "host": form_host,
    "next_review": _next_review,
    "number": _number,
    "sections": _sections,
    "sentence": lambda text: type(text)(capital(text)),
    "tally": _tally,
    "together": _together,
    "topic": _topic,
    "written": lambda words: Markdown(write_inline(in_print(words))),
    "by_cause": _by_cause,
    "change_label": lambda change: change.provision.label,
    "describe": _described,
    "signatures": _signatures,
    "why": _why,
    "yaml": lambda text: Markdown(json.dumps(typographic(str(text)), ensure_ascii=False)),
}
