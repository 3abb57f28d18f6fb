"""The commands about versions: read everything, decide, write one thing whole.

A version counts from the moment its file is in place; what follows (the
register, the notes that it took in) is put right by the next command if the
first was interrupted.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import yaml
from pydantic import ValidationError

from clausebook.accounts import check_group_notes, group_note_uses, taken_notes
from clausebook.archive import REGISTER, register_text
from clausebook.bodies import school_body, trust_body
from clausebook.diffing import Difference, difference
from clausebook.disks import cannot_write
from clausebook.everything import Everything, open_tree, read_everything
from clausebook.fieldtypes import BRACES, ID_PATTERN, RESERVED
from clausebook.frozen import Version, read_version, write_version
from clausebook.model import Body, School, Trust
from clausebook.notes import Note, notes_folder
from clausebook.problems import ClausebookError, Problems, nearest
from clausebook.ratify import (
    Request,
    make_version,
    master_obstacle,
    name_obstacles,
    named_people,
    obstacles,
)
from clausebook.reading import TRUST_ID, read_trust
from clausebook.records import NoteFile
from clausebook.sourcefiles import decode
from clausebook.standing import Standing, standing
from clausebook.swap import write_file, write_files
from clausebook.updates import Outcome, log_path, record, write_log
from clausebook.withdrawing import Mention, Withdrawn, mentions, names_in, versions_at, withdraw
from clausebook.workspace import refuse_links


class UnknownError(ClausebookError):
    """A school, policy or version that does not exist."""


def find_body(trust: Trust, name: str, problems: Problems) -> Body:
    """The trust or a school by its ID, with its policies tailored."""
    if name == TRUST_ID:
        return trust_body(trust, problems)
    if name in trust.schools:
        return school_body(trust, trust.schools[name], problems)
    known = [TRUST_ID, *trust.schools]
    hint = nearest(name, known) or "there are: " + ", ".join(known)
    raise UnknownError(f"there is no school '{name}'; {hint}")


def find_standing(everything: Everything, body: Body, policy_id: str) -> Standing:
    """One policy at a body, with what is on record of it."""
    by_id = {policy.policy.id: policy for policy in body.policies}
    if policy_id not in by_id:
        hint = nearest(policy_id, by_id) or "it has: " + ", ".join(by_id)
        raise UnknownError(f"{body.short_name} has no policy '{policy_id}'; {hint}")
    return standing(body, by_id[policy_id], everything.records, everything.notes)


def ratify(
    root: Path, body_id: str, policy_id: str, request: Request, today: date, problems: Problems
) -> Version:
    """Freeze today's draft as a version; raises `SourceError` with what stands in the way."""
    everything = read_everything(open_tree(root), problems)
    body = find_body(everything.trust, body_id, problems)
    state = find_standing(everything, body, policy_id)
    if body.school:
        masters = find_standing(everything, trust_body(everything.trust, Problems()), policy_id)
        master_obstacle(state, masters, problems)
    others = _siblings(everything, body, policy_id)
    latest = state.archive.latest
    if latest and latest.label == request.version:
        # asked for again, perhaps because it was interrupted: nothing of it may lie about
        _tidy(root, state, taken_notes(state, latest, everything.notes, others))
    obstacles(state, request, today, problems)
    name_obstacles(state, request, named_people(everything.trust, body), problems)
    if others is not None:
        uses = [use for one in (state, *others) for use in group_note_uses(one, everything.notes)]
        check_group_notes(uses, everything.notes, problems, ratifying=True)
    problems.stop_on_errors()
    version = _make(state, request)
    _store(root, state, version, taken_notes(state, version, everything.notes, others))
    return version


def _siblings(everything: Everything, body: Body, policy_id: str) -> Sequence[Standing] | None:
    """The policy at the other schools of a school's group; None if one of them has a mistake."""
    group = body.school.group if body.school else None
    if not group or (group.id, policy_id) not in everything.notes:
        return ()
    found: list[Standing] = []
    for school in everything.trust.schools.values():
        if school.id == body.id or not school.group or school.group.id != group.id:
            continue
        if not school.adopts(policy_id) or _has_ended(school, policy_id):
            continue
        problems = Problems()
        other = school_body(everything.trust, school, problems)
        if problems.errors:
            return None
        found.append(find_standing(everything, other, policy_id))
    return found


def _has_ended(school: School, policy_id: str) -> bool:
    adoptions = (layer.adoptions.get(policy_id) for layer in school.layers)
    return any(adoption and adoption.withdrawn for adoption in adoptions)


def _make(state: Standing, request: Request) -> Version:
    """The version; refuses what could not be read back, so that no broken one is ever stored."""
    try:
        version = make_version(state, request, lambda: secrets.token_hex(16))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        why = f": {first['msg']}" if first["type"] == "no_names" else ""
        raise UnknownError(
            f"'{first['input']}' cannot be the {first['loc'][-1]} of a version{why}"
        ) from error
    _as_written(version, f"{version.label}.md")
    return version


