"""The command that builds; it loads what builds only where there is something to do."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from clausebook.buildcache import FOLDER, BuildCache
from clausebook.orders import Order
from clausebook.printer import printer
from clausebook.terminal import Day, Share, reads, say_what_was_built
from clausebook.unchanged import ask


@click.command()
@reads
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
@click.option("--no-downloads", is_flag=True, help="Make no PDFs of the versions.")
@click.option("--no-cache", is_flag=True, help="Build everything anew, and keep nothing.")
def build(
    root: Path, output: Path | None, today: date, jobs: int | None, **said: Any,  # noqa: ANN401 - as click gives them
) -> None:  # fmt: skip
    """Build the website of every school, and the trust's own.

    The websites land in site/, one folder each, with site/index.html above them;
    the MkDocs projects they are made from land in build/.  If anything is wrong,
    the websites stay as they were.

    Where WeasyPrint is installed ("pip install 'clausebook[pdf]'"), a PDF of every
    version stands beside its page.

    A second build makes again only what has changed.  What it needs for that is
    kept in .clausebook-cache/, which can be deleted at any time.
    """
    order = Order(
        root=root,
        output=output or root / "site",
        today=today,
        schools=tuple(said["schools"]),
        shard=said["shard"],
        strict=said["strict"],
        printer=None if said["no_downloads"] else printer(),
        cache=BuildCache(None if said["no_cache"] else said["folder"] or root / FOLDER),
    )
    asked = ask(order)
    if ended := asked.conclusion:
        found, done, made = ended.problems, ended.tally, 0
    else:
        from clausebook.building import make_sites  # noqa: PLC0415 - slow to load

        found, done, made = make_sites(order, jobs, said["scheduler"], asked)
    if not made:
        click.echo("Nothing has changed since the last build.", err=True)
    if order.cache.trouble:
        click.echo(
            f"Nothing more could be kept in '{order.cache.folder}' for the next build "
            f"({order.cache.trouble[0]}), which will take longer.",
            err=True,
        )
    say_what_was_built(order, found, done)


COMMANDS = (build,)
