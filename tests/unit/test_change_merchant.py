"""What an operator may set for a merchant, and what is refused before anything is written."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.domain.account import Account
from shared.domain.errors import Conflict, Forbidden, InvalidRequest, NotFound, Unauthenticated
from shared.domain.ids import MerchantId
from shared.domain.merchant import AuditLine, KeyKind, MerchantRecord
from shared.domain.payment import Environment
from shared.ports.merchants import NewKey
from shared.usecases.merchant.change_merchant import change_merchant, shown_account, shown_merchant
from shared.usecases.merchant.rotate_key import rotate_key
from shared.usecases.merchant.suspend_merchant import suspend_merchant
from tools.ops.merchants import overlap_of
from tools.testing.builders import MERCHANT, TEST, a_record, an_office
from tools.testing.fakes import NOON, FakeMerchants, FixedClock

KEY = NewKey("pk_test_ShopPublishable1", TEST, KeyKind.PUBLISHABLE)


@pytest.fixture
def merchants() -> FakeMerchants:
    kept = FakeMerchants()
    kept.create(a_record(KEY))
    return kept


def changed(merchants: FakeMerchants, environment: Environment | None = TEST, **settings: str) -> MerchantRecord:
    wanted = {name.replace("_", "-"): value for name, value in settings.items()}
    return change_merchant(MERCHANT, wanted, office=an_office(merchants), environment=environment)


def test_every_setting_can_be_set_at_once_and_reaches_the_keys(merchants: FakeMerchants) -> None:
    record = changed(
        merchants,
        default_mode="SALE_DIRECT",
        allowed_modes="SALE_DIRECT,SALE_WITH_TOKENIZATION",
        origins="https://Shop.example, https://shop.example:8443,http://localhost:3000",
        notify_hosts="hooks.shop.example",
        callback_hosts="shop.example,www.shop.example,shop.example",
        payments_a_minute="60",
        declines_a_minute="5",
        s2s_cards="on",
        receipts="off",
        voucher_amount_required="on",
        accent="#0B5D4B",
        contact="+39(010)123456",
        time_zone="America/New_York",
        email="owner@shop.example",
        name="Bottega Uno",
    )

    assert shown_account(record.account(TEST)) == {
        "default-mode": "SALE_DIRECT",
        "allowed-modes": ["SALE_DIRECT", "SALE_WITH_TOKENIZATION"],
        "origins": ["https://shop.example", "https://shop.example:8443", "http://localhost:3000"],
        "notify-hosts": ["hooks.shop.example"],
        "callback-hosts": ["shop.example", "www.shop.example"],
        "payments-a-minute": 60,
        "receipts": "off",
        "voucher-amount-required": "on",
        "declines-a-minute": 5,
        "s2s-cards": "on",
    }
    assert shown_merchant(record.merchant) == {
        "name": "Bottega Uno",
        "email": "owner@shop.example",
        "contact": "+39(010)123456",
        "time-zone": "America/New_York",
        "accent": "#0b5d4b",
    }
    credential = merchants.credential(KEY.value)
    assert (credential.merchant, credential.account) == (record.merchant, record.account(TEST))
    assert record.account(Environment.LIVE) == Account(), "the other environment stays as it was"


def test_a_setting_of_one_environment_asks_which(merchants: FakeMerchants) -> None:
    with pytest.raises(InvalidRequest, match="ENV_MODE"):
        changed(merchants, None, origins="https://shop.example")

    assert changed(merchants, None, contact="a@shop.example").merchant.contact == "a@shop.example"


def test_an_empty_list_lifts_a_restriction_and_what_is_not_named_stays(merchants: FakeMerchants) -> None:
    changed(merchants, origins="https://shop.example", declines_a_minute="9")

    after = changed(merchants, origins="").account(TEST)

    assert (after.origins, after.limits.declines_a_minute) == ((), 9)


def test_the_trail_says_who_when_and_which_fields_and_never_the_values(merchants: FakeMerchants) -> None:
    changed(merchants, origins="https://shop.example", contact="a@shop.example", payments_a_minute="7")
    changed(merchants, contact="a@shop.example")

    (line,) = merchants.audit_trail(MERCHANT, 9)
    fields = ("contact", "test.origins", "test.limits")
    assert line == AuditLine(NOON, "an operator", "merchant-set", fields), "and what changes nothing leaves none"


def test_a_suspended_merchant_stays_suspended_since_then_until_it_is_resumed(merchants: FakeMerchants) -> None:
    suspend_merchant(MERCHANT, office=an_office(merchants))
    later = suspend_merchant(MERCHANT, office=an_office(merchants, lambda: NOON + timedelta(hours=1)))
    assert later.merchant.suspended_at == NOON
    with pytest.raises(Forbidden, match="suspended"):
        merchants.credential(KEY.value).merchant.check_active()

    suspend_merchant(MERCHANT, office=an_office(merchants), resume=True)

    merchants.credential(KEY.value).merchant.check_active()


# ---- keys ----


def test_a_rotated_key_stops_at_once(merchants: FakeMerchants) -> None:
    new = rotate_key(MERCHANT, KEY.value, office=an_office(merchants))

    with pytest.raises(Unauthenticated):
        merchants.credential(KEY.value)
    with pytest.raises(NotFound):
        rotate_key(MERCHANT, KEY.value, office=an_office(merchants))
    assert merchants.credential(new.value).kind is KeyKind.PUBLISHABLE


def test_with_an_overlap_the_old_key_works_until_its_end_and_not_a_moment_longer() -> None:
    clock = FixedClock()
    merchants = FakeMerchants(clock)
    merchants.create(a_record(KEY))
    new = rotate_key(MERCHANT, KEY.value, office=an_office(merchants, clock), overlap=timedelta(hours=24))

    clock.advance(24 * 3600 - 1)
    assert merchants.credential(KEY.value).environment is TEST
    clock.advance(1)

    with pytest.raises(Unauthenticated):
        merchants.credential(KEY.value)
    assert merchants.credential(new.value).environment is TEST


def test_a_change_reaches_a_key_in_its_overlap_and_drops_one_whose_time_is_up() -> None:
    clock = FixedClock()
    merchants = FakeMerchants(clock)
    merchants.create(a_record(KEY))
    office = an_office(merchants, clock)
    rotate_key(MERCHANT, KEY.value, office=office, overlap=timedelta(hours=1))

    change_merchant(MERCHANT, {"contact": "a@shop.example"}, office=office)
    assert merchants.credential(KEY.value).merchant.contact == "a@shop.example"
    with pytest.raises(Conflict):
        rotate_key(MERCHANT, KEY.value, office=office, overlap=timedelta(hours=9))
    clock.advance(3600)
    change_merchant(MERCHANT, {"contact": ""}, office=office)

    assert len(merchants.record(MERCHANT).keys) == 1


@pytest.mark.parametrize(("text", "hours"), [("24h", 24), ("90m", 1.5), ("2d", 48), ("0h", 0)])
def test_an_overlap_is_written_with_its_unit(text: str, hours: float) -> None:
    assert overlap_of(text) == timedelta(hours=hours)


@pytest.mark.parametrize("text", ["24", "h", "-1h", "1.5h", "31d", "99999999999h", "٣h"])
def test_an_overlap_that_makes_no_sense_is_refused(merchants: FakeMerchants, text: str) -> None:
    with pytest.raises(InvalidRequest):
        rotate_key(MERCHANT, KEY.value, office=an_office(merchants), overlap=overlap_of(text))

    assert merchants.credential(KEY.value).kind is KeyKind.PUBLISHABLE


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
        ("name", ""),
        ("name", "x" * 101),
        ("email", "+39010123456"),
        ("s2s-cards", "yes"),
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(merchants: FakeMerchants, name: str, value: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        change_merchant(
            MERCHANT, {"declines-a-minute": "9", name: value}, office=an_office(merchants), environment=TEST
        )

    assert name in str(refused.value) or name == "allowed-modes"
    assert merchants.record(MERCHANT) == replace(a_record(KEY), version=1)


def test_nobody_is_not_changed(merchants: FakeMerchants) -> None:
    with pytest.raises(NotFound):
        change_merchant(MerchantId("m_nobody"), {}, office=an_office(merchants))
