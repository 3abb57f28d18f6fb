"""Word documents: exact to the character, and as the standard and Word itself want them."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.paper_pairs import pair
from tests.prose_trees import bodies, wordings
from tests.word_sides import NEW, OLD, Package
from tests.wordorder import faults

from clausebook.model import Kind
from clausebook.papers import Paper, PaperClause
from clausebook.wordfile import word_file
from clausebook.wordshapes import Remark
from clausebook.wordsheet import Told, clean_sheet, redlined_sheet


def redlined(before: Paper, after: Paper, moved: frozenset[str]) -> bytes:
    """A redline with something said of every third clause."""
    remarks = {
        clause.id: (Remark("Trust", f"Why {clause.label}: <&> “so”."), Remark("Hill", "Agreed."))
        for clause in (*before.clauses[::3], *after.clauses[::3])
    }
    intro = Remark("Hill", "What changed.")
    told = Told(moved=moved, by=lambda _: "Trust", remarks=remarks, intro=intro)
    return word_file(redlined_sheet(before, after, told))


@settings(max_examples=60)
@given(st.randoms(use_true_random=False))
def test_all_accepted_is_the_new_document_and_all_rejected_the_old(chance: Random) -> None:
    before, after, moved = pair(chance)
    redline = Package(redlined(before, after, moved))
    old, new = (Package(word_file(clean_sheet(paper))) for paper in (before, after))
    assert redline.side(NEW) == new.side(NEW)
    assert redline.side(OLD) == old.side(NEW)
    assert redline.footer(NEW) == new.footer(NEW)
    assert redline.footer(OLD) == old.footer(NEW)
    for package in (redline, old, new):
        assert faults(package) == []


CLAUSES = st.builds(
    PaperClause,
    id=st.just("sm-1"), label=st.sampled_from(["1.1", "1.2"]),
    kind=st.sampled_from([Kind.PARAGRAPH, Kind.ITEM]), depth=st.sampled_from([1, 2, 3]),
    parent=st.none(), words=wordings(), body=bodies(),
)  # fmt: skip


@settings(max_examples=60)
@given(CLAUSES, CLAUSES, st.randoms(use_true_random=False))
def test_that_holds_of_any_wording(one: PaperClause, other: PaperClause, chance: Random) -> None:
    """Whatever readers can read, emphasis in links and odd signs among it."""
    paper, _, _ = pair(chance)
    before, after = (replace_clauses(paper, clause) for clause in (one, other))
    redline = Package(redlined(before, after, frozenset()))
    assert redline.side(NEW) == Package(word_file(clean_sheet(after))).side(NEW)
    assert redline.side(OLD) == Package(word_file(clean_sheet(before))).side(NEW)
    assert faults(redline) == []


def replace_clauses(paper: Paper, clause: PaperClause) -> Paper:
    return replace(paper, clauses=(clause,))


def test_the_same_document_is_the_same_bytes() -> None:
    before, after, moved = pair(Random(4))  # noqa: S311 - no secrets
    assert redlined(before, after, moved) == redlined(before, after, moved)
    assert word_file(clean_sheet(after)) == word_file(clean_sheet(after))


@pytest.mark.parametrize("seed", range(3))
def test_nothing_is_marked_where_nothing_changed(seed: int) -> None:
    paper, _, _ = pair(Random(seed))  # noqa: S311 - no secrets
    told = Told(by=lambda _: "Trust")
    assert redlined_sheet(paper, paper, told).is_clean
