"""Commands that are killed: every file is the old or the new one, and the next run works.

Every command is run once undisturbed, which gives the state after it, file for file.  Then, again
and again from the state before, it is killed: at a random one of all it asks of the file system,
or within a write.  After that

- every file of the trust's folder is, byte for byte, the old or the new one;
- every site that was up is, file for file, the old or the new one;
- no process that worked for it is left, and `check` finds nothing that it did not find before;
- the same command again ends as if the first had never been begun, or says that all is done;
  the state is then the new one, and nothing lies about that is not part of it.
"""

from __future__ import annotations

import random
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tests.torture import faulty
from tests.torture.faulty import Ended, Moment
from tests.torture.outcome import Outcome
from tests.trusts import MASTER, Trust, ratified_trust, ratify

LONG = 320
"""Forty moments of each command."""

ROOT = Path(__file__).parent.parent.parent

DAY = "2026-11-20"
BUILT = ("site", "build")

Files = dict[str, bytes]


@dataclass(frozen=True)
class Command:
    """One command, and what must have happened before it."""

    name: str
    words: tuple[str, ...]
    prepare: Callable[[Trust], None]
    again: tuple[int, ...] = (0,)
    """How the same command may end when it has been carried out already."""


def _built(trust: Trust) -> None:
    trust.build(DAY)
    trust.edit(MASTER, "at lunch", "at break")
    trust.note("trust", "on-6")


def _edited(trust: Trust) -> None:
    trust.edit(MASTER, "at lunch", "at break")
    trust.edit(MASTER, "to themselves", "to themselves at all times")
    trust.note("trust", "on-6")
    trust.note("trust", "on-4")


def _approved(trust: Trust) -> None:
    _edited(trust)
    trust.ratify("trust", "2", "2026-06-01")


def _without_ids(trust: Trust) -> None:
    for path in sorted((trust.root / "policy_source").glob("*/policy.md")):
        name = path.relative_to(trust.root).as_posix()
        trust.write(name, trust.read(name) + "\n\nStaff must ask first.\n\nThey must wait.\n")


def _to_review(trust: Trust) -> None:
    trust.write(
        "schools/hill/online.yml",
        "overrides:\n  # ours\n  - replace: on-6\n    with: Phones stay in bags at lunch.\n"
        "    against: bcdf-ghjk\n    reason: We eat outside.\n",
    )


def _signed_again(trust: Trust) -> None:
    signed = ("--signed", "Chair of governors: Una Marsh")
    trust.ratify("hill", "1.1", "2026-06-03", "--no-changes", *signed)


def _nothing(_: Trust) -> None:
    """What every trial begins with is enough."""


COMMANDS = (
    Command("build", ("build", "--today", DAY, "--jobs", "2"), _built),
    Command("build anew", ("build", "--today", DAY, "--jobs", "1", "--no-cache"), _built),
    Command(
        "ratify trust",
        (*ratify("trust", "2", "2026-06-01"), "--today", DAY),
        _edited,
        (0, 1),
    ),
    Command(
        "ratify school",
        (*ratify("hill", "2", "2026-06-02"), "--today", DAY),
        _approved,
        (0, 1),
    ),
    Command(
        "note",
        ("note", "trust", "online", "--clauses", "on-6", "--what", "Clearer.", "--why", "Asked.",
         "--origin", "review"),
        lambda trust: trust.edit(MASTER, "at lunch", "at break"),
        (0, 3),
    ),
    Command("withdraw", ("withdraw", "hill", "Una Marsh", "--reason", "left", "--on", DAY),
            _signed_again),
    Command("assign-ids", ("assign-ids",), _without_ids),
    Command("record", ("record", "hill", "--on", DAY), _nothing),
    Command("review", ("review", "hill", "online", "--decide", "on-6=keep"), _to_review, (0, 2)),
)  # fmt: skip


def run(number: int, seed: int) -> Outcome:
    """Kill commands at so many moments, as many of each."""
    rng = random.Random(seed)  # noqa: S311 - no secret
    trials = lost = uncaught = 0
    remarks: list[str] = []
    with tempfile.TemporaryDirectory(prefix="kills-") as folder:
        prepared = [Prepared(command, Path(folder) / command.name) for command in COMMANDS[:number]]
        for trial in range(number):
            one = prepared[trial % len(prepared)]
            moment = one.moment(rng)
            trials += 1
            wrong = list(one.wrong_after(moment))
            lost += any(kind == "lost" for kind, _ in wrong)
            uncaught += bool(wrong) and all(kind != "lost" for kind, _ in wrong)
            remarks += [f"{one.command.name}, {moment}: {what}" for _, what in wrong[:1]]
        reached = sum(one.killed for one in prepared)
    return Outcome(
        name="commands killed at a moment",
        tried=trials,
        lost=lost,
        uncaught=uncaught,
        remarks=(*remarks[:20], f"{reached} of {trials} were still at work when killed"),
    )


