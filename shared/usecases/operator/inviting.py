"""A merchant's keys reach it by a link that works once: made when it is opened, seen by nobody before."""

from __future__ import annotations

import hmac
from dataclasses import replace
from datetime import timedelta
from html import escape
from typing import TYPE_CHECKING, Final

from shared.domain import ids
from shared.domain.errors import Conflict, InvalidRequest, NotFound
from shared.domain.ids import MerchantId
from shared.domain.merchant import Invitation, MerchantRecord
from shared.ports.messages import Message
from shared.usecases.merchant.changing import Office, change_record
from shared.usecases.merchant.create_merchant import Keep, four_keys
from shared.usecases.wording import button_in, catalogs, html_message, language_of, moment_in

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
    values = {"merchant": merchant.name, "until": moment_in(invitation.ends_at, merchant.time_zone, spoken)}
    texts = {name: _filled(text, values) for name, text in catalogs(CATALOG)[spoken].items()}
    notes = [texts["until"], texts["footer"]]
    text = "\n\n".join([texts["text"], f"{texts['open']}: {url}", *notes]) + "\n"
    small = "".join(f'<p style="color:#555">{escape(note)}</p>' for note in notes)
    said = f"<p>{escape(texts['text'])}</p>{button_in(url, texts['open'])}{small}"
    return Message(
        "welcome", "email", merchant.email or "", texts["subject"], text, html_message(spoken, texts["subject"], said)
    )


def _filled(text: str, values: dict[str, str]) -> str:
    """In one pass: what a merchant is called is never taken for a mark."""
    parts = text.split("{")
    filled = (values.get(name, "") + rest for name, _, rest in (part.partition("}") for part in parts[1:]))
    return parts[0] + "".join(filled)
