"""A picture that somebody uploads: which kind it really is, how large, and a copy without what is no picture in it.

Text, places, dates and whatever was hung on behind are left out, so that a file is never two things at once.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import field
from typing import Final

from shared.domain.errors import InvalidRequest
from shared.domain.record import dataclass

MOST_BYTES: Final = 50_000
MOST_PIXELS: Final = 1024  # of a side
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_PNG_PARTS: Final = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"sRGB", b"cHRM"})
_JPEG: Final = b"\xff\xd8"
_JPEG_END: Final = b"\xff\xd9"
_FRAMES: Final = frozenset((0xC0, 0xC1, 0xC2))  # baseline, extended and progressive: what browsers draw
_TABLES: Final = frozenset((0xC4, 0xDB, 0xDD))
_SCAN: Final = 0xDA
_ADOBE: Final = 0xEE  # which colours four channels are
_KINDS: Final = {"png": "image/png", "jpg": "image/jpeg"}


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that was looked into: what it is, and its bytes."""

    kind: str  # png or jpg
    content: bytes = field(repr=False)

    @property
    def media_type(self) -> str:
        return media_type_of(self.kind)


def media_type_of(kind: str) -> str:
    return _KINDS[kind]


def picture_of(content: bytes, name: str) -> Picture:
    """The picture in ``content``. Raises InvalidRequest about the field ``name`` for anything else."""
    if len(content) > MOST_BYTES:
        said = f"{name}: has {len(content)} bytes, and a logo at most {MOST_BYTES}"
        raise InvalidRequest(said, code="file_size", param=name)
    try:
        if content.startswith(_PNG):
            return Picture("png", _PNG + b"".join(_png_parts(content)))
        if content.startswith(_JPEG):
            return Picture("jpg", _JPEG + b"".join(_jpeg_parts(content)) + _JPEG_END)
    except (IndexError, ValueError):
        said = f"{name}: is a broken picture, or larger than {MOST_PIXELS} by {MOST_PIXELS} pixels"
        raise InvalidRequest(said, code="file_type", param=name) from None
    raise InvalidRequest(f"{name}: must be a PNG or a JPEG", code="file_type", param=name)


def _png_parts(content: bytes) -> Iterator[bytes]:
    """The chunks that make up the picture. Raises ValueError where one is not whole."""
    at, kind = len(_PNG), b""
    while kind != b"IEND":
        length = int.from_bytes(content[at : at + 4], "big")
        kind, part = content[at + 4 : at + 8], content[at : at + length + 12]
        if len(part) != length + 12 or zlib.crc32(part[4:-4]) != int.from_bytes(part[-4:], "big"):
            raise ValueError("a chunk is not whole")
        if (kind == b"IHDR") != (at == len(_PNG)):
            raise ValueError("a picture has one header, at its beginning")
        if kind == b"IHDR":
            _check_size(int.from_bytes(part[8:12], "big"), int.from_bytes(part[12:16], "big"))
        if kind in _PNG_PARTS:
            yield part
        at += len(part)


def _jpeg_parts(content: bytes) -> Iterator[bytes]:
    """The segments that make up the picture, up to its end mark. Raises ValueError where one is not whole."""
    at, sized = len(_JPEG), False
    while True:
        if content[at] != 0xFF:
            raise ValueError("a segment begins with its mark")
        mark = content[at + 1]
        if mark == 0xD9:
            break
        part = content[at : at + 2 + int.from_bytes(content[at + 2 : at + 4], "big")]
        if len(part) < 4:
            raise ValueError("a segment is not whole")
        if mark in _FRAMES:
            _check_size(int.from_bytes(part[7:9], "big"), int.from_bytes(part[5:7], "big"))
            sized = True
        if mark in _FRAMES or mark in _TABLES or mark in (_SCAN, _ADOBE):
            yield part
        at += len(part)
        if mark == _SCAN:
            end = _end_of_scan(content, at)
            yield content[at:end]
            at = end
    if not sized:
        raise ValueError("a picture has a size")


def _end_of_scan(content: bytes, at: int) -> int:
    """Where the drawn part ends: at the next mark that is no restart and no escaped byte."""
    while True:
        at = content.index(0xFF, at)
        if content[at + 1] != 0 and not 0xD0 <= content[at + 1] <= 0xD7:
            return at
        at += 2


def _check_size(width: int, height: int) -> None:
    if not (1 <= width <= MOST_PIXELS and 1 <= height <= MOST_PIXELS):
        raise ValueError("too large")
