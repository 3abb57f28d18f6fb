"""Numbers and bullets that somebody typed at the start of a paragraph.

`4.1<tab>Staff must …` has one; `A parent must …`, `I am …` and `1998 was …` have none.  Signs
that only numbers have (a bracket, a dot, a tab) settle it.  Where there are none, as in
`2 SCOPE`, it is a number if it counts on from another paragraph's or another counts on from it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from clausebook.foundlabels import NAMES

BULLETS = frozenset(
    "•◦▪■□●○◘◙‣\u2043∙·–—-*☞☛►▶▸➢➤➔→✓✔✗✘❖❑❒❍◆◇★☐☑☒\u2010\u2011\u2212\uf0b7\uf0a7\uf0d8"
)
"""Signs that stand before a paragraph and count nothing."""

_BLANK = r"[\s\u200b\u2060\ufeff\xad]"
_ROMAN = r"(?:x{0,4}(?:ix|iv|v?i{0,3}))"
_DOUBLED = frozenset(letter * 2 for letter in "abcdefghijklmnopqrstuvwxyz")
"""What comes after z."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed before the words."""

    label: str
    length: int
    """How many characters of the paragraph come before its words."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    typed: Typed
    sure: bool
    form: str = ""
    """How it is written: the same for the numbers that count on from one another."""
    value: tuple[int, ...] = ()


def typed_labels(texts: Sequence[str]) -> list[Typed | None]:
    """For each paragraph, in reading order, what was typed before its words; None if nothing."""
    candidates = [_candidate(text) for text in texts]
    agreed = _in_sequence(candidates)
    return [
        found.typed if found and (found.sure or number in agreed) else None
        for number, found in enumerate(candidates)
    ]


def begins(line: str) -> bool:
    """Whether a line surely begins with a number or a bullet, whatever stands around it."""
    found = _candidate(line)
    return found is not None and found.sure


def digits_of(line: str) -> int | None:
    """The number that a line begins with, if it is one of digits alone: `12.`; else None."""
    found = _candidate(line)
    is_digits = found is not None and found.form.startswith("digits")
    return found.value[0] if found and is_digits else None


# -- one paragraph ----------------------------------------------------------------------

_START = re.compile(rf"{_BLANK}*")
_GAP = re.compile(rf"{_BLANK}+|$")
_NUMBER = re.compile(
    r"(?P<bracketed>\((?:[0-9]{1,3}[A-Za-z]?|[A-Za-z]{1,2}|[ivx]{1,6}|[IVX]{1,6})\))"
    r"|(?P<steps>[0-9]{1,3}(?:\.[0-9]{1,3}){1,7}[A-Z]?(?:\.[a-z])?(?:\([0-9a-z]{1,5}\))*[.)]?)"
    r"|(?P<mixed>[0-9]{1,3}[A-Za-z]?(?:\([0-9A-Za-z]{1,5}\))+)"
    r"|(?P<digits>[0-9]{1,3}[A-Za-z]?)(?P<digits_end>[.):]?)"
    r"|(?P<letters>[ivx]{1,6}|[IVX]{1,6}|[A-Za-z])(?P<letters_end>[.):]?)"
)
_NAMED = re.compile(
    rf"(?P<name>(?:{NAMES})[ \xa0](?:[0-9]{{1,3}}[A-Z]?|[A-Z]|[IVX]{{1,6}}))"
    rf"(?P<end>\s*[:.]|[ \xa0]+[–—-](?=\s)|\t|[ \xa0]{{2}})\s*(?=\S)",
    re.IGNORECASE,
)


def _candidate(text: str) -> _Candidate | None:
    """What may have been typed before the words of a paragraph."""
    start = _START.match(text)
    bullet, at = _bullets(text, start.end() if start else 0)
    named = _NAMED.match(text, at)
    if named:
        return _Candidate(Typed(named["name"].replace("\xa0", " "), named.end()), sure=True)
    number = _number(text, at)
    if number and bullet and not number.sure:
        number = None
    if number:
        return number
    return _Candidate(Typed(bullet, at), sure=True) if bullet else _lone_o(text, at)


def _bullets(text: str, at: int) -> tuple[str, int]:
    """The last bullet before the words, and where what follows it begins."""
    bullet = ""
    while at < len(text) and text[at] in BULLETS:
        gap = _GAP.match(text, at + 1)
        if gap is None or gap.end() == len(text):
            break
        bullet, at = text[at], gap.end()
    return bullet, at


def _lone_o(text: str, at: int) -> _Candidate | None:
    """Word's second bullet, a small o of Courier, as it is pasted."""
    gap = _GAP.match(text, at + 1) if text[at : at + 1] == "o" else None
    if gap is None or gap.end() == len(text):
        return None
    return _Candidate(Typed("o", gap.end()), sure=_is_wide(gap[0]), form="o", value=(1,))


