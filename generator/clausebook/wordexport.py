"""A policy for Word: a clean document, or the changes between two versions with their reasons."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from clausebook.accounts import reasons
from clausebook.changes import Cause, ChangeKind, Comparison
from clausebook.clausepage import Linker
from clausebook.describing import tags
from clausebook.diffing import DRAFT
from clausebook.english import typographic
from clausebook.exports import Asked
from clausebook.handouts import Shelved
from clausebook.model import Departure, TailoredPolicy
from clausebook.reading import TRUST_ID
from clausebook.records import ChangeRecord
from clausebook.wordfile import word_file
from clausebook.wordshapes import Remark
from clausebook.wordsheet import Told, clean_sheet, redlined_sheet


def docx_of(asked: Asked) -> bytes:
    """What is asked for as a Word document: clean, or the changes from another version.

    Raises `UnknownError` if there is no such version.
    """
    shelf = asked.shelf
    if asked.against is None:
        return clean_docx(shelf, asked.label, asked.template)
    return redlined_docx(shelf, asked.against, shelf.which(asked.label), asked.template)


def clean_docx(shelf: Shelved, label: str | None, template: bytes | None = None) -> bytes:
    """A version (None: what the site shows) as a Word document.

    Raises `UnknownError` if there is no such version.
    """
    return word_file(clean_sheet(shelf.paper(label)), template)


def redlined_docx(shelf: Shelved, before: str, after: str, template: bytes | None = None) -> bytes:
    """The changes from one version (or `draft`) to another, tracked, with reasons as comments.

    Raises `UnknownError` if there is no such version.
    """
    old, new = shelf.paper(before), shelf.paper(after)
    shown = frozenset(clause.id for clause in (*old.clauses, *new.clauses))
    told = _Telling(shelf, before, after).told(shown)
    return word_file(redlined_sheet(old, new, told), template)


class _Telling:
    """Who changed what between two versions of a policy, and why."""

    def __init__(self, shelf: Shelved, before: str, after: str) -> None:
        self.shelf, self.before, self.after = shelf, before, after
        self.linker = Linker(shelf.trust, shelf.body, f"policies/{shelf.publication.id}.md")
        self.comparison: Comparison = shelf.difference(before, after).comparison

    def told(self, shown: Collection[str]) -> Told:
        """All that a redline says beside the changes; `shown` are the clauses that are in it."""
        changes = self.comparison.changes
        moved = frozenset(c.id for c in changes if ChangeKind.MOVED in c.kinds)
        remarks = self._remarks()
        stray = {id_: told for id_, told in remarks.items() if id_ not in shown}
        whole = "\n".join(
            [self._intro(), *dict.fromkeys(r.text for told in stray.values() for r in told)]
        )
        intro = Remark(self.shelf.body.short_name, whole)
        return Told(moved=moved, by=self._by, remarks=remarks, intro=intro)

    def _intro(self) -> str:
        old, new = (_called(side) for side in (self.before, self.after))
        return (
            f"The changes from {old} to {new}. Accept all changes to have {new}, "
            f"reject all to have {old}."
        )

    def _by(self, clause_id: str) -> str:
        change = self.comparison.by_id.get(clause_id)
        if change is None or change.cause is Cause.VALUE:
            return self.shelf.body.short_name
        if change.cause is Cause.TRUST:
            return self.shelf.trust.short_name
        return self._name(change.layer) if change.layer else self.shelf.body.short_name

    def _name(self, source: str) -> str:
        if source == TRUST_ID:
            return self.shelf.trust.short_name
        return self.linker.layer_name(source)

    # -- reasons ---------------------------------------------------------------------

    def _remarks(self) -> Mapping[str, Sequence[Remark]]:
        """What is said in the margin, by clause: what marks cannot show, and reasons."""
        found: defaultdict[str, list[Remark]] = defaultdict(list)
        for change in self.comparison.listed:
            aside = [tag for tag in tags(change) if tag not in _SEEN]
            if aside and change.kinds >= {ChangeKind.MOVED, ChangeKind.REWORDED}:
                aside.append("reworded")
            if aside:
                found[change.id].append(Remark(self._by(change.id), "; ".join(aside) + "."))
        for record in self._records():
            remark = Remark(self._name(record.source), _reason(record))
            for clause_id in record.clauses:
                found[clause_id].append(remark)
        for clause_id, departure in self._departures():
            words = f"Why this is not the trust’s wording: {departure.reason}"
            found[clause_id].append(Remark(self._name(departure.layer), typographic(words)))
        return found

    def _records(self) -> Iterator[ChangeRecord]:
        """The reasons that were given for the changes, the oldest first; none for going back."""
        labels = [edition.label for edition in self.shelf.publication.editions]
        places = {**{label: at for at, label in enumerate(labels)}, DRAFT: len(labels)}
        start, end = places[self.before], places[self.after]
        for edition in self.shelf.publication.editions[start + 1 : end + 1]:
            yield from edition.version.record.changes
        if self.after == DRAFT and start < end:
            yield from reasons(self.shelf.publication.standing, proposed=True)

    def _departures(self) -> Iterator[tuple[str, Departure]]:
        """Decisions to depart from the trust's wording that are new, or have a new reason."""
        before = _decided(self.shelf.policy(self.before))
        for clause_id, departure in _decided(self.shelf.policy(self.after)).items():
            was = before.get(clause_id)
            if was is None or (was.layer, was.reason) != (departure.layer, departure.reason):
                yield clause_id, departure


_SEEN = frozenset({"Added", "Removed", "Not applicable any more", "Not applicable here", "Moved"})
"""What the tracked changes themselves show."""


def _called(side: str) -> str:
    return "the draft" if side == DRAFT else f"version {side}"


def _reason(record: ChangeRecord) -> str:
    return typographic(f"{record.what} Why: {record.why} ({record.origin.capitalize()})")


def _decided(policy: TailoredPolicy) -> Mapping[str, Departure]:
    """Each departure by the clause that it is about."""
    return {
        clause.id: clause.departure
        for clause in policy.clauses
        if clause.departure and clause.departure.root == clause.id
    }
