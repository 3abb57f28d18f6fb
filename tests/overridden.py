"""Random masters under random layers of overrides, and what must hold of what is published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from tests.edits import PLACE, Maker, wording

from clausebook.model import (
    Add,
    Adoption,
    Clause,
    Kind,
    Mark,
    Omit,
    Outline,
    Override,
    Place,
    Policy,
    Provenance,
    Replace,
    TailoredPolicy,
)
from clausebook.problems import Problems
from clausebook.prose import Inlines, Text, Value, map_inlines
from clausebook.shapes import DocumentControl, PolicyFile, Review
from clausebook.source import Source
from clausebook.tailor import Layer, print_for, tailor
from clausebook.yamldoc import YamlDocument

CONTROL = DocumentControl(
    title="Online safety policy",
    code="ON",
    owner="Director",
    approver="Board",
    review_every="12 months",
    audiences=("staff", "pupils"),
    statutory=False,
)
DOCUMENT = YamlDocument(Source("schools/hill/online.yml", ""))
MARKS = (*[Mark.OPTIONAL] * 6, *[Mark.LOCKED] * 2, Mark.STRICTER, Mark.GUIDANCE)
LAYERS = ("rivers", "hill")


def without_names(words: Inlines) -> Inlines:
    """Wording in which nothing needs filling in."""
    return map_inlines(words, lambda w: (Text("us"),) if isinstance(w, Value) else (w,))


def random_master(rng: Random) -> Policy:
    """A policy of up to a dozen clauses or so, some of them optional or locked."""
    made = wording(Maker(rng).policy(12))
    clauses = tuple(
        replace(
            provision.clause,
            words=without_names(provision.clause.words),
            body=(),
            marks=frozenset({rng.choice(MARKS)} if rng.random() < 0.6 else ()),
        )
        for provision in made.provisions
    )
    return Policy(id="online", control=CONTROL, outline=Outline(clauses), document=DOCUMENT)


def random_layers(rng: Random, master: Policy) -> list[Layer]:
    """What a group and a school say, allowed or not; each knows the wording below it."""
    layers: list[Layer] = []
    for name in LAYERS[rng.randrange(2) :]:
        below = tailor(master, layers, {}, Problems())
        outline = Outline(tuple(found.clause for found in below.clauses))
        known = [clause.id for clause in outline]
        overrides: list[Override] = []
        for number in range(rng.choice((0, 1, 2, 3, 6))):
            made = _override(rng, f"{name}-{number}", known)
            overrides.append(
                replace(made, against=print_for(made, outline))
                if made.target in outline.by_id
                else made
            )
            if isinstance(made, Add):
                known += [clause.id for clause in made.clauses]
        layers.append(Layer(name, _adoption(tuple(overrides))))
    return layers


def _override(rng: Random, name: str, known: Sequence[str]) -> Override:
    target = rng.choice(known) if known and rng.random() < 0.97 else "nobody-1"
    said = {"target": target, "reason": "So it is.", "against": None, "since": None, "span": PLACE}
    match rng.randrange(4):
        case 0:
            words = without_names(Maker(rng).words())
            return Replace(words=words, body=(), **said)  # type: ignore[arg-type]
        case 1:
            return Omit(**said)  # type: ignore[arg-type]
        case _:
            place = rng.choice(list(Place))
            return Add(place=place, clauses=_additions(rng, name), **said)  # type: ignore[arg-type]


def _additions(rng: Random, name: str) -> tuple[Clause, ...]:
    """Clauses as the reader of an addition gives them: those at the top have no parent yet."""
    words = (Text("Ours."),)

    def clause(end: str, kind: Kind, parent: str | None, depth: int) -> Clause:
        return Clause(
            id=f"{name}-{end}", kind=kind, parent=parent, depth=depth, words=words, span=PLACE
        )

    one = clause("a", Kind.PARAGRAPH, None, 0)
    heading = clause("a", Kind.HEADING, None, 2)
    item = clause("b", Kind.ITEM, one.id, 1)
    under = clause("c", Kind.ITEM, item.id, 2)
    other = clause("d", Kind.PARAGRAPH, None, 0)
    choices: list[tuple[Clause, ...]] = [
        (one,),
        (one, item),
        (one, item, under),
        (one, other),
        (heading,),
        (heading, replace(other, parent=heading.id)),
    ]
    return rng.choice(choices)


def _adoption(overrides: tuple[Override, ...]) -> Adoption:
    return Adoption(
        policy="online",
        audiences=None,
        review=Review(),
        withdrawn=None,
        fillings=PolicyFile(),
        overrides=overrides,
        document=DOCUMENT,
    )


def keep_tailoring_laws(master: Policy, layers: Sequence[Layer]) -> None:
    """Tailor, and hold what comes out against the invariants (ARCHITECTURE.md, 1, 2 and 5)."""
    problems = Problems()
    result = tailor(master, layers, {}, problems)
    ids = [found.id for found in result.clauses]
    own = [clause.id for clause in master.outline]
    added = [
        clause.id
        for layer in layers
        for override in layer.adoption.overrides
        if isinstance(override, Add)
        for clause in override.clauses
    ]
    assert [key for key in ids if key in master.outline.by_id] == own, "a clause was lost or moved"
    assert set(ids) <= {*own, *added}, "a clause came from nowhere"
    assert len(set(ids)) == len(ids), "a clause stands there twice"
    labels = [found.label for found in result.clauses]
    assert len(set(labels)) == len(labels), "two clauses have one number"
    _numbers_are_the_trusts(master, result)
    _provenance_is_true(master, result)
    if not problems.errors:
        assert set(ids) == {*own, *added}, "an override was lost"
        _each_override_hits_once(layers, result)
    if not any(layer.adoption.overrides for layer in layers):
        assert not problems.errors
        assert [found.shown for found in result.clauses] == list(master.outline)


def _numbers_are_the_trusts(master: Policy, result: TailoredPolicy) -> None:
    alone = {found.id: found.label for found in tailor(master, (), {}, Problems()).clauses}
    for found in result.clauses:
        assert alone.get(found.id, found.label) == found.label, "the trust's numbers have moved"


def _provenance_is_true(master: Policy, result: TailoredPolicy) -> None:
    for found in result.clauses:
        basis = master.outline.by_id.get(found.id)
        is_trusts = found.provenance is Provenance.TRUST
        assert found.basis == basis, "a clause is not based on its own"
        assert is_trusts == (found.departure is None), "a departure without a layer"
        assert not is_trusts or found.clause == basis, "other words under the trust's name"
        if basis and Mark.LOCKED in basis.marks:
            assert is_trusts, "a locked clause was changed"
        above = found.clause.parent
        if above is not None:
            parent = result.by_id[above]
            gone = parent.provenance is Provenance.OMITTED
            assert not gone or found.provenance is Provenance.OMITTED, "it stands under nothing"


def _each_override_hits_once(layers: Sequence[Layer], result: TailoredPolicy) -> None:
    last = layers[-1] if layers else None
    hit = sorted(
        found.id
        for found in result.departures
        if last and found.departure and found.departure.layer == last.id
    )
    meant = sorted(
        override.clauses[0].id if isinstance(override, Add) else override.target
        for override in (last.adoption.overrides if last else ())
    )
    assert hit == meant, "an override does not hit exactly one clause"
