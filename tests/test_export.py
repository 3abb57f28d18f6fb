"""`clausebook export`: what it writes, what it calls it, and what it refuses."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import docx
import pytest
from click.testing import CliRunner, Result
from tests.conftest import ROOT, ExampleSites
from tests.word_sides import NEW, Package
from tests.wordorder import faults

from clausebook.clauses import read_clauses
from clausebook.cli import main
from clausebook.problems import Problems
from clausebook.prose import plain
from clausebook.source import Source
from clausebook.yamldoc import read_front_matter


def export(*arguments: str, folder: Path) -> Result:
    """Run the command on the examples, in a folder of one's own."""
    runner = CliRunner()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        common = ["export", "--root", str(ROOT), "--today", "2026-11-21"]
        return runner.invoke(main, [*common, *arguments])


def ok(*arguments: str, folder: Path) -> str:
    done = export(*arguments, folder=folder)
    assert done.exit_code == 0, done.output
    return done.output


def refused(*arguments: str, folder: Path) -> str:
    done = export(*arguments, folder=folder)
    assert done.exit_code in {2, 3}, done.output
    assert list(folder.iterdir()) == []
    return done.output


def test_a_file_is_named_after_policy_school_and_version(tmp_path: Path) -> None:
    ok("kestrel", "social-media", "--to", "docx", folder=tmp_path)
    ok("trust", "social-media", "--draft", "--to", "md", folder=tmp_path)
    ok(
        "kestrel", "social-media", "--draft", "--against", "2026-09", "--to", "docx",
        folder=tmp_path,
    )  # fmt: skip
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "social-media-kestrel-draft-against-2026-09.docx",
        "social-media-kestrel-v2026-09.docx",
        "social-media-trust-draft.md",
    ]


def test_a_word_document_says_what_it_is(tmp_path: Path) -> None:
    ok("kestrel", "social-media", "--to", "docx", "--output", "k.docx", folder=tmp_path)
    data = (tmp_path / "k.docx").read_bytes()
    package = Package(data)
    assert faults(package) == []
    document = docx.Document(BytesIO(data))
    properties = document.core_properties
    assert (properties.title, properties.author) == ("Social media policy", "The Kestrel Academy")
    assert properties.language == "en-GB"
    assert str(properties.created)[:10] == "2026-06-25"  # the day it was agreed
    headings = [p.text for p in document.paragraphs if p.style and p.style.name == "Heading 1"]
    assert headings[0] == "1\tPurpose"
    assert headings[-1] == "Change history"
    assert document.tables[0].cell(0, 1).text == "The Kestrel Academy"
    (foot, *_) = package.footer(NEW)
    assert "version 2026-09 · " in str(foot)


def test_every_cross_reference_leads_to_a_bookmark(tmp_path: Path) -> None:
    ok("kestrel", "social-media", "--to", "docx", "--output", "k.docx", folder=tmp_path)
    root = Package((tmp_path / "k.docx").read_bytes()).document
    w = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    marks = {mark.get(f"{w}name") for mark in root.iter(f"{w}bookmarkStart")}
    links = {link.get(f"{w}anchor") for link in root.iter(f"{w}hyperlink")} - {None}
    assert links <= marks
    assert len(links) > 20


def test_markdown_has_every_clause_with_its_number_and_its_id(tmp_path: Path) -> None:
    """As master policies are written, so that Clausebook's own reader finds the same clauses."""
    text = ok("kestrel", "social-media", "--to", "md", "--output", "-", folder=tmp_path)
    data = json.loads(
        ok("kestrel", "social-media", "--to", "json", "--output", "-", folder=tmp_path)
    )
    start, end = text.index("## 1 Purpose"), text.index("**Change history**")
    problems = Problems()
    passage = read_front_matter(
        Source("policy.md", f"---\na: b\n---\n{text[start:end]}"), problems
    )[1]
    clauses = {clause.id: clause for clause in read_clauses(passage, problems)}
    # what is said of a heading stands under it, and is no clause
    assert {problem.code for problem in problems} == {"clause-without-id"}
    shown = [clause for clause in data["clauses"] if clause["provenance"] != "omitted"]
    for clause in shown:
        read = clauses[clause["id"]]
        assert plain(read.words).startswith(clause["label"])
        assert (read.kind, read.depth, read.parent) == (
            clause["kind"], clause["depth"], clause["parent"],
        )  # fmt: skip


