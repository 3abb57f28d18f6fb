"""The closed shapes of the YAML files, as pydantic models.

They are read by `yamlfiles`, turned into JSON Schemas by `schema`, and used as
nouns where nothing needs adding.  Every field has a description, which editors
show while typing.  Unknown keys are errors everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from clausebook.addresses import misleading
from clausebook.fieldtypes import (
    AcknowledgeAddress,
    Colour,
    Day,
    Email,
    Identifier,
    Line,
    Name,
    OpenLine,
    OpenProse,
    Phone,
    Phrase,
    Shape,
    WebAddress,
    Wording,
)


class Term(Shape):
    """How this trust, or this school, says a thing."""

    singular: Line = Field(description="One of them, in lower case unless it is a name: pupil")
    plural: Line | None = Field(
        default=None, description="Several; needed only where English is irregular: children"
    )


class ContactRole(Shape):
    """A role for which schools name a person."""

    label: OpenLine = Field(
        description="The role as readers know it: Designated safeguarding lead; terms such as "
        "{{ Headteacher }} may stand in it"
    )
    about: OpenLine | None = Field(
        default=None, description="When to contact them, in a sentence; terms may stand in it"
    )
    required: bool = Field(default=False, description="Every school must name somebody")
    default: Contact | None = Field(
        default=None, description="The person for every school that names nobody else"
    )


class Contact(Shape):
    """A person or an office that readers can contact."""

    name: Line = Field(description="The person's name as published")
    role: OpenLine | None = Field(
        default=None, description="Their title, where it is not the role's"
    )
    email: Email | None = Field(default=None, description="An address made for publishing")
    phone: Phone | None = Field(default=None, description="With area code: 01632 960123")
    checked: Day | None = Field(default=None, description="When somebody last checked all this")


class LocalContact(Contact):
    """A contact for a role that only this school or group has."""

    label: OpenLine = Field(description="The role as readers know it: County duty team")
    about: OpenLine | None = Field(default=None, description="When to contact them, in a sentence")


class Channel(Shape):
    """An official channel of the school."""

    name: Line = Field(description="The service, as people call it: Facebook")
    address: WebAddress = Field(description="The address of the school's own page or account")
    purpose: OpenLine = Field(description="What the school uses it for")
    run_by: OpenLine = Field(description="Who looks after it: a role, not a name")
    settings: tuple[OpenLine, ...] = Field(
        default=(), description="How it is set up, in sentences readers can check"
    )
    checked: Day | None = Field(default=None, description="When somebody last checked all this")

    @field_validator("address")
    @classmethod
    def _leads_where_its_name_says(cls, address: str, info: ValidationInfo) -> str:
        if shown := misleading(info.data.get("name", ""), address):
            raise PydanticCustomError(
                "bad_value",
                "readers see the name '{shown}', and this leads elsewhere",
                {"shown": shown[:60]},
            )
        return address


class ValueType(StrEnum):
    """What may be filled in for a value."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    EMAIL = "email"
    URL = "url"


class Stricter(StrEnum):
    """Which way a limit or a choice becomes stricter."""

    LOWER = "lower"
    HIGHER = "higher"
    EARLIER = "earlier"
    LATER = "later"


class ValueDeclaration(Shape):
    """A value that schools may or must fill in."""

    label: Line = Field(description="What it is, for the person who fills it in")
    type: ValueType = Field(default=ValueType.TEXT, description="What may be filled in")
    required: bool = Field(default=False, description="Every school must fill it in")
    default: OpenLine | None = Field(
        default=None, description="Used where a school fills in nothing"
    )
    unit: Line | None = Field(default=None, description="For numbers, in the singular: hour")
    min: float | None = Field(
        default=None, allow_inf_nan=False, description="The smallest number allowed"
    )
    max: float | None = Field(
        default=None, allow_inf_nan=False, description="The largest number allowed"
    )
    choices: tuple[Line, ...] = Field(default=(), description="For a choice: what may be chosen")
    says: Mapping[Line, OpenLine] = Field(
        default_factory=dict,
        description="For a choice: the words in the policy for each, where not the choice itself",
    )
    stricter: Stricter | None = Field(
        default=None,
        description="Schools may only choose what is as strict as the default or stricter: for "
        "numbers lower or higher, for dates earlier or later, for choices earlier or later in "
        "their list",
    )


