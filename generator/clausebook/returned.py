"""A Word document that came back, as overrides of the school: proposed, never written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from clausebook import model
from clausebook.backwords import NOWHERE
from clausebook.clausepage import Linker
from clausebook.diffing import DRAFT
from clausebook.documents import read_word
from clausebook.found import DocumentError
from clausebook.handouts import Shelved
from clausebook.keptnames import with_names
from clausebook.model import Add, Omit, Outline, Override, Replace, TailoredClause
from clausebook.papers import Paper, PaperClause
from clausebook.permissions import Permissions
from clausebook.problems import Problems
from clausebook.proposals import Kind, Proposal, Proposals
from clausebook.prose import Blocks, Inlines, Link, inlines_of, plain, walk
from clausebook.reading import SCHOOLS
from clausebook.returnedclause import body_now, differs, says, take, words_now
from clausebook.reviewing import standing_below
from clausebook.sourcewriting import free_numbers
from clausebook.tailor import print_for
from clausebook.wordback import Back, BackLine, Place, read_back
from clausebook.wordsheet import HISTORY
from clausebook.wordxml import bookmark
from clausebook.writing import SOURCE, write_blocks, write_line
from clausebook.yamledit import EditError, set_text
from clausebook.yamlgrow import append_items


def returned(path: Path, shelf: Shelved) -> Proposals:
    """Read a document that came back and propose what it would change at a school.

    Raises `DocumentError` if it cannot be read, or is none of ours.  Nothing is written.
    """
    return _Proposing(read_word(path, read_back), shelf).proposals()


@dataclass
class _Found:
    """Proposals, and what each puts into the school's file."""

    items: list[Proposal]
    overrides: list[Sequence[str]]
    """New ones, each as its lines."""
    texts: list[tuple[int, str, str]]
    """Texts of overrides that are there: which, its key, the new text."""


