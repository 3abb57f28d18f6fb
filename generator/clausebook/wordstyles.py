"""The named styles of our Word documents, which a school can make its own by editing them.

ECMA-376, part 1, section 17.7.  Built-in styles have the names that Word knows (`heading 1`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

LEVELS = (1, 2, 3)
"""Of list items that are clauses."""

INDENTS = {0: 1134, 1: 1814, 2: 2608, 3: 3459}
"""How far from the left the words of a clause of each level stand, in twentieths of a point."""

_HANGS = {0: 1134, 1: 1247, 2: 1474, 3: 1701}
"""How far before its words its number stands."""

_BESIDE = 340
"""The same for the sign of an item that is no clause."""

INK, QUIET, RULE = "1F2933", "52606D", "9AA5B1"


@dataclass(frozen=True, kw_only=True)
class Style:
    """A style."""

    name: str
    kind: str = "paragraph"
    based: str = ""
    after: str = ""
    """The name of the style of the next paragraph that somebody types."""
    paragraph: str = ""
    """What is in its `w:pPr`, in the order of the standard."""
    run: str = ""
    """The same for its `w:rPr`."""
    more: str = ""
    """What else it has, for tables."""
    hidden: bool = False
    """Whether it is of no interest to who chooses a style."""

    @property
    def id(self) -> str:
        """By which a document names it: Word's own way, the name without its blanks."""
        return "".join(word[:1].upper() + word[1:] for word in self.name.split())

    def xml(self, ids: Mapping[str, str]) -> str:
        """As it stands in a styles part in which styles have these IDs."""
        custom = "" if self.name in _BUILT_IN else ' w:customStyle="1"'
        based = f'<w:basedOn w:val="{ids[self.based]}"/>' if self.based else ""
        after = f'<w:next w:val="{ids[self.after]}"/>' if self.after else ""
        shown = "<w:semiHidden/><w:unhideWhenUsed/>" if self.hidden else "<w:qFormat/>"
        paragraph = f"<w:pPr>{self.paragraph}</w:pPr>" if self.paragraph else ""
        run = f"<w:rPr>{self.run}</w:rPr>" if self.run else ""
        default = ' w:default="1"' if self.name in _DEFAULTS else ""
        return (
            f'<w:style w:type="{self.kind}"{default}{custom} w:styleId="{ids[self.name]}">'
            f'<w:name w:val={quoteattr(self.name)}/>{based}{after}<w:uiPriority w:val="1"/>'
            f"{shown}{paragraph}{run}{self.more}</w:style>"
        )


_DEFAULTS = frozenset({"Normal", "Default Paragraph Font", "Normal Table"})

_BUILT_IN = _DEFAULTS | {
    *("Title", "Subtitle", "heading 1", "heading 2", "heading 3", "toc 1", "toc 2", "toc 3"),
    *("Quote", "header", "footer", "Hyperlink", "annotation text", "annotation reference"),
}


def _space(before: int = 0, after: int = 0, line: int = 0) -> str:
    lines = f' w:line="{line}" w:lineRule="auto"' if line else ""
    return f'<w:spacing w:before="{before}" w:after="{after}"{lines}/>'


def _hung(left: int, hanging: int, space: str = "") -> str:
    """An indent; where the words of the first line begin there is a tab stop by itself."""
    return f'{space}<w:ind w:left="{left}" w:hanging="{hanging}"/>'


def _size(half_points: int) -> str:
    return f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'


_BOLD = "<w:b/><w:bCs/>"


def _colour(value: str) -> str:
    return f'<w:color w:val="{value}"/>'


def _border(side: str, size: int, colour: str, space: int = 0) -> str:
    return f'<w:{side} w:val="single" w:sz="{size}" w:space="{space}" w:color="{colour}"/>'


def _heading(level: int, size: int, before: int) -> Style:
    indent = _hung(1134, 1134, _space(before, 120))
    return Style(
        name=f"heading {level}",
        based="Normal",
        after="Clause",
        paragraph=f'<w:keepNext/><w:keepLines/>{indent}<w:outlineLvl w:val="{level - 1}"/>',
        run=_BOLD + _size(size),
    )


def _contents(level: int) -> Style:
    left, hanging = (567, 567) if level == 1 else (567 * level + 283, 850)
    return Style(name=f"toc {level}", based="Normal", paragraph=_hung(left, hanging, _space(0, 40)))


def _levels(name: str) -> Iterator[Style]:
    """A clause's style, deeper and deeper."""
    for level in LEVELS:
        place = _hung(INDENTS[level], _HANGS[level])
        yield Style(name=f"{name} level {level}", based=name, paragraph=place)


def _beside(
    name: str, based: str, right: int, hanging: int = 0, *, bar: bool = False
) -> Iterator[Style]:
    """The style of what belongs to a clause beside its first paragraph, at every level."""
    first = (_BAR if bar else "") + _hung(INDENTS[0] + right, hanging)
    yield Style(name=name, based=based, paragraph=first)
    for level in LEVELS:
        place = _hung(INDENTS[level] + right, hanging)
        yield Style(name=f"{name} level {level}", based=name, paragraph=place)


_BAR = "<w:pBdr>" + _border("left", 12, RULE, 8) + "</w:pBdr>"

