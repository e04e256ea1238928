"""A merchant's server, as bad as it has to be: records what arrives and answers as told."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.client import PATIENCE, until


@dataclass(frozen=True, slots=True)
class Received:
    """One request; header names as they came, found whatever their case through ``header``."""

    path: str
    headers: dict[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    method: str = "POST"

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers.items() if key.lower() == name.lower()), "")

    @property
    def json(self) -> dict[str, Any]:
        return dict(json.loads(self.body))


Answer = Callable[[Received, int], int]  # the request and how many came before it, to a status


@dataclass
class Receiver:
    """``answer`` decides the status; ``received`` holds every request in order of arrival."""

    answer: Answer = lambda request, before: 200
    headers: dict[str, str] = field(default_factory=dict)
    received: list[Received] = field(default_factory=list)

    def __post_init__(self) -> None:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                request = Received(self.path, dict(self.headers.items()), body, self.command)
                before = len([other for other in receiver.received if other.path == request.path])
                receiver.received.append(request)
                status = receiver.answer(request, before)
                with suppress(OSError):  # the sender may be gone by now
                    self._answer(status)

            do_GET = do_POST

            def _answer(self, status: int) -> None:
                self.send_response(status)
                for name, value in receiver.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"OK")

            def log_message(self, *args: object) -> None:
                """Nothing: tests read ``received``."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def url(self, path: str = "/hook") -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}{path}"

    def of(self, path: str) -> list[Received]:
        return [request for request in self.received if request.path == path]

    def wait(self, count: int, path: str = "/hook", seconds: float = PATIENCE) -> list[Received]:
        """At least ``count`` requests on ``path``."""
        found: list[Received] = until(lambda: self.of(path), lambda seen: len(seen) >= count, seconds)
        return found

    def wait_for(self, wanted: Callable[[Received], bool], seconds: float = PATIENCE) -> Received:
        found: list[Received] = until(
            lambda: [request for request in self.received if wanted(request)], bool, seconds
        )
        return found[0]

    def __enter__(self) -> Receiver:
        return self

    def __exit__(self, *args: object) -> None:
        self._server.shutdown()
        self._server.server_close()
