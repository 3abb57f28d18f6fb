"""What a release is made of: the same bytes wherever it is made, a bill of materials, an audit."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import distribution
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from tests.conftest import ROOT, not_installed

GIT = shutil.which("git") or "git"
TOOLS = ROOT / ".venv-release" / "bin" / "python"
SLOW = 300
"""Seconds after which a program hangs."""


@pytest.fixture(scope="module", autouse=True)
def release_tools() -> None:
    if not TOOLS.exists():
        not_installed("what releases are made with", "make .venv-release/.installed")


# -- a release -------------------------------------------------------------------------------------


def commit_of_this_folder(folder: Path) -> Path:
    """A repository whose one commit is what this one would commit now."""
    done = subprocess.run(
        [GIT, "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in filter(None, done.stdout.decode().split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    said = {"GIT_COMMITTER_DATE": "2026-11-21T10:00:00Z", "GIT_AUTHOR_DATE": "2026-11-21T10:00:00Z"}
    person = ["-c", "user.name=Una Marsh", "-c", "user.email=una@example.org"]
    for words in (["init", "-q"], ["add", "-A"], [*person, "commit", "-qm", "tests: a commit"]):
        subprocess.run([GIT, *words], cwd=folder, env={**os.environ, **said}, check=True)
    return folder


def released(commit: Path, clone: Path, umask: int, **environment: str) -> Mapping[str, bytes]:
    """What `tools/release` makes in a clone, by name."""
    subprocess.run([GIT, "clone", "-q", commit, clone], check=True, umask=umask)
    for name in (".venv", ".venv-release"):
        (clone / name).symlink_to(ROOT / name)
    done = subprocess.run(
        [clone / "tools" / "release"],
        capture_output=True,
        text=True,
        check=False,
        umask=umask,
        timeout=SLOW,
        env={**os.environ, **environment},
    )
    assert done.returncode == 0, done.stderr
    return {path.name: path.read_bytes() for path in (clone / "dist").iterdir()}


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> tuple[Mapping[str, bytes], ...]:
    """Two, from two clones in unlike places, by unlike people, at unlike times."""
    folder = tmp_path_factory.mktemp("releases")
    commit = commit_of_this_folder(folder / "commit")
    one = released(commit, folder / "one", 0o022, TZ="UTC")
    odd = folder / "a place with spaces" / "ö"
    odd.parent.mkdir()
    stray = {"SOURCE_DATE_EPOCH": "1", "LC_ALL": "C", "TZ": "Pacific/Kiritimati"}
    other = released(commit, odd, 0o077, PYTHONHASHSEED="11", **stray)
    return one, other


@pytest.mark.slow
def test_two_clones_release_the_same_bytes(releases: tuple[Mapping[str, bytes], ...]) -> None:
    one, other = releases
    assert sorted(one) == sorted(other)
    assert [name for name in one if one[name] != other[name]] == []
    endings = sorted(re.sub(r"^clausebook-[\d.]+[\d]", "", name) for name in one)
    assert endings == ["-py3-none-any.whl", ".cdx.json", ".tar.gz", "SHA256SUMS"]


@pytest.mark.slow
def test_the_sums_are_those_of_the_files(
    releases: tuple[Mapping[str, bytes], ...], tmp_path: Path
) -> None:
    for name, data in releases[0].items():
        (tmp_path / name).write_bytes(data)
    sums = (tmp_path / "SHA256SUMS").read_text("utf-8").splitlines()
    assert len(sums) == 3
    for line in sums:
        digest, name = line.split("  ")
        assert hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() == digest


@pytest.mark.slow
def test_files_that_are_not_committed_are_in_no_release(
    releases: tuple[Mapping[str, bytes], ...], tmp_path: Path
) -> None:
    commit = commit_of_this_folder(tmp_path / "commit")
    (commit / "generator/clausebook/notes-to-self.txt").write_text("do not ship", "utf-8")
    (commit / "generator/clausebook/cli.py").write_text("broken", "utf-8")
    for name in (".venv", ".venv-release"):
        (commit / name).symlink_to(ROOT / name)
    output = tmp_path / "elsewhere"
    command = [commit / "tools" / "release", output]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=SLOW)
    assert "What is not committed is not in the release." in done.stderr
    assert {path.name: path.read_bytes() for path in output.iterdir()} == releases[0]


@pytest.mark.slow
def test_the_wheel_works_with_nothing_but_what_is_pinned_for_running(
    releases: tuple[Mapping[str, bytes], ...], tmp_path: Path
) -> None:
    wheel = next(name for name in releases[0] if name.endswith(".whl"))
    (tmp_path / wheel).write_bytes(releases[0][wheel])
    empty = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", empty], check=True)
    packages = next((empty / "lib").glob("python*")) / "site-packages"
    for package in components(releases[0]):
        copy_installed(package["name"], package["version"], packages)
    pip = [empty / "bin" / "pip", "install", "-q", "--no-index", "--no-deps", tmp_path / wheel]
    subprocess.run([str(word) for word in pip], check=True, env=alone())
    program = empty / "bin" / "clausebook"
    for words in (["init", "trust"], ["check", "--root", "trust"], ["build", "--root", "trust"]):
        done = subprocess.run(
            [program, *words],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            timeout=SLOW,
            env=alone(),
        )
        assert done.returncode == 0, done.stderr
    assert (tmp_path / "trust/site/index.html").is_file()


def alone() -> dict[str, str]:
    """An environment in which no other Python packages are found."""
    return {name: words for name, words in os.environ.items() if not name.startswith("PYTHON")}


def copy_installed(name: str, version: str, packages: Path) -> None:
    """Put a package that is installed here into another environment, at the version pinned."""
    found = distribution(name)
    assert found.version == version, name
    for path in found.files or ():
        if ".." not in path.parts and path.suffix != ".pyc":
            target = packages / path
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(Path(str(found.locate_file(path))), target)


# -- what it is made of ----------------------------------------------------------------------------


def components(release: Mapping[str, bytes]) -> list[dict[str, Any]]:
    """The packages that a release's SBOM names."""
    return sbom(release)["components"]  # type: ignore[no-any-return]


