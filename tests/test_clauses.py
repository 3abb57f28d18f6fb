"""The clause reader: what an editor types, and the clauses it becomes."""

from __future__ import annotations

import re
import time
from itertools import product
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.layouts import Written, documents

from clausebook.clauses import read_clauses, read_replacement
from clausebook.model import Clause, Kind, Mark
from clausebook.problems import Problem, Problems
from clausebook.prose import (
    Break,
    Code,
    Emphasis,
    Inlines,
    Link,
    Paragraph,
    PlainList,
    Quote,
    ReadyBlock,
    Reference,
    Strong,
    Table,
    Text,
    Value,
    plain,
)
from clausebook.source import Passage, Source
from clausebook.sourcefiles import decode

PLACE = Source("anywhere", "").whole()


def passage(text: str) -> Passage:
    return Source("policy_source/online/policy.md", text).passage()


def read(text: str) -> tuple[Clause, ...]:
    """The clauses of a text in which nothing is wrong."""
    problems = Problems()
    clauses = read_clauses(passage(text), problems)
    assert [problem.message for problem in problems] == []
    return clauses


def codes(text: str) -> list[str]:
    """What is wrong with a text, once each, in alphabetical order."""
    problems = Problems()
    read_clauses(passage(text), problems)
    return sorted({problem.code for problem in problems})


def wrong_with(text: str) -> list[Problem]:
    """Everything that is wrong with a text."""
    problems = Problems()
    read_clauses(passage(text), problems)
    return list(problems)


def only(text: str) -> Clause:
    """The one clause of a text."""
    (clause,) = read(text)
    return clause


def tree(clauses: tuple[Clause, ...], parent: str | None = None) -> str:
    """Who stands under whom, e.g. `lead(a(b c) d)`."""
    return " ".join(
        clause.id + (f"({below})" if (below := tree(clauses, clause.id)) else "")
        for clause in clauses
        if clause.parent == parent
    )


# -- where the ID stands -------------------------------------------------------------


def test_headings_paragraphs_and_items_end_with_their_id() -> None:
    text = """\
        ## Purpose {#sm-1}

        This policy sets out what we ask of: {#sm-2}

        - staff; {#sm-3}
        - visitors. {#sm-4}

        ### Scope {#sm-5}

        It holds everywhere. {#sm-6}
        """
    shown = [(c.id, c.kind, c.parent, c.depth, plain(c.words)) for c in read(dedent(text))]
    assert shown == [
        ("sm-1", Kind.HEADING, None, 2, "Purpose"),
        ("sm-2", Kind.PARAGRAPH, "sm-1", 0, "This policy sets out what we ask of:"),
        ("sm-3", Kind.ITEM, "sm-2", 1, "staff;"),
        ("sm-4", Kind.ITEM, "sm-2", 1, "visitors."),
        ("sm-5", Kind.HEADING, "sm-1", 3, "Scope"),
        ("sm-6", Kind.PARAGRAPH, "sm-5", 0, "It holds everywhere."),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Staff keep accounts apart. {#a}",
        "Staff keep accounts apart.{#a}",
        "Staff keep accounts apart. {: #a}",
        "Staff keep accounts apart. { #a }",
        "Staff keep accounts apart. {#a}   ",
        "Staff keep accounts\napart. {#a}",
        "Staff keep accounts apart.\n{#a}",
        "Staff\n   keep\n accounts\n        apart. {#a}\n",
        "\n\nStaff keep accounts apart. {#a}\n\n\n",
    ],
)
def test_a_paragraph_is_the_same_however_it_is_wrapped(text: str) -> None:
    clause = only(text)
    assert (clause.id, clause.words) == ("a", (Text("Staff keep accounts apart."),))


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("## Purpose {#a}", 2),
        ("##   Purpose   {#a}", 2),
        ("## Purpose {#a} ##", 2),
        ("## Purpose {#a} ########", 2),
        ("   ## Purpose {#a}", 2),
        ("Purpose {#a}\n---", 2),
        ("Purpose {#a}\n------------", 2),
        ("##\tPurpose {#a}", 2),
    ],
)
def test_every_way_to_write_a_heading_is_read(text: str, level: int) -> None:
    clause = only(text)
    assert (clause.kind, clause.depth, clause.words) == (Kind.HEADING, level, (Text("Purpose"),))


