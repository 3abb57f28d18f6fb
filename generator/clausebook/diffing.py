"""Any two wordings of a policy compared on request: versions, draft, master, another school."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from clausebook.bodies import layers_for
from clausebook.changes import Change, Comparison, Provision, Wording
from clausebook.compare import compare
from clausebook.describing import describe, describe_renumbering
from clausebook.everything import Everything
from clausebook.freezing import of_frozen
from clausebook.model import Body, TailoredPolicy
from clausebook.problems import ClausebookError, Problems, nearest
from clausebook.prose import Inlines, inlines_of, plain
from clausebook.redlineinline import COMMENT, Unlinked
from clausebook.redlinepage import redline_policy_lines, to_html
from clausebook.standing import Standing, based_on, standing
from clausebook.tailor import tailor
from clausebook.writing import escape

DRAFT, MASTER, SCHOOL = "draft", "master", "school:"
"""Names of sides that are not versions."""


class DiffError(ClausebookError):
    """A side of a comparison that does not exist."""


@dataclass(frozen=True)
class Difference:
    """Two wordings compared, and what they are called."""

    comparison: Comparison
    title: str
    before: str
    after: str


def difference(
    everything: Everything, body: Body, policy: TailoredPolicy, before: str | None, after: str
) -> Difference:
    """Compare two sides; without a first, the latest version, or the master if there is none."""
    state = standing(body, policy, everything.records, everything.notes)
    if before is None:
        before = state.archive.latest.label if state.archive.latest else MASTER
    sides = (_side(everything, state, before), _side(everything, state, after))
    return Difference(
        compare(*sides),
        f"{policy.policy.control.title} at {body.name}",
        _called(before),
        _called(after),
    )


def _called(side: str) -> str:
    if side in (DRAFT, MASTER):
        return {DRAFT: "the draft", MASTER: "the trust’s master"}[side]
    return side.removeprefix(SCHOOL) if side.startswith(SCHOOL) else f"version {side}"


def _side(everything: Everything, state: Standing, name: str) -> Wording:
    """One side, read with this body's own words for things, so that only rules differ."""
    policy = state.policy
    if name == DRAFT:
        return of_frozen(state.draft.clauses, policy.names, policy.policy.outline)
    if name == MASTER:
        return _of_layers(everything, state, None)
    if name.startswith(SCHOOL):
        return _of_layers(everything, state, name.removeprefix(SCHOOL))
    version = state.archive.by_label.get(name)
    if version is None:
        known = [*state.archive.by_label, DRAFT, MASTER]
        hint = nearest(name, known) or "there are: " + ", ".join([*known, f"{SCHOOL}ID"])
        message = f"{state.body.short_name} has no version '{name}' of this policy; {hint}"
        raise DiffError(message)
    return of_frozen(version.clauses, policy.names, based_on(version, state.masters))


def _of_layers(everything: Everything, state: Standing, school_id: str | None) -> Wording:
    """The master, or another school's draft."""
    schools = everything.trust.schools
    if school_id is not None and school_id not in schools:
        hint = nearest(school_id, schools) or "there are: " + ", ".join(schools)
        message = f"there is no school '{school_id}'; {hint}"
        raise DiffError(message)
    policy = state.policy.policy
    layers = layers_for(schools[school_id], policy.id) if school_id else ()
    tailored = tailor(policy, layers, state.policy.names, Problems())
    return Wording(
        tuple(
            Provision(
                clause=published.shown,
                shown=published.shown,
                label=published.label,
                provenance=published.provenance,
                layer=published.departure.layer if published.departure else None,
                basis=published.basis,
            )
            for published in tailored.clauses
        )
    )


# -- as text -----------------------------------------------------------------------


def summary_lines(found: Difference) -> list[str]:
    """A sentence for each change, then one for everything that was only renumbered."""
    lines = [describe(change) for change in found.comparison.listed]
    renumbering = describe_renumbering(found.comparison)
    return [*lines, renumbering] if renumbering else lines


def as_markdown(found: Difference) -> str:
    """For a comment on a pull request: the changes in a list, then the redline."""
    head = f"## {escape(found.title)}: {escape(found.before)} to {escape(found.after)}"
    if not found.comparison.listed:
        return f"{head}\n\nNothing in the wording differs.\n"
    changes = [f"- {escape(line)}" for line in summary_lines(found)]
    redline = redline_policy_lines(found.comparison, Unlinked(), context="changed", style=COMMENT)
    return "\n".join([head, "", *changes, "", *redline]).rstrip() + "\n"


def as_html(found: Difference) -> str:
    """One file that stands alone."""
    intro = [f"From {escape(found.before)} to {escape(found.after)}.", ""]
    intro += [f"- {escape(line)}" for line in summary_lines(found)]
    return to_html(found.comparison, title=found.title, intro=intro, context="changed")


def as_json(found: Difference) -> str:
    """Every change as an object, with both wordings as plain text."""
    data = {
        "policy": found.title,
        "from": found.before,
        "to": found.after,
        "changes": [_object(change) for change in found.comparison.changes],
    }
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def _object(change: Change) -> Mapping[str, object]:
    return {
        "id": change.id,
        "kinds": sorted(kind.value for kind in change.kinds),
        "cause": change.cause.value,
        "layer": change.layer,
        "description": describe(change),
        "before": _provision(change.before),
        "after": _provision(change.after),
    }


def _provision(provision: Provision | None) -> Mapping[str, str] | None:
    if provision is None:
        return None
    runs: list[Inlines] = [provision.shown.words, *inlines_of(provision.shown.body)]
    text = "\n".join(plain(words) for words in runs)
    return {"label": provision.label, "text": "" if provision.omitted else text}
