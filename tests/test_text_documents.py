"""Web pages, Markdown, plain text and PDFs as documents: paragraphs, numbers, tables, what is told.

Documents are shown as lines: the number, how deep it stands if it is in a list, the words.
"""

from __future__ import annotations

import re
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.pdffiles import lines_of, pdf_file
from tests.published_policies import SOURCES

from clausebook.documents import read_content
from clausebook.found import DocumentError, FoundDocument, FoundLine, FoundTable, count_words
from clausebook.foundwords import seen
from clausebook.prose import Break, Code, Emphasis, Link, Strong, Text, plain


def read(text: str | bytes, name: str) -> FoundDocument:
    content = dedent(text).encode() if isinstance(text, str) else text
    found = read_content(content, name)
    assert found.words == found.carried + found.told
    return found


def test_what_stands_before_a_piece_of_wording_is_not_judged_again() -> None:
    heart_and_joiner = "\u2764\u200d"
    assert seen("more", f"{heart_and_joiner}abcde") == "more"
    assert seen("mo\u202ere", f"{heart_and_joiner}abcde") == "more"


def shown(found: FoundDocument) -> str:
    """A document's lines: `#` for headings, numbers in brackets, tables with bars."""
    result = []
    for part in found.parts:
        if isinstance(part, FoundTable):
            result += [
                "| " + " | ".join(" / ".join(plain(p.words) for p in cell) for cell in row) + " |"
                for row in part.rows
            ]
        else:
            result.append(_shown(part))
    return "\n".join(result) + "\n"


def _shown(line: FoundLine) -> str:
    before = "#" * line.heading + " " if line.heading else "  " * (line.level or 0)
    label = f"[{line.label}] " if line.label else ""
    return before + label + plain(line.words)


def told(found: FoundDocument) -> list[tuple[str, str]]:
    return [(left.what, left.text) for left in found.left_out]


# -- web pages --------------------------------------------------------------------------


def test_lists_of_a_web_page_have_the_numbers_of_a_browser() -> None:
    page = """\
        <!DOCTYPE html><h1>Policy</h1>
        <ol start=3><li>three<ol type=a><li>first<li value=27>later<li>last</ol>
          <li>four<ul><li>disc<ul><li>circle<ul><li>square</ul></ul></ul></ol>
        <ol reversed><li>down<li>up</ol>
        <ol style="list-style-type: lower-roman"><li>i<li value=4>iv<li></ol>
        <ul style="list-style: none"><li>bare</ul>
        <ol><li><p>one</p><p>still one</p><li><ol><li>deep</ol></ol>
    """
    assert shown(read(page, "a.html")) == dedent("""\
        # Policy
        [3.] three
          [a.] first
          [aa.] later
          [ab.] last
        [4.] four
          [•] disc
            [◦] circle
              [▪] square
        [2.] down
        [1.] up
        [i.] i
        [iv.] iv
        [v.]\x20
        bare
        [1.] one
        still one
        [2.]\x20
          [1.] deep
    """)


def test_a_page_saved_by_word_has_typed_numbers() -> None:
    page = (
        "<html><head><meta charset=windows-1252></head><body><p class=MsoTitle>Caf\xe9</p>"
        "<p class=MsoListParagraph style='margin-left:36.0pt;text-indent:-18.0pt'><![if "
        "!supportLists]><span>1.<span style='font:7.0pt \"Times\"'>&nbsp;&nbsp;&nbsp; </span>"
        "</span><![endif]>Staff</p><p><span style='font-family:Symbol'>·<span>&nbsp;&nbsp; </span>"
        "</span>Pupils</p></body></html>"
    )
    found = read(page.encode("cp1252"), "a.htm")
    assert shown(found) == "Café\n[1.] Staff\n[·] Pupils\n"
    title, staff, _ = found.lines
    assert (title.is_title, staff.indent, staff.typed) == (True, 18, True)


