"""Tailoring, comparing, redlining and what is published keep their laws, for any policies."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from functools import cache
from random import Random
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker
from tests import overridden
from tests.edits import Maker, rank, wording
from tests.fuzz.targets import BASE, MASTER
from tests.overridden import keep_tailoring_laws, random_layers, random_master
from tests.prose_trees import bodies, refused, wordings
from tests.torture import laws

from clausebook.changes import ChangeKind
from clausebook.compare import compare
from clausebook.model import Add, TailoredPolicy
from clausebook.pipeline import render
from clausebook.problems import Problems
from clausebook.prose import Blocks, Inlines, Paragraph
from clausebook.redlineshapes import Difference, difference
from clausebook.snapshot import Snapshot
from clausebook.tailor import tailor
from clausebook.writing import SOURCE, write_blocks, write_line

TODAY = date(2026, 11, 20)
SEEDS = st.integers(0, 1 << 40)


def chance(seed: int) -> Random:
    return Random(seed)  # noqa: S311 - to be the same every time is what it is for


def test_many_policies_keep_every_law() -> None:
    outcome = laws.run(900, seed=2026)
    assert outcome.survived == outcome.tried, "\n".join(outcome.remarks)


@settings(max_examples=50, deadline=None)
@given(SEEDS)
def test_law_every_clause_is_accounted_for_under_any_layers(seed: int) -> None:
    rng = chance(seed)
    master = random_master(rng)
    keep_tailoring_laws(master, random_layers(rng, master))


def test_the_layers_made_up_reach_every_sort_of_override() -> None:
    """Or the law above would hold of nothing."""
    sorts: set[str] = set()
    for seed in range(300):
        rng = chance(seed)
        master = random_master(rng)
        own = set(master.outline.by_id)
        layers = random_layers(rng, master)
        for layer in layers:
            for override in layer.adoption.overrides:
                where = "of the trust's" if override.target in own else "of an addition"
                sorts.add(f"{type(override).__name__} {where}")
                if isinstance(override, Add):
                    sorts.add(override.place.value)
                    sorts |= {"nested"} if any(c.parent for c in override.clauses) else set()
        sorts |= {"two layers"} if len(layers) == 2 else set()
    assert sorts >= {"Replace of the trust's", "Omit of the trust's", "Add of the trust's"}
    assert sorts >= {"Replace of an addition", "Omit of an addition", "Add of an addition"}
    assert sorts >= {"before", "after", "within", "nested", "two layers"}


def test_a_clause_that_is_lost_breaks_the_law(monkeypatch: pytest.MonkeyPatch) -> None:
    master = random_master(chance(1))

    def forgetful(*given: Any, **named: Any) -> TailoredPolicy:  # noqa: ANN401
        whole = tailor(*given, **named)
        return replace(whole, clauses=whole.clauses[:-1])

    keep_tailoring_laws(master, ())
    monkeypatch.setattr(overridden, "tailor", forgetful)
    with pytest.raises(AssertionError, match="a clause was lost"):
        keep_tailoring_laws(master, ())


@settings(max_examples=50, deadline=None)
@given(SEEDS)
def test_law_a_move_is_never_a_rewording(seed: int) -> None:
    """Neighbours that change places keep their words: only places and numbers differ."""
    rng = chance(seed)
    before = Maker(rng).policy(8)
    after = before.copy()
    rng.shuffle(after.under)
    after.under.sort(key=rank)
    for change in compare(wording(before), wording(after)).changes:
        assert change.kinds <= {ChangeKind.MOVED, ChangeKind.RENUMBERED}
        assert difference(change.redline) is Difference.NONE


@settings(max_examples=50, deadline=None)
@given(SEEDS)
def test_law_renumbering_is_never_a_rewording(seed: int) -> None:
    """A new first clause gives every other another number, and nothing else."""
    maker = Maker(chance(seed))
    before = maker.policy(8)
    after = before.copy()
    new = maker.node(before.under[0].kind)
    after.under.insert(0, new)
    for change in compare(wording(before), wording(after)).changes:
        if change.id != new.id and ChangeKind.SPLIT not in change.kinds:
            assert change.kinds == {ChangeKind.RENUMBERED}


# -- what is published ---------------------------------------------------------------------


@settings(max_examples=25, deadline=None)
@given(wordings(names=False), bodies(names=False), wordings(names=False))
def test_law_data_and_feeds_are_well_formed_whatever_is_said(
    words: Inlines, body: Blocks, reason: Inlines
) -> None:
    assume(not refused(words, body) and not refused(reason))
    assume(not any(isinstance(block, Paragraph) for block in body))  # it would be a clause
    text = "\n".join([write_line(words, SOURCE), "", *write_blocks(body, SOURCE)]) + "\n"
    because = write_line(reason, SOURCE).replace("\n", " ")
    files = _adopted(text, because)
    for site in render(Snapshot(files), Problems(), TODAY):
        validator = _validator(site.files["data/schema.json"])
        policy = json.loads(site.files["data/online.json"])
        assert list(validator.iter_errors(policy)) == []
        for path, content in site.files.items():
            if path.endswith(".json"):
                json.loads(content)
            if path.endswith(".xml"):
                ET.fromstring(content)  # noqa: S314 - it is our own
            if path.startswith("data/oscal/"):
                _is_resolved(json.loads(content))


def _adopted(text: str, reason: str) -> dict[str, bytes]:
    """The small trust, with this wording at its school."""
    override = {"replace": "on-2", "with": text, "reason": reason, "against": "pvzk-swwm"}
    own = yaml.safe_dump({"overrides": [override]}, allow_unicode=True)
    return {**BASE, "schools/hill/online.yml": own.encode(), MASTER: BASE[MASTER]}


def _is_resolved(data: Any) -> None:  # noqa: ANN401 - JSON
    """Every control has an ID of its own, and its words."""
    catalog = data.get("catalog", {})
    controls = [one for group in catalog.get("groups", ()) for one in group.get("controls", ())]
    ids = [control["id"] for control in controls]
    assert len(set(ids)) == len(ids)
    assert all(control["title"] for control in controls)


@cache
def _validator(schema: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads(schema), format_checker=FormatChecker())