class Appearance(Shape):
    """The colours and the logo of a site."""

    colour: Colour | None = Field(
        default=None, description='The colour of the header, in quotes: "#7a1f3d"'
    )
    accent: Colour | None = Field(
        default=None,
        description="The colour of links, which must be readable on white; without it, the "
        "header's colour, darkened as far as needed",
    )
    logo: Line | None = Field(
        default=None,
        description="A PNG, JPEG or WebP picture in the same folder, of at most 200 KB: logo.png",
    )


LOOK = "Colours and logo; where nothing is said, the group's, then the trust's"


class Level(StrEnum):
    """How much a check's findings matter to this trust."""

    OFF = "off"
    WARNING = "warning"
    ERROR = "error"


class StaleEntry(Shape):
    """Something that goes out of date: an Act, a guidance, a service, a name."""

    pattern: Annotated[tuple[Phrase, ...], Field(min_length=1)] = Field(
        description="How texts name it: [Data Protection Act 1998, 'KCSIE [year<2025]']"
    )
    what: Line = Field(description="What it is, and what became of it, in a few words")
    since: Day | None = Field(
        default=None,
        description="Since when it is out of date, or will be; left out for what never was",
    )
    instead: Line = Field(description="What to write in its place")
    source: WebAddress = Field(description="Where that can be read")
    severity: Level = Field(default=Level.WARNING, description="How much it matters")
    unless: tuple[Phrase, ...] = Field(
        default=(), description="Fine in a clause where any of these stands as well"
    )
    unless_in_policy: tuple[Phrase, ...] = Field(
        default=(), description="Fine in a policy where any of these stands as well"
    )
    only_with: tuple[Phrase, ...] = Field(
        default=(), description="Only in a clause where any of these stands as well"
    )
    as_written: bool = Field(
        default=False, description="Only where it begins with a capital: Vine, and not vine"
    )


class Silenced(Shape):
    """An entry of the register that is passed over, and why."""

    entry: Identifier = Field(description="Its ID; 'clausebook explain stale-reference' lists them")
    reason: Line = Field(description="Why, in a sentence")
    clauses: tuple[Identifier, ...] = Field(
        default=(), description="Only in these clauses; everywhere if there are none"
    )


class StaleFile(Shape):
    """What the trust adds to the register of what has gone stale, and passes over."""

    add: Mapping[Identifier, StaleEntry] = Field(
        default_factory=dict, description="Entries of our own, by ID; they overrule Clausebook's"
    )
    silence: tuple[Silenced, ...] = Field(
        default=(), description="Entries that do not matter here, each with a reason"
    )


class TrustFile(Shape):
    """`policy_source/trust.yml`: the trust, and everything its schools may fill in."""

    notice_days: int = Field(
        default=60,
        ge=0,
        le=1000,
        description="Days ahead that `check` says something ends",
    )
    name: Line = Field(description="The trust's full name")
    short_name: Line | None = Field(default=None, description="The name used in running text")
    website: WebAddress | None = Field(default=None, description="The trust's own website")
    email: Email | None = Field(default=None, description="The trust's own address")
    phone: Phone | None = Field(default=None, description="The trust's own number")
    sites: WebAddress | None = Field(
        default=None, description="Where the built websites are put: each in a folder of its own"
    )
    acknowledge_url: AcknowledgeAddress | None = Field(
        default=None,
        description="Where readers confirm that they have read a version: an https address with "
        "{policy}, {version} and {school} where the form takes them",
    )
    look: Appearance = Field(
        default=Appearance(), description="Colours and logo, for every school that has none"
    )
    audiences: Mapping[Identifier, OpenLine] = Field(
        description="Whom policies are for, by ID, with the words readers see; terms such as "
        "{{ pupils }} may stand in them"
    )
    terms: Mapping[Name, Term] = Field(
        default_factory=dict, description="Words a school may say differently"
    )
    synonyms: Mapping[Line, Annotated[tuple[Line, ...], Field(min_length=1)]] = Field(
        default_factory=dict,
        description="For a word of the policies, other words that people type into the search: "
        "X: [Twitter, tweet]",
    )
    contacts: Mapping[Name, ContactRole] = Field(
        default_factory=dict, description="Roles for which schools name people"
    )
    values: Mapping[Name, ValueDeclaration] = Field(
        default_factory=dict, description="Dates, limits and texts that schools fill in"
    )
    checks: Mapping[Identifier, Level] = Field(
        default_factory=dict,
        description="How much each check matters: off, warning or error, by the check's code; "
        "'clausebook explain' lists them",
    )
    stale: StaleFile = Field(
        default=StaleFile(), description="What goes out of date, beside what Clausebook knows of"
    )


