"""The style sheets of documents on paper, which are `templates/paper/*.css`."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

FOLDER = "templates/paper"
"""The folder of the style sheets, and of what is printed with them."""

_SHARED = "sheet.css"


@cache
def sheet(name: str) -> str:
    """What every document on paper shares, and after it the sheet of that name."""
    folder = files("clausebook") / FOLDER
    return "\n".join((folder / each).read_text("utf-8") for each in (_SHARED, name))
