"""Policies in OSCAL (https://pages.nist.gov/OSCAL/), so that they can outlive this program.

The trust's site has each approved master as a catalog.  Each school's has, for the version in
force, a profile of the master it is based on (what it leaves out, fills in and words otherwise),
a catalog of what it adds, and the resolved catalog: everything that holds there, in reading order.
"""

from __future__ import annotations

import re
import uuid
from collections import ChainMap, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from sys import intern
from typing import Any

from clausebook.datafiles import FOLDER as DATA
from clausebook.datafiles import bare_references, markdown, numbered, numbers_at, plain_text
from clausebook.exporting import Ready, as_json, as_list
from clausebook.frozen import Version
from clausebook.model import (
    Body,
    Clause,
    Departure,
    Kind,
    Provenance,
    TailoredClause,
    Trust,
)
from clausebook.problems import Problems
from clausebook.prose import (
    Inline,
    Inlines,
    ReadyBlock,
    Value,
    inlines_of,
    map_block,
    map_inlines,
    walk,
)
from clausebook.publication import Edition, Publication
from clausebook.reading import TRUST_ID
from clausebook.remembering import MANY, by_identity
from clausebook.standing import based_on
from clausebook.values import Names, look_up
from clausebook.writing import SOURCE, write_inline

FOLDER = f"{DATA}/oscal"
OSCAL_VERSION = "1.1.3"
NAMESPACE = "urn:clausebook:oscal"
"""Of the properties that OSCAL itself does not know."""

TITLE_WORDS = 8
"""How many words of a clause without a heading make its title."""

Json = dict[str, Any]


def write_oscal(trust: Trust, body: Body, publications: Sequence[Publication]) -> Mapping[str, str]:
    """Every file, by its path in the site; nothing of a policy that no version holds of."""
    found: dict[str, Json] = {}
    homes = numbers_at(body)
    for publication in publications:
        if body.school is None:
            for edition in publication.editions:
                found[catalog_name(publication.id, edition.version)] = _master(trust, edition)
        elif publication.in_force:
            found |= _school(trust, body, publication, publication.in_force, homes)
    return {f"{FOLDER}/{name}": as_json(data) + "\n" for name, data in found.items()}


def catalog_name(policy_id: str, master: Version) -> str:
    """The file of an approved master."""
    return f"{policy_id}-{master.label}.catalog.json"


# -- clauses as groups and controls ----------------------------------------------------


@dataclass(frozen=True, kw_only=True, eq=False)
class _Control:
    """A clause on its way into a catalog."""

    clause: Clause
    """As it reads there: with numbers in place of references, and parameters in place of names."""
    label: str
    params: tuple[Json, ...] = ()
    props: tuple[Json, ...] = ()


def _catalog(metadata: Json, key: str, controls: Sequence[_Control]) -> Json:
    """Top-level headings as groups, all that stands under them as controls in controls."""
    known = {control.clause.id for control in controls}
    under: defaultdict[str | None, list[tuple[_Control, int]]] = defaultdict(list)
    for place, control in enumerate(controls, 1):
        parent = control.clause.parent
        under[parent if parent in known else None].append((control, place))

    def written(control: _Control, place: int, depth: int) -> Ready:
        start, end = _head(control, depth)
        inside = under.get(control.clause.id)
        edge = _EDGES[depth]
        sort_id = f"{place:04}" if end else ""
        if inside is None:
            return Ready(f"{start}{sort_id}{end}{edge}}}")
        inner = as_list([written(*one, depth + 2) for one in inside], _EDGES[depth + 1])
        return Ready(f'{start}{sort_id}{end},{edge} "controls": {inner}{edge}}}')

    tops = [(_is_group(one.clause), written(one, place, 3)) for one, place in under.get(None, ())]
    data: Json = {
        "uuid": _uuid(key),
        "metadata": metadata,
        "groups": [text for is_group, text in tops if is_group],
        "controls": [text for is_group, text in tops if not is_group],
    }
    return {"catalog": {name: value for name, value in data.items() if value}}


_EDGES = tuple("\n" + " " * depth for depth in range(64))
"""New lines in front of what stands so deep in a file."""


@by_identity()
def _head(control: _Control, depth: int) -> tuple[str, str]:
    """All of a group or control but what stands under it, before its place in order and after.

    A place is all that differs where others were added or left out; a group has none.
    """
    is_group, edge = _is_group(control.clause), _EDGES[depth]
    text = as_json(_as_group(control) if is_group else _as_control(control, _PLACE), edge)
    start, _, end = text.removesuffix(f"{edge}}}").partition(_PLACE)
    return start, end


_PLACE = "\x7f"
"""Stands for a control's place in order; no source can hold this sign."""


def _is_group(clause: Clause) -> bool:
    return clause.kind is Kind.HEADING and clause.parent is None


def _as_group(control: _Control) -> Json:
    title = plain_text(control.clause).split("\n")[0]
    group: Json = {"id": control.clause.id, "class": "section", "title": title}
    group |= {"params": list(control.params)} if control.params else {}
    return group | {"props": [_prop("label", control.label), *control.props]}