class Identity(Shape):
    """What a school says of itself."""

    vision: OpenProse | None = Field(default=None, description="What the school wants to become")
    mission: OpenProse | None = Field(default=None, description="What the school does every day")
    motto: OpenLine | None = Field(default=None, description="A few words")
    values: tuple[OpenLine, ...] = Field(default=(), description="The school's values, one by one")


class Fillings(Shape):
    """What every layer (group, school, policy file) may fill in."""

    terms: Mapping[Name, Term] = Field(
        default_factory=dict, description="The words used here for the trust's terms"
    )
    contacts: Mapping[Name, Contact] = Field(
        default_factory=dict, description="People, by the trust's roles"
    )
    local_contacts: Mapping[Name, LocalContact] = Field(
        default_factory=dict,
        description="People for roles of our own, which the trust has not declared",
    )
    channels: tuple[Channel, ...] = Field(
        default=(), description="Official channels, in the order readers should see them"
    )
    values: Mapping[Name, OpenLine] = Field(
        default_factory=dict, description="The trust's values as filled in here"
    )


class GroupFile(Fillings):
    """`schools/<group>/group.yml`: a layer between trust and schools, such as a federation."""

    name: Line = Field(description="The group's full name")
    short_name: Line | None = Field(default=None, description="The name used in running text")
    website: WebAddress | None = Field(default=None, description="The group's own website")
    look: Appearance = Field(default=Appearance(), description=LOOK)
    identity: Identity = Field(default=Identity(), description="What its schools share")


class SchoolFile(Fillings):
    """`schools/<school>/school.yml`: one school."""

    name: Line = Field(description="The school's full name")
    short_name: Line | None = Field(default=None, description="The name used in running text")
    phase: Line | None = Field(default=None, description="Infant, junior, primary, secondary …")
    group: Identifier | None = Field(
        default=None, description="The group it belongs to: the name of a folder in schools/"
    )
    address: Line | None = Field(default=None, description="Postal address, on one line")
    phone: Phone | None = Field(default=None, description="The school office")
    email: Email | None = Field(default=None, description="The school office")
    website: WebAddress | None = Field(default=None, description="The school's own website")
    look: Appearance = Field(default=Appearance(), description=LOOK)
    identity: Identity = Field(default=Identity(), description="What the school says of itself")


class Review(Shape):
    """When a policy was and will be reviewed."""

    last: Day | None = Field(default=None, description="When it was last reviewed")
    next: Day | None = Field(default=None, description="When it must be reviewed again")


OVERRIDE_KINDS = ("replace", "omit", "add")
"""The keys that say what an override does; each override has one of them."""


class OverrideBase(Shape):
    """What every override says."""

    reason: OpenProse = Field(description="Why, in a sentence that can be published")
    against: Line | None = Field(
        default=None,
        description="Fingerprint of the wording this was written against; `clausebook check` "
        "prints it",
    )
    since: Day | None = Field(default=None, description="Since when this holds")
    author: OpenLine | None = Field(
        default=None, description="Who drew it up: a role; for the files only, never published"
    )
    approver: OpenLine | None = Field(
        default=None, description="Who agreed to it, where not the whole governing body: a role"
    )
    expires: Day | None = Field(
        default=None, description="Until when it was agreed; `clausebook check` warns ahead of it"
    )


