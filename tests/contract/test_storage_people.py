"""What the ports ``People`` and ``Doings`` promise, and what a merchant's record promises of its people."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from shared.domain.doing import Doing
from shared.domain.errors import NotFound
from shared.domain.ids import MerchantId
from shared.domain.merchant import AuditLine
from shared.domain.payment import Environment
from shared.domain.person import Person, Role, Session, SignInLink
from tests.storage import Storage
from tools.testing.builders import MERCHANT, TEST, a_record
from tools.testing.fakes import NOON

ANNA = Person("person_1", "anna@shop.example", Role.OWNER, (TEST, Environment.LIVE), "it", NOON, "key 12345678")
LINK = SignInLink(MERCHANT, ANNA.id, NOON + timedelta(minutes=15))
SESSION = Session(MERCHANT, ANNA.id, TEST, NOON, NOON + timedelta(hours=1))
LINE = AuditLine(NOON, "key 12345678", "invite", ("people",))


def with_people(storage: Storage, *people: Person) -> None:
    before = storage.merchants.record(MERCHANT)
    assert storage.merchants.change(before, replace(before, people=people), LINE) is None


def test_an_address_leads_to_where_it_works_from_the_write_on_that_says_so_to_the_one_that_does_not(
    storage: Storage,
) -> None:
    storage.merchants.create(a_record())
    storage.merchants.create(a_record(id="m_other"))
    assert storage.people.works_at(ANNA.email) == []

    with_people(storage, ANNA, replace(ANNA, id="person_2", email="bruno@shop.example"))
    assert storage.people.works_at(ANNA.email) == [MERCHANT]
    assert storage.merchants.record(MERCHANT).people[0] == ANNA

    with_people(storage, replace(ANNA, role=Role.READ, sessions_since=NOON))
    assert storage.people.works_at(ANNA.email) == [MERCHANT]
    assert storage.people.works_at("bruno@shop.example") == []

    with_people(storage)
    assert storage.people.works_at(ANNA.email) == []


def test_a_link_begins_one_session(storage: Storage) -> None:
    storage.people.keep_link("link_a", LINK)
    assert storage.people.link("link_a") == LINK

    storage.people.begin("link_a", "ses_a", SESSION)

    with pytest.raises(NotFound):
        storage.people.begin("link_a", "ses_b", SESSION)
    with pytest.raises(NotFound):
        storage.people.link("link_a")
    assert (storage.people.session("ses_a"), storage.people.session("ses_b")) == (SESSION, None)


def test_of_many_at_one_link_one_begins(shared_storage: Storage) -> None:
    shared_storage.people.keep_link("link_race", LINK)
    begun: list[str] = []

    def begin(token: str) -> None:
        try:
            shared_storage.people.begin("link_race", token, SESSION)
        except NotFound:
            return
        begun.append(token)

    threads = [threading.Thread(target=begin, args=(f"ses_{number}",)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(begun) == 1
    assert [bool(shared_storage.people.session(f"ses_{number}")) for number in range(8)].count(True) == 1


def test_a_session_is_changed_as_it_was_read_and_an_ended_one_stays_ended(storage: Storage) -> None:
    storage.people.keep_link("link_a", LINK)
    storage.people.begin("link_a", "ses_a", SESSION)
    later = replace(SESSION, ends_at=NOON + timedelta(hours=2))

    assert storage.people.change_session("ses_a", SESSION, later)
    assert not storage.people.change_session("ses_a", SESSION, replace(SESSION, environment=Environment.LIVE))
    assert storage.people.session("ses_a") == later
    storage.people.end("ses_a")
    assert not storage.people.change_session("ses_a", later, later)
    assert storage.people.session("ses_a") is None


def a_doing(at: datetime = NOON, **changed: Any) -> Doing:
    done = Doing(MERCHANT, TEST, at, "person anna@shop.example", "POST", "/api/x/{id}", {"id": "1"}, "request-1")
    return replace(done, **changed)


def test_what_was_done_is_told_newest_first_to_its_merchant_alone(storage: Storage) -> None:
    lines = [a_doing(NOON + timedelta(microseconds=number * 300_000)) for number in range(4)]
    for line in lines:
        storage.doings.note(line)
    storage.doings.note(a_doing(merchant_id=MerchantId("m_other")))

    told = storage.doings.last(MERCHANT, 3)

    assert told == lines[:0:-1]
    assert storage.doings.last(MerchantId("m_nobody"), 3) == []
