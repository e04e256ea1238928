"""What the acquirer answers to each operation: judged as its documentation says, then done in its books."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final

from tools.testing.far_sides.igfs import soap
from tools.testing.far_sides.igfs.books import OK, Kind, Order, Refused, Terminal
from tools.testing.far_sides.igfs.soap import Asked

Fields = dict[str, str]
_URLS: Final = ("notifyURL", "errorURL")


def answer(terminals: Mapping[str, Terminal], asked: Asked, show: str) -> bytes:
    """The reply's envelope. ``show`` is the address of the card page, to which a paymentID is added.

    A refusal is not signed, as the acquirer's are not.
    """
    said: Fields = {"tid": asked["tid"], "shopID": asked["shopID"]}
    try:
        terminal = _judged(terminals, asked)
        with terminal.lock:
            done = _DOES[asked.operation](terminal, asked, show)
    except Refused as refusal:
        return soap.write(asked.operation, {**said, "rc": refusal.code, "error": "true", "errorDesc": "REFUSED"})
    said |= {"rc": OK, "error": "false", "errorDesc": "TRANSAZIONE OK"} | done
    said["signature"] = soap.reply_signature(terminal.key, asked.operation, said)
    return soap.write(asked.operation, said)


def _judged(terminals: Mapping[str, Terminal], asked: Asked) -> Terminal:
    if not asked["apiVersion"]:
        raise Refused("IGFS_20021")
    terminal = terminals.get(asked["tid"])
    if terminal is None:
        raise Refused("IGFS_00456")
    if not asked.signed_with(terminal.key):
        raise Refused("IGFS_20022")
    if not 0 < len(asked["shopID"]) <= 256:
        raise Refused("IGFS_20012")
    return terminal


def _amount(asked: Asked) -> int:
    text = asked["amount"]
    if not (text.isascii() and text.isdigit() and len(text) <= 12):
        raise Refused("IGFS_20000")
    return int(text)


def _init(terminal: Terminal, asked: Asked, show: str) -> Fields:
    if any(not asked[name] or len(asked[name]) > 512 for name in _URLS) or asked["trType"] not in tuple(Kind):
        raise Refused("IGFS_20000")
    if len(asked["langID"]) != 2:
        raise Refused("IGFS_20013")
    order = Order(
        shop_id=asked["shopID"],
        payment_id=terminal.number("00"),
        kind=Kind(asked["trType"]),
        amount=_amount(asked),
        currency=asked["currencyCode"],
        tokenise=asked["regenPayInstrToken"] == "true",
        notify_url=asked["notifyURL"],
        error_url=asked["errorURL"],
        callback_url=asked["callbackURL"],
    )
    terminal.opened(order)
    return {"paymentID": order.payment_id, "redirectURL": f"{show}?referenceData={order.payment_id}"}


def _verify(terminal: Terminal, asked: Asked, _: str) -> Fields:
    order = terminal.page(asked["paymentID"])
    if order.shop_id != asked["shopID"]:
        raise Refused("IGFS_20012")
    if not order.paid:
        raise Refused(order.code)
    month, year = order.expiry
    return {
        "paymentID": order.payment_id,
        "tranID": order.tran_id,
        "authCode": order.auth_code,
        "enrStatus": "Y",
        "authStatus": "Y",
        "traceChainId": f"CHAIN{order.tran_id[-8:]}",
        "brand": order.brand,
        "maskedPan": order.masked,
        "payInstrToken": order.token,
        "expireMonth": month,
        "expireYear": year,
    }


def _confirm(terminal: Terminal, asked: Asked, _: str) -> Fields:
    number, left = terminal.confirm(asked["refTranID"], _amount(asked))
    return {"tranID": number, "date": _now(), "pendingAmount": str(left)}


def _void(terminal: Terminal, asked: Asked, _: str) -> Fields:
    return {"tranID": terminal.void(asked["refTranID"], _amount(asked)), "date": _now()}


def _credit(terminal: Terminal, asked: Asked, _: str) -> Fields:
    number, left = terminal.credit(asked["refTranID"], _amount(asked), asked["currencyCode"], asked["shopID"])
    return {"tranID": number, "date": _now(), "pendingAmount": str(left)}


def _auth(terminal: Terminal, asked: Asked, _: str) -> Fields:
    if asked["trType"] != Kind.PURCHASE or not asked["payInstrToken"]:
        raise Refused("IGFS_20000")
    order = Order(
        asked["shopID"], terminal.number("00"), Kind.PURCHASE, _amount(asked), currency=asked["currencyCode"]
    )
    terminal.chains.append(asked["traceChainId"])
    charged = terminal.charge(order, asked["payInstrToken"])
    return {
        "tranID": charged.tran_id,
        "date": _now(),
        "paymentID": charged.payment_id,
        "authCode": charged.auth_code,
    }


def _delete(terminal: Terminal, asked: Asked, _: str) -> Fields:
    terminal.forget(asked["payInstrToken"])
    return {}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


_DOES: Final[dict[str, Callable[[Terminal, Asked, str], Fields]]] = {
    "Init": _init,
    "Verify": _verify,
    "Confirm": _confirm,
    "VoidAuth": _void,
    "Credit": _credit,
    "Auth": _auth,
    "Delete": _delete,
}
