"""Every problem an editor can meet has a page under `problems/`; these tests run the pages.

How a page is written is told in `problem_pages.py`.

`CLAUSEBOOK_UPDATE=1 python -m pytest tests/test_problems.py` writes what is printed
today into the pages.  Read the difference before you keep it.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.problem_pages import BASE, PAGES, files_in, printed, read_page, write_page

from clausebook.problems import CODES
from clausebook.snapshot import Snapshot
from clausebook.workspace import WorkingTree

UPDATE = bool(os.environ.get("CLAUSEBOOK_UPDATE"))
ALL = sorted(page for page in PAGES.glob("*.md") if page.name != "README.md")


@pytest.mark.parametrize("page", ALL, ids=lambda page: page.stem)
def test_page_shows_what_is_printed(page: Path, tmp_path: Path) -> None:
    cases = read_page(page)
    outputs: list[str] = []
    for number, case in enumerate(cases):
        folder = tmp_path / str(number)
        failure = case.play(folder)
        on_disk = printed(WorkingTree(folder))
        has_links = any(path.is_symlink() for path in folder.rglob("*"))
        in_memory = on_disk if has_links else printed(Snapshot(files_in(folder)))
        assert in_memory == on_disk, f"{case.name}: a folder in memory is as good as one on disk"
        outputs.append(failure or on_disk)
    if UPDATE:
        write_page(page, cases, outputs)
        cases = read_page(page)
    for case, output in zip(cases, outputs, strict=True):
        assert case.output == output, case.name
        assert f"[{page.stem}]: " in output or output == "no problems", f"{case.name} is off topic"
    assert any(f"[{page.stem}]: " in output for output in outputs)


def test_every_code_has_a_page() -> None:
    assert {page.stem for page in ALL} == set(CODES)


def test_base_has_no_problems() -> None:
    assert printed(Snapshot(BASE)) == "no problems"
