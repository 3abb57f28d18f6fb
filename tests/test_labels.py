"""Printed numbers: the trust's own, and those of what a group or a school adds between them.

Here an ID that begins with `g-` is a clause of the group's, with `s-` one of the school's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clausebook.clauses import read_clauses
from clausebook.labels import Numbered, letters, number_clauses, roman
from clausebook.model import Clause, Kind, Outline
from clausebook.problems import Problems
from clausebook.source import Source

LAYERS = {"g-": "group", "s-": "school"}


def layer_of(clause_id: str) -> str | None:
    return LAYERS.get(clause_id[:2])


def labels(text: str) -> Mapping[str, str]:
    """The number of every clause of a policy as it is published."""
    problems = Problems()
    clauses = read_clauses(Source("policy.md", dedent(text)).passage(), problems)
    assert [problem.message for problem in problems] == []
    return number_clauses([Numbered(clause, layer_of(clause.id)) for clause in clauses])


def numbered(text: str) -> str:
    """IDs and their numbers on one line."""
    return " ".join(f"{clause_id}={label}" for clause_id, label in labels(text).items())


# -- the trust's own numbers ----------------------------------------------------------------


def test_sections_clauses_and_items_down_to_the_third_level() -> None:
    text = """\
        ## One {#h1}

        ## Two {#h2}

        First. {#a}

        Second: {#b}

        - item: {#c}
          - nested: {#d}
            - nested twice; {#e}
            - again; {#f}
          - nested; {#g}
        - item. {#h}

        Third: {#i}

        - item. {#j}
        """
    assert numbered(text) == (
        "h1=1 h2=2 a=2.1 b=2.2 c=2.2(a) d=2.2(a)(i) e=2.2(a)(i)(1) f=2.2(a)(i)(2) "
        "g=2.2(a)(ii) h=2.2(b) i=2.3 j=2.3(a)"
    )


def test_items_directly_under_a_heading_count_as_its_clauses() -> None:
    text = """\
        ## One {#h1}

        - item: {#a}
          - nested: {#b}
            - nested twice. {#c}
        - item. {#d}

        A paragraph after them. {#e}
        """
    assert numbered(text) == "h1=1 a=1.1 b=1.1(a) c=1.1(a)(i) d=1.2 e=1.3"


def test_subsections_count_with_the_clauses_beside_them() -> None:
    text = """\
        ## One {#h1}

        First. {#a}

        ### Sub {#h2}

        Below. {#b}

        #### Deeper {#h3}

        - item. {#c}

        ### Sub again {#h4}

        ## Two {#h5}
        """
    assert numbered(text) == "h1=1 a=1.1 h2=1.2 b=1.2.1 h3=1.2.2 c=1.2.2.1 h4=1.3 h5=2"


def test_clauses_before_any_heading_are_numbered_too() -> None:
    assert numbered("First: {#a}\n\n- item. {#b}\n\n## Title {#c}\n") == "a=1 b=1(a) c=2"


def test_a_numbered_list_has_the_same_labels_as_any_other() -> None:
    assert numbered("## H {#h}\n\nDo: {#a}\n\n1. this {#b}\n2. that {#c}\n") == (
        "h=1 a=1.1 b=1.1(a) c=1.1(b)"
    )


# -- what is added between them -------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("## H {#h}\n\nA. {#a}\n\nNew. {#s-1}\n\nB. {#b}", "h=1 a=1.1 s-1=1.1A b=1.2"),
        ("## H {#h}\n\nNew. {#s-1}\n\nA. {#a}", "h=1 s-1=1.0A a=1.1"),
        (
            "## H {#h}\n\nA. {#a}\n\nNew. {#s-1}\n\nNew. {#s-2}\n\nB. {#b}\n\nNew. {#s-3}",
            "h=1 a=1.1 s-1=1.1A s-2=1.1B b=1.2 s-3=1.2A",
        ),
        (
            "## H {#h}\n\nA: {#a}\n\n- x {#x}\n- y {#y}\n- new {#s-1}\n- z {#z}",
            "h=1 a=1.1 x=1.1(a) y=1.1(b) s-1=1.1(bA) z=1.1(c)",
        ),
        (
            "## H {#h}\n\nA: {#a}\n\n- new {#s-1}\n- x {#x}",
            "h=1 a=1.1 s-1=1.1(A) x=1.1(a)",
        ),
        (
            "## H {#h}\n\nA: {#a}\n\n- new {#s-1}\n- new {#s-2}",
            "h=1 a=1.1 s-1=1.1(A) s-2=1.1(B)",
        ),
        (
            "## H {#h}\n\nA: {#a}\n\n- x {#x}\n  - p {#p}\n  - new {#s-1}",
            "h=1 a=1.1 x=1.1(a) p=1.1(a)(i) s-1=1.1(a)(iA)",
        ),
        (
            "## H {#h}\n\nA: {#a}\n\n- x {#x}\n  - p {#p}\n    - q {#q}\n    - new {#s-1}",
            "h=1 a=1.1 x=1.1(a) p=1.1(a)(i) q=1.1(a)(i)(1) s-1=1.1(a)(i)(1A)",
        ),
        ("## New {#s-1}\n\n## H {#h}", "s-1=0A h=1"),
        ("## H {#h}\n\n## New {#s-1}\n\n## I {#i}", "h=1 s-1=1A i=2"),
        (
            "## H {#h}\n\nA. {#a}\n\n### New {#s-1}\n\nB. {#s-2}",
            "h=1 a=1.1 s-1=1.1A s-2=1.1A.1",
        ),
    ],
)
def test_an_addition_takes_the_number_before_it_and_a_capital(text: str, expected: str) -> None:
    assert numbered(text) == expected


def test_what_stands_under_an_addition_is_numbered_from_one() -> None:
    text = """\
        ## H {#h}

        First. {#a}

        New: {#s-1}

        - item: {#s-2}
          - nested: {#s-3}
            - twice. {#s-4}
        - item. {#s-5}

        ## New section {#s-6}

        Clause: {#s-7}

        - item. {#s-8}
        """
    assert numbered(text) == (
        "h=1 a=1.1 s-1=1.1A s-2=1.1A(a) s-3=1.1A(a)(i) s-4=1.1A(a)(i)(1) s-5=1.1A(b) "
        "s-6=1A s-7=1A.1 s-8=1A.1(a)"
    )


def test_a_group_and_a_school_share_one_row_of_letters() -> None:
    text = """\
        ## H {#h}

        First. {#a}

        The group's: {#g-1}

        - its item {#g-2}
        - the school's item {#s-1}
        - its item {#g-3}

        The school's. {#s-2}

        Second. {#b}
        """
    assert numbered(text) == (
        "h=1 a=1.1 g-1=1.1A g-2=1.1A(a) s-1=1.1A(aA) g-3=1.1A(b) s-2=1.1B b=1.2"
    )


def test_more_additions_than_letters() -> None:
    text = "## H {#h}\n\nA. {#a}\n\n" + "".join(f"New. {{#s-{n}}}\n\n" for n in range(1, 29))
    found = labels(text)
    assert [found[f"s-{n}"] for n in (1, 26, 27, 28)] == ["1.1A", "1.1Z", "1.1AA", "1.1AB"]


# -- letters and numerals -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "sign"),
    [(0, ""), (1, "a"), (2, "b"), (26, "z"), (27, "aa"), (52, "az"), (53, "ba"), (702, "zz")],
)
def test_letters(number: int, sign: str) -> None:
    assert letters(number) == sign


@pytest.mark.parametrize(
    ("number", "sign"),
    [(0, ""), (1, "i"), (3, "iii"), (4, "iv"), (5, "v"), (9, "ix"), (14, "xiv"), (40, "xl"),
     (49, "xlix"), (90, "xc"), (400, "cd"), (1999, "mcmxcix")],
)  # fmt: skip
def test_roman_numerals(number: int, sign: str) -> None:
    assert roman(number) == sign


# -- laws -----------------------------------------------------------------------------------


@st.composite
def published(draw: st.DrawFn) -> list[Numbered]:
    """Any policy, some of whose clauses, with all that stands under them, are additions."""
    above: list[Numbered] = []
    """The clauses under which the next one can stand, farthest first."""
    entries: list[Numbered] = []
    for number in range(draw(st.integers(1, 25))):
        above = above[: draw(st.integers(0, len(above)))]
        parent = above[-1] if above else None
        kinds = list(Kind) if parent is None or parent.clause.kind is Kind.HEADING else [Kind.ITEM]
        layer = parent.layer if parent else None
        order = [None, "group", "school"]
        clause = Clause(
            id=f"c-{number}",
            kind=draw(st.sampled_from(kinds)),
            parent=parent.clause.id if parent else None,
            depth=0,
            words=(),
            span=Source("policy.md", "").whole(),
        )
        later = order[order.index(layer) :]
        entries.append(Numbered(clause, draw(st.sampled_from(later))))
        above = [*above, entries[-1]]
    return entries


@given(published())
@settings(deadline=None)
def test_law_no_two_clauses_have_the_same_number(entries: Sequence[Numbered]) -> None:
    found = number_clauses(entries)
    assert set(found) == {entry.clause.id for entry in entries}
    assert len(set(found.values())) == len(entries)
    assert all(found.values())


@given(published())
@settings(deadline=None)
def test_law_the_trusts_numbers_are_the_same_whatever_is_added(entries: Sequence[Numbered]) -> None:
    own = [entry for entry in entries if entry.layer is None]
    with_additions = number_clauses(entries)
    assert {entry.clause.id: with_additions[entry.clause.id] for entry in own} == dict(
        number_clauses(own)
    )


@given(published())
@settings(deadline=None)
def test_law_a_number_begins_with_that_of_the_clause_above(entries: Sequence[Numbered]) -> None:
    found = number_clauses(entries)
    outline = Outline(tuple(entry.clause for entry in entries))
    for clause in outline:
        for above in outline.ancestors(clause.id):
            assert found[clause.id].startswith(found[above.id])


@given(published())
@settings(deadline=None)
def test_law_only_additions_have_capitals(entries: Sequence[Numbered]) -> None:
    found = number_clauses(entries)
    for entry in entries:
        has_capital = found[entry.clause.id] != found[entry.clause.id].lower()
        assert has_capital == (entry.layer is not None)
