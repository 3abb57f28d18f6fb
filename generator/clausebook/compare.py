"""Two wordings of a policy compared, clause by clause, by ID.

Pure.  A wording may be today's draft, a ratified version, the trust's master or another
school's policy, made at the same stage of filling in: wording with the same sort of
names left in it on both sides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from clausebook.changes import (
    Cause,
    Change,
    ChangeKind,
    Comparison,
    Overtaken,
    Provision,
    Wording,
)
from clausebook.kinship import find_kin, share
from clausebook.model import INHERITED, Clause, Mark
from clausebook.moves import moved_ids
from clausebook.redline import redline, word_list
from clausebook.redlineshapes import Difference, difference


def compare(before: Wording, after: Wording) -> Comparison:
    """Every difference between two wordings.  Cosmetic differences are none."""
    moved = moved_ids(
        [provision.clause for provision in before.provisions],
        [provision.clause for provision in after.provisions],
    )
    found: dict[str, Change] = {}
    for new in after.provisions:
        old = before.by_id.get(new.id)
        kinds = _kinds(old, new, moved=new.id in moved)
        if kinds:
            found[new.id] = _change(old, new, kinds)
            if old is None and _falls_away(new, before, after):
                found[new.id] = replace(found[new.id], cause=Cause.TRUST)
    for old in before.provisions:
        if old.id not in after.by_id:
            found[old.id] = _change(old, None, {ChangeKind.REMOVED})
    _relate(found, before, after)
    places = _places(before, after, moved)
    changes = sorted(found.values(), key=lambda change: places[change.id])
    return Comparison(before, after, tuple(changes))


def _places(
    before: Wording, after: Wording, moved: frozenset[str]
) -> Mapping[str, tuple[int, int]]:
    """Where each clause comes in the list of changes; a removed one after what stood before it."""
    places = {provision.id: (at, 0) for at, provision in enumerate(after.provisions)}
    last = -1
    for at, provision in enumerate(before.provisions, 1):
        if provision.id not in places:
            places[provision.id] = (last, at)
        elif provision.id not in moved and places[provision.id][1] == 0:
            last = places[provision.id][0]
    return places


def _falls_away(new: Provision, before: Wording, after: Wording) -> bool:
    """Whether a new clause of the trust's is not applicable only because what it is under was not.

    Nobody here has decided anything of the clause itself.
    """
    if not (new.omitted and new.is_trusts):
        return False
    parent = new.clause.parent
    while parent and after.by_id[parent].omitted:
        if parent in before.by_id and before.by_id[parent].omitted:
            return True
        parent = after.by_id[parent].clause.parent
    return False


def _kinds(before: Provision | None, after: Provision, *, moved: bool) -> set[ChangeKind]:
    if before is None:
        return {ChangeKind.ADDED, *([ChangeKind.OMITTED] if after.omitted else [])}
    if before.omitted and after.omitted:
        return set()
    if before.omitted or after.omitted:
        kinds = {ChangeKind.OMITTED if after.omitted else ChangeKind.APPLICABLE}
    else:
        kinds = set(_wording_kinds(before, after))
        if _marking(before.clause) != _marking(after.clause):
            kinds.add(ChangeKind.MARKED)
    if moved:
        kinds.add(ChangeKind.MOVED)
    elif before.label != after.label:
        kinds.add(ChangeKind.RENUMBERED)
    return kinds


def _marking(clause: Clause) -> tuple[frozenset[Mark], tuple[str, ...]]:
    """What readers are told about a clause beside its words."""
    return clause.marks - INHERITED, clause.audiences


_DIFFERENCES = {
    Difference.FORMATTING: ChangeKind.FORMATTING_ONLY,
    Difference.LINK: ChangeKind.LINK_ONLY,
    Difference.WORDS: ChangeKind.REWORDED,
}


def _wording_kinds(before: Provision, after: Provision) -> Iterator[ChangeKind]:
    """What of the wording itself changed.

    A change that readers cannot see is none.  One that is greater in what they see than
    in the wording, with its names in place, comes at least in part from a value.
    """
    shown = _difference(before.shown, after.shown)
    own = _difference(before.clause, after.clause) if shown else Difference.NONE
    visible = min(shown, own)
    if visible:
        yield _DIFFERENCES[visible]
    if shown > own:
        yield ChangeKind.VALUE_ONLY


def _difference(before: Clause, after: Clause) -> Difference:
    laid_out = Difference.FORMATTING if before.kind is not after.kind else Difference.NONE
    if (before.words, before.body) == (after.words, after.body):
        return laid_out
    marked = redline((before.words, before.body), (after.words, after.body))
    return max(laid_out, difference(marked))


def _change(before: Provision | None, after: Provision | None, kinds: set[ChangeKind]) -> Change:
    sides = [side.content for side in (before, after) if side and side.content]
    return Change(
        before=before,
        after=after,
        kinds=frozenset(kinds),
        similarity=share(*map(word_list, sides)) if len(sides) == 2 else 1.0,  # noqa: PLR2004 - both
        cause=_cause(before, after, kinds),
        trust_changed=_basis_differs(before, after),
    )


_BY_WRITER = frozenset(
    {
        ChangeKind.REWORDED,
        ChangeKind.FORMATTING_ONLY,
        ChangeKind.LINK_ONLY,
        ChangeKind.OMITTED,
        ChangeKind.APPLICABLE,
    }
)
"""Changes made by whoever's wording it is, before or after."""


