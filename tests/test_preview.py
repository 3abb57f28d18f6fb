"""The live preview: the school that was edited is shown at once, everything else soon after."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.test_site import free_port, wait_for
from tests.trusts import SCHOOL, Trust, ratified_trust

from clausebook.orders import Order
from clausebook.pipeline import build
from clausebook.preview import Preview
from clausebook.problems import Problem, Problems

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = Path(__file__).parent.parent
HILL, DALE, TRUSTS = "Hill Primary School", "Dale School", "Lowland Learning Trust"


class Shown:
    """A preview of a trust, and what it has told."""

    def __init__(self, trust: Trust, folder: Path) -> None:
        folder.mkdir()
        self.trust = trust
        self.built: list[list[str]] = []
        self.codes: list[str] = []
        self.preview = Preview(trust.root, folder, self.tell)

    def tell(self, problems: Sequence[Problem], built: Sequence[str], seconds: float) -> None:
        """Note what a rebuild has told."""
        assert seconds >= 0
        self.built.append(list(built))
        self.codes = [problem.code for problem in problems if problem.code != "no-contact"]

    def page(self, name: str) -> str:
        """A page as it is shown now."""
        return (self.preview.site / name).read_text("utf-8")

    def settle(self) -> None:
        """Wait until everything that was begun has been told."""
        if self.preview.telling:
            self.preview.telling.join(60)
            assert not self.preview.telling.is_alive()

    def files(self) -> dict[str, bytes]:
        """Every file that is shown."""
        return files(self.preview.site)


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def shown(tmp_path: Path) -> Iterator[Shown]:
    """Give a trust of two schools, one with a version, in a preview."""
    trust = ratified_trust(tmp_path / "trust")
    trust.write("mkdocs.yml", (ROOT / "mkdocs.yml").read_text("utf-8"))
    trust.write("schools/dale/school.yml", dale("Sam Poole"))
    trust.write("schools/dale/online.yml", "overrides: []\n")
    shown = Shown(trust, tmp_path / "preview")
    shown.preview.rebuild()
    assert sorted(shown.built.pop()) == [DALE, HILL, TRUSTS]
    yield shown
    shown.preview.end()


def dale(person: str) -> str:
    contact = f"{{name: {person}, email: dsl@dale.example.org}}"
    return f"name: Dale School\ncontacts:\n  dsl: {contact}\n"


def built_anew(trust: Trust, aside: Path) -> dict[str, bytes]:
    """What a build of a copy makes that has nothing to build on."""
    shutil.copytree(trust.root, aside)
    order = Order(root=aside, output=aside / "site", today=date.today())  # noqa: DTZ011 - as shown
    build(order, Problems(), lambda *_: None)
    return files(aside / "site")


def test_an_edited_school_is_shown_before_the_rest_is_built(shown: Shown, tmp_path: Path) -> None:
    shown.trust.write("schools/dale/school.yml", dale("Wren Hale"))
    shown.preview.rebuild()
    assert shown.built == [[DALE]]
    assert "Wren Hale" in shown.page("dale/contacts.html")
    assert "Wren Hale" not in shown.page("trust/overview/where.html")
    shown.settle()
    assert TRUSTS in shown.built[-1]
    assert "Wren Hale" in shown.page("trust/overview/where.html")
    assert shown.files() == built_anew(shown.trust, tmp_path / "anew")


def test_one_edit_after_another_ends_in_what_a_build_would_make(
    shown: Shown, tmp_path: Path
) -> None:
    for person in ("Wren Hale", "Robin Ash", "Alex Reed"):
        shown.trust.write("schools/dale/school.yml", dale(person))
        shown.preview.rebuild()
        assert person in shown.page("dale/contacts.html")
    shown.settle()
    assert shown.files() == built_anew(shown.trust, tmp_path / "anew")


def test_an_edit_of_what_all_share_rebuilds_all_that_show_it(shown: Shown, tmp_path: Path) -> None:
    path = shown.trust.root / "policy_source/online/policy.md"
    text = path.read_text("utf-8")
    path.write_text(text.replace("title: ", "title: New ", 1), "utf-8")
    shown.preview.rebuild()
    assert shown.preview.whole is None
    assert shown.files() == built_anew(shown.trust, tmp_path / "anew")


def test_a_mistake_leaves_the_pages_and_is_told_with_all_others(shown: Shown) -> None:
    before = shown.files()
    shown.trust.write("schools/hill/school.yml", "name: Hill Primary School\nnmae: Hill\n")
    shown.trust.write("schools/dale/school.yml", dale("Sam Poole") + "values: {wrong: 1}\n")
    shown.preview.rebuild()
    assert shown.files() == before
    assert "unknown-key" in shown.codes
    shown.trust.write("schools/hill/school.yml", "name: Hill Primary School\n")
    shown.preview.rebuild()
    shown.settle()
    assert shown.files() == before
    assert shown.codes == ["unknown-value"]


def test_a_mistake_between_files_is_not_shown_even_for_a_moment(shown: Shown) -> None:
    before = shown.files()
    shown.trust.write("schools/dale/online.yml", "overrides:\n  - {omit: on-99, reason: No.}\n")
    shown.preview.rebuild()
    assert shown.files() == before
    shown.settle()
    assert shown.files() == before
    assert "unknown-clause" in shown.codes


def test_nothing_is_built_when_nothing_was_edited(shown: Shown) -> None:
    shown.preview.rebuild()
    assert shown.built == []


@pytest.mark.slow
def test_the_command_shows_an_edit_in_the_browser_and_ends_cleanly(tmp_path: Path) -> None:
    trust, port = ratified_trust(tmp_path / "trust"), free_port()
    trust.write("mkdocs.yml", (ROOT / "mkdocs.yml").read_text("utf-8"))
    (tmp_path / "temporary").mkdir()
    command = [sys.executable, "-m", "clausebook", "serve", "--port", str(port)]
    with subprocess.Popen(
        command,
        cwd=trust.root,
        stderr=subprocess.PIPE,
        text=True,
        env={"TMPDIR": str(tmp_path / "temporary"), "PATH": ""},
    ) as serving:
        try:
            address = f"http://127.0.0.1:{port}/hill/index.html"
            assert "Hill Primary School" in wait_for(address, "Hill Primary School")
            details = (trust.root / SCHOOL).read_text("utf-8")
            trust.write(SCHOOL, details.replace(HILL, "Hill Top School"))
            assert "Hill Top School" in wait_for(address, "Hill Top School")
        finally:
            serving.send_signal(signal.SIGINT)
            _, errors = serving.communicate(timeout=60)
    assert serving.returncode == 0
    assert "Traceback" not in errors
    assert "Rebuilt Hill Top School" in errors
    assert list((tmp_path / "temporary").iterdir()) == []
