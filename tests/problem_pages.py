r"""The pages under `problems/`: one for each kind of problem, named after its code.

A page holds one case or, under `##` headings, several.  A case begins with the
small trust in `problems/_base/`, does one thing after another to it, and ends
with what is printed then:

- a path on a line of its own, in backticks, and after it a fenced block: the file;
- the same with a `diff` block: the file as it is by then, with those lines changed;
- the same with a `bytes` block: the file byte by byte.  Line ends do not count; `\n`,
  `\r`, `\t`, `\\` and `\xff` mean what they mean in Python, and `<<x * 500>>` is x, 500 times;
- a path followed by `is not there`, or by `is a copy of` or `is a link to` another path;
- an `sh` block: commands, which succeed, all but perhaps the last of the case;
- a `console` block: exactly what that last command printed, or else `clausebook check`;
  only seals, which are never the same, are shown as noughts.
"""

from __future__ import annotations

import codecs
import re
import shlex
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path

from click.testing import CliRunner

from clausebook import report
from clausebook.cli import main
from clausebook.pipeline import check
from clausebook.problems import Problems, SourceError
from clausebook.source import Tree

PAGES = Path(__file__).parent / "problems"
TODAY = date(2026, 11, 20)

Step = Callable[[Path], str]
"""Does something in a trust's folder; gives what was printed if it is a command that failed."""


def files_in(folder: Path) -> dict[str, bytes]:
    """A folder's files by their paths; links are left out."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }


BASE = files_in(PAGES / "_base")


def printed(tree: Tree) -> str:
    """What `clausebook check` prints."""
    problems = Problems()
    with suppress(SourceError):
        check(tree, problems, TODAY)
    return _settled(report.as_text(list(problems)))


def _settled(output: str) -> str:
    """Output that is the same every time: seals are not, because each has salt in it."""
    return re.sub("sha256:[0-9a-f]{64}", f"sha256:{'0' * 64}", output)


@dataclass
class Case:
    """What is done to the trust in `_base`, and what is printed then."""

    name: str
    steps: list[Step] = field(default_factory=list)
    output: str | None = None
    lines: tuple[int, int] = (0, 0)
    """Where the output stands on the page."""

    def play(self, folder: Path) -> str:
        """Do it in an empty folder; gives what the last command printed if it failed."""
        for name, content in BASE.items():
            _write(name, content, folder)
        said = ""
        for step in self.steps:
            assert not said, f"{self.name}: a command fails before the end:\n{said}"
            said = step(folder)
        return said


def read_page(page: Path) -> list[Case]:
    """The cases of a page."""
    code = page.stem
    lines = page.read_text(encoding="utf-8").split("\n")
    assert lines[0] == f"# {code}", f"{page.name} begins with '# {code}'"
    cases = [Case(code)]
    path = ""
    at = 1
    while at < len(lines):
        line = lines[at]
        if line.startswith("## "):
            if cases[-1].output is None:
                cases.pop()
            cases.append(Case(f"{code}: {line[3:]}"))
        elif found := _PATH.fullmatch(line):
            path = found["path"]
            if found["what"]:
                cases[-1].steps.append(partial(_DEEDS[found["what"]], path, found["other"]))
        elif found := re.fullmatch(r"(```+)([a-z]*)", line):
            end = lines.index(found[1], at + 1)
            if found[2] == "console":
                assert cases[-1].output is None, f"{cases[-1].name}: one output for each case"
                cases[-1].output = "\n".join(lines[at + 1 : end])
                cases[-1].lines = (at + 1, end)
            else:
                cases[-1].steps.append(_block(path, found[2], lines[at + 1 : end]))
            at = end
        at += 1
    return cases


def write_page(page: Path, cases: list[Case], outputs: list[str]) -> None:
    """Write outputs into the page."""
    lines = page.read_text(encoding="utf-8").split("\n")
    for case, output in reversed(list(zip(cases, outputs, strict=True))):
        start, end = case.lines
        lines[start:end] = output.split("\n")
    page.write_text("\n".join(lines), encoding="utf-8")


# -- steps -------------------------------------------------------------------------


_PATH = re.compile(
    r"`(?P<path>[^`]+)`"
    r"(?: (?P<what>is not there|is a copy of|is a link to)(?: `(?P<other>[^`]+)`)?)?"
)


def _write(name: str, content: bytes, folder: Path) -> str:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return ""


def _remove(name: str, _: str, folder: Path) -> str:
    path = folder / name
    path.unlink()
    while not any(path.parent.iterdir()):
        path = path.parent
        path.rmdir()
    return ""


def _copy(name: str, other: str, folder: Path) -> str:
    return _write(name, (folder / other).read_bytes(), folder)


def _link(name: str, target: str, folder: Path) -> str:
    path = folder / name
    path.unlink(missing_ok=True)
    path.symlink_to(target)
    return ""


_DEEDS: dict[str, Callable[[str, str, Path], str]] = {
    "is not there": _remove,
    "is a copy of": _copy,
    "is a link to": _link,
}


def _block(path: str, language: str, block: list[str]) -> Step:
    match language:
        case "sh":
            return partial(_run, block)
        case "diff":
            return partial(_patch, path, block)
        case "bytes":
            return partial(_write, path, _bytes(block))
        case _:
            return partial(_write, path, "".join(line + "\n" for line in block).encode())


def _run(commands: list[str], folder: Path) -> str:
    for number, command in enumerate(commands):
        program, *arguments = shlex.split(command)
        assert program == "clausebook", command
        today = ["--today", TODAY.isoformat()] if arguments[0] == "ratify" else []
        result = CliRunner().invoke(main, [*arguments, "--root", str(folder), *today])
        if result.exit_code:
            assert number == len(commands) - 1, f"'{command}' failed: {result.output}"
            return _settled(result.output.rstrip("\n"))
    return ""


def _patch(name: str, diff: list[str], folder: Path) -> str:
    text = (folder / name).read_text(encoding="utf-8")
    before = "".join(line[1:] + "\n" for line in diff if not line.startswith("+"))
    after = "".join(line[1:] + "\n" for line in diff if not line.startswith("-"))
    assert text.count(before) == 1, f"stands once in {name}:\n{before}\n{text}"
    return _write(name, text.replace(before, after).encode(), folder)


def _bytes(block: list[str]) -> bytes:
    parts = re.split(r"<<(.*?) \* ([0-9]+)>>", "".join(block))
    plain, repeated, times = parts[::3], [*parts[1::3], ""], [*parts[2::3], "0"]
    return b"".join(
        _unescaped(before) + _unescaped(again) * int(number)
        for before, again, number in zip(plain, repeated, times, strict=True)
    )


def _unescaped(text: str) -> bytes:
    return codecs.decode(text, "unicode_escape").encode("latin-1")
