"""Commands that are killed leave the old or the new, and nothing that the next would stumble on."""

from __future__ import annotations

import errno
import itertools
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest
from tests.torture import faulty, kills
from tests.torture.faulty import Moment
from tests.trusts import MASTER, Trust, ratified_trust, ratify

from clausebook.buildcache import BuildCache
from clausebook.disks import FolderError
from clausebook.swap import Renewal, unfinished, write_file, write_files


def test_commands_can_be_killed_at_any_moment() -> None:
    outcome = kills.run(18, seed=8)
    assert (outcome.tried, outcome.survived) == (18, 18), outcome.remarks
    killed = int(outcome.remarks[-1].split()[0])
    assert killed > 12, "most were still at work"


@pytest.mark.slow
def test_a_ratification_is_killed_at_every_single_moment_of_its_writing(tmp_path: Path) -> None:
    one = kills.Prepared(kills.COMMANDS[2], tmp_path / "ratify")
    assert one.command.name == "ratify trust"
    assert one.events > 20
    for event in range(one.events - 20, one.events + 1):
        assert list(one.wrong_after(Moment(event=event))) == [], event
    assert one.killed == 21


def test_a_kill_is_a_kill(tmp_path: Path) -> None:
    trust = ratified_trust(tmp_path / "trust")
    trust.edit(MASTER, "at lunch", "at break")
    trust.note("trust", "on-6")
    words = [*ratify("trust", "2", "2026-06-01"), "--root", str(trust.root)]
    command = [*words, "--today", kills.DAY]
    whole = faulty.run(command, None, tmp_path)
    assert whole.code == 0, whole.said
    shutil.rmtree(trust.root)
    trust = ratified_trust(tmp_path / "trust")
    trust.edit(MASTER, "at lunch", "at break")
    trust.note("trust", "on-6")
    for moment in (Moment(event=whole.events - 12), Moment(length=100)):
        killed = faulty.run(command, moment, tmp_path)
        assert killed.code < 0
        assert [version.label for version in trust.archive("trust").versions] == ["1"]
    left = list(trust.root.rglob("*.clausebook-new"))
    assert left, "the last one was killed while it wrote"
    trust.ok("record", "hill")
    assert not [path for path in left if path.exists()], "any command that writes clears up"


def test_files_that_belong_together_are_all_written_before_one_is_put_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    replace, opened = Path.replace, Path.open

    def noting_replace(path: Path, target: Path) -> Path:
        order.append("put in place")
        return replace(path, target)

    def noting_open(path: Path, mode: str) -> IO[bytes]:
        order.append("written")
        return opened(path, mode)

    monkeypatch.setattr(Path, "replace", noting_replace)
    monkeypatch.setattr(Path, "open", noting_open)
    monkeypatch.setattr("os.fsync", lambda _: order.append("on the disk"))
    write_files({tmp_path / "one": b"1", tmp_path / "two": b"2"})
    on_disk = ["written", "on the disk"]
    assert order == [*on_disk, *on_disk, "put in place", "put in place", "on the disk"]


def test_a_file_keeps_who_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "school.yml"
    path.write_bytes(b"old")
    path.chmod(0o640)
    write_file(path, b"new")
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("exchange", [True, False], ids=["in one step", "in two"])
def test_a_folder_is_old_or_new_at_every_step_and_the_next_renewal_mends_what_is_neither(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, exchange: bool
) -> None:
    if not exchange:
        monkeypatch.setattr("clausebook.swap._exchange", lambda *_: False)
    rename = Path.rename
    for whole, failing in itertools.product((True, False), range(6)):
        target = tmp_path / f"site-{whole}-{failing}"
        with Renewal(target) as first:
            for name in ("a", "b"):
                (first.fresh / name).mkdir()
                (first.fresh / name / "page").write_text("old")
            first.replace_all()
        left = [failing]

        def killed(path: Path, to: Path, left: list[int] = left) -> Path:
            left[0] -= 1
            if left[0] < 0:
                raise KeyboardInterrupt
            return rename(path, to)

        with monkeypatch.context() as patch:
            second = Renewal(target)
            patch.setattr(Path, "rename", killed)
            patch.setattr("clausebook.swap._remove", lambda _: None)  # nobody clears up
            (second.fresh / "a").mkdir()
            (second.fresh / "a" / "page").write_text("new")
            try:
                second.replace_all() if whole else second.replace_each()
                second.keep_only(["a"])
            except KeyboardInterrupt:
                second._held.close()  # noqa: SLF001 - as a killed process lets go of it
            else:
                second.__exit__()
        with Renewal(target):
            pages = {path.parent.name: path.read_text() for path in target.glob("*/page")}
        assert pages["a"] in ("old", "new")
        assert pages.get("b", "old") == "old"
        assert not list(tmp_path.glob(".*"))


def test_a_folder_beside_the_target_that_cannot_be_looked_into_is_left_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = tmp_path / ".site.new" / "mine"
    mine.mkdir(parents=True)
    look, failures = Path.iterdir, [OSError(errno.EIO, "Input/output error")]

    def looked(path: Path) -> Iterator[Path]:
        if path == mine.parent and failures:
            raise failures.pop()  # as a worn disk does, now and then
        return look(path)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "iterdir", looked)
        with pytest.raises(FolderError, match="site"):
            Renewal(tmp_path / "site")
    assert not failures
    assert mine.is_dir()
    with pytest.raises(FolderError, match="is in the way"):
        Renewal(tmp_path / "site")  # and nobody holds it any more


def test_what_a_killed_build_did_not_finish_for_the_next_is_cleared(tmp_path: Path) -> None:
    folder = tmp_path / "cache" / "unfinished"
    folder.mkdir(parents=True)
    (folder / "1234-abc").write_bytes(b"half")
    cache = BuildCache(tmp_path / "cache")
    cache.clear_unfinished()
    assert not list(folder.iterdir())
    cache.put("pages", "abcd", b"whole")
    assert cache.get("pages", "abcd") == b"whole"
    assert not list(folder.iterdir())


def test_only_what_commands_leave_is_cleared(tmp_path: Path) -> None:
    trust: Trust = ratified_trust(tmp_path)
    trust.write("schools/hill/.notes.new", "mine")
    trust.write("schools/hill/clausebook-new", "mine")
    left = unfinished(tmp_path / "schools/hill/online.yml")
    left.write_text("half")
    trust.ok("assign-ids")
    assert not left.exists()
    assert trust.read("schools/hill/.notes.new") == trust.read("schools/hill/clausebook-new")
