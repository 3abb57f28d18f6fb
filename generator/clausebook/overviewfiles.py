"""What stands beside the pages of the trust's overview: CSV, JSON and a calendar."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date

from clausebook.exporting import Rows, Value, write_csv, write_json
from clausebook.ical import Event, write_calendar
from clausebook.model import Provenance, Trust
from clausebook.overview import BodyAt, MasterAt, Overview, PolicyAt, State, clauses_at
from clausebook.reviewdays import Due, review_event

FOLDER = "overview"
"""Where the pages of the overview stand, and these files with them."""

_COLUMNS = (
    *("school", "school_id", "policy", "policy_id", "state", "waiting", "version"),
    *("in_force_since", "based_on_master", "master_in_force", "ratified", "ratified_by"),
    *("next_review", "overdue", "clauses", "adapted", "added", "not_applicable", "needs_review"),
)


def write_files(trust: Trust, overview: Overview, today: date) -> Mapping[str, str]:
    """Every file, by its path in the site."""
    about: dict[str, Value] = {"trust": trust.details.name, "on": today}
    rows = policy_rows(overview)
    found = {
        "policies.csv": write_csv(rows),
        "policies.json": write_json("policies", rows, **about),
    }
    for master in overview.used:
        rows = clause_rows(overview, master)
        one = {**about, "policy": master.title, "policy_id": master.id}
        found[f"clauses-{master.id}.csv"] = write_csv(rows)
        found[f"clauses-{master.id}.json"] = write_json("clauses", rows, **one)
    due = reviews(overview)
    if due:
        events = [_event(trust, one, day) for one, day in due]
        name = f"{trust.short_name}: policy reviews"
        found["reviews.ics"] = write_calendar(name, events)
    return {f"{FOLDER}/{name}": text for name, text in found.items()}


def policy_rows(overview: Overview) -> Rows:
    """Every policy at every school; those that have not adopted it stand last."""
    rows: list[dict[str, Value]] = [_policy_row(one) for one in overview.policies]
    for master in overview.masters:
        for school in overview.without(master.id):
            nothing: dict[str, Value] = dict.fromkeys(_COLUMNS)
            rows.append({**nothing, **_named(school, master), "state": "not adopted"})
    return rows


def _policy_row(one: PolicyAt) -> dict[str, Value]:
    version = one.version
    tally = Counter(clause.provenance for clause in one.clauses)
    return {
        **_named(one.body, one),
        "state": one.status.value,
        "waiting": "; ".join(one.waiting),
        "version": version.label if version else None,
        "in_force_since": version.effective if version else None,
        "based_on_master": one.master,
        "master_in_force": one.master_now,
        "ratified": version.ratified if version else None,
        "ratified_by": version.by if version else None,
        "next_review": one.review,
        "overdue": one.overdue,
        "clauses": len(one.clauses),
        "adapted": tally[Provenance.ADAPTED],
        "added": tally[Provenance.ADDED],
        "not_applicable": tally[Provenance.OMITTED],
        "needs_review": len(one.to_review),
    }


def _named(body: BodyAt, one: PolicyAt) -> dict[str, Value]:
    said = {"school": body.name, "school_id": body.id, "policy": one.title, "policy_id": one.id}
    return dict(said)


def clause_rows(overview: Overview, master: MasterAt) -> Rows:
    """Every clause of a policy that is not the trust's, at every school where it applies."""
    rows: list[dict[str, Value]] = []
    for school in overview.at_schools(master.id):
        rows += [
            {
                "school": school.body.name,
                "school_id": school.body.id,
                "clause": one.label,
                "clause_id": one.id,
                "state": one.state.value,
                "reason": one.reason,
            }
            for one in clauses_at(master.shown, school)
            if one.state is not State.INHERITED
        ]
    return rows


def reviews(overview: Overview) -> list[tuple[PolicyAt, date]]:
    """Everything that has a day for its next review, the earliest first."""
    days = [(one, one.review) for one in (*overview.masters, *overview.policies)]
    return sorted(((one, day) for one, day in days if day), key=lambda pair: pair[1])


def _event(trust: Trust, one: PolicyAt, day: date) -> Event:
    version = one.version
    due = Due(
        body=one.body.id,
        body_name=one.body.short_name,
        policy=one.id,
        title=one.title,
        version=version.label if version else None,
        known=version.ratified if version else one.last_review,
    )
    return review_event(trust, due, day)
