"""Schools and federations for the benchmarks: the examples', by other names, with overrides.

Nothing of a school depends on how many others there are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from random import Random

from benchmarks.masters import ROOT, Master, Targets, targets

EXAMPLES = ("saltmarsh", "kestrel", "thornbeck", "ashwater", "millrace")
GROUP = "two-rivers"
IN_GROUP = ("ashwater", "millrace")
GROUPS_NAME = "tworivers"  # in its addresses

PLACES = (
    *("Alder", "Birch", "Cedar", "Dunlin", "Elm", "Fern", "Gorse", "Hazel", "Iris", "Juniper"),
    *("Kingfisher", "Larch", "Maple", "Nettle", "Oak", "Plover", "Quarry", "Rowan", "Sedge"),
    *("Teal", "Upland", "Vale", "Willow", "Yarrow"),
)
HILLS = ("Bank", "Bridge", "Common", "Cross", "End", "Field", "Ford", "Green", "Hill", "Lane")
FIRST = (
    *("Adaeze", "Bilal", "Carys", "Dilip", "Eleri", "Farah", "Gwen", "Hamid", "Ines", "Jarek"),
    *("Kofi", "Lowri", "Mehmet", "Nadia", "Owain", "Petra", "Rashid", "Sunita", "Tadeusz", "Una"),
)
LAST = (
    *("Abbott", "Bhatt", "Cormack", "Dlamini", "Eze", "Farrow", "Ghosh", "Hartnell", "Ibrahim"),
    *("Jankowski", "Kavanagh", "Lindgren", "Mbeki", "Nuttall", "Okafor", "Pemberton", "Quigley"),
    *("Ranasinghe", "Sowerby", "Thackray", "Uddin", "Vasquez", "Whitcombe", "Yilmaz"),
)
WHEN = (
    *("At the gate", "In the hall", "On the field", "Before nine o'clock", "After the last bell"),
    *("On a Friday", "For visitors", "In the youngest classes", "In the sixth week of a term"),
    *("By the office door", "On the upper floor", "When it rains", "Over half-term"),
)
OWN_WORDS = (
    "this is looked after by the office, which answers within {} school days.",
    "{{{{ school.name }}}} does it in another way, which staff are shown in week {}.",
    "we ask {{{{ parents }}}} about it {} times a year and say what we heard.",
    "there are no more than {} {{{{ pupils }}}} at a time, with an adult who knows them.",
    "{{{{ contact.headteacher.name }}}} may decide otherwise for up to {} weeks.",
    "a form is kept in room {}, and a second copy goes home.",
    "whoever needs longer than {} days says so before they are over.",
    "our own list applies, number {} in the blue folder, and nothing else.",
)
REASONS = (
    "Our families told us in a survey that {} days is what they can manage.",
    "We are on {} sites, and what works on one does not always work on the others.",
    "Something went wrong here {} years ago, and this is what we learned from it.",
    "Our building has {} entrances, so we need to say which one is meant.",
    "The governors looked at {} ways to do it and chose the plainest.",
    "With {} classes we can know everybody, and our rule can be simpler.",
)


@dataclass(frozen=True)
class Body:
    """A school, or a federation."""

    id: str
    number: int
    example: str
    members: tuple[str, ...] = ()
    """Of a federation, its schools."""
    group: str | None = None


def schools(numbers: Iterable[int]) -> list[Body]:
    """These schools: two of every five form a federation."""
    return [
        Body(
            id=f"{EXAMPLES[n % 5]}-{n}",
            number=n,
            example=EXAMPLES[n % 5],
            group=f"{GROUP}-{n // 5}" if EXAMPLES[n % 5] in IN_GROUP else None,
        )
        for n in numbers
    ]


def groups(of: Sequence[Body]) -> list[Body]:
    """The federations of these schools."""
    found: dict[str, list[str]] = {}
    for school in of:
        if school.group:
            found.setdefault(school.group, []).append(school.id)
    return [
        Body(id=key, number=int(key.rpartition("-")[2]), example=GROUP, members=tuple(members))
        for key, members in found.items()
    ]


def name_of(number: int) -> str:
    """What a school of this number is called in short: no two the same."""
    hill, place = divmod(number, len(PLACES))
    turn, hill = divmod(hill, len(HILLS))
    return f"{PLACES[place]} {HILLS[hill]}" + (f" {turn + 1}" if turn else "")


@cache
def _example(name: str) -> str:
    return (ROOT / "schools" / name).read_text("utf-8")


def own_file(body: Body, seed: int) -> tuple[str, str]:
    """The school's or federation's own file: its name in the folder, and its text."""
    chance = Random(f"{seed} {body.id}")  # noqa: S311 - a workload, not a secret
    file = "group.yml" if body.example == GROUP else "school.yml"
    text = _example(f"{body.example}/{file}")
    host = GROUPS_NAME if body.example == GROUP else body.example
    text = re.sub(rf"(?<![\w-]){host}(?=[\w-]*\.example)", f"{host}{body.number}", text)
    short = name_of(body.number) + (" Federation" if body.example == GROUP else "")
    kind = re.search(r"(?m)^name: .*?((?: \w+)? (?:School|Academy|Federation))$", text)
    whole = name_of(body.number) + (kind[1] if kind else " School")
    text = re.sub(r"(?m)^name: .*", f"name: {whole}", text)
    text = re.sub(r"(?m)^short_name: .*", f"short_name: {short}", text)
    text = re.sub(rf"(?m)^group: {GROUP}$", f"group: {body.group}", text)
    return file, re.sub(
        r"(?m)(^  (?!lado)\w+:\n    name: ).*",
        lambda found: f"{found[1]}{chance.choice(FIRST)} {chance.choice(LAST)}",
        text,
    )


# -- overrides -------------------------------------------------------------------------


@dataclass(frozen=True)
class Choice:
    """One override, and since which version of the school it has been there."""

    kind: str
    target: str
    text: str
    reason: str
    since: int
    own: str | None = None
    """The ID of the clause that it adds."""


@cache
def _targets(text: str) -> Targets:
    return targets(text)


def choices(
    body: Body, master: Master, text: str, versions: int, seed: int, taken: Iterable[str] = ()
) -> list[Choice]:
    """A body's overrides of a policy; `taken` are the clauses that its federation has changed."""
    chance = Random(f"{seed} {body.id} {master.id}")  # noqa: S311 - a workload, not a secret
    can = _targets(text)
    federation = bool(body.members)
    number = chance.randint(2, 4) if federation else chance.randint(3, 12)
    omitted = chance.sample(can.optional, 0 if federation else chance.randint(0, 2))
    found = [_choice("omit", key, "", None, chance) for key in omitted]
    free = [key for key in can.words if key not in set(taken)]
    when, what = (chance.sample(bank, len(bank)) for bank in (WHEN, OWN_WORDS))
    for key in chance.sample(free, min(len(free), number - len(found))):
        turn = len(found)
        words = f"{when[turn % len(when)]}, {what[turn % len(what)]}"
        words = words.format(chance.randint(2, 400))
        if chance.random() < 0.6:
            said = re.sub(r"(?<=[.:]) [A-Z][^.]*\.$", "", can.words[key])
            found.append(_choice("replace", key, f"{said} {words}", None, chance))
        else:
            own = f"{master.prefix}-{body.id}-{len(found) + 1}"
            found.append(_choice("add", key, f"{words} {{#{own}}}", own, chance))
    if federation:
        return found
    # half of them from the beginning, the others over time
    later = (max(1, 2 * versions * at // len(found) - versions + 2) for at in range(len(found)))
    both = zip(found, later, strict=True)
    return [replace(one, since=min(since, versions)) for one, since in both]


def _choice(kind: str, target: str, text: str, own: str | None, chance: Random) -> Choice:
    reason = chance.choice(REASONS).format(chance.randint(2, 400))
    return Choice(kind, target, text, reason, 1, own)


def adoption_file(
    made: Sequence[Choice], prints: Mapping[tuple[str, str], str], days: Sequence[date]
) -> str:
    """`<policy>.yml` with these overrides: their fingerprints, and the days of all versions yet."""
    due = days[-1] + timedelta(days=365)
    lines = ["review:", f"  last: {days[-1]}", f"  next: {due}", ""]
    lines += ["overrides:"] if made else ["overrides: []"]
    for one in made:
        if one.kind == "omit":
            lines.append(f"  - omit: {one.target}")
        elif one.kind == "replace":
            lines += [f"  - replace: {one.target}", "    with: |", f"      {one.text}"]
        else:
            lines += ["  - add: |", f"      {one.text}", f"    after: {one.target}"]
        key = ("omit" if one.kind == "omit" else "words", one.target)
        lines += [f"    reason: {one.reason}", f"    against: {prints[key]}"]
        lines += [f"    since: {days[one.since - 1]}", ""]
    return "\n".join(lines) + "\n"
