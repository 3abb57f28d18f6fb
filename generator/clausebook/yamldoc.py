"""YAML with places: a `Source` becomes plain data, and every key and value keeps its span.

Only YAML's data is read: mappings with text keys, lists and text.  Every scalar
stays the text that was written, so that `no`, `07` and `2026-09-04` mean what
people mean by them; the shapes turn text into numbers and dates.  Anchors,
aliases and tags are refused, which also bounds the size of what is read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from clausebook.problems import Problems
from clausebook.source import INVISIBLE, Passage, Source, Span, character, is_seen
from clausebook.yamlmistakes import QUOTE_IT, VALUE_WITHOUT_QUOTES, explain

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


def replace_data(document: YamlDocument, keep: Callable[[str], bool]) -> YamlDocument:
    """The same document with only those keys at its top that are to be kept."""
    data = {key: value for key, value in document.data.items() if keep(key)}
    return YamlDocument(document.source, data, document.keys, document.values, document.passages)


def read_yaml(source: Source, problems: Problems, on_empty: str = "") -> YamlDocument | None:
    """Read a file whose top level is a mapping; None, with problems, if it cannot be.

    `on_empty` is what to do about a file with nothing in it.
    """
    reader = _Reader(YamlDocument(source), problems, 0)
    root = reader.compose(source.text)
    if root is None:
        problems.error(
            "empty-file",
            "there is nothing in this file",
            source.whole(),
            on_empty or "fill it in, or remove it",
        )
    return reader.read(root) if root else None


def read_front_matter(source: Source, problems: Problems) -> tuple[YamlDocument | None, Passage]:
    """Split a policy into its front matter and the Markdown after it.

    The Markdown is empty, and there is a problem, if nobody can say where it begins.
    """
    lines = source.lines
    rules = [n for n, line in enumerate(lines) if line.rstrip() == "---"]
    begun = bool(rules) and rules[0] == 0
    if not begun or len(rules) == 1:
        problems.error(
            "no-front-matter",
            "the document control that begins here has no end"
            if begun
            else "the policy does not begin with its document control",
            source.span(1, 1, max(1, len(lines[0]))),
            "write another line of '---' after it, before the first clause"
            if begun
            else "let the first line be '---', then title:, code:, owner: and so on, then '---' "
            "again",
        )
        return None, _after(source, rules[1] if len(rules) > 1 else -1 if not rules else len(lines))
    end = rules[1]
    reader = _Reader(YamlDocument(source), problems, 1)
    root = reader.compose("\n".join(lines[1:end]))
    if root is None:
        problems.error(
            "no-front-matter",
            "there is nothing in the document control",
            source.span(1, 1, 3),
            "write title:, code:, owner: and so on between the two lines of '---'",
        )
    return reader.read(root) if root else None, _after(source, end)


def _after(source: Source, line: int) -> Passage:
    """Everything after a line, counted from 0."""
    return Passage(source, "\n".join(source.lines[line + 1 :]), line + 2, 0)


_UNREADABLE = yaml.ScalarNode("", "")
"""Stands for what is not YAML."""


class _TooComplexError(Exception):
    def __init__(self, message: str, event: yaml.Event, hint: str) -> None:
        super().__init__(message)
        self.mark: Any = event.start_mark
        self.hint = hint


def _sign(event: Any) -> tuple[str, str]:  # noqa: ANN401 - PyYAML has no type for such events
    """What of YAML an event uses that is not used here."""
    if isinstance(event, yaml.AliasEvent):
        return "*", "an alias"
    return ("&", "an anchor") if event.anchor else ("!", "a tag")


class _Reader:
    """One reading; `offset` lines of the source come before the text."""

    def __init__(self, document: YamlDocument, problems: Problems, offset: int) -> None:
        self.document = document
        self.problems = problems
        self.offset = offset
        self.nodes = 0

    def compose(self, text: str) -> yaml.Node | None:
        """The text as YAML's nodes; None if there is nothing in it.

        What is not YAML becomes a problem, and a node that `read` passes over.
        """
        source = self.document.source
        try:
            self._refuse_complexity(text)
            root = yaml.compose(text, Loader=_LOADER)
        except _TooComplexError as error:
            self.problems.error("yaml-too-complex", str(error), self._at(error.mark, 1), error.hint)
            return _UNREADABLE
        except yaml.MarkedYAMLError as error:
            found = explain(error, text.split("\n"))
            span = source.span(self.offset + found.line + 1, found.column + 1, found.width)
            self.problems.error("bad-yaml", found.message, span, found.hint)
            return _UNREADABLE
        except yaml.YAMLError as error:
            self.problems.error("bad-yaml", f"this is not YAML: {error}", source.whole())
            return _UNREADABLE
        if isinstance(root, yaml.ScalarNode) and not root.style and not root.value.strip():
            return None
        return root

    def read(self, root: yaml.Node) -> YamlDocument | None:
        """The nodes as data; None, with a problem, if they are no mapping."""
        if root is _UNREADABLE:
            return None
        if not isinstance(root, yaml.MappingNode):
            self.problems.error(
                "wrong-type",
                f"this file holds {_kind(root)} where 'key: value' lines should be",
                self._node_span(root),
                "begin each line with a key, a colon and a space, such as 'name: …'",
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
            if getattr(event, "anchor", None) or getattr(event, "tag", None):
                sign, word = _sign(event)
                message = f"YAML takes '{sign}' here for {word}, which these files do not use"
                raise _TooComplexError(message, event, QUOTE_IT)
            if depth > MAX_DEPTH:
                message = f"lists and 'key: value' lines are more than {MAX_DEPTH} levels deep here"
                raise _TooComplexError(message, event, "make the file simpler")
            if self.nodes > MAX_NODES:
                message = f"there are more than {MAX_NODES} entries in this file"
                raise _TooComplexError(message, event, "has something been pasted into it?")

    def _at(self, mark: yaml.Mark, width: int) -> Span:
        return self.document.source.span(self.offset + mark.line + 1, mark.column + 1, width)

    def _node_span(self, node: yaml.Node) -> Span:
        start, end = node.start_mark, node.end_mark
        lines = self.document.source.lines
        line = lines[min(self.offset + start.line, len(lines) - 1)]
        one_line = start.line == end.line and end.column > start.column
        stop = end.column if one_line else len(line.rstrip())
        return self._at(start, max(1, stop - start.column))

    def _value(self, node: yaml.Node, path: Path) -> Data:
        span = self.document.values[path] = self._node_span(node)
        if isinstance(node, yaml.MappingNode):
            value = self._value_without_quotes(node)
            if value:
                self.problems.error("bad-yaml", VALUE_WITHOUT_QUOTES, span, QUOTE_IT)
                passage = Passage(span.source, value, span.line, span.column - 1)
                self.document.passages[path] = passage
                return value
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self._value(item, (*path, n)) for n, item in enumerate(node.value)]
        assert isinstance(node, yaml.ScalarNode)  # noqa: S101 - YAML has no fourth kind
        if not node.style and node.value.lower() in ("", "~", "null"):
            return None
        self._refuse_invisible(node)
        self.document.passages[path] = self._passage(node)
        return str(node.value)

    def _value_without_quotes(self, node: yaml.Node) -> str:
        """`{{ name }}` without quotes, which YAML reads as a mapping in a mapping."""
        start, end = node.start_mark, node.end_mark
        written = self.document.source.lines[self.offset + start.line][start.column :]
        one_line = start.line == end.line and written.startswith("{{")
        return written[: end.column - start.column] if one_line else ""

    def _refuse_invisible(self, node: yaml.ScalarNode) -> None:
        r"""Find, and blank out, characters that were written as `\u202e`."""
        found = None if is_seen(node.value) else INVISIBLE.search(node.value)
        if found:
            self.problems.error(
                "bad-character",
                f"this text holds a character that cannot be shown ({character(found[0])})",
                self._node_span(node),
                "take out the backslash and the signs after it that stand for the character",
            )
            node.value = INVISIBLE.sub(" ", node.value)

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
            self._refuse_invisible(key_node)
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
        opening = start.column + (1 if node.style in ("'", '"') else 0)
        written = source.lines[first - 1][opening : opening + len(node.value)]
        if start.line == node.end_mark.line and written == node.value:
            return Passage(source, node.value, first, opening)
        return Passage(source, node.value, first, start.column, exact=False)


def _kind(node: yaml.Node) -> str:
    if isinstance(node, yaml.MappingNode):
        return "a mapping"
    return "a list" if isinstance(node, yaml.SequenceNode) else "text"


def describe(data: Data) -> str:
    """What kind of thing was written, in words."""
    if data is None:
        return "nothing"
    if isinstance(data, Mapping):
        return "'key: value' lines"
    return "a list" if isinstance(data, list) else "text"
