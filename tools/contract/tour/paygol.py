"""Paygol's part of the tour: signed calls, the form of a shop, its page, and what the provider does in test."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tools.contract.tour.step import NOBODY, SIGNED, Step, signing

_HEADER: Final = "X-PG-SIG"
_JOHN: Final = {"pg_first_name": "John", "pg_last_name": "Doe", "pg_email": "jdoe@my-site.com"}
_PRICE: Final = {"pg_price": "11.00", "pg_currency": "EUR", "pg_country": "DE"}
_TOKEN: Final = {"pg_token": "{{paygolToken}}"}
_PAGE: Final = {"id": "{{paygolId}}"}


def _signed(name: str, module: str, given: Mapping[str, Any], **more: Any) -> Step:
    """A call whose body a script writes out and signs, because the signature is over its exact bytes."""
    script = signing({"pg_serviceid": "{{service}}", **given}, "serviceSecret")
    says = {"result": 0, **more.pop("says", {})}
    headers = {_HEADER: "{{signature}}"}
    return Step(name, module, body=SIGNED, before=script, headers=headers, bearer=NOBODY, says=says, **more)


_MADE: Final = {"paygolId": "data.transaction_id"}

PAYGOL: Final = (
    _signed("Paygol: a token", "paygol.auth_token", {}, keeps={"paygolToken": "token"}),
    _signed("Paygol: methods in Germany", "paygol.payment_methods", {**_TOKEN, "pg_country": "DE"}),
    _signed(
        "Paygol: a transaction",
        "paygol.payment_create",
        {**_TOKEN, **_PRICE, **_JOHN, "pg_method": "bitcoin"},
        keeps=_MADE,
    ),
    Step("Paygol: to where it is paid", "paygol.pay_direct", _PAGE, bearer=NOBODY, status=302),
    Step("Paygol: what its page shows", "paygol.checkout", _PAGE, bearer=NOBODY),
    Step("Paygol: begin", "paygol.checkout_start", _PAGE, bearer=NOBODY, body={}),
    Step("Paygol: the money comes", "sandbox.method_act", _PAGE, bearer=NOBODY, body={"action": "pay"}),
    Step("Paygol: the provider's book", "sandbox.method_book", _PAGE),
    Step("Paygol: back to the shop", "paygol.pay_direct_return", _PAGE, bearer=NOBODY, status=302),
    _signed(
        "Paygol: its status",
        "paygol.payment_status",
        {**_TOKEN, "transaction_id": "{{paygolId}}"},
        says={"payment.status": "completed"},
    ),
    Step(
        "Paygol: a check without a signature",
        "paygol.check_payment",
        query="service={{service}}&id={{paygolId}}",
        bearer=NOBODY,
        says={"data.status": "completed"},
    ),
    _signed("Paygol: a web checkout", "paygol.payment_webcheckout", {**_TOKEN, **_PRICE}, keeps=_MADE),
    Step(
        "Paygol: the customer chooses",
        "paygol.checkout_method",
        _PAGE,
        bearer=NOBODY,
        body={"pg_method": "bitcoin", **_JOHN},
    ),
    Step("Paygol: the customer leaves", "paygol.checkout_cancel", _PAGE, bearer=NOBODY, body={}),
    Step(
        "Paygol: a shop's form",
        "paygol.pay",
        form={"pg_serviceid": "{{service}}", **_PRICE},
        bearer=NOBODY,
        status=303,
    ),
    Step("Paygol: the service", "merchant.paygol_get"),
    Step("Paygol: an address for notifications", "merchant.paygol_update", body={"ipn_url": "{{receiver}}"}),
    Step("Paygol: no address", "merchant.paygol_update", body={"ipn_url": None}, says={"ipn_url": None}),
)  # fmt: skip
