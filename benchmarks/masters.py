"""Master policies for the benchmarks: the examples' two, and others made of them.

Policy 0 is the example's acceptable use policy and policy 1 its social media policy; after them
come pairs of the same length, each about a topic of its own, with IDs, a code and words of its
own.  A pair refers to each other as the examples do.  Every policy has a history: in each version
some clauses are reworded, some are added and some are removed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import cycle
from pathlib import Path
from random import Random

ROOT = Path(__file__).parent.parent

EXAMPLES = (("acceptable-use", "au"), ("social-media", "sm"))
TOPICS = (
    *("school trips", "first aid", "lettings", "attendance", "homework", "uniform", "visitors"),
    *("medicines", "school meals", "fire safety", "volunteering", "sports fixtures", "admissions"),
    *("work experience", "lost property", "swimming", "mentoring", "transport", "fundraising"),
    *("music lessons", "school clubs", "exam entries", "parking", "recycling", "the library"),
)
TAILS = (
    *("where {} is concerned", "in everything to do with {}", "as far as {} goes"),
    *("whenever it touches on {}", "for the purposes of {}", "in all that we do about {}"),
)
LATER = (
    *("in good time", "without delay", "in writing", "at the start of each term"),
    *("as soon as they can", "and keeps a note of it", "unless the law says otherwise"),
)
OPENERS = (
    *("In the autumn", "Before a holiday", "Whenever something changes", "On a Monday morning"),
    *("After an incident", "In an ordinary week", "When a family asks", "In a new building"),
    *("With younger children", "During an inspection", "At short notice"),
)
SENTENCES = (
    "the {{ headteacher }} looks at {} again and tells the {{ governing_body }} what was found.",
    "anyone who is unsure about {} asks {{ contact.headteacher.name }} first.",
    "we tell {{ parents }} about {} by letter, and answer what they want to know.",
    "a worry about {} is passed on the same day, in person and not by message.",
    "records about {} are kept for as long as our retention schedule says and no longer.",
    "staff are shown once more what is asked of them where {} matters most.",
    "what {{ pupils }} think of {} counts, and somebody writes it down for the next meeting.",
)
REWORDED = 0.08  # of all clauses, in each version
ADDED = 3
REMOVED = 2

_CLAUSE = re.compile(r"(?P<text>.*\S)\s*\{#(?P<id>[a-z0-9-]+)(?P<marks>[^}]*)\}\s*")


@dataclass(frozen=True)
class Master:
    """Where a policy comes from and what it is called."""

    number: int
    partner: bool
    """Whether the policy that it refers to is there."""

    @property
    def example(self) -> str:
        """The example that it is made of."""
        return EXAMPLES[self.number % 2][0]

    @property
    def topic(self) -> str:
        """What it is about; nothing for the examples themselves."""
        turn, place = divmod(self.number - len(EXAMPLES), len(TOPICS))
        if self.number < len(EXAMPLES):
            return ""
        return TOPICS[place] + (f" (part {turn + 1})" if turn else "")

    @property
    def id(self) -> str:
        """Its ID in the workload."""
        return re.sub(r"[^a-z0-9]+", "-", self.topic).strip("-") or self.example

    @property
    def prefix(self) -> str:
        """What its clauses' IDs begin with."""
        return _prefix(self.number)


def masters(number: int) -> list[Master]:
    """The first `number` policies."""
    return [Master(k, partner=(k ^ 1) < number) for k in range(number)]


def _prefix(number: int) -> str:
    turn = number // 2
    return EXAMPLES[number % 2][1] + (str(turn) if turn else "")


@dataclass(frozen=True)
class Wordings:
    """A policy over time."""

    versions: tuple[str, ...]
    """`policy.md` as it was when each version was ratified."""
    draft: str
    """`policy.md` today."""
    notes: tuple[tuple[str, Sequence[str]], ...]
    """For each version after the first, and for the draft: what changed, and the clauses."""


@cache
def wordings(master: Master, versions: int, seed: int, *, waits: bool) -> Wordings:
    """The policy in every version, and today; `waits` says whether a draft waits then."""
    chance = Random(f"{seed} {master.id}")  # noqa: S311 - a workload, not a secret
    lines = _own_words(master, chance)
    later = versions - 1 + waits
    sentences = _sentences(master, chance)
    removable = _put_in(lines, master, REMOVED * later, 800, chance, sentences)
    texts, told = ["".join(lines)], list[tuple[str, Sequence[str]]]()
    for turn in range(later):
        gone = removable[turn * REMOVED : (turn + 1) * REMOVED]
        lines = [line for line in lines if (_id_of(line) or "") not in gone]
        drafted = turn == versions - 1
        leave = [key for key in removable if key not in gone]
        named = _reword(lines, leave, chance, drafted=drafted)
        new = _put_in(lines, master, ADDED, 900 + turn * ADDED, chance, sentences)
        texts.append("".join(lines))
        told.append((f"change-{turn + 2}", (*named, *new, *gone)))
    return Wordings(tuple(texts[:versions]), texts[-1], tuple(told))


