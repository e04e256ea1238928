"""IGFS in SOAP: envelopes with the elements in the acquirer's order, and the signatures of both directions.

Source: the acquirer's API 2.4.1.5. The values that a signature is made over stand in their own order, which is not
that of the elements; those that are not sent count as empty.
"""

from __future__ import annotations

import hmac
import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Final
from xml.sax.saxutils import escape

from shared.adapters.card_gateways.igfs_codes import DONE
from shared.domain.errors import OutcomeUnknown
from shared.domain.record import dataclass

NAMESPACE: Final = "http://services.api.web.cg.igfs.apps.netsw.it/"
SOAP: Final = "http://schemas.xmlsoap.org/soap/envelope/"
# The acquirer's ports: each is the end of an address.
PAGES, MONEY, CARDS = "PaymentInitGatewayPort", "PaymentTranGatewayPort", "TokenizerGatewayPort"

_SHOP: Final = ("apiVersion", "tid", "merID", "payInstr", "shopID")
_USER: Final = ("shopUserRef", "shopUserName", "shopUserAccount", "shopUserMobilePhone", "shopUserIMEI")
_INFO: Final = ("addInfo1", "addInfo2", "addInfo3", "addInfo4", "addInfo5")
_ANSWERED: Final = ("tid", "shopID", "rc", "errorDesc")
_BOOKED: Final = (*_ANSWERED, "tranID", "date", *_INFO)
_MONEY: Final = ("amount", "currencyCode")
_EXPIRY: Final = ("expireMonth", "expireYear")
# XML 1.0 has no way to write these, escaped or not.
_UNWRITABLE: Final = re.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")


@dataclass(frozen=True, slots=True)
class Form:
    """One operation: its port, its elements in order after ``signature``, and what each direction signs."""

    port: str
    elements: Sequence[str]
    signed: Sequence[str]  # after apiVersion, tid, merID, payInstr and shopID
    answered: Sequence[str]


FORMS: Final[Mapping[str, Form]] = {
    "Init": Form(
        PAGES,
        elements=(
            *("shopID", *_USER, "trType", *_MONEY, "langID", "notifyURL", "errorURL", "callbackURL", *_INFO),
            *("payInstrToken", "regenPayInstrToken", "description", "txIndicatorType"),
        ),
        signed=(
            *(*_USER, "trType", *_MONEY, "langID", "notifyURL", "errorURL", "callbackURL", *_INFO),
            *("payInstrToken", "topUpID"),
        ),
        answered=(*_ANSWERED, "paymentID", "redirectURL"),
    ),
    "Verify": Form(
        PAGES,
        elements=("shopID", "paymentID", "refTranID"),
        signed=("paymentID", "refTranID"),
        answered=(*_ANSWERED, "paymentID", "tranID", "authCode", "enrStatus", "authStatus"),
    ),
    "Auth": Form(
        MONEY,
        elements=(
            *("shopID", *_MONEY, "langID", "callbackURL", *_USER, "shopUserIP", "trType", "payInstrToken"),
            *(*_INFO, "description", "txIndicatorType", "traceChainId"),
        ),
        signed=(
            *(*_USER, "shopUserIP", "trType", *_MONEY, "callbackURL", "pan", "payInstrToken", "payload", "cvv2"),
            *(*_EXPIRY, *_INFO, "topUpID"),
        ),
        answered=(*_ANSWERED, "tranID", "date", "paymentID", "authCode"),
    ),
    "Confirm": Form(
        MONEY,
        elements=("shopID", "amount", "refTranID", *_INFO),
        signed=("amount", "refTranID", *_INFO, "topUpID"),
        answered=_BOOKED,
    ),
    "VoidAuth": Form(
        MONEY,
        elements=("shopID", "amount", "refTranID", *_INFO),
        signed=("amount", "refTranID", *_INFO),
        answered=_BOOKED,
    ),
    "Credit": Form(
        MONEY,
        elements=("shopID", "shopUserRef", *_MONEY, "refTranID", *_INFO, "description"),
        signed=("shopUserRef", *_MONEY, "refTranID", "pan", "payInstrToken", *_EXPIRY, *_INFO),
        answered=_BOOKED,
    ),
    "Delete": Form(CARDS, elements=("shopID", "payInstrToken"), signed=("payInstrToken",), answered=_ANSWERED),
}


@dataclass(frozen=True, slots=True)
class Terminal:
    """Who the shop is at the acquirer: the terminal's id, and the key that signs both directions."""

    tid: str
    key: str = field(repr=False)
    api_version: str = "2.4.1.5"


@dataclass(frozen=True, slots=True)
class Reply:
    """What the acquirer answered; ``code`` is its ``rc``. What it did not say is empty text."""

    code: str
    fields: Mapping[str, str] = field(repr=False)

    @property
    def done(self) -> bool:
        return self.code == DONE

    def __getitem__(self, name: str) -> str:
        return self.fields.get(name, "")


def envelope(terminal: Terminal, operation: str, values: Mapping[str, str]) -> bytes:
    """The signed request. ``values`` by the names of the acquirer's elements; empty ones are left out."""
    form = FORMS[operation]
    given = {name: _UNWRITABLE.sub("", value) for name, value in values.items() if value}
    unknown = given.keys() - {*form.elements}
    if unknown:
        raise ValueError(f"{operation} has no {', '.join(sorted(unknown))}")
    given |= {"apiVersion": terminal.api_version, "tid": terminal.tid}
    given["signature"] = _signature(terminal.key, (*_SHOP, *form.signed), given)
    order = ("apiVersion", "tid", "signature", *form.elements)
    inside = "".join(f"<{name}>{escape(given[name])}</{name}>" for name in order if name in given)
    return (
        f'<soapenv:Envelope xmlns:soapenv="{SOAP}" xmlns:ser="{NAMESPACE}"><soapenv:Body>'
        f"<ser:{operation}><request>{inside}</request></ser:{operation}></soapenv:Body></soapenv:Envelope>"
    ).encode()


def reply(terminal: Terminal, operation: str, body: bytes) -> Reply:
    """The acquirer's answer, whose signature is checked when it says that something was done.

    Raises OutcomeUnknown for whatever nobody can rely on: not its envelope, no word whether it was an error, a
    fault, or a success that the terminal's key did not sign.
    """
    # Imported where a reply is read: functions that meet no acquirer do not pay for it.
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    try:
        response = fromstring(body).find(f"{{{SOAP}}}Body/{{{NAMESPACE}}}{operation}Response/response")
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise OutcomeUnknown(f"IGFS {operation}: the reply is not its XML") from error
    fields = {element.tag: element.text or "" for element in response} if response is not None else {}
    if fields.get("error") not in ("true", "false") or not fields.get("rc"):
        raise OutcomeUnknown(f"IGFS {operation}: the reply does not say whether it was done")
    if fields["error"] == "false" and not _is_genuine(terminal, operation, fields):
        raise OutcomeUnknown(f"IGFS {operation}: the reply is not signed with the terminal's key")
    return Reply(fields["rc"], fields)


def _is_genuine(terminal: Terminal, operation: str, fields: Mapping[str, str]) -> bool:
    expected = _signature(terminal.key, FORMS[operation].answered, fields)
    return hmac.compare_digest(fields.get("signature", "").strip().encode(), expected.encode())


def _signature(key: str, names: Sequence[str], values: Mapping[str, str]) -> str:
    message = "".join(values.get(name, "") for name in names)
    return b64encode(hmac.digest(key.encode(), message.encode(), "sha256")).decode()
