"""The command that shows the websites while they are written."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from clausebook import preview
from clausebook.everything import open_tree
from clausebook.problems import Problem
from clausebook.terminal import patient, show_problems


@click.command()
@patient
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Leave as it is to show the sites to yourself only.",
)
def serve(root: Path, host: str, port: int) -> None:
    """Show the websites in your browser while you write.

    A saved file rebuilds the sites that it touches, and the browser follows; a
    mistake is shown here and leaves the pages as they were.  Ctrl+C ends it.
    """
    open_tree(root)
    click.echo(f"Showing http://{host}:{port}/ (Ctrl+C ends it)", err=True)
    preview.show(root, host, port, _say)


def _say(problems: Sequence[Problem], built: Sequence[str], seconds: float) -> None:
    """Tell what a rebuild of the preview did."""
    show_problems(problems, err=True)
    if built:
        click.echo(f"Rebuilt {', '.join(built)} in {seconds:.1f} s", err=True)


COMMANDS = (serve,)
