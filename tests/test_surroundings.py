"""Whatever surrounds the program (clock, language, user, folder, terminal), it does the same.

The long form is `make torture ARGS=surroundings`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from random import Random

import pytest
from tests.conftest import ROOT
from tests.torture import surroundings
from tests.torture.oddly import NETWORK_USED
from tests.torture.surroundings import Ended
from tests.trusts import OURS, SCHOOL, Trust


@pytest.mark.slow
def test_odd_surroundings_change_no_byte() -> None:
    outcome = surroundings.run(4, seed=3)
    assert outcome.survived == outcome.tried, "\n".join(outcome.remarks)


def test_every_errand_and_every_way_is_among_the_cases_of_the_long_form() -> None:
    chance = Random(1)  # noqa: S311 - reproducible, not secret
    drawn = [surroundings.draw(chance) for _ in range(surroundings.LONG)]
    for name, ways in surroundings.WAYS.items():
        if name != "user" or os.geteuid() == 0:
            assert {repr(one[name]) for one in drawn} == set(map(repr, ways)), name


# -- one at a time ---------------------------------------------------------------------------------


@pytest.fixture
def trust(tmp_path: Path) -> Trust:
    """A small trust with letters that few encodings have."""
    return surroundings.prepare(tmp_path / "trust", ids=True)


STATUS = ("status", "--today", "2026-11-21")


def run(
    trust: Trust, words: tuple[str, ...], shell: str = '"$@"', **environment: str
) -> subprocess.CompletedProcess[bytes]:
    """Run a command by a line of shell, in which `"$@"` is the command."""
    command = [sys.executable, "-m", "clausebook", words[0], "--root", str(trust.root), *words[1:]]
    return subprocess.run(
        ["/bin/bash", "-c", shell, "bash", *command],
        env=surrounded(environment),
        capture_output=True,
        check=False,
        timeout=surroundings.HANGS,
    )


def surrounded(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment of the tests, with some of it said otherwise."""
    return {**os.environ, "PYTHONPATH": str(ROOT / "generator"), **environment}


@pytest.mark.parametrize("encoding", ["latin-1", "cp437", "ascii", "utf-16"])
def test_a_terminal_that_lacks_a_letter_gets_its_number(trust: Trust, encoding: str) -> None:
    done = run(trust, ("diff", "hill", "online"), PYTHONIOENCODING=encoding)
    assert (done.returncode, done.stderr) == (1, b"")  # they differ
    shown = done.stdout.decode("utf-8" if encoding == "ascii" else encoding)
    lacking = encoding in {"latin-1", "cp437"}
    assert ("stays \\u201cat home\\u201d." if lacking else "stays “at home”.") in shown


@pytest.mark.parametrize("words", [STATUS, ("diff", "hill", "online"), ("check", "--help")])
def test_a_reader_who_has_gone_is_no_mistake(trust: Trust, words: tuple[str, ...]) -> None:
    heard = run(trust, words)
    gone = run(trust, words, '"$@" | :; exit ${PIPESTATUS[0]}')
    assert (gone.returncode, gone.stderr) == (heard.returncode, heard.stderr)


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_streams_that_nobody_opened_lead_nowhere(trust: Trust, closed: str) -> None:
    done = run(trust, ("build", "--today", "2026-11-21"), f'"$@" {closed}')
    assert done.returncode == 0
    assert b"Traceback" not in done.stderr
    assert (trust.root / "site/index.html").is_file()


def test_a_question_that_nobody_can_answer_ends_the_command(trust: Trust) -> None:
    before = trust.files()
    done = run(trust, ("review", "hill"), '"$@" <&-')
    assert (done.returncode, done.stderr) == (1, b"Aborted!\n")
    assert trust.files() == before


@pytest.mark.parametrize("words", [STATUS, ("diff", "hill", "online"), ("check", "--help")])
def test_what_could_not_be_put_down_is_told(trust: Trust, words: tuple[str, ...]) -> None:
    done = run(trust, words, '"$@" >/dev/full')
    told = b"clausebook: standard output cannot be written: no space left on device\n"
    assert done.stderr.endswith(told)
    assert b"Traceback" not in done.stderr
    assert done.returncode == 3


def test_nobody_has_to_hear_what_goes_wrong(trust: Trust) -> None:
    trust.edit(SCHOOL, "name: Ysgol", "nome: Ysgol")
    done = run(trust, ("build",), '"$@" 2>/dev/full')
    assert done.returncode == 1