class _Proposing:
    """One document against one policy at one school."""

    def __init__(self, back: Back, shelf: Shelved) -> None:
        self.back, self.shelf = back, shelf
        _refuse_anothers(back, shelf)
        self.base, self.sent = _sent(back, shelf)
        self.names = {
            **{bookmark(clause.id): clause.id for clause in self.base.clauses},
            **dict(_addresses(self.base.clauses)),
        }
        self.policy = shelf.publication.draft
        self.linker = Linker(shelf.trust, shelf.body, f"policies/{shelf.publication.id}.md")
        self.school = shelf.body.school
        master = self.policy.policy
        self.outline: Outline = master.outline
        if self.school:
            self.outline = standing_below(self.school, master, self.policy.names)
        self.permissions = Permissions(self.outline, master.control.schools_may)
        self.found = _Found([], [], [])
        self.left_out: set[str] = set()
        self.new_ids = self._new_ids()

    def proposals(self) -> Proposals:
        places = self._places()
        remarks = []
        for clause in self.base.clauses:
            place = places.get(clause.id, Place())
            number = len(self.found.items)
            self._of_clause(clause, place, places)
            if place.comments and len(self.found.items) == number:
                remarks.append((clause.label, clause.id, tuple(place.comments)))
        path, text = self._file()
        outside = (p for key, p in self.back.places.items() if key not in self.names)
        return Proposals(
            path=path,
            text=text,
            items=tuple(self.found.items),
            comments=tuple(remarks),
            sent=self.sent,
            unread=tuple(edit for place in outside for edit in place.edits),
        )

    # -- where clauses are ---------------------------------------------------------------

    def _places(self) -> Mapping[str, Place]:
        """What came back of each clause; where its bookmark is lost, by number and likeness."""
        known = {self.names[k]: place for k, place in self.back.places.items() if k in self.names}
        if not known and any(key not in {"", bookmark(HISTORY)} for key in self.back.places):
            raise DocumentError(
                f"No clause of this document is in the {self.base.title}: with --against, name "
                "the policy that was sent out."
            )
        if not known:
            raise DocumentError(
                "This document does not say which clause is which: its bookmarks are gone. "
                "Import it as a new document and match it against the policy by its words."
            )
        for clause in self.base.clauses:
            if clause.id in known:
                continue
            for place in self.back.places.values():
                after, before = (take(side, clause) for side in (place.after, place.before))
                if after or before:
                    known[clause.id] = Place([*before], [*after])
                    break
        return known

    # -- what became of one --------------------------------------------------------------

    def _of_clause(self, clause: PaperClause, place: Place, places: Mapping[str, Place]) -> None:
        line = next((part for part in place.after if isinstance(part, BackLine)), None)
        words = words_now(line, clause.label, self.names) if line else ()
        if not plain(words).strip():
            if plain(clause.words).strip() and clause.applies:
                self._omit(clause, place, places)
            return
        rest = [part for part in place.after if part is not line and says(part)]
        first = next((part for part in place.before if isinstance(part, BackLine)), None)
        was = [part for part in place.before if part is not first and says(part)]
        body, new, odd = body_now(clause, words, was, rest, self.names)
        if clause.applies and differs((clause.words, clause.body), (words, body)):
            untracked = first is None or differs(
                (clause.words, ()), (words_now(first, clause.label, self.names), ())
            )
            self._reword(clause, place, (words, body), odd, tracked=not untracked)
        if new:
            self._add(clause, place, new)

    # -- proposals -------------------------------------------------------------------------

    def _proposal(self, clause: PaperClause, place: Place, kind: Kind, after: str) -> Proposal:
        return Proposal(
            clause=clause.id,
            label=clause.label,
            kind=kind,
            before=_plain_text(clause.words, clause.body),
            after=after,
            edits=tuple(place.edits),
            comments=tuple(place.comments),
        )

    def _reword(
        self,
        clause: PaperClause,
        place: Place,
        content: tuple[Inlines, Blocks],
        odd: str,
        *,
        tracked: bool,
    ) -> None:
        words, body = content
        made = self._proposal(clause, place, Kind.REPLACE, _plain_text(words, body))
        made = replace(made, tracked=tracked)
        today = self.policy.by_id.get(clause.id)
        if today is None:
            self._by_hand(made, "the clause is not in today’s policy any more")
            return
        words = with_names(today.clause.words, words, self.policy, self.linker)
        body = today.clause.body if body == clause.body else body
        wording = _markdown(words, body)
        made = replace(made, wording=wording)
        if odd or (body and clause.kind is model.Kind.HEADING):
            self._by_hand(made, odd or "a heading has nothing beside its words")
        elif own := self._own(clause.id):
            self._rewrite(made, today, own, wording)
        else:
            override = Replace(
                target=clause.id,
                words=words,
                body=body,
                reason="",
                against=None,
                since=None,
                span=NOWHERE,
            )
            self._override(made, override, [f"replace: {clause.id}", *_block("with", wording)])

    def _own(self, clause_id: str) -> tuple[int, Override] | None:
        """The override in the school's file that has a clause's wording, if one has."""
        adoption = self.school and self.school.adoptions.get(self.base.policy)
        for number, override in enumerate(adoption.overrides if adoption else ()):
            match override:
                case Replace(target=target) if target == clause_id:
                    return number, override
                case Add(clauses=clauses) if clause_id in {clause.id for clause in clauses}:
                    return number, override
                case _:
                    pass
        return None

    def _rewrite(
        self, made: Proposal, today: TailoredClause, own: tuple[int, Override], wording: str
    ) -> None:
        number, override = own
        if isinstance(override, Add):
            marker = self._marker(number, override)
            if marker is None or "\n" in wording:
                self._by_hand(made, "it is one of several clauses of one addition: edit it there")
                return
            dash = "- " if today.clause.kind is model.Kind.ITEM else ""
            self.found.texts.append((number, "add", f"{dash}{wording} {marker}"))
        else:
            self.found.texts.append((number, "with", wording))
        self.found.items.append(replace(made, kind=Kind.REWRITE))

    def _marker(self, number: int, override: Add) -> str | None:
        """What stands in braces after the only clause of an addition."""
        adoption = self.school and self.school.adoptions.get(self.base.policy)
        if not adoption or len(override.clauses) != 1 or override.clauses[0].body:
            return None
        data: Any = adoption.document.data  # it was read as overrides already
        found = _MARKER.search(data["overrides"][number]["add"])
        return found[1] if found else None

    def _omit(self, clause: PaperClause, place: Place, places: Mapping[str, Place]) -> None:
        if clause.parent in self.left_out:
            self.left_out.add(clause.id)
            return
        made = self._proposal(clause, place, Kind.OMIT, "")
        under = _under(clause, self.base.clauses)
        staying = [c.label for c in under if _is_left(places.get(c.id, Place()))]
        if staying:
            self._by_hand(made, f"what stands under it is still there: {', '.join(staying)}")
        elif self._own(clause.id):
            self._by_hand(made, "it is the school’s own: take it out of the school’s file")
        else:
            self.left_out.add(clause.id)
            override = Omit(target=clause.id, reason="", against=None, since=None, span=NOWHERE)
            self._override(made, override, [f"omit: {clause.id}"])

    def _add(self, clause: PaperClause, place: Place, lines: Sequence[BackLine]) -> None:
        said = [words_now(line, "", self.names) for line in lines]
        after = "\n".join(plain(words) for words in said)
        made = self._proposal(clause, place, Kind.ADD, after)
        made = replace(made, before="")
        if any(line.style.startswith(("heading", "title")) for line in lines):
            self._by_hand(made, "a new section needs a heading: write it into the school’s file")
            return
        key, target = self._spot(clause, lines[0])
        dash = "- " if lines[0].level else ""
        texts = [f"{dash}{write_line(words, SOURCE)} {{#{next(self.new_ids)}}}" for words in said]
        wording = ("\n" if dash else "\n\n").join(texts)
        made = replace(made, wording=wording)
        places = {"after": model.Place.AFTER, "before": model.Place.BEFORE}
        override = Add(
            target=target, place=places.get(key, model.Place.WITHIN), clauses=(), reason="",
            against=None, since=None, span=NOWHERE,
        )  # fmt: skip
        self._override(made, override, [*_block("add", wording), f"{key}: {target}"])

    def _spot(self, clause: PaperClause, line: BackLine) -> tuple[str, str]:
        """Where a new paragraph after a clause goes: the key, and the ID of the clause there."""
        by_id = {one.id: one for one in self.base.clauses}
        at: PaperClause = clause
        is_item = line.level > 0
        while at.kind is model.Kind.ITEM and (not is_item or line.level < at.depth) and at.parent:
            at = by_id[at.parent]
        if is_item and (at.kind is not model.Kind.ITEM or line.level > at.depth):
            return "within", at.id
        if at.kind is model.Kind.HEADING:
            first = next((c for c in self.base.clauses if c.parent == at.id), None)
            if first and first.kind is not model.Kind.HEADING:
                return "before", first.id
            return "within", at.id
        return "after", at.id

    def _new_ids(self) -> Iterator[str]:
        """IDs for new clauses, which nobody has had."""
        editions = self.shelf.publication.editions
        policies = (self.policy, *(edition.policy for edition in editions))
        used = {clause.id for policy in policies for clause in policy.clauses}
        return free_numbers(f"{self.policy.policy.control.code.lower()}-{self.base.body}", used)

    def _override(self, made: Proposal, override: Override, lines: Sequence[str]) -> None:
        """A new override, if the trust lets this school have it."""
        if self.school is None:
            self._by_hand(made, "it is the trust’s own wording: change it in the master")
            return
        if override.target not in self.outline.by_id:
            self._by_hand(made, "it stands beside a clause of the school’s own: edit it there")
            return
        problems = Problems()
        is_trusts = override.target in self.policy.policy.outline.by_id
        if not self.permissions.check(override, problems, is_trusts=is_trusts):
            self._by_hand(made, f"{problems.found[0].message}: take it up with the trust")
            return
        against = print_for(override, self.outline)
        reason = _reason(made)
        self.found.items.append(
            made if reason != _EMPTY else replace(made, note="say why, in the override’s reason")
        )
        self.found.overrides.append([*lines, reason, f"against: {against}"])

    def _by_hand(self, made: Proposal, why: str) -> None:
        self.found.items.append(replace(made, kind=Kind.BY_HAND, note=why))

    # -- the file ----------------------------------------------------------------------------

    def _file(self) -> tuple[str | None, str]:
        """The school's file as it would be."""
        if self.school is None:
            return None, ""
        adoption = self.school.adoptions.get(self.base.policy)
        text = adoption.document.source.text if adoption else ""
        data = text.encode()
        path = f"{SCHOOLS}/{self.school.id}/{self.base.policy}.yml"
        try:
            for number, key, new in self.found.texts:
                data = set_text(data, ("overrides", number, key), new + "\n")
            return path, append_items(data.decode(), "overrides", self.found.overrides)
        except EditError as error:
            raise DocumentError(f"'{path}' cannot be added to: {error}.") from error


