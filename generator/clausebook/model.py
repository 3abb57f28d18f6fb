"""The nouns of the trade.  Immutable; they know no files, no YAML, no MkDocs.

A place in a file (`span`) is never part of identity: two clauses with the same
ID and words are equal wherever they stand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property

from clausebook.picture import Picture
from clausebook.prose import Blocks, Inlines, Value, inlines_of, walk
from clausebook.shapes import (
    Channel,
    Contact,
    DocumentControl,
    Ended,
    Fillings,
    GroupFile,
    Identity,
    Review,
    SchoolFile,
    TrustFile,
)
from clausebook.source import Span
from clausebook.values import Names
from clausebook.yamldoc import YamlDocument


class Kind(StrEnum):
    """What a clause is written as."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"


class Mark(StrEnum):
    """A word beside a clause's ID, written `.word`."""

    LOCKED = "locked"
    """No school may change or leave out the clause, or anything under it."""
    STRICTER = "stricter"
    """Schools may only be stricter than the clause and all that stands under it."""
    ADAPTABLE = "adaptable"
    """Schools may adapt the clause and what stands under it, whatever holds above it."""
    OPTIONAL = "optional"
    """A school may leave the clause out, with everything under it."""
    GUIDANCE = "guidance"
    """Advice, not a rule."""
    EXAMPLE = "example"
    """A worked example."""
    DEFINITION = "definition"
    """Says what a term means; the term comes first, in bold."""


@dataclass(frozen=True, kw_only=True)
class Clause:
    """The smallest provision with a permanent ID."""

    id: str
    kind: Kind
    parent: str | None
    """ID of the clause this one stands under."""
    depth: int
    """Heading level (2 to 4) for headings; list level (1 to 3) for items; 0 for paragraphs."""
    ordered: bool = False
    """For items: whether the author wrote a numbered list."""
    words: Inlines
    body: Blocks = ()
    """What belongs to the clause beside its first paragraph: tables, quotations, more text."""
    marks: frozenset[Mark] = frozenset()
    """Its own marks; `Outline.marks` adds those it inherits."""
    audiences: tuple[str, ...] = ()
    """Whom the clause is marked for; empty means everyone its parent is for."""
    span: Span = field(compare=False)
    """Where its ID is written."""

    @cached_property
    def values(self) -> tuple[Value, ...]:
        """Every name in its wording that stands for something, in reading order."""
        runs = (self.words, *inlines_of(self.body))
        return tuple(word for run in runs for word in walk(run) if isinstance(word, Value))


INHERITED = frozenset({Mark.LOCKED, Mark.STRICTER, Mark.ADAPTABLE, Mark.OPTIONAL})
"""Marks that hold for everything under a clause as well."""


@dataclass(frozen=True)
class Outline:
    """Clauses in reading order, flat; nesting is each clause's `parent`."""

    clauses: tuple[Clause, ...]

    def __iter__(self) -> Iterator[Clause]:
        """In reading order."""
        return iter(self.clauses)

    def __len__(self) -> int:
        """How many clauses there are."""
        return len(self.clauses)

    @cached_property
    def by_id(self) -> Mapping[str, Clause]:
        """Each clause by its ID."""
        return {clause.id: clause for clause in self.clauses}

    def ancestors(self, clause_id: str) -> Iterator[Clause]:
        """The clauses above a clause, nearest first."""
        parent = self.by_id[clause_id].parent
        while parent is not None:
            yield self.by_id[parent]
            parent = self.by_id[parent].parent

    def subtree(self, clause_id: str) -> tuple[Clause, ...]:
        """A clause and everything under it, in reading order."""
        inside = {clause_id}
        for clause in self.clauses:
            if clause.parent in inside:
                inside.add(clause.id)
        return tuple(clause for clause in self.clauses if clause.id in inside)

    def marks(self, clause_id: str) -> frozenset[Mark]:
        """A clause's own marks and those it inherits."""
        above = (INHERITED & clause.marks for clause in self.ancestors(clause_id))
        return self.by_id[clause_id].marks.union(*above)

    def audiences(self, clause_id: str) -> tuple[str, ...]:
        """Whom a clause is for: its own audiences or the nearest above; empty for everyone."""
        own = self.by_id[clause_id].audiences
        if own:
            return own
        return next((c.audiences for c in self.ancestors(clause_id) if c.audiences), ())


