"""What a school may change: the trust's marks and defaults, held against overrides."""

from __future__ import annotations

from dataclasses import dataclass

from clausebook.model import Add, Clause, Mark, Omit, Outline, Override, Place
from clausebook.problems import Problems
from clausebook.shapes import Freedom

_BY_MARK = {
    Mark.LOCKED: Freedom.NOTHING,
    Mark.STRICTER: Freedom.BE_STRICTER,
    Mark.ADAPTABLE: Freedom.ADAPT,
}
"""What a mark that holds for everything under a clause lets schools do."""


@dataclass(frozen=True)
class Permissions:
    """What the trust lets its schools do with the clauses of one policy."""

    outline: Outline
    default: Freedom
    """What holds where no clause says otherwise."""

    def of(self, clause_id: str) -> tuple[Freedom, Clause | None]:
        """What schools may do with a clause, and which clause says so, if one does.

        The nearest mark decides: the clause's own, or that of the first clause above it that
        has one.
        """
        for clause in (self.outline.by_id[clause_id], *self.outline.ancestors(clause_id)):
            for mark, freedom in _BY_MARK.items():
                if mark in clause.marks:
                    return freedom, clause
        return self.default, None

    def may_be_left_out(self, clause_id: str) -> bool:
        """Whether a clause, or one above it, is marked as optional, or all of them are."""
        if Mark.OPTIONAL in self.outline.marks(clause_id):
            return True
        return self.of(clause_id)[0] is Freedom.LEAVE_OUT

    def check(self, override: Override, problems: Problems, *, is_trusts: bool) -> bool:
        """Whether an override is allowed; what is not is a problem.

        `is_trusts` says whether the trust wrote the clause that it names.
        """
        if not self._not_locked(override, problems):
            return False
        if not is_trusts:
            return True
        return self._not_softened(override, problems) and self._optional(override, problems)

    def _concerned(self, override: Override) -> tuple[Clause, ...]:
        """The clauses that an override changes, or puts something under."""
        target = self.outline.by_id[override.target]
        if isinstance(override, Omit):
            return self.outline.subtree(override.target)
        if isinstance(override, Add) and override.place is not Place.WITHIN:
            # what is put beside a clause stands under that clause's parent
            return (self.outline.by_id[target.parent],) if target.parent else ()
        return (target,)

    def _not_locked(self, override: Override, problems: Problems) -> bool:
        for clause in self._concerned(override):
            freedom, source = self.of(clause.id)
            if freedom is not Freedom.NOTHING:
                continue
            problems.error(
                "locked-clause",
                f"the trust has locked '{source.id}'{self._relation(source, override.target)}"
                if source
                else "the trust has locked every clause of this policy",
                override.span,
                "remove this override; ask the trust if the clause cannot work for you",
                ((source.span, "it is locked here"),) if source else (),
            )
            return False
        return True

    def _not_softened(self, override: Override, problems: Problems) -> bool:
        """Words cannot be shown to be stricter, so they stay; what is added can only add."""
        if isinstance(override, Add):
            return True
        for clause in self._concerned(override):
            freedom, source = self.of(clause.id)
            if freedom is not Freedom.BE_STRICTER:
                continue
            where = f"'{source.id}'{self._relation(source, override.target)}" if source else ""
            problems.error(
                "stricter-only",
                f"schools may only be stricter than {where}"
                if source
                else "schools may only be stricter than this policy",
                override.span,
                "keep the trust's words, and put a clause of your own beside or under them",
                ((source.span, "the trust says so here"),) if source else (),
            )
            return False
        return True

    def _relation(self, source: Clause, target: str) -> str:
        if source.id == target:
            return ""
        above = any(clause.id == source.id for clause in self.outline.ancestors(target))
        return f", under which '{target}' stands" if above else f", which stands under '{target}'"

    def _optional(self, override: Override, problems: Problems) -> bool:
        if not isinstance(override, Omit) or self.may_be_left_out(override.target):
            return True
        problems.error(
            "not-optional",
            f"the trust has not marked '{override.target}' as optional",
            override.span,
            "adapt it with 'replace:', or ask the trust to mark it '.optional'",
            ((self.outline.by_id[override.target].span, "the clause is here"),),
        )
        return False
