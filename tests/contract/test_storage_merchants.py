"""What the port ``Merchants`` promises."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.domain.account import Account, Connector, Limits
from shared.domain.errors import Conflict, NotFound, Unauthenticated
from shared.domain.ids import MerchantId, fingerprint
from shared.domain.merchant import (
    AuditLine,
    Credential,
    EndpointStatus,
    KeyKind,
    Listed,
    MerchantRecord,
    OwnConnector,
    Service,
)
from shared.domain.payment import Environment, Mode
from shared.domain.picture import Picture
from shared.ports.merchants import NewKey, NewSecret
from shared.usecases.merchant.create_merchant import kept
from tests.storage import Storage
from tools.testing.builders import (
    MERCHANT,
    TEST,
    a_credential,
    a_merchant,
    a_record,
    a_secret,
    an_account,
    an_endpoint,
)
from tools.testing.fakes import NOON

SECRET_KEY = NewKey("sk_test_ONE", TEST, KeyKind.SECRET)
PUBLIC_KEY = NewKey("pk_live_TWO", Environment.LIVE, KeyKind.PUBLISHABLE)
NEW_KEY = NewKey("sk_test_NEW", TEST, KeyKind.SECRET)
LINE = AuditLine(NOON, "an operator", "merchant-set", ("name",))


def onboard(storage: Storage) -> None:
    storage.merchants.create(a_record(SECRET_KEY, PUBLIC_KEY), [NewSecret(TEST, a_secret())])


def test_a_key_says_who_calls_and_what_it_may_do(storage: Storage) -> None:
    gateway = Connector("x", {"terminal": "1"}, NOON)
    account = an_account(default_mode=Mode.SALE_DIRECT, origins=("https://shop.example",), card_gateway=gateway)
    record = a_record(SECRET_KEY, PUBLIC_KEY, test=account)
    storage.merchants.create(record)

    assert storage.merchants.credential("sk_test_ONE") == a_credential(account=account)
    live = Credential(a_merchant(), Environment.LIVE, KeyKind.PUBLISHABLE, Account())
    assert storage.merchants.credential("pk_live_TWO") == live
    assert storage.merchants.get(MERCHANT) == a_merchant()
    assert storage.merchants.record(MERCHANT) == replace(record, version=1)


@pytest.mark.parametrize("key", ["sk_test_one", "sk_test_", "", "x" * 5000])
def test_an_unknown_key_is_nobody(storage: Storage, key: str) -> None:
    onboard(storage)

    with pytest.raises(Unauthenticated):
        storage.merchants.credential(key)


def test_a_merchant_is_created_once(storage: Storage) -> None:
    onboard(storage)

    with pytest.raises(Conflict):
        storage.merchants.create(a_record(NEW_KEY, name="Thief"))

    assert storage.merchants.get(MERCHANT).name == "Shop"
    with pytest.raises(Unauthenticated):
        storage.merchants.credential(NEW_KEY.value)


def an_invited(merchant: str, name: str = "Shop", email: str = "owner@shop.example") -> MerchantRecord:
    record = a_record(id=MerchantId(merchant), name=name)
    return replace(record, merchant=replace(record.merchant, email=email))


def test_a_second_merchant_of_one_name_and_address_is_the_first_again_for_a_day(storage: Storage) -> None:
    storage.merchants.create(an_invited("m_one"))

    with pytest.raises(Conflict) as refused:
        storage.merchants.create(an_invited("m_two", name="SHOP", email="Owner@Shop.example"))
    assert refused.value.error_code == "merchant_exists"
    assert "m_one" in str(refused.value)
    with pytest.raises(NotFound):
        storage.merchants.get(MerchantId("m_two"))

    storage.merchants.create(an_invited("m_three", name="Another shop"))
    storage.merchants.create(an_invited("m_four", email="other@shop.example"))
    with pytest.raises(Conflict) as again:
        storage.merchants.create(an_invited("m_one"))
    assert again.value.error_code == "conflict"


def test_every_merchant_is_listed_by_what_it_is_looked_for_and_read_as_it_is_now(storage: Storage) -> None:
    onboard(storage)
    storage.merchants.create(an_invited("m_one"))
    storage.logos.keep(MERCHANT, Picture("png", b"no merchant"))
    assert changed(storage, a_record(SECRET_KEY, PUBLIC_KEY, name="Renamed")) is None

    found = sorted(storage.merchants.listed())

    assert found == [Listed(MerchantId("m_one"), "Shop", "owner@shop.example"), Listed(MERCHANT, "Renamed", "")]
    both = storage.merchants.records([MERCHANT, MerchantId("m_nobody"), MerchantId("m_one")])
    assert [record.merchant.name for record in both] == ["Renamed", "Shop"]
    assert both[0].version == 2


def test_a_key_that_is_taken_creates_no_merchant(storage: Storage) -> None:
    onboard(storage)

    with pytest.raises(Conflict):
        storage.merchants.create(a_record(SECRET_KEY, id=MerchantId("m_other")))

    with pytest.raises(NotFound):
        storage.merchants.get(MerchantId("m_other"))
    assert storage.merchants.credential(SECRET_KEY.value).merchant.id == MERCHANT


def changed(storage: Storage, after: MerchantRecord, version: int = 1) -> MerchantRecord | None:
    before = replace(storage.merchants.record(MERCHANT), version=version)
    return storage.merchants.change(before, after, LINE)


def test_a_key_that_is_taken_out_is_revoked_at_once(storage: Storage) -> None:
    onboard(storage)

    assert changed(storage, a_record(NEW_KEY, PUBLIC_KEY)) is None

    with pytest.raises(Unauthenticated):
        storage.merchants.credential(SECRET_KEY.value)
    assert storage.merchants.credential(NEW_KEY.value) == a_credential()
    assert storage.merchants.credential(NEW_KEY.value).fingerprint == fingerprint(NEW_KEY.value)
    assert storage.merchants.credential(PUBLIC_KEY.value).kind is KeyKind.PUBLISHABLE


@pytest.mark.parametrize(("seconds", "works"), [(1, True), (0, False), (-1, False)])
def test_a_key_with_an_end_works_until_then(storage: Storage, seconds: int, works: bool) -> None:
    onboard(storage)
    ending = replace(kept(SECRET_KEY), expires_at=NOON + timedelta(seconds=seconds))
    assert changed(storage, replace(a_record(), keys=(ending,))) is None

    if works:
        assert storage.merchants.credential(SECRET_KEY.value).kind is KeyKind.SECRET
    else:
        with pytest.raises(Unauthenticated):
            storage.merchants.credential(SECRET_KEY.value)


def test_a_key_of_another_merchant_is_not_taken_over(storage: Storage) -> None:
    onboard(storage)
    storage.merchants.create(a_record(NEW_KEY, id=MerchantId("m_other")))

    with pytest.raises(Conflict):
        changed(storage, a_record(SECRET_KEY, PUBLIC_KEY, NEW_KEY))

    assert storage.merchants.credential(NEW_KEY.value).merchant.id == "m_other"
    assert storage.merchants.record(MERCHANT).version == 1


def test_a_merchant_has_its_own_webhook_secret_per_environment(storage: Storage) -> None:
    onboard(storage)

    assert storage.merchants.own_secret(MERCHANT, TEST) == a_secret()
    with pytest.raises(NotFound):
        storage.merchants.own_secret(MERCHANT, Environment.LIVE)


# ---- webhook endpoints ----


def test_a_new_endpoint_is_read_back_as_it_was(storage: Storage) -> None:
    old = a_secret(value="whsec_test_b2xk", expires_at=NOON + timedelta(hours=24))
    endpoint = an_endpoint(secrets=(a_secret(), old), events=("charge.refunded",), failing_since=NOON)

    assert storage.merchants.save_endpoint(endpoint) is None

    assert storage.merchants.endpoint(MERCHANT, TEST, endpoint.id) == replace(endpoint, version=1)


def test_endpoints_are_listed_oldest_first_per_environment(storage: Storage) -> None:
    second, first = (an_endpoint(created_at=NOON + timedelta(seconds=seconds)) for seconds in (2, 1))
    for endpoint in (second, first, an_endpoint(environment=Environment.LIVE)):
        storage.merchants.save_endpoint(endpoint)

    assert [endpoint.id for endpoint in storage.merchants.endpoints(MERCHANT, TEST)] == [first.id, second.id]


def test_a_stale_endpoint_is_not_written_and_the_newer_one_comes_back(storage: Storage) -> None:
    endpoint = an_endpoint()
    storage.merchants.save_endpoint(endpoint)
    storage.merchants.save_endpoint(replace(endpoint, status=EndpointStatus.PAUSED, version=1))

    current = storage.merchants.save_endpoint(replace(endpoint, url="https://late.example", version=1))

    assert current == replace(endpoint, status=EndpointStatus.PAUSED, version=2)
    assert storage.merchants.endpoint(MERCHANT, TEST, endpoint.id) == current


def test_an_endpoint_that_takes_the_place_of_a_deleted_one_begins_above_it(storage: Storage) -> None:
    endpoint = an_endpoint()
    storage.merchants.save_endpoint(endpoint)
    storage.merchants.delete_endpoint(endpoint)

    assert storage.merchants.save_endpoint(endpoint, first=9_000_000_000_000_000) is None
    there = storage.merchants.endpoint(endpoint.merchant_id, endpoint.environment, endpoint.id)
    assert there.version == 9_000_000_000_000_000
    assert storage.merchants.save_endpoint(replace(there, url="https://other.example")) is None


def test_a_deleted_endpoint_is_gone_and_cannot_be_saved(storage: Storage) -> None:
    endpoint = an_endpoint()
    storage.merchants.save_endpoint(endpoint)

    storage.merchants.delete_endpoint(endpoint)
    storage.merchants.delete_endpoint(endpoint)

    assert storage.merchants.endpoints(MERCHANT, TEST) == []
    with pytest.raises(NotFound):
        storage.merchants.endpoint(MERCHANT, TEST, endpoint.id)
    with pytest.raises(NotFound):
        storage.merchants.save_endpoint(replace(endpoint, version=1))


# ---- settings ----


def test_a_change_is_in_force_for_every_key_with_the_next_request(storage: Storage) -> None:
    onboard(storage)
    storage.merchants.create(a_record(NewKey("pk_test_X", TEST, KeyKind.PUBLISHABLE), id=MerchantId("m_other")))
    account = an_account(origins=("https://shop.example",), limits=Limits(7, 3), notify_hosts=("shop.example",))
    after = a_record(SECRET_KEY, PUBLIC_KEY, test=account, contact="a@shop.example")

    assert changed(storage, after) is None

    assert storage.merchants.record(MERCHANT) == replace(after, version=2)
    assert storage.merchants.credential(SECRET_KEY.value).account == account
    for key in (SECRET_KEY, PUBLIC_KEY):
        assert storage.merchants.credential(key.value).merchant == after.merchant
    assert storage.merchants.credential("pk_test_X").account == an_account()


def test_a_record_that_was_changed_since_it_was_read_is_not_overwritten(storage: Storage) -> None:
    onboard(storage)
    second = a_record(SECRET_KEY, PUBLIC_KEY, name="Second")
    changed(storage, second)

    assert changed(storage, a_record(NEW_KEY, name="Third")) == replace(second, version=2)
    nobody = a_record(id=MerchantId("m_nobody"))
    with pytest.raises(NotFound):
        storage.merchants.change(replace(nobody, version=1), nobody, LINE)

    assert storage.merchants.credential(SECRET_KEY.value).merchant.name == "Second"
    with pytest.raises(Unauthenticated):
        storage.merchants.credential(NEW_KEY.value)


def test_each_change_leaves_a_line_newest_first_and_one_that_was_not_written_none(storage: Storage) -> None:
    onboard(storage)
    second = AuditLine(NOON, "eve", "rotate-key", ("keys",))
    changed(storage, a_record(SECRET_KEY, name="Second"))
    changed(storage, a_record(SECRET_KEY, name="Late"))
    storage.merchants.change(storage.merchants.record(MERCHANT), a_record(NEW_KEY, name="Second"), second)

    assert storage.merchants.audit_trail(MERCHANT, 10) == [second, LINE]
    assert storage.merchants.audit_trail(MERCHANT, 1) == [second]


def test_all_merchants_are_listed(storage: Storage) -> None:
    onboard(storage)
    storage.merchants.create(a_record(NEW_KEY, id=MerchantId("m_other")))

    assert sorted(record.merchant.id for record in storage.merchants.all()) == ["m_other", MERCHANT]


# ---- connectors with an address of their own ----


def with_connectors(record: MerchantRecord, *connectors: Connector) -> MerchantRecord:
    """The last is the active one of test."""
    *others, active = connectors
    account = replace(record.account(TEST), card_gateway=active, inactive={one.name: one for one in others})
    return record.with_account(TEST, account)


def test_a_connector_is_found_by_what_its_address_ends_with_as_long_as_it_is_known(storage: Storage) -> None:
    onboard(storage)
    first, second = Connector("acquirer", id="aa" * 16), Connector("bank", id="bb" * 16)

    assert changed(storage, with_connectors(storage.merchants.record(MERCHANT), first)) is None
    assert storage.merchants.connector("aa" * 16) == OwnConnector(MERCHANT, TEST, "acquirer")
    assert changed(storage, with_connectors(storage.merchants.record(MERCHANT), first, second), 2) is None
    assert storage.merchants.connector("aa" * 16).name == "acquirer"
    assert changed(storage, with_connectors(storage.merchants.record(MERCHANT), second), 3) is None

    assert storage.merchants.connector("bb" * 16).name == "bank"
    for unknown in ("aa" * 16, "", "cc" * 16):
        with pytest.raises(NotFound):
            storage.merchants.connector(unknown)


def test_a_change_that_is_not_written_gives_no_connector_an_address(storage: Storage) -> None:
    onboard(storage)
    stale = storage.merchants.record(MERCHANT)
    assert changed(storage, stale) is None

    assert changed(storage, with_connectors(stale, Connector("acquirer", id="aa" * 16))) is not None

    with pytest.raises(NotFound):
        storage.merchants.connector("aa" * 16)


SERVICE = Service("479051123", "dialect", TEST, (a_secret(value="0f9c"),))


def test_a_service_says_whose_it_is_and_what_signs_for_it(storage: Storage) -> None:
    account = an_account(default_mode=Mode.SALE_DIRECT)
    storage.merchants.create(replace(a_record(SECRET_KEY, test=account), services=(SERVICE,)))

    found = storage.merchants.service(SERVICE.id)

    assert found.service == SERVICE
    assert found.credential == a_credential(account=account)


@pytest.mark.parametrize("number", ["479051124", ""])
def test_an_unknown_service_is_nobody(storage: Storage, number: str) -> None:
    onboard(storage)

    with pytest.raises(NotFound):
        storage.merchants.service(number)


def test_a_service_of_somebody_else_creates_no_merchant(storage: Storage) -> None:
    storage.merchants.create(replace(a_record(SECRET_KEY), services=(SERVICE,)))

    with pytest.raises(Conflict):
        storage.merchants.create(replace(a_record(NEW_KEY, id=MerchantId("m_other")), services=(SERVICE,)))

    assert storage.merchants.service(SERVICE.id).credential.merchant.id == MERCHANT


def test_a_change_is_in_force_for_the_service_too(storage: Storage) -> None:
    storage.merchants.create(replace(a_record(SECRET_KEY), services=(SERVICE,)))
    before = storage.merchants.record(MERCHANT)
    rotated = replace(SERVICE, secrets=(a_secret(value="new"), *SERVICE.secrets))
    after = replace(before.with_account(TEST, an_account(card_gateway=None)), services=(rotated,))

    assert storage.merchants.change(before, after, LINE) is None

    found = storage.merchants.service(SERVICE.id)
    assert [secret.value for secret in found.service.secrets] == ["new", "0f9c"]
    assert found.credential.account.card_gateway is None


def test_when_a_key_was_last_used_is_known_of_those_that_were_and_survives_a_change(storage: Storage) -> None:
    onboard(storage)
    keys = [kept(SECRET_KEY), kept(PUBLIC_KEY)]
    assert storage.merchants.last_used(keys) == {}

    storage.merchants.credential(SECRET_KEY.value)
    assert storage.merchants.last_used(keys) == {fingerprint(SECRET_KEY.value): NOON}

    assert changed(storage, a_record(SECRET_KEY, PUBLIC_KEY, NEW_KEY, name="Renamed")) is None
    assert storage.merchants.last_used(keys) == {fingerprint(SECRET_KEY.value): NOON}
    assert storage.merchants.credential(SECRET_KEY.value).merchant.name == "Renamed"


def test_an_end_that_is_taken_back_is_gone_from_the_key(storage: Storage) -> None:
    onboard(storage)
    ending = replace(kept(SECRET_KEY), expires_at=NOON)
    assert changed(storage, replace(a_record(), keys=(ending,))) is None
    assert changed(storage, replace(a_record(), keys=(kept(SECRET_KEY),)), 2) is None

    assert storage.merchants.credential(SECRET_KEY.value).merchant.id == MERCHANT
