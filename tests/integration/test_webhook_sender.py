"""The sender on real sockets: every way a receiver can misbehave is bounded, told apart and harmless."""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from local.certificate import self_signed
from shared.adapters.http import MOST_READ, Budgets, PinnedSender
from shared.domain.delivery import Outcome

Behave = Callable[[socket.socket], None]
QUICK = Budgets(lookup=0.5, connect=0.5, first_byte=0.7, total=1.0)
SLACK = 0.6  # what a busy machine may add to a budget


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


def read_request(connection: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        data += connection.recv(65536)
    head, _, body = data.partition(b"\r\n\r\n")
    length = next(int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.startswith(b"Content-Length"))
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
    time.sleep(5)


def resetting(connection: socket.socket) -> None:
    read_request(connection)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def sender(**settings: object) -> PinnedSender:
    return PinnedSender(**({"allow_private": True, "budgets": QUICK} | settings))  # type: ignore[arg-type]


def url(port: int, path: str = "/hook") -> str:
    return f"http://127.0.0.1:{port}{path}"


def test_a_2xx_is_delivered_with_its_excerpt() -> None:
    with serving(answering(b"HTTP/1.1 201 Created\r\nContent-Length: 5\r\n\r\nhello")) as port:
        outcome = sender().post(url(port), {"X-A": "b"}, b"{}")

    assert outcome.delivered
    assert (outcome.status_code, outcome.response_excerpt, outcome.error) == (201, "hello", "")


def test_the_body_arrives_byte_for_byte_with_the_headers_as_they_were_given() -> None:
    seen: list[bytes] = []

    def behave(connection: socket.socket) -> None:
        seen.append(read_request(connection))
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    body = bytes(range(256)) * 300
    with serving(behave) as port:
        sender().post(url(port, "/hook?a=b%20c"), {"X-PayGlobe-Signature": "abc="}, body)

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
        outcome = sender().post(url(port), {}, b"{}")

    assert (outcome.status_code, outcome.error) == (status, error)


@pytest.mark.parametrize(
    ("behave", "error"),
    [
        (hanging, "timeout"),
        (dripping(b"H"), "timeout"),
        (dripping(b"HTTP/1.1 100 Continue\r\n\r\n", 0.002), "timeout"),
        (dripping(b"HTTP/1.1 200 OK\r\nX-Slow: " + b"a" * 1000), "timeout"),
        (resetting, "connection_reset"),
    ],
    ids=["no answer", "status drips", "continues for ever", "header drips", "reset"],
)
def test_whatever_hangs_ends_within_the_budget(behave: Behave, error: str) -> None:
    with serving(behave) as port:
        began = time.monotonic()
        outcome = sender().post(url(port), {}, b"{}")
        elapsed = time.monotonic() - began

    assert outcome.error == error
    assert elapsed < QUICK.total + SLACK


@pytest.mark.parametrize(
    "body",
    [dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + b"a" * 500, 0.0005)],
    ids=["body drips"],
)
def test_a_2xx_stands_although_its_body_never_ends(body: Behave) -> None:
    with serving(body) as port:
        began = time.monotonic()
        outcome = sender().post(url(port), {}, b"{}")
        elapsed = time.monotonic() - began

    assert outcome.delivered
    assert elapsed < QUICK.total + SLACK


def test_a_dripping_body_does_not_hold_an_attempt_whose_status_is_known() -> None:
    budgets = Budgets(lookup=0.5, connect=0.5, first_byte=5.0, body=0.4, total=6.0)
    with serving(dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + b"a" * 5000, 0.0005)) as port:
        outcome = sender(budgets=budgets).post(url(port), {}, b"{}")

    assert outcome.delivered
    assert outcome.duration_ms < 2_000


def test_an_endless_body_is_read_to_its_cap_and_no_further() -> None:
    sent = 0

    def behave(connection: socket.socket) -> None:
        nonlocal sent
        read_request(connection)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            connection.sendall(b"x" * 4096)
            sent += 4096

    with serving(behave) as port:
        outcome = sender().post(url(port), {}, b"{}")

    assert outcome.delivered
    assert len(outcome.response_excerpt) <= 500
    assert outcome.duration_ms < 600  # closed at the cap, not at a budget
    assert sent < MOST_READ + 8_000_000  # what both sides' buffers took; never all of it


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
        outcome = poster.post(f"{scheme}://shop.example.com:{port}/hook", {}, b"{}")
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


def test_a_receiver_that_takes_no_bytes_is_bounded_too() -> None:
    def never_reads(connection: socket.socket) -> None:
        time.sleep(3)

    with serving(never_reads) as port:
        began = time.monotonic()
        outcome = sender().post(url(port), {}, b"x" * 30_000_000)
        elapsed = time.monotonic() - began

    assert outcome.error == "timeout"
    assert elapsed < QUICK.total + SLACK


