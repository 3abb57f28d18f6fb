"""A trust's folder on disk for tests of commands: edited like a person would, run in-process."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner

from clausebook.archive import Archive, read_archive
from clausebook.cli import main
from clausebook.problems import Problems
from clausebook.workspace import WorkingTree

BASE = Path(__file__).parent / "problems" / "_base"
MASTER = "policy_source/online/policy.md"
SCHOOL = "schools/hill/school.yml"
OURS = "schools/hill/online.yml"
MASTERS = "policy_source/online/versions"
VERSIONS = "schools/hill/versions/online"


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    output: str


@dataclass(frozen=True)
class Trust:
    """The small trust of `tests/problems/_base`, or any other."""

    root: Path

    def run(self, *arguments: str, day: str = "2026-11-20") -> Done:
        """Run a command in this folder, on a day."""
        command, *rest = arguments
        dated = ["--today", day] if command in {"ratify", "check", "build"} else []
        result = CliRunner().invoke(main, [command, "--root", str(self.root), *rest, *dated])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Done(result.exit_code, result.output)

    def ok(self, *arguments: str) -> str:
        """Run a command that must go well; gives what it prints."""
        done = self.run(*arguments)
        assert done.code == 0, done.output
        return done.output

    def build(self, day: str) -> None:
        """Build the websites as on a day."""
        done = self.run("build", day=day)
        assert done.code == 0, done.output

    def refused(self, *arguments: str) -> str:
        """Run a command that must fail and change nothing; gives what it prints."""
        before = self.files()
        done = self.run(*arguments)
        assert done.code in {1, 2, 3}, done.output
        assert self.files() == before
        return done.output

    def ratify(self, body: str, version: str, on: str, *more: str) -> str:
        """Ratify the policy at a body."""
        return self.ok(*ratify(body, version, on, *more))

    def not_ratified(self, body: str, version: str, on: str, *more: str) -> str:
        """Try to ratify, in vain; gives what stands in the way."""
        return self.refused(*ratify(body, version, on, *more))

    def note(self, author: str, clauses: str, *more: str, what: str = "It is clearer.") -> str:
        """Write a change note."""
        said = ("--clauses", clauses, "--what", what, "--why", "It was asked for.")
        return self.ok("note", author, "online", *said, "--origin", "review", *more)

    def read(self, path: str) -> str:
        """A file's text."""
        return (self.root / path).read_text("utf-8")

    def write(self, path: str, text: str) -> None:
        """Write a file."""
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text, "utf-8")

    def edit(self, path: str, before: str, after: str) -> None:
        """Change words that stand once in a file."""
        text = self.read(path)
        assert text.count(before) == 1, (path, before)
        self.write(path, text.replace(before, after))

    def files(self, under: str = ".") -> dict[str, bytes]:
        """Every file with its content; what begins with a dot is nobody's business."""
        return {
            path.relative_to(self.root).as_posix(): path.read_bytes()
            for path in sorted((self.root / under).rglob("*"))
            if path.is_file() and not path.name.startswith(".")
        }

    def archive(self, body: str, policy: str = "online") -> Archive:
        """A body's versions, in which nothing may be wrong."""
        problems = Problems()
        archive = read_archive(WorkingTree(self.root), body, policy, problems)
        assert not problems.found, problems.found
        return archive

    def codes(self) -> list[str]:
        """The codes of the problems that `check` finds, in its order."""
        output = self.run("check").output
        return [line.split("[")[1].split("]")[0] for line in output.split("\n") if "[" in line[:9]]


def ratify(body: str, version: str, on: str, *more: str, policy: str = "online") -> list[str]:
    """The words of a command to ratify."""
    agreed = ("--by", "Full governing body", "--minute", "FGB 2026 item 7")
    return ["ratify", body, policy, "--version", version, "--on", on, *agreed, *more]


def small_trust(folder: Path) -> Trust:
    """A copy of the trust in `tests/problems/_base`."""
    trust = Trust(folder)
    for path in BASE.rglob("*"):
        if path.is_file():
            trust.write(path.relative_to(BASE).as_posix(), path.read_text("utf-8"))
    return trust


def ratified_trust(folder: Path) -> Trust:
    """The same, with the master approved and ratified at its school: version 1 of each."""
    trust = small_trust(folder)
    trust.ratify("trust", "1", "2026-05-14")
    trust.ratify("hill", "1", "2026-05-20", "--signed", "Chair of governors: Una Marsh")
    return trust
