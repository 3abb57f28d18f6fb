"""One thing changed in a YAML file by its place; every other byte stays as it was.

The file is read as YAML to find the place, and the result is read again: if anything but the
wanted value has changed in what it says, nothing is given.  Comments, order, quotation marks,
line ends and a byte-order mark are bytes like all others, and stay.
"""

from __future__ import annotations

import json
import re
from codecs import BOM_UTF8
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import yaml

from clausebook.problems import ClausebookError, Problems
from clausebook.source import Source
from clausebook.yamldoc import Path, read_yaml

_LINE_END = re.compile(r"\r\n|\r|\n")


class EditError(ClausebookError):
    """A place in a file that cannot be changed without touching anything else."""


@dataclass(frozen=True)
class _File:
    """A file as text, with its line ends set aside."""

    mark: bytes
    lines: list[str]
    ends: list[str]
    """What stands at the end of each line; nothing after the last."""

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    @property
    def line_end(self) -> str:
        return self.ends[0] or "\n"

    def replaced(self, start: tuple[int, int], end: tuple[int, int], new: str) -> bytes:
        """The file's bytes with what stands from `start` to `end` replaced."""
        first, last = start[0], end[0]
        before = [line + stop for line, stop in zip(self.lines[:first], self.ends, strict=False)]
        after = [
            line + stop
            for line, stop in zip(self.lines[last:], self.ends[last:], strict=True)
        ]  # fmt: skip
        head = self.lines[first][: start[1]] if first < len(self.lines) else ""
        tail = "".join(after)[end[1] :]
        text = "".join(before) + head + new.replace("\n", self.line_end) + tail
        return self.mark + text.encode()


def _open(data: bytes) -> _File:
    mark = BOM_UTF8 if data.startswith(BOM_UTF8) else b""
    text = data[len(mark) :].decode("utf-8")
    ends = [found[0] for found in _LINE_END.finditer(text)]
    return _File(mark, _LINE_END.split(text), [*ends, ""])


def set_text(data: bytes, path: Path, new: str) -> bytes:
    """The file with another text at `path`, in the style in which the old one was written."""
    file = _open(data)
    node, key_column, in_flow = _find(file, path)
    if not isinstance(node, yaml.ScalarNode):
        raise EditError("this is no text")
    if node.style in ("|", ">") or (not in_flow and "\n" in new.rstrip("\n")):
        start, end, written = _as_block(file, node, key_column, new)
    else:
        start, end = _marks(node)
        written = _in_style(new.rstrip("\n"), node.style, in_flow=in_flow)
    changed = file.replaced(start, end, written)
    return _verified(data, changed, lambda expected, said: _put(expected, said, path, new))


def remove_item(data: bytes, path: Path) -> bytes:
    """The file without the list item at `path`, and without the comment that belongs to it."""
    file = _open(data)
    *above, number = path
    assert isinstance(number, int)  # noqa: S101 - items have numbers
    parent, _, in_flow = _find(file, tuple(above))
    if not isinstance(parent, yaml.SequenceNode):
        raise EditError("this is no list")
    if parent.flow_style or in_flow:
        changed = _without_flow_item(file, parent, number)
    else:
        changed = _without_block_item(file, parent, number)
    return _verified(data, changed, lambda expected, _: _drop(expected, path))


# -- places ----------------------------------------------------------------------------


