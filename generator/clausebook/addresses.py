"""Addresses of websites, e-mail and telephones: which of them a page may link to.

A reader must be able to see where a link leads.  So an address names a website by a name that
cannot pass for another: no user before it (`https://good.example@evil.example`), no letters
that only look like others, no number in place of a name.  And words that are themselves an
address lead there and nowhere else.

After Unicode Technical Standard 39 (https://www.unicode.org/reports/tr39/), which calls a name
of one script safe only if that script cannot imitate another: of all scripts, only Latin is
taken, in the letters that European languages write.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from urllib.parse import unquote, urlsplit

_NAME = re.compile(
    r"(?=.{4,253}$)(?:[a-z0-9\u00df-\u00f6\u00f8-\u017f\u1e80-\u1eff]"
    r"(?:[a-z0-9\u00df-\u00f6\u00f8-\u017f\u1e80-\u1eff-]{0,61}"
    r"[a-z0-9\u00df-\u00f6\u00f8-\u017f\u1e80-\u1eff])?\.)+(?=[^.]*[^0-9.])[^.]{2,63}"
)
_LETTERS = re.compile(r"[a-z0-9.\u00df-\u00f6\u00f8-\u017f\u1e80-\u1eff-]*")
_IMITATIONS = frozenset("\u0131\u0138\u0140\u0149\u017f")
"""Latin letters that pass for others: a dotless i, a small k, an l with a dot, an n, a long s."""

_WEB = re.compile(r"(?i:https?)://(?P<site>[^\s/?#<>\"'\\{}]+)(?P<rest>[/?#][^\s<>\"'\\{}]*)?")
_PORT = re.compile(r":[0-9]{1,5}\Z")
_NUMBERS = re.compile(r"(?:(?:0|[1-9][0-9]{0,2})(?:\.(?!$)|$)){4}")
"""A computer's number as people write it, which hides nothing."""
_LOCAL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._%+-]{0,62}[A-Za-z0-9_%+-])?")

WEB_MESSAGE = "a web address begins with https:// and has no spaces or quotes in it"
EMAIL_MESSAGE = "an e-mail address looks like name@example.org"


def fault_in_web(address: str) -> str:
    """Why a page may not link to a website's address; "" if it may."""
    found = _WEB.fullmatch(address)
    return fault_in_site(found["site"]) if found else WEB_MESSAGE


def fault_in_site(site: str) -> str:
    """The same of what stands between `https://` and the next `/`."""
    if "@" in site:
        leads_to = site.rpartition("@")[2]
        return f"what stands before '@' in it is no website: it leads to '{leads_to}'"
    name = _PORT.sub("", site)
    return "" if _NUMBERS.fullmatch(name) else _fault_in_name(name)


def fault_in_email(address: str) -> str:
    """Why a page may not show an e-mail address; "" if it may."""
    local, at, name = address.partition("@")
    if not at or "@" in name:
        return EMAIL_MESSAGE
    if not _LOCAL.fullmatch(local):
        odd = next((sign for sign in local if not sign.isascii()), "")
        return _imitation(odd) if odd else EMAIL_MESSAGE
    return EMAIL_MESSAGE if "." not in name else _fault_in_name(name)


_CAN_BE_FILLED_IN = frozenset({"subject", "body"})


def fault_in_mailto(address: str) -> str:
    """Why a page may not link to `mailto:` and `address`; "" if it may."""
    whom, _, more = address.partition("?")
    for part in more.split("&") if more else ():
        key = unquote(part.partition("=")[0]).lower()
        if key not in _CAN_BE_FILLED_IN:
            return f"'{key[:20]}' would send the message elsewhere as well"
    return fault_in_email(unquote(whom))


def fault_in_phone(number: str) -> str:
    """Why a page may not link to `tel:` and `number`; "" if it may."""
    if re.fullmatch(r"\+?[0-9][0-9().-]*(?:;ext=[0-9]+)?", unquote(number).replace(" ", "")):
        return ""
    return "a telephone number has digits only: tel:+441632960123"


@lru_cache(maxsize=1024)
def _fault_in_name(name: str) -> str:
    """Why a website's name could pass for another; "" if it cannot."""
    shown = name.lower().removesuffix(".")
    labels = shown.split(".")
    try:
        shown = ".".join(
            label.removeprefix("xn--").encode().decode("punycode")
            if label.startswith("xn--")
            else label
            for label in labels
        )
    except UnicodeError:
        return f"'{name[:60]}' is not the name of a website"
    odd = next((sign for sign in shown if not _LETTERS.fullmatch(sign)), "")
    odd = odd or next((sign for sign in shown if sign in _IMITATIONS), "")
    if odd:
        return f"'{odd}' cannot stand in it" if odd.isascii() else _imitation(odd)
    return "" if _NAME.fullmatch(shown) else f"'{name[:60]}' is not the name of a website"


def _imitation(sign: str) -> str:
    return f"it has a character that can pass for another in it: {described(sign)}"


def described(sign: str) -> str:
    """A character that may look like another, in words: `U+0430, cyrillic small letter a`."""
    name = unicodedata.name(sign, "a character without a name").lower()
    return f"U+{ord(sign):04X}, {name}"


# -- words that are an address themselves -----------------------------------------------

_SHOWN_WEB = re.compile(
    r"(?i:https?://|www\.)(?P<site>[^\s/?#<>\"']+)"
    r"|(?<![\w@./-])(?P<bare>(?:[\w-]+\.)+(?:uk|com|org|net|edu|gov|eu|int|info|io|wales|scot))"
    r"(?![\w.@-]*\w)"
)
"""A website's address as people write it; without its beginning only with a usual ending."""

_SHOWN_EMAIL = re.compile(r"[^\s@<>()\[\],;:]+@[^\s@<>()\[\],;:.]+(?:\.[^\s@<>()\[\],;:.]+)+")


def misleading(words: str, address: str) -> str:
    """The address that a link's words show while it leads to another; "" if they do not.

    A shorter name of the same website is fine: `gov.uk` for `https://www.gov.uk/guidance`.
    """
    if email := _SHOWN_EMAIL.search(words):
        leads_to = unquote(address).lower().partition("?")[0]
        return "" if leads_to == f"mailto:{email[0].lower()}" else email[0]
    web = _SHOWN_WEB.search(words)
    if web is None:
        return ""
    shown = _site(web["site"] or web["bare"])
    try:
        leads_to = _site(urlsplit(address).netloc or address.rpartition("@")[2].partition("?")[0])
    except ValueError:
        return web[0]
    return "" if leads_to == shown or leads_to.endswith(f".{shown}") else web[0]


def _site(name: str) -> str:
    return name.lower().rstrip(".,;:!?)’”").removeprefix("www.").partition(":")[0]