# -- small parts ---------------------------------------------------------------------------

_MARKER = re.compile(r"(\{#[^{}]*\})\s*$")
_EMPTY = "reason:  # say why, in a sentence that can be published"
_LONGEST_REASON = 2_000


def _refuse_anothers(back: Back, shelf: Shelved) -> None:
    """Refuse a document whose first page has the name of another school, and not this one's.

    Schools of a trust share most clauses, so all that is another's would be taken for changes.
    """
    front = {part.text.strip() for part in back.places.get("", Place()).after}
    own = shelf.body.name
    names = (shelf.trust.details.name, *(s.details.name for s in shelf.trust.schools.values()))
    other = next((name for name in names if name != own and name in front), None)
    if other and own not in front:
        raise DocumentError(
            f"This document is of {other}, and not of {own}: with --school, name the school for "
            "which it was sent out."
        )


def _sent(back: Back, shelf: Shelved) -> tuple[Paper, str]:
    """The text that was sent out, and which one it was, in words."""
    labels = [edition.label for edition in reversed(shelf.publication.editions)]
    for label in [DRAFT, *labels]:
        paper = shelf.paper(label)
        if paper.fingerprint == back.fingerprint:
            what = f"version {label}" if paper.version else "the draft as it is today"
            return paper, f"This is {what} of the {paper.title} at {paper.publisher}."
    told = f"({back.fingerprint}) " if back.fingerprint else ""
    return shelf.paper(DRAFT), (
        f"The text that was sent out {told}is neither a version nor today’s draft: what came "
        "back is compared with today’s draft, so changes made here since are among the changes."
    )


