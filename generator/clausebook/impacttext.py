"""The impact of a change written out: in sentences, as Markdown for a pull request, as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from clausebook.changes import Provision
from clausebook.english import capital, count, enumerate_words
from clausebook.impact import BROKEN, UNDECIDED, AtSchool, ChangedClause, Effect, Impact
from clausebook.model import School
from clausebook.prose import Inlines, inlines_of, plain
from clausebook.writing import escape

_DOES = {
    Effect.INHERITS: ("takes it over", "take it over"),
    Effect.LOSES: ("loses it", "lose it"),
    Effect.NEVER_HAD: ("had left it out", "had left it out"),
    Effect.KEEPS: ("keeps its own wording", "keep their own wording"),
    Effect.DECIDES: (
        "has its own wording and must decide",
        "have their own wording and must decide",
    ),
    Effect.OMITS: ("leaves it out", "leave it out"),
    Effect.OMITS_AND_DECIDES: (
        "leaves it out and must decide again",
        "leave it out and must decide again",
    ),
    Effect.ADDS: (
        "takes it over beside its own addition",
        "take it over beside their own additions",
    ),
    Effect.ADDS_AND_DECIDES: (
        "takes it over and must look at its own addition again",
        "take it over and must look at their own additions again",
    ),
    Effect.SAYS_THE_SAME: (
        "says the same in its own wording and must take that out",
        "say the same in their own wording and must take that out",
    ),
    Effect.LOST_TARGET: (
        "has an override that loses its target",
        "have overrides that lose their target",
    ),
    Effect.REFUSED: (
        "departs from it, which is no longer allowed",
        "depart from it, which is no longer allowed",
    ),
    Effect.CONFLICT: (
        "has overrides that can no longer both hold",
        "have overrides that can no longer both hold",
    ),
}

_ORDER = {effect: number for number, effect in enumerate(Effect)}


@dataclass(frozen=True)
class Together:
    """Schools at which a change does the same."""

    sentence: str
    """`4 schools take it over`."""
    effects: frozenset[Effect]
    must_act: bool


def title(found: Impact) -> str:
    """What is compared with what."""
    return f"{found.policy.control.title}: {found.before} to {found.after}"


def together(found: Impact, clause: ChangedClause) -> list[Together]:
    """What a change does, a sentence for all schools where it does the same."""
    groups: dict[tuple[frozenset[Effect], tuple[str, ...], tuple[str, ...]], list[AtSchool]] = {}
    for at in clause.at:
        of_group = tuple(layer for layer in at.layers if layer != at.school.id)
        groups.setdefault((at.effects, of_group, at.missing), []).append(at)
    several = len(groups) > 1
    return [
        Together(
            _sentence(members, all_of=not several, found=found),
            effects,
            any(at.must_act for at in members),
        )
        for (effects, _, _), members in sorted(
            groups.items(), key=lambda group: min(_ORDER[effect] for effect in group[0][0])
        )
    ]


def _sentence(members: Sequence[AtSchool], *, all_of: bool, found: Impact) -> str:
    one = members[0]
    plural = len(members) > 1
    does = enumerate_words([_DOES[e][plural] for e in sorted(one.effects, key=_ORDER.__getitem__)])
    who = _who([at.school for at in members], all_of=all_of)
    groups = [layer for layer in one.layers if layer != one.school.id]
    of_group = f" ({_group_name(groups[0], found)})" if groups else ""
    without = f", and must fill in {enumerate_words(list(one.missing))}" if one.missing else ""
    return f"{who} {does}{of_group}{without}"


def _who(schools: Sequence[School], *, all_of: bool) -> str:
    if all_of and len(schools) > 1:
        return "both schools" if len(schools) == 2 else f"all {len(schools)} schools"  # noqa: PLR2004
    if len(schools) > 2:  # noqa: PLR2004 - up to two are named
        return count(len(schools), "school")
    return enumerate_words([school.short_name for school in schools])


def _group_name(group_id: str, found: Impact) -> str:
    groups = {s.group.id: s.group for s in found.schools if s.group}
    details = groups[group_id].details
    return details.short_name or details.name


def in_one_sentence(found: Impact) -> str:
    """How much there is to do."""
    acting = {at.school.id for _, at in found.to_do}
    changed = f"{count(len(found.clauses), 'clause')} changed for {_schools(len(found.schools))}"
    if found.renumbered:
        changed += f", {found.renumbered} more renumbered"
    if not acting:
        return f"{changed}; nobody has to decide anything."
    who = [school for school in found.schools if school.id in acting]
    named = _who(who, all_of=False)
    return f"{changed}; {named} {'has' if len(who) == 1 else 'have'} something to do."


def _schools(number: int) -> str:
    return count(number, "school")


@dataclass(frozen=True)
class Duty:
    """What one school has to do, and the command that helps."""

    who: str
    what: str
    command: str


def duties(found: Impact) -> list[Duty]:
    """Everything that schools, or their groups, have to do, each once."""
    lines: dict[tuple[str, str], Duty] = {}
    for clause, at in found.to_do:
        for doer in at.layers or (at.school.id,):
            who = at.school.short_name if doer == at.school.id else _group_name(doer, found)
            place = f"{clause.label} ({clause.id})" if clause.label else clause.id
            said = "; ".join((place, *_tasks(clause, at)))
            lines.setdefault((doer, clause.id), Duty(who, said, _command(found, at, doer)))
    return list(lines.values())


def _tasks(clause: ChangedClause, at: AtSchool) -> list[str]:
    tasks = []
    if at.closeness:
        before, after = (f"{share:.0%}" for share in at.closeness)
        way = "closer to its wording" if at.closeness[1] > at.closeness[0] else "further away"
        tasks.append(f"the trust moves {way}: {after} of words in common, were {before}")
    if Effect.LOST_TARGET in at.effects:
        tasks.append("take the override out, or give it another clause")
    replaced = clause.change.replaced_by if clause.change else None
    if replaced and at.effects & BROKEN:
        tasks.append(f"{replaced.label} ({replaced.id}) takes its place")
    if Effect.REFUSED in at.effects:
        tasks.append("take the override out, or ask the trust")
    if at.missing:
        tasks.append(f"fill in {enumerate_words(list(at.missing))}")
    return tasks


def _command(found: Impact, at: AtSchool, doer: str) -> str:
    if at.effects & UNDECIDED and not at.effects & BROKEN:
        return f"clausebook review {doer} {found.policy.id}"
    return ""


def moved_only(found: Impact) -> list[str]:
    """Where the trust moved closer to a school's wording, or further, and nobody must decide."""
    said = []
    for clause in found.clauses:
        for at in clause.at:
            if at.closeness and not at.must_act:
                before, after = at.closeness
                way = "closer to" if after > before else "further from"
                said.append(
                    f"{clause.label} ({clause.id}): the trust moves {way} the wording of "
                    f"{at.school.short_name}: {after:.0%} of words in common, were {before:.0%}"
                )
    return said


