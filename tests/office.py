"""LibreOffice, for tests: many documents opened by one program."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests.conftest import not_installed

SYSTEM_PYTHON = Path("/usr/bin/python3")
WORKER = Path(__file__).parent / "office_worker.py"


@dataclass(frozen=True)
class Opened:
    """What is in a document as LibreOffice has it."""

    parts: list[Any]
    """Each paragraph as its style and its text, each table as its rows of cells of paragraphs."""
    changes: list[list[str]]
    """The tracked changes: what, who, when."""
    comments: list[list[str]]
    """Who says what in the margin."""
    footers: list[str]
    left: int
    """How many tracked changes are left."""

    @property
    def texts(self) -> list[Any]:
        """The text alone: of a paragraph its characters, of a table those in its cells."""
        return [part[1] if isinstance(part[0], str) else part for part in self.parts]


@cache
def _is_there() -> bool:
    """Whether LibreOffice and its Python are installed."""
    if shutil.which("soffice") is None or not SYSTEM_PYTHON.exists():
        return False
    found = subprocess.run([SYSTEM_PYTHON, "-c", "import uno"], capture_output=True, check=False)
    return found.returncode == 0


def open_all(folder: Path, jobs: list[dict[str, str]]) -> list[Opened]:
    """What is in each document: `{"path": …, "do": "accept" or "reject" or "", "save": …}`."""
    if not _is_there():
        not_installed("LibreOffice and its Python", "tools/install-office")
    done = subprocess.run(
        [SYSTEM_PYTHON, WORKER, folder / "profile"],
        input=json.dumps(jobs), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return [Opened(**result) for result in json.loads(done.stdout)]


def printed_text(files: Mapping[str, bytes], folder: Path) -> dict[str, str]:
    """What LibreOffice prints of Word documents, as text: numbers of lists are in it."""
    for name, content in files.items():
        (folder / f"{name}.docx").write_bytes(content)
    paths = [folder / f"{name}.docx" for name in files]
    open_all(folder, [{"path": str(p), "save": str(p.with_suffix(".txt"))} for p in paths])
    return {name: (folder / f"{name}.txt").read_text("utf-8-sig") for name in files}