@pytest.mark.parametrize(
    ("inside", "marks", "audiences"),
    [
        ("#a", set(), ()),
        ("#a .locked", {Mark.LOCKED}, ()),
        ("#a .guidance .optional", {Mark.GUIDANCE, Mark.OPTIONAL}, ()),
        ('#a for="pupils parents"', set(), ("pupils", "parents")),
        ('.definition #a for="staff"', {Mark.DEFINITION}, ("staff",)),
        ('for="staff" #a .example', {Mark.EXAMPLE}, ("staff",)),
        (':  #a   .locked   for=" staff  governors " ', {Mark.LOCKED}, ("staff", "governors")),
    ],
)
def test_marks_and_audiences_stand_beside_the_id(
    inside: str, marks: set[Mark], audiences: tuple[str, ...]
) -> None:
    clause = only(f"Words. {{{inside}}}")
    assert clause.id == "a"
    assert clause.marks == frozenset(marks)
    assert clause.audiences == audiences


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("No ID here.", ["clause-without-id"]),
        ("## No ID here", ["clause-without-id"]),
        ("Lead: {#a}\n\n- no ID here", ["clause-without-id"]),
        ("An ID {#a} in the middle.", ["malformed-id"]),
        ("Two of them. {#a} {#b}", ["malformed-id"]),
        ("An escaped one. \\{#a}", ["malformed-id"]),
        ("In code: `{#a}`", ["clause-without-id"]),
        ("Not an ID. {#SM-1}", ["malformed-id"]),
        ("Not an ID. {#sm--1}", ["malformed-id"]),
        ("Not an ID. {#1}", ["malformed-id"]),
        ("Not an ID. {#sm_1}", ["malformed-id"]),
        ("Not an ID. {sm-1}", ["malformed-id"]),
        ("Nothing. {}", ["malformed-id"]),
        ("Two IDs. {#a #b}", ["malformed-id"]),
        ("For nobody. {#a for=''}", ["malformed-id"]),
        ('For nobody. {#a for=""}', ["malformed-id"]),
        ("Unquoted. {#a for=staff}", ["malformed-id"]),
        ("Another attribute. {#a style='x'}", ["malformed-id"]),
        ("Odd mark. {#a .blocked}", ["unknown-class"]),
        ("{#a}", ["empty-clause"]),
        ("## {#a}", ["empty-clause"]),
        ("- {#a}", ["empty-clause"]),
        ("-", ["empty-clause"]),
        ("-\u3000", ["empty-clause"]),
        ("12.\u3000", ["empty-clause"]),
        ("We have two:\n1.", ["clause-without-id", "unclear-nesting"]),
        ("# A title {#a}", ["heading-level"]),
        ("##### Too deep {#a}", ["heading-level"]),
        ("## Section {#a}\n\n#### Skips a level {#b}", ["heading-level"]),
        ("Title {#a}\n=====", ["heading-level"]),
    ],
)
def test_what_is_written_wrongly_is_told(text: str, wrong: list[str]) -> None:
    assert codes(text) == wrong


def test_every_clause_without_an_id_is_told_and_reading_goes_on() -> None:
    problems = Problems()
    clauses = read_clauses(passage("## One\n\nTwo.\n\n- three\n  - four {#d}\n"), problems)
    assert len(clauses) == 4
    assert [problem.span.line for problem in problems] == [1, 3, 5]


def test_a_clause_knows_where_its_id_is_written() -> None:
    lead, item = read("Lead\nwrapped: {#a}\n\n-   item {#b .locked}\n")
    assert (str(lead.span), lead.span.width) == ("policy_source/online/policy.md:2:10", 4)
    assert (str(item.span), item.span.width) == ("policy_source/online/policy.md:4:10", 12)


# -- nesting ---------------------------------------------------------------------------

UNCLEAR = "a problem"
"""What could be read in two ways is never guessed."""

