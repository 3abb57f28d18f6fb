"""Who chose what, where the trust leaves a limit or a choice to its schools: as files say today."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from clausebook.declarations import read_value
from clausebook.filling import TextFilling
from clausebook.model import School, Trust
from clausebook.names import layers_of
from clausebook.problems import Problems
from clausebook.prose import plain
from clausebook.shapes import ValueDeclaration, ValueType
from clausebook.source import Source
from clausebook.values import Names


@dataclass(frozen=True)
class Chosen:
    """One limit or choice, and what schools made of it."""

    key: str
    declared: ValueDeclaration
    default: str | None
    """The trust's own, in the words of the policy."""
    by_words: Mapping[str, tuple[tuple[School, str | None], ...]]
    """For each thing chosen, in its words: the schools, and the one policy it is for, if any."""

    @property
    def bounds(self) -> str:
        """What may be chosen, in a sentence; nothing if there is no more to say."""
        low, high = self.declared.min, self.declared.max
        parts = [f"at least {low:g}" if low is not None else ""]
        parts.append(f"at most {high:g}" if high is not None else "")
        told = " and ".join(part for part in parts if part)
        strict = f"only {self.declared.stricter} than the default" if self.declared.stricter else ""
        if self.declared.type is ValueType.CHOICE:
            told = ", ".join(self.declared.choices)
            strict += " in this list" if strict else ""
        return "; ".join(part for part in (told, strict) if part)


def choices(trust: Trust, names: Names) -> list[Chosen]:
    """Every limit and choice, in the trust's order, in words; `names` are the trust's own."""
    texts = TextFilling(names, Problems())
    details = texts.shape(trust.details, trust.document)
    return [
        _chosen(trust, key, declared)
        for key, declared in details.values.items()
        if declared.type is ValueType.CHOICE or declared.type is ValueType.NUMBER
    ]


def _chosen(trust: Trust, key: str, declared: ValueDeclaration) -> Chosen:
    found: dict[str, list[tuple[School, str | None]]] = {}
    default = _words(declared.default, declared)
    if default:
        found[default] = []
    for school in trust.schools.values():
        own = _words(_said(school, key, None), declared) or default
        if own:
            found.setdefault(own, []).append((school, None))
        for policy in trust.policies:
            other = _words(_said(school, key, policy), declared)
            if school.adopts(policy) and other and other != own:
                found.setdefault(other, []).append((school, policy))
    by_words = {words: tuple(schools) for words, schools in found.items() if schools}
    return Chosen(key, declared, default, by_words)


def _said(school: School, key: str, policy: str | None) -> str | None:
    """What the nearest layer fills in."""
    layers = reversed(layers_of(school, policy))
    return next((la.fillings.values[key] for la in layers if key in la.fillings.values), None)


def _words(raw: str | None, declared: ValueDeclaration) -> str | None:
    """As the policy reads; nothing for what is not allowed, which is a problem elsewhere."""
    if raw is None:
        return None
    shown = read_value(raw, declared, Source("", "").whole(), Problems())
    return plain(shown) if shown else None
