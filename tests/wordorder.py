"""What Word asks of a document beyond being XML; it refuses files that LibreOffice takes.

The order of elements is that of the schemas in ECMA-376, part 1, annex A.1 (transitional).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from lxml import etree
from lxml.etree import _Element as Element
from tests.word_sides import Package, R, W

ORDER = {
    # CT_PPr: 17.3.1.26
    "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr "
    "suppressLineNumbers pBdr shd tabs suppressAutoHyphens kinsoku wordWrap overflowPunct "
    "topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd snapToGrid spacing ind "
    "contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment "
    "textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange",
    # CT_RPr, and CT_ParaRPr with the marks of changes first: 17.3.2.28, 17.3.1.29
    "rPr": "ins del moveFrom moveTo rStyle rFonts b bCs i iCs caps smallCaps strike dstrike "
    "outline shadow emboss imprint noProof snapToGrid vanish webHidden color spacing w kern "
    "position sz szCs highlight u effect bdr shd fitText vertAlign rtl cs em lang "
    "eastAsianLayout specVanish oMath rPrChange",
    # CT_TblPr: 17.4.60
    "tblPr": "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW "
    "jc tblCellSpacing tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption "
    "tblDescription tblPrChange",
    # CT_TrPr: 17.4.82; the first group may stand in any order, the changes come after it
    "trPr": "cantSplit tblHeader ins del trPrChange",
    # CT_TcPr: 17.4.70
    "tcPr": "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection "
    "tcFitText vAlign hideMark",
    # CT_SectPr: 17.6.17
    "sectPr": "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc "
    "pgBorders lnNumType pgNumType cols formProt vAlign noEndnote titlePg textDirection bidi "
    "rtlGutter docGrid printerSettings sectPrChange",
    # CT_Style: 17.7.4.17
    "style": "name aliases basedOn next link autoRedefine hidden uiPriority semiHidden "
    "unhideWhenUsed qFormat locked personal rsid pPr rPr tblPr trPr tcPr tblStylePr",
    # CT_Tbl, CT_Row, CT_Tc: 17.4.38, 17.4.79, 17.4.66
    "tbl": "bookmarkStart bookmarkEnd tblPr tblGrid tr",
    "tr": "tblPrEx trPr tc",
    "tc": "tcPr p tbl",
    # CT_Settings: 17.15.1.78, as far as we write it
    "settings": "zoom defaultTabStop characterSpacingControl compat themeFontLang "
    "decimalSymbol listSeparator",
}
RUNS = {"r", "ins", "del", "moveFrom", "moveTo", "hyperlink"}
RANGES = {
    *("bookmarkStart", "bookmarkEnd", "commentRangeStart", "commentRangeEnd"),
    *("moveFromRangeStart", "moveFromRangeEnd", "moveToRangeStart", "moveToRangeEnd"),
}
INSIDE = {
    "body": {"p", "tbl", "sectPr"} | RANGES,
    "p": {"pPr"} | RUNS | RANGES,
    "hyperlink": RUNS - {"hyperlink"},
    "ins": {"r"},
    "del": {"r"},
    "moveFrom": {"r"},
    "moveTo": {"r"},
    "r": {"rPr", "t", "delText", "tab", "br", "fldChar", "instrText", "commentReference"},
}
"""What may stand in what: of what the standard allows, the part that we use."""
FIRST = {"p": "pPr", "r": "rPr"}
LONGEST_NAME = 40


def faults(package: Package) -> list[str]:
    """Everything that is not as Word wants it."""
    return [*_structure(package), *_ids(package), *_links(package), *_package(package)]


def _roots(package: Package) -> Iterator[tuple[str, Element]]:
    for name in package.parts:
        if name.startswith("word/") and name.endswith(".xml"):
            yield name, package.xml(name)


def _structure(package: Package) -> Iterator[str]:
    for name, root in _roots(package):
        for element in root.iter(etree.Element):
            tag = _name(element)
            for fault in (*_in_order(tag, element), *_place(tag, element), *_text(tag, element)):
                yield f"{name}: {fault}"
        body = root.find(f"{W}body")
        if body is not None and _name(body[-1]) != "sectPr":
            yield f"{name}: the section does not come last"
        ends = {"moveFromRangeEnd", "moveToRangeEnd"}
        if body is not None and [_name(e) for e in body if _name(e) not in ends][-2] != "p":
            yield f"{name}: the last is no paragraph"


def _place(tag: str, element: Element) -> Iterator[str]:
    """What stands in an element that may not, or not there."""
    changes = tag in {"ins", "del"} and _name_of_parent(element) in {"rPr", "trPr"}
    if tag in INSIDE and not changes:
        odd = {_name(child) for child in element} - INSIDE[tag]
        yield from (f"{one} in {tag}" for one in sorted(odd))
    if tag in FIRST:
        places = [at for at, child in enumerate(element) if _name(child) == FIRST[tag]]
        if places not in ([], [0]):
            yield f"{FIRST[tag]} at {places} in {tag}"
    if tag == "tc" and _name(element[-1]) != "p":
        yield "a cell that does not end in a paragraph"
    if tag == "tr" and _spanned(element) != len(_columns(element)):
        yield "a row that is not as wide as its table"


SIGNED = {"ins", "del", "moveFrom", "moveTo", "pPrChange", "rPrChange", "comment"}


def _text(tag: str, element: Element) -> Iterator[str]:
    """Text that is not where deleted text, or other text, is; changes that nobody made."""
    if tag in {"t", "delText"}:
        deleted = any(_name(up) == "del" for up in element.iterancestors())
        if (tag == "delText") != deleted:
            yield f"{tag} {'in' if deleted else 'outside'} del"
        if not element.text:
            yield f"an empty {tag}"
    if tag in SIGNED and not (element.get(f"{W}author") and element.get(f"{W}date")):
        yield f"a {tag} of nobody"


def _spanned(row: Element) -> int:
    """How many columns of the table the cells of a row take."""
    spans = [cell.find(f"{W}tcPr/{W}gridSpan") for cell in row.iterchildren(f"{W}tc")]
    return sum(1 if span is None else int(span.get(f"{W}val", "1")) for span in spans)


def _columns(row: Element) -> list[Element]:
    table = row.getparent()
    return [] if table is None else table.findall(f"{W}tblGrid/{W}gridCol")


def _in_order(tag: str, element: Element) -> Iterator[str]:
    if tag not in ORDER or element.tag != f"{W}{tag}":
        return
    order = ORDER[tag].split()
    names = [_name(child) for child in element]
    odd = set(names) - set(order)
    if odd:
        yield f"{sorted(odd)} in {tag}"
        return
    places = [order.index(name) for name in names]
    if places != sorted(places):
        yield f"{names} in {tag}"
    repeated = {"tblStylePr", "tr", "tc", "p", "tbl", "headerReference", "footerReference"}
    twice = [name for name, times in Counter(names).items() if times > 1 and name not in repeated]
    if twice:
        yield f"{twice} more than once in {tag}"


def _ids(package: Package) -> Iterator[str]:
    """Numbers of changes, bookmarks and comments; names of bookmarks and moves."""
    root = package.document
    ends = {"bookmarkEnd", "commentRangeStart", "commentRangeEnd", "commentReference"}
    ends |= {"moveFromRangeEnd", "moveToRangeEnd"}
    numbers = Counter(
        element.get(f"{W}id")
        for _, part in _roots(package)
        for element in part.iter(etree.Element)
        if element.get(f"{W}id") and _name(element) not in ends
    )
    yield from (f"the number {key} twice" for key, times in numbers.items() if times > 1)
    names = Counter(e.get(f"{W}name", "").lower() for e in root.iter(f"{W}bookmarkStart"))
    yield from (f"the bookmark {name} twice" for name, times in names.items() if times > 1)
    yield from (f"the bookmark {name} is too long" for name in names if len(name) > LONGEST_NAME)
    for start in ("bookmark", "moveFromRange", "moveToRange"):
        begun = [e.get(f"{W}id") for e in root.iter(f"{W}{start}Start")]
        ended = [e.get(f"{W}id") for e in root.iter(f"{W}{start}End")]
        if sorted(begun, key=str) != sorted(ended, key=str):
            yield f"{start}s that do not end"
    moves = [
        Counter(e.get(f"{W}name") for e in root.iter(f"{W}move{way}RangeStart"))
        for way in ("From", "To")
    ]
    if moves[0] != moves[1] or set(moves[0].values()) - {1}:
        yield "a move without its other end, or with two"
    said = (
        {c.get(f"{W}id") for c in package.xml("word/comments.xml")}
        if ("word/comments.xml" in package.parts)
        else set()
    )
    for tag in ("commentRangeStart", "commentRangeEnd", "commentReference"):
        if {e.get(f"{W}id") for e in root.iter(f"{W}{tag}")} != said:
            yield f"comments without {tag}"


def _links(package: Package) -> Iterator[str]:
    """Where links and styles lead that are in the same file."""
    styles = {e.get(f"{W}styleId") for e in package.xml("word/styles.xml").iter(f"{W}style")}
    for name, root in _roots(package):
        for element in root.iter(f"{W}pStyle", f"{W}rStyle", f"{W}tblStyle", f"{W}basedOn"):
            if element.get(f"{W}val") not in styles:
                yield f"{name}: no style {element.get(f'{W}val')}"
        for element in root.iter(etree.Element):
            target = element.get(f"{R}id")
            if target is not None and target not in package.targets:
                yield f"{name}: nothing for {target}"


def _package(package: Package) -> Iterator[str]:
    types = package.xml("[Content_Types].xml")
    known = {e.get("PartName", "").lstrip("/") for e in types}
    endings = {e.get("Extension") for e in types}
    for name in package.parts:
        if name not in known and name.rpartition(".")[2] not in endings:
            yield f"nothing says what {name} is"
    yield from (f"{name} is not there" for name in known - {""} - set(package.parts))


def _name(element: Element) -> str:
    return etree.QName(element).localname


def _name_of_parent(element: Element) -> str:
    parent = element.getparent()
    return "" if parent is None else _name(parent)
