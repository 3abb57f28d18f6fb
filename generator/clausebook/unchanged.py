"""Whether a build has anything to do.

This is asked first, and nothing is loaded for it that only building needs, which would take
longer than the answer.  So what is kept for it is JSON.

How a build ended is kept under a digest of all that it was made from.  Which files those are is
said by some of them (`mkdocs.yml` names style sheets), and the last build has noted it.  The note
need not be trusted: files that name others are among the noted, so a note that is out of date
leads to a digest under which nothing is kept.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import astuple, dataclass, field
from pathlib import Path
from typing import Any

from clausebook.buildcache import BuildCache, Sources, Stock, digest, program, state_of, take_stock
from clausebook.orders import Order, Tally
from clausebook.problems import Problem, Severity
from clausebook.source import Source, Span


@dataclass
class Standing:
    """The sites in some places: which stand as the last build left them."""

    cache: BuildCache
    places: Sequence[Path]
    """Each has a folder for each site."""
    noted: dict[str, tuple[str, str]] = field(default_factory=dict)
    """For each site what it was made from, and the state in which the build left its files."""

    def __post_init__(self) -> None:
        """Look up what the last build noted."""
        data = self.cache.get("outputs", self._here) or b"{}"
        with suppress(ValueError, TypeError, AttributeError):
            self.noted = {str(k): (str(a), str(b)) for k, (a, b) in json.loads(data).items()}

    def stands(self, site: str, key: str) -> bool:
        """Whether a site was built from these things, and is as it was left."""
        return site in self.noted and self.noted[site] == (key, self._state(site))

    def left(self, built: Mapping[str, str]) -> None:
        """Note sites that have just been built, and from what."""
        if self.cache.folder is None:
            return
        self.noted |= {site: (key, self._state(site)) for site, key in built.items()}
        self.cache.put("outputs", self._here, json.dumps(self.noted).encode())

    @property
    def _here(self) -> str:
        return digest(*(place.absolute() for place in self.places))

    def _state(self, site: str) -> str:
        return digest(*(state_of(place / site) for place in self.places))


@dataclass(frozen=True)
class Conclusion:
    """How a build ended, for when nothing has changed since."""

    problems: tuple[Problem, ...]
    tally: Tally
    keys: Mapping[str, str]
    """What each site was made from."""


@dataclass(frozen=True)
class Answer:
    """What was found when a build was about to begin."""

    sources: Sources | None = None
    """What the last build of the same folder has read."""
    stock: Stock = field(default_factory=lambda: Stock({}))
    """Those files as they are now."""
    conclusion: Conclusion | None = None
    """How it ended, if there is nothing to do: all is as it was, and its sites still stand."""

    def stock_of(self, order: Order, sources: Sources) -> Stock:
        """The files that a build will read, as they are now."""
        return self.stock if sources == self.sources else take_stock(order.root, *sources)


def ask(order: Order) -> Answer:
    """Find out whether anything has changed since the last build.

    Raises `WorkspaceError` if the cache is where none can be.
    """
    order.cache.refuse_strange(order.root)
    sources = _read_sources(order.cache.get("sources", digest(order.root.absolute())))
    if sources is None:
        return Answer()
    stock = take_stock(order.root, *sources)
    found = _read_conclusion(order.cache.get("builds", _key(order, stock)))
    if found:
        standing = Standing(order.cache, order.places)
        if all(standing.stands(site, made_from) for site, made_from in found.keys.items()):
            return Answer(sources, stock, found)
    return Answer(sources, stock)


def conclude(order: Order, sources: Sources, stock: Stock, conclusion: Conclusion) -> None:
    """Keep how a build ended, and what it has read."""
    order.cache.put("builds", _key(order, stock), _write_conclusion(conclusion))
    order.cache.put("sources", digest(order.root.absolute()), json.dumps(sources).encode())


def _key(order: Order, stock: Stock) -> str:
    """What a whole build is made from."""
    return digest(program(), order.today, *order.options, *stock.entries)


# -- as JSON ---------------------------------------------------------------------------------------


def _read_sources(data: bytes | None) -> Sources | None:
    with suppress(ValueError, TypeError):
        folders, whole, files = (tuple(map(str, names)) for names in json.loads(data or b""))
        return Sources(folders, whole, files)
    return None


def _write_conclusion(conclusion: Conclusion) -> bytes:
    texts: dict[Source, int] = {}

    def place(span: Span) -> list[int]:
        number = texts.setdefault(span.source, len(texts))
        return [number, span.line, span.column, span.width]

    problems = [
        {
            "code": problem.code,
            "message": problem.message,
            "span": place(problem.span),
            "hint": problem.hint,
            "notes": [[place(span), words] for span, words in problem.notes],
            "severity": problem.severity,
        }
        for problem in conclusion.problems
    ]
    written = {
        "tally": astuple(conclusion.tally),
        "keys": dict(conclusion.keys),
        "problems": problems,
        "texts": [[source.name, source.text] for source in texts],
    }
    return json.dumps(written).encode()


def _read_conclusion(data: bytes | None) -> Conclusion | None:
    """What was kept; None for what was not written here."""
    with suppress(ValueError, TypeError, AttributeError, LookupError):
        found = json.loads(data or b"")
        texts = [Source(str(name), str(text)) for name, text in found["texts"]]

        def place(numbers: Sequence[Any]) -> Span:
            number, line, column, width = map(int, numbers)
            return Span(texts[number], line, column, width)

        problems = tuple(
            Problem(
                code=one["code"],
                message=str(one["message"]),
                span=place(one["span"]),
                hint=str(one["hint"]),
                notes=tuple((place(numbers), str(words)) for numbers, words in one["notes"]),
                severity=Severity(one["severity"]),
            )
            for one in found["problems"]
        )
        schools, policies, clauses, overrides = map(int, found["tally"])
        keys = {str(site): str(key) for site, key in found["keys"].items()}
        return Conclusion(problems, Tally(schools, policies, clauses, overrides), keys)
    return None
