"""A connection to somebody we do not trust: what it may send us is bounded in time, in bytes and in pieces.

A deadline alone bounds how long an attempt lasts and not what it costs: an endless row of interim answers, or of
TLS's own messages, keeps a processor busy until the deadline. So every byte is counted where it leaves the socket.
"""

from __future__ import annotations

import contextlib
import io
import socket
import ssl
import time
from collections.abc import Callable
from typing import Any, Final, Protocol, TypeVar

# A piece costs about as much as a hundred bytes do, however small it is.
MOST_PIECES: Final = 4096
_AT_ONCE: Final = 16_384
Result = TypeVar("Result")


class Failed(Exception):
    """One attempt's failure; the text is its class, as shown to the merchant."""


class Deadline:
    """A point in time that every wait on the socket is cut to."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self, most: float = 3600.0) -> float:
        """Seconds left, at most ``most``. Raises Failed when there are none."""
        left = min(self._end - time.monotonic(), most)
        if left <= 0:
            raise Failed("timeout")
        return left

    def shortened(self, seconds: float) -> Deadline:
        return Deadline(min(seconds, max(self._end - time.monotonic(), 0)))


class Stream(Protocol):
    """Bytes both ways, in clear or under TLS."""

    def send(self, data: bytes) -> None: ...

    def receive(self, most: int) -> bytes:
        """The next bytes, at most so many; none at the end."""
        ...


class Wire:
    """The socket itself. ``bound`` says what may still come in; Failed is raised beyond it."""

    def __init__(self, connection: socket.socket, deadline: Deadline, most_bytes: int) -> None:
        self._connection = connection
        self.bound(deadline, most_bytes)

    def bound(self, deadline: Deadline, most_bytes: int) -> None:
        """What the next part of the exchange may take. A drip of bytes cannot stretch its deadline."""
        self._deadline, self._bytes, self._pieces = deadline, most_bytes, MOST_PIECES

    def send(self, data: bytes) -> None:
        self._connection.settimeout(self._deadline.left())
        self._connection.sendall(data)

    def receive(self, most: int) -> bytes:
        if not self._bytes or not self._pieces:
            raise Failed("invalid_response")
        self._connection.settimeout(self._deadline.left())
        data = self._connection.recv(min(most, self._bytes))
        self._bytes -= len(data)
        self._pieces -= 1
        return data


class Secured:
    """TLS over a wire, by hand: a wrapped socket reads as much as TLS likes before it gives us one byte."""

    def __init__(self, wire: Wire, context: ssl.SSLContext, host: str) -> None:
        self._wire = wire
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._in, self._out, server_hostname=host)
        self._done(self._tls.do_handshake)

    def send(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            rest = rest[self._done(lambda: self._tls.write(rest)) :]  # noqa: B023 - called at once

    def receive(self, most: int) -> bytes:
        try:
            return self._done(lambda: self._tls.read(most))
        except (ssl.SSLZeroReturnError, ssl.SSLEOFError):  # with or without a farewell, as everybody takes it
            return b""

    def _done(self, act: Callable[[], Result]) -> Result:
        while True:
            try:
                result = act()
                self._flush()
                return result
            except ssl.SSLWantReadError:
                self._flush()
                data = self._wire.receive(_AT_ONCE)
                if data:
                    self._in.write(data)
                else:
                    self._in.write_eof()
            except ssl.SSLError:
                with contextlib.suppress(OSError, Failed):
                    self._flush()  # the other side may hear what was wrong
                raise

    def _flush(self) -> None:
        if self._out.pending:
            self._wire.send(self._out.read())


class Incoming(io.RawIOBase):
    """What ``HTTPResponse`` needs of a socket."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._stream.receive(len(buffer))
        buffer[: len(data)] = data
        return len(data)
