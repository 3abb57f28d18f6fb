"""tools/sbom.py FOLDER FILE: what a release of the source in FOLDER is made of, as CycloneDX JSON.

Run by the Python of .venv-release.  `cyclonedx-py` reads what constraints/runtime.txt pins; of that
stays what the program needs to run (the file also pins what installs it), with what needs what, as
`make lock` has noted it.  The result names packages by their package URLs and files by their
digests, no place to fetch them from, no time and no chance; it is checked against the schema of
CycloneDX 1.6 before it is written.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

PROGRAM = "clausebook (pyproject.toml)"
"""How comments of `uv pip compile` name whoever asked for what is needed to run."""


def needs(pinned: str) -> dict[str, set[str]]:
    """What everything needs itself, from the comments `# via` that `uv pip compile` writes."""
    found: dict[str, set[str]] = defaultdict(set)
    package = ""
    for line in pinned.splitlines():
        if begun := re.match(r"([a-z0-9-]+)==", line):
            package = begun[1]
        elif via := re.match(r"    #(?: via|  ) +(?!-c )(\S.*)", line):
            found[via[1]].add(package)
    return found


def running(needed: dict[str, set[str]]) -> set[str]:
    """All that is needed to run the program."""
    found: set[str] = set()
    pending = {PROGRAM}
    while pending:
        one = pending.pop()
        pending |= needed.get(one, set()) - found
        found |= needed.get(one, set())
    return found


def read(folder: Path) -> dict[str, Any]:
    """What `cyclonedx-py` says of what is pinned."""
    program = Path(sys.executable).with_name("cyclonedx-py")
    command = [program, "requirements", "--output-reproducible", "--output-format", "JSON"]
    command += ["--spec-version", "1.6", "--pyproject", "pyproject.toml", "constraints/runtime.txt"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        sys.exit(done.stderr)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def described(component: dict[str, Any]) -> dict[str, Any]:
    """A package by its package URL, with the digests of its files, each of which is the package."""
    files = [
        {"type": "distribution", "url": component["purl"], "hashes": each["hashes"]}
        for each in component["externalReferences"]
        if each["type"] == "distribution"
    ]
    named = {key: component[key] for key in ("type", "name", "version", "purl")}
    return {**named, "bom-ref": component["purl"], "externalReferences": files}


def bill(folder: Path) -> dict[str, Any]:
    """The whole of it."""
    found = read(folder)
    needed = needs((folder / "constraints/runtime.txt").read_text("utf-8"))
    wanted = running(needed)
    components = sorted(
        (described(each) for each in found["components"] if each["name"] in wanted),
        key=lambda each: str(each["name"]),
    )
    places = {each["name"]: each["purl"] for each in components}
    if set(places) != wanted:
        sys.exit(f"not pinned, or not described: {', '.join(sorted(wanted ^ set(places)))}")
    program = found["metadata"]["component"]
    graph = {program["bom-ref"]: needed[PROGRAM]}
    graph |= {place: needed.get(name, set()) for name, place in places.items()}
    for tool in found["metadata"]["tools"]["components"]:
        del tool["externalReferences"]
    found["components"] = components
    found["dependencies"] = [
        {"ref": one, "dependsOn": sorted(places[name] for name in others)}
        for one, others in graph.items()
    ]
    return found


def main() -> None:
    """Write the file, if it is as its schema says."""
    folder, output = map(Path, sys.argv[1:])
    text = json.dumps(bill(folder), indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    wrong = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if wrong is not None:
        sys.exit(f"the SBOM is not as its schema says: {wrong}")
    output.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
