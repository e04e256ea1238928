"""AWS calls on tape: which ones a handler made, what it was answered, and a server that answers so again."""

from __future__ import annotations

import copy
import re
import socketserver
import ssl
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import chain, cycle
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

from botocore import xform_name

from shared.adapters import aws

SERVICES: Final = ("dynamodb", "stepfunctions", "sqs")
HOOK: Final = "/hook"
_TURN: Final = "/tape/"
_ANSWERED: Final = "response-received.*.*"
_LENGTH: Final = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_NOTHING: Final = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
EMPTY: Final = b"HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.0\r\nContent-Length: 2\r\n\r\n{}"


@dataclass(frozen=True, slots=True)
class Taped:
    """One call: its client, its operation as botocore names it, its parameters, and the answer's bytes."""

    service: str
    operation: str
    params: dict[str, Any]
    answer: bytes = b""


@dataclass(frozen=True, slots=True)
class Tape:
    """Answers to give: those at the beginning once, then the others in a circle."""

    beginning: list[bytes]
    circle: list[bytes]

    def play(self) -> Iterator[bytes]:
        return chain(self.beginning, cycle(self.circle))


@contextmanager
def recording() -> Iterator[list[Taped]]:
    """Every call that leaves through our clients within, in order. Calls side by side are not told apart."""
    calls: list[Taped] = []
    begun: list[dict[str, Any]] = []

    def begin(params: dict[str, Any], **_: object) -> None:
        begun.append(copy.deepcopy(params))

    def end(service: str, response_dict: dict[str, Any], event_name: str, **_: object) -> None:
        operation = event_name.rpartition(".")[2]
        calls.append(Taped(service, operation, begun.pop(), _bytes(response_dict)))

    listeners: list[tuple[Any, str, Callable[..., None]]] = []
    for service in SERVICES:
        events = aws.client(service).meta.events
        # Before the SDK adds what it adds to every call, such as a token of its own.
        listeners += [(events, "provide-client-params.*.*", begin), (events, _ANSWERED, partial(end, service))]
    for events, name, listener in listeners:
        events.register(name, listener)
    try:
        yield calls
    finally:
        for events, name, listener in listeners:
            events.unregister(name, listener)


def player(calls: Sequence[Taped]) -> Callable[[], None]:
    """Makes the same calls with the same clients, and nothing else."""
    bound = [(getattr(aws.client(call.service), xform_name(call.operation)), call.params) for call in calls]

    def play() -> None:
        for method, params in bound:
            method(**params)

    return play


def _bytes(answer: dict[str, Any]) -> bytes:
    kept = {name: value for name, value in answer["headers"].items() if name.lower().startswith(("content-t", "x-a"))}
    head = [f"HTTP/1.1 {answer['status_code']} Taped", *(f"{name}: {value}" for name, value in kept.items())]
    head += [f"Content-Length: {len(answer['body'])}", "", ""]
    return "\r\n".join(head).encode() + bytes(answer["body"])


@contextmanager
def playing(tapes: Sequence[Tape], certificate: Path | None = None) -> Iterator[str]:
    """The URL of a server, in a process of its own, that answers from the tape that ``turn`` chose.

    With a ``certificate`` (a PEM file with its key) it speaks TLS.
    """
    context = get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(tapes, there, certificate), daemon=True)
    process.start()
    try:
        yield f"{'https' if certificate else 'http'}://127.0.0.1:{here.recv()}"
    finally:
        process.terminate()
        process.join()


def turn(url: str, number: int, certificate: Path | None = None) -> None:
    """From now on the server answers from this tape, from its beginning."""
    trusting = ssl.create_default_context(cafile=str(certificate)) if certificate else None
    with urllib.request.urlopen(f"{url}{_TURN}{number}", timeout=5, context=trusting) as answer:  # noqa: S310 - our own server
        answer.read()


def _serve(tapes: Sequence[Tape], parent: Connection, certificate: Path | None) -> None:
    chosen: list[Iterator[bytes]] = [tapes[0].play()]
    tls = None
    if certificate is not None:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(certificate)

    class Handler(socketserver.StreamRequestHandler):
        disable_nagle_algorithm = True

        def setup(self) -> None:
            if tls is not None:  # here, in the connection's own thread
                self.request = tls.wrap_socket(self.request, server_side=True)
            super().setup()

        def handle(self) -> None:
            while head := self._head():
                length = _LENGTH.search(head)
                self.rfile.read(int(length[1]) if length else 0)
                self.wfile.write(self._answer(head.split(b" ", 2)[1].decode()))

        def _head(self) -> bytes:
            lines = []
            while (line := self.rfile.readline()) not in (b"\r\n", b""):
                lines.append(line)
            return b"".join(lines)

        def _answer(self, path: str) -> bytes:
            if path.startswith(_TURN):
                chosen[:] = [tapes[int(path.removeprefix(_TURN))].play()]
            return _NOTHING if path.startswith((_TURN, HOOK)) else next(chosen[0])

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        parent.send(server.server_address[1])
        server.serve_forever()