def sbom(release: Mapping[str, bytes]) -> dict[str, Any]:
    """The SBOM of a release."""
    name = next(name for name in release if name.endswith(".cdx.json"))
    found: dict[str, Any] = json.loads(release[name])
    return found


@pytest.mark.slow
def test_the_sbom_names_what_is_pinned_for_running_with_its_digests(
    releases: tuple[Mapping[str, bytes], ...],
) -> None:
    pinned = (ROOT / "constraints/runtime.txt").read_text("utf-8")
    for package in components(releases[0]):
        named = f"{package['name']}=={package['version']}"
        entry = re.search(rf"(?ms)^{named} \\\n(.*?)^    # via", pinned)
        assert entry, package["name"]
        digests = {
            one["content"]
            for files in package["externalReferences"]
            for one in files["hashes"]
            if one["alg"] == "SHA-256"
        }
        assert digests == set(re.findall(r"sha256:([0-9a-f]{64})", entry[1]))


@pytest.mark.slow
def test_the_sbom_holds_all_that_runs_and_not_what_installs_it(
    releases: tuple[Mapping[str, bytes], ...],
) -> None:
    found = sbom(releases[0])
    graph = {one["ref"]: one["dependsOn"] for one in found["dependencies"]}
    names = {one["bom-ref"]: one["name"] for one in found["components"]}
    program = found["metadata"]["component"]
    assert (program["name"], program["type"]) == ("clausebook", "application")
    assert {names[one] for one in graph[program["bom-ref"]]} == direct()
    reached: set[str] = set()
    pending = [program["bom-ref"]]
    while pending:
        more = set(graph[pending.pop()]) - reached
        reached |= more
        pending += more
    assert reached == set(names)
    assert not {"hatchling", "editables", "pytest"} & set(names.values())


@pytest.mark.slow
def test_the_sbom_says_nothing_of_where_and_when_it_was_made(
    releases: tuple[Mapping[str, bytes], ...],
) -> None:
    text = json.dumps(sbom(releases[0]))
    assert re.findall(r"https?://[^\"]*", text) == [
        "http://cyclonedx.org/schema/bom-1.6.schema.json"
    ]
    assert "serialNumber" not in text
    assert re.findall(r'"timestamp": "([^"]*)"', text) == [
        "2026-11-21T10:00:00+00:00"
    ]  # the commit
    assert not re.search(r'"[^"]*(?:file:|/home|/tmp|/root|site-packages)', text)


