"""Overrides whose basis has changed: the three wordings, and a decision written into the file.

Pure: files come as bytes and go as bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from clausebook.archive import Archive
from clausebook.changes import Comparison, Provision, Wording
from clausebook.compare import compare
from clausebook.filling import Filling
from clausebook.model import (
    Add,
    Adoption,
    Clause,
    Layered,
    Omit,
    Outline,
    Override,
    Policy,
    Replace,
    School,
)
from clausebook.problems import Problems
from clausebook.tailor import Layer, print_for, tailor
from clausebook.values import Names
from clausebook.yamledit import remove_item, set_text


class Decision(StrEnum):
    """What to do about an override whose basis has changed."""

    KEEP = "keep"
    """It still says what we mean: only the fingerprint is brought up to date."""
    ADOPT = "adopt"
    """The trust's wording holds from now on: the override goes."""
    REWRITE = "rewrite"
    """Other words of our own."""


@dataclass(frozen=True, kw_only=True)
class Item:
    """One override to look at again."""

    policy: Policy
    owner: Layered
    """The school or group whose file it stands in."""
    number: int
    """Its place among the overrides of its file, from 0."""
    override: Override
    today: str
    """The fingerprint of the wording as it is now."""
    read: tuple[str, Outline] | None
    """What the owner read when writing it, and in which version; None if no version has it."""
    now: Outline
    """The wording as it is now."""
    names: Names
    labels: Mapping[str, str]
    """Each clause's printed number today."""

    @property
    def id(self) -> str:
        """The clause that it is about."""
        return self.override.target

    @property
    def label(self) -> str:
        """Its printed number."""
        return self.labels[self.id]

    @property
    def path(self) -> str:
        """The file in which it stands."""
        return self.owner.adoptions[self.policy.id].document.source.name

    @property
    def read_in(self) -> str | None:
        """The version in which the owner read it."""
        return self.read[0] if self.read else None

    @property
    def choices(self) -> Mapping[Decision, str]:
        """What can be decided, and what each means here."""
        match self.override:
            case Add():
                return {
                    Decision.KEEP: "what we add still fits beside it",
                    Decision.ADOPT: "take our addition out",
                    Decision.REWRITE: "write other words, in your editor",
                }
            case Omit():
                return {
                    Decision.KEEP: "leave it out as before",
                    Decision.ADOPT: "have it here from now on, as the trust says it",
                }
            case Replace():
                return {
                    Decision.KEEP: "what we say still holds",
                    Decision.ADOPT: "take the trust's wording from now on",
                    Decision.REWRITE: "write other words, in your editor",
                }


def items(owner: Layered, policy: Policy, masters: Archive, names: Names) -> list[Item]:
    """The overrides in one file that were written against other wording than today's."""
    adoption = owner.adoptions.get(policy.id)
    if adoption is None:
        return []
    below = _below(owner, policy.id)
    now = _outline(policy, below, names)
    labels = {c.id: c.label for c in tailor(policy, below, names, Problems()).clauses}
    found = []
    for number, override in enumerate(adoption.overrides):
        if override.target not in now.by_id or override.against is None:
            continue
        today = print_for(override, now)
        if override.against == today:
            continue
        found.append(
            Item(
                policy=policy,
                owner=owner,
                number=number,
                override=override,
                today=today,
                read=_as_read(override, policy, masters, below, names),
                now=now,
                names=names,
                labels=labels,
            )
        )
    return found


def _below(owner: Layered, policy_id: str) -> Sequence[Layer]:
    """What stands between the trust's wording and the owner's."""
    group = owner.group if isinstance(owner, School) else None
    adoption: Adoption | None = group.adoptions.get(policy_id) if group else None
    return (Layer(group.id, adoption),) if group and adoption else ()


def _outline(policy: Policy, layers: Sequence[Layer], names: Names) -> Outline:
    """The clauses an owner's overrides are written against, with names still in place."""
    return Outline(tuple(c.clause for c in tailor(policy, layers, names, Problems()).clauses))


def standing_below(owner: Layered, policy: Policy, names: Names) -> Outline:
    """What an owner's overrides of a policy would be written against today."""
    return _outline(policy, _below(owner, policy.id), names)


def _as_read(
    override: Override,
    policy: Policy,
    masters: Archive,
    below: Sequence[Layer],
    names: Names,
) -> tuple[str, Outline] | None:
    """The latest version whose wording has the fingerprint that the override carries."""
    for version in reversed(masters.versions):
        outline = _outline(replace(policy, outline=version.outline), below, names)
        if override.target in outline.by_id and print_for(override, outline) == override.against:
            return version.label, outline
    return None


# -- what was read, and what is said now -----------------------------------------------


def what_changed(item: Item) -> Comparison | None:
    """The wording as it was read beside that of today; None if nobody knows what was read."""
    if item.read is None:
        return None
    return compare(_wording(item, item.read[1]), _wording(item, item.now))


def as_it_is(item: Item) -> Comparison:
    """The wording of today."""
    wording = _wording(item, item.now)
    return compare(wording, wording)


def own_wording(item: Item) -> Sequence[Clause]:
    """What the owner says, as clauses with values filled in; nothing for a clause left out."""
    own: Sequence[Clause] = ()
    match item.override:
        case Replace(words=words, body=body):
            own = (replace(item.now.by_id[item.id], words=words, body=body, parent=None),)
        case Add(clauses=clauses):
            own = clauses
        case Omit():
            pass
    return [_filled(item, clause) for clause in own]


def _wording(item: Item, outline: Outline) -> Wording:
    """The clause, with all that stands under it where that is left out as well."""
    whole = isinstance(item.override, Omit)
    clauses = outline.subtree(item.id) if whole else (outline.by_id[item.id],)
    alone = (replace(clause, parent=None) if clause.id == item.id else clause for clause in clauses)
    return Wording(tuple(_provision(item, clause) for clause in alone))


def _provision(item: Item, clause: Clause) -> Provision:
    label = item.labels.get(clause.id, clause.id)
    return Provision(clause=clause, shown=_filled(item, clause), label=label)


def _filled(item: Item, clause: Clause) -> Clause:
    return Filling(item.names, Problems(), trusted=True, may_be_open=True).clause(clause)


# -- decisions -------------------------------------------------------------------------


def decided(
    data: bytes, item: Item, decision: Decision, *, removed: int = 0, words: str = ""
) -> bytes:
    """The file with a decision in it and everything else as it was.

    `removed` is how many overrides above this one have been taken out of the file since the
    item was read; `words` are the owner's new ones.
    """
    place = ("overrides", item.number - removed)
    if decision is Decision.ADOPT:
        return remove_item(data, place)
    if decision is Decision.REWRITE:
        key = "add" if isinstance(item.override, Add) else "with"
        data = set_text(data, (*place, key), words)
    return set_text(data, (*place, "against"), item.today)


def written_words(item: Item) -> str:
    """The owner's words as they stand in the file, for rewriting."""
    document = item.owner.adoptions[item.policy.id].document
    key = "add" if isinstance(item.override, Add) else "with"
    return document.passages["overrides", item.number, key].text


def note_wanted(item: Item) -> str:
    """The command that writes the note which a change of wording wants."""
    ids = [item.id]
    if isinstance(item.override, Add):
        ids = [clause.id for clause in item.override.clauses if clause.parent is None] or ids
    return (
        f"clausebook note {item.owner.id} {item.policy.id} --clauses {','.join(ids)} "
        "--what … --why … --origin …"
    )
