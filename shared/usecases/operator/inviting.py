"""A merchant's keys reach it by a link that works once: made when it is opened, seen by nobody before."""

from __future__ import annotations

import hmac
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from shared.domain import ids
from shared.domain.errors import Conflict, InvalidRequest, NotFound
from shared.domain.ids import MerchantId
from shared.domain.merchant import Invitation, MerchantRecord
from shared.ports.messages import Message
from shared.usecases.link_letter import link_letter, texts_about
from shared.usecases.merchant.changing import Office, change_record
from shared.usecases.merchant.create_merchant import Keep, four_keys
from shared.usecases.wording import language_of

if TYPE_CHECKING:
    from shared.domain.merchant import Merchant
    from shared.ports.merchants import NewKey

LASTS: Final = timedelta(hours=72)
CATALOG: Final = "welcome_messages"
_GONE: Final = "this link was opened already, or is over; ask the gateway's operator for another"


def invite(merchant_id: MerchantId, *, office: Office, replace_keys: bool = False) -> tuple[MerchantRecord, str]:
    """The merchant with an invitation, and the token that opens it once; one that was sent before opens nothing more.

    Raises NotFound, InvalidRequest without an address, and Conflict for a merchant that has keys, unless they are to
    be replaced: all of them stop working when the link is opened.
    """
    token = f"{merchant_id}.{ids.base32(office.entropy(20))}"

    def decided(record: MerchantRecord) -> MerchantRecord:
        if not record.merchant.email:
            raise InvalidRequest("this merchant has no e-mail address", code="no_address")
        if record.keys and not replace_keys:
            raise Conflict("this merchant has keys: say that they are to be replaced", code="has_keys")
        return replace(record, invitation=Invitation(ids.fingerprint(token), office.now() + LASTS))

    return change_record(merchant_id, decided, what="invite", office=office), token


def accept(token: str, *, office: Office, keep: Keep) -> tuple[MerchantRecord, tuple[NewKey, ...]]:
    """The merchant with four new keys instead of whatever it had, and their values. Raises NotFound, StaleWrite.

    With the same write the invitation is gone: of two who open it at once, one gets keys.
    """
    made: list[NewKey] = []

    def decided(record: MerchantRecord) -> MerchantRecord:
        asked = record.invitation
        if asked is None or asked.ends_at <= office.now():
            raise NotFound(_GONE)
        if not hmac.compare_digest(asked.fingerprint, ids.fingerprint(token)):
            raise NotFound(_GONE)
        made[:] = four_keys(office.entropy)
        keys = tuple(keep(record.merchant.id, each) for each in made)
        return replace(record, keys=keys, invitation=None)

    merchant_id = token.rpartition(".")[0]
    if not ids.is_id(merchant_id):
        raise NotFound(_GONE)
    try:
        record = change_record(MerchantId(merchant_id), decided, what="welcome", office=office)
    except NotFound:
        raise NotFound(_GONE) from None
    return record, tuple(made)


def welcome(merchant: Merchant, invitation: Invitation, url: str, language: str) -> Message:
    """What brings the link, in ``language``."""
    spoken = language_of(language, CATALOG)
    texts = texts_about(merchant, invitation.ends_at, catalog=CATALOG, language=spoken)
    return link_letter(
        "welcome",
        merchant.email or "",
        url,
        language=spoken,
        subject=texts["subject"],
        said=texts["text"],
        press=texts["open"],
        notes=[texts["until"], texts["footer"]],
    )
