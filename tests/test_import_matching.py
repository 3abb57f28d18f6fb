"""A document held against a master: which clause is which, and the school's file that follows."""

from __future__ import annotations

import os
from dataclasses import replace
from functools import cache

import pytest
from tests.conftest import ROOT
from tests.found_documents import Part, as_found, found, printed
from tests.published_policies import SOURCES
from tests.source_documents import source_documents

from clausebook.bodies import layers_for
from clausebook.documents import read_content
from clausebook.draftoverrides import Drafted, Ground, draft_overrides
from clausebook.drafts import draft_policy
from clausebook.everything import open_tree
from clausebook.imported import Structure
from clausebook.matched import Fate, Matching
from clausebook.matches import match
from clausebook.model import Add, Omit, Provenance, Replace, TailoredPolicy, Trust
from clausebook.names import fill_for_school, fill_for_trust, with_texts
from clausebook.problems import Problems
from clausebook.prose import inlines_of, plain
from clausebook.reading import UNWRITTEN, read_policy, read_trust
from clausebook.snapshot import Snapshot
from clausebook.structure import structure
from clausebook.tailor import Layer, tailor
from clausebook.values import Names

MASTER = """\
---
title: Online policy
code: ON
owner: Someone
approver: Trustees
review_every: 12 months
audiences: [staff]
statutory: false
---

## Rules {#on-1}

Everyone who works at our school is kind online and thinks before they post. {#on-2}

Staff must do all of this, at home and at school: {#on-3}

- keep their passwords to themselves and change them when they are told to; {#on-4 .locked}
- answer messages from families within two working days of reading them; {#on-5 .optional}
- tell the safeguarding lead about anything that worries them online. {#on-6}

Pupils may use a telephone at lunch if their teacher has agreed to it. {#on-7 .optional}

## Getting help {#on-8}

Whoever is worried tells an adult. The adult notes what they were told on the same day. {#on-9}
"""


def master(text: str = MASTER, names: Names | None = None) -> TailoredPolicy:
    """A master as it stands where nobody has changed it."""
    problems = Problems()
    policy = read_policy(Snapshot({"policy_source/p/policy.md": text.encode()}), "p", problems)
    assert policy
    tailored = tailor(policy, (), names or {}, problems)
    assert not problems.found, problems.found
    return tailored


def drafted(matching: Matching) -> Drafted:
    return draft_overrides(matching, Ground(matching.policy, (), "hill", ()))


def against(*parts: Part, text: str = MASTER) -> Matching:
    """A document of these parts held against a master."""
    made = structure(found("Online policy", *parts))
    return match(master(text), made)


def fates(matching: Matching) -> dict[str, str]:
    return {one.master.id: one.fate.value for one in matching.matches if one.master}


RULES = [
    "# Rules",
    "Everyone who works at our school is kind online and thinks before they post.",
    "Staff must do all of this, at home and at school:",
    "[•] keep their passwords to themselves and change them when they are told to;",
    "[•] answer messages from families within two working days of reading them;",
    "[•] tell the safeguarding lead about anything that worries them online.",
    "Pupils may use a telephone at lunch if their teacher has agreed to it.",
]
HELP = [
    "# Getting help",
    "Whoever is worried tells an adult. The adult notes what they were told on the same day.",
]


# -- which clause is which -------------------------------------------------------------


def test_the_same_words_are_inherited_whatever_their_numbers() -> None:
    made = against("# [7] Rules", *RULES[1:], *HELP)
    assert set(fates(made).values()) == {"inherited"}
    assert not drafted(made).overrides


def test_other_words_are_altered_and_become_a_replacement() -> None:
    other = "[•] answer messages from families within five working days of reading them;"
    made = against(*RULES[:4], other, *RULES[5:], *HELP)
    assert made.by_master["on-5"].fate is Fate.ALTERED
    (override,) = drafted(made).adoption.overrides  # type: ignore[union-attr]
    assert isinstance(override, Replace)
    assert (override.target, plain(override.words)[:33]) == (
        "on-5",
        "answer messages from families wit",
    )
    assert override.reason.startswith(UNWRITTEN)
    assert override.against


def test_what_is_missing_and_optional_is_left_out_and_all_else_is_told() -> None:
    made = against(*RULES[:2], *RULES[2:3], *RULES[3:5], *HELP)
    draft = drafted(made)
    assert {one.match.id: one.why for one in draft.refused} == {
        "on-6": "the trust has not marked 'on-6' as optional, so it holds here as well"
    }
    (override,) = draft.adoption.overrides  # type: ignore[union-attr]
    assert isinstance(override, Omit)
    assert override.target == "on-7"


