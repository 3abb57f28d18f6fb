"""Links, pipes and odd names in a workspace: nothing outside is read, written or waited for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.problem_pages import BASE
from tests.torture import folders
from tests.trusts import Trust

from clausebook.buildcache import take_stock
from clausebook.lookfiles import LookError
from clausebook.publish import read_look
from clausebook.workspace import MAX_NAMES, WorkingTree, WorkspaceError, read_inside, refuse_links

SECRET = b"name: nobody must read this\n"


@pytest.fixture
def trust(tmp_path: Path) -> Trust:
    for name, data in {**BASE, "mkdocs.yml": b"site_name: Policies\n"}.items():
        path = tmp_path / "trust" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "school.yml").write_bytes(SECRET)
    return Trust(tmp_path / "trust")


def test_random_hostile_trees_are_survived() -> None:
    outcome = folders.run(3, seed=1)
    assert outcome.survived == outcome.tried, outcome.remarks


def test_a_link_out_a_chain_of_links_and_a_link_nowhere_are_not_read(trust: Trust) -> None:
    hill = trust.root / "schools" / "hill"
    (hill / "out.yml").symlink_to("../../../outside/school.yml")
    (hill / "chain.yml").symlink_to("out.yml")
    (hill / "gone.yml").symlink_to("nowhere")
    (hill / "round.yml").symlink_to("round.yml")
    for name, why in (("out", "out of"), ("chain", "out of"), ("gone", "nowhere"), ("round", "")):
        with pytest.raises(OSError, match=f"is a link .*{why}"):
            read_inside(trust.root, f"schools/hill/{name}.yml")


def test_a_link_to_a_file_of_the_trust_is_read_and_one_to_something_hidden_is_not(
    trust: Trust,
) -> None:
    (trust.root / ".env").write_bytes(SECRET)
    (trust.root / "schools/hill/a.yml").symlink_to("school.yml")
    (trust.root / "schools/hill/b.yml").symlink_to("../../.env")
    assert read_inside(trust.root, "schools/hill/a.yml") == BASE["schools/hill/school.yml"]
    with pytest.raises(OSError, match="hidden"):
        read_inside(trust.root, "schools/hill/b.yml")


def test_a_link_to_a_folder_is_not_followed(trust: Trust) -> None:
    (trust.root / "schools" / "oak").symlink_to("hill")
    with pytest.raises(OSError, match=r"'schools/oak' is a link"):
        read_inside(trust.root, "schools/oak/school.yml")
    assert "'schools/oak' is a link" in trust.refused("check")


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir], ids=["a pipe", "a folder"])
def test_what_is_no_file_is_said_to_be_none_and_not_waited_for(trust: Trust, make: object) -> None:
    path = trust.root / "schools" / "hill" / "online.yml"
    path.unlink(missing_ok=True)
    make(path)  # type: ignore[operator]
    done = trust.run("check")
    assert (done.code, "'schools/hill/online.yml' is not a file" in done.output) == (1, True)
    assert take_stock(trust.root, ["schools"]).files["schools/hill/school.yml"]


def test_a_device_is_not_opened(trust: Trust) -> None:
    (trust.root / "schools" / "hill" / "online.yml").unlink()
    (trust.root / "schools" / "hill" / "online.yml").symlink_to("/dev/zero")
    assert "is a link out of the trust's folder" in trust.run("check").output


def test_links_in_circles_are_not_walked(trust: Trust) -> None:
    for name in ("a", "b"):
        (trust.root / "schools" / "hill" / name).symlink_to("..")
    assert len(take_stock(trust.root, ["schools"]).files) < 10


def test_a_folder_of_too_many_names_is_refused(trust: Trust) -> None:
    (trust.root / "many").mkdir()
    for number in range(MAX_NAMES + 1):
        (trust.root / "many" / str(number)).symlink_to("nowhere")
    with pytest.raises(WorkspaceError, match=f"more than {MAX_NAMES} files and folders"):
        WorkingTree(trust.root).folders("many")


def test_nothing_is_written_through_a_link(trust: Trust, tmp_path: Path) -> None:
    (trust.root / "schools" / "hill" / "changes").symlink_to(tmp_path / "outside")
    with pytest.raises(WorkspaceError, match="'schools/hill/changes' is a link"):
        refuse_links(trust.root, "schools/hill/changes/online/note.yml")


@pytest.mark.parametrize("place", [".", "..", "schools", "schools/hill/site", "policy_source/x"])
def test_sites_do_not_land_among_the_sources(trust: Trust, place: str) -> None:
    output = os.path.normpath(trust.root / place)
    assert "cannot hold the websites" in trust.refused("build", "--output", output)


@pytest.mark.parametrize("place", [".", "..", "schools/hill/cache"])
def test_the_cache_is_not_among_the_sources(trust: Trust, place: str) -> None:
    cache = os.path.normpath(trust.root / place)
    assert "cannot be the cache" in trust.refused("build", "--cache", cache)


@pytest.mark.parametrize("name", [".clausebook-cache", ".clausebook-cache/pages", "site", "build"])
def test_what_a_build_writes_is_no_link(trust: Trust, tmp_path: Path, name: str) -> None:
    (trust.root / name).parent.mkdir(exist_ok=True)
    (trust.root / name).symlink_to(tmp_path / "outside")
    assert trust.run("build").code == 3
    assert [path.name for path in (tmp_path / "outside").iterdir()] == ["school.yml"]


def test_a_folder_beside_the_sites_that_is_somebody_elses_stays(trust: Trust) -> None:
    mine = trust.root / ".site.new" / "mine.txt"
    mine.parent.mkdir()
    mine.write_bytes(SECRET)
    done = trust.run("build")
    assert (done.code, "is in the way" in done.output) == (3, True)
    assert mine.read_bytes() == SECRET


@pytest.mark.parametrize(
    "settings",
    [
        "extra_css: [../outside/school.yml]", "extra_css: [/etc/hostname]",
        "INHERIT: ../outside/school.yml", "theme: {custom_dir: ../outside}",
    ],
)  # fmt: skip
def test_the_look_is_read_from_the_trusts_own_folder(trust: Trust, settings: str) -> None:
    (trust.root / "mkdocs.yml").write_text(settings, encoding="utf-8")
    with pytest.raises(LookError, match="outside the trust's folder"):
        read_look(trust.root)


def test_settings_that_grow_are_refused_before_they_do(trust: Trust) -> None:
    bomb = "a0: &a0 {x: 1}\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 20)
    )
    (trust.root / "mkdocs.yml").write_text(bomb, encoding="utf-8")
    with pytest.raises(LookError, match="more than 20000 entries"):
        read_look(trust.root)


def test_names_that_windows_and_macs_cannot_tell_apart_are_refused(trust: Trust) -> None:
    (trust.root / "schools" / "hill" / "School.yml").write_bytes(b"name: Other\n")
    (trust.root / "policy_source" / "con").mkdir()
    output = trust.refused("check")
    assert "differ in capitals only" in output
    assert "on Windows 'con' is no file but a device" in output
