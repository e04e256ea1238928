"""A port of this machine that an acquirer's far side answers on, and the switch that damages what it answers."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from tools.testing.far_sides.switch import Damage, Fault, Switch

LONGEST_SILENCE: Final = 60.0  # seconds; whoever waits longer has hung up


@dataclass(frozen=True, slots=True)
class Request:
    """What came to the port; header names in lower case."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def form(self) -> dict[str, str]:
        """The fields of a form, or of the address where there is no body."""
        given = parse_qs(self.body.decode() or self.query, keep_blank_values=True)
        return {name: values[0] for name, values in given.items()}

    @property
    def sent(self) -> list[Sent]:
        """The fields and files of a body that carries files; none of any other body."""
        kind = self.headers.get("content-type", "")
        if not kind.startswith("multipart/form-data"):
            return []
        message = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + self.body)
        return [_sent(part) for part in message.iter_parts()]


@dataclass(frozen=True, slots=True)
class Sent:
    """A field of a body that carries files; ``name`` is the file's own, empty for what is no file."""

    field: str
    name: str
    content_type: str
    content: bytes


def _sent(part: Any) -> Sent:
    content = part.get_payload(decode=True) or b""
    return Sent(
        part.get_param("name", "", "content-disposition"), part.get_filename() or "", part.get_content_type(), content
    )


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    body: bytes = b""
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


def sent_to(address: str) -> Reply:
    """What leads a browser on."""
    return Reply(303, headers={"Location": address})


def page(inside: str, title: str) -> Reply:
    text = f'<!doctype html><meta charset="utf-8"><title>{title}</title>{inside}'
    return Reply(200, text.encode(), "text/html; charset=utf-8")


class _DoorSwitch(Switch):
    """``DOWN`` means that nobody listens: the port is closed while it lasts."""

    def __init__(self, door: Door) -> None:
        super().__init__()
        self._door = door

    @contextmanager
    def at(self, fault: Fault) -> Iterator[None]:
        if fault.damage is not Damage.DOWN:
            with super().at(fault):
                yield
            return
        self._door.close()
        try:
            yield
        finally:
            self._door.listen()


class Door:
    """Serves until ``close``. Whoever is behind it says what it answers, and which requests only ask."""

    def __init__(self) -> None:
        self.switch: Switch = _DoorSwitch(self)
        self._port = 0
        self.listen()

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def listen(self) -> None:
        self._server = _Server(("127.0.0.1", self._port), _Handler)
        self._server.door = self
        self._port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        for connection in tuple(self._server.connections):  # kept ones too
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def answer(self, request: Request) -> Reply:
        raise NotImplementedError

    def is_question(self, request: Request) -> bool | None:
        """Whether it asks for nothing to be done; None for a customer's page, which no fault strikes."""
        raise NotImplementedError


class _Server(ThreadingHTTPServer):
    door: Door
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.connections: set[socket.socket] = set()


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    timeout = LONGEST_SILENCE
    disable_nagle_algorithm = True

    def setup(self) -> None:
        super().setup()
        self.server.connections.add(self.connection)

    def finish(self) -> None:
        self.server.connections.discard(self.connection)
        with suppress(OSError):  # what is still to be written to a door that was shut
            super().finish()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, parts.path, parts.query, headers, body)
        door = self.server.door
        fault = door.switch.fault
        if fault is None or door.is_question(request) is not fault.question:
            self._say(door.answer(request))
            return
        said = door.answer(request) if fault.acted or fault.question else Reply(200)
        self._damaged(fault.damage, said)

    do_GET = do_PATCH = do_DELETE = do_POST

    def _damaged(self, damage: Damage, said: Reply) -> None:
        self.close_connection = True
        if damage is Damage.ERROR:
            self._say(Reply(503, b"<html>Service Unavailable</html>", "text/html"))
        elif damage is Damage.GARBAGE:
            self._say(Reply(200, said.body[: len(said.body) // 2] or b"<", said.content_type))
        elif damage is Damage.SLOW:
            self.server.door.switch.silent.set()
            self.connection.settimeout(LONGEST_SILENCE)
            with suppress(OSError):
                self.connection.recv(1)  # until the other side hangs up
        else:
            with suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)

    def _say(self, said: Reply) -> None:
        self.send_response(said.status)
        for name, value in said.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", said.content_type)
        self.send_header("Content-Length", str(len(said.body)))
        if self.close_connection:
            self.send_header("Connection", "close")  # or the next call may be sent on one that is about to close
        self.end_headers()
        self.wfile.write(said.body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet: what was asked is kept by whoever is behind the door."""
