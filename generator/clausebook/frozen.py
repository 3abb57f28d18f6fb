"""A version as a file: Markdown a person can read, sealed so that any change to it is found.

The file has three parts::

    ---
    the record      what was ratified, by whom, why each change was made: sealed
    ...
    as it stood     people and channels of that day, each with a salt: withdrawable
    ---
    the wording     clause by clause, a sentence a line: sealed

The seal is a SHA-256 over the record and the wording.  Of the values as they
stood the record holds salted digests, so that a name can be withdrawn later
(text and salt are taken out) and the seal still verifies; without the salt a
digest says nothing about a name that one could guess.  A file is valid only if
it is exactly what writing it again would give, so no byte can change unnoticed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from functools import cached_property, lru_cache
from typing import Any

from pydantic import Field, ValidationError

from clausebook.clauses import read_frozen
from clausebook.fieldtypes import Shape
from clausebook.model import Clause, Kind, Mark, Outline, Provenance
from clausebook.problems import Problems
from clausebook.prose import Blocks, Inlines, Paragraph
from clausebook.records import AsItStood, Record, Withdrawal
from clausebook.remembering import MANY, by_identity
from clausebook.shaping import shaped
from clausebook.source import Source, Span
from clausebook.writing import FROZEN, write_blocks
from clausebook.writtenyaml import read_written, write_yaml
from clausebook.yamldoc import read_front_matter, replace_data

SEPARATOR = (
    "# people and channels as they stood, each with its salt; `clausebook withdraw` edits them"
)
"""The line between the sealed record and the values as they stood."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FrozenClause:
    """A clause as ratified: terms and limits filled in, live names still in place."""

    clause: Clause
    label: str
    provenance: Provenance
    layer: str | None
    """The group or school whose wording it is; None for the trust's."""

    @property
    def id(self) -> str:
        """The clause's permanent ID."""
        return self.clause.id


@dataclass(frozen=True, kw_only=True)
class Version:
    """One ratified version of a policy at one school, or of a master at the trust."""

    record: Record
    clauses: tuple[FrozenClause, ...]
    stood: Mapping[str, AsItStood]
    """People and channels as they stood, by the name that wording uses for them."""
    withdrawals: tuple[Withdrawal, ...] = ()
    source: Source = field(compare=False, default=Source("", ""))

    @property
    def label(self) -> str:
        """Its number or date, as the body labels its versions."""
        return self.record.version

    @cached_property
    def outline(self) -> Outline:
        """The clauses as ratified."""
        return Outline(tuple(frozen.clause for frozen in self.clauses))

    @cached_property
    def by_id(self) -> Mapping[str, FrozenClause]:
        """Each clause by its ID."""
        return {frozen.id: frozen for frozen in self.clauses}

    @cached_property
    def places(self) -> Mapping[str, Span]:
        """The line after each clause's heading, by the clause's ID: versions share clauses."""
        begun = (n for n, line in enumerate(self.source.lines, 1) if line.startswith("#### "))
        return {
            frozen.id: self.source.span(line + 1)
            for frozen, line in zip(self.clauses, begun, strict=False)
        }

    @cached_property
    def seal(self) -> str:
        """The seal over record and wording."""
        return seal_of(*_sealed(self))


# -- seals -------------------------------------------------------------------------


def seal_of(record: str, wording: str) -> str:
    """SHA-256 over the record and the wording, as the file says it."""
    return "sha256:" + hashlib.sha256(f"{record}\0{wording}".encode()).hexdigest()


def digest(text: str, salt: str) -> str:
    """What the record keeps of a value that may be withdrawn."""
    return "sha256:" + hashlib.sha256(f"{salt}\0{text}".encode()).hexdigest()


def withdrawal_seal(seal: str, name: str, on: date, reason: str) -> str:
    """What makes a withdrawal as hard to change unnoticed as the version itself."""
    return "sha256:" + hashlib.sha256(f"{seal}\0{name}\0{on}\0{reason}".encode()).hexdigest()


# -- writing -----------------------------------------------------------------------


def write_version(version: Version) -> str:
    """The whole file."""
    stood: dict[str, Any] = {
        name: {"text": value.text, "salt": value.salt} if value.text is not None else _WITHDRAWN
        for name, value in version.stood.items()
    }
    rest: dict[str, Any] = {"seal": version.seal, "as_it_stood": stood}
    if version.withdrawals:
        rest["withdrawals"] = [_plain(w.model_dump()) for w in version.withdrawals]
    record, wording = _sealed(version)
    return f"---\n{record}{SEPARATOR}\n{write_yaml(rest)}---\n\n{wording}"


