"""Inputs made up by chance from those that are kept: quick, and the same for the same seed."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from pathlib import Path
from random import Random

_WORD = re.compile(r'^"(.*)"$', re.MULTILINE)

ODD = [
    "\0", "\x1b[31m", "\x85", "\xa0", "\xad", "\u034f", "\u200b", "\u200d", "\u202e", "\u2028",
    "\u2066", "\u3000", "\ufeff", "\ufffd", "\U000e0041", "\U0001f600", "é", "e\u0301", "ﬁ", "İ",
    "\t", "\r", "\r\n", "\n\n", "\n---\n", "    ", "\\", "''", '"',
]  # fmt: skip
"""Signs that trip readers up."""

BYTES = [b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xc0\xaf", b"\xef\xbb\xbf"]
"""Bytes that are no UTF-8, or at the wrong place."""

MOST = 6_000
"""Longest input, in bytes: what grows faster than its input shows by then."""


def words_of(path: Path) -> list[bytes]:
    """The words in a dictionary file of libFuzzer's."""
    texts = _WORD.findall(path.read_text("utf-8"))
    return [ast.literal_eval(f'b"{text}"') for text in texts]


class Mutator:
    """Makes up inputs for one reader."""

    def __init__(self, kept: Sequence[bytes], words: Sequence[bytes], most: int = MOST) -> None:
        """`kept` are inputs to begin with, `words` what means something to the reader."""
        self.kept = kept
        self.most = most
        self.words = [*words, *(sign.encode() for sign in ODD), *BYTES]

    def make(self, rng: Random) -> bytes:
        """One input."""
        data = rng.choice(self.kept)
        for _ in range(rng.choice((1, 1, 1, 2, 2, 3, 5, 8))):
            data = self._change(data, rng)
        return data[: self.most]

    def _change(self, data: bytes, rng: Random) -> bytes:
        at = rng.randint(0, len(data))
        until = min(len(data), at + rng.choice((1, 1, 2, 4, 8, 30, 90)))
        before, middle, after = data[:at], data[at:until], data[until:]
        match rng.randrange(12):
            case 0:
                return before + after
            case 1:
                return before + middle * 2 + after
            case 2 | 3:
                return before + rng.choice(self.words) + data[at:]
            case 4:
                return before + rng.choice(self.words) + after
            case 5:
                return before + rng.choice(self.words) * rng.choice((2, 3, 9, 40, 200)) + data[at:]
            case 6:
                other = rng.choice(self.kept)
                begin = rng.randint(0, len(other))
                return before + other[begin : begin + rng.choice((10, 60, 200))] + data[at:]
            case 7:
                flipped = bytes([middle[0] ^ (1 << rng.randrange(8))]) if middle else b"\n"
                return before + flipped + data[at + 1 :]
            case _:
                return self._change_lines(data, rng)

    def _change_lines(self, data: bytes, rng: Random) -> bytes:
        lines = data.split(b"\n")
        at, other = rng.randrange(len(lines)), rng.randrange(len(lines))
        match rng.randrange(6):
            case 0:
                del lines[at]
            case 1:
                lines[at], lines[other] = lines[other], lines[at]
            case 2:
                lines.insert(at, lines[other])
            case 3:
                lines[at] = rng.choice((b" ", b"  ", b"    ", b"\t", b"> ", b"- ")) + lines[at]
            case 4:
                lines[at] = lines[at].lstrip(b" ->")
            case _:
                begin = lines[at].partition(b":")[0]
                lines[at] = begin + b": " + rng.choice(self.words)
        return b"\n".join(lines)
