"""The command that hands a policy out as a document."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import click

from clausebook.building import ProgressLine
from clausebook.diffing import DRAFT
from clausebook.engines import local, local_engine
from clausebook.english import count
from clausebook.handouts import shelved
from clausebook.outgoing import ALL, Handed, file_name, hand_out
from clausebook.paperhtml import html_of
from clausebook.papers import Paper
from clausebook.pdfs import pdf_of
from clausebook.problems import Problem
from clausebook.swap import write_file
from clausebook.terminal import CANNOT_WRITE, PROBLEMS_FOUND, Day, reads, show_problems

FORMATS: Mapping[str, Callable[[Paper], bytes]] = {"html": html_of, "pdf": pdf_of}


@click.command()
@reads
@click.argument("school")
@click.argument("policy")
@click.option(
    "--version", "label", metavar="V",
    help="Which version.  [default: the one in force, or the draft if none is]",
)  # fmt: skip
@click.option("--draft", is_flag=True, help="The draft, as today's files say it.")
@click.option(
    "--to", "form", type=click.Choice(list(FORMATS)), required=True, help="In what format."
)
@click.option(
    "--output", type=click.Path(path_type=Path),
    help="Where to write it; for 'all', the folder.  [default: a name made from both, here]",
)  # fmt: skip
@click.option(
    "--jobs", type=click.IntRange(1), metavar="N",
    help="For 'all': how many processes work at once.  [default: one for each processor]",
)  # fmt: skip
@click.option(
    "--today", type=Day(), default=date.today, show_default="today",
    help="The day for which it is said what is in force.",
)  # fmt: skip
def export(root: Path, school: str, policy: str, form: str, today: date, **said: Any) -> None:  # noqa: ANN401 - as click gives them
    """Hand out POLICY of SCHOOL as a document: for paper, for e-mail, for another website.

    'html' is one file that needs nothing else, for a website that takes only uploads;
    'pdf' is for paper, and needs WeasyPrint: "pip install 'clausebook[pdf]'".

    SCHOOL is a school's ID, 'trust' for the trust's own master, or 'all': then
    --output is a folder, in which every school that has the policy gets a file.

    \b
    Examples:
      clausebook export kestrel social-media --to pdf
      clausebook export kestrel social-media --version 2 --to html --output old.html
      clausebook export all social-media --to pdf --output papers
    """  # noqa: D301 - click wants the sign itself, not a backslash and a letter
    label, output = said["label"], said["output"]
    if said["draft"] and label:
        raise click.UsageError("give --version or --draft, not both")
    label = DRAFT if said["draft"] else label
    if school == ALL:
        _export_all(root, (policy, label), form, output or Path(f"{policy}-{form}"), today, said)
        return
    if said["jobs"]:
        raise click.UsageError("--jobs is for 'all': one document is made by one process")
    paper = shelved(root, school, policy, today).paper(label)
    path = output or Path(file_name(paper, form))
    write_file(path, FORMATS[form](paper))
    click.echo(f"Written: {path}")


def _export_all(
    root: Path, what: tuple[str, str | None], form: str, folder: Path, today: date,
    said: Mapping[str, Any],
) -> None:  # fmt: skip
    """Write a file for each school as soon as it is made; say at the end what came of all."""
    jobs = said["jobs"]
    engine = (lambda _: local(jobs)) if jobs else local_engine
    total, results = hand_out(root, *what, (form, FORMATS[form]), today, engine)
    missing: list[Handed] = []
    problems: list[Problem] = []
    with ProgressLine("Writing documents") as progress, closing(results):
        for done, handed in enumerate(results, 1):
            if handed.file:
                write_file(folder / handed.file, handed.data)
                progress.show(handed.school, f"Written: {folder / handed.file}", done, total)
            else:
                missing.append(handed)
                problems += (one for one in handed.problems if one not in problems)
    show_problems(problems, err=True)
    for handed in missing:
        if handed.why_not:
            click.echo(f"Not written for {handed.school}: {handed.why_not}", err=True)
    left = f"; {len(missing)} could not be written" if missing else ""
    click.echo(f"{count(total - len(missing), 'file')} in {folder}{left}.")
    if missing:
        sys.exit(PROBLEMS_FOUND if problems else CANNOT_WRITE)


COMMANDS = (export,)
"""The commands of this module."""
