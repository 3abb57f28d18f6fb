"""What tests share: a browser, a page in it, a web server, other generators, the example sites."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as law_settings
from playwright.sync_api import sync_playwright
from tests.browsing import launch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import NoReturn

    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parent.parent
PEERS = ROOT / ".venv-peers" / "bin"

# What a trust's folder holds, and the day on which the examples are built.
TRUST = ("policy_source", "schools", "mkdocs.yml", "mkdocs_hooks.py")
TODAY = "2026-11-21"

# Laws are tried on the same examples every time: when one fails, what changed is the reason.
# `pytest --hypothesis-profile search` looks for counter-examples nobody has seen.
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
STEADY = law_settings(deadline=None, suppress_health_check=SLOW)
law_settings.register_profile("same", STEADY, derandomize=True)
law_settings.register_profile("search", STEADY, max_examples=5000)
law_settings.load_profile("same")


def not_installed(what: str, command: str) -> NoReturn:
    """Skip the test, or fail it in CI, where nothing may go untested unnoticed."""
    message = f"{what} not found: install with `{command}`"
    if os.environ.get("CI"):
        pytest.fail(message, pytrace=False)
    pytest.skip(message)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start the system's Chromium, once for all tests of a process."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        if browser is None:
            not_installed("Chromium", "tools/install-browser")
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Open an empty page, with no cookies or storage from another test."""
    with browser.new_context() as context:
        yield context.new_page()


@pytest.fixture
def serve() -> Iterator[Callable[[Path], str]]:
    """Serve a folder on this machine; the function returns the address, with a slash at its end."""
    with ExitStack() as servers:
        yield lambda folder: servers.enter_context(serving(folder))


@pytest.fixture(scope="session")
def peer() -> Callable[[str], Path]:
    """Find the program of another generator, such as ``zensical``."""

    def find(name: str) -> Path:
        program = PEERS / name
        if not program.exists():
            not_installed(name, "make peers")
        return program

    return find


@pytest.fixture(scope="session")
def printing() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run Clausebook where PDFs can be made; `env` adds to its environment."""
    python = ROOT / ".venv-print" / "bin" / "python"
    if not python.exists():
        not_installed("WeasyPrint", "make print")

    def run(*arguments: str | Path, **env: str) -> subprocess.CompletedProcess[str]:
        here = {"PYTHONPATH": str(ROOT / "generator")} | env
        command = [str(python), *map(str, arguments)]
        return subprocess.run(
            command, capture_output=True, text=True, check=False, env=os.environ | here
        )

    return run


@dataclass(frozen=True)
class ExampleSites:
    """A copy of the repository's own trust, built: to look at, not to change."""

    root: Path

    @property
    def site(self) -> Path:
        """The websites."""
        return self.root / "site"

    @property
    def build(self) -> Path:
        """The projects they are made from."""
        return self.root / "build"


@pytest.fixture(scope="session")
def example_sites(tmp_path_factory: pytest.TempPathFactory) -> ExampleSites:
    """Build the repository's own trust: once, also when several processes run tests."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    claim, built, failed = (shared / f"examples{end}" for end in (".claim", "", ".failed"))
    try:
        claim.mkdir()
    except FileExistsError:
        for _ in range(1800):
            if built.exists() or failed.exists():
                break
            time.sleep(0.1)
    else:
        work = claim / "examples"
        work.mkdir()
        done = build_examples(work)
        if done.returncode:
            failed.write_text(done.stdout + done.stderr, encoding="utf-8")
        else:
            work.rename(built)
    if not built.exists():
        pytest.fail(failed.read_text("utf-8") if failed.exists() else "no examples", pytrace=False)
    return ExampleSites(built)


def build_examples(folder: Path) -> subprocess.CompletedProcess[str]:
    """Copy the repository's trust into a folder and build it there."""
    for name in TRUST:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name)
        else:
            shutil.copy(ROOT / name, folder)
    command = [sys.executable, "-m", "clausebook", "build", "--root", str(folder), "--today", TODAY]
    return subprocess.run(command, capture_output=True, text=True, check=False)


class QuietHandler(SimpleHTTPRequestHandler):
    """Serves files and says nothing."""

    def log_message(self, *_args: object) -> None:
        """Leave the tests' output to the tests."""


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve a folder for as long as the context lasts."""
    handler = partial(QuietHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()
