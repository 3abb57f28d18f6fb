"""What an editor must fix, as values.

Errors collect inside a stage and stop the work between stages::

    problems = Problems()
    policy = read_policy(source, problems)
    problems.stop_on_errors()

Exceptions::

    ClausebookError     root; the command line turns any of these into a message
    └── SourceError     .problems: an editor must fix a file
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from clausebook.source import Span


class Severity(StrEnum):
    """How much a problem matters."""

    ERROR = "error"
    """Nothing is built until it is mended."""
    WARNING = "warning"
    """The site is built; somebody must look at it (`--strict` refuses)."""


CODES: dict[str, str] = {
    # files
    "missing-file": "a file that must be there is not, or cannot be read",
    "bad-encoding": "a file is not UTF-8 text",
    "bad-character": "a file holds a character that cannot be shown",
    "too-large": "a file or a line is larger than any policy should be",
    "bad-name": "the name of a folder or file cannot be used",
    # YAML
    "bad-yaml": "a YAML file cannot be read as YAML",
    "yaml-too-complex": "a YAML file uses anchors, aliases, tags or very deep nesting",
    "empty-file": "a file has nothing in it",
    "duplicate-key": "the same key is given twice",
    "unknown-key": "a key that Clausebook does not know",
    "missing-key": "a key that must be there is not",
    "wrong-type": "a value of the wrong kind, such as a list where text should be",
    "bad-value": "a value of the right kind that is not allowed",
    "bad-date": "a date that cannot be read",
    # clauses
    "no-front-matter": "a policy does not begin with its document control",
    "no-clauses": "a policy has no clauses",
    "clause-without-id": "a heading, paragraph or list item has no ID",
    "malformed-id": "an ID, or what stands beside it, is not written as it must be",
    "duplicate-id": "the same ID is given to two clauses",
    "unknown-class": "a word beside an ID that Clausebook does not know",
    "broken-reference": "a cross-reference to a clause that does not exist",
    "unclear-nesting": "a list whose indentation can be read in two ways",
    "misplaced-block": "a table, quotation or paragraph that belongs to no clause",
    "heading-level": "a heading of a level that cannot stand there",
    "empty-clause": "a clause with an ID and no words",
    "raw-html": "HTML in wording",
    "unsafe-link": "a link to something other than a web page, e-mail, phone or clause",
    "unsupported-markdown": "Markdown that policies cannot use",
    # values
    "malformed-value": "a value name that is not written as it must be",
    "unknown-value": "a value, contact role or term that the trust has not declared",
    "missing-value": "a value that must be filled in is not",
    "misplaced-value": "a value where none of its kind can stand, such as a card in a sentence",
    "name-clash": "two declarations give the same name",
    # schools
    "unknown-policy": "a file for a policy that the trust does not have",
    "unknown-group": "a group that does not exist",
    "unknown-audience": "an audience that the trust has not declared",
    "no-policies": "the trust has no policies",
    "no-schools": "the trust has no schools yet",
    # look
    "unreadable-colour": "a colour that cannot be read where it stands",
    "unusable-logo": "a logo that is no picture a page can show, or lies outside its folder",
    # overrides
    "unknown-clause": "an override of a clause that does not exist",
    "missing-reason": "an override without a reason",
    "missing-fingerprint": "an override that does not say which wording it was written against",
    "needs-review": "an override written against other wording than today's",
    "conflicting-overrides": "two overrides that cannot both hold",
    "locked-clause": "an override of a clause the trust has locked",
    "stricter-only": "an override of a clause that schools may only be stricter than",
    "less-strict": "a limit or choice that is less strict than the trust allows",
    "override-expires": "an override that was agreed for a time which ends soon, or is over",
    "not-optional": "a clause left out that the trust has not marked as optional",
    "override-without-effect": "an override that changes nothing",
    # versions
    "broken-seal": "a ratified version that has been changed",
    "missing-version": "a ratified version that is on record and not there",
    "version-order": "ratified versions that do not follow one another",
    "retired-id-reused": "the ID of a clause that was removed, given to another",
    "unrecognisable-clause": "a clause whose wording has nothing left of what its ID stood for",
    "change-without-note": "a changed clause with no note that says why",
    "note-without-change": "a note about a clause that did not change",
    "unrecorded-update": "a change of people or channels that is not on record",
    "wrong-label": "a version label that does not fit the changes",
    "not-ready": "something that stands in the way of ratification",
    # what has gone stale, and other checks that a trust can choose
    "stale-reference": "an Act, guidance, body or service named that is out of date",
    "coming-change": "wording that a change already announced will make wrong",
    "template-text": "words of a template left in an adopted policy",
    "repeated-wording": "two clauses that say the same thing",
    "unfinished-sentence": "a sentence that stops in the middle",
    "other-word": "a word that the school says differently",
    "mixed-spelling": "a word spelt in two ways in one policy",
    "undefined-abbreviation": "an abbreviation that the policy does not explain",
    "unused-definition": "a definition of a word that no other clause uses",
    "role-without-contact": "a role with a duty, for which nobody is named",
    "review-missing": "a policy in force without a date for its next review",
    "review-overdue": "a review that was to be before today",
    "review-too-late": "a next review later than the policy's own frequency allows",
    "unchecked-contact": "a person or channel without the day when they were last checked",
    "contact-check-overdue": "a person or channel that nobody has checked for a year",
    "dead-link": "a link that did not work when it was last looked at",
    "unknown-check": "a setting for a check or an entry that does not exist",
}
"""Every code, with what it means.  Each has a page under `tests/problems/`."""


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Something an editor must fix."""

    code: str
    """A key of `CODES`."""
    message: str
    """What is so, naming the thing in quotes; lower case, no full stop."""
    span: Span
    """Where."""
    hint: str = ""
    """What to do about it."""
    notes: tuple[tuple[Span, str], ...] = ()
    """The other places that matter, each with a word on why."""
    severity: Severity = Severity.ERROR

    def __post_init__(self) -> None:
        """Refuse a code that has no meaning."""
        if self.code not in CODES:
            raise KeyError(self.code)


