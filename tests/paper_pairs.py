"""Random policies as papers, and what becomes of them: every kind of change that there is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from random import Random
from typing import Any, cast

from clausebook.labels import letters, roman
from clausebook.model import Clause, Kind, Mark
from clausebook.moves import moved_ids
from clausebook.papers import HistoryRow, Paper, PaperClause
from clausebook.prose import (
    Block,
    Blocks,
    Break,
    Code,
    Emphasis,
    Inline,
    Inlines,
    Link,
    Paragraph,
    PlainList,
    Quote,
    Reference,
    Strong,
    Table,
    Text,
    join_text,
)
from clausebook.source import Source

PLACE = Source("anywhere", "").whole()
WORDS = [
    *("staff", "pupils", "must", "may", "never", "ask", "report", "record", "keep", "the", "a"),
    *("of", "account", "picture", "consent", "week's", "“week’s”", "24", "1.5", "face-to-face"),
    *("head's", "—", "e.g.", "parents;", "carers,", "not", "before", "after", "é", "naïve"),
]
ADDRESSES = ["https://a.example.org/x?y=1&z=(2)", "https://b.example.org/", "mailto:c@example.org"]


@dataclass
class Node:
    """A clause and what stands under it."""

    id: str
    kind: Kind
    words: Inlines
    body: Blocks = ()
    marks: frozenset[Mark] = frozenset()
    tags: tuple[str, ...] = ()
    note: str = ""
    under: list[Node] = field(default_factory=list)


class Maker:
    """Makes policies from one source of chance."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.number = 0

    # -- wording ---------------------------------------------------------------------

    def text(self, most: int = 12) -> str:
        """A few words."""
        return " ".join(self.chance.choice(WORDS) for _ in range(self.chance.randint(1, most)))

    def words(self, ids: Sequence[str] = ()) -> Inlines:
        """A run of wording."""
        found: list[Inline] = [Text(self.text())]
        for _ in range(self.chance.randint(0, 3)):
            found += [Text(" "), self.piece(ids), Text(" " + self.text(6))]
        return join_text(found)

    def piece(self, ids: Sequence[str]) -> Inline:
        """Something in a run that is more than text."""
        inside = (Text(self.text(3)),)
        chosen = self.chance.randint(0, 6 if ids else 5)
        match chosen:
            case 0:
                return Strong(inside)
            case 1:
                return Emphasis(inside)
            case 2:
                return Code(self.text(2))
            case 3:
                return Link(self.chance.choice(ADDRESSES), inside)
            case 4:
                return Strong((Text(self.text(2)), Text(" "), Link(ADDRESSES[0], inside)))
            case 5:
                return Break()
            case _:
                return Reference(self.chance.choice(ids), (Text("?"),), PLACE)

    def table(self) -> Table:
        """A table of two or three columns."""
        columns = self.chance.randint(2, 3)

        def row() -> tuple[Inlines, ...]:
            return tuple(self.words() if self.chance.random() < 0.9 else () for _ in range(columns))

        rows = tuple(row() for _ in range(self.chance.randint(1, 3)))
        align = tuple(self.chance.choice(["", "left", "right", "center"]) for _ in range(columns))
        return Table(row(), align, rows)

    def block(self) -> Block:
        """Something that belongs to a clause beside its words."""
        match self.chance.randint(0, 3):
            case 0:
                return Paragraph(self.words())
            case 1:
                return self.table()
            case 2:
                items = tuple(self.words() for _ in range(self.chance.randint(1, 3)))
                return PlainList(items, self.chance.random() < 0.5)
            case _:
                return Quote((Paragraph(self.words()), PlainList((self.words(),), ordered=False)))

    def body(self) -> Blocks:
        """What belongs to a clause beside its words, mostly nothing."""
        return tuple(self.block() for _ in range(max(0, self.chance.randint(-3, 2))))

    # -- clauses ---------------------------------------------------------------------

    def node(self, kind: Kind, ids: Sequence[str] = ()) -> Node:
        """A clause."""
        self.number += 1
        words = (Text(self.text(4)),) if kind is Kind.HEADING else self.words(ids)
        body = () if kind is Kind.HEADING else self.body()
        marks = (
            frozenset({self.chance.choice(list(Mark))})
            if self.chance.random() < 0.2
            else frozenset()
        )
        return Node(f"x-{self.number}", kind, words, body, marks)

    def policy(self) -> list[Node]:
        """A policy: sections, paragraphs, lists at three levels."""
        return [self.section(1) for _ in range(self.chance.randint(1, 3))]

    def section(self, level: int) -> Node:
        """A heading and what is under it."""
        made = self.node(Kind.HEADING)
        for _ in range(self.chance.randint(1, 3)):
            if level < 3 and self.chance.random() < 0.2:
                made.under.append(self.section(level + 1))
            else:
                made.under.append(self.provision())
        return made

    def provision(self) -> Node:
        """A paragraph, maybe with a list under it."""
        made = self.node(Kind.PARAGRAPH)
        if self.chance.random() < 0.5:
            made.under = self.items(1)
        return made

    def items(self, level: int) -> list[Node]:
        """The items of a list, maybe with further lists in them."""
        found = []
        for _ in range(self.chance.randint(1, 3)):
            item = self.node(Kind.ITEM)
            if level < 3 and self.chance.random() < 0.4:
                item.under = self.items(level + 1)
            found.append(item)
        return found

    # -- changes ---------------------------------------------------------------------

    def changed(self, sections: Sequence[Node]) -> list[Node]:
        """The same policy, some time later."""
        found = [_copy(node) for node in sections]
        for _ in range(self.chance.randint(0, 6)):
            self.chance.choice(
                [self.reword, self.reword, self.reface, self.relink, self.redo, self.remove,
                 self.add, self.add, self.move, self.move, self.split, self.tell, self.curl]
            )(found)  # fmt: skip
        return found

    def any(self, sections: Sequence[Node], *kinds: Kind) -> Node | None:
        """A clause, if there is one of these kinds."""
        found = [node for node in _all(sections) if not kinds or node.kind in kinds]
        return self.chance.choice(found) if found else None

    def reword(self, sections: list[Node]) -> None:
        """Other words in one place, or altogether."""
        node = self.any(sections)
        if node and self.chance.random() < 0.3:
            node.words = self.words([one.id for one in _all(sections)])
        elif node:
            new = Text(f" {self.text(3)} ")
            at = self.chance.randint(0, len(node.words))
            node.words = join_text((*node.words[:at], new, *node.words[at:]))

    def reface(self, sections: list[Node]) -> None:
        """The same words, looking different."""
        node = self.any(sections)
        if node:
            wrap = self.chance.choice([Strong, Emphasis])
            plain = tuple(w for w in node.words if isinstance(w, Text))
            rest = tuple(w for w in node.words if not isinstance(w, Text))
            if plain:
                cut = len(plain[0].text) // 2
                halves = wrap((Text(plain[0].text[:cut]),)), Text(plain[0].text[cut:])
                node.words = join_text((*(halves if cut else plain[:1]), *plain[1:], *rest))

    def relink(self, sections: list[Node]) -> None:
        """The same words, leading elsewhere."""
        node = self.any(sections)
        if node:
            node.words = tuple(
                replace(word, href=self.chance.choice(ADDRESSES))
                if isinstance(word, Link)
                else word
                for word in node.words
            )

    def redo(self, sections: list[Node]) -> None:
        """Something else beside the words: rows and items come and go, blocks too."""
        node = self.any(sections, Kind.PARAGRAPH, Kind.ITEM)
        if node:
            blocks = [self.reblock(block) for block in node.body if self.chance.random() < 0.9]
            if self.chance.random() < 0.3:
                blocks.insert(self.chance.randint(0, len(blocks)), self.block())
            node.body = tuple(blocks)

    def reblock(self, block: Block) -> Block:
        """A block with something added, removed or changed in it."""
        match block:
            case Table(header, align, rows):
                others = [row for row in rows if self.chance.random() < 0.7] or list(rows[:1])
                new = tuple(self.words() for _ in header)
                others.insert(self.chance.randint(0, len(others)), new)
                if self.chance.random() < 0.3:
                    align = ("right",) * len(align)
                return Table(header, align, tuple(others))
            case PlainList(items, ordered):
                kept = [*items[1:], self.words()]
                return PlainList(tuple(kept), ordered != (self.chance.random() < 0.3))
            case Quote(blocks):
                return Quote((*blocks, Paragraph(self.words())))
            case Paragraph(words):
                return Paragraph((*words, Text(" " + self.text(2))))
            case _:
                return block

    def remove(self, sections: list[Node]) -> None:
        """A clause goes, with all that is under it."""
        node = self.any(sections)
        if node and (len(sections) > 1 or node is not sections[0]):
            _home(sections, node).remove(node)

    def add(self, sections: list[Node]) -> None:
        """A clause comes."""
        node = self.any(sections)
        if node:
            kind = {Kind.HEADING: lambda: self.section(3), Kind.PARAGRAPH: self.provision}
            made = kind.get(node.kind, lambda: self.node(Kind.ITEM))()
            home = _home(sections, node)
            home.insert(self.chance.randint(0, len(home)), made)

    def move(self, sections: list[Node]) -> None:
        """A clause goes elsewhere, with all that is under it."""
        node = self.any(sections)
        if node is None or (node.kind is Kind.HEADING and len(sections) < 2):
            return
        home = _home(sections, node)
        if node.kind is not Kind.HEADING and self.chance.random() < 0.6:
            inside = {id(one) for one in _all([node])}
            wanted = Kind.HEADING if node.kind is Kind.PARAGRAPH else Kind.PARAGRAPH
            homes = [o for o in _all(sections) if o.kind is wanted and id(o) not in inside]
            if not homes:
                return
            home.remove(node)
            self.chance.choice(homes).under.append(node)
            return
        home.remove(node)
        home.insert(self.chance.randint(0, len(home)), node)
        if self.chance.random() < 0.3:
            node.words = join_text((*node.words, Text(" " + self.text(3))))

    def split(self, sections: list[Node]) -> None:
        """A clause's words become two paragraphs."""
        node = self.any(sections, Kind.PARAGRAPH, Kind.ITEM)
        if node and len(node.words) > 1:
            node.words, rest = node.words[:1], node.words[1:]
            node.body = (Paragraph(rest), *node.body)

    def tell(self, sections: list[Node]) -> None:
        """Something is said of a clause, or it does not apply any more."""
        node = self.any(sections)
        if node and self.chance.random() < 0.5:
            node.tags = ("Guidance", f"For {self.text(2)}")[: self.chance.randint(0, 2)]
        elif node and node.kind is not Kind.HEADING:
            node.note, node.words, node.body = f"Not applicable here: {self.text()}", (), ()

    def curl(self, sections: list[Node]) -> None:
        """Quotation marks as print has them: a difference that is none to a reader."""
        node = self.any(sections)
        if node:
            node.words = tuple(
                Text(w.text.replace("'", "’").replace("—", "-")) if isinstance(w, Text) else w
                for w in node.words
            )

    # -- papers ----------------------------------------------------------------------

    def paper(self, sections: Sequence[Node], version: int) -> Paper:
        """A policy as a document."""
        clauses = tuple(_clauses(sections))
        labels = {clause.id: clause.label for clause in clauses}
        history = tuple(
            HistoryRow(
                version=str(number), on=date(2026, number, 1), clauses=("1",), what=self.text(),
                why=self.text(), origin="law", by="Trust", approved="Governors (1)",
            )
            for number in range(version, 0, -1)
        )  # fmt: skip
        return Paper(
            policy="online", body="hill",
            title=f"Online policy{' (revised)' * (self.chance.random() < 0.2)}",
            publisher="Hill School", version=str(version), status=f"Version {version}.",
            day=date(2026, version + 1, 1), fingerprint=f"bcdf-ghj{version}",
            address="https://hill.example.org/" if self.chance.random() < 0.7 else None,
            summary=self.text() if self.chance.random() < 0.7 else None,
            control=(("School", "Hill School"), ("Version", str(version)), *(
                (("Minute", self.text(2)),) if self.chance.random() < 0.5 else ())),
            clauses=tuple(_numbered(clause, labels) for clause in clauses),
            history=history if self.chance.random() < 0.8 else (),
        )  # fmt: skip


