"""The trust's folder, read: a `Tree` becomes a `Trust`, or problems.

Every file is read once.  What one file says is checked where it is read; what
files say of each other (names, IDs, groups) is checked at the end.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from clausebook.appearance import read_logo
from clausebook.clauses import read_clauses, read_replacement
from clausebook.fieldtypes import ID_PATTERN, RESERVED
from clausebook.model import (
    Add,
    Adoption,
    Clause,
    Group,
    Omit,
    Outline,
    Override,
    Place,
    Policy,
    Replace,
    School,
    Trust,
)
from clausebook.picture import Picture
from clausebook.problems import Problems, SourceError, nearest
from clausebook.prose import Value, inlines_of, walk
from clausebook.shapes import (
    AddShape,
    DocumentControl,
    GroupFile,
    OmitShape,
    PolicyFile,
    ReplaceShape,
    SchoolFile,
    TrustFile,
)
from clausebook.shaping import SAY_WHY, shaped
from clausebook.source import (
    Source,
    Tree,
)
from clausebook.sourcefiles import read_shape, read_source
from clausebook.together import check_ids, check_layer, check_together
from clausebook.values import check_form
from clausebook.yamldoc import YamlDocument, read_front_matter

TRUST_FILE = "policy_source/trust.yml"
POLICIES = "policy_source"
SCHOOLS = "schools"
TRUST_ID = "trust"
"""The name of the trust's own site; no school can have it."""

ADOPTERS = ("school", "group")
"""What a folder in schools/ can be: the file of that name says which."""

UNWRITTEN = "TODO"
"""How a reason begins that somebody still has to write; drafts made from documents have it."""

SCHEMA = "schema"
"""What the file beside the policies' data files is called; no policy can have its name."""


@dataclass(frozen=True, kw_only=True)
class Folder:
    """What the files of one folder in `schools/` say, apart from versions, notes and logs."""

    document: YamlDocument = field(compare=False)
    details: SchoolFile | GroupFile
    adoptions: Mapping[str, Adoption]
    logo: Picture | None


class Shelf(Protocol):
    """Where folders are kept as they were read, for as long as their files stay the same."""

    def get(self, folder: str, known: frozenset[str]) -> Folder | None:
        """A folder in `schools/` as it was read when the trust had the `known` policies."""

    def put(self, folder: str, known: frozenset[str], read: Folder) -> None:
        """Keep a folder in which nothing is wrong."""


@dataclass(frozen=True)
class Only:
    """Some of a trust's schools and groups, to be read as a trust of their own."""

    schools: tuple[str, ...]
    groups: tuple[str, ...]
    """The groups to read besides those that these schools belong to."""
    all_groups: tuple[str, ...]


def read_trust(
    tree: Tree, problems: Problems, only: Only | None = None, shelf: Shelf | None = None
) -> Trust:
    """Read everything; raises `SourceError` with all problems found if any is an error.

    `only` says which schools and groups to read, if not all; `shelf`, which need not be read.
    """
    document, details = read_shape(tree, TRUST_FILE, TrustFile, problems)
    policies = _read_policies(tree, problems)
    known = frozenset(tree.folders(POLICIES))
    only = only or _everybody(tree, problems)
    groups = _Groups(tree, only.all_groups, known, problems, shelf)
    for folder in only.groups:
        groups[folder]
    pending = only.schools
    schools: dict[str, School] = {}
    for folder in pending:
        school = _read_school(tree, folder, known, groups, problems, shelf)
        if school:
            schools[folder] = school
    folders = (*groups.read, *pending)
    if not any(tree.is_file(f"{SCHOOLS}/{folder}/school.yml") for folder in folders):
        problems.warning(
            "no-schools",
            "there are no schools yet: only the trust's own site is built",
            Source(SCHOOLS, "").whole(),
            f"make a folder {SCHOOLS}/<school>/ with a school.yml in it",
        )
    found = {folder: group for folder, group in sorted(groups.read.items()) if group}
    check_ids(policies, (*found.values(), *schools.values()), problems)
    if details is None or document is None:
        raise SourceError(problems)
    trust = Trust(
        details=details,
        policies=policies,
        schools=schools,
        groups=found,
        document=document,
        logo=read_logo(tree, POLICIES, details.look, document, problems),
    )
    check_together(trust, problems)
    problems.stop_on_errors()
    return trust


