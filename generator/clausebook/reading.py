"""The trust's folder, read: a `Tree` becomes a `Trust`, or problems.

Every file is read once.  What one file says is checked where it is read; what
files say of each other (names, IDs, groups) is checked at the end.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeVar

from clausebook.clauses import read_clauses, read_replacement
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
from clausebook.declarations import check_declarations, check_fillings, declared_names
from clausebook.people import Layer
from clausebook.problems import Problems, SourceError, nearest
from clausebook.shapes import (
    ID_PATTERN,
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
from clausebook.source import MAX_BYTES, MAX_LINE, Source, Span, Tree
from clausebook.yamldoc import YamlDocument, read_front_matter, read_yaml

TRUST_FILE = "policy_source/trust.yml"
POLICIES = "policy_source"
SCHOOLS = "schools"
TRUST_ID = "trust"
"""The name of the trust's own site; no school can have it."""

AnyShape = TypeVar("AnyShape", bound=Shape)


def read_trust(tree: Tree, problems: Problems) -> Trust:
    """Read everything; raises `SourceError` with all problems found if any is an error."""
    document, details = _read_shape(tree, TRUST_FILE, TrustFile, problems)
    policies = _read_policies(tree, problems)
    known = frozenset(policies) | _policy_folders(tree)
    groups: dict[str, Group] = {}
    pending: list[str] = []
    for folder in tree.folders(SCHOOLS):
        if not _good_name(folder, f"{SCHOOLS}/{folder}", problems):
            continue
        if tree.is_file(f"{SCHOOLS}/{folder}/group.yml"):
            group = _read_group(tree, folder, known, problems)
            if group:
                groups[folder] = group
        else:
            pending.append(folder)
    schools: dict[str, School] = {}
    for folder in pending:
        school = _read_school(tree, folder, known, groups, problems)
        if school:
            schools[folder] = school
    if details is None or document is None:
        raise SourceError(problems)
    trust = Trust(
        details=details, policies=policies, schools=schools, groups=groups, document=document
    )
    _check_together(trust, problems)
    problems.stop_on_errors()
    return trust


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
            "create it" if missing else "",
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


