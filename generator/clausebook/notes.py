"""Change notes: small files that say why clauses were changed, until a version takes them in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from clausebook.model import Trust
from clausebook.problems import Problems
from clausebook.reading import POLICIES, SCHOOLS, TRUST_ID, check_capitals
from clausebook.records import ChangeRecord, NoteFile
from clausebook.source import Tree
from clausebook.sourcefiles import read_shape
from clausebook.yamldoc import YamlDocument


@dataclass(frozen=True)
class Note:
    """One change note that waits for the next version."""

    name: str
    """The file's name without its ending."""
    author: str
    """Whose change it is: `trust`, or the ID of a group or school."""
    said: NoteFile
    document: YamlDocument = field(compare=False)

    def record(self) -> ChangeRecord:
        """The note as a version keeps it."""
        return self._record

    @cached_property
    def _record(self) -> ChangeRecord:
        said = self.said
        return ChangeRecord(
            note=self.name,
            clauses=said.clauses,
            what=said.what,
            why=said.why,
            origin=said.origin,
            weight=said.weight,
            source=self.author,
        )


Notes = Mapping[tuple[str, str], tuple[Note, ...]]
"""Waiting notes by author and policy."""


def notes_folder(author: str, policy: str) -> str:
    """Where the notes of the trust, a group or a school on a policy stand."""
    if author == TRUST_ID:
        return f"{POLICIES}/{policy}/changes"
    return f"{SCHOOLS}/{author}/changes/{policy}"


def read_notes(tree: Tree, trust: Trust, authors: Iterable[str], problems: Problems) -> Notes:
    """Every note of these authors: `trust`, or the IDs of groups and schools."""
    found: dict[tuple[str, str], tuple[Note, ...]] = {}
    for policy in trust.policies:
        for author in authors:
            folder = notes_folder(author, policy)
            notes: list[Note] = []
            files = tree.files(folder, ".yml")
            check_capitals(folder, files, problems)
            for file_name in files:
                document, said = read_shape(tree, f"{folder}/{file_name}", NoteFile, problems)
                if document and said:
                    notes.append(Note(file_name.removesuffix(".yml"), author, said, document))
            if notes:
                found[author, policy] = tuple(notes)
    return found
