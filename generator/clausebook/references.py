"""Cross-references: every one leads to a clause that exists where it is read."""

from __future__ import annotations

from collections.abc import Sequence

from clausebook.model import Clause, TailoredPolicy, Trust
from clausebook.problems import Problems, nearest
from clausebook.prose import Reference, inlines_of, walk
from clausebook.remembering import by_identity


@by_identity()
def references_in(clause: Clause) -> Sequence[Reference]:
    """Every cross-reference in a clause."""
    return tuple(
        word
        for words in (clause.words, *inlines_of(clause.body))
        for word in walk(words)
        if isinstance(word, Reference)
    )


def check_references(trust: Trust, policies: Sequence[TailoredPolicy], problems: Problems) -> None:
    """Find references to clauses that neither these policies nor any master has."""
    masters = [policy.outline.by_id for policy in trust.policies.values()]
    known: set[str] = set().union(*masters, *(policy.by_id for policy in policies))
    for policy in policies:
        for published in policy.clauses:
            for reference in references_in(published.clause):
                if reference.target not in known:
                    problems.error(
                        "broken-reference",
                        f"'#{reference.target}' leads to no clause",
                        reference.span,
                        nearest(reference.target, known)
                        or "use the ID of a clause that is there, or remove the link",
                    )
