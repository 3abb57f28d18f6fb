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
from clausebook.prose import Table, Text
from clausebook.wordfile import word_file
from clausebook.wordshapes import Fate, Grid, Part, Remark
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


# -- tables that come and go together --------------------------------------------------------

TABLE = Table(((Text("A"),), (Text("B"),)), ("", ""), ())


def clauses(words: str) -> tuple[PaperClause, ...]:
    """Clauses of a word each; `[]` behind it is a table that belongs to the clause."""
    return tuple(
        PaperClause(
            id=f"sm-{word[0]}", label="", kind=Kind.PARAGRAPH, depth=1, parent=None,
            words=(Text(word[0]),), body=(TABLE,) if word.endswith("[]") else (),
        )
        for word in words.split()
    )  # fmt: skip


def lines(before: str, after: str) -> str:
    """The clauses of a redline, with `+` at what came and `-` at what went, ends (¶) included."""
    paper, _, _ = pair(Random(1))  # noqa: S311 - no secrets
    old, new = (replace(paper, clauses=clauses(side), history=()) for side in (before, after))
    parts = redlined_sheet(old, new, Told(by=lambda _: "Trust")).parts
    start = next(at for at, part in enumerate(parts) if isinstance(part, Grid)) + 3
    return " ".join(_shown(part) for part in parts[start:-1])


def _shown(part: Part) -> str:
    if isinstance(part, Grid):
        return f"{SIGNS[part.rows[0].fate]}[]"
    words = "".join(SIGNS[piece.fate] + piece.text for piece in part.pieces if piece.text != "\t")
    return f"{words}{SIGNS[part.end]}¶{'*' * len(part.remarks)}"


SIGNS = {Fate.SAME: "", Fate.INSERTED: "+", Fate.DELETED: "-"}


@pytest.mark.parametrize(
    ("before", "after", "redline"),
    [
        ("a b", "a x[] b", "a+¶ +x¶ +[] +¶ b¶"),
        ("a b c", "a x[] y[] b c", "a+¶ +x¶ +[] +¶ -b+y¶ +[] +¶ +b+¶* c¶"),
        ("a x[] y[] b c", "a b c", "a-¶ -x¶ -[] -¶ -y+b¶* -[] -¶ -b-¶ c¶"),
        ("a b", "a b x[] y[]", "a+¶ +b+¶* +x¶ +[] +¶ -b+y¶ +[] +¶"),
        ("a b c", "a x[] y[] c", "a¶ -b+x¶ +[] +¶ -c+y¶ +[] +¶ +c+¶*"),
        ("a[] b[]", "a[] x[] y[] b[]", "a¶ [] +¶ +x¶ +[] +¶ +y+¶ +[] +¶ b¶ [] ¶"),
    ],
)
def test_before_each_table_stands_an_end_that_both_documents_have(
    before: str, after: str, redline: str
) -> None:
    """If need be, a line is written twice, and why is said in the margin.

    In the last case no line can be: LibreOffice leaves an empty one before the second table.
    """
    assert lines(before, after) == redline
