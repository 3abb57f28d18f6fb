"""What the files of a trust say of one another: IDs, names, audiences and targets of overrides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from clausebook.declarations import check_declarations, check_fillings, declared_names
from clausebook.model import Add, Adoption, Clause, Group, Policy, School, Trust
from clausebook.people import Layer
from clausebook.problems import Problems, nearest
from clausebook.source import Span
from clausebook.sourcefiles import ENOUGH


def check_together(trust: Trust, problems: Problems) -> None:
    """Find what does not fit in a whole trust, but for IDs."""
    declared_names(trust, problems)
    check_declarations(trust, problems)
    for body in trust.layers:
        check_layer(trust, body, problems)
    for policy in trust.policies.values():
        for number, audience in enumerate(policy.control.audiences):
            span = policy.document.span("audiences", number)
            _check_audience(trust, audience, span, problems)
        _check_clause_audiences(trust, policy.outline.clauses, problems)


def check_layer(trust: Trust, body: Group | School, problems: Problems) -> None:
    """Find what one body's files say that does not fit the trust's."""
    check_fillings(trust, Layer(body.details, body.document), problems)
    for adoption in body.adoptions.values():
        check_fillings(trust, Layer(adoption.fillings, adoption.document), problems)
        _check_adopted_audiences(trust, adoption, problems)
        _check_targets(trust, body, adoption, problems)
        for override in adoption.overrides:
            if isinstance(override, Add):
                _check_clause_audiences(trust, override.clauses, problems)


def _check_targets(
    trust: Trust, body: Group | School, adoption: Adoption, problems: Problems
) -> None:
    """Find overrides of clauses that this body does not have, or has in another policy."""
    layers = body.layers if isinstance(body, School) else (body,)
    own = [
        layer.adoptions[adoption.policy] for layer in layers if adoption.policy in layer.adoptions
    ]
    masters = {p.id: p.outline.by_id for p in trust.policies.values()}
    known = dict.fromkeys(masters.get(adoption.policy, ()))
    known.update((clause.id, None) for layer in own for clause in _added(layer))
    first, last = next(iter(known), ""), next(reversed(known), "")
    misses = 0
    for override in adoption.overrides:
        target = override.target
        if target in known or adoption.policy not in masters:
            continue
        home = next((policy for policy, clauses in masters.items() if target in clauses), None)
        notes: tuple[tuple[Span, str], ...] = ()
        if home:
            folder = adoption.document.source.name.rpartition("/")[0]
            message = f"'{target}' is a clause of '{home}', and not of '{adoption.policy}'"
            hint = f"put this override into {folder}/{home}.yml"
            notes = ((masters[home][target].span, "the clause is here"),)
        else:
            message = f"'{target}' is not a clause of this policy"
            misses += 1  # looking for the nearest takes time
            hint = nearest(target, known) if misses <= ENOUGH else ""
            hint = hint or f"its clauses go from '{first}' to '{last}'"
        problems.error("unknown-clause", message, override.span, hint, notes)


def _check_audience(trust: Trust, audience: str, span: Span, problems: Problems) -> None:
    known = trust.details.audiences
    if audience not in known:
        problems.error(
            "unknown-audience",
            f"'{audience}' is not an audience that the trust has declared",
            span,
            nearest(audience, known) or "audiences: " + ", ".join(known),
        )


def _check_adopted_audiences(trust: Trust, adoption: Adoption, problems: Problems) -> None:
    for number, audience in enumerate(adoption.audiences or ()):
        _check_audience(trust, audience, adoption.document.span("audiences", number), problems)


def _check_clause_audiences(trust: Trust, clauses: tuple[Clause, ...], problems: Problems) -> None:
    for clause in clauses:
        for audience in clause.audiences:
            _check_audience(trust, audience, clause.span, problems)


def check_ids(
    policies: Mapping[str, Policy], layers: Iterable[Group | School], problems: Problems
) -> None:
    """Every ID in the trust is given once: a clause can be named without saying where it is."""
    clauses = [clause for policy in policies.values() for clause in policy.outline]
    for body in layers:
        for adoption in body.adoptions.values():
            clauses += _added(adoption)
    given: dict[str, Span] = {}
    for clause in clauses:
        check_id_given_once(clause.id, clause.span, given, problems)


def check_id_given_once(
    clause_id: str, span: Span, given: dict[str, Span], problems: Problems
) -> None:
    """Note an ID as given; it is a problem if it was before."""
    if clause_id.startswith("?"):
        return
    if clause_id in given:
        problems.error(
            "duplicate-id",
            f"'{clause_id}' is the ID of another clause already",
            span,
            "give this clause another, or take this one out and run 'clausebook assign-ids'",
            ((given[clause_id], "it is used here"),),
        )
    given.setdefault(clause_id, span)


def given_ids(adoptions: Iterable[Adoption]) -> Iterator[tuple[str, Span]]:
    """The IDs that schools and groups have given to clauses of their own, and where."""
    for adoption in adoptions:
        yield from ((clause.id, clause.span) for clause in _added(adoption))


def additions(trust: Trust, policy_id: str) -> list[Clause]:
    """The clauses that groups and schools have added to a policy."""
    return [
        clause
        for body in trust.layers
        if policy_id in body.adoptions
        for clause in _added(body.adoptions[policy_id])
    ]


def _added(adoption: Adoption) -> list[Clause]:
    """The clauses of one adoption's additions."""
    return [
        clause
        for override in adoption.overrides
        if isinstance(override, Add)
        for clause in override.clauses
    ]
