"""Values put into wording: names out, words in; what is missing or misplaced is a problem."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from re import Match
from typing import Any, TypeVar

from clausebook.fieldtypes import NAMED, Shape, Unfilled
from clausebook.model import Clause
from clausebook.problems import Problems
from clausebook.prose import (
    Block,
    Inline,
    Inlines,
    Link,
    Paragraph,
    ReadyBlock,
    Reference,
    Text,
    Value,
    map_block,
    map_inlines,
    plain,
    walk,
)
from clausebook.remembering import by_identity
from clausebook.shaping import name_span
from clausebook.source import Span
from clausebook.values import Names, Slot, is_live, look_up
from clausebook.yamldoc import Path, YamlDocument

AnyShape = TypeVar("AnyShape", bound=Shape)


def with_terms(
    document: YamlDocument, at: Path, text: str, terms: Names, problems: Problems
) -> str:
    """A text of a YAML file in which terms stand, such as a role's label, as it reads here."""
    return TextFilling(terms, problems).text(text, document, at)


@dataclass(frozen=True)
class TextFilling:
    """Puts names into the texts of YAML files, which are text and never markup.

    People and channels cannot stand in them: some of these texts go on record.
    """

    names: Names
    problems: Problems
    barred: Collection[str] = ()
    """Further names that mean something and cannot stand in these texts."""

    def shape(self, shape: AnyShape, document: YamlDocument) -> AnyShape:
        """A file's shape with all its texts filled in."""
        filled: AnyShape = self._filled(shape, document, ())
        return filled

    def _filled(self, value: Any, document: YamlDocument, at: Path) -> Any:  # noqa: ANN401 - any field of any shape
        match value:
            case Unfilled():
                return self.text(value, document, at)
            case Shape():
                fields = type(value).model_fields.items()
                old = {name: (getattr(value, name), info.alias or name) for name, info in fields}
                new = {n: self._filled(v, document, (*at, key)) for n, (v, key) in old.items()}
                changed = {name: new[name] for name in new if new[name] is not old[name][0]}
                return value.model_copy(update=changed) if changed else value
            case Mapping():
                of = {key: self._filled(v, document, (*at, key)) for key, v in value.items()}
                return of if any(of[key] is not value[key] for key in of) else value
            case tuple():
                items = tuple(self._filled(v, document, (*at, n)) for n, v in enumerate(value))
                return (
                    items if any(a is not b for a, b in zip(items, value, strict=True)) else value
                )
            case _:
                return value

    def text(self, text: str, document: YamlDocument, at: Path) -> str:
        """One text, which stands at `at`, with its names filled in."""
        numbers = count()

        def words(found: Match[str]) -> str:
            return self._words(found[1].strip(), name_span(document, at, next(numbers)))

        return NAMED.sub(words, text)

    def _words(self, expression: str, span: Span) -> str:
        if is_live(expression) or expression.split(".", maxsplit=1)[0] in self.barred:
            self.problems.error(
                "misplaced-value",
                f"'{expression}' can stand in wording, and not in this text",
                span,
                "write the words themselves; terms such as {{ pupils }} can stand here, and "
                "{{ school.name }}",
            )
            return ""
        value = Value(expression, span)
        return plain(Filling(self.names, self.problems, trusted=False).words((value,)))


def _nothing(expression: str) -> bool:
    del expression
    return False


