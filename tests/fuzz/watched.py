"""One reader given to libFuzzer: `python -m tests.fuzz.watched <reader> <libFuzzer's options>`.

It is a program of its own, because libFuzzer ends the process it runs in, and because nothing that
is to be watched may have been imported before.
"""

from __future__ import annotations

import importlib
import sys

WATCHED = ["clausebook", "markdown_it"]
"""Packages in which it is seen what an input reaches."""


def main() -> None:
    """Make inputs up until libFuzzer's time is over, or one raises an exception."""
    atheris = importlib.import_module("atheris")  # there is none but on Linux

    program, reader, *options = sys.argv
    with atheris.instrument_imports(include=WATCHED):
        targets = importlib.import_module("tests.fuzz.targets")
    atheris.Setup([program, *options], targets.TARGETS[reader])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
