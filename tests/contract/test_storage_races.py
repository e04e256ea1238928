"""Many at once: whatever the interleaving, nothing is lost and nothing happens twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

from shared.domain.errors import NotFound
from shared.domain.operation import Kind
from shared.domain.payment import Payment, Status, Tender, Wait
from shared.ports.idempotency import ClaimState
from shared.ports.merchants import NewKey
from shared.ports.payments import Change
from shared.usecases.merchant.change_merchant import change_merchant, shown_merchant
from shared.usecases.merchant.rotate_key import rotate_key
from tests.storage import Storage
from tools.testing.builders import MERCHANT, TEST, a_credential, a_payment, a_record, an_endpoint, an_event, an_office
from tools.testing.fakes import NOON

T = TypeVar("T")
THREADS = 12


def at_once(act: Callable[[int], T], threads: int = THREADS) -> list[T]:
    """Let ``threads`` threads run ``act`` with their number, all starting at the same moment."""
    gate = threading.Barrier(threads)

    def run(number: int) -> T:
        gate.wait()
        return act(number)

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, range(threads)))


def stored(storage: Storage) -> Payment:
    payment = a_payment()
    assert storage.payments.create(Change(payment)) is None
    return storage.payments.get(payment.id)


def test_no_change_is_lost_and_none_is_told_twice(shared_storage: Storage) -> None:
    payment = stored(shared_storage)

    def count_up(_: int) -> int:
        current, tries = payment, 0
        while True:
            tries += 1
            changed = replace(current, card_tries=current.card_tries + 1, sequence=current.sequence + 1)
            refused = shared_storage.payments.save(Change(changed, [an_event(sequence=changed.sequence)]))
            if refused is None:
                return tries
            current = refused

    tries = at_once(count_up)

    after = shared_storage.payments.get(payment.id)
    told = shared_storage.events.after(MERCHANT, TEST, None, until=NOON + timedelta(days=1), limit=100)
    assert (after.card_tries, after.version) == (THREADS, payment.version + THREADS)
    assert sorted(event.sequence for event in told) == list(range(1, THREADS + 1))
    assert sum(tries) > THREADS, "nobody ever met anybody: this test raced nothing"


def test_of_many_creators_one_wins_and_the_others_see_its_payment(shared_storage: Storage) -> None:
    payment = a_payment()

    found = at_once(lambda n: shared_storage.payments.create(Change(replace(payment, description=str(n)))))

    assert found.count(None) == 1
    winner = shared_storage.payments.get(payment.id)
    assert all(other in (None, winner) for other in found)


def test_of_a_token_and_an_outcome_exactly_one_is_told_of_the_other(shared_storage: Storage) -> None:
    for _ in range(20):
        payment = stored(shared_storage)

        def act(number: int, payment: Payment = payment) -> Payment | None:
            if number == 0:
                return shared_storage.payments.park(payment.id, Wait.PREAUTH, "token", NOON)
            return shared_storage.payments.save(Change(payment.moved(Status.CARD_PREAUTH_SUCCESS, NOON)))

        parked, saved = at_once(act, 2)

        if parked is not None:
            assert saved is None
            assert parked.status is Status.CARD_PREAUTH_SUCCESS
        else:
            assert saved is not None
            assert saved.task_token == "token"


def test_of_many_steps_one_takes_up_the_capture(shared_storage: Storage) -> None:
    payment = a_payment(status=Status.PROCESSING, tender=Tender.CARD_ONLY)
    assert shared_storage.payments.create(Change(payment)) is None

    found = at_once(lambda n: shared_storage.payments.take(payment.id, Kind.CAPTURE, NOON))

    assert [ours for _, ours in found].count(True) == 1
    assert {len(seen.open_operations(Kind.CAPTURE)) for seen, _ in found} == {1}


def test_of_many_calls_with_one_idempotency_key_one_runs(shared_storage: Storage) -> None:
    claims = at_once(lambda n: shared_storage.claims.claim("key", "hash", bytes([n]) * 64, NOON))

    states = [claim.state for claim in claims]
    assert (states.count(ClaimState.NEW), states.count(ClaimState.RUNNING)) == (1, THREADS - 1)


def test_an_abandoned_claim_is_taken_over_by_one(shared_storage: Storage) -> None:
    shared_storage.claims.claim("key", "hash", b"first" * 10, NOON)

    def take_over(number: int) -> ClaimState:
        now = NOON + timedelta(seconds=61, microseconds=number)
        return shared_storage.claims.claim("key", "hash", bytes([number]) * 64, now).state

    assert at_once(take_over).count(ClaimState.NEW) == 1


def test_of_many_rotations_of_one_key_one_succeeds(shared_storage: Storage) -> None:
    kind = a_credential().kind
    shared_storage.merchants.create(a_record(NewKey("sk_test_OLD", TEST, kind)))
    office = an_office(shared_storage.merchants)

    def rotate(number: int) -> bool:
        try:
            rotate_key(MERCHANT, "sk_test_OLD", office=office)
        except NotFound:
            return False
        return True

    assert at_once(rotate).count(True) == 1


def test_of_changes_of_one_merchant_at_once_none_is_lost(shared_storage: Storage) -> None:
    shared_storage.merchants.create(a_record(NewKey("sk_test_OLD", TEST, a_credential().kind)))
    office = an_office(shared_storage.merchants)
    wanted = {"contact": "+39010123456", "time-zone": "Europe/Berlin", "email": "a@shop.example", "name": "Bottega"}
    names = list(wanted)

    def change(number: int) -> None:
        name = names[number % len(names)]
        change_merchant(MERCHANT, {name: wanted[name]}, office=office)

    at_once(change)

    record = shared_storage.merchants.record(MERCHANT)
    assert {name: shown_merchant(record.merchant)[name] for name in names} == wanted
    assert shared_storage.merchants.credential("sk_test_OLD").merchant == record.merchant
    assert record.version == 1 + len(names)
    assert len(shared_storage.merchants.audit_trail(MERCHANT, 50)) == len(names)


def test_of_many_changes_to_one_endpoint_one_is_taken(shared_storage: Storage) -> None:
    endpoint = an_endpoint()
    shared_storage.merchants.save_endpoint(endpoint)

    def change(number: int) -> object:
        return shared_storage.merchants.save_endpoint(replace(endpoint, url=f"https://{number}.example", version=1))

    assert at_once(change).count(None) == 1


def test_a_document_counts_every_writer(shared_storage: Storage) -> None:
    def count_up(_: int) -> None:
        while True:
            doc, version = shared_storage.books.load("page", "1")
            if shared_storage.books.save("page", "1", {"n": doc.get("n", 0) + 1}, version):
                return

    at_once(count_up)

    assert shared_storage.books.load("page", "1") == ({"n": THREADS}, THREADS)
