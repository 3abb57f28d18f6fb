"""Documents made to harm, or broken on the way: a document or one plain message, in bounded time.

What is wrong is said in words, and what to do about it.
"""

from __future__ import annotations

import io
import os
import random
import re
import zipfile
from typing import TYPE_CHECKING

import pytest
from tests.pdffiles import lines_of, pdf_file
from tests.torture import documents
from tests.wordfiles import abstract, level, num, para, run, style, word_file, zipped

from clausebook.documents import MAX_FILE, read_content, read_document
from clausebook.docxfiles import MAX_DEPTH, MAX_ENTRIES
from clausebook.found import DocumentError, FoundDocument
from clausebook.pdfreader import MAX_PAGES
from clausebook.prose import plain

if TYPE_CHECKING:
    from pathlib import Path

WORD = word_file(
    para("Policy", style="T")
    + para("Staff must ask", num=1, level=0)
    + f"<w:tbl><w:tr><w:tc>{para('Owner')}</w:tc><w:tc>{para('Head')}</w:tc></w:tr></w:tbl>"
    + para(runs=f'<w:hyperlink r:id="l1">{run("Guidance", "<w:b/>")}</w:hyperlink>'),
    numbering=abstract(0, level(0, "%1.")) + num(1, 0),
    styles=style("T", "Title"),
    parts={"footnotes": f'<w:footnote w:id="2">{para("A note")}</w:footnote>'},
    links=(("l1", "hyperlink", "https://www.gov.uk/"),),
)
PDF = pdf_file(
    [
        lines_of("Policy\n\n1.  Staff must ask first, and\n    then ask again."),
        lines_of("2.  Pupils are told.\n\n3.  Parents are informed of it."),
    ]
)


def refused(content: bytes, name: str = "policy.docx") -> str:
    """What is said of a document that cannot be read."""
    with pytest.raises(DocumentError) as caught:
        read_content(content, name)
    message = str(caught.value)
    assert message.startswith(f"{name} cannot be read. ")
    return message


def files_in(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def with_text(xml: str) -> bytes:
    """A Word document whose text is this XML."""
    return zipped(files_in(WORD) | {"word/document.xml": xml.encode()})


# -- Word documents ---------------------------------------------------------------------


def test_the_example_itself_is_read() -> None:
    assert len(read_content(WORD, "a.docx").parts) == 4
    assert len(read_content(PDF, "a.pdf").parts) == 4


def test_a_zip_bomb_is_stopped_while_it_unpacks() -> None:
    content = zipped(files_in(WORD) | {"word/styles.xml": b"<a>" + b" " * 60_000_000 + b"</a>"})
    assert len(content) < 100_000
    assert "unpacks to far more than its size" in refused(content)


def test_a_zip_that_lies_about_its_size_is_stopped() -> None:
    bomb = bytearray(zipped(files_in(WORD) | {"word/document.xml": b" " * 60_000_000}))
    for size in re.finditer((60_000_000).to_bytes(4, "little"), bytes(bomb)):
        bomb[size.start() : size.end()] = (1000).to_bytes(4, "little")
    assert refused(bytes(bomb))


def test_a_zip_of_very_many_parts_is_refused() -> None:
    many = {f"word/{number}.xml": b"" for number in range(MAX_ENTRIES)}
    assert "parts; at most 2,000 are read" in refused(zipped(files_in(WORD) | many))


def test_two_parts_of_one_name_are_refused() -> None:
    held = io.BytesIO(WORD)
    with zipfile.ZipFile(held, "a") as archive:
        archive.writestr(zipfile.ZipInfo("WORD/document.xml"), b"<a/>")
    assert "two parts of one name" in refused(held.getvalue())


BOMB = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))


@pytest.mark.parametrize(
    "declared",
    [
        "<!DOCTYPE w>",
        f'<!DOCTYPE w [<!ENTITY e0 "x">{BOMB}]>',
        '<!DOCTYPE w [<!ENTITY e11 SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE w SYSTEM "http://localhost:1/evil.dtd">',
    ],
)
def test_a_document_type_is_refused_and_nothing_in_it_is_read(declared: str) -> None:
    xml = files_in(WORD)["word/document.xml"].decode()
    assert "document type" in refused(with_text(declared + xml))
    assert refused(with_text(declared + xml.replace("Policy", "&e11;")))


