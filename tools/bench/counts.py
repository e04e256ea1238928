"""AWS calls and state transitions of requests, steps and whole payments: exact, the same in every run."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Final

from tools.bench.metering import Meter
from tools.bench.one_payment import CARD_ONLY, VOUCHERS, Course, a_warm_driver
from tools.bench.table import Row
from tools.ops.onboarding import DEMO_PUBLISHABLE
from tools.testing.calling import sample

PART: Final = "AWS calls and state transitions (counted; the sandbox's own books left out)"
_WEBHOOKS: Final = ("webhook.fan_out", "webhook.deliver")
_AFTERWARDS: Final = ("payment.transaction", "payment.receipt")


@dataclass(frozen=True, slots=True)
class Counted:
    """A whole payment of one choice."""

    meter: Meter
    course: Course

    @property
    def calls(self) -> int:
        """From init to the end: without looking at it, its receipt and its webhooks."""
        apart = (*_WEBHOOKS, *_AFTERWARDS)
        return sum(count for name, count in self.meter.by_name().items() if name not in apart)

    @property
    def largest_step(self) -> int:
        return max(len(used.calls) for name, used in self.meter.visits if name.startswith("payment_flow."))

    @property
    def calls_per_delivery(self) -> float:
        calls = sum(count for name, count in self.meter.by_name().items() if name in _WEBHOOKS)
        return calls / self.course.deliveries


def counted(choice: str) -> Counted:
    """Pay once in a warm process and look at what that took."""
    with a_warm_driver() as driver:
        driver.pay(choice)
        return Counted(driver.meter, driver.course)


def of_a_create() -> dict[str, list[str]]:
    """The calls of a create: plain, with an Idempotency-Key, the same again; with a publishable key, with both."""
    names = ("plain", "with a key", "replay", "publishable", "publishable with a key")
    with a_warm_driver() as driver:
        key, another = ({"Idempotency-Key": uuid.uuid4().hex} for _ in range(2))
        publishable = {"Authorization": f"Bearer {DEMO_PUBLISHABLE}"}
        for headers in ({}, key, key, publishable, publishable | another):
            driver.request("payment.init", headers=headers)
        calls = [used.calls for name, used in driver.meter.visits if name == "payment.init"]
        return dict(zip(names, calls, strict=True))


def of_an_order() -> dict[str, list[str]]:
    """The calls of an order, of a payment of it by a card that the shop brings, of a second try, and of a poll."""
    with a_warm_driver() as driver:
        order = driver.request("glomopay.order_create")["id"]
        card = sample("glomopay.payment_create")["body"] | {"order_id": order}
        first = driver.request("glomopay.payment_create", body=card)["payment_id"]
        driver.request("glomopay.payment_get", path={"id": first})
        driver.request("glomopay.payment_cancel", path={"id": first})
        driver.request("glomopay.payment_create", body=card)
        names = ("order_create", "payment_create", "payment_get")
        visits = [(name, used.calls) for name, used in driver.meter.visits]
        found = {name: [calls for visited, calls in visits if visited == f"glomopay.{name}"] for name in names}
        return {
            "order": found["order_create"][-1],
            "payment": found["payment_create"][-2],
            "poll": found["payment_get"][-1],
            "second try": found["payment_create"][-1],
        }


def of_a_transaction() -> dict[str, list[str]]:
    """The calls of what a service signs (each finds the service's secret), and of a transaction's page."""
    with a_warm_driver() as driver:
        made = driver.request("paygol.payment_create")["data"]
        for module in ("auth_token", "payment_methods", "payment_webcheckout"):
            driver.request(f"paygol.{module}")
        driver.request("paygol.payment_status", body={"transaction_id": made["transaction_id"]})
        driver.request("paygol.checkout", path={"id": made["transaction_id"]})
        return {
            name.partition(".")[2]: used.calls for name, used in driver.meter.visits if name.startswith("paygol.")
        }


def measure(quick: bool) -> list[Row]:
    """Quick and whole are the same: two payments and three creates take seconds."""
    create, order, transaction = of_a_create(), of_an_order(), of_a_transaction()
    card, vouchers = counted(CARD_ONLY), counted(VOUCHERS)
    most = max(card.largest_step, vouchers.largest_step)
    figures: list[tuple[str, float, float | None, str]] = [
        ("create", len(create["plain"]), 3, "calls"),
        ("create with an Idempotency-Key", len(create["with a key"]), 4, "calls"),
        ("replay of a create", len(create["replay"]), 2, "calls"),
        ("create with a publishable key", len(create["publishable"]), 4, "calls"),
        ("the same with an Idempotency-Key", len(create["publishable with a key"]), 5, "calls"),
        ("an order's payment by a card that is brought", len(order["payment"]), 5, "calls"),
        ("the next try after one that ended", len(order["second try"]), 5, "calls"),
        ("a poll of it", len(order["poll"]), 2, "calls"),
        ("a transaction by a method", len(transaction["payment_create"]), 3, "calls"),
        ("its status", len(transaction["payment_status"]), 2, "calls"),
        ("a token, or the methods of a country", len(transaction["auth_token"]), 1, "calls"),
        ("the largest flow step", most, 3, "calls"),
        ("whole payment, card only", card.calls, None, "calls"),
        ("whole payment, card and voucher", vouchers.calls, 20, "calls"),
        ("a delivered event", max(card.calls_per_delivery, vouchers.calls_per_delivery), 4, "calls"),
        ("transitions, card only", len(card.course.transitions), 10, ""),
        ("transitions, card and voucher", len(vouchers.course.transitions), 16, ""),
    ]
    return [Row(PART, name, figure, unit, goal) for name, figure, goal, unit in figures]
