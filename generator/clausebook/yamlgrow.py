"""Items put at the end of a list in a YAML file; every other byte stays as it was."""

from __future__ import annotations

from collections.abc import Sequence

import yaml

from clausebook.problems import Problems
from clausebook.source import Source
from clausebook.yamldoc import read_yaml
from clausebook.yamledit import EditError


def append_items(text: str, key: str, items: Sequence[Sequence[str]]) -> str:
    """The file with items, each as its lines without a dash, at the end of the list at `key`.

    A list that is not there is begun at the file's end.  Raises `EditError` if the file is
    written in a way in which that cannot be done without touching anything else.
    """
    if not items:
        return text
    lines = text.split("\n")
    at, dash = len(lines), 2
    while at and not lines[at - 1].strip():
        at -= 1
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise EditError("the file cannot be read as YAML") from error
    found = {k.value: (k, v) for k, v in root.value} if isinstance(root, yaml.MappingNode) else {}
    head: list[str] = []
    if key not in found:
        head = ["", f"{key}:"] if at else [f"{key}:"]
    elif isinstance(found[key][1], yaml.SequenceNode) and not found[key][1].flow_style:
        node = found[key][1]
        dash = node.start_mark.column
        at = _end_of(lines, node.start_mark.line, dash)
    else:
        at = _emptied(lines, found[key])
    made = [line for item in items for line in ("", *_item(item, " " * dash))]
    made = made[1:] if head or at == 0 else made
    result = "\n".join([*lines[:at], *head, *made, *(lines[at:] or [""])])
    _verify(text, result, key, len(items))
    return result


def _emptied(lines: list[str], found: tuple[yaml.Node, yaml.Node]) -> int:
    """The line after a key whose list is empty, now without brackets."""
    name, node = found
    line = name.end_mark.line
    if node.end_mark.line != line or lines[line][name.end_mark.column :].strip() not in (
        ":",
        ": []",
    ):
        raise EditError("this list cannot be added to without touching anything else")
    lines[line] = lines[line][: name.end_mark.column] + ":"
    return line + 1


def _end_of(lines: Sequence[str], first: int, dash: int) -> int:
    """The line after the last that belongs to a list whose items begin in a column."""
    last = first
    for at in range(first, len(lines)):
        line = lines[at]
        indent = len(line) - len(line.lstrip(" "))
        begins = line[dash : dash + 1] if indent == dash else ""
        if line.strip() and indent <= dash and begins not in {"-", "#"}:
            break
        if line.strip() and (indent > dash or begins == "-"):
            last = at
    return last + 1


def _item(lines: Sequence[str], indent: str) -> list[str]:
    first, *others = lines
    return [f"{indent}- {first}", *(f"{indent}  {line}" if line else "" for line in others)]


def _verify(before: str, after: str, key: str, number: int) -> None:
    """Stop unless the file says what it said, and the new items at the end of the list."""
    old, new = (_said(text) for text in (before, after))
    items = new.get(key)
    kept = old.get(key) or []
    if not isinstance(items, list) or items[: len(items) - number] != kept:
        raise EditError("the file is written in a way in which this cannot be added alone")
    if {k: v for k, v in old.items() if k != key} != {k: v for k, v in new.items() if k != key}:
        raise EditError("the file is written in a way in which this cannot be added alone")


def _said(text: str) -> dict[str, object]:
    if not text.strip():
        return {}
    problems = Problems()
    document = read_yaml(Source("", text), problems)
    if document is None or problems.found:
        raise EditError("the file cannot be read as YAML")
    return dict(document.data)
