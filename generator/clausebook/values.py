"""Named values: what `{{ pupils }}` and `{{ contact.dsl.name }}` stand for at one school.

A `Slot` is what a name leads to: something to show, further names below it, or
the knowledge that nobody has filled it in.  Jinja2 parses what stands between
the braces and runs nothing: names, their parts and choices between them (`or`,
`if … else`) are looked up here, and everything else is refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from jinja2 import Environment, TemplateSyntaxError, nodes

from clausebook.problems import Problems, nearest
from clausebook.prose import Blocks, Inlines, Value
from clausebook.source import Span

_JINJA = Environment(autoescape=True, cache_size=0)

_ALLOWED = (nodes.Name, nodes.Getattr, nodes.Or, nodes.And, nodes.Not, nodes.CondExpr)
"""Jinja2's expressions that may stand between double braces in the trust's own text."""

_NAMES_ONLY = (nodes.Name, nodes.Getattr)
"""Those that may stand in a school's or a group's text."""

MAX_EXPRESSION = 200
"""Longest expression, in characters."""


@dataclass(frozen=True, eq=False, slots=True)
class Slot:
    """What a name leads to."""

    label: str
    """What it is, in words, for messages."""
    shown: Inlines | None = None
    """What appears in its place; None while nobody has filled it in."""
    block: Blocks | None = None
    """For ready blocks: what appears in place of a paragraph of its own."""
    parts: Mapping[str, Slot] = field(default_factory=dict)
    """The names that may follow after a dot."""
    place: Span | None = None
    """Where it is, or should be, filled in."""
    required: bool = False
    """Whether it must be filled in: then that it is not is known without its being used."""
    on_record: bool = False
    """Whether this is what a version says it stood for, which may be that it was withdrawn."""

    @property
    def filled(self) -> bool:
        """Whether there is something to show."""
        return self.shown is not None or self.block is not None

    def __bool__(self) -> bool:
        """Unfilled slots are false, for `or` and `if`."""
        return self.filled


Names = Mapping[str, Slot]


@lru_cache(maxsize=4096)
def parse(expression: str) -> nodes.Expr | str:
    """Jinja2's reading of an expression, or what is wrong with it."""
    if not expression:
        return "there is no name between the braces"
    if len(expression) > MAX_EXPRESSION:
        return f"it is longer than {MAX_EXPRESSION} characters"
    try:
        template = _JINJA.parse("{{ " + expression + " }}")
    except (TemplateSyntaxError, RecursionError):
        return "it is not a name"
    body = template.body
    output = body[0] if len(body) == 1 else None
    if not isinstance(output, nodes.Output) or len(output.nodes) != 1:
        return "it is not a name"
    return output.nodes[0]


def look_up(value: Value, names: Names, problems: Problems, *, trusted: bool) -> Slot | None:
    """The slot that a value's expression leads to; None, with a problem, if there is none."""
    tree = check_form(value, problems, trusted=trusted)
    if tree is None:
        return None
    if not _all_known(value, names, problems):
        return None
    slot = _evaluate(tree, names)
    if not isinstance(slot, Slot):
        _malformed(value, "it does not lead to anything in every case", problems)
        return None
    return slot


def check_form(value: Value, problems: Problems, *, trusted: bool) -> nodes.Expr | None:
    """The expression as parsed; None, with a problem, if it is more than it may be."""
    tree, wrong = _form(value.expression, trusted=trusted)
    if tree is None:
        _malformed(value, wrong, problems)
    return tree


@lru_cache(maxsize=4096)
def _form(expression: str, *, trusted: bool) -> tuple[nodes.Expr | None, str]:
    """The expression as parsed, or what is wrong with it."""
    tree = parse(expression)
    if isinstance(tree, str):
        return None, tree
    wrong = _more_than_names(tree, trusted=trusted)
    return (None, wrong) if wrong else (tree, "")


def _more_than_names(tree: nodes.Expr, *, trusted: bool) -> str:
    """Why an expression is refused, or "" if it is not."""
    for node in (tree, *tree.find_all(nodes.Node)):
        if not isinstance(node, _ALLOWED) or (isinstance(node, nodes.Getattr) and not _chain(node)):
            return "it is more than a name"
        if not trusted and not isinstance(node, _NAMES_ONLY):
            return "choices between names can stand only in a master policy"
    return ""


