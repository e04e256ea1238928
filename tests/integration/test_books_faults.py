"""The sandbox's books on a bad day: whatever the table does, a connector hears one of its port's two words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError
from moto import mock_aws

from shared.adapters.card_gateways.sandbox import SandboxCardGateway
from shared.adapters.dynamodb.books import DynamoBooks
from shared.domain.errors import OutcomeUnknown, Unavailable
from shared.domain.operation import Kind, State
from shared.domain.payment import Payment
from shared.ports.connectors import PageRequest
from tests.storage import create_tables
from tools.testing.builders import a_payment, an_operation, euro
from tools.testing.fakes import FixedClock, connector_settings


class Answer:
    """An HTTP answer as botocore takes it."""

    def __init__(self, status: int, content: bytes) -> None:
        self.status_code, self.content, self.text, self.raw = status, content, content.decode(), None
        self.headers: dict[str, str] = {}


def raising(error: Exception) -> Callable[[], Answer]:
    def answer() -> Answer:
        raise error

    return answer


DAMAGE: dict[str, Callable[[], Answer]] = {
    "nobody answers": raising(EndpointConnectionError(endpoint_url="https://dynamodb")),
    "no answer in time": raising(ReadTimeoutError(endpoint_url="https://dynamodb")),
    "a 5xx": lambda: Answer(500, b'{"__type":"InternalServerError"}'),
    "throttled": lambda: Answer(400, b'{"__type":"ProvisionedThroughputExceededException"}'),
}


@pytest.fixture
def client() -> Iterator[Any]:
    with mock_aws():
        client = boto3.client("dynamodb", config=Config(retries={"mode": "standard", "max_attempts": 1}))
        create_tables(client)
        yield client


@pytest.fixture
def books(client: Any) -> DynamoBooks:
    return DynamoBooks(client, "SandboxTable")


def damage(client: Any, operation: str, how: str) -> None:
    """From now on, every such request is answered like this, and does nothing."""
    client.meta.events.register_first(f"before-send.dynamodb.{operation}", lambda **_: DAMAGE[how]())


@pytest.mark.parametrize("how", DAMAGE)
def test_books_that_cannot_be_read_are_unavailable(client: Any, books: DynamoBooks, how: str) -> None:
    damage(client, "GetItem", how)

    with pytest.raises(Unavailable):
        books.load("page", "PAY1")


@pytest.mark.parametrize("how", DAMAGE)
def test_a_write_without_its_answer_is_unknown_and_never_surely_nothing(
    client: Any, books: DynamoBooks, how: str
) -> None:
    damage(client, "PutItem", how)

    with pytest.raises(OutcomeUnknown):
        books.save("page", "PAY1", {"n": 1}, 0)


def test_a_capture_whose_write_is_not_answered_is_asked_about_and_made_once(client: Any, books: DynamoBooks) -> None:
    gateway = SandboxCardGateway(connector_settings(books, FixedClock()))
    payment = _held(gateway, books)
    capture = an_operation(payment, Kind.CAPTURE, amount=euro(100_00), state=State.PENDING, closed_at=None)
    damage(client, "PutItem", "no answer in time")
    with pytest.raises(OutcomeUnknown):
        gateway.capture(payment, capture)

    fresh = SandboxCardGateway(
        connector_settings(DynamoBooks(boto3.client("dynamodb"), "SandboxTable"), FixedClock())
    )
    assert fresh.lookup(payment, capture) is None
    assert fresh.capture(payment, capture).state is State.SUCCEEDED
    told = fresh.lookup(payment, capture)

    assert told is not None
    assert told.succeeded


def _held(gateway: SandboxCardGateway, books: DynamoBooks) -> Payment:
    payment = a_payment()
    gateway.open_page(PageRequest(payment, payment.page_id, sale=False, tokenize=False))
    doc, version = books.load("page", payment.page_id)
    assert books.save("page", payment.page_id, doc | {"authorised": 150_00}, version)
    return payment
