"""A `YamlDocument` held against a shape: a value of the shape, or problems with places.

This is the one place that knows how pydantic reports errors.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from clausebook.fieldtypes import BRACES, Shape, stray_braces
from clausebook.problems import Problems, nearest
from clausebook.shapes import OVERRIDE_KINDS
from clausebook.source import Span
from clausebook.yamldoc import Data, Path, YamlDocument, describe

AnyShape = TypeVar("AnyShape", bound=Shape)

_TEXT = "text, in quotes if it begins with a bracket"

_EXPECTED = {
    "string_type": _TEXT,
    "tuple_type": "a list, each item on its own line after '- '",
    "mapping_type": "'key: value' lines",
    "model_type": "'key: value' lines",
    "model_attributes_type": "'key: value' lines",
    "dict_type": "'key: value' lines",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "float_type": "a number",
    "float_parsing": "a number",
}
"""pydantic's type errors, with what belongs there."""


def shaped(document: YamlDocument, shape: type[AnyShape], problems: Problems) -> AnyShape | None:
    """Read `document` as `shape`; None, with all its problems, if it is not of that shape."""
    try:
        return shape.model_validate(document.data)
    except ValidationError as error:
        report = _Report(document, shape, problems)
        report.tell(error.errors(include_url=False, include_input=False))
        return None


SAY_WHY = "say why, in a sentence that can be published: 'reason: …'"

MAX_SHOWN = 60
"""Longest key that is shown in full, in characters."""


class _Report:
    """One document's errors, told as problems."""

    def __init__(self, document: YamlDocument, shape: type[Shape], problems: Problems) -> None:
        self.document = document
        self.shape = shape
        self.problems = problems
        self.meant: set[Path] = set()
        """Keys that are there with a slip in them."""

    def tell(self, errors: Iterable[ErrorDetails]) -> None:
        """Slips in keys come first: what they stand for is then not told to be missing."""
        for details in sorted(errors, key=lambda details: details["type"] != "extra_forbidden"):
            path = _written_path(details["loc"])
            kind = details["type"]
            nothing = kind == "string_too_short" or _at(self.document.data, path) is None
            if kind == "too_short" and _at(self.document.data, path):
                continue  # its items are wrong, and told one by one
            if kind == "extra_forbidden":
                self._unknown(path)
            elif kind == "missing":
                self._missing(path)
            elif path and path[-1] == "reason" and nothing:
                self._problem("missing-reason", "there is no reason", path, SAY_WHY)
            elif kind in _EXPECTED:
                self._wrong_type(path, _EXPECTED[kind], is_shape=kind.startswith("model"))
            elif kind == "missing_key":
                self._incomplete(path, details["msg"])
            else:
                self._wrong_value(path, details)

    def _problem(
        self, code: str, message: str, path: Path, hint: str, *, at_key: bool = True
    ) -> None:
        span = self.document.key_span(*path) if at_key else self.document.span(*path)
        self.problems.error(code, message, span, hint)

    def _unknown(self, path: Path) -> None:
        known = _keys_at(self.shape, path[:-1], self.document.data)
        key = str(path[-1])
        hint = nearest(key, known)
        self.meant |= {(*path[:-1], name) for name in known if f"'{name}'" in hint}
        if key in OVERRIDE_KINDS and path[0] == "overrides":
            hint = "an override does one thing: begin another with '- ' and its own reason"
        message = f"'{key[:MAX_SHOWN]}' is not a key that can stand here"
        self._problem(
            "unknown-key", message, path, hint or "keys here: " + ", ".join(sorted(known))
        )

    def _missing(self, path: Path) -> None:
        if path in self.meant:
            return
        key, above = path[-1], path[-2] if len(path) > 1 else None
        message = f"'{key}' is missing" + (f" in '{above}'" if isinstance(above, str) else "")
        if key == "reason":
            self._problem("missing-reason", "this override has no reason", path[:-1], SAY_WHY)
        else:
            self._problem("missing-key", message, path[:-1], f"add '{key}: …'")

    def _wrong_type(self, path: Path, expected: str, *, is_shape: bool) -> None:
        found = describe(_at(self.document.data, path))
        wanted = expected.partition(",")[0]
        message = f"'{_name(path)}' holds {found} where {wanted} should be"
        hint = f"write {expected}"
        if found == "nothing":
            hint = "fill it in" if expected == _TEXT else "fill it in, or leave it out"
        elif is_shape:
            keys = ", ".join(sorted(_keys_at(self.shape, path, None)))
            hint = f"write 'key: value' lines under it; keys here: {keys}"
        self._problem("wrong-type", message, path, hint, at_key=found == "nothing")

    def _incomplete(self, path: Path, message: str) -> None:
        """For an override without a kind, or an addition without a place."""
        written = _at(self.document.data, path)
        hint = "such as '- omit: sm-17' and, under it, 'reason: …'"
        if isinstance(written, dict):
            slips = [nearest(key, OVERRIDE_KINDS) for key in written if key not in OVERRIDE_KINDS]
            hint = next(filter(None, slips), hint)
            if "add" in written:
                hint = "give the ID of one clause of the policy, such as 'after: sm-17'"
        self._problem("missing-key", message, path, hint, at_key=False)

    def _wrong_value(self, path: Path, details: ErrorDetails) -> None:
        kind, name = details["type"], _name(path)
        if kind in ("no_names", "stray_braces"):
            self._wrong_braces(path, refused=kind == "no_names")
            return
        context: Mapping[str, Any] = details.get("ctx", {})
        at_key = "[key]" in details["loc"]
        written = str(path[-1] if at_key else _at(self.document.data, path))[:MAX_SHOWN]
        code, message = "bad-value", f"'{written}' cannot be used for '{name}'"
        if kind == "bad_date":
            code, message = "bad-date", f"'{written}' is not a date"
        elif at_key:
            message = f"'{written}' cannot be used as a name here"
        elif kind in ("string_too_short", "too_short"):
            message = f"'{name}' is empty"
        elif kind == "string_too_long":
            message = f"'{name}' is longer than {context['max_length']} characters"
        self._problem(code, message, path, _what_is_right(details, context), at_key=at_key)

    def _wrong_braces(self, path: Path, *, refused: bool) -> None:
        """For a name where none can stand, and for braces without one."""
        text = self.document.passages[path].text if path in self.document.passages else ""
        found = (BRACES.search(text) if refused else stray_braces(text)) or BRACES.search(text)
        sign = found[0] if found else "{{"
        span = (
            span_in(self.document, path, found.start(), 2) if found else self.document.span(*path)
        )
        if not refused:
            message, hint = _STRAY[sign]
            self.problems.error("malformed-value", message, span, hint)
            return
        name = _NAME_AT.match(text, found.start()) if found else None
        if found and name:
            sign, span = name[0], span_in(self.document, path, found.start(), len(name[0]))
        self.problems.error(
            "misplaced-value",
            f"'{sign[:MAX_SHOWN]}' stands in '{_name(path)}', where nothing is filled in",
            span,
            "write the word itself",
        )