def read_school_again(tree: Tree, trust: Trust, school: str, problems: Problems) -> Trust:
    """A trust that has been read before, with one of its schools as it is written now.

    Raises `SourceError` if that school's files have a mistake.
    """
    known = frozenset(tree.folders(POLICIES))
    found = _read_school(tree, school, known, trust.groups, problems, None)
    problems.stop_on_errors()
    assert found  # noqa: S101 - or there were errors
    trust = replace(trust, schools={**trust.schools, school: found})
    check_ids(trust.policies, trust.layers, problems)
    check_layer(trust, found, problems)
    problems.stop_on_errors()
    return trust


def _everybody(tree: Tree, problems: Problems) -> Only:
    """All schools and groups, by the files that stand in their folders."""
    names = tree.folders(SCHOOLS)
    good = [name for name in names if check_name(name, problems)]
    groups = tuple(name for name in good if is_group(tree, name))
    return Only(tuple(name for name in good if name not in groups), groups, groups)


def check_name(folder: str, problems: Problems) -> bool:
    """Whether a folder in `schools/` has a name that can be an ID."""
    return _good_name(folder, f"{SCHOOLS}/{folder}", problems)


def check_capitals(folder: str, names: Sequence[str], problems: Problems) -> None:
    """Find files whose names differ in capitals only: where capitals do not count, one is lost."""
    first: dict[str, str] = {}
    for name in names:
        other = first.setdefault(name.casefold(), name)
        if other != name:
            problems.error(
                "name-clash",
                f"'{other}' and '{name}' differ in capitals only: on Windows and on a Mac they "
                "are one file",
                Source(f"{folder}/{name}", "").whole(),
                "rename one of the two, or remove it",
            )


def is_group(tree: Tree, folder: str) -> bool:
    """Whether a folder in `schools/` is a group's."""
    return tree.is_file(f"{SCHOOLS}/{folder}/group.yml")


class _Groups(Mapping[str, Group | None]):
    """The groups of a trust, each read when somebody first asks for it."""

    def __init__(
        self,
        tree: Tree,
        names: Sequence[str],
        known: frozenset[str],
        problems: Problems,
        shelf: Shelf | None,
    ) -> None:
        self.tree = tree
        self.names = dict.fromkeys(names)
        self.known = known
        self.problems = problems
        self.shelf = shelf
        self.read: dict[str, Group | None] = {}

    def __getitem__(self, name: str) -> Group | None:
        if name not in self.names:
            raise KeyError(name)
        if name not in self.read:
            self.read[name] = _read_group(self.tree, name, self.known, self.problems, self.shelf)
        return self.read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)


def _good_name(name: str, path: str, problems: Problems, taken: Sequence[str] = ()) -> bool:
    if name in (TRUST_ID, *taken):
        why, hint = f": Clausebook uses '{name}' itself", "give it another name"
    elif name in RESERVED:
        why, hint = f": on Windows '{name}' is no file but a device", "give it another name"
    elif not re.fullmatch(ID_PATTERN, name):
        why = ""
        better = "-".join(re.findall("[a-z0-9]+", name.lower()))
        example = f", such as '{better}'" if re.fullmatch(ID_PATTERN, better) else ""
        hint = f"rename it: lower-case letters, digits and single hyphens{example}"
    else:
        return True
    message = f"the name of the folder '{name}' cannot be used as an ID{why}"
    problems.error("bad-name", message, Source(path, "").whole(), hint)
    return False


# -- policies ------------------------------------------------------------------------