@by_identity(most=1)
def _sealed(version: Version) -> tuple[str, str]:
    """What the seal covers: the record as YAML, and the wording.

    Only the last ones are kept: the seal and the file are written one after the other.
    """
    record = write_yaml(_plain(version.record.model_dump(exclude_defaults=True)))
    return record, wording_text(version.clauses)


def _plain(data: Any) -> Any:  # noqa: ANN401 - any YAML
    if isinstance(data, dict):
        return {key: _plain(value) for key, value in data.items() if value is not None}
    if isinstance(data, list | tuple):
        return [_plain(item) for item in data]
    return data.value if isinstance(data, Enum) else data


def wording_text(clauses: Sequence[FrozenClause]) -> str:
    """The wording, clause by clause: a line with number and ID, then a sentence a line."""
    return "\n".join(map(_clause_text, clauses))


@by_identity()
def _clause_text(frozen: FrozenClause) -> str:
    content = (Paragraph(frozen.clause.words), *frozen.clause.body)
    heading = f"#### {frozen.label} {{{_attributes(frozen)}}}"
    return "".join(f"{line}\n" for line in (heading, "", *write_blocks(content, FROZEN)))


def _attributes(frozen: FrozenClause) -> str:
    clause = frozen.clause
    parts = [f"#{clause.id}", *(f".{mark}" for mark in sorted(clause.marks))]
    named = {
        "kind": clause.kind.value + (" ordered" if clause.ordered else ""),
        "level": str(clause.depth),
        "under": clause.parent,
        "for": " ".join(clause.audiences),
        frozen.provenance.value: frozen.layer,
    }
    parts += [f'{name}="{value}"' for name, value in named.items() if value]
    return " ".join(parts)


# -- reading -----------------------------------------------------------------------


def read_version(source: Source, problems: Problems) -> Version | None:
    """Read a version and verify it; None, with a problem, if it is not exactly as it was sealed."""
    version = _as_written(source)
    written = write_version(version) if version else ""
    if version and _is_sound(version, written):
        return version
    if _without_seal(written) != _without_seal(source.text):  # it may be in another form of YAML
        version = _read(source)
        written = write_version(version) if version else ""
        if version and _is_sound(version, written):
            return version
    problems.error(
        "broken-seal",
        "this version is not as it was ratified: something in it has been changed",
        _first_difference(source, written),
        "restore the file from git or from a copy; to change a policy, edit its sources and "
        "ratify a new version",
    )
    return None


def _is_sound(version: Version, written: str) -> bool:
    """Whether what was read is what the file says, to the letter, and holds."""
    return written == version.source.text and _values_hold(version)


def _without_seal(text: str) -> str:
    """What comes before the wording, but for the seal; no two ways of reading differ after it."""
    return _SEAL_LINE.sub("", text.partition("\n---\n\n")[0])


_SEAL_LINE = re.compile(r"^seal: .*\n", re.MULTILINE)


def _as_written(source: Source) -> Version | None:
    """What the file says if it is in the very form in which versions are written.

    This is quick, and takes that form for granted: writing it again shows whether it is so.
    """
    front, _, wording = source.text.partition("\n---\n\n")
    sealed, separator, rest = front.removeprefix("---\n").partition(f"{SEPARATOR}\n")
    record, others = read_written(sealed), read_written(rest)
    if not separator or record is None or others is None:
        return None
    try:
        return _version(
            source, Record.model_validate(record), _Unsealed.model_validate(others), wording
        )
    except ValidationError:
        return None


def _read(source: Source) -> Version | None:
    """What the file says, whether or not its seal holds."""
    problems = Problems()
    document, passage = read_front_matter(source, problems)
    if document is None:
        return None
    sealed = replace_data(document, lambda key: key not in _UNSEALED)
    record = shaped(sealed, Record, problems)
    rest = shaped(replace_data(document, lambda key: key in _UNSEALED), _Unsealed, problems)
    if record is None or rest is None or problems.found:
        return None
    return _version(source, record, rest, passage.text)


def _version(source: Source, record: Record, rest: _Unsealed, wording: str) -> Version | None:
    clauses = _read_clauses(wording)
    if clauses is None:
        return None
    stood = {
        name: AsItStood() if value == _WITHDRAWN else value
        for name, value in rest.as_it_stood.items()
    }
    if any(isinstance(value, str) for value in stood.values()):
        return None
    return Version(
        record=record,
        clauses=clauses,
        stood={n: v for n, v in stood.items() if isinstance(v, AsItStood)},
        withdrawals=rest.withdrawals,
        source=source,
    )