def unused_lines(found: Impact) -> list[str]:
    """Names that schools fill in for nothing now."""
    return [
        f"'{one.name}' is no longer used, and "
        f"{enumerate_words([school.short_name for school in one.schools])} "
        f"{'fills' if len(one.schools) == 1 else 'fill'} it in"
        for one in found.unused
    ]


# -- Markdown --------------------------------------------------------------------------


def as_markdown(found: Impact) -> str:
    """For a comment on a pull request."""
    lines = [f"## What this does: {escape(title(found))}", "", escape(in_one_sentence(found)), ""]
    if found.clauses:
        lines += ["| Clause | Change | At the schools |", "|---|---|---|"]
    for clause in found.clauses:
        said = [_marked(one) for one in together(found, clause)]
        cells = (f"{clause.label} (`{clause.id}`)", _cell(clause.words), "<br>".join(said))
        lines.append(f"| {' | '.join(cells)} |")
    listed = [
        *(f"- [ ] **{escape(d.who)}** {escape(d.what)}{_code(d.command)}" for d in duties(found)),
        *(f"- {escape(line)}" for line in (*moved_only(found), *unused_lines(found))),
    ]
    if listed:
        lines += ["", *listed]
    return "\n".join(lines).rstrip() + "\n"


def _marked(one: Together) -> str:
    said = _cell(capital(one.sentence))
    return f"**{said}**" if one.must_act else said


def _cell(text: str) -> str:
    return escape(text).replace("|", "\\|")


def _code(command: str) -> str:
    return f": `{command}`" if command else ""


# -- JSON ------------------------------------------------------------------------------


def as_json(all_found: Sequence[Impact]) -> str:
    """Every change and its effects as data; a list with an object for each policy."""
    return json.dumps([_object(one) for one in all_found], indent=2, ensure_ascii=False) + "\n"


def _object(found: Impact) -> Mapping[str, object]:
    return {
        "policy": found.policy.id,
        "title": found.policy.control.title,
        "from": found.before,
        "to": found.after,
        "summary": in_one_sentence(found),
        "renumbered": found.renumbered,
        "clauses": [_clause(clause) for clause in found.clauses],
        "unused": [{"name": u.name, "schools": [s.id for s in u.schools]} for u in found.unused],
    }


def _clause(clause: ChangedClause) -> Mapping[str, object]:
    change = clause.change
    return {
        "id": clause.id,
        "label": clause.label,
        "kinds": sorted(kind.value for kind in change.kinds) if change else [],
        "description": clause.words,
        "before": _text(change.before) if change else None,
        "after": _text(change.after) if change else None,
        "schools": [
            {
                "school": at.school.id,
                "effects": sorted(effect.value for effect in at.effects),
                "must_act": at.must_act,
                "decided_by": list(at.layers),
                "missing_values": list(at.missing),
                "words_in_common": (
                    {"before": round(at.closeness[0], 3), "after": round(at.closeness[1], 3)}
                    if at.closeness
                    else None
                ),
            }
            for at in clause.at
        ],
    }


def _text(provision: Provision | None) -> str | None:
    if provision is None:
        return None
    runs: list[Inlines] = [provision.shown.words, *inlines_of(provision.shown.body)]
    return "\n".join(plain(words) for words in runs)
