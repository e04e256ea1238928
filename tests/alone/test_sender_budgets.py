"""How long a webhook may take: every way a receiver can misbehave is bounded by a budget."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from shared.adapters.http import MOST_READ, Budgets, PinnedSender
from tests.misbehaving import (
    QUICK,
    Behave,
    answering,
    dripping,
    hanging,
    posted,
    read_request,
    resetting,
    serving,
    url,
)
from tests.misbehaving import sender as patient

SLACK = 3.0  # what a busy machine may add to a budget; without one, twenty seconds or no end


def sender(**settings: object) -> PinnedSender:
    return patient(**({"budgets": QUICK} | settings))


@contextmanager
def over() -> Iterator[threading.Event]:
    """Set when the block ends, for whoever holds something until then."""
    ended = threading.Event()
    try:
        yield ended
    finally:
        ended.set()


def hold(ended: threading.Event) -> None:
    ended.wait(20)


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
        outcome = sender().send(posted(url(port), {}, b"{}"))
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
        outcome = sender().send(posted(url(port), {}, b"{}"))
        elapsed = time.monotonic() - began

    assert outcome.delivered
    assert elapsed < QUICK.total + SLACK


def test_a_dripping_body_does_not_hold_an_attempt_whose_status_is_known() -> None:
    budgets = Budgets(lookup=0.5, connect=0.5, first_byte=5.0, body=0.4, total=6.0)
    with serving(dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + b"a" * 5000, 0.0005)) as port:
        outcome = sender(budgets=budgets).send(posted(url(port), {}, b"{}"))

    assert outcome.delivered
    assert outcome.duration_ms < 4_000  # the first byte's budget, and the whole one, are longer


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

    budgets = Budgets(lookup=0.5, connect=0.5, first_byte=10.0, body=10.0, total=20.0)
    with serving(behave) as port:
        outcome = sender(budgets=budgets).send(posted(url(port), {}, b"{}"))

    assert outcome.delivered
    assert len(outcome.response_excerpt) <= 500
    assert outcome.duration_ms < 5_000  # closed at the cap, not at a budget
    assert sent < MOST_READ + 8_000_000  # what both sides' buffers took; never all of it


def test_a_receiver_that_takes_no_bytes_is_bounded_too() -> None:
    with over() as is_over, serving(lambda connection: hold(is_over)) as port:
        began = time.monotonic()
        outcome = sender().send(posted(url(port), {}, b"x" * 30_000_000))
        elapsed = time.monotonic() - began

    assert outcome.error == "timeout"
    assert elapsed < QUICK.total + SLACK


def test_a_resolver_that_hangs_is_bounded() -> None:
    with over() as is_over:

        def slow(host: str, port: int) -> list[str]:
            hold(is_over)
            return ["127.0.0.1"]

        began = time.monotonic()
        outcome = sender(resolve=slow).send(posted("http://shop.example.com/", {}, b"{}"))
        elapsed = time.monotonic() - began

    assert outcome.error == "dns_timeout"
    assert elapsed < QUICK.lookup + SLACK


def test_a_handshake_that_hangs_or_drips_is_bounded() -> None:
    def drips(connection: socket.socket) -> None:
        while True:
            connection.sendall(b"\x16")
            time.sleep(0.1)

    with over() as is_over:
        for behave in (lambda connection: hold(is_over), drips):
            with serving(behave) as port:
                began = time.monotonic()
                outcome = sender().send(posted(f"https://127.0.0.1:{port}/", {}, b"{}"))
            assert outcome.error in ("timeout", "tls_failure")
            assert time.monotonic() - began < QUICK.total + SLACK


def test_ten_at_once_with_one_hanging_leave_nine_as_fast_as_ever() -> None:
    ok = answering(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    budgets = Budgets(lookup=0.5, connect=0.5, first_byte=3.0, total=4.0)
    with serving(hanging) as bad, serving(ok) as good:
        one = sender(budgets=budgets)
        took: dict[int, float] = {}

        def post(number: int) -> None:
            began = time.monotonic()
            one.send(posted(url(bad if number == 0 else good), {}, b"{}"))
            took[number] = time.monotonic() - began

        threads = [threading.Thread(target=post, args=(number,)) for number in range(10)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert max(took[number] for number in range(1, 10)) < budgets.first_byte / 2
    assert took[0] >= budgets.first_byte
