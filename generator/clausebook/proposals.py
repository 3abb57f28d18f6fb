"""What a document that came back proposes, and the report on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from clausebook.english import count
from clausebook.wordback import Edit, Said
from clausebook.writing import escape


class Kind(StrEnum):
    """What is to be done about a clause."""

    REPLACE = "other wording"
    """An override in the school's file: other words for a clause."""
    REWRITE = "the school’s own wording, changed"
    """In an override that is there already."""
    OMIT = "left out"
    ADD = "a clause of the school’s own"
    BY_HAND = "to be done by hand"


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What somebody would have otherwise, of one clause."""

    clause: str
    """Its ID; for an addition, that of the clause it was written after."""
    label: str
    kind: Kind
    before: str
    """What it says, as plain text; "" for an addition."""
    after: str
    """What it would say; "" for one that is left out."""
    wording: str = ""
    """The same as Markdown, with names in place."""
    edits: tuple[Edit, ...] = ()
    comments: tuple[Said, ...] = ()
    note: str = ""
    """What stands in the way, or is still to be done."""
    tracked: bool = True
    """Whether tracked changes tell all that differs."""


@dataclass(frozen=True, kw_only=True)
class Proposals:
    """All that a returned document proposes."""

    path: str | None
    """The school's file, from the trust's folder; None for the trust's own master."""
    text: str
    """That whole file as it would be; nothing has been written."""
    items: tuple[Proposal, ...]
    comments: tuple[tuple[str, str, tuple[Said, ...]], ...]
    """Comments on clauses that nobody changed: the number, the ID, what was said."""
    sent: str
    """Which text it was that came back, in words."""
    unread: tuple[Edit, ...] = ()
    """What was changed outside clauses, and is not taken."""

    @property
    def report(self) -> str:
        """Everything, for people, as Markdown."""
        return "\n".join(_report(self)).rstrip() + "\n"


def _report(found: Proposals) -> Iterator[str]:
    yield from ("# What came back", "", escape(found.sent), "")
    yield from (f"{count(len(found.items), 'change')} proposed.", "")
    for item in found.items:
        yield from (f"## {escape(item.label)} ({item.clause}): {item.kind}", "")
        if item.before:
            yield from ("Before:", "", *_quoted(item.before), "")
        if item.after:
            yield from ("Now:", "", *_quoted(item.after), "")
        yield from _people(item)
        if not item.tracked:
            yield from ("Some of this was changed without being tracked.", "")
        if item.note:
            yield from (f"**To do:** {escape(item.note)}", "")
        if item.note and item.wording:
            yield from ("As Markdown:", "", *_quoted(item.wording, plain=False), "")
    if found.comments:
        yield from ("## Comments on clauses that stay as they are", "")
        for label, clause, said in found.comments:
            yield from (f"- {escape(label)} ({clause}): {_say(one)}" for one in said)
        yield ""
    if found.unread:
        yield from ("## Not taken", "", "Changes outside the clauses:", "")
        yield from (f"- {_tell(edit)}" for edit in found.unread)


def _people(item: Proposal) -> Iterator[str]:
    yield from (f"- {_tell(edit)}" for edit in item.edits)
    yield from (f"- Comment by {_say(one)}" for one in item.comments)
    if item.edits or item.comments:
        yield ""


def _tell(edit: Edit) -> str:
    on = f", {edit.on}" if edit.on else ""
    return f"“{escape(' '.join(edit.text.split()))}” {edit.what} by {escape(edit.by)}{on}"


def _say(said: Said) -> str:
    return f"{escape(said.by)}: “{escape(said.text)}”"


def _quoted(text: str, *, plain: bool = True) -> Sequence[str]:
    return [f"> {escape(line) if plain else line}".rstrip() for line in text.split("\n")]
