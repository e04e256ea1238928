"""Calls to acquirers on real sockets: whatever the other side does, it is known whether money can have moved."""

from __future__ import annotations

import logging
import socket
import ssl
import struct
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from shared.adapters.psp_http import MOST_BYTES, PspHttp, PspReply, PspRequest
from shared.domain.errors import CredentialsRefused, GatewayError, OutcomeUnknown, Unavailable
from shared.domain.payment import Environment
from tests.misbehaving import Behave, answering, dripping, hanging, nobody_listening, read_request, resetting, serving
from tools.local.certificate import self_signed

HASTY = 1.5  # seconds, of whoever waits until they are over
SLACK = 4.0  # what a busy machine may add to them
SECRET = "a-very-secret-key"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone"


def http(**settings: object) -> PspHttp:
    return PspHttp(**({"allow_private": True, "seconds": 20.0, "connect": 10.0} | settings))  # type: ignore[arg-type]


def to(port: int, *, host: str = "127.0.0.1", scheme: str = "http", question: bool = False) -> PspRequest:
    return PspRequest(
        "capture",
        "POST",
        f"{scheme}://{host}:{port}/v1/captures?key={SECRET}",
        Environment.TEST,
        {"Authorization": f"Bearer {SECRET}"},
        f"card={SECRET}".encode(),
        question=question,
    )


def called(behave: Behave, **settings: float) -> PspReply:
    with serving(behave) as port:
        return http(**settings).call(to(port))


@contextmanager
def bounded() -> Iterator[None]:
    began = time.monotonic()
    yield
    assert time.monotonic() - began < HASTY + SLACK


class Keeping:
    """A server that keeps its connections and answers on each as often as it is told, then as ``then`` behaves."""

    def __init__(self, answers: int, then: Behave) -> None:
        self.answers, self.then = answers, then
        self.connections: list[list[bytes]] = []
        self.lock = threading.Lock()

    def __call__(self, connection: socket.socket) -> None:
        with self.lock:
            seen: list[bytes] = []
            self.connections.append(seen)
        for _ in range(self.answers):
            seen.append(read_request(connection))
            connection.sendall(OK)
        seen.append(read_request(connection))
        self.then(connection)

    @property
    def requests(self) -> int:
        return sum(len(seen) for seen in self.connections)


def gone(connection: socket.socket) -> None:
    """Closes without a word."""


