"""Two commands at once on one folder: one waits, or says that it does not; never half of each."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from tests.torture.kills import everything, left_over
from tests.trusts import MASTER, Trust, ratified_trust, ratify

from clausebook import locks

ROOT = Path(__file__).parent.parent
DAY = "2026-11-20"
BUILD = ("build", "--today", DAY)
LIMIT = 120
"""Seconds after which a process that should have ended hangs."""


@pytest.fixture
def trust(tmp_path: Path) -> Trust:
    """A trust that can be built, with a change that waits for approval."""
    trust = ratified_trust(tmp_path / "trust")
    trust.write("mkdocs.yml", (ROOT / "mkdocs.yml").read_text("utf-8"))
    trust.edit(MASTER, "at lunch", "at break")
    trust.note("trust", "on-6")
    return trust


def started(trust: Trust, command: str, *words: str) -> subprocess.Popen[str]:
    """A command in a process of its own."""
    dated = ["--today", DAY] if command == "ratify" else []
    line = [sys.executable, "-m", "clausebook", command, "--root", str(trust.root), *words, *dated]
    return subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def said(process: subprocess.Popen[str]) -> str:
    """What a command has said when it has ended."""
    output, _ = process.communicate(timeout=LIMIT)
    assert "Traceback" not in output, output
    return output


def at_once(trust: Trust, *commands: Sequence[str]) -> list[tuple[int, str]]:
    """Start commands together; gives how each ended."""
    processes = [started(trust, *command) for command in commands]
    ends = [said(process) for process in processes]
    return [(process.returncode, end) for process, end in zip(processes, ends, strict=True)]


@contextmanager
def at_work(folder: Path, how: str = "alone=True") -> Iterator[subprocess.Popen[str]]:
    """Somebody who holds a folder for as long as the context lasts."""
    code = (
        "import sys; from pathlib import Path; from clausebook.locks import hold\n"
        f"with hold(Path({str(folder)!r}), {how}): print('held', flush=True); sys.stdin.read()"
    )
    line = [sys.executable, "-c", code, "clausebook", "ratify"]
    with subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout
        assert holder.stdin
        assert holder.stdout.readline() == "held\n"
        try:
            yield holder
        finally:
            with suppress(BrokenPipeError):
                holder.stdin.close()


# -- waiting -------------------------------------------------------------------------------


def test_a_command_waits_says_for_whom_and_goes_on(trust: Trust) -> None:
    with at_work(trust.root / "policy_source") as holder:
        waiting = started(trust, *ratify("trust", "2", "2026-06-01"))
        assert waiting.stdout
        line = waiting.stdout.readline()
        assert f"another clausebook is at work here (process {holder.pid}, 'ratify'" in line
        assert line.endswith("): waiting\n")
        assert waiting.poll() is None
        assert len(trust.archive("trust").versions) == 1
    assert "Version 2 of online at trust" in said(waiting)
    assert len(trust.archive("trust").versions) == 2


WRITING: list[tuple[str, ...]] = [
    tuple(ratify("trust", "2", "2026-06-01")),
    ("note", "hill", "online", "--clauses", "on-6", "--what", "A.", "--why", "B.", "--origin",
     "review"),
    ("withdraw", "hill", "Una Marsh", "--reason", "left"),
    ("record", "hill"),
    ("assign-ids",),
    ("schema",),
    ("new", "school", "oak", "--name", "Oak School"),
]  # fmt: skip
READING: list[tuple[str, ...]] = [
    ("check",),
    ("build",),
    ("diff", "hill", "online"),
    ("status",),
    ("impact",),
    ("pack", "trust", "online", "--output", "-"),
    ("review", "hill"),
]


def without_waiting(trust: Trust, command: Sequence[str]) -> tuple[int, str]:
    name, *rest = command
    if name == "new":
        kind, *rest = rest
        done = trust.run(name, "--help")
        line = [sys.executable, "-m", "clausebook", name, kind, "--root", str(trust.root)]
        ran = subprocess.run(
            [*line, "--no-wait", *rest], capture_output=True, text=True, check=False, timeout=LIMIT
        )
        return ran.returncode, ran.stdout + ran.stderr
    done = trust.run(name, "--no-wait", *rest)
    return done.code, done.output


@pytest.mark.parametrize("command", [*WRITING, *READING], ids=lambda command: command[0])
def test_nothing_is_read_or_written_while_somebody_writes(
    trust: Trust, command: tuple[str, ...]
) -> None:
    before = everything(trust.root)
    with at_work(trust.root / "policy_source"):
        code, output = without_waiting(trust, command)
    assert code in (2, 3)
    assert "another clausebook is at work here" in output
    assert "try again when it is done" in output
    assert everything(trust.root) == before


@pytest.mark.parametrize("command", WRITING, ids=lambda command: command[0])
def test_nothing_is_written_while_somebody_reads(trust: Trust, command: tuple[str, ...]) -> None:
    before = everything(trust.root)
    with at_work(trust.root / "policy_source", "alone=False"):
        code, output = without_waiting(trust, command)
    assert (code, "another clausebook" in output) == (3, True)
    assert everything(trust.root) == before


@pytest.mark.parametrize("command", READING, ids=lambda command: command[0])
def test_readers_do_not_wait_for_one_another(trust: Trust, command: tuple[str, ...]) -> None:
    with at_work(trust.root / "policy_source", "alone=False"):
        code, output = without_waiting(trust, command)
    assert "another clausebook" not in output
    assert code in (0, 1), output


def test_a_lock_ends_with_whoever_held_it(trust: Trust) -> None:
    with at_work(trust.root / "policy_source") as holder:
        holder.kill()
        holder.wait()
        assert trust.run("check", "--no-wait").code == 0
    assert not list(trust.root.rglob("*lock*")), "and leaves nothing behind"


def test_waiting_has_an_end(tmp_path: Path) -> None:
    told: list[str] = []
    with at_work(tmp_path):
        before = locks.patience.set(locks.Patience(1.5, told.append))
        try:
            with pytest.raises(locks.BusyError, match="try again"), locks.hold(tmp_path):
                pytest.fail("somebody else holds it")
        finally:
            locks.patience.reset(before)
    assert [line.endswith(": waiting") for line in told] == [True]


# -- two at once -----------------------------------------------------------------------------


def test_of_two_that_make_the_same_version_one_is_told_that_it_is_there(trust: Trust) -> None:
    ends = at_once(trust, *[ratify("trust", "2", "2026-06-01")] * 3)
    assert sorted(code for code, _ in ends) == [0, 1, 1]
    assert all("there is a version 2 already" in text for code, text in ends if code)
    assert [version.label for version in trust.archive("trust").versions] == ["1", "2"]


def test_versions_that_are_made_at_once_follow_one_another_and_none_is_lost(trust: Trust) -> None:
    trust.ratify("trust", "2", "2026-06-01")
    labels = [f"2.{number}" for number in range(1, 5)]
    same = [ratify("trust", label, "2026-06-02", "--no-changes") for label in labels]
    ends = dict(zip(labels, at_once(trust, *same), strict=True))
    made = [version.label for version in trust.archive("trust").versions][2:]
    assert made, "at least one"
    assert made == sorted(made)
    for label, (code, text) in ends.items():
        assert (code == 0) == (label in made), text
        assert code == 0 or "does not come after" in text
    assert trust.codes() == []


def test_notes_that_are_written_at_once_are_all_there(trust: Trust) -> None:
    words = ("--clauses", "on-5", "--what", "A.", "--why", "B.", "--origin", "review")
    names = [f"note-{number}" for number in range(4)]
    ends = at_once(trust, *(("note", "trust", "online", *words, "--name", n) for n in names))
    assert [code for code, _ in ends] == [0] * 4
    folder = trust.root / "policy_source/online/changes"
    assert {f"{name}.yml" for name in names} <= {path.name for path in folder.iterdir()}


def test_whoever_checks_while_versions_are_made_sees_all_or_nothing_of_each(trust: Trust) -> None:
    trust.ratify("trust", "2", "2026-06-01")
    writers = (
        ratify("trust", "2.1", "2026-06-02", "--no-changes"),
        ratify("hill", "2", "2026-06-03"),
    )
    ends = at_once(trust, ("check",), writers[0], ("check",), writers[1], ("check",), ("status",))
    for (code, text), command in zip(ends, ("check", "", "check", "", "check", ""), strict=True):
        assert code in (0, 1), text
        if command:
            assert code == 0, text


def test_two_builds_at_once_give_what_one_gives(trust: Trust) -> None:
    ends = at_once(trust, BUILD, BUILD, (*BUILD, "--no-cache"))
    assert [code for code, _ in ends] == [0, 0, 0], ends
    together = everything(trust.root)
    assert trust.run("build", "--no-cache", day=DAY).code == 0
    assert everything(trust.root) == together
    assert left_over(trust.root) == []


def test_a_folder_that_another_build_is_leaving_is_waited_for(trust: Trust) -> None:
    work = trust.root / ".site.new"
    work.mkdir()
    (work / "fresh").mkdir()  # the mark of the folder is gone already, this is not
    with at_work(work) as builder:
        waiting = started(trust, *BUILD)
        assert waiting.stdout
        while "another clausebook is at work here" not in waiting.stdout.readline():
            assert waiting.poll() is None, "it did not wait"
        (work / "fresh").rmdir()
        work.rmdir()
        builder.kill()
        said(waiting)
    assert waiting.returncode == 0
    assert left_over(trust.root) == []


def test_builds_and_ratifications_at_once_give_what_they_give_in_turn(trust: Trust) -> None:
    ends = at_once(trust, BUILD, ratify("trust", "2", "2026-06-01"), BUILD)
    assert [code for code, _ in ends] == [0, 0, 0], ends
    trust.build(DAY)
    together = everything(trust.root)
    assert trust.run("build", "--no-cache", day=DAY).code == 0
    assert everything(trust.root) == together


def test_parts_of_a_build_are_built_side_by_side(trust: Trust, tmp_path: Path) -> None:
    for name in ("dale", "moor"):
        trust.write(f"schools/{name}/school.yml", trust.read("schools/hill/school.yml"))
        trust.write(f"schools/{name}/online.yml", "overrides: []\n")
    parts = [tmp_path / "part-1", tmp_path / "part-2"]
    with at_work(tmp_path / ".part-1.new", "make=True"):
        second = started(trust, *BUILD, "--no-wait", "--shard", "2/2", "--output", str(parts[1]))
        assert "another" not in said(second)
    builds = ((*BUILD, "--shard", f"{n}/2", "--output", str(parts[n - 1])) for n in (1, 2))
    ends = at_once(trust, *builds)
    assert [code for code, _ in ends] == [0, 0], ends
    assert not (trust.root / "build").exists(), "which parts would have to share"
    trust.build(DAY)
    words = ("--today", DAY, "--output", str(tmp_path / "whole"), *map(str, parts))
    assert trust.run("gather", *words).code == 0
    whole, site = everything(tmp_path / "whole"), everything(trust.root / "site")
    assert whole == site


def test_a_part_is_not_gathered_while_it_is_built_again(trust: Trust, tmp_path: Path) -> None:
    part = tmp_path / "part"
    assert trust.run("build", "--shard", "1/1", "--output", str(part), day=DAY).code == 0
    words = ("--no-wait", "--today", DAY, "--output", str(tmp_path / "whole"), str(part))
    with at_work(tmp_path / ".part.new", "make=True"):
        done = trust.run("gather", *words)
    assert (done.code, "another clausebook is at work here" in done.output) == (3, True)
    assert trust.run("gather", *words).code == 0


def test_two_new_trusts_of_one_name_become_one(tmp_path: Path) -> None:
    line = [sys.executable, "-m", "clausebook", "init", str(tmp_path / "ours")]
    both = [subprocess.Popen(line, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    output = [process.communicate(timeout=LIMIT)[1] for process in both]
    assert sorted(process.returncode for process in both) == [0, 3], output
    assert "has something in it already" in "".join(output)
    assert Trust(tmp_path / "ours").run("check").code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["ours"]


# -- files that others change meanwhile ----------------------------------------------------------


def spoil_midway(trust: Trust, change: Callable[[], object]) -> tuple[int, str]:
    """Build, and change something as soon as the first site is there."""
    for number in range(30):
        name = f"school-{number}"
        trust.write(f"schools/{name}/school.yml", trust.read("schools/hill/school.yml"))
        trust.write(f"schools/{name}/online.yml", "overrides: []\n")
    building = started(trust, *BUILD, "--jobs", "1")
    assert building.stdout
    first = building.stdout.readline()
    assert "Built" in first, first + said(building)
    building.send_signal(signal.SIGSTOP)
    change()
    building.send_signal(signal.SIGCONT)
    output = said(building)
    return building.returncode, output


@pytest.mark.parametrize("what", ["changed", "removed", "added"])
def test_a_source_that_is_changed_while_it_is_built_from_is_named(trust: Trust, what: str) -> None:
    trust.build(DAY)
    before = everything(trust.root / "site")
    path = trust.root / "schools/school-0/online.yml"
    new = trust.root / "schools/hill/changes/online/more.yml"

    def change() -> None:
        if what == "changed":
            path.write_text("# ours\noverrides: []\n", "utf-8")
        elif what == "removed":
            path.unlink()
        else:
            new.parent.mkdir(parents=True)
            new.write_text("", "utf-8")

    code, output = spoil_midway(trust, change)
    assert code == 3, output
    name = (new if what == "added" else path).relative_to(trust.root)
    assert f"'{name}' was changed while the websites were being built" in output
    assert everything(trust.root / "site") == before
    new.unlink(missing_ok=True)
    trust.build(DAY)
    built = everything(trust.root)
    assert trust.run("build", "--no-cache", day=DAY).code == 0
    assert everything(trust.root) == built, "nothing of the mixture was kept"


@pytest.mark.parametrize("folder", ["site", ".site.new"])
def test_websites_that_are_removed_while_others_are_built_are_built_again(
    trust: Trust, folder: str
) -> None:
    def remove() -> None:
        for path in sorted((trust.root / folder).rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        (trust.root / folder).rmdir()

    trust.build(DAY)
    trust.edit("schools/hill/school.yml", "Ruth Adeyemi", "Ruth Adeyemi-Lee")
    code, output = spoil_midway(trust, remove)
    if code:
        assert "was removed while the websites were being built: build again" in output
        trust.build(DAY)
    built = everything(trust.root)
    assert trust.run("build", "--no-cache", day=DAY).code == 0
    assert everything(trust.root) == built
