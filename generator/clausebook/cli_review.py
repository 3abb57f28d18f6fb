"""The command that goes through what a school has to look at again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from clausebook.changes import Comparison, Provision, Wording
from clausebook.colours import redlined
from clausebook.compare import compare
from clausebook.english import count
from clausebook.problems import SourceError
from clausebook.redlinetext import segments
from clausebook.reviewing import (
    Decision,
    Item,
    as_it_is,
    note_wanted,
    own_wording,
    what_changed,
    written_words,
)
from clausebook.revisiting import Found, to_review, write_decision
from clausebook.terminal import patient, show_problems
from clausebook.yamledit import EditError

SKIP, QUIT = "skip", "quit"

AHEAD = (Decision.KEEP.value, Decision.ADOPT.value)
"""What can be decided on the command line, without an editor."""


class Decided(click.ParamType[tuple[str, Decision]]):
    """A clause and what to do about it: `sm-142=keep`."""

    name = "ID=keep|adopt"

    def convert(
        self,
        value: object,
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> tuple[str, Decision]:
        """Take the two apart, or say how they are written."""
        clause, _, said = str(value).partition("=")
        if not clause or said not in AHEAD:
            self.fail(f"'{value}' is not written as sm-142=keep or sm-142=adopt", param, ctx)
        return clause, Decision(said)


@click.command()
@patient
@click.argument("owner", metavar="SCHOOL")
@click.argument("policy", required=False)
@click.option(
    "--decide", "decisions", type=Decided(), multiple=True,
    help="Decide without being asked (may be given again); all else is left for later.",
)  # fmt: skip
def review(
    root: Path, owner: str, policy: str | None, decisions: Sequence[tuple[str, Decision]]
) -> None:
    """Go through what SCHOOL decided about wording that the trust has changed since.

    For each clause you see what you read when you wrote your own wording, what the
    trust says now, and what you say.  Then you keep yours, adopt the trust's, or
    write other words in your editor.  Each decision goes into the school's file at
    once; its comments, its order and everything else in it stay as they are.

    SCHOOL is a school's or a group's ID.  Without POLICY, all of its policies.

    \b
    Example:
      clausebook review saltmarsh social-media
      clausebook review saltmarsh social-media --decide sm-142=keep
    """  # noqa: D301 - click wants the sign itself, not a backslash and a letter
    found = to_review(root, owner, policy)
    ahead = dict(decisions)
    unknown = [clause for clause in ahead if clause not in {item.id for item in found.items}]
    if unknown:
        raise click.BadParameter(
            f"'{unknown[0]}' is not a clause that {owner} has to look at again",
            param_hint="--decide",
        )
    if not found.items:
        click.echo(f"{_name(found)} has nothing to look at again.")
    else:
        _go_through(root, found, ahead)
    if found.elsewhere:
        click.echo(f"Its group has something to decide: clausebook review {found.elsewhere}")


def _name(found: Found) -> str:
    details = found.owner.details
    return details.short_name or details.name


def _go_through(root: Path, found: Found, ahead: Mapping[str, Decision]) -> None:
    """Every item in turn; each decision is written before the next is asked for."""
    removed: dict[str, int] = {}
    reworded: list[Item] = []
    left = 0
    for number, item in enumerate(found.items, 1):
        if not ahead:
            click.echo(_shown(item, f"{number} of {len(found.items)}"))
        said = str(ahead.get(item.id, SKIP)) if ahead else _ask(item)
        if said == QUIT:
            left += len(found.items) - number + 1
            break
        if said == SKIP or not _carried_out(root, item, Decision(said), removed.get(item.path, 0)):
            left += 1
            continue
        if said == Decision.ADOPT:
            removed[item.path] = removed.get(item.path, 0) + 1
        if said != Decision.KEEP:
            reworded.append(item)
    if left:
        click.echo(f"{count(left, 'clause')} left to decide.")
    if reworded:
        click.echo("\nThe wording here changes with that. Say why, for the next version:")
        for item in reworded:
            click.echo(f"  {note_wanted(item)}")


def _ask(item: Item) -> str:
    choices = [decision.value for decision in Decision if decision in item.choices]
    kind = click.Choice([*choices, SKIP, QUIT])
    return str(click.prompt("What do you want to do?", type=kind, show_choices=True))


def _carried_out(root: Path, item: Item, decision: Decision, removed: int) -> bool:
    """Write a decision down; False if it could not be, or nothing was written in the editor."""
    try:
        if decision is Decision.REWRITE:
            return _rewritten(root, item, removed)
        write_decision(root, item, decision, removed=removed)
    except EditError as error:
        click.echo(f"{item.path} was not changed: {error}. {_by_hand(item, decision)}", err=True)
        return False
    done = "kept as it is" if decision is Decision.KEEP else "taken out"
    click.echo(f"{item.path}: the override of {item.id} is {done}.")
    return True


def _by_hand(item: Item, decision: Decision) -> str:
    if decision is Decision.ADOPT:
        return f"Take the override of '{item.id}' out by hand."
    return f"Change it by hand to 'against: {item.today}'."


def _rewritten(root: Path, item: Item, removed: int) -> bool:
    """Ask for other words until they can be read, or until the editor is left without any."""
    words = written_words(item)
    while True:
        edited = click.edit(words, extension=".md")
        if edited is None or not edited.strip() or edited.strip() == words.strip():
            click.echo("Nothing was written: left as it is.")
            return False
        words = edited
        try:
            write_decision(root, item, Decision.REWRITE, removed=removed, words=words)
        except SourceError as error:
            show_problems(error.problems, err=True)
            if not click.confirm("These words cannot be read. Edit them again?", default=True):
                return False
        else:
            click.echo(f"{item.path}: {item.id} says what you have written.")
            return True


# -- what is shown ---------------------------------------------------------------------


def _shown(item: Item, place: str) -> str:
    """The three texts, and what can be done."""
    head = f"{place}: clause {item.label} ({item.id}) of {item.policy.control.title}"
    lines = ["", click.style(head, bold=True), f"in {item.path}", ""]
    changed = what_changed(item)
    if changed is None:
        lines += [
            f"No approved version has the wording you read ({item.override.against}).",
            "What the trust says now:",
            _redline(as_it_is(item)),
        ]
    else:
        lines += [
            f"What you read, in the trust's version {item.read_in}, with what has changed since:",
            _redline(changed),
        ]
    own = own_wording(item)
    if own:
        wording = Wording(
            tuple(Provision(clause=c, shown=c, label=item.label if len(own) == 1 else c.id)
                  for c in own)
        )  # fmt: skip
        lines += ["", "What you say:", _redline(compare(wording, wording))]
    else:
        lines += ["", "You have left it out."]
    lines += ["", f"Your reason: {item.override.reason}", ""]
    width = max(len(decision.value) for decision in item.choices)
    lines += [f"  {d.value:{width}}  {words}" for d, words in item.choices.items()]
    return "\n".join(lines)


def _redline(comparison: Comparison) -> str:
    text = redlined(segments(comparison, "changed" if comparison.changes else "all"))
    return "\n".join(f"    {line}" for line in text.split("\n"))


COMMANDS = (review,)
