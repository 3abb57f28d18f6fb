"""What `clausebook explain` says of every code, and of every entry of the register."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from textwrap import fill

from clausebook.dates import show_date
from clausebook.problems import CODES, Problems, SourceError, nearest
from clausebook.rules import RULES
from clausebook.shapes import StaleEntry
from clausebook.source import Source
from clausebook.stale import register
from clausebook.yamldoc import read_yaml

WIDTH = 88

OF_THE_REGISTER = ("stale-reference", "coming-change")
"""The rules that go by the register."""


class UnknownCodeError(LookupError):
    """There is no such code; says which is near."""

    def __init__(self, name: str) -> None:
        """Say so, and what may have been meant."""
        hint = nearest(name, (*CODES, *register().entries))
        super().__init__(
            f"'{name}' is no code of a check and no entry of the register; "
            + (hint or "to list them: clausebook explain")
        )


def all_codes() -> str:
    """Every code with what it means; those that a trust can choose come last."""
    fixed = [code for code in CODES if code not in RULES]
    wide = max(map(len, CODES))
    return "\n".join(
        (
            "Always checked, because the sites depend on it:",
            *(f"  {code:{wide}}  {CODES[code]}" for code in fixed),
            "",
            "Checks of wording and upkeep; 'checks:' in policy_source/trust.yml can turn each off,",
            "or into an error:",
            *(f"  {code:{wide}}  {rule.meaning}" for code, rule in RULES.items()),
            "",
            "For one of them: clausebook explain CODE",
        )
    )


def explanation(name: str) -> str:
    """What a code means, why it matters and how to mend it; or an entry of the register."""
    if name in CODES:
        return "\n".join(_of_code(name))
    if name in register().entries:
        return "\n".join(_of_entry(name, register().entries[name]))
    raise UnknownCodeError(name)


def _of_code(code: str) -> Iterator[str]:
    rule = RULES.get(code)
    why, how = (rule.why, rule.how) if rule else _fixed()[code]
    yield f"{code}: {CODES[code]}"
    yield ""
    yield fill(f"Why it matters: {why}", WIDTH)
    yield ""
    yield fill(f"How to mend it: {how}", WIDTH)
    yield ""
    if rule is None:
        yield "It is always checked."
    else:
        yield f"It is {_an(rule.level)}, unless policy_source/trust.yml says otherwise:"
        yield "  checks:"
        yield f"    {code}: off        # or warning, or error"
    if code in OF_THE_REGISTER:
        yield ""
        yield "The register, each with its source (clausebook explain ENTRY):"
        yield from (f"  {key}: {_first(entry)}" for key, entry in register().entries.items())


def _an(level: str) -> str:
    return f"an {level}" if level[0] in "aeiou" else f"a {level}"


def _first(entry: StaleEntry) -> str:
    """How people know an entry: its first pattern, with what has become of it."""
    return f"{_plain(entry.pattern[0])}, {entry.what}"


def _plain(pattern: str) -> str:
    words = (word for word in pattern.split() if not word.endswith("?"))
    return " ".join(word.split("/")[0] if "[" not in word else word for word in words)


def _of_entry(key: str, entry: StaleEntry) -> Iterator[str]:
    yield fill(f"{key}: {entry.what}", WIDTH)
    yield ""
    if entry.since:
        yield f"Since:   {show_date(entry.since)}"
    yield fill(f"Write:   {entry.instead}", WIDTH, subsequent_indent=" " * 9)
    yield f"Source:  {entry.source}"
    yield "Found as:"
    yield from (f"  {phrase}" for phrase in entry.pattern)
    fine = (*entry.unless, *entry.unless_in_policy)
    if fine:
        yield "Fine beside:"
        yield from (f"  {phrase}" for phrase in fine)
    yield ""
    yield "To pass it over, in policy_source/trust.yml:"
    yield "  stale:"
    yield "    silence:"
    yield f"      - {{entry: {key}, reason: …, clauses: [its-id]}}   # everywhere without clauses"


@lru_cache(maxsize=1)
def _fixed() -> Mapping[str, tuple[str, str]]:
    """Why and how, for the codes that are no rules."""
    text = (files("clausebook") / "data" / "explanations.yml").read_text("utf-8")
    problems = Problems()
    document = read_yaml(Source("data/explanations.yml", text), problems)
    if document is None:
        raise SourceError(problems)
    return {
        code: (str(said["why"]), str(said["how"]))
        for code, said in document.data.items()
        if isinstance(said, dict)
    }
