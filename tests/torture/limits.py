"""Files that are too large, too deep or too many: refused by the real program, in time and memory.

Each case is a trust with one hostile file in it, and `clausebook check` in a process of its own
that may have no more memory than `MEMORY`.  It must end by itself with an exit code that is one
of its own, name the file or the limit, and show no traceback.
"""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.problem_pages import BASE
from tests.torture.outcome import Outcome

from clausebook.archive import REGISTER as NAME_OF_REGISTER

LONG = 400

MEMORY = 1_500_000_000
"""Bytes of address space that a run may have; a check of the examples has two thirds of that."""

HANG = 120
"""Seconds after which a run counts as hanging; on an idle machine none takes ten."""

POLICY = "policy_source/online/policy.md"
SCHOOL = "schools/hill/school.yml"
OURS = "schools/hill/online.yml"
TRUST = "policy_source/trust.yml"
NOTE = "schools/hill/changes/online/note.yml"
VERSION = "policy_source/online/versions/1.0.md"
REGISTER = f"policy_source/online/versions/{NAME_OF_REGISTER}"
LOGO = "schools/hill/logo.png"

HEAD = (
    "---\ntitle: Online safety policy\ncode: ON\nowner: Director\napprover: Trustees\n"
    "review_every: 12 months\naudiences: [staff]\nstatutory: false\n---\n"
)
NAME = "name: Hill Primary School\n"


@dataclass(frozen=True)
class Attack:
    """A hostile file, how large it can be, and what the program must say of the largest."""

    name: str
    path: str
    data: Callable[[int], str | bytes]
    most: int
    says: str
    """Words of the answer, or "" where nothing of it can be told beforehand."""

    def files(self, size: int) -> dict[str, bytes]:
        """The trust with the file in it."""
        data = self.data(size)
        own = {self.path: data.encode() if isinstance(data, str) else data}
        if self.path == LOGO:
            own[SCHOOL] = (NAME + "look: {logo: logo.png}\n").encode()
        return {**BASE, **own}


def _bomb(depth: int) -> str:
    lines = ["a0: &a0 lol"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, depth)]
    return NAME + "\n".join(lines) + "\n"


def _png(side: int) -> bytes:
    size = side.to_bytes(4, "big")
    return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + size + size + b"\x08\x06\0\0\0" + bytes(99)