def _number(text: str, at: int) -> _Candidate | None:
    found = _NUMBER.match(text, at)
    if found is None:
        return None
    gap = _GAP.match(text, found.end())
    if gap is None:
        return None
    alone, wide = gap.end() == len(text), _is_wide(gap[0])
    typed = Typed(found[0], gap.end())
    if found["bracketed"]:
        return _Candidate(typed, sure=True) if _counts(found[0][1:-1]) else None
    if found["mixed"]:
        return _Candidate(typed, sure=True)
    if found["steps"]:
        return _steps(typed, found[0], wide=wide)
    if found["digits"]:
        return _digits(typed, found["digits"], found["digits_end"], alone=alone, wide=wide)
    return _letter(typed, found["letters"], found["letters_end"], tab="\t" in gap[0], alone=alone)


def _is_wide(gap: str) -> bool:
    """Whether more than the space between two words comes after a number."""
    return "\t" in gap or len(gap) > 1


def _steps(typed: Typed, label: str, *, wide: bool) -> _Candidate | None:
    """`4.1`, `4.1.2`, `4.2A`, `4.1(a)`: but not a date, an amount or the time of day."""
    value = tuple(int(step) for step in re.findall(r"[0-9]+", label.partition("(")[0]))
    three = len(value) >= 3  # noqa: PLR2004
    if len(value) == 3 and not wide and _is_date(*value):  # noqa: PLR2004
        return None
    sure = wide or three or label[-1] in ".)" or "(" in label
    form = f"steps {len(value)}{label[-1] if label[-1] in '.)' else ''}"
    return _Candidate(typed, sure=sure, form=form, value=value)


def _is_date(day: int, month: int, year: int) -> bool:
    return 0 < day <= 31 and 0 < month <= 12 and year >= 10  # noqa: PLR2004


def _digits(typed: Typed, digits: str, end: str, *, alone: bool, wide: bool) -> _Candidate | None:
    """`1`, `1.`, `1)`, `12A`."""
    if alone and end not in {".", ")"}:
        return None  # a page number, or a cell of a table
    sure = bool(end) or wide
    if digits[-1].isalpha():
        return _Candidate(typed, sure=True) if sure else None
    return _Candidate(typed, sure=sure, form=f"digits{end}", value=(int(digits),))


def _letter(typed: Typed, letters: str, end: str, *, tab: bool, alone: bool) -> _Candidate | None:
    """`a.`, `iv)`, `B.`; a capital with a dot may be a name, a letter alone is a word."""
    if not _counts(letters) or (alone and not end):
        return None
    if not end:
        return _Candidate(typed, sure=True) if tab else None
    if end == ":":
        return None
    several = len(letters) > 1
    sure = end == ")" or letters.islower() or several or tab
    value = (ord(letters) - ord("A") + 1,) if len(letters) == 1 and letters.isupper() else ()
    return _Candidate(typed, sure=sure, form=f"capital{end}", value=value)


def _counts(text: str) -> bool:
    """Whether letters or digits are a number: one letter, two of the same, or a Roman number."""
    if len(text) == 1 or text[0].isdigit():
        return True
    low = text.lower()
    return low in _DOUBLED or bool(re.fullmatch(_ROMAN, low))


# -- paragraphs together ----------------------------------------------------------------


def _in_sequence(candidates: Sequence[_Candidate | None]) -> set[int]:
    """Which paragraphs count on from another of the same form, or are counted on from."""
    by_form: defaultdict[str, list[tuple[int, tuple[int, ...]]]] = defaultdict(list)
    agreed: set[int] = set()
    for number, found in enumerate(candidates):
        if found and found.value:
            by_form[found.form].append((number, found.value))
    for form, members in by_form.items():
        if form == "o":
            agreed.update(number for number, _ in members if len(members) > 1)
            continue
        for run in _runs(members):
            begins = run[0][1][-1] <= 1
            if len(run) > (1 if begins else 2):
                agreed.update(number for number, _ in run)
    return agreed | _first_steps(candidates, agreed)


Run = list[tuple[int, tuple[int, ...]]]


def _runs(members: Run) -> Iterator[Run]:
    """Rows of numbers in which each follows from the one before."""
    run: Run = []
    for member in members:
        if run and not _follows(run[-1][1], member[1]):
            yield run
            run = []
        run.append(member)
    yield run


def _follows(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """Whether 4.2 is followed by 4.3, or by 5.1."""
    if other == (*one[:-1], one[-1] + 1):
        return True
    return len(one) > 1 and other[-1] == 1 and other[:-1] == (*one[:-2], one[-2] + 1)


def _first_steps(candidates: Sequence[_Candidate | None], agreed: set[int]) -> set[int]:
    """4.1 after 4, where there is no 4.2."""
    result: set[int] = set()
    above = -1
    for number, found in enumerate(candidates):
        if found is None or not found.value or not (found.sure or number in agreed):
            if found and found.value == (above, 1):
                result.add(number)
            continue
        if found.form.startswith("digits"):
            above = found.value[0]
    return result