_TABLE = (
    "<w:tblPr><w:tblBorders>"
    + "".join(_border(side, 4, RULE) for side in ("top", "left", "bottom", "right"))
    + _border("insideH", 4, RULE)
    + _border("insideV", 4, RULE)
    + '</w:tblBorders><w:tblCellMar><w:top w:w="40" w:type="dxa"/><w:left w:w="100" w:type="dxa"/>'
    '<w:bottom w:w="40" w:type="dxa"/><w:right w:w="100" w:type="dxa"/></w:tblCellMar></w:tblPr>'
)
_HEAD = "".join(
    f'<w:tblStylePr w:type="{where}"><w:tcPr><w:shd w:val="clear" w:color="auto" w:fill="EEF1F4"/>'
    "</w:tcPr></w:tblStylePr>"
    for where in ("firstRow", "firstCol")
)

_PLAIN_TABLE = (
    '<w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:top w:w="0" w:type="dxa"/>'
    '<w:left w:w="108" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>'
    '<w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr>'
)

_GROUND = (
    Style(name="Normal", paragraph=_space(0, 120, 276)),
    Style(name="Default Paragraph Font", kind="character", hidden=True),
    Style(name="Normal Table", kind="table", more=_PLAIN_TABLE, hidden=True),
)

_FRONT = (
    Style(
        name="Title",
        based="Normal",
        after="Subtitle",
        paragraph="<w:keepNext/>" + _space(0, 60),
        run=_BOLD + _size(44),
    ),
    Style(
        name="Subtitle",
        based="Normal",
        after="Status",
        paragraph=_space(0, 60),
        run=_colour(QUIET) + _size(28),
    ),
    Style(name="Status", based="Normal", paragraph=_space(0, 200), run=_BOLD),
    Style(name="Summary", based="Normal", paragraph=_space(0, 240), run=_size(24)),
    Style(
        name="Contents heading",
        based="Normal",
        paragraph="<w:keepNext/>" + _space(240, 120),
        run=_BOLD + _size(28),
    ),
    *map(_contents, LEVELS),
)

_CLAUSES = (
    _heading(1, 30, 400),
    _heading(2, 26, 320),
    _heading(3, 23, 240),
    Style(name="Clause", based="Normal", paragraph=_hung(INDENTS[0], _HANGS[0])),
    *_levels("Clause"),
    Style(name="Definition", based="Clause"),
    *_levels("Definition"),
    Style(name="Guidance", based="Clause", run=_colour(QUIET)),
    *_levels("Guidance"),
    Style(name="Example", based="Clause", run=_colour(QUIET)),
    *_levels("Example"),
    *_beside("Clause text", "Normal", 0),
    *_beside("Clause list", "Clause text", _BESIDE, _BESIDE),
    *_beside("Quote", "Clause text", _BESIDE, bar=True),
    *_beside("Quote list", "Quote", 2 * _BESIDE, _BESIDE),
)

_TABLES = (
    Style(name="Table text", based="Normal", paragraph=_space(0, 0, 252), run=_size(20)),
    Style(name="Table heading", based="Table text", run=_BOLD),
    Style(
        name="After table",
        based="Normal",
        paragraph='<w:spacing w:before="0" w:after="120" w:line="120" w:lineRule="exact"/>',
        run=_size(8),
    ),
    Style(name="Policy table", kind="table", based="Normal Table", more=_TABLE + _HEAD),
)

_SMALL = _colour(QUIET) + _size(18)

_EDGES = (
    Style(name="Imprint", based="Normal", paragraph=_space(360, 0), run=_SMALL),
    Style(name="header", based="Normal", run=_SMALL),
    Style(name="footer", based="Normal", run=_SMALL),
    Style(name="annotation text", based="Normal", run=_size(20), hidden=True),
)


def _sign(name: str, run: str = "", *, hidden: bool = False) -> Style:
    return Style(
        name=name, kind="character", based="Default Paragraph Font", run=run, hidden=hidden
    )


_TYPEWRITER = '<w:rFonts w:ascii="Courier New" w:hAnsi="Courier New" w:cs="Courier New"/>'

_SIGNS = (
    _sign("Clause number"),
    _sign("Clause tag", _SMALL),
    _sign("Contents link"),
    _sign("Code", _TYPEWRITER),
    _sign("Hyperlink", _colour("1F4E9E") + '<w:u w:val="single"/>'),
    _sign("annotation reference", _size(16), hidden=True),
)

STYLES: tuple[Style, ...] = (*_GROUND, *_FRONT, *_CLAUSES, *_TABLES, *_EDGES, *_SIGNS)
"""Every style that a document of ours uses."""

NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def styles_part() -> str:
    """A whole styles part: British English, a sans-serif face that every system has or replaces."""
    fonts = '<w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:eastAsia="Arial" w:cs="Arial"/>'
    language = '<w:lang w:val="en-GB" w:eastAsia="en-GB" w:bidi="ar-SA"/>'
    defaults = (
        f"<w:docDefaults><w:rPrDefault><w:rPr>{fonts}{_colour(INK)}{_size(21)}{language}</w:rPr>"
        "</w:rPrDefault><w:pPrDefault/></w:docDefaults>"
    )
    ids = {style.name: style.id for style in STYLES}
    styles = "".join(style.xml(ids) for style in STYLES)
    return f'<w:styles xmlns:w="{NAMESPACE}">{defaults}{styles}</w:styles>'
