"""A merchant's settings as its own secret key reads them: those of the key's environment."""

from __future__ import annotations

from shared.domain.account import Connector, Role
from shared.domain.merchant import AuditLine, Credential, MerchantRecord
from shared.edge.brand import logo_path
from shared.families.payglobe.views import iso
from shared.usecases.merchant.change_merchant import shown_account, shown_merchant

_SHOWN_OF_A_FINGERPRINT = 8


def settings_view(record: MerchantRecord, caller: Credential) -> dict[str, object]:
    """No key and no secret is in it, and no address at which a gateway rings."""
    account, environment = record.account(caller.environment), caller.environment
    return {
        "success": True,
        "merchantId": record.merchant.id,
        "environment": environment.value,
        "suspendedAt": iso(record.merchant.suspended_at),
        "version": record.version,
        "settings": {**shown_merchant(record.merchant), **shown_account(account)},
        "logo": logo_path(record.merchant.id, record.merchant.brand),
        "connectors": {
            "cardGateway": _connector(account.card_gateway),
            "voucherProvider": _connector(account.voucher_provider),
            "voucherProviders": [_connector(one) for one in account.active(Role.VOUCHER_PROVIDER)],
            "methodProvider": _connector(account.method_provider),
        },
        "keys": [
            {
                "kind": key.kind.value,
                "fingerprint": key.fingerprint[:_SHOWN_OF_A_FINGERPRINT],
                "expiresAt": iso(key.expires_at),
            }
            for key in record.keys
            if key.environment is environment
        ],
    }


def _connector(connector: Connector | None) -> dict[str, object] | None:
    if connector is None:
        return None
    settings = {**connector.settings, **dict.fromkeys(connector.secrets, "(set)")}
    return {"name": connector.name, "settings": settings, "updatedAt": iso(connector.changed_at)}


def changes_view(trail: list[AuditLine], caller: Credential) -> dict[str, object]:
    """What was changed of both environments alike, and of the caller's: which fields, never the values."""
    shown = [(line, own) for line in trail if (own := _own_fields(line, caller))]
    changes = [{"at": iso(line.at), "by": _whom(line.who), "what": line.what, "fields": own} for line, own in shown]
    return {"success": True, "changes": changes, "count": len(changes)}


def _whom(who: str) -> str | None:
    """A person of the merchant's or one of its keys; None for whoever runs the gateway."""
    return who if who.startswith(("person ", "key ")) else None


def _own_fields(line: AuditLine, caller: Credential) -> list[str]:
    prefix = f"{caller.environment}."
    return [name.removeprefix(prefix) for name in line.fields if "." not in name or name.startswith(prefix)]
