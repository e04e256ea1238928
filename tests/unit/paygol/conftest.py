"""Paygol's endpoints on fakes: a shop with a service, and another shop."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest

from functions.paygol.auth_token import handler as auth_token
from shared.domain.merchant import MerchantRecord, Service
from shared.domain.payment import Environment
from shared.edge.http import Served
from shared.families.paygol.signing import HEADER, signature
from tests.unit.edge.conftest import Edge, edge
from tests.unit.edge.requests import Answer, ask
from tools.testing.builders import a_merchant, a_record, a_secret
from tools.testing.fakes import FakeWorld

__all__ = ["edge"]

SECRET = "7c1a6a24-7943-102d-92f8-29573711ad31"
OTHER_SECRET = "0f9c6a24-7943-402d-92f8-29573711ad31"
JOHN: dict[str, Any] = {
    "pg_price": "11.00",
    "pg_currency": "EUR",
    "pg_country": "DE",
    "pg_method": "bitcoin",
    "pg_first_name": "John",
    "pg_last_name": "Doe",
    "pg_email": "jdoe@my-site.com",
}


def a_service(number: str, secret: str, environment: Environment = Environment.TEST) -> Service:
    return Service(number, "paygol", environment, (a_secret(value=secret),))


@dataclass
class Shop:
    """A shop's server that signs as the library does. ``asks`` signs and shows a token; ``sends`` only signs."""

    world: FakeWorld
    number: str = "123"
    secret: str = SECRET
    token: str = ""

    def sends(
        self, endpoint: Served, body: dict[str, Any] | bytes, *, signed: str | None = None, **how: Any
    ) -> Answer:
        raw = body if isinstance(body, bytes) else json.dumps({"pg_serviceid": self.number, **body}).encode()
        shown = signature(self.secret.encode(), raw) if signed is None else signed
        answer = ask(endpoint, raw, headers={HEADER: shown} if shown else {}, **how)
        assert HEADER in answer.headers
        return answer

    def asks(self, endpoint: Served, **given: Any) -> dict[str, Any]:
        """The body of an answer whose signature the library would accept."""
        answer = self.sends(endpoint, {"pg_token": self.fresh_token(), **given})
        assert answer.status == 200
        assert answer.headers[HEADER] == signature(self.secret.encode(), answer.text.encode())
        return answer.json

    def fresh_token(self) -> str:
        self.token = self.token or self.sends(auth_token, {}).json["token"]
        return self.token


@pytest.fixture
def shop(edge: Edge) -> Shop:
    merchants = edge.world.merchants
    live = a_service("124", OTHER_SECRET, Environment.LIVE)
    paygol = a_merchant(id="m_paygol")
    merchants.create(MerchantRecord(paygol, a_record().accounts, services=(a_service("123", SECRET), live)))
    other = a_merchant(id="m_neighbour", name="Neighbour")
    merchants.create(MerchantRecord(other, a_record().accounts, services=(a_service("456", OTHER_SECRET),)))
    return Shop(edge.world)


@pytest.fixture
def neighbour(shop: Shop) -> Shop:
    return Shop(shop.world, "456", OTHER_SECRET)
