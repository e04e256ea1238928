"""Reading what PSPs send: JSON objects of which every part may be missing or of another type."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from shared.domain.errors import InvalidRequest
from shared.domain.money import MAX_MINOR, Money, exponent_of
from shared.domain.outside import bounded_decimal, json_object, unix_moment, utc_moment
from shared.domain.statuses import DisputeStatus, Reason

_LONGEST: Final = 200
_PLAIN: Final = re.compile(r"[\x21-\x7e]{1,200}")
# Our own words, and those that several PSPs share.
_REASONS: Final = {
    **{reason.value: reason for reason in Reason},
    **dict.fromkeys(("FRAUD", "UNRECOGNIZED", "UNAUTHORIZED", "UNAUTHORISED"), Reason.FRAUDULENT),
    "DEBIT_NOT_AUTHORIZED": Reason.FRAUDULENT,
    "SUBSCRIPTION_CANCELED": Reason.SUBSCRIPTION_CANCELLED,
}
_NONE: Final[Mapping[str, Reason]] = {}


def read_message(body: bytes) -> dict[str, Any]:
    """The JSON object in ``body``; decimals are ``Decimal``, as some senders write them with an exponent.

    Raises InvalidRequest.
    """
    return json_object(body, bounded_decimal)


def part(message: Mapping[str, Any], *names: str) -> Mapping[str, Any]:
    """The object at ``names``, empty when there is none."""
    found: Any = message
    for name in names:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def parts(message: Mapping[str, Any], name: str) -> Sequence[Mapping[str, Any]]:
    """The objects of a list, none when there is no list."""
    listed = message.get(name)
    return [each for each in listed if isinstance(each, Mapping)] if isinstance(listed, list) else []


def word(message: Mapping[str, Any], name: str) -> str:
    """A short text, "" when it is missing or something else."""
    value = message.get(name)
    return value[:_LONGEST] if isinstance(value, str) else ""


def name_of(message: Mapping[str, Any], name: str) -> str:
    """An id: printable, without spaces. Raises InvalidRequest."""
    value = message.get(name)
    if not isinstance(value, str) or _PLAIN.fullmatch(value) is None:
        raise InvalidRequest(f"{name} is missing or no id")
    return value


def names(*found: object) -> tuple[str, ...]:
    """Those of ``found`` that can be the id of a payment, each once."""
    usable = [value for value in found if isinstance(value, str) and _PLAIN.fullmatch(value)]
    return tuple(dict.fromkeys(usable))


def moment(value: object, name: str) -> datetime:
    """ISO 8601 text with its zone, or unix seconds. Raises InvalidRequest."""
    found = moment_if_any(value, name)
    if found is None:
        raise InvalidRequest(f"{name} is missing")
    return found


def moment_if_any(value: object, name: str) -> datetime | None:
    if value is None or value == "":
        return None
    try:
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            return unix_moment(value)
        if isinstance(value, str):
            return utc_moment(value)
    except ValueError:
        pass
    raise InvalidRequest(f"{name} must be a time with its zone")


def minor_amount(value: object, currency: str) -> Money:
    """An amount in minor units. Raises InvalidRequest."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= MAX_MINOR:
        raise InvalidRequest("amount must be a positive whole number of minor units")
    exponent_of(currency)
    return Money(value, currency)


def major_amount(value: object, currency: str) -> Money:
    """An amount in major units, a number or its text. Raises InvalidRequest."""
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        raise InvalidRequest("amount must be a decimal number")
    return Money.parse(value, currency)


def reason_from(text: str, own: Mapping[str, Reason] = _NONE) -> Reason:
    """One of the seven, by the PSP's ``own`` words or the common ones; whatever it may invent is GENERAL."""
    name = text.strip().upper().replace(" ", "_").replace("-", "_")
    return own.get(name) or _REASONS.get(name, Reason.GENERAL)


def status_from(text: str, table: Mapping[str, DisputeStatus]) -> DisputeStatus:
    """Whose money it is now is nothing to guess. Raises InvalidRequest for a word that is not in ``table``."""
    status = table.get(text)
    if status is None:
        raise InvalidRequest("status is missing or not known")
    return status
