"""Two issuers of vouchers that an operator set up: one payment takes both, and each gets its own back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.client import Client, until
from tests.e2e.connected import operator
from tools.ops import connector, merchant
from tools.testing.builders import MERCHANT, TEST
from tools.testing.far_sides.assiopay.side import AssioPaySide
from tools.testing.far_sides.issuer import IssuerSide
from tools.testing.far_sides.monni.side import MonniSide

ACCOUNTS = {"assiopay": "shop@example.org", "monni": "shop_monni"}


class Shop:
    """Cards at the sandbox, vouchers at two issuers that run on ports of this machine."""

    def __init__(self, gateway_url: str, folder: Path) -> None:
        port = urlsplit(gateway_url).port
        assert port is not None
        self.assiopay, self.monni = AssioPaySide(), MonniSide()
        made = operator(merchant.main, "create", "--name", "Two issuers", port=port)
        for side in (self.assiopay, self.monni):
            self._set_up(side, made["merchantId"], folder, port)
        self.listed = operator(connector.main, "list", "--merchant", made["merchantId"], port=port)
        self.client = Client(gateway_url, made["keys"]["sk_test"])

    def _set_up(self, side: IssuerSide, merchant_id: str, folder: Path, port: int) -> None:
        written = folder / f"{side.name}.json"
        written.write_text(json.dumps(dict(side.settings.credentials.of(MERCHANT, TEST, side.name))))
        which = ("--merchant", merchant_id, "--env-mode", "test", "--provider", side.name)
        shown = operator(connector.main, "set", *which, "--settings", f"@{written}", port=port)
        assert "(set)" in shown["settings"].values()
        assert operator(connector.main, "test", *which, port=port) == {"ok": True, "account": ACCOUNTS[side.name]}

    def held(self, amount: float) -> dict[str, Any]:
        payment = self.client.init(amount)
        self.client.card(payment)
        return payment


@pytest.fixture(scope="module")
def shop(gateway_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    made = Shop(gateway_url, tmp_path_factory.mktemp("issuers"))
    yield made
    made.assiopay.close()
    made.monni.close()


def test_both_issuers_stand_beside_each_other_in_the_order_of_the_commands(shop: Shop) -> None:
    providers = [one["provider"] for one in shop.listed["connectors"] if one.get("provider")]

    assert providers == ["assiopay", "monni"]
    told = shop.client.get("/api/merchant/settings")["connectors"]
    assert [one["name"] for one in told["voucherProviders"]] == providers


def test_vouchers_of_two_issuers_and_a_card_pay_and_everything_goes_back(shop: Shop) -> None:
    codes = shop.assiopay.voucher(30_00), shop.monni.voucher(8_00)
    payment = shop.held(100)

    shop.client.choose(payment, *codes)

    paid = shop.client.settled(payment)
    assert (paid["status"], paid["capturedAmount"], paid["voucherAmount"]) == ("SUCCESS", 62, 38)
    assert [one["issuer"] for one in paid["vouchers"]] == ["assiopay", "monni"]
    assert [shop.assiopay.books.ticket(codes[0]).used, shop.monni.books.ticket(codes[1]).used] == [30_00, 8_00]
    until(lambda: shop.assiopay.books.ticket(codes[0]).notices, bool)
    refund = shop.client.call("POST", f"/api/payment/refund/{payment['transactionId']}", {})
    assert (refund.status_code, refund.json()["refundAmount"]) == (200, 100)
    assert [shop.assiopay.books.ticket(codes[0]).used, shop.monni.books.ticket(codes[1]).used] == [0, 0]


def test_a_voucher_of_which_a_part_would_be_lost_waits_for_the_customers_word(shop: Shop) -> None:
    code = shop.monni.voucher(8_00)
    payment = shop.held(7.20)

    shop.client.choose(payment, code)

    refused = until(lambda: shop.client.transaction(payment), lambda seen: seen["status"] == "VOUCHER_FAILED")
    assert refused["lastError"] == {
        "code": "value_would_be_lost",
        "message": "0.80 EUR of the voucher would be lost",
    }
    assert shop.monni.books.ticket(code).holder == ""
    choice = {"choice": "VOUCHERS", "vouchers": [{"otp": code}], "acceptLoss": True}
    shop.client.call("POST", f"/api/payment/voucher-choice/{payment['transactionId']}", choice)
    paid = shop.client.settled(payment)
    assert (paid["status"], paid["capturedAmount"], paid["vouchers"][-1]["lostAmount"]) == ("SUCCESS", 0, 0.80)
