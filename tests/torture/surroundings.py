"""The same sources give the same bytes, whatever surrounds the program.

Each case is one way of everything in `WAYS`, drawn by chance, and one of the `ERRANDS`.  All files
that the trust's folder then has must be, byte for byte, those of the same errand in plain
surroundings; every command must end as it did there, and say the same where it can be heard.
"""

from __future__ import annotations

import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from tests.torture.outcome import Outcome
from tests.trusts import MASTER, OURS, SCHOOL, Trust, ratified_trust

from clausebook.buildcache import FOLDER
from clausebook.problems import Problems
from clausebook.reading import read_policy
from clausebook.tailor import wording_print
from clausebook.workspace import WorkingTree

LONG = 300

REPOSITORY = Path(__file__).parents[2]
ODDLY = Path(__file__).with_name("oddly.py")
DAY = "2026-11-21"
HANGS = 300
"""Seconds after which a command hangs, on however slow a machine."""
SOMEBODY = 54_321
"""A user whom the system does not know."""

ROOT = "{root}"
SAID = ("--what", "It is clearer.", "--why", "Families asked.", "--origin", "review")
AGREED = ("--by", "Full governing body", "--minute", "FGB 2026 item 7", "--today", DAY)
ERRANDS: Mapping[str, Sequence[Sequence[str]]] = {
    "build": (
        ("build", "--today", DAY, "--jobs", "2"),
        ("build", "--today", DAY),
        ("build", "--today", DAY, "--no-cache", "--jobs", "1"),
    ),
    "decide": (
        ("review", "hill", "online", "--decide", "on-6=keep", "--decide", "on-2=keep"),
        ("note", "hill", "online", "--clauses", "on-6,on-hill-1", *SAID),
        ("schema",),
        ("check", "--today", DAY),
    ),
    "agree": (
        ("note", "trust", "online", "--clauses", "on-2,on-6,on-9", *SAID),
        ("ratify", "trust", "online", "--version", "2", "--on", DAY, *AGREED),
        ("review", "hill", "online", "--decide", "on-6=keep", "--decide", "on-2=keep"),
        ("note", "hill", "online", "--clauses", "on-6,on-hill-1", *SAID),
        ("ratify", "hill", "online", "--version", "2", "--on", DAY, *AGREED),
        ("record", "hill", "--on", DAY),
        ("withdraw", "hill", "Una Marsh", "--reason", "left the school", "--on", DAY),
        ("build", "--today", DAY),
    ),
    "assign": (("assign-ids",), ("assign-ids", "--dry-run"), ("check", "--today", DAY)),
    "look": (
        ("pack", "hill", "online", "--output", f"{ROOT}/pack.html", "--today", DAY),
        ("diff", "hill", "online", "--format", "html", "--output", f"{ROOT}/diff.html"),
        ("diff", "hill", "online"),
        ("status", "--today", DAY),
        ("links", "--today", DAY),
        ("impact",),
    ),
}
"""Commands, in turn; `{root}` is the trust's folder."""

LONG_NAME = "/".join(
    ["a name that is as long as a name can sensibly be, and then a bit longer"] * 14
)

WAYS: Mapping[str, Sequence[Any]] = {
    "clock": (None, 0, -2_000_000_000, 4_102_444_800, 250_000_000_000),
    "touched": (None, 0, -1_000_000_000, 2**33),
    "TZ": (None, "Pacific/Kiritimati", "Pacific/Apia", "Asia/Kathmandu", "No/Where", "", "X-25:61"),
    "LC_ALL": (None, "C", "POSIX", "C.UTF-8", "tr_TR.UTF-8", "tr_TR.ISO8859-9", "nonsense"),
    "LANG": (None, "tr_TR.UTF-8", "C", ""),
    "PYTHONUTF8": (None, "0", "1"),
    "PYTHONCOERCECLOCALE": (None, "0"),
    "PYTHONIOENCODING": (None, None, "ascii", "latin-1", "utf-16", "ascii:strict", "cp437"),
    "PYTHONHASHSEED": (None, "0", "1", "4294967295"),
    "PYTHONOPTIMIZE": (None, None, "1"),
    "PYTHONWARNINGS": (None, "error", "default"),
    "COLUMNS": (None, "0", "1", "-5", "wide", "100000"),
    "LINES": (None, "0", "x"),
    "TERM": (None, "dumb", "nonsense", "xterm-256color"),
    "FORCE_COLOR": (None, None, None, "1"),
    "NO_COLOR": (None, "1"),
    "SOURCE_DATE_EPOCH": (None, "0", "1700000000", "soon"),
    "HOME": (None, "/nonexistent", "/proc", ""),
    "TMPDIR": (None, "/nonexistent"),
    "PATH": ("/usr/bin:/bin", "", None),
    "umask": (0o022, 0, 0o077, 0o027),
    "user": (None, None, SOMEBODY),
    "cut_off": (False, True),
    "files": (None, 64),
    "where": ("elsewhere", "inside", "above", "deleted"),
    "name": (
        *(
            "trust",
            "a folder with 'quotes' & \"more\"",
            "Ysgol y Bryn – 学校 – e\u0301\u0131",
            "100%s {{ x }}",
        ),
        *("#one?two;three=*[a]", "$HOME ~ `id`", "\\n\\", LONG_NAME, "not\udcffunicode"),
    ),
    "stdin": ("nothing", "closed"),
    "stdout": ("heard", "heard", "closed", "left", "full"),
    "stderr": ("heard", "heard", "heard", "closed", "left", "full"),
}
"""What can be odd, and how; the first of each is plain."""

