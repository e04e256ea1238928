"""A shop's webhook receiver for the demo: keeps what arrives, answers 200."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True, slots=True)
class Arrived:
    """One request: its headers by lower-case name, the exact bytes, and the path with its query."""

    headers: dict[str, str]
    body: bytes
    path: str = ""
    answered: int = 200


@dataclass(slots=True)
class Receiver:
    """Listens on a free port of this machine until ``close``, and answers with ``status``."""

    status: int = 200
    arrived: list[Arrived] = field(default_factory=list)
    server: ThreadingHTTPServer = field(init=False)

    def __post_init__(self) -> None:
        arrived, receiver = self.arrived, self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
                headers = {name.lower(): value for name, value in self.headers.items()}
                arrived.append(Arrived(headers, body, self.path, receiver.status))
                self.send_response(receiver.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_GET = do_POST

            def log_message(self, format: str, *args: object) -> None:
                """Quiet: the demo says what arrived."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}/webhook"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
