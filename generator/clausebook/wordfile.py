"""A sheet as a Word file: the package around the text, a school's own template, the same bytes.

Packages are those of ECMA-376, part 2; python-docx knows them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, time
from functools import cache
from io import BytesIO
from itertools import count
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import docx
from docx.document import Document
from docx.opc.constants import CONTENT_TYPE as CT
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.packuri import PackURI
from docx.opc.part import Part as FilePart
from docx.opc.part import XmlPart
from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import parse_xml
from lxml import etree
from lxml.etree import _Element as Element

from clausebook.wordshapes import Sheet
from clausebook.wordstyles import INDENTS, LEVELS, NAMESPACE, STYLES, styles_part
from clausebook.wordxml import Writer, element

A4 = 'w:w="11906" w:h="16838"'


def word_file(sheet: Sheet, template: bytes | None = None) -> bytes:
    """A whole Word document; `template` is a document whose styles, page and header it takes.

    The template must have been looked at by `wordtemplates.usable` first.
    """
    document = docx.Document(BytesIO(template or blank()))
    part = document.part
    body = document.element.body
    section = _emptied(document)
    writer = Writer(
        sheet.day,
        _style_ids(document),
        lambda address: part.relate_to(address, RT.HYPERLINK, is_external=True),
        _width(section),
        INDENTS,
    )
    for made in writer.parts(sheet.parts):
        section.addprevious(made)
    if sheet.is_clean:
        _make_contents_a_field(body, {writer.style_of[f"toc {level}"] for level in LEVELS})
    _add_footer(document, section, sheet, writer)
    if writer.comments:
        root = etree.Element(f"{{{NAMESPACE}}}comments", nsmap={"w": NAMESPACE})
        root.extend(writer.comments)
        blob = etree.tostring(root, encoding="UTF-8", standalone=True)
        made_part = FilePart(_free(document, "comments"), CT.WML_COMMENTS, blob, part.package)
        part.relate_to(made_part, RT.COMMENTS)
    _say_what_it_is(document, sheet)
    saved = BytesIO()
    document.save(saved)
    return _rezipped(saved.getvalue())


def _rezipped(data: bytes) -> bytes:
    """The same package with its parts in order and no dates, so that it is always the same."""
    result = BytesIO()
    with ZipFile(BytesIO(data)) as old, ZipFile(result, "w") as new:
        for name in sorted(old.namelist()):
            entry = ZipInfo(name)  # dated 1980, as zip files begin
            entry.compress_type = ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            entry.create_system = 3
            new.writestr(entry, old.read(name))
    return result.getvalue()


# -- the package ---------------------------------------------------------------------------


@cache
def blank() -> bytes:
    """An empty document of ours, which is also a template for a school to make its own."""
    office = "application/vnd.openxmlformats-officedocument"
    types = {
        "/word/document.xml": CT.WML_DOCUMENT_MAIN,
        "/word/styles.xml": CT.WML_STYLES,
        "/word/settings.xml": CT.WML_SETTINGS,
        "/docProps/core.xml": CT.OPC_CORE_PROPERTIES,
        "/docProps/app.xml": f"{office}.extended-properties+xml",
    }
    overrides = "".join(
        f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in types.items()
    )
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
        f'content-types"><Default Extension="rels" ContentType="{CT.OPC_RELATIONSHIPS}"/>'
        f'<Default Extension="xml" ContentType="{CT.XML}"/>{overrides}</Types>',
        "_rels/.rels": _relationships(
            {
                RT.OFFICE_DOCUMENT: "word/document.xml",
                RT.CORE_PROPERTIES: "docProps/core.xml",
                RT.EXTENDED_PROPERTIES: "docProps/app.xml",
            }
        ),
        "word/_rels/document.xml.rels": _relationships(
            {RT.STYLES: "styles.xml", RT.SETTINGS: "settings.xml"}
        ),
        "word/document.xml": f"<w:document {nsdecls('w', 'r')}><w:body><w:sectPr>"
        f'<w:pgSz {A4}/><w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134" '
        'w:header="567" w:footer="567" w:gutter="0"/></w:sectPr></w:body></w:document>',
        "word/styles.xml": styles_part(),
        "word/settings.xml": f'<w:settings {nsdecls("w")}><w:zoom w:percent="100"/>'
        '<w:defaultTabStop w:val="567"/><w:characterSpacingControl w:val="doNotCompress"/>'
        '<w:compat><w:compatSetting w:name="compatibilityMode" '
        'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
        '<w:themeFontLang w:val="en-GB"/><w:decimalSymbol w:val="."/><w:listSeparator w:val=","/>'
        "</w:settings>",
        "docProps/core.xml": f"<cp:coreProperties {nsdecls('cp', 'dc', 'dcterms', 'xsi')}/>",
        "docProps/app.xml": f'<Properties xmlns="{_EXTENDED}"><Application>Clausebook'
        "</Application></Properties>",
    }
    result = BytesIO()
    with ZipFile(result, "w", ZIP_DEFLATED) as package:
        for name, text in parts.items():
            head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            package.writestr(ZipInfo(name), head + text)
    return result.getvalue()


_EXTENDED = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"


def _relationships(targets: Mapping[str, str]) -> str:
    found = "".join(
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets.items(), 1)
    )
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'<Relationships xmlns="{space}">{found}</Relationships>'


_KEPT = frozenset({RT.STYLES, RT.SETTINGS, RT.THEME, RT.FONT_TABLE, RT.NUMBERING, RT.WEB_SETTINGS})
_KEPT_OUTSIDE = frozenset({RT.OFFICE_DOCUMENT, RT.CORE_PROPERTIES, RT.EXTENDED_PROPERTIES})


def _emptied(document: Document) -> Element:
    """Take everything out of a document but its styles and page; gives its last section."""
    body = document.element.body
    section: Element | None = body.find(qn("w:sectPr"))
    if section is None:
        section = element("w:sectPr")
    for child in list(body):
        body.remove(child)
    body.append(section)
    needed = {value for part in section.iter() for key, value in part.items() if key == qn("r:id")}
    for rels, kept in (
        (document.part.rels, _KEPT),
        (document.part.package.rels, _KEPT_OUTSIDE),
    ):
        for key, relationship in list(rels.items()):
            if relationship.reltype not in kept and key not in needed:
                del rels[key]
    settings = [r.target_part for r in document.part.rels.values() if r.reltype == RT.SETTINGS]
    for part in settings:
        _settle(part)
    return section


_UNWANTED = ("w:attachedTemplate", "w:documentProtection", "w:mailMerge")


def _settle(settings: FilePart) -> None:
    """Take out of a document's settings what binds it to other files, or to a password."""
    if isinstance(settings, XmlPart):
        for tag in _UNWANTED:
            for child in settings.element.findall(qn(tag)):
                settings.element.remove(child)
    for key, relationship in list(settings.rels.items()):
        if relationship.is_external:
            del settings.rels[key]


