"""What the port ``Idempotency`` promises."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from shared.ports.idempotency import ClaimState
from shared.ports.payments import Change
from tests.storage import Storage
from tools.testing.builders import a_payment
from tools.testing.fakes import NOON

FIRST, SECOND = b"first seed" * 4, b"second seed" * 4
MINUTE = NOON + timedelta(seconds=60)
DAY = NOON + timedelta(hours=24)


def test_the_first_claim_is_to_be_run_with_its_own_seed(storage: Storage) -> None:
    claim = storage.claims.claim("key", "hash", FIRST, NOON)

    assert (claim.state, claim.seed, claim.repeated) == (ClaimState.NEW, FIRST, False)


def test_a_claim_without_an_answer_is_running_for_a_minute(storage: Storage) -> None:
    storage.claims.claim("key", "hash", FIRST, NOON)

    again = storage.claims.claim("key", "hash", SECOND, MINUTE - timedelta(microseconds=1))

    assert again.state is ClaimState.RUNNING


def test_an_answered_claim_is_replayed(storage: Storage) -> None:
    claim = storage.claims.claim("key", "hash", FIRST, NOON)
    storage.claims.finish(claim, 201, '{"id":"è"}', NOON)

    again = storage.claims.claim("key", "hash", SECOND, MINUTE)

    assert (again.state, again.status, again.body) == (ClaimState.REPLAY, 201, '{"id":"è"}')


def test_another_body_is_a_mismatch_whether_running_answered_or_abandoned(storage: Storage) -> None:
    claim = storage.claims.claim("key", "hash", FIRST, NOON)
    assert storage.claims.claim("key", "other", SECOND, NOON).state is ClaimState.MISMATCH
    assert storage.claims.claim("key", "other", SECOND, MINUTE).state is ClaimState.MISMATCH

    storage.claims.finish(claim, 200, "{}", NOON)

    assert storage.claims.claim("key", "other", SECOND, NOON).state is ClaimState.MISMATCH


def test_another_key_is_another_claim(storage: Storage) -> None:
    storage.claims.claim("key", "hash", FIRST, NOON)

    assert storage.claims.claim("another", "hash", SECOND, NOON).state is ClaimState.NEW


def test_an_abandoned_claim_is_taken_over_with_the_first_seed(storage: Storage) -> None:
    storage.claims.claim("key", "hash", FIRST, NOON)

    taken = storage.claims.claim("key", "hash", SECOND, MINUTE)

    assert (taken.state, taken.seed, taken.repeated) == (ClaimState.NEW, FIRST, True)
    assert storage.claims.claim("key", "hash", SECOND, MINUTE).state is ClaimState.RUNNING


def test_a_late_first_caller_neither_answers_nor_releases_a_claim_that_was_taken_over(storage: Storage) -> None:
    late = storage.claims.claim("key", "hash", FIRST, NOON)
    taken = storage.claims.claim("key", "hash", SECOND, MINUTE)

    storage.claims.finish(late, 500, "late", MINUTE)
    storage.claims.release(late)

    assert storage.claims.claim("key", "hash", SECOND, MINUTE).state is ClaimState.RUNNING
    storage.claims.finish(taken, 200, "taken", MINUTE)
    assert storage.claims.claim("key", "hash", SECOND, MINUTE).body == "taken"


def test_an_answer_once_given_stays(storage: Storage) -> None:
    claim = storage.claims.claim("key", "hash", FIRST, NOON)
    storage.claims.finish(claim, 200, "first", NOON)

    storage.claims.finish(claim, 200, "second", NOON)
    storage.claims.release(claim)

    assert storage.claims.claim("key", "hash", SECOND, NOON).body == "first"


def test_a_released_claim_is_free_again(storage: Storage) -> None:
    storage.claims.release(storage.claims.claim("key", "hash", FIRST, NOON))

    again = storage.claims.claim("key", "other", SECOND, NOON)

    assert (again.state, again.seed) == (ClaimState.NEW, SECOND)


def test_an_answer_is_kept_for_24_hours(storage: Storage) -> None:
    storage.claims.finish(storage.claims.claim("key", "hash", FIRST, NOON), 200, "{}", NOON)

    assert storage.claims.claim("key", "hash", SECOND, DAY - timedelta(seconds=1)).state is ClaimState.REPLAY
    later = storage.claims.claim("key", "other", SECOND, DAY)
    assert (later.state, later.seed, later.repeated) == (ClaimState.NEW, SECOND, False)


def test_a_reopened_claim_is_taken_over_at_once_with_the_first_seed(storage: Storage) -> None:
    storage.claims.reopen(storage.claims.claim("key", "hash", FIRST, NOON))

    assert storage.claims.claim("key", "other", SECOND, NOON).state is ClaimState.MISMATCH
    taken = storage.claims.claim("key", "hash", SECOND, NOON)
    assert (taken.state, taken.seed, taken.repeated) == (ClaimState.NEW, FIRST, True)
    storage.claims.reopen(taken)
    assert storage.claims.claim("key", "hash", SECOND, NOON).seed == FIRST


def test_an_answered_claim_is_not_reopened(storage: Storage) -> None:
    claim = storage.claims.claim("key", "hash", FIRST, NOON)
    storage.claims.finish(claim, 200, "{}", NOON)

    storage.claims.reopen(claim)

    assert storage.claims.claim("key", "hash", SECOND, NOON).state is ClaimState.REPLAY


def test_a_late_first_caller_does_not_reopen_what_another_has_taken_over(storage: Storage) -> None:
    late = storage.claims.claim("key", "hash", FIRST, NOON)
    storage.claims.claim("key", "hash", SECOND, MINUTE)

    storage.claims.reopen(late)

    assert storage.claims.claim("key", "hash", SECOND, MINUTE).state is ClaimState.RUNNING


def test_an_answer_is_kept_by_the_write_that_makes_it_true(storage: Storage) -> None:
    claim = storage.claims.claim("key", "hash", FIRST, NOON)
    answered = replace(claim, state=ClaimState.REPLAY, status=200, body='{"id":"TXN"}')

    assert storage.payments.create(Change(a_payment(), answered=answered)) is None

    again = storage.claims.claim("key", "hash", SECOND, NOON)
    assert (again.state, again.status, again.body) == (ClaimState.REPLAY, 200, '{"id":"TXN"}')


def test_a_write_that_is_refused_keeps_no_answer(storage: Storage) -> None:
    payment = a_payment()
    storage.payments.create(Change(payment))
    claim = storage.claims.claim("key", "hash", FIRST, NOON)
    answered = replace(claim, state=ClaimState.REPLAY, status=200, body="{}")

    assert storage.payments.create(Change(payment, answered=answered)) is not None

    assert storage.claims.claim("key", "hash", SECOND, NOON).state is ClaimState.RUNNING
