"""What the governors' pack says in sentences: the summary, what is to decide, the minute."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from clausebook.accounts import reasons
from clausebook.changes import Cause, Overtaken
from clausebook.compare import overtaken
from clausebook.dates import show_date
from clausebook.english import capital, count, enumerate_words
from clausebook.prose import plain
from clausebook.publication import Publication
from clausebook.ratify import SIGNED, next_label
from clausebook.records import ChangeRecord, Origin, Step, Weight
from clausebook.standing import Standing

BLANK = "____"
"""Stands for what is only known at the meeting."""

NameOf = Callable[[str], str]
"""The name of a school or group, by its ID."""


@dataclass(frozen=True)
class Matter:
    """What the sentences are about."""

    publication: Publication
    name_of: NameOf

    @property
    def state(self) -> Standing:
        """The draft, what it is compared with, and the notes."""
        return self.publication.standing

    @property
    def is_trusts(self) -> bool:
        """Whether it is the trust's own policy, which trustees decide of."""
        return self.state.body.school is None

    @property
    def who(self) -> str:
        """Those who decide."""
        return "trustees" if self.is_trusts else "governors"

    @property
    def title(self) -> str:
        """What the policy is called."""
        return self.state.policy.policy.control.title

    @property
    def records(self) -> tuple[ChangeRecord, ...]:
        """The reasons that have been given."""
        return reasons(self.state, proposed=True)

    @property
    def theirs(self) -> tuple[Overtaken, ...]:
        """Where the trust has new wording, and ours is our own."""
        return overtaken(self.state.comparison)

    def number(self, cause: Cause) -> int:
        """How many clauses changed with this cause."""
        return len(self.state.comparison.caused_by(cause))

    @property
    def changed(self) -> int:
        """How many clauses there is something to decide or to note about."""
        return self.number(Cause.TRUST) + self.number(Cause.HERE)

    @property
    def authors(self) -> str:
        """Who made the changes that were made here: the school, or a group with it."""
        layers = [change.layer for change in self.state.comparison.caused_by(Cause.HERE)]
        groups = [name for name in dict.fromkeys(layers) if name and name != self.state.body.id]
        own = ["the school"] if len(set(layers)) > len(groups) or not layers else []
        return enumerate_words([*own, *(self.name_of(name) for name in groups)])

    @property
    def step(self) -> Step:
        """What the next version would be, as far as the notes say."""
        if not self.state.is_first and not self.state.changes:
            return Step.NO_CHANGES
        weights = {record.weight for record in self.records}
        told = {clause for record in self.records for clause in record.clauses}
        if weights == {Weight.EDITORIAL} and told.issuperset(c.id for c in self.state.changes):
            return Step.EDITORIAL
        return Step.SUBSTANTIVE

    @property
    def label(self) -> str:
        """What the next version would be called; blank where labels are not counted."""
        latest = self.state.archive.latest
        return (next_label(latest.label, self.step) or BLANK) if latest else "1"


def summary(matter: Matter) -> Iterator[str]:
    """How many changes there are, whose they are, and why they were made."""
    state, latest = matter.state, matter.state.archive.latest
    if latest is None:
        ours = len(state.policy.departures)
        yield (
            f"This is the first version of the {matter.title}: "
            f"{count(len(state.policy.clauses), 'clause')}, all of them new."
        )
        if not matter.is_trusts:
            yield (
                f"In {count(ours, 'place')} it departs from the trust’s wording."
                if ours
                else "It is in the trust’s wording throughout."
            )
        return
    yield f"{_in_force(matter)} {_whose(matter)}"
    if matter.step is Step.EDITORIAL:
        yield "All changes are editorial: the rules stay the same, and are said better."
    yield from _why(matter)
    if values := matter.number(Cause.VALUE):
        yield (
            f"{count(values, 'clause')} {_plural(values, 'names', 'name')} other people, channels "
            "or details than before, which needs no agreement."
        )
    if renumbered := len(state.comparison.renumbered):
        yield f"{count(renumbered, 'clause')} only got another number."


def _in_force(matter: Matter) -> str:
    """Which version holds today."""
    current = matter.publication.in_force
    if current:
        since = show_date(current.version.record.effective)
        return f"Version {current.label} of the {matter.title} has been in force since {since}."
    latest = matter.publication.editions[-1].version
    since = show_date(latest.record.effective)
    return f"Version {latest.label} of the {matter.title} comes into force on {since}."


def _whose(matter: Matter) -> str:
    """How many clauses were changed, and by whom."""
    trusts, here = matter.number(Cause.TRUST), matter.number(Cause.HERE)
    total = len(matter.state.comparison.after.provisions)
    if matter.is_trusts:
        return f"{_changed(matter.changed)}; the draft has {total} in all."
    told = [f"{_changed(trusts)} by the trust"] if trusts else []
    if here:
        told.append(f"{here} here" if told else f"{_changed(here)} here")
    if not told:
        return "Nothing changes in our wording."
    return f"{' and '.join(told)}; the draft has {total} in all."


