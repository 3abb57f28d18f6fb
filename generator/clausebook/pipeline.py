"""The plot: everything between a trust's folder and its websites.

    Tree ─read→ Trust ─tailor→ Body ─render→ pages ─publish→ site

What all sites share is read once, in a workshop; then every school is made on its own, by an
engine.  Problems are collected within a stage and reported together before the next begins.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

from clausebook.archive import recorded_ids
from clausebook.assign import Assigned, assign_ids
from clausebook.buildcache import PageStore, Sources, take_stock
from clausebook.crowds import CROWD, check_crowd
from clausebook.engines import Engine, local_engine
from clausebook.everything import open_tree, read_shared
from clausebook.findings import Findings
from clausebook.lookfiles import LookError, look_files
from clausebook.making import Workshop, make_school, make_trust, read_account, with_pdfs
from clausebook.model import Trust
from clausebook.orders import Order, Tally
from clausebook.pages import Site
from clausebook.past import Past
from clausebook.problems import ClausebookError, Problems, SourceError
from clausebook.production import Production, Progress, check_output
from clausebook.publish import Look, read_look
from clausebook.reading import POLICIES, SCHOOLS, read_trust
from clausebook.schema import FOLDER, schemas
from clausebook.source import Tree
from clausebook.swap import Renewal, write_files
from clausebook.unchanged import Answer, Conclusion, ask, conclude
from clausebook.works import Yard, check_schools
from clausebook.workspace import refuse_links


def check(tree: Tree, problems: Problems, today: date, engine: Engine | None = None) -> Tally:
    """Read, tailor and compare everything, keeping nothing; raises `SourceError` on errors."""
    folders = tree.folders(SCHOOLS)
    engine = engine or local_engine(len(folders), HANDFUL)
    if len(folders) > CROWD:
        trust, number, overrides = check_crowd(tree, folders, problems, today, engine)
        return replace(tally(trust), schools=number, overrides=overrides)
    shared = read_shared(tree, problems)
    findings = Findings(problems, shared)
    shop = findings.open_workshop(tree, today)
    if shop:
        schools = tuple(shared.trust.schools)
        handfuls = [schools[at : at + HANDFUL] for at in range(0, len(schools), HANDFUL)]
        for some in engine.run(check_schools, shop, handfuls):
            for made in some:
                findings.add(made)
    findings.conclude(shop)
    return tally(shared.trust)


HANDFUL = 8
"""So many schools are checked in one go: less is not worth the way to another process."""


def tally(trust: Trust) -> Tally:
    """Count what went in: schools, master policies, their clauses, and overrides."""
    adoptions = [adoption for body in trust.layers for adoption in body.adoptions.values()]
    return Tally(
        schools=len(trust.schools),
        policies=len(trust.policies),
        clauses=sum(len(policy.outline) for policy in trust.policies.values()),
        overrides=sum(len(adoption.overrides) for adoption in adoptions),
    )


def render(tree: Tree, problems: Problems, today: date) -> tuple[Site, ...]:
    """Every site's pages, in memory: the trust's first, then each school's."""
    shared = read_shared(tree, problems)
    findings = Findings(problems, shared)
    shop = findings.open_workshop(tree, today)
    made = [make_school(shop, school) for school in shared.trust.schools] if shop else []
    for one, _ in made:
        findings.add(one)
    findings.conclude(shop)
    assert shop  # noqa: S101 - or there were errors
    accounts = [read_account(shop, one) for one, _ in made]
    return (make_trust(shop, accounts), *(site for _, site in made if site))


def build(
    order: Order,
    problems: Problems,
    progress: Progress,
    asked: Answer | None = None,
    keep: Callable[[Workshop, Look], None] | None = None,
) -> Tally:
    """From a folder of sources to its websites: the whole of Clausebook in one function.

    `asked` is what came of asking, just now, whether there is anything to do; `keep` is given
    what all sites share, for who goes on working with it.
    """
    asked = asked or ask(order)
    if ended := asked.conclusion:
        problems.found += ended.problems
        return ended.tally

    tree = open_tree(order.root)
    check_output(order)
    look = _look(order.root, tree, problems)
    sources = Sources((POLICIES, SCHOOLS), *look_files(order.root, look.settings))
    stock = asked.stock_of(order, sources)
    if stock is not asked.stock and read_look(order.root).digest != look.digest:
        raise ChangedError("mkdocs.yml")
    order.cache.clear_unfinished()
    past = Past(order.cache, stock, look.digest, order.today, order.places, order.printer)
    shared = read_shared(tree, problems, shelf=past)
    trust, findings = shared.trust, Findings(problems, shared)
    sites = Production(order, trust, past)
    with Renewal(order.projects) as projects, Renewal(order.output) as output:
        yard = Yard(look, PageStore(order.cache), projects.fresh, output.fresh)
        shop = findings.open_workshop(tree, order.today)
        if shop:
            shop = with_pdfs(shop) if order.printer else shop
            for made in sites.make(shop, yard, progress, partial(findings.ask_rules, shop)):
                findings.add(made)
        findings.conclude(shop)
        if order.strict and problems.found:
            raise SourceError(problems)
        sites.make_trusts(shop, yard, progress)
        if changed := stock.changed(take_stock(order.root, *sources, read=False)):
            raise ChangedError(changed)
        sites.put_in_place(projects, output)
    if keep and shop:
        keep(shop, look)
    counted = tally(trust)
    conclude(order, sources, stock, Conclusion(tuple(problems), counted, sites.keys))
    return counted


class ChangedError(ClausebookError):
    """A file that was changed while the websites were being built."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"'{path}' was changed while the websites were being built, so they stay as they "
            "were: build again"
        )


def _look(root: Path, tree: Tree, problems: Problems) -> Look:
    """What every site has in common; mistakes in the sources are told before one in this."""
    try:
        return read_look(root)
    except LookError:
        read_shared(tree, problems)
        problems.stop_on_errors()
        raise


def assign(root: Path, problems: Problems, *, write: bool = True) -> tuple[Assigned, ...]:
    """Give IDs to clauses that have none; each file is written whole or not at all."""
    tree = open_tree(root)
    assigned = assign_ids(tree, problems, recorded_ids(tree))
    if write:
        for change in assigned:
            refuse_links(root, change.path)
        write_files({root / change.path: change.data for change in assigned})
    return assigned


def write_schemas(root: Path, *, write: bool = True) -> list[str]:
    """Write the JSON Schemas of a trust; gives the names of those that changed."""
    trust = read_trust(open_tree(root), Problems())
    folder = root / FOLDER
    changed: dict[Path, bytes] = {}
    for name, text in schemas(trust).items():
        path = folder / name
        refuse_links(root, f"{FOLDER}/{name}")
        if not path.is_file() or path.read_text("utf-8") != text:
            changed[path] = text.encode()
    if write:
        write_files(changed)
    return [f"{FOLDER}/{path.name}" for path in changed]
