"""A shop's server, and the customer whose card it brings along."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

from functions.glomopay.authentication import handler as challenge
from functions.glomopay.authentication_cancel import handler as give_up
from functions.glomopay.authentication_submit import handler as submit
from functions.glomopay.order_create import handler as create_order
from functions.glomopay.order_get import handler as read_order
from functions.glomopay.payment_create import handler as create_payment
from functions.glomopay.payment_get import handler as read_payment
from shared.domain.event import Event
from shared.families.glomopay.notices import GlomopayFormat
from tests.schemas import check_notice
from tests.unit.edge.conftest import SECRET, Edge
from tests.unit.edge.requests import Answer, ask

OTP_CARD = "4111111111111111"
PLAIN_CARD = "4532491111111111"
DECLINED_CARD = "4556891111111112"
CALLBACK = "https://shop.example/back?cart=7&x=%C3%A8#top"


def card(number: str = OTP_CARD, **more: Any) -> dict[str, Any]:
    whole = {"holder_name": "John Doe", "number": number, "expiry_month": "09", "expiry_year": "2030", "cvv": "123"}
    return {**whole, **more}


def order(customer: dict[str, Any], **more: Any) -> str:
    made = ask(create_order, {"customer_id": customer["id"], "currency": "USD", "amount": 1000, **more}, key=SECRET)
    assert made.status == 201, made.text
    return str(made.json["id"])


def pay(order_id: str, /, number: str = OTP_CARD, *, key: str = SECRET, **more: Any) -> Answer:
    whole = {"order_id": order_id, "method": "card", "card": card(number), "callback_url": CALLBACK}
    body = {**whole, **more}
    return ask(create_payment, body, key=key)


def begun(order_id: str, number: str = OTP_CARD, **more: Any) -> Holder:
    answer = pay(order_id, number, **more)
    assert answer.status == 201, answer.text
    return Holder(answer.json)


def shown(payment_id: str) -> dict[str, Any]:
    answer = ask(read_payment, key=SECRET, path={"id": payment_id})
    assert answer.status == 200, answer.text
    return answer.json


def order_status(order_id: str) -> str:
    return str(ask(read_order, key=SECRET, path={"id": order_id}).json["status"])


class Holder:
    """The card's holder, on the page that the reply of ``POST /payments`` leads to."""

    def __init__(self, reply: dict[str, Any]) -> None:
        self.reply = reply
        self.id = str(reply["payment_id"])
        self.address = str(reply["next_steps"][0]["payload"]["url"])
        self.query = {name: values[0] for name, values in parse_qs(urlsplit(self.address).query).items()}
        self.token = self.query["authToken"]

    def look(self, token: str | None = None) -> Answer:
        return ask(challenge, key=token or self.token, path={"id": self.id})

    def answer(self, otp: object = "123456", token: str | None = None) -> Answer:
        body = {} if otp is None else {"otp": otp}
        return ask(submit, body, key=token or self.token, path={"id": self.id})

    def leave(self) -> Answer:
        return ask(give_up, {}, key=self.token, path={"id": self.id})


def told(address: str) -> dict[str, str]:
    """What a callback's address says."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query, keep_blank_values=True).items()}


def is_genuine(address: str, key: str = SECRET) -> bool:
    """As the guide's snippets verify a callback."""
    said = told(address)
    signed = f"{said['order_id']}|{said['payment_id']}|{said['status']}"
    return hmac.new(key.encode(), signed.encode(), hashlib.sha256).hexdigest() == said["signature"]


def spoken(edge: Edge) -> list[tuple[str, Event]]:
    """What the shop was told by now, by the name of each notice; each is as its schema says."""
    form = GlomopayFormat()
    told = [(name, event) for event in edge.world.events.told if (name := form.name(event))]
    for name, event in told:
        check_notice("glomopay", name.partition(".")[0], json.loads(form.body(event)))
    return told
