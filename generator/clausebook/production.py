"""The sites of a build: which are to be made, who makes them, and what has come of them."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Protocol

from clausebook.buildcache import FOLDER as CACHE
from clausebook.buildcache import SOURCES, BuildCache, PageStore, digest
from clausebook.carrying import DamagedError, pack
from clausebook.engines import local_engine
from clausebook.making import Made, Workshop, make_trust, read_account
from clausebook.model import Trust
from clausebook.orders import Order
from clausebook.overview import Account
from clausebook.past import Past
from clausebook.problems import nearest
from clausebook.publish import front_page, write_project
from clausebook.reading import SCHOOLS, TRUST_ID
from clausebook.snapshot import Snapshot, snapshot
from clausebook.swap import FolderError, Renewal
from clausebook.works import Built, Piece, Yard, build_school, build_site


class Progress(Protocol):
    """Told of every site that is built."""

    def __call__(self, name: str, pages: int, done: int, total: int, pdfs: int = 0) -> None:
        """`name` has `pages` pages, `pdfs` PDFs, and is number `done` of `total`."""


FRONT = "index.html"
"""The page above all sites."""

PART = ".clausebook-part"
"""In the output of a part: what the whole must know of its schools."""


@dataclass(frozen=True)
class Part:
    """What one part of a build gives to the whole, beside its sites."""

    today: date
    made: dict[str, tuple[str, Made]]
    """For each school what its site was made from, and what came of it."""


class Production:
    """The sites of a build: which are to be made, and what has come of them."""

    def __init__(self, order: Order, trust: Trust, past: Past) -> None:
        self.order = order
        self.trust = trust
        self.past = past
        self.wanted = _wanted(trust, order)
        self.made_from = past.school_keys(trust)
        """For every school, what its site is made from."""
        self.made: dict[str, Made] = {}
        self.built: dict[str, str] = {}
        """The sites that have been built, and from what."""
        self.done = 0
        self.newly_made: list[str] = []
        """Schools of which more is known now than before; kept once the sources are seen to be
        still the ones that it was made from."""
        self.trouble = order.cache.trouble

    @cached_property
    def keys(self) -> dict[str, str]:
        """For every site wanted, what it is made from."""
        shared = self.past.shared_key(self.trust)
        every = {**self.made_from, TRUST_ID: digest(shared, *self.made_from.items())}
        return {site: every[site] for site in self.wanted}

    def make(
        self, shop: Workshop, yard: Yard, progress: Progress, meanwhile: Callable[[], None]
    ) -> Iterator[Made]:
        """Make what has changed; tell of every school that this build is about.

        `meanwhile` is done here while others begin with the schools.
        """
        schools = self.trust.schools if TRUST_ID in self.wanted else self.wanted
        missing: list[str] = []
        for school in schools:
            before = self.past.made(self.made_from[school])
            if before and (school not in self.wanted or self._stands(school)):
                self.made[school] = before
            else:
                missing.append(school)
        known = tuple(self.made.values())
        with closing(self._begin(missing, shop, yard)) as results:
            meanwhile()
            self._prepare_trusts(shop)
            yield from known
            for built in results:
                school = built.made.id
                self.trouble += built.trouble
                self.newly_made.append(school)
                self.made[school] = built.made
                if built.pages:
                    built.put(yard)
                    self.built[school] = self.made_from[school]
                    name = self.trust.schools[school].details.name
                    self._tell(progress, name, built.pages, built.pdfs)
                yield built.made

    def _begin(
        self, schools: Sequence[str], shop: Workshop, yard: Yard
    ) -> Generator[Built, None, None]:
        """Let an engine begin with some schools."""
        engine = self.order.engine or local_engine(len(schools))
        wanted = {school: school in self.wanted for school in schools}
        if engine.is_near:
            near = [Piece(school, None, wanted[school]) for school in schools]
            return engine.run(build_school, (shop, yard), near)
        # what the workers cannot see goes with the pieces
        far = [
            Piece(school, snapshot(shop.tree, f"{SCHOOLS}/{school}"), wanted[school])
            for school in schools
        ]
        shop, yard = replace(shop, tree=Snapshot({})), replace(yard, pages=PageStore(BuildCache()))
        return engine.run(build_school, (shop, yard), far)

    def _prepare_trusts(self, shop: Workshop) -> None:
        """Write the trust's pages a first time while others make the schools.

        Nothing is left of it but what this process remembers: writing them again, with all
        schools in them, is done in a moment.
        """
        if TRUST_ID in self.wanted and not self._stands(TRUST_ID):
            make_trust(shop, ())

    def make_trusts(self, shop: Workshop | None, yard: Yard, progress: Progress) -> None:
        """Make the trust's own site, which needs what is known of every school."""
        if shop and TRUST_ID in self.wanted and not self._stands(TRUST_ID):
            site = make_trust(shop, self._accounts(shop))
            pages = build_site(site, yard)
            self.built[TRUST_ID] = self.keys[TRUST_ID]
            self._tell(progress, self.trust.details.name, pages, len(site.papers))

    def _accounts(self, shop: Workshop) -> list[Account]:
        """What is known of every school."""
        try:
            return [read_account(shop, self.made[school]) for school in self.trust.schools]
        except DamagedError as error:
            message = f"what earlier builds have kept is damaged ({error}): delete {CACHE}/"
            raise FolderError(message) from error

    def _stands(self, site: str) -> bool:
        return self.past.standing.stands(site, self.keys[site])

    def put_in_place(self, projects: Renewal, output: Renewal) -> None:
        """Let readers see what has been built; remove the sites of schools that are gone."""
        for place in (projects, output):
            place.refuse_if_disturbed(self.built, self.keys.keys() - self.built.keys())
        kept = set(self.wanted) if self.order.shard else {TRUST_ID, *self.trust.schools}
        folders = (output.fresh, output.target)
        there = [site for site in sorted(kept) if any((at / site).is_dir() for at in folders)]
        front = front_page(self.trust, there)
        write_project({FRONT: front}, output.fresh)
        if self.order.shard:
            made = {school: (self.made_from[school], self.made[school]) for school in self.wanted}
            part = Part(self.order.today, made)
            write_project({PART: pack(part, with_texts=True)}, output.fresh)
        for place in (projects, output):
            if self.built.keys() == kept:
                place.replace_all()
            else:
                place.replace_each()
            place.keep_only(kept)
        for school in self.newly_made:
            self.past.keep(self.made_from[school], self.made[school])
        self.keys[FRONT] = digest(front)
        self.past.standing.left({**self.built, FRONT: self.keys[FRONT]})

    def _tell(self, progress: Progress, name: str, pages: int, pdfs: int) -> None:
        self.done += 1
        progress(name, pages, self.done, len(self.wanted), pdfs)


def _wanted(trust: Trust, order: Order) -> tuple[str, ...]:
    """The sites that are asked for, the trust's first."""
    if order.shard:
        part, parts = order.shard
        return tuple(trust.schools)[part - 1 :: parts]
    names, known = order.schools, (TRUST_ID, *trust.schools)
    for name in names:
        if name not in known:
            hint = nearest(name, known) or "schools: " + ", ".join(known)
            message = f"there is no school '{name}'; {hint}"
            raise FolderError(message)
    return tuple(name for name in known if not names or name in names)


def check_output(order: Order) -> None:
    """Refuse to build sites where what people write stands, or what is replaced at every build."""
    root, output, projects = (p.resolve() for p in (order.root, order.output, order.projects))
    why = ""
    if output in (projects, *projects.parents) or output.is_relative_to(projects):
        why = "build/ is replaced at every build"
    if root.is_relative_to(output):
        why = "the trust's folder is in it, and whatever it holds is replaced"
    for name in (*SOURCES, CACHE):
        if output.is_relative_to(root / name):
            why = f"it is in {name}/, and whatever it holds is replaced"
    if why:
        raise FolderError(f"'{order.output}' cannot hold the websites: {why}")