LAYOUTS = [
    # every kind of marker and every step that reaches under the words above
    ("- a\n- b\n- c", "a b c"),
    ("* a\n* b\n* c", "a b c"),
    ("+ a\n+ b\n+ c", "a b c"),
    ("1. a\n2. b\n3. c", "a b c"),
    ("1) a\n2) b\n3) c", "a b c"),
    ("1. a\n1. b\n1. c", "a b c"),
    ("- a\n  - b\n    - c", "a(b(c))"),
    ("- a\n   - b\n      - c", "a(b(c))"),
    ("- a\n    - b\n        - c", "a(b(c))"),
    ("- a\n\t- b\n\t\t- c", "a(b(c))"),
    ("-\ta\n\t-\tb\n\t\t-\tc", "a(b(c))"),
    ("* a\n  + b\n    - c", "a(b(c))"),
    ("+ a\n    * b\n        + c", "a(b(c))"),
    ("1. a\n   1. b\n      1. c", "a(b(c))"),
    ("1. a\n    1. b\n        1. c", "a(b(c))"),
    ("1) a\n\t1) b\n\t\t1) c", "a(b(c))"),
    ("1. a\n   - b\n     1. c", "a(b(c))"),
    ("- a\n    1. b\n        - c", "a(b(c))"),
    ("-   a\n    -   b\n        -   c", "a(b(c))"),
    ("10. a\n    - b\n      - c", "a(b(c))"),
    # up again, to every level
    ("- a\n  - b\n    - c\n  - d\n- e", "a(b(c) d) e"),
    ("- a\n    - b\n        - c\n    - d\n- e", "a(b(c) d) e"),
    ("- a\n\t- b\n\t\t- c\n\t- d\n- e", "a(b(c) d) e"),
    ("- a\n  - b\n- c\n    - d", "a(b) c(d)"),
    # loose lists, and lists that are partly loose
    ("- a\n\n- b\n\n- c", "a b c"),
    ("- a\n\n  - b\n\n    - c", "a(b(c))"),
    ("- a\n\n    - b\n\n        - c", "a(b(c))"),
    ("- a\n  - b\n\n  - c\n\n- d", "a(b c) d"),
    ("- a\n\n  - b\n  - c\n- d", "a(b c) d"),
    ("1. a\n\n   - b\n\n2. c", "a(b) c"),
    # words that go on in the next line
    ("- a\n  wrapped\n- b", "a b"),
    ("- a\nwrapped\n- b", "a b"),
    ("- a\n  - b\n    wrapped\n  - c", "a(b c)"),
    ("- a\n  - b\nwrapped\n- c", "a(b) c"),
    # two lists beside each other
    ("- a\n* b", "a b"),
    ("- a\n- b\n1. c\n2. d", "a b c d"),
    ("- a\n  - b\n  1. c", "a(b c)"),
    # mixed steps, where each is clear
    ("- a\n    - b\n      - c", "a(b(c))"),
    ("- a\n  - b\n        - c", UNCLEAR),
    ("- a\n  - b\n\n        - c", UNCLEAR),
    # one space is neither beside nor under
    ("- a\n - b", UNCLEAR),
    ("- a\n\n - b", UNCLEAR),
    ("- a\n  - b\n   - c", UNCLEAR),
    ("- a\n  - b\n   * c", UNCLEAR),
    ("- a\n  - b\n   1. c", UNCLEAR),
    ("- a\n    - b\n   - c", UNCLEAR),
    ("- a\n    - b\n  - c", UNCLEAR),
    ("- a\n    1. b\n      - c", UNCLEAR),
    ("- a\n    1. b\n  - c", UNCLEAR),
    ("- a\n\n    1. b\n\n      - c", UNCLEAR),
    ("1. a\n - b", UNCLEAR),
    ("1. a\n  - b", UNCLEAR),
    ("1. a\n  1. b", UNCLEAR),
    ("10. a\n   - b", UNCLEAR),
    ("-   a\n  - b", UNCLEAR),
    ("-   a\n   - b", UNCLEAR),
    # indented so far that Markdown sees code, or the words above going on
    ("- a\n      - b", UNCLEAR),
    ("- a\n\n      - b", UNCLEAR),
    ("- a\n        - b", UNCLEAR),
    ("- a\n\n\t\t- b", UNCLEAR),
    # a whole list off the margin
    ("  - a\n  - b", UNCLEAR),
    ("    - a\n    - b", UNCLEAR),
    (" - a\n- b", UNCLEAR),
    # a numbered list that does not begin with 1 cannot follow words directly
    ("- a\n  2. b", UNCLEAR),
    # a fourth level has no kind of number
    ("- a\n  - b\n    - c\n      - d", UNCLEAR),
    ("1. a\n   - b\n     - c\n       - d", UNCLEAR),
    # a list in the same line as its item
    ("- - a", "a problem"),
]


