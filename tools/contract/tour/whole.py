"""The whole tour, and which operations it leaves out."""

from __future__ import annotations

from typing import Any, Final

from tools.contract.tour.disputes import DISPUTES
from tools.contract.tour.glomopay import GLOMOPAY
from tools.contract.tour.payglobe import PAYGLOBE
from tools.contract.tour.paygol import PAYGOL
from tools.contract.tour.step import tour_item

STEPS: Final = (*PAYGLOBE, *DISPUTES, *GLOMOPAY, *PAYGOL)
_LOCKED_OUT: Final = "the next run of the tour would be locked out: the collection has the key of before"
_PERSONS: Final = ("merchant.session_begin", "merchant.session_change", "merchant.session_end")
LEFT_OUT: Final = {
    "checkout.agree": "only a card gateway's own script makes what is handed over",
    "checkout.returned": "only the browser that an acquirer sends back knows its address",
    "glomopay.api_keys_rotate": _LOCKED_OUT,
    "merchant.paygol_rotate_secret": _LOCKED_OUT,
    **dict.fromkeys(_PERSONS, "a browser's: the link that begins its session is in a mail"),
    **dict.fromkeys(
        (
            "operators.merchants_create",
            "operators.merchants_list",
            "operators.merchant_get",
            "operators.merchant_act",
        ),
        "the operator's own key, which no merchant has",
    ),
    "operators.welcome": "only whom a link was mailed to has what opens it",
    "webhook.psp": "an acquirer signs it: each has its own way, and the sandbox has none",
}
# Each run has a voucher and a customer of its own.
_FRESH: Final = [
    "const run = Date.now().toString(16);",
    'pm.collectionVariables.set("voucher", `V5000-R${run}`);',
    'pm.collectionVariables.set("customerId", `run-${run}`);',
    'pm.collectionVariables.set("disputeRef", `CB-${run}`);',
    'pm.collectionVariables.set("now", new Date().toISOString());',
]


def tour() -> list[dict[str, Any]]:
    """The tour as a folder's items."""
    first, *others = [tour_item(step) for step in STEPS]
    fresh = {"listen": "prerequest", "script": {"type": "text/javascript", "exec": _FRESH}}
    return [first | {"event": [fresh, *first["event"]]}, *others]
