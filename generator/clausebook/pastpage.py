"""Every wording that each clause has had, as Markdown.

No template writes this: with a hundred clauses in every policy of every school it is much text.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from clausebook.clausepage import Linker, Markdown, quoted_anywhere
from clausebook.dates import show_date
from clausebook.model import TailoredClause
from clausebook.phrases import markdown
from clausebook.publication import Edition, Publication, Said, wordings
from clausebook.remembering import MANY, by_identity


def past_lines(publication: Publication, linker: Linker) -> Iterator[str]:
    """Clause by clause, as they first appeared, from the first wording to the last."""
    editions = {edition.label: _Dated(edition, linker) for edition in publication.editions}
    latest = publication.editions[-1].version.by_id
    for clause_id, said in wordings(publication.editions).items():
        yield _heading(clause_id)
        for one in said:
            yield editions[one.version.label].wording(one)
        removed = publication.removed_in(clause_id) if clause_id not in latest else None
        if removed:
            on = show_date(removed.record.ratified.on)
            yield f"Removed in version {markdown(removed.label)}, {on}.\n\n"


class _Dated:
    """The wordings that one version brought."""

    def __init__(self, edition: Edition, linker: Linker) -> None:
        self.shown = edition.policy.by_id
        self.quoted = linker.quoted
        label, on = edition.label, show_date(edition.version.record.ratified.on)
        page = f"policies/{edition.policy.policy.id}/versions/v{label}.md"
        self.start = f"**[Version {markdown(label)}]({linker.path(page)}#"
        self.after = f")**, {on}, as "

    def wording(self, said: Said) -> str:
        """One wording, with its date and the reasons for it."""
        clause = self.shown[said.clause_id]
        id_, label, words = _told(clause)
        text = f"{self.start}{id_}{self.after}{label}"
        for at, reason in enumerate(said.reasons):
            colon = "" if at else markdown(":")
            text += f"{colon} {markdown(reason.what)} {markdown(reason.why)}"
        if said.only_moved:
            return f"{text}\nMoved here; its words are the same.\n\n"
        return f"{text}\n{words or self.quoted(clause.shown)}\n\n"


@lru_cache(maxsize=MANY)
def _heading(clause_id: str) -> str:
    return f"## {markdown(clause_id)} {{: #h-{clause_id} }}\n\n"


@by_identity()
def _told(clause: TailoredClause) -> tuple[str, str, Markdown | None]:
    """A clause's ID and number, and its words, if they are alike on every site."""
    return markdown(clause.id), markdown(clause.label), quoted_anywhere(clause.shown)
