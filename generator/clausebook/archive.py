"""The archive: every ratified version of a policy at one body, in order, and its status.

Status is never written down: it follows from the versions and the day.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property

from clausebook.frozen import Version, read_version
from clausebook.model import Trust
from clausebook.problems import Problems
from clausebook.reading import POLICIES, SCHOOLS, TRUST_ID
from clausebook.records import LABEL_PATTERN
from clausebook.source import Source, Tree
from clausebook.sourcefiles import read_source

REGISTER = "register.txt"
"""Lists the versions of a policy with their seals, oldest first, so that none can go missing."""


class Status(StrEnum):
    """What a version, or a policy as a whole, is on a given day."""

    DRAFT = "draft"
    """The policy has no version yet."""
    NOT_YET = "ratified, not yet in force"
    IN_FORCE = "in force"
    OVERDUE = "in force, review overdue"
    """The policy applies, and should have been reviewed by now."""
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
    """The policy as a whole no longer applies."""


@dataclass(frozen=True)
class Archive:
    """The versions of one policy at one body, oldest first."""

    body: str
    policy: str
    versions: tuple[Version, ...] = ()
    unsound: frozenset[str] = frozenset()
    """Labels of versions that are damaged, or follow one that is: each has its problem already."""

    @property
    def folder(self) -> str:
        """Where its files are."""
        return versions_folder(self.body, self.policy)

    @property
    def latest(self) -> Version | None:
        """The last that was ratified."""
        return self.versions[-1] if self.versions else None

    @cached_property
    def by_label(self) -> Mapping[str, Version]:
        """Each version by its label."""
        return {version.label: version for version in self.versions}

    def in_force(self, today: date) -> Version | None:
        """The version that holds on a day, if any does yet."""
        begun = [version for version in self.versions if version.record.effective <= today]
        return begun[-1] if begun else None

    def status(self, version: Version, today: date) -> Status:
        """What a version is on a day."""
        if version.record.effective > today:
            return Status.NOT_YET
        return Status.IN_FORCE if version is self.in_force(today) else Status.SUPERSEDED

    def status_on(self, today: date) -> Status:
        """What the policy is on a day, as far as its versions say."""
        if not self.latest:
            return Status.DRAFT
        return Status.IN_FORCE if self.in_force(today) else Status.NOT_YET

    def superseded_by(self, version: Version, today: date) -> Version | None:
        """The version that took the place of another by this day: the next that came into force."""
        later = self.versions[self.versions.index(version) + 1 :]
        return next((v for v in later if v.record.effective <= today), None)

    @cached_property
    def retired(self) -> Mapping[str, Version]:
        """The IDs of clauses that were removed, with the last version that had each."""
        if not self.latest:
            return {}
        last: dict[str, Version] = {}
        for version in self.versions:
            last.update(dict.fromkeys(version.by_id, version))
        return {key: version for key, version in last.items() if key not in self.latest.by_id}


Archives = Mapping[tuple[str, str], Archive]
"""By body and policy; bodies without versions of a policy have an empty archive."""


@dataclass(frozen=True)
class Records:
    """Everything on record in a trust."""

    archives: dict[tuple[str, str], Archive] = field(default_factory=dict)

    def of(self, body: str, policy: str) -> Archive:
        """One body's versions of one policy; an empty archive if there are none."""
        return self.archives.get((body, policy)) or Archive(body, policy)


def versions_folder(body: str, policy: str) -> str:
    """Where the versions of a policy at a body (a school's ID, or `trust`) stand."""
    if body == TRUST_ID:
        return f"{POLICIES}/{policy}/versions"
    return f"{SCHOOLS}/{body}/versions/{policy}"


def read_records(tree: Tree, trust: Trust, problems: Problems) -> Records:
    """Every version of every policy at the trust and its schools, verified."""
    masters = read_records_of((TRUST_ID,), tree, trust, Records(), problems)
    return read_records_of(trust.schools, tree, trust, masters, problems)