def test_words_of_a_web_page_keep_their_emphasis_and_links() -> None:
    found = read(
        "<p>One <b>two </b><i>three</i>&nbsp;<code>four</code><br>"
        '<a href="https://www.gov.uk/">five</a> <a href="#below">six</a> '
        '<span style="font-weight:700">seven</span></p>',
        "a.html",
    )
    (line,) = found.lines
    assert line.words == (
        Text("One "),
        Strong((Text("two"),)),
        Text(" "),
        Emphasis((Text("three"),)),
        Text(" "),
        Code("four"),
        Break(),
        Link("https://www.gov.uk/", (Text("five"),)),
        Text(" six "),
        Strong((Text("seven"),)),
    )


def test_what_a_web_page_does_not_print_is_told() -> None:
    found = read(
        "<title>Not counted</title><nav>Home News</nav><p>Words<script>var a</script></p>"
        "<style>p{}</style><p hidden>secret one</p><p style='display:none'>secret two</p>"
        "<button>Send</button><img src=x alt='Our logo'><p>st<del>gone</del>ay</p>"
        '<iframe src="https://example.org"></iframe><a href="javascript:alert(1)">x</a>',
        "a.html",
    )
    assert shown(found) == "Words\nstay\nx\n"
    assert told(found) == [
        ("a menu", "Home News"),
        ("a script, which was not run", ""),
        ("a style sheet, which was not read", ""),
        ("hidden text", "secret one"),
        ("hidden text", "secret two"),
        ("a control of a form", "Send"),
        ("a picture of “Our logo”", ""),
        ("words that are marked as deleted", "gone"),
        ("another page inside this one, which was not fetched", ""),
        (
            "a link: javascript:alert(1) (links lead to websites, e-mail addresses and telephones)",
            "",
        ),
    ]


def test_tables_of_a_web_page_have_cells_where_they_are_seen() -> None:
    found = read(
        "<table><caption>When</caption><tr><th>A<th colspan=2>B<tr><td rowspan=2>1<td>2<td>3"
        "<tr><td><p>4<p>5<td><table><tr><td>in</table></table>",
        "a.html",
    )
    assert shown(found) == "When\n| A | B |  |\n| 1 | 2 | 3 |\n|  | 4 / 5 | in |\n"


def test_what_our_own_pages_say_of_a_clause_is_found() -> None:
    (line,) = read(
        '<ol><li class="cb-clause" id="sm-17"><span class="cb-label">4.2A</span> Ask first.'
        ' <span class="cb-tag">Guidance</span></li></ol>',
        "a.html",
    ).lines
    assert (line.id, line.label, line.typed, line.tags) == ("sm-17", "4.2A", True, ("Guidance",))


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("<div>" * 100_000 + "x", "a.html"),
        ("<b>" * 300 + "x", "a.html"),
        ("<ul><li>" * 120 + "x", "a.html"),
        ("> " * 5_000 + "x", "a.md"),
        ("> - " * 40 + "x", "a.md"),
    ],
)
def test_texts_of_great_depth_are_refused(content: str, name: str) -> None:
    with pytest.raises(DocumentError, match="nested more than"):
        read_content(content.encode(), name)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("<ul><li>" * 95 + "x", "a.html"),
        ("<b>" * 190 + "x", "a.html"),
        ("<table><tr><td>" * 60 + "x", "a.html"),
        ("> - " * 15 + "x", "a.md"),
        ("*_" * 500 + "x" + "_*" * 500, "a.md"),
    ],
)
def test_texts_of_some_depth_are_read(content: str, name: str) -> None:
    assert read(content, name).carried == 1


# -- Markdown ---------------------------------------------------------------------------


def test_markdown_has_its_own_numbers_and_those_that_were_typed() -> None:
    found = read(
        """\
        ---
        title: Our policy
        ---
        # Scope {#sm-1}

        Staff *must* ask. {#sm-2 .locked}

        3. three
           - a. hybrid
           - plain
             and folded
        4. four

        4.1\ttyped

        | A | B |
        |---|---|
        | 1 | 2 |
        """,
        "a.md",
    )
    assert shown(found) == dedent("""\
        # Scope
        Staff must ask.
        [3.] three
          [a.] hybrid
          [•] plain and folded
        [4.] four
        [4.1] typed
        | A | B |
        | 1 | 2 |
    """)
    assert [line.id for line in found.lines][:3] == ["sm-1", "sm-2", ""]
    assert found.properties == (("title", "Our policy"),)
    assert told(found) == [("front matter", "title: Our policy")]


