"""A trust of very many schools is checked some at a time, and nobody can tell."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from tests.many_schools import many_schools

from clausebook import crowds, pipeline
from clausebook.engines import Engine, Here, Processes
from clausebook.orders import Tally
from clausebook.pipeline import check
from clausebook.problems import Problem, Problems, SourceError
from clausebook.reading import Only
from clausebook.snapshot import Snapshot
from clausebook.source import Tree

TODAY = date(2026, 11, 21)
Files = dict[str, bytes]

MASTER = "policy_source/social-media/policy.md"


def checked(files: Files, engine: Engine | None = None) -> tuple[tuple[Problem, ...], Tally | None]:
    """Everything that is wrong, in order, and what went in."""
    problems, tally = Problems(), None
    try:
        tally = check(Snapshot(files), problems, TODAY, engine or Here())
    except SourceError as error:
        return tuple(error.problems), None
    return tuple(problems), tally


@pytest.fixture(scope="module")
def thirty() -> Files:
    """Give a trust of thirty schools, two federations among them."""
    return many_schools(30)


@pytest.fixture
def in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let thirty schools be a crowd, seven of which are checked at a time."""
    monkeypatch.setattr(pipeline, "CROWD", 10)
    monkeypatch.setattr(crowds, "HANDFUL", 7)


def edit(files: Files, path: str, before: str, after: str) -> Files:
    """The same files with one text in place of another."""
    text = files[path].decode()
    assert re.search(before, text), before
    return {**files, path: re.sub(before, after, text, count=1).encode()}


def with_nothing_wrong(files: Files) -> Files:
    """As they are."""
    return files


def with_a_stale_act(files: Files) -> Files:
    """The trust's own wording, and so that of all schools, names a repealed Act."""
    return edit(files, MASTER, r"Data Protection Act 2018", "Data Protection Act 1998")


def with_an_unused_definition(files: Files) -> Files:
    """The trust defines a word that no school uses anywhere."""
    return edit(
        files,
        MASTER,
        r"(?m)^(- \*\*[^\n]+\.definition\}\n)",
        r"\1- **Zeppelin** means a rigid airship. {#sm-999 .definition}\n",
    )


def with_an_abbreviation_that_nobody_explains(files: Files) -> Files:
    """The trust's wording, and so that of all schools, has an abbreviation."""
    return edit(files, MASTER, r"\{#sm-2\b", "Ask the QXZ. {#sm-2")


def with_an_abbreviation_that_one_school_explains(files: Files) -> Files:
    """What any school explains is explained, whichever part the school is in."""
    own = [p for p in sorted(files) if re.search(r"-[0-9]+/social-media.yml", p)]
    path = [p for p in own if b"{#" in files[p]][-1]
    files = with_an_abbreviation_that_nobody_explains(files)
    return edit(files, path, r"\{#", "Ask the quite xeric zone (QXZ). {#")


def with_a_broken_school(files: Files) -> Files:
    """One school's file cannot be read."""
    path = next(path for path in sorted(files) if path.endswith("/school.yml"))
    return {**files, path: b"name: [\n"}


def with_an_override_of_nothing(files: Files) -> Files:
    """Two schools override a clause that is not there."""
    for path in [p for p in sorted(files) if p.endswith("/social-media.yml")][3:23:19]:
        text = files[path].decode()
        files = {**files, path: re.sub(r"replace: sm-[0-9]+", "replace: sm-99999", text).encode()}
    return files


def with_an_id_given_twice(files: Files) -> Files:
    """The first and the last school have given the same ID."""
    own = [p for p in sorted(files) if re.search(r"-[0-9]+/social-media.yml", p)]
    giving = [p for p in own if b"{#" in files[p]]
    taken = re.search(r"\{#([a-z0-9-]+)", files[giving[0]].decode())
    assert taken
    return edit(files, giving[-1], r"\{#[a-z0-9-]+", "{#" + taken[1])


@pytest.mark.parametrize(
    ("case", "code", "found"),
    [
        (with_nothing_wrong, "duplicate-id", False),
        (with_a_stale_act, "stale-reference", True),
        (with_an_unused_definition, "unused-definition", True),
        (with_an_abbreviation_that_nobody_explains, "undefined-abbreviation", True),
        (with_an_abbreviation_that_one_school_explains, "undefined-abbreviation", False),
        (with_a_broken_school, "bad-yaml", True),
        (with_an_override_of_nothing, "unknown-clause", True),
        (with_an_id_given_twice, "duplicate-id", True),
    ],
)
def test_some_at_a_time_is_told_as_all_at_once(
    case: Callable[[Files], Files],
    code: str,
    found: bool,  # noqa: FBT001 - a column of the table above
    thirty: Files,
    request: pytest.FixtureRequest,
) -> None:
    files = case(thirty)
    at_once, counted = checked(files)
    assert (code in {problem.code for problem in at_once}) is found
    request.getfixturevalue("in_parts")
    in_parts, counted_in_parts = checked(files)
    shown = [(str(p.span), p.code, p.message, p.hint) for p in in_parts]
    assert shown == [(str(p.span), p.code, p.message, p.hint) for p in at_once]
    assert counted_in_parts == counted


@pytest.mark.usefixtures("in_parts")
def test_other_processes_tell_the_same(thirty: Files) -> None:
    assert checked(with_a_stale_act(thirty), Processes(2)) == checked(with_a_stale_act(thirty))


@pytest.mark.usefixtures("in_parts")
def test_no_part_holds_more_than_its_schools(
    thirty: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    most: list[int] = []
    real = crowds.check_part

    def watched(tree: Tree, today: date, only: Only) -> crowds.PartChecked:
        most.append(len(only.schools))
        return real(tree, today, only)

    monkeypatch.setattr(crowds, "check_part", watched)
    checked(thirty)
    assert max(most) <= 7
    assert sum(most) == 30
