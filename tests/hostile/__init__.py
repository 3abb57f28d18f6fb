"""Strings that have run a script somewhere, and a trust that says each in all of its texts."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
FILES = ("naughty.txt", "payloads.txt", "markdown.txt")


def strings() -> list[str]:
    """Every string of the collections, in their order, each once."""
    lines = [line for name in FILES for line in (FOLDER / name).read_text("utf-8").split("\n")]
    return list(dict.fromkeys(line for line in lines if line))


def as_wording(text: str) -> str:
    """A string as Markdown that shows it: every sign that could mean something is escaped."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text)


def as_code(text: str) -> str:
    """The same as code."""
    fence = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    return f"{fence} {text} {fence}"


def files_of_trust(texts: list[str], *, second: bool = False) -> dict[str, str]:
    """The files of a trust with a policy, a group and a school for each text, said everywhere.

    `second` is how it reads after a year: some wording has changed, and notes say why.
    """
    files = {"mkdocs.yml": (FOLDER.parent.parent / "mkdocs.yml").read_text("utf-8")}
    trust: dict[str, Any] = {
        "name": texts[0],
        "short_name": texts[-1],
        "audiences": {"all": "everyone"} | {f"a{n}": text for n, text in enumerate(texts)},
        "terms": {f"term{n}": {"singular": text, "plural": text} for n, text in enumerate(texts)},
        "contacts": {
            f"role{n}": {"label": f"{text} {n}", "about": text} for n, text in enumerate(texts)
        },
        "values": {
            **{f"text{n}": {"label": text, "default": text} for n, text in enumerate(texts)},
            **{
                f"choice{n}": {
                    "label": text,
                    "type": "choice",
                    "choices": [text, "another"],
                    "says": {text: text},
                    "default": text,
                }
                for n, text in enumerate(texts)
            },
            **{
                f"limit{n}": {"label": text, "type": "number", "unit": text, "default": 4}
                for n, text in enumerate(texts)
            },
        },
        "synonyms": {f"word{n}": [f"w{n} {text}"] for n, text in enumerate(texts)},
        "checks": {"unchecked-contact": "off", "review-missing": "off"},
    }
    files["policy_source/trust.yml"] = _yaml(trust)
    for number, text in enumerate(texts):
        files |= _policy(number, text, second=second)
        files |= _group(number, text)
        files |= _school(number, text, second=second)
    return files


def _policy(number: int, text: str, *, second: bool) -> dict[str, str]:
    control = {
        "title": f"{text} {number}",
        "code": f"P{number}",
        "summary": text,
        "owner": text,
        "approver": text,
        "review_every": "12 months",
        "audiences": ["all", f"a{number}"],
        "related": [text],
        "statutory": "false",
    }
    shown, code, n = as_wording(text), as_code(text), number
    later = "still " if second else ""
    return {
        f"policy_source/p{n}/policy.md": f"""\
---
{_yaml(control)}---

## Heading {shown} {{#p{n}-1}}

Words {later}{shown} and {{{{ term{n} }}}}, {{{{ text{n} }}}},
{{{{ choice{n} }}}}, {{{{ limit{n} }}}}. {{#p{n}-2}}

Code {code} and **the words {shown} here** at
{{{{ school.name }}}} {{{{ group.name }}}} {{{{ trust.name }}}}. {{#p{n}-3}}

| A {shown} | B |
| --- | --- |
| {shown.replace("|", "/")} | {code.replace("|", "/")} |

> Quoted {shown}

Everybody must: {{#p{n}-9}}

- Item {shown} {{#p{n}-4}}
- Item {{{{ contact.role{n} }}}} {{{{ contact.role{n}.role }}}} {{#p{n}-5 .optional}}

People and channels: {{#p{n}-6}}

{{{{ contact.role{n}.card }}}}

{{{{ channels.table }}}}

{{{{ channels.list }}}}

{{{{ channels.settings }}}}

Left out {shown} {{#p{n}-7 .optional}}

Said elsewhere {shown} {{#p{n}-8}}
"""
    }


def _fillings(number: int, text: str) -> dict[str, Any]:
    person = {
        "name": f"{text} {number} Smith",
        "role": text,
        "phone": "01632 960123",
        "email": "a@hill.example.org",
    }
    return {
        "terms": {f"term{number}": {"singular": text, "plural": text}},
        "contacts": {f"role{number}": person},
        "local_contacts": {f"own{number}": {**person, "label": text, "about": text}},
        "channels": [
            {
                "name": text,
                "address": "https://www.example.org/hill",
                "purpose": text,
                "run_by": text,
                "settings": [text, text],
            }
        ],
        "values": {f"text{number}": text},
    }


_ABOUT = ("vision", "mission", "motto")


def _group(number: int, text: str) -> dict[str, str]:
    about = {"name": text, "short_name": text, "identity": dict.fromkeys(_ABOUT, text)}
    override = {"omit": f"p{number}-5", "reason": text, "approver": text}
    return {
        f"schools/g{number}/group.yml": _yaml({**about, **_fillings(number, text)}),
        f"schools/g{number}/p{number}.yml": _yaml({"overrides": [override]}),
    }


def _school(number: int, text: str, *, second: bool) -> dict[str, str]:
    shown, code = as_wording(text), as_code(text)
    said = {"reason": text, "author": text, "approver": text, "since": "2026-01-02"}
    later = "still " if second else ""
    overrides = [
        {"replace": f"p{number}-8", "with": f"Ours {later}{shown} and {code}", **said},
        {"omit": f"p{number}-7", **said},
        {
            "add": f"### Added {shown} {{#s{number}-1}}\n\nWords {shown} {code} {{#s{number}-2}}",
            "within": f"p{number}-1",
            **said,
        },
    ]
    about = {
        "name": f"{text} {number}",
        "short_name": f"{number} {text}",
        "phase": text,
        "group": f"g{number}",
        "address": text,
        "identity": {**dict.fromkeys(_ABOUT, text), "values": [text, text]},
    }
    return {
        f"schools/s{number}/school.yml": _yaml({**about, **_fillings(number, text)}),
        f"schools/s{number}/p{number}.yml": _yaml({"overrides": overrides}),
    }


def _yaml(data: Any, indent: str = "") -> str:  # noqa: ANN401 - any data
    """Data as YAML, every text in double quotes."""
    lines = ""
    for key, value in data.items():
        if isinstance(value, dict):
            lines += f"{indent}{_quoted(key)}:\n{_yaml(value, indent + '  ')}"
        else:
            lines += f"{indent}{_quoted(key)}: {_flow(value)}\n"
    return lines


def _flow(value: Any) -> str:  # noqa: ANN401
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_quoted(k)}: {_flow(v)}" for k, v in value.items()) + "}"
    return _quoted(str(value))


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
