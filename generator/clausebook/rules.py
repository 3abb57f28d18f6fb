"""All rules, and one way to run them: what they find, with the trust's own severities."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from clausebook import upkeeprules, vocabularyrules, wordingrules
from clausebook.model import Trust
from clausebook.problems import CODES, Problem, Problems, Severity, nearest
from clausebook.shapes import Level
from clausebook.stale import check_silences
from clausebook.survey import Finding, Rule, Survey, say_where

RULES: Mapping[str, Rule] = {
    rule.code: rule for rule in (*wordingrules.RULES, *vocabularyrules.RULES, *upkeeprules.RULES)
}
"""Every rule by its code, in the order in which they are listed."""


def run_rules(survey: Survey, problems: Problems) -> None:
    """Note everything that the trust's rules find."""
    found = Problems()
    ask_rules(survey, found)
    problems.found += (told(problem, len(survey.trust.schools)) for problem in found.found)


def told(problem: Problem, everyone: int) -> Problem:
    """A problem with the schools it is about said in words; the trust has `everyone`."""
    message, hint = say_where(problem.message, everyone), say_where(problem.hint, everyone)
    return replace(problem, message=message, hint=hint)


def ask_rules(survey: Survey, problems: Problems) -> None:
    """Note everything that the rules find, with marks where schools are to be named."""
    _check_settings(survey, problems)
    for code, rule in RULES.items():
        level = survey.trust.details.checks.get(code, rule.level)
        if level is Level.OFF:
            continue
        for finding in rule.find(survey):
            problems.found.append(_problem(code, finding, level))


def _problem(code: str, finding: Finding, level: Level) -> Problem:
    serious = Level.ERROR in (level, finding.level)
    return Problem(
        code=code,
        message=finding.message,
        span=finding.span,
        hint=finding.hint,
        notes=finding.notes,
        severity=Severity.ERROR if serious else Severity.WARNING,
    )


def _check_settings(survey: Survey, problems: Problems) -> None:
    """Find settings of checks, and silences, that mean nothing."""
    trust: Trust = survey.trust
    for code in trust.details.checks:
        if code not in RULES:
            message = f"'{code}' is not a check whose severity can be chosen"
            hint = nearest(code, RULES) or "checks: " + ", ".join(RULES)
            if code in CODES:
                message = f"'{code}' is always checked: the sites depend on it"
                hint = "take this line out; 'clausebook explain' says which can be chosen"
            problems.error("unknown-check", message, trust.document.key_span("checks", code), hint)
    check_silences(trust, survey.statements, problems)