def _lines(text: str, number: int, width: int = 9_000) -> str:
    """`text` again and again, in lines as long as can be."""
    each = max(1, width // len(text))
    whole, rest = divmod(number, each)
    return "\n".join([text * each] * whole + [text * rest]) + "\n"


def _table(columns: int) -> str:
    return HEAD + f"Who does what. {{#on-1}}\n\n{'|a' * columns}|\n{'|-' * columns}|\n" * 9


YAML_ATTACKS = (
    Attack("an alias bomb", SCHOOL, _bomb, 30, "an anchor, which these files do not use"),
    Attack("an alias of itself", SCHOOL, lambda _: NAME + "a: &a [*a]\n", 1, "an anchor"),
    Attack(
        "a million keys", SCHOOL, lambda n: "".join(f"k{i}: 1\n" for i in range(n)), 1_000_000,
        "larger than 1 MB",
    ),
    Attack(
        "many keys in few lines", SCHOOL,
        lambda n: NAME + "x: {\n" + _lines("a: , ", n) + "}\n", 150_000, "more than 20000 entries",
    ),
    Attack(
        "brackets in one another", SCHOOL, lambda n: f"a: {'[' * n}{']' * n}\n", 4_990,
        "more than 12 levels deep",
    ),
    Attack(
        "brackets in one another, over lines", SCHOOL,
        lambda n: NAME + "a:\n  " + _lines("[", n).replace("\n", "\n  ") + "\n", 500_000,
        "more than 12 levels deep",
    ),
    Attack(
        "braces in one another", SCHOOL, lambda n: f"a: {'{a: ' * n}{'}' * n}\n", 1_990,
        "more than 12 levels deep",
    ),
    Attack("lists in one another", SCHOOL, lambda n: f"a:\n  {'- ' * n}x\n", 4_990, "12 levels"),
    Attack("keys of keys", SCHOOL, lambda n: f"{'? ' * n}x\n", 4_990, "12 levels deep"),
    Attack("100 MB in one line", SCHOOL, lambda n: "a" * n, 100_000_000, "larger than 1 MB"),
    Attack("a file of 100 MB", SCHOOL, lambda n: "a: b\n" * (n // 5), 100_000_000, "1 MB"),
    Attack(
        "a million overrides", OURS,
        lambda n: "overrides:\n" + "  - {omit: on-6, reason: No}\n" * n, 1_000_000, "1 MB",
    ),
    Attack(
        "overrides up to the limit", OURS,
        lambda n: "overrides:\n" + "  - {omit: on-6, reason: No}\n" * n, 19_000, "20000 entries",
    ),
    Attack("an enormous number", OURS, lambda n: f"values: {{reply_time: {'9' * n}}}\n", 9_000, ""),
    Attack("a number in words of 10", OURS, lambda n: f"values: {{reply_time: 1e{n}}}\n", 999, ""),
    Attack("a year far away", OURS, lambda n: f"review: {{next: {n}-01-01}}\n", 99_999, "date"),
    Attack(
        "a year of thousands of digits", OURS,
        lambda n: f"review: {{next: {'9' * n}-01-01}}\n", 9_000, "date",
    ),
    Attack(
        "an endless review interval", POLICY,
        lambda n: HEAD.replace("12 months", f"{'9' * n} months") + "Be kind. {#on-1}\n", 9_000, "",
    ),
    Attack(
        "days at the end of time", OURS,
        lambda _: "review: {last: 9999-12-31, next: 9999-12-31}\n", 1, "",
    ),
    Attack(
        "days at the beginning of time", OURS,
        lambda _: "review: {last: 0001-01-01, next: 0001-01-01}\n", 1, "",
    ),
    Attack(
        "a contact checked at the end of time", SCHOOL,
        lambda _: NAME + "contacts: {dsl: {name: Jo, email: a@b.org, checked: 9999-12-31}}\n",
        1, "",
    ),
    Attack(
        "a clause that expires at the end of time", OURS,
        lambda _: "overrides:\n  - {omit: on-6, reason: No, until: 9999-12-31}\n", 1, "",
    ),
    Attack(
        "quotes that do not end", SCHOOL, lambda n: NAME + _lines('a: "', n), 200_000,
        "quotation mark",
    ),
    Attack("tags", SCHOOL, lambda n: NAME + f"a: {'!' * n} b\n", 9_000, ""),
    Attack("spaces", SCHOOL, lambda n: NAME + _lines(" ", n), 990_000, ""),
    Attack("an endless register", REGISTER, lambda n: "1.0 sha256:0\n" * n, 70_000, "20000 is the"),
    Attack("a version of 100 MB", VERSION, lambda n: "a\n" * (n // 2), 100_000_000, "1 MB"),
    Attack("a version of many lines", VERSION, lambda n: "> - a\n" * n, 19_900, ""),
    Attack("a note of 100 MB", NOTE, lambda n: "a: b\n" * (n // 5), 100_000_000, "1 MB"),
    Attack("a trust with a million words", TRUST, lambda n: "a: b\n" * n, 1_000_000, "1 MB"),
    Attack(
        "a bomb of pixels", LOGO, _png, 2**31 - 1, "2147483647 by 2147483647 pixels",
    ),
    Attack("a logo of 100 MB", LOGO, bytes, 100_000_000, "more than 200 KB"),
)  # fmt: skip


def _marks(name: str, mark: str, says: str = "", most: int = 990_000) -> tuple[Attack, ...]:
    """A policy of one mark, again and again: in one line, in long lines, in lines of their own."""
    size = most // len(mark)
    short = 19_000 * (45 // len(mark) or 1)
    return (
        Attack(name, POLICY, lambda n: HEAD + mark * n + "\n", 9_990 // len(mark), says),
        Attack(f"{name}, long lines", POLICY, lambda n: HEAD + _lines(mark, n), size, says),
        Attack(
            f"{name}, short lines", POLICY, lambda n: HEAD + _lines(mark, n, 45),
            min(size, short), "",
        ),
    )  # fmt: skip


MARKDOWN_ATTACKS = (
    *_marks("quotations in one another", "> ", "more than 12 marks"),
    *_marks("quotations without spaces", ">", "more than 12 marks"),
    *_marks("lists in lists", "- ", "more than 12 marks"),
    *_marks("numbered lists in one another", "1. ", "more than 12 marks"),
    *_marks("lists of quotations", "- > ", "more than 12 marks"),
    *(
        attack
        for mark in (
            *("[", "]", "[[", "](", "[a](", "![", "*", "**", "_", "*a **a ", "`", "``a`", "\\"),
            *("<", "<a ", "<!--", "</", "<?", "&", "&#1;", "{{", "}}", "{{ a }} ", "{#", "{#a} "),
            *("|", "|-", "| --- ", "=", "~", "```", "\t", "#", "# ", ":", "http://", "\u3000"),
        )
        for attack in _marks(f"only {mark!r}", mark)
    ),
    Attack("a wide table", POLICY, _table, 4_900, "more than 5000 cells"),
    Attack(
        "a long table", POLICY,
        lambda n: HEAD + "Who. {#on-1}\n\n|a|b|\n|-|-|\n" + "|a|b|\n" * n, 19_000, "5000 cells",
    ),
    Attack(
        "a million clauses", POLICY,
        lambda n: HEAD + "".join(f"Be kind. {{#on-{i}}}\n\n" for i in range(n)), 1_000_000,
        "larger than 1 MB",
    ),
    Attack(
        "clauses up to the limit", POLICY,
        lambda n: HEAD + "".join(f"- Be kind. {{#on-{i}}}\n" for i in range(n)), 19_900, "",
    ),
    Attack("clauses without IDs", POLICY, lambda n: HEAD + "- Be kind.\n" * n, 19_900, "has no ID"),
)  # fmt: skip

ATTACKS: tuple[Attack, ...] = (*YAML_ATTACKS, *MARKDOWN_ATTACKS)


@dataclass(frozen=True)
class Ran:
    """How a run ended."""

    code: int
    output: str
    seconds: float
    memory: int
    """Bytes of memory that it had at most."""


def run_check(root: Path, command: Sequence[str] = ("check",)) -> Ran:
    """Run the program on a trust's folder, with as much memory as it may have and no more."""
    begun = time.monotonic()
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    process = subprocess.run(
        [sys.executable, "-m", "clausebook", *command, "--root", str(root)],
        capture_output=True, timeout=HANG, check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY)),
    )  # fmt: skip
    most = max(before, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
    output = (process.stdout + process.stderr).decode("utf-8", "replace")
    return Ran(process.returncode, output, time.monotonic() - begun, most * 1024)


def attempt(attack: Attack, size: int, root: Path) -> str:
    """Try one case in an empty folder; gives what went wrong, or ""."""
    for name, data in attack.files(size).items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    try:
        ran = run_check(root)
    except subprocess.TimeoutExpired:
        return f"hangs for {HANG} s"
    if "Traceback" in ran.output or ran.code not in (0, 1, 3):
        return f"exit code {ran.code}: {ran.output[-300:]}"
    if size == attack.most and attack.says not in ran.output:
        return f"does not say '{attack.says}': {ran.output[-300:]}"
    return ""


def run(number: int, seed: int) -> Outcome:
    """Every attack at its largest, and then again and again at random sizes."""
    chance = random.Random(seed)  # noqa: S311 - to be had again
    order = chance.sample(ATTACKS, len(ATTACKS))
    cases = [(attack, attack.most) for attack in order]
    while len(cases) < number:
        attack = chance.choice(ATTACKS)
        cases.append((attack, int(attack.most ** chance.random()) or 1))
    remarks: list[str] = []
    for attack, size in cases[:number]:
        with TemporaryDirectory(prefix="clausebook-limits-") as folder:
            wrong = attempt(attack, size, Path(folder))
        if wrong:
            remarks.append(f"{attack.name}, {size}: {wrong}")
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    said = (*remarks[:20], f"the largest run had {most} MB of memory")
    return Outcome("size and depth", number, uncaught=len(remarks), remarks=said)
