"""YAML with places: a `Source` becomes plain data, and every key and value keeps its span.

Only YAML's data is read: mappings with text keys, lists and text.  Every scalar
stays the text that was written, so that `no`, `07` and `2026-09-04` mean what
people mean by them; the shapes turn text into numbers and dates.  Anchors,
aliases and tags are refused, which also bounds the size of what is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from clausebook.problems import Problems
from clausebook.source import Passage, Source, Span

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# libyaml's reader where the wheel has it: the same events and places, ten times faster

MAX_DEPTH = 12
"""Deepest nesting of lists and mappings; the shapes need five."""

MAX_NODES = 20_000
"""Most keys, values and list items in one file."""

Data = str | None | list["Data"] | dict[str, "Data"]
Path = tuple[str | int, ...]
"""Where a value stands: `("contacts", "dsl", "name")`, `("overrides", 2, "with")`."""


@dataclass
class YamlDocument:
    """What one YAML file says, and where."""

    source: Source
    data: dict[str, Data] = field(default_factory=dict)
    keys: dict[Path, Span] = field(default_factory=dict)
    """Places of the keys of mappings."""
    values: dict[Path, Span] = field(default_factory=dict)
    """Places of values, first line only."""
    passages: dict[Path, Passage] = field(default_factory=dict)
    """Texts, as passages."""

    def span(self, *path: str | int) -> Span:
        """The best place for `path`: its value, its key, or the nearest thing around it."""
        for length in range(len(path), 0, -1):
            for places in (self.values, self.keys):
                if path[:length] in places:
                    return places[path[:length]]
        return self.source.whole()

    def key_span(self, *path: str | int) -> Span:
        """The place of the key at `path`, or else of its value."""
        return self.keys.get(path) or self.span(*path)


def read_yaml(source: Source, problems: Problems) -> YamlDocument | None:
    """Read a file whose top level is a mapping; None, with problems, if it cannot be."""
    return _Reader(YamlDocument(source), problems, 0).read(source.text)


def read_front_matter(source: Source, problems: Problems) -> tuple[YamlDocument | None, Passage]:
    """Split a policy into its front matter and the Markdown after it."""
    lines = source.lines
    end = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), None)
    if lines[0].rstrip() != "---" or end is None:
        problems.error(
            "no-front-matter",
            "the policy does not begin with its document control between two lines of '---'",
            source.span(1, 1, max(1, len(lines[0]))),
            "begin the file with '---', title:, code:, owner: … and another '---'",
        )
        return None, source.passage()
    document = YamlDocument(source)
    read = _Reader(document, problems, 1).read("\n".join(lines[1:end]))
    return read, Passage(source, "\n".join(lines[end + 1 :]), end + 2, 0)


class _TooComplexError(Exception):
    def __init__(self, message: str, mark: yaml.Mark, hint: str) -> None:
        super().__init__(message)
        self.mark = mark
        self.hint = hint


class _Reader:
    """One reading; `offset` lines of the source come before the text."""

    def __init__(self, document: YamlDocument, problems: Problems, offset: int) -> None:
        self.document = document
        self.problems = problems
        self.offset = offset
        self.nodes = 0

    def read(self, text: str) -> YamlDocument | None:
        source = self.document.source
        try:
            self._refuse_complexity(text)
            root = yaml.compose(text, Loader=_LOADER)
        except _TooComplexError as error:
            self.problems.error(
                "yaml-too-complex", str(error), self._at(error.mark, 1), error.hint
            )
            return None
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            span = self._at(mark, 1) if mark else source.whole()
            self.problems.error(
                "bad-yaml",
                f"this is not YAML: {error.problem or error.context or 'it cannot be read'}",
                span,
                "look for a missing colon, quote or bracket, or a tab, here or just above",
            )
            return None
        except yaml.YAMLError as error:
            self.problems.error("bad-yaml", f"this is not YAML: {error}", source.whole())
            return None
        if root is None or (isinstance(root, yaml.ScalarNode) and not root.value.strip()):
            self.problems.error(
                "empty-file",
                "there is nothing in this file",
                source.whole(),
                "fill it in, or remove it",
            )
            return None
        if not isinstance(root, yaml.MappingNode):
            self.problems.error(
                "wrong-type",
                f"this file holds {_kind(root)} where 'key: value' lines should be",
                self._at(root.start_mark, 1),
                "begin each line with a key and a colon, such as 'name: …'",
            )
            return None
        self.document.data = self._mapping(root, ())
        return self.document

    def _refuse_complexity(self, text: str) -> None:
        depth = 0
        for event in yaml.parse(text, Loader=_LOADER):
            self.nodes += 1
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                message = "anchors (&) and aliases (*) are not used in these files"
                hint = "write the value out; put quotes around text that begins with & or *"
                raise _TooComplexError(message, event.start_mark, hint)
            if getattr(event, "tag", None):
                message = "tags (!) are not used in these files"
                hint = "leave the tag out; put quotes around text that begins with !"
                raise _TooComplexError(message, event.start_mark, hint)
            if depth > MAX_DEPTH or self.nodes > MAX_NODES:
                message = f"more than {MAX_DEPTH} levels or {MAX_NODES} entries in one file"
                raise _TooComplexError(message, event.start_mark, "make the file simpler")

    def _at(self, mark: yaml.Mark, width: int) -> Span:
        return self.document.source.span(self.offset + mark.line + 1, mark.column + 1, width)

    def _node_span(self, node: yaml.Node) -> Span:
        start, end = node.start_mark, node.end_mark
        line = self.document.source.lines[self.offset + start.line]
        one_line = start.line == end.line and end.column > start.column
        stop = end.column if one_line else len(line.rstrip())
        return self._at(start, max(1, stop - start.column))

    def _value(self, node: yaml.Node, path: Path) -> Data:
        self.document.values[path] = self._node_span(node)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self._value(item, (*path, n)) for n, item in enumerate(node.value)]
        if not node.style and node.value.lower() in ("", "~", "null"):
            return None
        self.document.passages[path] = self._passage(node)
        return str(node.value)

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Data]:
        result: dict[str, Data] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self.problems.error(
                    "wrong-type",
                    f"{_kind(key_node)} cannot be a key",
                    self._node_span(key_node),
                    "put quotes around text that begins with a bracket or a brace",
                )
                continue
            here = (*path, key_node.value)
            if key_node.value in result:
                self.problems.error(
                    "duplicate-key",
                    f"'{key_node.value}' is given twice",
                    self._node_span(key_node),
                    "keep one of the two",
                    ((self.document.keys[here], "the first is here"),),
                )
                continue
            self.document.keys[here] = self._node_span(key_node)
            result[key_node.value] = self._value(value_node, here)
        return result

    def _passage(self, node: yaml.ScalarNode) -> Passage:
        """Literal blocks (`|`) keep their lines; other styles only their start."""
        start = node.start_mark
        source = self.document.source
        first = self.offset + start.line + 1
        if node.style == "|":
            text_line = first
            while text_line < len(source.lines) and not source.lines[text_line].strip():
                text_line += 1
            line = source.lines[text_line] if text_line < len(source.lines) else ""
            content = node.value.lstrip("\n")
            head = content.split("\n", 1)[0]
            indent = len(line) - len(head) if head and line.endswith(head) else 0
            return Passage(source, content, text_line + 1, indent)
        if not node.style and start.line == node.end_mark.line:
            return Passage(source, node.value, first, start.column)
        quoted_on_one_line = start.line == node.end_mark.line and "\\" not in node.value
        if node.style in ("'", '"') and quoted_on_one_line:
            return Passage(source, node.value, first, start.column + 1)
        return Passage(source, node.value, first, start.column, exact=False)


def _kind(node: yaml.Node) -> str:
    return {"mapping": "a mapping", "sequence": "a list"}.get(node.id, "text")


def describe(data: Data) -> str:
    """What kind of thing was written, in words."""
    if data is None:
        return "nothing"
    if isinstance(data, Mapping):
        return "'key: value' lines"
    return "a list" if isinstance(data, list) else "text"
