"""Connections to acquirers: dialled at an address that was judged, and cut when the time of their exchange is up."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from typing import TYPE_CHECKING, Any, Final

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError

from shared.adapters.dialling import dial
from shared.adapters.wire import Deadline, Failed
from shared.domain.record import dataclass

if TYPE_CHECKING:
    _Base = HTTPConnection
else:
    _Base = object


@dataclass(frozen=True, slots=True)
class Bounds:
    """Seconds and bytes of one exchange; ``private`` lets it go to an address that is not public."""

    seconds: float
    connect: float
    most_bytes: int
    private: bool = False
    tls: ssl.SSLContext | None = None  # the system's roots without one


class Exchange:
    """The one under way in a thread. ``line`` is a handle on its connection that TLS and the pool leave alone."""

    def __init__(self, bounds: Bounds) -> None:
        self.bounds = bounds
        self.deadline = Deadline(bounds.seconds)
        self.dialled = self.sent = self.over = False
        self.line: socket.socket | None = None

    def on(self, line: socket.socket) -> None:
        self.end()
        self.line = line.dup()
        if self.over:
            self.cut()

    def cut(self) -> None:
        """Time is up: whatever part of the exchange waits on the connection, its wait ends now."""
        self.over = True
        if self.line is not None:
            with contextlib.suppress(OSError):
                self.line.shutdown(socket.SHUT_RDWR)

    def end(self) -> None:
        if self.line is not None:
            self.line.close()


class _Here(threading.local):
    exchange: Exchange


HERE: Final = _Here()


class _Dialled(_Base):
    """A connection that is dialled at an address that was judged, and says when its first byte is sent."""

    _line: socket.socket | None = None

    def _new_conn(self) -> socket.socket:
        under_way = HERE.exchange
        bounds = under_way.bounds
        try:
            made = dial(
                self._dns_host,
                self.port,
                under_way.deadline,
                allow_private=bounds.private,
                lookup=bounds.connect,
                connect=bounds.connect,
            )
        except Failed as failure:
            raise NewConnectionError(self, str(failure)) from None
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._line = made.dup()
        under_way.dialled = True
        under_way.on(self._line)
        return made

    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()
        under_way = HERE.exchange
        if not under_way.sent and self._line is not None:
            under_way.on(self._line)
        under_way.sent = True
        super().send(data)

    def close(self) -> None:
        super().close()
        if self._line is not None:
            self._line.close()
            self._line = None


class _Plain(_Dialled, HTTPConnection):
    pass


class _Secured(_Dialled, HTTPSConnection):
    pass


class PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class SecuredPool(HTTPSConnectionPool):
    ConnectionCls = _Secured