def _changed(number: int) -> str:
    return f"{count(number, 'clause')} {_plural(number, 'was', 'were')} changed"


def _why(matter: Matter) -> Iterator[str]:
    """Where the changes come from, the most frequent first."""
    pairs = {(record.origin, clause) for record in matter.records for clause in record.clauses}
    numbers = Counter(origin for origin, _ in sorted(pairs))
    if numbers:
        told = [f"{_ORIGINS[origin]} ({count(n, 'clause')})" for origin, n in numbers.most_common()]
        yield f"Behind {_plural(len(pairs), 'it', 'them')}: {enumerate_words(told)}."


_ORIGINS = {
    Origin.LAW: "a change in the law",
    Origin.GUIDANCE: "new guidance",
    Origin.INCIDENT: "something that happened",
    Origin.REVIEW: "a review",
    Origin.TYPO: "a slip of the pen",
}


def decisions(matter: Matter) -> Iterator[str]:
    """What is for governors, or trustees, to decide."""
    here, trusts = matter.number(Cause.HERE), matter.number(Cause.TRUST)
    if matter.state.is_first:
        yield (
            f"whether to adopt the policy as version {matter.label}"
            if not matter.is_trusts
            else (f"whether to approve the policy as version {matter.label}")
        )
        if not matter.is_trusts and matter.state.policy.departures:
            yield "whether the reasons for departing from the trust’s wording are good ones"
    elif matter.is_trusts:
        yield f"whether to approve the {count(matter.changed, 'change')}"
    else:
        if here:
            yield f"whether to agree what was changed here ({count(here, 'clause')})"
        if trusts:
            yield (
                f"whether anything the trust changed ({count(trusts, 'clause')}) needs other "
                "wording here; if not, it is taken as it stands"
            )
    if matter.theirs:
        yield f"whether our own wording of {_labels(matter)} stays, now that the trust’s is new"
    yield "when the new version comes into force, and when it is reviewed next"


def _labels(matter: Matter) -> str:
    return enumerate_words([one.provision.label for one in matter.theirs])


def minute(matter: Matter) -> Iterator[str]:
    """The proposed minute, in paragraphs."""
    if matter.is_trusts:
        considered = f"The {matter.state.policy.policy.control.approver} considered"
    else:
        considered = "The governing body considered"
    noted = " and ".join(filter(None, _noted(matter)))
    yield f"{considered} the {matter.title}." + (f" It {noted}." if noted else "")
    if matter.theirs:
        yield (
            f"The trust’s wording of {_labels(matter)} has changed. The governing body agreed "
            f"that the school’s own wording {BLANK} (stays as it is / is looked at again by "
            f"{BLANK})."
        )
    due = matter.state.policy.review.next
    review = show_date(due) if due and due > matter.publication.today else BLANK
    verb = "approve" if matter.is_trusts else "adopt"
    yield (
        f"Resolved: to {verb} version {matter.label}, in force from {BLANK}; next review {review}."
    )


def _noted(matter: Matter) -> Iterator[str]:
    """What they noted of the trust's, and agreed of their own."""
    here, trusts = matter.number(Cause.HERE), matter.number(Cause.TRUST)
    departures = len(matter.state.policy.departures)
    if matter.state.is_first:
        if departures and not matter.is_trusts:
            yield f"agreed {count(departures, 'departure')} from the trust’s wording"
    elif matter.is_trusts:
        yield f"agreed changes to {count(matter.changed, 'clause')}"
    else:
        if trusts:
            yield f"noted changes made by the trust to {count(trusts, 'clause')}"
        if here:
            yield f"agreed changes made by {matter.authors} to {count(here, 'clause')}"
        if not trusts and not here:
            yield "noted that nothing changes in its wording"


def signing(matter: Matter) -> tuple[str, ...]:
    """The roles of those who sign: as they signed the latest version, or the usual ones."""
    latest = matter.state.archive.latest
    stood = latest.stood.items() if latest else ()
    signed = [value.text for name, value in stood if name.startswith(SIGNED) and value.text]
    roles = [role.strip() for role, colon, _ in (text.partition(":") for text in signed) if colon]
    if roles:
        return tuple(dict.fromkeys(roles))
    if matter.is_trusts:
        return ("Chair of trustees", "Chief executive")
    term = matter.state.policy.names.get("headteacher")
    head = plain(term.shown) if term and term.shown else "headteacher"
    return ("Chair of governors", capital(head))


def _plural(number: int, one: str, many: str) -> str:
    return one if number == 1 else many
