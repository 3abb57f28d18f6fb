"""YAML as Clausebook itself writes it, of what goes on record: written, and read back.

It is a small part of YAML, so reading it back by the writer's own rules is many times faster
than by those of all YAML.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import Any

import yaml

from clausebook.remembering import MANY
from clausebook.yamldoc import MAX_DEPTH, Data


class _Dumper(yaml.SafeDumper):
    """Writes a value the same way everywhere: no aliases, no line folding, lines as lines."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ANN401 - PyYAML's own signature
        """Write a value out every time."""
        del data
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def write_yaml(data: dict[str, Any]) -> str:
    """Data as YAML that says every value in full, each on a line of its own.

    It is PyYAML's own block style, character for character.  PyYAML is slow, so only
    single values are left to it, and each is remembered.
    """
    try:
        return "".join(f"{line}\n" for line in _yaml_lines(data, ""))
    except _OddTextError:
        return _by_pyyaml(data)


def _by_pyyaml(data: object) -> str:
    return str(
        yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1_000_000)
    )


def _yaml_lines(data: Any, indent: str) -> list[str]:  # noqa: ANN401 - any YAML
    """A mapping or a list, which is not empty."""
    lines: list[str] = []
    deeper = indent + "  "
    if isinstance(data, dict):
        for key, value in data.items():
            if value and isinstance(value, dict):
                lines.append(f"{indent}{_key(key)}:")
                lines += _yaml_lines(value, deeper)
            elif value and isinstance(value, list):
                lines.append(f"{indent}{_key(key)}:")
                lines += _yaml_lines(value, indent)
            else:
                lines.append(f"{indent}{_key(key)}: {_indented(value, indent)}")
        return lines
    for item in data:
        if item and isinstance(item, dict | list):
            first, *others = _yaml_lines(item, deeper)
            lines += [f"{indent}- {first[len(deeper) :]}", *others]
        else:
            lines.append(f"{indent}- {_indented(item, indent)}")
    return lines


class _OddTextError(Exception):
    """A key that YAML does not write on the line of its value, or a line break of another kind."""


_LONG_KEY = 100
"""PyYAML takes keys for long from about 120 characters on."""


def _key(key: str) -> str:
    if not 0 < len(key) < _LONG_KEY or not key.isprintable():
        raise _OddTextError
    return _scalar(key)


def _indented(value: Any, indent: str) -> str:  # noqa: ANN401 - any YAML
    """A value that is written after its key or dash, with further lines under it."""
    text = _scalar(value) if value or not isinstance(value, dict | list) else _empty(value)
    return text.replace("\n  ", f"\n  {indent}") if indent and "\n" in text else text


def _empty(value: dict[str, Any] | list[Any]) -> str:
    return "{}" if isinstance(value, dict) else "[]"


_PLAIN = re.compile(
    r"(?!(?:yes|no|on|off|true|false|null)\Z)"
    r"[a-z](?:[\w !\"$%&'()*+,./;<=>?@|~‘’“”–—-]|:(?=\w))*(?<! )"
    r"|(?=[0-9be]*[acdf])[0-9a-f]+",  # a salt, which cannot be taken for a number
    re.IGNORECASE,
)
"""Texts that mean themselves in YAML, whatever else does."""

_ODD_BREAK = re.compile("[\r\x85\u2028\u2029]")


@lru_cache(maxsize=MANY, typed=True)
def _scalar(value: str | date | float | None) -> str:
    """One value as PyYAML writes it into a mapping, followed by another."""
    if isinstance(value, str):
        if _PLAIN.fullmatch(value):
            return value
        if _ODD_BREAK.search(value):
            raise _OddTextError
    return _by_pyyaml({"k": value, "z": 0})[len("k: ") : -len("\nz: 0\n")]


# -- reading it back -----------------------------------------------------------------


def read_written(text: str) -> dict[str, Data] | None:
    """What `write_yaml` wrote, every value as text; None if it cannot have written this.

    How a value is written is taken for granted.  Whoever must know that nobody has edited the
    text writes what came of it again, and compares.
    """
    try:
        return _Lines(text).whole()
    except _OddTextError:
        return None


_LINE = re.compile(r"^( *)(- )?(?:('\w+'|[A-Za-z][\w.]*):(?: |$))?(.*)$", re.MULTILINE)
"""Indent, dash, key and value."""

_BLOCKS = ("|", "|-")
"""What stands in place of a text of several lines: with, and without, a line break at its end."""

_DEEPEST = "  " * MAX_DEPTH


class _Lines:
    """Lines of YAML, being read."""

    def __init__(self, text: str) -> None:
        self.lines = text.removesuffix("\n").split("\n")
        self.found: list[tuple[str, str, str, str]] = _LINE.findall(text.removesuffix("\n"))
        self.at = 0

    def whole(self) -> dict[str, Data]:
        data = self._mapping("")
        if self.at < len(self.found):
            raise _OddTextError
        return data

    def _here(self) -> tuple[str, str, str, str]:
        return self.found[self.at] if self.at < len(self.found) else ("", "", "", "")

    def _mapping(self, indent: str) -> dict[str, Data]:
        if len(indent) > len(_DEEPEST):
            raise _OddTextError
        data: dict[str, Data] = {}
        while True:
            spaces, dash, key, value = self._here()
            if spaces != indent or dash or not key:
                return data
            self.at += 1
            data[key.strip("'")] = self._text(value, indent) if value else self._inner(indent)

    def _inner(self, indent: str) -> Data:
        """What stands under a key."""
        if self._here()[1]:
            return self._list(indent)
        return self._mapping(indent + "  ")

    def _list(self, indent: str) -> Data:
        items: list[Data] = []
        while True:
            spaces, dash, key, value = self._here()
            if spaces != indent or not dash:
                return items
            if key:
                deeper = indent + "  "
                self.found[self.at] = (deeper, "", key, value)
                items.append(self._mapping(deeper))
            else:
                self.at += 1
                items.append(self._text(value, indent))

    def _text(self, value: str, indent: str) -> Data:
        if value[:1] == "'" == value[-1:] and len(value) > 1:
            return value[1:-1].replace("''", "'")
        if value in _BLOCKS:
            return self._block(indent + "  ") + "\n" * (value == "|")
        if value in ("{}", "[]"):
            return {} if value == "{}" else []
        if value[:1] in _SIGNS or value.startswith("- "):  # the second is a list in a list
            raise _OddTextError
        return value

    def _block(self, indent: str) -> str:
        begin = self.at
        while self.at < len(self.lines) and self.lines[self.at].startswith(indent):
            self.at += 1
            while self.at < len(self.lines) and not self.lines[self.at]:
                self.at += 1
        return "\n".join(line[len(indent) :] for line in self.lines[begin : self.at])


_SIGNS = frozenset("\"'|>{[&*!%@`")
"""What begins a value that does not mean itself."""
