"""DynamoDB on a bad day: answers get lost, transactions collide, tables throttle, pages are short."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import boto3
from botocore.exceptions import ClientError
from moto import mock_aws

from tests.storage import create_tables

WRITES = frozenset({"put_item", "update_item", "delete_item", "transact_write_items"})


class BadDay:
    """A client between the adapters and the service, that can do to a write what a network does."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.errors: list[ClientError] = []  # one is raised by each of the next writes, which then have no effect
        self.loses_answer_of = 0  # the n-th next write is applied, its answer lost, and the SDK sends it again
        self.before_resend: Callable[[], object] | None = None
        self.page_size = 0
        self.sent: list[str] = []

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._client, name)
        if name == "query" and self.page_size:
            return lambda **request: call(**{**request, "Limit": self.page_size})
        if name not in WRITES:
            return call
        return lambda **request: self._write(name, lambda: call(**request))

    def _write(self, name: str, call: Callable[[], Any]) -> Any:
        self.sent.append(name)
        if self.errors:
            raise self.errors.pop(0)
        self.loses_answer_of -= 1
        if self.loses_answer_of == 0:
            call()
            if self.before_resend:
                self.before_resend()
        return call()


def failure(code: str, *reasons: str) -> ClientError:
    response: Any = {"Error": {"Code": code, "Message": "bad day"}}
    if reasons:
        response["CancellationReasons"] = [{"Code": reason} for reason in reasons]
    return ClientError(response, "TransactWriteItems")


COLLISION = ("TransactionCanceledException", "None", "TransactionConflict")


@contextmanager
def bad_day() -> Iterator[BadDay]:
    """Our tables, empty, behind a client that can be told what goes wrong."""
    with mock_aws():
        real = boto3.client("dynamodb")
        create_tables(real)
        yield BadDay(real)
