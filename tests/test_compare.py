"""Two wordings compared: what happened to each clause, who is behind it, and how it is told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clausebook.bodies import school_body, trust_body
from clausebook.changes import Cause, ChangeKind, Comparison, Provision, Wording
from clausebook.clauses import read_clauses
from clausebook.compare import compare
from clausebook.describing import describe, describe_renumbering, gathered, tags
from clausebook.everything import open_tree
from clausebook.labels import Numbered, number_clauses
from clausebook.model import Body, Clause, Provenance, TailoredPolicy
from clausebook.moves import moved_ids
from clausebook.problems import Problems
from clausebook.reading import read_trust
from clausebook.redlineinline import COMMENT, Unlinked
from clausebook.redlineorder import Role, arrange
from clausebook.redlinepage import anchor, redline_policy_lines
from clausebook.source import Source

ROOT = Path(__file__).parent.parent

POLICY = """
## Purpose {#s-1}

This explains how we use social media. {#s-2}

## Rules {#s-3}

Staff must ask the [office](https://office.example) before they post pictures of pupils. They must
record every answer in the register kept by the office. {#s-4}

Everyone must: {#s-5}

- be kind online and offline alike; {#s-6}
    - and patient {#s-7}
    - and **honest** {#s-8}
- think before posting; {#s-9}
- ask when unsure. {#s-10}

Reply within: {#s-11}

| What | When |
|---|---|
| Complaint | 5 days |

Never share passwords with anyone at all. {#s-12}

See [s-12](#s-12) as well. {#s-13}

## End {#s-14}

Last words are spoken here. {#s-15}
"""


def wording(text: str) -> Wording:
    problems = Problems()
    clauses = read_clauses(Source("policy.md", text).passage(), problems)
    assert [problem.message for problem in problems] == []
    labels = number_clauses([Numbered(clause, None) for clause in clauses])
    return Wording(tuple(Provision(clause=c, shown=c, label=labels[c.id]) for c in clauses))


def edited(*edits: tuple[str, str]) -> Comparison:
    """The policy against the same after replacing parts of its text."""
    text = POLICY
    for old, new in edits:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return compare(wording(POLICY), wording(text))


def told(comparison: Comparison) -> list[str]:
    return [describe(change) for change in comparison.listed]


def kinds(comparison: Comparison) -> dict[str, set[str]]:
    return {change.id: {kind.value for kind in change.kinds} for change in comparison.listed}


ITEM_9 = "- think before posting; {#s-9}\n"
ITEM_10 = "- ask when unsure. {#s-10}\n"
PARAGRAPH_12 = "Never share passwords with anyone at all. {#s-12}\n\n"
SECOND = " They must\nrecord every answer in the register kept by the office."
AS_ONE = "They must record every answer in the register kept by the office."


@pytest.mark.parametrize(
    ("edits", "expected"),
    [
        ([("spoken here", "written here")], {"s-15": {"reworded"}}),
        ([("5 days", "3 days")], {"s-11": {"reworded"}}),
        ([("This explains", "This\nexplains")], {}),
        ([("well. {#s-13}", "well.  {#s-13}"), ("posting;", "posting\u00a0;")], {}),
        ([("https://office.example", "https://head.example")], {"s-4": {"link only"}}),
        ([("[s-12](#s-12)", "[s-15](#s-15)")], {"s-13": {"link only"}}),
        ([("**honest**", "honest")], {"s-8": {"formatting only"}}),
        ([("|---|---|", "|---|--:|")], {"s-11": {"formatting only"}}),
        ([("{#s-13}", "{#s-13 .guidance}")], {"s-13": {"marked"}}),
        ([("{#s-13}", '{#s-13 for="staff"}')], {"s-13": {"marked"}}),
        ([("{#s-13}", "{#s-13 .locked}")], {}),
        ([(PARAGRAPH_12, ""), ("[s-12](#s-12)", "[s-15](#s-15)")],
         {"s-12": {"removed"}, "s-13": {"link only", "renumbered"}}),
        ([(ITEM_9, ITEM_9 + "- be brief; {#s-20}\n")], {"s-20": {"added"}}),
        ([(ITEM_9 + ITEM_10, ITEM_10 + ITEM_9)], {"s-10": {"moved"}}),
        ([(PARAGRAPH_12, ""), ("here. {#s-15}", "here. {#s-15}\n\n" + PARAGRAPH_12)],
         {"s-12": {"moved"}}),
        ([(PARAGRAPH_12, ""), ("here. {#s-15}", "here. {#s-15}\n\n" + PARAGRAPH_12),
          ("Never share", "Never tell anyone")], {"s-12": {"moved", "reworded"}}),
        ([(SECOND, ""), ("Everyone must:", AS_ONE + " {#s-20}\n\nEveryone must:")],
         {"s-4": {"reworded"}, "s-20": {"added", "split"}}),
        ([("{#s-12}", "{#s-21}"), ("[s-12](#s-12)", "[s-21](#s-21)")],
         {"s-12": {"removed"}, "s-21": {"added"}, "s-13": {"link only"}}),
    ],
)  # fmt: skip
def test_each_kind_of_change(edits: list[tuple[str, str]], expected: dict[str, set[str]]) -> None:
    assert kinds(edited(*edits)) == expected


@pytest.mark.parametrize(
    ("edits", "sentences"),
    [
        ([("5 days", "3 days")], ["2.3 reworded: “5” is now “3”"]),
        ([("spoken here", "spoken right here")], ["3.1 reworded: “right” added"]),
        ([("Last words are", "Words are")], ["3.1 reworded: “Last words” is now “Words”"]),
        (
            [("Staff must", "All staff must"), ("pictures of", "a picture of")],
            ["2.1 reworded: 4 words added, 2 removed"],
        ),
        ([(SECOND, "")], ["2.1 reworded: 12 words removed"]),
        (
            [("https://office.example", "https://head.example")],
            ["2.1 link “office” now leads to https://head.example"],
        ),
        ([("[s-12](#s-12)", "[s-15](#s-15)")], ["2.5 cross-reference changed"]),
        ([("**honest**", "honest")], ["2.2(a)(ii) formatting changed"]),
        ([("{#s-13}", "{#s-13 .guidance}")], ["2.5 now guidance"]),
        (
            [("{#s-13}", '{#s-13 .example for="staff pupils"}')],
            ["2.5 now an example and now for staff and pupils"],
        ),
        ([(ITEM_9 + ITEM_10, ITEM_10 + ITEM_9)], ["2.2(b) moved from 2.2(c)"]),
        (
            [(SECOND, ""), ("Everyone must:", AS_ONE + " {#s-20}\n\nEveryone must:")],
            ["2.1 reworded: 12 words removed", "2.2 added, split from 2.1"],
        ),
        (
            [("{#s-12}", "{#s-21}"), ("[s-12](#s-12)", "[s-21](#s-21)")],
            [
                "2.4 removed, replaced by 2.4",
                "2.4 added in place of 2.4",
                "2.5 cross-reference changed",
            ],
        ),
        (
            [(PARAGRAPH_12, ""), ("See [s-12](#s-12) as well.", "See it as well.")],
            ["2.4 removed", "2.4 reworded: 1 word added, 1 removed; was 2.5"],
        ),
    ],
)
def test_each_change_is_told_in_a_sentence(
    edits: list[tuple[str, str]], sentences: list[str]
) -> None:
    assert told(edited(*edits)) == sentences


def test_what_came_or_went_as_a_whole_is_told_as_one() -> None:
    item = "- be kind online and offline alike; {#s-6}\n    - and patient {#s-7}\n"
    nested = item + "    - and **honest** {#s-8}\n"
    without = edited((nested, ""), ("spoken", "written"))
    lists = [
        [describe(*one) for one in gathered(compare(*sides).listed)]
        for sides in ((without.before, without.after), (without.after, without.before))
    ]
    assert lists == [
        [
            "2.2(a) removed, with the 2 clauses under it",
            "3.1 reworded: “spoken” is now “written”",
        ],
        [
            "2.2(a) added, with the 2 clauses under it",
            "3.1 reworded: “written” is now “spoken”",
        ],
    ]


def test_renumbering_is_told_once_and_listed_nowhere() -> None:
    comparison = edited(("Everyone must:", "Be brief in all you write. {#s-20}\n\nEveryone must:"))
    assert told(comparison) == ["2.2 added"]
    assert {change.id for change in comparison.renumbered} == {
        *("s-5", "s-6", "s-7", "s-8", "s-9", "s-10", "s-11", "s-12", "s-13")
    }
    assert describe_renumbering(comparison) == (
        "9 clauses renumbered: from 2.2 (now 2.3) to 2.5 (now 2.6)"
    )
    assert [change.id for change in comparison.substantive] == ["s-20"]
    assert describe_renumbering(edited()) is None


def test_words_taken_over_by_another_clause_are_not_lost() -> None:
    split = edited((SECOND, ""), ("Everyone must:", AS_ONE + " {#s-20}\n\nEveryone must:"))
    merged = compare(split.after, split.before)
    assert told(merged) == [
        "2.1 reworded: 12 words added",
        "2.2 removed, its words are now in 2.1",
    ]


def test_an_id_whose_words_became_others_is_questioned() -> None:
    rewritten = edited(
        ("Never share passwords with anyone at all.", "Complaints go to the office.")
    )
    assert [change.id for change in rewritten.changes if change.unrecognisable] == ["s-12"]
    reworded = edited(
        ("Never share passwords with anyone at all.", "Never share passwords at all.")
    )
    assert not any(change.unrecognisable for change in reworded.changes)
    retitled = edited(("## Purpose", "## Aims"))
    assert not any(change.unrecognisable for change in retitled.changes)


# -- moves -----------------------------------------------------------------------------


def flat(*ids: str) -> list[Clause]:
    """Clauses with the ones they stand under: `a`, `b/a`."""
    whole = wording("Words. {#x}").provisions[0].clause
    pairs = [key.partition("/") for key in ids]
    return [replace(whole, id=own, parent=parent or None) for own, _, parent in pairs]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("a b c", "a b c", ""),
        ("a b c", "a x c", ""),
        ("a b", "b a", "b"),
        ("a b c d", "d a b c", "d"),
        ("a b c d", "b c d a", "a"),
        ("a b c d", "b a d c", "b d"),
        ("a b c", "c b a", "b c"),
        ("a b c/b", "b c/b a", "a"),
        ("a b c/a", "a b c/b", "c"),
        ("a b/a c/a", "x b/x c/x", "b c"),
        ("a b c/a d/c", "a b c/b d/c", "c"),
    ],
)
def test_as_few_clauses_as_possible_count_as_moved(before: str, after: str, expected: str) -> None:
    found = moved_ids(flat(*before.split()), flat(*after.split()))
    assert found == frozenset(expected.split())


@given(st.permutations(list("abcdefg")))
def test_a_list_and_its_redline_agree_on_what_moved(order: list[str]) -> None:
    before, after = flat(*"abcdefg"), flat(*order)
    moved = moved_ids(before, after)
    assert [c.id for c in before if c.id not in moved] == [c.id for c in after if c.id not in moved]
    sides = (
        Wording(tuple(Provision(clause=c, shown=c, label=str(n)) for n, c in enumerate(clauses, 1)))
        for clauses in (before, after)
    )
    comparison = compare(*sides)
    assert {c.id for c in comparison.changes if ChangeKind.MOVED in c.kinds} == moved
    entries = arrange(comparison)
    assert {e.provision.id for e in entries if e.role is Role.MOVED_AWAY} == moved
    kept = [e.provision.id for e in entries if e.role is Role.CLAUSE]
    assert kept == order
    without = [
        e.provision.id for e in entries if e.role is Role.MOVED_AWAY or e.provision.id not in moved
    ]
    assert without == list("abcdefg")


# -- values, overrides, causes -----------------------------------------------------------


def one(said: str, shown: str | None = None, **more: object) -> Wording:
    clause = wording(f"{said} {{#s-1}}").provisions[0].clause
    filled = wording(f"{shown or said} {{#s-1}}").provisions[0].clause
    provision = Provision(clause=clause, shown=filled, label="1")
    return Wording((replace(provision, **more),))  # type: ignore[arg-type]


def of_tailored(policy: TailoredPolicy) -> Wording:
    """A policy as it stands at a school today, or the trust's master."""
    master = policy.policy.outline.by_id
    return Wording(
        tuple(
            Provision(
                clause=published.clause,
                shown=published.shown,
                label=published.label,
                provenance=published.provenance,
                layer=published.departure.layer if published.departure else None,
                basis=master.get(published.id),
            )
            for published in policy.clauses
        )
    )


def basis(said: str) -> Clause:
    return wording(f"{said} {{#s-1}}").provisions[0].clause


ADAPTED = {"provenance": Provenance.ADAPTED, "layer": "kestrel"}
OMITTED = {"provenance": Provenance.OMITTED, "layer": "kestrel"}
BASIS: dict[str, Any] = {"basis": basis("Ask {{ pupils }}.")}
NEW_BASIS: dict[str, Any] = {"basis": basis("Ask all {{ pupils }}.")}
OWN = {"provenance": Provenance.ADDED, "layer": "kestrel"}


@pytest.mark.parametrize(
    ("before", "after", "expected", "cause"),
    [
        (one("Ask {{ dsl }}.", "Ask Ann."), one("Ask {{ dsl }}.", "Ask Bo."), {"value only"},
         "value"),
        (one("Ask Ann."), one("Ask Bo."), {"reworded"}, "trust"),
        (one("Ask Ann."), one("Ask {{ dsl }}.", "Ask Ann."), set(), None),
        (one("Ask {{ dsl }}.", "Ask Ann."), one("Do ask {{ dsl }}.", "Do ask Bo."), {"reworded"},
         "trust"),
        (one("Ask {{ dsl }}.", "Ask Ann."), one("**Ask** {{ dsl }}.", "**Ask** Bo."),
         {"formatting only", "value only"}, "trust"),
        (one("Ask Ann."), one("Ask Bo.", **ADAPTED), {"reworded"}, "here"),
        (one("Ask Ann.", **ADAPTED), one("Ask Bo."), {"reworded"}, "here"),
        (one("Ask Ann.", **ADAPTED), one("Ask Bo.", **ADAPTED), {"reworded"}, "here"),
        (one("Ask {{ dsl }}.", "Ask Ann.", **ADAPTED), one("Ask {{ dsl }}.", "Ask Bo.", **ADAPTED),
         {"value only"}, "value"),
        (one("Ask Ann."), one("Ask Ann.", **OMITTED), {"not applicable"}, "here"),
        (one("Ask Ann.", **OMITTED), one("Ask Bo."), {"applicable"}, "here"),
        (one("Ask Ann.", **OMITTED), one("Ask Bo.", **OMITTED), set(), None),
        (Wording(()), one("Ask Ann."), {"added"}, "trust"),
        (Wording(()), one("Ask Ann.", **OMITTED), {"added", "not applicable"}, "here"),
        (Wording(()), one("Ask Ann.", **ADAPTED), {"added"}, "here"),
        (one("Ask pupils.", **BASIS), one("Ask students.", **BASIS), {"reworded"}, "here"),
        (one("Ask pupils.", **BASIS), one("Ask all pupils.", **NEW_BASIS), {"reworded"}, "trust"),
        (Wording(()), one("Ask Ann.", **OWN), {"added"}, "here"),
        (one("Ask Ann.", **OWN), Wording(()), {"removed"}, "here"),
        (one("Ask Ann.", **ADAPTED), Wording(()), {"removed"}, "trust"),
        (one("Ask Ann.", **OWN), one("Ask Bo.", **OWN), {"reworded"}, "here"),
        (one("Ask Ann.", **OWN), one("Ask Ann.", label="2", **OWN), {"renumbered"}, "here"),
    ],
)  # fmt: skip
def test_every_change_knows_its_cause(
    before: Wording, after: Wording, expected: set[str], cause: str | None
) -> None:
    changes = compare(before, after).changes
    assert {kind.value for change in changes for kind in change.kinds} == expected
    assert [change.cause.value for change in changes] == ([cause] if cause else [])
    writers = {p.layer for side in (before, after) for p in side.provisions if p.layer}
    by = next(iter(writers), None) if cause == "here" else None
    assert all(change.layer == by for change in changes)


def test_a_new_clause_under_what_does_not_apply_here_is_the_trusts_doing() -> None:
    section = wording("## Pupils {#s-1}")
    grown = wording("## Pupils {#s-1}\n\n### Phones {#s-2}\n\nSwitch them off. {#s-3}")
    before, after = (
        Wording(tuple(replace(p, **OMITTED) for p in side.provisions))  # type: ignore[arg-type]
        for side in (section, grown)
    )
    assert {c.id: c.cause for c in compare(before, after).changes} == {
        "s-2": Cause.TRUST,
        "s-3": Cause.TRUST,
    }


def test_a_change_of_a_limit_by_the_school_and_one_by_the_trust_are_kept_apart() -> None:
    both = compare(
        one("Ask after 3 days.", **BASIS), one("Ask after 5 days, in writing.", **NEW_BASIS)
    )
    assert [(c.cause, c.involves_trust) for c in both.changes] == [(Cause.TRUST, True)]
    ours = compare(one("Ask after 3 days.", **BASIS), one("Ask after 5 days.", **BASIS))
    assert [(c.cause, c.involves_trust) for c in ours.changes] == [(Cause.HERE, False)]
    arrived = compare(Wording(()), one("Ask Ann.", **ADAPTED))
    assert [(c.cause, c.involves_trust) for c in arrived.changes] == [(Cause.HERE, True)]


def test_a_change_says_whether_the_trusts_wording_changed_too() -> None:
    old, new = (
        wording(f"{said} {{#s-1}}").provisions[0].clause for said in ("Ask Ann.", "Tell Ann.")
    )
    before = one("Our own words.", basis=old, **ADAPTED)
    (change,) = compare(before, one("Our other words.", basis=new, **ADAPTED)).changes
    assert (change.cause, change.trust_changed) == (Cause.HERE, True)
    (change,) = compare(before, one("Our other words.", basis=old, **ADAPTED)).changes
    assert not change.trust_changed


def test_what_does_not_apply_is_told_and_shown() -> None:
    shown, gone = one("Ask Ann."), one("Ask Ann.", **OMITTED)
    assert told(compare(shown, gone)) == ["1 not applicable any more"]
    assert told(compare(gone, shown)) == ["1 applicable again"]
    assert told(compare(Wording(()), gone)) == ["1 added; not applicable here"]
    lines = redline_policy_lines(compare(shown, gone), Unlinked(), style=COMMENT)
    assert lines[0] == "**1** <del>Ask Ann.</del> *(Not applicable any more)*"
    lines = redline_policy_lines(compare(gone, gone), Unlinked(), style=COMMENT)
    assert lines[0] == "**1** *(Not applicable here)*"


# -- in reading order --------------------------------------------------------------------


def test_what_did_not_change_is_folded_with_what_changed_in_its_place() -> None:
    comparison = edited(("and patient", "and very patient"), (PARAGRAPH_12, ""),
                        ("[s-12](#s-12)", "[s-15](#s-15)"))  # fmt: skip
    lines = redline_policy_lines(comparison, Unlinked(), context="changed", style=COMMENT)
    assert [line for line in lines if line] == [
        "… 2 clauses unchanged (1 to 1.1)",
        "## **2** Rules",
        "… 1 clause unchanged (2.1)",
        "**2.2** Everyone must:",
        "-   **2.2(a)** be kind online and offline alike;",
        "    -   **2.2(a)(i)** and <ins>very</ins> patient",
        "… 4 clauses unchanged (2.2(a)(ii) to 2.3)",
        "**2.4** <del>Never share passwords with anyone at all.</del> *(Removed)*",
        "**2.4** See <del>2.4</del><ins>3.1</ins> as well.",
        "… 2 clauses unchanged (3 to 3.1)",
    ]


def test_a_moved_clause_is_shown_once_and_its_old_place_says_where() -> None:
    comparison = edited((ITEM_9 + ITEM_10, ITEM_10 + ITEM_9))
    text = "\n".join(redline_policy_lines(comparison, Unlinked()))
    assert text.count("ask when unsure") == 1
    assert '<span class="cb-tag">Moved from 2.2(c)</span>' in text
    assert '<span class="cb-tag">Moved to [2.2(b)](#s-10)</span>' in text
    assert text.count("#was-s-10 ") == 1


def test_anchors_never_collide() -> None:
    comparison = compare(wording("A a. {#x}\n\nB b. {#was-x}"), wording("B b. {#was-x}"))
    assert anchor(comparison.by_id["x"], comparison) == "was--x"
    assert "{: #was--x " in "\n".join(redline_policy_lines(comparison, Unlinked()))


def test_pages_can_add_why_and_old_numbers() -> None:
    comparison = edited((PARAGRAPH_12, ""), ("[s-12](#s-12)", "it"))
    lines = redline_policy_lines(
        comparison, Unlinked(), style=COMMENT, numbers=True, note=lambda change: f"*{change.cause}*"
    )
    assert "**2.4** See <del>2.4</del><ins>it</ins> as well. *(Was 2.5)* *trust*" in lines


# -- laws, and the example policies --------------------------------------------------------


@pytest.fixture(scope="module")
def bodies() -> list[Body]:
    problems = Problems()
    trust = read_trust(open_tree(ROOT), problems)
    schools = [school_body(trust, school, problems) for school in trust.schools.values()]
    return [trust_body(trust, problems), *schools]


def test_every_example_policy_is_the_same_as_itself(bodies: list[Body]) -> None:
    for body in bodies:
        for policy in body.policies:
            assert compare(of_tailored(policy), of_tailored(policy)).is_empty


def test_what_is_different_at_a_school_is_what_its_overrides_say(bodies: list[Body]) -> None:
    masters = {policy.policy.id: of_tailored(policy) for policy in bodies[0].policies}
    for body in bodies[1:]:
        for policy in body.policies:
            comparison = compare(masters[policy.policy.id], of_tailored(policy))
            own = {change.id for change in comparison.caused_by(Cause.HERE)}
            assert own == {clause.id for clause in policy.clauses if clause.departure}
            assert not comparison.caused_by(Cause.TRUST)
            assert not comparison.renumbered


def test_the_list_of_changes_follows_the_page() -> None:
    comparison = edited((PARAGRAPH_12, ""), ("[s-12](#s-12)", "it"), ("5 days", "3 days"))
    on_page = [e.provision.id for e in arrange(comparison) if e.change and e.change.listed]
    assert [change.id for change in comparison.listed] == on_page
    assert [tags(change) for change in comparison.listed] == [[], ["Removed"], []]


@settings(deadline=None)
@given(st.permutations(list("abcde")), st.permutations(list("abcde")))
def test_comparing_is_the_same_both_ways(one_order: list[str], other_order: list[str]) -> None:
    """What is added one way is removed the other; the same clauses are reworded."""
    sides = []
    for order in (one_order[:4], other_order[:4]):
        clauses = flat(*order)
        made = (Provision(clause=c, shown=c, label=str(n)) for n, c in enumerate(clauses))
        sides.append(Wording(tuple(made)))
    there, back = compare(*sides), compare(*reversed(sides))
    for kind, reverse in ((ChangeKind.ADDED, ChangeKind.REMOVED), (ChangeKind.REWORDED,) * 2):
        found = {change.id for change in there.changes if kind in change.kinds}
        assert found == {change.id for change in back.changes if reverse in change.kinds}
