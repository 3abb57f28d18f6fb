"""Pages about versions: history, each version, what changed, proposals, every clause's past."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from clausebook.accounts import reasons
from clausebook.archive import Status
from clausebook.changes import Cause, Comparison, Overtaken, Provision
from clausebook.clausepage import Linker, Markdown, write_clauses
from clausebook.compare import overtaken
from clausebook.english import count
from clausebook.filling import Filling
from clausebook.frozen import Version
from clausebook.model import Body, TailoredPolicy, Trust
from clausebook.packpage import pack_page
from clausebook.pagetemplates import Page, render
from clausebook.pastpage import past_lines
from clausebook.problems import Problems
from clausebook.publication import Publication, history
from clausebook.qr import qr_of_policy
from clausebook.reading import TRUST_ID
from clausebook.records import ChangeRecord
from clausebook.redlinepage import redline_clause_lines, redline_policy_lines, was_anchor
from clausebook.standing import Standing
from clausebook.updates import Update


@dataclass(frozen=True)
class VersionPages:
    """The pages about the versions of one policy at one body."""

    trust: Trust
    body: Body
    publication: Publication
    updates: Sequence[Update]
    master: Standing | None = None
    """The trust's own policy, for a school's."""

    @property
    def folder(self) -> str:
        """Where these pages stand, from the `docs` folder."""
        return f"policies/{self.publication.id}"

    def pages(self) -> Iterator[Page]:
        """Every page about the policy's versions."""
        title = self.publication.draft.policy.control.title
        yield self._history(f"{title}: history")
        if self.publication.has_proposals:
            yield self._proposed(f"{title}: proposed changes")
        if self.publication.has_pack:
            yield pack_page(self.trust, self.body, self.publication, self.master)
        if self.publication.editions:
            yield self._clauses(f"{title}: every clause and its past")
        for edition in self.publication.editions:
            label = edition.label
            yield self._page(
                f"versions/v{label}.md",
                f"{title}, version {label}",
                "version.md",
                edition=edition,
                clauses=self._clause_lines(f"versions/v{label}.md", edition.policy),
                qr=qr_of_policy(self.trust, self.body, self.publication.id),
            )
            if edition.version.record.previous:
                yield self._changes(
                    f"changes/v{label}.md",
                    f"{title}: what changed in version {label}",
                    edition.changes,
                    edition.version.record.changes,
                    draft=False,
                )

    def _history(self, title: str) -> Page:
        rows = history(self.publication.editions, self.updates)
        return self._page("history.md", title, "history.md", rows=rows)

    def _proposed(self, title: str) -> Page:
        state = self.publication.standing
        return self._changes(
            "proposed.md", title, state.comparison, reasons(state, proposed=True), draft=True
        )

    def _changes(
        self,
        path: str,
        title: str,
        comparison: Comparison,
        records: Sequence[ChangeRecord],
        *,
        draft: bool,
    ) -> Page:
        linker = Linker(self.trust, self.body, f"{self.folder}/{path}")
        changes = comparison.listed
        lines = redline_policy_lines(comparison, linker, context="changed") if changes else []
        return self._page(
            path,
            title,
            "changes.md",
            changes=changes,
            renumbered=len(comparison.renumbered),
            records=records,
            draft=draft,
            intro=_intro(comparison, draft=draft),
            redline=Markdown("\n".join(lines)),
            overtaken=[
                {"provision": one.provision, "redline": self._trusts(one, linker)}
                for one in overtaken(comparison)
            ],
            anchor=lambda change: Markdown(
                change.id if change.after else was_anchor(change.id, comparison)
            ),
        )

    def _trusts(self, one: Overtaken, linker: Linker) -> Markdown:
        """The trust's old and new wording of a clause as one, in a quotation."""
        filling = Filling(self.publication.draft.names, Problems(), trusted=True, may_be_open=True)
        before, after = (
            Provision(clause=clause, shown=filling.clause(clause), label=one.provision.label)
            for clause in (one.before, one.after)
        )
        lines = redline_clause_lines(before, after, linker)
        return Markdown("\n".join(f"> {line}".rstrip() for line in lines))

    def _clauses(self, title: str) -> Page:
        linker = Linker(self.trust, self.body, f"{self.folder}/clauses.md")
        past = Markdown("".join(past_lines(self.publication, linker)))
        return self._page("clauses.md", title, "clauses.md", past=past)

    def _clause_lines(self, path: str, policy: TailoredPolicy) -> Markdown:
        here = f"{self.folder}/{path}"
        linker = Linker(self.trust, self.body, here, explains=False, stands=policy)
        return write_clauses(policy, linker)

    def _number(self, version: Version, clause_id: str) -> str:
        """A clause's number in a version, or the one it had before it was removed there."""
        labels = self.publication.standing.archive.by_label
        previous = version.record.previous
        sides = (version, labels.get(previous.version) if previous else None)
        found = (side.by_id[clause_id].label for side in sides if side and clause_id in side.by_id)
        return next(found, clause_id)

    def _page(self, path: str, title: str, template: str, **more: object) -> Page:
        full = f"{self.folder}/{path}"
        linker = Linker(self.trust, self.body, full)

        def to_change(label: str, clause_id: str = "") -> Markdown:
            address = linker.path(f"{self.folder}/changes/v{label}.md")
            return Markdown(address + (f"#c-{clause_id}" if clause_id else ""))

        return render(
            full,
            title,
            template,
            body=self.body,
            school=self.body.school,
            publication=self.publication,
            folder=self.folder,
            Status=Status,
            number=self._number,
            author=lambda source: author(source, linker),
            way=lambda target: Markdown(linker.path(target)),
            quoted=linker.quoted,
            to_change=to_change,
            to_policy=Markdown(linker.path(f"{self.folder}.md")),
            to_version=lambda label: Markdown(linker.path(f"{self.folder}/versions/v{label}.md")),
            **more,
        )


def author(source: str, linker: Linker) -> str:
    """Who made a change, by name."""
    return linker.trust.short_name if source == TRUST_ID else linker.layer_name(source)


def _intro(comparison: Comparison, *, draft: bool) -> str:
    """How many changes there are, and who made them."""
    from_trust = len(comparison.caused_by(Cause.TRUST))
    here = len(comparison.caused_by(Cause.HERE))
    parts = [
        f"{count(from_trust, 'clause')} changed by the trust" if from_trust else "",
        f"{count(here, 'clause')} changed here" if here else "",
    ]
    told = " and ".join(part for part in parts if part)
    if not told:
        return "Nothing that needs agreement changed."
    return ("Not agreed yet: " if draft else "") + told + "."