def _free(document: Document, name: str) -> PackURI:
    """A name that no part of the package has."""
    taken = {str(part.partname) for part in document.part.package.iter_parts()}
    names = (f"/word/{name}{number or ''}.xml" for number in count())
    return PackURI(next(one for one in names if one not in taken))


def _style_ids(document: Document) -> Mapping[str, str]:
    """The ID of each of our styles by name; those that the document has not are put into it."""
    styles: Element = document.styles.element
    found: dict[str, str] = {}
    for one in styles.iterchildren(qn("w:style")):
        name = one.find(qn("w:name"))
        if name is not None:
            found.setdefault(name.get(qn("w:val"), "").lower(), one.get(qn("w:styleId"), ""))
    taken = set(found.values())
    missing = [style for style in STYLES if style.name.lower() not in found]
    for style in missing:
        names = (f"{style.id}{number or ''}" for number in count())
        found[style.name.lower()] = next(name for name in names if name not in taken)
    ids = {style.name: found[style.name.lower()] for style in STYLES}
    for style in missing:
        styles.append(
            parse_xml(style.xml(ids).replace("<w:style ", f"<w:style {nsdecls('w')} ", 1))
        )
    return ids


_DEFAULT_WIDTH = 9638


def _width(section: Element) -> int:
    """How wide the text of a page is."""
    size, margins = section.find(qn("w:pgSz")), section.find(qn("w:pgMar"))
    if size is None or margins is None:
        return _DEFAULT_WIDTH
    try:
        whole, left, right = (
            round(float(one.get(qn(f"w:{name}"), "0")))
            for one, name in ((size, "w"), (margins, "left"), (margins, "right"))
        )
    except (ValueError, OverflowError):
        return _DEFAULT_WIDTH
    return whole - left - right if whole - left - right > _DEFAULT_WIDTH // 3 else _DEFAULT_WIDTH


