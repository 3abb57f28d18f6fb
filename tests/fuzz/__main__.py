"""`make fuzz`: inputs made up by what they reach in a reader, until one breaks a law.

    make fuzz                                      every reader for ten minutes
    make fuzz ARGS="yaml --minutes 60"             one of them for an hour
    make fuzz ARGS="yaml .cache/fuzz/yaml/crash-…" one input again: says what is wrong with it
    make fuzz ARGS="yaml --smaller .cache/…"       the same made as small as it can be
    make fuzz ARGS="yaml --keep"                   take what was reached into the corpus, made small

An input that breaks a law, or that does not end, is put into `.cache/fuzz/<reader>/`.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.fuzz.smaller import smaller
from tests.fuzz.targets import CORPUS, TARGETS, WORDS

WORK = Path(".cache/fuzz")
MOST = 3_000
"""Longest input that is made up, in bytes."""

SLOWEST = 60
"""Seconds after which an input never ends: a busy machine is slow, and being watched is.

`make torture ARGS=readers` holds every input to one second of a processor."""


def main() -> int:
    """Fuzz, or try one input again; the exit code is 0 if nothing was found."""
    parser = argparse.ArgumentParser(
        prog="make fuzz ARGS=...",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("reader", nargs="?", choices=[*TARGETS], help="all, if none is named")
    parser.add_argument("inputs", nargs="*", type=Path, help="files to try again")
    parser.add_argument("--minutes", type=float, default=10, help="for each reader (10)")
    parser.add_argument("--seed", type=int, default=0, help="the same once more (by chance)")
    parser.add_argument("--smaller", action="store_true", help="make such a file small")
    parser.add_argument("--keep", action="store_true", help="take what was reached into the corpus")
    parser.add_argument("--into", type=Path, default=WORK, help="where inputs are put")
    asked = parser.parse_intermixed_args()
    if asked.inputs:
        return max(again(asked.reader, path, small=asked.smaller) for path in asked.inputs)
    readers = [asked.reader] if asked.reader else [*TARGETS]
    if asked.keep:
        return max(keep(reader, asked.into) for reader in readers)
    return max(fuzz(reader, asked.into, asked.minutes, asked.seed) for reader in readers)


def again(reader: str, path: Path, *, small: bool) -> int:
    """Try one input; what is wrong with it is raised, so that the traceback says where."""
    data = path.read_bytes()
    if small:
        data = smaller(TARGETS[reader], data)
        target = path.with_name(f"{path.name}.small")
        target.write_bytes(data)
        print(f"{target}: {data!r}")
        return 1
    TARGETS[reader](data)
    print(f"{path}: every law holds")
    return 0


def fuzz(reader: str, into: Path, minutes: float, seed: int) -> int:
    """Make inputs up for so long; the exit code is 0 if none broke a law.

    With a seed, and with hashes that are seeded as well, they are made up in the same order.
    """
    options = [
        *_common(into / reader),
        f"-dict={WORDS / f'{reader}.dict'}",
        f"-max_total_time={max(1, round(minutes * 60))}",
        f"-seed={seed}",
        "-print_final_stats=1",
    ]
    return _run(reader, options, _reached(into / reader), CORPUS / reader)


def keep(reader: str, into: Path) -> int:
    """Take into the corpus what was reached, as few inputs as reach all of it."""
    with tempfile.TemporaryDirectory() as chosen:
        options = [*_common(into / reader), "-merge=1"]
        folders = (Path(chosen), CORPUS / reader, _reached(into / reader))
        code = _run(reader, options, *folders)
        found = [path.read_bytes() for path in sorted(Path(chosen).iterdir())]
    known = {path.read_bytes() for path in (CORPUS / reader).iterdir()}
    for data in found:
        if data not in known:
            name = f"reached-{hashlib.sha256(data).hexdigest()[:8]}"
            (CORPUS / reader / name).write_bytes(data)
    return code


def _reached(folder: Path) -> Path:
    """Where inputs are put that reach something new."""
    path = folder / "reached"
    path.mkdir(parents=True, exist_ok=True)
    return path


def _common(folder: Path) -> list[str]:
    """LibFuzzer's options: https://llvm.org/docs/LibFuzzer.html#options."""
    return [f"-max_len={MOST}", f"-timeout={SLOWEST}", f"-artifact_prefix={folder}/"]


def _run(reader: str, options: list[str], *folders: Path) -> int:
    command = [sys.executable, "-m", "tests.fuzz.watched", reader, *options, *map(str, folders)]
    return subprocess.call(command)


if __name__ == "__main__":
    sys.exit(main())
