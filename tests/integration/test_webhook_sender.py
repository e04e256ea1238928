"""The sender on real sockets: every way a receiver can misbehave is bounded, told apart and harmless."""

from __future__ import annotations

import socket
import ssl
import time
from pathlib import Path

import pytest

from shared.adapters.http import Budgets
from shared.domain.delivery import Outcome
from shared.ports.webhooks import Outgoing
from tests.misbehaving import Behave, answering, nobody_listening, posted, read_request, sender, serving, url
from tools.local.certificate import self_signed


def test_a_2xx_is_delivered_with_its_excerpt() -> None:
    with serving(answering(b"HTTP/1.1 201 Created\r\nContent-Length: 5\r\n\r\nhello")) as port:
        outcome = sender().send(posted(url(port), {"X-A": "b"}, b"{}"))

    assert outcome.delivered
    assert (outcome.status_code, outcome.response_excerpt, outcome.error) == (201, "hello", "")


def test_the_body_arrives_byte_for_byte_with_the_headers_as_they_were_given() -> None:
    seen: list[bytes] = []

    def behave(connection: socket.socket) -> None:
        seen.append(read_request(connection))
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    body = bytes(range(256)) * 300
    with serving(behave) as port:
        sender().send(posted(url(port, "/hook?a=b%20c"), {"X-PayGlobe-Signature": "abc="}, body))

    head, _, arrived = seen[0].partition(b"\r\n\r\n")
    assert arrived == body
    assert head.startswith(b"POST /hook?a=b%20c HTTP/1.1\r\nHost: 127.0.0.1:")
    assert b"\r\nX-PayGlobe-Signature: abc=" in head