def _evaluate(tree: nodes.Node, names: Names) -> Slot | bool | None:
    """What an expression of known names leads to; True, False or None if to no slot."""
    match tree:
        case nodes.Name():
            return names[tree.name]
        case nodes.Getattr():
            inner = _evaluate(tree.node, names)
            return inner.parts[tree.attr] if isinstance(inner, Slot) else None
        case nodes.Or():
            return _evaluate(tree.left, names) or _evaluate(tree.right, names)
        case nodes.And():
            return _evaluate(tree.left, names) and _evaluate(tree.right, names)
        case nodes.Not():
            return not _evaluate(tree.node, names)
        case nodes.CondExpr():
            chosen = tree.expr1 if _evaluate(tree.test, names) else tree.expr2
            return _evaluate(chosen, names) if chosen else None
        case _:
            return None


LIVE = frozenset({"contact", "channels"})
"""Names whose values change without ratification."""

LIVE_PARTS = frozenset({"address", "phone", "email", "website"})
"""Parts of `school` and `trust` that do so too."""


@lru_cache(maxsize=4096)
def is_live(expression: str) -> bool:
    """Whether any name in an expression is live: people and channels, not wording."""
    tree = parse(expression)
    if isinstance(tree, str):
        return False
    return any(
        chain and (chain[0] in LIVE or (len(chain) > 1 and chain[1] in LIVE_PARTS))
        for chain in _chains(tree)
    )


def _malformed(value: Value, why: str, problems: Problems) -> None:
    problems.error(
        "malformed-value",
        f"'{{{{ {value.expression[:60]} }}}}' cannot be used here: {why}",
        value.span,
        "write a name the trust has declared, such as {{ pupils }} or {{ contact.dsl.name }}",
    )


def _all_known(value: Value, names: Names, problems: Problems) -> bool:
    """Whether every name and part exists, in the branches not taken as well."""
    known = True
    for chain in _names_of(value.expression):
        here: Names = names
        for depth, step in enumerate(chain):
            if step not in here:
                if depth == len(chain) - 1:
                    _unknown(chain, names, here, value, problems)
                    known = False
                break
            here = here[step].parts
    return known


@lru_cache(maxsize=4096)
def _names_of(expression: str) -> tuple[list[str], ...]:
    """Every name in an expression, and everything that its parts are parts of, in steps."""
    tree = parse(expression)
    return () if isinstance(tree, str) else tuple(filter(None, _chains(tree)))


def _chains(tree: nodes.Expr) -> list[list[str]]:
    return [_chain(node) for node in (tree, *tree.find_all((nodes.Name, nodes.Getattr)))]


def _chain(node: nodes.Node) -> list[str]:
    """`contact.dsl.name` in steps; nothing if it is not made of names alone."""
    if isinstance(node, nodes.Getattr):
        before = _chain(node.node)
        return [*before, node.attr] if before else []
    return [node.name] if isinstance(node, nodes.Name) else []


def _unknown(
    chain: Sequence[str], names: Names, here: Names, value: Value, problems: Problems
) -> None:
    *before, step = chain
    full, prefix = ".".join(chain), ".".join(before)
    if not before:
        message = f"'{full}' is not a value or term that the trust has declared"
        hint = _nearest_name(step, names) or "declare it in policy_source/trust.yml"
    else:
        message = (
            f"'{step}' is not a contact role that the trust has declared"
            if prefix == "contact"
            else f"'{prefix}' has no part '{step}'"
        )
        known = sorted(here, key=lambda name: name.lower() != step.lower())
        hint = nearest(step, known).replace("'", f"'{prefix}.", 1) or _listed(prefix, known)
    problems.error("unknown-value", message, value.span, hint)


def _nearest_name(step: str, names: Names) -> str:
    """The nearest of all names, those with dots included."""
    dotted = {f"{first}.{second}" for first, slot in names.items() for second in slot.parts} | {
        f"{first}.{second}.{third}"
        for first, slot in names.items()
        for second, part in slot.parts.items()
        for third in part.parts
    }
    last = sorted(name for name in dotted if name.endswith(f".{step}"))
    return nearest(step, dotted.union(names)) or (f"did you mean '{last[0]}'?" if last else "")


def _listed(prefix: str, names: Sequence[str]) -> str:
    return "names here: " + ", ".join(f"{prefix}.{name}" for name in names[:12])
