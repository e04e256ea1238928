"""Change a merchant: what its keys may do, and what its customers read. In force with the next request."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import available_timezones

from shared.domain.account import Account
from shared.domain.brand import checked_accent
from shared.domain.errors import Conflict, InvalidRequest
from shared.domain.ids import MerchantId
from shared.domain.merchant import Merchant, MerchantRecord
from shared.domain.mistakes import Mistakes
from shared.domain.payment import CARD_MODES, Environment, Mode
from shared.usecases.merchant.changing import Office, change_record
from shared.usecases.merchant.create_merchant import checked_name

if TYPE_CHECKING:
    from shared.domain.abilities import Abilities

MOST_LISTED: Final = 50
MOST_A_MINUTE: Final = 100_000
_HOST: Final = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*")
_ORIGIN: Final = re.compile(r"(https://[a-z0-9.-]{1,253}|http://(localhost|127\.0\.0\.1))(:[0-9]{1,5})?")

_CONTACT: Final = re.compile(r"[^@\s<>,]{1,64}@[^@\s<>,]{1,189}|\+?[0-9][0-9().-]{4,30}")


def change_merchant(
    merchant_id: MerchantId,
    settings: Mapping[str, str],
    *,
    office: Office,
    environment: Environment | None = None,
    able: Callable[[str], Abilities] | None = None,
    version: int | None = None,
    logo: str | None = None,
) -> MerchantRecord:
    """The merchant with ``settings`` changed, by the names of ``OF_BOTH`` and ``OF_ONE``; lists have commas.

    An empty list lifts a restriction. All or nothing, for every key at once. ``able`` tells what a card gateway can
    do by its name: what it cannot is not enabled. ``version`` is the one that somebody read and decided on.
    Raises NotFound, InvalidRequest of every setting that is wrong (also for one of one environment where none is
    said), Unprocessable, StaleWrite, and Conflict when the record is of another version by now.
    ``logo`` is the name that one is kept under, empty for none.
    """

    def decided(record: MerchantRecord) -> MerchantRecord:
        check_version(record, version)
        mistakes = Mistakes()
        for name, value in settings.items():
            with mistakes:
                record = _with(record, environment, name, value.strip())
        mistakes.tell()
        if logo is not None:
            brand = replace(record.merchant.brand, logo=logo)
            record = replace(record, merchant=replace(record.merchant, brand=brand))
        for account in record.accounts.values():
            if account.default_mode not in account.allowed_modes:
                raise InvalidRequest("default-mode must be one of allowed-modes", param="default-mode")
        changed = record.account(environment) if environment is not None else None
        if able is not None and changed is not None and changed.card_gateway is not None:
            able(changed.card_gateway.name).check_wishes(changed.card_gateway, changed)
        return record

    return change_record(merchant_id, decided, what="merchant-set", office=office)


def check_version(record: MerchantRecord, version: int | None) -> None:
    """Raises Conflict unless the record is still the one that somebody read; None has read none."""
    if version is not None and record.version != version:
        raise Conflict(
            f"the settings were changed meanwhile: they are version {record.version}; read them and decide again",
            code="settings_changed",
        )


def _with(record: MerchantRecord, environment: Environment | None, name: str, value: str) -> MerchantRecord:
    if name in OF_BOTH:
        return replace(record, merchant=OF_BOTH[name](record.merchant, name, value))
    if name not in OF_ONE:
        raise InvalidRequest(f"there is no setting {name}; there are {', '.join((*OF_BOTH, *OF_ONE))}", param=name)
    if environment is None:
        raise InvalidRequest(f"{name} is a setting of one environment: say which, ENV_MODE=test or ENV_MODE=live")
    return record.with_account(environment, OF_ONE[name](record.account(environment), name, value))


def shown_merchant(merchant: Merchant) -> dict[str, Any]:
    """The settings of both environments as ``change_merchant`` takes them, for a person to read."""
    return {
        "name": merchant.name,
        "email": merchant.email or "",
        "contact": merchant.contact,
        "time-zone": merchant.time_zone,
        "accent": merchant.brand.accent,
    }


def shown_account(account: Account) -> dict[str, Any]:
    """The settings of one environment, the same way."""
    return {
        "default-mode": account.default_mode.value,
        "allowed-modes": [mode.value for mode in account.allowed_modes],
        "origins": list(account.origins),
        "notify-hosts": list(account.notify_hosts),
        "callback-hosts": list(account.callback_hosts),
        "receipts": "on" if account.receipts else "off",
        "voucher-amount-required": "on" if account.needs_voucher_amount else "off",
        "payments-a-minute": account.limits.payments_a_minute,
        "declines-a-minute": account.limits.declines_a_minute,
        "s2s-cards": "on" if account.s2s_cards else "off",
    }


def _mode(name: str, value: str) -> Mode:
    try:
        return CARD_MODES[CARD_MODES.index(Mode(value))]
    except ValueError:
        raise InvalidRequest(f"{name}: {value} is none of {', '.join(CARD_MODES)}", param=name) from None


def _listed(value: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in value.split(",") if part.strip()))


def _modes(account: Account, name: str, value: str) -> Account:
    modes = tuple(_mode(name, part) for part in _listed(value))
    if not modes:
        raise InvalidRequest(f"{name}: at least one", param=name)
    return replace(account, allowed_modes=modes)


def _names(form: re.Pattern[str], name: str, value: str) -> tuple[str, ...]:
    found = _listed(value.lower())
    if len(found) > MOST_LISTED:
        raise InvalidRequest(f"{name}: at most {MOST_LISTED}", param=name)
    for part in found:
        if form.fullmatch(part) is None:
            kind = "site such as https://shop.example" if form is _ORIGIN else "host such as shop.example"
            raise InvalidRequest(f"{name}: {part} is no {kind}", param=name)
    return found


def _a_minute(name: str, value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) <= 6 and 1 <= int(value) <= MOST_A_MINUTE):
        raise InvalidRequest(f"{name}: a whole number from 1 to {MOST_A_MINUTE}", param=name)
    return int(value)


def _contact(name: str, value: str) -> str:
    if value and _CONTACT.fullmatch(value) is None:
        raise InvalidRequest(f"{name}: an e-mail address, or a telephone number such as +39010123456", param=name)
    return value


def _email(name: str, value: str) -> str | None:
    if value and ("@" not in value or _CONTACT.fullmatch(value) is None):
        raise InvalidRequest(f"{name}: an e-mail address", param=name)
    return value or None


def _zone(name: str, value: str) -> str:
    if value not in available_timezones():
        raise InvalidRequest(f"{name}: a time zone such as Europe/Rome", param=name)
    return value


def _switch(name: str, value: str) -> bool:
    if value not in ("on", "off"):
        raise InvalidRequest(f"{name}: on or off", param=name)
    return value == "on"


def _limits(field: str) -> Callable[[Account, str, str], Account]:
    return lambda account, name, value: replace(
        account, limits=replace(account.limits, **{field: _a_minute(name, value)})
    )


OF_BOTH: Final[Mapping[str, Callable[[Merchant, str, str], Merchant]]] = {
    "name": lambda merchant, _, value: replace(merchant, name=checked_name(value)),
    "email": lambda merchant, name, value: replace(merchant, email=_email(name, value)),
    "contact": lambda merchant, name, value: replace(merchant, contact=_contact(name, value)),
    "time-zone": lambda merchant, name, value: replace(merchant, time_zone=_zone(name, value)),
    "accent": lambda merchant, _, value: replace(
        merchant, brand=replace(merchant.brand, accent=checked_accent(value))
    ),
}
OF_ONE: Final[Mapping[str, Callable[[Account, str, str], Account]]] = {
    "default-mode": lambda account, name, value: replace(account, default_mode=_mode(name, value)),
    "allowed-modes": _modes,
    "origins": lambda account, name, value: replace(account, origins=_names(_ORIGIN, name, value)),
    "notify-hosts": lambda account, name, value: replace(account, notify_hosts=_names(_HOST, name, value)),
    "callback-hosts": lambda account, name, value: replace(account, callback_hosts=_names(_HOST, name, value)),
    "receipts": lambda account, name, value: replace(account, receipts=_switch(name, value)),
    "voucher-amount-required": lambda account, name, value: replace(
        account, needs_voucher_amount=_switch(name, value)
    ),
    "payments-a-minute": _limits("payments_a_minute"),
    "declines-a-minute": _limits("declines_a_minute"),
    "s2s-cards": lambda account, name, value: replace(account, s2s_cards=_switch(name, value)),
}
# What bounds a stolen key, and who may send card numbers, is not the key's to say.
THE_OPERATORS: Final = frozenset({"payments-a-minute", "declines-a-minute", "s2s-cards"})
