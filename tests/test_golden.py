"""A small trust with every feature: the pages that Clausebook writes for it, to be read by people.

The trust is in `golden/trust`, its pages in `golden/pages`, one folder for each site.
`CLAUSEBOOK_UPDATE=1 python -m pytest tests/test_golden.py` writes today's pages there.
Read the difference before you keep it: it is what every school's readers will see.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent
GOLDEN = Path(__file__).parent / "golden"
UPDATE = bool(os.environ.get("CLAUSEBOOK_UPDATE"))

Pages = dict[str, str]


class Loader(yaml.SafeLoader):
    """Reads a site's settings, without acting on what other programs put there."""


Loader.add_multi_constructor("", lambda _loader, tag, _node: f"!{tag}")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Pages:
    """What `clausebook build` writes for MkDocs: pages as they are, and the menu of each site."""
    root = tmp_path_factory.mktemp("golden") / "trust"
    shutil.copytree(GOLDEN / "trust", root)
    shutil.copy(ROOT / "mkdocs.yml", root)
    command = [sys.executable, "-m", "clausebook", "build", "--today", "2026-11-21"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    pages: Pages = {}
    for project in sorted(path for path in (root / "build").iterdir() if path.is_dir()):
        for page in sorted((project / "docs").rglob("*.md")):
            name = page.relative_to(project / "docs").as_posix()
            pages[f"{project.name}/{name}"] = page.read_text("utf-8")
        settings = yaml.load((project / "mkdocs.yml").read_text("utf-8"), Loader)  # noqa: S506
        menu = {name: settings[name] for name in ("site_name", "nav")}
        text = yaml.safe_dump(menu, sort_keys=False, allow_unicode=True)
        pages[f"{project.name}/menu.yml"] = text
    return pages


def kept() -> Pages:
    """The pages as somebody has read and accepted them."""
    folder = GOLDEN / "pages"
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in files}


@pytest.fixture(scope="module", autouse=True)
def _update(written: Pages) -> None:
    if UPDATE:
        shutil.rmtree(GOLDEN / "pages", ignore_errors=True)
        for name, text in written.items():
            path = GOLDEN / "pages" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("name", kept())
def test_a_page_is_as_it_was_accepted(written: Pages, name: str) -> None:
    assert name in written, f"{name} is no longer written: CLAUSEBOOK_UPDATE=1 removes it"
    assert written[name] == kept()[name]


def test_every_page_has_been_accepted(written: Pages) -> None:
    assert set(written) == set(kept())


def test_the_small_trust_has_every_feature(written: Pages) -> None:
    """What the pages must show, in whatever words, for the comparison to be worth anything."""
    everything = "\n".join(written.values())
    for feature in (
        *("cb-adapted", "cb-added", "cb-omitted", "cb-trust"),
        *("cb-guidance", "cb-example", "cb-definition"),
        *("\n## ", "\n### ", "\n        -   ", "\n> ", "| --- |", "| ---: |"),
        *("overdue", "Two Rivers", "executive headteacher", "children", "48 hours", "green form"),
    ):
        assert feature in everything, feature
