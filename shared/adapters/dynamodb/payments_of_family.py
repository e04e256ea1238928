"""The narrow index of payments that began in a family that lists by page number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.adapters.dynamodb.events import owner
from shared.adapters.dynamodb.writing import Item, text
from shared.domain.payment import PAYGLOBE, Payment
from shared.ports.payments import Wanted

if TYPE_CHECKING:
    from shared.adapters.dynamodb import numbered


def listed_as(payment: Payment) -> Item:
    """The attributes that put a payment into the index; none for a family whose lists have cursors."""
    if payment.family == PAYGLOBE:
        return {}
    from shared.adapters.dynamodb import numbered  # what is paid in the first family alone never loads it

    place = numbered.listed_as(list_of(payment.merchant_id, payment.environment, payment.family), payment.created_at)
    told = {"customerId": payment.customer_id, "of": payment.order_id or payment.link_id}
    found = {name: text(value) for name, value in told.items() if value}
    return {**place, **found, "currency": text(payment.amount.currency)}


def list_of(merchant_id: str, environment: str, family: str) -> str:
    return f"{owner(merchant_id, environment)}#{family}"


def narrowed(wanted: Wanted) -> numbered.Wanted:
    from shared.adapters.dynamodb import numbered

    parts: list[str] = []
    values: dict[str, Item] = {}
    names: dict[str, str] = {}
    for name, value in (("customerId", wanted.customer_id), ("of", wanted.of), ("currency", wanted.currency)):
        if value is not None:
            parts.append(f"#{name} = :{name}")
            names[f"#{name}"], values[f":{name}"] = name, text(value)
    if wanted.of_prefix is not None:
        parts.append("begins_with(#of, :prefix)")
        names["#of"], values[":prefix"] = "of", text(wanted.of_prefix)
    if wanted.statuses:
        some = {f":s{n}": text(status) for n, status in enumerate(sorted(wanted.statuses))}
        parts.append(f"#status IN ({', '.join(some)})")
        names["#status"] = "status"
        values |= some
    return numbered.Wanted(" AND ".join(parts), values, names)
