"""What a merchant may do with its endpoints."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shared.domain.delivery import NOTIFY
from shared.domain.errors import InvalidRequest, NotFound, Unprocessable
from shared.domain.event import EventType
from shared.domain.merchant import Credential, Endpoint, EndpointStatus, KeyKind
from shared.domain.payment import Environment
from shared.domain.signature import valid_secrets
from shared.usecases.webhook.manage_endpoints import (
    MOST_ENDPOINTS,
    MOST_SECRETS,
    EndpointSettings,
    create_endpoint,
    find_endpoint,
    list_endpoints,
    rotate_secret,
    send_test,
    update_endpoint,
)
from tests.webhook_fakes import SHOP, TEST, Shop
from tools.testing.builders import an_account

SEED = bytes(range(64))


@pytest.fixture
def shop() -> Shop:
    shop = Shop()
    made = iter(range(1, 255))
    object.__setattr__(shop.world, "entropy", lambda count: bytes([next(made)]) * count)
    return shop


def caller(shop: Shop, environment: Environment = TEST) -> Credential:
    return Credential(shop.merchants.get(SHOP), environment, KeyKind.SECRET, an_account())


def create(shop: Shop, url: str = "https://shop.example.com/hook", seed: bytes = SEED) -> Endpoint:
    return create_endpoint(caller(shop), EndpointSettings(url=url), world=shop.world, seed=seed)


def test_a_new_endpoint_takes_every_event_in_the_default_format(shop: Shop) -> None:
    endpoint = create(shop)

    assert (endpoint.status, endpoint.payload_format) == (EndpointStatus.ENABLED, "union")
    assert endpoint.wants(EventType.REFUNDED)
    assert endpoint.secrets[0].value.startswith("whsec_test_")
    assert list_endpoints(caller(shop), merchants=shop.world.merchants) == [endpoint]


def test_a_repeated_create_finds_the_same_endpoint_and_its_secret(shop: Shop) -> None:
    first = create(shop)

    assert create(shop) == first
    assert len(list_endpoints(caller(shop), merchants=shop.world.merchants)) == 1


def test_a_secret_cannot_be_made_again_from_what_is_kept_with_an_idempotency_key(shop: Shop) -> None:
    from base64 import b64encode

    secret = create(shop).secrets[0].value

    assert all(b64encode(SEED[n : n + 24]).decode() not in secret for n in range(41))


def test_there_is_an_end_to_how_many_endpoints_a_merchant_has(shop: Shop) -> None:
    for number in range(MOST_ENDPOINTS):
        create(shop, seed=bytes([number]) * 64)

    with pytest.raises(Unprocessable):
        create(shop, seed=b"x" * 64)


@pytest.mark.parametrize("url", ["http://shop.example.com/", "https://127.0.0.1/", "https://2130706433/", "nonsense"])
def test_an_address_we_would_not_post_to_is_refused_when_it_is_given(shop: Shop, url: str) -> None:
    with pytest.raises(InvalidRequest):
        create(shop, url)
    with pytest.raises(InvalidRequest):
        update_endpoint(create(shop), EndpointSettings(url=url), world=shop.world)


def test_a_merchant_cannot_disable_and_cannot_name_events_that_do_not_exist(shop: Shop) -> None:
    endpoint = create(shop)

    for wanted in (
        EndpointSettings(status=EndpointStatus.DISABLED),
        EndpointSettings(events=("payment_intent.exploded",)),
    ):
        with pytest.raises(InvalidRequest):
            update_endpoint(endpoint, wanted, world=shop.world)


def test_an_event_that_does_not_exist_is_answered_with_those_that_do(shop: Shop) -> None:
    with pytest.raises(
        InvalidRequest, match=r"events may name .*charge\.refunded, .*payment_intent\.succeeded"
    ) as told:
        update_endpoint(create(shop), EndpointSettings(events=("payment_intent.exploded",)), world=shop.world)
    assert "exploded" not in str(told.value)


def test_a_change_leaves_alone_what_it_does_not_name_and_can_clear_the_filter(shop: Shop) -> None:
    endpoint = create(shop)
    filtered = update_endpoint(endpoint, EndpointSettings(events=("charge.refunded",)), world=shop.world)
    assert (filtered.url, filtered.events) == (endpoint.url, ("charge.refunded",))

    cleared = update_endpoint(filtered, EndpointSettings(events=()), world=shop.world)

    assert cleared.events == ()


def test_a_change_made_on_an_old_reading_is_made_on_the_newer_endpoint(shop: Shop) -> None:
    old = create(shop)
    update_endpoint(old, EndpointSettings(payload_format="flat"), world=shop.world)

    changed = update_endpoint(old, EndpointSettings(status=EndpointStatus.PAUSED), world=shop.world)

    assert (changed.payload_format, changed.status) == ("flat", EndpointStatus.PAUSED)


def test_enabling_forgets_past_failures(shop: Shop) -> None:
    endpoint = shop.endpoint(
        status=EndpointStatus.DISABLED, disabled_reason="gone", failing_since=shop.now(), consecutive_timeouts=2
    )

    enabled = update_endpoint(endpoint, EndpointSettings(status=EndpointStatus.ENABLED), world=shop.world)

    assert (enabled.disabled_reason, enabled.failing_since, enabled.consecutive_timeouts) == ("", None, 0)


def test_a_rotated_secret_signs_for_another_day_and_no_longer(shop: Shop) -> None:
    endpoint = create(shop)

    rotated = rotate_secret(endpoint, world=shop.world)

    new, old = (secret.value for secret in rotated.secrets)
    assert old == endpoint.secrets[0].value
    assert valid_secrets(rotated.secrets, shop.now() + timedelta(hours=23, minutes=59)) == (new, old)
    assert valid_secrets(rotated.secrets, shop.now() + timedelta(hours=24)) == (new,)


def test_rotating_again_neither_lengthens_an_overlap_nor_piles_secrets_up(shop: Shop) -> None:
    endpoint = rotate_secret(create(shop), world=shop.world)
    ends = endpoint.secrets[1].expires_at
    shop.now.advance(3600)

    for _ in range(5):
        endpoint = rotate_secret(endpoint, world=shop.world)

    assert len(endpoint.secrets) == MOST_SECRETS
    assert endpoint.secrets[0].expires_at is None
    assert all(s.expires_at is not None and s.expires_at >= shop.now() for s in endpoint.secrets[1:])
    assert ends is not None


def test_the_test_event_of_an_endpoint_names_it_and_tells_no_secret(shop: Shop) -> None:
    endpoint = create(shop)

    event = send_test(endpoint, world=shop.world, seed=SEED)

    assert event.subject == endpoint.id
    assert "whsec_" not in str(event)
    assert shop.events.stored[event.id] == event


def test_the_record_about_notify_urls_is_not_an_endpoint(shop: Shop) -> None:
    shop.endpoint("x", id=NOTIFY, url="")

    assert list_endpoints(caller(shop), merchants=shop.world.merchants) == []
    with pytest.raises(NotFound):
        find_endpoint(caller(shop), NOTIFY, merchants=shop.world.merchants)


def test_an_endpoint_of_the_other_environment_is_not_there(shop: Shop) -> None:
    endpoint = create(shop)

    with pytest.raises(NotFound):
        find_endpoint(caller(shop, Environment.LIVE), endpoint.id, merchants=shop.world.merchants)


def test_a_secret_may_be_brought_along(shop: Shop) -> None:
    brought = EndpointSettings(url="https://shop.example.com/hook", payload_format="glomopay", secret="s" * 16)

    endpoint = create_endpoint(caller(shop), brought, world=shop.world, seed=SEED)

    assert [secret.value for secret in endpoint.secrets] == ["s" * 16]
    assert "s" * 16 not in repr(brought)
