"""A policy handed out as a document: what is asked for is found, and made into a `Paper`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from clausebook.bodies import trust_body
from clausebook.diffing import DRAFT, Difference, difference
from clausebook.everything import Everything, open_tree, read_everything
from clausebook.making import standings
from clausebook.model import Body, TailoredPolicy, Trust
from clausebook.packpage import pack_document
from clausebook.papers import Paper, paper
from clausebook.problems import Problems, nearest
from clausebook.publication import Edition, Publication, publication
from clausebook.recording import UnknownError, find_body, find_standing
from clausebook.standing import Standing
from clausebook.survey import Survey
from clausebook.updates import Update


@dataclass(frozen=True)
class Shelved:
    """One policy at one body with everything on record, ready to be handed out in any form."""

    everything: Everything
    body: Body
    """With the policies that its site shows."""
    publication: Publication
    updates: Sequence[Update]
    master: Standing | None
    """The trust's own policy, for a school's."""

    @property
    def trust(self) -> Trust:
        """The trust."""
        return self.everything.trust

    def paper(self, label: str | None) -> Paper:
        """A version, the draft (`draft`), or what the site shows (None), as a document.

        Raises `UnknownError` if there is no such version.
        """
        return paper(self.trust, self.body, self.publication, self.edition(label), self.updates)

    def edition(self, label: str | None) -> Edition | None:
        """The version of a label; None for the draft."""
        if label is None:
            return self.publication.in_force
        if label == DRAFT:
            return None
        found = {edition.label: edition for edition in self.publication.editions}
        if label not in found:
            known = [*found, DRAFT]
            hint = nearest(label, known) or "there are: " + ", ".join(known)
            told = f"{self.body.short_name} has no version '{label}' of this policy; {hint}"
            raise UnknownError(told)
        return found[label]

    def which(self, label: str | None) -> str:
        """The label of a version, or `draft`; None is what the site shows."""
        edition = self.edition(label)
        return edition.label if edition else DRAFT

    def policy(self, label: str | None) -> TailoredPolicy:
        """The words of a version, of the draft (`draft`), or of what the site shows (None)."""
        edition = self.edition(label)
        return edition.policy if edition else self.publication.draft

    def pack(self, *, on_paper: bool = False) -> str | None:
        """The governors' pack on a draft as HTML, for screens or pages; None if none waits."""
        if not self.publication.has_pack:
            return None
        return pack_document(
            self.trust, self.body, self.publication, self.master, on_paper=on_paper
        )

    def difference(self, before: str, after: str) -> Difference:
        """Two sides compared, each a version's label or `draft`."""
        policy = self.publication.standing.policy
        return difference(self.everything, self.body, policy, before, after)


def shelved(root: Path, body_id: str, policy_id: str, today: date) -> Shelved:
    """Read everything and find one policy at one body.

    Raises `SourceError` if sources have mistakes, `UnknownError` for names that do not exist.
    """
    problems = Problems()
    everything = read_everything(open_tree(root), problems)
    return shelve(everything, body_id, policy_id, today, problems)


def shelve(
    everything: Everything, body_id: str, policy_id: str, today: date, problems: Problems
) -> Shelved:
    """Find one policy at one body in what has been read; `problems` are those found so far.

    Raises `SourceError` if sources have mistakes, `UnknownError` for names that do not exist.
    """
    body = find_body(everything.trust, body_id, problems)
    problems.stop_on_errors()
    find_standing(everything, body, policy_id)
    asked = Survey(everything.trust, today)
    published = [publication(state, asked) for state in standings(everything, body)]
    chosen = next(one for one in published if one.id == policy_id)
    shown = replace(body, policies=tuple(one.shown for one in published))
    log = everything.logs.get(body_id)
    master = None
    if body.school:
        master = find_standing(everything, trust_body(everything.trust, Problems()), policy_id)
    return Shelved(everything, shown, chosen, log.updates if log else (), master)
