"""The live preview: what has been edited is shown first, and the rest is looked at after that.

An edit of one school's files is shown by making that school's site, in this process, which still
has everything else in mind.  What else the edit touches (other schools' pages, the trust's own
site, what the rules find) is for a whole build, which a process of its own does meanwhile; the
next edit ends it.  Any other edit is a whole build at once.
"""

from __future__ import annotations

import multiprocessing
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from clausebook.buildcache import BuildCache, PageStore, state_of
from clausebook.engines import end_with_parent
from clausebook.locks import workspace
from clausebook.making import Workshop
from clausebook.orders import Order
from clausebook.pipeline import ChangedError, build
from clausebook.problems import ClausebookError, Problem, Problems, SourceError
from clausebook.publish import Look
from clausebook.reading import POLICIES, SCHOOLS, read_school_again
from clausebook.site import serve
from clausebook.swap import Renewal
from clausebook.works import Piece, Yard, build_school

Report = Callable[[Sequence[Problem], Sequence[str], float], None]
"""Told after each rebuild: what is wrong, which sites were built, how long it took in seconds."""

Result = tuple[Sequence[Problem], Sequence[str], float]
"""What is told of a rebuild."""

CONFIGURATION = "mkdocs.yml"


@dataclass(frozen=True)
class InMind:
    """What the last whole build in this process has left."""

    shop: Workshop
    look: Look
    today: date


_TRIES = 5
"""So often files may be changed while the sites are built, before it is left to the next time."""


class Preview:
    """The sites of a trust, kept up to date in a folder of their own."""

    def __init__(self, root: Path, folder: Path, report: Report) -> None:
        """Show the trust's folder `root`; `folder` holds the preview and nothing else."""
        self.root = root
        self.folder = folder
        self.report = report
        self.signs = folder / "signs"
        """A file here is written anew when there is more to show than a rebuild has shown."""
        self.signs.mkdir()
        self.seen: dict[str, str] = {}
        self.mind: InMind | None = None
        self.whole: BaseProcess | None = None
        self.telling: threading.Thread | None = None
        """Waits for `whole`, to tell what came of it."""
        self.failure: ClausebookError | None = None
        """Why what was begun meanwhile could not be done."""

    @property
    def site(self) -> Path:
        """Where the built sites are."""
        return self.folder / "site"

    def rebuild(self) -> None:
        """Show what has been edited since the last time; raises what kept the rest from it."""
        seen, before = self._look_around(), self.seen
        edited = {
            part for part in seen.keys() | before.keys() if seen.get(part) != before.get(part)
        }
        if edited:
            self.seen, self.failure = seen, None
            self.end()
            if not self._show_school(edited):
                self._build_here()
        elif failure := self.failure:
            self.failure = None
            raise failure

    def _look_around(self) -> dict[str, str]:
        """The states of all that can be edited: of every school by itself."""
        parts = [POLICIES, CONFIGURATION]
        with suppress(OSError):
            parts += (f"{SCHOOLS}/{path.name}" for path in (self.root / SCHOOLS).iterdir())
        return {part: state_of(self.root / part) for part in parts}

    def _order(self) -> Order:
        return Order(
            root=self.root,
            output=self.site,
            today=date.today(),  # noqa: DTZ011 - the day where the reader is
            cache=BuildCache(self.folder / "cache"),
            projects_in=self.folder / "build",
        )

    # -- one school, at once -----------------------------------------------------------

    def _show_school(self, edited: set[str]) -> bool:
        """Show a school as it is now; False if more than its own files have been edited."""
        order, mind = self._order(), self.mind
        if mind is None or len(edited) != 1 or mind.today != order.today:
            return False
        school = edited.pop().removeprefix(f"{SCHOOLS}/")
        if school not in mind.shop.shared.trust.schools:
            return False
        began = time.monotonic()
        with (
            suppress(SourceError),  # the whole build tells of all mistakes together
            workspace(self.root, alone=False),
            Renewal(order.projects) as projects,
            Renewal(order.output) as output,
        ):
            trust = mind.shop.shared.trust
            trust = read_school_again(mind.shop.tree, trust, school, Problems())
            shop = replace(mind.shop, shared=replace(mind.shop.shared, trust=trust))
            yard = Yard(mind.look, PageStore(order.cache), projects.fresh, output.fresh)
            if build_school((shop, yard), Piece(school)).pages:
                self.mind = replace(mind, shop=shop)
                projects.replace_each()
                output.replace_each()
                name = trust.schools[school].details.name
                self.report((), [name], time.monotonic() - began)
        self._build_meanwhile(order)
        return True

    # -- everything ---------------------------------------------------------------------

    def _build_here(self) -> None:
        """Build all that has changed, and keep in mind what it was built from."""
        order = self._order()

        def keep(shop: Workshop, look: Look) -> None:
            self.mind = InMind(shop, look, order.today)

        self.report(*_build(order, keep))

    def _build_meanwhile(self, order: Order) -> None:
        """Let another process build all that has changed."""
        ours, theirs = multiprocessing.Pipe(duplex=False)
        self.whole = multiprocessing.Process(target=_build_and_tell, args=(order, theirs))
        self.whole.start()
        theirs.close()
        self.telling = threading.Thread(target=self._await, args=(ours,), daemon=True)
        self.telling.start()

    def _await(self, ours: Connection) -> None:
        """Tell what came of the other process, unless it was ended."""
        with suppress(EOFError, OSError):
            found: Result | ClausebookError = ours.recv()
            if isinstance(found, ClausebookError):
                self.failure = found
            else:
                self.report(*found)
            (self.signs / "built").write_text(str(time.monotonic_ns()))

    def end(self) -> None:
        """End what is being built meanwhile."""
        if self.whole:
            self.whole.kill()
            self.whole.join()
            self.whole = None


def _build(order: Order, keep: Callable[[Workshop, Look], None] | None = None) -> Result:
    """Build; gives what is wrong, what was built, and how long it took in seconds."""
    began = time.monotonic()
    for _ in range(_TRIES):
        with suppress(ChangedError):  # somebody writes while this reads
            problems, built = _built(order, keep)
            return problems, built, time.monotonic() - began
    return (), (), time.monotonic() - began


def _built(
    order: Order, keep: Callable[[Workshop, Look], None] | None
) -> tuple[Sequence[Problem], Sequence[str]]:
    problems = Problems()
    built: list[str] = []
    try:
        with workspace(order.root, alone=False):
            build(order, problems, lambda name, *_: built.append(name), keep=keep)
    except SourceError as error:
        return tuple(error.problems), tuple(built)
    return tuple(problems), tuple(built)


def _build_and_tell(order: Order, theirs: Connection) -> None:
    end_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for who began this
    try:
        theirs.send(_build(order))
    except ClausebookError as error:
        theirs.send(ClausebookError(str(error)))


def show(root: Path, host: str, port: int, report: Report) -> None:
    """Build the preview and serve it until Ctrl+C."""
    with tempfile.TemporaryDirectory(prefix="clausebook-") as folder:
        preview = Preview(root, Path(folder), report)
        preview.rebuild()
        if not preview.site.is_dir():
            raise ClausebookError("there is nothing to show until the problems above are mended")
        watch = [root / name for name in (POLICIES, SCHOOLS, CONFIGURATION)]
        watch = [preview.signs, *(path for path in watch if path.exists())]
        try:
            serve(preview.site, host, port, preview.rebuild, watch)
        finally:
            preview.end()
