"""A marked run of wording written as one line of Markdown.

Marks are written so that nothing is ever torn: `<ins>` and `<del>` go inside a link or an
emphasis that only partly changed, and around one that changed as a whole.  With each mark
come real words in brackets, hidden on screens, for people who hear a page or print it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Protocol

from clausebook.english import typographic
from clausebook.prose import (
    Break,
    Code,
    Emphasis,
    Inline,
    Inlines,
    Link,
    Reference,
    Strong,
    Text,
    Value,
    map_inlines,
    plain,
)
from clausebook.redlinetokens import Part, Wrap, Wrapper
from clausebook.redlinewords import RunKind, Runs
from clausebook.remembering import by_identity
from clausebook.writing import escape, write_inline, write_line


class Linking(Protocol):
    """Knows how to reach clauses; `clausepage.Linker` does."""

    def words(self, words: Inlines) -> Inlines:
        """Wording with cross-references as links."""


@dataclass(frozen=True)
class Unlinked:
    """For documents that stand alone: cross-references are just words."""

    def words(self, words: Inlines) -> Inlines:
        """Wording without cross-references."""
        return map_inlines(words, _unlinked)


def _unlinked(word: Inline) -> Inlines:
    return (word.children or (Text(word.target),)) if isinstance(word, Reference) else (word,)


@dataclass(frozen=True)
class Style:
    """For whom a redline is written."""

    attributes: bool
    """Whether `{: #id .class }` and hidden words can be used."""


SITE = Style(attributes=True)
"""For Python-Markdown and the site's style sheet."""
COMMENT = Style(attributes=False)
"""For comments on GitHub and its like, which show `<ins>` and `<del>` and nothing more."""


@dataclass(frozen=True, slots=True)
class _Shell:
    """What is written around the words of a link or an emphasis."""

    start: str
    end: str


_TAGS = {Strong: "strong", Emphasis: "em", Code: "code"}


@dataclass(frozen=True, slots=True)
class _Piece:
    """Some Markdown that one mark holds or none."""

    markdown: str
    shells: tuple[_Shell, ...]
    kind: RunKind
    visible: bool
    text: str = ""
    """What it says, where it is nothing but text."""


