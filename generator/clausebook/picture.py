"""Pictures: of which kind they are and how large, read from their first bytes.

PNG, JPEG and WebP hold pixels and nothing else.  SVG is left out on purpose: it is a
document that can run scripts and fetch other files, and a school's file is not trusted with that.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass


@dataclass(frozen=True)
class Picture:
    """A picture that browsers show."""

    ending: str
    """`png`, `jpg` or `webp`."""
    width: int
    height: int
    data: bytes

    def __repr__(self) -> str:
        """Without the bytes, which nobody reads."""
        return f"Picture({self.ending}, {self.width} by {self.height})"


def read_picture(data: bytes) -> Picture | None:
    """The picture that `data` begins; None if it is no PNG, JPEG or WebP with a size."""
    for ending, measure in (("png", _png), ("jpg", _jpeg), ("webp", _webp)):
        try:
            size = measure(data)
        except (struct.error, IndexError):  # it ends too early
            continue
        if size and all(size):
            return Picture(ending, *size, data)
    return None


_MARK = 0xFF
"""Begins each segment of a JPEG."""

_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""The segments that say how large a JPEG is."""


def _png(data: bytes) -> tuple[int, int] | None:
    if not data.startswith(b"\x89PNG\r\n\x1a\n") or data[12:16] != b"IHDR":
        return None
    width, height = struct.unpack_from(">II", data, 16)
    return width, height


def _jpeg(data: bytes) -> tuple[int, int] | None:
    """Walk the segments to the one that begins a frame."""
    if not data.startswith(b"\xff\xd8\xff"):
        return None
    at = 2
    while data[at] == _MARK:
        kind = data[at + 1]
        if kind in _FRAMES:
            height, width = struct.unpack_from(">HH", data, at + 5)
            return width, height
        (length,) = struct.unpack_from(">H", data, at + 2)
        at += 2 + max(2, length)
    return None


def _webp(data: bytes) -> tuple[int, int] | None:
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP":
        return None
    match data[12:16]:
        case b"VP8X":
            low_width, width, low_height, height = struct.unpack_from("<HBHB", data, 24)
            return (width << 16) + low_width + 1, (height << 16) + low_height + 1
        case b"VP8L" if data[20:21] == b"\x2f":
            (bits,) = struct.unpack_from("<I", data, 21)
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8 " if data[23:26] == b"\x9d\x01\x2a":
            width, height = struct.unpack_from("<HH", data, 26)
            return width & 0x3FFF, height & 0x3FFF
    return None
