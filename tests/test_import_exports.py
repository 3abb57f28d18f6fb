"""What was exported and is imported again is the same policy: IDs, words, levels, order."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING

import pytest
from tests.conftest import ROOT

from clausebook.documents import read_content
from clausebook.draftoverrides import Ground, draft_overrides
from clausebook.exports import FORMATS, Asked
from clausebook.handouts import Shelved, shelved
from clausebook.imported import Structure
from clausebook.matches import match
from clausebook.model import Add, Kind, Override
from clausebook.names import fill_for_school
from clausebook.papers import Paper
from clausebook.problems import Problems
from clausebook.prose import inlines_of, plain
from clausebook.structure import structure
from clausebook.tailor import tailor

if TYPE_CHECKING:
    from collections.abc import Iterator

TODAY = date(2026, 11, 21)
WHOSE = [("kestrel", "social-media"), ("thornbeck", "social-media"), ("millrace", "acceptable-use")]
FORMS = ("docx", "md", "html")


@cache
def shelf(school: str, policy: str) -> Shelved:
    return shelved(ROOT, school, policy, TODAY)


@cache
def again(school: str, policy: str, form: str) -> Structure:
    """A draft as it was exported, read again."""
    asked = Asked(shelf=shelf(school, policy), label="draft", against=None)
    return structure(read_content(FORMATS[form].make(asked), f"policy.{form}"))


def printed(paper: Paper) -> Iterator[tuple[str, Kind, int, str]]:
    for clause in paper.clauses:
        if clause.applies:
            runs = (clause.words, *inlines_of(clause.body))
            yield clause.id, clause.kind, clause.depth, told(*map(plain, runs))


def found(made: Structure) -> Iterator[tuple[str, Kind, int, str]]:
    for one in made.clauses:
        clause = one.clause
        runs = (clause.words, *inlines_of(clause.body))
        yield one.source_id, clause.kind, clause.depth, told(*map(plain, runs))


def told(*runs: str) -> str:
    return " ".join(" ".join(runs).split())


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("school", "policy"), WHOSE)
def test_every_clause_comes_back_as_it_was(school: str, policy: str, form: str) -> None:
    made = again(school, policy, form)
    sent = shelf(school, policy).paper("draft")
    assert made.tally.balances
    came = list(found(made))
    assert [one[0] for one in came if one[0]] == [one[0] for one in printed(sent)]
    both = {key: rest for key, *rest in printed(sent)}
    odd = {key: rest for key, *rest in came if key and rest[:2] != both[key][:2]}
    assert not odd
    words = told(*(one[3] for one in came))
    assert words == told(*(one[3] for one in printed(sent)))


@pytest.mark.parametrize("form", FORMS)
def test_a_school_whose_policy_comes_back_has_the_same_overrides(form: str) -> None:
    here = shelf("kestrel", "social-media")
    trust, policy = here.trust, here.trust.policies["social-media"]
    names = fill_for_school(trust, trust.schools["kestrel"], Problems(), policy.id).names
    ground = Ground(tailor(policy, (), names, Problems()), (), "kestrel", ())
    draft = draft_overrides(match(ground.policy, again("kestrel", "social-media", form)), ground)
    assert not draft.refused
    assert draft.adoption
    own = trust.schools["kestrel"].adoptions["social-media"]
    assert sorted(map(deed, draft.adoption.overrides)) == sorted(map(deed, own.overrides))


def deed(override: Override) -> tuple[str, str]:
    """What an override does; an addition can be put into its place in more than one way."""
    target = "" if isinstance(override, Add) else override.target
    return type(override).__name__, target
