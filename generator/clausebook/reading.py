"""The trust's folder, read: a `Tree` becomes a `Trust`, or problems.

Every file is read once.  What one file says is checked where it is read; what
files say of each other (names, IDs, groups) is checked at the end.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeVar

from clausebook.appearance import read_logo
from clausebook.clauses import read_clauses, read_replacement
from clausebook.declarations import check_declarations, check_fillings, declared_names
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
from clausebook.people import Layer
from clausebook.picture import Picture
from clausebook.problems import Problems, SourceError, nearest
from clausebook.prose import Value, inlines_of, walk
from clausebook.shapes import (
    ID_PATTERN,
    RESERVED,
    AddShape,
    DocumentControl,
    GroupFile,
    OmitShape,
    PolicyFile,
    ReplaceShape,
    SchoolFile,
    Shape,
    TrustFile,
)
from clausebook.shaping import shaped
from clausebook.source import (
    INVISIBLE,
    MAX_BYTES,
    MAX_LINE,
    MAX_LINES,
    Source,
    Span,
    Tree,
    character,
    is_seen,
)
from clausebook.values import check_form
from clausebook.yamldoc import YamlDocument, read_front_matter, read_yaml

TRUST_FILE = "policy_source/trust.yml"
POLICIES = "policy_source"
SCHOOLS = "schools"
TRUST_ID = "trust"
"""The name of the trust's own site; no school can have it."""

ADOPTERS = ("school", "group")
"""What a folder in schools/ can be: the file of that name says which."""

SCHEMA = "schema"
"""What the file beside the policies' data files is called; no policy can have its name."""

ENOUGH = 20
"""Lines that cannot be read are reported up to this number in one file."""

AnyShape = TypeVar("AnyShape", bound=Shape)


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
    _check_ids(policies, (*found.values(), *schools.values()), problems)
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
    _check_together(trust, problems)
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
    _check_ids(trust.policies, trust.layers, problems)
    _check_layer(trust, found, problems)
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


# -- files -------------------------------------------------------------------------


def read_source(tree: Tree, path: str, problems: Problems) -> Source | None:
    """The text of a file; None, with a problem, if it is missing, too large or not text."""
    nothing = Source(path, "")
    try:
        data = tree.read_bytes(path)
    except OSError as error:
        missing = isinstance(error, FileNotFoundError)
        problems.error(
            "missing-file",
            "this file is missing" if missing else f"this file cannot be read: {_why(error)}",
            nothing.whole(),
            _misnamed(tree, path) if missing else "put a file of this name in its place",
        )
        return None
    if len(data) > MAX_BYTES:
        problems.error(
            "too-large",
            f"this file is larger than {MAX_BYTES // 1_000_000} MB",
            nothing.whole(),
            "no policy is that long: has something been pasted into it?",
        )
        return None
    return decode(path, data, problems)


