"""The commands that build: `build`, and `gather` for what was built in parts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, Self

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from clausebook import pipeline
from clausebook.buildcache import FOLDER, BuildCache
from clausebook.dask_engine import Dask
from clausebook.engines import Engine, local
from clausebook.english import count
from clausebook.gathering import gather as put_together
from clausebook.pipeline import Tally
from clausebook.problems import Problems
from clausebook.production import Order
from clausebook.terminal import Day, Share, root_option, show_problems


@click.command()
@root_option
@click.option(
    "--school", "schools", multiple=True, metavar="ID",
    help="Build only this school's site (may be given again; 'trust' is the trust's own).",
)  # fmt: skip
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the websites go.  [default: site/ in the trust's folder]",
)
@click.option("--strict", is_flag=True, help="Fail on warnings as well as on errors.")
@click.option(
    "--today", type=Day(), default=date.today, show_default="today",
    help="The day for which review dates are judged.",
)  # fmt: skip
@click.option(
    "--jobs", type=click.IntRange(1), metavar="N",
    help="How many processes work at once.  [default: one for each processor]",
)  # fmt: skip
@click.option(
    "--shard", type=Share(), metavar="K/N",
    help="Build every Nth school, beginning with the Kth; 'clausebook gather' does the rest.",
)  # fmt: skip
@click.option(
    "--scheduler", metavar="ADDRESS",
    help="Let the workers of a Dask scheduler do the work, such as tcp://host:8786.",
)  # fmt: skip
@click.option(
    "--cache", "folder", type=click.Path(path_type=Path, file_okay=False),
    help=f"Where results are kept for the next build.  [default: {FOLDER}/ in the trust's folder]",
)  # fmt: skip
@click.option("--no-cache", is_flag=True, help="Build everything anew, and keep nothing.")
def build(
    root: Path, output: Path | None, today: date, jobs: int | None, **said: Any,  # noqa: ANN401 - as click gives them
) -> None:  # fmt: skip
    """Build the website of every school, and the trust's own.

    The websites land in site/, one folder each, with site/index.html above them;
    the MkDocs projects they are made from land in build/.  If anything is wrong,
    the websites stay as they were.

    A second build makes again only what has changed.  What it needs for that is
    kept in .clausebook-cache/, which can be deleted at any time.
    """
    problems = Problems()
    engine: Engine | None = local(jobs) if jobs else None
    if said["scheduler"]:
        engine = Dask(said["scheduler"])
    order = Order(
        root=root,
        output=output or root / "site",
        today=today,
        schools=tuple(said["schools"]),
        shard=said["shard"],
        strict=said["strict"],
        engine=engine,
        cache=BuildCache(None if said["no_cache"] else said["folder"] or root / FOLDER),
    )
    with _ProgressLine() as progress:
        done = pipeline.build(order, problems, progress)
    if not progress.told:
        click.echo("Nothing has changed since the last build.", err=True)
    _conclude(order, problems, done)


@click.command()
@click.argument("parts", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@root_option
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the websites go.  [default: site/ in the trust's folder]",
)
@click.option("--strict", is_flag=True, help="Fail on warnings as well as on errors.")
@click.option(
    "--today", type=Day(), default=date.today, show_default="today",
    help="The day for which the parts were built.",
)  # fmt: skip
def gather(
    parts: Sequence[Path], root: Path, output: Path | None, today: date, *, strict: bool
) -> None:
    """Put the parts of a build together, and add the trust's own site.

    PARTS are the folders that 'clausebook build --shard' has built, on this machine
    or on others, from the same sources.

    \b
    Example:
      clausebook build --shard 1/2 --output part-1
      clausebook build --shard 2/2 --output part-2
      clausebook gather part-1 part-2
    """  # noqa: D301 - click wants the sign itself, not a backslash and a letter
    problems = Problems()
    order = Order(root=root, output=output or root / "site", today=today, strict=strict)
    with _ProgressLine() as progress:
        done = put_together(order, parts, problems, progress)
    _conclude(order, problems, done)


def _conclude(order: Order, problems: Problems, done: Tally) -> None:
    if problems.found:
        show_problems(tuple(problems), err=True)
    click.echo(f"{in_words(done)}.")
    click.echo(f"Open {order.output / 'index.html'} in your browser.")


def in_words(went_in: Tally) -> str:
    """What went in, counted."""
    return (
        f"{count(went_in.schools, 'school')}, {_policies(went_in.policies)}, "
        f"{count(went_in.clauses, 'clause')} and {count(went_in.overrides, 'override')}"
    )


def _policies(number: int) -> str:
    return f"{number} {'policy' if number == 1 else 'policies'}"


class _ProgressLine:
    """What is being built: a bar on a terminal, a line for each site elsewhere."""

    def __init__(self) -> None:
        self.console = Console(stderr=True)
        self.bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            console=self.console,
            transient=True,
        )
        self.told = 0
        self.task = None if not self.console.is_terminal else self.bar.add_task("Building")

    def __enter__(self) -> Self:
        if self.task is not None:
            self.bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.task is not None:
            self.bar.stop()

    def __call__(self, name: str, pages: int, done: int, total: int) -> None:
        """Show that `name` is built, as number `done` of `total`."""
        self.told = done
        if self.task is None:
            click.echo(f"Built {name} ({count(pages, 'page')}), {done} of {total}", err=True)
        else:
            self.bar.update(self.task, description=name, completed=done, total=total)


COMMANDS = (build, gather)
