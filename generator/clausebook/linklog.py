"""When links to other websites were last seen working: `policy_source/links.yml`.

`clausebook links --check` writes the file; checks only read it, so they need no network.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from pydantic import Field

from clausebook.fieldtypes import Day, Line, Shape
from clausebook.problems import Problems
from clausebook.reading import POLICIES
from clausebook.source import Tree
from clausebook.sourcefiles import read_shape

LINK_FILE = f"{POLICIES}/links.yml"


class Seen(Shape):
    """What is known of one address."""

    tried: Day = Field(description="When it was last looked at")
    worked: Day | None = Field(default=None, description="When it was last seen working")
    problem: Line | None = Field(default=None, description="What went wrong, if it did not work")


class LinkFile(Shape):
    """`policy_source/links.yml`: links to other websites, and when they were looked at."""

    links: Mapping[Line, Seen] = Field(
        default_factory=dict, description="Each address, with what was found there"
    )


@dataclass(frozen=True)
class LinkLog:
    """What is known of links, by address."""

    seen: Mapping[str, Seen] = field(default_factory=dict)

    def with_answers(self, answers: Mapping[str, str], today: date) -> LinkLog:
        """After looking today; an answer is what went wrong, or "" if nothing did."""
        seen = dict(self.seen)
        for address, problem in answers.items():
            before = seen.get(address)
            worked = (before.worked if before else None) if problem else today
            seen[address] = Seen(tried=today, worked=worked, problem=problem or None)
        return LinkLog(seen)

    def only(self, addresses: set[str]) -> LinkLog:
        """Without the addresses that no policy links to any more."""
        return LinkLog(
            {address: seen for address, seen in self.seen.items() if address in addresses}
        )

    def text(self) -> str:
        """The file."""
        lines = ["# Written by 'clausebook links --check'.", "links:" + " {}" * (not self.seen)]
        for address, seen in sorted(self.seen.items()):
            lines += [f"  {_quoted(address)}:", f"    tried: {seen.tried}"]
            lines += [f"    worked: {seen.worked}"] if seen.worked else []
            lines += [f"    problem: {_quoted(seen.problem)}"] if seen.problem else []
        return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """Text as a double-quoted scalar, which in YAML is written as in JSON."""
    return json.dumps(text, ensure_ascii=False)


def read_link_log(tree: Tree, problems: Problems) -> LinkLog:
    """What is on record; nothing if nobody has looked yet."""
    if not tree.is_file(LINK_FILE):
        return LinkLog()
    _, found = read_shape(tree, LINK_FILE, LinkFile, problems)
    return LinkLog(found.links) if found else LinkLog()
