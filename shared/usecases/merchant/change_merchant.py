"""Change a merchant: what its keys may do, and what its customers read. In force with the next request."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final
from zoneinfo import available_timezones

from shared.domain.errors import InvalidRequest
from shared.domain.ids import MerchantId
from shared.domain.merchant import Merchant
from shared.domain.payment import Mode
from shared.ports.merchants import Merchants

MOST_LISTED: Final = 50
MOST_A_MINUTE: Final = 100_000
_HOST: Final = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*")
_ORIGIN: Final = re.compile(r"(https://[a-z0-9.-]{1,253}|http://(localhost|127\.0\.0\.1))(:[0-9]{1,5})?")

_CONTACT: Final = re.compile(r"[^@\s<>,]{1,64}@[^@\s<>,]{1,189}|\+?[0-9][0-9().-]{4,30}")


def change_merchant(merchant_id: MerchantId, settings: Mapping[str, str], *, merchants: Merchants) -> Merchant:
    """The merchant with ``settings`` changed, by the names of ``SETTINGS``; lists are separated by commas.

    An empty list lifts a restriction. All or nothing, for every key at once. Raises NotFound, InvalidRequest, and
    Conflict when somebody else changed the merchant at the same moment.
    """
    before = after = merchants.get(merchant_id)
    for name, value in settings.items():
        if name not in SETTINGS:
            raise InvalidRequest(f"there is no setting {name}; there are {', '.join(SETTINGS)}")
        after = SETTINGS[name](after, name, value.strip())
    if after.default_mode not in after.allowed_modes:
        raise InvalidRequest("default-mode must be one of allowed-modes")
    if after != before:
        merchants.change(before, after)
    return after


def shown_settings(merchant: Merchant) -> dict[str, Any]:
    """The settings as ``change_merchant`` takes them, for a person to read."""
    return {
        "default-mode": merchant.default_mode.value,
        "allowed-modes": [mode.value for mode in merchant.allowed_modes],
        "origins": list(merchant.origins),
        "notify-hosts": list(merchant.notify_hosts),
        "callback-hosts": list(merchant.callback_hosts),
        "payments-a-minute": merchant.limits.payments_a_minute,
        "declines-a-minute": merchant.limits.declines_a_minute,
        "contact": merchant.contact,
        "time-zone": merchant.time_zone,
    }


def _mode(name: str, value: str) -> Mode:
    try:
        return Mode(value)
    except ValueError:
        raise InvalidRequest(f"{name}: {value} is none of {', '.join(Mode)}") from None


def _listed(value: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in value.split(",") if part.strip()))


def _modes(merchant: Merchant, name: str, value: str) -> Merchant:
    modes = tuple(_mode(name, part) for part in _listed(value))
    if not modes:
        raise InvalidRequest(f"{name}: at least one")
    return replace(merchant, allowed_modes=modes)


def _names(form: re.Pattern[str], name: str, value: str) -> tuple[str, ...]:
    found = _listed(value.lower())
    if len(found) > MOST_LISTED:
        raise InvalidRequest(f"{name}: at most {MOST_LISTED}")
    for part in found:
        if form.fullmatch(part) is None:
            kind = "site such as https://shop.example" if form is _ORIGIN else "host such as shop.example"
            raise InvalidRequest(f"{name}: {part} is no {kind}")
    return found


def _a_minute(name: str, value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) <= 6 and 1 <= int(value) <= MOST_A_MINUTE):
        raise InvalidRequest(f"{name}: a whole number from 1 to {MOST_A_MINUTE}")
    return int(value)


def _contact(name: str, value: str) -> str:
    if value and _CONTACT.fullmatch(value) is None:
        raise InvalidRequest(f"{name}: an e-mail address, or a telephone number such as +39010123456")
    return value


def _zone(name: str, value: str) -> str:
    if value not in available_timezones():
        raise InvalidRequest(f"{name}: a time zone such as Europe/Rome")
    return value


SETTINGS: Final[Mapping[str, Callable[[Merchant, str, str], Merchant]]] = {
    "default-mode": lambda merchant, name, value: replace(merchant, default_mode=_mode(name, value)),
    "allowed-modes": _modes,
    "origins": lambda merchant, name, value: replace(merchant, origins=_names(_ORIGIN, name, value)),
    "notify-hosts": lambda merchant, name, value: replace(merchant, notify_hosts=_names(_HOST, name, value)),
    "callback-hosts": lambda merchant, name, value: replace(merchant, callback_hosts=_names(_HOST, name, value)),
    "payments-a-minute": lambda merchant, name, value: replace(
        merchant, limits=replace(merchant.limits, payments_a_minute=_a_minute(name, value))
    ),
    "declines-a-minute": lambda merchant, name, value: replace(
        merchant, limits=replace(merchant.limits, declines_a_minute=_a_minute(name, value))
    ),
    "contact": lambda merchant, name, value: replace(merchant, contact=_contact(name, value)),
    "time-zone": lambda merchant, name, value: replace(merchant, time_zone=_zone(name, value)),
}
