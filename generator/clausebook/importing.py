"""`import`: a document from elsewhere becomes a draft, and a report of all that was decided."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from clausebook.archive import recorded_ids
from clausebook.bodies import layers_for
from clausebook.draftoverrides import Drafted, Ground, draft_overrides
from clausebook.drafts import Draft, draft_policy
from clausebook.everything import open_tree
from clausebook.found import FoundDocument
from clausebook.founddefects import defects
from clausebook.foundvalues import propose
from clausebook.handouts import shelved
from clausebook.imported import Structure
from clausebook.importreport import Report, as_markdown, title
from clausebook.matched import Matching
from clausebook.matches import match
from clausebook.model import Add, Policy, TailoredPolicy, Trust
from clausebook.names import fill_for_school, fill_for_trust, with_texts
from clausebook.problems import ClausebookError, Problems, nearest
from clausebook.proposals import Proposals
from clausebook.reading import POLICIES, SCHOOLS, read_policy, read_trust
from clausebook.redlinepage import document as html_document
from clausebook.returned import returned
from clausebook.snapshot import Snapshot
from clausebook.source import Tree
from clausebook.structure import structure
from clausebook.swap import write_files
from clausebook.tailor import tailor
from clausebook.weighing import Tolerant, stop_on_the_trusts
from clausebook.workspace import refuse_links


class ImportingError(ClausebookError):
    """A document that cannot be made into what was asked for, or a file that is in the way."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is to become of a document."""

    policy_id: str | None = None
    """The folder of the new master policy; its title decides, if nobody does."""
    against: str | None = None
    """The master that it is matched to; None for a new master."""
    school: str | None = None
    """Whose document it is; without one, nothing but the report comes of a match."""
    reports: Path = Path()
    """The folder for the report."""
    dry_run: bool = False
    """Whether only the report is written."""
    force: bool = False
    """Whether files that are there may be replaced."""
    today: date


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What was done."""

    report: Report
    files: tuple[Path, ...]
    """What was written, the report last."""


def import_document(root: Path, document: FoundDocument, wanted: Wanted) -> Imported:
    """Make a draft and a report of a document, and write both, or neither.

    Raises `SourceError` if the trust's own files are wrong, and `ImportingError` if a school or a
    policy does not exist, or a file is there already.
    """
    tree = open_tree(root)
    problems = Tolerant()
    trust = read_trust(tree, problems)
    stop_on_the_trusts(problems)
    _refuse_unknown(trust, wanted)
    found = structure(document)
    if not found.tally.clauses:
        raise ImportingError(
            f"there is no wording in '{document.name}': is it a picture of a page, or a form?"
        )
    draft = draft_policy(
        found,
        audiences=tuple(trust.details.audiences),
        codes=[policy.control.code for policy in trust.policies.values()],
        used=_used(trust, tree),
        policy_id=wanted.policy_id,
    )
    if wanted.against is None and wanted.policy_id is None and draft.id in trust.policies:
        raise ImportingError(
            f"its title is '{draft.title}', and there is a policy '{draft.id}' already; name the "
            "new one with --id, or match the document to that policy with --against"
        )
    _refuse_unreadable(draft)
    matching, drafted = _matched(trust, tree, found, wanted)
    proposals = propose(found, trust, wanted.school)
    wrong = defects(
        found, draft.text, draft.ids, trust, proposals, today=wanted.today, school=wanted.school
    )
    own_remarks = () if matching else draft.remarks
    report = Report(
        found=found,
        draft=draft,
        remarks=(*own_remarks, *found.remarks, *wrong),
        proposals=proposals,
        written=(),
        matching=matching,
        drafted=drafted,
    )
    return _write(root, report, wanted)


@dataclass(frozen=True, kw_only=True)
class Returned:
    """What came back, and what was written of it."""

    proposals: Proposals
    files: tuple[Path, ...]


def import_returned(root: Path, file: Path, body: str, policy: str, wanted: Wanted) -> Returned:
    """Write down what a document proposes that was handed out and came back changed.

    A report, and the school's file as it would be, stand beside one another in the folder for
    reports; with `force`, the school's file itself is written.  Raises `UnknownError` for names
    that do not exist, `DocumentError` if the document is none of ours.
    """
    proposals = returned(file, shelved(root, body, policy, wanted.today))
    stem = _stem(file.name)
    dry = f"\n{_DRY_RUN}: nothing else was written.\n" if wanted.dry_run else ""
    files = _report_files(wanted.reports, stem, "What came back", proposals.report + dry)
    instead = _REPLACE
    if proposals.path and proposals.items and not wanted.dry_run:
        instead = (
            "move what you want to keep and delete the rest, or name another folder with --report; "
            f"--force would replace '{proposals.path}' as well"
        )
        path = wanted.reports / f"import-{stem}.yml"
        if wanted.force:
            refuse_links(root, proposals.path)
            path = root / proposals.path
        files[path] = proposals.text.encode()
    if not wanted.force:
        _refuse_there(files, instead)
    write_files(files)
    return Returned(proposals=proposals, files=tuple(files))


def _refuse_unknown(trust: Trust, wanted: Wanted) -> None:
    if wanted.against is not None and wanted.against not in trust.policies:
        hint = nearest(wanted.against, trust.policies) or "there are: " + ", ".join(trust.policies)
        raise ImportingError(f"there is no policy '{wanted.against}'; {hint}")
    if wanted.school in trust.groups:
        members = ", ".join(
            s.id for s in trust.schools.values() if s.group and s.group.id == wanted.school
        )
        raise ImportingError(
            f"'{wanted.school}' is a group, and a document is one school's: name one of {members}"
        )
    if wanted.school is not None and wanted.school not in trust.schools:
        hint = nearest(wanted.school, trust.schools) or "there are: " + ", ".join(trust.schools)
        raise ImportingError(
            f"there is no school '{wanted.school}', and 'clausebook new school' makes one; {hint}"
        )


def _used(trust: Trust, tree: Tree) -> frozenset[str]:
    """Every clause ID that is, or was, in use."""
    own = {clause.id for policy in trust.policies.values() for clause in policy.outline}
    added = {
        clause.id
        for layer in trust.layers
        for adoption in layer.adoptions.values()
        for override in adoption.overrides
        if isinstance(override, Add)
        for clause in override.clauses
    }
    return frozenset(own | added | set(recorded_ids(tree)))


# -- against a master ------------------------------------------------------------------


def _matched(
    trust: Trust, tree: Tree, found: Structure, wanted: Wanted
) -> tuple[Matching | None, Drafted | None]:
    if wanted.against is None:
        return None, None
    policy = trust.policies[wanted.against]
    ground = _ground(trust, tree, policy, wanted.school)
    matching = match(ground.policy, found)
    return matching, draft_overrides(matching, ground) if wanted.school else None


def _ground(trust: Trust, tree: Tree, policy: Policy, school_id: str | None) -> Ground:
    """The policy as it stands at a school before the school's own file, or at the trust."""
    quiet = Problems()
    if school_id is None:
        names = fill_for_trust(trust, quiet).names
        return Ground(tailor(policy, (), names, quiet), (), "", _used(trust, tree))
    school = trust.schools[school_id]
    others = {key: own for key, own in school.adoptions.items() if key != policy.id}
    bare = with_texts(trust, replace(school, adoptions=others), quiet)
    names = fill_for_school(trust, bare, quiet, policy.id).names
    layers = layers_for(bare, policy.id)
    tailored: TailoredPolicy = tailor(policy, layers, names, quiet)
    return Ground(tailored, layers, school_id, _used(trust, tree))


