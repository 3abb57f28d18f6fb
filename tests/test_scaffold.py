"""`clausebook init` and `clausebook new`: what they write works at once, or nothing is written."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import click
import pytest
import yaml
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator

from clausebook import cli_new, scaffold
from clausebook.cli import main
from clausebook.scaffold import make_trust, scalar
from clausebook.swap import FolderError, unfinished

REPOSITORY = Path(__file__).parent.parent
TODAY = date(2026, 11, 21)

NEW_TRUST = [
    ".gitattributes",
    ".github/workflows/policies.yml",
    ".gitignore",
    ".gitlab-ci.yml",
    "README.md",
    "mkdocs.yml",
    "mkdocs_hooks.py",
    "policy_source/social-media/policy.md",
    "policy_source/trust.yml",
    "schemas/group.schema.json",
    "schemas/school.schema.json",
    "schemas/social-media.schema.json",
    "schemas/trust.schema.json",
    "schools/first/school.yml",
    "schools/first/social-media.yml",
    "schools/second/school.yml",
    "schools/second/social-media.yml",
]

FILLED_IN = {
    "name": "Sam Lee",
    "address": "https://school.example.org",
    "purpose": "News",
    "run_by": "School office",
    "phone": "01632 960123",
    "email": "office@school.example.org",
    "website": "https://school.example.org",
    "local_authority": "Exampleton Borough Council",
    "reason": "It suits us better.",
    "short_name": "Ours",
    "phase": "primary",
    "vision": "Every child is heard.",
    "mission": "We listen.",
    "motto": "Listen",
    "role": "Teacher",
    "checked": "4 September 2026",
    "last": "4 September 2026",
    "next": "04/09/2027",
}
"""What a school's clerk might write."""


class Loader(yaml.SafeLoader):
    """Reads YAML as editors do: a date is text."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - as its base has it
        first: [(tag, pattern) for tag, pattern in known if not tag.endswith("timestamp")]
        for first, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


@pytest.fixture
def trust(tmp_path: Path) -> Path:
    """Begin a trust."""
    folder = tmp_path / "trust"
    make_trust(folder, "Example Learning Trust", TODAY)
    return folder


@pytest.fixture(scope="module")
def tidewell(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the repository's own trust, with one more school of its federation."""
    folder = tmp_path_factory.mktemp("tidewell") / "trust"
    for name in ("policy_source", "schools"):
        shutil.copytree(REPOSITORY / name, folder / name)
    done = run("new", "school", "otter", "--name", "Otter School", "--group", "two-rivers",
               "--root", folder)  # fmt: skip
    assert done.exit_code == 0
    return folder


def run(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def check(root: Path) -> str:
    """What `clausebook check --strict` says; "" if it is content."""
    done = run("check", "--strict", "--root", root)
    assert done.exit_code in (0, 1), done.output
    return done.output if done.exit_code else ""


def tree(folder: Path) -> list[str]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path.relative_to(folder).as_posix() for path in paths)


def offered(text: str) -> str:
    """A file with all that it offers taken: its lines that begin with # and no space."""
    text = text.replace("overrides: []\n", "")
    return re.sub(r"^#(?=[a-z_]|  )", "", text, flags=re.MULTILINE)


def filled_in(text: str) -> str:
    """A file with its blanks filled in."""

    def fill(found: re.Match[str]) -> str:
        return f"{found[1]}{found[2]}: {FILLED_IN[found[2]]}"

    blank = rf"^([ -]*)({'|'.join(FILLED_IN)}): *(?:#.*)?$"
    return re.sub(blank, fill, text, flags=re.MULTILINE)


# -- init ------------------------------------------------------------------------------


