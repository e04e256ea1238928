"""What operators read of a merchant at their own door: no key, no secret, and no address at which a gateway rings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from shared.bootstrap import core, runtime
from shared.domain.errors import NotFound
from shared.domain.ids import MerchantId
from shared.domain.merchant import AuditLine, Listed, MerchantRecord
from shared.domain.payment import Environment
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.views import iso
from shared.usecases.merchant.changing import Office
from shared.usecases.merchant.suspend_merchant import suspend_merchant
from shared.usecases.operator.inviting import invite, welcome

_SHOWN_OF_A_FINGERPRINT: Final = 8


def desk(call: Call) -> Office:
    """Where the operator who calls changes merchants: the trail has its name."""
    who = f"operator {call.identity.operator}"
    return Office(core.merchants(), who, runtime.now, runtime.entropy, runtime.pause)


def named_merchant(call: Call) -> MerchantId:
    return MerchantId(call.path("merchantId"))


def listed_merchant(record: MerchantRecord) -> dict[str, object]:
    merchant, gateways = record.merchant, {}
    for environment in Environment:
        gateway = record.account(environment).card_gateway
        gateways[environment.value] = gateway.name if gateway else None
    return {
        "merchantId": merchant.id,
        "name": merchant.name,
        "email": merchant.email,
        "createdAt": iso(merchant.created_at),
        "suspendedAt": iso(merchant.suspended_at),
        "hasKeys": bool(record.keys),
        "invitedUntil": iso(record.invitation.ends_at) if record.invitation else None,
        "cardGateways": gateways,
    }


def shown_merchant(record: MerchantRecord, trail: list[AuditLine]) -> dict[str, object]:
    keys = [
        {
            "kind": key.kind.value,
            "environment": key.environment.value,
            "fingerprint": key.fingerprint[:_SHOWN_OF_A_FINGERPRINT],
            "expiresAt": iso(key.expires_at),
        }
        for key in record.keys
    ]
    changes = [
        {"at": iso(line.at), "who": line.who, "what": line.what, "fields": list(line.fields)} for line in trail
    ]
    return {"success": True, **listed_merchant(record), "version": record.version, "keys": keys, "changes": changes}


def suspended(call: Call, *, resume: bool) -> Reply:
    """The merchant as it is now. Repeated, it changes nothing and is no line of the trail."""
    record = suspend_merchant(named_merchant(call), office=desk(call), resume=resume)
    return Reply({"success": True, **listed_merchant(record)})


def invited(call: Call, merchant_id: MerchantId, language: str, *, replace_keys: bool = False) -> dict[str, object]:
    """The merchant after its link went out. Where the sandbox is on, mails are captured and the link is told here."""
    record, token = invite(merchant_id, office=desk(call), replace_keys=replace_keys)
    asked = record.invitation
    if asked is None:
        raise NotFound("this invitation was accepted already")
    url, captured = f"{call.request.pages_origin}/operator/welcome/#{token}", runtime.flag("SANDBOX")
    environment = Environment.TEST if captured else Environment.LIVE
    message = welcome(record.merchant, asked, url, language)
    core.messenger().send(message, merchant_id, environment, f"welcome:{asked.fingerprint}")
    return {"success": True, **listed_merchant(record), "link": url if captured else None}


def matching(asked: str) -> Callable[[Listed], bool]:
    """By a part of its number, name or address."""
    wanted = asked.strip().casefold()

    def is_meant(one: Listed) -> bool:
        return any(wanted in text.casefold() for text in one)

    return is_meant
