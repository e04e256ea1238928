"""The one log line of a request: what was asked, by whom and from where, and how it ended."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from shared.adapters.touched import touched
from shared.domain import ids
from shared.edge.observe import count, logger

if TYPE_CHECKING:
    from shared.edge.call import Call

_SHOWN_OF_A_FINGERPRINT: Final = 8
_MANY_DIGITS: Final = re.compile(r"(?:\d[._-]?){13}")
_ADDRESS: Final = r"(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7})"
_ADDRESSES: Final = re.compile(rf"{_ADDRESS}(?:, ?{_ADDRESS})?")
_UNTOLD: Final = frozenset({"token", "connectorId"})  # parts of a path that open what it names
_REFUSALS: Final = frozenset({401, 403})


def tell(call: Call, *, path: str, status: int, meant: int, milliseconds: int) -> None:
    """Write the line, and count what failed on our side and what was refused for its key.

    ``meant`` is the status as we understand it; a family may tell its callers another.
    """
    logger().info(
        "request",
        requestId=call.request.id,
        method=call.request.method,
        path=path,
        ids={name: "(secret)" if name in _UNTOLD else named(text) for name, text in call.request.ids.items()},
        paymentId=touched(),
        status=status,
        meant=None if meant == status else meant,
        milliseconds=milliseconds,
        **_who(call),
        **_where(call),
    )
    if meant >= 500:
        count("RequestsFailed")
    if meant in _REFUSALS:
        count("RequestsRefused", status=str(meant))


def named(text: str) -> str:
    """What a path names, unless it is no id, and never a card number in an id's place."""
    if not ids.is_id(text):
        return "(not an id)"
    if _MANY_DIGITS.search(text) is None:
        return text
    from shared.domain.card_number import masked

    return masked(text)


def _who(call: Call) -> dict[str, Any]:
    """The caller, known or not. Of its key only what it is, and the beginning of its hash."""
    credential = call.identity.credential
    if credential is not None and credential.person is not None:
        owner = {"merchant": credential.merchant.id, "environment": credential.environment.value}
        return {**owner, "key": "session", "person": credential.person.id}
    kind, claimed = call.family.form_of(call.identity.token)
    merchant, environment = call.owner or (None, claimed)
    shown = ids.fingerprint(call.identity.token)[:_SHOWN_OF_A_FINGERPRINT] if kind else None
    operator = {"operator": call.identity.operator} if call.identity.operator else {}
    return {"merchant": merchant, "environment": environment, "key": kind, "fingerprint": shown, **operator}


def _where(call: Call) -> dict[str, Any]:
    """``address`` is who connected to us; ``forwardedFor`` for whom, as they say, which anybody can say."""
    identity = (call.request.event.get("requestContext") or {}).get("identity") or {}
    forwarded = ",".join(call.request.headers.get("x-forwarded-for", "").split(",")[-2:]).strip()
    known = _ADDRESSES.fullmatch(forwarded) is not None
    return {"address": identity.get("sourceIp"), "forwardedFor": forwarded if known else None}
