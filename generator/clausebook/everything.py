"""All that a trust's folder holds, read and verified: what all share, and what is one school's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from clausebook.archive import Records, read_records_of
from clausebook.linklog import LinkLog, read_link_log
from clausebook.model import Trust
from clausebook.notes import Notes, read_notes
from clausebook.problems import Problems
from clausebook.reading import POLICIES, TRUST_ID, Only, Shelf, read_trust
from clausebook.source import Tree
from clausebook.swap import FolderError
from clausebook.updates import UpdateLog, read_log
from clausebook.workspace import WorkingTree


@dataclass(frozen=True)
class Everything:
    """What has been read: of the trust, and of some or all of its schools."""

    trust: Trust
    records: Records
    notes: Notes
    logs: Mapping[str, UpdateLog]
    """What is on record of people and channels, by school."""
    links: LinkLog = field(default_factory=LinkLog)
    """When links to other websites were last seen working."""


def read_everything(tree: Tree, problems: Problems) -> Everything:
    """Read sources, versions, notes and logs; raises `SourceError` if anything is wrong."""
    shared = read_shared(tree, problems)
    everything = read_schools(shared.trust.schools, tree, shared, problems)
    problems.stop_on_errors()
    return everything


def read_shared(
    tree: Tree, problems: Problems, only: Only | None = None, shelf: Shelf | None = None
) -> Everything:
    """Read all that is not in the versions, notes and logs of single schools.

    `only` says which schools and groups to read, if not all; `shelf`, which need not be read.

    Raises `SourceError` if what people edit is wrong; what is wrong with versions and notes is
    only noted.
    """
    trust = read_trust(tree, problems, only, shelf)
    return Everything(
        trust=trust,
        records=read_records_of((TRUST_ID,), tree, trust, Records(), problems),
        notes=read_notes(tree, trust, (TRUST_ID, *trust.groups), problems),
        logs={},
        links=read_link_log(tree, problems),
    )


def read_schools(
    schools: Iterable[str], tree: Tree, shared: Everything, problems: Problems
) -> Everything:
    """What is shared, with the versions, notes and logs of some schools."""
    ids, trust = tuple(schools), shared.trust
    logs = {school: read_log(tree, school, problems) for school in ids}
    return replace(
        shared,
        records=read_records_of(ids, tree, trust, shared.records, problems),
        notes={**shared.notes, **read_notes(tree, trust, ids, problems)},
        logs={key: log for key, log in logs.items() if log},
    )


def open_tree(root: Path) -> WorkingTree:
    """The trust's folder; says what to do if `root` is not one."""
    if not (root / POLICIES).is_dir():
        where = "this folder" if root == Path() else f"'{root}'"
        message = (
            f"{where} is not a trust's folder: it has no {POLICIES}/ in it\n"
            "Go to the right one, name it with --root, or make one with 'clausebook init FOLDER'."
        )
        raise FolderError(message)
    return WorkingTree(root)