def _read_policies(tree: Tree, problems: Problems) -> Mapping[str, Policy]:
    policies: dict[str, Policy] = {}
    folders = tree.folders(POLICIES)
    if not folders:
        problems.error(
            "no-policies",
            "the trust has no policies",
            Source(POLICIES, "").whole(),
            f"make a folder {POLICIES}/<policy>/ with a policy.md in it",
        )
    for folder in folders:
        path = f"{POLICIES}/{folder}"
        if _good_name(folder, path, problems, (*ADOPTERS, SCHEMA)):
            policy = read_policy(tree, folder, problems)
            if policy:
                policies[folder] = policy
    return policies


def read_policy(tree: Tree, policy_id: str, problems: Problems) -> Policy | None:
    """Read one master policy; None, with problems, if it has no usable document control."""
    source = read_source(tree, f"{POLICIES}/{policy_id}/policy.md", problems)
    if source is None:
        return None
    if not source.text.strip():
        problems.error(
            "empty-file",
            "there is nothing in this file",
            source.whole(),
            "fill it in, or remove it",
        )
        return None
    document, passage = read_front_matter(source, problems)
    control = shaped(document, DocumentControl, problems) if document else None
    if document is None and not passage.text:
        return None
    clauses = read_clauses(passage, problems)
    _check_values(clauses, problems, trusted=True)
    if not clauses:
        problems.error(
            "no-clauses",
            "this policy has no clauses",
            source.whole(),
            "write headings and paragraphs below the document control, then run "
            "'clausebook assign-ids'",
        )
    if control is None or document is None:
        return None
    return Policy(id=policy_id, control=control, outline=Outline(clauses), document=document)


# -- schools and groups ----------------------------------------------------------------


def _read_group(
    tree: Tree, folder: str, known: frozenset[str], problems: Problems, shelf: Shelf | None
) -> Group | None:
    read = _read_folder(tree, folder, GroupFile, known, problems, shelf)
    if read is None or not isinstance(read.details, GroupFile):
        return None
    return Group(
        id=folder,
        details=read.details,
        adoptions=read.adoptions,
        document=read.document,
        logo=read.logo,
    )


def _read_school(
    tree: Tree,
    folder: str,
    known: frozenset[str],
    groups: Mapping[str, Group | None],
    problems: Problems,
    shelf: Shelf | None,
) -> School | None:
    read = _read_folder(tree, folder, SchoolFile, known, problems, shelf)
    if read is None or not isinstance(read.details, SchoolFile):
        return None
    details = read.details
    if details.group and details.group not in groups:
        problems.error(
            "unknown-group",
            f"'{details.group}' is not a group: there is no {SCHOOLS}/{details.group}/group.yml",
            read.document.span("group"),
            nearest(details.group, groups) or "groups: " + (", ".join(groups) or "none so far"),
        )
    return School(
        id=folder,
        details=details,
        group=groups.get(details.group) if details.group else None,
        adoptions=read.adoptions,
        document=read.document,
        logo=read.logo,
    )


def _read_folder(
    tree: Tree,
    folder: str,
    shape: type[SchoolFile | GroupFile],
    known: frozenset[str],
    problems: Problems,
    shelf: Shelf | None,
) -> Folder | None:
    """What is in a folder of `schools/`, from the shelf if it is there."""
    kept = shelf.get(folder, known) if shelf else None
    if kept and isinstance(kept.details, shape):
        return kept
    found = Problems()
    name = ADOPTERS[shape is GroupFile]
    document, details = read_shape(tree, f"{SCHOOLS}/{folder}/{name}.yml", shape, found)
    adoptions = _read_adoptions(tree, folder, known, found)
    read: Folder | None = None
    if document and details:
        logo = read_logo(tree, f"{SCHOOLS}/{folder}", details.look, document, found)
        read = Folder(document=document, details=details, adoptions=adoptions, logo=logo)
    if read and shelf and not found.found:
        shelf.put(folder, known, read)
    problems.found += found.found
    return read


