"""The repository's own trust with as many schools as one likes: copies of its own, by other IDs."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent


def many_schools(number: int) -> dict[str, bytes]:
    """The files of the trust's masters, its groups, and `number` schools with their own clauses."""
    contents = {name: (ROOT / name).read_bytes() for name in _sources("policy_source")}
    schools = [path.parent for path in sorted(ROOT.glob("schools/*/school.yml"))]
    for folder in (path.parent for path in sorted(ROOT.glob("schools/*/group.yml"))):
        for path in sorted(folder.glob("*.yml")):
            contents[path.relative_to(ROOT).as_posix()] = path.read_bytes()
    for copy in range(number):
        school = schools[copy % len(schools)]
        for path in sorted(school.glob("*.yml")):
            name = f"schools/{school.name}-{copy}/{path.name}"
            contents[name] = _with_ids_of_its_own(path.read_text("utf-8"), copy).encode()
    return contents


def _sources(folder: str) -> list[str]:
    found = [*ROOT.glob(f"{folder}/*.yml"), *ROOT.glob(f"{folder}/*/policy.md")]
    return sorted(path.relative_to(ROOT).as_posix() for path in found)


def _with_ids_of_its_own(text: str, copy: int) -> str:
    """A school's file whose own clauses, and every mention of them, have other IDs; no logo."""
    text = re.sub(r", logo: [\w.]+", "", text)
    for own in re.findall(r"\{#([a-z0-9-]+)", text):
        text = re.sub(rf"\b{own}(?![a-z0-9-])", f"{own}-c{copy}", text)
    return text