def reset_at_once(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


# ---- answers ----


def test_an_answer_comes_with_its_headers_and_its_bytes() -> None:
    seen: list[bytes] = []

    def behave(connection: socket.socket) -> None:
        seen.append(read_request(connection))
        connection.sendall(b"HTTP/1.1 201 Created\r\nRequest-Id: req_1\r\nContent-Length: 2\r\n\r\n\xff\x00")

    reply = called(behave)

    assert (reply.status, reply.headers["request-id"], reply.body) == (201, "req_1", b"\xff\x00")
    head, _, body = seen[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /v1/captures?key=")
    assert f"Authorization: Bearer {SECRET}".encode() in head
    assert body == f"card={SECRET}".encode()


@pytest.mark.parametrize("status", [200, 204, 400, 402, 404, 422])
def test_what_the_acquirer_says_is_its_answer(status: int) -> None:
    assert called(answering(f"HTTP/1.1 {status} So\r\nContent-Length: 0\r\n\r\n".encode())).status == status


@pytest.mark.parametrize(
    ("status", "means"),
    [
        (401, CredentialsRefused),
        (403, CredentialsRefused),
        (429, Unavailable),
        *((status, OutcomeUnknown) for status in (301, 302, 307, 408, 409, 425, 500, 502, 503, 504, 599)),
    ],
)
def test_what_is_no_answer_means_the_same_for_every_acquirer(status: int, means: type[GatewayError]) -> None:
    reply = f"HTTP/1.1 {status} So\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n".encode()

    with pytest.raises(means) as failed:
        called(answering(reply))

    assert type(failed.value) is means


# ---- surely nothing happened ----


def test_nobody_listening_is_surely_no_effect() -> None:
    with nobody_listening() as port, pytest.raises(Unavailable, match="ConnectionError"):
        http().call(to(port))


def test_a_name_that_is_not_known_is_surely_no_effect() -> None:
    with pytest.raises(Unavailable):
        http().call(to(443, host="acquirer.invalid"))


def test_a_certificate_that_nobody_vouches_for_is_sent_nothing(tmp_path: Path) -> None:
    own = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    own.load_cert_chain(self_signed(tmp_path, "127.0.0.1"))
    with serving(answering(OK), own) as port, pytest.raises(Unavailable):
        http().call(to(port, scheme="https"))


def test_a_certificate_that_is_trusted_is_spoken_to_under_tls_and_kept(tmp_path: Path) -> None:
    file = self_signed(tmp_path, "127.0.0.1")
    own = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    own.load_cert_chain(file)
    trusting = http(tls=ssl.create_default_context(cafile=str(file)))
    server = Keeping(2, gone)
    with serving(server, own) as port:
        replies = [trusting.call(to(port, scheme="https")) for _ in range(2)]

    assert [reply.body for reply in replies] == [b"done", b"done"]
    assert len(server.connections) == 1


def test_a_handshake_that_never_ends_is_surely_no_effect_and_bounded() -> None:
    with serving(lambda connection: time.sleep(30)) as port, bounded(), pytest.raises(Unavailable):
        http(seconds=HASTY, connect=HASTY).call(to(port, scheme="https"))


# ---- nobody knows ----


def half(connection: socket.socket) -> None:
    read_request(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\ndo")


ENDLESS = b"HTTP/1.1 200 OK\r\nContent-Length: 2000000\r\n\r\n" + b"x" * (MOST_BYTES + 100_000)
UNKNOWN: dict[str, Behave] = {
    "silence": hanging,
    "a reset": resetting,
    "a closed connection": answering(b""),
    "nonsense": answering(b"SSH-2.0-OpenSSH_9.2\r\n"),
    "half a body": half,
    "dripping headers": dripping(b"HTTP/1.1 200 OK\r\nX: y\r\n" + b"A: b\r\n" * 50),
    "a dripping body": dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + b"x" * 500),
    "endless interim answers": dripping(b"HTTP/1.1 100 Continue\r\n\r\n", 0.001),
    "a body without an end": answering(b"HTTP/1.1 200 OK\r\n\r\ndone"),
    "headers that break off": answering(b"HTTP/1.1 200 OK\r\nX: y\r\n"),
    "too long a body": answering(ENDLESS),
    "a body in a code": answering(
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\x1f\x8b\x08\x00"
    ),
}


@pytest.mark.parametrize("what", UNKNOWN)
def test_after_sending_nobody_knows_and_the_wait_is_bounded(what: str) -> None:
    with bounded(), pytest.raises(OutcomeUnknown):
        called(UNKNOWN[what], seconds=HASTY)


def test_a_redirect_is_neither_followed_nor_read_to_its_end() -> None:
    followed: list[bytes] = []

    def target(connection: socket.socket) -> None:
        followed.append(read_request(connection))
        connection.sendall(OK)

    with serving(target) as elsewhere:
        moved = f"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:{elsewhere}/\r\n\r\n".encode()
        with bounded(), pytest.raises(OutcomeUnknown):
            called(dripping(moved + b"x" * 200, 0.01), seconds=HASTY)

    assert followed == []


# ---- kept connections ----


def test_a_connection_is_kept_for_the_next_call() -> None:
    server = Keeping(3, gone)
    with serving(server) as port:
        for _ in range(3):
            assert http().call(to(port)).body == b"done"

    assert len(server.connections) == 1


def test_a_kept_connection_that_closes_is_tried_again_for_a_question() -> None:
    server = Keeping(1, gone)
    with serving(server) as port:
        http().call(to(port, question=True))
        assert http().call(to(port, question=True)).body == b"done"

    assert [len(seen) for seen in server.connections] == [2, 1]


@pytest.mark.parametrize("then", [gone, reset_at_once])
def test_a_kept_connection_that_closes_under_money_is_sent_once_and_unknown(then: Behave) -> None:
    server = Keeping(1, then)
    with serving(server) as port:
        http().call(to(port))
        with pytest.raises(OutcomeUnknown):
            http().call(to(port))

    assert server.requests == 2


def test_a_new_connection_that_closes_is_not_tried_again_even_for_a_question() -> None:
    server = Keeping(0, gone)
    with serving(server) as port, pytest.raises(OutcomeUnknown):
        http().call(to(port, question=True))

    assert server.requests == 1


def test_a_connection_that_was_found_closed_is_replaced_before_anything_is_sent() -> None:
    server = Keeping(0, answering_at_once(b"Connection: close\r\n"))
    with serving(server) as port:
        for _ in range(2):
            assert http().call(to(port)).body == b"done"

    assert len(server.connections) == 2


def answering_at_once(header: bytes) -> Behave:
    return lambda connection: connection.sendall(OK.replace(b"\r\n\r\n", b"\r\n" + header + b"\r\n"))


def test_no_cookie_of_one_call_comes_with_the_next() -> None:
    server = Keeping(0, answering_at_once(b"Set-Cookie: session=of-another-merchant\r\nConnection: close\r\n"))
    with serving(server) as port:
        for _ in range(2):
            http().call(to(port))

    assert not any(b"of-another-merchant" in request for seen in server.connections for request in seen)


def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")

    assert called(answering(OK)).body == b"done"


# ---- addresses ----


@pytest.mark.parametrize(
    ("url", "environment", "private"),
    [
        ("http://127.0.0.1:{port}/", Environment.TEST, False),
        ("http://127.0.0.1:{port}/", Environment.LIVE, True),
        ("https://127.0.0.1:{port}/", Environment.LIVE, True),
        ("https://localhost:{port}/", Environment.TEST, False),
        ("https://169.254.169.254/", Environment.LIVE, False),
        ("ftp://127.0.0.1:{port}/", Environment.TEST, True),
        ("https://user@acquirer.example/", Environment.LIVE, False),
    ],
)
def test_an_address_that_may_not_be_asked_is_not_even_dialled(
    url: str, environment: Environment, private: bool
) -> None:
    seen: list[bytes] = []
    with serving(lambda connection: seen.append(read_request(connection))) as port:
        asked = PspRequest("lookup", "GET", url.format(port=port), environment)
        with pytest.raises(Unavailable, match="may not be asked"):
            http(allow_private=private).call(asked)

    assert seen == []


def test_a_public_name_that_leads_to_this_machine_is_not_dialled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.adapters.dialling._system_resolve", lambda host, port: ["127.0.0.1"])
    seen: list[bytes] = []
    with serving(lambda connection: seen.append(read_request(connection))) as port:
        asked = PspRequest("lookup", "GET", f"https://acquirer.example:{port}/", Environment.LIVE)
        with pytest.raises(Unavailable):
            http().call(asked)

    assert seen == []


# ---- what is written down ----


@pytest.mark.parametrize(
    "behave", [answering(OK), hanging, resetting, answering(b"HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n")]
)
def test_neither_the_log_nor_an_error_holds_what_was_sent(behave: Behave, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    texts = []
    try:
        called(behave, seconds=HASTY)
    except GatewayError as error:
        texts = [*traceback.format_exception(error), repr(error.__context__), repr(error.__cause__)]

    said = "".join([*texts, caplog.text, *(str(record.__dict__) for record in caplog.records)])
    assert SECRET not in said
    assert SECRET not in repr(to(1))