def _read_adoptions(
    tree: Tree, folder: str, known: frozenset[str], problems: Problems
) -> Mapping[str, Adoption]:
    adoptions: dict[str, Adoption] = {}
    names = tree.files(f"{SCHOOLS}/{folder}", "")
    check_capitals(f"{SCHOOLS}/{folder}", names, problems)
    # what has the name of a file and is none is not passed over in silence
    names = tuple(sorted({*names, *tree.files(f"{SCHOOLS}/{folder}", ".yml")}))
    if {f"{adopter}.yml" for adopter in ADOPTERS} <= set(names):
        problems.error(
            "name-clash",
            f"'{folder}' has a school.yml and a group.yml: it is one or the other",
            Source(f"{SCHOOLS}/{folder}/group.yml", "").whole(),
            "remove one of the two",
        )
    for name in names:
        policy, _, ending = name.partition(".")
        path = f"{SCHOOLS}/{folder}/{name}"
        if policy.lower() in ADOPTERS or not _YAML_ENDING.fullmatch(ending):
            continue
        if ending != "yml":
            problems.error(
                "bad-name",
                f"'{name}' is not read, because its name does not end in '.yml'",
                Source(path, "").whole(),
                f"rename it to '{policy}.yml'",
            )
            continue
        adoption = read_adoption_file(tree, path, policy, problems)
        if policy not in known:
            problems.error(
                "unknown-policy",
                f"the trust has no policy '{policy}'",
                Source(path, "").whole(),
                nearest(policy, known) or "policies: " + ", ".join(sorted(known)),
            )
        elif adoption:
            adoptions[policy] = adoption
    return adoptions


_YAML_ENDING = re.compile(r"ya?ml(?:\.txt)?", re.IGNORECASE)
"""How the names of YAML files end, or would if the editor had not added to them."""


def read_adoption_file(tree: Tree, path: str, policy: str, problems: Problems) -> Adoption | None:
    """What a school's or group's file says of one policy, with its wording read."""
    document, shape = read_shape(tree, path, PolicyFile, problems)
    if document is None or shape is None:
        return None
    return Adoption(
        policy=policy,
        audiences=shape.audiences,
        review=shape.review,
        withdrawn=shape.withdrawn,
        fillings=shape,
        overrides=tuple(
            _override(number, override, document, problems)
            for number, override in enumerate(shape.overrides)
        ),
        document=document,
    )


def _override(
    number: int,
    shape: ReplaceShape | OmitShape | AddShape,
    document: YamlDocument,
    problems: Problems,
) -> Override:
    at = ("overrides", number)
    if shape.reason.startswith(UNWRITTEN):
        problems.error(
            "missing-reason",
            "the reason for this override is still to be written",
            document.span(*at, "reason"),
            SAY_WHY,
        )
    match shape:
        case ReplaceShape():
            words, body = read_replacement(document.passages[*at, "with"], problems)
            replacement = Replace(
                target=shape.replace,
                words=words,
                body=body,
                reason=shape.reason,
                against=shape.against,
                since=shape.since,
                approver=shape.approver,
                expires=shape.expires,
                span=document.span(*at, "replace"),
            )
            _check_values((replacement,), problems, trusted=False)
            return replacement
        case OmitShape():
            return Omit(
                target=shape.omit,
                reason=shape.reason,
                against=shape.against,
                since=shape.since,
                approver=shape.approver,
                expires=shape.expires,
                span=document.span(*at, "omit"),
            )
        case AddShape():
            place = next(p for p in Place if getattr(shape, p.value))
            clauses = read_clauses(document.passages[*at, "add"], problems, addition=True)
            _check_values(clauses, problems, trusted=False)
            if not clauses:
                problems.error(
                    "empty-clause",
                    "there is no clause here",
                    document.span(*at, "add"),
                    "write it, with its ID at the end, or remove the override",
                )
            return Add(
                target=getattr(shape, place.value),
                place=place,
                clauses=clauses,
                reason=shape.reason,
                against=shape.against,
                since=shape.since,
                approver=shape.approver,
                expires=shape.expires,
                span=document.span(*at, place.value),
            )


def _check_values(
    wordings: Iterable[Clause | Replace], problems: Problems, *, trusted: bool
) -> None:
    """Find what stands between double braces and is no name; names are looked up later."""
    for wording in wordings:
        for words in (wording.words, *inlines_of(wording.body)):
            for word in walk(words):
                if isinstance(word, Value):
                    check_form(word, problems, trusted=trusted)