def with_ids(layout: str) -> str:
    """`- a` becomes `- a {#a}`; where words go on, the ID stands at their end."""
    marked = re.sub(r"\b([a-e])$", r"\1 {#\1}", layout, flags=re.MULTILINE)
    return re.sub(r" \{#([a-e])\}(\n\s*wrapped)$", r"\2 {#\1}", marked, flags=re.MULTILINE)


@pytest.mark.parametrize(("layout", "meaning"), LAYOUTS, ids=[repr(la) for la, _ in LAYOUTS])
def test_a_list_nests_as_it_looks_or_is_a_problem(layout: str, meaning: str) -> None:
    text = f"Lead: {{#lead}}\n\n{with_ids(layout)}\n"
    if meaning == UNCLEAR:
        assert {"unclear-nesting", "empty-clause"} & set(codes(text))
    else:
        assert tree(read(text)) == f"lead({meaning})"


INDENTS = ["", " ", "  ", "   ", "    ", "     ", "      ", "        ", "\t", "\t\t"]
MARKERS = ["- ", "* ", "1. "]


def eye(indents: list[str]) -> str:
    """What a reader takes a list for: an item stands under the nearest one further left."""
    columns = [len(indent.expandtabs(4)) for indent in indents]

    def below(parent: int | None) -> str:
        parts = []
        for n, column in enumerate(columns):
            left = [k for k in range(n) if columns[k] < column]
            if (left[-1] if left else None) == parent:
                inner = below(n)
                parts.append("abcd"[n] + (f"({inner})" if inner else ""))
        return " ".join(parts)

    return below(None)


@pytest.mark.parametrize("between", ["\n", "\n\n"], ids=["tight", "loose"])
def test_three_items_are_never_read_other_than_they_look(between: str) -> None:
    """All indentations and markers there are: the tree that the eye sees, or a problem."""
    read_well = 0
    for indents in product(INDENTS, repeat=2):
        for markers in product(MARKERS, repeat=3):
            lines = [
                f"{indent}{marker}{name} {{#{name}}}"
                for indent, marker, name in zip(("", *indents), markers, "abc", strict=True)
            ]
            problems = Problems()
            text = f"Lead: {{#lead}}\n\n{between.join(lines)}\n"
            clauses = read_clauses(passage(text), problems)
            if not problems.found:
                read_well += 1
                assert tree(clauses) == f"lead({eye(['', *indents])})", text
    assert read_well > 500


@given(
    st.lists(
        st.tuples(
            st.sampled_from(INDENTS), st.sampled_from([*MARKERS, "+ ", "1) ", "-   ", "-\t"])
        ),
        min_size=4,
        max_size=4,
    ),
    st.lists(st.sampled_from(["\n", "\n\n"]), min_size=4, max_size=4),
)
@settings(max_examples=400)
def test_four_items_are_never_read_other_than_they_look(
    items: list[tuple[str, str]], gaps: list[str]
) -> None:
    text = "Lead: {#lead}\n\n"
    for (indent, marker), name, gap in zip(items, "abcd", gaps, strict=True):
        text += f"{indent}{marker}{name} {{#{name}}}{gap}"
    problems = Problems()
    clauses = read_clauses(passage(text), problems)
    if not problems.found:
        assert tree(clauses) == f"lead({eye([indent for indent, _ in items])})"


@given(documents())
@settings(max_examples=60)
def test_law_a_policy_reads_the_same_in_every_legal_layout(written: Written) -> None:
    """Any tree of clauses, indented, wrapped and spaced in any legal way, is read as it was."""
    problems = Problems()
    source = decode("policy.md", written.data, problems)
    assert source is not None
    clauses = read_clauses(source.passage(), problems)
    assert [problem.message for problem in problems] == []
    assert clauses == written.clauses