def test_deep_nesting_is_refused() -> None:
    start = files_in(WORD)["word/document.xml"].decode().partition("<w:body>")[0] + "<w:body>"
    tags = "<w:customXml>" * MAX_DEPTH, "</w:customXml>" * MAX_DEPTH
    deep = start + tags[0] + para("x") + tags[1] + "</w:body></w:document>"
    assert "nested too deeply" in refused(with_text(deep))
    deeper = deep.replace(tags[0], tags[0] * 100).replace(tags[1], tags[1] * 100)
    assert refused(with_text(deeper))


@pytest.mark.parametrize("inner", [para("two"), f"<w:ins>{para('two')}</w:ins>", "<w:tbl/>"])
def test_a_paragraph_in_a_paragraph_is_refused(inner: str) -> None:
    """No program writes one, and what it says would depend on who reads it."""
    body = f"<w:p>{run('one')}{inner}{run('three')}</w:p>"
    assert "This Word document is damaged." in refused(word_file(body))


def test_a_document_as_deep_as_is_read_is_read() -> None:
    start = files_in(WORD)["word/document.xml"].decode().partition("<w:body>")[0] + "<w:body>"
    table = "<w:tbl><w:tr><w:tc>", f"{para()}</w:tc></w:tr></w:tbl>"
    times = (MAX_DEPTH - 5) // 3
    deep = start + table[0] * times + para("x") + table[1] * times + "</w:body></w:document>"
    assert read_content(with_text(deep), "a.docx").carried == 1


def test_styles_that_stand_on_each_other_in_a_circle_are_read() -> None:
    circle = style("A", "a", based_on="B") + style("B", "b", based_on="A")
    numbering = abstract(0, more='<w:numStyleLink w:val="A"/>') + num(1, 0)
    content = word_file(para("x", style="A", num=1), styles=circle, numbering=numbering)
    assert read_content(content, "a.docx").words == 1


@pytest.mark.parametrize(
    "field",
    [
        '{end}<w:fldSimple w:instr="PAGE">{end}{text}</w:fldSimple>{text}',
        '{begin}<w:fldSimple w:instr="PAGE">{end}{end}{text}</w:fldSimple>{text}',
        '<w:fldSimple w:instr="PAGE">{begin}{text}</w:fldSimple>{text}{end}{text}',
        '{begin}{between}<w:fldSimple w:instr="TOC">{end}{between}</w:fldSimple>{text}',
    ],
)
def test_fields_that_end_where_none_began_are_read(field: str) -> None:
    marks = {
        name: f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'
        for name, kind in {"begin": "begin", "between": "separate", "end": "end"}.items()
    }
    xml = para(runs=field.format(**marks, text=run("words")))
    found = read_content(word_file(xml), "a.docx")
    assert found.words == found.carried + found.told > 0


def test_a_table_of_endless_columns_is_refused() -> None:
    wide = f'<w:tc><w:tcPr><w:gridSpan w:val="999999999"/></w:tcPr>{para("x")}</w:tc>'
    rows = f"<w:tr>{wide * 60}</w:tr>" + "<w:tr></w:tr>" * 100
    assert "more than 100,000 cells" in refused(word_file(f"<w:tbl>{rows}</w:tbl>"))


def test_a_part_that_is_named_and_not_there_is_no_harm() -> None:
    files = files_in(WORD)
    del files["word/styles.xml"], files["word/footnotes.xml"]
    assert len(read_content(zipped(files), "a.docx").parts) == 4


@pytest.mark.parametrize("missing", ["word/document.xml", "_rels/.rels"])
def test_a_word_document_without_its_text_is_refused(missing: str) -> None:
    files = files_in(WORD)
    del files[missing]
    assert "save it" in refused(zipped(files))


def test_a_protected_word_document_is_named() -> None:
    locked = bytearray(WORD)
    for mark in (b"PK\x03\x04", b"PK\x01\x02"):
        for found in re.finditer(re.escape(mark), WORD):
            locked[found.start() + (6 if mark[2] == 3 else 8)] |= 1
    assert "password" in refused(bytes(locked))
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500 + "EncryptedPackage".encode("utf-16-le")
    assert "password" in refused(ole)