class ReplaceShape(OverrideBase):
    """Other wording for one clause; what stands under it stays."""

    replace: Identifier = Field(description="ID of the clause")
    wording: Wording = Field(alias="with", description="The new wording; Markdown and value names")


class OmitShape(OverrideBase):
    """A clause left out, with everything under it; it must be `.optional`."""

    omit: Identifier = Field(description="ID of the clause")


class AddShape(OverrideBase):
    """One or more clauses of our own, each with an ID."""

    add: Wording = Field(description="The clauses, in Markdown, each ending in {#its-id}")
    after: Identifier | None = Field(default=None, description="ID of the clause before it")
    before: Identifier | None = Field(default=None, description="ID of the clause after it")
    within: Identifier | None = Field(
        default=None, description="ID of the clause under which it comes last"
    )

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if sum(place is not None for place in (self.after, self.before, self.within)) != 1:
            raise PydanticCustomError(
                "missing_key", "an addition says in one way where it goes: after, before or within"
            )
        return self


def _override_kind(raw: Any) -> str | None:  # noqa: ANN401 - pydantic hands over whatever was written
    if isinstance(raw, Mapping):
        return next((key for key in OVERRIDE_KINDS if key in raw), None)
    return None


OverrideShape = Annotated[
    Annotated[ReplaceShape, Tag("replace")]
    | Annotated[OmitShape, Tag("omit")]
    | Annotated[AddShape, Tag("add")],
    Discriminator(
        _override_kind,
        custom_error_type="missing_key",
        custom_error_message="an override begins with replace:, omit: or add:",
    ),
]


class Ended(Shape):
    """That a policy no longer applies at a school."""

    on: Day = Field(description="Since when it does not apply")
    reason: OpenProse = Field(description="Why, and what applies instead, in a sentence")


class PolicyFile(Fillings):
    """`schools/<school>/<policy>.yml`: how one school, or group, adopts one policy."""

    audiences: tuple[Identifier, ...] | None = Field(
        default=None,
        min_length=1,
        description="Whom the policy is for here; all of the policy's by default",
    )
    review: Review = Field(default=Review(), description="Review dates")
    withdrawn: Ended | None = Field(
        default=None, description="Says that the policy no longer applies here; its versions stay"
    )
    overrides: tuple[OverrideShape, ...] = Field(
        default=(), description="Where this school departs from the trust's wording"
    )


def _frequency(raw: str) -> str:
    if not re.match(r"^[1-9][0-9]? (month|year)s?$", raw):
        raise PydanticCustomError("bad_value", "a review frequency looks like '12 months'")
    return raw


class Freedom(StrEnum):
    """What schools may do with a clause."""

    NOTHING = "nothing"
    BE_STRICTER = "be stricter"
    ADAPT = "adapt"
    LEAVE_OUT = "leave out"
    """Adapt it, or leave it out."""


class DocumentControl(Shape):
    """The front matter of a master policy."""

    title: Line = Field(description="The policy's title")
    code: Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]{0,7}$")] = Field(
        description="Short code in capitals, e.g. SM; new clause IDs begin with it"
    )
    summary: OpenLine | None = Field(default=None, description="What it is for, in a sentence")
    owner: OpenLine = Field(description="The post that looks after the policy")
    approver: OpenLine = Field(description="The body that approves the master")
    review_every: Annotated[Line, AfterValidator(_frequency)] = Field(
        description="How often it is reviewed: '12 months', '2 years'"
    )
    audiences: tuple[Identifier, ...] = Field(min_length=1, description="Whom it is for")
    related: tuple[Line, ...] = Field(
        default=(), description="Other policies: an ID of this trust's, or a title"
    )
    statutory: bool = Field(description="Whether the law requires schools to have it")
    schools_may: Freedom = Field(
        default=Freedom.ADAPT,
        description="What schools may do with clauses that carry no mark: nothing, be stricter, "
        "adapt, leave out",
    )


ContactRole.model_rebuild()
