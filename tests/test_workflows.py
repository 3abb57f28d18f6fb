"""What runs in other people's hands: the workflows, and the hooks for pre-commit."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from clausebook.cli import main
from clausebook.scaffold import make_trust

REPOSITORY = Path(__file__).parent.parent
HOOKS = ".pre-commit-hooks.yaml"
GITHUB, GITLAB = ".github/workflows/policies.yml", ".gitlab-ci.yml"

HOOK_KEYS = {
    "additional_dependencies", "always_run", "args", "description", "entry", "exclude",
    "exclude_types", "fail_fast", "files", "id", "language", "language_version", "log_file",
    "minimum_pre_commit_version", "name", "pass_filenames", "require_serial", "stages", "types",
    "types_or", "verbose",
}  # fmt: skip
"""From pre-commit's documentation, "Creating new hooks"."""


@pytest.fixture
def trust(tmp_path: Path) -> Path:
    """Begin a trust."""
    make_trust(tmp_path / "trust", "Example Learning Trust", date(2026, 11, 21))
    return tmp_path / "trust"


def read(path: Path) -> Any:  # noqa: ANN401 - any YAML
    return yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - text only


def scripts(said: object) -> Iterator[str]:
    """Every script in a workflow."""
    if isinstance(said, Mapping):
        for key, value in said.items():
            if key in ("run", "script", "before_script", "entry"):
                yield from [value] if isinstance(value, str) else value
            else:
                yield from scripts(value)
    elif isinstance(said, list):
        for value in said:
            yield from scripts(value)


def commands(script: str) -> Iterator[list[str]]:
    """The words of each of our commands in a script, up to where the shell goes on."""
    for found in re.findall(r"^\s*(clausebook [^|>;\n]*)", script, re.MULTILINE):
        words = shlex.split(found.split(" # ")[0])
        yield [FILLED_IN.get(word, word) for word in words[1:]]


FILLED_IN = {
    **dict.fromkeys(("$1", "$2", "$name"), "trust"),
    "$PART/$PARTS": "1/2",
    "$TODAY": "2026-11-21",
    "parts/part-*": ".",
}
"""What stands for the shell's own names when a command is looked at."""


def test_every_command_in_them_exists_with_its_options(trust: Path) -> None:
    files = [REPOSITORY / HOOKS, trust / GITHUB, trust / GITLAB]
    seen = set()
    for path in files:
        for script in scripts(read(path)):
            for words in commands(script):
                if words == ["--version"]:
                    continue
                command = main.commands[words[0]]
                command.make_context(words[0], words[1:], parent=click.Context(main))
                seen.add((path.name, words[0]))
    for name in ("policies.yml", GITLAB):
        assert {(name, "check"), (name, "impact"), (name, "diff"), (name, "build")} <= seen
    assert ("policies.yml", "gather") in seen
    assert {(HOOKS, "check"), (HOOKS, "schema")} <= seen


def test_scripts_are_shell(trust: Path) -> None:
    for path in (trust / GITHUB, trust / GITLAB, REPOSITORY / ".github/workflows/ci.yml"):
        for script in scripts(read(path)):
            if "require(" in script:
                continue  # JavaScript
            done = subprocess.run(
                ["bash", "-n"],  # noqa: S607 - wherever it is
                input=script, capture_output=True, text=True, check=False,
            )  # fmt: skip
            assert done.returncode == 0, done.stderr


def test_actions_are_pinned_and_get_no_more_rights_than_they_need(trust: Path) -> None:
    for path in (trust / GITHUB, REPOSITORY / ".github/workflows/ci.yml"):
        workflow = read(path)
        assert workflow["permissions"] == {"contents": "read"}
        steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
        used = [step["uses"] for step in steps if "uses" in step]
        assert used
        assert all(re.fullmatch(r"actions/[a-z-]+@v[0-9]+", use) for use in used)
        scripted = "\n".join(scripts(workflow))
        assert "${{" not in scripted, "what others write must not be run as a script"
        assert "pull_request_target" not in workflow["on"]


def test_hooks_are_what_pre_commit_reads() -> None:
    hooks = read(REPOSITORY / HOOKS)
    assert [hook["id"] for hook in hooks] == ["clausebook-check", "clausebook-schema"]
    for hook in hooks:
        assert hook.keys() <= HOOK_KEYS
        assert {"id", "name", "entry", "language"} <= hook.keys()
        re.compile(hook["files"])
    project = (REPOSITORY / "pyproject.toml").read_text("utf-8")
    assert 'clausebook = "clausebook.cli:run"' in project


def test_gitlab_builds_where_its_pages_are_looked_for(trust: Path) -> None:
    pages = read(trust / GITLAB)["pages"]
    assert pages["artifacts"]["paths"] == ["public"]
    assert pages["script"] == ["clausebook build --output public"]


def test_a_pull_request_gets_impact_and_redlines(trust: Path, tmp_path: Path) -> None:
    """The script of the GitHub workflow, run as there: after a merge of the change."""
    bin_folder = tmp_path / "bin"
    bin_folder.mkdir()
    program = bin_folder / "clausebook"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m clausebook "$@"\n')
    program.chmod(0o755)
    summary = tmp_path / "summary.md"
    environment = os.environ | {
        "PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(REPOSITORY / "generator"),
        "GITHUB_STEP_SUMMARY": str(summary),
        "GIT_CONFIG_GLOBAL": os.devnull,
    }

    def shell(script: str) -> None:
        done = subprocess.run(
            ["bash", "-eo", "pipefail", "-c", script],  # noqa: S607 - wherever it is
            cwd=trust, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr

    agreed = '--on 2026-11-01 --by Trustees --minute "item 7"'
    shell(f"clausebook ratify trust social-media --version 1 {agreed}")
    shell(f"clausebook ratify second social-media --version 1 {agreed}")
    commit = "git add -A && git -c user.name=A -c user.email=a@example.org commit -qm x"
    shell(f"git init -q && {commit}")
    policy = trust / "policy_source/social-media/policy.md"
    policy.write_text(policy.read_text("utf-8").replace("any website", "every website"), "utf-8")
    school = trust / "schools/second/social-media.yml"
    school.write_text(school.read_text("utf-8") + "# Ours.\n", "utf-8")
    shell(commit)

    steps = read(trust / GITHUB)["jobs"]["check"]["steps"]
    name = "Say what the change will do"
    shell(next(step["run"] for step in steps if step.get("name") == name))
    said = (trust / "comment.md").read_text("utf-8")
    assert said.count("## What this does: ") == 1
    assert said.count("at Example Learning Trust: version 1 to the draft") == 1
    assert said.count("at Second School: version 1 to the draft") == 1
    assert "every" in said
    assert summary.read_text("utf-8") == said


def test_the_repositorys_own_workflow_is_the_one_that_init_writes(trust: Path) -> None:
    own, written = ((folder / GITHUB).read_text("utf-8") for folder in (REPOSITORY, trust))
    shared = [line for line in written.split("\n") if not line.startswith("#")]
    ours = [line for line in own.split("\n") if not line.startswith("#")]
    different = [pair for pair in zip(ours, shared, strict=True) if pair[0] != pair[1]]
    assert different == [
        ("  CLAUSEBOOK: . # the program itself", "  CLAUSEBOOK: ${{ vars.CLAUSEBOOK }}")
    ]
