"""What the port ``Merchants`` promises."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.domain.errors import Conflict, NotFound, Unauthenticated
from shared.domain.ids import MerchantId, fingerprint
from shared.domain.merchant import Credential, EndpointStatus, KeyKind, Limits
from shared.domain.payment import Environment, Mode
from shared.ports.merchants import NewKey, NewSecret
from tests.storage import Storage
from tools.testing.builders import MERCHANT, TEST, a_merchant, a_secret, an_endpoint
from tools.testing.fakes import NOON

SECRET_KEY = NewKey("sk_test_ONE", TEST, KeyKind.SECRET)
PUBLIC_KEY = NewKey("pk_live_TWO", Environment.LIVE, KeyKind.PUBLISHABLE)
NEW_KEY = NewKey("sk_test_NEW", TEST, KeyKind.SECRET)


def onboard(storage: Storage) -> None:
    storage.merchants.create(a_merchant(), [SECRET_KEY, PUBLIC_KEY], [NewSecret(TEST, a_secret())])


def test_a_key_says_who_calls_and_what_it_may_do(storage: Storage) -> None:
    merchant = a_merchant(default_mode=Mode.SALE_DIRECT, origins=("https://shop.example",), gateways={"test": "x"})
    storage.merchants.create(merchant, [SECRET_KEY, PUBLIC_KEY], [])

    assert storage.merchants.credential("sk_test_ONE") == Credential(merchant, TEST, KeyKind.SECRET)
    assert storage.merchants.credential("pk_live_TWO") == Credential(merchant, Environment.LIVE, KeyKind.PUBLISHABLE)
    assert storage.merchants.get(merchant.id) == merchant


@pytest.mark.parametrize("key", ["sk_test_one", "sk_test_", "", "x" * 5000])
def test_an_unknown_key_is_nobody(storage: Storage, key: str) -> None:
    onboard(storage)

    with pytest.raises(Unauthenticated):
        storage.merchants.credential(key)


def test_a_merchant_is_created_once(storage: Storage) -> None:
    onboard(storage)

    with pytest.raises(Conflict):
        storage.merchants.create(a_merchant(name="Thief"), [NEW_KEY], [])

    assert storage.merchants.get(MERCHANT).name == "Shop"
    with pytest.raises(Unauthenticated):
        storage.merchants.credential(NEW_KEY.value)


def test_a_key_that_is_taken_creates_no_merchant(storage: Storage) -> None:
    onboard(storage)

    with pytest.raises(Conflict):
        storage.merchants.create(a_merchant(id=MerchantId("m_other")), [SECRET_KEY], [])

    with pytest.raises(NotFound):
        storage.merchants.get(MerchantId("m_other"))
    assert storage.merchants.credential(SECRET_KEY.value).merchant.id == MERCHANT


def test_a_replaced_key_is_revoked_at_once(storage: Storage) -> None:
    onboard(storage)

    storage.merchants.replace_key(SECRET_KEY.value, NEW_KEY)

    with pytest.raises(Unauthenticated):
        storage.merchants.credential(SECRET_KEY.value)
    assert storage.merchants.credential(NEW_KEY.value) == Credential(a_merchant(), TEST, KeyKind.SECRET)
    assert storage.merchants.credential(PUBLIC_KEY.value).kind is KeyKind.PUBLISHABLE


def test_a_key_is_replaced_once(storage: Storage) -> None:
    onboard(storage)
    storage.merchants.replace_key(SECRET_KEY.value, NEW_KEY)

    with pytest.raises(NotFound):
        storage.merchants.replace_key(SECRET_KEY.value, replace(NEW_KEY, value="sk_test_SECOND"))

    with pytest.raises(Unauthenticated):
        storage.merchants.credential("sk_test_SECOND")


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


def test_changed_settings_are_in_force_for_every_key_with_the_next_request(storage: Storage) -> None:
    onboard(storage)
    storage.merchants.create(
        a_merchant(id=MerchantId("m_other")), [NewKey("pk_test_X", TEST, KeyKind.PUBLISHABLE)], []
    )
    after = a_merchant(origins=("https://shop.example",), limits=Limits(7, 3), notify_hosts=("shop.example",))

    storage.merchants.change(a_merchant(), after)

    assert storage.merchants.get(MERCHANT) == after
    for key in (SECRET_KEY, PUBLIC_KEY):
        assert storage.merchants.credential(key.value).merchant == after
    assert storage.merchants.credential("pk_test_X").merchant == a_merchant(id=MerchantId("m_other"))


def test_settings_that_were_changed_since_they_were_read_are_not_overwritten(storage: Storage) -> None:
    onboard(storage)
    storage.merchants.change(a_merchant(), a_merchant(name="Second"))

    with pytest.raises(Conflict):
        storage.merchants.change(a_merchant(), a_merchant(name="Third"))
    with pytest.raises(Conflict):
        storage.merchants.change(a_merchant(id=MerchantId("m_nobody")), a_merchant(id=MerchantId("m_nobody")))

    assert storage.merchants.credential(SECRET_KEY.value).merchant.name == "Second"


def test_a_key_that_replaces_another_has_the_settings_of_now(storage: Storage) -> None:
    onboard(storage)
    after = a_merchant(limits=Limits(payments_a_minute=1))
    storage.merchants.change(a_merchant(), after)

    storage.merchants.replace_key(SECRET_KEY.value, NEW_KEY)

    assert storage.merchants.credential(NEW_KEY.value).merchant == after
    assert storage.merchants.credential(NEW_KEY.value).fingerprint == fingerprint(NEW_KEY.value)