@dataclass(frozen=True, kw_only=True)
class Policy:
    """A master policy: document control and clauses."""

    id: str
    control: DocumentControl
    outline: Outline
    document: YamlDocument = field(compare=False)
    """The front matter, for places."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Replace:
    """Other wording for one clause."""

    target: str
    words: Inlines
    body: Blocks
    reason: str
    against: str | None
    since: date | None
    approver: str | None = None
    expires: date | None = None
    span: Span = field(compare=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Omit:
    """A clause left out, with everything under it."""

    target: str
    reason: str
    against: str | None
    since: date | None
    approver: str | None = None
    expires: date | None = None
    span: Span = field(compare=False)


class Place(StrEnum):
    """Where an addition goes, seen from its target."""

    BEFORE = "before"
    AFTER = "after"
    WITHIN = "within"


@dataclass(frozen=True, kw_only=True, slots=True)
class Add:
    """Clauses of a school's or a group's own."""

    target: str
    place: Place
    clauses: tuple[Clause, ...]
    """In reading order; those at the top have no parent yet."""
    reason: str
    against: str | None
    since: date | None
    approver: str | None = None
    expires: date | None = None
    span: Span = field(compare=False)


Override = Replace | Omit | Add


@dataclass(frozen=True, kw_only=True)
class Adoption:
    """How one school, or group, adopts one policy: the file `<policy>.yml` as read."""

    policy: str
    audiences: tuple[str, ...] | None
    review: Review
    withdrawn: Ended | None
    fillings: Fillings
    overrides: tuple[Override, ...]
    document: YamlDocument = field(compare=False)


@dataclass(frozen=True, kw_only=True)
class Group:
    """A layer between trust and schools, such as a federation."""

    id: str
    details: GroupFile
    adoptions: Mapping[str, Adoption]
    document: YamlDocument = field(compare=False)
    logo: Picture | None = None


@dataclass(frozen=True, kw_only=True)
class School:
    """One school."""

    id: str
    details: SchoolFile
    group: Group | None
    adoptions: Mapping[str, Adoption]
    """By policy ID; its group's policies are its own as well."""
    document: YamlDocument = field(compare=False)
    logo: Picture | None = None

    @property
    def short_name(self) -> str:
        """The name for running text."""
        return self.details.short_name or self.details.name

    @property
    def layers(self) -> tuple[Layered, ...]:
        """Its group, if it has one, and the school itself."""
        return (self.group, self) if self.group else (self,)

    def adopts(self, policy: str) -> bool:
        """Whether the school has a policy: its own file, or its group's, is there."""
        return any(policy in layer.adoptions for layer in self.layers)

    @property
    def identity(self) -> Identity:
        """What the school says of itself; what it leaves out, its group says."""
        own = self.details.identity
        shared = self.group.details.identity if self.group else Identity()
        return Identity(
            vision=own.vision or shared.vision,
            mission=own.mission or shared.mission,
            motto=own.motto or shared.motto,
            values=own.values or shared.values,
        )


Layered = Group | School
"""Whoever has a layer between the trust's policy and a school's."""


@dataclass(frozen=True, kw_only=True)
class Trust:
    """The trust, its master policies and its schools: everything in its folder."""

    details: TrustFile
    policies: Mapping[str, Policy]
    schools: Mapping[str, School]
    groups: Mapping[str, Group]
    document: YamlDocument = field(compare=False)
    logo: Picture | None = None

    @property
    def short_name(self) -> str:
        """The name for running text."""
        return self.details.short_name or self.details.name

    @property
    def layers(self) -> tuple[Layered, ...]:
        """Every group and every school."""
        return (*self.groups.values(), *self.schools.values())


