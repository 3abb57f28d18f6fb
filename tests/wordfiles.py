"""Word files written by hand, as XML: what python-docx cannot write, and what no program would."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_NAMES = (
    f'xmlns:w="{W}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)
_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORDS = "application/vnd.openxmlformats-officedocument.wordprocessingml"


def word_file(
    body: str,
    *,
    numbering: str = "",
    styles: str = "",
    parts: Mapping[str, str] | None = None,
    links: Sequence[tuple[str, str, str]] = (),
) -> bytes:
    """A Word document with this XML inside its body.

    `parts` are further parts, each named after its kind (`footnotes`, `header1`), with the XML
    in their root; `links` are relations to the outside: ID, kind, address.
    """
    more = dict(parts or {})
    if numbering:
        more["numbering"] = numbering
    if styles:
        more["styles"] = styles
    relations, types, files = [], [], {}
    for name, inside in more.items():
        kind = name.rstrip("0123456789")
        root = {"header": "hdr", "footer": "ftr"}.get(kind, kind)
        relations.append(_relation(name, kind, f"{name}.xml"))
        types.append(f'<Override PartName="/word/{name}.xml" ContentType="{_WORDS}.{kind}+xml"/>')
        files[f"word/{name}.xml"] = f"<w:{root} {_NAMES}>{inside}</w:{root}>"
    relations += (_relation(id_, kind, to, outside=True) for id_, kind, to in links)
    files["word/_rels/document.xml.rels"] = _relations(relations)
    files["word/document.xml"] = f"<w:document {_NAMES}><w:body>{body}</w:body></w:document>"
    files["_rels/.rels"] = _relations([_relation("rId1", "officeDocument", "word/document.xml")])
    files["[Content_Types].xml"] = (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_WORDS}.document.main+xml"/>'
        f"{''.join(types)}</Types>"
    )
    return zipped({name: text.encode() for name, text in sorted(files.items())})


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Files as a zip, in the order given."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return held.getvalue()


def _relation(id_: str, kind: str, target: str, *, outside: bool = False) -> str:
    mode = ' TargetMode="External"' if outside else ""
    to = quoteattr(target)
    return f'<Relationship Id="{id_}" Type="{_TYPES}/{kind}" Target={to}{mode}/>'


def _relations(relations: Sequence[str]) -> str:
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{"".join(relations)}</Relationships>'


# -- paragraphs, lists and styles -------------------------------------------------------


def para(
    text: str = "",
    *,
    num: int | None = None,
    level: int | None = None,
    style: str = "",
    more: str = "",
    runs: str = "",
) -> str:
    """A paragraph: its words, its list and level, its style, more properties, more runs."""
    properties = f'<w:pStyle w:val="{style}"/>' if style else ""
    if num is not None or level is not None:
        at = "" if level is None else f'<w:ilvl w:val="{level}"/>'
        of = "" if num is None else f'<w:numId w:val="{num}"/>'
        properties += f"<w:numPr>{at}{of}</w:numPr>"
    properties += more
    return f"<w:p><w:pPr>{properties}</w:pPr>{run(text) if text else ''}{runs}</w:p>"


def run(text: str, properties: str = "") -> str:
    """A run of words."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def level(
    number: int,
    text: str,
    form: str = "decimal",
    *,
    start: int | None = 1,
    more: str = "",
    style: str = "",
) -> str:
    """A level of a list: `%1.` and the like, and how it counts."""
    begins = "" if start is None else f'<w:start w:val="{start}"/>'
    of_style = f'<w:pStyle w:val="{style}"/>' if style else ""
    restart = more if "lvlRestart" in more else ""
    legal = more if "isLgl" in more else ""
    left = 720 + 360 * number
    return (
        f'<w:lvl w:ilvl="{number}">{begins}<w:numFmt w:val="{form}"/>{restart}{of_style}{legal}'
        f'<w:lvlText w:val={quoteattr(text)}/><w:lvlJc w:val="left"/>'
        f'<w:pPr><w:ind w:left="{left}" w:hanging="360"/></w:pPr></w:lvl>'
    )


def abstract(number: int, *levels: str, more: str = "") -> str:
    """An abstractNum."""
    return (
        f'<w:abstractNum w:abstractNumId="{number}"><w:multiLevelType w:val="multilevel"/>{more}'
        f"{''.join(levels)}</w:abstractNum>"
    )


def num(number: int, of: int, overrides: str = "") -> str:
    """A num of an abstractNum."""
    return f'<w:num w:numId="{number}"><w:abstractNumId w:val="{of}"/>{overrides}</w:num>'


def start_at(level_: int, number: int) -> str:
    """An override that starts a level at a number."""
    return f'<w:lvlOverride w:ilvl="{level_}"><w:startOverride w:val="{number}"/></w:lvlOverride>'


def style(
    id_: str,
    name: str,
    *,
    kind: str = "paragraph",
    based_on: str = "",
    para_properties: str = "",
    run_properties: str = "",
) -> str:
    """A style."""
    base = f'<w:basedOn w:val="{based_on}"/>' if based_on else ""
    return (
        f'<w:style w:type="{kind}" w:styleId="{id_}"><w:name w:val="{name}"/>{base}'
        f"<w:pPr>{para_properties}</w:pPr><w:rPr>{run_properties}</w:rPr></w:style>"
    )
