"""Fetching from PSPs: only over TLS that is good, only what fits, and no word of the key when it fails."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from shared.adapters.fetching import MOST_BYTES, fetch
from shared.domain.errors import Unavailable
from tools.local.certificate import self_signed

HERE = "127.0.0.1"
KEY = {"Authorization": "Basic c2VjcmV0"}


@dataclass(frozen=True, slots=True)
class Host:
    url: str
    trusting: ssl.SSLContext


class _Pages(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = b"x" * (MOST_BYTES + 1) if self.path == "/long" else self.headers.get("Authorization", "").encode()
        status = {"/found": 200, "/long": 200, "/moved": 302}.get(self.path) or int(self.path[1:])
        self.send_response(status)
        self.send_header("Location", "/found")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    file = self_signed(tmp_path_factory.mktemp("tls"), HERE)
    server = HTTPServer((HERE, 0), _Pages)
    own = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    own.load_cert_chain(file)
    server.socket = own.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield Host(f"https://{HERE}:{server.server_address[1]}", ssl.create_default_context(cafile=str(file)))
    server.shutdown()
    server.server_close()


def test_what_is_there_is_fetched_with_its_key(host: Host) -> None:
    assert fetch(f"{host.url}/found", KEY, trusting=host.trusting) == KEY["Authorization"].encode()


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_what_is_not_there_or_not_ours_is_nothing(host: Host, status: int) -> None:
    assert fetch(f"{host.url}/{status}", KEY, trusting=host.trusting) is None


@pytest.mark.parametrize("path", ["500", "429", "moved", "long"])
def test_everything_else_is_tried_again_later(host: Host, path: str) -> None:
    with pytest.raises(Unavailable):
        fetch(f"{host.url}/{path}", KEY, trusting=host.trusting)


def test_a_host_that_nobody_vouches_for_is_sent_no_key(host: Host) -> None:
    with pytest.raises(Unavailable) as refused:
        fetch(f"{host.url}/found", KEY)

    assert "SSLError" in str(refused.value)
    assert refused.value.__cause__ is None
    assert "c2VjcmV0" not in str(refused.value)


def test_a_host_that_is_not_there_is_tried_again_later() -> None:
    with pytest.raises(Unavailable):
        fetch(f"https://{HERE}:1/found", KEY)
