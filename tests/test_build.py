"""`clausebook build` from outside: what it writes, what it leaves alone, how it ends."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from clausebook.buildcache import FOLDER

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import ExampleSites

ROOT = Path(__file__).parent.parent
SOURCES = ("policy_source", "schools", "mkdocs.yml", "mkdocs_hooks.py")
BUILD = ("build", "--today", "2026-11-21")

Tree = dict[str, bytes]


def copy_sources(root: Path, *schools: str) -> Path:
    """Copy the repository's trust, with only these schools if any are named."""
    root.mkdir()
    for name in SOURCES:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, root / name)
        else:
            shutil.copy(ROOT / name, root)
    for folder in (root / "schools").iterdir():
        if schools and folder.name not in schools:
            shutil.rmtree(folder)
    return root


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Copy a trust of two schools, not built yet."""
    return copy_sources(tmp_path / "trust", "saltmarsh", "kestrel")


@pytest.fixture(scope="module")
def first_build(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, float]:
    """Build a trust of two schools, to be copied; gives the seconds it took as well."""
    root = copy_sources(tmp_path_factory.mktemp("first") / "trust", "saltmarsh", "kestrel")
    began = time.monotonic()
    built(root)
    return root, time.monotonic() - began


@pytest.fixture
def built_root(tmp_path: Path, first_build: tuple[Path, float]) -> Path:
    """Copy a trust of two schools and its websites."""
    return Path(shutil.copytree(first_build[0], tmp_path / "trust"))


def run(
    root: Path, *arguments: object, umask: int = 0o022, **environment: str
) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "clausebook", *map(str, arguments)]
    return subprocess.run(
        command,
        cwd=root,
        env={**os.environ, **environment},
        umask=umask,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def built(root: Path, *arguments: object) -> str:
    """Build, and give what was said to have gone wrong: nothing."""
    done = run(root, *BUILD, *arguments)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout


def failed(root: Path, code: int, *arguments: object) -> str:
    """Run a command that fails with this exit code; gives its message."""
    done = run(root, *arguments)
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()
    return done.stderr


def tree(folder: Path) -> Tree:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def both(root: Path) -> tuple[Tree, Tree]:
    return tree(root / "site"), tree(root / "build")


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def edit(root: Path) -> None:
    """Change what every site prints."""
    change(root / "policy_source/trust.yml", "Tidewell Learning Trust", "Tidewell Schools Trust")
    for school in (root / "schools").glob("*/school.yml"):
        change(school, "\nshort_name: ", "\nshort_name: New ")


def left_over(root: Path) -> list[str]:
    own = {"site", "build", FOLDER, *SOURCES}
    return [path.name for path in root.iterdir() if path.name not in own]


def test_a_build_is_the_same_everywhere(tmp_path: Path, example_sites: ExampleSites) -> None:
    there = copy_sources(tmp_path / "trust")
    done = run(
        *(there, *BUILD),
        umask=0o077,
        TZ="Pacific/Kiritimati",
        LANG="tr_TR.UTF-8",
        LC_ALL="C",
        PYTHONHASHSEED="11",
        PYTHONUTF8="0",
        COLUMNS="40",
        SOURCE_DATE_EPOCH="1700000000",
    )
    assert done.returncode == 0, done.stderr
    assert tree(there / "site") == tree(example_sites.site)
    assert tree(there / "build") == tree(example_sites.build)
    assert left_over(there) == []


def test_building_again_changes_nothing(built_root: Path) -> None:
    root = built_root
    before = both(root)
    stray = root / "site" / "kestrel" / "policies" / "old.html"
    stray.write_text("from another time", encoding="utf-8")
    built(root)
    assert both(root) == before


BROKEN = {
    "a master": ("policy_source/social-media/policy.md", "\n## Broken {#sm-1}\n", 1),
    "a school": ("schools/kestrel/school.yml", "\n  : [\n", 1),
    "an override": ("schools/kestrel/social-media.yml", "\nunheard_of: 1\n", 1),
    "settings": ("mkdocs.yml", "\n a: [\n", 3),
    "a setting": ("mkdocs.yml", "\nunheard_of: 1\n", 3),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_a_failed_build_leaves_everything_as_it_was(built_root: Path, broken: str) -> None:
    name, more, code = BROKEN[broken]
    root = built_root
    before = both(root)
    edit(root)
    with (root / name).open("a", encoding="utf-8") as file:
        file.write(more)
    for arguments in ((), ("--school", "kestrel")):
        message = failed(root, code, *BUILD, *arguments)
        assert Path(name).name in message or more.strip().partition(":")[0] in message
        assert both(root) == before
        assert left_over(root) == []


def test_one_school_is_built_and_others_left(built_root: Path) -> None:
    root = built_root
    before = tree(root / "site")
    edit(root)
    built(root, "--school", "kestrel")
    after = tree(root / "site")
    changed = {name for name in after.keys() & before.keys() if after[name] != before[name]}
    assert {name.partition("/")[0] for name in changed} == {"kestrel", "index.html"}
    assert all(name.startswith("kestrel/") for name in before.keys() ^ after.keys())
    built(root)
    everything = tree(root / "site")
    for name, data in everything.items():
        if name.startswith("kestrel/") and not name.endswith(".clausebook"):
            assert after[name] == data


def test_one_school_alone_gets_a_front_page_that_leads_to_it(root: Path) -> None:
    built(root, "--school", "kestrel")
    front = (root / "site" / "index.html").read_text("utf-8")
    assert 'href="kestrel/index.html"' in front
    assert "saltmarsh" not in front
    assert [path.name for path in (root / "site").iterdir() if path.is_dir()] == ["kestrel"]


def test_sites_go_where_they_are_wanted(root: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "a far" / "place"
    assert str(elsewhere / "index.html") in built(root, "--output", elsewhere)
    assert not (root / "site").exists()
    assert sorted(path.name for path in elsewhere.parent.iterdir()) == ["place"]
    built(root)
    assert tree(elsewhere) == tree(root / "site")


@pytest.mark.parametrize(
    ("place", "arguments"),
    [
        ("site", ()),
        ("build", ()),
        ("elsewhere", ("--output", "elsewhere")),
        ("site", ("--school", "kestrel")),
        ("elsewhere", ("--school", "kestrel", "--output", "elsewhere")),
    ],
)
def test_a_folder_that_is_not_ours_is_never_replaced(
    root: Path, place: str, arguments: tuple[str, ...]
) -> None:
    folder = root / place
    folder.mkdir()
    (folder / "index.html").write_text("years of work", encoding="utf-8")
    message = failed(root, 3, *BUILD, *arguments)
    assert folder.name in message
    assert tree(folder) == {"index.html": b"years of work"}


def test_a_file_in_the_place_of_a_folder_is_kept(root: Path) -> None:
    (root / "site").write_text("mine", encoding="utf-8")
    assert "site" in failed(root, 3, *BUILD)
    assert (root / "site").read_text("utf-8") == "mine"


@pytest.mark.skipif(os.name != "posix" or not hasattr(os, "geteuid"), reason="needs POSIX")
def test_a_place_that_cannot_be_written_is_named(root: Path) -> None:
    (root / "file").write_text("", encoding="utf-8")
    assert "file" in failed(root, 3, *BUILD, "--output", "file/site")


def test_an_unknown_school_is_told_which_it_may_be(root: Path) -> None:
    message = failed(root, 3, *BUILD, "--school", "kestral")
    assert "'kestral'" in message
    assert "kestrel" in message.replace("'kestral'", "")
    assert not (root / "site").exists()


def test_a_warning_fails_a_strict_build_only(root: Path) -> None:
    master = root / "policy_source/social-media/policy.md"
    change(master, "{#sm-84}", "Children may ask too. {#sm-84}")
    assert "needs-review" in failed(root, 1, *BUILD, "--strict")
    assert not (root / "site").exists()
    done = run(root, *BUILD)
    assert done.returncode == 0
    assert "needs-review" in done.stderr
    assert "needs-review" in run(root, "check").stdout
    assert [run(root, "check", *strict).returncode for strict in ((), ("--strict",))] == [0, 1]


def test_the_examples_warn_of_the_one_thing_they_are_to_show(root: Path) -> None:
    said = run(root, "check").stdout
    assert "the wording of 'sm-142'" in said
    assert said.endswith("\n1 warning\n")


def test_exit_codes_say_who_must_act(root: Path, tmp_path: Path) -> None:
    assert run(root, "check").returncode == 0
    change(root / "schools/kestrel/school.yml", "name:", "nmae:")
    assert run(root, "check").returncode == 1
    failed(root, 1, "build")
    for wrong in (["bulid"], ["build", "--today", "one day"], ["build", "--root", "nowhere"]):
        failed(root, 2, *wrong)
    (tmp_path / "empty").mkdir()
    for command in ("build", "check", "serve", "schema", "assign-ids"):
        assert "trust" in failed(tmp_path / "empty", 3, command)
    assert list((tmp_path / "empty").iterdir()) == []


def wait_until(there: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not there() and time.monotonic() < end:
        time.sleep(0.002)


MOMENTS = [f"moment {number}" for number in range(1, 5)]


@pytest.mark.slow
@pytest.mark.parametrize("moment", [*MOMENTS, "after the last page", "while swapping"])
def test_a_killed_build_leaves_the_old_or_the_new(
    built_root: Path, first_build: tuple[Path, float], moment: str
) -> None:
    root, took = built_root, first_build[1]
    old = both(root)
    edit(root)
    command = [sys.executable, "-m", "clausebook", *BUILD]
    with subprocess.Popen(
        command, cwd=root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as building:
        site, fresh = root / "site", root / ".site.new"
        if moment == "after the last page":
            last = fresh / "trust" / "sitemap.xml"
            wait_until(lambda: last.exists() or building.poll() is not None)
        elif moment == "while swapping":
            folder = site.stat().st_ino
            wait_until(lambda: site.stat().st_ino != folder)
        else:
            time.sleep(took * random.uniform(0.2, 1.1))  # noqa: S311 - any moment will do
        building.kill()
    after = both(root)
    built(root)
    new = both(root)
    assert new[0] != old[0]
    assert after[0] in (old[0], new[0])
    assert after[1] in (old[1], new[1])
    assert left_over(root) == []


def own_copy(example_sites: ExampleSites, tmp_path: Path) -> Path:
    """One school's emitted project, on its own, elsewhere."""
    return Path(shutil.copytree(example_sites.build / "kestrel", tmp_path / "elsewhere"))


