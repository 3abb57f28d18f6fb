"""Values put into wording: names out, words in; what is missing or misplaced is a problem."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from clausebook.problems import Problems
from clausebook.prose import (
    Block,
    Inline,
    Inlines,
    ReadyBlock,
    Value,
    map_block,
    map_inlines,
    plain,
)
from clausebook.source import Span
from clausebook.values import Names, look_up
from clausebook.wording import Run, read_inline
from clausebook.yamldoc import Path, YamlDocument


def with_terms(
    document: YamlDocument, at: Path, text: str, terms: Names, problems: Problems
) -> str:
    """A text of a YAML file in which terms stand, such as a role's label, as it reads here."""
    if "{{" not in text:
        return text
    words = read_inline(Run(document.passages[at], 0, text), problems)
    return plain(Filling(terms, problems, trusted=False).words(words))


@dataclass(frozen=True)
class Filling:
    """Puts values into wording."""

    names: Names
    problems: Problems
    trusted: bool
    """Whether the wording is the trust's own, and may choose between values."""

    def words(self, words: Inlines) -> Inlines:
        """Wording with its values filled in."""
        return map_inlines(words, self._inline)

    def _inline(self, word: Inline) -> Inlines:
        if not isinstance(word, Value):
            return (word,)
        slot = look_up(word, self.names, self.problems, trusted=self.trusted)
        if slot is None:
            return ()
        if slot.block is not None:
            self.problems.error(
                "misplaced-value",
                f"'{word.expression}' fills a whole block and cannot stand in a sentence",
                word.span,
                "put it in a paragraph of its own, after the clause that introduces it",
            )
            return ()
        if slot.shown is None:
            self._missing(word, slot.label, slot.place)
            return ()
        return slot.shown

    def blocks(self, blocks: Sequence[Block]) -> tuple[Block, ...]:
        """Blocks with their values, and ready blocks, filled in."""
        result: list[Block] = []
        for block in blocks:
            if not isinstance(block, ReadyBlock):
                result.append(map_block(block, self.words))
                continue
            slot = look_up(block.value, self.names, self.problems, trusted=self.trusted)
            if slot is None:
                continue
            if slot.block is not None:
                result.extend(slot.block)
            elif slot.shown is not None:
                self.problems.error(
                    "misplaced-value",
                    f"'{block.value.expression}' is a few words, not a whole block",
                    block.value.span,
                    "put it in a sentence, or use a ready block such as "
                    "{{ contact.dsl.card }} or {{ channels.table }}",
                )
            else:
                self._missing(block.value, slot.label, slot.place)
        return tuple(result)

    def _missing(self, value: Value, label: str, place: Span | None) -> None:
        self.problems.error(
            "missing-value",
            f"'{value.expression}' ({label}) is used in the policy and not filled in",
            place or value.span,
            "fill it in here",
            ((value.span, "it is used here"),) if place else (),
        )


