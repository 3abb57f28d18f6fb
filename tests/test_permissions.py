"""What a school may change: marks, the policy's own default, limits and choices."""

from __future__ import annotations

from textwrap import dedent

import pytest
from tests.test_tailor import PARAGRAPH, add, change, layer, leave_out, policy
from tests.test_values import Layers, said, wrong

from clausebook.model import Override
from clausebook.permissions import Permissions
from clausebook.problems import Problems
from clausebook.shapes import Freedom
from clausebook.tailor import tailor

MASTER = dedent("""\
    ## Locked {#h1 .locked}

    Fixed. {#p1}

    Free here. {#p2 .adaptable}

    Free to go. {#p3 .adaptable .optional}

    ## Stricter {#h2 .stricter}

    Firm: {#p4}

    - item; {#i1 .locked}
    - item. {#i2 .optional}

    ## Plain {#h3}

    Open. {#p5}
""")

WAYS = ("replace", "omit", "within", "after")


def attempt(way: str, target: str) -> Override:
    if way == "replace":
        return change(target)
    return leave_out(target) if way == "omit" else add(PARAGRAPH, way, target)


def refused(freedom: Freedom, override: Override) -> list[str]:
    """What is wrong with an override, but for the fingerprint that it lacks here."""
    master = policy(MASTER)
    control = master.control.model_copy(update={"schools_may": freedom})
    problems = Problems()
    master = type(master)(
        id=master.id, control=control, outline=master.outline, document=master.document
    )
    tailor(master, (layer("hill", override),), {}, problems)
    return [problem.code for problem in problems if problem.code != "missing-fingerprint"]


def allowed(freedom: Freedom, target: str) -> set[str]:
    return {way for way in WAYS if not refused(freedom, attempt(way, target))}


@pytest.mark.parametrize(
    ("target", "ways"),
    [
        ("p1", set()),
        ("p2", {"replace", "within"}),
        ("p3", {"replace", "omit", "within"}),
        ("h2", {"within"}),
        ("p4", {"within", "after"}),
        ("i1", {"after"}),
        ("i2", {"within", "after"}),
        ("p5", {"replace", "within", "after"}),
    ],
)
def test_the_nearest_mark_decides(target: str, ways: set[str]) -> None:
    assert allowed(Freedom.ADAPT, target) == ways


@pytest.mark.parametrize(
    ("freedom", "ways"),
    [
        (Freedom.NOTHING, set()),
        (Freedom.BE_STRICTER, {"within", "after"}),
        (Freedom.ADAPT, {"replace", "within", "after"}),
        (Freedom.LEAVE_OUT, {"replace", "omit", "within", "after"}),
    ],
)
def test_a_policy_says_what_holds_for_clauses_without_a_mark(
    freedom: Freedom, ways: set[str]
) -> None:
    assert allowed(freedom, "p5") == ways
    assert allowed(freedom, "p1") == set()
    assert "replace" in allowed(freedom, "p2")


def test_who_says_so_is_known() -> None:
    permissions = Permissions(policy(MASTER).outline, Freedom.ADAPT)
    freedom, clause = permissions.of("i2")
    assert (freedom, clause and clause.id) == (Freedom.BE_STRICTER, "h2")
    assert permissions.of("p5") == (Freedom.ADAPT, None)


# -- limits and choices --------------------------------------------------------------------


def declared(**more: object) -> Layers:
    """A trust with one limit or choice, and what its school chose."""
    chosen = more.pop("chosen", None)
    values = {"phones": {"label": "Phones at lunch", **more}}
    return Layers(
        trust={"values": values}, school={"values": {"phones": chosen}} if chosen else None
    )


CHOICE = {
    "type": "choice",
    "choices": ["permitted", "with permission", "not permitted"],
    "says": {"with permission": "may be used if the {{ pupil.possessive }} teacher agrees"},
    "default": "with permission",
    "stricter": "later",
}
LIMIT = {"type": "number", "unit": "hour", "default": "24", "stricter": "lower"}
AGE = {"type": "number", "default": "13", "stricter": "higher"}
DAY = {"type": "date", "default": "2026-09-01", "stricter": "earlier"}


def test_a_choice_reads_as_plain_english() -> None:
    assert said("phones", declared(**CHOICE)) == "may be used if the pupil’s teacher agrees"
    assert said("phones", declared(**CHOICE, chosen="not permitted")) == "not permitted"


@pytest.mark.parametrize(
    ("declaration", "chosen", "codes"),
    [
        (CHOICE, "not permitted", []),
        (CHOICE, "with permission", []),
        (CHOICE, "permitted", ["less-strict"]),
        (CHOICE, "forbidden", ["bad-value"]),
        (LIMIT, "12", []),
        (LIMIT, "24", []),
        (LIMIT, "25", ["less-strict"]),
        (AGE, "16", []),
        (AGE, "12", ["less-strict"]),
        (DAY, "2026-08-31", []),
        (DAY, "2026-09-02", ["less-strict"]),
        ({**LIMIT, "stricter": "later"}, None, ["bad-value"]),
        ({"type": "text", "stricter": "lower"}, None, ["bad-value"]),
        ({**CHOICE, "says": {"allowed": "may"}}, None, ["bad-value"]),
        ({"type": "number", "says": {"1": "one"}}, None, ["bad-value"]),
    ],
)
def test_a_choice_must_be_as_strict_as_the_trust_or_stricter(
    declaration: dict[str, object], chosen: str | None, codes: list[str]
) -> None:
    assert wrong("A.", declared(**declaration, chosen=chosen)) == codes


def test_a_school_may_not_undo_what_its_group_chose() -> None:
    values = {"phones": {"label": "Phones", **LIMIT}}
    layers = Layers(
        trust={"values": values},
        group={"values": {"phones": "12"}},
        school={"values": {"phones": "18"}},
    )
    assert wrong("A.", layers) == ["less-strict"]
