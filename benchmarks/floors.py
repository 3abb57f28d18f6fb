"""What no generator of these sites can be faster than, however clever.

    python -m benchmarks.floors render PROJECT...     python -m benchmarks.floors hash ROOT

prints seconds and how many pages, or files, as JSON.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.ours import pages_of
from benchmarks.peers import Sample
from benchmarks.running import Measured, medians, run
from benchmarks.table import Row

ROOT = Path(__file__).parent.parent
SOURCES = ("policy_source", "schools", "mkdocs.yml")


def measure(root: Path, scratch: Path, runs: int, few: Sample) -> Iterator[Row]:
    """Measure the floors under a build of `root`, which has been built."""
    pages = pages_of(root / "site")

    def ask(*words: str | Path) -> Measured:
        """What the program below says; memory is that of its process."""
        measured = run([sys.executable, "-m", "benchmarks.floors", *words], ROOT)
        said = json.loads(measured.output.splitlines()[-1])
        factor = pages / said["pages"] if "pages" in said else 1
        return replace(measured, seconds=said["seconds"] * factor, cpu=said["seconds"] * factor)

    def copy() -> Measured:
        shutil.rmtree(scratch / "copy", ignore_errors=True)
        return run(["cp", "-r", root / "site", scratch / "copy"], root)

    projects = [root / "build" / name for name in few.schools]
    yield Row(
        "floor",
        "Material's own template, content given",
        medians(lambda: ask("render", *projects), runs),
        pages=pages,
        runs=runs,
        note=few.note,
    )
    yield Row("floor", "copying the finished tree", medians(copy, runs), pages=pages, runs=runs)
    yield Row("floor", "hashing the sources", medians(lambda: ask("hash", root), runs), runs=runs)


def render(projects: Sequence[Path]) -> dict[str, float]:
    """Render the stock template for every page: all else is done before the clock starts."""
    from mkdocs.commands.build import get_context  # noqa: PLC0415 - only when asked for
    from mkdocs.config import load_config  # noqa: PLC0415
    from mkdocs.structure.files import get_files  # noqa: PLC0415
    from mkdocs.structure.nav import get_navigation  # noqa: PLC0415

    pages, seconds = 0, 0.0
    for project in projects:
        text = (project / "mkdocs.yml").read_text("utf-8")
        text = re.sub(r"(?m)^  custom_dir: .*\n|^validation:\n(  .*\n)*", "", text)
        with tempfile.TemporaryDirectory() as folder:
            settings = Path(folder) / "mkdocs.yml"
            settings.write_text(text, "utf-8")
            config = load_config(str(settings), docs_dir=str(project / "docs"))
        files = get_files(config)
        env = config.theme.get_env()
        files.add_files_from_theme(env, config)
        nav = get_navigation(files, config)
        every = [file.page for file in files.documentation_pages() if file.page]
        for page in every:
            page.read_source(config)
            page.render(config, files)
        template = env.get_template("main.html")
        template.render(get_context(nav, files, config, every[0]))
        began = time.perf_counter()
        for page in every:
            template.render(get_context(nav, files, config, page))
        seconds += time.perf_counter() - began
        pages += len(every)
    return {"pages": pages, "seconds": seconds}


def hash_sources(root: Path) -> dict[str, float]:
    """Read and hash every source file."""
    began, number = time.perf_counter(), 0
    for name in SOURCES:
        paths = (root / name).rglob("*") if (root / name).is_dir() else [root / name]
        for path in paths:
            if path.is_file():
                hashlib.sha256(path.read_bytes()).digest()
                number += 1
    return {"files": number, "seconds": time.perf_counter() - began}


def main() -> None:
    """Do what is asked, and say what it took."""
    what, *paths = sys.argv[1:]
    folders = [Path(path).resolve() for path in paths]
    print(json.dumps(render(folders) if what == "render" else hash_sources(folders[0])))


if __name__ == "__main__":
    main()
