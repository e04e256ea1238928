"""What a form asks for, with every field judged, so that its shop's owner reads all that is wrong at once."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Final

from shared.domain import ids
from shared.domain.errors import InvalidRequest
from shared.domain.merchant import Credential, KeyKind, ServiceCredential
from shared.domain.target_url import check_host
from shared.families.paygol import fields
from shared.families.paygol.methods import FIRST, LAST, find_method
from shared.families.paygol.orders import AMOUNT, COUNTRY, EMAIL, METHOD, Wanted, wanted
from shared.families.paygol.problems import WrongParameters, invalid
from shared.families.paygol.reasons import Reason, Why

BASIC, ADVANCED, API = "basic", "advanced", "api"
_MODES: Final = (BASIC, ADVANCED, API)
_WHITE_LABEL: Final = (*AMOUNT, COUNTRY, METHOD, EMAIL)
# What stands in for a field that was wrong, so that the others are judged too.
_HARMLESS: Final = {"pg_price": "1", "pg_currency": "EUR"}
_MOST_ROUNDS: Final = 30
_LOST: Final = "\ufffd"  # stands for what was no letter where it was decoded: of a link, before it comes here


def mode_of(given: dict[str, str]) -> str:
    """Absent is the form with a chooser. Raises WrongParameters."""
    mode = given.get("pg_mode", BASIC).strip().lower()
    if mode not in _MODES:
        raise WrongParameters("invalid_parameter", ["pg_mode"], Why.MODE)
    return mode


def _mandatory(given: dict[str, str], mode: str) -> tuple[str, ...]:
    """White label, with what nearly every method asks for where it is not known which one it will be."""
    if mode == BASIC:
        return AMOUNT
    is_known = find_method(given.get(METHOD, ""), given.get(COUNTRY, "")) is not None
    return _WHITE_LABEL if is_known else (*_WHITE_LABEL, FIRST, LAST)


def form_order(given: dict[str, str], mode: str) -> Wanted:
    """Raises WrongParameters for the first thing that is wrong."""
    return _judged(given, _mandatory(given, mode), mode)


def wrong_with(given: dict[str, str], mode: str) -> list[tuple[str, Reason]]:
    """Everything that is wrong with a form: each field, and why."""
    wrong: list[tuple[str, Reason]] = []
    mandatory = _mandatory(given, mode)
    for _ in range(_MOST_ROUNDS):
        try:
            _judged(given, mandatory, mode)
        except WrongParameters as error:
            wrong += [(name, error.reason) for name in error.parameters]
            given = {name: value for name, value in given.items() if name not in error.parameters}
            given |= {name: _HARMLESS[name] for name in error.parameters if name in _HARMLESS}
            mandatory = tuple(name for name in mandatory if name not in error.parameters)
            mode = BASIC if set(error.parameters) - set(_HARMLESS) else mode
        else:
            break
    return wrong


def _judged(given: dict[str, str], mandatory: tuple[str, ...], mode: str) -> Wanted:
    """Raises WrongParameters, also for a reference that cannot come back as it was given: no order is found by it."""
    if _LOST in given.get("pg_custom", ""):
        raise invalid("pg_custom", Why.CHARACTERS)
    return wanted(given, mandatory=mandatory, whole=mode != BASIC)


def good_cancel_url(given: dict[str, str]) -> str | None:
    with suppress(InvalidRequest):
        return fields.shop_url("pg_cancel_url", given["pg_cancel_url"]) if "pg_cancel_url" in given else None
    return None


def as_anybody(found: ServiceCredential) -> Credential:
    """A form is in everybody's hands, like a publishable key: it is counted, and bound to the merchant's hosts."""
    mark = ids.fingerprint(f"service|{found.service.id}")
    return replace(found.credential, kind=KeyKind.PUBLISHABLE, fingerprint=mark)


def check_hosts(asked: Wanted, caller: Credential) -> None:
    """Raises WrongParameters for a shop's address whose host the merchant has not named, where it has named any."""
    for name in ("return_url", "cancel_url"):
        if url := asked.kept.get(name):
            try:
                check_host(url, caller.account.callback_hosts, f"pg_{name}")
            except InvalidRequest:
                raise WrongParameters("host_not_allowed", [f"pg_{name}"], Why.HOST) from None
