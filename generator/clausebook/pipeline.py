"""The plot: everything between a trust's folder and its websites.

    Tree ─read→ Trust ─tailor→ Body ─render→ pages ─publish→ site

Problems are collected within a stage and reported together before the next begins.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Protocol

from clausebook.accounts import check_group_notes, check_ids, check_notes
from clausebook.archive import Records, read_records, recorded_ids
from clausebook.assign import Assigned, assign_ids
from clausebook.expiry import check_expiry
from clausebook.linklog import LinkLog, read_link_log
from clausebook.model import Body, Policy, School, TailoredPolicy, Trust
from clausebook.names import fill_for_school, fill_for_trust, with_texts
from clausebook.notes import Notes, read_notes
from clausebook.overview import overview
from clausebook.overviewpages import with_overview
from clausebook.pages import Site, render_site
from clausebook.problems import Problems, SourceError, nearest
from clausebook.publication import publication
from clausebook.publish import publish, publish_some, read_look
from clausebook.reading import POLICIES, TRUST_ID, read_trust
from clausebook.references import check_references
from clausebook.rules import run_rules
from clausebook.schema import FOLDER, schemas
from clausebook.source import Tree, WorkingTree
from clausebook.standing import Standing, standing
from clausebook.survey import Survey
from clausebook.swap import FolderError, write_file
from clausebook.tailor import Layer, tailor
from clausebook.updates import Update, UpdateLog, differences, read_log


@dataclass(frozen=True)
class Tally:
    """What went in."""

    schools: int
    policies: int
    clauses: int
    overrides: int


@dataclass(frozen=True)
class Everything:
    """All that a trust's folder holds, read and verified."""

    trust: Trust
    records: Records
    notes: Notes
    logs: Mapping[str, UpdateLog]
    """What is on record of people and channels, by school."""
    links: LinkLog = field(default_factory=LinkLog)
    """When links to other websites were last seen working."""


def read_everything(tree: Tree, problems: Problems) -> Everything:
    """Read sources, versions, notes and logs; raises `SourceError` if anything is wrong."""
    trust = read_trust(tree, problems)
    records = read_records(tree, trust, problems)
    notes = read_notes(tree, trust, problems)
    logs = {school: read_log(tree, school, problems) for school in trust.schools}
    links = read_link_log(tree, problems)
    problems.stop_on_errors()
    return Everything(trust, records, notes, {key: log for key, log in logs.items() if log}, links)


def check(tree: Tree, problems: Problems, today: date) -> Tally:
    """Read, tailor and compare everything, keeping nothing; raises `SourceError` on errors."""
    everything = read_everything(tree, problems)
    grouped: list[Standing] = []
    masters: Sequence[TailoredPolicy] = ()
    for body in bodies(everything.trust, problems):
        masters = masters if body.school else body.policies
        grouped += check_body(everything, body, problems, today)
    check_group_notes(grouped, everything.notes, problems)
    problems.stop_on_errors()
    run_rules(survey(everything, masters, today), problems)
    problems.stop_on_errors()
    return tally(everything.trust)


def survey(everything: Everything, masters: Sequence[TailoredPolicy], today: date) -> Survey:
    """What the rules that a trust can choose look at."""
    ratified = (key for key, archive in everything.records.archives.items() if archive.versions)
    return Survey(everything.trust, today, tuple(masters), frozenset(ratified), everything.links)


def check_body(
    everything: Everything, body: Body, problems: Problems, today: date
) -> Sequence[Standing]:
    """Find what should be put on record before the next ratification.

    Gives the policies on which the body's group has notes: those concern several schools.
    """
    check_expiry(everything.trust, body, problems, today)
    group = body.school.group if body.school else None
    grouped: list[Standing] = []
    for policy in body.policies:
        if not everything.records.of(body.id, policy.policy.id).versions:
            continue
        state = standing(body, policy, everything.records, everything.notes)
        check_notes(state, problems)
        check_ids(state, problems)
        if group and (group.id, policy.policy.id) in everything.notes:
            grouped.append(state)
    log = everything.logs.get(body.id)
    new = differences(body, log, today) if log else []
    if new and body.school:
        problems.warning(
            "unrecorded-update",
            f"changes of people or channels are not on record: {new[0].what} ({new[0].change})"
            + (f" and {len(new) - 1} more" if len(new) > 1 else ""),
            body.school.document.source.whole(),
            f"put them on record: clausebook record {body.id}",
        )
    return grouped


def tally(trust: Trust) -> Tally:
    """Count what went in: schools, master policies, their clauses, and overrides."""
    adoptions = [adoption for body in trust.layers for adoption in body.adoptions.values()]
    return Tally(
        schools=len(trust.schools),
        policies=len(trust.policies),
        clauses=sum(len(policy.outline) for policy in trust.policies.values()),
        overrides=sum(len(adoption.overrides) for adoption in adoptions),
    )