def decode(path: str, data: bytes, problems: Problems) -> Source | None:
    """Bytes as text: UTF-8, with or without a byte-order mark, any kind of line end."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", "replace")
        line = before.count("\n") + 1
        shown = Source(path, data.decode("utf-8", "replace"))
        column = len(before) - (before.rfind("\n") + 1) + 1
        problems.error(
            "bad-encoding",
            "this file is not UTF-8 text",
            shown.span(line, column, 1),
            "save it again as UTF-8 (in Word and Notepad: 'Save as', then 'Encoding')",
        )
        return None
    source = Source(path, text.replace("\r\n", "\n").replace("\r", "\n"))
    for number, content in enumerate(source.lines, 1):
        if len(content) > MAX_LINE:
            problems.error(
                "too-large",
                f"this line has {len(content)} characters; {MAX_LINE} is the most",
                source.span(number, 1, 1),
                "break it into paragraphs",
            )
            return None
        found = _INVISIBLE.search(content)
        if found:
            problems.error(
                "bad-character",
                f"there is an invisible character here (U+{ord(found[0]):04X})",
                source.span(number, found.start() + 1, 1),
                "delete it and type the words again",
            )
            return None
    return source


_INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
"""Control characters, and those that change the direction in which text is read."""


def _read_shape(
    tree: Tree, path: str, shape: type[AnyShape], problems: Problems
) -> tuple[YamlDocument | None, AnyShape | None]:
    source = read_source(tree, path, problems)
    document = read_yaml(source, problems) if source else None
    return document, shaped(document, shape, problems) if document else None


def _good_name(name: str, path: str, problems: Problems) -> bool:
    if re.match(ID_PATTERN, name) and name != TRUST_ID:
        return True
    problems.error(
        "bad-name",
        f"the folder '{name}' cannot be used as an ID"
        + (": it is the trust's own" if name == TRUST_ID else ""),
        Source(path, "").whole(),
        "rename it: lower-case letters, digits and single hyphens, beginning with a letter",
    )
    return False


# -- policies ------------------------------------------------------------------------


def _policy_folders(tree: Tree) -> frozenset[str]:
    return frozenset(tree.folders(POLICIES))


def _read_policies(tree: Tree, problems: Problems) -> Mapping[str, Policy]:
    policies: dict[str, Policy] = {}
    for folder in tree.folders(POLICIES):
        path = f"{POLICIES}/{folder}"
        if _good_name(folder, path, problems):
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
            "empty-file", "there is nothing in this file", source.whole(), "fill it in, or remove it"
        )
        return None
    document, passage = read_front_matter(source, problems)
    control = shaped(document, DocumentControl, problems) if document else None
    clauses = read_clauses(passage, problems)
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
    tree: Tree, folder: str, known: frozenset[str], problems: Problems
) -> Group | None:
    document, details = _read_shape(tree, f"{SCHOOLS}/{folder}/group.yml", GroupFile, problems)
    adoptions = _read_adoptions(tree, folder, known, problems)
    if document is None or details is None:
        return None
    return Group(id=folder, details=details, adoptions=adoptions, document=document)


def _read_school(
    tree: Tree,
    folder: str,
    known: frozenset[str],
    groups: Mapping[str, Group],
    problems: Problems,
) -> School | None:
    document, details = _read_shape(tree, f"{SCHOOLS}/{folder}/school.yml", SchoolFile, problems)
    adoptions = _read_adoptions(tree, folder, known, problems)
    if document is None or details is None:
        return None
    if details.group and details.group not in groups:
        problems.error(
            "unknown-group",
            f"'{details.group}' is not a group: there is no {SCHOOLS}/{details.group}/group.yml",
            document.span("group"),
            nearest(details.group, groups) or "groups: " + (", ".join(groups) or "none so far"),
        )
    group = groups.get(details.group) if details.group else None
    return School(
        id=folder, details=details, group=group, adoptions=adoptions, document=document
    )


def _read_adoptions(
    tree: Tree, folder: str, known: frozenset[str], problems: Problems
) -> Mapping[str, Adoption]:
    adoptions: dict[str, Adoption] = {}
    for name in tree.files(f"{SCHOOLS}/{folder}", ".yml"):
        policy = name.removesuffix(".yml")
        if policy in ("school", "group"):
            continue
        path = f"{SCHOOLS}/{folder}/{name}"
        document, shape = _read_shape(tree, path, PolicyFile, problems)
        if policy not in known:
            problems.error(
                "unknown-policy",
                f"the trust has no policy '{policy}'",
                Source(path, "").whole(),
                nearest(policy, known) or "policies: " + ", ".join(sorted(known)),
            )
        elif document and shape:
            adoptions[policy] = read_adoption(policy, document, shape, problems)
    return adoptions


def read_adoption(
    policy: str, document: YamlDocument, shape: PolicyFile, problems: Problems
) -> Adoption:
    """What a school's or group's file says of one policy, with its wording read."""
    return Adoption(
        policy=policy,
        audiences=shape.audiences,
        review=shape.review,
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
            return Replace(
                target=shape.replace,
                words=words,
                body=body,
                reason=shape.reason,
                against=shape.against,
                since=shape.since,
                span=document.span(*at, "replace"),
            )
        case OmitShape():
            return Omit(
                target=shape.omit,
                reason=shape.reason,
                against=shape.against,
                since=shape.since,
                span=document.span(*at, "omit"),
            )
        case AddShape():
            place = next(p for p in Place if getattr(shape, p.value))
            clauses = read_clauses(document.passages[*at, "add"], problems)
            if not clauses:
                problems.error(
                    "empty-clause", "there is no clause here", document.span(*at, "add")
                )
            return Add(
                target=getattr(shape, place.value),
                place=place,
                clauses=clauses,
                reason=shape.reason,
                against=shape.against,
                since=shape.since,
                span=document.span(*at, place.value),
            )


# -- what files say of each other --------------------------------------------------------


def _check_together(trust: Trust, problems: Problems) -> None:
    declared_names(trust, problems)
    check_declarations(trust, problems)
    for body in (*trust.groups.values(), *trust.schools.values()):
        check_fillings(trust, Layer(body.details, body.document), problems)
        for adoption in body.adoptions.values():
            check_fillings(trust, Layer(adoption.fillings, adoption.document), problems)
            _check_adopted_audiences(trust, adoption, problems)
            for override in adoption.overrides:
                if isinstance(override, Add):
                    _check_clause_audiences(trust, override.clauses, problems)
    for policy in trust.policies.values():
        for number, audience in enumerate(policy.control.audiences):
            span = policy.document.span("audiences", number)
            _check_audience(trust, audience, span, problems)
        _check_clause_audiences(trust, policy.outline.clauses, problems)
    _check_ids(trust, problems)


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


def _check_clause_audiences(
    trust: Trust, clauses: tuple[Clause, ...], problems: Problems
) -> None:
    for clause in clauses:
        for audience in clause.audiences:
            _check_audience(trust, audience, clause.span, problems)


def _check_ids(trust: Trust, problems: Problems) -> None:
    """Every ID in the trust is given once: a clause can be named without saying where it is."""
    given: dict[str, Span] = {}
    for clause in all_clauses(trust):
        if clause.id.startswith("?"):
            continue
        if clause.id in given:
            problems.error(
                "duplicate-id",
                f"'{clause.id}' is the ID of another clause already",
                clause.span,
                "give this clause an ID of its own, or let 'clausebook assign-ids' do it",
                ((given[clause.id], "it is used here"),),
            )
        given.setdefault(clause.id, clause.span)


def all_clauses(trust: Trust) -> list[Clause]:
    """Every clause that the trust, a group or a school has written, additions included."""
    clauses = [clause for policy in trust.policies.values() for clause in policy.outline]
    for body in (*trust.groups.values(), *trust.schools.values()):
        for adoption in body.adoptions.values():
            for override in adoption.overrides:
                if isinstance(override, Add):
                    clauses.extend(override.clauses)
    return clauses