# -- other kinds of files ---------------------------------------------------------------

OTHERS = {
    "old.doc": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "Word 97 to 2003"),
    "policy.rtf": (b"{\\rtf1 words}", "RTF"),
    "policy.odt": (zipped({"mimetype": b"x", "content.xml": b"<a/>"}), "OpenDocument"),
    "policy.pages": (zipped({"Index/Document.iwa": b"x"}), "Pages"),
    "policy.xlsx": (zipped({"[Content_Types].xml": b"", "xl/workbook.xml": b""}), "Excel"),
    "policy.png": (b"\x89PNG\r\n\x1a\n", "a picture"),
    "policy.zip": (zipped({"a.txt": b"words"}), "no Word document"),
    "policy.docx": (b"These are words.", "called .docx, and is no such file"),
    "policy.pdf": (b"These are words.", "called .pdf, and is no such file"),
    "policy.mht": (b"MIME-Version: 1.0", "web archive"),
    "policy.xyz": (b"These are words.", "What is read is .docx, .md, .txt, .html and .pdf"),
    "policy.txt": (bytes(range(256)) * 4, "no text that people can read"),
    "empty.docx": (b"", "nothing in it"),
    "blank.txt": (b" \n\n", "nothing in it"),
    "long.txt": (b"word " * 1_200_000, "more than 5 MB of text"),
}


@pytest.mark.parametrize("name", OTHERS)
def test_other_files_are_named_for_what_they_are(name: str) -> None:
    content, said = OTHERS[name]
    assert said in refused(content, name)


def test_what_a_file_is_counts_more_than_its_ending() -> None:
    assert read_content(WORD, "policy.txt").format == "Word document"
    assert read_content(b"<!DOCTYPE html><p>Words</p>", "policy.doc").format == "HTML"


def test_files_that_cannot_be_opened_are_told(tmp_path: Path) -> None:
    (tmp_path / "large.docx").write_bytes(b"PK\x03\x04" + b"\0" * MAX_FILE)
    os.mkfifo(tmp_path / "pipe.docx")
    for name, said in {
        "missing.docx": "There is no file",
        ".": "is a folder",
        "pipe.docx": "is not a file",
        "large.docx": "larger than 20 MB",
        "a\0b.docx": "cannot be opened",
    }.items():
        with pytest.raises(DocumentError, match=said):
            read_document(tmp_path / name)


# -- PDFs -------------------------------------------------------------------------------


def test_a_pdf_without_text_is_named_for_what_it_is() -> None:
    assert "picture of pages" in refused(pdf_file([[], []]), "scan.pdf")


def test_a_pdf_of_very_many_pages_is_refused() -> None:
    assert "at most 300 are read" in refused(pdf_file([[]] * (MAX_PAGES + 1)), "long.pdf")


def test_a_pdf_with_a_password_is_named() -> None:
    from pypdf import PdfReader, PdfWriter  # noqa: PLC0415

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(PDF)))
    writer.encrypt("secret", algorithm="RC4-128")
    held = io.BytesIO()
    writer.write(held)
    assert "password" in refused(held.getvalue(), "a.pdf")
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(PDF)))
    writer.encrypt("", owner_password="secret", algorithm="RC4-128")  # noqa: S106
    held = io.BytesIO()
    writer.write(held)
    assert len(read_content(held.getvalue(), "a.pdf").parts) == 4


def test_a_pdf_whose_pages_hold_themselves_is_refused() -> None:
    circle = PDF.replace(b"/Kids [4 0 R 6 0 R]", b"/Kids [2 0 R 2 0 R]")
    assert circle != PDF
    assert refused(circle, "a.pdf")


def form(number: int, drawn: str, calls: int) -> str:
    """A reusable piece of a page, which can call upon another."""
    resources = f"/Resources << /Font << /F1 3 0 R >> /XObject << /F {calls} 0 R >> >>"
    return (
        f"{number} 0 obj\n<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] {resources} "
        f"/Length {len(drawn)} >>\nstream\n{drawn}\nendstream\nendobj\n"
    )


