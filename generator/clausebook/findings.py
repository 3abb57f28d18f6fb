"""What is wrong in a trust's folder, told stage by stage."""

from __future__ import annotations

from datetime import date

from clausebook.accounts import check_group_notes
from clausebook.everything import Everything, read_schools
from clausebook.making import Made, Workshop, open_workshop
from clausebook.problems import Problems
from clausebook.rules import run_rules
from clausebook.source import Tree


class Findings:
    """What is wrong, stage by stage: of a later stage nothing is told while one before it fails."""

    def __init__(self, problems: Problems, shared: Everything) -> None:
        """Collect into `problems`, which has what was wrong with what is shared."""
        self.problems = problems
        self.shared = shared
        self.later = Problems()
        """What is wrong with what the files say, where all of them could be read."""
        self.made: dict[str, Made] = {}
        self.told_by_rules: Problems | None = None

    def open_workshop(self, tree: Tree, today: date) -> Workshop | None:
        """Prepare what all sites share; None if the versions on record are damaged."""
        if self.problems.errors:
            read_schools(self.shared.trust.schools, tree, self.shared, self.problems)
            return None
        return open_workshop(tree, self.shared, self.later, today)

    def add(self, made: Made) -> None:
        """Take in what came of one school."""
        self.made[made.id] = made

    def ask_rules(self, shop: Workshop) -> None:
        """Run the rules; what they find is told after everything else."""
        self.told_by_rules = Problems()
        if not (self.problems.errors or self.later.errors):
            run_rules(shop.survey, self.told_by_rules)

    def conclude(self, shop: Workshop | None) -> None:
        """Raise `SourceError` with all that was found in the first stage that has errors.

        It is told in the order of the schools, whoever was done first.
        """
        in_order = [
            self.made[school] for school in self.shared.trust.schools if school in self.made
        ]
        uses = [use for made in in_order for use in made.uses]
        for made in in_order:
            self.problems.found += made.unread
            self.later.found += made.problems
        self.problems.stop_on_errors()
        check_group_notes(uses, self.shared.notes, self.later)
        self.problems.found += self.later.found
        self.problems.stop_on_errors()
        if shop:
            if self.told_by_rules is None:
                self.ask_rules(shop)
            self.problems.found += self.told_by_rules.found if self.told_by_rules else ()
        self.problems.stop_on_errors()