def _as_control(control: _Control, place: str) -> Json:
    clause = control.clause
    about = {"id": clause.id, "class": clause.kind.value, "title": _title(clause)}
    return (
        about
        | ({"params": list(control.params)} if control.params else {})
        | {
            "props": [
                _prop("label", control.label),
                _prop("sort-id", place),
                *control.props,
            ],
            "parts": [_statement(clause)],
        }
    )


def _title(clause: Clause) -> str:
    """A heading's words, or the first words of any other clause, on one line."""
    words = plain_text(clause).replace("insert: param, ", "").split()
    if clause.kind is Kind.HEADING or len(words) <= TITLE_WORDS:
        return " ".join(words) or clause.id
    return " ".join(words[:TITLE_WORDS]) + " …"


def _statement(clause: Clause) -> Json:
    return {"id": f"{clause.id}_smt", "name": "statement", "prose": markdown(clause)}


def _prop(name: str, value: str, remarks: str = "") -> Json:
    prop: Json = {"name": name}
    if name not in {"label", "sort-id"}:
        prop["ns"] = NAMESPACE
    return prop | {"value": " ".join(value.split())} | ({"remarks": remarks} if remarks else {})


def _marks(clause: Clause) -> tuple[Json, ...]:
    """What is said of a clause beside its words."""
    marks = [_prop("mark", mark.value) for mark in sorted(clause.marks)]
    return (*marks, *(_prop("audience", audience) for audience in clause.audiences))


# -- names as parameters ---------------------------------------------------------------


def _param_id(clause: Clause, expression: str) -> str:
    """`sm-17_contact.dsl.name`: each clause has parameters of its own, and can stand alone."""
    return f"{clause.id}_" + re.sub(r"[^A-Za-z0-9_.]+", "-", expression).strip("-")


def _with_params(clause: Clause) -> Clause:
    """A clause with parameters in place of names."""

    def insert(value: Value) -> Value:
        return replace(value, expression=f"insert: param, {_param_id(clause, value.expression)}")

    def say(word: Inline) -> Inlines:
        return (insert(word),) if isinstance(word, Value) else (word,)

    def run(words: Inlines) -> Inlines:
        return map_inlines(words, say)

    body = tuple(
        ReadyBlock(insert(block.value)) if isinstance(block, ReadyBlock) else map_block(block, run)
        for block in clause.body
    )
    return replace(clause, words=run(clause.words), body=body)


@by_identity()
def _values_in(clause: Clause) -> Mapping[str, Value]:
    """Every name in a clause, by the parameter that stands for it."""
    runs = (clause.words, *inlines_of(clause.body))
    values = [word for words in runs for word in walk(words) if isinstance(word, Value)]
    return {_param_id(clause, value.expression): value for value in values}


def _filled_in(value: Value, names: Names) -> str:
    """What a name stands for, in a line of Markdown; "" if that takes more than a line."""
    slot = look_up(value, names, Problems(), trusted=True)
    shown = slot.shown if slot else None
    return _line(shown) if shown else ""


@by_identity()
def _line(words: Inlines) -> str:
    return " ".join(write_inline(words, SOURCE).split())


_INSERT = re.compile(r"\{\{ insert: param, ([^ ]+) \}\}")


def _substituted(prose: str, values: Mapping[str, str]) -> str:
    return _INSERT.sub(lambda found: values.get(found[1], found[0]), prose) if values else prose


# -- the trust's masters ---------------------------------------------------------------


def _master(trust: Trust, edition: Edition) -> Json:
    version = edition.version
    clauses = _master_clauses(version)
    names = edition.policy.names
    controls = [
        _Control(
            clause=clause,
            label=version.by_id[key].label,
            params=tuple(
                {"id": param, "label": _label_of(value, names)}
                for param, value in _values_in(version.by_id[key].clause).items()
            ),
            props=_marks(clause),
        )
        for key, clause in clauses.items()
    ]
    metadata = _metadata(trust, version, version.record.control.title)
    return _catalog(metadata, f"{version.seal}:catalog", controls)


@by_identity(most=256)
def _master_clauses(version: Version) -> Mapping[str, Clause]:
    """A master's clauses as its catalog has them."""
    labels = {frozen.id: frozen.label for frozen in version.clauses}
    return {f.id: _with_params(numbered(f.clause, labels)) for f in version.clauses}


@by_identity(most=256)
def _master_controls(version: Version) -> Mapping[str, tuple[Clause, Mapping[str, Value]]]:
    """Those of them that are controls, each with the names in it, by parameter."""
    return {
        key: (clause, _values_in(version.by_id[key].clause))
        for key, clause in _master_clauses(version).items()
        if not _is_group(clause)
    }


@by_identity()
def _reads_alike(one: Clause, other: Clause) -> bool:
    return markdown(one) == markdown(other)


@lru_cache(maxsize=MANY)
def _setting(param: str, text: str) -> Ready:
    """What a parameter stands for, written for its place in a profile."""
    return Ready(as_json({"param-id": param, "values": [text]}, _EDGES[4]))


