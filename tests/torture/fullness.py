"""Disks that are full or cannot be written: a message with the path and what to do, nothing lost.

The disks are real and small (tmpfs), mounted where only this trial sees them.  Where nothing may
be mounted, the system refuses files beyond a length instead (setrlimit(2)), which is an error of
the kernel's as well.  After every refusal all is as it was, and with room the same command works.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.torture import faulty
from tests.torture.faulty import Ended, Moment
from tests.torture.kills import COMMANDS, DAY, Files, Prepared, everything, left_over
from tests.torture.outcome import Outcome
from tests.trusts import Trust

LONG = 200

ROOT = Path(__file__).parent.parent.parent
INSIDE = "CLAUSEBOOK_TRIAL_MAY_MOUNT"
"""Set in a process that may mount disks nobody else sees; without any, limits are used."""

WAYS = (("unshare", "--mount"), ("unshare", "--user", "--map-root-user", "--mount"))


def run(number: int, seed: int, ways: Sequence[Sequence[str]] = WAYS) -> Outcome:
    """Fill disks at so many points; in a process that may mount them, if there can be one."""
    way = next((way for way in ways if _may_mount(way)), ())
    line = [*way, sys.executable, "-m", "tests.torture.fullness", str(number), str(seed)]
    paths = [str(ROOT), str(ROOT / "generator"), os.environ.get("PYTHONPATH", "")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), INSIDE: "yes" * bool(way)}
    done = subprocess.run(
        line, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True
    )
    tried, lost, uncaught, refused, remarks = json.loads(done.stdout)
    how = f"disks mounted by {' '.join(way)}" if way else "no disk could be mounted: limits"
    return Outcome(
        name="disks full or read-only",
        tried=tried,
        lost=lost,
        uncaught=uncaught,
        remarks=(*remarks, f"{refused} of {tried} were refused; {how}"),
    )


def _may_mount(way: Sequence[str]) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        line = [*way, "mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder]
        try:
            return subprocess.run(line, capture_output=True, check=False).returncode == 0
        except FileNotFoundError:
            return False


# -- disks -------------------------------------------------------------------------------------


class Disk:
    """A small disk in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.filler = folder / ".filler"

    def leave(self, pages: int) -> None:
        """Fill it up, but for so many pages."""
        about = os.statvfs(self.folder)
        with self.filler.open("wb") as stream:
            os.posix_fallocate(stream.fileno(), 0, max(1, about.f_bavail - pages) * about.f_frsize)

    def make_room(self) -> None:
        """Take away what filled it."""
        self.filler.unlink()

    def mount(self, how: str) -> None:
        """Mount it again, in another way."""
        _mount("-o", f"remount,{how}", str(self.folder))


