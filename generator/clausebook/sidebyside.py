"""The same rule at every school: who says it in which words, as data.

Schools that say the same stand together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from clausebook.archive import Archive
from clausebook.model import Clause, Provenance, TailoredClause, TailoredPolicy
from clausebook.overview import ClauseAt, MasterAt, PolicyAt, State, clauses_at
from clausebook.writing import canonical


@dataclass(frozen=True, kw_only=True)
class Voice:
    """What some schools say, all in the same words."""

    state: State
    schools: tuple[tuple[PolicyAt, str], ...]
    """Each with the clause at which it gives its reasons."""
    clauses: tuple[TailoredClause, ...]
    """The words, as the first of the schools prints them; nothing where there are none."""
    master: str | None = None
    """The older version of the master whose words they are."""

    @property
    def reason(self) -> str:
        """Why, for what schools decided."""
        departure = self.clauses[0].departure if self.clauses else None
        return departure.reason if departure else ""

    @property
    def left_out(self) -> bool:
        """Whether they have decided that the clause is not for them."""
        return any(_is_left_out(clause) for clause in self.clauses)


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A clause of the trust's that is not the same everywhere, or a place where schools add."""

    clause: TailoredClause | None
    """The trust's clause; for additions the one they follow, if any."""
    added: bool
    voices: tuple[Voice, ...]
    same: tuple[PolicyAt, ...] = ()
    """The schools that have the trust's words of today."""


def rules(trusts: MasterAt, schools: Sequence[PolicyAt]) -> list[Rule]:
    """Every rule that differs at some school, in the order of the trust's policy."""
    master = trusts.shown
    at = [(school, clauses_at(master, school)) for school in schools]
    by_clause: dict[str, list[tuple[PolicyAt, ClauseAt]]] = {}
    extra: dict[str | None, list[tuple[PolicyAt, list[ClauseAt]]]] = {}
    for school, clauses in at:
        for one in clauses:
            if one.id in master.by_id:
                by_clause.setdefault(one.id, []).append((school, one))
        for place, group in _added(clauses, master).items():
            extra.setdefault(place, []).append((school, group))
    found = [_addition(None, extra[None])] if None in extra else []
    for clause in master.clauses:
        rule = _rule(clause, by_clause.get(clause.id, ()), trusts.versions)
        found += [rule] if rule.voices else []
        found += [_addition(clause, extra[clause.id])] if clause.id in extra else []
    return found


def _added(clauses: Sequence[ClauseAt], master: TailoredPolicy) -> dict[str | None, list[ClauseAt]]:
    found: dict[str | None, list[ClauseAt]] = {}
    for one in clauses:
        if one.id not in master.by_id:
            found.setdefault(one.after, []).append(one)
    return found


def _rule(
    clause: TailoredClause, at: Sequence[tuple[PolicyAt, ClauseAt]], masters: Archive
) -> Rule:
    """One clause of the trust's; where it is only left out with a clause above, that one tells."""
    same: list[PolicyAt] = []
    voices: dict[tuple[object, ...], list[tuple[PolicyAt, ClauseAt, str | None]]] = {}
    for school, one in at:
        older = _older(clause.clause, school, one, masters)
        if one.state is State.INHERITED and older is None:
            same.append(school)
        else:
            voices.setdefault(_key(one, older), []).append((school, one, older))
    told_above = all(_left_out_above(one) for group in voices.values() for _, one, _ in group)
    spoken = () if told_above else tuple(_voice(group) for group in voices.values())
    return Rule(clause=clause, added=False, voices=spoken, same=tuple(same))


def _voice(group: Sequence[tuple[PolicyAt, ClauseAt, str | None]]) -> Voice:
    _, first, older = group[0]
    return Voice(
        state=first.state,
        schools=tuple((school, one.root) for school, one, _ in group),
        clauses=(first.clause,) if first.clause else (),
        master=older,
    )


def _left_out_above(one: ClauseAt) -> bool:
    return _is_left_out(one.clause) and one.root != one.id


def _is_left_out(clause: TailoredClause | None) -> bool:
    return clause is not None and clause.provenance is Provenance.OMITTED


def _key(one: ClauseAt, older: str | None) -> tuple[object, ...]:
    own = one.clause
    if own is None:
        return (one.state,)
    if _is_left_out(own):
        return (one.state, "", own.departure.reason if own.departure else "")
    if older is not None:
        return (one.state, older)
    return (one.state, canonical(own.shown.words, own.shown.body))


def _older(clause: Clause, school: PolicyAt, one: ClauseAt, masters: Archive) -> str | None:
    """The older master whose wording a school still has, if it is not today's."""
    if one.state is not State.INHERITED or not school.behind or school.master is None:
        return None
    before = masters.by_label[school.master].by_id.get(one.id)
    if before is None or _wording(before.clause) == _wording(clause):
        return None
    return school.master


def _wording(clause: Clause) -> str:
    return canonical(clause.words, clause.body)


def _addition(
    place: TailoredClause | None, added: Sequence[tuple[PolicyAt, list[ClauseAt]]]
) -> Rule:
    """What schools say after one of the trust's clauses."""
    groups: dict[tuple[object, ...], list[tuple[PolicyAt, list[ClauseAt]]]] = {}
    for school, clauses in added:
        groups.setdefault(tuple(_key(one, None) for one in clauses), []).append((school, clauses))
    voices = tuple(
        Voice(
            state=group[0][1][0].state,
            schools=tuple((school, clauses[0].root) for school, clauses in group),
            clauses=tuple(one.clause for one in group[0][1] if one.clause),
        )
        for group in groups.values()
    )
    return Rule(clause=place, added=True, voices=voices)