def test_new_trust_builds_at_once_in_a_process_of_its_own(tmp_path: Path) -> None:
    def clausebook(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "clausebook", *words]
        environment = os.environ | {"PYTHONPATH": str(REPOSITORY / "generator")}
        return subprocess.run(
            command, cwd=cwd, env=environment, capture_output=True, text=True, check=False
        )

    begun = clausebook("init", "my trust", "--name", "Ash & Elm: a trust", cwd=tmp_path)
    assert (begun.returncode, begun.stderr) == (0, "")
    assert '  cd "my trust"\n' in begun.stdout
    root = tmp_path / "my trust"
    assert tree(root) == NEW_TRUST
    checked = clausebook("check", "--strict", cwd=root)
    assert (checked.returncode, checked.stderr) == (0, "")
    assert checked.stdout == "2 schools, 1 policy, 28 clauses and 3 overrides: no problems.\n"
    built = clausebook("build", "--strict", cwd=root)
    assert built.returncode == 0, built.stderr
    assert "warning" not in built.stderr
    home = (root / "site" / "trust" / "index.html").read_text(encoding="utf-8")
    assert "Ash &amp; Elm: a trust" in home
    assert (root / "README.md").read_text(encoding="utf-8").startswith("# Ash & Elm: a trust: ")


def test_overrides_of_new_trust_are_of_each_kind_and_up_to_date(trust: Path) -> None:
    text = (trust / "schools/second/social-media.yml").read_text(encoding="utf-8")
    kinds = [next(iter(override)) for override in yaml.safe_load(text)["overrides"]]
    assert kinds == ["replace", "omit", "add"]
    assert check(trust) == ""


@pytest.mark.parametrize("name", ["mkdocs.yml", "mkdocs_hooks.py"])
def test_new_trust_looks_as_the_repository_does(trust: Path, name: str) -> None:
    """Whoever changes one of these at the top of the repository changes it in the package."""
    assert (trust / name).read_bytes() == (REPOSITORY / name).read_bytes()


def test_new_trust_fits_its_schemas(trust: Path) -> None:
    assert run("schema", "--check", "--root", trust).exit_code == 0
    assert problems_of_schemas(trust) == []


def problems_of_schemas(root: Path) -> list[str]:
    """What the schema that each YAML file people write names in its first line says of it."""
    found = []
    for path in [root / "policy_source" / "trust.yml", *(root / "schools").glob("*/*.yml")]:
        text = path.read_text(encoding="utf-8")
        named = re.match(r"# yaml-language-server: \$schema=(.*)\n", text)
        assert named, path
        schema = json.loads((path.parent / named[1]).read_text(encoding="utf-8"))
        errors = Draft202012Validator(schema).iter_errors(yaml.load(text, Loader))  # noqa: S506 - it is a safe one
        found += [f"{path.name}: {error.message}" for error in errors]
    return found


def test_review_dates_of_new_trust_are_not_past(tmp_path: Path) -> None:
    make_trust(tmp_path / "leap", "Leap", date(2028, 2, 29))
    text = (tmp_path / "leap/schools/first/social-media.yml").read_text(encoding="utf-8")
    assert "last: 1 February 2028" in text
    assert "next: 1 February 2029" in text


def test_empty_folder_is_kept_and_filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    before = tmp_path.stat().st_ino
    done = run("init", ".")
    assert done.exit_code == 0
    assert "cd " not in done.output
    assert tree(tmp_path) == NEW_TRUST
    assert tmp_path.stat().st_ino == before


def test_folders_above_are_made(tmp_path: Path) -> None:
    assert run("init", tmp_path / "one" / "two").exit_code == 0
    assert tree(tmp_path / "one" / "two") == NEW_TRUST


def test_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear parents", encoding="utf-8")
    done = run("init", tmp_path)
    assert done.exit_code == 3
    assert done.output == (
        f"clausebook: '{tmp_path}' has something in it already (letter.txt); "
        "choose a new folder, or an empty one\n"
    )
    assert tree(tmp_path) == ["letter.txt"]
    done = run("init", tmp_path / "letter.txt")
    assert done.exit_code == 3
    assert "is not a folder" in done.output


