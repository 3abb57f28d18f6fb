"""The closed shapes of what is on record: versions, changes, withdrawals, notes."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from clausebook.fieldtypes import Day, FilledLine, Identifier, Line, Prose, Shape, without_names
from clausebook.shapes import DocumentControl

LABEL_PATTERN = r"^[0-9A-Za-z](?:[.-]?[0-9A-Za-z]){0,19}$"

Label = Annotated[str, StringConstraints(pattern=LABEL_PATTERN, strip_whitespace=True)]
"""What a version is called: `2`, `3.1`, `2026-09`."""


class Weight(StrEnum):
    """How much a change weighs."""

    SUBSTANTIVE = "substantive"
    """Somebody must, may or must not do something else than before."""
    EDITORIAL = "editorial"
    """The same rule, said better: spelling, layout, a name that changed."""


class Step(StrEnum):
    """What a version is, next to the one before it."""

    SUBSTANTIVE = "substantive"
    EDITORIAL = "editorial"
    NO_CHANGES = "no changes"
    """Reviewed, and left as it was."""


class Origin(StrEnum):
    """Where a change comes from."""

    LAW = "law"
    GUIDANCE = "guidance"
    INCIDENT = "incident"
    REVIEW = "review"
    TYPO = "typo"


class NoteFile(Shape):
    """`changes/<name>.yml`: why some clauses were changed."""

    clauses: tuple[Identifier, ...] = Field(
        min_length=1, description="IDs of the clauses that changed"
    )
    what: Prose = Field(description="What changed, in a sentence")
    why: Prose = Field(description="Why, in a sentence")
    origin: Origin = Field(description="Where the change comes from")
    weight: Weight = Field(
        alias="class", default=Weight.SUBSTANTIVE, description="substantive or editorial"
    )


class ChangeRecord(Shape):
    """A note as a version keeps it."""

    note: Line
    """The note's file name, without its ending: a note on record is not asked for again."""
    clauses: tuple[Identifier, ...]
    what: Prose
    why: Prose
    origin: Origin
    weight: Weight
    source: Identifier
    """Who made the change: `trust`, or the ID of a group or school."""


class Ratification(Shape):
    """Who agreed to a version, when, and where that is minuted."""

    on: Day
    by: Line
    minute: Line


class Reference(Shape):
    """Another version, and its seal."""

    version: Label
    seal: Line


class DepartureRecord(Shape):
    """Why a clause was not the trust's, as a version keeps it.

    Where several layers decided of one clause, the latest comes first.
    """

    clause: Identifier
    """The clause the override names, or the first it adds."""
    layer: Identifier
    reason: Prose
    since: Day | None = None
    approver: Line | None = None
    """The role or committee that agreed to it, where that was not the whole governing body."""
    expires: Day | None = None


class FiledControl(DocumentControl):
    """A policy's front matter as it is put on record, with all names in it filled in."""

    summary: FilledLine | None = None
    owner: FilledLine
    approver: FilledLine


class Record(Shape):
    """The sealed record of a version."""

    format: int
    policy: Identifier
    body: Identifier
    """ID of the school, or `trust`."""
    version: Label
    step: Step
    control: FiledControl
    audiences: tuple[Identifier, ...]
    ratified: Ratification
    effective: Day
    next_review: Day | None = None
    shared_with_staff: Day | None = None
    label_reason: Prose | None = None
    """Why the label does not follow from the changes, where it does not."""
    master: Reference | None = None
    """The version of the trust's master it is based on."""
    previous: Reference | None = None
    """The version before it."""
    changes: tuple[ChangeRecord, ...] = ()
    departures: tuple[DepartureRecord, ...] = ()
    values: Mapping[str, Line] = Field(default_factory=dict)
    """Salted digests of the people and channels of that day, by name."""


class AsItStood(Shape):
    """A value of that day; without text and salt once it has been withdrawn."""

    text: Annotated[str, AfterValidator(without_names)] | None = None
    salt: Line | None = None


class Withdrawal(Shape):
    """That a value was taken out of a version, when and why; never what it was."""

    value: Line
    on: Day
    reason: Prose
    seal: Line


FORMAT = 1
"""The form in which versions are written today."""
