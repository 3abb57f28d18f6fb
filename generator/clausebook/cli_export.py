"""The command that hands a policy out as a document."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import click

from clausebook.exports import FORMATS, Asked, offered
from clausebook.handouts import shelved
from clausebook.swap import write_file
from clausebook.terminal import Day, reads
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
    type=click.Choice(offered()),
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
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    help="Where to write it; '-' prints it.  [default: POLICY-SCHOOL-vV.docx and so on, in this "
    "folder]",
)
@click.option(
    "--today", type=Day(), default=date.today, show_default="today",
    help="The day that decides which version is in force.",
)  # fmt: skip
def export(  # noqa: PLR0913, PLR0917 - a document can be asked for in this many ways
    root: Path, school: str, policy: str, label: str | None, form: str, against: str | None,
    template: Path | None, output: Path | None, today: date, *, draft: bool,
) -> None:  # fmt: skip
    """Hand out POLICY at SCHOOL as a document, for Word, for paper or for a program.

    SCHOOL is a school's ID, or 'trust' for the trust's own master.  Without --version
    or --draft it is the version in force, or the draft where there is none.

    \b
    docx  a Word document; its styles can be edited, and clauses keep their IDs
    pdf   for printing and for paper copies
    html  one file that needs nothing else, for a website that takes uploads
    md    Markdown, which people and programs can read
    json  the data that the school's website has beside its pages

    \b
    Examples:
      clausebook export kestrel social-media --to docx
      clausebook export kestrel social-media --draft --against 2026-09 --to docx
      clausebook export trust social-media --version 2 --to md --output -

    In the second, Word shows what the draft changes, who changed it and why: accept
    all changes and you have the draft, reject all and you have the version.

    To make Word documents look like your own, export one, edit its styles (Title,
    Heading 1, Clause, Guidance, Policy table and the others) and its header, save it,
    and give it as --template from then on.
    """  # noqa: D301 - click wants the sign itself, not a backslash and a letter
    if draft and label is not None:
        raise click.UsageError("choose one of --version and --draft")
    if against is not None and form != "docx":
        raise click.UsageError("--against shows changes in Word documents: give --to docx as well")
    if template is not None and form != "docx":
        raise click.UsageError("--template is for Word documents: give --to docx as well")
    printed = output == STDOUT
    if printed and not FORMATS[form].is_text and sys.stdout.isatty():
        raise click.UsageError(f"a {form} file cannot be shown here: give --output a file's name")
    shelf = shelved(root, school, policy, today)
    look = usable(template) if template else None
    asked = Asked(shelf=shelf, label="draft" if draft else label, against=against, template=look)
    edition = shelf.edition(asked.label)
    data = FORMATS[form].make(asked)
    if printed:
        click.echo(data, nl=False)
        return
    name = f"{policy}-{school}-{f'v{edition.label}' if edition else 'draft'}"
    name += f"-against-{against}" if against is not None else ""
    path = output or Path(f"{name}.{form}")
    write_file(path, data)
    click.echo(f"Written: {path}")


COMMANDS = (export,)
