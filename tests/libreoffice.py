"""LibreOffice, for tests that ask what it prints: many documents in one go."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.conftest import not_installed


def printed_text(files: Mapping[str, bytes], folder: Path) -> dict[str, str]:
    """What LibreOffice prints of Word documents, as text: numbers of lists are in it."""
    program = shutil.which("soffice")
    if program is None:
        not_installed("LibreOffice", "tools/install-office")
    sources, texts = folder / "sources", folder / "texts"
    sources.mkdir(parents=True)
    for name, content in files.items():
        (sources / f"{name}.docx").write_bytes(content)
    command = [
        program,
        "--headless",
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--convert-to",
        "txt:Text (encoded):UTF8",
        "--outdir",
        str(texts),
        *(str(sources / f"{name}.docx") for name in files),
    ]
    subprocess.run(command, check=True, capture_output=True)
    return {name: (texts / f"{name}.txt").read_text("utf-8-sig") for name in files}