INHERITED = frozenset(name for name in WAYS if name.isupper())
PLAIN = {name: ways[0] for name, ways in WAYS.items()}


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it said; nothing where nobody heard it."""

    code: int
    out: bytes
    err: bytes


@dataclass(frozen=True)
class Result:
    """What an errand left, and how each of its commands ended."""

    files: Mapping[str, bytes]
    ended: Sequence[Ended]


def run(number: int, seed: int) -> Outcome:
    """So many cases; the same seed gives the same."""
    chance = Random(seed)  # noqa: S311 - reproducible, not secret
    remarks: list[str] = []
    lost = uncaught = 0
    with tempfile.TemporaryDirectory(prefix="clausebook-") as name:
        work = Path(name)
        work.chmod(0o755)  # another user has to get in
        models = {errand: prepare(work / errand, ids=errand != "assign") for errand in ERRANDS}
        expected = {
            errand: in_plain_surroundings(models[errand], work, errand) for errand in models
        }
        for case in range(number):
            errand = list(ERRANDS)[case % len(ERRANDS)]
            if errand not in expected:
                expected[errand] = in_plain_surroundings(models[errand], work, errand)
            ways = draw(chance)
            found = carry_out(models[errand], work, errand, ways)
            wrong = differences(expected[errand], found, ways)
            if not wrong:
                continue
            if wrong.startswith("bytes"):
                lost += 1
            else:
                uncaught += 1
            odd = {key: way for key, way in ways.items() if way != PLAIN[key]}
            remarks.append(f"case {case} of seed {seed}, {errand}: {wrong}; {odd!r}")
    return Outcome(
        "surroundings", number, lost=lost, uncaught=uncaught, remarks=tuple(remarks[:20])
    )


def in_plain_surroundings(model: Trust, work: Path, errand: str) -> Result:
    """How an errand goes where nothing is odd: well."""
    found = carry_out(model, work, errand, PLAIN)
    for words, ended in zip(ERRANDS[errand], found.ended, strict=True):
        assert ended.code == (1 if words[0] == "diff" else 0), (words, ended)
    return found


def prepare(folder: Path, *, ids: bool) -> Trust:
    """A trust in which every command has something to do, with letters from many scripts."""
    folder.mkdir()
    trust = ratified_trust(folder)
    trust.ok("record", "hill", "--on", "2026-06-01")
    shutil.copy(REPOSITORY / "mkdocs.yml", folder)
    trust.edit(SCHOOL, "Hill Primary School", "Ysgol y Bryn – İstanbul S\u0131n\u0131f\u0131")
    trust.edit(SCHOOL, "Ruth Adeyemi", "Zoë Łukasiewicz")
    trust.write(
        OURS,
        trust.read(OURS)
        + "overrides:\n"
        + override("replace: on-6", "with: The phone stays “at home”.", trust, "on-6")
        + override(
            f'add: "We say so – always.{" {#on-hill-1}" * ids}"', "after: on-2", trust, "on-2"
        ),
    )
    trust.edit(MASTER, "at lunch", "after school")
    trust.edit(MASTER, "for everyone who", "for all who")
    trust.edit(
        MASTER, "## Getting help", f"Ask “first” – façade.{' {#on-9}' * ids}\n\n## Getting help"
    )
    return trust


def override(what: str, more: str, trust: Trust, clause: str) -> str:
    """An override that was written against the wording as it is now."""
    policy = read_policy(WorkingTree(trust.root), "online", Problems())
    assert policy
    against = next(wording_print(one) for one in policy.outline if one.id == clause)
    return f"  - {what}\n    {more}\n    reason: Families asked.\n    against: {against}\n"


def draw(chance: Random) -> dict[str, Any]:
    """One way of everything: half of it plain, so that every odd one gets its say."""
    ways = {
        name: chance.choice(ways) if chance.random() < 0.5 else ways[0]
        for name, ways in WAYS.items()
    }
    if os.geteuid() != 0:
        ways["user"] = None  # only root can be somebody else
    return ways


# -- one errand ------------------------------------------------------------------------------------


def carry_out(model: Trust, work: Path, errand: str, ways: Mapping[str, Any]) -> Result:
    """Carry out an errand in a copy of the model."""
    place = work / "case"
    root = place / ways["name"]
    try:
        shutil.copytree(model.root, root)
        make_odd(place, root, ways)
        ended = [start(place, root, words, ways) for words in ERRANDS[errand]]
        return Result(contents(root), ended)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def make_odd(place: Path, root: Path, ways: Mapping[str, Any]) -> None:
    """Give the folder the times and the owner that it is to have."""
    paths = [place, *root.parents, root, *root.rglob("*")]
    for path in paths:
        if not path.is_relative_to(place):
            continue
        if ways["user"]:
            os.chown(path, ways["user"], ways["user"])
        if ways["touched"] is not None:
            os.utime(path, (ways["touched"], ways["touched"]))


def contents(root: Path) -> dict[str, bytes]:
    """All files, hidden ones too; but not what is kept for the next build."""
    paths = (path for path in root.rglob("*") if path.is_file() or path.is_symlink())
    found = ((path.relative_to(root), path) for path in paths)
    return {str(name): path.read_bytes() for name, path in found if name.parts[0] != FOLDER}


def start(place: Path, root: Path, words: Sequence[str], ways: Mapping[str, Any]) -> Ended:
    """Run one command."""
    settings = {name: ways[name] for name in ("clock", "umask", "user", "cut_off")}
    folder = {"inside": root, "above": root.parent}.get(ways["where"], place)
    given = {"inside": ".", "above": root.name}.get(ways["where"], str(root))
    command, *rest = (word.replace(ROOT, str(root)) for word in words)
    with streams(ways) as (stdin, stdout, stderr):
        process = subprocess.Popen(
            [sys.executable, ODDLY, json.dumps(settings), command, "--root", given, *rest],
            cwd=folder,
            env=environment(ways),
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            preexec_fn=partial(inherit, place, ways),  # noqa: PLW1509 - no threads here
        )
        with process:
            try:
                out, err = process.communicate(timeout=HANGS)
            except subprocess.TimeoutExpired:
                process.kill()
                return Ended(-9, b"", b"it hangs")
    return Ended(process.returncode, out or b"", err or b"")


def environment(ways: Mapping[str, Any]) -> dict[str, str]:
    """Nothing is inherited but what the case says, and where the program is."""
    said = {name: ways[name] for name in INHERITED if ways[name] is not None}
    return {"PYTHONPATH": str(REPOSITORY / "generator"), **said}


def inherit(place: Path, ways: Mapping[str, Any]) -> None:
    """Done in the new process, before it becomes Python: what a process is born with."""
    if ways["files"]:
        resource.setrlimit(resource.RLIMIT_NOFILE, (ways["files"], ways["files"]))
    if ways["where"] == "deleted":
        gone = place / "gone"
        gone.mkdir(exist_ok=True)
        os.chdir(gone)
        gone.rmdir()
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if ways[name] == "closed":
            os.close(number)


@contextmanager
def streams(ways: Mapping[str, Any]) -> Iterator[list[int]]:
    """What stands behind the three streams."""
    opened: list[int] = []

    def behind(way: str) -> int:
        if way == "heard":
            return subprocess.PIPE
        if way == "left":  # a pipe whose reader has gone, as after `| head -1`
            reader, writer = os.pipe()
            os.close(reader)
            opened.append(writer)
            return writer
        if way == "full":
            opened.append(os.open("/dev/full", os.O_WRONLY))
            return opened[-1]
        return subprocess.DEVNULL

    try:
        yield [behind(ways[name]) for name in ("stdin", "stdout", "stderr")]
    finally:
        for number in opened:
            os.close(number)


# -- what must be the same -------------------------------------------------------------------------

CANNOT_SAY = 3
"""How a command ends that has done its work, and could not put down what it had to say."""


def differences(expected: Result, found: Result, ways: Mapping[str, Any]) -> str:
    """What is not as it should be, in a line; nothing if all is."""
    for before, after in zip(expected.ended, found.ended, strict=True):
        codes = {before.code, CANNOT_SAY} if ways["stdout"] == "full" else {before.code}
        last = after.err.decode(errors="replace").strip()[-300:]
        if after.code not in codes:
            return f"ended with {after.code}, not {before.code}: {last}"
        if b"Traceback" in after.err or b"Exception ignored" in after.err:
            return f"a traceback: {last}"
        if is_heard_plainly(ways) and said(before, PLAIN) != said(after, ways):
            return f"said {after.out!r}, not {before.out!r}"
    if found.files != expected.files:
        names = sorted(
            name
            for name in expected.files.keys() | found.files.keys()
            if expected.files.get(name) != found.files.get(name)
        )
        return f"bytes differ in {len(names)} files: {', '.join(names[:5])}"
    return ""


def said(ended: Ended, ways: Mapping[str, Any]) -> bytes:
    """What was printed, with the trust's folder left out: it has many names and places."""
    shown = ways["name"].encode(errors="backslashreplace")
    where = re.compile(rb"(?m)^Open .*(?=site/index\.html in your browser)")
    return where.sub(b"Open ", ended.out).replace(shown, b"trust")


def is_heard_plainly(ways: Mapping[str, Any]) -> bool:
    """Whether all that is printed can be heard, without colours, and as UTF-8."""
    utf8 = ways["PYTHONUTF8"] == "1" or ways["LC_ALL"] == "C.UTF-8"
    coded = ways["PYTHONIOENCODING"] or ways["FORCE_COLOR"]
    return ways["stdout"] == "heard" and utf8 and not coded