def read_records_of(
    bodies: Iterable[str], tree: Tree, trust: Trust, masters: Records, problems: Problems
) -> Records:
    """The same for some bodies, beside the trust's own, which `masters` has."""
    own: dict[tuple[str, str], Archive] = {}
    for policy in trust.policies:
        for body in bodies:
            archive = read_archive(tree, body, policy, problems)
            if archive.versions or archive.unsound:
                own[body, policy] = archive
    _check_masters(own, masters, problems)
    return Records({**masters.archives, **own})


def _check_masters(archives: Archives, masters: Records, problems: Problems) -> None:
    """Find versions of schools that are based on a master other than the one on record."""
    for (_, policy), archive in archives.items():
        master = masters.of(TRUST_ID, policy)
        known = master.by_label
        for version in archive.versions:
            named = version.record.master
            if not named or named.version in master.unsound:
                continue
            if named.version not in known:
                problems.error(
                    "missing-version",
                    f"version {version.label} is based on version {named.version} of the trust, "
                    "which is not as it was or is gone",
                    version.source.whole(),
                    f"restore {versions_folder(TRUST_ID, policy)}/{named.version}.md from git or "
                    "from a copy",
                )
            elif known[named.version].seal != named.seal:
                problems.error(
                    "version-order",
                    f"version {version.label} is based on another version {named.version} of the "
                    "trust than the one that is here",
                    version.source.whole(),
                    "restore both from git or from a copy",
                    ((known[named.version].source.whole(), "it names this one"),),
                )


def recorded_ids(tree: Tree) -> set[str]:
    """Every clause ID that any version in the folder has, whatever else is wrong there."""
    folders = [versions_folder(TRUST_ID, policy) for policy in tree.folders(POLICIES)]
    for body in tree.folders(SCHOOLS):
        folders += [
            f"{SCHOOLS}/{body}/versions/{policy}"
            for policy in tree.folders(f"{SCHOOLS}/{body}/versions")
        ]
    found: set[str] = set()
    for folder in folders:
        for name in tree.files(folder, ".md"):
            source = read_source(tree, f"{folder}/{name}", Problems())
            version = read_version(source, Problems()) if source else None
            found |= set(version.by_id) if version else set()
    return found


def read_archive(tree: Tree, body: str, policy: str, problems: Problems) -> Archive:
    """One body's versions of one policy; whatever is wrong with them is a problem."""
    folder = versions_folder(body, policy)
    found: dict[str, Version] = {}
    damaged: set[str] = set()
    for name in tree.files(folder, ".md"):
        source = read_source(tree, f"{folder}/{name}", problems)
        version = read_version(source, problems) if source else None
        if version and _in_its_place(version, body, policy, problems):
            found[version.label] = version
        else:
            damaged.add(name.removesuffix(".md"))
    before = len(problems.found)
    register, registered = _read_register(tree, folder, problems)
    if len(problems.found) == before:
        damaged |= _check_register(folder, registered, found, damaged, problems)
    versions = _in_order(found, damaged, problems)
    astray = found.keys() - {version.label for version in versions}
    archive = Archive(body, policy, versions, frozenset(damaged | astray))
    if len(problems.found) == before and not damaged:
        _check_order(register, archive, problems)
    return archive


def _in_its_place(version: Version, body: str, policy: str, problems: Problems) -> bool:
    record = version.record
    expected = f"{versions_folder(record.body, record.policy)}/{record.version}.md"
    if version.source.name == expected and (record.body, record.policy) == (body, policy):
        return True
    problems.error(
        "version-order",
        f"this is version {record.version} of '{record.policy}' at '{record.body}', which "
        "does not belong here",
        version.source.whole(),
        f"its place is {expected}",
    )
    return False


def _read_register(
    tree: Tree, folder: str, problems: Problems
) -> tuple[Source, list[tuple[int, str, str]]]:
    """The register, and the line number, label and seal of every version on it."""
    path = f"{folder}/{REGISTER}"
    if not tree.is_file(path):
        return Source(path, ""), []
    source = read_source(tree, path, problems)
    lines = source.lines if source else ()
    entries: list[tuple[int, str, str]] = []
    for number, line in enumerate(lines, 1):
        words = line.split()
        if len(words) == 2 and re.match(LABEL_PATTERN, words[0]):  # noqa: PLR2004 - label and seal
            entries.append((number, words[0], words[1]))
        elif line and source:
            problems.error(
                "broken-seal",
                "this line of the register cannot be read",
                source.span(number, 1, len(line)),
                "restore the register from git or from a copy",
            )
    return source or Source(path, ""), entries


