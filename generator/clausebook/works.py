"""The pieces of work of a build, as any engine can do them: a school checked, or its site built."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from clausebook.buildcache import PageStore
from clausebook.making import Made, Workshop, make_school
from clausebook.pages import Site
from clausebook.pdfs import kept_pdf
from clausebook.publish import Look, project_files, write_project
from clausebook.site import SiteBuilder
from clausebook.snapshot import Snapshot


@dataclass(frozen=True)
class Yard:
    """Where sites are built: what they look like, and where they go."""

    look: Look
    pages: PageStore
    """Pages that earlier builds have finished, and PDFs."""
    projects: Path
    """The folder of the emitted projects."""
    sites: Path


@dataclass(frozen=True)
class Piece:
    """One school's site, still to be made."""

    school: str
    files: Snapshot | None = None
    """What the school has on record, where its folder cannot be read."""
    wanted: bool = True
    """Whether its site is asked for, or only what others must know of it."""


@dataclass(frozen=True)
class Built:
    """What came of a school: what is known of it, and its site."""

    made: Made
    pages: int = 0
    pdfs: int = 0
    project: Mapping[str, bytes] | None = None
    """The project's files, if they were made elsewhere."""
    site: Mapping[str, bytes] | None = None
    trouble: tuple[str, ...] = ()
    """Why its pages could not be kept for the next build."""

    def put(self, yard: Yard) -> None:
        """Put what was made elsewhere where it belongs."""
        for folder, files in ((yard.projects, self.project), (yard.sites, self.site)):
            if files is not None:
                write_project(files, folder / self.made.id)


def check_schools(shop: Workshop, schools: Sequence[str]) -> list[Made]:
    """Check some schools."""
    return [make_school(shop, school, site=False)[0] for school in schools]


def build_school(shared: tuple[Workshop, Yard], piece: Piece) -> Built:
    """Make one school's site and build it; nothing is built if the school has a mistake."""
    shop, yard = shared
    school = piece.school
    made, site = make_school(replace(shop, tree=piece.files) if piece.files else shop, school)
    if site is None or not piece.wanted:
        return Built(made)
    if piece.files is None:
        pages = build_site(site, yard)
        trouble = tuple(yard.pages.cache.trouble)
        return Built(made, pages, len(site.papers), trouble=trouble)
    with tempfile.TemporaryDirectory(prefix="clausebook-") as folder:
        away = replace(yard, projects=Path(folder) / "projects", sites=Path(folder) / "sites")
        pages = build_site(site, away)
        return Built(
            made,
            pages,
            len(site.papers),
            _files(away.projects / school),
            _files(away.sites / school),
        )


def build_site(site: Site, yard: Yard) -> int:
    """Emit a site's project and build it; gives the number of its pages."""
    files, project = dict(project_files(site, yard.look)), yard.projects / site.body.id
    for path, paper in site.papers.items():  # in memory for one site only
        files[f"docs/{path}"] = kept_pdf(paper, yard.pages.cache)
    write_project(files, project)
    return _builder().build_files(files, project, yard.sites / site.body.id, pages=yard.pages).pages


@cache
def _builder() -> SiteBuilder:
    """One for each process: it keeps what it has read of the theme."""
    return SiteBuilder()


def _files(folder: Path) -> Mapping[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