def _as_written(version: Version, path: str) -> Version:
    """The version as it will be read from its file; refuses one that could not be."""
    problems = Problems()
    source = decode(path, write_version(version).encode(), problems)
    again = read_version(source, problems) if source else None
    if again is None:
        raise UnknownError(
            f"version {version.label} could not be read back as it would be written, and was not: "
            + problems.found[0].message
        )
    return again


def _store(root: Path, state: Standing, version: Version, taken: Sequence[Note]) -> None:
    folder = root / state.archive.folder
    refuse_links(root, f"{state.archive.folder}/{version.label}.md")
    register = register_text((*state.archive.versions, version))
    write_files(
        {
            folder / f"{version.label}.md": write_version(version).encode(),
            folder / REGISTER: register.encode(),
        }
    )
    _remove_notes(root, taken)


def _tidy(root: Path, state: Standing, taken: Sequence[Note]) -> None:
    """Do what a ratification that was interrupted had left to do once its version was there."""
    path, register = root / state.archive.folder / REGISTER, register_text(state.archive.versions)
    if not path.is_file() or path.read_text("utf-8") != register:
        write_file(path, register.encode())
    _remove_notes(root, taken)


def _remove_notes(root: Path, taken: Sequence[Note]) -> None:
    for note in taken:
        path = root / note.document.source.name
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise cannot_write(path, error) from error


def write_note(root: Path, author: str, policy_id: str, name: str, said: NoteFile) -> str:
    """Write a change note; gives its path from the trust's folder."""
    trust = read_trust(open_tree(root), Problems())
    authors = [TRUST_ID, *trust.groups, *trust.schools]
    if author not in authors:
        hint = nearest(author, authors) or "there are: " + ", ".join(authors)
        raise UnknownError(f"there is no school or group '{author}'; {hint}")
    if policy_id not in trust.policies:
        hint = nearest(policy_id, trust.policies) or "there are: " + ", ".join(trust.policies)
        raise UnknownError(f"there is no policy '{policy_id}'; {hint}")
    if not re.fullmatch(ID_PATTERN, name) or name in RESERVED:
        raise UnknownError(f"'{name}' cannot be a note's name: lower-case letters, digits, hyphens")
    path = f"{notes_folder(author, policy_id)}/{name}.yml"
    if os.path.lexists(root / path):
        raise UnknownError(f"there is a note '{path}' already; choose another --name")
    refuse_links(root, path)
    data = said.model_dump(by_alias=True, mode="json")
    text = yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=100)
    write_file(root / path, text.encode())
    return path


def withdraw_person(
    root: Path, body_id: str, person: str, on: date, reason: str
) -> tuple[Sequence[Withdrawn], Sequence[Mention]]:
    """Take a person out of a body's versions; gives what was done, and where it cannot be."""
    problems = Problems()
    everything = read_everything(open_tree(root), problems)
    find_body(everything.trust, body_id, Problems())
    reason = " ".join(reason.split())
    if not reason:
        raise UnknownError("say why, in a sentence that can be published: --reason")
    if BRACES.search(reason):
        raise UnknownError("no names are filled in here: write the word itself in --reason")
    if names_in(reason, person):
        raise UnknownError("the reason stays on record for good: give one without the name in it")
    done = withdraw(everything.records, body_id, person, on, reason)
    paths = [withdrawn.version.source.name for withdrawn in done]
    changed = {
        path: _as_written(withdrawn.version, path)
        for path, withdrawn in zip(paths, done, strict=True)
    }
    for path in changed:
        refuse_links(root, path)
    texts = {root / path: version.source.text.encode() for path, version in changed.items()}
    write_files(texts)
    versions = (changed.get(v.source.name, v) for v in versions_at(everything.records, body_id))
    return done, tuple(mentions(versions, person))


def record_updates(root: Path, body_id: str, on: date) -> Outcome:
    """Put today's people and channels of a school on record."""
    problems = Problems()
    everything = read_everything(open_tree(root), problems)
    if body_id not in everything.trust.schools:
        find_body(everything.trust, body_id, problems)
        raise UnknownError("the trust has no people and channels of its own to record")
    school = everything.trust.schools[body_id]
    body = school_body(everything.trust, school, problems)
    problems.stop_on_errors()
    outcome = record(body, everything.logs.get(body_id), on, lambda: secrets.token_hex(16))
    refuse_links(root, log_path(body_id))
    write_file(root / log_path(body_id), write_log(outcome.log).encode())
    return outcome


def diff(root: Path, body_id: str, policy_id: str, before: str | None, after: str) -> Difference:
    """Compare two wordings of a policy at a body."""
    problems = Problems()
    everything = read_everything(open_tree(root), problems)
    body = find_body(everything.trust, body_id, problems)
    problems.stop_on_errors()
    state = find_standing(everything, body, policy_id)
    return difference(everything, body, state.policy, before, after)
