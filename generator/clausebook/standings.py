"""`status`: where every policy stands at every school, read from a trust's folder."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from clausebook.bodies import bodies
from clausebook.everything import open_tree, read_everything
from clausebook.exporting import write_json
from clausebook.making import standings
from clausebook.overview import Overview, account, overview
from clausebook.overviewfiles import policy_rows
from clausebook.problems import Problems
from clausebook.publication import publication
from clausebook.survey import Survey


def read_standings(root: Path, today: date) -> Overview:
    """Every policy at every school with what is on record; raises `SourceError` on mistakes."""
    problems = Problems()
    everything = read_everything(open_tree(root), problems)
    drafts = list(bodies(everything.trust, problems))
    problems.stop_on_errors()
    asked = Survey(everything.trust, today)
    published = [
        [publication(state, asked) for state in standings(everything, body)] for body in drafts
    ]
    trust, *schools = (account(body, own) for body, own in zip(drafts, published, strict=True))
    return overview(trust, schools)


def as_json(found: Overview, today: date) -> str:
    """The same rows as `overview/policies.json` on the trust's site."""
    return write_json("policies", policy_rows(found), trust=found.trust.name, on=today)