def test_an_emitted_project_builds_under_plain_mkdocs(
    tmp_path: Path, example_sites: ExampleSites
) -> None:
    project = own_copy(example_sites, tmp_path)
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "-q"]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "SOURCE_DATE_EPOCH": "0"}
    done = subprocess.run(
        command, cwd=project, env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    plain, ours = tree(project / "site"), tree(example_sites.site / "kestrel")
    html = {name for name in ours if name.endswith(".html")}
    assert html == {name for name in plain if name.endswith(".html")}
    assert not {name for name in html if plain[name] != ours[name]}


@pytest.mark.parametrize("name", ["properdocs", "zensical"])
def test_an_emitted_project_builds_under_other_generators(
    tmp_path: Path, example_sites: ExampleSites, peer: Callable[[str], Path], name: str
) -> None:
    project = own_copy(example_sites, tmp_path)
    command = [str(peer(name)), "build", "--strict", "-f", "mkdocs.yml"]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    pages = sorted((example_sites.site / "kestrel" / "policies").glob("*.html"))
    for page in pages:
        text = (project / "site" / "policies" / page.name).read_text("utf-8")
        ids = {part.partition('"')[0] for part in page.read_text("utf-8").split('id="')[1:]}
        clauses = {each for each in ids if each.startswith(("sm-", "au-"))}
        assert len(clauses) > 20
        assert all(f'id="{each}"' in text for each in clauses)
        assert 'src="http' not in text
        assert "{#" not in text
        assert "{:" not in text


@pytest.mark.parametrize("output", ["build", "build/websites", "."])
def test_websites_are_never_put_where_the_next_build_would_lose_them(
    root: Path, output: str
) -> None:
    before = tree(root)
    assert "replaced" in failed(root, 3, *BUILD, "--output", root / output)
    assert tree(root) == before


def test_ctrl_c_ends_all_that_builds_without_a_word_too_many(root: Path) -> None:
    command = [sys.executable, "-m", "clausebook", *BUILD, "--jobs", "2"]
    with subprocess.Popen(
        command,
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as building:
        waited = time.monotonic() + 60
        while not (root / ".site.new").exists() and time.monotonic() < waited:
            time.sleep(0.01)
        time.sleep(0.3)  # by now its processes are at work
        os.killpg(building.pid, signal.SIGINT)  # as a terminal does
        said, _ = building.communicate(timeout=60)
    assert building.returncode == 1, said
    assert said.strip().endswith("Aborted!")
    assert "Traceback" not in said
    left = {path.name for path in root.iterdir()} - {".clausebook-cache"}
    assert left == set(SOURCES), "nothing half-made is left"
