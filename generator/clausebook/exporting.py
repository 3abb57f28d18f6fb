"""Tables as files for other programs: CSV for spreadsheets, JSON for scripts."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from json.encoder import encode_basestring
from typing import Any

Value = str | int | bool | date | None
Rows = Sequence[Mapping[str, Value]]
"""Rows of a table, each with the same keys in the same order."""

_FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""The signs, and their wide forms, that begin a formula."""

_BYTE_ORDER_MARK = "\ufeff"
"""Without it Excel takes the file for an old code page and spoils every dash and accent."""


def write_csv(rows: Rows) -> str:
    """Rows as RFC 4180 has them, in UTF-8 with a byte order mark.

    A cell that a spreadsheet would run as a formula begins with an apostrophe:
    what a school writes must never be run on the trust's computers.
    """
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(rows[0] if rows else ())
    writer.writerows([_cell(value) for value in row.values()] for row in rows)
    return _BYTE_ORDER_MARK + file.getvalue()


def _cell(value: Value) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case date():
            return value.isoformat()
        case int():
            return str(value)
        case str():
            risky = value.lstrip().startswith(_FORMULA) or value[:1] in {"\t", "\r", "\n"}
            return f"'{value}" if risky else value


class Ready(str):
    """JSON that was written for the place where it stands, and stays as it is."""

    __slots__ = ()


_ENCODER = json.JSONEncoder(ensure_ascii=False)


@lru_cache(maxsize=1 << 10)
def _key(name: str) -> str:
    return f"{_ENCODER.encode(name)}: "


def as_json(value: Any, edge: str = "\n") -> str:  # noqa: ANN401 - any JSON
    """What `json.dumps(…, ensure_ascii=False, indent=1)` gives, several times faster.

    `edge` is a new line at the place where the value stands.  Parts can be `Ready`, so that
    what many files share is written once.
    """
    kind = type(value)
    if kind is str:  # nearly everything is; what follows would only take longer
        return encode_basestring(value)
    if kind is dict and value:
        inner = edge + " "
        entries = [
            _key(name) + (encode_basestring(part) if type(part) is str else as_json(part, inner))
            for name, part in value.items()
        ]
        return f"{{{inner}{f',{inner}'.join(entries)}{edge}}}"
    match value:
        case Ready():
            return value
        case list() | tuple() if value:
            return as_list([as_json(item, edge + " ") for item in value], edge)
        case date():
            return _ENCODER.encode(value.isoformat())
        case Mapping() if value:
            return as_json(dict(value), edge)
        case _:
            return _ENCODER.encode(value)


def as_list(items: Sequence[str], edge: str) -> Ready:
    """Items that are JSON already, each written for a place one deeper than `edge`, as a list."""
    inner = edge + " "
    return Ready(f"[{inner}{f',{inner}'.join(items)}{edge}]" if items else "[]")


def write_json(name: str, rows: Rows, **about: Value) -> str:
    """Rows as a list under `name`, beside what holds for all of them."""
    said = {**about, name: [dict(row) for row in rows]}
    return as_json(said) + "\n"