def render(everything: Everything, problems: Problems, today: date) -> tuple[Site, ...]:
    """Every site's pages: the trust's first, then each school's."""
    trust = everything.trust
    drafts = tuple(bodies(trust, problems))
    grouped = [state for body in drafts for state in check_body(everything, body, problems, today)]
    check_group_notes(grouped, everything.notes, problems)
    problems.stop_on_errors()
    asked = survey(everything, drafts[0].policies, today)
    run_rules(asked, problems)
    problems.stop_on_errors()
    published = [
        [publication(b, p, everything.records, everything.notes, asked) for p in b.policies]
        for b in drafts
    ]
    shown = [
        replace(body, policies=tuple(publication.shown for publication in publications))
        for body, publications in zip(drafts, published, strict=True)
    ]
    schools = tuple(body for body in shown if body.school)
    masters = {publication.id: publication.standing for publication in published[0]}
    first, *rest = (
        render_site(trust, body, publications, _updates(everything, body), schools, today, masters)
        for body, publications in zip(shown, published, strict=True)
    )
    whole = overview(shown[0], published[0], schools, published[1:])
    return (with_overview(first, trust, whole, today), *rest)


def _updates(everything: Everything, body: Body) -> Sequence[Update]:
    log = everything.logs.get(body.id)
    return log.updates if log else ()


class Progress(Protocol):
    """Told of every site that is built."""

    def __call__(self, name: str, pages: int, done: int, total: int) -> None:
        """`name` has `pages` pages and is number `done` of `total`."""


@dataclass(frozen=True)
class Order:
    """What is to be built."""

    root: Path
    output: Path
    today: date
    schools: tuple[str, ...] = ()
    """IDs of the sites wanted; none for all of them."""
    strict: bool = False


def build(order: Order, problems: Problems, progress: Progress) -> Tally:
    """From a folder of sources to its websites: the whole of Clausebook in one function."""
    tree = open_tree(order.root)
    projects = (order.root / "build").resolve()
    if order.output.resolve() in (
        projects,
        *projects.parents,
    ) or order.output.resolve().is_relative_to(projects):
        message = f"'{order.output}' cannot hold the websites: build/ is replaced at every build"
        raise FolderError(message)
    everything = read_everything(tree, problems)
    trust = everything.trust
    sites = render(everything, problems, order.today)
    if order.strict and problems.found:
        raise SourceError(problems)
    look = read_look(order.root)
    wanted = _wanted(trust, sites, order.schools)
    done: list[Site] = []

    def tell(site: Site, pages: int) -> None:
        done.append(site)
        progress(site.body.name, pages, len(done), len(wanted))

    if order.schools:
        publish_some(trust, wanted, look, order.root, order.output, tell)
    else:
        publish(trust, wanted, look, order.root, order.output, tell)
    return tally(trust)


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


def assign(root: Path, problems: Problems, *, write: bool = True) -> tuple[Assigned, ...]:
    """Give IDs to clauses that have none; each file is written whole or not at all."""
    tree = open_tree(root)
    assigned = assign_ids(tree, problems, recorded_ids(tree))
    if write:
        for change in assigned:
            write_file(root / change.path, change.data)
    return assigned


def write_schemas(root: Path, *, write: bool = True) -> list[str]:
    """Write the JSON Schemas of a trust; gives the names of those that changed."""
    trust = read_trust(open_tree(root), Problems())
    folder = root / FOLDER
    changed: list[str] = []
    for name, text in schemas(trust).items():
        path = folder / name
        if not path.is_file() or path.read_text("utf-8") != text:
            changed.append(f"{FOLDER}/{name}")
            if write:
                folder.mkdir(exist_ok=True)
                write_file(path, text.encode())
    return changed


def _wanted(trust: Trust, sites: Sequence[Site], names: Sequence[str]) -> list[Site]:
    known = [TRUST_ID, *trust.schools]
    for name in names:
        if name not in known:
            hint = nearest(name, known) or "schools: " + ", ".join(known)
            message = f"there is no school '{name}'; {hint}"
            raise FolderError(message)
    return [site for site in sites if not names or site.body.id in names]


def bodies(trust: Trust, problems: Problems) -> Iterator[Body]:
    """The trust itself, then each school, with their policies tailored; one at a time."""
    yield trust_body(trust, problems)
    for school in trust.schools.values():
        yield school_body(trust, school, problems)


def trust_body(trust: Trust, problems: Problems) -> Body:
    """The trust as the publisher of its own masters."""
    filled = fill_for_trust(trust, problems)
    policies = tuple(tailor(p, (), filled.names, problems) for p in trust.policies.values())
    check_references(trust, policies, problems)
    return Body(
        id=TRUST_ID,
        name=trust.details.name,
        short_name=trust.short_name,
        school=None,
        people=filled.people,
        channels=(),
        audiences=filled.audiences,
        policies=policies,
    )


def school_body(trust: Trust, school: School, problems: Problems) -> Body:
    """One school, with every policy that it or its group has adopted."""
    school = with_texts(trust, school, problems)
    filled = fill_for_school(trust, school, problems)
    policies = tuple(
        _tailored(trust, school, policy, problems)
        for policy in trust.policies.values()
        if school.adopts(policy.id)
    )
    check_references(trust, policies, problems)
    return Body(
        id=school.id,
        name=school.details.name,
        short_name=school.short_name,
        school=school,
        people=filled.people,
        channels=filled.channels,
        audiences=filled.audiences,
        policies=policies,
    )


def _tailored(trust: Trust, school: School, policy: Policy, problems: Problems) -> TailoredPolicy:
    filled = fill_for_school(trust, school, problems, policy.id)
    return tailor(policy, layers_for(school, policy.id), filled.names, problems)


def layers_for(school: School, policy_id: str) -> tuple[Layer, ...]:
    """What a school's group and the school itself say of a policy."""
    return tuple(
        Layer(body.id, body.adoptions[policy_id])
        for body in school.layers
        if policy_id in body.adoptions
    )
