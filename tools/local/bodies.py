"""A request's body off its connection: as long as it says, or in pieces that each say so (.NET's clients)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import Message
from io import BufferedIOBase
from typing import Final

MAX_BODY: Final = 10 * 1024 * 1024  # API Gateway's own limit
_SIZE: Final = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(;[^\r\n]*)?\r\n")
_MOST_OF_A_LINE: Final = 1000


class NotReadable(Exception):
    """Nothing after it on the connection can be read either."""

    def __init__(self, message: str, *, status: int = 400, code: str = "bad_request") -> None:
        super().__init__(message)
        self.status, self.code = status, code


def read_body(headers: Message, stream: BufferedIOBase) -> bytes:
    """Raises NotReadable for a body that is too long, or of which nobody knows where it ends."""
    coding, length = headers.get("Transfer-Encoding"), headers.get("Content-Length")
    if coding is None:
        return _plain(length or "0", stream)
    if coding.strip().lower() != "chunked" or length is not None:
        raise NotReadable("Transfer-Encoding is chunked alone, without Content-Length")
    return b"".join(_pieces(stream))


def _plain(length: str, stream: BufferedIOBase) -> bytes:
    if not (length.isascii() and length.isdigit()):
        raise NotReadable("Content-Length is not a number")
    _check_size(int(length))
    return stream.read(int(length))


def _pieces(stream: BufferedIOBase) -> Iterator[bytes]:
    whole = 0
    while size := _size(stream):
        whole += size
        _check_size(whole)
        piece = stream.read(size)
        if len(piece) < size or stream.readline(_MOST_OF_A_LINE) != b"\r\n":
            raise NotReadable("a piece of the body is not as long as it says")
        yield piece
    while stream.readline(_MOST_OF_A_LINE) not in (b"\r\n", b""):  # what may follow is no part of the body
        pass


def _size(stream: BufferedIOBase) -> int:
    found = _SIZE.fullmatch(stream.readline(_MOST_OF_A_LINE))
    if found is None:
        raise NotReadable("a piece of the body does not say how long it is")
    return int(found[1], 16)


def _check_size(size: int) -> None:
    if size > MAX_BODY:
        raise NotReadable("Request Too Long", status=413, code="REQUEST_TOO_LARGE")