class ClausebookError(Exception):
    """Root of everything this package raises on purpose."""


class SourceError(ClausebookError):
    """An editor must fix a file; carries every problem of the stage that stopped."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep the problems; `str()` names the first."""
        self.problems = tuple(problems)
        first = self.problems[0]
        super().__init__(f"{first.span}: {first.message}")


@dataclass
class Problems:
    """Collects problems during a stage."""

    found: list[Problem] = field(default_factory=list)

    def error(
        self,
        code: str,
        message: str,
        span: Span,
        hint: str = "",
        notes: tuple[tuple[Span, str], ...] = (),
    ) -> None:
        """Note something that must be mended before anything is built."""
        self.found.append(Problem(code=code, message=message, span=span, hint=hint, notes=notes))

    def warning(
        self,
        code: str,
        message: str,
        span: Span,
        hint: str = "",
        notes: tuple[tuple[Span, str], ...] = (),
    ) -> None:
        """Note something that somebody must look at."""
        self.found.append(
            Problem(
                code=code,
                message=message,
                span=span,
                hint=hint,
                notes=notes,
                severity=Severity.WARNING,
            )
        )

    def __iter__(self) -> Iterator[Problem]:
        """Each once, in the order of files and lines."""
        return iter(in_order(dict.fromkeys(self.found)))

    @property
    def errors(self) -> tuple[Problem, ...]:
        """Those that stop a build."""
        return tuple(p for p in self if p.severity is Severity.ERROR)

    def stop_on_errors(self) -> None:
        """End the stage: raise `SourceError` with everything found, if any of it is an error."""
        if self.errors:
            raise SourceError(self)


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """By file, line and column; what is found in one place keeps its order."""
    return sorted(problems, key=lambda p: (p.span.source.name, p.span.line, p.span.column))


def nearest(word: str, known: Iterable[str]) -> str:
    """A hint that names the nearest known words, or "" when none is near."""
    near = sorted((-_likeness(word, name), name) for name in known)
    best = [name for unlike, name in near if -unlike >= max(NEAR, -near[0][0] - ABOUT_AS_NEAR)]
    if not best:
        return ""
    return "did you mean " + " or ".join(f"'{match}'" for match in best[:3]) + "?"


NEAR = 0.7
"""How like two words must be, from 0 to 1, for one to be meant by the other."""

ABOUT_AS_NEAR = 0.04
"""How much less like than the best another word may be and still be offered beside it."""


def _likeness(one: str, other: str) -> float:
    """From 0 to 1; capitals count for little, and letters that changed places for nothing."""
    lower = _ratio(one.lower(), other.lower())
    return 0.7 * lower + 0.3 * _ratio(one, other) if lower else 0.0


def _ratio(one: str, other: str) -> float:
    if sorted(one) == sorted(other):
        return 1.0
    matcher = difflib.SequenceMatcher(None, one, other)
    return 0.0 if matcher.real_quick_ratio() < NEAR else matcher.ratio()
