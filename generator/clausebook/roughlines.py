"""The paragraphs of a document as a reader has them, and the same as `found` has them.

What all formats share is done here, once: typed numbers are parted from the words, pieces become
wording, and what had to be taken out on the way is told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from clausebook.found import DocumentError, FoundLine, FoundPart, FoundTable, LeftOut
from clausebook.foundlabels import is_bullet
from clausebook.foundwords import Pieces, told_unseen
from clausebook.typedlabels import Typed, typed_labels

MAX_CELLS = 100_000
"""So many cells a table has at most."""


@dataclass
class Rough:
    """A paragraph as it is read."""

    where: str
    pieces: Pieces = field(default_factory=Pieces)
    label: str = ""
    """Its number as the format counts it; where there is none, one may be typed."""
    typed: bool = False
    """Whether that number is typed, and the format itself says so."""
    heading: int = 0
    is_title: bool = False
    level: int | None = None
    indent: float = 0
    id: str = ""
    tags: list[str] = field(default_factory=list)
    verbatim: bool = False
    """Whether its words are as they are, so that no number can be typed in them."""


Cell = list[Rough]


@dataclass
class RoughTable:
    """A table as it is read; rows may still be of several lengths."""

    where: str
    rows: list[list[Cell]] = field(default_factory=list)


RoughPart = Rough | RoughTable


def in_cell(parts: Sequence[RoughPart]) -> Cell:
    """What is in a cell as paragraphs; those of a table in it one after the other."""
    cell: Cell = []
    for part in parts:
        if isinstance(part, Rough):
            cell.append(part)
        else:
            cell += (line for row in part.rows for inner in row for line in inner)
    return cell


def finished(parts: Sequence[RoughPart], left_out: list[LeftOut]) -> tuple[FoundPart, ...]:
    """A document's parts; empty paragraphs and tables are gone.

    What could not be carried is added to `left_out`: links to where pages may not lead, and
    characters that nobody can see.
    """
    unseen: Counter[str] = Counter()
    labels: dict[int, tuple[str, int]] = {}
    for group in _groups(parts):
        texts = ["" if line.label or line.verbatim else line.pieces.text for line in group]
        for line, typed in zip(group, typed_labels(texts), strict=True):
            found = typed or _after_bullet(line)
            if found:
                labels[id(line)] = (found.label, found.length)
    result: list[FoundPart] = []
    for part in parts:
        if isinstance(part, Rough):
            made = _line(part, labels, unseen, left_out)
            result += [made] if made else []
            continue
        width = max(map(len, part.rows), default=0)
        if width * len(part.rows) > MAX_CELLS:
            raise DocumentError(
                f"{part.where.capitalize()} would have more than {MAX_CELLS:,} cells. Split the "
                "document, or save the table on its own."
            )
        rows = tuple(
            tuple(
                tuple(filter(None, (_line(line, labels, unseen, left_out) for line in cell)))
                for cell in [*row, *([[]] * (width - len(row)))]
            )
            for row in part.rows
        )
        if any(cell for row in rows for cell in row):
            result.append(FoundTable(where=part.where, rows=rows))
    if unseen:
        left_out.append(
            LeftOut(where="the whole text", what=f"characters nobody sees: {told_unseen(unseen)}")
        )
    return tuple(result)


def _after_bullet(line: Rough) -> Typed | None:
    """The number that was typed after a bullet of the format's own: `• a. Words`."""
    if not line.label or line.typed or not is_bullet(line.label):
        return None
    typed = typed_labels([line.pieces.text])[0]
    return None if typed is None or is_bullet(typed.label) else typed


def _groups(parts: Sequence[RoughPart]) -> Iterator[list[Rough]]:
    """Paragraphs whose numbers go on from one to the next: those outside tables, and each cell."""
    yield [part for part in parts if isinstance(part, Rough)]
    for part in parts:
        if isinstance(part, RoughTable):
            for row in part.rows:
                yield from row


def _line(
    rough: Rough,
    labels: dict[int, tuple[str, int]],
    unseen: Counter[str],
    left_out: list[LeftOut],
) -> FoundLine | None:
    typed, length = labels.get(id(rough), ("", 0))
    faults: list[str] = []
    pieces = rough.pieces.without_start(length) if length else rough.pieces
    words = pieces.words(unseen, faults)
    left_out += (LeftOut(where=rough.where, what=f"a link: {fault}") for fault in faults)
    label = typed or rough.label
    is_typed = bool(typed) or rough.typed
    if not words and not rough.tags and not is_typed and is_bullet(label):
        return None
    return FoundLine(
        where=rough.where,
        words=words,
        label=label,
        typed=is_typed,
        heading=rough.heading,
        is_title=rough.is_title,
        level=rough.level,
        indent=rough.indent,
        id=rough.id,
        tags=tuple(rough.tags),
    )
