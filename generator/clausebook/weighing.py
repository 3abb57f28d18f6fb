"""`impact`: the trust's folder read as far as it can be, and two wordings of a master weighed.

Overrides that do not fit the new wording are what is asked about, so they stop nothing here;
what is wrong with the trust's own files does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from clausebook.archive import Records, read_records
from clausebook.changes import Wording
from clausebook.compare import compare
from clausebook.everything import open_tree
from clausebook.freezing import freeze, of_frozen
from clausebook.impact import Impact, Sides, impact
from clausebook.model import Policy, Trust
from clausebook.names import fill_for_trust
from clausebook.problems import ClausebookError, Problem, Problems, Severity, SourceError, nearest
from clausebook.reading import POLICIES, SCHOOLS, TRUST_ID, read_trust
from clausebook.source import Tree
from clausebook.tailor import tailor
from clausebook.values import Names

DRAFT = "draft"


class ImpactError(ClausebookError):
    """A policy or version that does not exist."""


class Tolerant(Problems):
    """Collects problems and goes on; `read_trust` gives what it could read."""

    def stop_on_errors(self) -> None:
        """Go on."""


@dataclass(frozen=True)
class Weighed:
    """The impact on every policy asked about, and what could not be read at all."""

    impacts: tuple[Impact, ...]
    unapproved: tuple[str, ...]
    """Policies of which no version has been approved, so that there is nothing to compare."""
    unread: tuple[str, ...]
    """Files of schools that could not be read and are missing from the answer."""


def weigh(root: Path, policy_id: str | None, before: str | None, after: str) -> Weighed:
    """What the change from one version of the masters to another does at every school."""
    tree = open_tree(root)
    problems = Tolerant()
    trust = read_trust(tree, problems)
    records = read_records(tree, trust, problems)
    stop_on_the_trusts(problems)
    if policy_id is not None and policy_id not in trust.policies:
        hint = nearest(policy_id, trust.policies) or "there are: " + ", ".join(trust.policies)
        raise ImpactError(f"there is no policy '{policy_id}'; {hint}")
    wanted = [trust.policies[policy_id]] if policy_id else list(trust.policies.values())
    approved = [policy for policy in wanted if records.of(TRUST_ID, policy.id).latest]
    return Weighed(
        impacts=tuple(_impact(trust, policy, records, before, after) for policy in approved),
        unapproved=tuple(policy.id for policy in wanted if policy not in approved),
        unread=tuple(_unread(tree, trust)),
    )


def stop_on_the_trusts(problems: Problems) -> None:
    """Refuse to go on where the trust's own files are wrong."""
    own: list[Problem] = [
        problem
        for problem in problems
        if problem.severity is Severity.ERROR
        and problem.span.source.name.startswith(f"{POLICIES}/")
    ]
    if own:
        raise SourceError(own)


def _unread(tree: Tree, trust: Trust) -> Sequence[str]:
    """Files of schools and groups that say something of a policy and could not be read."""
    known = {layer.id: layer for layer in trust.layers}
    missing = []
    for folder in tree.folders(SCHOOLS):
        names = tree.files(f"{SCHOOLS}/{folder}", ".yml")
        if folder not in known:
            missing += [
                f"{SCHOOLS}/{folder}/{n}" for n in names if n in ("school.yml", "group.yml")
            ]
            continue
        have = known[folder].adoptions
        policies = [name.removesuffix(".yml") for name in names]
        missing += [
            f"{SCHOOLS}/{folder}/{policy}.yml"
            for policy in policies
            if policy in trust.policies and policy not in have
        ]
    return missing


def _impact(
    trust: Trust, policy: Policy, records: Records, before: str | None, after: str
) -> Impact:
    names = fill_for_trust(trust, Problems()).names
    archive = records.of(TRUST_ID, policy.id)
    latest = archive.latest
    first = before or (latest.label if latest else "")
    sides = []
    for label in (first, after):
        if label == DRAFT:
            sides.append(_draft(policy, names))
            continue
        version = archive.by_label.get(label)
        if version is None:
            known = [*archive.by_label, DRAFT]
            hint = nearest(label, known) or "there are: " + ", ".join(known)
            raise ImpactError(f"the trust has no version '{label}' of '{policy.id}'; {hint}")
        old = replace(policy, outline=version.outline, control=version.record.control)
        sides.append((old, of_frozen(version.clauses, names)))
    (first_policy, old_wording), (second_policy, new_wording) = sides
    weighed = Sides(
        before=first_policy,
        after=second_policy,
        comparison=compare(old_wording, new_wording),
        called=(_called(first), _called(after)),
    )
    return impact(trust, policy, weighed)


def _draft(policy: Policy, names: Names) -> tuple[Policy, Wording]:
    draft = freeze(tailor(policy, (), names, Problems()), is_master=True)
    return policy, of_frozen(draft.clauses, names)


def _called(label: str) -> str:
    return "the draft" if label == DRAFT else f"version {label}"
