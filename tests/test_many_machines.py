"""Past one machine: a build in parts, put together; and the same work on a Dask cluster.

The cluster is a real one on this machine: a scheduler and two workers, of which one is killed
while it works.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from tests.test_build import BUILD, copy_sources, run

from clausebook.carrying import pack, unpack
from clausebook.production import PART, Part

DASK = Path(sys.executable).with_name("dask")


def tree(folder: Path) -> dict[str, bytes]:
    """Every file that readers can ask for."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the example trust in one piece, to compare with."""
    root = copy_sources(tmp_path_factory.mktemp("whole") / "trust")
    done = run(root, *BUILD, "--no-cache")
    assert done.returncode == 0, done.stderr
    return root


# -- in parts ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Build the example trust in three parts, each in a folder of its own."""
    found: list[Path] = []
    for part in (1, 2, 3):
        folder = tmp_path_factory.mktemp(f"part-{part}")
        sources = copy_sources(folder / "trust")
        done = run(
            sources, *BUILD, "--no-cache", "--shard", f"{part}/3", "--output", folder / "out"
        )
        assert done.returncode == 0, done.stderr
        found.append(folder / "out")
    return found


def test_every_school_is_in_one_part_and_the_trust_in_none(root: Path, parts: list[Path]) -> None:
    sites = [path.name for part in parts for path in part.iterdir() if path.is_dir()]
    schools = [
        path.name for path in (root / "schools").iterdir() if (path / "school.yml").is_file()
    ]
    assert sorted(sites) == sorted(schools)


def test_parts_together_are_the_whole(root: Path, parts: list[Path], tmp_path: Path) -> None:
    done = run(root, "gather", *parts, "--today", BUILD[-1], "--output", tmp_path / "together")
    assert done.returncode == 0, done.stderr
    assert tree(tmp_path / "together") == tree(root / "site")
    assert "2 warnings" in done.stderr, "what is wrong at any school is told by whoever gathers"


def test_a_missing_part_is_named(root: Path, parts: list[Path]) -> None:
    before = tree(root / "site")
    done = run(root, "gather", *parts[:2], "--today", BUILD[-1])
    assert done.returncode == 3
    assert "no part has 'millrace': name the folders of all parts" in done.stderr
    assert tree(root / "site") == before


def test_a_part_of_other_sources_or_of_another_day_is_refused(
    root: Path, parts: list[Path], tmp_path: Path
) -> None:
    later = run(root, "gather", *parts, "--today", "2026-11-22", "--output", tmp_path / "out")
    assert later.returncode == 3
    assert "give both the same --today" in later.stderr
    other = copy_sources(tmp_path / "trust")
    school = other / "schools" / "kestrel" / "school.yml"
    school.write_text(school.read_text("utf-8") + "# one more line\n", "utf-8")
    done = run(other, "gather", *parts, "--today", BUILD[-1])
    assert done.returncode == 3
    assert "was built from other sources, or where other programs or fonts are" in done.stderr
    assert not (other / "site").exists()


def test_a_folder_that_is_no_part_is_refused(root: Path, tmp_path: Path) -> None:
    done = run(root, "gather", tmp_path, "--output", tmp_path / "out")
    assert done.returncode == 3
    assert "is no part of a build: it is made by 'clausebook build --shard'" in done.stderr


def test_a_part_that_does_not_say_what_came_of_a_school_is_refused(
    root: Path, parts: list[Path], tmp_path: Path
) -> None:
    broken = tmp_path / "part"
    shutil.copytree(parts[0], broken)
    part = unpack((broken / PART).read_bytes())
    assert isinstance(part, Part)
    made = {
        school: (key, replace(one, account=pack("nothing of the kind")))
        for school, (key, one) in part.made.items()
    }
    (broken / PART).write_bytes(pack(replace(part, made=made), with_texts=True))
    done = run(root, "gather", broken, *parts[1:], "--today", BUILD[-1], "--output", tmp_path / "o")
    assert done.returncode == 3
    assert f"'{broken}' is no part of a build" in done.stderr
    assert not (tmp_path / "o").exists()


@pytest.mark.parametrize("wrong", ["0/3", "4/3", "2", "a/b", "1/0", "-1/3"])
def test_parts_are_counted_from_one(root: Path, wrong: str) -> None:
    done = run(root, "build", f"--shard={wrong}")
    assert done.returncode == 2
    assert "parts are written like 2/8" in done.stderr


# -- on a cluster ----------------------------------------------------------------------------


def free_port() -> int:
    """Find a port that nobody listens on."""
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Cluster:
    """A Dask scheduler and its workers, on this machine only."""

    def __init__(self, folder: Path) -> None:
        """Start a scheduler; `folder` is for what they write."""
        self.folder = folder
        self.address = f"tcp://127.0.0.1:{free_port()}"
        self.processes: list[subprocess.Popen[bytes]] = []
        port = self.address.rpartition(":")[2]
        self.start("scheduler", "--host", "127.0.0.1", "--port", port)

    def start(self, what: str, *arguments: str) -> subprocess.Popen[bytes]:
        """Start one more process of it."""
        with (self.folder / f"{what}-{len(self.processes)}.log").open("wb") as log:
            process = subprocess.Popen(
                [DASK, what, *arguments, "--no-dashboard"],
                stdout=log,
                stderr=log,
                cwd=self.folder,
                start_new_session=True,
            )
        self.processes.append(process)
        return process

    def worker(self) -> subprocess.Popen[bytes]:
        """Start a worker that has no folder in common with the build."""
        home = self.folder / f"worker-{len(self.processes)}"
        return self.start(
            *("worker", self.address, "--nthreads", "1", "--host", "127.0.0.1"),
            *("--local-directory", str(home)),
        )

    @staticmethod
    def kill(process: subprocess.Popen[bytes]) -> None:
        """Kill a worker and whatever it has started, without a warning."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def end(self) -> None:
        """Leave nothing behind."""
        for process in self.processes:
            if process.poll() is None:
                self.kill(process)


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    """Give a cluster without workers so far."""
    folder = tmp_path / "cluster"
    folder.mkdir()
    cluster = Cluster(folder)
    yield cluster
    cluster.end()


def test_a_cluster_builds_the_same_bytes_though_a_worker_is_killed(
    root: Path, cluster: Cluster, tmp_path: Path
) -> None:
    first = cluster.worker()
    command = [sys.executable, "-m", "clausebook", *BUILD, "--no-cache"]
    command += ["--scheduler", cluster.address, "--output", str(tmp_path / "out")]
    sources = copy_sources(tmp_path / "trust")
    with subprocess.Popen(command, cwd=sources, stderr=subprocess.PIPE, text=True) as build:
        assert build.stderr
        told = [build.stderr.readline()]  # the first site is built: the worker is at the second
        assert told[0].startswith("Built "), told + build.stderr.readlines()
        cluster.kill(first)
        cluster.worker()
        told += build.stderr.readlines()
        assert build.wait() == 0, "".join(told)
    assert tree(tmp_path / "out") == tree(root / "site")
    assert tree(sources / "build") == tree(root / "build")


def test_without_a_scheduler_there_is_a_message(root: Path) -> None:
    began = time.monotonic()
    done = run(root, *BUILD, "--no-cache", "--scheduler", f"tcp://127.0.0.1:{free_port()}")
    assert done.returncode == 3
    assert "there is no Dask scheduler at 'tcp://127.0.0.1:" in done.stderr
    assert "Traceback" not in done.stderr
    assert time.monotonic() - began < 120, "it gives up"
