"""Who calls, and what is kept of calls: all that the edge needs before it knows what is asked for."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from shared.adapters import aws
from shared.bootstrap import runtime
from shared.bootstrap.tables import tables

if TYPE_CHECKING:
    from shared.ports.allowances import Allowances
    from shared.ports.idempotency import Idempotency
    from shared.ports.merchants import Merchants
    from shared.ports.operators import Operators
    from shared.ports.people import Doings, People


@cache
def merchants() -> Merchants:
    from shared.adapters.dynamodb.merchants import DynamoMerchants

    return DynamoMerchants(tables(), runtime.setting("MERCHANTS_TABLE"), runtime.now)


@cache
def operators() -> Operators:
    from shared.adapters.dynamodb.operators import DynamoOperators

    return DynamoOperators(aws.client("dynamodb"), runtime.setting("MERCHANTS_TABLE"))


@cache
def people() -> People:
    from shared.adapters.dynamodb.people import DynamoPeople

    return DynamoPeople(aws.client("dynamodb"), runtime.setting("MERCHANTS_TABLE"))


@cache
def doings() -> Doings:
    from shared.adapters.dynamodb.people import DynamoDoings

    return DynamoDoings(aws.client("dynamodb"), runtime.setting("OFFICE_TABLE"))


@cache
def idempotency() -> Idempotency:
    from shared.adapters.dynamodb.idempotency import DynamoIdempotency

    return DynamoIdempotency(tables(), runtime.setting("IDEMPOTENCY_TABLE"))


@cache
def allowances() -> Allowances:
    from shared.adapters.dynamodb.allowances import DynamoAllowances

    return DynamoAllowances(tables(), runtime.setting("IDEMPOTENCY_TABLE"))
