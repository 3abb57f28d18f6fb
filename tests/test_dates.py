"""Dates as people write and read them, wherever the computer stands."""

from __future__ import annotations

import calendar
import locale
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clausebook.dates import MONTHS, read_date, show_date

SEPTEMBER = date(2026, 9, 4)


@pytest.mark.parametrize(
    "written",
    [
        "2026-09-04",
        "4 September 2026",
        "04 September 2026",
        "4 september 2026",
        "4 SEPTEMBER 2026",
        "4 Sep 2026",
        "4 Sept 2026",
        "4 sep 2026",
        "4th September 2026",
        "04/09/2026",
        "4/9/2026",
        "  4  September\n2026 ",
    ],
)
def test_every_usual_way_to_write_a_date(written: str) -> None:
    assert read_date(written) == SEPTEMBER


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("1st May 2026", date(2026, 5, 1)),
        ("2nd May 2026", date(2026, 5, 2)),
        ("3rd May 2026", date(2026, 5, 3)),
        ("29/02/2028", date(2028, 2, 29)),
        ("31/12/2026", date(2026, 12, 31)),
        ("12/11/2026", date(2026, 11, 12)),
    ],
)
def test_the_day_comes_first(written: str, day: date) -> None:
    assert read_date(written) == day


@pytest.mark.parametrize(
    "written",
    [
        "",
        "soon",
        "September 2026",
        "4 September",
        "September 4, 2026",
        "4 Sept. 2026",
        "4 Septem 2026",
        "4 Foo 2026",
        "04/09/26",
        "2026/09/04",
        "2026-9-4",
        "2026-13-01",
        "2026-02-30",
        "29/02/2026",
        "13/13/2026",
        "0/1/2026",
        "0000-01-01",
        "12026-01-01",
        "2026-09-04T00:00",
        "٢٠٢٦-٠٩-٠٤",
        "4 September 2026 or later",
    ],
)
def test_what_is_no_date(written: str) -> None:
    assert read_date(written) is None


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        (SEPTEMBER, "4 September 2026"),
        (date(2026, 12, 31), "31 December 2026"),
        (date(2027, 1, 1), "1 January 2027"),
    ],
)
def test_dates_are_shown_in_full(day: date, shown: str) -> None:
    assert show_date(day) == shown


@given(st.dates(min_value=date(1000, 1, 1), max_value=date(2999, 12, 31)))
def test_law_a_date_is_read_back_from_every_way_to_write_it(day: date) -> None:
    month = MONTHS[day.month - 1]
    for written in (
        show_date(day),
        day.isoformat(),
        f"{day.day:02}/{day.month:02}/{day.year}",
        f"{day.day} {month[:3]} {day.year}",
    ):
        assert read_date(written) == day


@contextmanager
def in_another_language(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Month names in another language: the system's, where it has one, and in any case Python's."""
    before = locale.setlocale(locale.LC_ALL)
    for name in ("fr_FR.UTF-8", "de_DE.UTF-8", "cy_GB.UTF-8"):
        try:
            locale.setlocale(locale.LC_ALL, name)
        except locale.Error:
            continue
        break
    foreign = [f"mois-{number}" for number in range(13)]
    monkeypatch.setattr(calendar, "month_name", foreign)
    monkeypatch.setattr(calendar, "month_abbr", foreign)
    try:
        yield
    finally:
        locale.setlocale(locale.LC_ALL, before)


def test_the_computers_language_makes_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    with in_another_language(monkeypatch):
        for number, month in enumerate(MONTHS, start=1):
            day = date(2026, number, 9)
            assert show_date(day) == f"9 {month} 2026"
            assert read_date(f"9 {month} 2026") == read_date(f"9 {month[:3]} 2026") == day


def test_a_day_at_the_end_of_counting_is_none() -> None:
    assert read_date("9999-12-31") is None
    assert read_date("31 December 2999") == date(2999, 12, 31)
