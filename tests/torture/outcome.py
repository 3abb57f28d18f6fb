"""What came of a trial."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Outcome:
    """So many cases were tried, and so many of them went wrong, which must be none."""

    name: str
    tried: int
    lost: int = 0
    """Cases after which something that was agreed, or a whole file, was gone or half-written."""
    executed: int = 0
    """Cases in which a script ran, or a page's structure was broken."""
    uncaught: int = 0
    """Cases with a traceback, a hang, too much memory, or a broken promise."""
    remarks: tuple[str, ...] = ()
    """One line for each of the first cases that did not survive: how to see it again."""

    @property
    def survived(self) -> int:
        """Cases in which nothing went wrong."""
        return self.tried - self.lost - self.executed - self.uncaught
