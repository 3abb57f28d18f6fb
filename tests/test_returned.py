"""A Word document that was sent out, edited as people do, and came back."""

from __future__ import annotations

import shutil
from contextlib import suppress
from copy import deepcopy
from datetime import date
from io import BytesIO
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZipFile

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.conftest import ROOT, TRUST
from tests.word_edits import Desk
from tests.word_sides import W

from clausebook.everything import open_tree
from clausebook.found import DocumentError
from clausebook.handouts import Shelved, shelved
from clausebook.problems import Problems
from clausebook.proposals import Kind, Proposals
from clausebook.reading import read_trust
from clausebook.returned import returned
from clausebook.wordexport import clean_docx, redlined_docx

TODAY = date(2026, 11, 21)
LOCKED, OWN, OWN_ADDED, PLAIN = "sm-53", "sm-8", "sm-kestrel-1", "sm-17"


@pytest.fixture(scope="module")
def shelf() -> Shelved:
    return shelved(ROOT, "kestrel", "social-media", TODAY)


@pytest.fixture(scope="module")
def draft(shelf: Shelved) -> bytes:
    return clean_docx(shelf, "draft")


def back(tmp_path: Path, desk: Desk, shelf: Shelved) -> Proposals:
    """What is read of a document that came back."""
    path = tmp_path / "back.docx"
    path.write_bytes(desk.saved())
    return returned(path, shelf)


def overrides(found: Proposals) -> list[dict[str, Any]]:
    """The overrides in the school's file as it would be."""
    return list(yaml.safe_load(found.text)["overrides"])


def today(school: str = "kestrel") -> str:
    return (ROOT / "schools" / school / "social-media.yml").read_text("utf-8")


def test_a_document_in_which_nothing_was_changed_proposes_nothing(
    tmp_path: Path, shelf: Shelved, draft: bytes
) -> None:
    found = back(tmp_path, Desk(draft), shelf)
    assert found.items == ()
    assert found.text == today()
    assert found.sent.startswith("This is the draft as it is today")


def test_other_words_become_an_override_with_names_and_the_reason_of_the_comment(
    tmp_path: Path, shelf: Shelved, draft: bytes
) -> None:
    desk = Desk(draft)
    desk.replace(PLAIN, "means a member of staff named", "means an employee named")
    desk.comment(PLAIN, "Volunteers: never!")
    found = back(tmp_path, desk, shelf)
    (item,) = found.items
    assert item.kind is Kind.REPLACE
    assert [(edit.what, edit.by, edit.on) for edit in item.edits] == [
        ("deleted", "Ada Marsh", "2026-11-10"),
        ("added", "Ada Marsh", "2026-11-10"),
    ]
    *old, new = overrides(found)
    assert old == yaml.safe_load(today())["overrides"]
    assert new["replace"] == PLAIN
    assert "an employee named" in new["with"]
    assert new["reason"] == "Volunteers: never!"
    assert found.text.startswith(today().rstrip())


def test_a_name_stays_a_name_where_nobody_touched_it(
    tmp_path: Path, shelf: Shelved, draft: bytes
) -> None:
    desk = Desk(draft)
    desk.replace(OWN, "Year 7", "Year 8")
    (item,) = back(tmp_path, desk, shelf).items
    assert item.kind is Kind.REWRITE
    assert item.wording.startswith("{{ pupils }}, and {{ parents }}, but only")
    assert "Year 8" in item.wording


def test_the_schools_own_wording_is_changed_where_it_stands(
    tmp_path: Path, shelf: Shelved, draft: bytes
) -> None:
    desk = Desk(draft)
    desk.replace(OWN_ADDED, "by noon on Thursday", "by four on Friday")
    found = back(tmp_path, desk, shelf)
    before, after = today().splitlines(), found.text.splitlines()
    changed = [(o, n) for o, n in zip(before, after, strict=True) if o != n]
    ((old, new),) = changed
    assert new == old.replace("by noon on Thursday", "by four on Friday")
    assert "{{ contact.social_media_lead.name }}" in new
    assert '{#sm-kestrel-1 for="staff"}' in new


def test_a_new_paragraph_becomes_an_addition_with_an_id_of_its_own(
    tmp_path: Path, shelf: Shelved, draft: bytes
) -> None:
    desk = Desk(draft)
    desk.add_after("sm-10", "2.4 Nobody has to *like* this, or <b>that</b> {{ thing }}.")
    found = back(tmp_path, desk, shelf)
    new = overrides(found)[-1]
    assert new["after"] == "sm-10"
    assert new["add"].rstrip().endswith("{#sm-kestrel-5}")
    assert not new["add"].startswith("2.4")
    assert new["reason"] is None  # to be filled in, which `check` asks for
    assert "say why" in found.items[0].note