# -- writing ---------------------------------------------------------------------------


def _write(root: Path, report: Report, wanted: Wanted) -> Imported:
    drafts: dict[str, str] = {}
    kept: list[str] = []
    if wanted.against is None:
        drafts[f"{POLICIES}/{report.draft.id}/policy.md"] = report.draft.text
    elif report.drafted and wanted.school:
        drafts[f"{SCHOOLS}/{wanted.school}/{wanted.against}.yml"] = report.drafted.text
    else:
        kept.append("No school was named with --school, so no file for one was drafted.")
    if wanted.dry_run:
        kept.append(f"{_DRY_RUN}: {', '.join(drafts) or 'nothing else'} would be written.")
        drafts = {}
    told = replace(report, written=tuple(drafts), kept=tuple(kept))
    files = {root / path: data.encode() for path, data in drafts.items()}
    stem = _stem(report.found.document.name)
    files |= _report_files(wanted.reports, stem, title(told), as_markdown(told))
    for path in drafts:
        refuse_links(root, path)
    if not wanted.force:
        _refuse_there(files, _REPLACE)
    write_files(files)
    return Imported(report=told, files=tuple(files))


def _stem(name: str) -> str:
    """What the files of a report are called after their document."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.") or "document"


_BOX = '<div class="cb-scroll" role="group" aria-label="Table" tabindex="0">'
"""Where a table scrolls sideways if it is too wide for the screen."""


def _report_files(folder: Path, stem: str, name: str, text: str) -> dict[Path, bytes]:
    page = html_document(name, text, "report.css")
    page = page.replace("<table>", f"{_BOX}<table>").replace("</table>", "</table></div>")
    return {
        folder / f"import-{stem}.md": text.encode(),
        folder / f"import-{stem}.html": page.encode(),
    }


_REPLACE = "move what you want to keep, and say --force to replace it"


def _refuse_there(files: Iterable[Path], instead: str) -> None:
    """Refuse to replace what is there, but for a dry run's report; `instead` says what to do."""
    there = [path for path in files if path.exists() and not _is_of_dry_run(path)]
    if there:
        names = ", ".join(f"'{path}'" for path in there)
        raise ImportingError(
            f"{names} {'is' if len(there) == 1 else 'are'} there already, and nothing was written; "
            + instead
        )


_DRY_RUN = "This was a dry run"


def _is_of_dry_run(path: Path) -> bool:
    """Whether it is the report of a dry run, which is there to be followed by the real one."""
    with suppress(OSError):
        is_report = path.name.startswith("import-") and path.suffix in {".md", ".html"}
        return is_report and _DRY_RUN.encode() in path.read_bytes()
    return False


def _refuse_unreadable(draft: Draft) -> None:
    """A draft that is too long to be a policy; nothing else can be wrong with one."""
    problems = Problems()
    tree = Snapshot({f"{POLICIES}/{draft.id}/policy.md": draft.text.encode()})
    read_policy(tree, draft.id, problems)
    if problems.errors:
        first = problems.errors[0]
        raise ImportingError(
            f"no policy can be made of this document: {first.message}; {first.hint}"
        )
