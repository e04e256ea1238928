"""A merchant's looks: a colour that can be read on, and a logo that is a picture and nothing else."""

from __future__ import annotations

import struct
import zlib
from decimal import Decimal
from io import BytesIO

import png
import pytest

from shared.domain.brand import checked_accent, contrast_with_white
from shared.domain.errors import InvalidRequest
from shared.domain.picture import MOST_BYTES, picture_of


def a_png(width: int = 2, height: int = 2) -> bytes:
    made = BytesIO()
    png.Writer(width, height, greyscale=True).write(made, [[0] * width for _ in range(height)])
    return made.getvalue()


def a_chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def a_segment(mark: int, content: bytes) -> bytes:
    return bytes([0xFF, mark]) + struct.pack(">H", len(content) + 2) + content


def a_jpeg(width: int = 2, height: int = 2, *more: bytes) -> bytes:
    frame = a_segment(0xC0, b"\x08" + struct.pack(">HH", height, width) + b"\x01\x01\x11\x00")
    scan = a_segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"drawn\xff\x00\xff\xd0drawn"
    return b"\xff\xd8" + b"".join(more) + a_segment(0xDB, b"\x00" * 65) + frame + scan + b"\xff\xd9"


@pytest.mark.parametrize(
    ("colour", "ratio"), [("#000000", "21.00"), ("#ffffff", "1.00"), ("#767676", "4.54"), ("#777777", "4.47")]
)
def test_the_contrast_with_white_is_the_ratio_of_wcag(colour: str, ratio: str) -> None:
    assert contrast_with_white(colour) == Decimal(ratio)


def test_a_colour_is_taken_when_white_can_be_read_on_it_and_refused_with_the_ratio_else() -> None:
    assert (checked_accent(" #767676 "), checked_accent("#0B5D4B"), checked_accent("")) == ("#767676", "#0b5d4b", "")
    with pytest.raises(InvalidRequest, match=r"contrast of 4\.47 to 1, and needs 4\.5") as refused:
        checked_accent("#777777")
    assert (refused.value.error_code, refused.value.faults[0].param) == ("contrast_too_low", "accent")
    for wrong in ("red", "#fff", "#0b5d4b;background:url(//x)", "#0b5d4g"):
        with pytest.raises(InvalidRequest, match="a colour such as"):
            checked_accent(wrong)


def test_a_png_is_kept_without_its_texts_and_without_what_hangs_behind_it() -> None:
    plain = a_png()
    head, rest = plain[:33], plain[33:]
    laden = head + a_chunk(b"tEXt", b"Author\x00Ada Rossi") + rest + b"<script>alert(1)</script>"

    kept = picture_of(laden, "logo")

    assert (kept.content, kept.media_type) == (plain, "image/png")


def test_a_jpeg_is_kept_without_where_it_was_taken_and_without_what_hangs_behind_it() -> None:
    laden = a_jpeg(2, 2, a_segment(0xE1, b"Exif\x00\x00 45.4642 N"), a_segment(0xFE, b"a comment"))

    kept = picture_of(laden + b"PK\x03\x04 an archive", "logo")

    assert (kept.content, kept.media_type) == (a_jpeg(), "image/jpeg")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b"GIF89a",
        b"<!doctype html>",
        a_png()[:-6],
        a_png()[:40] + b"\x00" + a_png()[41:],
        a_png(1025, 1),
        a_jpeg(1, 1025),
        a_jpeg()[:30],
        b"\xff\xd8\xff\xd9",
        b"\xff\xd8",
        b"\x89PNG\r\n\x1a\n" + a_chunk(b"IEND", b""),
    ],
)
def test_what_is_no_whole_picture_of_a_logos_size_is_refused(content: bytes) -> None:
    with pytest.raises(InvalidRequest) as refused:
        picture_of(content, "logo")

    assert (refused.value.error_code, refused.value.faults[0].param) == ("file_type", "logo")


def test_a_logo_that_is_too_large_is_refused_with_both_sizes() -> None:
    with pytest.raises(InvalidRequest, match=f"has {MOST_BYTES + 1} bytes, and a logo at most {MOST_BYTES}"):
        picture_of(b"\x89PNG\r\n\x1a\n".ljust(MOST_BYTES + 1), "logo")
