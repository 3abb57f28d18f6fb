"""The live preview: rebuilds only the sites that an edit touches."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from clausebook import pipeline
from clausebook.problems import ClausebookError, Problem, Problems, SourceError
from clausebook.publish import Files, project_files, publish_some, read_look, remove_site
from clausebook.site import SiteBuilder, serve

Report = Callable[[Sequence[Problem], Sequence[str], float], None]
"""Told after each rebuild: what is wrong, which sites were built, how long it took in seconds."""


class Preview:
    """The sites of a trust, kept up to date in a folder of their own."""

    def __init__(self, root: Path, folder: Path, report: Report) -> None:
        """Show the trust's folder `root`; `folder` holds the preview and nothing else."""
        self.root = root
        self.folder = folder
        self.report = report
        self.builder = SiteBuilder()
        self.shown: dict[str, Files] = {}
        """The project that each site now shows was built from."""

    @property
    def site(self) -> Path:
        """Where the built sites are."""
        return self.folder / "site"

    def rebuild(self) -> None:
        """Read everything, and build again the sites whose pages have changed."""
        began = time.monotonic()
        problems = Problems()
        built: list[str] = []
        try:
            built = self._rebuild(problems)
        except SourceError as error:
            problems = Problems(list(error.problems))
        finally:
            self.report(tuple(problems), built, time.monotonic() - began)

    def _rebuild(self, problems: Problems) -> list[str]:
        everything = pipeline.read_everything(pipeline.open_tree(self.root), problems)
        trust = everything.trust
        sites = pipeline.render(everything, problems, date.today())  # noqa: DTZ011 - the day where the reader is
        look = read_look(self.root)
        projects = {site.body.id: project_files(site, look) for site in sites}
        changed = [site for site in sites if projects[site.body.id] != self.shown.get(site.body.id)]
        publish_some(
            trust, changed, look, self.folder, self.site, lambda _site, _pages: None, self.builder
        )
        for gone in self.shown.keys() - projects.keys():
            remove_site(gone, self.folder, self.site)
        self.shown = projects
        return [site.body.name for site in changed]


def show(root: Path, host: str, port: int, report: Report) -> None:
    """Build the preview and serve it until Ctrl+C."""
    with tempfile.TemporaryDirectory(prefix="clausebook-") as folder:
        preview = Preview(root, Path(folder), report)
        preview.rebuild()
        if not preview.site.is_dir():
            raise ClausebookError("there is nothing to show until the problems above are mended")
        watch = [root / name for name in ("policy_source", "schools", "mkdocs.yml")]
        serve(preview.site, host, port, preview.rebuild, [path for path in watch if path.exists()])
