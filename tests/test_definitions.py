"""Defined terms: what a policy defines, and which words of its clauses are marked as defined."""

from __future__ import annotations

import pytest

from clausebook.definitions import TERM, Glossary, glossary
from clausebook.model import Clause, Kind, Mark, Provenance, TailoredClause, TailoredPolicy
from clausebook.problems import Problems
from clausebook.prose import Blocks, Inlines, Link, Paragraph, plain, walk
from clausebook.source import Source
from clausebook.wording import Run, read_inline


def words(text: str) -> Inlines:
    problems = Problems()
    found = read_inline(Run(Source("", text).passage(), 0, text), problems)
    assert not problems.found
    return found


def clause(text: str, clause_id: str = "x-1", kind: Kind = Kind.PARAGRAPH) -> Clause:
    return Clause(
        id=clause_id,
        kind=kind,
        parent=None,
        depth=0,
        words=words(text),
        marks=frozenset(),
        span=Source("", "").whole(),
    )


def explain(known: Glossary, one: Clause) -> tuple[Inlines, Blocks]:
    """A clause's wording with its terms marked."""
    return known.explain(one.id, one.kind, one.words, one.body)


def marked(text: str, **homes: str) -> list[str]:
    """The words of a clause that lead to a definition, each with where to."""
    known = Glossary({form.replace("_", " "): home for form, home in homes.items()})
    explained, _ = explain(known, clause(text))
    assert plain(explained) == plain(words(text))
    return [
        f"{plain(word.children)}>{word.href}"
        for word in walk(explained)
        if isinstance(word, Link) and word.style == TERM
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ask staff first.", ["staff>#d"]),
        ("Staff must ask.", ["Staff>#d"]),
        ("Ask. Staff must know.", ["Staff>#d"]),
        ("the Staff Code of Conduct", []),
        ("the staffing of schools", []),
        ("non-staff members", []),
        ("staff-room", []),
        ("the staff’s work, and staff again", ["staff’s>#d"]),
        ("the staff's work", ["staff's>#d"]),
        ("(staff)", ["staff>#d"]),
        ("‘staff’", ["staff>#d"]),
        ("*staff* stressed", ["staff>#d"]),
        ("**All staff** must tell staff", ["staff>#d"]),
        ("[staff](https://example.org) page", []),
        ("`staff` as typed", []),
        ("see [staff](#x-9)", []),
    ],
)
def test_the_first_use_of_a_term_is_marked_in_running_words(text: str, found: list[str]) -> None:
    assert marked(text, staff="d") == found


def test_the_longest_term_is_marked() -> None:
    both = {"account": "a", "official_account": "b", "official_accounts": "b"}
    text = "Official accounts, and any other account."
    assert marked(text, **both) == ["Official accounts>#b", "account>#a"]


def test_a_definition_does_not_explain_itself() -> None:
    own = Glossary({"staff": "x-1"})
    text = "**Staff** means staff."
    assert explain(own, clause(text)) == (words(text), ())


def test_headings_are_left_alone_and_paragraphs_of_a_clause_are_not() -> None:
    known = Glossary({"staff": "d"})
    heading = clause("Advice for staff", kind=Kind.HEADING)
    assert explain(known, heading) == (heading.words, ())
    longer = clause("Ask.")
    longer = Clause(
        id=longer.id,
        kind=longer.kind,
        parent=None,
        depth=0,
        words=longer.words,
        body=(Paragraph(words("Or ask staff.")),),
        span=longer.span,
    )
    _, (paragraph,) = explain(known, longer)
    assert isinstance(paragraph, Paragraph)
    assert any(isinstance(word, Link) for word in paragraph.words)


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("**Staff** means everyone here.", {"staff", "staffs"}),
        ("**DSL** means a person.", {"DSL", "DSLs"}),
        ("**Duty** means what is owed.", {"duty", "duties"}),
        (
            "**Personal account** means one; a **work account** is another, *never* **both**.",
            {"personal account", "personal accounts", "work account", "work accounts"},
        ),
    ],
)
def test_what_is_defined_stands_in_bold(text: str, forms: set[str]) -> None:
    assert set(glossary(policy(text)).homes) == forms


def test_what_was_left_out_defines_nothing() -> None:
    assert not glossary(policy("**Staff** means us.", Provenance.OMITTED)).homes


def policy(text: str, provenance: Provenance = Provenance.TRUST) -> TailoredPolicy:
    """Give a policy of one definition, as far as its glossary looks at it."""
    one = clause(text)
    definition = Clause(
        id=one.id,
        kind=one.kind,
        parent=None,
        depth=0,
        words=one.words,
        marks=frozenset({Mark.DEFINITION}),
        span=one.span,
    )
    shown = TailoredClause(
        clause=definition,
        shown=definition,
        label="1",
        basis=definition,
        provenance=provenance,
        departure=None,
    )
    policy = TailoredPolicy.__new__(TailoredPolicy)
    object.__setattr__(policy, "clauses", (shown,))
    return policy
