"""A build that has something to do, and the line on the terminal that tells of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Self

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from clausebook import pipeline
from clausebook.dask_engine import Dask
from clausebook.engines import local, look_for_cycles_seldom
from clausebook.english import count
from clausebook.orders import Order, Tally
from clausebook.problems import Problem, Problems
from clausebook.unchanged import Answer


def make_sites(
    order: Order, jobs: int | None, scheduler: str | None, asked: Answer
) -> tuple[tuple[Problem, ...], Tally, int]:
    """Build; gives what was found, what went in, and how many sites were made.

    The work is done by so many processes, or by the workers of a Dask scheduler.
    """
    look_for_cycles_seldom()
    if scheduler:
        order = replace(order, engine=Dask(scheduler))
    elif jobs:
        order = replace(order, engine=local(jobs))
    problems = Problems()
    what = "Building websites and PDFs" if order.printer else "Building"
    with ProgressLine(what) as progress:
        done = pipeline.build(order, problems, progress, asked)
    return tuple(problems), done, progress.told


class ProgressLine:
    """What is being built: a bar on a terminal, a line for each site elsewhere."""

    def __init__(self, what: str = "Building") -> None:
        self.console = Console(stderr=True)
        self.bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            console=self.console,
            transient=True,
        )
        self.told = 0
        self.task = None if not self.console.is_terminal else self.bar.add_task(what)

    def __enter__(self) -> Self:
        if self.task is not None:
            self.bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.task is not None:
            self.bar.stop()

    def __call__(self, name: str, pages: int, done: int, total: int, pdfs: int = 0) -> None:
        """Show that `name` is built, as number `done` of `total`."""
        papers = f" and {count(pdfs, 'PDF')}" if pdfs else ""
        self.show(name, f"Built {name} ({count(pages, 'page')}{papers})", done, total)

    def show(self, name: str, told: str, done: int, total: int) -> None:
        """Show that something is done, in few words on a terminal and as `told` elsewhere."""
        self.told = done
        if self.task is None:
            click.echo(f"{told}, {done} of {total}", err=True)
        else:
            self.bar.update(self.task, description=name, completed=done, total=total)
