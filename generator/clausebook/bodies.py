"""Everybody who publishes: the trust and its schools, each with its policies tailored."""

from __future__ import annotations

from collections.abc import Iterator

from clausebook.model import Body, Policy, School, TailoredPolicy, Trust
from clausebook.names import fill_for_school, fill_for_trust, with_texts
from clausebook.problems import Problems
from clausebook.reading import TRUST_ID
from clausebook.references import check_references
from clausebook.tailor import Layer, tailor


def bodies(trust: Trust, problems: Problems) -> Iterator[Body]:
    """The trust itself, then each school, with their policies tailored; one at a time."""
    yield trust_body(trust, problems)
    for school in trust.schools.values():
        yield school_body(trust, school, problems)


def trust_body(trust: Trust, problems: Problems) -> Body:
    """The trust as the publisher of its own masters."""
    filled = fill_for_trust(trust, problems)
    policies = tuple(tailor(p, (), filled.names, problems) for p in trust.policies.values())
    check_references(trust, policies, problems)
    return Body(
        id=TRUST_ID,
        name=trust.details.name,
        short_name=trust.short_name,
        school=None,
        people=filled.people,
        channels=(),
        audiences=filled.audiences,
        policies=policies,
    )


def school_body(trust: Trust, school: School, problems: Problems) -> Body:
    """One school, with every policy that it or its group has adopted."""
    school = with_texts(trust, school, problems)
    filled = fill_for_school(trust, school, problems)
    policies = tuple(
        _tailored(trust, school, policy, problems)
        for policy in trust.policies.values()
        if school.adopts(policy.id)
    )
    check_references(trust, policies, problems)
    return Body(
        id=school.id,
        name=school.details.name,
        short_name=school.short_name,
        school=school,
        people=filled.people,
        channels=filled.channels,
        audiences=filled.audiences,
        policies=policies,
    )


def _tailored(trust: Trust, school: School, policy: Policy, problems: Problems) -> TailoredPolicy:
    filled = fill_for_school(trust, school, problems, policy.id)
    return tailor(policy, layers_for(school, policy.id), filled.names, problems)


def layers_for(school: School, policy_id: str) -> tuple[Layer, ...]:
    """What a school's group and the school itself say of a policy."""
    return tuple(
        Layer(body.id, body.adoptions[policy_id])
        for body in school.layers
        if policy_id in body.adoptions
    )