@dataclass(frozen=True)
class Filling:
    """Puts values into wording."""

    names: Names
    problems: Problems
    trusted: bool
    """Whether the wording is the trust's own, and may choose between values."""

    keep: Callable[[str], bool] = _nothing
    """Which expressions stay as they are."""
    may_be_open: bool = False
    """Whether what nobody has filled in may show as a slot: in wording that does not apply."""
    given: Mapping[str, Slot] = field(default_factory=dict)
    """What some expressions stand for, whatever their names mean today."""
    _slots: dict[str, Slot] = field(default_factory=dict, init=False, compare=False)
    """What expressions lead to, once they have been looked up."""
    _links: list[Value] = field(default_factory=list, init=False, compare=False)
    """The values that have been filled in with links."""
    _done: dict[int, tuple[Clause, Clause]] = field(default_factory=dict, init=False, compare=False)
    """Each clause that was filled in without a problem, by its identity, and what it became."""

    def clause(self, clause: Clause) -> Clause:
        """A clause with its values filled in; the clause itself if nothing is to be filled in."""
        values = clause.values
        if not values:
            return clause
        done = self._done.get(id(clause))
        if done is not None:
            return done[1]
        slots = [None if self.keep(one.expression) else self._slot(one) for one in values]
        filled = _filled(clause, self.trusted, self.keep, self.may_be_open, *slots)
        if filled is None:
            return self.anew(clause)  # which notes what is wrong, every time
        self._done[id(clause)] = clause, filled
        return filled

    def anew(self, clause: Clause) -> Clause:
        """The same, whatever has been filled in before."""
        words, body = self.words(clause.words), self.blocks(clause.body)
        if words is clause.words and body == clause.body:
            return clause
        return replace(clause, words=words, body=body)

    def _slot(self, value: Value) -> Slot | None:
        expression = value.expression
        slot = self._slots.get(expression) or self.given.get(expression)
        if slot is None:
            slot = look_up(value, self.names, self.problems, trusted=self.trusted)
            if slot is not None:  # what has no slot is a problem wherever it stands
                self._slots[expression] = slot
        return slot

    def words(self, words: Inlines) -> Inlines:
        """Wording with its values filled in."""
        return map_inlines(words, self._inline)

    def _inline(self, word: Inline) -> Inlines:
        if isinstance(word, Link | Reference):
            self._refuse_link_in_link(word)
        if not isinstance(word, Value) or self.keep(word.expression):
            return (word,)
        slot = self._slot(word)
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
            return self._missing(word, slot)
        if any(isinstance(shown, Link) for shown in slot.shown):
            self._links.append(word)
        return slot.shown

    def _refuse_link_in_link(self, word: Link | Reference) -> None:
        """Find a value that is a link in the words of another: readers see one, and follow one.

        The values in its words have been filled in just before.
        """
        inner = next((piece for piece in walk(word.children) if isinstance(piece, Link)), None)
        if inner and self._links:
            value = self._links[-1]
            self.problems.error(
                "misplaced-value",
                f"'{value.expression}' is a link itself and cannot stand in the words of another",
                value.span,
                "let it stand beside the link, or write other words there",
            )

    def blocks(self, blocks: Sequence[Block]) -> tuple[Block, ...]:
        """Blocks with their values, and ready blocks, filled in."""
        result: list[Block] = []
        for block in blocks:
            if not isinstance(block, ReadyBlock):
                result.append(map_block(block, self.words))
                continue
            if self.keep(block.value.expression):
                result.append(block)
                continue
            slot = self._slot(block.value)
            if slot is None:
                continue
            if slot.block is not None:
                result.extend(slot.block)
            elif slot.shown is not None and slot.on_record:
                result.append(Paragraph(slot.shown))  # a card that has been withdrawn
            elif slot.shown is not None:
                self.problems.error(
                    "misplaced-value",
                    f"'{block.value.expression}' is a few words, not a whole block",
                    block.value.span,
                    "put it in a sentence, or use a ready block such as "
                    "{{ contact.dsl.card }} or {{ channels.table }}",
                )
            else:
                words = self._missing(block.value, slot)
                result += [Paragraph(words)] if words else []
        return tuple(result)

    def _missing(self, value: Value, slot: Slot) -> Inlines:
        if self.may_be_open:
            return (Text(f"[{slot.label}]"),)
        if slot.required:
            return ()
        place = slot.place
        self.problems.error(
            "missing-value",
            f"'{value.expression}' ({slot.label}) is used in the policy and not filled in",
            place or value.span,
            f"fill it in here{_key_for(value.expression)}",
            ((value.span, "it is used here"),) if place else (),
        )
        return ()


@by_identity()
def _filled(
    clause: Clause,
    trusted: bool,  # noqa: FBT001 - remembered by its arguments
    keep: Callable[[str], bool],
    may_be_open: bool,  # noqa: FBT001
    *slots: Slot | None,
) -> Clause | None:
    """A clause filled in with what its values lead to; None if that gives problems.

    Schools at which the values lead to the same share the result.
    """
    found: dict[str, Slot] = {}
    for value, slot in zip(clause.values, slots, strict=True):
        if slot is not None and (slot.filled or may_be_open):
            found[value.expression] = slot
        elif not keep(value.expression):
            return None
    problems = Problems()
    filling = Filling(
        {}, problems, trusted=trusted, keep=keep, may_be_open=may_be_open, given=found
    )
    filled = filling.anew(clause)
    return None if problems.found else filled


def _key_for(expression: str) -> str:
    """Under which key of a YAML file the value of a name is filled in."""
    match expression.split("."):
        case ["contact", role, *_]:
            return f", under 'contacts:' and '{role}:'"
        case ["channels", *_]:
            return ", under 'channels:'"
        case ["school" | "trust", key]:
            return f": '{key}: …'"
        case [key] if key.isidentifier():
            return f": '{key}: …' under 'values:'"
        case _:
            return ""
