"""What a site says of versions: each clause's past, what waits, what the trust did meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from tests.trusts import MASTER, OURS, Trust, ratified_trust

from clausebook.everything import open_tree
from clausebook.pipeline import check, render
from clausebook.problems import Problem, Problems

TODAY = date(2026, 11, 20)


@pytest.fixture
def trust(tmp_path: Path) -> Trust:
    """A trust with version 1 of its master and of its school's policy."""
    return ratified_trust(tmp_path)


def pages(trust: Trust, body: str = "hill") -> Mapping[str, str]:
    """Every page of a site, as Markdown."""
    problems = Problems()
    sites = render(open_tree(trust.root), problems, TODAY)
    site = next(site for site in sites if site.body.id == body)
    return {page.path: page.markdown for page in site.pages}


def past(trust: Trust, clause: str) -> str:
    """What the page of histories says of one clause."""
    text = pages(trust)["policies/online/clauses.md"]
    return text.split(f"## {clause} ")[1].split("\n## ")[0]


def next_version(trust: Trust, clauses: str) -> None:
    trust.note("trust", clauses)
    trust.ratify("trust", "2", "2026-06-01")
    trust.ratify("hill", "2", "2026-06-02")


# -- every clause and its past -----------------------------------------------------------


def test_a_clause_that_only_got_another_number_has_no_new_wording(trust: Trust) -> None:
    trust.edit(MASTER, "- answer", "- lock their screens; {#on-9}\n- answer")
    next_version(trust, "on-9")
    assert past(trust, "on-5").count("**[Version") == 1
    assert past(trust, "on-9").count("**[Version 2]") == 1


def test_a_clause_that_moved_says_so_and_does_not_repeat_its_words(trust: Trust) -> None:
    line = "- answer messages within {{ reply_time }}. {#on-5}\n"
    trust.edit(MASTER, line, "")
    trust.edit(MASTER, "- keep", f"{line}- keep")
    next_version(trust, "on-5")
    text = past(trust, "on-5") + past(trust, "on-4")
    assert text.count("Moved here; its words are the same.") == 1
    assert (text.count("> answer messages"), text.count("> keep their")) == (1, 1)


def test_a_new_wording_has_every_reason_that_was_given(trust: Trust) -> None:
    trust.edit(MASTER, "at lunch", "at break")
    trust.note("trust", "on-6", what="Break, not lunch.")
    trust.note("trust", "on-6", "--name", "lunch", what="Lunch is for lunch.")
    trust.ratify("trust", "2", "2026-06-01")
    trust.ratify("hill", "2", "2026-06-02")
    text = past(trust, "on-6")
    assert "Break, not lunch. It was asked for. Lunch is for lunch. It was asked for." in text
    assert [line for line in text.split("\n") if line.startswith(">")] == [
        "> Pupils may use a phone at lunch.",
        "> Pupils may use a phone at break.",
    ]


# -- what the trust did meanwhile ----------------------------------------------------------

ADAPTED = """\
overrides:
  - replace: on-6
    with: Pupils may use a phone after lunch.
    reason: It suits us.
    against: qbqw-gpzf
"""


def test_proposals_say_what_the_trust_changed_where_the_school_has_its_own_wording(
    trust: Trust,
) -> None:
    trust.write(OURS, ADAPTED)
    trust.note("hill", "on-6")
    trust.ratify("hill", "2", "2026-06-02")
    assert "policies/online/proposed.md" not in pages(trust)

    trust.edit(MASTER, "at lunch", "at break")

    text = pages(trust)["policies/online/proposed.md"]
    assert "## What the trust changed where our wording is our own" in text
    said = text.split("The trust’s wording:")[1]
    assert "lunch" in said.split("<ins>")[0]
    assert "break" in said.split("<ins>")[1]
    assert "(on-6), which we adapted." in text


def test_who_agreed_to_a_difference_and_until_when_is_said_and_kept(trust: Trust) -> None:
    said = "    approver: Resources committee\n    expires: 2027-07-31\n"
    trust.write(OURS, ADAPTED + said)
    trust.note("hill", "on-6")
    trust.ratify("hill", "2", "2026-06-02")
    trust.edit(OURS, said, "")  # what governors agreed stays on the pages of that version

    text = pages(trust)["different.md"]

    assert "until 31 July 2027. Agreed by: Resources committee." in text


def test_no_name_of_a_contact_is_sealed_as_an_approver(trust: Trust) -> None:
    trust.write(OURS, ADAPTED + "    approver: Ruth Adeyemi\n")
    trust.note("hill", "on-6")
    assert "'approver'" in trust.not_ratified("hill", "2", "2026-06-02")


def test_a_version_says_what_the_trust_had_changed_meanwhile(trust: Trust) -> None:
    trust.write(OURS, ADAPTED)
    trust.note("hill", "on-6")
    trust.ratify("hill", "2", "2026-06-02")
    trust.edit(MASTER, "at lunch", "at break")
    trust.note("trust", "on-6")
    trust.ratify("trust", "2", "2026-07-01")
    trust.edit(OURS, "qbqw-gpzf", today_print(trust))
    trust.edit(MASTER, "Staff must:", "All staff must:")
    trust.note("trust", "on-3")
    trust.ratify("trust", "3", "2026-07-02")
    trust.ratify("hill", "3", "2026-07-03")

    text = pages(trust)["policies/online/changes/v3.md"]

    assert "The trust has other wording for 1 clause that we adapted or left out." in text


LEFT_OUT = """\
overrides:
  - omit: on-3
    reason: It suits us.
    against: qbqw-gpzf
"""


def test_a_section_left_out_asks_for_one_note_where_it_is_left_out(trust: Trust) -> None:
    trust.edit(MASTER, "{#on-3}", "{#on-3 .optional}")
    trust.edit(MASTER, "{#on-4 .locked}", "{#on-4}")
    trust.write(OURS, LEFT_OUT)
    trust.edit(OURS, "qbqw-gpzf", today_print(trust))

    asked = [p for p in problems_of(trust) if p.code == "change-without-note"]

    assert [(p.message.split(" has")[0], p.span.line) for p in asked] == [
        ("'on-3', with 2 clauses under it,", 2)
    ]


def problems_of(trust: Trust) -> list[Problem]:
    found = Problems()
    check(open_tree(trust.root), found, TODAY)
    return list(found)


def today_print(trust: Trust) -> str:
    """What `check` says an override should carry now."""
    return trust.run("check").output.split("against: ")[1].split("'")[0]