@pytest.mark.parametrize("there", [True, False])
def test_trust_is_written_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, there: bool
) -> None:
    target = tmp_path / "above" / "trust"
    if there:
        target.mkdir(parents=True)

    def full(_trust: object) -> dict[str, str]:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(scaffold, "schemas", full)
    done = run("init", target)
    assert done.exit_code == 3
    assert done.output == (
        f"clausebook: '{target}' cannot be written: no space left on device\n"
        "make room there, then run the command again\n"
    )
    kept = [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")]
    assert kept == (["above", "above/trust"] if there else [])


def test_files_moved_into_a_folder_are_moved_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moves: list[Path] = []
    rename = Path.rename

    def third_fails(path: Path, target: Path) -> Path:
        moves.append(path)
        if len(moves) == 3:
            raise OSError(5, "Input/output error")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", third_fails)
    with pytest.raises(FolderError, match="input/output error"):
        make_trust(tmp_path, "Trust", TODAY)
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_run_left_behind_is_no_obstacle(tmp_path: Path) -> None:
    for rest in (tmp_path / scaffold.STAGE, unfinished(tmp_path / "other")):
        rest.mkdir()
        (rest / "half.yml").write_text("name:", encoding="utf-8")
    assert run("init", tmp_path / "other").exit_code == 0
    assert tree(tmp_path / "other") == NEW_TRUST
    shutil.rmtree(tmp_path / "other")
    assert run("init", tmp_path).exit_code == 0
    assert tree(tmp_path) == NEW_TRUST


# -- new school --------------------------------------------------------------------------


def test_new_school_is_asked_for_exactly_what_every_school_must_give(trust: Path) -> None:
    done = run("new", "school", "oak-lane", "--name", "Oak Lane Primary School", "--root", trust)
    assert done.exit_code == 0
    assert done.output == (
        "schools/oak-lane/school.yml written\n"
        "schools/oak-lane/social-media.yml written\n"
        "\n"
        "Next: fill in schools/oak-lane/school.yml "
        "(headteacher, dsl, social_media_lead, local_authority).\n"
        "      Remove the file of any policy that Oak Lane Primary School has not adopted.\n"
        "      `clausebook check` says what is still missing.\n"
    )
    said = check(trust)
    for key in ("headteacher", "dsl", "social_media_lead", "local_authority"):
        assert re.search(rf"Oak Lane Primary School [a-z ]+ '{key}' \(", said)
    assert set(re.findall(r"^\w+\[(.*?)\]", said, re.MULTILINE)) == {"missing-value"}
    assert problems_of_schemas(trust) == []


def test_what_is_offered_and_not_filled_in_is_pointed_at(trust: Path) -> None:
    run("new", "school", "oak", "--name", "Oak School", "--root", trust)
    path = trust / "schools" / "oak" / "school.yml"
    path.write_text(offered(path.read_text(encoding="utf-8")), encoding="utf-8")
    said = check(trust)
    for blank in ("headteacher.name", "dsl.name", "channels.name", "values.local_authority"):
        assert f"'{blank}' holds nothing" in said
    assert "bad-yaml" not in said
    assert "unknown" not in said


def test_school_with_every_blank_filled_in_is_right(trust: Path) -> None:
    run("new", "school", "oak", "--name", "Oak School", "--root", trust)
    for path in (trust / "schools" / "oak").iterdir():
        path.write_text(filled_in(offered(path.read_text(encoding="utf-8"))), encoding="utf-8")
    text = (trust / "schools" / "oak" / "social-media.yml").read_text(encoding="utf-8")
    assert [next(iter(o)) for o in yaml.safe_load(text)["overrides"]] == ["replace", "omit", "add"]
    assert check(trust) == ""
    assert problems_of_schemas(trust) == []


def test_school_of_a_group_need_not_repeat_what_the_group_says(tidewell: Path) -> None:
    text = (tidewell / "schools/otter/school.yml").read_text(encoding="utf-8")
    assert "\ngroup: two-rivers\n" in text
    assert "#  # Chair of governors (Two Rivers Federation names Oluwaseun Balogun)\n" in text
    assert "#  # Designated safeguarding lead (MUST BE FILLED IN)\n" in text
    assert "#  # Data protection officer (the trust names Jonathan Pell)\n" in text
    assert "#    singular: executive headteacher\n" in text
    said = check(tidewell)
    assert set(re.findall(r"names nobody as '(\w+)'", said)) == {"dsl", "deputy_dsl"}
    assert "does not fill in" not in said


def test_examples_for_every_policy_of_the_repository_hold(tidewell: Path) -> None:
    for path in (tidewell / "schools" / "otter").iterdir():
        path.write_text(filled_in(offered(path.read_text(encoding="utf-8"))), encoding="utf-8")
    assert "otter" not in check(tidewell)
    assert problems_of_schemas(tidewell) == []


def test_trust_of_other_kinds_of_values(trust: Path) -> None:
    """Every type of value, names that YAML could misread, and nothing that a school may change."""
    path = trust / "policy_source" / "trust.yml"
    text = path.read_text(encoding="utf-8")
    text += """
  starts: {label: First day, type: date, required: true}
  style: {label: Style, type: choice, choices: [plain, fancy], default: plain}
  desk: {label: Help desk, type: email}
  map: {label: Map, type: url}
  most: {label: Most, type: number, max: 5}
  least: {label: Least, type: number, min: 2, unit: visit}
  code: {label: Code, default: "007"}
  hint: {label: Hint, default: "yes: #1"}
"""
    path.write_text(text, encoding="utf-8")
    policy = trust / "policy_source" / "social-media" / "policy.md"
    text = policy.read_text(encoding="utf-8")
    text = re.sub(r" \{#(sm-\d+)[^}]*\}", r" {#\1 .locked}", text)
    policy.write_text(text, encoding="utf-8")
    shutil.rmtree(trust / "schools")
    name = "No"
    assert run("new", "school", "elm", "--name", name, "--root", trust).exit_code == 0
    text = (trust / "schools" / "elm" / "school.yml").read_text(encoding="utf-8")
    assert yaml.safe_load(text) == {"name": "No"}
    for line in (
        "#  # First day: a date (MUST BE FILLED IN)\n#  starts:\n",
        "#  # Style: one of plain, fancy (the trust says plain)\n#  style: plain\n",
        "#  # Help desk: an e-mail address (may be left out)\n#  desk:\n",
        "#  # Map: a web address (may be left out)\n#  map:\n",
        "#  # Most: a number, at most 5 (may be left out)\n#  most:\n",
        "#  # Least, in visits, from 2 (may be left out)\n#  least:\n",
        '#  code: "007"\n',
        '#  hint: "yes: #1"\n',
    ):
        assert line in text
    assert yaml.safe_load(offered(text))["values"]["hint"] == "yes: #1"
    offer = offered((trust / "schools" / "elm" / "social-media.yml").read_text(encoding="utf-8"))
    assert [next(iter(override)) for override in yaml.safe_load(offer)["overrides"]] == ["add"]


def test_policy_and_school_of_a_trust_that_declares_next_to_nothing(tmp_path: Path) -> None:
    (tmp_path / "policy_source").mkdir()
    path = tmp_path / "policy_source" / "trust.yml"
    path.write_text("name: Bare\naudiences: {}\n", encoding="utf-8")
    refused = attendance(tmp_path)
    assert refused.exit_code == 3
    assert "declare audiences in policy_source/trust.yml first" in refused.output
    path.write_text("name: Bare\naudiences: {staff: Staff}\n", encoding="utf-8")
    refused = run("new", "school", "elm", "--name", "Elm", "--root", tmp_path)
    assert refused.exit_code == 1
    assert "no-policies" in refused.output
    assert attendance(tmp_path).exit_code == 0
    made = run("new", "school", "elm", "--name", "Elm", "--root", tmp_path)
    assert made.exit_code == 0
    assert "\nNext: fill in schools/elm/school.yml.\n" in made.output
    assert check(tmp_path) == ""


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["Oak Lane", "--name", "Oak"], 2,
         "digits and single hyphens, beginning with a letter; 'oak-lane' would do"),
        (["4", "--name", "Oak"], 2, "hyphens, beginning with a letter\n"),
        (["../oak", "--name", "Oak"], 2, "cannot be an ID"),
        (["trust", "--name", "Oak"], 2, "'trust' is a name that Clausebook uses itself"),
        (["first", "--name", "Oak"], 3,
         "there is a school 'first' already, in schools/first; choose another ID"),
        (["hill", "--name", "Oak"], 3,
         "there is a group 'hill' already, in schools/hill; choose another ID"),
        (["empty", "--name", "Oak"], 3,
         "'schools/empty' is there already; choose another ID, or remove it"),
        (["oak"], 2, "Missing option '--name'"),
        (["oak", "--name", "  "], 2, "there is nothing here"),
        (["oak", "--name", "Oak\u202e"], 2, "there is an invisible character in it"),
        (["oak", "--name", "Oak" * 200], 2, "it is longer than 400 characters"),
        (["oak", "--name", "Oak", "--group", "hil"], 2,
         "there is no group 'hil': did you mean 'hill'?"),
        (["oak", "--name", "Oak", "--group", "zzz"], 2, "there is no group 'zzz': groups: hill"),
        (["oak", "--name", "Oak", "--group", "first"], 2,
         "there is no group 'first': it is a school, First School"),
    ],
)  # fmt: skip
def test_mistakes_with_a_new_school(trust: Path, words: list[str], code: int, message: str) -> None:
    (trust / "schools" / "hill").mkdir()
    (trust / "schools" / "hill" / "group.yml").write_text("name: Hill\n", encoding="utf-8")
    if words[0] == "empty":
        (trust / "schools" / "empty").mkdir()
    before = tree(trust)
    done = run("new", "school", *words, "--root", trust)
    assert done.exit_code == code
    assert message in done.output
    assert tree(trust) == before


