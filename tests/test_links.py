"""`clausebook links`: what there is, when it last worked, and what is said without a network."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from tests.problem_pages import BASE
from tests.trusts import MASTER, Trust, small_trust

from clausebook.cli import main
from clausebook.linked import links_in
from clausebook.linklog import LINK_FILE, LinkLog, Seen, read_link_log
from clausebook.problems import Problems
from clausebook.reading import read_trust
from clausebook.snapshot import Snapshot


class Website(BaseHTTPRequestHandler):
    """A website with a page that is there, one that is gone, and one for browsers only."""

    gone = frozenset({"/gone"})

    def do_HEAD(self) -> None:
        """Answer with the head of the page; one page gives none."""
        self._answer(405 if self.path == "/shy" else 404 if self.path in self.gone else 200)

    def do_GET(self) -> None:
        """Answer with the page."""
        self._answer(404 if self.path in self.gone else 403 if self.path == "/members" else 200)

    def _answer(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        """Leave the tests' output to the tests."""


@pytest.fixture
def website() -> Iterator[str]:
    """A website on this machine."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Website) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def nobody() -> str:
    """An address on this machine at which nothing answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}"


def linking_to(folder: Path, *addresses: str) -> Trust:
    """The small trust, with a clause that links to these."""
    trust = small_trust(folder)
    links = ", ".join(f"[the page](<{address}>)" for address in addresses)
    trust.write(MASTER, trust.read(MASTER) + f"\nRead {links}. {{#on-90}}\n")
    return trust


def run(trust: Trust, *arguments: str, day: str = "2026-11-20") -> Result:
    """Run `clausebook links`."""
    return CliRunner().invoke(
        main, ["links", "--root", str(trust.root), "--today", day, *arguments]
    )


def test_links_are_listed_with_their_places(tmp_path: Path) -> None:
    done = run(linking_to(tmp_path, "https://guide.example.org/a"))
    assert done.exit_code == 0
    assert "https://guide.example.org/a\n  never looked at\n  policy_source/online/policy.md:" in (
        done.output
    )
    assert done.output.endswith("1 link.\nTo look at them: clausebook links --check\n")


def test_looking_writes_down_what_was_found(tmp_path: Path, website: str) -> None:
    pages = ("/", "/gone", "/shy", "/members")
    trust = linking_to(tmp_path, *(website + page for page in pages))
    done = run(trust, "--check")
    assert done.exit_code == 1
    assert "4 links, 1 of them not working." in done.output
    written = read_link_log(Snapshot(trust.files()), Problems()).seen
    assert {address.removeprefix(website): seen.problem for address, seen in written.items()} == {
        "/": None,
        "/gone": "the website answers 404 (not found)",
        "/shy": None,
        "/members": None,
    }
    assert "dead-link" in trust.run("check").output
    assert "worked on 20 November 2026" in run(trust).output


def test_the_day_on_which_a_link_last_worked_is_kept(
    tmp_path: Path, website: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    trust = linking_to(tmp_path, f"{website}/a", f"{website}/b")
    assert run(trust, "--check", day="2026-11-01").exit_code == 0
    monkeypatch.setattr(Website, "gone", frozenset({"/a"}))
    done = run(trust, "--check")
    assert "404 (not found); last worked on 1 November 2026" in done.output
    trust.edit(MASTER, f"[the page](<{website}/a>), ", "")
    run(trust, "--check")
    assert f"{website}/a" not in trust.read(LINK_FILE), "no policy links to it any more"


def test_one_website_that_does_not_answer_is_no_missing_network(
    tmp_path: Path, website: str
) -> None:
    done = run(linking_to(tmp_path, website, nobody()), "--check")
    assert done.exit_code == 1
    assert "did not work on 20 November 2026: no answer; never seen working" in done.output


def test_without_a_network_that_is_said_and_nothing_is_written(tmp_path: Path) -> None:
    trust = linking_to(tmp_path, nobody(), nobody())
    before = trust.files()
    done = run(trust, "--check")
    assert done.exit_code == 3
    assert "none of 2 websites answered: there seems to be no network here" in done.output
    assert trust.files() == before


def test_links_of_schools_are_found_where_they_stand() -> None:
    files = {
        **BASE,
        "schools/hill/online.yml": b"""\
overrides:
  - replace: on-2
    with: |
      Read **[this](https://one.example.org)** first.

      > And [that](https://two.example.org).
    reason: It helps.
    against: x
channels:
  - {name: Blog, address: https://three.example.org, purpose: News, run_by: the office}
""",
    }
    trust = read_trust(Snapshot(files), Problems())
    assert [(address, str(span)) for address, span in links_in(trust)] == [
        ("https://three.example.org", "schools/hill/online.yml:10:27"),
        ("https://one.example.org", "schools/hill/online.yml:4:21"),
        ("https://two.example.org", "schools/hill/online.yml:6:20"),
    ]


@given(st.dictionaries(st.from_regex(r"https://[!-~]{1,30}", fullmatch=True), st.booleans()))
def test_what_is_written_is_read_again(links: dict[str, bool]) -> None:
    log = LinkLog(
        {
            address: Seen(
                tried=date(2026, 11, 20),
                worked=date(2026, 11, 20) if works else None,
                problem=None if works else 'the website says "no": 404',
            )
            for address, works in links.items()
            if "{{" not in address and "}}" not in address and "{%" not in address
        }
    )
    tree = Snapshot({LINK_FILE: log.text().encode()})
    assert read_link_log(tree, Problems()) == log
