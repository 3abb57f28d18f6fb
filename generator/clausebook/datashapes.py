"""The shapes of what stands beside every site as data; their JSON Schema is published with them.

A key is never renamed and never given another meaning; what is new is added.  `format` counts up
if that promise is ever broken.
"""

from __future__ import annotations

import json
from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from clausebook.model import Kind, Mark, Provenance

FORMAT = 1


class DataShape(BaseModel):
    """What all of them have in common: closed and immutable."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class BodyData(DataShape):
    """Whoever publishes the policy."""

    id: str = Field(description="The school's ID, or 'trust'")
    name: str
    trust: str = Field(description="The trust's full name")
    website: str | None = Field(description="Where its policies are put online")


class DepartureData(DataShape):
    """Why a clause is not the trust's."""

    decided_by: str = Field(description="ID of the school or group")
    reason: str
    since: date | None
    expires: date | None


class ClauseData(DataShape):
    """One clause as published."""

    id: str = Field(description="Permanent: it means the same clause in every version")
    label: str = Field(description="The printed number in this version, such as 4.2(a)")
    kind: Kind
    parent: str | None = Field(description="ID of the clause it stands under")
    depth: int = Field(description="Level of a heading (2 to 4) or of a list (1 to 3); otherwise 0")
    text: str = Field(description="Its words without any markup, a line for each paragraph")
    markdown: str = Field(description="The same as CommonMark; links to clauses are #ID")
    marks: tuple[Mark, ...]
    audiences: tuple[str, ...] = Field(description="Whom it is for; none means everyone")
    provenance: Provenance = Field(
        description="Whether it is the trust's own, adapted or added here, or not applicable here"
    )
    departure: DepartureData | None
    trust_text: str | None = Field(description="For adapted clauses: the trust's own words")


class ChangeData(DataShape):
    """Why some clauses were changed."""

    clauses: tuple[str, ...]
    what: str
    why: str
    origin: str
    weight: str = Field(description="substantive or editorial")
    source: str = Field(description="'trust', or the ID of the school or group that made it")


class VersionData(DataShape):
    """One ratified version."""

    version: str
    step: str = Field(description="substantive, editorial or no changes")
    status: str = Field(description="What it is on the day the file was made")
    ratified: date
    ratified_by: str
    minute: str
    effective: date
    next_review: date | None
    shared_with_staff: date | None
    based_on_master: str | None
    previous: str | None
    seal: str = Field(description="SHA-256 over the record and the wording")
    changes: tuple[ChangeData, ...]


class HistoryData(DataShape):
    """One row of the change history, newest first."""

    on: date
    version: str | None = Field(description="None for an administrative update")
    words: str
    clauses: tuple[str, ...]


class PolicyData(DataShape):
    """One policy at one school, or the trust's own: `data/POLICY.json`."""

    schema_: str = Field(alias="$schema")
    format: int
    body: BodyData
    policy: str = Field(description="The policy's ID")
    code: str
    title: str
    summary: str | None
    status: str
    version: str | None = Field(description="The version in force; None if none is")
    next_review: date | None
    statutory: bool
    owner: str
    audiences: tuple[str, ...]
    clauses: tuple[ClauseData, ...] = Field(
        description="The version in force, or the draft where there is none"
    )
    versions: tuple[VersionData, ...] = Field(description="Oldest first")
    history: tuple[HistoryData, ...] = Field(description="Newest first")


def schema_text() -> str:
    """The JSON Schema of `data/POLICY.json`."""
    schema = PolicyData.model_json_schema(mode="serialization")
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "Clausebook: a policy as data"
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"