# -- what belongs to a clause ------------------------------------------------------------


def test_a_table_belongs_to_the_clause_before_it() -> None:
    text = """\
        Each account has one keeper: {#a}

        | Account  | Kept by            | Open to |
        | :------- | :----------------: | ------: |
        | Facebook | **School office**  |     13+ |
        | X        | {{ contact.dsl }}  |

        Next. {#b}
        """
    table, after = read(dedent(text))
    assert table.body == (
        Table(
            header=((Text("Account"),), (Text("Kept by"),), (Text("Open to"),)),
            align=("left", "center", "right"),
            rows=(
                ((Text("Facebook"),), (Strong((Text("School office"),)),), (Text("13+"),)),
                ((Text("X"),), (Value("contact.dsl", PLACE),), ()),
            ),
        ),
    )
    assert after.body == ()


def test_quotations_hold_paragraphs_and_plain_lists() -> None:
    text = """\
        The form says: {#a}

        > I agree that
        > you may post:
        >
        > - my picture,
        > - {{ consent_form }}
        > - my **work**.
        >
        > 1. First name only
        >
        > Signed

        """
    assert only(dedent(text)).body == (
        Quote(
            (
                Paragraph((Text("I agree that you may post:"),)),
                PlainList(
                    (
                        (Text("my picture,"),),
                        (Value("consent_form", PLACE),),
                        (Text("my "), Strong((Text("work"),)), Text(".")),
                    )
                ),
                PlainList(((Text("First name only"),),), ordered=True),
                Paragraph((Text("Signed"),)),
            )
        ),
    )


def test_an_item_keeps_what_is_indented_under_it() -> None:
    text = """\
        Lead: {#a}

        -   item {#b}

            A further paragraph
            of the item.

            > A quotation.

            | a |
            | - |
            | b |

            {{ contact.dsl.card }}

            - nested {#c}
        -   next {#d}
        """
    clauses = read(dedent(text))
    assert tree(clauses) == "a(b(c) d)"
    assert clauses[1].body == (
        Paragraph((Text("A further paragraph of the item."),)),
        Quote((Paragraph((Text("A quotation."),)),)),
        Table(header=((Text("a"),),), align=("",), rows=(((Text("b"),),),)),
        ReadyBlock(Value("contact.dsl.card", PLACE)),
    )
    assert all(clause.body == () for clause in clauses if clause.id != "b")


def test_a_paragraph_that_is_one_value_is_a_ready_block_of_the_clause_before() -> None:
    lead, after = read("Ask: {#a}\n\n{{ contact.dsl.card }}\n\n{{ pupils }} may ask too. {#b}\n")
    assert lead.body == (ReadyBlock(Value("contact.dsl.card", PLACE)),)
    assert plain(after.words) == "{{ pupils }} may ask too."


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("| a |\n| - |\n| b |", "misplaced-block"),
        ("> A quotation of nobody's.", "misplaced-block"),
        ("Lead: {#a}\n\n- item {#b}\n\n> After the list.", "misplaced-block"),
        ("Lead: {#a}\n\n- item {#b}\n\n{{ contact.dsl.card }}", "misplaced-block"),
        ("Lead: {#a}\n\n- item {#b}\n\n  - nested {#c}\n\n  After it.", "misplaced-block"),
        ("Words. {#a}\n\n> ## A heading", "unsupported-markdown"),
        ("Words. {#a}\n\n> - one\n>   - two", "unsupported-markdown"),
        ("Words. {#a}\n\n---", "unsupported-markdown"),
        ("Words. {#a}\n\n```\ncode\n```", "unsupported-markdown"),
        ("Words. {#a}\n\n    code", "unclear-nesting"),
        ("Words. {#a}\n\n<div>block</div>", "raw-html"),
        ("Words <b>loud</b>. {#a}", "raw-html"),
        ("Words <!-- a comment inside --> go on. {#a}", "raw-html"),
        ("Words. {#a}\n\n<!-- never closed", "raw-html"),
        ("Words. {#a}\n\n<!-- closed --> and more", "raw-html"),
        ("See ![a picture](https://example.org/a.png). {#a}", "unsupported-markdown"),
        ("See [this][1]. {#a}\n\n[1]: https://example.org/lost", "clause-without-id"),
    ],
)
def test_what_a_policy_cannot_hold_is_told_and_never_lost_in_silence(text: str, wrong: str) -> None:
    assert wrong in codes(text)