@pytest.mark.parametrize(
    ("response", "status", "error"),
    [
        (b"HTTP/1.1 204 No Content\r\n\r\n", 204, ""),
        (b"HTTP/1.0 200 OK\r\n\r\nuntil the end", 200, ""),
        (b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n", 302, "redirect"),
        (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", 404, "http_error"),
        (b"HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n", 410, "http_error"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", None, "invalid_response"),
        (b"HTTP/1.1 abc\r\n\r\n", None, "invalid_response"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"a" * 100_000 + b"\r\n\r\n", None, "invalid_response"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: a\r\n" * 200 + b"\r\n", None, "invalid_response"),
        (b"", None, "connection_reset"),
    ],
    ids=[
        "no body",
        "until close",
        "redirect",
        "not found",
        "gone",
        "not http",
        "no status",
        "long header",
        "many headers",
        "closed without a word",
    ],
)
def test_an_answer_is_a_status_or_a_named_failure(response: bytes, status: int | None, error: str) -> None:
    with serving(answering(response)) as port:
        outcome = sender().send(posted(url(port), {}, b"{}"))

    assert (outcome.status_code, outcome.error) == (status, error)


# ---- floods: the time of an attempt is bounded, and so is the work it makes for us -------------------------


def flooding(start: bytes, parts: bytes, *, one_by_one: bool = False) -> Behave:
    """Sends ``start`` and then ``parts`` for ever, as fast as they are taken."""

    def behave(connection: socket.socket) -> None:
        read_request(connection)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.sendall(start)
        while True:
            for piece in (bytes([byte]) for byte in parts) if one_by_one else (parts,):
                connection.sendall(piece)

    return behave


def cpu_of(behave: Behave, context: ssl.SSLContext | None = None, **settings: object) -> tuple[Outcome, float]:
    """What one attempt came to under the real budgets, and the seconds of CPU that it took."""
    scheme = "https" if context else "http"
    with serving(behave, context) as port:
        poster = sender(budgets=Budgets(), resolve=lambda host, port: ["127.0.0.1"], **settings)
        began = time.thread_time()
        outcome = poster.send(posted(f"{scheme}://shop.example.com:{port}/hook", {}, b"{}"))
        return outcome, time.thread_time() - began


CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
MOST_CPU = 0.3


@pytest.mark.parametrize(
    "behave",
    [
        flooding(b"", CONTINUE * 400),
        flooding(b"", (CONTINUE[:-2] + b"X: y\r\n" * 90 + b"\r\n") * 20),
        flooding(b"", CONTINUE[:-2] + (b"X: " + b"y" * 60_000 + b"\r\n") * 90 + b"\r\n"),
        flooding(b"", CONTINUE, one_by_one=True),
        flooding(b"HTTP/1.1 200 OK\r\nX: ", b"y", one_by_one=True),
    ],
    ids=["interim answers", "with headers", "with long headers", "byte by byte", "one header byte by byte"],
)
def test_a_flood_before_the_answer_ends_the_attempt_and_costs_no_cpu_to_speak_of(behave: Behave) -> None:
    outcome, seconds = cpu_of(behave)

    assert outcome.error == "invalid_response"
    assert seconds < MOST_CPU


@pytest.mark.parametrize(
    "behave",
    [
        flooding(CHUNKED, b"1\r\nx\r\n" * 1000),
        flooding(CHUNKED, b"1;" + b"a" * 60_000 + b"\r\nx\r\n"),
        flooding(CHUNKED + b"0\r\n", b"X: y\r\n" * 1000),
        flooding(b"HTTP/1.1 200 OK\r\n\r\n", b"x", one_by_one=True),
    ],
    ids=["tiny chunks", "chunk extensions", "trailers", "byte by byte"],
)
def test_a_flood_after_a_2xx_costs_no_cpu_to_speak_of_and_the_2xx_stands(behave: Behave) -> None:
    outcome, seconds = cpu_of(behave)

    assert outcome.delivered
    assert seconds < MOST_CPU


def test_a_flood_inside_tls_is_bounded_like_any_other(certificate: Path) -> None:
    trusting = ssl.create_default_context(cafile=str(certificate))
    tickets = server_tls(certificate)
    tickets.num_tickets = 100_000  # TLS has messages of its own that no reader of plain bytes sees

    many, seconds = cpu_of(answering(b"HTTP/1.1 200 OK\r\n\r\n"), tickets, tls=trusting)
    interim, more = cpu_of(flooding(b"", CONTINUE * 400), server_tls(certificate), tls=trusting)

    assert (many.error, interim.error) == ("invalid_response", "invalid_response")
    assert max(seconds, more) < MOST_CPU
    assert many.duration_ms < 5_000


def test_a_closed_port_and_an_unknown_name_are_told_apart() -> None:
    def nowhere(host: str, port: int) -> list[str]:
        raise socket.gaierror("unknown")

    with nobody_listening() as port:
        assert sender().send(posted(url(port), {}, b"{}")).error == "connection_refused"
    assert sender(resolve=nowhere).send(posted("http://shop.example.com/", {}, b"{}")).error == "dns_failure"


def test_retry_after_is_handed_on() -> None:
    response = b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 42\r\nContent-Length: 0\r\n\r\n"
    with serving(answering(response)) as port:
        outcome = sender().send(posted(url(port), {}, b"{}"))

    assert outcome.retry_after_seconds == 42


def test_control_characters_of_a_response_do_not_reach_the_merchants_log() -> None:
    with serving(answering(b"HTTP/1.1 500 No\r\nContent-Length: 12\r\n\r\n\x1b[31m\x00\xffevil")) as port:
        outcome = sender().send(posted(url(port), {}, b"{}"))

    assert "\x1b" not in outcome.response_excerpt
    assert "\x00" not in outcome.response_excerpt


# ---- where the socket goes -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answers",
    [["127.0.0.1"], ["169.254.169.254"], ["93.184.216.34", "10.0.0.1"], ["::1"], ["64:ff9b::7f00:1"]],
    ids=str,
)
def test_a_name_with_any_inner_address_is_refused_and_nothing_is_dialled(answers: list[str]) -> None:
    outcome = sender(allow_private=False, resolve=lambda host, port: answers).send(
        posted("https://shop.example.com/", {}, b"{}")
    )

    assert outcome.error == "address_refused"
    assert outcome.response_excerpt == ""


@pytest.mark.parametrize("host", ["2130706433", "127.1", "0x7f000001", "①②⑦.0.0.1"])
def test_odd_literals_are_refused_at_the_dial_as_well(host: str) -> None:
    assert sender(allow_private=False).send(posted(f"https://{host}/", {}, b"{}")).error == "address_refused"


def test_a_name_is_resolved_once_so_that_it_cannot_change_between_check_and_dial(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []
    dialled: list[str] = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["93.184.216.34"] if len(asked) == 1 else ["127.0.0.1"]

    def dial(address: tuple[str, int], timeout: float) -> socket.socket:
        dialled.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr("shared.adapters.dialling.socket.create_connection", dial)
    outcome = sender(allow_private=False, resolve=rebinding).send(posted("https://shop.example.com/", {}, b"{}"))

    assert asked == ["shop.example.com"]
    assert dialled == ["93.184.216.34"]
    assert outcome.error == "connection_refused"


def test_an_international_name_is_resolved_in_ascii() -> None:
    asked: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return []

    sender(allow_private=False, resolve=resolve).send(posted("https://münchen.example/", {}, b"{}"))

    assert asked == ["xn--mnchen-3ya.example"]


# ---- TLS -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for shop.example.com that nobody but the test's own client trusts."""
    return self_signed(tmp_path_factory.mktemp("tls"), "shop.example.com", "127.0.0.2")


def server_tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def test_tls_verifies_the_name_while_the_socket_goes_to_the_judged_address(certificate: Path) -> None:
    context = server_tls(certificate)
    named: list[str | None] = []
    context.sni_callback = lambda connection, name, _: named.append(name)
    trusting = ssl.create_default_context(cafile=str(certificate))
    with serving(answering(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), context) as port:
        here = sender(tls=trusting, resolve=lambda host, port: ["127.0.0.1"])
        good = here.send(posted(f"https://shop.example.com:{port}/", {}, b"{}"))
        wrong = here.send(posted(f"https://other.example.com:{port}/", {}, b"{}"))

    assert good.delivered
    assert named == ["shop.example.com", "other.example.com"]
    assert wrong.error == "tls_failure"


def test_an_untrusted_certificate_and_a_plain_server_are_tls_failures(certificate: Path) -> None:
    with serving(answering(b""), server_tls(certificate)) as port:
        untrusted = sender().send(posted(f"https://127.0.0.1:{port}/", {}, b"{}"))

    def plain(connection: socket.socket) -> None:
        connection.recv(10)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with serving(plain) as port:
        not_tls = sender().send(posted(f"https://127.0.0.1:{port}/", {}, b"{}"))

    assert untrusted.error == "tls_failure"
    assert not_tls.error == "tls_failure"


def test_a_get_carries_no_length_without_a_body_and_its_headers_as_they_are_written() -> None:
    heard: list[bytes] = []

    def behave(connection: socket.socket) -> None:
        heard.append(connection.recv(65536))
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

    with serving(behave) as port:
        outcome = sender().send(Outgoing("GET", url(port, "/ipn?a=b&c=d"), {"X-Pg-Sig": "ab"}, b""))

    assert outcome.delivered
    head = heard[0].split(b"\r\n")
    assert head[0] == b"GET /ipn?a=b&c=d HTTP/1.1"
    assert b"X-Pg-Sig: ab" in head
    assert not [line for line in head if line.lower().startswith(b"content-length")]
