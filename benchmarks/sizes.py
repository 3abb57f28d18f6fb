"""How large the trusts are that are measured."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """How many schools, policies, and versions of each policy at each school."""

    schools: int
    policies: int
    versions: int
    seed: int = 1

    def __str__(self) -> str:
        return f"{self.schools:,} × {self.policies} × {self.versions}"

    @property
    def words(self) -> list[str]:
        """As the workload's command takes it."""
        return [str(number) for number in (self.schools, self.policies, self.versions, self.seed)]


SIZES = {
    "small": Size(5, 2, 3),
    "trust": Size(20, 5, 3),
    "large": Size(90, 20, 3),
    "nation": Size(24_000, 1, 1),
}

GROWTH = (Size(5, 2, 3), Size(20, 2, 3), Size(5, 8, 3), Size(5, 2, 9))
"""The small trust, and four, four and three times as much of one thing."""