def direct() -> set[str]:
    """The packages that pyproject.toml asks for, as they are pinned."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    names = (re.match(r"[\w-]+", one) for one in project["dependencies"])
    return {name[0].lower() for name in names if name}


def test_every_package_that_is_asked_for_is_justified_in_a_line() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    section = text.partition("\n## Dependencies\n")[2].partition("\n## ")[0]
    justified = re.findall(r"(?m)^- \*\*([\w-]+)\*\*: \S.*$", section)
    assert sorted(name.lower() for name in justified) == sorted(
        {*direct(), "distributed", "weasyprint"}
    )


def test_everything_that_is_installed_is_pinned_with_its_digest() -> None:
    for path in sorted((ROOT / "constraints").glob("*.txt")):
        packages = re.findall(r"(?m)^([a-z](?:.*\\\n)+.*)", path.read_text("utf-8"))
        assert packages
        for package in packages:
            assert re.match(r"[a-z0-9.-]+==\S+ ", package), package
            assert "--hash=sha256:" in package, package


# -- known weaknesses ------------------------------------------------------------------------------

WEAKNESS = {
    "id": "EXAMPLE-2026-1",
    "summary": "An invented weakness",
    "details": "An invented weakness",
    "modified": "2026-01-01T00:00:00Z",
    "published": "2026-01-01T00:00:00Z",
    "affected": [
        {
            "package": {"name": "segno", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "99.1"}]}],
        }
    ],
}


@contextmanager
def weaknesses(answer: Callable[[str], tuple[int, object]]) -> Iterator[str]:
    """A service that is asked about weaknesses as osv.dev is: the address to ask."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, said = answer(json.loads(body)["package"]["name"])
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(said).encode())

        def log_message(self, *_: object) -> None:
            """Leave the tests' output to the tests."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/v1/query"
        finally:
            server.shutdown()
            thread.join()


def audited(address: str, tmp_path: Path) -> subprocess.CompletedProcess[str]:
    """The audit, asking at an address."""
    options = ["-s", "osv", "--osv-url", address, "--cache-dir", str(tmp_path)]
    return subprocess.run(
        [str(TOOLS), str(ROOT / "tools/audit.py"), *options],
        capture_output=True,
        text=True,
        check=False,
        timeout=SLOW,
    )


def test_an_audit_that_finds_nothing_says_of_how_many(tmp_path: Path) -> None:
    with weaknesses(lambda _: (200, {})) as address:
        done = audited(address, tmp_path)
    assert re.fullmatch(r"\d\d+ pinned packages, no known weakness\.\n", done.stdout)
    assert done.returncode == 0


def test_an_audit_that_finds_something_names_it_and_fails(tmp_path: Path) -> None:
    def answer(name: str) -> tuple[int, object]:
        return 200, {"vulns": [WEAKNESS]} if name == "segno" else {}

    with weaknesses(answer) as address:
        done = audited(address, tmp_path)
    first, last = done.stdout.splitlines()
    assert re.fullmatch(r"segno [\d.]+: EXAMPLE-2026-1; mended in 99\.1", first)
    assert re.fullmatch(r"1 of \d+ pinned packages have known weaknesses\.", last)
    assert done.returncode == 1


def test_an_audit_without_a_network_says_so_and_is_no_failure(tmp_path: Path) -> None:
    with weaknesses(lambda _: (200, {})) as address:
        pass  # nobody is there any more
    done = audited(address, tmp_path)
    assert done.stdout == "Not audited: nobody can be asked about known weaknesses from here.\n"
    assert done.returncode == 0


def test_an_audit_that_does_not_work_is_no_answer(tmp_path: Path) -> None:
    with weaknesses(lambda _: (500, {})) as address:
        done = audited(address, tmp_path)
    assert done.stderr.endswith("pip-audit did not work for constraints/runtime.txt.\n")
    assert "500" in done.stderr
    assert done.returncode == 2