def test_group_of_a_trust_without_groups(trust: Path) -> None:
    done = run("new", "school", "oak", "--name", "Oak", "--group", "hill", "--root", trust)
    assert done.exit_code == 2
    assert "there is no group 'hill': this trust has none so far" in done.output


def test_mistake_in_the_trust_is_shown_and_nothing_written(trust: Path) -> None:
    (trust / "schools" / "first" / "school.yml").write_text("nam: First\n", encoding="utf-8")
    done = run("new", "school", "oak", "--name", "Oak", "--root", trust)
    assert done.exit_code == 1
    assert "unknown-key" in done.output
    assert not (trust / "schools" / "oak").exists()


def test_outside_a_trust(tmp_path: Path) -> None:
    done = run("new", "school", "oak", "--name", "Oak", "--root", tmp_path)
    assert done.exit_code == 3
    assert "clausebook init FOLDER" in done.output


# -- new policy ----------------------------------------------------------------------------


def attendance(root: Path, *words: str, code: str = "at", policy: str = "attendance") -> Result:
    return run(
        "new", "policy", policy, "--code", code, "--title", "Attendance: every day counts",
        "--owner", "Director of Inclusion", "--approver", "Board of Trustees", *words,
        "--root", root,
    )  # fmt: skip


def test_new_policy_builds_at_once(trust: Path) -> None:
    done = attendance(trust)
    assert done.exit_code == 0
    assert done.output == (
        "policy_source/attendance/policy.md written\n"
        "schemas/attendance.schema.json written\n"
        "\n"
        "Next: write the policy in policy_source/attendance/policy.md.\n"
        "      `clausebook assign-ids` gives an ID to every clause that you add.\n"
        "      A school adopts it with a file schools/SCHOOL/attendance.yml, in which\n"
        "      `overrides: []` is enough.\n"
    )
    adopted = trust / "schools" / "first" / "attendance.yml"
    adopted.write_text("overrides: []\n", encoding="utf-8")
    assert check(trust) == ""
    assert run("schema", "--check", "--root", trust).exit_code == 0
    built = run("build", "--strict", "--school", "first", "--root", trust)
    assert built.exit_code == 0, built.output
    page = (trust / "site" / "first" / "policies" / "attendance.html").read_text(encoding="utf-8")
    assert "Attendance: every day counts" in page
    assert "{{" not in page