def test_each_new_paragraph_has_an_id_of_its_own(
    tmp_path: Path, shelf: Shelved, draft: bytes
) -> None:
    desk = Desk(draft)
    desk.add_after("sm-10", "Nobody has to like this.")
    desk.add_after("sm-45", "Nor that.")
    *_, one, other = overrides(back(tmp_path, desk, shelf))
    assert one["add"] == "Nobody has to like this. {#sm-kestrel-5}\n"
    assert other["add"] == "Nor that. {#sm-kestrel-6}\n"


def test_what_the_trust_does_not_allow_is_told_and_not_proposed(
    tmp_path: Path, shelf: Shelved, draft: bytes
) -> None:
    desk = Desk(draft)
    desk.replace(LOCKED, "Nobody may", "Pupils may not")
    desk.delete("sm-15")
    found = back(tmp_path, desk, shelf)
    assert [item.kind for item in found.items] == [Kind.BY_HAND, Kind.BY_HAND]
    assert "not marked 'sm-15' as optional" in found.items[0].note
    assert "locked" in found.items[1].note
    assert found.text == today()


def test_words_changed_without_being_tracked_are_found(
    tmp_path: Path, shelf: Shelved, draft: bytes
) -> None:
    desk = Desk(draft)
    desk.replace(PLAIN, "means a member of staff named", "means somebody named", tracked=False)
    (item,) = back(tmp_path, desk, shelf).items
    assert "somebody named" in item.after
    assert not item.tracked
    assert "without being tracked" in back(tmp_path, desk, shelf).report


def test_a_clause_whose_bookmark_is_lost_is_known_by_its_number_and_words(
    tmp_path: Path, shelf: Shelved, draft: bytes
) -> None:
    desk = Desk(draft)
    desk.replace(PLAIN, "means a member of staff named", "means an employee named")
    desk.lose_bookmarks(PLAIN, "sm-14")
    (item,) = back(tmp_path, desk, shelf).items
    assert (item.clause, item.kind) == (PLAIN, Kind.REPLACE)


def test_a_document_without_any_bookmark_is_refused(
    tmp_path: Path, shelf: Shelved, draft: bytes
) -> None:
    desk = Desk(draft)
    desk.lose_bookmarks()
    with pytest.raises(DocumentError, match="bookmarks are gone"):
        back(tmp_path, desk, shelf)


@pytest.mark.parametrize(
    ("body", "policy", "told"),
    [
        (
            "ashwater",
            "social-media",
            "document is of Ashwater Infant School, and not of The",
        ),
        (
            "trust",
            "social-media",
            "document is of Tidewell Learning Trust, and not of The",
        ),
        ("kestrel", "acceptable-use", "No clause of this document is in the Social media policy"),
    ],
)
def test_a_document_of_another_school_or_policy_is_refused(
    tmp_path: Path, shelf: Shelved, body: str, policy: str, told: str
) -> None:
    """Or all that is another school's would be proposed for this one."""
    desk = Desk(clean_docx(shelved(ROOT, body, policy, TODAY), "draft"))
    with pytest.raises(DocumentError, match=told):
        back(tmp_path, desk, shelf)


def test_what_a_program_writes_in_its_own_way_is_no_change(
    tmp_path: Path, shelf: Shelved, draft: bytes
) -> None:
    """As LibreOffice does: a style's look in a heading's runs, and a slash after a host."""
    desk = Desk(draft)
    for run in desk.paragraph("sm-1").iter(f"{W}r"):
        look = etree.Element(f"{W}rPr") if run.find(f"{W}rPr") is None else run[0]
        etree.SubElement(look, f"{W}b")
        run.insert(0, look)
    rels = "word/_rels/document.xml.rels"
    host = b'"https://kestrel.example.org'
    assert host + b'"' in desk.parts[rels]
    desk.parts[rels] = desk.parts[rels].replace(host + b'"', host + b'/"')
    assert back(tmp_path, desk, shelf).items == ()
    desk.replace("sm-45", "miss out", "be left out")
    assert "[kestrel.example.org]" not in back(tmp_path, desk, shelf).items[0].wording