def test_html_in_markdown_is_read_or_told() -> None:
    found = read("<table><tr><td>one<td>two</table>\n\nA<br>B <u>C</u> ![Logo](x.png)\n", "a.md")
    assert shown(found) == "| one | two |\nA B C\n"
    assert told(found) == [("HTML", "<u>"), ("HTML", "</u>"), ("a picture of “Logo”", "")]


@pytest.mark.parametrize("page", ["<table>j<b>k</b>l", "<table><tr>j<b>k</b>l", "<tr>j<b>k</b>l"])
def test_words_that_stand_in_a_table_and_in_no_cell_are_kept(page: str) -> None:
    found = read(page, "a.html")
    assert "".join(plain(line.words) for line in found.lines) == "jkl"


# -- plain text -------------------------------------------------------------------------


def test_plain_text_is_unfolded_and_its_numbers_are_found() -> None:
    text = """\
        Social media policy
        ===================

        1 SCOPE

        This policy is for all who work here, and for everybody who may have
        looked at infor-
        mation in a well-
        known place. See the year
        2 SCHOOLS

        - information for staff
        - a. for pupils
          and their parents
        Head teacher
        """
    assert shown(read(text, "a.txt")) == dedent("""\
        # Social media policy
        [1] SCOPE
        This policy is for all who work here, and for everybody who may have looked at """) + (
        "information in a well-known place. See the year\n"
        "[2] SCHOOLS\n[-] information for staff\n[a.] for pupils and their parents\nHead teacher\n"
    )


def test_lines_with_tabs_are_a_table() -> None:
    text = "Owner\tHead teacher\nNext review\tMay 2027\n\n1.\tStaff\n2.\tPupils\n"
    found = read(text, "a.txt")
    assert (
        shown(found)
        == "| Owner | Head teacher |\n| Next review | May 2027 |\n[1.] Staff\n[2.] Pupils\n"
    )


@pytest.mark.parametrize(
    ("encoding", "note"),
    [
        ("utf-8", []),
        ("utf-8-sig", []),
        ("utf-16", []),
        ("cp1252", ["the file does not say its encoding and was read as Windows-1252"]),
    ],
)
def test_texts_are_read_in_the_encodings_that_people_have(encoding: str, note: list[str]) -> None:
    found = read("Café – “open”\r\n\r\nto all".encode(encoding), "a.txt")
    assert shown(found) == "Café – “open”\nto all\n"
    assert [what for what, _ in told(found)] == note


def test_published_policies_keep_every_word_as_text() -> None:
    paths = sorted(SOURCES.glob("*.txt"))
    assert len(paths) == 3
    for path in paths:
        found = read(path.read_bytes(), path.name)
        assert found.carried == count_words(path.read_text("utf-8"))
        assert sum(isinstance(part, FoundTable) for part in found.parts) >= 1
        assert sum(bool(line.label) for line in found.lines) > 40


# -- PDFs -------------------------------------------------------------------------------

PAGES = (
    """\
Kestrel Academy

SOCIAL MEDIA POLICY

1   Introduction

1.1   Staff must keep their personal and their professional lives apart, in
      every place in which they are seen by pupils, and find out what infor-
      mation about them is there.

1.2   In this policy:

      (a)   information means all that is known of somebody; this goes on to
""",
    """\
Kestrel Academy

            another page and ends here;
      (b)   a well-
            known place is one that everybody knows.

2   Law

2.1   The Act is old.
""",
    """\
Kestrel Academy

2.2   It was made in a year that nobody here remembers.

3   Review

3.1   Every year.
""",
)


def as_pdf() -> bytes:
    pages = [
        [*lines_of(text), (270, 40, f"Page {number} of 3")] for number, text in enumerate(PAGES, 1)
    ]
    return pdf_file(pages, info="/Title (Our policy)")


