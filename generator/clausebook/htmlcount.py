"""How many words a web page holds, counted by a walk of its own.

Nothing here knows paragraphs, lists or tables.  What the reader carries and what it leaves out
must come to the same number.
"""

from __future__ import annotations

from lxml import etree

from clausebook.found import count_words
from clausebook.htmlelements import BLOCKS, classes_of, gap, is_unread, what_is_told

_APART = frozenset({"cb-tag", "cb-label"})


def count(root: etree._Element) -> int:
    """How many words are in a page: text runs on until a block begins."""
    words, apart = 0, 0
    running: list[str] = []
    aside: list[str] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        is_sign = element.tag not in BLOCKS and bool(_APART & set(classes_of(element)))
        is_apart = is_sign or bool(what_is_told(element))
        (aside if apart else running).append(gap(element))
        if event == "start":
            apart += is_apart
            if not is_unread(element):
                (aside if apart else running).append(element.text or "")
            continue
        if is_apart:
            apart -= 1
            if not apart:
                text = "".join(aside)
                words += count_words(text)
                aside = []
                if text and "cb-label" in classes_of(element) and not what_is_told(element):
                    running.append(" ")
        if element is not root:
            (aside if apart else running).append(element.tail or "")
    return words + count_words("".join(running))