class Provenance(StrEnum):
    """Where a published clause comes from."""

    TRUST = "trust"
    """The trust's wording, unchanged."""
    ADAPTED = "adapted"
    """Other wording than the trust's."""
    ADDED = "added"
    """Not in the trust's policy."""
    OMITTED = "omitted"
    """In the trust's policy, not applicable here."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Departure:
    """Why a published clause is not the trust's."""

    layer: str
    """ID of the school or group that decided it."""
    reason: str
    since: date | None
    approver: str | None = None
    """Who agreed to it, where that is not the whole governing body."""
    expires: date | None = None
    """Until when it was agreed."""
    root: str
    """ID of the clause the override names, or the first clause it adds."""
    needs_review: bool = False
    """The wording it was written against has changed since."""
    earlier: Departure | None = None
    """What a layer below had decided of the clause: a group that added what a school adapts."""

    @property
    def chain(self) -> tuple[Departure, ...]:
        """It and every earlier one, the latest first."""
        return (self, *(self.earlier.chain if self.earlier else ()))


@dataclass(frozen=True, kw_only=True, slots=True)
class TailoredClause:
    """One clause as published at a school, or marked as not applicable there."""

    clause: Clause
    """With the names of values still in place."""
    shown: Clause
    """With values filled in."""
    label: str
    """The printed number, e.g. `4.2(a)`."""
    basis: Clause | None
    """The trust's clause, with values filled in; None for an addition."""
    provenance: Provenance
    departure: Departure | None
    """None exactly for the trust's own wording."""

    @property
    def id(self) -> str:
        """The clause's permanent ID."""
        return self.clause.id


@dataclass(frozen=True, kw_only=True)
class TailoredPolicy:
    """A master policy as it stands at one school, or at the trust itself."""

    policy: Policy
    clauses: tuple[TailoredClause, ...]
    summary: str | None
    """What the policy is for, in a sentence, with terms filled in."""
    audiences: tuple[str, ...]
    review: Review
    names: Names = field(compare=False, repr=False)
    """What every name stands for here."""

    @cached_property
    def outline(self) -> Outline:
        """The published clauses, with values filled in, the omitted ones among them."""
        return Outline(tuple(clause.shown for clause in self.clauses))

    @cached_property
    def by_id(self) -> Mapping[str, TailoredClause]:
        """Each clause by its ID."""
        return {clause.id: clause for clause in self.clauses}

    @property
    def departures(self) -> tuple[TailoredClause, ...]:
        """The clauses that are not the trust's, one for each override, in reading order."""
        first: dict[tuple[str, str], TailoredClause] = {}
        for clause in self.clauses:
            if clause.departure:
                first.setdefault((clause.departure.root, clause.departure.layer), clause)
        return tuple(first.values())


@dataclass(frozen=True, kw_only=True)
class Person:
    """A contact as published: the role and who holds it."""

    role: str
    """ID of the role."""
    label: str
    """The role, or this person's own title."""
    about: str | None
    contact: Contact


@dataclass(frozen=True, kw_only=True)
class Body:
    """Whoever publishes a site: a school, or the trust for its masters."""

    id: str
    name: str
    short_name: str
    school: School | None
    """None for the trust."""
    people: tuple[Person, ...]
    channels: tuple[Channel, ...]
    audiences: Mapping[str, str]
    """What each audience is called here."""
    policies: tuple[TailoredPolicy, ...]

    @cached_property
    def homes(self) -> Mapping[str, TailoredPolicy]:
        """For each clause published here, the policy it stands in."""
        return {clause.id: policy for policy in self.policies for clause in policy.clauses}
