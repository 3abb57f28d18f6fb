"""`clausebook import` as people run it: a file in, a draft and a report out."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from docx import Document
from playwright.sync_api import Page
from tests.trusts import Trust, small_trust
from tests.word_edits import Desk

from clausebook import cli_import, documents

if TYPE_CHECKING:
    from pathlib import Path

    from clausebook.found import FoundDocument

THEIRS = """\
# Online policy

Version: 2

## 1 Rules

1.1 Everybody is kind online and asks before posting a picture.

1.2 Staff must:

- keep their passwords to themselves;
- answer messages within {{ a day }}.

## 2 Help

2.1 Tell Ruth Adeyemi (designated safeguarding lead) what worries you.

Next review: May 2025
"""

HILL = """\
# Online safety policy

## Being online

This policy is for everyone who goes online at Hill Primary School.

Staff must:

- keep their passwords to themselves;
- answer messages within 48 hours.

Children bring no telephones to school.

## Getting help

Tell Ruth Adeyemi about anything that worries you, as clause 1.1 says.
"""


@pytest.fixture
def trust(tmp_path: Path) -> Trust:
    """Make a small trust with one policy and one school, which has not adopted it."""
    made = small_trust(tmp_path / "trust")
    (made.root / "schools/hill/online.yml").unlink()
    made.write("theirs.md", THEIRS)
    made.write("hill.md", HILL)
    return made


def report(trust: Trust, name: str = "theirs.md") -> str:
    return trust.read(f"reports/import-{name}.md")


def run(trust: Trust, name: str, *more: str) -> str:
    return trust.ok(
        "import", str(trust.root / name), "--report", str(trust.root / "reports"), *more
    )


# -- a master ----------------------------------------------------------------------------


def test_a_trusts_document_becomes_a_master_that_check_takes(trust: Trust) -> None:
    said = run(trust, "theirs.md", "--into", "policy", "--id", "phones")
    assert "Words in the document: 49, and all are accounted for." in said
    text = trust.read("policy_source/phones/policy.md")
    assert "title: Online policy\ncode: ON2\n" in text
    assert "## Rules {#on2-1}" in text
    assert not [code for code in trust.codes() if code not in WARNINGS]


WARNINGS = {"undefined-abbreviation", "unused-definition", "review-missing"}


def test_the_report_begins_with_what_became_of_every_word(trust: Trust) -> None:
    run(trust, "theirs.md", "--into", "policy", "--id", "phones")
    text = report(trust)
    counted = re.findall(r"\*\*(?:Together|In the file)\*\* \| ([0-9]+)", text)
    assert counted == ["49", "49"]
    assert text.index("## Words in, words out") < text.index("## Doubtful decisions")
    assert "| 1.2 | on2-3 | 1.2 |" in text
    assert "| next review | Next review: | May 2025 |" in text
    assert "| dsl | designated safeguarding lead | Ruth Adeyemi |" in text
    assert "5 clauses of the document have a number, and the same one here." in text


LINES = """all => all.map((one) => {
    const words = document.createRange();
    words.selectNodeContents(one);
    return words.getClientRects().length;
})"""


def test_a_report_can_be_read_on_a_phone(trust: Trust, page: Page) -> None:
    """Tables scroll; no word is broken, and nothing else is wider than the screen."""
    run(trust, "theirs.md", "--into", "policy", "--id", "phones")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto((trust.root / "reports/import-theirs.md.html").as_uri())
    assert page.evaluate("document.scrollingElement.scrollWidth") == 390
    assert page.locator("table").count() == page.locator(".cb-scroll > table").count() > 4
    heads = page.locator("th", has_text=re.compile(r"^\S+$"))
    assert heads.count() > 4
    assert set(heads.evaluate_all(LINES)) == {1}, "a word alone stands on one line"


def test_without_an_id_the_title_names_the_folder(trust: Trust) -> None:
    trust.write("theirs.md", THEIRS.replace("Online policy", "Phones and Watches Policy 2024"))
    run(trust, "theirs.md")
    assert trust.read("policy_source/phones-and-watches/policy.md")


# -- a school's file ---------------------------------------------------------------------


def test_a_schools_document_becomes_its_file_with_reasons_to_fill_in(trust: Trust) -> None:
    said = run(trust, "hill.md", "--against", "online", "--school", "hill")
    assert "7 inherited, 0 altered, 1 only here, 1 missing here." in said
    text = trust.read("schools/hill/online.yml")
    assert text.count("reason: 'TODO: ") == 2
    assert set(trust.codes()) == {"missing-reason"}
    trust.write("schools/hill/online.yml", re.sub("'TODO: .*'", "We decided so.", text))
    assert trust.codes() == []


def test_values_that_the_document_has_filled_in_differently_are_told(trust: Trust) -> None:
    run(trust, "hill.md", "--against", "online", "--school", "hill")
    told = report(trust, "hill.md")
    assert "reply" in told
    assert "48 hours" in told


def test_what_may_not_be_changed_is_reported_and_not_written(trust: Trust) -> None:
    other = HILL.replace("keep their passwords to themselves", "lend their passwords to nobody")
    trust.write("hill.md", other)
    said = run(trust, "hill.md", "--against", "online", "--school", "hill")
    assert "1 doubtful decision, " in said
    assert "on-4" not in trust.read("schools/hill/online.yml")
    told = report(trust, "hill.md")
    assert "| Doubtful decisions | 1 |" in told
    assert "## Differences that cannot be overrides" in told
    assert "The trust has locked ‘on-4’." in told


def test_without_a_school_only_the_report_is_written(trust: Trust) -> None:
    before = set(trust.files())
    run(trust, "hill.md", "--against", "online")
    assert set(trust.files()) - before == {
        "reports/import-hill.md.html",
        "reports/import-hill.md.md",
    }


def test_a_school_with_reasons_to_fill_in_does_not_hold_up_the_next(trust: Trust) -> None:
    run(trust, "hill.md", "--against", "online", "--school", "hill")
    assert "1 master" not in run(trust, "theirs.md", "--into", "policy", "--id", "phones")


# -- what came back ------------------------------------------------------------------------


def test_a_document_that_came_back_is_proposed_beside_its_report(trust: Trust) -> None:
    trust.write("schools/hill/online.yml", "overrides: []\n")
    word = str(trust.root / "hill.docx")
    trust.ok("export", "hill", "online", "--draft", "--to", "docx", "--output", word)
    asked = ("hill.docx", "--returned", "--against", "online", "--school", "hill")
    assert "0 changes proposed." in run(trust, *asked)
    assert "# What came back" in report(trust, "hill.docx")
    assert trust.read("schools/hill/online.yml") == "overrides: []\n"


def test_a_change_that_came_back_is_an_override_with_its_comment_as_the_reason(
    trust: Trust,
) -> None:
    trust.write("schools/hill/online.yml", "overrides: []\n")
    path = trust.root / "hill.docx"
    trust.ok("export", "hill", "online", "--draft", "--to", "docx", "--output", str(path))
    desk = Desk(path.read_bytes(), by="Ada Marsh")
    desk.replace("on-6", "at lunch", "at break")
    desk.comment("on-6", "Lunch is too short.")
    path.write_bytes(desk.saved())
    asked = ("hill.docx", "--returned", "--against", "online", "--school", "hill")
    assert "1 change proposed." in run(trust, *asked)
    assert "“at lunch” deleted by Ada Marsh" in report(trust, "hill.docx")
    again = trust.refused("import", str(path), *asked[1:], "--report", str(trust.root / "reports"))
    assert "--force would replace 'schools/hill/online.yml' as well" in again
    run(trust, *asked, "--force")
    proposed = trust.read("schools/hill/online.yml")
    assert "replace: on-6" in proposed
    assert "at break" in proposed
    assert 'reason: "Lunch is too short."' in proposed
    trust.ok("check")


def test_what_came_back_is_a_word_document(trust: Trust) -> None:
    trust.write("schools/hill/online.yml", "overrides: []\n")
    (trust.root / "hill.pdf").write_bytes(b"%PDF-1.7")
    asked = ("--returned", "--against", "online", "--school", "hill")
    said = trust.refused("import", str(trust.root / "hill.pdf"), *asked)
    assert "hill.pdf cannot be read. It is no Word document." in said


# -- consent -----------------------------------------------------------------------------


def test_a_dry_run_writes_the_report_and_nothing_else(trust: Trust) -> None:
    before = trust.files()
    said = run(trust, "hill.md", "--against", "online", "--school", "hill", "--dry-run")
    assert "This was a dry run: schools/hill/online.yml would be written." in said
    left = {name: data for name, data in trust.files().items() if not name.startswith("reports/")}
    assert left == before
    run(trust, "hill.md", "--against", "online", "--school", "hill")
    assert "dry run" not in report(trust, "hill.md"), "what follows takes its place"
    trust.ok(
        *("import", str(trust.root / "theirs.md"), "--report", str(trust.root / "reports")),
        *("--against", "online", "--dry-run"),
    )
    assert "This was a dry run: nothing else would be written." in report(trust)
    assert "are there already" in trust.refused(
        *("import", str(trust.root / "hill.md"), "--report", str(trust.root / "reports")),
        *("--against", "online", "--school", "hill"),
    )


def test_no_file_that_is_there_is_replaced_without_consent(trust: Trust) -> None:
    trust.write("schools/hill/online.yml", "overrides: []\n")
    file, reports = str(trust.root / "hill.md"), str(trust.root / "reports")
    asked = ("import", file, "--against", "online", "--school", "hill", "--report", reports)
    said = trust.refused(*asked)
    assert "schools/hill/online.yml' is there already, and nothing was written" in said
    trust.ok(*asked, "--force")
    assert "omit: on-6" in trust.read("schools/hill/online.yml")


# -- mistakes ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--school", "hill"], "say which master the school's document is held against"),
        (["--into", "school"], "say whose file it is to be"),
        (["--into", "policy", "--against", "online"], "it makes no new one"),
        (["--returned"], "--returned needs --school and --against"),
        (["--against", "onlin"], "there is no policy 'onlin'; did you mean 'online'?"),
        (["--against", "online", "--school", "hil"], "there is no school 'hil'"),
        (["--id", "School"], "cannot be an ID"),
    ],
)
def test_what_is_asked_for_wrongly_is_told_and_nothing_written(
    trust: Trust, more: list[str], said: str
) -> None:
    assert said in trust.refused("import", str(trust.root / "hill.md"), *more)


def test_a_group_has_no_document_of_its_own(trust: Trust) -> None:
    trust.write("schools/rivers/group.yml", "name: The river schools\n")
    trust.write(
        "schools/hill/school.yml", trust.read("schools/hill/school.yml") + "group: rivers\n"
    )
    asked = ("import", str(trust.root / "hill.md"), "--against", "online", "--school", "rivers")
    assert "'rivers' is a group, and a document is one school's: name one of hill" in trust.refused(
        *asked
    )


def test_a_title_that_a_policy_has_already_needs_an_id(trust: Trust) -> None:
    said = trust.refused("import", str(trust.root / "theirs.md"))
    assert "there is a policy 'online' already; name the new one with --id" in said


def test_a_file_that_is_no_document_is_told(trust: Trust) -> None:
    (trust.root / "a.docx").write_bytes(b"PK\x03\x04 nothing")
    assert "cannot be read" in trust.refused("import", str(trust.root / "a.docx"))


def test_a_document_of_signs_is_no_policy(trust: Trust) -> None:
    trust.write("signs.md", "…\n\n§ § §\n")
    assert "there is no wording" in trust.refused("import", str(trust.root / "signs.md"))


@pytest.mark.parametrize("asked", [("--id", "long"), ("--against", "online", "--school", "hill")])
def test_what_is_longer_than_any_policy_is_told(trust: Trust, asked: tuple[str, ...]) -> None:
    trust.write("long.txt", "\n\n".join([f"Staff {'ask ' * 2400}first."] * 110))
    said = trust.refused("import", str(trust.root / "long.txt"), *asked)
    assert "no policy can be made of this document: this file is larger than 1 MB" in said


def test_words_that_are_lost_are_told_at_the_top_and_by_the_exit_code(
    trust: Trust, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forgetful(path: Path) -> FoundDocument:
        document = documents.read_document(path)
        return replace(document, words=document.words + 7)

    monkeypatch.setattr(cli_import, "read_document", forgetful)
    reports = str(trust.root / "reports")
    done = trust.run("import", str(trust.root / "theirs.md"), "--id", "phones", "--report", reports)
    assert done.code == 1
    assert "The words do not balance: the file holds 56, and 49 are accounted for." in report(trust)


def test_a_word_document_is_taken_as_well(trust: Trust) -> None:
    word = Document()
    word.add_heading("Online policy", 0)
    word.add_heading("Rules", 1)
    word.add_paragraph("Be kind.")
    word.save(str(trust.root / "theirs.docx"))
    said = run(trust, "theirs.docx", "--into", "policy", "--id", "phones")
    assert "theirs.docx: 2 clauses." in said