def _check_order(register: Source, archive: Archive, problems: Problems) -> None:
    """Find a register that lists the right versions and is not exactly as it was written."""
    written = [register_text(archive.versions), register_text(archive.versions[:-1])]
    if register.text not in written:
        problems.error(
            "broken-seal",
            "the register is not as it was written: its lines are in another order, or there is "
            "something between them",
            register.whole(),
            "restore the register from git or from a copy",
        )


def register_text(versions: Sequence[Version]) -> str:
    """The register of these versions."""
    return "".join(f"{version.label} {version.seal}\n" for version in versions)


def _check_register(
    folder: str,
    registered: Sequence[tuple[int, str, str]],
    found: Mapping[str, Version],
    damaged: AbstractSet[str],
    problems: Problems,
) -> AbstractSet[str]:
    """Find versions that are on the register and gone, or are not the ones it lists.

    Gives the labels of the latter.  Of the damaged ones there is a problem already.
    One version more than the register has is no problem: the last ratification
    was interrupted after the version was written, and holds.
    """
    text = "\n".join(f"{label} {seal}" for _, label, seal in registered)
    register = Source(f"{folder}/{REGISTER}", text)
    others: set[str] = set()
    for number, (_, label, seal) in enumerate(registered, 1):
        span = register.span(number, 1, len(label))
        if label in damaged:
            continue
        if label not in found:
            problems.error(
                "missing-version",
                f"version {label} is on the register, and {folder}/{label}.md is not as it was "
                "or is gone",
                span,
                "restore the file from git or from a copy",
            )
        elif found[label].seal != seal:
            others.add(label)
            problems.error(
                "broken-seal",
                f"version {label} is not the one that was put on the register",
                found[label].source.whole(),
                "restore the file from git or from a copy",
                ((span, "it was registered here"),),
            )
    labels = {label for _, label, _ in registered}
    extra = [version for label, version in found.items() if label not in labels]
    if len(extra) > 1:
        for version in extra:
            problems.error(
                "version-order",
                f"version {version.label} is not on the register",
                version.source.whole(),
                "versions are made by 'clausebook ratify' only",
            )
    return others


def _in_order(
    found: Mapping[str, Version], damaged: AbstractSet[str], problems: Problems
) -> tuple[Version, ...]:
    """The versions, each after the one it names as its predecessor."""
    following: dict[str | None, list[Version]] = {}
    for version in found.values():
        previous = version.record.previous
        following.setdefault(previous.version if previous else None, []).append(version)
        if previous and previous.version in damaged:
            continue
        if previous and previous.version not in found:
            problems.error(
                "missing-version",
                f"version {version.label} follows version {previous.version}, which is not as it "
                "was or is gone",
                version.source.whole(),
                "restore it from git or from a copy",
            )
        elif previous and found[previous.version].seal != previous.seal:
            problems.error(
                "version-order",
                f"version {version.label} does not follow the version {previous.version} that is "
                "here",
                version.source.whole(),
                "restore both from git or from a copy",
                ((found[previous.version].source.whole(), "it names this one"),),
            )
    chain: list[Version] = []
    here: str | None = None
    while here in following and len(chain) < len(found):
        first, *others = following[here]
        for other in others:
            problems.error(
                "version-order",
                f"version {other.label} and version {first.label} both follow "
                + (f"version {here}" if here else "nothing"),
                other.source.whole(),
                "keep the one that was ratified",
                ((first.source.whole(), "the other is here"),),
            )
        if chain and first.record.ratified.on < chain[-1].record.ratified.on:
            problems.error(
                "version-order",
                f"version {first.label} was ratified before version {chain[-1].label}, which it "
                "follows",
                first.source.whole(),
                "restore both from git or from a copy",
            )
        chain.append(first)
        here = first.label
    return tuple(chain)