def _own_words(master: Master, chance: Random) -> list[str]:
    """The example's lines with this policy's IDs, names and words."""
    text = (ROOT / "policy_source" / master.example / "policy.md").read_text("utf-8")
    other = Master(master.number ^ 1, partner=True)
    for one in (master, other):
        old = EXAMPLES[one.number % 2]
        if one is other and not master.partner:  # nothing to refer to: its own first clause
            text = re.sub(rf"\b{old[1]}-[0-9]+\b", f"{master.prefix}-1", text)
            text = re.sub(rf"(?m)^(related: \[.*){old[0]}, ", r"\1", text)
        else:
            text = re.sub(rf"\b{old[1]}-(?=[0-9])", f"{one.prefix}-", text)
            text = re.sub(rf"(?m)^(related: \[.*){old[0]}\b", rf"\1{one.id}", text)
    if not master.topic:
        return text.splitlines(keepends=True)
    capital = master.topic[0].upper() + master.topic[1:]
    text = re.sub(r"(?m)^title: .*", f"title: {capital} policy", text)
    text = re.sub(r"(?m)^code: .*", f"code: {master.prefix.upper()}", text)
    text = re.sub(r"\bsocial media\b(?! lead)", master.topic, text)
    lines = text.splitlines(keepends=True)
    for at, line in enumerate(lines):
        if not line.startswith("#"):
            lines[at] = _before_the_end(line, ", " + chance.choice(TAILS).format(master.topic))
    return lines


def _before_the_end(line: str, words: str) -> str:
    """A clause's line with some words more at the end of its wording; another line as it was."""
    found = _CLAUSE.fullmatch(line)
    if not found or found["text"][-1:] not in ".;:":
        return line
    text = found["text"]
    return f"{text[:-1]}{words}{text[-1]} {{#{found['id']}{found['marks']}}}\n"


def _id_of(line: str) -> str | None:
    found = _CLAUSE.fullmatch(line)
    return found["id"] if found else None


def _reword(lines: list[str], leave: Sequence[str], chance: Random, *, drafted: bool) -> list[str]:
    """Change the words of some clauses; gives their IDs.

    A draft leaves to schools what they have adapted, so that few overrides wait for a review.
    """
    can = [
        at
        for at, line in enumerate(lines)
        if _before_the_end(line, "!") != line and not line.startswith("#")
        if _id_of(line) not in leave
        if not drafted or line.lstrip().startswith("-") or ".locked" in line
    ]
    named: list[str] = []
    for at in sorted(chance.sample(can, max(1, round(len(can) * REWORDED)))):
        lines[at] = _before_the_end(lines[at], " " + chance.choice(LATER))
        named.append(_id_of(lines[at]) or "")
    return named


def _sentences(master: Master, chance: Random) -> Iterator[str]:
    """Sentences about the policy's topic, each put together differently."""
    topic = master.topic or master.example.replace("-", " ")
    openers, sentences = (chance.sample(bank, len(bank)) for bank in (OPENERS, SENTENCES))
    for opener, sentence in zip(cycle(openers), cycle(sentences)):
        yield f"{opener}, {sentence.replace('{}', topic)}"


def _put_in(
    lines: list[str],
    master: Master,
    number: int,
    first: int,
    chance: Random,
    sentences: Iterator[str],
) -> list[str]:
    """Add clauses of a sentence where a paragraph ends; gives their IDs."""
    new = [f"{master.prefix}-{first + one}" for one in range(number)]
    for key in new:
        at = chance.choice(paragraphs(lines))
        lines[at + 1 : at + 1] = ["\n", f"{next(sentences)} {{#{key}}}\n"]
    return new


def paragraphs(lines: Sequence[str]) -> list[int]:
    """The lines that are a paragraph with an ID, after which comes another or a heading."""

    def plain(at: int) -> bool:
        return bool(re.match(r"[A-Z*]|\{\{ [A-Z]", lines[at])) and bool(_id_of(lines[at]))

    return [
        at
        for at in range(len(lines) - 2)
        if plain(at) and (plain(at + 2) or lines[at + 2].startswith("#"))
    ]


@dataclass(frozen=True)
class Targets:
    """What schools may do with a policy's clauses."""

    words: dict[str, str]
    """Paragraphs that may be reworded, and after which something may be put, as they begin."""
    optional: tuple[str, ...]


def targets(text: str) -> Targets:
    """The clauses of the first version that overrides can name; all later versions have them."""
    lines = text.splitlines(keepends=True)
    words: dict[str, str] = {}
    optional: list[str] = []
    closed = False  # in a section that is locked, or that may be left out as a whole
    for at, line in enumerate(lines):
        found = _CLAUSE.fullmatch(line)
        if not found:
            continue
        if line.startswith("#"):
            marked = bool(re.search(r"\.(locked|optional)", found["marks"]))
            closed = marked or (closed and line.startswith("###"))
        key, marks = found["id"], found["marks"]
        if ".optional" in marks:
            optional.append(key)
        if closed or int(key.rpartition("-")[2]) >= 800 or ".locked" in marks:
            continue
        if at in paragraphs_of(text) and not re.search(r"\.[a-z]", marks):
            words[key] = found["text"]
    return Targets(words, tuple(optional))


@cache
def paragraphs_of(text: str) -> frozenset[int]:
    """`paragraphs`, remembered."""
    return frozenset(paragraphs(text.splitlines(keepends=True)))
