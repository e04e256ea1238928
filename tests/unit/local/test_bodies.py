"""Bodies of requests on this machine's port: whole, in pieces, and those that end nowhere."""

from __future__ import annotations

import io
from email.message import Message

import pytest

from tools.local.bodies import MAX_BODY, NotReadable, read_body


def of(**headers: str) -> Message:
    message = Message()
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    return message


IN_PIECES = of(transfer_encoding="chunked")


def read(sent: bytes, **headers: str) -> bytes:
    return read_body(of(**headers), io.BytesIO(sent))


def test_a_body_is_as_long_as_it_says() -> None:
    assert read(b"hello, and the next", Content_Length="5") == b"hello"
    assert read(b"the next") == b""


@pytest.mark.parametrize(
    "sent",
    [b"5\r\nhello\r\n0\r\n\r\n", b"2\r\nhe\r\n3;a=b\r\nllo\r\n00\r\nX-After: 1\r\n\r\n", b"5 \r\nhello\r\n0\r\n\r\n"],
)
def test_a_body_in_pieces_is_put_together_and_nothing_of_it_left(sent: bytes) -> None:
    stream = io.BytesIO(sent + b"GET /next")

    assert read_body(IN_PIECES, stream) == b"hello"
    assert stream.read() == b"GET /next"


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"hello",
        b"-5\r\nhello\r\n0\r\n\r\n",
        b"5\nhello\n0\n\n",
        b"5\r\nhel",
        b"5\r\nhello!\r\n",
        b"fffffffff\r\nx",
    ],
)
def test_pieces_that_do_not_say_where_they_end_are_refused(sent: bytes) -> None:
    with pytest.raises(NotReadable) as refused:
        read_body(IN_PIECES, io.BytesIO(sent))

    assert refused.value.status == 400


def test_a_body_has_one_length_alone() -> None:
    for headers in ({"Content_Length": "five"}, {"Content_Length": "\u00b3"}, {"Transfer_Encoding": "gzip"}):
        with pytest.raises(NotReadable):
            read(b"hello", **headers)
    with pytest.raises(NotReadable):
        read(b"5\r\nhello\r\n0\r\n\r\n", Transfer_Encoding="chunked", Content_Length="5")


def test_what_is_too_long_is_told_before_it_is_read() -> None:
    for headers, sent in (
        ({"Content_Length": str(MAX_BODY + 1)}, b""),
        ({"Transfer_Encoding": "chunked"}, b"A00001\r\n"),
    ):
        with pytest.raises(NotReadable) as refused:
            read(sent, **headers)
        assert refused.value.status == 413