def test_a_locked_clause_with_other_words_is_told_and_not_written() -> None:
    other = "[•] keep their passwords to themselves and never change them for anybody;"
    made = against(*RULES[:3], other, *RULES[4:], *HELP)
    draft = drafted(made)
    assert draft.overrides == 0
    assert [(one.match.id, one.why) for one in draft.refused] == [
        ("on-4", "the trust has locked 'on-4'")
    ]


def test_clauses_of_its_own_are_added_where_they_stand() -> None:
    made = against(
        *RULES[:6],
        "[•] lock their screens whenever they leave a room, even for a moment.",
        *RULES[6:],
        "# Visitors",
        "A visitor signs a form at the office before using any network of ours.",
        *HELP,
    )
    draft = drafted(made)
    layer = Layer("hill", draft.adoption)  # type: ignore[arg-type]
    problems = Problems()
    tailored = tailor(made.policy.policy, (layer,), {}, problems)
    assert not problems.found
    own = [(c.label, plain(c.shown.words)[:20]) for c in tailored.clauses if not c.basis]
    assert own == [
        ("1.2(cA)", "lock their screens w"),
        ("1A", "Visitors"),
        ("1A.1", "A visitor signs a fo"),
    ]


def test_a_clause_under_one_of_the_trusts_is_not_also_added_with_a_heading_above_both() -> None:
    own = "We keep a book of what worries us, and look into it at the end of every term."
    made = against("# At our school", "## Rules", *RULES[1:], own, *HELP)
    draft = drafted(made)
    adds = [one for one in draft.adoption.overrides if isinstance(one, Add)]  # type: ignore[union-attr]
    said = [plain(clause.words) for one in adds for clause in one.clauses]
    assert sorted(said) == ["At our school", own]
    assert not draft.refused


def test_a_clause_divided_into_two_is_still_one() -> None:
    made = against(
        *RULES, HELP[0],
        "Whoever is worried tells an adult.",
        "The adult notes what they were told on the same day.",
    )  # fmt: skip
    pair = made.by_master["on-9"]
    assert (pair.fate, len(pair.found)) == (Fate.INHERITED, 2)
    assert pair.notes == ("the document has it as 2 clauses",)


def test_two_clauses_joined_into_one_are_still_two() -> None:
    made = against(*RULES[:2], *RULES[2:6], f"{RULES[6]} {HELP[1]}", "# Getting help", "So it is.")
    assert made.by_master["on-7"].fate is Fate.INHERITED
    assert made.by_master["on-9"].fate is Fate.INHERITED
    assert made.by_master["on-7"].found == made.by_master["on-9"].found


def test_what_was_moved_is_told() -> None:
    made = against(*HELP, *RULES)
    moved = [one for one in made.matches if "it stands in another place" in one.notes]
    assert {one.fate for one in made.matches} == {Fate.INHERITED}
    assert {one.id for one in moved} == {"on-8", "on-9"}


def test_an_id_that_the_document_carries_is_stronger_than_words() -> None:
    made = structure(as_found(master(), ids=True))
    swapped = tuple(
        replace(one, source_id={"on-7": "on-9", "on-9": "on-7"}.get(one.source_id, one.source_id))
        for one in made.clauses
    )
    matching = match(master(), replace(made, clauses=swapped))
    assert matching.by_master["on-7"].how == "the ID it carries"
    assert matching.by_master["on-7"].fate is Fate.ALTERED


def test_names_that_somebody_filled_in_differently_are_inherited_and_told() -> None:
    trust = examples()
    school = with_texts(trust, trust.schools["kestrel"], Problems())
    names = fill_for_school(trust, school, Problems()).names
    text = MASTER.replace("at our school", "at {{ school.name }}")
    theirs = RULES[1].replace("our school", "The Old Kestrel School")
    made = structure(found("Online policy", RULES[0], theirs, *RULES[2:]))
    matching = match(master(text, names), made)
    assert matching.by_master["on-2"].fate is Fate.INHERITED
    assert matching.by_master["on-2"].notes == (
        "where the policy fills in school.name, the document has: the old kestrel school",
    )


# -- laws ------------------------------------------------------------------------------


@cache
def examples() -> Trust:
    return read_trust(open_tree(ROOT), Problems())


PAIRS = [
    (school.id, policy)
    for school in examples().schools.values()
    for policy in examples().policies
    if policy in school.adoptions
]


