"""Links to other websites: which there are, and when each was last seen working."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from clausebook.everything import open_tree
from clausebook.linkcheck import NO_NETWORK, ask_all
from clausebook.linked import links_in
from clausebook.linklog import LINK_FILE, Seen, read_link_log
from clausebook.locks import workspace
from clausebook.problems import ClausebookError, Problems
from clausebook.reading import read_trust
from clausebook.source import Span
from clausebook.swap import clear_unfinished, write_file
from clausebook.workspace import refuse_links


class NoNetworkError(ClausebookError):
    """Nothing at all answered."""


@dataclass(frozen=True)
class LinkedTo:
    """An address, where it stands, and what is known of it."""

    address: str
    places: tuple[Span, ...]
    seen: Seen | None


def list_links(root: Path, today: date, *, ask: bool) -> Sequence[LinkedTo]:
    """Every link in a trust's folder; with `ask`, each is looked at, and that is written down."""
    tree = open_tree(root)
    problems = Problems()
    trust = read_trust(tree, problems)
    log = read_link_log(tree, problems)
    problems.stop_on_errors()
    places: dict[str, list[Span]] = {}
    for address, span in links_in(trust):
        places.setdefault(address, []).append(span)
    if ask and places:
        answers = ask_all(places)
        _stop_without_network(answers)
        with workspace(root, alone=True):
            refuse_links(root, LINK_FILE)
            clear_unfinished(root)
            log = read_link_log(tree, problems).with_answers(answers, today).only(set(places))
            problems.stop_on_errors()
            write_file(root / LINK_FILE, log.text().encode())
    return [
        LinkedTo(address, tuple(spans), log.seen.get(address))
        for address, spans in sorted(places.items())
    ]


def _stop_without_network(answers: Mapping[str, str]) -> None:
    if all(answer == NO_NETWORK for answer in answers.values()):
        raise NoNetworkError(
            f"none of {len(answers)} websites answered: there seems to be no network here\n"
            f"Nothing was written. {LINK_FILE} says what was found before, if it is there."
        )
