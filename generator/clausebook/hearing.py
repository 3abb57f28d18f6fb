"""What is said on the terminal, whoever listens.

What a command does must not depend on whether anybody hears of it.  So a stream that nobody opened
leads nowhere, a reader who has gone (`| head -1`) is no mistake, and a sign that the terminal's
encoding lacks is written as its number.
"""

from __future__ import annotations

import os
import sys
from io import BufferedWriter, FileIO, TextIOWrapper
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


class _Ear(FileIO):
    """A stream to which one can always write; what was not taken is known afterwards."""

    def __init__(self, descriptor: int) -> None:
        super().__init__(descriptor, "wb", closefd=False)
        self.deaf: OSError | None = None

    def write(self, data: ReadableBuffer, /) -> int:
        """Write, unless it is known to be in vain."""
        size = memoryview(data).nbytes
        if self.deaf:
            return size
        try:
            return super().write(data)
        except OSError as error:
            self.deaf = error
            return size


def speak_to_anybody() -> None:
    """Let all that is printed from now on be heard or not, and change nothing else."""
    for descriptor, flags in enumerate((os.O_RDONLY, os.O_WRONLY, os.O_WRONLY)):
        try:
            os.fstat(descriptor)
        except OSError:  # else the next file that is opened would be taken for this stream
            os.open(os.devnull, flags)
    if sys.stdin is None:
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    if sys.platform != "win32":  # where a console is no file
        if sys.stdout is sys.__stdout__:
            sys.stdout = _steady(sys.stdout, 1)
        if sys.stderr is sys.__stderr__:
            sys.stderr = _steady(sys.stderr, 2)


def unheard() -> str | None:
    """Why standard output did not take what was printed; None if it did, or its reader has gone."""
    stream = sys.stdout
    if not isinstance(stream, _Steady):
        return None
    stream.flush()
    error = stream.ear.deaf
    if error is None or isinstance(error, BrokenPipeError):
        return None
    return f"standard output cannot be written: {(error.strerror or str(error)).lower()}"


class _Steady(TextIOWrapper):
    """A text stream that leads to an `_Ear`."""

    def __init__(self, descriptor: int, encoding: str) -> None:
        self.ear = _Ear(descriptor)
        at_once = self.ear.isatty() or descriptor != 1
        super().__init__(
            BufferedWriter(self.ear),
            encoding=encoding,
            errors="backslashreplace",
            line_buffering=at_once,
        )


def _steady(stream: object, descriptor: int) -> TextIOWrapper:
    """The same stream, or one in the place of none."""
    encoding = stream.encoding if isinstance(stream, TextIOWrapper) else "utf-8"
    return _Steady(descriptor, encoding)
