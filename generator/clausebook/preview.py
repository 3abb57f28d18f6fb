"""The live preview: rebuilds only the sites that an edit touches."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from clausebook.buildcache import BuildCache
from clausebook.locks import workspace
from clausebook.orders import Order
from clausebook.pipeline import ChangedError, build
from clausebook.problems import ClausebookError, Problem, Problems, SourceError
from clausebook.site import serve

Report = Callable[[Sequence[Problem], Sequence[str], float], None]
"""Told after each rebuild: what is wrong, which sites were built, how long it took in seconds."""


_TRIES = 5
"""So often files may be changed while the sites are built, before it is left to the next time."""


class Preview:
    """The sites of a trust, kept up to date in a folder of their own."""

    def __init__(self, root: Path, folder: Path, report: Report) -> None:
        """Show the trust's folder `root`; `folder` holds the preview and nothing else."""
        self.root = root
        self.folder = folder
        self.report = report

    @property
    def site(self) -> Path:
        """Where the built sites are."""
        return self.folder / "site"

    def rebuild(self) -> None:
        """Build again the sites whose pages have changed."""
        for _ in range(_TRIES):
            try:
                self._rebuild()
            except ChangedError:  # somebody writes while this reads
                continue
            return

    def _rebuild(self) -> None:
        began = time.monotonic()
        problems = Problems()
        built: list[str] = []
        order = Order(
            root=self.root,
            output=self.site,
            today=date.today(),  # noqa: DTZ011 - the day where the reader is
            cache=BuildCache(self.folder / "cache"),
            projects_in=self.folder / "build",
        )
        try:
            with workspace(self.root, alone=False):
                build(order, problems, lambda name, *_: built.append(name))
        except SourceError as error:
            problems = Problems(list(error.problems))
        except ChangedError:
            built.clear()
            raise
        finally:
            self.report(tuple(problems), built, time.monotonic() - began)


def show(root: Path, host: str, port: int, report: Report) -> None:
    """Build the preview and serve it until Ctrl+C."""
    with tempfile.TemporaryDirectory(prefix="clausebook-") as folder:
        preview = Preview(root, Path(folder), report)
        preview.rebuild()
        if not preview.site.is_dir():
            raise ClausebookError("there is nothing to show until the problems above are mended")
        watch = [root / name for name in ("policy_source", "schools", "mkdocs.yml")]
        serve(preview.site, host, port, preview.rebuild, [path for path in watch if path.exists()])
