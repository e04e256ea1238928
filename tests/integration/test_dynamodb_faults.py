"""What the storage adapters make of DynamoDB on a bad day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from shared.adapters.dynamodb.writing import MOST_TRIES, conditional
from shared.domain.errors import StaleWrite
from shared.domain.operation import Kind
from shared.domain.payment import Payment, Status, Tender, Wait
from shared.ports.idempotency import ClaimState
from shared.ports.merchants import NewKey
from shared.ports.payments import Change
from shared.usecases.merchant.rotate_key import rotate_key
from tests.bad_day import COLLISION, BadDay, bad_day, failure
from tests.storage import Storage, in_dynamodb
from tools.testing.builders import (
    MERCHANT,
    TEST,
    a_credential,
    a_payment,
    a_record,
    a_refund,
    an_endpoint,
    an_event,
    an_office,
)
from tools.testing.fakes import NOON

LATER = NOON + timedelta(minutes=5)


@pytest.fixture
def client() -> Iterator[BadDay]:
    with bad_day() as client:
        yield client


@pytest.fixture
def storage(client: Any) -> Storage:
    return in_dynamodb(client)


def stored(storage: Storage) -> Payment:
    payment = a_payment()
    assert storage.payments.create(Change(payment)) is None
    return storage.payments.get(payment.id)


# ---- lost answers ----


def test_a_creation_whose_answer_was_lost_counts_as_created(client: BadDay, storage: Storage) -> None:
    client.loses_answer_of = 1

    assert storage.payments.create(Change(a_payment())) is None


@pytest.mark.parametrize("told", [[], [an_event()]], ids=["alone", "with an event"])
def test_a_save_whose_answer_was_lost_counts_once(client: BadDay, storage: Storage, told: list[Any]) -> None:
    payment = stored(storage)
    client.loses_answer_of = 1

    assert storage.payments.save(Change(replace(payment, card_tries=1), told)) is None

    assert storage.payments.get(payment.id) == replace(payment, card_tries=1, version=2)
    assert storage.events.after(MERCHANT, TEST, None, until=LATER, limit=10) == told


def test_a_save_that_somebody_built_upon_before_its_answer_came_is_seen_in_theirs(
    client: BadDay, storage: Storage
) -> None:
    payment = stored(storage)

    def somebody_else() -> None:
        ours = storage.payments.get(payment.id)
        assert storage.payments.save(Change(replace(ours, voucher_tries=7))) is None

    client.loses_answer_of, client.before_resend = 1, somebody_else

    current = storage.payments.save(Change(replace(payment, card_tries=1)))

    assert current == replace(payment, card_tries=1, voucher_tries=7, version=3)


def test_a_parking_whose_answer_was_lost_keeps_the_token(client: BadDay, storage: Storage) -> None:
    payment = stored(storage)
    client.loses_answer_of = 1

    assert storage.payments.park(payment.id, Wait.PREAUTH, "token", NOON) is None

    assert storage.payments.get(payment.id).task_token == "token"


def test_a_taking_whose_answer_was_lost_is_ours_to_send(client: BadDay, storage: Storage) -> None:
    payment = a_payment(status=Status.PROCESSING, tender=Tender.CARD_ONLY)
    assert storage.payments.create(Change(payment)) is None
    client.loses_answer_of = 1

    taken, ours = storage.payments.take(payment.id, Kind.CAPTURE, NOON)

    assert ours
    assert len(taken.open_operations(Kind.CAPTURE)) == 1
    assert storage.payments.get(payment.id) == taken


def test_a_taking_whose_answer_was_lost_and_was_given_up_meanwhile_is_not(client: BadDay, storage: Storage) -> None:
    payment = a_payment(status=Status.PROCESSING, tender=Tender.CARD_ONLY)
    assert storage.payments.create(Change(payment)) is None

    def somebody_else() -> None:
        assert storage.payments.save(Change(storage.payments.get(payment.id))) is None

    client.loses_answer_of, client.before_resend = 1, somebody_else

    _, ours = storage.payments.take(payment.id, Kind.CAPTURE, NOON)

    assert not ours


def test_a_parking_overtaken_by_the_outcome_is_told_of_it(client: BadDay, storage: Storage) -> None:
    payment = stored(storage)

    def outcome() -> None:
        parked = storage.payments.get(payment.id)
        storage.payments.save(Change(parked.moved(Status.CARD_PREAUTH_SUCCESS, NOON)))

    client.loses_answer_of, client.before_resend = 1, outcome

    current = storage.payments.park(payment.id, Wait.PREAUTH, "token", NOON)

    assert current is not None
    assert current.status is Status.CARD_PREAUTH_SUCCESS


def test_a_claim_whose_answer_was_lost_is_ours_to_run(client: BadDay, storage: Storage) -> None:
    client.loses_answer_of = 1

    assert storage.claims.claim("key", "hash", b"seed" * 16, NOON).state is ClaimState.NEW


def test_a_take_over_whose_answer_was_lost_is_ours_to_run(client: BadDay, storage: Storage) -> None:
    storage.claims.claim("key", "hash", b"seed" * 16, NOON)
    client.loses_answer_of = 2  # the first one finds the old claim

    taken = storage.claims.claim("key", "hash", b"more" * 16, LATER)

    assert (taken.state, taken.seed) == (ClaimState.NEW, b"seed" * 16)


def test_an_answer_whose_own_answer_was_lost_is_replayed(client: BadDay, storage: Storage) -> None:
    claim = storage.claims.claim("key", "hash", b"seed" * 16, NOON)
    client.loses_answer_of = 1

    storage.claims.finish(claim, 200, "{}", NOON)

    assert storage.claims.claim("key", "hash", b"more" * 16, NOON).state is ClaimState.REPLAY


def test_a_document_whose_answer_was_lost_was_saved(client: BadDay, storage: Storage) -> None:
    client.loses_answer_of = 1

    assert storage.books.save("page", "1", {"n": 1}, 0)


def test_an_endpoint_whose_answer_was_lost_was_saved(client: BadDay, storage: Storage) -> None:
    client.loses_answer_of = 1

    assert storage.merchants.save_endpoint(an_endpoint()) is None


# ---- collisions and throttling ----


@pytest.mark.parametrize(
    "error",
    [
        failure(*COLLISION),
        failure("TransactionCanceledException", "ThrottlingError"),
        failure("TransactionConflictException"),
        failure("ProvisionedThroughputExceededException"),
        failure("ThrottlingException"),
        failure("TransactionInProgressException"),
    ],
    ids=lambda error: error.response["Error"]["Code"],
)
def test_congestion_is_waited_out(client: BadDay, storage: Storage, error: ClientError) -> None:
    payment = stored(storage)
    client.errors = [error, error]
    client.sent.clear()

    assert storage.payments.save(Change(payment, [an_event()])) is None

    assert client.sent == ["transact_write_items"] * 3


def test_congestion_that_does_not_end_is_a_stale_write() -> None:
    pauses: list[float] = []
    tries: list[int] = []

    def collide() -> None:
        tries.append(1)
        raise failure(*COLLISION)

    with pytest.raises(StaleWrite):
        conditional(collide, sleep=pauses.append)

    assert len(tries) == MOST_TRIES
    assert all(0 <= pause <= 0.05 * 2**attempt for attempt, pause in enumerate(pauses))
    assert len(set(pauses)) > 1, "two callers that collide must not stay in step"


def test_a_failed_condition_is_an_answer_even_beside_a_collision(client: BadDay, storage: Storage) -> None:
    error = failure("TransactionCanceledException", "ConditionalCheckFailed", "TransactionConflict")
    error.response["CancellationReasons"][0]["Item"] = {"pk": {"S": "x"}}  # type: ignore[typeddict-unknown-key]

    def refuse() -> None:
        raise error

    assert conditional(refuse) == {"pk": {"S": "x"}}


@pytest.mark.parametrize(
    "error",
    [failure("ValidationException"), failure("TransactionCanceledException", "ValidationError", "None")],
    ids=["the call", "one item of it"],
)
def test_a_mistake_of_ours_is_not_tried_again(client: BadDay, storage: Storage, error: ClientError) -> None:
    payment = stored(storage)
    client.errors = [error]
    client.sent.clear()

    with pytest.raises(ClientError):
        storage.payments.save(Change(payment, [an_event()]))

    assert client.sent == ["transact_write_items"]


def test_a_claim_released_while_it_was_being_taken_over_is_free(client: BadDay, storage: Storage) -> None:
    claim = storage.claims.claim("key", "hash", b"seed" * 16, NOON)
    refused = failure("ConditionalCheckFailedException")
    refused.response["Item"] = {  # type: ignore[typeddict-unknown-key]
        "pk": {"S": "key"},
        "bodyHash": {"S": "hash"},
        "seed": {"S": claim.seed.hex()},
        "claimedAt": {"S": NOON.isoformat()},
    }
    storage.claims.release(claim)
    client.errors = [refused]  # what the claim looked like the moment before

    again = storage.claims.claim("key", "hash", b"more" * 16, LATER)

    assert (again.state, again.seed, again.repeated) == (ClaimState.NEW, b"more" * 16, False)


# ---- what is stored ----


def test_refunds_are_read_page_after_page(client: BadDay, storage: Storage) -> None:
    payment = stored(storage)
    refunds = [a_refund(payment, number=n) for n in range(1, 6)]
    storage.payments.save(Change(payment, refunds=refunds))
    client.page_size = 2

    assert storage.payments.refunds(payment.id) == refunds


def test_a_change_without_events_is_one_plain_put(client: BadDay, storage: Storage) -> None:
    payment = stored(storage)
    client.sent.clear()

    storage.payments.save(Change(payment))
    storage.payments.save(Change(replace(payment, version=2), [an_event()]))

    assert client.sent == ["put_item", "transact_write_items"]


def test_no_key_is_stored_in_clear(client: BadDay, storage: Storage) -> None:
    credential = a_credential()
    keys = [NewKey("sk_test_VERYSECRET", TEST, credential.kind)]
    storage.merchants.create(a_record(*keys))
    made = rotate_key(MERCHANT, keys[0].value, office=an_office(storage.merchants))

    items = str(client.scan(TableName="MerchantsTable")["Items"])
    assert "VERYSECRET" not in items
    assert made.value not in items


def test_authentication_is_one_read_and_once_an_hour_a_note_beside_it(client: BadDay, storage: Storage) -> None:
    storage.merchants.create(a_record(NewKey("sk_test_ONE", TEST, a_credential().kind)))
    reads: list[str] = []
    real = client._client
    real.meta.events.register("before-parameter-build.dynamodb.*", lambda model, **_: reads.append(model.name))

    for _ in range(3):
        storage.merchants.credential("sk_test_ONE")

    assert reads == ["GetItem", "UpdateItem", "GetItem", "GetItem"]