@contextmanager
def disk(folder: Path, size: int = 64 << 20) -> Iterator[Disk]:
    """A disk of so many bytes, for as long as the context lasts."""
    folder.mkdir(parents=True, exist_ok=True)
    _mount("-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder))
    try:
        yield Disk(folder)
    finally:
        subprocess.run(["umount", str(folder)], check=True, capture_output=True)  # noqa: S607


def _mount(*words: str) -> None:
    subprocess.run(["mount", *words], check=True, capture_output=True)  # noqa: S607


# -- cases -------------------------------------------------------------------------------------

Wrong = tuple[str, str]
"""`lost` or `uncaught`, and what was seen."""

Case = Callable[[Prepared, Path, random.Random], Iterator[Wrong]]

BUILD = ("build", "--today", DAY, "--jobs")


refused: list[Ended] = []
"""Commands that had no room, or could not write."""


def said_well(ended: Ended, where: Path, what: str) -> Iterator[Wrong]:
    """A refusal names the place, the reason in words, and what helps; and no traceback."""
    refused.append(ended)
    if ended.code != 3:
        yield "uncaught", f"it ended with {ended.code}: {ended.said[-300:]}"
    for words in (str(where), what, "run the command again" if "space" in what else what):
        if words not in ended.said or "Traceback" in ended.said:
            yield "uncaught", f"no {words!r} in: {ended.said[-400:]}"


def full_folder(one: Prepared, place: Path, rng: random.Random) -> Iterator[Wrong]:
    """Let the disk with the trust's folder, and all that is built in it, be full at some point."""
    with disk(place / "disk") as small:
        trust = one.copy(small.folder / "trust")
        small.leave(rng.randrange(one.pages + 3))
        ended = one.run(trust)
        now = everything(trust.root)
        small.make_room()
        if ended.code:
            yield from said_well(ended, trust.root, "no space left on device")
            yield from unlike(now, one.old, "after the refusal")
        else:
            yield from unlike(now, one.new, "with just enough room")
        yield from works(one, trust, ended)


def full_output(one: Prepared, place: Path, rng: random.Random) -> Iterator[Wrong]:
    """Let the disk for the websites be full at some point, with good ones on it."""
    with disk(place / "disk") as small:
        trust = one.copy(place / "trust")
        site = small.folder / "site"
        jobs = str(rng.randint(1, 2))
        elsewhere = [*BUILD, jobs, "--root", str(trust.root), "--output", str(site)]
        before = Trust(place / "before")
        shutil.copytree(one.before.root, before.root)
        good = [*BUILD, "1", "--root", str(before.root), "--output", str(site), "--no-cache"]
        faulty.run(good, None, place)
        old = everything(site)
        trust.edit("schools/hill/school.yml", "Ruth Adeyemi", "Ruth Adeyemi-Lee")
        small.leave(rng.randrange(400))
        ended = faulty.run(elsewhere, None, place)
        now = everything(site)
        small.make_room()
        if ended.code:
            yield from said_well(ended, small.folder, "no space left on device")
            yield from unlike(now, old, "after the refusal")
            yield from ((("lost", "nothing was up"),) if not old else ())
        again = faulty.run(elsewhere, None, place)
        if again.code or not everything(site):
            yield "uncaught", f"with room it ended with {again.code}: {again.said[-300:]}"
        for path in left_over(small.folder):
            yield "uncaught", f"{path} was left"


def full_cache(one: Prepared, place: Path, rng: random.Random) -> Iterator[Wrong]:
    """Let there be no room for what is kept for the next build, or let it be read-only."""
    with disk(place / "disk") as small:
        trust = one.copy(place / "trust")
        reason = rng.choice(["no space left on device", "read-only file system"])
        if reason.startswith("no"):
            small.leave(rng.randrange(8))
        else:
            small.mount("ro")
        cache = ["--cache", str(small.folder / "cache")]
        words = [*BUILD, str(rng.randint(1, 2)), "--root", str(trust.root), *cache]
        ended = faulty.run(words, None, place)
        refused.append(ended)
        line = f"Nothing more could be kept in '{small.folder / 'cache'}' for the next build"
        if ended.code or ended.said.count(line) != 1 or reason not in ended.said:
            yield "uncaught", f"it ended with {ended.code}: {ended.said[-300:]}"
        yield from unlike(everything(trust.root), one.new, "without a cache")


def read_only_folder(one: Prepared, place: Path, rng: random.Random) -> Iterator[Wrong]:
    """Let nothing be written into the trust's folder."""
    del rng
    with disk(place / "disk") as small:
        trust = one.copy(small.folder / "trust")
        small.mount("ro")
        ended = one.run(trust)
        yield from said_well(ended, trust.root, "read-only file system")
        yield from unlike(everything(trust.root), one.old, "on a read-only disk")
        if one.checked(trust) != one.told:
            yield "uncaught", "check says something else on a read-only disk"
        site = place / "out" / "site"
        words = [*BUILD, "1", "--root", str(trust.root), "--output", str(site)]
        built = faulty.run(words, None, place)
        if built.code not in (0, 1) or (built.code == 0) != (site / "index.html").is_file():
            yield "uncaught", f"a build elsewhere ended with {built.code}: {built.said[-300:]}"
        small.mount("rw")
        yield from works(one, trust, ended)


def read_only_output(one: Prepared, place: Path, rng: random.Random) -> Iterator[Wrong]:
    """Let the websites' place be read-only."""
    with disk(place / "disk") as small:
        trust = one.copy(place / "trust")
        small.mount("ro")
        site = small.folder / "sites" / "site"
        words = [*BUILD, str(rng.randint(1, 2)), "--root", str(trust.root), "--output", str(site)]
        ended = faulty.run(words, None, place)
        yield from said_well(ended, site, "read-only file system")
        yield from unlike(everything(trust.root), one.old, "of the trust's folder")
        small.mount("rw")
        again = faulty.run(words, None, place)
        if again.code or not (site / "index.html").is_file():
            yield "uncaught", f"once it could be written it ended with {again.code}"


def limited(one: Prepared, place: Path, rng: random.Random) -> Iterator[Wrong]:
    """Let no file be longer than this: where no disk can be mounted."""
    trust = one.copy(place / "trust")
    ended = one.run(trust, Moment(length=rng.randint(1, one.longest), refused=True))
    if ended.code:
        yield from said_well(ended, trust.root, "file too large")
        yield from unlike(everything(trust.root), one.old, "after the refusal")
    yield from works(one, trust, ended)


def unlike(now: Files, wanted: Files, when: str) -> Iterator[Wrong]:
    """The files that are not as they should be."""
    for name in sorted(now.keys() | wanted.keys()):
        if now.get(name) != wanted.get(name):
            yield "lost", f"{name} is not as it should be {when}"


def works(one: Prepared, trust: Trust, before: Ended) -> Iterator[Wrong]:
    """The same command again, now that nothing is in the way."""
    ended = one.run(trust)
    if ended.code not in ((0,) if before.code else one.command.again):
        yield "uncaught", f"afterwards it ended with {ended.code}: {ended.said[-300:]}"
    yield from unlike(everything(trust.root), one.new, "afterwards")
    for path in left_over(trust.root):
        yield "uncaught", f"{path} was left"


ANY: tuple[Case, ...] = (full_folder, full_folder, full_folder, read_only_folder)
BUILDS: tuple[Case, ...] = (full_output, full_cache, read_only_output, full_output)


def _inside(number: int, seed: int) -> tuple[int, int, int, int, list[str]]:
    rng = random.Random(seed)  # noqa: S311 - no secret
    lost = uncaught = 0
    remarks: list[str] = []
    with tempfile.TemporaryDirectory(prefix="fullness-") as folder:
        prepared = [Prepared(command, Path(folder) / command.name) for command in COMMANDS[:number]]
        for trial in range(number):
            # Every third is about builds; of the others, every command meets every case.
            builds, build = divmod(trial, 3)
            other = trial - builds
            one = prepared[0] if build == 2 else prepared[other % len(prepared)]
            case = BUILDS[builds % len(BUILDS)] if build == 2 else ANY[other % len(ANY)]
            if not os.environ.get(INSIDE):
                one, case = prepared[trial % len(prepared)], limited
            place = Path(folder) / f"trial-{trial}"
            place.mkdir()
            wrong = list(case(one, place, rng))
            shutil.rmtree(place)
            lost += any(kind == "lost" for kind, _ in wrong)
            uncaught += bool(wrong) and all(kind != "lost" for kind, _ in wrong)
            remarks += [f"{one.command.name}, {case.__name__}: {what}" for _, what in wrong[:1]]
    return number, lost, uncaught, len(refused), remarks[:20]


if __name__ == "__main__":
    print(json.dumps(_inside(int(sys.argv[1]), int(sys.argv[2]))))  # noqa: T201
