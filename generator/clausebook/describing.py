"""Changes in plain words: a sentence for each, a word or two to stand beside a clause."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from clausebook.changes import Change, ChangeKind, Comparison, Provision
from clausebook.english import capital, count, enumerate_words
from clausebook.model import INHERITED, Mark
from clausebook.prose import Link, Reference, plain, walk
from clausebook.redlinewords import Run, RunKind, count_words

FEW_WORDS = 6
"""Up to so many words, a description quotes what was changed instead of counting it."""


def describe(change: Change, under: Sequence[Change] = ()) -> str:
    """A change in plain words: `4.2(a) reworded: 6 words added, 2 removed`.

    `under` are changes below it that need no words of their own; see `gathered`.
    """
    parts = list(_parts(change, change.kinds))
    if under:
        number = len(under)
        parts[0] += f", with the {f'{number} clauses' if number > 1 else 'clause'} under it"
    if change.before and ChangeKind.RENUMBERED in change.kinds:
        parts.append(f"was {change.before.label}")
    return f"{change.provision.label} {'; '.join(parts)}"


_WITH_ALL_UNDER_IT = frozenset(
    {ChangeKind.ADDED, ChangeKind.REMOVED, ChangeKind.OMITTED, ChangeKind.APPLICABLE}
)


def gathered(changes: Sequence[Change]) -> list[tuple[Change, tuple[Change, ...]]]:
    """Changes for a list: a section that came or went as a whole is one, with all under it."""
    found: dict[str, list[Change]] = {}
    heads: dict[str, Change] = {}
    """For each clause that came or went, the outermost that did so with it."""
    for change in changes:
        head = heads.get(change.provision.clause.parent or "")
        if head and _alike(head, change):
            found[head.id].append(change)
        else:
            head = change
            found[change.id] = []
        if change.kinds <= _WITH_ALL_UNDER_IT:
            heads[change.id] = head
    by_id = {change.id: change for change in changes}
    return [(by_id[key], tuple(under)) for key, under in found.items()]


def _alike(one: Change, other: Change) -> bool:
    return (one.kinds, one.cause, one.layer) == (other.kinds, other.cause, other.layer)


def describe_renumbering(comparison: Comparison) -> str | None:
    """All clauses of which only the number changed, in one sentence; None if there are none."""
    changes = comparison.renumbered
    moves = [f"{c.before.label} (now {c.after.label})" for c in changes if c.before and c.after]
    if not moves:
        return None
    ends = moves[0] if len(moves) == 1 else f"from {moves[0]} to {moves[-1]}"
    return f"{count(len(moves), 'clause')} renumbered: {ends}"


def describe_unchanged(provisions: Sequence[Provision]) -> str:
    """A stretch of clauses in which nothing changed: `… 12 clauses unchanged (4.3 to 5.2)`."""
    ends = dict.fromkeys((provisions[0].label, provisions[-1].label))
    return f"… {count(len(provisions), 'clause')} unchanged ({' to '.join(ends)})"


def tags(change: Change) -> list[str]:
    """What a redlined page says about a clause beside its words, in a few words each.

    Nothing of what the marks in the words themselves show.
    """
    told = _parts(change, change.kinds - _SHOWN)
    return [capital(text.partition(":")[0]) for text in told]


_SHOWN = frozenset({ChangeKind.REWORDED, ChangeKind.LINK_ONLY, ChangeKind.FORMATTING_ONLY})


def _parts(change: Change, kinds: frozenset[ChangeKind]) -> Iterator[str]:
    """Each thing of these kinds that happened, in words."""
    return (said(change) for kind, said in _WORDS.items() if kind in kinds)


def _added(change: Change) -> str:
    if change.split_from:
        return f"added, split from {change.split_from.label}"
    return f"added in place of {change.replaces.label}" if change.replaces else "added"


def _removed(change: Change) -> str:
    if change.merged_into:
        return f"removed, its words are now in {change.merged_into.label}"
    return f"removed, replaced by {change.replaced_by.label}" if change.replaced_by else "removed"


def _moved(change: Change) -> str:
    labels = {side.label for side in (change.before, change.after) if side}
    return f"moved from {change.before.label}" if change.before and len(labels) > 1 else "moved"


def _omitted(change: Change) -> str:
    return "not applicable any more" if change.before else "not applicable here"


def _applicable(change: Change) -> str:
    del change
    return "applicable again"


def _reworded(change: Change) -> str:
    short = _quoted(change)
    if short:
        return f"reworded: {short}"
    runs = list(change.redline.runs())
    added = sum(count_words(run, RunKind.INSERTED) for run in runs)
    removed = sum(count_words(run, RunKind.DELETED) for run in runs)
    words = [f"{count(added, 'word')} added"] if added else []
    if removed:
        words.append(f"{removed} removed" if added else f"{count(removed, 'word')} removed")
    return f"reworded: {', '.join(words) or 'punctuation'}"


_ONE_CHANGE = (
    [RunKind.DELETED],
    [RunKind.INSERTED],
    [RunKind.DELETED, RunKind.INSERTED],
)


def _quoted(change: Change) -> str:
    """The words themselves, if there is one change and it is short."""
    changed: list[Run] = []
    for runs in change.redline.runs():
        places = [at for at, run in enumerate(runs) if run.kind in _MARKS]
        if places and (changed or places[-1] - places[0] != len(places) - 1):
            return ""
        changed += [runs[at] for at in places]
    if [run.kind for run in changed] not in _ONE_CHANGE:
        return ""
    if any(not _is_short(run) for run in changed):
        return ""
    texts = [f"“{plain(run.words).strip()}”" for run in changed]
    if len(texts) > 1:
        return f"{texts[0]} is now {texts[1]}"
    return f"{texts[0]} {'added' if changed[0].kind is RunKind.INSERTED else 'removed'}"


_MARKS = frozenset({RunKind.INSERTED, RunKind.DELETED})


def _is_short(run: Run) -> bool:
    """Whether it can be quoted: a few words, and no bare number of a clause."""
    bare = any(isinstance(word, Reference) and not word.children for word in walk(run.words))
    return 0 < count_words([run], run.kind) <= FEW_WORDS and not bare


def _links(change: Change) -> str:
    """Where links lead now."""
    found = [
        f"link “{plain(word.children).strip()}” now leads to {word.href}"
        for runs in change.redline.runs()
        for run in runs
        if run.kind is RunKind.INSERTED
        for word in walk(run.words)
        if isinstance(word, Link)
    ]
    return "; ".join(dict.fromkeys(found)) or "cross-reference changed"


def _formatted(change: Change) -> str:
    del change
    return "formatting changed"


def _value(change: Change) -> str:
    short = _quoted(change)
    return "name or value changed" + (f": {short}" if short else "")


def _marking(change: Change) -> str:
    """Marks and readers that are new or gone."""
    if not (change.before and change.after):
        return "marked differently"
    old, new = change.before.clause, change.after.clause
    found = [f"now {_MARK_NAMES[mark]}" for mark in sorted((new.marks - old.marks) - INHERITED)]
    found += [
        f"no longer {_MARK_NAMES[mark]}" for mark in sorted((old.marks - new.marks) - INHERITED)
    ]
    if old.audiences != new.audiences:
        found.append(f"now for {enumerate_words(list(new.audiences)) or 'everyone'}")
    return enumerate_words(found)


_MARK_NAMES = {
    Mark.GUIDANCE: "guidance",
    Mark.EXAMPLE: "an example",
    Mark.DEFINITION: "a definition",
}

_WORDS: dict[ChangeKind, Callable[[Change], str]] = {
    ChangeKind.ADDED: _added,
    ChangeKind.REMOVED: _removed,
    ChangeKind.OMITTED: _omitted,
    ChangeKind.APPLICABLE: _applicable,
    ChangeKind.MOVED: _moved,
    ChangeKind.REWORDED: _reworded,
    ChangeKind.LINK_ONLY: _links,
    ChangeKind.FORMATTING_ONLY: _formatted,
    ChangeKind.VALUE_ONLY: _value,
    ChangeKind.MARKED: _marking,
}