def test_data_is_what_the_site_has(tmp_path: Path, example_sites: ExampleSites) -> None:
    text = ok("kestrel", "social-media", "--to", "json", "--output", "-", folder=tmp_path)
    site = example_sites.site / "kestrel" / "data" / "social-media.json"
    assert text == site.read_text("utf-8")


def test_a_template_gives_its_styles_its_header_and_none_of_its_words(tmp_path: Path) -> None:
    template = docx.Document()
    template.add_paragraph("Words of the template that nobody wants.")
    template.sections[0].header.paragraphs[0].text = "Kestrel letterhead"
    template.styles["Heading 1"].font.name = "Georgia"
    path = tmp_path / "ours"
    path.mkdir()
    template.save(str(path / "letter.docx"))
    ok(
        "kestrel", "social-media", "--to", "docx", "--output", "k.docx",
        "--template", str(path / "letter.docx"), folder=tmp_path,
    )  # fmt: skip
    data = (tmp_path / "k.docx").read_bytes()
    document = docx.Document(BytesIO(data))
    assert document.sections[0].header.paragraphs[0].text == "Kestrel letterhead"
    assert document.styles["Heading 1"].font.name == "Georgia"
    assert "Clause level 2" in document.styles
    assert "nobody wants" not in "".join(p.text for p in document.paragraphs)
    assert document.core_properties.author == "The Kestrel Academy"
    assert not any("thumbnail" in name for name in ZipFile(BytesIO(data)).namelist())


def test_what_cannot_be_done_is_refused_in_plain_words(tmp_path: Path) -> None:
    to = ("kestrel", "social-media", "--to")
    assert "no version '9'" in refused(*to, "docx", "--version", "9", folder=tmp_path)
    assert "choose one of" in refused(*to, "md", "--draft", "--version", "2", folder=tmp_path)
    assert "--to docx as well" in refused(*to, "md", "--against", "draft", folder=tmp_path)
    told = refused(*to, "docx", "--against", "2026-09", folder=tmp_path)
    assert "'2026-09' is what would be written; give --draft" in told
    told = refused(*to, "docx", "--output", "k.pdf", folder=tmp_path)
    assert "'k.pdf' is a pdf file's name: give --to pdf as well" in told
    assert "there is no school" in refused("nest", "social-media", "--to", "md", folder=tmp_path)


def template(name: str, content: bytes = b"", *, bare: bool = False) -> bytes:
    """A template of somebody's, with one more part; or a zip with nothing else in it."""
    saved = BytesIO()
    if not bare:
        docx.Document().save(saved)
    with ZipFile(saved, "a") as package:
        package.writestr(name, content)
    return saved.getvalue()


ELSEWHERE = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    b'<Relationship Id="a" Type="http://x/image" Target="https://a.example/" TargetMode="External"'
    b"/></Relationships>"
)
MARK = b"a picture of a kestrel"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"%PDF-1.7", "It is no Word document"),
        (b"{\\rtf1}", "It is an RTF document"),
        (b"PK\x03\x04", "is damaged"),
        (template("word/document.xml", b"<w:document/>", bare=True), "no Word document"),
        (template("word/media/a.png", MARK).replace(MARK, MARK.upper()), "is damaged"),
        (template("word/vbaProject.bin"), "It has macros in it"),
        (template("word/header9.xml", b"<a"), "is damaged"),
        (template("word/_rels/styles.xml.rels", ELSEWHERE), "fetches something from elsewhere"),
    ],
)
def test_a_template_that_cannot_be_used_is_refused_by_its_name(
    tmp_path: Path, content: bytes, told: str
) -> None:
    bad = tmp_path.parent / "letter.docx"
    bad.write_bytes(content)
    output = refused(
        "kestrel", "social-media", "--to", "docx", "--template", str(bad), folder=tmp_path
    )
    assert output.startswith("clausebook: letter.docx cannot be read. ")
    assert told in output
