"""The command that puts together what was built in parts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from clausebook.building import ProgressLine
from clausebook.gathering import gather as put_together
from clausebook.orders import Order
from clausebook.printer import printer
from clausebook.problems import Problems
from clausebook.terminal import Day, reads, say_what_was_built


@click.command()
@click.argument("parts", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@reads
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the websites go.  [default: site/ in the trust's folder]",
)
@click.option("--strict", is_flag=True, help="Fail on warnings as well as on errors.")
@click.option("--no-downloads", is_flag=True, help="The parts were built without PDFs.")
@click.option(
    "--today", type=Day(), default=date.today, show_default="today",
    help="The day for which the parts were built.",
)  # fmt: skip
def gather(
    parts: Sequence[Path],
    root: Path,
    output: Path | None,
    today: date,
    *,
    strict: bool,
    no_downloads: bool,
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
    order = Order(
        root=root,
        output=output or root / "site",
        today=today,
        strict=strict,
        printer=None if no_downloads else printer(),
    )
    with ProgressLine() as progress:
        done = put_together(order, parts, problems, progress)
    say_what_was_built(order, tuple(problems), done)


COMMANDS = (gather,)
