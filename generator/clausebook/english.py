"""The little English that terms need: plurals, possessives, capitals, a and an."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache


@lru_cache(maxsize=1 << 12)
def plural(word: str) -> str:
    """The regular English plural: `academy` gives `academies`."""
    if re.search(r"[^aeiou]y$", word):
        return word[:-1] + "ies"
    if re.search(r"(?:s|x|z|ch|sh)$", word):
        return word + "es"
    return word + "s"


def possessive(word: str) -> str:
    """`pupils` gives `pupils’`, `children` gives `children’s`."""
    return word + ("’" if word.endswith("s") else "’s")


def capital(word: str) -> str:
    """With a capital first letter."""
    return word[:1].upper() + word[1:]


def with_article(word: str) -> str:
    """`a headteacher`, `an executive headteacher`, `a university`, `an hour`."""
    sounds_like_consonant = re.match(r"(?:uni(?![mn])|use|eu|one\b|once\b)", word, re.IGNORECASE)
    silent_h = re.match(r"(?:hour|honest|honou?r|heir)", word, re.IGNORECASE)
    vowel = re.match(r"[aeiou]", word, re.IGNORECASE)
    return ("an " if silent_h or (vowel and not sounds_like_consonant) else "a ") + word


def enumerate_words(words: list[str]) -> str:
    """`Facebook, X and Tapestry`; with a further comma where a part has an "and" of its own."""
    if len(words) < 2:  # noqa: PLR2004 - one word needs no joining
        return "".join(words)
    comma = "," if any(" and " in word for word in words) and len(words) > 2 else ""  # noqa: PLR2004
    return ", ".join(words[:-1]) + f"{comma} and " + words[-1]


def typographic(text: str) -> str:
    """With the quotation marks and apostrophes that print has, for those that keyboards have."""
    if "'" in text:
        text = _OPENING.sub("‘", _CLOSING.sub("’", text))
    if '"' in text:
        text = _OPENING_DOUBLE.sub("“", _CLOSING_DOUBLE.sub("”", text))
    return text


_CLOSING = re.compile(r"(?<=[\w.,;:!?)])'")
_OPENING = re.compile(r"'(?=\w)")
_CLOSING_DOUBLE = re.compile(r'(?<=[\w.,;:!?)’])"')
_OPENING_DOUBLE = re.compile(r'"(?=[\w(‘])')


def count(number: int, noun: str) -> str:
    """`1 clause`, `12 clauses`."""
    return f"{number} {noun if number == 1 else plural(noun)}"


def bare(words: str) -> str:
    """Words as the search sees them: no capitals, no accents, no signs between them."""
    apart = unicodedata.normalize("NFKD", re.sub("['’]", "", words)).casefold()
    letters = "".join(sign for sign in apart if not unicodedata.combining(sign))
    return " ".join(re.findall(r"[^\W_]+", letters))


def shortened(text: str, most: int) -> str:
    """A text, or as many of its first words as `most` characters hold."""
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0] + " …"
