"""A master policy under layers of overrides: what is published, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.overridden import CONTROL

from clausebook.clauses import read_clauses, read_replacement
from clausebook.model import (
    Add,
    Adoption,
    Clause,
    Departure,
    Kind,
    Omit,
    Outline,
    Override,
    Place,
    Policy,
    Provenance,
    Replace,
    TailoredClause,
    TailoredPolicy,
)
from clausebook.problems import Problems
from clausebook.prose import Paragraph, Quote, Text, plain
from clausebook.shapes import PolicyFile, Review
from clausebook.source import Source
from clausebook.tailor import Layer, print_for, tailor
from clausebook.yamldoc import YamlDocument

MASTER = """\
## One {#h1}

First: {#p1}

- item: {#i1}
  - nested: {#j1}
    - nested twice; {#k1}
  - nested; {#j2}
- item. {#i2 .optional}

Second. {#p2 .optional}

### Sub {#h2}

Third. {#p3}

## Locked {#h3 .locked}

Fourth: {#p4}

- item. {#i3}

## Free to go {#h4 .optional}

- item; {#i4}
- item: {#i5}
  - nested. {#j3}

## Half locked {#h5 .optional}

Fifth. {#p5 .locked}

Sixth. {#p6}
"""

SOURCE = Source("schools/hill/online.yml", "")
PLACE = SOURCE.whole()
DOCUMENT = YamlDocument(SOURCE)
REASON = "It is otherwise here."


def clauses_in(text: str, *, addition: bool = False) -> tuple[Clause, ...]:
    problems = Problems()
    passage = Source("policy_source/online/policy.md", dedent(text)).passage()
    clauses = read_clauses(passage, problems, addition=addition)
    assert [problem.message for problem in problems] == []
    return clauses


def policy(text: str = MASTER) -> Policy:
    return Policy(
        id="online", control=CONTROL, outline=Outline(clauses_in(text)), document=DOCUMENT
    )


POLICY = policy()
MASTER_IDS = [clause.id for clause in POLICY.outline]


def change(target: str, text: str = "Our own wording.", against: str | None = None) -> Replace:
    words, body = read_replacement(Source("x.yml", text).passage(), Problems())
    return Replace(
        target=target,
        words=words,
        body=body,
        reason=REASON,
        against=against,
        since=None,
        span=PLACE,
    )


def leave_out(target: str, against: str | None = None) -> Omit:
    return Omit(target=target, reason=REASON, against=against, since=None, span=PLACE)


def add(text: str, place: str, target: str) -> Add:
    return Add(
        target=target,
        place=Place(place),
        clauses=clauses_in(text, addition=True),
        reason=REASON,
        against=None,
        since=None,
        span=PLACE,
    )


def layer(name: str, *overrides: Override, audiences: tuple[str, ...] | None = None) -> Layer:
    return Layer(name, adoption(overrides, audiences, Review()))


def adoption(
    overrides: tuple[Override, ...], audiences: tuple[str, ...] | None, review: Review
) -> Adoption:
    return Adoption(
        policy="online",
        audiences=audiences,
        review=review,
        withdrawn=None,
        fillings=PolicyFile(),
        overrides=overrides,
        document=DOCUMENT,
    )


def school(*overrides: Override) -> Layer:
    return layer("hill", *overrides)


def group(*overrides: Override) -> Layer:
    return layer("rivers", *overrides)


def dated(override: Override, outline: Outline) -> Override:
    """The override with today's fingerprint, unless it has one already."""
    if override.against is not None or override.target not in outline.by_id:
        return override
    return replace(override, against=print_for(override, outline))


def published(*layers: Layer, master: Policy = POLICY) -> tuple[TailoredPolicy, list[str]]:
    """The policy, and the codes of what is wrong; each layer knows the wording below it."""
    done: list[Layer] = []
    for above in layers:
        below = tailor(master, done, {}, Problems())
        outline = Outline(tuple(found.clause for found in below.clauses))
        overrides = tuple(dated(override, outline) for override in above.adoption.overrides)
        done.append(Layer(above.id, replace(above.adoption, overrides=overrides)))
    problems = Problems()
    result = tailor(master, done, {}, problems)
    return result, [problem.code for problem in problems.found]


def fine(*layers: Layer) -> TailoredPolicy:
    """The policy, where nothing is wrong."""
    result, wrong = published(*layers)
    assert wrong == []
    return result


def wrong_with(*layers: Layer) -> list[str]:
    return published(*layers)[1]


def ids(result: TailoredPolicy) -> list[str]:
    return [found.id for found in result.clauses]


def added(result: TailoredPolicy) -> list[str]:
    """Each addition's kind, depth and number."""
    return [
        f"{found.id}: {found.clause.kind} {found.clause.depth} {found.label}"
        for found in result.clauses
        if found.provenance is Provenance.ADDED
    ]


def nearly_everything(found: TailoredClause) -> tuple[object, ...]:
    return found.clause, found.shown, found.label, found.basis, found.provenance, found.departure


# -- nothing overridden ---------------------------------------------------------------------


def test_without_overrides_the_masters_clauses_are_published_one_for_one() -> None:
    for result in (fine(), fine(school()), fine(group(), school())):
        assert [found.clause for found in result.clauses] == list(POLICY.outline)
        assert [found.shown for found in result.clauses] == list(POLICY.outline)
        assert [found.basis for found in result.clauses] == list(POLICY.outline)
        assert {found.provenance for found in result.clauses} == {Provenance.TRUST}
        assert result.departures == ()
        assert all(found.departure is None for found in result.clauses)


# -- replace --------------------------------------------------------------------------------


def test_a_replaced_clause_keeps_its_place_its_number_and_what_stands_under_it() -> None:
    before, after = fine(), fine(school(change("p1", "Other words:\n\n> A quotation.")))
    assert ids(after) == ids(before)
    new, old = after.by_id["p1"], before.by_id["p1"]
    assert new.clause.words == (Text("Other words:"),)
    assert new.clause.body == (Quote((Paragraph((Text("A quotation."),)),)),)
    assert (new.label, new.provenance, new.basis) == (old.label, Provenance.ADAPTED, old.clause)
    assert (new.clause.kind, new.clause.parent) == (old.clause.kind, old.clause.parent)
    for clause_id in set(MASTER_IDS) - {"p1"}:
        assert nearly_everything(after.by_id[clause_id]) == nearly_everything(
            before.by_id[clause_id]
        )


def test_a_replaced_clause_keeps_its_marks_and_audiences() -> None:
    master = policy('Words. {#a .optional .guidance for="staff"}\n')
    result, wrong = published(school(change("a")), master=master)
    assert wrong == []
    new, old = result.by_id["a"].clause, master.outline.by_id["a"]
    assert (new.marks, new.audiences) == (old.marks, old.audiences)


@pytest.mark.parametrize("words", ["Second.", "  Second.  ", "Second\\."])
def test_the_same_wording_again_is_told(words: str) -> None:
    assert wrong_with(school(change("p2", words))) == ["override-without-effect"]


# -- omit -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "gone"),
    [
        ("p2", {"p2"}),
        ("i2", {"i2"}),
        ("h4", {"h4", "i4", "i5", "j3"}),
        ("i5", {"i5", "j3"}),
        ("j3", {"j3"}),
        ("p6", {"p6"}),
    ],
)
def test_what_is_left_out_stays_in_place_and_is_marked(target: str, gone: set[str]) -> None:
    before, after = fine(), fine(school(leave_out(target)))
    assert [(found.id, found.label) for found in after.clauses] == [
        (found.id, found.label) for found in before.clauses
    ]
    marked = {found.id for found in after.clauses if found.provenance is Provenance.OMITTED}
    assert marked == gone
    expected = Departure(layer="hill", reason=REASON, since=None, root=target)
    assert all(after.by_id[clause_id].departure == expected for clause_id in gone)
    assert [found.id for found in after.departures] == [target]


@pytest.mark.parametrize("target", ["h1", "p1", "i1", "k1", "h2", "p3"])
def test_what_the_trust_has_not_marked_as_optional_cannot_go(target: str) -> None:
    assert wrong_with(school(leave_out(target))) == ["not-optional"]


def test_what_a_group_has_added_a_school_may_leave_out() -> None:
    result = fine(
        group(add("Ours: {#g-1}\n\n- item {#g-2}", "after", "p2")), school(leave_out("g-1"))
    )
    assert [result.by_id[i].provenance for i in ("g-1", "g-2")] == [Provenance.OMITTED] * 2
    assert result.by_id["g-1"].basis is None
    assert result.by_id["g-1"].label == "1.2A"


# -- add ------------------------------------------------------------------------------------

PARAGRAPH = "Ours. {#s-1}"
WITH_ITEMS = "Ours: {#s-1}\n\n- item: {#s-2}\n  - nested. {#s-3}"
SECTION = "## Ours {#s-1}\n\nWords. {#s-2}"


@pytest.mark.parametrize(
    ("text", "place", "target", "before", "shown"),
    [
        # beside paragraphs
        (PARAGRAPH, "after", "p1", "p2", ["s-1: paragraph 0 1.1A"]),
        (PARAGRAPH, "before", "p1", "p1", ["s-1: paragraph 0 1.0A"]),
        (PARAGRAPH, "after", "p2", "h2", ["s-1: paragraph 0 1.2A"]),
        ("- Ours. {#s-1}", "after", "p2", "h2", ["s-1: paragraph 0 1.2A"]),
        (
            WITH_ITEMS,
            "before",
            "p2",
            "p2",
            ["s-1: paragraph 0 1.1A", "s-2: item 1 1.1A(a)", "s-3: item 2 1.1A(a)(i)"],
        ),
        # beside items
        (PARAGRAPH, "after", "i1", "i2", ["s-1: item 1 1.1(aA)"]),
        (PARAGRAPH, "before", "i1", "i1", ["s-1: item 1 1.1(A)"]),
        (PARAGRAPH, "after", "j2", "i2", ["s-1: item 2 1.1(a)(iiA)"]),
        (PARAGRAPH, "after", "k1", "j2", ["s-1: item 3 1.1(a)(i)(1A)"]),
        (PARAGRAPH, "before", "i4", "i4", ["s-1: item 1 3.0A"]),
        (PARAGRAPH, "after", "i5", "h5", ["s-1: item 1 3.2A"]),
        (
            WITH_ITEMS,
            "after",
            "i2",
            "p2",
            ["s-1: item 1 1.1(bA)", "s-2: item 2 1.1(bA)(i)", "s-3: item 3 1.1(bA)(i)(1)"],
        ),
        # under paragraphs and items
        (PARAGRAPH, "within", "p1", "p2", ["s-1: item 1 1.1(bA)"]),
        (PARAGRAPH, "within", "p2", "h2", ["s-1: item 1 1.2(A)"]),
        (PARAGRAPH, "within", "i1", "i2", ["s-1: item 2 1.1(a)(iiA)"]),
        (PARAGRAPH, "within", "j1", "j2", ["s-1: item 3 1.1(a)(i)(1A)"]),
        (PARAGRAPH, "within", "i4", "i5", ["s-1: item 2 3.1(A)"]),
        # under and beside headings
        (PARAGRAPH, "within", "h2", "h3", ["s-1: paragraph 0 1.3.1A"]),
        (PARAGRAPH, "within", "h4", "h5", ["s-1: item 1 3.2A"]),
        (SECTION, "within", "h2", "h3", ["s-1: heading 4 1.3.1A", "s-2: paragraph 0 1.3.1A.1"]),
        (SECTION, "within", "h1", "h3", ["s-1: heading 3 1.3A", "s-2: paragraph 0 1.3A.1"]),
        (SECTION, "after", "h1", "h3", ["s-1: heading 2 1A", "s-2: paragraph 0 1A.1"]),
        (SECTION, "before", "h1", "h1", ["s-1: heading 2 0A", "s-2: paragraph 0 0A.1"]),
        (SECTION, "after", "h2", "h3", ["s-1: heading 3 1.3A", "s-2: paragraph 0 1.3A.1"]),
        (SECTION, "before", "h2", "h2", ["s-1: heading 3 1.2A", "s-2: paragraph 0 1.2A.1"]),
        ("#### Ours {#s-1}", "after", "h1", "h3", ["s-1: heading 2 1A"]),
        (SECTION, "after", "h5", "", ["s-1: heading 2 4A", "s-2: paragraph 0 4A.1"]),
        # beside what is locked
        (SECTION, "after", "h3", "h4", ["s-1: heading 2 2A", "s-2: paragraph 0 2A.1"]),
        (PARAGRAPH, "after", "p5", "p6", ["s-1: paragraph 0 4.1A"]),
    ],
)
def test_an_addition_takes_the_kind_and_depth_of_its_place(
    text: str, place: str, target: str, before: str, shown: list[str]
) -> None:
    result = fine(school(add(text, place, target)))
    assert added(result) == shown
    order = [*ids(result), ""]
    assert order[order.index("s-1") + len(shown)] == before
    assert all(found.basis is None for found in result.clauses if found.id.startswith("s-"))


@pytest.mark.parametrize(
    ("text", "place", "target", "wrong"),
    [
        (SECTION, "after", "p1", "heading-level"),
        (SECTION, "before", "i1", "heading-level"),
        (SECTION, "within", "p1", "heading-level"),
        (PARAGRAPH, "after", "h1", "heading-level"),
        (PARAGRAPH, "before", "h2", "heading-level"),
        ("## A {#s-1}\n\n### B {#s-2}\n\n#### C {#s-3}", "within", "h2", "heading-level"),
        (PARAGRAPH, "within", "k1", "unclear-nesting"),
        (WITH_ITEMS, "after", "j1", "unclear-nesting"),
        (PARAGRAPH, "after", "nowhere", "unknown-clause"),
    ],
)
def test_an_addition_that_fits_nowhere_is_told_and_left_out(
    text: str, place: str, target: str, wrong: str
) -> None:
    result, codes = published(school(add(text, place, target)))
    assert set(codes) == {wrong}
    assert ids(result) == MASTER_IDS


def test_additions_after_one_clause_stand_in_the_order_written() -> None:
    result = fine(
        school(*(add(f"Ours: {{#s-{n}}}\n\n- item {{#t-{n}}}", "after", "p2") for n in (1, 2, 3)))
    )
    start = MASTER_IDS.index("p2") + 1
    assert ids(result)[start : start + 6] == ["s-1", "t-1", "s-2", "t-2", "s-3", "t-3"]
    assert [result.by_id[f"s-{n}"].label for n in (1, 2, 3)] == ["1.2A", "1.2B", "1.2C"]


def test_additions_before_and_within_one_clause_stand_in_the_order_written() -> None:
    places = [("before", "s-1"), ("within", "s-2"), ("before", "s-3"), ("within", "s-4")]
    result = fine(school(*(add(f"Ours. {{#{own}}}", place, "p1") for place, own in places)))
    found = ids(result)
    assert found[1:4] == ["s-1", "s-3", "p1"]
    assert found[found.index("i2") + 1 :][:3] == ["s-2", "s-4", "p2"]


# -- layers ---------------------------------------------------------------------------------


def test_the_group_comes_first_and_the_school_adds_after_it() -> None:
    result = fine(
        group(add("The group's. {#g-1}", "after", "p2")), school(add(PARAGRAPH, "after", "p2"))
    )
    assert [(found.id, found.label) for found in result.clauses if found.basis is None] == [
        ("g-1", "1.2A"),
        ("s-1", "1.2B"),
    ]
    assert [found.departure and found.departure.layer for found in result.departures] == [
        "rivers",
        "hill",
    ]


def test_the_school_wins_on_the_same_clause() -> None:
    ours, theirs = change("p1", "The school's:"), change("p1", "The group's:")
    clause = fine(group(theirs), school(ours)).by_id["p1"]
    assert plain(clause.clause.words) == "The school's:"
    assert clause.basis == POLICY.outline.by_id["p1"]
    assert clause.departure is not None
    assert clause.departure.layer == "hill"
    alone = fine(group(theirs), school()).by_id["p1"]
    assert alone.departure is not None
    assert (plain(alone.clause.words), alone.departure.layer) == ("The group's:", "rivers")


def test_a_schools_override_is_held_against_the_groups_wording() -> None:
    theirs = change("p1", "The group's:")
    against_trust = print_for(change("p1"), POLICY.outline)
    result, wrong = published(group(theirs), school(change("p1", against=against_trust)))
    assert wrong == ["needs-review"]
    assert result.by_id["p1"].departure is not None
    assert result.by_id["p1"].departure.needs_review


def test_what_a_group_added_a_school_may_word_otherwise() -> None:
    clause = fine(group(add("Ours. {#g-1}", "after", "p2")), school(change("g-1", "Mine."))).by_id[
        "g-1"
    ]
    assert (plain(clause.clause.words), clause.basis) == ("Mine.", None)
    assert clause.provenance is Provenance.ADDED
    assert clause.departure is not None
    assert [one.layer for one in clause.departure.chain] == ["hill", "rivers"]


def test_what_every_layer_decided_of_an_addition_is_kept() -> None:
    result = fine(
        group(add("Ours. {#g-1}\n\nMore. {#g-2}", "after", "p2")), school(leave_out("g-1"))
    )
    decided = [
        (c.id, c.departure and [one.layer for one in c.departure.chain]) for c in result.departures
    ]
    assert decided == [("g-1", ["hill", "rivers"]), ("g-2", ["rivers"])]


@pytest.mark.parametrize(
    "override",
    [
        change("h4"),
        change("j3"),
        leave_out("i4"),
        leave_out("h4"),
        add(PARAGRAPH, "after", "i4"),
        add(PARAGRAPH, "within", "h4"),
    ],
)
def test_a_school_cannot_change_what_its_group_leaves_out(override: Override) -> None:
    assert wrong_with(group(leave_out("h4")), school(override)) == ["conflicting-overrides"]


def test_a_school_can_add_beside_what_its_group_leaves_out() -> None:
    result = fine(group(leave_out("h4")), school(add(SECTION, "after", "h4")))
    assert result.by_id["s-1"].label == "3A"


@pytest.mark.parametrize(
    "overrides",
    [
        (change("p2", "One."), change("p2", "Two.")),
        (change("p2"), leave_out("p2")),
        (leave_out("p2"), change("p2")),
        (leave_out("p2"), leave_out("p2")),
        (leave_out("h4"), change("i4")),
        (change("j3"), leave_out("h4")),
        (leave_out("h4"), leave_out("i4")),
        (leave_out("h4"), add(PARAGRAPH, "after", "i4")),
        (leave_out("h4"), add(PARAGRAPH, "within", "h4")),
        (add(PARAGRAPH, "within", "i5"), leave_out("h4")),
    ],
)
def test_two_overrides_that_cannot_both_hold_are_told(overrides: tuple[Override, ...]) -> None:
    assert set(wrong_with(school(*overrides))) == {"conflicting-overrides"}


# -- locks ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "override",
    [
        change("h3"),
        change("p4"),
        change("i3"),
        leave_out("h3"),
        leave_out("i3"),
        change("p5"),
        leave_out("p5"),
        leave_out("h5"),
        add(PARAGRAPH, "within", "h3"),
        add(PARAGRAPH, "after", "p4"),
        add(PARAGRAPH, "before", "p4"),
        add(PARAGRAPH, "within", "p4"),
        add(PARAGRAPH, "after", "i3"),
        add(PARAGRAPH, "within", "i3"),
        add(PARAGRAPH, "within", "p5"),
    ],
)
@pytest.mark.parametrize("who", ["school", "group"])
def test_a_lock_holds_for_everything_under_it(override: Override, who: str) -> None:
    layers = (school(override),) if who == "school" else (group(override), school())
    result, wrong = published(*layers)
    assert wrong == ["locked-clause"]
    assert [found.clause for found in result.clauses] == list(POLICY.outline)
    assert result.departures == ()


def test_a_group_can_lock_what_it_adds() -> None:
    theirs = group(add("Ours: {#g-1 .locked}\n\n- item {#g-2}", "after", "p2"))
    for override in (
        change("g-1"),
        change("g-2"),
        leave_out("g-2"),
        add(PARAGRAPH, "within", "g-1"),
    ):
        assert wrong_with(theirs, school(override)) == ["locked-clause"]
    assert wrong_with(theirs, school(add(PARAGRAPH, "after", "g-1"))) == []


def test_who_locked_a_clause_is_said() -> None:
    problems = Problems()
    tailor(POLICY, [school(change("i3", against="bcdf-ghjk"))], {}, problems)
    (problem,) = problems.found
    assert problem.message == "the trust has locked 'h3', under which 'i3' stands"


# -- fingerprints and departures ------------------------------------------------------------


@pytest.mark.parametrize(
    "override",
    [
        change("p2", against="bcdf-ghjk"),
        leave_out("p2", against="bcdf-ghjk"),
        replace(add(PARAGRAPH, "after", "p2"), against="bcdf-ghjk"),
    ],
)
def test_a_stale_fingerprint_asks_for_review_and_the_override_holds(override: Override) -> None:
    result, wrong = published(school(override))
    assert wrong == ["needs-review"]
    (found,) = result.departures
    assert found.departure is not None
    assert found.departure.needs_review


def test_without_a_fingerprint_the_right_one_is_named() -> None:
    problems = Problems()
    tailor(POLICY, [school(change("p2"))], {}, problems)
    (problem,) = problems.found
    assert problem.code == "missing-fingerprint"
    assert print_for(change("p2"), POLICY.outline) in problem.hint


def test_leaving_out_is_held_against_everything_that_goes() -> None:
    changed = policy(MASTER.replace("- nested. {#j3}", "- nested, anew. {#j3}"))
    for override, stale in ((leave_out("h4"), True), (change("h4"), False), (change("i5"), False)):
        today = print_for(override, POLICY.outline)
        assert (print_for(override, changed.outline) != today) is stale


@pytest.mark.parametrize(
    ("now", "stale"),
    [
        ("Second.", False),
        ("Second .", True),
        ("**Second**.", True),
        ("second.", True),
        ("Second.\n\n> And a quotation.", True),
    ],
)
def test_only_another_wording_makes_a_fingerprint_stale(now: str, *, stale: bool) -> None:
    first, *rest = now.split("\n\n", 1)
    text = MASTER.replace("Second. {#p2", f"{first} {{#p2")
    text = text.replace("\n\n### Sub", "".join(f"\n\n{block}" for block in rest) + "\n\n### Sub")
    today = print_for(change("p2"), policy(text).outline)
    assert (today != print_for(change("p2"), POLICY.outline)) is stale


def test_one_departure_for_each_override_in_reading_order() -> None:
    result = fine(
        school(
            leave_out("h4"),
            add(WITH_ITEMS, "before", "p2"),
            change("p2"),
            change("p1"),
            add("One. {#t-1}\n\nTwo. {#t-2}", "after", "p2"),
        )
    )
    assert [found.id for found in result.departures] == ["p1", "s-1", "p2", "t-1", "h4"]
    roots = {found.id: found.departure.root for found in result.clauses if found.departure}
    assert roots == {
        "p1": "p1", "s-1": "s-1", "s-2": "s-1", "s-3": "s-1", "p2": "p2", "t-1": "t-1",
        "t-2": "t-1", "h4": "h4", "i4": "h4", "i5": "h4", "j3": "h4",
    }  # fmt: skip


def test_an_override_of_no_clause_is_told() -> None:
    assert wrong_with(school(change("p9"))) == ["unknown-clause"]
    assert wrong_with(school(leave_out("zzz"))) == ["unknown-clause"]


# -- audiences and review -------------------------------------------------------------------


def test_the_nearest_layer_says_whom_the_policy_is_for_and_when_it_is_reviewed() -> None:
    master = ("staff", "pupils")
    far = Layer(
        "rivers", adoption((), ("staff",), Review(last=date(2026, 1, 1), next=date(2027, 1, 1)))
    )
    near = Layer("hill", adoption((), None, Review(next=date(2026, 7, 1))))
    assert fine().audiences == master
    assert fine(near).audiences == master
    assert fine(far, near).audiences == ("staff",)
    assert fine(far, layer("hill", audiences=("pupils",))).audiences == ("pupils",)
    assert fine(far, near).review == Review(last=date(2026, 1, 1), next=date(2026, 7, 1))
    assert fine().review == Review()


# -- laws -----------------------------------------------------------------------------------


def random_override(draw: st.DrawFn, prefix: str, number: int, known: list[str]) -> Override:
    target = draw(st.sampled_from(known))
    others = st.sampled_from([clause_id for clause_id in known if clause_id[:2] != f"{prefix}-"])
    match draw(st.integers(0, 3)):
        case 0:
            return change(draw(others), f"Wording {prefix} {number}.")
        case 1:
            return leave_out(draw(others))
        case _:
            one, two = f"{prefix}-{number}-a", f"{prefix}-{number}-b"
            text = draw(
                st.sampled_from(
                    [
                        f"Ours. {{#{one}}}",
                        f"Ours: {{#{one}}}\n\n- item {{#{two}}}",
                        f"Ours. {{#{one}}}\n\nMore. {{#{two}}}",
                        f"## Ours {{#{one}}}",
                        f"## Ours {{#{one}}}\n\n- item {{#{two}}}",
                    ]
                )
            )
            return add(text, draw(st.sampled_from([place.value for place in Place])), target)


@st.composite
def any_layers(draw: st.DrawFn) -> tuple[Layer, ...]:
    """A group's and a school's overrides, whether or not they are allowed."""
    layers: list[Layer] = []
    known = list(MASTER_IDS)
    for name, prefix in draw(st.sampled_from([(("hill", "s"),), (("rivers", "g"), ("hill", "s"))])):
        overrides: list[Override] = []
        for number in range(draw(st.integers(0, 5))):
            overrides.append(random_override(draw, prefix, number, known))
            latest = overrides[-1]
            if isinstance(latest, Add):
                known += [clause.id for clause in latest.clauses]
        layers.append(layer(name, *overrides))
    return tuple(layers)


@st.composite
def legal_layers(draw: st.DrawFn) -> tuple[Layer, ...]:
    """A group's and a school's overrides with those taken out that would be refused."""
    kept: list[Layer] = []
    for found in draw(any_layers()):
        overrides: tuple[Override, ...] = ()
        for override in found.adoption.overrides:
            if wrong_with(*kept, layer(found.id, *overrides, override)) == []:
                overrides = (*overrides, override)
        kept.append(layer(found.id, *overrides))
    return tuple(kept)


def is_sound(result: TailoredPolicy) -> None:
    """What holds for every published policy."""
    assert [found.id for found in result.clauses if found.id in MASTER_IDS] == MASTER_IDS
    assert len(set(ids(result))) == len(result.clauses)
    assert len({found.label for found in result.clauses}) == len(result.clauses)
    labels = {found.id: found.label for found in tailor(POLICY, (), {}, Problems()).clauses}
    above: list[str] = []
    for found in result.clauses:
        clause = found.clause
        # numbers, and where a clause comes from
        assert labels.get(found.id, found.label) == found.label
        assert found.basis == POLICY.outline.by_id.get(found.id)
        assert (found.departure is None) == (found.provenance is Provenance.TRUST)
        if found.provenance is Provenance.TRUST:
            assert clause == found.basis
        # reading order is that of the tree: every clause follows its parent's
        if clause.parent is None:
            above = []
        else:
            assert clause.parent in above
            above = above[: above.index(clause.parent) + 1]
            parent = result.by_id[clause.parent]
            gone = parent.provenance is Provenance.OMITTED
            assert not gone or found.provenance is Provenance.OMITTED
            _has_the_right_depth(clause, parent.clause)
        above.append(found.id)


def _has_the_right_depth(clause: Clause, parent: Clause) -> None:
    match clause.kind:
        case Kind.HEADING:
            assert (parent.kind, clause.depth) == (Kind.HEADING, parent.depth + 1)
            assert clause.depth <= 4
        case Kind.PARAGRAPH:
            assert (parent.kind, clause.depth) == (Kind.HEADING, 0)
        case Kind.ITEM:
            assert clause.depth == (1 if parent.kind is Kind.HEADING else parent.depth + 1)
            assert clause.depth <= 3


def additions(layers: tuple[Layer, ...]) -> set[str]:
    return {
        clause.id
        for found in layers
        for override in found.adoption.overrides
        if isinstance(override, Add)
        for clause in override.clauses
    }


@given(legal_layers())
@settings(deadline=None, max_examples=100)
def test_law_the_master_and_the_additions_are_what_is_published(layers: tuple[Layer, ...]) -> None:
    result = fine(*layers)
    is_sound(result)
    assert set(ids(result)) == set(MASTER_IDS) | additions(layers)


@given(legal_layers())
@settings(deadline=None, max_examples=50)
def test_law_every_override_of_the_nearest_layer_hits_exactly_one_clause(
    layers: tuple[Layer, ...],
) -> None:
    result = fine(*layers)
    last = layers[-1]
    hit = sorted(
        found.id
        for found in result.departures
        if found.departure and found.departure.layer == last.id
    )
    meant = sorted(
        override.clauses[0].id if isinstance(override, Add) else override.target
        for override in last.adoption.overrides
    )
    assert hit == meant


@given(any_layers())
@settings(deadline=None, max_examples=200)
def test_law_no_clause_is_lost_whatever_is_overridden(layers: tuple[Layer, ...]) -> None:
    result, wrong = published(*layers)
    assert [found.id for found in result.clauses if found.id in MASTER_IDS] == MASTER_IDS
    assert set(ids(result)) <= set(MASTER_IDS) | additions(layers)
    if not wrong:
        is_sound(result)
    overrides = sum(len(found.adoption.overrides) for found in layers)
    if len(layers) == 1:
        assert len(result.departures) + len(wrong) >= overrides


@given(any_layers())
@settings(deadline=None, max_examples=50)
def test_law_what_is_locked_is_the_trusts_whatever_is_overridden(layers: tuple[Layer, ...]) -> None:
    result, _ = published(*layers)
    for clause_id in ("h3", "p4", "i3", "p5"):
        assert result.by_id[clause_id].clause == POLICY.outline.by_id[clause_id]
        assert result.by_id[clause_id].provenance is Provenance.TRUST
    locked = {"h3", "p4", "i3", "p5"}
    assert not [
        found.id
        for found in result.clauses
        if found.clause.parent in locked and found.id not in locked
    ]
