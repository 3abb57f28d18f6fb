"""What is tested of every type of page for people with disabilities.

The sites' accessibility statement is written from this, and the tests take their sizes and
rule sets from it: the statement says nothing that no test of that name has shown.
"""

from __future__ import annotations

from dataclasses import dataclass

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
"""The rules of axe-core that pages are held against: WCAG 2.2, levels A and AA."""

WIDTHS = (360, 768, 1280)
"""The widths of window at which they are, in CSS pixels."""


@dataclass(frozen=True)
class Tested:
    """One thing that holds of every site."""

    by: str
    """The name of the test that shows it, without `test_`."""
    says: str
    """What it means for readers, as a sentence."""


TESTED = (
    Tested(
        "no_violation_of_wcag",
        "No rule of axe-core for WCAG 2.2, levels A and AA, finds a fault on any type of page: in "
        "light and in dark colours, in windows "
        f"{', '.join(map(str, WIDTHS[:-1]))} and {WIDTHS[-1]} pixels wide, with and without "
        "scripts.",
    ),
    Tested(
        "the_keyboard_goes_through_everything_and_is_always_seen",
        "Everything can be reached and used with a keyboard, and where you are is always seen.",
    ),
    Tested(
        "at_400_per_cent_only_tables_scroll_sideways",
        "At 400 per cent only wide tables scroll sideways.",
    ),
    Tested(
        "without_scripts_everything_is_there_whatever_the_address_asks",
        "Without scripts every word is there, and every link works.",
    ),
    Tested(
        "nothing_moves_for_readers_who_want_no_motion",
        "Nothing moves if your device asks for no motion.",
    ),
    Tested(
        "forced_colours_leave_the_focus_and_the_place_in_the_menu_seen",
        "High-contrast colours of your device are respected.",
    ),
    Tested(
        "windows_open_by_keyboard_and_give_the_focus_back",
        "Explanations that open on a page close with Escape and give the focus back.",
    ),
    Tested(
        "print_is_the_document_alone",
        "Policies print as plain documents, and say in words what colour and lines show.",
    ),
)
"""What the statement says, in its order."""