def _addresses(clauses: Iterable[PaperClause]) -> Iterator[tuple[str, str]]:
    """The address of a host as LibreOffice saves it, with its empty path, and as we wrote it.

    Both mean the same (RFC 3986, section 6.2.3).
    """
    for clause in clauses:
        for run in (clause.words, *inlines_of(clause.body)):
            for word in walk(run):
                if isinstance(word, Link) and _HOST.fullmatch(word.href):
                    yield f"{word.href}/", word.href


_HOST = re.compile(r"https?://[^/?#]+")


def _is_left(place: Place) -> bool:
    return any(says(part) for part in place.after)


def _under(clause: PaperClause, clauses: Iterable[PaperClause]) -> Iterator[PaperClause]:
    inside = {clause.id}
    for one in clauses:
        if one.parent in inside:
            inside.add(one.id)
            yield one


def _plain_text(words: Inlines, body: Blocks) -> str:
    return "\n".join(plain(run) for run in (words, *inlines_of(body)))


def _markdown(words: Inlines, body: Blocks) -> str:
    lines = [write_line(words, SOURCE)]
    if body:
        lines += ["", *write_blocks(body, SOURCE)]
    return "\n".join(lines).strip()


def _block(key: str, text: str) -> list[str]:
    return [f"{key}: |", *(f"  {line}" if line else "" for line in text.split("\n"))]


def _reason(made: Proposal) -> str:
    """The reason that comments give, in one line of YAML."""
    said = " ".join(one.text for one in made.comments)
    said = re.sub(r"\{\{|\}\}|\{%", " ", said)[:_LONGEST_REASON].strip()
    return f"reason: {json.dumps(said, ensure_ascii=False)}" if said else _EMPTY
