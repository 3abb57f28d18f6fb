"""The command that writes the governors' pack."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import click

from clausebook.handouts import shelved
from clausebook.swap import write_file
from clausebook.terminal import Day, reads

STDOUT = Path("-")


@click.command()
@reads
@click.argument("school")
@click.argument("policy")
@click.option(
    "--output", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    help="Where to write it; '-' prints it.  [default: pack-SCHOOL-POLICY.html or .pdf, here]",
)  # fmt: skip
@click.option(
    "--to", "form", type=click.Choice(["html", "pdf"]), default="html", show_default=True,
    help="In what format; a PDF needs WeasyPrint: \"pip install 'clausebook[pdf]'\".",
)  # fmt: skip
@click.option(
    "--today", type=Day(), default=date.today, show_default="today",
    help="The day for which review dates are judged.",
)  # fmt: skip
def pack(root: Path, school: str, policy: str, output: Path | None, form: str, today: date) -> None:
    """Write what governors need to decide of a draft: POLICY at SCHOOL, in one file.

    The pack has a summary, every change with its reason, the changes in the
    wording, the school's departures from the trust's wording, what is still open,
    a proposed minute and a block to sign.  It is one file that needs nothing else:
    send it by e-mail, open it in any browser, print it.  The school's website has
    the same on the page "Governors' pack".

    SCHOOL is a school's ID, or 'trust' for the trust's own master: then the pack is
    for the trustees.  If no draft waits, that is said and nothing is written.

    \b
    Example:
      clausebook pack kestrel social-media --output autumn-meeting.html
      clausebook pack kestrel social-media --to pdf

    After the meeting, 'clausebook ratify' makes the draft a version.
    """  # noqa: D301 - click wants the sign itself, not a backslash and a letter
    if form == "pdf" and output == STDOUT and sys.stdout.isatty():
        raise click.UsageError("a pdf file cannot be shown here: give --output a file's name")
    text = shelved(root, school, policy, today).pack(on_paper=form == "pdf")
    if text is None:
        click.echo(f"No draft of '{policy}' waits at '{school}': there is nothing to decide.")
        return
    data = text.encode()
    if form == "pdf":
        from clausebook.pdfs import pdf  # noqa: PLC0415 - seldom wanted

        data = pdf(text, today)
    if output == STDOUT:
        click.echo(data, nl=False)
        return
    path = output or Path(f"pack-{school}-{policy}.{form}")
    write_file(path, data)
    click.echo(f"Written: {path}")
    if form == "html":
        click.echo("Open it in your browser to read or print it.", err=True)


COMMANDS = (pack,)
