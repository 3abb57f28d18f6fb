"""Every regular expression that the program compiles, and texts made to be slow for each.

The texts come from a pattern's own parse tree: something that leads up to each repetition, then
what it repeats, as often as a reader admits, and then something that cannot match, so that the
engine goes back over every way of having read the repetition.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from re import _constants, _parser  # type: ignore[attr-defined]
from typing import Any

import clausebook

ENDS = ("\0", "!", "\n\n", "{", '"', "z")
"""What may stand after the repetition and cannot be matched there."""

MAX_WIDTH = 3
"""How many samples of each alternative are tried: more only double what is there."""


def patterns() -> dict[str, re.Pattern[str]]:
    """All patterns, by where they stand: compiled ones of every module, and those in its calls."""
    found: dict[str, re.Pattern[str]] = {}
    for info in pkgutil.iter_modules(clausebook.__path__):
        if info.name == "__main__":
            continue
        module = importlib.import_module(f"clausebook.{info.name}")
        for name, value in vars(module).items():
            for number, one in enumerate(_compiled(value)):
                found.setdefault(f"{info.name}.{name}.{number}", one)
        for line, text in _written(Path(str(module.__file__)).read_text("utf-8")):
            found[f"{info.name}:{line}"] = re.compile(text)
    same: dict[tuple[str, int], str] = {}
    for name, one in found.items():
        same.setdefault((one.pattern, one.flags), name)
    return {name: found[name] for name in same.values()}


def _compiled(value: object) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
        yield value
    elif isinstance(value, tuple | list | frozenset):
        for one in value:
            yield from _compiled(one)
    elif isinstance(value, dict):
        for one in (*value, *value.values()):
            yield from _compiled(one)
    elif isinstance(value, str) and value.startswith("^") and value.endswith("$"):
        yield re.compile(value)  # as pydantic and `fullmatch` are given them


def _written(code: str) -> Iterator[tuple[int, str]]:
    """The patterns that calls such as `re.fullmatch(…)` and `re.compile(…)` name as they stand."""
    for node in ast.walk(ast.parse(code)):
        named = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if not named or not node.args:  # type: ignore[attr-defined]
            continue
        where, first = node.func.value, node.args[0]  # type: ignore[attr-defined]
        is_re = isinstance(where, ast.Name) and where.id == "re"
        is_text = isinstance(first, ast.Constant) and isinstance(first.value, str)
        if is_re and is_text and node.func.attr != "escape":  # type: ignore[attr-defined]
            yield node.lineno, first.value  # type: ignore[attr-defined]


def attacks(pattern: re.Pattern[str], length: int) -> Iterator[str]:
    """Texts of about `length` characters."""
    seen = set[str]()
    for before, pumped in _pumps(list(_parser.parse(pattern.pattern, pattern.flags)), ""):
        for unit in pumped:
            for end in ENDS:
                text = before + unit * (length // len(unit)) + end
                if text not in seen:
                    seen.add(text)
                    yield text
        if len(pumped) > 1:
            mixed = "".join(pumped)
            yield before + mixed * (length // len(mixed)) + ENDS[0]


def _pumps(items: list[Any], before: str) -> Iterator[tuple[str, list[str]]]:
    """For each repetition in a sequence: what leads up to it, and what it can repeat."""
    for number, (op, value) in enumerate(items):
        inner: list[list[Any]] = []
        if op in (_constants.MAX_REPEAT, _constants.MIN_REPEAT, _constants.POSSESSIVE_REPEAT):
            _, high, what = value
            inner = [list(what)]
            if high > 1:
                rest = items[number + 1 :]
                units = [one for one in _samples(list(what)) if one]
                # what follows may be pumped with it: `a*b?a*` reads `aa…` in many ways
                following = _samples(rest[:1])[:1] if rest else []
                units += [units[0] + one for one in following if one and units]
                if units:
                    yield before, list(dict.fromkeys(units))
        elif op is _constants.SUBPATTERN:
            inner = [list(value[3])]
        elif op is _constants.BRANCH:
            inner = [list(branch) for branch in value[1]]
        elif op in (_constants.ASSERT, _constants.ASSERT_NOT):
            inner = [list(value[1])]
        elif op is _constants.ATOMIC_GROUP:
            inner = [list(value)]
        for one in inner:
            yield from _pumps(one, before)
        before += (_samples([(op, value)]) or [""])[0]


def _samples(items: list[Any]) -> list[str]:
    """A few texts that a sequence can match."""
    found = [""]
    for op, value in items:
        found = [one + more for one in found for more in _of(op, value)][:MAX_WIDTH]
    return found


def _of(op: Any, value: Any) -> list[str]:  # noqa: ANN401 - the parser's own nodes
    match op:
        case _constants.LITERAL:
            return [chr(value)]
        case _constants.NOT_LITERAL:
            return ["a" if value != ord("a") else "b"]
        case _constants.ANY:
            return ["a", " "]
        case _constants.IN:
            return [sign for sign in _SIGNS if _is_in(sign, value)][:MAX_WIDTH] or _first(value)
        case _constants.BRANCH:
            return [text for branch in value[1] for text in _samples(list(branch))][: 2 * MAX_WIDTH]
        case _constants.SUBPATTERN:
            return _samples(list(value[3]))
        case _constants.ATOMIC_GROUP:
            return _samples(list(value))
        case _constants.MAX_REPEAT | _constants.MIN_REPEAT | _constants.POSSESSIVE_REPEAT:
            low, _, what = value
            return [one * max(1, low) for one in _samples(list(what))]
        case _:
            return [""]  # places, looks around and references take no text here


_SIGNS = "a 0-Z_.\t\n*[|{:/é<&\"'#("
"""One of each kind that patterns speak of."""


def _is_in(sign: str, items: list[Any]) -> bool:
    """Whether a set has a sign: the set alone is compiled again to ask it."""
    state = _parser.State()
    state.str = ""
    data = _parser.SubPattern(state, [(_constants.IN, items)])
    from re import _compiler  # type: ignore[attr-defined]  # noqa: PLC0415

    return _compiler.compile(data, 0).fullmatch(sign) is not None


def _first(items: list[Any]) -> list[str]:
    for op, value in items:
        if op is _constants.LITERAL:
            return [chr(value)]
        if op is _constants.RANGE:
            return [chr(value[0])]
    return []