_NAME_AT = re.compile(r"\{\{[^\n]*?\}\}")

_STRAY = {
    "{{": (
        "'{{' begins a value that does not end on the same line",
        "write the name between double braces: {{ pupils }}",
    ),
    "}}": (
        "'}}' ends a value that does not begin on the same line",
        "write the name between double braces: {{ pupils }}",
    ),
    "{%": (
        "'{%' begins template code, which a text cannot contain",
        "write the words themselves",
    ),
}
"""Braces that belong to no name, with what is wrong and what to do."""


def span_in(document: YamlDocument, path: Path, at: int, width: int) -> Span:
    """The place of some characters of the text at `path`."""
    passage = document.passages.get(path)
    if passage is None:
        return document.span(*path)
    before = passage.text[:at]
    return passage.span(before.count("\n"), at - (before.rfind("\n") + 1), width)


def name_span(document: YamlDocument, path: Path, number: int) -> Span:
    """The place of a name in the text at `path`: names count from 0."""
    passage = document.passages.get(path)
    found = list(re.finditer(r"\{\{.*?\}\}", passage.text, re.DOTALL)) if passage else []
    if number >= len(found):
        return document.span(*path)
    return span_in(document, path, found[number].start(), len(found[number][0].split("\n")[0]))


_RIGHT = {
    "string_too_short": "fill it in, or leave it out",
    "too_short": "fill it in, or leave it out",
    "string_too_long": "make it shorter",
}


def _what_is_right(details: ErrorDetails, context: Mapping[str, Any]) -> str:
    """What should be written, from what pydantic found wrong."""
    kind = details["type"]
    if kind == "string_pattern_mismatch":
        return next(words for sign, words in _PATTERNS.items() if sign in context["pattern"])
    if kind == "enum":
        return f"write {context['expected']}"
    return _RIGHT.get(kind, details["msg"][:1].lower() + details["msg"][1:])


_PATTERNS = {
    "_?": "use lower-case letters, digits and single underscores, beginning with a letter",
    "-?": "use lower-case letters, digits and single hyphens, beginning with a letter",
    "A-Z": "use up to eight capital letters and digits, beginning with a letter",
    "": "write it differently",
}
"""Patterns by what tells them apart, with what they ask for."""


def _written_path(location: tuple[int | str, ...]) -> Path:
    """Pydantic's location without the steps that nobody wrote.

    Those are `[key]` after a key that is itself wrong, and the kind of an
    override after its number in the list.
    """
    steps = [step for step in location if step != "[key]"]
    return tuple(
        step
        for number, step in enumerate(steps)
        if not (number == 2 and steps[0] == "overrides" and step in OVERRIDE_KINDS)  # noqa: PLR2004
    )


def _at(data: Data, path: Path) -> Data:
    here: Data = data
    for step in path:
        if isinstance(here, dict):
            here = here.get(str(step))
        elif isinstance(here, list) and isinstance(step, int) and step < len(here):
            here = here[step]
    return here


def _name(path: Path) -> str:
    words = [str(step) for step in path if isinstance(step, str)]
    return ".".join(words[-2:]) if words else "this file"


def _of(path: Path) -> str:
    words = [str(step) for step in path if isinstance(step, str)]
    return f" in '{words[-1]}'" if words else ""


def _keys_at(shape: type[Shape], path: Path, data: Data) -> set[str]:
    """The keys that may stand at `path`."""
    models: list[type[BaseModel]] = [shape]
    here: Data = data
    for step in path:
        here = _at(here, (step,))
        if isinstance(step, int):
            continue
        inner: list[type[BaseModel]] = []
        for model in models:
            for name, info in model.model_fields.items():
                if step == (info.alias or name):
                    inner.extend(_models_in(info.annotation))
        models = inner or models
    if isinstance(here, dict):
        written = next((kind for kind in OVERRIDE_KINDS if kind in here), "")
        models = [m for m in models if written in _keys(m)] or models
    return {key for model in models for key in _keys(model)}


def _keys(model: type[BaseModel]) -> set[str]:
    return {info.alias or name for name, info in model.model_fields.items()}


def _models_in(annotation: object) -> Iterable[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models_in(part)
