"""The words of a paragraph from elsewhere: pieces of text with a look become wording.

Every reader of documents gives its pieces to a `Pieces`, so that all give wording in one form:
single spaces, none at an edge of emphasis, no character that a policy cannot hold, and links
only to where pages may lead.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from clausebook.addresses import fault_in_mailto, fault_in_phone, fault_in_web, misleading
from clausebook.found import spaced
from clausebook.prose import Break, Code, Emphasis, Inline, Inlines, Link, Strong, Text, join_text
from clausebook.source import INVISIBLE, character, is_seen

_TAIL = 6
"""So many characters before a piece decide whether its first may stand there."""


def seen(text: str, before: str = "", unseen: Counter[str] | None = None) -> str:
    """A text without the characters that a policy cannot hold, as it stands after `before`.

    `unseen` counts those that were taken out.
    """
    text = spaced(text)
    tail = before[-_TAIL:]
    while not is_seen(tail + text):
        # what stands before was judged when it was read; it is cut here, and may look otherwise
        found = [one for one in INVISIBLE.finditer(tail + text) if one.start() >= len(tail)]
        if not found:
            break
        if unseen is not None:
            unseen.update(one[0] for one in found)
        for one in reversed(found):
            text = text[: one.start() - len(tail)] + text[one.end() - len(tail) :]
    return text


def told_unseen(unseen: Counter[str]) -> str:
    """What was taken out, for people: `U+202E, right-to-left override (twice)`; "" if nothing."""
    each = (f"{character(sign)} (× {number})" for sign, number in sorted(unseen.items()))
    return "; ".join(each)


def fault_in_link(href: str) -> str:
    """Why a page may not lead to an address; "" if it may."""
    scheme, _, rest = href.partition(":")
    match scheme.lower():
        case "http" | "https":
            return fault_in_web(href)
        case "mailto":
            return fault_in_mailto(rest)
        case "tel":
            return fault_in_phone(rest)
        case _:
            return "links lead to websites, e-mail addresses and telephones"


@dataclass(frozen=True, slots=True)
class Look:
    """How a piece of text is set."""

    href: str = ""
    strong: bool = False
    emphasis: bool = False
    code: bool = False

    def __and__(self, other: Look) -> Look:
        """What two looks have in common."""
        return Look(
            self.href if self.href == other.href else "",
            self.strong and other.strong,
            self.emphasis and other.emphasis,
            self.code and other.code,
        )


PLAIN = Look()


@dataclass
class Pieces:
    """A paragraph as it is read, piece by piece."""

    pieces: list[tuple[str, Look]] = field(default_factory=list)
    """Text, or a newline for a line break that the author asked for. Tabs are kept."""

    def add(self, text: str, look: Look = PLAIN) -> None:
        """The next piece of text; a newline in it is a space, a tab stays one."""
        if text:
            self.pieces.append((text.replace("\n", " "), look))

    def add_break(self, look: Look = PLAIN) -> None:
        """A line break."""
        self.pieces.append(("\n", look))

    @property
    def text(self) -> str:
        """The bare characters, with tabs and line breaks."""
        return "".join(text for text, _ in self.pieces)

    def without_start(self, length: int) -> Pieces:
        """The pieces after the first `length` characters."""
        rest: list[tuple[str, Look]] = []
        for text, look in self.pieces:
            cut = min(length, len(text))
            length -= cut
            if text[cut:]:
                rest.append((text[cut:], look))
        return Pieces(rest)

    def words(self, unseen: Counter[str] | None = None, faults: list[str] | None = None) -> Inlines:
        """The wording.

        Characters that were taken out are counted in `unseen`; addresses that pages may not lead
        to are told in `faults`, and their words stay as words.
        """
        words = _words(self.pieces, unseen)
        words = _without_false_links(words, faults)
        return join_text(_nested(_edged(words)))


_Piece = tuple[str, Look]
_GAPS = frozenset(" \n")


def _words(pieces: Sequence[_Piece], unseen: Counter[str] | None) -> list[_Piece]:
    """Words, single spaces and line breaks; no space beside a break or at an end."""
    words: list[_Piece] = []
    before = ""
    for text, look in pieces:
        if text == "\n":
            words.append(("\n", look))
            before = ""
            continue
        clean = re.sub(" {2,}", " ", seen(text, before, unseen))
        before = (before + clean)[-_TAIL:]
        bare = clean.strip(" ")
        spaces = clean.startswith(" "), bool(bare) and clean.endswith(" ")
        words += [(" ", look)] * spaces[0] + [(bare, look)] * bool(bare) + [(" ", look)] * spaces[1]
    result: list[_Piece] = []
    for word, look in words:
        blank = word == " "
        if blank and (not result or result[-1][0] in _GAPS):
            continue
        if word == "\n":
            while result and result[-1][0] == " ":
                result.pop()
            if not result:
                continue
        result.append((" " if blank else word, look))
    while result and result[-1][0] in _GAPS:
        result.pop()
    return result


def _edged(words: Sequence[_Piece]) -> list[_Piece]:
    """Spaces and breaks have the look that the words on both sides share."""
    result = list(words)
    last = PLAIN
    following = [PLAIN] * len(words)
    coming = PLAIN
    for number in range(len(words) - 1, -1, -1):
        following[number] = coming
        if words[number][0] not in _GAPS:
            coming = words[number][1]
    for number, (word, look) in enumerate(words):
        if word in _GAPS:
            result[number] = (word, last & following[number])
        else:
            last = look
    return result


def _without_false_links(words: list[_Piece], faults: list[str] | None) -> list[_Piece]:
    """Links to where no page may lead become their words."""
    start = 0
    while start < len(words):
        href = words[start][1].href
        end = start + 1
        while end < len(words) and words[end][1].href == href:
            end += 1
        if href:
            fault = _fault("".join(word for word, _ in words[start:end]), href)
            if fault:
                for at in range(start, end):
                    word, look = words[at]
                    words[at] = (word, replace(look, href=""))
                if faults is not None:
                    faults.append(f"{href[:200]} ({fault})")
        start = end
    return words


def _fault(words: str, href: str) -> str:
    fault = fault_in_link(href)
    if fault:
        return fault
    shown = misleading(words, href)
    return f"its words show another address, {shown[:200]}" if shown else ""


_KINDS = ("href", "strong", "emphasis")


def _nested(words: Sequence[_Piece], used: frozenset[str] = frozenset()) -> list[Inline]:
    """Looks as structure; of several that begin at one place the longest is outside."""
    result: list[Inline] = []
    start = 0
    while start < len(words):
        word, look = words[start]
        ends = [(_end(words, start, kind), kind) for kind in _KINDS if kind not in used]
        open_ = [(end, kind) for end, kind in ends if end > start]
        if not open_:
            if word == "\n":
                result.append(Break())
            elif look.code:
                end = start
                while end < len(words) and words[end][1] == look:
                    end += 1
                result.append(Code("".join(" " if t == "\n" else t for t, _ in words[start:end])))
                start = end
                continue
            else:
                result.append(Text(word))
            start += 1
            continue
        end, kind = max(open_, key=lambda found: found[0])
        inside = join_text(_nested(words[start:end], used | {kind}))
        match kind:
            case "href":
                result.append(Link(look.href, inside))
            case "strong":
                result.append(Strong(inside))
            case _:
                result.append(Emphasis(inside))
        start = end
    return result


def _end(words: Sequence[_Piece], start: int, kind: str) -> int:
    """Where the look of a kind that begins at `start` ends; `start`, if none begins there."""
    value = getattr(words[start][1], kind)
    end = start
    while value and end < len(words) and getattr(words[end][1], kind) == value:
        end += 1
    return end