@dataclass(frozen=True)
class InlineWriter:
    """Writes marked runs for one document."""

    links: Linking
    labels_before: Mapping[str, str]
    """The printed numbers of clauses in the old wording, by ID."""
    labels_after: Mapping[str, str]
    style: Style = SITE

    def line(self, runs: Runs) -> str:
        """Markdown fit to begin a paragraph."""
        anywhere = _line_anywhere(runs, self.style)
        return self.new_line(runs) if anywhere is None else anywhere

    def inline(self, runs: Runs) -> str:
        """Markdown fit to stand anywhere but at the start of a line."""
        anywhere = _inline_anywhere(runs, self.style)
        return self.new_inline(runs) if anywhere is None else anywhere

    def new_line(self, runs: Runs) -> str:
        """The same as `line`, whatever has been written before."""
        pieces = self._pieces(runs)
        if pieces and pieces[0].text and pieces[0].kind is RunKind.SAME and not pieces[0].shells:
            start = write_line((Text(pieces[0].text.lstrip()),))
            pieces[0] = replace(pieces[0], markdown=start)
        return self._emit(pieces, 0, marked=True).strip()

    def new_inline(self, runs: Runs) -> str:
        """The same as `inline`, whatever has been written before."""
        return self._emit(self._pieces(runs), 0, marked=True).strip()

    # -- pieces --------------------------------------------------------------------

    def _pieces(self, runs: Runs) -> list[_Piece]:
        pieces: list[_Piece] = []
        for run in runs:
            parts = [part for token in run.shown for part in token.parts]
            for (is_text, wraps), group in groupby(parts, _texts_together):
                if is_text:
                    said = [part.piece.text for part in group if isinstance(part.piece, Text)]
                    text = typographic("".join(said))
                    shells = self._shells(wraps, run.kind)
                    pieces.append(_Piece(escape(text), shells, run.kind, not text.isspace(), text))
                else:
                    pieces.extend(self._uncut(part, run.kind) for part in group)
        return pieces

    def _shells(self, wraps: Sequence[Wrap], kind: RunKind) -> tuple[_Shell, ...]:
        found = [self._shell(wrap.piece, kind) for wrap in wraps]
        return _one_link([shell for shell in found if shell])

    def _uncut(self, part: Part, kind: RunKind) -> _Piece:
        """A piece that is no text and has none in it."""
        shells = self._shells(part.wraps, kind)
        match part.piece:
            case Break():
                return _Piece("<br>", shells, kind, visible=False)
            case Reference():
                words, shell = self._resolved(part.piece, kind)
                shells = _one_link([*shells, *([shell] if shell else [])])
                return _Piece(write_inline(words), shells, kind, visible=True)
            case Value():
                return _Piece(escape(plain((part.piece,))), shells, kind, visible=True)
            case _:
                return _Piece("", shells, kind, visible=False)

    def _shell(self, piece: Wrapper, kind: RunKind) -> _Shell | None:
        match piece:
            case Link():
                return _link(piece)
            case Reference(target, _, span):
                return self._resolved(Reference(target, (Text("-"),), span), kind)[1]
            case _:
                tag = _TAGS[type(piece)]
                return _Shell(f"<{tag}>", f"</{tag}>")

    def _resolved(self, reference: Reference, kind: RunKind) -> tuple[Inlines, _Shell | None]:
        """A cross-reference as the words it shows, and the link around them."""
        sides = (self.labels_after, self.labels_before)
        first, second = reversed(sides) if kind is RunKind.DELETED else sides
        label = first.get(reference.target) or second.get(reference.target)
        if label and not reference.children:
            reference = Reference(reference.target, (Text(label),), reference.span)
        words = self.links.words((reference,))
        if len(words) == 1 and isinstance(words[0], Link):
            return words[0].children, _link(words[0])
        return words, None

    # -- marks ---------------------------------------------------------------------

    def _emit(self, pieces: Sequence[_Piece], depth: int, *, marked: bool) -> str:
        """The pieces from one depth on; `marked` if they still need their marks."""
        units: list[_Piece] = []
        for shell, found in groupby(pieces, lambda piece: _at(piece.shells, depth)):
            group = list(found)
            if shell is None:
                units += group
                continue
            torn = marked and len({piece.kind for piece in group}) > 1
            inside = self._emit(group, depth + 1, marked=torn)
            kind = RunKind.SAME if torn else group[0].kind
            visible = any(piece.visible for piece in group)
            units.append(_Piece(f"{shell.start}{inside}{shell.end}", (), kind, visible))
        if not marked:
            return "".join(unit.markdown for unit in units)
        return "".join(
            self._mark(kind, list(group)) for kind, group in groupby(units, lambda unit: unit.kind)
        )

    def _mark(self, kind: RunKind, units: Sequence[_Piece]) -> str:
        text = "".join(unit.markdown for unit in units)
        visible = any(unit.visible for unit in units)
        if kind is RunKind.SAME:
            return text
        if kind is RunKind.FORMATTED:
            return (
                self._formatted(text) if visible else self._hidden("[line break changed] ") + text
            )
        if not visible:
            return text
        tag = "ins" if kind is RunKind.INSERTED else "del"
        words = text.strip(" ")
        left, _, right = text.partition(words)
        start, end = self._hidden(f"[{kind}: "), self._hidden("] ")
        return f"{left}<{tag}>{start}{words}{end}</{tag}>{right}"

    def _formatted(self, text: str) -> str:
        if not self.style.attributes:
            return text
        start, end = self._hidden("[formatting changed: "), self._hidden("] ")
        return f'<span class="cb-formatted">{start}{text}{end}</span>'

    def _hidden(self, words: str) -> str:
        """Words that say what colour and line style show."""
        return f'<span class="cb-vh">{escape(words)}</span>' if self.style.attributes else ""


@by_identity()
def _line_anywhere(runs: Runs, style: Style) -> str | None:
    """Marked runs as a line that is alike in every document; None if they refer to clauses."""
    return None if _refers(runs) else InlineWriter(Unlinked(), {}, {}, style).new_line(runs)


@by_identity()
def _inline_anywhere(runs: Runs, style: Style) -> str | None:
    return None if _refers(runs) else InlineWriter(Unlinked(), {}, {}, style).new_inline(runs)


def _refers(runs: Runs) -> bool:
    """Whether there are cross-references in marked runs: their numbers depend on the document."""
    parts = [part for run in runs for token in run.shown for part in token.parts]
    return Reference in {type(part.piece) for part in parts} or any(
        isinstance(wrap.piece, Reference) for part in parts if part.wraps for wrap in part.wraps
    )


def _texts_together(part: Part) -> tuple[bool, tuple[Wrap, ...]]:
    return isinstance(part.piece, Text), part.wraps


def _at(shells: Sequence[_Shell], depth: int) -> _Shell | None:
    return shells[depth] if depth < len(shells) else None


def _link(link: Link) -> _Shell:
    empty = write_inline((Link(link.href, ()),))
    return _Shell("[", empty.removeprefix("["))


def _one_link(shells: Sequence[_Shell]) -> tuple[_Shell, ...]:
    """The shells without links in a link, which HTML does not have."""
    links = [shell for shell in shells if shell.start == "["]
    return tuple(shell for shell in shells if shell.start != "[" or shell is links[0])
