"""What PDFs are made with here, if anything: WeasyPrint, and the system's Pango and fonts.

This is asked before a build knows whether it has anything to do, so nothing of it is loaded but
the system's libraries, which takes a hundredth of a second.
"""

from __future__ import annotations

import ctypes
import os
from contextlib import suppress
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from clausebook.buildcache import digest, installed

_LIBRARIES = ("gobject-2.0", "pango-1.0", "harfbuzz", "fontconfig", "pangoft2-1.0")
"""What WeasyPrint cannot be loaded without (its `text/ffi.py`)."""

_NAMES = ("lib{}.so.0", "lib{}.so.1", "lib{}.0.dylib", "lib{}.dylib", "lib{}-0.dll")

_FONTS = (
    *("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts"),
    *("/System/Library/Fonts", "/Library/Fonts", "~/Library/Fonts", "C:/Windows/Fonts"),
)
"""Where systems keep fonts.  One more can change which of them a letter is taken from."""


@cache
def printer() -> str | None:
    """A digest of all that PDFs depend on beside what they say; None if none can be made."""
    if find_spec("weasyprint") is None:
        return None
    libraries = [_library(name) for name in _LIBRARIES]
    if None in libraries:
        return None
    versions = [_version(libraries[1], "pango"), _version(libraries[2], "hb")]
    return digest(*installed(), *versions, *_fonts())


def _library(name: str) -> ctypes.CDLL | None:
    for form in _NAMES:
        with suppress(OSError):
            return ctypes.CDLL(form.format(name))
    return None


def _version(library: ctypes.CDLL | None, name: str) -> str:
    """What a library says of itself; all of these have such a function."""
    asked = getattr(library, f"{name}_version_string", None)
    if asked is None:
        return ""
    asked.restype = ctypes.c_char_p
    return str(asked())


def _fonts() -> list[str]:
    """Every file in the folders for fonts, with its size."""
    found: list[str] = []
    for folder in _FONTS:
        for here, _, names in os.walk(Path(folder).expanduser()):
            for name in names:
                with suppress(OSError):
                    found.append(f"{here}/{name}={Path(here, name).stat().st_size}")
    return sorted(found)
