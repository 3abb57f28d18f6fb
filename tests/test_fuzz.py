"""The readers of other people's files, given anything: every answer keeps the laws.

`tests/fuzz/laws.py` says what they are, `tests/fuzz/targets.py` what is read.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from tests.fuzz.laws import BrokenLawError, must, shows_the_same, texts_hold
from tests.fuzz.smaller import smaller
from tests.fuzz.targets import CORPUS, TARGETS, corpus, kind_of, sealed
from tests.torture import readers

from clausebook.frozen import read_version
from clausebook.problems import Problems
from clausebook.prose import Link, Text
from clausebook.source import Source

ROOT = Path(__file__).parent.parent
CASES = [(reader, name) for reader in TARGETS for name in corpus(reader)]
SECONDS = 10


@pytest.mark.parametrize(("reader", "name"), CASES)
def test_every_law_holds_of_what_is_kept(reader: str, name: str) -> None:
    TARGETS[reader](corpus(reader)[name])


def test_every_law_holds_of_files_made_up_by_chance() -> None:
    outcome = readers.run(1_500, seed=2026)
    assert outcome.survived == outcome.tried, "\n".join(outcome.remarks)


def need_atheris() -> None:
    """Skip a test where the fuzzer cannot be had, but not where it is to have been installed."""
    if find_spec("atheris") is None:
        if os.environ.get("CI"):
            pytest.fail("atheris is not installed: see constraints/constraints.txt")
        pytest.skip("there is no atheris on this system; what is kept was tried all the same")


@pytest.mark.slow
@pytest.mark.parametrize("reader", TARGETS)
def test_every_law_holds_of_files_made_up_by_what_they_reach(reader: str, tmp_path: Path) -> None:
    """`make fuzz` does the same for longer, and each time differently."""
    need_atheris()
    line = [sys.executable, "-m", "tests.fuzz", reader, "--minutes", str(SECONDS / 60)]
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "PYTHONHASHSEED": "0",
    }
    done = subprocess.run(
        [*line, "--seed", "2026", "--into", str(tmp_path)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        check=False,
        timeout=600,
    )
    said = done.stderr.decode("utf-8", "replace")
    assert done.returncode == 0, found(done.stdout, tmp_path / reader) + said[-2_000:]
    assert "INFO: seed corpus: files:" in said, "what is kept was not read"
    assert "Done " in said, "no input was made up"


def found(told: bytes, folder: Path) -> str:
    """What broke, as atheris tells it, and the inputs that did it."""
    inputs = [f"{path.name}: {path.read_bytes()!r}" for path in folder.glob("*-*")]
    return "\n".join([told.decode("utf-8", "replace")[-4_000:], *inputs, ""])


# -- the laws find what they are for ---------------------------------------------------


def test_what_is_kept_is_small_and_reaches_what_matters() -> None:
    sizes = [path.stat().st_size for path in CORPUS.rglob("*") if path.is_file()]
    assert sum(sizes) < 1_000_000
    assert {kind_of(data) for data in corpus("yaml").values()} == {
        "trust", "school", "group", "policy", "note", "links", "updates",
    }  # fmt: skip
    accepted = [
        data
        for data in map(sealed, corpus("version").values())
        if read_version(Source("1.md", data.decode("utf-8", "replace")), Problems())
    ]
    assert len(accepted) >= 4, "too few versions are accepted: nothing after the seal is reached"


def test_a_link_to_a_script_on_a_page_is_found() -> None:
    with pytest.raises(BrokenLawError, match="markup that wording does not have"):
        shows_the_same((Link("javascript:x", (Text("y"),)),), ())


def test_a_text_that_turns_the_direction_of_reading_is_found() -> None:
    with pytest.raises(BrokenLawError, match="cannot be shown"):
        texts_hold({"a": ["b", "c\u202ed"]})


def test_an_input_is_made_small_while_it_still_breaks_the_law() -> None:
    def target(data: bytes) -> None:
        must(b"x" not in data or b"y" not in data, "x and y")

    assert smaller(target, b"aaaaxbbbbbbyccc") == b"xy"


@pytest.mark.slow
def test_a_broken_law_ends_the_fuzzer_and_its_input_is_kept(tmp_path: Path) -> None:
    """With a law that nothing can keep, in a copy of the tests."""
    need_atheris()
    shutil.copytree(ROOT / "tests" / "fuzz", tmp_path / "tests" / "fuzz")
    shutil.copytree(ROOT / "tests" / "problems" / "_base", tmp_path / "tests/problems/_base")
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    laws = tmp_path / "tests" / "fuzz" / "laws.py"
    laws.write_text(laws.read_text().replace("if not holds:", "if holds:"))
    paths = [str(tmp_path), str(ROOT / "generator"), *(p for p in sys.path if "site-packages" in p)]
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz", "version", "--minutes", "0.2", "--into", "kept"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        capture_output=True,
        check=False,
        timeout=300,
    )
    assert done.returncode != 0
    assert list((tmp_path / "kept" / "version").glob("crash-*"))