def test_new_policy_has_the_clauses_that_were_reserved(trust: Path) -> None:
    attendance(trust)
    text = (trust / "policy_source/attendance/policy.md").read_text(encoding="utf-8")
    ids = tuple(re.findall(r"\{#(\S+)\}", text))
    assert ids == scaffold.NewPolicy("attendance", "", "AT", "", "").clause_ids
    said = run("assign-ids", "--root", trust)
    assert said.output == "Every clause has an ID.\n"


@pytest.mark.parametrize(
    ("policy", "code", "exit_code", "message"),
    [
        ("Attendance", "AT", 2, "'attendance' would do"),
        ("school", "AT", 2, "'school' is a name that Clausebook uses itself"),
        ("social-media", "AT", 3, "there is a policy 'social-media' already"),
        ("attendance", "sm", 2, "SM is the code of another policy: Social media policy"),
        ("attendance", "a-t", 2, "'a-t' cannot be a code"),
        ("attendance", "ABCDEFGHI", 2, "cannot be a code"),
        ("attendance", "OWN", 2, "there is a clause 'own-3' already; choose another code"),
    ],
)
def test_mistakes_with_a_new_policy(
    trust: Path, policy: str, code: str, exit_code: int, message: str
) -> None:
    path = trust / "schools" / "second" / "social-media.yml"
    text = path.read_text(encoding="utf-8").replace("sm-second-1", "own-3")
    path.write_text(text, encoding="utf-8")
    before = tree(trust)
    done = attendance(trust, policy=policy, code=code)
    assert done.exit_code == exit_code
    assert message in done.output
    assert tree(trust) == before