CALL = b"<< /Length 5 >>\nstream\n/F Do\nendstream"


def calling(pieces: list[str]) -> bytes:
    """A PDF whose page has nothing but a call upon the first of some pieces."""
    content = pdf_file([[]], forms="/XObject << /F 6 0 R >>", objects=pieces)
    stream = b"<< /Length 0 >>\nstream\n\nendstream"
    assert stream in content
    return content.replace(stream, CALL)


def test_a_pdf_whose_pieces_call_one_another_over_and_over_is_refused() -> None:
    pieces = [form(number, "/F Do " * 10, number + 1) for number in range(6, 20)]
    pieces.append(form(20, "BT /F1 11 Tf (words) Tj ET", 20))
    assert "draws far more than a page of text does" in refused(calling(pieces), "a.pdf")


def test_a_pdf_whose_pieces_call_one_another_in_a_circle_is_read() -> None:
    words = "BT /F1 11 Tf 1 0 0 1 72 700 Tm (Staff must ask before they post anything.) Tj ET "
    pieces = [form(6, words + "/F Do", 7), form(7, "/F Do", 6)]
    assert read_content(calling(pieces), "a.pdf").words == 7


def test_text_in_a_reusable_piece_of_a_page_is_read() -> None:
    drawn = "BT /F1 11 Tf 1 0 0 1 72 700 Tm (Staff must ask before they post anything.) Tj ET"
    (line,) = read_content(calling([form(6, drawn, 6)]), "a.pdf").lines
    assert plain(line.words) == "Staff must ask before they post anything."


# -- broken on the way ------------------------------------------------------------------


def outcome(content: bytes, name: str) -> str:
    """Whether there is a document; anything but a message is a failure."""
    try:
        found = read_content(content, name)
    except DocumentError as error:
        message = str(error)
    else:
        assert isinstance(found, FoundDocument)
        assert found.words == found.carried + found.told
        return "read"
    assert 30 < len(message) < 600
    assert "\n" not in message
    return "refused"


@pytest.mark.parametrize(("example", "name"), [(WORD, "a.docx"), (PDF, "a.pdf")])
def test_a_thousand_damaged_files_are_read_or_refused(example: bytes, name: str) -> None:
    chance = random.Random(8)  # noqa: S311 - not a secret
    outcomes = set()
    for _ in range(1000):
        damaged = bytearray(example)
        for _ in range(chance.choice([1, 1, 2, 20])):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        outcomes.add(outcome(bytes(damaged), name))
    assert outcomes == {"read", "refused"}


def test_a_thousand_documents_with_damaged_xml_are_read_or_refused() -> None:
    """The same inside the zip, so that the damage comes as far as the reader."""
    chance = random.Random(9)  # noqa: S311 - not a secret
    files = files_in(WORD)
    outcomes = set()
    for _ in range(1000):
        name = chance.choice(sorted(files))
        damaged = bytearray(files[name])
        at = chance.randrange(len(damaged))
        if chance.random() < 0.5:
            damaged[at] = chance.choice(b"0123456789abwrpt ")
        else:
            del damaged[at : at + chance.randrange(60)]
        outcomes.add(outcome(zipped(files | {name: bytes(damaged)}), "a.docx"))
    assert outcomes == {"read", "refused"}


@pytest.mark.parametrize(("example", "name"), [(WORD, "a.docx"), (PDF, "a.pdf")])
def test_files_that_end_too_early_are_read_or_refused(example: bytes, name: str) -> None:
    for length in range(4, len(example) - 1, 37):
        outcome(example[:length], name)


@pytest.mark.parametrize("against", [False, True])
def test_documents_are_imported_before_they_are_damaged(against: bool) -> None:  # noqa: FBT001
    for name, data in documents.originals().items():
        assert documents.imported(data, name, against=against) == "", name


def test_documents_damaged_by_chance_are_imported_or_refused() -> None:
    """The long form is `make torture ARGS=documents`."""
    outcome = documents.run(250, seed=2026)
    assert outcome.survived == outcome.tried, "\n".join(outcome.remarks)