@pytest.mark.parametrize(
    "comment",
    [
        "<!-- one line -->",
        "<!-- two\nlines -->",
        "<!--\n\n- with {#x}\n\n# anything\n-->",
        "<!---->",
    ],
)
def test_comments_on_lines_of_their_own_are_dropped(comment: str) -> None:
    without = "## One {#a}\n\nTwo: {#b}\n\n- three {#c}\n\n- four {#d}\n\nFive. {#e}\n"
    commented = without.replace("\n\n", f"\n\n{comment}\n\n")
    assert read(f"{comment}\n{commented}\n{comment}\n") == read(without)
    assert read(f"Words. {{#a}}\n{comment}") == read("Words. {#a}")


# -- words ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("**bold**", (Strong((Text("bold"),)),)),
        ("__bold__", (Strong((Text("bold"),)),)),
        ("*stress*", (Emphasis((Text("stress"),)),)),
        ("_stress_", (Emphasis((Text("stress"),)),)),
        ("***both***", (Emphasis((Strong((Text("both"),)),)),)),
        ("`@name`", (Code("@name"),)),
        ("`` a`b ``", (Code("a`b"),)),
        ("{{ pupils }}", (Value("pupils", PLACE),)),
        ("{{pupils.possessive}}", (Value("pupils.possessive", PLACE),)),
        ("**{{ pupils }}**", (Strong((Value("pupils", PLACE),)),)),
        ("a\nb", (Text("a b"),)),
        ("a\\\nb", (Text("a"), Break(), Text("b"))),
        ("a  \nb", (Text("a"), Break(), Text("b"))),
        ("[DfE](https://www.gov.uk)", (Link("https://www.gov.uk", (Text("DfE"),)),)),
        ("[a *b*](tel:999)", (Link("tel:999", (Text("a "), Emphasis((Text("b"),)))),)),
        ("[us](mailto:a@example.org)", (Link("mailto:a@example.org", (Text("us"),)),)),
        (
            "<https://a.example.org>",
            (Link("https://a.example.org", (Text("https://a.example.org"),)),),
        ),
        ("[sm-4](#sm-4)", (Reference("sm-4", (), PLACE),)),
        ("[](#sm-4)", (Reference("sm-4", (), PLACE),)),
        ("[the steps](#sm-4)", (Reference("sm-4", (Text("the steps"),), PLACE),)),
        ("&pound;5 &amp; more", (Text("£5 & more"),)),
        ("5 \\* 3 = 15", (Text("5 * 3 = 15"),)),
        ("AT&T", (Text("AT&T"),)),
        ("snake_case_name", (Text("snake_case_name"),)),
        ("“quoted” – ‘dashes’", (Text("“quoted” – ‘dashes’"),)),
        ("[note]", (Text("[note]"),)),
        ("a {b} c", (Text("a {b} c"),)),
    ],
)
def test_markdown_inside_a_line_becomes_pieces(text: str, words: object) -> None:
    assert only(f"{text}\n{{#a}}").words == words
    (_, item) = read(f"Lead: {{#l}}\n\n- {text}\n  {{#a}}")
    assert item.words == words


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("[x](javascript:alert(1))", "unsafe-link"),
        ("[x](JaVaScRiPt:alert)", "unsafe-link"),
        ("[x](data:text/html,hi)", "unsafe-link"),
        ("[x](&#106;avascript:alert)", "unsafe-link"),
        ("[x](other.md)", "unsafe-link"),
        ("[x](//evil.example.org)", "unsafe-link"),
        ("[](https://example.org)", "unsafe-link"),
        ("{{ pupils }", "malformed-value"),
        ("{{ pupils", "malformed-value"),
        ("{{ pu\npils }}", "malformed-value"),
        ("{% if x %}", "malformed-value"),
        ("a {: .b } c", "malformed-id"),
    ],
)
def test_links_and_braces_that_go_nowhere_are_told(text: str, wrong: str) -> None:
    assert wrong in codes(f"Words {text} words. {{#a}}")


