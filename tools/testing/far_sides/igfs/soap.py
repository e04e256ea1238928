"""IGFS envelopes as the acquirer reads and writes them, and the signatures of both directions."""

from __future__ import annotations

import hmac
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree
from xml.sax.saxutils import escape

SERVICES: Final = "http://services.api.web.cg.igfs.apps.netsw.it/"
SOAP: Final = "http://schemas.xmlsoap.org/soap/envelope/"

_INFO: Final = ("addInfo1", "addInfo2", "addInfo3", "addInfo4", "addInfo5")
_SHOP: Final = ("apiVersion", "tid", "merID", "payInstr", "shopID")
_USER: Final = ("shopUserRef", "shopUserName", "shopUserAccount", "shopUserMobilePhone", "shopUserIMEI")
_DONE: Final = ("tid", "shopID", "rc", "errorDesc", "tranID", "date")

# What a request's signature is made over, in this order, after the five fields of ``_SHOP``.
_ASKED: Final[dict[str, tuple[str, ...]]] = {
    "Init": (
        *_USER,
        *("trType", "amount", "currencyCode", "langID", "notifyURL", "errorURL", "callbackURL"),
        *_INFO,
        *("payInstrToken", "topUpID"),
    ),
    "Verify": ("paymentID", "refTranID"),
    "Auth": (
        *_USER,
        *("shopUserIP", "trType", "amount", "currencyCode", "callbackURL", "pan", "payInstrToken", "payload"),
        *("cvv2", "expireMonth", "expireYear"),
        *_INFO,
        "topUpID",
    ),
    "Confirm": ("amount", "refTranID", *_INFO, "topUpID"),
    "VoidAuth": ("amount", "refTranID", *_INFO),
    "Credit": (
        *("shopUserRef", "amount", "currencyCode", "refTranID", "pan", "payInstrToken", "expireMonth", "expireYear"),
        *_INFO,
    ),
    "Delete": ("payInstrToken",),
}
_ANSWERED: Final[dict[str, tuple[str, ...]]] = {
    "Init": ("tid", "shopID", "rc", "errorDesc", "paymentID", "redirectURL"),
    "Verify": ("tid", "shopID", "rc", "errorDesc", "paymentID", "tranID", "authCode", "enrStatus", "authStatus"),
    "Auth": (*_DONE, "paymentID", "authCode"),
    "Confirm": (*_DONE, *_INFO),
    "VoidAuth": (*_DONE, *_INFO),
    "Credit": (*_DONE, *_INFO),
    "Delete": ("tid", "shopID", "rc", "errorDesc"),
}
OPERATIONS: Final = {
    "PaymentInitGatewayPort": frozenset({"Init", "Verify"}),
    "PaymentTranGatewayPort": frozenset({"Auth", "Confirm", "Credit", "VoidAuth"}),
    "TokenizerGatewayPort": frozenset({"Delete"}),
}


class Unreadable(Exception):
    """Not an envelope with one operation of this port in it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: the operation, and its elements as text in the order in which they came."""

    operation: str
    fields: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        return self.fields.get(name, "")

    def signed_with(self, key: str) -> bool:
        return hmac.compare_digest(self["signature"], request_signature(key, self.operation, self.fields))


def read(port: str, body: bytes) -> Asked:
    """The request in an envelope. Raises Unreadable."""
    try:
        envelope = ElementTree.fromstring(body)
    except ElementTree.ParseError as error:
        raise Unreadable("not XML") from error
    operations = [part for part in envelope.findall(f"{{{SOAP}}}Body/*") if part.tag.startswith(f"{{{SERVICES}}}")]
    if len(operations) != 1:
        raise Unreadable("not one operation")
    name = operations[0].tag.removeprefix(f"{{{SERVICES}}}")
    request = operations[0].find("request")
    if name not in OPERATIONS.get(port, ()) or request is None:
        raise Unreadable(f"{name} is not an operation of {port}")
    return Asked(name, {element.tag: element.text or "" for element in request})


def request_signature(key: str, operation: str, fields: Mapping[str, str]) -> str:
    return _signature(key, (*_SHOP, *_ASKED[operation]), fields)


def reply_signature(key: str, operation: str, fields: Mapping[str, str]) -> str:
    return _signature(key, _ANSWERED[operation], fields)


def _signature(key: str, names: Sequence[str], fields: Mapping[str, str]) -> str:
    message = "".join(fields.get(name, "") for name in names)
    return b64encode(hmac.digest(key.encode(), message.encode(), "sha256")).decode()


def write(operation: str, fields: Mapping[str, str]) -> bytes:
    """A reply's envelope; elements without a value are left out, but for the description of the error."""
    inside = "".join(
        f"<{name}>{escape(value)}</{name}>" for name, value in fields.items() if value or name == "errorDesc"
    )
    return (
        f'<soap:Envelope xmlns:soap="{SOAP}"><soap:Body>'
        f'<ns1:{operation}Response xmlns:ns1="{SERVICES}"><response>{inside}</response></ns1:{operation}Response>'
        "</soap:Body></soap:Envelope>"
    ).encode()


def fault(text: str) -> bytes:
    return (
        f'<soap:Envelope xmlns:soap="{SOAP}"><soap:Body><soap:Fault><faultcode>soap:Client</faultcode>'
        f"<faultstring>{escape(text)}</faultstring></soap:Fault></soap:Body></soap:Envelope>"
    ).encode()
