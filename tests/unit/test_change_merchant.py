"""What an operator may set for a merchant, and what is refused before anything is written."""

from __future__ import annotations

import pytest

from shared.domain.errors import InvalidRequest, NotFound
from shared.domain.ids import MerchantId
from shared.domain.merchant import KeyKind, Limits, Merchant
from shared.domain.payment import Mode
from shared.ports.merchants import NewKey
from shared.usecases.merchant.change_merchant import change_merchant, shown_settings
from tools.testing.builders import MERCHANT, TEST, a_merchant
from tools.testing.fakes import FakeMerchants

KEY = NewKey("pk_test_ShopPublishable1", TEST, KeyKind.PUBLISHABLE)


@pytest.fixture
def merchants() -> FakeMerchants:
    kept = FakeMerchants()
    kept.create(a_merchant(), [KEY], [])
    return kept


def changed(merchants: FakeMerchants, **settings: str) -> Merchant:
    return change_merchant(MERCHANT, {n.replace("_", "-"): v for n, v in settings.items()}, merchants=merchants)


def test_every_setting_can_be_set_at_once_and_reaches_the_keys(merchants: FakeMerchants) -> None:
    after = changed(
        merchants,
        default_mode="SALE_DIRECT",
        allowed_modes="SALE_DIRECT,SALE_WITH_TOKENIZATION",
        origins="https://Shop.example, https://shop.example:8443,http://localhost:3000",
        notify_hosts="hooks.shop.example",
        callback_hosts="shop.example,www.shop.example,shop.example",
        payments_a_minute="60",
        declines_a_minute="5",
        contact="+39(010)123456",
        time_zone="America/New_York",
    )

    assert (after.default_mode, len(after.allowed_modes)) == (Mode.SALE_DIRECT, 2)
    assert after.origins == ("https://shop.example", "https://shop.example:8443", "http://localhost:3000")
    assert (after.notify_hosts, after.callback_hosts) == (
        ("hooks.shop.example",),
        ("shop.example", "www.shop.example"),
    )
    assert after.limits == Limits(60, 5)
    assert merchants.credential(KEY.value).merchant == after
    assert (after.contact, after.time_zone) == ("+39(010)123456", "America/New_York")
    assert shown_settings(after)["payments-a-minute"] == 60
    assert shown_settings(after)["time-zone"] == "America/New_York"


def test_an_empty_list_lifts_a_restriction_and_what_is_not_named_stays(merchants: FakeMerchants) -> None:
    changed(merchants, origins="https://shop.example", declines_a_minute="9")

    after = changed(merchants, origins="")

    assert (after.origins, after.limits.declines_a_minute) == ((), 9)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("colour", "red"),
        ("origins", "shop.example"),
        ("origins", "https://shop.example/"),
        ("origins", "https://shop.example/pay"),
        ("origins", "http://shop.example"),
        ("origins", "https://*.example; script-src *"),
        ("origins", "null"),
        ("origins", ",".join(f"https://shop{n}.example" for n in range(51))),
        ("notify-hosts", "https://shop.example"),
        ("notify-hosts", "shop.example:443"),
        ("callback-hosts", "shop_example"),
        ("callback-hosts", "a" * 254),
        ("allowed-modes", ""),
        ("allowed-modes", "CASH"),
        ("default-mode", "CASH"),
        ("allowed-modes", "SALE_DIRECT"),  # and the default is another one
        ("payments-a-minute", "0"),
        ("payments-a-minute", "-1"),
        ("payments-a-minute", "many"),
        ("payments-a-minute", "1000000"),
        ("declines-a-minute", "٣"),
        ("declines-a-minute", ""),
        ("contact", "ask us"),
        ("contact", "<b>@shop.example"),
        ("time-zone", "Rome"),
        ("time-zone", "../../etc/passwd"),
        ("time-zone", ""),
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(merchants: FakeMerchants, name: str, value: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        change_merchant(MERCHANT, {"declines-a-minute": "9", name: value}, merchants=merchants)

    assert name in str(refused.value) or name == "allowed-modes"
    assert merchants.get(MERCHANT) == a_merchant()


def test_nobody_is_not_changed(merchants: FakeMerchants) -> None:
    with pytest.raises(NotFound):
        change_merchant(MerchantId("m_nobody"), {}, merchants=merchants)
