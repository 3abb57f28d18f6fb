"""Random hostile trees: links, pipes, sockets, odd names and permissions, anywhere in a workspace.

Outside each workspace lies a secret, and links lead there.  `check` and `build` must end by
themselves with an exit code of their own, print and publish nothing of the secret, change nothing
outside, and write in the workspace only where they may.
"""

from __future__ import annotations

import os
import random
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.problem_pages import BASE
from tests.torture.outcome import Outcome

LONG = 600

HANG = 120
"""Seconds after which a run counts as hanging."""

SECRET = "SECRET-d41d8cd98f00"  # noqa: S105 - the word that must not be seen

WRITTEN = ("site", "build", ".clausebook-cache", ".site.new", ".build.new")
"""All that a build may write in a workspace."""

PLACES = (
    *(".", "policy_source", "policy_source/online", "policy_source/online/versions"),
    *("policy_source/online/changes", "schools", "schools/hill", "schools/hill/changes"),
    *("schools/hill/changes/online", "schools/hill/versions", "schools/hill/versions/online"),
    *("assets", "own", "site", "build", ".clausebook-cache", ".clausebook-cache/pages"),
)
NAMES = (
    *("online.yml", "Online.yml", "school.yml", "School.yml", "group.yml", "policy.md", "1.0.md"),
    *("register.txt", "updates.yml", "note.yml", "logo.png", "trust.yml", "mkdocs.yml", "oak"),
    *("Oak", "con", "con.yml", "nul.md", "aux", "com1", "trust", "schema", "online", "hill"),
    *(
        "ends in a dot.",
        "ends in a space ",
        "new\nline",
        "\x1b[31mred",
        "\u202ereversed",
        ".hidden",
    ),
    *(
        ".hidden",
        ".clausebook",
        ".site.new",
        ".online.yml.new",
        "site",
        "build",
        "own.css",
        "index.html",
    ),
    *("a" * 250, "\udcff\udcfe.yml", "\udcff", "links.yml", "checks.yml", "-rf", "$(id)", "x:y"),
)
SETTINGS = (
    "extra_css: [own.css]\n", "extra_css: [../outside/secret.txt]\n", "extra_css: [/etc/passwd]\n",
    "INHERIT: ../outside/mkdocs.yml\n", "INHERIT: own/base.yml\n", "theme: {custom_dir: own}\n",
    "theme: {custom_dir: ../outside}\n", "extra_javascript: [assets/a.js, assets/A.js]\n",
)  # fmt: skip

Deed = Callable[[random.Random, Path, Path], None]


def _link_out(chance: random.Random, path: Path, outside: Path) -> None:
    path.symlink_to(chance.choice([outside, outside / "secret.txt", outside / "secret.yml"]))


def _link_in(chance: random.Random, path: Path, outside: Path) -> None:
    root = outside.parent / "trust"
    targets = [root, root / "schools", root / "schools/hill/school.yml", path.parent, path]
    path.symlink_to(chance.choice(targets))


def _link_relative(chance: random.Random, path: Path, _: Path) -> None:
    path.symlink_to(chance.choice(["..", ".", "../..", "nowhere", "../hill/school.yml", "a" * 200]))


def _chain(_: random.Random, path: Path, outside: Path) -> None:
    middle = path.with_name("chain")
    middle.symlink_to(outside / "secret.yml")
    path.symlink_to("chain")


def _pipe(_: random.Random, path: Path, __: Path) -> None:
    os.mkfifo(path)


def _socket(_: random.Random, path: Path, __: Path) -> None:
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(str(path))


def _device(chance: random.Random, path: Path, _: Path) -> None:
    path.symlink_to(chance.choice(["/dev/zero", "/dev/tty", "/dev/stdin", "/proc/self/environ"]))


def _folder(_: random.Random, path: Path, __: Path) -> None:
    path.mkdir()
    (path / "inside.yml").write_text("name: Oak\n", encoding="utf-8")


def _file(chance: random.Random, path: Path, _: Path) -> None:
    path.write_bytes(chance.choice([b"", b"name: Oak\n", b"overrides: []\n", b"\xff\xfe"]))


def _closed(_: random.Random, path: Path, __: Path) -> None:
    path.mkdir()
    path.chmod(0)