def _label_of(value: Value, names: Names) -> str:
    slot = look_up(value, names, Problems(), trusted=True)
    return slot.label if slot else value.expression


def _metadata(trust: Trust, version: Version, title: str) -> Json:
    """Nothing in it depends on the day on which the file is made."""
    return {
        "title": title,
        "last-modified": f"{version.record.ratified.on.isoformat()}T00:00:00Z",
        "version": version.label,
        "oscal-version": OSCAL_VERSION,
        "props": [_prop("seal", version.seal)],
        "parties": [
            {
                "uuid": _uuid(f"party:{trust.details.name}"),
                "type": "organization",
                "name": trust.details.name,
            }
        ],
    }


def _uuid(key: str) -> str:
    """The same for the same thing, whenever and wherever it is made."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{NAMESPACE}:{key}"))


# -- a school's version ----------------------------------------------------------------


def _school(
    trust: Trust,
    body: Body,
    publication: Publication,
    edition: Edition,
    homes: dict[str, str],
) -> dict[str, Json]:
    """A school's profile, what it adds, and what results; `homes` are all clauses' numbers."""
    version, policy = edition.version, edition.policy
    master = based_on(version, publication.standing.masters)
    title = f"{version.record.control.title}: {body.name}"
    metadata = _metadata(trust, version, title)
    numbers = ChainMap({clause.id: clause.label for clause in policy.clauses}, homes)
    here = [clause for clause in policy.clauses if clause.provenance is not Provenance.OMITTED]
    controls = {
        clause.clause.id: _control_anywhere(clause) or _control_here(clause, numbers)
        for clause in here
    }
    name = publication.id
    own = [controls[clause.id] for clause in here if clause.provenance is Provenance.ADDED]
    key = f"{version.seal}:{body.id}"
    found = {f"{name}.resolved.json": _catalog(metadata, f"{key}:resolved", [*controls.values()])}
    if own:
        additions = [
            replace(one, props=(*one.props, _prop("stands-under", one.clause.parent)))
            if one.clause.parent
            else one
            for one in own
        ]
        found[f"{name}.additions.json"] = _catalog(metadata, f"{key}:additions", additions)
    if master:
        found[f"{name}.profile.json"] = {
            "profile": {
                "uuid": _uuid(f"{key}:profile"),
                "metadata": metadata,
                **_imports(name, master, controls, has_own=bool(own)),
                **_modify(master, edition, controls),
            }
        }
    return found


@by_identity()
def _control_anywhere(clause: TailoredClause) -> _Control | None:
    """A clause that is alike in every catalog; None if it shows other clauses' numbers."""
    return None if bare_references(clause.shown) else _control_here(clause, {})


def _control_here(clause: TailoredClause, numbers: Mapping[str, str]) -> _Control:
    shown = numbered(clause.shown, numbers)
    return _control(shown, intern(clause.label), clause.provenance, clause.departure)


@by_identity()
def _control(
    clause: Clause, label: str, provenance: Provenance, departure: Departure | None
) -> _Control:
    """A school's clause; most schools share most of them."""
    props = (*_marks(clause), _provenance(provenance, departure))
    return _Control(clause=clause, label=label, props=props)


def _provenance(provenance: Provenance, departure: Departure | None) -> Json:
    return _prop("provenance", provenance.value, departure.reason if departure else "")


def _imports(
    name: str, master: Version, controls: Mapping[str, _Control], *, has_own: bool
) -> Json:
    """The master without what is not applicable here, and what is added."""
    gone = [key for key in _master_controls(master) if key not in controls]
    catalog = f"../../../{TRUST_ID}/{FOLDER}/{catalog_name(name, master)}"
    first: Json = {"href": catalog, "include-all": {}}
    if gone:
        first["exclude-controls"] = [{"with-ids": gone}]
    own = [{"href": f"{name}.additions.json", "include-all": {}}] if has_own else []
    return {"imports": [first, *own], "merge": {"as-is": True}}


def _modify(master: Version, edition: Edition, controls: Mapping[str, _Control]) -> Json:
    """Names filled in; other words for a clause that does not read like this in the master."""
    names = edition.policy.names
    settings: list[Ready] = []
    alters: list[Json] = []
    for key, (clause, named) in _master_controls(master).items():
        if key not in controls:
            continue
        own = controls[key].clause
        if not named and _reads_alike(clause, own):
            continue
        values = {param: _filled_in(value, names) for param, value in named.items()}
        values = {param: text for param, text in values.items() if text}
        if _substituted(markdown(clause), values) == markdown(own):
            settings += [_setting(param, text) for param, text in values.items()]
            continue
        here = edition.policy.by_id[key]
        add = {
            "position": "starting",
            "props": [_provenance(here.provenance, here.departure)],
            "parts": [_statement(own)],
        }
        alters.append({"control-id": key, "removes": [{"by-id": f"{key}_smt"}], "adds": [add]})
    modify: Json = {"set-parameters": settings} if settings else {}
    modify |= {"alters": alters} if alters else {}
    return {"modify": modify} if modify else {}
