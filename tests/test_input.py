"""What schools write may use Markdown and plain names; anything else is shown as text or refused.

Each kind of attack, at the readers; `test_scripts` sees whole sites in a browser, and the pages
under `problems/` show what an editor is told.
"""

from __future__ import annotations

import time

import pytest

from clausebook.addresses import (
    fault_in_email,
    fault_in_mailto,
    fault_in_phone,
    fault_in_web,
    misleading,
)
from clausebook.clauses import read_clauses, read_replacement
from clausebook.piecewise import convert_page
from clausebook.problems import Problems
from clausebook.prose import Value
from clausebook.source import INVISIBLE, Source, is_seen
from clausebook.values import Slot, look_up
from clausebook.writing import write_line


def read(text: str) -> tuple[str | None, list[str]]:
    """A school's wording as HTML, or None; and the codes of what is wrong with it."""
    problems = Problems()
    words, _ = read_replacement(Source("school.yml", text).passage(), problems)
    codes = [problem.code for problem in problems.found]
    return (None if codes else convert_page(write_line(words), "policies").html), codes


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("A <script>alert(1)</script> word", "raw-html"),
        ("A <b onclick=alert(1)>bold</b> word", "raw-html"),
        ("A <!-- comment --> word", "raw-html"),
        ("A [link](javascript:alert(1))", "unsafe-link"),
        ("A [link](java&#x73;cript:alert(1))", "unsafe-link"),
        ("A [link](data:text/html;base64,PHN2Zz4=)", "unsafe-link"),
        ("A [link](//evil.example/x)", "unsafe-link"),
        ("A <javascript:alert(1)>", "unsafe-link"),
        ("A <https://good.example@evil.example>", "unsafe-link"),
        ("A ![picture](https://evil.example/x.png)", "unsupported-markdown"),
        ("A word {: onclick=alert(1)} here", "malformed-id"),
        ("A word {#id .x onclick=alert(1)} here", "malformed-id"),
        ("A {% include 'x' %} word", "malformed-value"),
        ("A {% for x in range(10**9) %}x{% endfor %} word", "malformed-value"),
    ],
)
def test_what_is_no_wording_is_refused(text: str, code: str) -> None:
    html, codes = read(text)
    assert html is None
    assert code in codes


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (r"A \<script>alert(1)\</script>", "A &lt;script&gt;alert(1)&lt;/script&gt;"),
        ("A `<img src=x onerror=alert(1)>`", "<code>&lt;img src=x onerror=alert(1)&gt;</code>"),
        ('--8<-- "secrets.txt"', '--8&lt;-- "secrets.txt"'),
        ("Before {!secrets.txt!} and after", "Before {!secrets.txt!} and after"),
        ("A [x](https://x.example 'onload=alert(1)')", '<a href="https://x.example">x</a>'),
        ('!!! note "x"', '!!! note "x"'),
        ("A :smile: ~x~ ==y== ^z^ ++k++", "A :smile: ~x~ ==y== ^z^ ++k++"),
        ("A ${7+7} #{7+7} <%= 7+7 %>", "A ${7+7} #{7+7} &lt;%= 7+7 %&gt;"),
    ],
)
def test_what_means_nothing_here_is_shown_as_text(text: str, shown: str) -> None:
    html, codes = read(text)
    assert codes == []
    assert html is not None
    assert shown in html


def test_attributes_beside_an_id_are_refused() -> None:
    for inside in ("#on-1 onclick=alert(1)", "#on-1 style='x'", ": #on-1 onclick=x", "#\u043en-1"):
        problems = Problems()
        read_clauses(Source("policy.md", f"Words. {{{inside}}}").passage(), problems)
        assert problems.found, inside


# --- template code, in the trust's own text too ---

BOMBS = (
    "'a' * 10**9",
    "range(10**9)",
    "pupils.__class__.__mro__",
    "pupils.__init__.__globals__",
    "pupils['__class__']",
    "pupils | list",
    "pupils()",
    "lipsum.__globals__['os'].popen('id')",
    "cycler.__init__",
    "self",
    "config",
    "[x for x in pupils]",
    "pupils ~ pupils",
    "(" * 90 + "pupils" + ")" * 90,
    "not " * 45 + "pupils",
    "9" * 190,
)


@pytest.mark.parametrize("trusted", [True, False])
@pytest.mark.parametrize("expression", BOMBS)
def test_names_are_looked_up_and_nothing_is_run(expression: str, *, trusted: bool) -> None:
    problems = Problems()
    value = Value(expression, Source("policy.md", "x").whole())
    begun = time.monotonic()
    found = look_up(value, {"pupils": Slot("pupils")}, problems, trusted=trusted)
    assert time.monotonic() - begun < 2
    if found is None:
        assert {one.code for one in problems.found} <= {"malformed-value", "unknown-value"}
        assert problems.found
    else:  # brackets around a name are only brackets
        assert expression.strip("()") == "pupils"