def pair(chance: Random) -> tuple[Paper, Paper, frozenset[str]]:
    """Two versions of a policy, and the clauses that were moved between them."""
    maker = Maker(chance)
    old = maker.policy()
    new = maker.changed(old)
    before, after = maker.paper(old, 1), maker.paper(new, 2)
    sides = (cast("Sequence[Clause]", paper.clauses) for paper in (before, after))
    return before, after, moved_ids(*sides)


def _copy(node: Node) -> Node:
    return replace(node, under=[_copy(one) for one in node.under])


def _all(nodes: Sequence[Node]) -> Iterator[Node]:
    for node in nodes:
        yield node
        yield from _all(node.under)


def _home(sections: list[Node], node: Node) -> list[Node]:
    """The list that a clause stands in."""
    if any(one is node for one in sections):
        return sections
    return next(one.under for one in _all(sections) if any(inner is node for inner in one.under))


def _clauses(
    nodes: Sequence[Node], parent: str | None = None, label: str = "", level: int = 0
) -> Iterator[PaperClause]:
    """The clauses with their numbers, in reading order."""
    number: Callable[[int], str]
    for at, node in enumerate(nodes, 1):
        if node.kind is Kind.ITEM:
            number = (letters, roman, str)[(level - 1) % 3]
            own, depth = f"{label}({number(at)})", min(level, 3)
        else:
            own = f"{label}.{at}" if label else str(at)
            depth = min(level + 2, 4) if node.kind is Kind.HEADING else 0
        yield PaperClause(
            id=node.id, label=own, kind=node.kind, depth=depth, parent=parent, words=node.words,
            body=node.body, marks=node.marks, tags=node.tags, note=node.note,
        )  # fmt: skip
        deeper = 1 if node.kind is Kind.PARAGRAPH else level + 1
        yield from _clauses(node.under, node.id, own, deeper)


def _numbered(clause: PaperClause, labels: dict[str, str]) -> PaperClause:
    """With the numbers of the clauses that it refers to; what is gone is just its number."""

    def change(word: Any) -> Any:  # noqa: ANN401 - any piece
        if isinstance(word, Reference):
            said = (Text(labels.get(word.target, "a clause")),)
            return replace(word, children=said) if word.target in labels else said[0]
        return word

    return replace(clause, words=join_text([change(word) for word in clause.words]))
