"""What stands beside the pages of the trust's overview: CSV, JSON and a calendar."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date

from clausebook.exporting import Rows, Value, write_csv, write_json
from clausebook.ical import write_calendar
from clausebook.model import Body, Provenance, Trust
from clausebook.overview import Overview, PolicyAt, State, clauses_at
from clausebook.reviewdays import review_event

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
        events = [review_event(trust, one.body, one.publication, day) for one, day in due]
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
    record = one.version.record if one.version else None
    clauses = one.publication.shown.clauses
    tally = Counter(clause.provenance for clause in clauses)
    return {
        **_named(one.body, one),
        "state": one.status.value,
        "waiting": "; ".join(one.waiting),
        "version": record.version if record else None,
        "in_force_since": record.effective if record else None,
        "based_on_master": one.master,
        "master_in_force": one.master_now.label if one.master_now else None,
        "ratified": record.ratified.on if record else None,
        "ratified_by": record.ratified.by if record else None,
        "next_review": one.review,
        "overdue": one.overdue,
        "clauses": len(clauses),
        "adapted": tally[Provenance.ADAPTED],
        "added": tally[Provenance.ADDED],
        "not_applicable": tally[Provenance.OMITTED],
        "needs_review": len(one.to_review),
    }


def _named(body: Body, one: PolicyAt) -> dict[str, Value]:
    said = {"school": body.name, "school_id": body.id, "policy": one.title, "policy_id": one.id}
    return dict(said)


def clause_rows(overview: Overview, master: PolicyAt) -> Rows:
    """Every clause of a policy that is not the trust's, at every school where it applies."""
    rows: list[dict[str, Value]] = []
    for school in overview.at_schools(master.id):
        for one in clauses_at(master.publication.shown, school):
            departure = one.clause.departure if one.clause else None
            if one.state is not State.INHERITED:
                rows.append(
                    {
                        "school": school.body.name,
                        "school_id": school.body.id,
                        "clause": one.label,
                        "clause_id": one.id,
                        "state": one.state.value,
                        "reason": departure.reason if departure else None,
                    }
                )
    return rows


def reviews(overview: Overview) -> list[tuple[PolicyAt, date]]:
    """Everything that has a day for its next review, the earliest first."""
    days = [(one, one.review) for one in (*overview.masters, *overview.policies)]
    return sorted(((one, day) for one, day in days if day), key=lambda pair: pair[1])
