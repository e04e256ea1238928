"""A host of built pages, as CloudFront serves them, that can be made to lie."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self

POLICY = "default-src 'none'; script-src 'self'; base-uri 'none'; require-trusted-types-for 'script'"


@dataclass
class PagesHost:
    """``instead`` has what is served at an address in place of the file; ``policy`` goes with everything."""

    folder: Path
    policy: str = POLICY
    status: int = 200
    instead: dict[str, bytes] = field(default_factory=dict)

    def __enter__(self) -> Self:
        host = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path = host.folder / f"{self.path.lstrip('/')}{'index.html' if self.path.endswith('/') else ''}"
                there = self.path in host.instead or path.is_file()
                body = host.instead.get(self.path) or (path.read_bytes() if there else b"")
                self.send_response(host.status if there else 404)
                self.send_header("Content-Security-Policy", host.policy)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"
