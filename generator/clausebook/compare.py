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
from clausebook.kinship import find_kin
from clausebook.model import INHERITED, Clause, Mark
from clausebook.moves import moved_ids
from clausebook.redline import redline, same_words, word_list
from clausebook.redlineshapes import Content, Difference, difference
from clausebook.remembering import by_identity


def compare(before: Wording, after: Wording) -> Comparison:
    """Every difference between two wordings.  Cosmetic differences are none."""
    moved = _moved(before, after)
    found: dict[str, Change] = {}
    kept = set(map(id, before.provisions))  # what is the very same needs no closer look
    for new in after.provisions:
        key = new.clause.id
        if id(new) in kept and key not in moved:
            continue
        old = before.by_id.get(key)
        change = _changed(old, new, key in moved)
        if change:
            found[key] = change
            if old is None and _falls_away(new, before, after):
                found[key] = replace(change, cause=Cause.TRUST)
    for key, old in before.by_id.items():
        if key not in after.by_id:
            found[key] = _removed(old)
    if not found:
        return Comparison(before, after, ())
    if before.provisions:
        _relate(found, before, after)
    places = _places(before, after, moved)
    changes = sorted(found.values(), key=lambda change: places[change.id])
    return Comparison(before, after, tuple(changes))


def _moved(before: Wording, after: Wording) -> frozenset[str]:
    if not before.places or before.places == after.places:
        return frozenset()
    return moved_ids(
        [provision.clause for provision in before.provisions],
        [provision.clause for provision in after.provisions],
    )


def _places(
    before: Wording, after: Wording, moved: frozenset[str]
) -> Mapping[str, tuple[int, int]]:
    """Where each clause comes in the list of changes; a removed one after what stood before it."""
    places = {key: (at, 0) for at, (key, _) in enumerate(after.places)}
    last = -1
    for at, (key, _) in enumerate(before.places, 1):
        if key not in places:
            places[key] = (last, at)
        elif key not in moved and places[key][1] == 0:
            last = places[key][0]
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


@by_identity(most=8_000)
def _changed(
    before: Provision | None,
    after: Provision,
    moved: bool,  # noqa: FBT001 - remembered by its arguments
) -> Change | None:
    """What happened to a clause that is there now, if anything did: the same at many schools."""
    kinds = _kinds(before, after, moved=moved)
    return _change(before, after, kinds) if kinds else None


@by_identity(most=2_000)
def _removed(before: Provision) -> Change:
    return _change(before, None, {ChangeKind.REMOVED})


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


@by_identity()
def _difference(before: Clause, after: Clause) -> Difference:
    laid_out = Difference.FORMATTING if before.kind is not after.kind else Difference.NONE
    if (before.words, before.body) == (after.words, after.body):
        return laid_out
    if not same_words(before.words, after.words):
        return Difference.WORDS  # the most there can be
    marked = redline((before.words, before.body), (after.words, after.body))
    return max(laid_out, difference(marked))


def _change(before: Provision | None, after: Provision | None, kinds: set[ChangeKind]) -> Change:
    return Change(
        before=before,
        after=after,
        kinds=frozenset(kinds),
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

    def contents(kind: ChangeKind) -> dict[str, Content]:
        changes = [change for change in found.values() if kind in change.kinds]
        return {c.id: c.provision.content for c in changes if c.provision.content}

    added, removed = contents(ChangeKind.ADDED), contents(ChangeKind.REMOVED)
    both = (change for change in found.values() if change.before and change.after)
    reworded = {
        change.id: (old, new)
        for change in both
        if (old := change.before and change.before.content)
        and (new := change.after and change.after.content)
        and old != new
    }
    if sum(map(bool, (added, removed, reworded))) < 2:  # noqa: PLR2004 - kin come from two of them
        return
    kin = find_kin(
        {key: word_list(content) for key, content in added.items()},
        {key: word_list(content) for key, content in removed.items()},
        {key: (word_list(old), word_list(new)) for key, (old, new) in reworded.items()},
    )
    for key, other in kin.split_from.items():
        kinds = found[key].kinds | {ChangeKind.SPLIT}
        found[key] = replace(found[key], kinds=kinds, split_from=before.by_id[other])
    for key, other in kin.merged_into.items():
        kinds = found[key].kinds | {ChangeKind.MERGED}
        found[key] = replace(found[key], kinds=kinds, merged_into=after.by_id[other])
    for key, other in kin.replaces.items():
        found[key] = replace(found[key], replaces=before.by_id[other])
        found[other] = replace(found[other], replaced_by=after.by_id[key])
