"""Receivers on real sockets that misbehave in every way, and a sender in front of them."""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator

from shared.adapters.http import Budgets, PinnedSender
from shared.ports.webhooks import Outgoing

Behave = Callable[[socket.socket], None]
QUICK = Budgets(lookup=0.5, connect=0.5, first_byte=0.7, total=1.0)  # for whoever waits until one is used up


@contextlib.contextmanager
def serving(behave: Behave, tls: ssl.SSLContext | None = None) -> Iterator[int]:
    """A server whose every connection is left to ``behave``; yields its port."""
    listener = socket.create_server(("127.0.0.1", 0))
    stopped = threading.Event()

    def one(connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            secured = tls.wrap_socket(connection, server_side=True) if tls else connection
            with secured:
                behave(secured)

    def accept() -> None:
        while not stopped.is_set():
            with contextlib.suppress(OSError):
                connection, _ = listener.accept()
                threading.Thread(target=one, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        stopped.set()
        listener.close()


@contextlib.contextmanager
def nobody_listening() -> Iterator[int]:
    """A port of this machine that refuses, and that nobody else is given meanwhile."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


def read_request(connection: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        data += connection.recv(65536)
    head, _, body = data.partition(b"\r\n\r\n")
    lengths = (int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.startswith(b"Content-Length"))
    length = next(lengths, 0)
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


def answering(response: bytes) -> Behave:
    def behave(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(response)

    return behave


def dripping(parts: bytes, pause: float = 0.05) -> Behave:
    def behave(connection: socket.socket) -> None:
        read_request(connection)
        while True:
            for byte in parts:
                connection.sendall(bytes([byte]))
                time.sleep(pause)

    return behave


def hanging(connection: socket.socket) -> None:
    read_request(connection)
    connection.recv(1)  # until the sender has enough of it


def resetting(connection: socket.socket) -> None:
    read_request(connection)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def posted(url: str, headers: dict[str, str], body: bytes) -> Outgoing:
    return Outgoing("POST", url, headers, body)


def sender(**settings: object) -> PinnedSender:
    return PinnedSender(**({"allow_private": True} | settings))  # type: ignore[arg-type]


def url(port: int, path: str = "/hook") -> str:
    return f"http://127.0.0.1:{port}{path}"
