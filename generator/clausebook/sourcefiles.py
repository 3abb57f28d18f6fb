"""Files as texts, and as data held against their shapes: what cannot be read is a problem."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Mapping
from typing import TypeVar

from clausebook.fieldtypes import Shape
from clausebook.problems import Problems
from clausebook.shapes import PolicyFile
from clausebook.shaping import shaped
from clausebook.source import (
    INVISIBLE,
    MAX_BYTES,
    MAX_LINE,
    MAX_LINES,
    Source,
    Tree,
    character,
    is_seen,
)
from clausebook.yamldoc import YamlDocument, read_yaml

AnyShape = TypeVar("AnyShape", bound=Shape)

ENOUGH = 20
"""Lines that cannot be read are reported up to this number in one file."""


def read_source(tree: Tree, path: str, problems: Problems) -> Source | None:
    """The text of a file; None, with a problem, if it is missing, too large or not text."""
    nothing = Source(path, "")
    try:
        data = tree.read_bytes(path)
    except OSError as error:
        missing = isinstance(error, FileNotFoundError)
        problems.error(
            "missing-file",
            "this file is missing" if missing else f"this file cannot be read: {_why(error)}",
            nothing.whole(),
            _misnamed(tree, path) if missing else "put a file of this name in its place",
        )
        return None
    if len(data) > MAX_BYTES:
        problems.error(
            "too-large",
            f"this file is larger than {MAX_BYTES // 1_000_000} MB",
            nothing.whole(),
            "no policy is that long: has something been pasted into it?",
        )
        return None
    return decode(path, data, problems)


def _why(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


def _misnamed(tree: Tree, path: str) -> str:
    """What to do about a missing file: `School.yml` or `school.yml.txt` may be meant for it."""
    folder, _, wanted = path.rpartition("/")
    stem = wanted.split(".")[0]
    for name in tree.files(folder, ""):
        if name.lower().startswith(f"{stem}."):
            return f"rename '{name}' to '{wanted}'"
    return _TO_CREATE.get(wanted, "create it")


_TO_CREATE = {
    "trust.yml": "create it, with at least name: and audiences: in it",
    "policy.md": "create it, or remove the folder if it is no policy",
    "school.yml": "create it, with at least name: in it, or remove the folder if it is no school",
}


def decode(path: str, data: bytes, problems: Problems) -> Source | None:
    """Bytes as text: UTF-8, with or without a byte-order mark, any kind of line end."""
    data = data.removeprefix(BOM_UTF8)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = _with_plain_line_ends(data[: error.start].decode("utf-8"))
        shown = Source(path, _with_plain_line_ends(data.decode("utf-8", "replace")))
        line = before.count("\n") + 1
        column = len(before) - (before.rfind("\n") + 1) + 1
        problems.error(
            "bad-encoding",
            "this file is not UTF-8 text: this is the first character that cannot be read",
            shown.span(line, column, 1),
            "save it again as UTF-8 (in Word and Notepad: 'Save as', then 'Encoding')",
        )
        return None
    source = Source(path, _with_plain_line_ends(text))
    wrong = Problems()
    if not _is_odd(source):
        return source
    if len(source.lines) > MAX_LINES:
        wrong.error(
            "too-large",
            f"this file has {len(source.lines)} lines; {MAX_LINES} is the most",
            source.whole(),
            "no policy is that long: has something been pasted into it?",
        )
    for number, content in enumerate(source.lines, 1):
        _check_line(source, number, content, wrong)
        if len(wrong.found) == ENOUGH:
            break
    problems.found += wrong.found
    return None if wrong.found else source


def _with_plain_line_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _is_odd(source: Source) -> bool:
    """Whether anything in a text needs a closer look, line by line."""
    lines = source.lines
    if len(lines) > MAX_LINES or max(map(len, lines)) > MAX_LINE:
        return True
    return not is_seen(source.text)


def _check_line(source: Source, number: int, content: str, problems: Problems) -> None:
    if len(content) > MAX_LINE:
        problems.error(
            "too-large",
            f"this line has {len(content)} characters; {MAX_LINE} is the most",
            source.span(number, 1, 1),
            "has something been pasted into it? break it into paragraphs",
        )
        return
    found = INVISIBLE.search(content)
    if found:
        lost = found[0] == "\N{REPLACEMENT CHARACTER}"
        problems.error(
            "bad-character",
            "a character was lost here, when the file was once saved in another encoding"
            if lost
            else f"there is a character here that cannot be shown ({character(found[0])})",
            source.span(number, found.start() + 1, 1),
            "type it again" if lost else "delete it, and type what should be there",
        )


def read_shape(
    tree: Tree, path: str, shape: type[AnyShape], problems: Problems
) -> tuple[YamlDocument | None, AnyShape | None]:
    """A YAML file held against its shape; what cannot be read is None, with problems."""
    source = read_source(tree, path, problems)
    document = read_yaml(source, problems, _ON_EMPTY.get(shape, "")) if source else None
    return document, shaped(document, shape, problems) if document else None


_ON_EMPTY: Mapping[type[Shape], str] = {
    PolicyFile: "to adopt the policy as it stands write 'overrides: []'; if the school does not "
    "have it, remove the file"
}
"""What to do about a file with nothing in it, where there is more to say than to fill it in."""