def test_a_pdf_is_read_as_paragraphs_with_their_numbers() -> None:
    found = read(as_pdf(), "a.pdf")
    assert shown(found).splitlines() == [
        "SOCIAL MEDIA POLICY",
        "[1] Introduction",
        (
            "[1.1] Staff must keep their personal and their professional lives apart, in every "
            "place in which they are seen by pupils, and find out what information about them is "
            "there."
        ),
        "[1.2] In this policy:",
        (
            "[(a)] information means all that is known of somebody; this goes on to another page "
            "and ends here;"
        ),
        "[(b)] a well-known place is one that everybody knows.",
        "[2] Law",
        "[2.1] The Act is old.",
        "[2.2] It was made in a year that nobody here remembers.",
        "[3] Review",
        "[3.1] Every year.",
    ]
    assert found.properties == (("title", "Our policy"),)
    places = {line.label: line.where for line in found.lines}
    assert (places["1.1"], places["2.1"]) == ("page 1, line 4", "page 2, line 6")


def test_what_repeats_on_the_pages_of_a_pdf_is_told_once() -> None:
    found = read(as_pdf(), "a.pdf")
    assert [(left.where, left.text, left.times) for left in found.left_out] == [
        ("the bottom of pages", "Page 1 of 3", 3),
        ("the top of pages", "Kestrel Academy", 3),
    ]


def test_indents_of_a_pdf_tell_levels_apart() -> None:
    indents = {line.label: line.indent for line in read(as_pdf(), "a.pdf").lines}
    assert indents["1.1"] == indents["2.1"] < indents["(b)"]


# -- laws -------------------------------------------------------------------------------

SIGNS = st.text(
    st.sampled_from("ab1.()-#*_`[]{}|<>&;:=\"'!/\\ \t\n•’\xad\u200d\u202e\ufeff\xa0"), max_size=80
)
TEXTS = st.one_of(
    SIGNS,
    st.text(max_size=80),
    st.lists(
        st.sampled_from(
            [
                *(
                    "<p>",
                    "</p>",
                    "<li>",
                    "<ol>",
                    "</ol>",
                    "<ul>",
                    "<table>",
                    "<tr>",
                    "<td>",
                    "</td>",
                ),
                *("</table>", "<th colspan=2>", "<b>", "</b>", "<h2>", "</h2>", "<br>", "<pre>"),
                *(
                    "<nav>",
                    "</nav>",
                    "<p hidden>",
                    "<script>",
                    "</script>",
                    '<span class="cb-tag">',
                ),
                *("<tr class=a>", "</pre>", "<b hidden>", "<select>", "<option>k", "2", "é"),
                *('<p class="cb-label">', '<n class="cb-label">', "\u200d", "</script>"),
                *('<span class="cb-label">', "</span>", "<del>", "</del>", "<td rowspan=3>"),
                *("word", "a", "1. ", "(a) ", " ", "\n", "- ", "\n\n", "4.1\t", "<caption>"),
            ]
        ),
        max_size=14,
    ).map("".join),
)


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ('<p>j<span class="cb-label">2</span>k</p>', "j 2 k"),
        ('<p>j<span class="cb-label">*</span>k</p>', "j * k"),
        ('<p>j<span class="cb-label"></span>k</p>', "jk"),
        ('<p>j<span class="cb-label" hidden>2</span>k</p>', "jk"),
        ('<p>j<span class="cb-label">a<b class="cb-label">2</b></span>k</p>', "j a2 k"),
        ('<p><span class="cb-label">2</span><span class="cb-label">3</span>k</p>', "3 k"),
        ('<pre>j<span class="cb-label">2</span>k\nl</pre>', "j 2 k l"),
        ('<pre>j<span class="cb-tag">2</span>k</pre>', "jk"),
        ("<pre>j<b hidden>2</b>k</pre>", "jk"),
        ('<p>j<span class="cb-label">\n</span>k</p>', "j k"),
        ('<p class="cb-label">j<button>2</button>k</p>', "jk"),
        ("<pre>\nj<i>2</i>\n\nk</pre>", "j2 k"),
    ],
)
def test_a_number_among_words_is_a_word_of_its_own(page: str, words: str) -> None:
    (line,) = read(page.encode(), "a.html").lines
    assert plain(line.words).split() == words.split()


@pytest.mark.parametrize("name", ["a.html", "a.md", "a.txt"])
@given(text=TEXTS)
def test_any_text_is_a_document_and_keeps_its_words(name: str, text: str) -> None:
    readable = re.sub("[\x00-\x08\x0e-\x1f]", "", text)
    read(f"word {readable}".encode("utf-8", "replace"), name)
