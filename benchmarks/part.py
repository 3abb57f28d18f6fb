"""A trust with some of its schools only, and every policy at each of those as it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from clausebook.archive import Records, read_archive
from clausebook.bodies import school_body
from clausebook.problems import Problems
from clausebook.reading import TRUST_ID, read_trust
from clausebook.standing import Standing, standing
from clausebook.workspace import WorkingTree


@dataclass(frozen=True)
class PartOfTrust:
    """A `clausebook.source.Tree`: the working folder with these schools and their groups."""

    whole: WorkingTree
    schools: tuple[str, ...]

    def read_bytes(self, path: str) -> bytes:
        """See `Tree.read_bytes`."""
        return self.whole.read_bytes(path)

    def is_file(self, path: str) -> bool:
        """See `Tree.is_file`."""
        return self.whole.is_file(path)

    def folders(self, path: str) -> tuple[str, ...]:
        """See `Tree.folders`."""
        if path != "schools":
            return self.whole.folders(path)
        texts = [self.read_bytes(f"schools/{name}/school.yml").decode() for name in self.schools]
        groups = {group for text in texts for group in re.findall(r"(?m)^group: (\S+)", text)}
        return tuple(sorted({*self.schools, *groups}))

    def files(self, path: str, suffix: str) -> tuple[str, ...]:
        """See `Tree.files`."""
        return self.whole.files(path, suffix)


def standings(root: Path, schools: Sequence[str]) -> Iterator[Standing]:
    """Every policy at each of these schools: its versions, its draft and what differs."""
    tree, problems = PartOfTrust(WorkingTree(root), tuple(schools)), Problems()
    trust = read_trust(tree, problems)
    archives = {
        (body, policy): read_archive(tree, body, policy, problems)
        for body in (TRUST_ID, *schools)
        for policy in trust.policies
    }
    problems.stop_on_errors()
    for school in trust.schools.values():
        body = school_body(trust, school, problems)
        for policy in body.policies:
            yield standing(body, policy, Records(archives), {})


def school_names(root: Path) -> list[str]:
    """The IDs of all schools of a trust, in the order in which they were made."""
    names = (path.parent.name for path in root.glob("schools/*/school.yml"))
    return sorted(names, key=lambda name: int(name.rpartition("-")[2]))