class _Unsealed(Shape):
    """The part of a file that its seal does not cover; digests and seals of its own do."""

    seal: str
    as_it_stood: Mapping[str, str | AsItStood] = Field(default_factory=dict)
    withdrawals: tuple[Withdrawal, ...] = ()


_UNSEALED = frozenset(_Unsealed.model_fields)
_WITHDRAWN = "withdrawn"


def _values_hold(version: Version) -> bool:
    """Whether every value as it stood is the one on record, or its withdrawal is."""
    if version.stood.keys() != version.record.values.keys():
        return False
    withdrawn = {w.value for w in version.withdrawals}
    for name, value in version.stood.items():
        if (value.text is None) != (name in withdrawn):
            return False
        kept = version.record.values[name]
        if value.text is not None and digest(value.text, value.salt or "") != kept:
            return False
    return all(
        w.seal == withdrawal_seal(version.seal, w.value, w.on, w.reason)
        for w in version.withdrawals
    )


def _first_difference(source: Source, written: str) -> Span:
    """The first line that is not as it should be; the whole file where only the seal tells."""
    if not written:
        return source.whole()
    should = written.split("\n")
    for number, line in enumerate(source.lines, 1):
        if line.startswith("seal: sha256:"):
            continue  # it says that something else has changed
        if number > len(should) or should[number - 1] != line:
            return source.span(number, 1, max(1, len(line)))
    return source.whole()


_HEADER = re.compile(r"#### (?P<label>\S+) \{(?P<attributes>.+)\}")
_ATTRIBUTE = re.compile(r'#(?P<id>\S+)|\.(?P<mark>[a-z]+)|(?P<name>[a-z]+)="(?P<value>[^"]*)"')
_KINDS = {kind.value: kind for kind in Kind}
_MARKS = {mark.value: mark for mark in Mark}
_NEXT_CLAUSE = re.compile(r"^(?=#### )", re.MULTILINE)


def _read_clauses(wording: str) -> tuple[FrozenClause, ...] | None:
    """The clauses after the front matter; None if one of them cannot be read."""
    found: list[FrozenClause] = []
    for text in _NEXT_CLAUSE.split(wording):
        if text.startswith("#### "):
            frozen = _frozen(text)
            if frozen is None:
                return None
            found.append(frozen)
    return tuple(found)


@lru_cache(maxsize=MANY)
def _frozen(text: str) -> FrozenClause | None:
    """A clause as a version has it, wherever it stands there; None if it cannot be read.

    Most clauses are the same in many versions: each is read once, and shared by them.
    """
    first, _, content = text.partition("\n")
    header = _HEADER.fullmatch(first)
    problems = Problems()
    words, body = read_frozen(Source("", content).passage(), problems)
    if header is None or problems.found:
        return None
    clause_id, marks, named = "", set[Mark](), dict[str, str]()
    for piece in _ATTRIBUTE.finditer(header["attributes"]):
        if piece["id"]:
            clause_id = piece["id"]
        elif piece["mark"]:
            marks |= {_MARKS[piece["mark"]]} if piece["mark"] in _MARKS else set()
        else:
            named[piece["name"]] = piece["value"]
    kind, _, ordered = named.get("kind", "").partition(" ")
    provenance = next((p for p in Provenance if p.value in named), Provenance.TRUST)
    if kind not in _KINDS:
        return None
    words, body = _shared((words, body))
    level = named.get("level", "")
    clause = Clause(
        id=clause_id,
        kind=_KINDS[kind],
        parent=named.get("under"),
        depth=int(level) if re.fullmatch("[0-9]", level) else 0,
        ordered=ordered == "ordered",
        words=words,
        body=body,
        marks=frozenset(marks),
        audiences=tuple(named.get("for", "").split()),
        span=Source("", text).span(1),  # `Version.places` knows where it stands in a file
    )
    layer = named.get(provenance.value)
    return FrozenClause(clause=clause, label=header["label"], provenance=provenance, layer=layer)


@lru_cache(maxsize=MANY)
def _shared(content: tuple[Inlines, Blocks]) -> tuple[Inlines, Blocks]:
    """The first of equal wordings: a clause that only got another number keeps its words."""
    return content
