"""Policies published by schools, as plain text, in Clausebook's form: headings, paragraphs, items.

The texts are not the project's: they are read where they lie, and nothing of them is kept.
"""

from __future__ import annotations

import re
from pathlib import Path

from clausebook.snapshot import Snapshot

SOURCES = Path(__file__).parent.parent.parent / "shared" / "sources"

CONTROL = """\
---
title: {title}
code: {code}
owner: Head of governance
approver: Board of Trustees
review_every: 12 months
audiences: [staff]
statutory: false
---

## {title} {{#{prefix}-1}}
"""

_ITEM = re.compile(r"\s*(?:[-☞•]|[0-9]{1,2}\.|[a-z]\.|[ivx]+\.)\s+")


def published_trust() -> Snapshot:
    """A trust whose policies are those texts, with one school that has adopted them all."""
    files = {
        "policy_source/trust.yml": (
            "name: A trust\naudiences: {staff: staff}\nterms: {pupil: {singular: pupil}}\n"
        ),
        "schools/one/school.yml": "name: School One\n",
        "schools/two/school.yml": "name: School Two\nterms: {pupil: {singular: student}}\n",
    }
    for number, path in enumerate(sorted(SOURCES.glob("*.txt"))):
        name = f"policy-{'abc'[number]}"
        files[f"policy_source/{name}/policy.md"] = as_policy(path.read_text("utf-8"), "abc"[number])
        files[f"schools/one/{name}.yml"] = "overrides: []\n"
        files[f"schools/two/{name}.yml"] = "overrides: []\n"
    return Snapshot({name: text.encode() for name, text in files.items()})


def as_policy(text: str, prefix: str) -> str:
    """A published policy as a master policy: each line of it is a clause."""
    lines = [CONTROL.format(title="Social media policy", code=prefix.upper(), prefix=prefix)]
    number = 1
    for line in text.splitlines():
        words = re.sub(r"[\x00-\x1f\ufffd]", " ", line).strip()
        item = _ITEM.match(words)
        words = _escaped(words[item.end() :] if item else words)
        if not re.search(r"\w", words):
            continue
        number += 1
        mark = f" {{#{prefix}-{number}}}"
        if item:
            lines.append(f"- {words}{mark}")
        elif len(words) < 60 and not re.search(r"[.:;,]$", words):
            lines.append(f"\n### {words}{mark}\n")
        else:
            lines.append(f"\n{words}{mark}\n")
    return "\n".join(lines) + "\n"


def _escaped(words: str) -> str:
    """Without what Markdown or Clausebook would take for a sign; emphasis stays."""
    return re.sub(r"([\[\]<>{}|\\`#])", r"\\\1", words)