@pytest.mark.parametrize("kind", ["numbers", "no numbers", "IDs"])
@pytest.mark.parametrize(("school_id", "policy_id"), PAIRS)
def test_a_schools_own_policy_gives_its_own_overrides_back(
    school_id: str, policy_id: str, kind: str
) -> None:
    trust = examples()
    school = with_texts(trust, trust.schools[school_id], Problems())
    names = fill_for_school(trust, school, Problems(), policy_id).names
    policy, layers = trust.policies[policy_id], layers_for(school, policy_id)
    published = tailor(policy, layers, names, Problems())
    below = tuple(layer for layer in layers if layer.id != school_id)
    before = tailor(policy, below, names, Problems())
    document = as_found(published, ids=kind == "IDs", numbers=kind != "no numbers")
    made = structure(document)
    assert made.tally.balances
    draft = draft_overrides(match(before, made), Ground(before, below, school_id, ()))
    assert not draft.refused
    assert draft.adoption
    problems = Problems()
    again = tailor(policy, (*below, Layer(school_id, draft.adoption)), names, problems)
    assert not problems.found
    whole = kind != "no numbers"  # without, clauses with little in common are left out and added
    assert told(again, whole=whole) == told(published, whole=whole)


def told(policy: TailoredPolicy, *, whole: bool) -> list[tuple[object, ...]]:
    """What readers see: words; and, of the whole, each clause's number and where it comes from."""
    labels = {one.id: one.label for one in policy.clauses}
    seen: list[tuple[object, ...]] = []
    for clause in policy.clauses:
        one = printed(clause, labels).shown
        words = [plain(one.words), *map(plain, inlines_of(one.body))]
        if whole:
            seen.append((clause.label, clause.provenance, words))
        elif clause.provenance is not Provenance.OMITTED:
            seen.append((one.kind, words))
    return seen


# -- two published policies of one origin ----------------------------------------------

KIN = {1: 1, 3: 2, 4: 3, 5: 3, 6: 4, 9: 37, 19: 51, 51: 61, 54: 60}
"""Clauses of the first that are versions of one of the second: hand-checked, by their numbers."""

EITHER = {50, 53}
"""Clauses that say what one of the second says in words of their own: nobody could object."""


@cache
def published() -> list[Structure]:
    if os.environ.get("CI") and SOURCES.is_dir():
        assert list(SOURCES.glob("*.txt"))
    elif not SOURCES.is_dir():
        pytest.skip("the published policies are not here")
    return [structure(read_content(one.content, one.name)) for one in source_documents()]


def as_master(made: Structure) -> TailoredPolicy:
    draft = draft_policy(made, audiences=["staff"], codes=[], used=[], policy_id="p")
    return master(draft.text)


def test_every_word_of_a_published_policy_is_accounted_for() -> None:
    assert all(made.tally.balances for made in published())
    assert all(not made.left_out or made.tally.left_out for made in published())


def test_two_published_policies_are_recognised_as_kin_clause_by_clause() -> None:
    first, second = published()[:2]
    matching = match(as_master(second), first)
    numbers = {clause.id: at for at, clause in enumerate(matching.policy.outline, 1)}
    pairs = {at: matching.by_found[one.id] for at, one in enumerate(first.clauses, 1)}
    found_ = {at: numbers[one.master.id] if one.master else None for at, one in pairs.items()}
    checked = {at: to for at, to in found_.items() if at not in EITHER}
    assert len(checked) == 62
    assert {at: to for at, to in checked.items() if to} == KIN


def test_they_are_kin_the_other_way_round_as_well() -> None:
    first, second = published()[:2]
    matching = match(as_master(first), second)
    numbers = {clause.id: at for at, clause in enumerate(matching.policy.outline, 1)}
    found_ = {
        (numbers[pair.master.id], at)
        for at, one in enumerate(second.clauses, 1)
        for pair in matching.matches
        if pair.master and one in pair.found
    }
    assert found_ >= {pair for pair in KIN.items() if pair[0] != 5}
    assert {at for at, _ in found_} <= {*KIN, *EITHER}


def test_the_trusts_own_wording_is_inherited_whole_at_the_trust() -> None:
    trust = examples()
    names = fill_for_trust(trust, Problems()).names
    policy = tailor(trust.policies["social-media"], (), names, Problems())
    matching = match(policy, structure(as_found(policy, numbers=False)))
    assert {one.fate for one in matching.matches} == {Fate.INHERITED}
