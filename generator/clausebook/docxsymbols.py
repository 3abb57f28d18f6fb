"""Signs from symbol fonts, as Word files hold them: a place in a font, not a character.

The fonts Symbol and Wingdings have their own order of signs; files name them by numbers from
U+F020, which mean nothing without the font.  Below is what policies have of them.
"""

from __future__ import annotations

_SYMBOL = {
    **dict(zip("abgdezhqiklmnxoprstufcyw", "αβγδεζηθικλμνξοπρστυφχψω", strict=True)),
    **dict(zip("ABGDEZHQIKLMNXOPRSTUFCYW", "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ", strict=True)),
    **dict(zip(" 0123456789%()+,./:;<=>[]{|}", " 0123456789%()+,./:;<=>[]{|}", strict=True)),
    "\xa3": "≤",
    "\xa5": "∞",
    "\xa7": "♣",
    "\xa8": "♦",
    "\xa9": "♥",
    "\xaa": "♠",
    "\xab": "↔",
    "\xac": "←",
    "\xad": "↑",
    "\xae": "→",
    "\xaf": "↓",
    "\xb0": "°",
    "\xb1": "±",
    "\xb3": "≥",
    "\xb4": "×",
    "\xb7": "•",
    "\xb8": "÷",
    "\xb9": "≠",
    "\xbb": "≈",
    "\xd2": "®",
    "\xd3": "©",
    "\xd4": "™",
    "\xd6": "√",
    "\xde": "⇒",
    "\xe2": "®",
    "\xe3": "©",
    "\xe4": "™",
}
_WINGDINGS = {
    "!": "✏",
    "(": "☎",
    "*": "✉",
    "A": "✌",
    "C": "👍",
    "E": "☜",
    "F": "☞",
    "G": "☝",
    "H": "☟",
    "J": "☺",
    "L": "☹",
    "l": "●",
    "m": "❍",
    "n": "■",
    "o": "□",
    "p": "❐",
    "q": "❑",
    "r": "❒",
    "s": "⬧",
    "t": "⧫",
    "u": "◆",
    "v": "❖",
    "w": "⬥",
    "\x9f": "•",
    "\xa1": "○",
    "\xa7": "▪",
    "\xa8": "◻",
    "\xaa": "✦",
    "\xab": "★",
    "\xd8": "➢",
    "\xdc": "➲",
    "\xdf": "←",
    "\xe0": "→",
    "\xe1": "↑",
    "\xe2": "↓",
    "\xe8": "➔",
    "\xef": "⇦",
    "\xf0": "⇨",
    "\xfb": "✗",
    "\xfc": "✓",
    "\xfd": "☒",
    "\xfe": "☑",
}
_FONTS = {"symbol": _SYMBOL, "wingdings": _WINGDINGS}
_FIRST, _LAST = 0xF000, 0xF0FF


def readable(text: str, font: str) -> str:
    """A text with the signs of a symbol font as characters; those not known are taken out later.

    Other text of a symbol font is left as it is: only `w:sym` and numbers from U+F020 are places.
    """
    if text.isascii() or not any(_FIRST <= ord(sign) <= _LAST for sign in text):
        return text
    # without a font, the bullet of Symbol is meant nearly always
    signs = _FONTS.get(font.lower(), _SYMBOL)
    return "".join(
        signs.get(chr(ord(sign) - _FIRST), sign) if _FIRST <= ord(sign) <= _LAST else sign
        for sign in text
    )


def symbol(font: str, code: str) -> str:
    """The character of a `w:sym` (17.3.3.30); one of the font's own, if it is not known."""
    try:
        number = int(code, 16)
    except ValueError:
        return ""
    if not 0x20 <= number <= 0xFFFF:  # noqa: PLR2004 - what the attribute can say
        return ""
    known = font.lower() in _FONTS
    if known and number < 0x100:  # noqa: PLR2004 - a place, written without U+F000
        number += _FIRST
    return readable(chr(number), font)


def bullet(text: str) -> str:
    """The bullet of a list as a character; a letter that is used as one is drawn as a ring."""
    sign = text.strip()[:3]
    if not sign:
        return ""
    if all(_FIRST <= ord(letter) <= _LAST for letter in sign):
        drawn = "".join(_WINGDINGS.get(chr(ord(s) - _FIRST), "•") for s in sign)
        return "•" if "\uf0b7" in sign else drawn
    return "◦" if sign in {"o", "O"} else sign
