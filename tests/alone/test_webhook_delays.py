"""A receiver that hangs delays no other, on a whole gateway."""

from __future__ import annotations

import threading
import time

from shared.adapters.http import Budgets
from tests.client import Client, until
from tests.e2e.test_webhooks import add, delivery_once, merchant, receiver, send_test, shop
from tests.merchants import Onboarded
from tests.receiver import Received, Receiver

__all__ = ["merchant", "receiver", "shop"]  # its fixtures


HUNG = Budgets().first_byte  # seconds that an attempt takes which gets no answer


def test_one_hanging_endpoint_delays_no_other(shop: Client, receiver: Receiver) -> None:
    release = threading.Event()

    def hang(request: Received, before: int) -> int:
        release.wait(20)
        return 200

    with Receiver(hang) as hanging:
        add(shop, hanging)
        add(shop, receiver)
        try:
            shop.paid()
            receiver.wait(3, seconds=HUNG - 1)
        finally:
            release.set()


def heard_after(receiver: Receiver, path: str, visitor: Client) -> float:
    """Seconds from a payment's card to what is told of it at ``path``."""
    payment = visitor.init(notifyUrl=receiver.url(path))
    visitor.card(payment)
    began = time.monotonic()
    receiver.wait(1, path)
    return time.monotonic() - began


def test_with_ten_notify_urls_hanging_a_healthy_one_hears_as_soon_as_ever(
    shop: Client, merchant: Onboarded, receiver: Receiver
) -> None:
    release = threading.Event()

    def hang(request: Received, before: int) -> int:
        release.wait(60)
        return 200

    with Receiver(hang) as dead:
        visitor = shop.using(merchant.publishable)
        usual = max(heard_after(receiver, f"/before/{number}", visitor) for number in range(2))
        for number in range(10):
            shop.card(visitor.init(notifyUrl=dead.url(f"/{number}")))
        try:
            until(lambda: len(dead.received), lambda count: count >= 10)
            for number in range(3):
                assert heard_after(receiver, f"/paid/{number}", visitor) < min(2 + 2 * usual, HUNG / 2), usual
        finally:
            release.set()


def test_a_flood_to_a_dead_endpoint_delays_no_other(shop: Client, receiver: Receiver) -> None:
    release = threading.Event()

    def hang(request: Received, before: int) -> int:
        release.wait(60)
        return 200

    with Receiver(hang) as dead:
        flooded, healthy = add(shop, dead, events=["endpoint.test"]), add(shop, receiver)
        for _ in range(30):
            send_test(shop, flooded)
        try:
            for count in range(1, 6):
                send_test(shop, healthy)
                receiver.wait(count, seconds=HUNG - 1)
        finally:
            release.set()


def test_a_slow_receiver_times_out_and_is_tried_again(shop: Client) -> None:
    release = threading.Event()

    def slow_once(request: Received, before: int) -> int:
        if before == 0:
            release.wait(60)
        return 200

    with Receiver(slow_once) as slow:
        endpoint = add(shop, slow)
        send_test(shop, endpoint)
        delivery = delivery_once(shop, endpoint, "DELIVERED")
        release.set()
    assert delivery["attempts"][0]["error"] == "timeout", delivery
    assert 1000 * (HUNG - 1) < delivery["attempts"][0]["durationMs"] < 1000 * 3 * HUNG
