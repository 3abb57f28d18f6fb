"""The edits after which a trust is built again; each is small, and seeded."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random

from benchmarks.running import FailedError, run

WORDS = ("at once", "in plain words", "by the end of the week", "with a colleague", "once a term")
DAY = "2026-11-20"
TRIES = 5

Edit = Callable[[Path, Random], None]


def contact_changed(root: Path, chance: Random) -> None:
    """One school has a new social media lead."""
    path = chance.choice(sorted(root.glob("schools/*/school.yml")))
    name = f"Robin {chance.choice(WORDS).split()[-1].title()}-Ashdown{chance.randrange(1000)}"
    _edit(path, r"(?m)(?<=^  deputy_dsl:\n    name: ).*", lambda _: name)


def override_changed(root: Path, chance: Random) -> None:
    """One school's own wording of a clause says something more."""
    _edit(
        chance.choice([path for path in _adoptions(root) if "    with: |" in path.read_text()]),
        r"(?<=    with: \|\n)(.*)",
        lambda found: f"{found[1]} It is looked at again {chance.choice(WORDS)}.",
    )


def master_changed(root: Path, chance: Random) -> None:
    """One clause of a master says something more: no version has it yet."""
    path = chance.choice(sorted(root.glob("policy_source/*/policy.md")))
    text = path.read_text("utf-8")
    clauses = list(re.finditer(r"(?m)^[A-Z].*[a-z](?=\. \{#)", text))
    at = chance.choice(clauses).end()
    path.write_text(f"{text[:at]}, {chance.choice(WORDS)}{text[at:]}", "utf-8")


def ratified(root: Path, chance: Random, clausebook: Path) -> None:
    """One school reviewed a policy, left it as it was, and has a new version."""
    registers = [
        register
        for register in sorted(root.glob("schools/*/versions/*/register.txt"))
        if not (root / "policy_source" / register.parts[-2] / "changes").is_dir()
    ]
    for register in chance.sample(registers, TRIES):
        label = register.read_text("utf-8").split()[-2]
        major, _, minor = label.partition(".")
        request = [
            *("ratify", register.parts[-4], register.parts[-2], "--root", str(root)),
            "--no-changes",
            *("--version", f"{major}.{int(minor or 0) + 1}", "--on", DAY),
            *("--by", "Full governing body", "--minute", "item 9"),
        ]
        with suppress(FailedError):  # an edit before this one changed that policy
            run([clausebook, *request], root)
            return
    raise FailedError("no policy is as it was ratified")


def _adoptions(root: Path) -> list[Path]:
    aside = {"school.yml", "group.yml"}
    return [path for path in sorted(root.glob("schools/*/*.yml")) if path.name not in aside]


def _edit(path: Path, pattern: str, new: Callable[[re.Match[str]], str]) -> None:
    text = path.read_text("utf-8")
    changed = re.sub(pattern, new, text, count=1)
    if changed == text:
        raise ValueError(f"{path.name} was not edited")
    path.write_text(changed, "utf-8")
