"""A few payments played against the local cloud, each call of a handler kept with the AWS calls it made."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, replace
from typing import Any

from shared.domain.delivery import NOTIFY
from tools.bench.tape import EMPTY, Tape, Taped, recording
from tools.local.demo.stage import CARD
from tools.testing.calling import Event, example_event, invoke, reply, request, sample


@dataclass(frozen=True, slots=True)
class Scene:
    """One call of a handler, as data: what it gets, and the AWS calls it made when it got it.

    ``first`` are the calls of a worker's first such event, where it reads what it then remembers. With a ``post``, a
    bare POST to that address counts with the calls.
    """

    name: str
    module: str
    event: Event
    calls: tuple[Taped, ...]
    first: tuple[Taped, ...] = ()
    post: str = ""

    @property
    def tape(self) -> Tape:
        return Tape([call.answer for call in self.first], [call.answer for call in self.calls])


@dataclass(slots=True)
class _Story:
    """Plays what happens to payments and keeps a scene of each call that has a name."""

    scenes: list[Scene]

    def tell(self, name: str, module: str, event: Event) -> dict[str, Any]:
        with recording() as calls:
            answer = invoke(module, event)
        self.scenes.append(Scene(name, module, event, tuple(map(_as_in_a_flow, calls))))
        return dict(json.loads(answer["body"])) if "body" in answer else answer

    def step(self, module: str, payment_id: str) -> None:
        event = {"paymentId": payment_id, "taskToken": "token"}
        self.tell(f"{module.replace('_', ' ')} step", f"payment_flow.{module}", event)


def _as_in_a_flow(call: Taped) -> Taped:
    """No machine waits for these tokens; where one does, waking it succeeds."""
    return replace(call, answer=EMPTY) if call.operation == "SendTaskSuccess" else call


def record(hook: str) -> list[Scene]:
    """Every handler of the way of a payment once, warm, with the AWS calls it made. ``hook`` takes deliveries."""
    story = _Story([])
    payment = _held(story)
    path = {"transactionId": payment["id"]}
    choice = {"choice": "VOUCHERS", "vouchers": [{"otp": f"V5000-{secrets.token_hex(4)}"}]}
    story.tell("choice", "payment.voucher_choice", request("payment.voucher_choice", path=path, body=choice))
    for step in ("resume", "validate_vouchers", "spend_vouchers", "notify_vouchers", "capture_card"):
        story.step(step, payment["id"])
    story.tell("state", "payment.transaction", request("payment.transaction", path=path))
    story.tell("refund", "payment.refund", request("payment.refund", path=path, body={"amount": 10}))
    _other_ends(story)
    _of_an_order(story)
    _of_a_transaction(story)
    _told(story, hook)
    return story.scenes


def _held(story: _Story) -> dict[str, Any]:
    """A payment whose card is held."""
    order = {"amount": 150.0, "description": "Order 12345"}
    reply("payment.init", request("payment.init", body=order))  # the first call of a process builds its clients
    payment = story.tell("init", "payment.init", request("payment.init", body=order))
    keyed = {"Idempotency-Key": secrets.token_hex(8)}
    story.tell("init with a key", "payment.init", request("payment.init", headers=keyed, body=order))
    story.step("await_preauth", payment["id"])
    _card(payment)
    story.step("await_tender_choice", payment["id"])
    return payment


def _card(payment: dict[str, Any]) -> None:
    page = {"paymentID": payment["igfs"]["paymentId"]}
    reply("sandbox.card_page_submit", request("sandbox.card_page_submit", path=page, body=CARD))


def _other_ends(story: _Story) -> None:
    """Vouchers that fail when they are spent, and a checkout that its shop gives up."""
    for otp, ends in ((f"V5000-SPENDFAIL{secrets.token_hex(4)}", "restore_vouchers"), ("", "close_checkout")):
        payment = reply("payment.init", request("payment.init"))
        path = {"transactionId": payment["id"]}
        _card(payment)
        if otp:
            body = {"choice": "VOUCHERS", "vouchers": [{"otp": otp}]}
            reply("payment.voucher_choice", request("payment.voucher_choice", path=path, body=body))
            for step in ("validate_vouchers", "spend_vouchers"):
                invoke(f"payment_flow.{step}", {"paymentId": payment["id"]})
            story.step(ends, payment["id"])
        else:
            reply("payment.cancel", request("payment.cancel", path=path))
            story.step(ends, payment["id"])
            story.step("void_card", payment["id"])


def _of_an_order(story: _Story) -> None:
    """An order paid by a card that the shop brings: its holder's word, and what the shop asks and gives back."""
    order = story.tell("order", "glomopay.order_create", request("glomopay.order_create"))
    body = sample("glomopay.payment_create")["body"] | {"order_id": order["id"]}
    begun = story.tell("order's payment", "glomopay.payment_create", request("glomopay.payment_create", body=body))
    path = {"id": begun["payment_id"]}
    token = begun["next_steps"][0]["payload"]["url"].partition("authToken=")[2].partition("&")[0]
    agreed = request(
        "glomopay.authentication_submit",
        path=path,
        headers={"Authorization": f"Bearer {token}"},
        body={"otp": "123456"},
    )
    story.tell("holder's word", "glomopay.authentication_submit", agreed)
    story.tell("poll", "glomopay.payment_get", request("glomopay.payment_get", path=path))
    story.tell("list of orders", "glomopay.order_list", request("glomopay.order_list"))
    back = {"payment_id": begun["payment_id"], "amount": 100}
    story.tell("order's refund", "glomopay.refund_create", request("glomopay.refund_create", body=back))


def _of_a_transaction(story: _Story) -> None:
    """A transaction by a method: what its shop signs, and its page from the choice of a method to its beginning."""
    story.tell("token", "paygol.auth_token", request("paygol.auth_token"))
    story.tell("methods of a country", "paygol.payment_methods", request("paygol.payment_methods"))
    made = story.tell("transaction", "paygol.payment_create", request("paygol.payment_create"))
    number = {"transaction_id": made["data"]["transaction_id"]}
    story.tell("its status", "paygol.payment_status", request("paygol.payment_status", body=number))
    opened = reply("paygol.payment_webcheckout", request("paygol.payment_webcheckout"))
    path, whole = {"id": opened["data"]["transaction_id"]}, sample("paygol.payment_create")["body"]
    story.tell("its page", "paygol.checkout", request("paygol.checkout", path=path))
    named = ("pg_country", "pg_method", "pg_first_name", "pg_last_name", "pg_email")
    choice = {name: whole[name] for name in named}
    story.tell("its method", "paygol.checkout_method", request("paygol.checkout_method", path=path, body=choice))
    story.tell("its beginning", "paygol.checkout_start", request("paygol.checkout_start", path=path))


def _told(story: _Story, hook: str) -> None:
    """One webhook; the worker knows the merchant's secret from the one before."""
    for _ in range(2):
        story.tell("deliver", "webhook.deliver", _delivery(hook))
    warm, first = story.scenes.pop(), story.scenes.pop()
    warm = replace(warm, first=first.calls)
    story.scenes += [warm, replace(warm, name="deliver, beside its calls and a bare POST", post=hook)]


def _delivery(hook: str) -> Event:
    event = example_event("webhook.deliver")
    message = event["Records"][0]
    task = json.loads(message["body"])
    task |= {"endpointId": NOTIFY, "eventId": f"evt_{secrets.token_hex(16)}"}
    task["event"] |= {"id": task["eventId"], "notifyUrl": hook}
    message["body"] = json.dumps(task)
    return event