def test_our_own_changes_in_a_redline_are_not_taken_for_theirs(
    tmp_path: Path, shelf: Shelved
) -> None:
    desk = Desk(redlined_docx(shelf, "2026-09", "draft"))
    desk.comment("sm-2", "Well said.")
    desk.replace(PLAIN, "means a member of staff named", "means an employee named")
    found = back(tmp_path, desk, shelf)
    assert [item.clause for item in found.items] == [PLAIN]
    assert [(clause, said[0].text) for _, clause, said in found.comments] == [
        ("sm-2", "Well said.")
    ]


def test_a_line_that_is_marked_twice_for_a_table_is_no_change_of_theirs(tmp_path: Path) -> None:
    folder = tmp_path / "trust"
    for name in ("policy_source", "schools"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "mkdocs.yml", folder)
    master = folder / "policy_source/social-media/policy.md"
    tables = "".join(
        f"What we {word}: {{#sm-90{number}}}\n\n| What | When |\n|---|---|\n| Posts | Daily |\n\n"
        for number, word in enumerate(("read", "write"))
    )
    text = master.read_text("utf-8")
    at = text.index("In this policy: {#sm-12}")
    master.write_text(text[:at] + tables + text[at:], "utf-8")
    shelf = shelved(folder, "kestrel", "social-media", TODAY)
    redline = redlined_docx(shelf, "2026-09", "draft")
    assert back(tmp_path, Desk(redline), shelf).items == ()
    with ZipFile(BytesIO(redline)) as file:
        assert b"so that the table can come or go" in file.read("word/comments.xml")
    desk = Desk(redline)
    desk.replace("sm-12", "In this policy", "Here")
    assert [item.clause for item in back(tmp_path, desk, shelf).items] == ["sm-12"]


def test_the_trusts_own_master_is_changed_by_hand(tmp_path: Path) -> None:
    shelf = shelved(ROOT, "trust", "social-media", TODAY)
    desk = Desk(clean_docx(shelf, "draft"))
    desk.replace(PLAIN, "means a member of staff named", "means an employee named")
    found = back(tmp_path, desk, shelf)
    assert found.path is None
    assert found.items[0].kind is Kind.BY_HAND
    assert "an employee named" in found.report


def test_what_is_proposed_is_a_file_that_clausebook_reads(
    tmp_path: Path, shelf: Shelved, draft: bytes
) -> None:
    """The whole way: sent out, edited, read back, put in place, and tailored."""
    desk = Desk(draft)
    desk.replace(PLAIN, "means a member of staff named", "means an **employee** named")
    desk.comment(PLAIN, "Because.")
    desk.add_after("sm-10", "Nobody has to *like* this.")
    desk.comment("sm-10", "We were asked.")
    found = back(tmp_path, desk, shelf)
    for name in TRUST:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, tmp_path / name)
    assert found.path is not None
    (tmp_path / found.path).write_text(found.text, encoding="utf-8")
    problems = Problems()
    read_trust(open_tree(tmp_path), problems)
    assert not problems.errors
    again = shelved(tmp_path, "kestrel", "social-media", TODAY)
    said = {
        c.id: "".join(getattr(w, "text", "") for w in c.words) for c in again.paper("draft").clauses
    }
    assert said["sm-kestrel-5"] == "Nobody has to *like* this."
    assert "**employee**" in said[PLAIN]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "There is nothing in it"),
        (b"PK\x03\x04", "is damaged"),
        (b"<html>", "It is no Word document"),
        (b"%PDF-1.7", "It is no Word document"),
        (b"{\\rtf1}", "It is an RTF document"),
    ],
)
def test_what_is_no_word_document_is_refused(
    tmp_path: Path, shelf: Shelved, content: bytes, told: str
) -> None:
    path = tmp_path / "odd.docx"
    path.write_bytes(content)
    with pytest.raises(DocumentError, match=rf"^odd\.docx cannot be read\. .*{told}"):
        returned(path, shelf)


@settings(max_examples=12)
@given(st.randoms(use_true_random=False))
def test_a_document_with_anything_missing_is_read_or_refused(
    shelf: Shelved, chance: Random
) -> None:
    """Programs lose and repeat elements: reading is total all the same."""
    desk = Desk(clean_docx(shelf, "draft"))
    elements = list(desk.root.iter())[1:]
    for element in chance.sample(elements, 12):
        parent = element.getparent()
        if parent is not None and chance.random() < 0.7:
            parent.remove(element)
        elif parent is not None:
            parent.insert(chance.randrange(len(parent) + 1), deepcopy(element))
    with TemporaryDirectory() as folder, suppress(DocumentError):
        found = back(Path(folder), desk, shelf)
        assert found.report
        assert yaml.safe_load(found.text)["overrides"]
