"""What `make bench` measures is what it says: sound workloads, edits that edit, one table."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

import pytest
from benchmarks import edits
from benchmarks.bodies import name_of
from benchmarks.hugo import write_project
from benchmarks.masters import masters
from benchmarks.running import Measured
from benchmarks.table import Row, machine, markdown_table, plain_table
from benchmarks.workload import TODAY, write_workload

from clausebook.pipeline import check
from clausebook.problems import Problems
from clausebook.workspace import WorkingTree

SCHOOLS, POLICIES, VERSIONS = 4, 2, 2


@pytest.fixture(scope="module")
def workload(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bench") / "trust"
    write_workload(folder, SCHOOLS, POLICIES, VERSIONS, seed=7)
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_a_workload_has_no_errors_and_is_as_large_as_it_says(workload: Path) -> None:
    problems = Problems()
    went_in = check(WorkingTree(workload), problems, TODAY)
    assert not problems.errors
    assert (went_in.schools, went_in.policies) == (SCHOOLS, POLICIES)
    registers = list(workload.glob("schools/*/versions/*/register.txt"))
    assert len(registers) == SCHOOLS * POLICIES
    assert all(len(path.read_text("utf-8").splitlines()) == VERSIONS for path in registers)
    for path in workload.glob("schools/*-*/social-media.yml"):
        overrides = len(re.findall(r"(?m)^  - ", path.read_text("utf-8")))
        assert overrides in (range(2, 5) if "two-rivers" in path.parts[-2] else range(3, 13))


def test_the_same_numbers_give_the_same_bytes(workload: Path, tmp_path: Path) -> None:
    write_workload(tmp_path / "again", SCHOOLS, POLICIES, VERSIONS, seed=7)
    assert contents(tmp_path / "again") == contents(workload)


def test_policies_and_schools_have_names_of_their_own() -> None:
    assert len({name_of(number) for number in range(24_000)}) == 24_000
    many = masters(60)
    assert len({master.id for master in many}) == len({master.prefix for master in many}) == 60


@pytest.mark.parametrize(
    "edit", [edits.contact_changed, edits.override_changed, edits.master_changed]
)
def test_an_edit_changes_one_file_and_breaks_nothing(tmp_path: Path, edit: edits.Edit) -> None:
    write_workload(tmp_path / "trust", 2, 2, 1, seed=7)
    before = contents(tmp_path / "trust")
    edit(tmp_path / "trust", Random(1))  # noqa: S311 - an edit, not a secret
    after = contents(tmp_path / "trust")
    assert len([name for name in before if before[name] != after[name]]) == 1
    problems = Problems()
    check(WorkingTree(tmp_path / "trust"), problems, TODAY)
    assert not problems.errors


def test_the_table_puts_ratios_first_and_says_what_is_1() -> None:
    rows = [
        Row("ours", "cold build", Measured(2.0, 3.0, 150.0), pages=100, runs=3),
        Row("ours", "check only", Measured(0.5, 0.5, 90.0), runs=3),
        Row("peer", "slow", Measured(24.0, 24.0, 90.0), pages=100, note="sampled 1 of 5"),
        Row("peer", "other", Measured(1.0, 1.0, 0.0), against="check only"),
    ]
    text = plain_table("Small", rows)
    assert text.splitlines()[0] == "Small"
    assert [line.split()[0] for line in text.splitlines()[3:]] == ["1", "0.25", "12", "2"]
    markdown = markdown_table("Small", rows)
    assert "| 12 | peer: slow | 24 | 24 | 100 | 4.17 | 240 | 90 | 1 | sampled 1 of 5 |" in markdown
    assert "| 2 | peer: other | 1 | 1 |  |  |  |  | 1 | 1 = check only |" in markdown


def test_the_machine_is_described_without_its_name_or_folders() -> None:
    said = machine(["mkdocs 1"])
    assert re.search(r"[0-9]+ cores, [0-9]+ GB; \w+, CPython 3\.[0-9.]+; mkdocs 1$", said)
    assert str(Path.home()) not in said


def test_a_hugo_project_has_the_same_pages_and_menu(tmp_path: Path) -> None:
    project = tmp_path / "one"
    (project / "docs" / "policies").mkdir(parents=True)
    nav = "nav:\n- Home: index.md\n- Policies:\n  - Phones: policies/phones.md\n"
    (project / "mkdocs.yml").write_text(nav)
    for name in ("index.md", "policies/phones.md", "look.css"):
        (project / "docs" / name).write_text("# Words\n")
    write_project(tmp_path / "hugo", [project])
    made = contents(tmp_path / "hugo")
    assert {"content/one/_index.md", "content/one/policies/phones.md"} <= made.keys()
    assert made["static/one/look.css"] == b"# Words\n"
    assert b'"pageRef": "/one/policies/phones"' in made["hugo.json"]
