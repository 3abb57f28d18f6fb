"""Tables as files for other programs: CSV for spreadsheets, JSON for scripts."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from datetime import date

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


def write_json(name: str, rows: Rows, **about: Value) -> str:
    """Rows as a list under `name`, beside what holds for all of them."""
    said = {**about, name: [dict(row) for row in rows]}
    return json.dumps(said, ensure_ascii=False, indent=1, default=date.isoformat) + "\n"
