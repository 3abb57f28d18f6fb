"""The kinds of text, name, address and day that stand in the YAML files, as pydantic types."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from clausebook.addresses import fault_in_email, fault_in_web
from clausebook.contrast import read_colour
from clausebook.dates import MESSAGE as DATE_MESSAGE
from clausebook.dates import read_date
from clausebook.matching import mistake_in
from clausebook.source import INVISIBLE, character, is_seen

ID_PATTERN = r"^[a-z](?:-?[a-z0-9]){0,63}$"
"""IDs of schools, groups, policies and clauses: lower-case letters, digits, single hyphens."""

RESERVED = frozenset(
    ("con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10)))
)
"""Names that no file and no folder can have on Windows, whatever follows them after a dot.

From Microsoft's "Naming Files, Paths, and Namespaces".
"""

NAME_PATTERN = r"^[a-z](?:_?[a-z0-9]){0,63}$"
"""Names used in `{{ … }}`: lower-case letters, digits, single underscores."""


def _as_date(raw: Any) -> Any:  # noqa: ANN401 - pydantic hands over whatever was written
    if isinstance(raw, str):
        found = read_date(raw)
        if found is None:
            raise PydanticCustomError("bad_date", DATE_MESSAGE)
        return found
    return raw


def _safe_web_address(address: str) -> str:
    if why := fault_in_web(address):
        raise PydanticCustomError("bad_value", "{why}", {"why": why})
    return address


IN_ADDRESS = re.compile(r"\{([^{}]*)\}")
"""A name between single braces, which stands for a part of an address."""

ACKNOWLEDGED = ("policy", "version", "school")
"""What can be filled in where a reader confirms a version."""


def _acknowledge_address(address: str) -> str:
    """A form's address: https, on a website that is named, and bound to one version."""
    names = IN_ADDRESS.findall(address)
    unknown = [name for name in names if name not in ACKNOWLEDGED]
    if unknown:
        why = f"nothing is known for {{{unknown[0]}}}: write {{policy}}, {{version}} or {{school}}"
    elif not re.match(r"https://[^/?#{}\s]+[/?]", address):
        why = "it begins with https:// and a website’s name; {policy} and the others come after it"
    elif found := fault_in_web(IN_ADDRESS.sub("", address)):
        why = found
    elif not {"policy", "version"} <= set(names):
        why = "{policy} and {version} must stand in it: somebody confirms one version of one policy"
    else:
        return address
    raise PydanticCustomError("bad_value", "{why}", {"why": why})


def _safe_email(address: str) -> str:
    if why := fault_in_email(address):
        raise PydanticCustomError("bad_value", "{why}", {"why": why})
    return address


def _safe_phone(number: str) -> str:
    if not re.match(r"^\(?\+?[0-9][0-9 ()-]*( ?(ext\.?|x) ?[0-9]+)?$", number):
        raise PydanticCustomError(
            "bad_value", "a telephone number has digits and spaces, e.g. 01632 960123 ext 4"
        )
    return number


def _colour(text: str) -> str:
    found = read_colour(text)
    if found is None:
        raise PydanticCustomError(
            "bad_value", 'a colour is # and six digits or letters a to f, in quotes: "#7a1f3d"'
        )
    return found


def _visible(text: str) -> str:
    """Refuse what nobody can see: in files it has been found already, on a command line not."""
    if not is_seen(text) and (found := INVISIBLE.search(text)):
        sign = character(found[0])
        message = "there is a character in it that cannot be shown: {sign}"
        raise PydanticCustomError("bad_value", message, {"sign": sign})
    return text


def _on_one_line(text: str) -> str:
    return re.sub(r"\s*\n\s*", " ", text)


BRACES = re.compile(r"\{\{|\}\}|\{%")
"""Signs that begin or end a name in wording."""

NAMED = re.compile(r"\{\{([^\n{}]*)\}\}")
"""A name in a text, with its braces."""


class Unfilled(str):
    """A text in which names stand that are not filled in yet."""

    __slots__ = ()


def stray_braces(text: str) -> re.Match[str] | None:
    """The first braces in a text that belong to no name."""
    return BRACES.search(NAMED.sub(lambda found: " " * len(found[0]), text))


def without_names(text: str) -> str:
    """A text that is used as it is written, so that no name can stand in it."""
    if BRACES.search(text):
        raise PydanticCustomError("no_names", "no names are filled in here: write the word itself")
    return text


def _with_names(text: str) -> str:
    if stray_braces(text):
        raise PydanticCustomError("stray_braces", "a name stands between double braces")
    return Unfilled(text) if "{{" in text else text


_Line = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=400),
    AfterValidator(_on_one_line),
    AfterValidator(_visible),
]
_Prose = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000),
    AfterValidator(_visible),
]

# Every text of every shape is of one of these kinds, so that no name reaches a page unfilled.
Line = Annotated[_Line, AfterValidator(without_names)]
"""A short text on one line, used as it is written."""
FilledLine = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000),
    AfterValidator(_on_one_line),
    AfterValidator(_visible),
    AfterValidator(without_names),
]
"""An `OpenLine` in which the names have been filled in, which can make it long."""
Prose = Annotated[_Prose, AfterValidator(without_names)]
"""A longer text, used as it is written."""
OpenLine = Annotated[_Line, AfterValidator(_with_names)]
"""A short text in which terms may stand, and the names of the school, its group and the trust."""
OpenProse = Annotated[_Prose, AfterValidator(_with_names)]
"""A longer text in which they may."""
Wording = _Prose
"""Markdown with value names, read by `clauses`."""
WebAddress = Annotated[Line, AfterValidator(_safe_web_address)]
AcknowledgeAddress = Annotated[Line, AfterValidator(_acknowledge_address)]
Email = Annotated[Line, AfterValidator(_safe_email)]
Phone = Annotated[Line, AfterValidator(_safe_phone)]
Colour = Annotated[Line, AfterValidator(_colour)]
"""A colour, as `#7a1f3d`."""
Day = Annotated[
    date,
    BeforeValidator(_as_date),
    WithJsonSchema({"type": "string", "description": DATE_MESSAGE}),
]
Identifier = Annotated[str, StringConstraints(pattern=ID_PATTERN)]
Name = Annotated[str, StringConstraints(pattern=NAME_PATTERN)]


def _phrase(phrase: str) -> str:
    mistake = mistake_in(phrase)
    if mistake:
        raise PydanticCustomError("bad_value", "{mistake}", {"mistake": mistake})
    return phrase


Phrase = Annotated[Line, AfterValidator(_phrase)]
"""Words to look for, as `matching` reads them."""


class Shape(BaseModel):
    """What all shapes have in common: closed and immutable."""

    model_config = ConfigDict(extra="forbid", frozen=True)
