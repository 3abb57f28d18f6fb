"""tools/audit.py [OPTION...]: whether a package that constraints/ pins has a known weakness.

Run by the Python of .venv-release; options go to pip-audit.  Ends with 0 if none has, or if nobody
can be asked from here (then it says so); with 1 if one has; with 2 if it did not work.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

FILES = ("runtime.txt", "constraints.txt")
CONSTRAINTS = Path(__file__).parent.parent / "constraints"

CLEAN, WEAK, BROKEN = 0, 1, 2

NO_NETWORK = re.compile(
    r"\bConnectionError\b|ConnectTimeout|ReadTimeout|ProxyError|NameResolutionError"
    r"|Could not connect to|connection refused",
    re.IGNORECASE,
)
"""How requests and pip-audit say that nobody answered; a wrong certificate is an `SSLError`."""


def main() -> int:
    """Ask about each file once."""
    found: dict[str, dict[str, Any]] = {}
    for name in FILES:
        answer = ask(CONSTRAINTS / name, sys.argv[1:])
        if isinstance(answer, str):
            if NO_NETWORK.search(last_line(answer)) and "SSLError" not in answer:
                print("Not audited: nobody can be asked about known weaknesses from here.")
                return CLEAN
            print(answer.rstrip(), file=sys.stderr)
            print(f"pip-audit did not work for constraints/{name}.", file=sys.stderr)
            return BROKEN
        found |= {each["name"]: each for each in answer}
    return tell(found)


def ask(file: Path, options: list[str]) -> list[dict[str, Any]] | str:
    """What pip-audit says of every package of a file, or what it said in place of an answer."""
    program = Path(sys.executable).with_name("pip-audit")
    command = [program, "--requirement", file, "--require-hashes", "--disable-pip"]
    command += ["--format", "json", "--progress-spinner", "off", *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    try:
        answer: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        return done.stderr or done.stdout or f"it ended with {done.returncode} and no word"
    return answer


def last_line(text: str) -> str:
    """Where a program that fails says why."""
    return text.rstrip().rpartition("\n")[2]


def tell(found: dict[str, dict[str, Any]]) -> int:
    """Say what was found of all packages."""
    weak = [each for each in found.values() if each.get("vulns")]
    unknown = sorted(name for name, each in found.items() if "skip_reason" in each)
    for each in weak:
        for one in each["vulns"]:
            mended = ", ".join(one["fix_versions"]) or "no version yet"
            print(f"{each['name']} {each['version']}: {one['id']}; mended in {mended}")
    if weak:
        print(f"{len(weak)} of {len(found)} pinned packages have known weaknesses.")
        return WEAK
    if unknown and len(unknown) == len(found):
        print("Not audited: whoever answers from here knows none of the pinned packages.")
        return CLEAN
    if unknown:
        print(f"Not known, so not audited: {', '.join(unknown)}", file=sys.stderr)
        return BROKEN
    print(f"{len(found)} pinned packages, no known weakness.")
    return CLEAN


if __name__ == "__main__":
    sys.exit(main())
