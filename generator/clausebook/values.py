"""Named values: what `{{ pupils }}` and `{{ contact.dsl.name }}` stand for at one school.

A `Slot` is what a name leads to: something to show, further names below it, or
the knowledge that nobody has filled it in.  Names are evaluated by Jinja2 in a
sandbox; only names, their parts, and choices between them (`or`, `if … else`)
are let through, so wording can run no code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from clausebook.problems import Problems, nearest
from clausebook.prose import Blocks, Inlines, Value
from clausebook.source import Span

_ENVIRONMENT = ImmutableSandboxedEnvironment(undefined=StrictUndefined, cache_size=0)

_ALLOWED = (nodes.Name, nodes.Getattr, nodes.Or, nodes.And, nodes.Not, nodes.CondExpr)
"""Jinja2's expressions that may stand between double braces in the trust's own text."""

_NAMES_ONLY = (nodes.Name, nodes.Getattr)
"""Those that may stand in a school's or a group's text."""

MAX_EXPRESSION = 200
"""Longest expression, in characters."""


@dataclass(frozen=True, eq=False)
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

    @property
    def filled(self) -> bool:
        """Whether there is something to show."""
        return self.shown is not None or self.block is not None

    def __bool__(self) -> bool:
        """Unfilled slots are false, for `or` and `if`."""
        return self.filled

    def __getattr__(self, name: str) -> Slot:
        """The part called `name`; Jinja2 looks names up like this."""
        if name.startswith("__"):
            raise AttributeError(name)
        try:
            return self.parts[name]
        except KeyError:
            raise AttributeError(name) from None


Names = Mapping[str, Slot]


@lru_cache(maxsize=4096)
def parse(expression: str) -> nodes.Expr | str:
    """Jinja2's reading of an expression, or what is wrong with it."""
    if len(expression) > MAX_EXPRESSION:
        return f"it is longer than {MAX_EXPRESSION} characters"
    try:
        template = _ENVIRONMENT.parse("{{ " + expression + " }}")
    except (TemplateSyntaxError, RecursionError):
        return "it is not a name"
    body = template.body
    output = body[0] if len(body) == 1 else None
    if not isinstance(output, nodes.Output) or len(output.nodes) != 1:
        return "it is not a name"
    return output.nodes[0]


@lru_cache(maxsize=4096)
def _compiled(expression: str) -> Any:  # noqa: ANN401 - Jinja2's own callable
    return _ENVIRONMENT.compile_expression(expression, undefined_to_none=False)


def look_up(value: Value, names: Names, problems: Problems, *, trusted: bool) -> Slot | None:
    """The slot that a value's expression leads to; None, with a problem, if there is none."""
    tree = parse(value.expression)
    allowed = _ALLOWED if trusted else _NAMES_ONLY
    if isinstance(tree, str):
        _malformed(value, tree, problems)
        return None
    for node in (tree, *tree.find_all(nodes.Node)):
        if not isinstance(node, allowed):
            _malformed(value, "it is more than a name", problems)
            return None
    if not _all_known(tree, value, names, problems):
        return None
    slot = _compiled(value.expression)(**names)
    if isinstance(slot, Slot):
        return slot
    _malformed(value, "it leads to nothing that can be shown", problems)
    return None


def _malformed(value: Value, why: str, problems: Problems) -> None:
    problems.error(
        "malformed-value",
        f"'{{{{ {value.expression[:60]} }}}}' cannot be used here: {why}",
        value.span,
        "write a name the trust has declared, such as {{ pupils }} or {{ contact.dsl.name }}",
    )


def _all_known(tree: nodes.Expr, value: Value, names: Names, problems: Problems) -> bool:
    """Whether every name and part exists, in the branches not taken as well."""
    known = True
    for node in (tree, *tree.find_all((nodes.Name, nodes.Getattr))):
        if not isinstance(node, nodes.Name | nodes.Getattr):
            continue
        chain = _chain(node)
        here: Names = names
        for depth, step in enumerate(chain):
            if step not in here:
                if depth == len(chain) - 1:
                    _unknown(".".join(chain), chain[:-1], step, here, value, problems)
                    known = False
                break
            here = here[step].parts
    return known


def _chain(node: nodes.Node) -> list[str]:
    if isinstance(node, nodes.Getattr):
        return [*_chain(node.node), node.attr]
    return [node.name] if isinstance(node, nodes.Name) else []


def _unknown(  # noqa: PLR0913 - each is part of the one message
    full: str, before: list[str], step: str, here: Names, value: Value, problems: Problems
) -> None:
    prefix = ".".join(before) + "." if before else ""
    hint = nearest(prefix + step, [prefix + name for name in here])
    if not hint:
        listed = ", ".join(prefix + name for name in sorted(here)[:12])
        hint = (
            f"names here: {listed}"
            if before
            else "declare it in policy_source/trust.yml, or use a name that is there"
        )
    problems.error(
        "unknown-value", f"'{full}' is not a value that the trust has declared", value.span, hint
    )