# -- words ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Oak Lane School", "Oak Lane School"),
        ("St Mary’s: a school", '"St Mary’s: a school"'),
        ("School #1", '"School #1"'),
        ("# 1", '"# 1"'),
        ('"Oak"', '"\\"Oak\\""'),
        ("Yes", '"Yes"'),
        ("null", '"null"'),
        ("24", "24"),
        ("1.50", '"1.50"'),
        ("007", '"007"'),
        ("2026-09-04", '"2026-09-04"'),
        ("[Oak]", '"[Oak]"'),
        ("{{ pupils }}", '"{{ pupils }}"'),
        ("*Oak", '"*Oak"'),
    ],
)
def test_text_in_yaml_says_the_same(text: str, written: str) -> None:
    assert scalar(text) == written
    assert str(yaml.safe_load(f"key: {written}")["key"]) == text


@pytest.mark.parametrize("words", [["init"], ["new"], ["new", "school"], ["new", "policy"]])
def test_help_shows_an_example(words: list[str]) -> None:
    done = run(*words, "--help")
    assert done.exit_code == 0
    assert f"  clausebook {' '.join(words)} " in done.output


def every_command(group: click.Group, *words: str) -> Iterator[list[str]]:
    for name, command in group.commands.items():
        yield [*words, name]
        if isinstance(command, click.Group):
            yield from every_command(command, *words, name)


@pytest.mark.parametrize("words", [[], *every_command(main)], ids=" ".join)
def test_help_is_laid_out_for_people(words: list[str]) -> None:
    done = run(*words, "--help")
    assert done.exit_code == 0
    assert "\\" not in done.output.replace("\\\n", "\n"), "marks for the layout are not for readers"
    assert len(done.output.split("\n")[2]) > 20, "the first line says what it does"


def test_commands_are_known() -> None:
    assert main.commands["init"] is cli_new.init
    assert main.commands["new"] is cli_new.new
