"""One damage to what is on record is one problem; a policy's status follows from its record."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from tests.trusts import MASTER, MASTERS, OURS, VERSIONS, Trust, ratified_trust, small_trust

from clausebook.archive import REGISTER, Status
from clausebook.bodies import school_body
from clausebook.everything import read_everything
from clausebook.frozen import write_version
from clausebook.making import standings
from clausebook.pipeline import render
from clausebook.problems import Problems
from clausebook.publication import publication
from clausebook.survey import Survey
from clausebook.workspace import WorkingTree


@pytest.fixture
def trust(tmp_path: Path) -> Trust:
    """Two versions of the master and three at the school, the last without changes."""
    trust = ratified_trust(tmp_path)
    trust.edit(MASTER, "at lunch", "at break")
    trust.note("trust", "on-6")
    trust.ratify("trust", "2", "2026-06-01")
    trust.ratify("hill", "2", "2026-06-02")
    trust.ratify("hill", "2.1", "2026-07-01", "--no-changes")
    return trust


def test_one_damage_is_one_problem(trust: Trust) -> None:
    """Whatever stands on a damaged version (the register, later ones, schools') is in order."""
    for folder in (MASTERS, VERSIONS):
        for path in sorted((trust.root / folder).glob("*.md")):
            data = path.read_bytes()
            for before, after in ((b"to themselves", b"to nobody"), (b"sha256:", b"sha255:")):
                path.write_bytes(data.replace(before, after, 1))
                assert trust.codes() == ["broken-seal"], (path, before)
            path.write_bytes(data)
    register = trust.root / VERSIONS / REGISTER
    register.write_text("gone\n" + register.read_text("utf-8"), "utf-8")
    assert trust.codes() == ["broken-seal"]


def test_a_version_that_was_sealed_again_is_one_problem(trust: Trust) -> None:
    """Somebody who changes the seal as well is found by the register alone."""
    path = trust.root / VERSIONS / "2.md"
    version = trust.archive("hill").by_label["2"]
    ratified = version.record.ratified.model_copy(update={"by": "Somebody else"})
    record = version.record.model_copy(update={"ratified": ratified})
    path.write_text(write_version(replace(version, record=record)), "utf-8")

    assert trust.codes() == ["broken-seal"]


def test_a_problem_points_at_no_line_that_is_not_wrong(trust: Trust) -> None:
    path = trust.root / VERSIONS / "2.md"
    text = path.read_text("utf-8")
    path.write_text(text.replace("to themselves", "to nobody"), "utf-8")
    assert f"--> {VERSIONS}/2.md\n" in trust.run("check").output
    path.write_text(text.replace("- keep", "-  keep").replace("\n#### 1 ", "\n\n#### 1 "), "utf-8")
    assert f"--> {VERSIONS}/2.md:" in trust.run("check").output


def test_the_status_of_a_policy_is_that_of_its_versions_its_review_and_its_end(
    tmp_path: Path,
) -> None:
    trust = small_trust(tmp_path)

    def status(day: str) -> Status:
        everything = read_everything(WorkingTree(trust.root), Problems())
        school = school_body(everything.trust, everything.trust.schools["hill"], Problems())
        [state] = standings(everything, school)
        asked = Survey(everything.trust, date.fromisoformat(day))
        return publication(state, asked).status

    assert status("2026-06-01") is Status.DRAFT
    trust.ratify("trust", "1", "2026-05-14")
    effective = ("--effective", "2026-09-01", "--next-review", "2027-05-14")
    trust.ratify("hill", "1", "2026-05-20", *effective)
    assert status("2026-06-01") is Status.NOT_YET
    assert status("2026-09-01") is Status.IN_FORCE
    assert status("2027-05-15") is Status.OVERDUE
    trust.write(OURS, "withdrawn: {on: 2027-06-01, reason: It is part of another policy now.}\n")
    assert status("2027-05-31") is Status.OVERDUE
    assert status("2027-06-01") is Status.WITHDRAWN


def test_a_policy_that_waits_for_its_day_is_no_draft_any_more(tmp_path: Path) -> None:
    trust = small_trust(tmp_path)

    def pages() -> dict[str, str]:
        sites = render(WorkingTree(trust.root), Problems(), date(2026, 6, 1))
        return {page.path: page.markdown for page in sites[1].pages}

    assert "this is a draft" in pages()["policies/online.md"]
    trust.ratify("trust", "1", "2026-05-14")
    trust.ratify("hill", "1", "2026-05-20", "--effective", "2026-09-01")
    after = pages()
    assert "**Agreed, not in force yet.** [Version 1](" in after["policies/online.md"]
    assert "comes into force on 1 September 2026" in after["policies/online.md"]
    assert "Version 1 comes into force on 1 September 2026." in after["index.md"]
    assert "Draft" not in after["policies/online.md"] + after["index.md"]
