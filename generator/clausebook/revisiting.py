"""`review`: what a school or group has to look at again, and its decisions written down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from clausebook.archive import Records, read_records
from clausebook.everything import open_tree
from clausebook.locks import workspace
from clausebook.model import Layered, School, Trust
from clausebook.names import fill_for_school, fill_for_trust, with_texts
from clausebook.problems import ClausebookError, Problems, SourceError, nearest
from clausebook.reading import SCHOOLS, TRUST_ID, read_adoption_file, read_trust
from clausebook.reviewing import Decision, Item, decided, items
from clausebook.source import MAX_BYTES
from clausebook.sourcefiles import decode
from clausebook.swap import FolderError, clear_unfinished, write_file
from clausebook.values import Names
from clausebook.weighing import Tolerant, stop_on_the_trusts
from clausebook.workspace import read_inside, refuse_links
from clausebook.yamldoc import read_yaml


class ReviewError(ClausebookError):
    """A school or policy that does not exist, or a file that was changed meanwhile."""


@dataclass(frozen=True)
class Found:
    """What there is to decide."""

    owner: Layered
    items: Sequence[Item]
    elsewhere: str | None
    """The ID of the school's group, if that has something to decide as well."""


def to_review(root: Path, owner_id: str, policy_id: str | None) -> Found:
    """The overrides of a school, or a group, that were written against other wording."""
    with workspace(root, alone=False):
        return _to_review(root, owner_id, policy_id)


def _to_review(root: Path, owner_id: str, policy_id: str | None) -> Found:
    tree = open_tree(root)
    problems = Tolerant()
    trust = read_trust(tree, problems)
    records = read_records(tree, trust, problems)
    stop_on_the_trusts(problems)
    owners: dict[str, Layered] = {layer.id: layer for layer in trust.layers}
    if owner_id not in owners:
        own = [p for p in problems if p.span.source.name.startswith(f"{SCHOOLS}/{owner_id}/")]
        if own:
            raise SourceError(own)
        hint = nearest(owner_id, owners) or "there are: " + ", ".join(owners)
        raise ReviewError(f"there is no school or group '{owner_id}'; {hint}")
    owner = owners[owner_id]
    if policy_id is not None and policy_id not in trust.policies:
        hint = nearest(policy_id, trust.policies) or "there are: " + ", ".join(trust.policies)
        raise ReviewError(f"there is no policy '{policy_id}'; {hint}")
    wanted = [policy_id] if policy_id else list(trust.policies)
    _refuse_unread(owner, wanted, problems)
    group = owner.group if isinstance(owner, School) else None
    above = group.id if group and _items(trust, records, group, wanted) else None
    return Found(owner, _items(trust, records, owner, wanted), above)


def _refuse_unread(owner: Layered, wanted: Sequence[str], problems: Problems) -> None:
    """Stop where a file that is asked about could not be read."""
    paths = {
        f"{SCHOOLS}/{owner.id}/{policy}.yml" for policy in wanted if policy not in owner.adoptions
    }
    unread = [p for p in problems.errors if p.span.source.name in paths]
    if unread:
        raise SourceError(unread)


def _items(trust: Trust, records: Records, owner: Layered, wanted: Sequence[str]) -> Sequence[Item]:
    return [
        item
        for policy_id in wanted
        for item in items(
            owner,
            trust.policies[policy_id],
            records.of(TRUST_ID, policy_id),
            _names(trust, owner, policy_id),
        )
    ]


def _names(trust: Trust, owner: Layered, policy_id: str) -> Names:
    """What names stand for at a school; for a group, at the first of its schools."""
    schools = [
        school
        for school in trust.schools.values()
        if school.id == owner.id or (school.group and school.group.id == owner.id)
    ]
    if not schools:
        return fill_for_trust(trust, Problems()).names
    school = with_texts(trust, schools[0], Problems())
    return fill_for_school(trust, school, Problems(), policy_id).names


def write_decision(
    root: Path, item: Item, decision: Decision, *, removed: int = 0, words: str = ""
) -> None:
    """Write one decision into the file it concerns; raises `SourceError` on unreadable words."""
    with workspace(root, alone=True):
        clear_unfinished(root)
        _write_decision(root, item, decision, removed, words)


def _write_decision(root: Path, item: Item, decision: Decision, removed: int, words: str) -> None:
    path = root / item.path
    try:
        refuse_links(root, item.path)
        before = read_inside(root, item.path)
    except OSError as error:
        raise FolderError(f"'{item.path}' cannot be read: {error.strerror}") from error
    if len(before) > MAX_BYTES:
        raise ReviewError(f"'{item.path}' has been changed meanwhile; begin again")
    _refuse_changed(before, item, item.number - removed)
    after = decided(before, item, decision, removed=removed, words=words)
    problems = Problems()
    read_adoption_file(_OneFile(after), item.path, item.policy.id, problems)
    problems.stop_on_errors()
    write_file(path, after)


@dataclass(frozen=True)
class _OneFile:
    """A tree with one file in it, as it is about to be written."""

    data: bytes

    def read_bytes(self, path: str) -> bytes:
        del path
        return self.data

    def is_file(self, path: str) -> bool:
        del path
        return True

    def folders(self, path: str) -> tuple[str, ...]:
        del path
        return ()

    def files(self, path: str, suffix: str) -> tuple[str, ...]:
        del path, suffix
        return ()


def _refuse_changed(data: bytes, item: Item, number: int) -> None:
    """Stop where somebody has edited the file since it was read."""
    problems = Problems()
    source = decode(item.path, data, problems)
    document = read_yaml(source, problems) if source else None
    said = document.data.get("overrides") if document else None
    one = said[number] if isinstance(said, list) and number < len(said) else None
    same = isinstance(one, dict) and one.get("against") == item.override.against
    if not same or item.id not in one.values():  # type: ignore[union-attr]
        raise ReviewError(f"'{item.path}' has been changed meanwhile; begin again")
