"""Every problem an editor can meet has a page under `problems/`; these tests run the pages.

A page is named after its code and holds one case or, under `##` headings, several.
A case begins with the small trust in `problems/_base/`, whose files it adds to or
replaces, and ends with what `clausebook check` then prints:

- a path on a line of its own, in backticks, and after it a fenced block: the file;
- the same with a `diff` block: the file as it is in `_base`, with those lines changed;
- the same with a `bytes` block: the file byte by byte.  Line ends do not count; `\\n`,
  `\\r`, `\\t`, `\\\\` and `\\xff` mean what they mean in Python, and `<<x * 500>>` is x, 500 times;
- a path followed by `is not there`, or by `is a link to` and a path in backticks;
- a `console` block: the exact output.

`CLAUSEBOOK_UPDATE=1 python -m pytest tests/test_problems.py` writes the output of today
into the pages.  Read the difference before you keep it.
"""

from __future__ import annotations

import codecs
import os
import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from clausebook import report
from clausebook.pipeline import check
from clausebook.problems import CODES, Problems, SourceError
from clausebook.source import Tree, WorkingTree
from tests.memory_tree import MemoryTree

PAGES = Path(__file__).parent / "problems"
BASE = {
    path.relative_to(PAGES / "_base").as_posix(): path.read_bytes()
    for path in sorted((PAGES / "_base").rglob("*.*"))
    if path.is_file()
}
UPDATE = bool(os.environ.get("CLAUSEBOOK_UPDATE"))


@dataclass
class Case:
    """One mistake, or several, and what is said of them."""

    name: str
    files: dict[str, bytes] = field(default_factory=lambda: dict(BASE))
    links: dict[str, str] = field(default_factory=dict)
    output: str | None = None
    lines: tuple[int, int] = (0, 0)
    """Where the output stands on the page."""

    def in_folder(self, folder: Path) -> Tree:
        """The case on disk."""
        for name, content in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        for name, target in self.links.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.symlink_to(target)
        return WorkingTree(folder)


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
        elif found := re.fullmatch(r"`([^`]+)`(?: (is not there|is a link to `([^`]+)`)\.?)?", line):
            path, what, target = found.groups()
            if what:
                cases[-1].files.pop(path, None)
            if target:
                cases[-1].links[path] = target
        elif found := re.fullmatch(r"(```+)([a-z]*)", line):
            end = lines.index(found[1], at + 1)
            _take_block(cases[-1], path, found[2], lines[at + 1 : end], (at + 1, end))
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


def _take_block(
    case: Case, path: str, language: str, block: list[str], lines: tuple[int, int]
) -> None:
    text = "\n".join(block)
    match language:
        case "console":
            assert case.output is None, f"{case.name}: one output for each case"
            case.output, case.lines = text, lines
        case "diff":
            case.files[path] = _patched(BASE[path].decode(), block).encode()
        case "bytes":
            case.files[path] = _bytes(block)
        case _:
            case.files[path] = (text + "\n").encode() if block else b""


def _patched(text: str, diff: list[str]) -> str:
    before = "".join(line[1:] + "\n" for line in diff if not line.startswith("+"))
    after = "".join(line[1:] + "\n" for line in diff if not line.startswith("-"))
    assert text.count(before) == 1, f"stands once in the file:\n{before}"
    return text.replace(before, after)


def _bytes(block: list[str]) -> bytes:
    parts = re.split(r"<<(.*?) \* ([0-9]+)>>", "".join(block))
    plain, repeated, times = parts[::3], [*parts[1::3], ""], [*parts[2::3], "0"]
    return b"".join(
        _unescaped(before) + _unescaped(again) * int(number)
        for before, again, number in zip(plain, repeated, times, strict=True)
    )


def _unescaped(text: str) -> bytes:
    return codecs.decode(text, "unicode_escape").encode("latin-1")


def printed(tree: Tree) -> str:
    """What `clausebook check` prints."""
    problems = Problems()
    try:
        check(tree, problems)
    except SourceError:
        pass
    return report.as_text(list(problems))


ALL = sorted(page for page in PAGES.glob("*.md") if page.name != "README.md")


@pytest.mark.parametrize("page", ALL, ids=lambda page: page.stem)
def test_page_shows_what_is_printed(page: Path, tmp_path: Path) -> None:
    """The output on the page is the output, whether the files are in memory or on disk."""
    cases = read_page(page)
    outputs = [printed(case.in_folder(tmp_path / str(n))) for n, case in enumerate(cases)]
    if UPDATE:
        write_page(page, cases, outputs)
        cases = read_page(page)
    for case, output in zip(cases, outputs, strict=True):
        assert case.output == output, case.name
        assert case.links or printed(MemoryTree(case.files)) == output, case.name
        assert f"[{page.stem}]: " in output or output == "no problems", f"{case.name} is off topic"
    assert any(f"[{page.stem}]: " in str(case.output) for case in cases)


def test_every_code_has_a_page() -> None:
    """A code without a page, or a page without a code, is a mistake."""
    assert {page.stem for page in ALL} == set(CODES)


def test_base_has_no_problems() -> None:
    """The trust that the cases begin with is correct."""
    assert printed(MemoryTree(BASE)) == "no problems"
