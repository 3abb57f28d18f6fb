"""The command that hands a policy out as a document."""

from __future__ import annotations

import sys
from contextlib import closing
from datetime import date
from pathlib import Path

import click

from clausebook.engines import local, local_engine
from clausebook.english import count
from clausebook.exports import FORMATS, Asked
from clausebook.handouts import shelved
from clausebook.outgoing import ALL, Handed, file_name, hand_out
from clausebook.problems import Problem
from clausebook.swap import write_file
from clausebook.terminal import CANNOT_WRITE, PROBLEMS_FOUND, Day, reads, show_problems
from clausebook.wordtemplates import usable

STDOUT = Path("-")


@click.command()
@reads
@click.argument("school")
@click.argument("policy")
@click.option("--version", "label", metavar="V", help="Which version, by its label.")
@click.option("--draft", is_flag=True, help="The draft, as today's files have it.")
@click.option(
    "--to",
    "form",
    type=click.Choice(list(FORMATS)),
    required=True,
    help="What kind of file.",
)
@click.option(
    "--against",
    metavar="V",
    help="With --to docx: show every change since version V (or since 'draft') as a tracked "
    "change, with the reasons as comments.",
)
@click.option(
    "--template",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="With --to docx: a Word document of your own, whose styles, page, header and footer are "
    "used.",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path, allow_dash=True),
    help="Where to write it; '-' prints it.  For 'all', the folder.  "
    "[default: POLICY-SCHOOL-vV.docx and so on, in this folder]",
)
@click.option(
    "--jobs", type=click.IntRange(1), metavar="N",
    help="For 'all': how many processes work at once.  [default: one for each processor]",
)  # fmt: skip
@click.option(
    "--today", type=Day(), default=date.today, show_default="today",
    help="The day that decides which version is in force.",
)  # fmt: skip
def export(  # noqa: PLR0913, PLR0917 - a document can be asked for in this many ways
    root: Path, school: str, policy: str, label: str | None, form: str, against: str | None,
    template: Path | None, output: Path | None, jobs: int | None, today: date, *, draft: bool,
) -> None:  # fmt: skip
    """Hand out POLICY at SCHOOL as a document, for Word, for paper or for a program.

    SCHOOL is a school's ID, 'trust' for the trust's own master, or 'all' for every
    school that has the policy.  Without --version or --draft it is the version in
    force, or the draft where there is none.

    \b
    docx  a Word document; its styles can be edited, and clauses keep their IDs
    pdf   for paper; needs WeasyPrint: pip install 'clausebook[pdf]'
    html  one file that needs nothing else, for a website that takes uploads
    md    Markdown, which people and programs can read
    json  the data that the school's website has beside its pages

    \b
    Examples:
      clausebook export kestrel social-media --to docx
      clausebook export kestrel social-media --draft --against 2026-09 --to docx
      clausebook export trust social-media --version 2 --to md --output -
      clausebook export all social-media --to pdf --output papers

    In the second, Word shows what the draft changes, who changed it and why: accept
    all changes and you have the draft, reject all and you have the version.

    To make Word documents look like your own, export one, edit its styles (Title,
    Heading 1, Clause, Guidance, Policy table and the others) and its header, save it,
    and give it as --template from then on.
    """  # noqa: D301 - click wants the sign itself, not a backslash and a letter
    _refuse_misunderstandings(label, form, against, template, draft=draft)
    if output and school != ALL and (named := output.suffix[1:].lower()) in {*FORMATS} - {form}:
        raise click.UsageError(f"'{output}' is a {named} file's name: give --to {named} as well")
    label = "draft" if draft else label
    look = usable(template) if template else None
    if school == ALL:
        if against is not None or output == STDOUT:
            raise click.UsageError("'all' gives clean documents, in the folder --output")
        _export_all(root, (policy, label, form, look, today), output or Path(), jobs)
        return
    if jobs:
        raise click.UsageError("--jobs is for 'all': one document is made by one process")
    if output and output.is_dir():
        raise click.UsageError(f"'{output}' is a folder: give --output a file's name")
    printed = output == STDOUT
    if printed and not FORMATS[form].is_text and sys.stdout.isatty():
        raise click.UsageError(f"a {form} file cannot be shown here: give --output a file's name")
    shelf = shelved(root, school, policy, today)
    if against == shelf.which(label):
        draft_too = "" if against == "draft" else "; give --draft for what the draft changes"
        raise click.UsageError(f"--against '{against}' is what would be written{draft_too}")
    asked = Asked(shelf=shelf, label=label, against=against, template=look)
    data = FORMATS[form].make(asked)
    if printed:
        click.echo(data, nl=False)
        return
    path = output or Path(file_name(asked, form))
    write_file(path, data)
    click.echo(f"Written: {path}")


def _refuse_misunderstandings(
    label: str | None, form: str, against: str | None, template: Path | None, *, draft: bool
) -> None:
    if draft and label is not None:
        raise click.UsageError("choose one of --version and --draft")
    if against is not None and form != "docx":
        raise click.UsageError("--against shows changes in Word documents: give --to docx as well")
    if template is not None and form != "docx":
        raise click.UsageError("--template is for Word documents: give --to docx as well")


def _export_all(
    root: Path,
    what: tuple[str, str | None, str, bytes | None, date],
    folder: Path,
    jobs: int | None,
) -> None:
    """Write a file for each school as soon as it is made; say at the end what came of all."""
    from clausebook.building import ProgressLine  # noqa: PLC0415 - slow to load

    engine = (lambda _: local(jobs)) if jobs else local_engine
    total, results = hand_out(root, *what, engine)
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
