"""An account on its way to the trust's overview, without what the trust knows already.

Nine clauses of ten are at a school what they are at the trust: only their places are carried,
and the overview of many schools has each of them once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from clausebook.carrying import DamagedError, pack, unpack
from clausebook.overview import Account, Known

Run = tuple[int, int]
"""Clauses that follow one another in the trust's policy: the place of the first, and how many."""


@dataclass(frozen=True)
class _Carried:
    """An account, and beside it the clauses of each policy."""

    account: Account
    """Its policies without their clauses."""
    clauses: tuple[tuple[Known | Run, ...], ...]
    """For each policy; a run of those of which the trust knows the same."""


def hand_over(school: Account, trusts: Account) -> bytes:
    """What a school gives to the overview, packed; `trusts` is the trust's own account."""
    masters = _clauses(trusts)
    clauses = tuple(tuple(_runs(one.clauses, masters[one.id])) for one in school.policies)
    bare = tuple(replace(policy, clauses=()) for policy in school.policies)
    return pack(_Carried(replace(school, policies=bare), clauses))


def take(data: bytes, trusts: Account) -> Account:
    """The account again, held against the same account of the trust.

    Raises `DamagedError` if the bytes are not what was packed.
    """
    carried = unpack(data)
    if not isinstance(carried, _Carried):
        raise DamagedError("it is no account")
    masters = _clauses(trusts)
    try:
        policies = tuple(
            replace(policy, clauses=tuple(_whole(clauses, masters[policy.id])))
            for policy, clauses in zip(carried.account.policies, carried.clauses, strict=True)
        )
    except (KeyError, TypeError, ValueError) as error:
        raise DamagedError("it belongs to other policies of the trust") from error
    return replace(carried.account, policies=policies)


def _runs(clauses: Sequence[Known], master: Sequence[Known]) -> Iterator[Known | Run]:
    places = {one.id: at for at, one in enumerate(master)}
    first = many = 0
    for one in clauses:
        place = places.get(one.id)
        same = place is not None and master[place] == one
        if many and not (same and place == first + many):
            yield first, many
            many = 0
        if place is None or not same:
            yield one
        else:
            first, many = place - many, many + 1
    if many:
        yield first, many


def _whole(carried: Sequence[Known | Run], master: Sequence[Known]) -> Iterator[Known]:
    for one in carried:
        if isinstance(one, Known):
            yield one
        else:
            first, many = one
            if first + many > len(master):
                raise ValueError("the trust's policy has fewer clauses")
            yield from master[first : first + many]


def _clauses(trusts: Account) -> Mapping[str, Sequence[Known]]:
    return {policy.id: policy.clauses for policy in trusts.policies}
