"""The commands that look ahead and around: impact, status."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from clausebook import impacttext
from clausebook.dates import MONTHS
from clausebook.english import capital, count
from clausebook.impact import Impact
from clausebook.overview import Overview, PolicyAt, Waiting
from clausebook.standings import as_json as standings_as_json
from clausebook.standings import read_standings
from clausebook.swap import write_file
from clausebook.tables import Cell, draw_table
from clausebook.terminal import Day, reads
from clausebook.weighing import DRAFT, Weighed, weigh

ATTENTION = "yellow"
TROUBLE = "red"


@click.command()
@reads
@click.argument("policy", required=False)
@click.option(
    "--from", "before", metavar="VERSION",
    help="The trust's version to start from.  [default: the latest approved]",
)  # fmt: skip
@click.option(
    "--to", "after", metavar="VERSION", default=DRAFT, show_default=True,
    help="The trust's version to arrive at; 'draft' is what today's files say.",
)  # fmt: skip
@click.option(
    "--format", "style", type=click.Choice(["text", "markdown", "json"]), default="text",
    show_default=True, help="How to print it; 'markdown' is for a pull request.",
)  # fmt: skip
@click.option(
    "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write it to a file."
)
def impact(
    root: Path,
    policy: str | None,
    before: str | None,
    after: str,
    style: str,
    output: Path | None,
) -> None:
    """Show what an edit of POLICY will do at every school, before it lands.

    For each clause that the trust changed: who takes it over, who has wording of
    their own and must decide, who leaves it out, whose override loses its target,
    and who must fill in a value first.  Without POLICY, all of them.

    Nothing is written or ratified.  Overrides that no longer fit are the answer
    here, and no reason to stop; 'clausebook check' treats them as errors.

    \b
    Example:
      clausebook impact social-media             the draft beside what is approved
      clausebook impact --from 2 --to 3 social-media
      clausebook impact --format markdown        a comment for a pull request
    """  # noqa: D301 - click wants the sign itself, not a backslash and a letter
    found = weigh(root, policy, before, after)
    if style == "json":
        text = impacttext.as_json(found.impacts)
    elif style == "markdown":
        text = "\n".join(impacttext.as_markdown(one) for one in _worth_saying(found, policy))
        text = text or "Nothing in the trust's policies differs from what is approved.\n"
    else:
        text = "\n".join(_as_text(one) for one in _worth_saying(found, policy))
        text = text or "Nothing in the trust's policies differs from what is approved.\n"
    if output:
        write_file(output, click.unstyle(text).encode())
        click.echo(f"Written: {output}", err=True)
    else:
        click.echo(text, nl=False)
    for name in found.unapproved:
        click.echo(
            f"{name}: the trust has not approved it yet, so there is nothing to compare.", err=True
        )
    for path in found.unread:
        click.echo(f"{path} could not be read and is left out: see 'clausebook check'.", err=True)


def _worth_saying(found: Weighed, policy: str | None) -> list[Impact]:
    """Every impact, or, where no policy was named, of those that changed."""
    return [one for one in found.impacts if policy or one.clauses or one.renumbered]


def _as_text(found: Impact) -> str:
    """For a terminal: a table, then what there is to do."""
    head = click.style(impacttext.title(found), bold=True)
    if not found.clauses:
        return f"{head}: {impacttext.in_one_sentence(found)}\n"
    rows: list[list[Cell]] = [
        [
            clause.label,
            clause.id,
            clause.words,
            [
                (capital(one.sentence), ATTENTION if one.must_act else "")
                for one in impacttext.together(found, clause)
            ],
        ]
        for clause in found.clauses
    ]
    lines = [head, impacttext.in_one_sentence(found), ""]
    lines.append(draw_table(["Clause", "ID", "Change", "At the schools"], rows).rstrip())
    to_do = [
        f"  {click.style(duty.who, bold=True)}: {duty.what}"
        + (f"\n    {duty.command}" if duty.command else "")
        for duty in impacttext.duties(found)
    ]
    if to_do:
        lines += ["", "To do:", *to_do]
    also = [*impacttext.moved_only(found), *impacttext.unused_lines(found)]
    return "\n".join(lines + ([""] if also else []) + also) + "\n"


@click.command()
@reads
@click.option(
    "--format", "style", type=click.Choice(["text", "json"]), default="text",
    show_default=True, help="How to print it.",
)  # fmt: skip
@click.option(
    "--today", type=Day(), default=date.today, show_default="today",
    help="The day for which versions and review dates are judged.",
)  # fmt: skip
def status(root: Path, style: str, today: date) -> None:
    """Show where every policy stands at every school.

    The version in force and since when, the trust's version it is based on, the next
    review, and what waits for somebody: an overdue review, a draft to consider, a
    newer master, wording to look at again.

    \b
    Example:
      clausebook status
      clausebook status --format json > status.json
    """  # noqa: D301 - click wants the sign itself, not a backslash and a letter
    found = read_standings(root, today)
    if style == "json":
        click.echo(standings_as_json(found, today), nl=False)
        return
    rows = [_status_row(one) for one in (*found.masters, *found.policies)]
    rows += [
        [school.short_name, master.id, "", "", "", "", [("not adopted", "dim")]]
        for master in found.masters
        for school in found.without(master.id)
    ]
    heads = ["School", "Policy", "Version", "Since", "Master", "Next review", "State"]
    click.echo(draw_table(heads, rows).rstrip() + "\n")
    click.echo(_status_in_words(found))


def _status_row(one: PolicyAt) -> list[Cell]:
    version = one.version
    state = [(one.status.value, TROUBLE if one.overdue else "")]
    state += [(waiting.value, ATTENTION) for waiting in one.waiting]
    return [
        one.body.short_name,
        one.id,
        version.label if version else "none",
        _short(version.effective) if version else "",
        one.master or "",
        [(_short(one.review), TROUBLE if one.overdue else "")] if one.review else "",
        state,
    ]


def _short(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1][:3]} {day.year}"


def _status_in_words(found: Overview) -> str:
    every = (*found.masters, *found.policies)
    overdue = sum(one.overdue for one in every)
    counted = [f"{count(overdue, 'review')} overdue"] if overdue else []
    for waiting, noun in _WAITING.items():
        number = len({one.body.id for one in found.policies if waiting in one.waiting})
        counted += [f"{noun} at {count(number, 'school')}"] if number else []
    schools = f"{count(len(found.schools), 'school')}, "
    policies = f"{len(found.masters)} {'policy' if len(found.masters) == 1 else 'policies'}: "
    return schools + policies + (", ".join(counted) or "nothing waits") + "."


_WAITING = {
    Waiting.PROPOSALS: "proposals",
    Waiting.BEHIND: "an older master",
    Waiting.REVIEW: "wording to look at again",
}

COMMANDS = (impact, status)