# --- characters ---


@pytest.mark.parametrize(
    "sign",
    [
        *("\u202e", "\u2066", "\u061c", "\u200f", "\u200b", "\u2060", "\ufeff", "\u00ad", "\u034f"),
        *("\u115f", "\u1160", "\u3164", "\uffa0", "\u180e", "\u180b", "\u17b4", "\ufe00", "\ufe0f"),
        *("\u200c", "\u200d", "\U000e0001", "\U000e0061", "\U000e0100", "\U0001d173", "\ue000"),
        *("\ufff9", "\ufdd0", "\U0010fffd", "\x07", "\x85", "\ufffd", "\ud800"),
    ],
)
def test_a_character_nobody_sees_is_found_in_any_text(sign: str) -> None:
    for text in (f"Hill{sign}School", f"{sign}Hill", f"Hill é {sign}"):
        assert not is_seen(text)
        assert INVISIBLE.search(text)


def test_marks_on_one_letter_are_bounded_and_languages_are_not() -> None:
    assert not is_seen("a" + "\u0301" * 5)
    assert not is_seen("Ze\u0336\u0301\u0302\u0303\u0304lgo")
    for text in (
        "e\u0302\u0301 tiếng Việt",
        "Ŵyn, Ôl, café",
        "\u0645\u06cc\u200c\u062e\u0648",
        "\u0915\u094d\u200d\u0937",
        "❤\ufe0f 1\ufe0f",
    ):
        assert is_seen(text), text
    assert is_seen("👩\u200d🏫 Ma\u0300\u0301")
    assert is_seen("line\n\tline — “quoted” £ €")


# --- addresses ---


@pytest.mark.parametrize(
    "address",
    [
        *("https://good.example@evil.example", "https://good.example:x@evil.example/"),
        *(
            "https://\u0430pple.com",
            "https://xn--pple-43d.com",
            "https://goo\u0261le.com",
            "https://\uff21\uff22.com",
        ),
        *(
            "https://evil\u3002com",
            "https://evil%2ecom",
            "https://3334957647/",
            "https://127.1/",
        ),
        *("https://[::1]/", "https://localhost/", "https://a..b/", "https://a_b.example/"),
        *(
            "javascript:alert(1)",
            "data:text/html,x",
            "//evil.example",
            "https:evil.example",
            "https://",
        ),
        *(
            "https://a.example:999999/",
            "https://a.example\\@evil.example/",
            "https://xn--a.example",
        ),
    ],
)
def test_an_address_that_can_pass_for_another_is_refused(address: str) -> None:
    assert fault_in_web(address)


@pytest.mark.parametrize(
    "address",
    [
        *("https://www.gov.uk/guidance?a=b#c", "http://example.org", "https://EXAMPLE.org:8080/x"),
        *(
            "https://tŷ.cymru/",
            "https://münchen.example",
            "https://a.example/@user/x:y",
            "https://a.example./",
        ),
    ],
)
def test_an_address_of_a_website_is_taken(address: str) -> None:
    assert fault_in_web(address) == ""


def test_addresses_of_people_are_plain() -> None:
    for good in ("office@hill.example.org", "o.b-c+d_e@hill.sch.uk"):
        assert fault_in_email(good) == ""
    for bad in (
        "\u043effice@hill.example.org",
        "a@h\u0456ll.example.org",
        "a@b",
        "a@b@c.example",
        "a b@c.de",
    ):
        assert fault_in_email(bad)
    assert fault_in_mailto("office@hill.example.org?subject=Hello&body=x") == ""
    for more in ("bcc=x@y.example", "CC=x@y.example", "to=x", "b%63c=x", "subject=a&attach=x"):
        assert fault_in_mailto(f"office@hill.example.org?{more}")
    assert fault_in_phone("+441632960123;ext=4") == ""
    assert fault_in_phone("*21*01632960123#")


@pytest.mark.parametrize(
    ("words", "address", "shown"),
    [
        ("https://good.example/a", "https://evil.example/a", "https://good.example"),
        ("see www.good.example.", "https://evil.example", "www.good.example."),
        ("good.org.uk", "https://good.org.uk.evil.example", "good.org.uk"),
        ("head@a.example", "mailto:head@a.example.evil.example", "head@a.example"),
        ("head@a.example", "https://a.example", "head@a.example"),
        ("the guidance at gov.uk", "https://www.gov.uk/guidance", ""),
        ("HTTPS://A.example", "https://a.example/b", ""),
        ("head@a.example", "mailto:Head@a.example?subject=x", ""),
        ("Node.js, e.g. version 4.2", "https://example.org", ""),
        ("01632 960123", "tel:01632960123", ""),
    ],
)
def test_words_that_are_an_address_lead_there(words: str, address: str, shown: str) -> None:
    assert misleading(words, address) == shown
