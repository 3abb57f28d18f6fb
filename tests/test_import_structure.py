"""A document from elsewhere taken apart: clauses, numbers, levels, data; and every word counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.found_documents import found
from tests.prose_trees import wordings

from clausebook.clauses import read_clauses
from clausebook.drafts import Draft, draft_policy
from clausebook.found import Format, FoundDocument, FoundLine, FoundPart, FoundTable
from clausebook.imported import About, Structure
from clausebook.model import Kind, Mark
from clausebook.problems import Problems
from clausebook.prose import Strong, Text, inlines_of, plain
from clausebook.reading import read_policy
from clausebook.snapshot import Snapshot
from clausebook.source import Source
from clausebook.structure import structure

if TYPE_CHECKING:
    from clausebook.prose import Inlines


def drafted(found_: Structure) -> Draft:
    return draft_policy(found_, audiences=["staff"], codes=["AU"], used=["sm-3"], policy_id="made")


def outline(found_: Structure) -> list[str]:
    """Each clause on a line: its new number, and its first words."""
    draft = drafted(found_)
    return [f"{draft.labels[c.id]} {plain(c.words)}" for c in draft.clauses]


def doubts(found_: Structure) -> list[tuple[str, str]]:
    return [(remark.kind, remark.text) for remark in found_.remarks]


# -- numbers and levels ----------------------------------------------------------------


def test_numbers_of_several_parts_are_clauses_and_letters_are_items() -> None:
    made = structure(
        found(
            "Online Policy",
            "# [1] Rules",
            "[1.1] Be kind.",
            "[1.2] Staff must:",
            "[(a)] come;",
            "[(b)] see:",
            "[(i)] once;",
            "[(ii)] twice;",
            "[(c)] go.",
            "[1.3] That is all.",
        )
    )
    assert outline(made) == [
        "1 Rules",
        "1.1 Be kind.",
        "1.2 Staff must:",
        "1.2(a) come;",
        "1.2(b) see:",
        "1.2(b)(i) once;",
        "1.2(b)(ii) twice;",
        "1.2(c) go.",
        "1.3 That is all.",
    ]
    assert [c.label for c in made.clauses] == [
        *("1", "1.1", "1.2", "(a)", "(b)", "(i)", "(ii)", "(c)", "1.3"),
    ]


def test_i_after_h_is_a_letter_and_i_after_a_colon_is_a_roman_number() -> None:
    letters = [f"[({sign})] This is {sign}." for sign in "abcdefghij"]
    made = structure(found("A policy", "# Rules", "They are:", *letters))
    assert [c.clause.depth for c in made.clauses[2:]] == [1] * 10
    made = structure(
        found("A policy", "# Rules", "They are:", "[a.] one:", "[i.] in it", "[b.] two")
    )
    assert [c.clause.depth for c in made.clauses[2:]] == [1, 2, 1]


def test_single_numbers_under_a_heading_are_a_list_and_letters_stand_in_it() -> None:
    made = structure(
        found(
            "A policy",
            "[6] PERSONAL USE",
            "[1.] Staff do not name their school anywhere.",
            "[2.] Staff have no contact with pupils.",
            "  [a.] Family is different.",
            "  [b.] Ask if you are not sure.",
            "[3.] Staff decline requests.",
        )
    )
    assert [label.split(" ")[0] for label in outline(made)] == [
        *("1", "1.1", "1.2", "1.2(a)", "1.2(b)", "1.3"),
    ]


def test_a_paragraph_between_two_items_belongs_to_the_one_above_and_is_a_doubt() -> None:
    made = structure(
        found("A policy", "# Rules", "Think:", "[•] once;", "Someone did not.", "[•] twice.")
    )
    first = made.clauses[2]
    assert [plain(run) for run in inlines_of(first.clause.body)] == ["Someone did not."]
    assert doubts(made) == [("a paragraph without a number inside a list", "Someone did not.")]


def test_a_paragraph_between_two_numbered_clauses_is_its_own_and_is_a_doubt() -> None:
    made = structure(
        found("A policy", "# [2] Rules", "[2.1] One thing.", "And this.", "[2.2] Another.")
    )
    assert outline(made)[1:] == ["1.1 One thing.", "1.2 And this.", "1.3 Another."]
    assert [kind for kind, _ in doubts(made)] == [
        "a paragraph without a number among numbered ones"
    ]


def test_levels_deeper_than_policies_have_are_closed_up_and_told() -> None:
    made = structure(
        found(
            "A policy",
            *("# One", "## Two", "### Three", "#### Four", "Words stand here."),
            *("[1.] a:", "[(a)] b:", "[(i)] c:", "[(A)] d."),
        )
    )
    headings = [c.clause.depth for c in made.clauses if c.clause.kind is Kind.HEADING]
    assert headings == [2, 3, 4, 4]
    assert [c.clause.depth for c in made.clauses if c.clause.kind is Kind.ITEM] == [1, 2, 3, 3]
    assert [kind for kind, _ in doubts(made)] == [
        "a heading deeper than policies have",
        "a list deeper than policies have",
    ]


def test_levels_that_are_skipped_are_closed_up() -> None:
    made = structure(found("A policy", "# One", "### Three", "Words.", "# Four", "More words."))
    depths = [c.clause.depth for c in made.clauses if c.clause.kind is Kind.HEADING]
    assert depths == [2, 3, 2]


@pytest.mark.parametrize("heading", ["*Getting help*", "GETTING HELP", "Getting help"])
def test_a_short_line_above_wording_is_a_heading_and_a_doubt(heading: str) -> None:
    made = structure(
        found("A policy", heading, "Tell the designated lead about anything that worries you.")
    )
    assert outline(made)[0] == f"1 {heading.strip('*')}"
    assert [kind for kind, _ in doubts(made)] == ["a line taken for a heading"]


def test_short_items_without_stops_are_no_headings() -> None:
    made = structure(
        found("A policy", "# Tone", "Be:", "[•] Engaging", "[•] Friendly", "[1.] Kind")
    )
    assert [c.clause.kind for c in made.clauses[2:]] == [Kind.ITEM] * 3


# -- data ------------------------------------------------------------------------------

CONTROLS = [
    [["Issue", "3"], ["Owner", "Al Hart"], ["Approved by", "Trustees"], ["Next review", "May 27"]],
    [["Version", "3", "Author", "Al Hart"], ["Approved by", "Trustees", "Review date", "May 27"]],
    [["Version", "Owner", "Approved by", "Review due"], ["3", "Al Hart", "Trustees", "May 27"]],
]  # fmt: skip


@pytest.mark.parametrize("table", CONTROLS)
def test_a_control_table_is_data_in_any_form(table: list[list[str]]) -> None:
    made = structure(found("Online Policy", table, "# Rules", "Be kind."))
    said = {fact.about: fact.value for fact in made.facts}
    assert said[About.VERSION] == "3"
    assert said[About.OWNER] == "Al Hart"
    assert said[About.APPROVER] == "Trustees"
    assert said[About.NEXT_REVIEW] == "May 27"
    assert "owner: Al Hart\napprover: Trustees\n" in drafted(made).text


def test_lines_of_document_control_are_data() -> None:
    made = structure(
        found(
            *("Online Policy", "Version: 3", "# Rules", "Be kind.", "# Review", "We review it."),
            *("Adopted by the Governing Body on 21st April 2021", "Due for review in April 2023"),
        )
    )
    said = [(fact.about, fact.value) for fact in made.facts[1:]]
    assert said == [
        (About.VERSION, "3"),
        (About.APPROVED, "21st April 2021"),
        (About.NEXT_REVIEW, "April 2023"),
    ]
    assert "approver: Governing Body\n" in drafted(made).text


def test_a_history_of_changes_is_data_in_whatever_columns() -> None:
    rows = [["Review Date", "Changes made", "By whom", "Shared"], ["March 19", "b", "MW", "May"]]
    made = structure(found("Online Policy", "# History of changes", rows, "# Rules", "Be kind."))
    (history,) = made.histories
    assert [column.value for column in history.columns] == ["date", "what", "who", "other"]
    assert outline(made) == ["1 Rules", "1.1 Be kind."]


def test_any_other_table_belongs_to_the_clause_above() -> None:
    rows = [["Service", "Age"], ["Facebook", "13"]]
    made = structure(found("Online Policy", "# Ages", "They are:", rows, "[•] Ask."))
    assert len(made.clauses[1].clause.body) == 1
    assert outline(made)[2] == "1.1(a) Ask."


def test_a_table_of_contents_is_left_out_and_told() -> None:
    made = structure(
        found("Online Policy", "Contents", "Rules.....2", "Help 3", "# Rules", "Be kind.")
    )
    assert {left.what for left in made.left_out} == {"the table of contents"}
    assert outline(made) == ["1 Rules", "1.1 Be kind."]


def test_a_definition_begins_with_its_term_in_bold() -> None:
    made = structure(found("Online Policy", "# Rules", "It is so.", "*Staff*"))
    assert not any(c.clause.marks for c in made.clauses)
    term = FoundLine(
        where="x", words=(Strong((Text("Staff"),)), Text(" means everyone.")), label="•"
    )
    made = structure(found("Online Policy", "# Words", term))
    assert made.clauses[1].clause.marks == {Mark.DEFINITION}


def test_worked_examples_and_guidance_are_marked_where_they_say_so() -> None:
    made = structure(found("A policy", "# Rules", "Example: Jo writes to Al.", "Note: ask first."))
    assert [set(c.clause.marks) for c in made.clauses[1:]] == [{Mark.EXAMPLE}, {Mark.GUIDANCE}]


# -- laws ------------------------------------------------------------------------------

LABELS = [
    "",
    "",
    "•",
    "1.",
    "2.",
    "4.2",
    "4.2.1",
    "(a)",
    "(b)",
    "i.",
    "(ii)",
    "A.",
    "- a.",
    "4.2(a)",
]


@st.composite
def lines(draw: st.DrawFn) -> FoundLine:
    """Any line that a reader can give."""
    label = draw(st.sampled_from(LABELS))
    words: Inlines = draw(st.one_of(wordings(names=False), st.just(())))
    return FoundLine(
        where="there",
        words=words,
        label=label,
        typed=bool(label) and draw(st.booleans()),
        heading=draw(st.sampled_from([0, 0, 0, 1, 2, 5])),
        is_title=draw(st.sampled_from([False, False, False, True])),
        level=draw(st.sampled_from([None, None, 0, 1, 4])),
        indent=draw(st.sampled_from([0.0, 18.0, 36.0])),
        id=draw(st.sampled_from(["", "", "", "sm-1", "sm-3", "?"])),
        tags=draw(st.sampled_from([(), (), ("Guidance",), ("For staff",)])),
    )


@st.composite
def tables(draw: st.DrawFn) -> FoundTable:
    """Any table."""
    width = draw(st.integers(1, 3))
    cell = st.lists(lines(), max_size=2).map(tuple)
    row = st.tuples(*[cell] * width)
    return FoundTable(where="there", rows=tuple(draw(st.lists(row, max_size=3))))


@st.composite
def documents(draw: st.DrawFn) -> FoundDocument:
    """Any document whose reader has lost no word."""
    parts: tuple[FoundPart, ...] = tuple(
        draw(st.lists(st.one_of(lines(), lines(), tables()), max_size=8))
    )
    made = FoundDocument(name="a.docx", format=Format.WORD, parts=parts)
    return FoundDocument(name="a.docx", format=Format.WORD, parts=parts, words=made.carried)


@given(documents())
def test_words_in_are_words_out(document: FoundDocument) -> None:
    tally = structure(document).tally
    assert tally.balances, tally


@given(documents())
def test_a_draft_always_passes_our_own_reader(document: FoundDocument) -> None:
    made = structure(document)
    draft = drafted(made)
    tree = Snapshot({"policy_source/made/policy.md": draft.text.encode()})
    problems = Problems()
    policy = read_policy(tree, "made", problems)
    said = [p for p in problems if not (p.code == "no-clauses" and not made.clauses)]
    assert not said, [f"{p.code}: {p.message} {p.span}" for p in said]
    assert policy
    assert policy.outline.clauses == draft.clauses


@pytest.mark.parametrize(
    ("whole", "cuts"),
    [("<![CDATA[" * 300, 0), ("a" * 12_000, 23), ("see " + "b'" * 3_000 + " c", 11)],
)
def test_what_has_no_blank_for_so_long_is_divided_and_no_word_is_lost(
    whole: str, cuts: int
) -> None:
    made = structure(found("A policy", "# Rules", "Every one.", whole))
    assert made.tally.balances, made.tally
    assert made.tally.added == cuts
    assert len(made.clauses) > 4
    said = "".join(plain(one.clause.words) for one in made.clauses[2:])
    assert said.replace(" ", "") == whole.replace(" ", "")
    in_a_box = structure(found("A policy", "# Rules", "Every one.", [[whole]]))
    assert in_a_box.tally.balances, in_a_box.tally


def test_what_is_written_reads_back() -> None:
    made = structure(found("A policy", "# Rules", "[1.] One:", "[(a)] in;", "Out.", "[2.] Two."))
    text = drafted(made).text.partition("---\n\n")[2]
    problems = Problems()
    assert read_clauses(Source("x", text).passage(), problems) == drafted(made).clauses
    assert not problems.found