def _find(file: _File, path: Path) -> tuple[yaml.Node, int, bool]:
    """The node at `path`, the column of its key, and whether it stands between brackets."""
    try:
        node = yaml.compose(file.text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise EditError("the file cannot be read as YAML") from error
    column, in_flow = 0, False
    for step in path:
        in_flow = in_flow or bool(getattr(node, "flow_style", False))
        if isinstance(node, yaml.MappingNode):
            found = next(((k, v) for k, v in node.value if k.value == step), None)
            if found is None:
                raise EditError(f"there is no '{step}' here")
            column, node = found[0].start_mark.column, found[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            node = node.value[step]
        else:
            raise EditError("this place does not exist")
    assert node is not None  # noqa: S101 - an empty file has no places
    return node, column, in_flow


def _marks(node: yaml.Node) -> tuple[tuple[int, int], tuple[int, int]]:
    start, end = node.start_mark, node.end_mark
    return (start.line, start.column), (end.line, end.column)


# -- texts -----------------------------------------------------------------------------


def _in_style(text: str, style: str | None, *, in_flow: bool) -> str:
    """A text on one line, quoted as the old one was, or more strictly where it must be."""
    if style == "'" and "\n" not in text:
        return "'" + text.replace("'", "''") + "'"
    if style == '"' or "\n" in text:
        return json.dumps(text, ensure_ascii=False)
    written = f"[{text}]" if in_flow else f"key: {text}"
    try:
        read = yaml.load(written, Loader=yaml.BaseLoader)  # noqa: S506 - text only
    except yaml.YAMLError:
        read = None
    same = read == ([text] if in_flow else {"key": text})
    return text if same else json.dumps(text, ensure_ascii=False)


def _as_block(
    file: _File, node: yaml.ScalarNode, key_column: int, new: str
) -> tuple[tuple[int, int], tuple[int, int], str]:
    """A text as a literal block, indented as the old one was."""
    (first, column), _ = start, end = _marks(node)
    indent = key_column + 2
    head = "|" + file.lines[end[0]][end[1] :]  # a comment after the old text goes up with the sign
    if node.style in ("|", ">"):
        last = first
        for number in range(first + 1, len(file.lines)):
            line = file.lines[number]
            if line.strip() and _indent(line) <= key_column:
                break
            last = number if line.strip() else last
        body = [line for line in file.lines[first + 1 : last + 1] if line.strip()]
        indent = _indent(body[0]) if body else indent
        header = file.lines[first][column:]
        if re.search(r"[0-9]", header.partition("#")[0]):
            raise EditError("this text says in figures how far it is indented")
        head = "|" + header[1:]
        end = _end_of(file, last)
    else:
        end = _end_of(file, end[0])
    lines = [" " * indent + line if line.strip() else "" for line in new.rstrip("\n").split("\n")]
    return start, end, "\n".join([head, *lines])


# -- items -----------------------------------------------------------------------------


def _without_block_item(file: _File, parent: yaml.SequenceNode, number: int) -> bytes:
    dash = parent.start_mark.column
    first = _dash_line(file, parent.value[number], dash)
    start, last = _with_comment(file, first), _last_line(file, first, dash)
    if len(parent.value) == 1:
        return _without_only_item(file, parent, start, last)
    end = last + 1
    if number < len(parent.value) - 1:  # the empty lines after it go with it
        while not file.lines[end].strip():
            end += 1
    else:  # after the last there may be something else; those before it go
        while not file.lines[start - 1].strip():
            start -= 1
    if end == len(file.lines):  # no line end after it: so there is none after what is last now
        return file.replaced((start - 1, len(file.lines[start - 1])), _end_of(file, last), "")
    return file.replaced((start, 0), (end, 0), "")


def _end_of(file: _File, line: int) -> tuple[int, int]:
    return line, len(file.lines[line])


def _last_line(file: _File, first: int, column: int) -> int:
    """The last line of what begins in one line and is indented further than a column."""
    last = first
    for at in range(first + 1, len(file.lines)):
        line = file.lines[at]
        if line.strip() and _indent(line) > column:
            last = at
        elif line.strip() and not line.lstrip().startswith("#"):
            break
    return last


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _dash_line(file: _File, item: yaml.Node, dash: int) -> int:
    """The line on which an item's dash stands: its own, or one above it."""
    line = item.start_mark.line
    while line >= 0 and file.lines[line][dash : dash + 1] != "-":
        line -= 1
    if line < 0 or file.lines[line][:dash].strip():
        raise EditError("this item does not begin with a dash on a line of its own")
    return line


_HEADING = re.compile(r"(?:-|=|#|\*|~|_){3}")
"""In a comment, a rule: it is a heading of what follows, and not about one item."""


def _with_comment(file: _File, first: int) -> int:
    """The first of the comment lines directly above an item; a heading stays."""
    start = first
    while start > 0:
        above = file.lines[start - 1].strip()
        if not above.startswith("#") or _HEADING.search(above):
            break
        start -= 1
    return start


def _without_only_item(file: _File, parent: yaml.SequenceNode, start: int, last: int) -> bytes:
    """An empty list in place of the last item left."""
    key = parent.start_mark.line - 1
    while key >= 0 and not re.match(r"\s*[^#\s].*:\s*(?:#.*)?$", file.lines[key]):
        key -= 1
    if key < 0:
        raise EditError("it cannot be seen where the list begins")
    head, colon, rest = file.lines[key].rpartition(":") if "#" not in file.lines[key] else (
        file.lines[key].partition(":")
    )  # fmt: skip
    kept = [*file.lines[key + 1 : start]]
    while kept and not kept[-1].strip():
        kept.pop()
    new = "\n".join([f"{head}{colon} []{rest}", *kept])
    return file.replaced((key, 0), _end_of(file, last), new)


def _without_flow_item(file: _File, parent: yaml.SequenceNode, number: int) -> bytes:
    """An item between brackets goes with one comma."""
    items = parent.value
    start, end = _marks(items[number])
    if number + 1 < len(items):
        end = _marks(items[number + 1])[0]
    elif number:
        start = _marks(items[number - 1])[1]
    return file.replaced(start, end, "")


# -- proof -----------------------------------------------------------------------------


def _verified(before: bytes, after: bytes, change: Callable[[Any, Any], None]) -> bytes:
    """The result, if it says exactly what it should; otherwise nothing is changed."""
    expected, said = _said(before), _said(after)
    change(expected, said)
    if said != expected:
        raise EditError("the file is written in a way in which this cannot be changed alone")
    return after


def _said(data: bytes) -> Any:  # noqa: ANN401 - any YAML
    problems = Problems()
    document = read_yaml(Source("", _open(data).text), problems)
    if document is None or problems.found:
        raise EditError("the file cannot be read as YAML")
    return document.data


def _put(expected: Any, said: Any, path: Path, new: str) -> None:  # noqa: ANN401 - any YAML
    """Expect the new text; how many line ends follow it is a matter of its style."""
    *above, last = path
    for step in above:
        expected, said = expected[step], said[step]
    is_it = isinstance(said[last], str) and said[last].rstrip("\n") == new.rstrip("\n")
    expected[last] = said[last] if is_it else new


def _drop(expected: Any, path: Path) -> None:  # noqa: ANN401 - any YAML
    *above, number = path
    for step in above:
        expected = expected[step]
    del expected[number]