# -- contents, footer, properties ----------------------------------------------------------


def _field(kind: str) -> Element:
    return element("w:r", [element("w:fldChar", fldCharType=kind)])


def _instruction(text: str) -> Element:
    made = element("w:instrText")
    made.text = text
    made.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return element("w:r", [made])


def _make_contents_a_field(body: Element, styles: Collection[str]) -> None:
    """Let Word's "Update field" make the contents anew, with page numbers (17.16.5.68).

    A redline has none: its entries come and go with the headings.
    """
    entries = [p for p in body.iterchildren(qn("w:p")) if _style(p) in styles]
    if not entries:
        return
    start = [_field("begin"), _instruction(' TOC \\o "1-3" \\h \\z \\u '), _field("separate")]
    entries[0][1:1] = start
    entries[-1].append(_field("end"))


def _style(paragraph: Element) -> str:
    found = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
    return "" if found is None else found.get(qn("w:val"), "")


def _number(name: str) -> Sequence[Element]:
    """A page's number, or how many there are; fields that every program fills in (17.16.5)."""
    shown = element("w:r", [element("w:t")])
    shown[0].text = "1"
    return [_field("begin"), _instruction(f" {name} "), _field("separate"), shown, _field("end")]


def _text(text: str) -> Element:
    made = element("w:t")
    made.text = text
    made.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return element("w:r", [made])


def _add_footer(document: Document, section: Element, sheet: Sheet, writer: Writer) -> None:
    """What the document is, and the page's number, at the foot of every page."""
    references = section.findall(qn("w:footerReference"))
    for reference in references:
        part = document.part.related_parts.get(reference.get(qn("r:id"), ""))
        if isinstance(part, XmlPart):
            part.element.append(_footer(sheet, writer))
    if not any(ref.get(qn("w:type"), "default") == "default" for ref in references):
        root = etree.Element(f"{{{NAMESPACE}}}ftr", nsmap={"w": NAMESPACE})
        root.append(_footer(sheet, writer))
        blob = etree.tostring(root, encoding="UTF-8", standalone=True)
        package = document.part.package
        part = FilePart(_free(document, "footer"), CT.WML_FOOTER, blob, package)
        reference = element("w:footerReference", type="default")
        reference.set(qn("r:id"), document.part.relate_to(part, RT.FOOTER))
        section.insert(0, reference)


def _footer(sheet: Sheet, writer: Writer) -> Element:
    stop = element("w:tabs", [element("w:tab", val="right", pos=writer.width)])
    style = element("w:pStyle", val=writer.style_of["footer"])
    made = element("w:p", [element("w:pPr", [style, stop])])
    made.extend(writer.pieces(sheet.footer, sheet.by))
    made.append(element("w:r", [element("w:tab")]))
    made.extend([_text("Page "), *_number("PAGE"), _text(" of "), *_number("NUMPAGES")])
    return made


def _say_what_it_is(document: Document, sheet: Sheet) -> None:
    """The document's properties; of its template's nothing stays."""
    properties = document.core_properties
    day = datetime.combine(sheet.day, time(), UTC).replace(tzinfo=None)
    properties.title, properties.subject = _short(sheet.title), _short(sheet.subject)
    properties.author = properties.last_modified_by = _short(sheet.author)
    properties.created = properties.modified = day
    properties.language, properties.revision = "en-GB", 1
    properties.category = properties.comments = properties.content_status = ""
    properties.identifier = properties.keywords = properties.version = ""
    printed = properties._element.find(qn("cp:lastPrinted"))  # noqa: SLF001 - it has no way to none
    if printed is not None:
        printed.getparent().remove(printed)


_LONGEST_PROPERTY = 255


def _short(text: str) -> str:
    return text[:_LONGEST_PROPERTY]
