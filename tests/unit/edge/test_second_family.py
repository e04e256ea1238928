"""A second family needs nothing of the edge: forms in, signed answers out, every refusal of a caller an HTTP 200."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Unpack
from urllib.parse import parse_qsl, urlencode

import pytest
from pydantic import BaseModel

from shared.bootstrap import core
from shared.domain.errors import GatewayError, Refused, Unauthenticated, Unavailable
from shared.domain.merchant import Credential
from shared.edge import problems, request_line, wire
from shared.edge.call import Body, Call
from shared.edge.endpoint import Handle
from shared.edge.http import Served
from shared.edge.request import MAX_BODY_BYTES, Identity, Reply, Request
from tests.unit.edge.conftest import SECRET, Edge
from tests.unit.edge.requests import Context

if TYPE_CHECKING:
    from shared.edge.endpoint import Terms

NOBODYS = b"a key that no caller has"
PATHS = ("/toy/pay", "/toy/v1/pay")


class Who(StrEnum):
    SHOP = "a shop that signs"
    BROWSER = "a browser"


class Toy:
    """``X-Shop`` names the shop, ``X-Sig`` is its MAC over the exact body; answers carry one over theirs."""

    def authenticate(self, request: Request, caller: StrEnum, identity: Identity) -> Credential | None:
        if caller is Who.BROWSER:
            return None
        identity.token = request.headers.get("x-shop", "")
        found = core.merchants().credential(identity.token)
        identity.signing_key = identity.token.encode()
        if not hmac.compare_digest(mac(identity.signing_key, request.body), request.headers.get("x-sig", "")):
            raise Unauthenticated("the signature is wrong")
        return found

    def read(self, request: Request, model: type[Body]) -> Body:
        return wire.judged(dict(parse_qsl(request.body.decode())), model)

    def problem(self, error: GatewayError, request: Request) -> Reply:
        meant = problems.status_of(error)
        return Reply({"result": error.error_code, "says": str(error)}, meant if meant >= 500 else 200)

    def finish(self, reply: Reply, request: Request, identity: Identity) -> Reply:
        signature = mac(identity.signing_key or NOBODYS, reply.sent)
        return Reply(reply.body, reply.status, {**reply.headers, "X-Sig": signature})

    def preflight(self) -> Reply:
        return Reply("", 204)

    def form_of(self, token: str) -> tuple[str | None, str | None]:
        return ("shop", "test") if token else (None, None)


def toy(method: str, path: str, *, caller: Who, **terms: Unpack[Terms]) -> Callable[[Handle], Served]:
    return lambda handle: Served(handle, Toy(), method, path, caller, "", **terms)


class Order(BaseModel):
    amount: int


@toy("GET", PATHS[0], caller=Who.SHOP, aliases=PATHS[1:], other_methods=("POST",), request=Order, idempotent=True)
def pay(call: Call) -> Reply:
    amount = call.body(Order).amount
    if amount == 13:
        raise Refused("thirteen", code="unlucky")
    return Reply({"shop": call.credential.merchant.id, "amount": amount, "by": call.request.method})


@toy("GET", "/toy/page", caller=Who.BROWSER)
def page(call: Call) -> Reply:
    if call.query("next"):
        return Reply("", 303, {"Location": f"{call.request.pages_origin}/next"})
    return Reply("<p>è</p>", headers={"Content-Type": "text/html; charset=utf-8"})


def mac(key: bytes, sent: bytes) -> str:
    return hmac.new(key, sent, hashlib.sha256).hexdigest()


def send(
    endpoint: Served, form: dict[str, object] | bytes = b"", *, signed: bool = True, shop: str = SECRET, **more: Any
) -> dict[str, Any]:
    body = form if isinstance(form, bytes) else urlencode(form).encode()
    headers = {"X-Shop": shop, "X-SIG": mac(shop.encode(), body) if signed else "0"} | more.pop("headers", {})
    event = {"httpMethod": "GET", "resource": PATHS[0], "headers": headers, "body": body.decode(), **more}
    event |= {"stageVariables": {"pagesOrigin": "https://pages.example"}, "requestContext": {"requestId": "r-1"}}
    return endpoint(event, Context())  # type: ignore[arg-type]


def signed_by(answer: dict[str, Any]) -> bytes | None:
    """Whose signature the exact bytes carry, as a client of the family checks them."""
    return next((key for key in (SECRET.encode(), NOBODYS) if answer["headers"]["X-Sig"] == made(key, answer)), None)


def made(key: bytes, answer: dict[str, Any]) -> str:
    return mac(key, answer["body"].encode())


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_form_is_read_under_either_method_and_the_answer_is_signed(edge: Edge, method: str) -> None:
    answer = send(pay, {"amount": 12}, httpMethod=method)

    assert (answer["statusCode"], signed_by(answer)) == (200, SECRET.encode())
    assert json.loads(answer["body"]) == {"shop": "m_shop", "amount": 12, "by": method}


@pytest.mark.parametrize(
    ("sent", "code", "key"),
    [
        ({"form": {"amount": "two"}}, "invalid_request", SECRET.encode()),
        ({"form": {"amount": 13}}, "unlucky", SECRET.encode()),
        ({"form": {"amount": 12}, "signed": False}, "unauthenticated", SECRET.encode()),
        ({"form": {"amount": 12}, "shop": "nobody"}, "unauthenticated", NOBODYS),
        ({"isBase64Encoded": True, "form": b"!"}, "invalid_request", NOBODYS),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_a_caller_does_wrong_is_a_signed_200(edge: Edge, sent: dict[str, Any], code: str, key: bytes) -> None:
    answer = send(pay, **sent)

    assert (answer["statusCode"], json.loads(answer["body"])["result"]) == (200, code)
    assert signed_by(answer) == key


def test_a_body_that_is_too_large_is_told_in_the_familys_words(edge: Edge) -> None:
    answer = send(pay, b"amount=1&x=" + b"x" * MAX_BODY_BYTES)

    assert json.loads(answer["body"])["result"] == "body_too_large"


@pytest.mark.parametrize(("error", "status"), [(ZeroDivisionError("inside"), 500), (Unavailable("later"), 503)])
def test_our_own_failure_is_signed_too_and_tells_nothing(edge: Edge, error: Exception, status: int) -> None:
    @toy("GET", "/toy/fails", caller=Who.SHOP)
    def fails(call: Call) -> Reply:
        raise error

    answer = send(fails)

    assert (answer["statusCode"], signed_by(answer)) == (status, SECRET.encode())
    assert "inside" not in answer["body"]


@pytest.mark.parametrize("amount", [12, 13])
def test_a_replay_is_the_first_answer_signed_again(edge: Edge, amount: int) -> None:
    once = {"Idempotency-Key": "k-1"}

    first, again = (send(pay, {"amount": amount}, headers=once) for _ in range(2))

    assert (again["body"], again["statusCode"]) == (first["body"], first["statusCode"])
    assert again["headers"]["Idempotent-Replayed"] == "true"
    assert signed_by(again) == SECRET.encode()


def test_pages_and_redirects_are_answers_like_any_other(edge: Edge) -> None:
    shown, sent_on = send(page), send(page, queryStringParameters={"next": "1"})

    assert (shown["statusCode"], shown["body"]) == (200, "<p>è</p>")
    assert shown["headers"]["Content-Type"] == "text/html; charset=utf-8"
    assert (sent_on["statusCode"], sent_on["headers"]["Location"]) == (303, "https://pages.example/next")
    assert signed_by(shown) == signed_by(sent_on) == NOBODYS


def test_a_refusal_told_as_200_is_counted_and_logged_as_what_it_is(
    edge: Edge, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[tuple[str, dict[str, str]]] = []
    monkeypatch.setattr(request_line, "count", lambda name, **by: counted.append((name, by)))

    send(pay, {"amount": 12}, signed=False)

    assert counted == [("RequestsRefused", {"status": "401"})]


def test_every_path_and_method_of_an_endpoint_is_a_route() -> None:
    assert pay.routes == [(method, path) for method in ("GET", "POST") for path in PATHS]


def test_an_answer_that_cannot_be_signed_is_our_failure_and_leaves_its_line(
    edge: Edge, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[str] = []
    monkeypatch.setattr(request_line, "count", lambda name, **by: counted.append(name))
    monkeypatch.setattr(Toy, "finish", lambda *_: 1 / 0)

    answer = send(pay, {"amount": 12})

    assert (answer["statusCode"], json.loads(answer["body"])) == (500, {"message": "internal error"})
    assert counted == ["RequestsFailed"]
