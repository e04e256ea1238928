"""What IGFS says of a card that paid: which it is, how its holder was authenticated, and the token of a saved one."""

from __future__ import annotations

import json
from typing import Final

from shared.adapters.card_gateways.igfs_wire import Reply
from shared.domain.authentication import ThreeDs
from shared.domain.card import Card

_WORDS: Final = {"Y": True, "N": False}
_TAKEN_NOTE_OF: Final = "A"  # the bank was asked, and knows nobody whom it could have asked


def card_of(said: Reply) -> Card:
    return Card(
        brand=said["brand"],
        last4=said["maskedPan"][-4:],
        expiry=f"{said['expireMonth'].zfill(2)}/{said['expireYear'][-2:]}",
        holder_name=said["accountName"],
    )


def three_ds_of(said: Reply) -> ThreeDs | None:
    """None where the terminal does not say whether the bank was asked."""
    enrolled, authenticated = said["enrStatus"], said["authStatus"]
    if not enrolled and not authenticated:
        return None
    return ThreeDs(
        _WORDS.get(enrolled), authenticated == "Y", authenticated in ("Y", _TAKEN_NOTE_OF), status=authenticated
    )


def kept_token(said: Reply) -> str:
    """The token, with what the scheme calls the card's first payment where the terminal says that."""
    token, chain = said["payInstrToken"], said["traceChainId"]
    return json.dumps({"token": token, "chain": chain}) if token and chain else token


def token_of(kept: str) -> str:
    return str(json.loads(kept)["token"]) if kept.startswith("{") else kept


def chain_of(kept: str) -> str:
    """Empty where the terminal said nothing: then it is sent nothing of it either."""
    return str(json.loads(kept)["chain"]) if kept.startswith("{") else ""