def _why(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


def _misnamed(tree: Tree, path: str) -> str:
    """What to do about a missing file: `School.yml` or `school.yml.txt` may be meant for it."""
    folder, _, wanted = path.rpartition("/")
    stem = wanted.split(".")[0]
    for name in tree.files(folder, ""):
        if name.lower().startswith(f"{stem}."):
            return f"rename '{name}' to '{wanted}'"
    return _TO_CREATE.get(wanted, "create it")


_TO_CREATE = {
    "trust.yml": "create it, with at least name: and audiences: in it",
    "policy.md": "create it, or remove the folder if it is no policy",
    "school.yml": "create it, with at least name: in it, or remove the folder if it is no school",
}


def decode(path: str, data: bytes, problems: Problems) -> Source | None:
    """Bytes as text: UTF-8, with or without a byte-order mark, any kind of line end."""
    data = data.removeprefix(BOM_UTF8)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = _with_plain_line_ends(data[: error.start].decode("utf-8"))
        shown = Source(path, _with_plain_line_ends(data.decode("utf-8", "replace")))
        line = before.count("\n") + 1
        column = len(before) - (before.rfind("\n") + 1) + 1
        problems.error(
            "bad-encoding",
            "this file is not UTF-8 text: this is the first character that cannot be read",
            shown.span(line, column, 1),
            "save it again as UTF-8 (in Word and Notepad: 'Save as', then 'Encoding')",
        )
        return None
    source = Source(path, _with_plain_line_ends(text))
    wrong = Problems()
    if not _is_odd(source):
        return source
    if len(source.lines) > MAX_LINES:
        wrong.error(
            "too-large",
            f"this file has {len(source.lines)} lines; {MAX_LINES} is the most",
            source.whole(),
            "no policy is that long: has something been pasted into it?",
        )
    for number, content in enumerate(source.lines, 1):
        _check_line(source, number, content, wrong)
        if len(wrong.found) == ENOUGH:
            break
    problems.found += wrong.found
    return None if wrong.found else source


def _with_plain_line_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _is_odd(source: Source) -> bool:
    """Whether anything in a text needs a closer look, line by line."""
    lines = source.lines
    if len(lines) > MAX_LINES or max(map(len, lines)) > MAX_LINE:
        return True
    return not is_seen(source.text)


def _check_line(source: Source, number: int, content: str, problems: Problems) -> None:
    if len(content) > MAX_LINE:
        problems.error(
            "too-large",
            f"this line has {len(content)} characters; {MAX_LINE} is the most",
            source.span(number, 1, 1),
            "has something been pasted into it? break it into paragraphs",
        )
        return
    found = INVISIBLE.search(content)
    if found:
        lost = found[0] == "\N{REPLACEMENT CHARACTER}"
        problems.error(
            "bad-character",
            "a character was lost here, when the file was once saved in another encoding"
            if lost
            else f"there is a character here that cannot be shown ({character(found[0])})",
            source.span(number, found.start() + 1, 1),
            "type it again" if lost else "delete it, and type what should be there",
        )


def read_shape(
    tree: Tree, path: str, shape: type[AnyShape], problems: Problems
) -> tuple[YamlDocument | None, AnyShape | None]:
    """A YAML file held against its shape; what cannot be read is None, with problems."""
    source = read_source(tree, path, problems)
    document = read_yaml(source, problems, _ON_EMPTY.get(shape, "")) if source else None
    return document, shaped(document, shape, problems) if document else None


_ON_EMPTY: Mapping[type[Shape], str] = {
    PolicyFile: "to adopt the policy as it stands write 'overrides: []'; if the school does not "
    "have it, remove the file"
}
"""What to do about a file with nothing in it, where there is more to say than to fill it in."""


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


# -- what files say of each other --------------------------------------------------------


def _check_together(trust: Trust, problems: Problems) -> None:
    declared_names(trust, problems)
    check_declarations(trust, problems)
    for body in trust.layers:
        _check_layer(trust, body, problems)
    for policy in trust.policies.values():
        for number, audience in enumerate(policy.control.audiences):
            span = policy.document.span("audiences", number)
            _check_audience(trust, audience, span, problems)
        _check_clause_audiences(trust, policy.outline.clauses, problems)


def _check_layer(trust: Trust, body: Group | School, problems: Problems) -> None:
    check_fillings(trust, Layer(body.details, body.document), problems)
    for adoption in body.adoptions.values():
        check_fillings(trust, Layer(adoption.fillings, adoption.document), problems)
        _check_adopted_audiences(trust, adoption, problems)
        _check_targets(trust, body, adoption, problems)
        for override in adoption.overrides:
            if isinstance(override, Add):
                _check_clause_audiences(trust, override.clauses, problems)


def _check_targets(
    trust: Trust, body: Group | School, adoption: Adoption, problems: Problems
) -> None:
    """Find overrides of clauses that this body does not have, or has in another policy."""
    layers = body.layers if isinstance(body, School) else (body,)
    own = [
        layer.adoptions[adoption.policy] for layer in layers if adoption.policy in layer.adoptions
    ]
    masters = {p.id: p.outline.by_id for p in trust.policies.values()}
    known = dict.fromkeys(masters.get(adoption.policy, ()))
    known.update((clause.id, None) for layer in own for clause in _added(layer))
    first, last = next(iter(known), ""), next(reversed(known), "")
    misses = 0
    for override in adoption.overrides:
        target = override.target
        if target in known or adoption.policy not in masters:
            continue
        home = next((policy for policy, clauses in masters.items() if target in clauses), None)
        notes: tuple[tuple[Span, str], ...] = ()
        if home:
            folder = adoption.document.source.name.rpartition("/")[0]
            message = f"'{target}' is a clause of '{home}', and not of '{adoption.policy}'"
            hint = f"put this override into {folder}/{home}.yml"
            notes = ((masters[home][target].span, "the clause is here"),)
        else:
            message = f"'{target}' is not a clause of this policy"
            misses += 1  # looking for the nearest takes time
            hint = nearest(target, known) if misses <= ENOUGH else ""
            hint = hint or f"its clauses go from '{first}' to '{last}'"
        problems.error("unknown-clause", message, override.span, hint, notes)


def _check_audience(trust: Trust, audience: str, span: Span, problems: Problems) -> None:
    known = trust.details.audiences
    if audience not in known:
        problems.error(
            "unknown-audience",
            f"'{audience}' is not an audience that the trust has declared",
            span,
            nearest(audience, known) or "audiences: " + ", ".join(known),
        )


def _check_adopted_audiences(trust: Trust, adoption: Adoption, problems: Problems) -> None:
    for number, audience in enumerate(adoption.audiences or ()):
        _check_audience(trust, audience, adoption.document.span("audiences", number), problems)


def _check_clause_audiences(trust: Trust, clauses: tuple[Clause, ...], problems: Problems) -> None:
    for clause in clauses:
        for audience in clause.audiences:
            _check_audience(trust, audience, clause.span, problems)


def _check_ids(
    policies: Mapping[str, Policy], layers: Iterable[Group | School], problems: Problems
) -> None:
    """Every ID in the trust is given once: a clause can be named without saying where it is."""
    clauses = [clause for policy in policies.values() for clause in policy.outline]
    for body in layers:
        for adoption in body.adoptions.values():
            clauses += _added(adoption)
    given: dict[str, Span] = {}
    for clause in clauses:
        check_id_given_once(clause.id, clause.span, given, problems)


def check_id_given_once(
    clause_id: str, span: Span, given: dict[str, Span], problems: Problems
) -> None:
    """Note an ID as given; it is a problem if it was before."""
    if clause_id.startswith("?"):
        return
    if clause_id in given:
        problems.error(
            "duplicate-id",
            f"'{clause_id}' is the ID of another clause already",
            span,
            "give this clause another, or take this one out and run 'clausebook assign-ids'",
            ((given[clause_id], "it is used here"),),
        )
    given.setdefault(clause_id, span)


def given_ids(adoptions: Iterable[Adoption]) -> Iterator[tuple[str, Span]]:
    """The IDs that schools and groups have given to clauses of their own, and where."""
    for adoption in adoptions:
        yield from ((clause.id, clause.span) for clause in _added(adoption))


def additions(trust: Trust, policy_id: str) -> list[Clause]:
    """The clauses that groups and schools have added to a policy."""
    return [
        clause
        for body in trust.layers
        if policy_id in body.adoptions
        for clause in _added(body.adoptions[policy_id])
    ]


def _added(adoption: Adoption) -> list[Clause]:
    """The clauses of one adoption's additions."""
    return [
        clause
        for override in adoption.overrides
        if isinstance(override, Add)
        for clause in override.clauses
    ]
