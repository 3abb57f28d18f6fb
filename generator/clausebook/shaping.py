"""A `YamlDocument` held against a shape: a value of the shape, or problems with places.

This is the one place that knows how pydantic reports errors.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from clausebook.problems import Problems, nearest
from clausebook.shapes import OVERRIDE_KINDS, Shape
from clausebook.yamldoc import Data, Path, YamlDocument, describe

AnyShape = TypeVar("AnyShape", bound=Shape)

_EXPECTED = {
    "string_type": "text",
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


def shaped(
    document: YamlDocument, shape: type[AnyShape], problems: Problems
) -> AnyShape | None:
    """Read `document` as `shape`; None, with all its problems, if it is not of that shape."""
    try:
        return shape.model_validate(document.data)
    except ValidationError as error:
        for details in error.errors(include_url=False, include_input=False):
            _report(document, shape, details, problems)
        return None


def _report(
    document: YamlDocument, shape: type[Shape], details: ErrorDetails, problems: Problems
) -> None:
    path = _written_path(details["loc"])
    key = str(path[-1])[:MAX_SHOWN] if path else ""
    kind = details["type"]
    if kind == "extra_forbidden":
        problems.error(
            "unknown-key",
            f"'{key}' is not a key that can stand here",
            document.key_span(*path),
            _unknown_key_hint(shape, path, document.data),
        )
    elif kind == "missing":
        code = "missing-reason" if key == "reason" else "missing-key"
        problems.error(
            code,
            f"'{key}' is missing" + _of(path[:-1]),
            document.key_span(*path[:-1]),
            SAY_WHY
            if key == "reason"
            else f"add '{key}: …'",
        )
    elif kind in _EXPECTED:
        found = describe(_at(document.data, path))
        expected = _EXPECTED[kind].split(",")[0]
        if key == "reason" and found == "nothing":
            problems.error("missing-reason", "there is no reason", document.key_span(*path), SAY_WHY)
            return
        problems.error(
            "wrong-type",
            f"'{_name(path)}' holds {found} where {expected} should be",
            document.key_span(*path) if found == "nothing" else document.span(*path),
            _wrong_type_hint(shape, path, document.data, kind),
        )
    elif kind == "string_too_short" and key == "reason":
        problems.error("missing-reason", "there is no reason", document.key_span(*path), SAY_WHY)
    elif kind == "union_tag_not_found" or (kind == "missing_key" and path[:-1] == ("overrides",)):
        problems.error(
            "missing-key", details["msg"], document.span(*path), _kind_hint(path, document.data)
        )
    elif kind in ("bad_date", "missing_key", "bad_value"):
        problems.error(
            kind.replace("_", "-"),
            f"'{_name(path)}' cannot be read: {details['msg']}"
            if kind != "missing_key"
            else details["msg"],
            document.span(*path),
            _hint(kind),
        )
    else:
        problems.error(
            "bad-value",
            f"'{_name(path)}' cannot be used: {_plain_words(details)}",
            document.key_span(*path) if "[key]" in details["loc"] else document.span(*path),
        )


SAY_WHY = "say why, in a sentence that can be published: 'reason: …'"

MAX_SHOWN = 60
"""Longest key that is shown in full, in characters."""


def _unknown_key_hint(shape: type[Shape], path: Path, data: Data) -> str:
    """What may stand in place of the key that ends `path`."""
    known = _keys_at(shape, path[:-1], data)
    key = str(path[-1])
    if key in OVERRIDE_KINDS and path[:1] == ("overrides",):
        return "an override does one thing: begin another with '- ' and its own reason"
    return nearest(key, known) or "keys here: " + ", ".join(sorted(known))


def _wrong_type_hint(shape: type[Shape], path: Path, data: Data, kind: str) -> str:
    known = sorted(_keys_at(shape, path, None)) if kind.startswith("model") else []
    if known:
        return "write 'key: value' lines under it; keys here: " + ", ".join(known)
    if describe(_at(data, path)) == "nothing":
        return "fill it in, or leave it out"
    return f"write {_EXPECTED[kind]}"


def _kind_hint(path: Path, data: Data) -> str:
    """What may have been meant by an override, or an addition, that says too little."""
    written = _at(data, path)
    for key in written if isinstance(written, dict) else ():
        hint = nearest(key, OVERRIDE_KINDS)
        if hint and key not in OVERRIDE_KINDS:
            return hint
    return ""


def _hint(kind: str) -> str:
    return {
        "bad_date": "write the day, the month and the year",
        "bad_value": "correct it, or leave it out",
    }.get(kind, "")


def _plain_words(details: ErrorDetails) -> str:
    context: Mapping[str, Any] = details.get("ctx", {})
    match details["type"]:
        case "string_too_short":
            return "there is nothing in it"
        case "too_short":
            return "the list is empty"
        case "string_too_long":
            return f"it is longer than {context['max_length']} characters"
        case "string_pattern_mismatch":
            if "_?" in context["pattern"]:
                return "a name has lower-case letters, digits and single underscores"
            if "A-Z" in context["pattern"]:
                return "a code has up to eight capital letters and digits"
            return "an ID has lower-case letters, digits and single hyphens"
        case "enum":
            return f"it must be {context['expected']}"
        case _:
            return details["msg"][:1].lower() + details["msg"][1:]


def _written_path(location: tuple[int | str, ...]) -> Path:
    """pydantic's location without the steps that nobody wrote.

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
