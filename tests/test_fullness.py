"""Disks that are full or read-only: a message that helps, the old state, and no traceback."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.torture import fullness
from tests.torture.faulty import Moment, run
from tests.torture.kills import DAY, everything
from tests.trusts import MASTER, Trust, ratified_trust

from clausebook.buildcache import BuildCache


def survived(number: int, seed: int, *ways: tuple[str, ...]) -> str:
    """Run the short trial; gives its last remark."""
    outcome = fullness.run(number, seed, ways)
    assert (outcome.tried, outcome.survived) == (number, number), outcome.remarks
    refused, _, tried, *_ = outcome.remarks[-1].split()
    assert int(refused) > int(tried) / 4, "disks were really full"
    return outcome.remarks[-1]


def test_full_and_read_only_disks_are_survived() -> None:
    survived(12, 5, *fullness.WAYS)


def test_where_nothing_can_be_mounted_the_system_refuses_long_files() -> None:
    assert "limits" in survived(6, 6)


@pytest.fixture
def trust(tmp_path: Path) -> Trust:
    """A trust that can be built."""
    trust = ratified_trust(tmp_path / "trust")
    trust.write("mkdocs.yml", (fullness.ROOT / "mkdocs.yml").read_text("utf-8"))
    return trust


def test_the_message_names_the_file_and_says_what_to_do(trust: Trust, tmp_path: Path) -> None:
    before = everything(trust.root)
    words = ["note", "trust", "online", "--root", str(trust.root), "--clauses", "on-6"]
    words += ["--what", "W" * 90, "--why", "Asked.", "--origin", "review"]
    ended = run(words, Moment(length=60, refused=True), tmp_path)
    path = trust.root / "policy_source/online/changes/change-on-6.yml"
    assert ended.code == 3
    assert ended.said == (
        f"clausebook: '{path}' cannot be written: file too large\n"
        "allow larger files there, then run the command again\n"
    )
    assert everything(trust.root) == before
    assert not path.parent.exists(), "nor is the folder there, which it had made"


def test_a_full_output_device_is_no_traceback(trust: Trust) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "clausebook", "check", "--root", str(trust.root)],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode != 0
    assert "no space left on device" in done.stderr.lower()
    assert "Traceback" not in done.stderr


def test_a_cache_that_cannot_be_written_is_said_once_and_the_build_goes_on(
    trust: Trust, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("no folder")
    done = trust.run("build", "--cache", str(tmp_path / "file" / "cache"), day=DAY)
    assert done.code == 0
    assert done.output.count("Nothing more could be kept in") == 1
    assert "not a directory" in done.output
    assert (trust.root / "site/hill/index.html").is_file()


def test_a_cache_in_trouble_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    cache = BuildCache(tmp_path / "file" / "cache")
    for number in range(5):
        cache.put("pages", f"abc{number}", b"page")
    assert cache.trouble == ["not a directory"]


@pytest.mark.parametrize(
    ("code", "command"),
    [
        (2, ("diff", "hill", "online", "1", "--output")),
        (3, ("impact", "online", "--output")),
        (3, ("pack", "trust", "online", "--output")),
    ],
    ids=lambda one: one[0] if isinstance(one, tuple) else "",
)
def test_a_report_that_cannot_be_written_is_said(
    trust: Trust, tmp_path: Path, code: int, command: tuple[str, ...]
) -> None:
    trust.edit(MASTER, "at lunch", "at break")
    trust.note("trust", "on-6")
    (tmp_path / "file").write_text("no folder")
    path = tmp_path / "file" / "report.html"
    done = trust.run(*command, str(path))
    assert done.code == code
    assert f"'{path}' cannot be written: not a directory" in done.output
