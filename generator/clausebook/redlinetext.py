"""Redlines for terminals: words as `[-old-]{+new+}`, a line for each paragraph.

A caller that can show colours takes the segments; `plain_text` writes them without.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from clausebook.changes import Comparison
from clausebook.describing import describe_unchanged, tags
from clausebook.model import Kind
from clausebook.prose import Inline, Inlines, Link, Reference, Text, map_inlines, plain
from clausebook.redline import unchanged
from clausebook.redlineorder import Context, Entry, Role, arrange
from clausebook.redlineshapes import RedBlock, RedList, RedQuote, RedTable
from clausebook.redlinewords import Run, RunKind, Runs


class Voice(StrEnum):
    """What a stretch of text is; the first four are those of `RunKind`."""

    SAME = "same"
    DELETED = "deleted"
    INSERTED = "inserted"
    FORMATTED = "formatted"
    LABEL = "label"
    TAG = "tag"
    FOLD = "fold"


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text in one voice."""

    voice: Voice
    text: str


Line = tuple[Segment, ...]

_SIGNS = {
    Voice.DELETED: ("[-", "-]"),
    Voice.INSERTED: ("{+", "+}"),
    Voice.FORMATTED: ("{~", "~}"),
    Voice.TAG: ("(", ")"),
}


def plain_text(lines: Sequence[Line]) -> str:
    """The lines with signs in place of colours."""
    return "\n".join("".join(map(_signed, line)) for line in lines)


def _signed(segment: Segment) -> str:
    if segment.voice not in _SIGNS or not segment.text.strip():
        return segment.text
    start, end = _SIGNS[segment.voice]
    words = segment.text.strip()
    left, _, right = segment.text.partition(words)
    return f"{left}{start}{words}{end}{right}"


def segments(comparison: Comparison, context: Context = "changed") -> list[Line]:
    """A redlined policy as lines of segments."""
    return [
        line
        for entry in arrange(comparison, context)
        for line in _Terminal(comparison).entry(entry)
    ]


@dataclass(frozen=True)
class _Terminal:
    """Writes the entries of one comparison."""

    comparison: Comparison

    def entry(self, entry: Entry) -> Iterator[Line]:
        """The lines of one entry, indented as deep as it stands."""
        indent = "    " * entry.depth
        for at, line in enumerate(self._lines(entry)):
            yield (Segment(Voice.SAME, indent if at == 0 else indent + "    "), *line)

    def _lines(self, entry: Entry) -> Iterator[Line]:
        provision, change = entry.provision, entry.change
        if entry.role is Role.FOLD:
            yield (Segment(Voice.FOLD, describe_unchanged(entry.folded)),)
            return
        label = Segment(Voice.LABEL, provision.label + " ")
        if entry.role is Role.MOVED_AWAY:
            now = self.comparison.after.by_id[provision.id].label
            yield (label, Segment(Voice.TAG, f"Moved to {now}"))
            return
        marked = change.redline if change else unchanged(provision.content or ((), ()))
        if not marked.words and provision.clause.kind is Kind.HEADING:
            marked = unchanged((provision.shown.words, ()))
        found = tags(change) if change else ["Not applicable here"] * provision.omitted
        tail = (Segment(Voice.SAME, " "), Segment(Voice.TAG, "; ".join(found))) if found else ()
        yield (label, *self._runs(marked.words), *tail)
        yield from self._blocks(marked.blocks)

    def _blocks(self, blocks: Sequence[RedBlock]) -> Iterator[Line]:
        for block in blocks:
            match block:
                case RedTable(_, rows):
                    for row in rows:
                        cells = [(Segment(Voice.SAME, " | "), *self._runs(c)) for c in row.cells]
                        yield tuple(segment for cell in cells for segment in cell)[1:]
                case RedList(_, items):
                    for item in items:
                        yield (Segment(Voice.SAME, "- "), *self._runs(item.runs))
                case RedQuote(_, inner):
                    for line in self._blocks(inner):
                        yield (Segment(Voice.SAME, "> "), *line)
                case _:
                    yield tuple(self._runs(block.runs))

    def _runs(self, runs: Runs) -> Iterator[Segment]:
        for at, run in enumerate(runs):
            voice = Voice(run.kind)
            side = self.comparison.before if voice is Voice.DELETED else self.comparison.after
            targets = any(
                _only_leads_elsewhere(run, other) for other in runs[max(at - 1, 0) : at + 2]
            )
            yield Segment(voice, _text(run.words, side.labels, targets=targets))


def _only_leads_elsewhere(run: Run, other: Run) -> bool:
    """Whether two runs are the old and the new link behind the same words."""
    said = [[token.text for token in side.shown] for side in (run, other)]
    return {run.kind, other.kind} == {RunKind.DELETED, RunKind.INSERTED} and said[0] == said[1]


def _text(words: Inlines, labels: Mapping[str, str], *, targets: bool) -> str:
    """Wording as text: numbers for references; addresses too, where a link is what changed."""

    def change(word: Inline) -> Inlines:
        if isinstance(word, Reference):
            label = labels.get(word.target, "#" + word.target)
            also = (Text(f" ({label})"),) if targets else ()
            return (*word.children, *also) if word.children else (Text(label),)
        if isinstance(word, Link):
            return (*word.children, *((Text(f" ({word.href})"),) if targets else ()))
        return (word,)

    return plain(map_inlines(words, change))
