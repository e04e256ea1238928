"""A receiver that hangs delays no other, on a whole gateway."""

from __future__ import annotations

import threading

from tests.client import Client, until
from tests.e2e.test_webhooks import add, delivery_once, merchant, receiver, send_test, shop
from tests.merchants import Onboarded
from tests.receiver import Received, Receiver

__all__ = ["merchant", "receiver", "shop"]  # its fixtures


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
            receiver.wait(3, seconds=8)
        finally:
            release.set()


def test_with_ten_notify_urls_hanging_a_healthy_one_hears_within_two_seconds(
    shop: Client, merchant: Onboarded, receiver: Receiver
) -> None:
    release = threading.Event()

    def hang(request: Received, before: int) -> int:
        release.wait(60)
        return 200

    with Receiver(hang) as dead:
        visitor = shop.using(merchant.publishable)
        for number in range(10):
            shop.card(visitor.init(notifyUrl=dead.url(f"/{number}")))
        try:
            until(lambda: len(dead.received), lambda count: count >= 10)
            for number in range(3):
                payment = visitor.init(notifyUrl=receiver.url(f"/paid/{number}"))
                shop.card(payment)
                receiver.wait(1, f"/paid/{number}", seconds=2)
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
                receiver.wait(count, seconds=10)
        finally:
            release.set()


def test_a_slow_receiver_times_out_and_is_tried_again(shop: Client) -> None:
    release = threading.Event()

    def slow_once(request: Received, before: int) -> int:
        if before == 0:
            release.wait(15)
        return 200

    with Receiver(slow_once) as slow:
        endpoint = add(shop, slow)
        send_test(shop, endpoint)
        delivery = delivery_once(shop, endpoint, "DELIVERED")
        release.set()
    assert delivery["attempts"][0]["error"] == "timeout", delivery
    assert 8_000 < delivery["attempts"][0]["durationMs"] <= 10_500
