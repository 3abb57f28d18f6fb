"""Word documents in a real office program: it accepts and rejects what we wrote, exactly."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any
from zipfile import ZipFile

import pytest
from lxml import etree
from tests import office
from tests.conftest import ROOT
from tests.paper_pairs import pair
from tests.test_word import redlined
from tests.word_edits import Desk
from tests.word_sides import NEW, Package, W

from clausebook.handouts import Shelved, shelved
from clausebook.proposals import Proposals
from clausebook.returned import returned
from clausebook.wordexport import clean_docx, redlined_docx
from clausebook.wordfile import word_file
from clausebook.wordsheet import clean_sheet

TODAY = date(2026, 11, 21)
BODIES = ["trust", "ashwater", "kestrel", "millrace", "saltmarsh", "thornbeck"]


def without_comments(redline: bytes) -> bytes:
    """A document without what is said in the margin; see `office_worker.job`."""
    result = BytesIO()
    with ZipFile(BytesIO(redline)) as old, ZipFile(result, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "word/document.xml":
                root = etree.fromstring(content)
                for mark in [*root.iter(*COMMENT_MARKS)]:
                    parent = mark.getparent()
                    assert parent is not None
                    parent.remove(mark)
                content = etree.tostring(root)
            new.writestr(name, content)
    return result.getvalue()


COMMENT_MARKS = [f"{W}comment{what}" for what in ("RangeStart", "RangeEnd", "Reference")]


def texts(clean: bytes) -> list[Any]:
    """What must be in a document, by its XML: the text of paragraphs and cells."""
    return [_text(part) for part in Package(clean).side(NEW)]


def _text(part: Any) -> Any:  # noqa: ANN401 - a paragraph or a table
    if isinstance(part, tuple):
        return "".join(run[0] for run in part[2])
    return [[[_text(line) for line in cell] for cell in row] for row in part]


def without_stand_ins(parts: Any) -> Any:  # noqa: ANN401 - texts, and lists of them
    """Without the sign that LibreOffice itself puts into a row that came or went empty."""
    if isinstance(parts, list):
        return [without_stand_ins(part) for part in parts]
    return "" if parts == "\u200d" else parts


def assert_exact(
    folder: Path, redlines: Sequence[tuple[str, bytes, bytes, bytes]]
) -> list[office.Opened]:
    """Each redline becomes its new document when all is accepted, its old when all is rejected."""
    jobs: list[dict[str, str]] = []
    for name, redline, _, _ in redlines:
        (folder / f"{name}.docx").write_bytes(without_comments(redline))
        jobs += [{"path": str(folder / f"{name}.docx"), "do": do} for do in ("accept", "reject")]
    opened = office.open_all(folder, jobs)
    for at, (name, _, old, new) in enumerate(redlines):
        for side, clean in zip(opened[2 * at : 2 * at + 2], (new, old), strict=True):
            assert without_stand_ins(side.texts) == texts(clean), name
            assert side.left == 0, name
            wanted = _text(Package(clean).footer(NEW)[0])
            assert [foot.partition("Page ")[0] for foot in side.footers] == [
                wanted.partition("Page ")[0]
            ], name
    return opened


@pytest.mark.slow
def test_every_version_of_every_school_becomes_the_next_and_the_one_before(tmp_path: Path) -> None:
    redlines: list[tuple[str, bytes, bytes, bytes]] = []
    for body in BODIES:
        for policy in ("social-media", "acceptable-use"):
            shelf = shelved(ROOT, body, policy, TODAY)
            labels = [*(edition.label for edition in shelf.publication.editions), "draft"]
            clean = {label: clean_docx(shelf, label) for label in labels}
            redlines += [
                (f"{body}-{policy}-{new}", redlined_docx(shelf, old, new), clean[old], clean[new])
                for old, new in pairwise(labels)
            ]
    assert len(redlines) > 25
    opened = assert_exact(tmp_path, redlines)
    assert any(side.changes for side in opened)


@pytest.mark.slow
def test_a_hundred_random_changes_are_accepted_and_rejected_exactly(tmp_path: Path) -> None:
    """Lists at three levels, tables, links, moved and split clauses, changes of looks alone."""
    redlines: list[tuple[str, bytes, bytes, bytes]] = []
    for seed in range(100):
        before, after, moved = pair(Random(seed))  # noqa: S311 - no secrets
        old, new = (word_file(clean_sheet(paper)) for paper in (before, after))
        redlines.append((f"pair-{seed}", redlined(before, after, moved), old, new))
    assert_exact(tmp_path, redlines)


def kestrel() -> Shelved:
    return shelved(ROOT, "kestrel", "social-media", TODAY)


WHY = (
    "A director’s new title, the new address of the policy pages and some plainer wording. "
    "Why: Readers pointed them out; no rule has changed. (Typo)"
)


def test_a_redline_says_who_changed_what_when_and_why(tmp_path: Path) -> None:
    shelf = kestrel()
    path = tmp_path / "redline.docx"
    path.write_bytes(redlined_docx(shelf, "2025-09", "2026-09"))
    clean = tmp_path / "clean.docx"
    clean.write_bytes(clean_docx(shelf, "2026-09"))
    redline, plain = office.open_all(tmp_path, [{"path": str(path)}, {"path": str(clean)}])
    assert {change[2] for change in redline.changes} == {"2026-06-25"}
    authors = {change[1] for change in redline.changes}
    assert authors == {"Tidewell", "The Kestrel", "The Kestrel Academy"}
    assert ["Tidewell", WHY] in redline.comments
    assert plain.changes == plain.comments == []
    assert plain.texts == texts(clean.read_bytes())
    styles = [part[0] for part in plain.parts if isinstance(part[0], str)]
    assert {"Title", "Heading 1", "Heading 2", "Clause", "Clause level 1", "Quote"} <= set(styles)


@pytest.mark.slow
def test_what_comes_back_through_libreoffice_proposes_what_was_changed_and_nothing_else(
    tmp_path: Path,
) -> None:
    shelf = kestrel()
    clean, redline = clean_docx(shelf, "draft"), redlined_docx(shelf, "2026-09", "draft")
    desk = Desk(clean)
    desk.replace("sm-17", "means a member of staff named", "means an employee named")
    desk.comment("sm-17", "Because.")
    desk.add_after("sm-10", "Nobody has to like this.")
    desk.delete("sm-47")
    sent = {"clean": clean, "redline": redline, "edited": desk.saved()}
    jobs = []
    for name, content in sent.items():
        path = tmp_path / f"{name}.docx"
        path.write_bytes(content)
        jobs.append({"path": str(path), "save": str(tmp_path / f"{name}-saved.docx")})
    office.open_all(tmp_path, jobs)
    for name in sent:
        before, after = (returned(tmp_path / f"{name}{x}.docx", shelf) for x in ("", "-saved"))
        assert _proposed(after) == _proposed(before), name
        assert after.text == before.text
        assert len(after.items) == (3 if name == "edited" else 0), name


def _proposed(found: Proposals) -> list[object]:
    return [(i.clause, i.kind, i.after, i.comments, i.note, i.tracked) for i in found.items]