DEEDS: tuple[Deed, ...] = (
    *(_link_out, _link_out, _link_in, _link_relative, _chain, _pipe, _pipe, _socket, _device),
    *(_folder, _file, _closed),
)


def prepare(chance: random.Random, folder: Path) -> list[str]:
    """A trust in `folder`/trust with something done to it, and a secret outside; says what."""
    outside, root = folder / "outside", folder / "trust"
    outside.mkdir()
    for name in ("secret.txt", "secret.yml", "school.yml", "mkdocs.yml", "policy.md", "own.css"):
        (outside / name).write_text(f"name: {SECRET}\ncopyright: {SECRET}\n", encoding="utf-8")
    for name, data in BASE.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    settings = chance.choice(SETTINGS) if chance.random() < 1 / 3 else ""
    (root / "mkdocs.yml").write_text(f"site_name: Policies\n{settings}", encoding="utf-8")
    done = [settings.strip()] if settings else []
    for _ in range(chance.randint(1, 4)):
        deed = chance.choice(DEEDS)
        path = root / chance.choice(PLACES) / chance.choice(NAMES)
        if chance.random() < 1 / 5:
            path = path.parent  # the place itself
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            if path != root and os.path.lexists(path):
                _remove(path)
            deed(chance, path, outside)
            done.append(f"{deed.__name__} {path.relative_to(root).as_posix()!r}")
    return done


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()


def state(folder: Path, *but: str) -> dict[str, str]:
    """What a folder holds, without some of what stands in it: kinds, links, and files' bytes."""
    found: dict[str, str] = {}
    for here, inner, names in os.walk(folder):
        if here == str(folder):
            inner[:] = [name for name in inner if name not in but]
        for name in (*inner, *(name for name in names if here != str(folder) or name not in but)):
            path = Path(here) / name
            kind = os.lstat(path).st_mode
            text = str(path.readlink()) if path.is_symlink() else ""
            if path.is_file() and not path.is_symlink():
                text = path.read_bytes().decode("latin-1")
            found[os.fspath(path.relative_to(folder))] = f"{kind:o} {text}"
    return found


def run_in(root: Path, *command: str) -> tuple[int, bytes]:
    """Run the program in a process of its own; gives its exit code and all that it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "clausebook", *command, "--root", str(root)],
        capture_output=True, timeout=HANG, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def published(root: Path) -> bytes:
    """Every byte of what a build has written: links are not followed."""
    found = b""
    for name in WRITTEN:
        if (root / name).is_symlink():
            continue
        for here, _, names in os.walk(root / name):
            for path in (Path(here) / one for one in names):
                if path.is_file() and not path.is_symlink():
                    found += path.read_bytes()
    return found


def attempt(chance: random.Random, folder: Path) -> str:
    """Try one tree; gives what went wrong and what had been done to it, or ""."""
    done = prepare(chance, folder)
    root, outside = folder / "trust", folder / "outside"
    before, beside = state(root, *WRITTEN), state(outside)
    said = b""
    for command in (("check",), ("build", "--jobs", "1")):
        try:
            code, output = run_in(root, *command)
        except subprocess.TimeoutExpired:
            return f"{command[0]} hangs after {done}"
        said += output
        if code not in (0, 1, 2, 3) or b"Traceback" in output:
            return f"{command[0]} fails after {done}: {output[-600:].decode('utf-8', 'replace')}"
    if SECRET.encode() in said:
        return f"the secret is printed after {done}"
    if SECRET.encode() in published(root):
        return f"the secret is published after {done}"
    if state(outside) != beside:
        return f"something outside has changed after {done}"
    if state(root, *WRITTEN) != before:
        return f"something among the sources has changed after {done}"
    return ""


def run(number: int, seed: int) -> Outcome:
    """So many random trees."""
    remarks: list[str] = []
    for at in range(number):
        chance = random.Random(f"{seed}/{at}")  # noqa: S311 - to be had again
        with TemporaryDirectory(prefix="clausebook-folders-", ignore_cleanup_errors=True) as folder:
            wrong = attempt(chance, Path(folder))
        if wrong:
            remarks.append(f"seed {seed}, case {at}: {wrong}")
    return Outcome("hostile folders", number, uncaught=len(remarks), remarks=tuple(remarks[:20]))