def _cause(before: Provision | None, after: Provision | None, kinds: set[ChangeKind]) -> Cause:
    """Who is behind a change.

    Wording, and whether it applies: `HERE` if it was a school's or a group's on either
    side (an override made, changed or given up), or if the trust's text is what it was
    and a term or limit in it stands for something else; otherwise `TRUST`.  Being there,
    its place, marks and number: whoever wrote the clause first, but a new clause is
    `HERE` if it was overridden as it came.  Several causes: `HERE` before `TRUST`, so
    that governors see what is theirs, and `VALUE` only if it stands alone.
    """
    sides = [side for side in (before, after) if side]
    if kinds <= {ChangeKind.VALUE_ONLY, ChangeKind.RENUMBERED} and ChangeKind.VALUE_ONLY in kinds:
        return Cause.VALUE
    if kinds & _BY_WRITER and (any(side.layer for side in sides) or _same_basis(before, after)):
        return Cause.HERE
    if ChangeKind.ADDED in kinds and sides[0].layer:
        return Cause.HERE
    return Cause.TRUST if sides[0].is_trusts else Cause.HERE


def _same_basis(before: Provision | None, after: Provision | None) -> bool:
    old, new = before and before.basis, after and after.basis
    return bool(old and new) and not _basis_differs(before, after)


def _basis_differs(before: Provision | None, after: Provision | None) -> bool:
    old, new = before and before.basis, after and after.basis
    return bool(old and new and _difference(old, new))


def overtaken(comparison: Comparison) -> tuple[Overtaken, ...]:
    """What the trust changed where it is not the trust's wording that holds here."""
    found: list[Overtaken] = []
    for new in comparison.after.provisions:
        old = comparison.before.by_id.get(new.id)
        if new.layer and old and old.basis and new.basis and _basis_differs(old, new):
            found.append(Overtaken(provision=new, before=old.basis, after=new.basis))
    return tuple(found)


def _relate(found: dict[str, Change], before: Wording, after: Wording) -> None:
    """Find the clauses that were split, merged and replaced."""

    def words(kind: ChangeKind) -> dict[str, list[str]]:
        changes = [change for change in found.values() if kind in change.kinds]
        return {c.id: word_list(c.provision.content) for c in changes if c.provision.content}

    added, removed = words(ChangeKind.ADDED), words(ChangeKind.REMOVED)
    if not added and not removed:
        return
    both = (change for change in found.values() if change.before and change.after)
    reworded = {
        change.id: (word_list(old), word_list(new))
        for change in both
        if (old := change.before and change.before.content)
        and (new := change.after and change.after.content)
    }
    kin = find_kin(added, removed, reworded)
    for key, other in kin.split_from.items():
        kinds = found[key].kinds | {ChangeKind.SPLIT}
        found[key] = replace(found[key], kinds=kinds, split_from=before.by_id[other])
    for key, other in kin.merged_into.items():
        kinds = found[key].kinds | {ChangeKind.MERGED}
        found[key] = replace(found[key], kinds=kinds, merged_into=after.by_id[other])
    for key, other in kin.replaces.items():
        found[key] = replace(found[key], replaces=before.by_id[other])
        found[other] = replace(found[other], replaced_by=after.by_id[key])
