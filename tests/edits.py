"""Random policies and random edits of them: fast, and the same for the same seed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from random import Random

from clausebook.changes import Provision, Wording
from clausebook.labels import Numbered, number_clauses
from clausebook.model import Clause, Kind, Mark, Provenance
from clausebook.prose import (
    Block,
    Break,
    Code,
    Emphasis,
    Inline,
    Inlines,
    Link,
    Paragraph,
    PlainList,
    Quote,
    ReadyBlock,
    Reference,
    Strong,
    Table,
    Text,
    Value,
    join_text,
)
from clausebook.source import Source

PLACE = Source("anywhere", "").whole()

COMMON = [
    *(
        "Staff",
        "pupils’",
        "must",
        "may",
        "not",
        "post",
        "the",
        "a",
        "of",
        "pictures",
        "ask",
        "first",
    ),
    *(
        "24 hours",
        "5 days,",
        "12 May 2026.",
        "2.3.1",
        "face-to-face",
        "don't",
        "head@school.example",
    ),
]
NASTY = [
    *("1.", "12)", "-", "+", "#", "# x", "*b*", "_e_", "**", "`c`", "[x](y)", "![x](y)", "[", "]("),
    *("<b>", "</p>", "<del>", "&amp;", "&", "|", "\\", "{: .x }", "{#x}", "{{ x }}", "---", "> q"),
    *(
        "“friends”",
        "–",
        "\u00a0",
        "é",
        "字",
        "[deleted: x]",
        ":",
        "~~x~~",
        "===",
        "(see",
        "below),",
    ),
]
ADDRESSES = ["https://a.example/x_y?b=1&c=(d)", "https://b.example/", "mailto:a@b.example"]


@dataclass
class Node:
    """A clause that can still be changed, with the clauses under it."""

    id: str
    kind: Kind
    words: Inlines
    body: tuple[Block, ...] = ()
    marks: frozenset[Mark] = frozenset()
    omitted: bool = False
    layer: str | None = None
    under: list[Node] = field(default_factory=list)

    def copy(self) -> Node:
        """One that can be changed without changing this one."""
        return replace(self, under=[node.copy() for node in self.under])

    def walk(self) -> Iterator[tuple[Node, Node]]:
        """Each clause below this one, with the one it stands under."""
        for node in self.under:
            yield self, node
            yield from node.walk()


def wording(root: Node) -> Wording:
    """The clauses below `root`, numbered, as one side of a comparison."""
    clauses: list[tuple[Clause, Node]] = []

    def add(node: Node, parent: Clause | None, level: int, depth: int) -> None:
        for child in node.under:
            if child.kind is Kind.HEADING:
                own = level + 1
            else:
                own = depth + 1 if child.kind is Kind.ITEM else 0
            clause = Clause(
                id=child.id,
                kind=child.kind,
                parent=parent.id if parent else None,
                depth=own,
                words=child.words,
                body=() if child.kind is Kind.HEADING else child.body,
                marks=child.marks,
                span=PLACE,
            )
            clauses.append((clause, child))
            heads = child.kind is Kind.HEADING
            add(child, clause, level + heads, 0 if child.kind is not Kind.ITEM else depth + 1)

    add(root, None, 1, 0)
    labels = number_clauses([Numbered(clause, None) for clause, _ in clauses])
    return Wording(
        tuple(
            Provision(
                clause=clause,
                shown=clause,
                label=labels[clause.id],
                provenance=Provenance.OMITTED if node.omitted else Provenance.TRUST,
                layer="school" if node.omitted else node.layer,
            )
            for clause, node in clauses
        )
    )


@dataclass
class Maker:
    """Makes policies up and changes them."""

    rng: Random
    made: int = 0

    # -- wording -------------------------------------------------------------------

    def word(self) -> str:
        """A word, or something that a reader of Markdown could take for markup."""
        return self.rng.choice(NASTY if self.rng.random() < 0.15 else COMMON)

    def text(self, most: int = 6) -> str:
        """Some words."""
        return " ".join(self.word() for _ in range(self.rng.randint(1, most)))

    def piece(self, *, linked: bool = False) -> Inline:
        """A piece of wording that is more than text."""
        inner: Inlines = (Text(self.text(3)),)
        if self.rng.random() < 0.2:
            inner = join_text((*inner, Text(" "), Strong((Text(self.word()),))))
        makers: list[Callable[[], Inline]] = [
            lambda: Strong(inner),
            lambda: Emphasis(inner),
            lambda: Code(self.text(2)),
            Break,
            lambda: Value("contact.dsl.name", PLACE),
        ]
        if not linked:
            makers += [
                lambda: Link(self.rng.choice(ADDRESSES), inner),
                lambda: Reference(f"c-{self.rng.randint(0, 9)}", inner, PLACE),
                lambda: Reference(f"c-{self.rng.randint(0, 9)}", (), PLACE),
                lambda: Strong((Link(self.rng.choice(ADDRESSES), (self.piece(linked=True),)),)),
            ]
        return self.rng.choice(makers)()

    def words(self) -> Inlines:
        """A run of wording."""
        pieces: list[Inline] = [Text(self.text())]
        while self.rng.random() < 0.45:
            pieces += [Text(" "), self.piece(), Text(self.rng.choice([" ", "", ". ", "s "]))]
            pieces.append(Text(self.text(4)))
        return join_text(pieces)

    def cell(self) -> Inlines:
        """What stands in a cell of a table."""
        return () if self.rng.random() < 0.1 else without_breaks(self.words())

    def block(self) -> Block:
        """Something that belongs to a clause."""
        choice = self.rng.randrange(8)
        if choice < 3:
            width = self.rng.randint(1, 3)
            return Table(
                tuple(self.cell() for _ in range(width)),
                tuple(self.rng.choice(["", "left", "right"]) for _ in range(width)),
                tuple(
                    tuple(self.cell() for _ in range(width)) for _ in range(self.rng.randint(0, 3))
                ),
            )
        if choice < 5:
            return Quote((Paragraph(self.words()), self.items()))
        if choice < 6:
            return ReadyBlock(Value(self.rng.choice(["contact.dsl.card", "channels"]), PLACE))
        return Paragraph(self.words()) if choice < 7 else self.items()

    def items(self) -> PlainList:
        """A list whose items are no clauses."""
        made = tuple(self.words() for _ in range(self.rng.randint(1, 3)))
        return PlainList(made, self.rng.random() < 0.3)

    # -- policies ------------------------------------------------------------------

    def node(self, kind: Kind) -> Node:
        """A clause without any under it."""
        self.made += 1
        return Node(
            id=f"c-{self.made}",
            kind=kind,
            words=without_breaks(self.words()) if kind is Kind.HEADING else self.words(),
            body=(self.block(),) if self.rng.random() < 0.2 else (),
        )

    def policy(self, most: int = 8) -> Node:
        """A policy of a few clauses."""
        root = Node("", Kind.HEADING, ())
        for _ in range(self.rng.randint(1, most)):
            self.add(root)
        return root

    def add(self, root: Node) -> None:
        """Put a new clause somewhere."""
        self.put(
            root, self.node(self.rng.choice([Kind.HEADING, Kind.PARAGRAPH, Kind.ITEM, Kind.ITEM]))
        )

    def put(self, root: Node, node: Node) -> None:
        """Put a clause, with those under it, anywhere it may stand."""
        inside = {id(n) for _, n in node.walk()} | {id(node)}
        places = [n for n in (root, *(n for _, n in root.walk())) if id(n) not in inside]
        places = [place for place in places if fits(root, place, node)]
        place = self.rng.choice(places) if places else root
        if not fits(root, place, node):
            node.kind = Kind.PARAGRAPH
        before = [n for n in place.under if rank(n) <= rank(node)]
        first = len([n for n in place.under if rank(n) < rank(node)])
        place.under.insert(self.rng.randint(first, len(before)), node)

    def edited(self, root: Node) -> Node:
        """A copy with a few changes."""
        copy = root.copy()
        for _ in range(self.rng.randint(1, 4)):
            self.edit(copy)
        return copy

    def edit(self, root: Node) -> None:  # noqa: C901 - one case for each sort of edit
        """Change one thing."""
        nodes = list(root.walk())
        if not nodes or self.rng.random() < 0.15:
            self.add(root)
            return
        parent, node = self.rng.choice(nodes)
        match self.rng.randrange(11):
            case 0:
                parent.under.remove(node)
                if self.rng.random() < 0.5:
                    for orphan in node.under:
                        self.put(root, orphan)
            case 1 | 2:
                parent.under.remove(node)
                self.put(root, node)
            case 3:
                again = [n for n in parent.under if rank(n) == rank(node)]
                self.rng.shuffle(again)
                others = [n for n in parent.under if rank(n) != rank(node)]
                parent.under[:] = sorted([*again, *others], key=rank)
            case 4:
                node.omitted = not node.omitted
            case 5:
                node.body = self.reworked(node.body)
            case 6:
                node.marks ^= {Mark.GUIDANCE}
            case 7:
                self.split(parent, node)
            case _:
                node.words = self.reworded(node.words)
                if node.kind is Kind.HEADING:
                    node.words = without_breaks(node.words)

    def split(self, parent: Node, node: Node) -> None:
        """Take words from a clause and give them one of their own."""
        half = len(node.words) // 2
        new = self.node(node.kind)
        new.body = ()
        if half and node.words[half:] and rank(new) < 2:
            new.words, node.words = join_text(node.words[half:]), join_text(node.words[:half])
            parent.under.insert(parent.under.index(node) + 1, new)

    def reworked(self, body: tuple[Block, ...]) -> tuple[Block, ...]:
        """Blocks with one thing changed."""
        if not body or self.rng.random() < 0.3:
            return () if body and self.rng.random() < 0.5 else (*body, self.block())
        match body[0]:
            case Table(header, align, rows):
                made = [list(row) for row in (header, *rows)]
                action = self.rng.randrange(4)
                if action == 0 and len(made) > 1:
                    made.pop(self.rng.randrange(1, len(made)))
                elif action == 1:
                    made.insert(self.rng.randint(1, len(made)), [self.cell() for _ in header])
                elif action == 2:
                    made = [[*row, self.cell()] for row in made]
                    align = (*align, "")
                else:
                    row = self.rng.choice(made)
                    row[0] = without_breaks(self.reworded(row[0]))
                table = Table(tuple(made[0]), align, tuple(tuple(row) for row in made[1:]))
                return (table, *body[1:])
            case Quote(blocks):
                return (Quote(self.reworked(blocks) or (Paragraph(self.words()),)), *body[1:])
            case PlainList(items, ordered):
                flipped = ordered != (self.rng.random() < 0.2)
                return (PlainList((*items[1:], self.words()), flipped), *body[1:])
            case Paragraph(words):
                return (Paragraph(self.reworded(words)), *body[1:])
            case _:
                return tuple(reversed(body))

    def reworded(self, words: Inlines) -> Inlines:
        """Wording with one thing changed."""
        pieces = list(words)
        if not pieces:
            return self.words()
        at = self.rng.randrange(len(pieces))
        match pieces[at], self.rng.randrange(4):
            case Text(text), 0:
                pieces[at] = Strong((Text(text),)) if text.strip() else Text(text)
            case Text(text), 1:
                cut = self.rng.randint(0, len(text))
                pieces[at : at + 1] = [Text(text[:cut]), self.piece(), Text(text[cut:])]
            case Text(text), _:
                several = text.split(" ")
                several[self.rng.randrange(len(several))] = self.text(2)
                pieces[at] = Text(" ".join(several))
            case Link(_, children), _:
                pieces[at] = Link("https://c.example/", children)
            case ((Strong(children) | Emphasis(children)), 0):
                pieces[at : at + 1] = children
            case ((Strong(children) | Emphasis(children)), _):
                pieces[at] = Emphasis(self.reworded(children))
            case _:
                pieces.pop(at)
        return join_text(pieces) or self.words()


def without_breaks(words: Inlines) -> Inlines:
    """Wording for one line of source."""
    return join_text([word for word in words if not isinstance(word, Break)]) or (Text("x"),)


def rank(node: Node) -> int:
    """Items before paragraphs before headings, as a reader of Markdown wants them."""
    return {Kind.ITEM: 0, Kind.PARAGRAPH: 1, Kind.HEADING: 2}[node.kind]


def fits(root: Node, place: Node, node: Node) -> bool:
    """Whether a clause may stand under another."""
    above = {id(child): parent for parent, child in root.walk()}
    chain = [place]
    while id(chain[-1]) in above:
        chain.append(above[id(chain[-1])])
    headings = [n for n in chain if n.kind is Kind.HEADING and n is not root]
    items = [n for n in chain if n.kind is Kind.ITEM]
    deep = 1 + max((depth_of(n) for n in node.under), default=0)
    if node.kind is Kind.HEADING:
        return not items and place.kind is Kind.HEADING and len(headings) + deep <= 3
    if node.kind is Kind.PARAGRAPH:
        return place.kind is Kind.HEADING
    return len(items) + deep <= 3 and place is not root


def depth_of(node: Node) -> int:
    """How many levels a clause and those under it take."""
    return 1 + max(map(depth_of, node.under), default=0)