# -- the file ----------------------------------------------------------------------------


TEXT = "## One {#a}\n\nTwo “quoted”\nand wrapped: {#b}\n\n- three {#c}\n  - four {#d}\n"


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace("\n", "\r").encode(),
        TEXT.replace("\n", "\r\n").encode("utf-8-sig"),
        TEXT.rstrip("\n").encode(),
    ],
    ids=["Linux", "byte-order mark", "Windows", "old Mac", "Notepad", "no last line end"],
)
def test_every_editors_files_read_alike(data: bytes) -> None:
    problems = Problems()
    source = decode("policy.md", data, problems)
    assert source is not None
    assert read_clauses(source.passage(), problems) == read(TEXT)
    assert not problems.found


# -- replacements ---------------------------------------------------------------------------


def replacement(text: str) -> tuple[object, list[str]]:
    problems = Problems()
    wording = read_replacement(passage(text), problems)
    return wording, sorted({problem.code for problem in problems})


def test_a_replacement_is_a_paragraph_and_what_belongs_to_it() -> None:
    wording, wrong = replacement("Ask\n**first**.\n\n> A quotation.\n\n{{ contact.dsl.card }}\n")
    assert wrong == []
    assert wording == (
        (Text("Ask "), Strong((Text("first"),)), Text(".")),
        (
            Quote((Paragraph((Text("A quotation."),)),)),
            ReadyBlock(Value("contact.dsl.card", PLACE)),
        ),
    )


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Words. {#sm-17}", ["malformed-id"]),
        ("Words:\n\n- with an item", ["misplaced-block"]),
        ("Words.\n\nAnd more words.", ["misplaced-block"]),
        ("", ["empty-clause"]),
        ("<!-- only a comment -->", ["empty-clause"]),
        ("12.\u3000", []),
    ],
)
def test_a_replacement_is_the_wording_of_one_clause(text: str, wrong: list[str]) -> None:
    assert replacement(text)[1] == wrong


# -- what making files up has found ---------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("B&#10;c&NewLine;d", (Text("B c d"),)),
        ("B  \n&NewLine;", (Text("B"),)),
        ("B&Tab;  \n&NewLine; c", (Text("B"), Break(), Text("c"))),
        ("**a**__b__", (Strong((Text("ab"),)),)),
        ("*a*_b_", (Emphasis((Text("ab"),)),)),
        ("*a _b_ c*", (Emphasis((Text("a b c"),)),)),
        ("**a *b **c** d***", (Strong((Text("a "), Emphasis((Text("b c d"),)))),)),
    ],
)
def test_wording_has_one_form_however_it_is_marked(text: str, words: Inlines) -> None:
    """A line break that was written as a number, and marks beside or inside their like."""
    assert read(f"{text} {{#a-1}}\n")[0].words == words


@pytest.mark.parametrize("text", ["#\u00a0 \n", "&#10;\n", "&nbsp; {#a-2}\n", "> &#32;\n"])
def test_a_clause_of_what_nobody_can_see_is_told(text: str) -> None:
    assert [p.code for p in wrong_with(f"A {{#a-1}}\n\n{text}")] == ["empty-clause"]


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("\u00a0\nB {# b}c\n", 2, 3),
        ("1. 1\n", 1, 4),
        ("## ## a\n", 1, 4),
        ("> - - x {#b}\n", 1, 9),
    ],
)
def test_a_place_is_that_of_the_words_and_not_of_what_stands_before(
    text: str, line: int, column: int
) -> None:
    assert (line, column) in {(p.span.line, p.span.column) for p in wrong_with(text)}


def test_a_place_ends_with_its_line() -> None:
    for problem in wrong_with("A t<!--wo\n-<!-- x --> y {#a-2}\n"):
        line = problem.span.source.lines[problem.span.line - 1]
        assert problem.span.column - 1 + problem.span.width <= len(line)


def test_a_long_policy_is_read_in_seconds() -> None:
    """Once, every place had the whole text cut into lines again."""
    text = "".join(f"Ask {{{{ pupils }}}} {{#a-{n}}}\n\n" for n in range(9_000))
    begun = time.process_time()
    read(text)
    assert time.process_time() - begun < 10  # it took 25 s; it takes a half
