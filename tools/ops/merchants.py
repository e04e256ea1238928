"""What the commands about merchants read from a command line, and what they show. No key and no secret is in it."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from shared.domain.account import Account, Connector, Role
from shared.domain.errors import InvalidRequest
from shared.domain.merchant import AuditLine, Key, MerchantRecord
from shared.usecases.merchant.change_merchant import shown_account, shown_merchant

_UNITS: Final = {"m": "minutes", "h": "hours", "d": "days"}
_OVERLAP: Final = re.compile(r"([0-9]{1,5})([mhd])", re.ASCII)
_SHOWN: Final = 8  # characters of a key's fingerprint, as in the request log


def settings_of(text: str) -> dict[str, str]:
    """``name=value name='a value'``; lists are separated by commas. Raises InvalidRequest."""
    try:
        pairs = [part.partition("=") for part in shlex.split(text)]
    except ValueError:
        raise InvalidRequest("a quotation mark is not closed") from None
    if not pairs or not all(sign for _, sign, _ in pairs):
        raise InvalidRequest("settings are given as name=value, with a space between two")
    return {name: value for name, _, value in pairs}


def overlap_of(text: str) -> timedelta:
    """``90m``, ``24h`` or ``2d``. Raises InvalidRequest."""
    found = _OVERLAP.fullmatch(text)
    if found is None:
        raise InvalidRequest("an overlap is a whole number of minutes, hours or days: 90m, 24h, 2d")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def summary(record: MerchantRecord) -> dict[str, Any]:
    """One line of the list of merchants."""
    connected = {name: account.card_gateway for name, account in record.accounts.items()}
    return {
        "merchantId": record.merchant.id,
        "name": record.merchant.name,
        "createdAt": record.merchant.created_at.isoformat(),
        "suspendedAt": _iso(record.merchant.suspended_at),
        "cardGateways": {name: gateway.name if gateway else None for name, gateway in sorted(connected.items())},
    }


def shown(record: MerchantRecord, trail: list[AuditLine]) -> dict[str, Any]:
    """Everything about one merchant but its webhooks."""
    return {
        **summary(record),
        "version": record.version,
        "settings": shown_merchant(record.merchant),
        "accounts": {name: account_of(account) for name, account in sorted(record.accounts.items())},
        "keys": [_key(key) for key in record.keys],
        "services": [
            {"id": service.id, "family": service.family, "environment": service.environment.value}
            for service in record.services
        ],
        "changes": [
            {"at": line.at.isoformat(), "who": line.who, "what": line.what, "fields": list(line.fields)}
            for line in trail
        ],
    }


def account_of(account: Account) -> dict[str, Any]:
    connectors: Mapping[str, Connector | None] = {
        "cardGateway": account.card_gateway,
        "voucherProvider": account.voucher_provider,
        "methodProvider": account.method_provider,
    }
    named = {role: _connector(connector) for role, connector in connectors.items()}
    several = [_connector(one) for one in account.active(Role.VOUCHER_PROVIDER)]
    return {**named, "voucherProviders": several, "settings": shown_account(account)}


def _connector(connector: Connector | None) -> dict[str, Any] | None:
    return {"name": connector.name, "settings": dict(connector.settings)} if connector else None


def _key(key: Key) -> dict[str, Any]:
    return {
        "kind": key.kind.value,
        "environment": key.environment.value,
        "fingerprint": key.fingerprint[:_SHOWN],
        "expiresAt": _iso(key.expires_at),
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