class Prepared:
    """A command with the states before and after it."""

    def __init__(self, command: Command, folder: Path) -> None:
        self.command = command
        self.folder = folder
        self.killed = 0
        self.before = ratified_trust(folder / "before")
        self.before.write("mkdocs.yml", (ROOT / "mkdocs.yml").read_text("utf-8"))
        command.prepare(self.before)
        self.old = everything(self.before.root)
        self.told = self.checked(self.before)
        after = self.copy(self.folder / "after")
        done = self.run(after)
        assert done.code == 0, (command.name, done.said)
        self.new = everything(after.root)
        assert self.new != self.old, f"{command.name} does something"
        self.events = done.events
        changed = [data for name, data in self.new.items() if self.old.get(name) != data]
        self.pages = sum(len(data) // 4096 + 1 for data in changed)
        """How much room it needs on a disk, in pages."""
        self.longest = max(
            len(data) for name, data in self.new.items() if self.old.get(name) != data
        )

    def moment(self, rng: random.Random) -> Moment:
        """A moment while the command is at work."""
        if rng.random() < 0.2:
            return Moment(length=rng.randint(1, self.longest))
        return Moment(event=rng.randint(1, self.events))

    def wrong_after(self, moment: Moment) -> Iterator[tuple[str, str]]:
        """What is wrong after the command was killed at a moment, and then run again."""
        trust = self.copy(self.folder / "killed")
        ended = self.run(trust, moment)
        self.killed += ended.code < 0
        if ended.orphans:
            yield "uncaught", "processes were left"
        if "Traceback" in ended.said:
            yield "uncaught", ended.said[-300:]
        yield from self._mixed(everything(trust.root))
        if (found := self.checked(trust)) not in (self.told, self.told_new):
            yield "lost", f"check says: {found[-300:]}"
        again = self.run(trust)
        if again.code not in self.command.again or "Traceback" in again.said:
            yield "uncaught", f"the next run ended with {again.code}: {again.said[-300:]}"
        for name, data in _differing(everything(trust.root), self.new):
            yield "lost", f"after the next run {name} is {data}"
        for path in left_over(trust.root):
            yield "uncaught", f"{path} was left after the next run"

    def _mixed(self, now: Files) -> Iterator[tuple[str, str]]:
        """Files, and sites, that are neither the old nor the new."""
        for name in sorted(now.keys() | self.old.keys() | self.new.keys()):
            if now.get(name) not in (self.old.get(name), self.new.get(name)):
                yield "lost", f"{name} is neither old nor new"
        for folder in {"/".join(name.split("/")[:2]) for name in now if name.startswith(BUILT)}:
            if _under(folder, now) not in (_under(folder, self.old), _under(folder, self.new)):
                yield "lost", f"{folder} is half old and half new"

    @cached_property
    def told_new(self) -> str:
        """What `check` says after it."""
        return self.checked(Trust(self.folder / "after"))

    def checked(self, trust: Trust) -> str:
        """What `check` says."""
        done = faulty.run(["check", "--root", str(trust.root), "--today", DAY], None, self.folder)
        return done.said

    def copy(self, folder: Path) -> Trust:
        """The state before it, elsewhere."""
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.before.root, folder)
        return Trust(folder)

    def run(self, trust: Trust, moment: Moment | None = None) -> Ended:
        """Run it there."""
        command, *words = self.command.words
        return faulty.run([command, "--root", str(trust.root), *words], moment, self.folder)


def everything(root: Path) -> Files:
    """Every file that anybody sees: what is kept for the next build is nobody's business."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(root).parts)
    }


def left_over(root: Path) -> list[str]:
    """What is hidden and should not be there once all is done."""
    return [
        path.relative_to(root).as_posix()
        for path in sorted(root.rglob("*"))
        if path.name.endswith((".new", "-new"))
        or (path.parent.name == "unfinished" and path.is_file())
    ]


def _under(folder: str, files: Files) -> Files:
    return {name: data for name, data in files.items() if name.startswith(f"{folder}/")}


def _differing(one: Files, other: Files) -> Iterator[tuple[str, str]]:
    for name in sorted(one.keys() | other.keys()):
        if one.get(name) != other.get(name):
            yield name, "missing" if name not in one else "other than it should be"