def test_a_closed_port_and_an_unknown_name_are_told_apart() -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]

    def nowhere(host: str, port: int) -> list[str]:
        raise socket.gaierror("unknown")

    assert sender().post(url(port), {}, b"{}").error == "connection_refused"
    assert sender(resolve=nowhere).post("http://shop.example.com/", {}, b"{}").error == "dns_failure"


def test_a_resolver_that_hangs_is_bounded() -> None:
    def slow(host: str, port: int) -> list[str]:
        time.sleep(2)
        return ["127.0.0.1"]

    began = time.monotonic()
    outcome = sender(resolve=slow).post("http://shop.example.com/", {}, b"{}")

    assert outcome.error == "dns_timeout"
    assert time.monotonic() - began < QUICK.lookup + SLACK


def test_retry_after_is_handed_on() -> None:
    response = b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 42\r\nContent-Length: 0\r\n\r\n"
    with serving(answering(response)) as port:
        outcome = sender().post(url(port), {}, b"{}")

    assert outcome.retry_after_seconds == 42


def test_control_characters_of_a_response_do_not_reach_the_merchants_log() -> None:
    with serving(answering(b"HTTP/1.1 500 No\r\nContent-Length: 12\r\n\r\n\x1b[31m\x00\xffevil")) as port:
        outcome = sender().post(url(port), {}, b"{}")

    assert "\x1b" not in outcome.response_excerpt
    assert "\x00" not in outcome.response_excerpt


# ---- where the socket goes -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answers",
    [["127.0.0.1"], ["169.254.169.254"], ["93.184.216.34", "10.0.0.1"], ["::1"], ["64:ff9b::7f00:1"]],
    ids=str,
)
def test_a_name_with_any_inner_address_is_refused_and_nothing_is_dialled(answers: list[str]) -> None:
    outcome = sender(allow_private=False, resolve=lambda host, port: answers).post(
        "https://shop.example.com/", {}, b"{}"
    )

    assert outcome.error == "address_refused"
    assert outcome.response_excerpt == ""


@pytest.mark.parametrize("host", ["2130706433", "127.1", "0x7f000001", "①②⑦.0.0.1"])
def test_odd_literals_are_refused_at_the_dial_as_well(host: str) -> None:
    assert sender(allow_private=False).post(f"https://{host}/", {}, b"{}").error == "address_refused"


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

    monkeypatch.setattr("shared.adapters.http.socket.create_connection", dial)
    outcome = sender(allow_private=False, resolve=rebinding).post("https://shop.example.com/", {}, b"{}")

    assert asked == ["shop.example.com"]
    assert dialled == ["93.184.216.34"]
    assert outcome.error == "connection_refused"


def test_an_international_name_is_resolved_in_ascii() -> None:
    asked: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return []

    sender(allow_private=False, resolve=resolve).post("https://münchen.example/", {}, b"{}")

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
        good = here.post(f"https://shop.example.com:{port}/", {}, b"{}")
        wrong = here.post(f"https://other.example.com:{port}/", {}, b"{}")

    assert good.delivered
    assert named == ["shop.example.com", "other.example.com"]
    assert wrong.error == "tls_failure"


def test_an_untrusted_certificate_and_a_plain_server_are_tls_failures(certificate: Path) -> None:
    with serving(answering(b""), server_tls(certificate)) as port:
        untrusted = sender().post(f"https://127.0.0.1:{port}/", {}, b"{}")

    def plain(connection: socket.socket) -> None:
        connection.recv(10)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with serving(plain) as port:
        not_tls = sender().post(f"https://127.0.0.1:{port}/", {}, b"{}")

    assert untrusted.error == "tls_failure"
    assert not_tls.error == "tls_failure"


def test_a_handshake_that_hangs_or_drips_is_bounded() -> None:
    def drips(connection: socket.socket) -> None:
        while True:
            connection.sendall(b"\x16")
            time.sleep(0.1)

    for behave in (lambda connection: time.sleep(3), drips):
        with serving(behave) as port:
            began = time.monotonic()
            outcome = sender().post(f"https://127.0.0.1:{port}/", {}, b"{}")
        assert outcome.error in ("timeout", "tls_failure")
        assert time.monotonic() - began < QUICK.total + SLACK


def test_ten_at_once_with_one_hanging_leave_nine_as_fast_as_ever() -> None:
    ok = answering(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    with serving(hanging) as bad, serving(ok) as good:
        one = sender()
        took: dict[int, float] = {}

        def post(number: int) -> None:
            began = time.monotonic()
            one.post(url(bad if number == 0 else good), {}, b"{}")
            took[number] = time.monotonic() - began

        threads = [threading.Thread(target=post, args=(number,)) for number in range(10)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert max(took[number] for number in range(1, 10)) < 0.5
    assert took[0] >= QUICK.first_byte