def test_a_folder_that_is_gone_is_no_hindrance_to_work_elsewhere(
    trust: Trust, tmp_path: Path
) -> None:
    gone = f'mkdir "{tmp_path}/gone" && cd "{tmp_path}/gone" && rmdir "{tmp_path}/gone" && "$@"'
    pack = ("pack", "hill", "online", "--output", "-", "--today", "2026-11-21")
    assert run(trust, pack, gone).stdout == run(trust, pack).stdout != b""
    command = [sys.executable, "-c", "from clausebook.cli import main; main()"]
    begun = subprocess.run(
        ["/bin/bash", "-c", gone, "bash", *command, "init", str(tmp_path / "new")],
        env=surrounded({}),
        capture_output=True,
        check=False,
    )
    assert begun.returncode == 0, begun.stderr
    assert (tmp_path / "new/policy_source/trust.yml").is_file()


@pytest.mark.parametrize("others", [0, 1])
def test_a_program_that_is_done_is_gone_and_has_said_everything(others: int) -> None:
    """Unless something is still at work in it: then Python ends as it always does."""
    script = f"""if True:
        import atexit, os, sys, threading, time
        from clausebook.cli import run

        class Thing:
            def __del__(self, write=os.write):
                write(2, b"taken apart")

        thing = Thing()
        atexit.register(print, "promised")
        for _ in range({others}):
            threading.Thread(target=lambda: (time.sleep(0.2), print("done"))).start()
        sys.argv = ["clausebook", "--version"]
        run()
    """
    done = subprocess.run(
        [sys.executable, "-c", script], env=surrounded({}), capture_output=True, check=False
    )
    version, *said = done.stdout.decode().splitlines()
    assert (done.returncode, version.split(",")[0]) == (0, "clausebook")
    assert said == [*["done"] * others, "promised"]
    assert done.stderr == b"taken apart" * others


def test_python_without_docstrings_is_told_to_begin_with_them(trust: Trust) -> None:
    done = run(trust, ("schema",), PYTHONOPTIMIZE="2")
    assert done.stderr == b"clausebook: start Python without -OO and PYTHONOPTIMIZE=2\n"
    assert (done.returncode, (trust.root / "schemas").exists()) == (3, False)


def test_a_folder_whose_name_is_no_text_builds(trust: Trust) -> None:
    odd = Trust(trust.root.rename(trust.root.with_name("not\udcffunicode")))
    done = run(odd, ("build", "--today", "2026-11-21"))
    assert done.returncode == 0, done.stderr


# -- days at the ends of the calendar --------------------------------------------------------------


@pytest.mark.parametrize("day", ["1000-01-01", "1970-01-01", "2999-12-31"])
def test_a_day_that_cannot_be_right_is_a_day_like_any_other(trust: Trust, day: str) -> None:
    """Before the first version is in force, a draft may have clauses that no version has."""
    assert trust.run("check", day=day).code == 0
    trust.build(day)
    assert 'id="on-6"' in trust.read("site/hill/policies/online.html")


def test_days_at_the_end_of_the_calendar_are_days_like_any_other(trust: Trust) -> None:
    trust.edit(OURS, "last: 2026-05-14, next: 2027-05-14", "last: 2999-06-01, next: 2999-12-31")
    trust.edit(SCHOOL, "{name: Zoë", "{checked: 2999-12-31, name: Zoë")
    assert trust.run("check").code == 0
    assert trust.run("check", day="2999-12-31").code == 0


# -- what the trial says is odd, is odd ------------------------------------------------------------


def oddly(trust: Trust, command: str, *words: str, **settings: object) -> Ended:
    """A command in surroundings that only the process itself can make."""
    program = [sys.executable, str(surroundings.ODDLY), json.dumps(settings)]
    done = subprocess.run(
        [*program, command, "--root", str(trust.root), *words],
        env=surrounded({}),
        capture_output=True,
        check=False,
        timeout=surroundings.HANGS,
    )
    return Ended(done.returncode, done.stdout, done.stderr)


def test_whoever_reaches_for_the_network_is_caught(trust: Trust) -> None:
    trust.edit(SCHOOL, "name: Ysgol", "website: https://hill.example.org\nname: Ysgol")
    assert oddly(trust, "links", cut_off=True).code == 0
    assert oddly(trust, "links", "--check", cut_off=True).code == NETWORK_USED


def test_a_wrong_clock_is_believed_where_no_day_is_given(trust: Trust) -> None:
    words = ("status", "--format", "json")
    assert b'"on": "1970-01-0' in oddly(trust, *words, clock=100_000).out
    assert b'"on": "2100-01-0' in oddly(trust, *words, clock=4_102_500_000).out


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else")
def test_another_user_can_write_only_what_is_theirs(trust: Trust) -> None:
    done = oddly(trust, "schema", user=surroundings.SOMEBODY)
    assert done.code != 0
    assert not (trust.root / "schemas").exists()
