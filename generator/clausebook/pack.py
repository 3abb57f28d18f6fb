"""The governors' pack: a waiting draft as those who decide of it need to see it.

Pure, and no Markdown yet: `packpage` writes the site's page and the file from the same `Pack`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from clausebook.changes import Cause, Change, Comparison, Provision
from clausebook.describing import describe, describe_unchanged, gathered
from clausebook.filling import Filling
from clausebook.model import TailoredPolicy
from clausebook.packpoints import Point, open_points
from clausebook.packwords import Matter, NameOf, decisions, minute, signing, summary
from clausebook.problems import Problems
from clausebook.publication import Publication
from clausebook.reading import TRUST_ID
from clausebook.records import ChangeRecord
from clausebook.redlineorder import Entry, Role, arrange, fold
from clausebook.standing import Standing

IN_SHORT = 6
"""So many notes the summary quotes; the list of changes has all of them."""


@dataclass(frozen=True)
class Item:
    """One line in the list of changes: a change, and what came or went with it."""

    change: Change
    under: tuple[Change, ...]
    by: str | None
    """The group that decided it, where that is not the school itself."""

    @property
    def said(self) -> str:
        """What happened, without the number that stands before it."""
        words = describe(self.change, self.under)
        return words.removeprefix(f"{self.change.provision.label} ")


@dataclass(frozen=True)
class Reasoned:
    """Changes that were made for the same reasons."""

    reasons: tuple[ChangeRecord, ...]
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Group:
    """The changes with one cause."""

    cause: Cause
    heading: str
    parts: tuple[Reasoned, ...]


@dataclass(frozen=True)
class Stretch:
    """Clauses that stand together: shown, or folded behind a line that says how many they are."""

    entries: tuple[Entry, ...]
    folded: str | None


@dataclass(frozen=True)
class Overtaking:
    """The trust's wording of a clause as it was and as it is now, where ours is our own."""

    before: Provision
    after: Provision


@dataclass(frozen=True, kw_only=True)
class Pack:
    """Everything that governors, or trustees, need to decide of a draft."""

    who: str
    """Those who decide: `governors` or `trustees`."""
    title: str
    policy: TailoredPolicy
    comparison: Comparison
    is_first: bool
    summary: tuple[str, ...]
    in_short: tuple[str, ...]
    """What changed, in the words of the notes."""
    more: int
    """How many notes `in_short` leaves out."""
    decisions: tuple[str, ...]
    groups: tuple[Group, ...]
    stretches: tuple[Stretch, ...]
    overtaking: Mapping[str, Overtaking]
    """By the clause's ID."""
    points: tuple[Point, ...]
    minute: tuple[str, ...]
    """The proposed minute, in paragraphs."""
    signing: tuple[str, ...]
    """The roles of those who sign."""


def make_pack(
    publication: Publication, master: Standing | None, people: Sequence[str], name_of: NameOf
) -> Pack:
    """The pack on a publication's draft.

    `master` is the trust's own policy, for a school's; `people` are those whose names
    must not get into what will be sealed.
    """
    matter = Matter(publication, name_of)
    state = publication.standing
    own_first = sorted(matter.records, key=lambda record: record.source == TRUST_ID)
    whats = tuple(dict.fromkeys(record.what for record in own_first))
    return Pack(
        who=matter.who,
        title=f"{matter.title}: {matter.who}’ pack",
        policy=state.policy,
        comparison=state.comparison,
        is_first=state.is_first,
        summary=tuple(summary(matter)),
        in_short=whats[:IN_SHORT],
        more=len(whats[IN_SHORT:]),
        decisions=tuple(decisions(matter)),
        groups=tuple(_groups(matter)),
        stretches=tuple(_stretches(state)),
        overtaking=dict(_overtaking(matter)),
        points=tuple(open_points(publication, master, people)),
        minute=tuple(minute(matter)),
        signing=signing(matter),
    )


def _groups(matter: Matter) -> Iterator[Group]:
    """The changes by cause, what was decided here first: that is theirs to judge."""
    headings = {
        Cause.HERE: "Made here",
        Cause.TRUST: "Made by the trust",
        Cause.VALUE: "People, channels and other values",
    }
    for cause, heading in headings.items():
        items = [
            Item(change, under, _group_behind(change, matter))
            for change, under in gathered(matter.state.comparison.caused_by(cause))
        ]
        if items:
            yield Group(cause, heading, tuple(_by_reason(items, matter.records)))


def _group_behind(change: Change, matter: Matter) -> str | None:
    layer = change.layer
    return matter.name_of(layer) if layer and layer != matter.state.body.id else None


def _by_reason(items: Sequence[Item], records: Sequence[ChangeRecord]) -> Iterator[Reasoned]:
    """Items that have the same reasons together, in the order in which they come first."""
    found: dict[tuple[int, ...], list[Item]] = {}
    for item in items:
        ids = {change.id for change in (item.change, *item.under)}
        own = tuple(at for at, record in enumerate(records) if ids.intersection(record.clauses))
        found.setdefault(own, []).append(item)
    for own, alike in found.items():
        yield Reasoned(tuple(records[at] for at in own), tuple(alike))


def _stretches(state: Standing) -> Iterator[Stretch]:
    """The whole wording in reading order, with what did not change folded.

    A first version is all there to be read.  One clause alone is not worth a fold.
    """
    every = arrange(state.comparison)
    if state.is_first:
        yield Stretch(every, None)
        return
    entries = iter(every)
    shown: list[Entry] = []
    for entry in fold(every):
        taken = tuple(islice(entries, len(entry.folded) or 1))
        if entry.role is not Role.FOLD or len(taken) == 1:
            shown += taken
            continue
        if shown:
            yield Stretch(tuple(shown), None)
        shown = []
        yield Stretch(taken, describe_unchanged(entry.folded))
    if shown:
        yield Stretch(tuple(shown), None)


def _overtaking(matter: Matter) -> Iterator[tuple[str, Overtaking]]:
    """The trust's old and new wording where ours is our own, with values filled in."""
    names = matter.state.policy.names
    filling = Filling(names, Problems(), trusted=True, may_be_open=True)
    for one in matter.theirs:
        before, after = (
            Provision(clause=clause, shown=filling.clause(clause), label=one.provision.label)
            for clause in (one.before, one.after)
        )
        yield one.provision.id, Overtaking(before, after)
