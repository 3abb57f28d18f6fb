"""What stands beside every site as data: it says what the pages say, and keeps to its schema."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from tests.trusts import MASTER, OURS, SCHOOL, Trust, ratified_trust

from clausebook.everything import open_tree
from clausebook.pipeline import render
from clausebook.problems import Problems

REPOSITORY = Path(__file__).parent.parent
TODAY = date(2026, 11, 20)


@pytest.fixture
def trust(tmp_path: Path) -> Trust:
    """A trust with version 1 of its master and of its school's policy."""
    return ratified_trust(tmp_path)


def files(root: Path) -> Mapping[str, Mapping[str, str]]:
    """Every file of data, by site."""
    problems = Problems()
    sites = render(open_tree(root), problems, TODAY)
    return {
        site.body.id: {
            path.removeprefix("data/"): text
            for path, text in site.files.items()
            if path.startswith("data/")
        }
        for site in sites
    }


def policy(trust: Trust, body: str = "hill") -> Any:  # noqa: ANN401 - JSON
    return json.loads(files(trust.root)[body]["online.json"])


def test_everything_keeps_to_the_published_schema() -> None:
    found = files(REPOSITORY)
    assert found.keys() == {
        "trust", "ashwater", "kestrel", "millrace", "saltmarsh", "thornbeck"
    }  # fmt: skip
    for one in found.values():
        schema = json.loads(one["schema.json"])
        Draft202012Validator.check_schema(schema)
        validator = Draft202012Validator(schema, format_checker=FormatChecker())
        for policy_id in ("social-media", "acceptable-use"):
            data = json.loads(one[f"{policy_id}.json"])
            assert list(validator.iter_errors(data)) == []
            assert data["$schema"] == "schema.json"
            assert "{{" not in one[f"{policy_id}.json"]
            known = {clause["id"] for clause in data["clauses"]}
            assert all(clause["parent"] in {None, *known} for clause in data["clauses"])


def test_what_a_policy_says_of_itself(trust: Trust) -> None:
    data = policy(trust)
    assert (data["version"], data["status"], data["code"]) == ("1", "in force", "ON")
    assert data["body"] == {
        "id": "hill", "name": "Hill Primary School", "trust": "Lowland Learning Trust",
        "website": None,
    }  # fmt: skip
    assert [clause["label"] for clause in data["clauses"]][:4] == ["1", "1.1", "1.2", "1.2(a)"]
    assert data["clauses"][4]["text"] == "answer messages within 24 hours."
    assert data["clauses"][3]["marks"] == ["locked"]
    last = data["clauses"][-1]
    assert last["text"].startswith("Tell Ruth Adeyemi")
    assert last["text"].endswith("as clause 1.1 says.")
    assert last["markdown"].endswith("as clause [1.1](#on-2) says.")
    version = data["versions"][0]
    assert (version["ratified"], version["based_on_master"]) == ("2026-05-20", "1")
    assert data["history"] == [
        {"on": "2026-05-20", "version": "1", "words": "First version", "clauses": []}
    ]


def test_departures_have_their_reason_and_the_trusts_words(trust: Trust) -> None:
    against = trust.run("check")
    assert against.code == 0
    text = "overrides:\n- replace: on-6\n  with: No phones.\n  reason: It is calmer.\n"
    trust.write(OURS, text)
    fingerprint = trust.run("check").output.split("against: ")[1][:9]
    trust.write(OURS, f"{text}  against: {fingerprint}\n")
    trust.note("hill", "on-6")
    trust.ratify("hill", "2", "2026-06-01")
    data = policy(trust)
    clause = next(clause for clause in data["clauses"] if clause["id"] == "on-6")
    assert (clause["text"], clause["provenance"]) == ("No phones.", "adapted")
    assert clause["trust_text"] == "Pupils may use a phone at lunch."
    assert clause["departure"]["reason"] == "It is calmer."
    assert clause["departure"]["decided_by"] == "hill"
    assert [row["version"] for row in data["history"]] == ["2", "1"]
    assert data["history"][0]["clauses"] == ["on-6"]


def test_a_draft_without_versions_is_said_to_be_one(trust: Trust) -> None:
    for path in trust.files("schools/hill/versions"):
        (trust.root / path).unlink()
    data = policy(trust)
    assert (data["version"], data["status"], data["versions"]) == (None, "draft", [])


def test_a_proposal_is_not_in_force(trust: Trust) -> None:
    trust.edit(MASTER, "at lunch", "at break")
    said = json.dumps(policy(trust))
    assert "at lunch" in said
    assert "at break" not in said


def test_the_register_lists_every_version(trust: Trust) -> None:
    trust.ratify("hill", "1.1", "2026-06-01", "--no-changes")
    trust.write(SCHOOL, trust.read(SCHOOL).replace("Hill Primary", "=Hill"))
    text = files(trust.root)["hill"]["register.csv"].removeprefix("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["version"], row["status"]) for row in rows] == [
        ("1", "superseded"),
        ("1.1", "in force"),
    ]
    assert rows[0]["school"] == "'=Hill School"
    assert rows[1]["seal"].startswith("sha256:")
