"""A Word document is read as it is printed; what is not printed is told, with its words.

Every document here keeps the law: words carried and words told are the words in the file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.wordfiles import para, run, style, word_file, zipped

from clausebook.documents import read_content
from clausebook.found import FoundDocument, FoundLine, FoundTable
from clausebook.prose import Break, Code, Emphasis, Inlines, Link, Strong, Text, plain

if TYPE_CHECKING:
    from collections.abc import Mapping

LINK = ("l1", "hyperlink", "https://www.gov.uk/guidance")


def read(
    body: str,
    *,
    styles: str = "",
    parts: Mapping[str, str] | None = None,
    links: tuple[tuple[str, str, str], ...] = (LINK,),
) -> FoundDocument:
    content = word_file(body, styles=styles, parts=parts, links=links)
    found = read_content(content, "policy.docx")
    assert found.words == found.carried + found.told
    return found


def only(found: FoundDocument) -> FoundLine:
    (line,) = found.parts
    assert isinstance(line, FoundLine)
    return line


def words(runs: str, styles: str = "", paragraph_style: str = "") -> Inlines:
    return only(read(para(runs=runs, style=paragraph_style), styles=styles)).words


def told(found: FoundDocument) -> list[tuple[str, str]]:
    return [(left.what, left.text) for left in found.left_out]


def field(instruction: str, shown: str) -> str:
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve">{instruction}</w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{shown}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


# -- what words look like ---------------------------------------------------------------


def test_bold_and_italic_words_are_emphasised_and_underlined_ones_are_not() -> None:
    made = words(
        run("Staff ")
        + run("must not ", "<w:b/>")
        + run("share", "<w:b/><w:i/>")
        + run(" a ")
        + run("password", '<w:u w:val="single"/>')
        + run(" ever", '<w:b w:val="0"/>')
    )
    assert made == (
        Text("Staff "),
        Strong((Text("must not "), Emphasis((Text("share"),)))),
        Text(" a password ever"),
    )


def test_blanks_at_the_edge_of_bold_words_are_outside() -> None:
    assert words(run(" one") + run("  two ", "<w:b/>") + run(" three ")) == (
        Text("one "),
        Strong((Text("two"),)),
        Text(" three"),
    )


HEADING = style("H", "heading 2", run_properties="<w:b/>")
STRONG = style("S", "Strong", kind="character", run_properties="<w:b/>")


def test_a_heading_is_not_emphasised_because_its_style_is_bold() -> None:
    made = words(run("The ") + run("law", "<w:b/>"), HEADING, "H")
    assert made == (Text("The law"),)


def test_styles_that_are_both_bold_cancel_each_other() -> None:
    made = words(run("The ") + run("law", '<w:rStyle w:val="S"/>'), HEADING + STRONG, "H")
    assert made == (Text("The law"),)
    assert words(run("law", '<w:rStyle w:val="S"/>'), STRONG) == (Strong((Text("law"),)),)


def test_text_in_a_style_for_code_is_code() -> None:
    code = style("C", "HTML Code", kind="character")
    made = words(run("type ") + run("a  b", '<w:rStyle w:val="C"/>'), code)
    assert made == (Text("type "), Code("a b"))


def test_signs_that_are_elements_are_characters() -> None:
    made = words(
        "<w:r><w:t>go</w:t><w:tab/><w:t>b</w:t><w:noBreakHyphen/><w:t>c</w:t><w:softHyphen/>"
        '<w:t>d</w:t><w:br/><w:sym w:font="Symbol" w:char="F0B7"/>'
        "<w:t>\xa0e\u00adf\u202eg</w:t></w:r>"
    )
    assert made == (Text("go b-cd"), Break(), Text("• efg"))


def test_a_character_that_turns_the_reading_is_taken_out_and_told() -> None:
    found = read(para("a\u202eb"))
    assert plain(only(found).words) == "ab"
    assert told(found) == [("characters nobody sees: U+202E, right-to-left override (× 1)", "")]


# -- links and fields -------------------------------------------------------------------


def test_links_lead_where_they_lead() -> None:
    of_relation = f'<w:hyperlink r:id="l1">{run("guidance")}</w:hyperlink>'
    of_field = field('HYPERLINK "https://example.org/a b" ', run("x")) + field(
        'HYPERLINK "mailto:head@example.org"', run("write")
    )
    inside = f'<w:hyperlink w:anchor="_Toc1">{run(" below")}</w:hyperlink>'
    found = read(para(runs=of_relation + run(" ") + of_field + inside))
    assert only(found).words == (
        Link("https://www.gov.uk/guidance", (Text("guidance"),)),
        Text(" x"),
        Link("mailto:head@example.org", (Text("write"),)),
        Text(" below"),
    )
    assert [what.partition(" (")[0] for what, _ in told(found)] == [
        "a link: https://example.org/a b"
    ]


@pytest.mark.parametrize(
    "address",
    ["file:///etc/passwd", "javascript:alert(1)", "\\\\server\\share", "http://a@b.example"],
)
def test_links_to_where_no_page_may_lead_are_words(address: str) -> None:
    linked = f'<w:hyperlink r:id="l1">{run("here")}</w:hyperlink>'
    found = read(para(runs=linked), links=(("l1", "hyperlink", address),))
    assert only(found).words == (Text("here"),)
    assert found.left_out[0].what.startswith(f"a link: {address}")


def test_a_link_whose_words_show_another_address_is_words() -> None:
    linked = f'<w:hyperlink r:id="l1">{run("www.example.org")}</w:hyperlink>'
    assert only(read(para(runs=linked))).words == (Text("www.example.org"),)


def test_results_of_fields_are_words_and_their_inside_is_not() -> None:
    found = read(para(runs=run("See ") + field(" REF clause1 \\h ", run("4.2")) + run(".")))
    assert plain(only(found).words) == "See 4.2."


def test_a_list_of_contents_is_told() -> None:
    begin = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> TOC \\o "1-3" '
        '</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )
    end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    body = (
        para("Policy")
        + para(runs=begin + run("Scope") + "<w:r><w:tab/></w:r>" + field("PAGEREF a", run("3")))
        + para(runs=run("Law 4"))
        + para(runs=end)
        + para("Scope")
    )
    found = read(body)
    assert [plain(line.words) for line in found.lines] == ["Policy", "Scope"]
    assert told(found) == [("a list of contents, which is made anew", "Scope 3\nLaw 4")]


def test_a_list_of_contents_in_a_control_is_told_with_its_title() -> None:
    control = (
        '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj>'
        f"</w:sdtPr><w:sdtContent>{para('Contents')}{para('Scope 3')}</w:sdtContent></w:sdt>"
    )
    found = read(control + para("Scope"))
    assert plain(only(found).words) == "Scope"
    assert told(found) == [("a list of contents, which is made anew", "Contents\nScope 3")]


# -- what is not printed ----------------------------------------------------------------


def test_tracked_changes_are_read_as_accepted_and_told() -> None:
    found = read(
        para(
            runs=run("Staff ")
            + f'<w:ins w:id="1" w:author="A">{run("must")}</w:ins>'
            + '<w:del w:id="2" w:author="A"><w:r><w:delText>should</w:delText></w:r></w:del>'
            + f'<w:moveFrom w:id="3" w:author="A">{run(" now")}</w:moveFrom>'
            + run(" ask")
            + f'<w:moveTo w:id="4" w:author="A">{run(" now")}</w:moveTo>'
        )
    )
    assert plain(only(found).words) == "Staff must ask now"
    assert told(found) == [
        ("words that a tracked change takes out", "should"),
        ("words that a tracked change moves; they are read where they went", "now"),
    ]


def test_paragraphs_whose_end_was_deleted_are_one() -> None:
    deleted = '<w:rPr><w:del w:id="1" w:author="A"/></w:rPr>'
    found = read(para("Staff ", more=deleted) + para("must ask."))
    assert plain(only(found).words) == "Staff must ask."


def test_deleted_rows_are_told() -> None:
    row = "<w:tr>{}<w:tc>" + "{}</w:tc></w:tr>"
    gone = '<w:trPr><w:del w:id="1" w:author="A"/></w:trPr>'
    found = read(f"<w:tbl>{row.format('', para('kept'))}{row.format(gone, para('gone'))}</w:tbl>")
    (table,) = found.parts
    assert isinstance(table, FoundTable)
    assert len(table.rows) == 1
    assert told(found) == [("words that a tracked change takes out", "gone")]


def test_hidden_text_is_told() -> None:
    hidden = style("Hid", "Secret", kind="character", run_properties="<w:vanish/>")
    found = read(
        para(
            runs=run("a")
            + run("b c", "<w:vanish/>")
            + run(" d", '<w:rStyle w:val="Hid"/>')
            + run("e")
        ),
        styles=hidden,
    )
    assert plain(only(found).words) == "ae"
    assert told(found) == [("hidden text", "b c d")]


def test_highlighted_words_are_read_and_pointed_at() -> None:
    lit = '<w:highlight w:val="yellow"/>'
    document = read(
        para(
            runs=run("Tell ")
            + run("the head", lit)
            + run(" or X", f"<w:b/>{lit}")
            + run(" at once", '<w:highlight w:val="none"/>')
            + run(". Choose!", lit)
        )
        + f"<w:tbl><w:tr><w:tc>{para(runs=run('TBC', lit))}</w:tc></w:tr></w:tbl>"
    )
    assert [(one.where, one.text) for one in document.highlighted] == [
        ("paragraph 1", "the head or X"),
        ("paragraph 1", ". Choose!"),
        ("table 1, row 1, column 1", "TBC"),
    ]
    assert plain(next(document.lines).words) == "Tell the head or X at once. Choose!"
    assert document.words == document.carried


def test_notes_comments_headers_and_footers_are_told_with_their_words() -> None:
    body = (
        para("First.")
        + para(
            runs=run("Words") + '<w:commentRangeStart w:id="5"/>'
            '<w:r><w:footnoteReference w:id="2"/></w:r>' + run(" more")
        )
        + '<w:sectPr><w:headerReference w:type="first" r:id="header1"/>'
        '<w:headerReference w:type="default" r:id="header1"/>'
        '<w:footerReference w:type="default" r:id="footer1"/></w:sectPr>'
    )
    parts = {
        "footnotes": f'<w:footnote w:type="separator" w:id="0">{para()}</w:footnote>'
        f'<w:footnote w:id="2">{para("The Act of 1998.")}</w:footnote>',
        "comments": f'<w:comment w:id="5" w:author="Jo">{para("Is this so?")}</w:comment>',
        "header1": para("Kestrel Academy"),
        "footer1": para(runs=run("Page ") + field("PAGE", run("1"))),
    }
    found = read(body, parts=parts)
    assert [plain(line.words) for line in found.lines] == ["First.", "Words more"]
    assert [(left.where, left.what, left.text) for left in found.left_out] == [
        ("footnote 1, at paragraph 2", "a footnote", "The Act of 1998."),
        ("comment 1, at paragraph 2", "a comment by Jo", "Is this so?"),
        ("header of the first page", "the header", "Kestrel Academy"),
        ("footer of every page", "the footer", "Page 1"),
    ]


def test_pictures_and_embedded_things_are_told() -> None:
    picture = (
        '<w:r><w:drawing><wp:docPr id="1" name="x" descr="Our logo"/><a:blip/></w:drawing></w:r>'
    )
    embedded = '<w:r><w:object><v:imagedata r:id="x"/></w:object></w:r>'
    chunk = '<w:altChunk r:id="c1"/>'
    found = read(
        para(runs=run("a") + picture + embedded) + chunk,
        links=(("t", "attachedTemplate", "https://evil.example/t.dotm"),),
    )
    assert plain(only(found).words) == "a"
    assert [what for what, _ in told(found)] == [
        "a picture of “Our logo”",
        "something from another program that is embedded",
        "something that Word would fetch from https://evil.example/t.dotm: it was not fetched",
    ]


def test_text_boxes_are_carried_after_their_paragraph_and_once() -> None:
    box = f"<w:txbxContent>{para('In the box')}</w:txbxContent>"
    both = (
        f"<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx>{box}</wps:txbx>"
        f"</w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict>"
        "</mc:Fallback></mc:AlternateContent></w:r>"
    )
    found = read(para(runs=run("Before") + both + run(" after")) + para("Next"))
    assert [(line.where, plain(line.words)) for line in found.lines] == [
        ("paragraph 1", "Before after"),
        ("text box at paragraph 1", "In the box"),
        ("paragraph 2", "Next"),
    ]


def test_words_in_elements_that_nobody_knows_are_carried() -> None:
    odd = f"<w:smartTag><w:customXml>{run('in tags')}</w:customXml></w:smartTag>"
    formula = "<m:oMath><m:r><m:t> x+1</m:t></m:r></m:oMath>"
    control = f"<w:sdt><w:sdtPr/><w:sdtContent>{run(' in a control')}</w:sdtContent></w:sdt>"
    assert plain(words(odd + formula + control)) == "in tags x+1 in a control"


def test_macros_are_told() -> None:
    import io  # noqa: PLC0415
    import zipfile  # noqa: PLC0415

    with zipfile.ZipFile(io.BytesIO(word_file(para("a")))) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    found = read_content(zipped(files | {"word/vbaProject.bin": b"x"}), "a.docm")
    assert told(found) == [("macros, which were not run", "")]


# -- headings, lists, tables ------------------------------------------------------------


def test_headings_are_what_their_styles_or_their_outline_say() -> None:
    styles = (
        style("berschrift1", "heading 1")
        + style("Titre2", "Titre 2")
        + style("Mine", "My kind", based_on="berschrift1")
        + style("Out", "Outlined", para_properties='<w:outlineLvl w:val="2"/>')
        + style("Not", "Body of it", based_on="Out", para_properties='<w:outlineLvl w:val="9"/>')
        + style("T", "Title")
    )
    body = "".join(para("x", style=id_) for id_ in ("berschrift1", "Titre2", "Mine", "Out", "Not"))
    body += para("x", style="T") + para("x", more='<w:outlineLvl w:val="3"/>')
    found = read(body, styles=styles)
    assert [line.heading for line in found.lines] == [1, 2, 1, 3, 0, 0, 4]
    assert [line.is_title for line in found.lines] == [False] * 5 + [True, False]


def test_indents_come_from_the_paragraph_then_its_style() -> None:
    styles = style("In", "Inset", para_properties='<w:ind w:left="720" w:hanging="360"/>')
    found = read(
        para("a", style="In")
        + para("b", style="In", more='<w:ind w:left="1440"/>')
        + para(runs="<w:r><w:tab/></w:r>" + run("c")),
        styles=styles,
    )
    assert [line.indent for line in found.lines] == [18, 54, 36]


def test_typed_numbers_are_parted_from_their_words() -> None:
    found = read(
        para(runs=run("4.1") + "<w:r><w:tab/></w:r>" + run("Staff ", "<w:b/>") + run("ask"))
    )
    line = only(found)
    assert (line.label, line.typed) == ("4.1", True)
    assert line.words == (Strong((Text("Staff"),)), Text(" ask"))


def test_cells_that_span_stand_in_the_first() -> None:
    def cell(text: str, properties: str = "") -> str:
        return f"<w:tc><w:tcPr>{properties}</w:tcPr>{para(text)}</w:tc>"

    wide, tall, below = '<w:gridSpan w:val="2"/>', '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    found = read(
        "<w:tbl><w:tr><w:trPr><w:tblHeader/></w:trPr>"
        f"{cell('a', wide)}{cell('b')}</w:tr>"
        f"<w:tr>{cell('c', tall)}{cell('d')}{cell('e')}</w:tr>"
        f"<w:tr>{cell('', below)}{cell('f')}</w:tr></w:tbl>"
    )
    (table,) = found.parts
    assert isinstance(table, FoundTable)
    assert [["".join(plain(p.words) for p in cell) for cell in row] for row in table.rows] == [
        ["a", "", "b"],
        ["c", "d", "e"],
        ["", "f", ""],
    ]
    assert table.rows[1][2][0].where == "table 1, row 2, column 3"


def test_a_table_in_a_cell_stands_in_the_cell() -> None:
    inner = f"<w:tbl><w:tr><w:tc>{para('in')}</w:tc><w:tc>{para('side')}</w:tc></w:tr></w:tbl>"
    found = read(f"<w:tbl><w:tr><w:tc>{para('out')}{inner}{para()}</w:tc></w:tr></w:tbl>")
    assert [plain(line.words) for line in found.lines] == ["out", "in", "side"]
    assert told(found) == [("a table in a cell: its words stand in the cell", "")]


def test_what_our_own_documents_say_of_a_clause_is_found() -> None:
    styles = style("CT", "Clause tag", kind="character") + style(
        "CN", "Clause number", kind="character"
    )
    found = read(
        '<w:bookmarkStart w:id="1" w:name="cb_sm_17"/>'
        + para(
            runs=run("4.2A", '<w:rStyle w:val="CN"/>')
            + "<w:r><w:tab/></w:r>"
            + run("Ask first.")
            + run(" See there. [Guidance] [For staff]", '<w:rStyle w:val="CT"/>')
        ),
        styles=styles,
    )
    line = only(found)
    assert (line.id, line.label, line.typed, line.indent) == ("sm-17", "4.2A", True, 0)
    assert line.tags == ("See there.", "Guidance", "For staff")
    assert plain(line.words) == "Ask first."


# -- the law ----------------------------------------------------------------------------

PIECES = st.text(st.sampled_from("ab’- .1(\xad\u200d"), min_size=1, max_size=6)
RUNS = st.one_of(
    st.builds(run, PIECES, st.sampled_from(["", "<w:b/>", "<w:vanish/>"])),
    st.builds(lambda t: f'<w:ins w:id="1">{run(t)}</w:ins>', PIECES),
    st.builds(lambda t: f'<w:del w:id="1"><w:r><w:delText>{t}</w:delText></w:r></w:del>', PIECES),
    st.builds(lambda t: f'<w:moveFrom w:id="1">{run(t)}</w:moveFrom>', PIECES),
    st.builds(lambda t: field("TOC", run(t)), PIECES),
    st.builds(lambda t: field("REF a", run(t)), PIECES),
    st.builds(
        lambda t: f"<w:r><w:pict><w:txbxContent>{para(t)}</w:txbxContent></w:pict></w:r>", PIECES
    ),
    st.sampled_from(
        ["<w:r><w:tab/></w:r>", "<w:r><w:br/></w:r>", '<w:r><w:fldChar w:fldCharType="end"/></w:r>']
    ),
)
MARKS = st.sampled_from(["", '<w:rPr><w:del w:id="1"/></w:rPr>', "<w:rPr><w:vanish/></w:rPr>"])
PARAGRAPHS = st.builds(
    lambda runs, mark: para(runs="".join(runs), more=mark), st.lists(RUNS, max_size=6), MARKS
)
BLOCKS = st.one_of(
    PARAGRAPHS,
    st.builds(lambda p: f"<w:tbl><w:tr><w:tc>{p}</w:tc></w:tr></w:tbl>", PARAGRAPHS),
    st.builds(lambda p: f"<w:sdt><w:sdtContent>{p}</w:sdtContent></w:sdt>", PARAGRAPHS),
)


@settings(max_examples=200)
@given(st.lists(BLOCKS, max_size=5))
def test_words_in_are_words_out(blocks: list[str]) -> None:
    read("".join(blocks))
