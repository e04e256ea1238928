"""People sign in by a link that works once, may do what their role says, and are gone the moment they are removed."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any, Final

import pytest

from functions.glomopay.api_keys_rotate import handler as rotate_key
from functions.merchant.overview import handler as overview
from functions.merchant.people_change import handler as change
from functions.merchant.people_doings import handler as doings
from functions.merchant.people_invite import handler as invite
from functions.merchant.people_list import handler as people
from functions.merchant.people_remove import handler as remove
from functions.merchant.session_ask import handler as ask_link
from functions.merchant.session_begin import handler as begin
from functions.merchant.session_change import handler as renew
from functions.merchant.session_end import handler as sign_out
from functions.merchant.session_get import handler as who
from functions.merchant.transactions import handler as transactions
from functions.merchant.webhooks_create import handler as new_webhook
from functions.merchant.webhooks_delete import handler as delete_webhook
from functions.merchant.webhooks_rotate_secret import handler as replace_webhook_secret
from functions.merchant.webhooks_update import handler as change_webhook
from functions.payment.init import handler as init
from functions.payment.void import handler as void
from shared.bootstrap import core
from shared.domain.payment import Environment
from shared.edge.http import Served
from shared.usecases.merchant.suspend_merchant import suspend_merchant
from shared.usecases.people.sign_in import send_links
from tests.unit.edge.conftest import LIVE, OTHER_SHOP, PUBLISHABLE, SECRET, Edge
from tests.unit.edge.requests import Answer, ask
from tools.testing.builders import MERCHANT, an_office
from tools.testing.fakes import FakeDoings, FakeFigures, FakeLetters, FakePeople, FakeVault

ORIGIN: Final = "https://pages.example"
ANNA: Final = "anna@shop.example"
BRUNO: Final = "bruno@shop.example"


class Desk:
    """The people of the shop, and what reaches their mailboxes."""

    def __init__(self, edge: Edge, people: FakePeople, letters: FakeLetters, written: FakeDoings) -> None:
        self.world, self.people, self.letters, self.written = edge.world, people, letters, written

    def invite(self, email: str, role: str = "owner", environments: Any = None, key: str = LIVE) -> Answer:
        body = {"email": email, "role": role, "environments": environments or ["test", "live"]}
        return ask(invite, body, key=key)

    def deliver(self) -> None:
        """What reads the queue does."""
        while self.letters.asked:
            send_links(
                self.letters.asked.pop(0),
                people=self.people,
                merchants=self.world.merchants,
                messenger=self.world.messenger,
                now=self.world.now(),
                entropy=self.world.entropy,
                captures_test=True,
            )

    def link_of(self, email: str) -> str:
        """The token of the last link that was mailed to somebody."""
        self.deliver()
        texts = [sent.message.text for sent in self.world.messenger.sent if sent.message.to == email]
        return texts[-1].split("/dashboard/#/enter/")[1].split()[0]

    def sign_in(self, email: str) -> Browser:
        answer = ask(begin, {"token": self.link_of(email)}, headers={"Origin": ORIGIN})
        assert answer.status == 200, answer.text
        cookie = answer.headers["Set-Cookie"].partition(";")[0]
        return Browser(cookie, answer.json["csrfToken"])

    def joined(self, email: str, role: str = "owner", environments: Any = None) -> Browser:
        assert self.invite(email, role, environments).status == 201
        return self.sign_in(email)


class Browser:
    """One that holds a session, as the dashboard uses it."""

    def __init__(self, cookie: str, csrf: str) -> None:
        self.cookie, self.csrf = cookie, csrf

    def ask(self, endpoint: Served, body: object = None, environment: str = "test", **more: Any) -> Answer:
        headers = {"Cookie": f"theme=dark; {self.cookie}", "X-Environment": environment, **more.pop("headers", {})}
        if endpoint.method != "GET":
            headers = {"Origin": ORIGIN, "X-CSRF-Token": self.csrf, **headers}
        return ask(endpoint, body, headers={k: v for k, v in headers.items() if v}, **more)


@pytest.fixture
def desk(edge: Edge, monkeypatch: pytest.MonkeyPatch) -> Desk:
    made = Desk(edge, FakePeople(edge.world.merchants), FakeLetters(), FakeDoings())
    built = {
        "people": made.people,
        "letters": made.letters,
        "doings": made.written,
        "figures": FakeFigures(),
        "vault": FakeVault(),
    }
    for name, value in built.items():
        monkeypatch.setattr(core, name, lambda value=value: value)
    return made


def refused(answer: Answer) -> tuple[int, str]:
    return answer.status, answer.json["code"]


# ---- the way in ----


def test_an_invited_person_signs_in_by_the_link_that_was_mailed_and_it_works_once(desk: Desk) -> None:
    desk.invite(ANNA)
    token = desk.link_of(ANNA)

    first, second = (ask(begin, {"token": token}, headers={"Origin": ORIGIN}) for _ in range(2))

    assert (first.status, first.json["person"]["email"], first.json["environment"]) == (200, ANNA, "live")
    assert refused(second) == (401, "link_over")


def test_the_session_is_a_cookie_of_this_host_that_no_script_and_no_other_site_gets(desk: Desk) -> None:
    desk.invite(ANNA)
    answer = ask(begin, {"token": desk.link_of(ANNA)}, headers={"Origin": ORIGIN})

    name, *terms = answer.headers["Set-Cookie"].split("; ")
    assert name.startswith("__Host-session=ses_")
    assert set(terms) == {"Path=/", "Secure", "HttpOnly", "SameSite=Strict", "Max-Age=43200"}
    assert name.partition("=")[2] not in answer.text


def test_a_link_is_over_in_a_quarter_of_an_hour_and_an_invitation_in_a_day(desk: Desk) -> None:
    desk.invite(ANNA)
    invited = desk.link_of(ANNA)
    ask(ask_link, {"email": ANNA}, headers={"Origin": ORIGIN})
    asked = desk.link_of(ANNA)

    desk.world.now.advance(minutes=15)
    assert refused(ask(begin, {"token": asked}, headers={"Origin": ORIGIN})) == (401, "link_over")
    assert ask(begin, {"token": invited}, headers={"Origin": ORIGIN}).status == 200


def test_whether_anybody_is_known_is_told_to_nobody(desk: Desk) -> None:
    desk.invite(ANNA)
    desk.deliver()

    known, unknown = (
        ask(ask_link, {"email": email}, headers={"Origin": ORIGIN}) for email in (ANNA, "nobody@shop.example")
    )

    assert (known.status, known.json) == (unknown.status, unknown.json) == (202, {"success": True})
    assert [letter.email for letter in desk.letters.asked] == [ANNA, "nobody@shop.example"]
    desk.deliver()
    assert [sent.message.to for sent in desk.world.messenger.sent] == [ANNA, ANNA]


@pytest.mark.parametrize("email", [ANNA, "nobody@shop.example"])
def test_an_address_is_mailed_five_times_an_hour_whoever_it_is(desk: Desk, email: str) -> None:
    desk.invite(ANNA)
    answers = [
        ask(ask_link, {"email": email.upper()}, headers={"Origin": ORIGIN, "X-Visitor": str(n)}) for n in range(6)
    ]

    assert [answer.status for answer in answers] == [202] * 5 + [429]
    assert int(answers[-1].headers["Retry-After"]) <= 3600


def test_a_visitor_tries_so_many_links_a_minute(desk: Desk) -> None:
    tried = [ask(begin, {"token": f"link_{n}"}, headers={"Origin": ORIGIN}).status for n in range(21)]

    assert tried == [401] * 20 + [429]


def test_a_letter_that_is_written_twice_is_mailed_once(desk: Desk) -> None:
    desk.invite(ANNA)
    desk.letters.asked *= 2

    desk.deliver()

    assert len(desk.world.messenger.sent) == 1


def test_no_table_and_no_queue_holds_what_opens_a_session(desk: Desk) -> None:
    browser = desk.joined(ANNA)

    kept = repr(vars(desk.people)) + repr(desk.letters.asked) + repr(desk.world.merchants.record(MERCHANT))
    assert browser.cookie.partition("=")[2] not in kept
    assert "link_" not in repr(desk.letters.asked)


# ---- who may invite whom ----


def test_a_key_of_test_lets_nobody_work_live(desk: Desk) -> None:
    assert refused(desk.invite(ANNA, environments=["live"], key=SECRET)) == (403, "environment_refused")
    assert desk.invite(ANNA, environments=["test"], key=SECRET).status == 201


def test_a_mail_to_who_works_live_never_lies_where_a_key_of_test_can_read_it(desk: Desk) -> None:
    desk.invite(ANNA)
    desk.invite(BRUNO, environments=["test"])
    desk.deliver()

    sent = {one.message.to: one.environment for one in desk.world.messenger.sent}
    assert sent == {ANNA: Environment.LIVE, BRUNO: Environment.TEST}


def test_somebody_is_invited_once_and_a_repeated_call_is_the_same_one(desk: Desk) -> None:
    body = {"email": ANNA, "role": "owner"}
    first, again = (ask(invite, body, key=LIVE, idempotency_key="k1") for _ in range(2))

    assert (first.status, first.json["id"]) == (again.status, again.json["id"])
    assert refused(ask(invite, {**body, "email": "ANNA@shop.example"}, key=LIVE)) == (409, "person_exists")


@pytest.mark.parametrize("email", ["", "anna", "anna@shop", "a b@shop.example", "anna@shop.example, x@y.example"])
def test_what_is_no_address_is_refused_with_its_field(desk: Desk, email: str) -> None:
    answer = ask(invite, {"email": email, "role": "owner"}, key=LIVE)

    assert (answer.status, answer.json["param"]) == (400, "email")


def test_the_last_owner_can_neither_leave_nor_become_less(desk: Desk) -> None:
    anna = desk.joined(ANNA)
    desk.joined(BRUNO, "refunds")
    (owner,) = [one for one in anna.ask(people).json["people"] if one["role"] == "owner"]

    gone = anna.ask(remove, path={"id": owner["id"]})
    less = anna.ask(change, {"role": "read"}, path={"id": owner["id"]})
    elsewhere = anna.ask(change, {"environments": ["test"]}, path={"id": owner["id"]})

    assert [refused(answer) for answer in (gone, less, elsewhere)] == [(409, "last_owner")] * 3


def test_an_owner_of_test_touches_nobody_who_works_live(desk: Desk) -> None:
    desk.joined(ANNA)
    bruno = desk.joined(BRUNO, environments=["test"])
    (anna,) = [one for one in bruno.ask(people).json["people"] if one["email"] == ANNA]

    assert refused(bruno.ask(remove, path={"id": anna["id"]})) == (403, "environment_refused")
    assert refused(bruno.ask(overview, environment="live")) == (403, "environment_refused")


# ---- roles ----


def test_each_role_may_do_what_the_table_says(desk: Desk) -> None:
    desk.joined(ANNA)
    reader, refunder = desk.joined(BRUNO, "read"), desk.joined("carla@shop.example", "refunds")

    for browser in (reader, refunder):
        assert browser.ask(transactions).status == 200
        assert refused(browser.ask(people)) == (403, "role_required")
        assert refused(browser.ask(rotate_key, {})) == (403, "role_required")
    assert refused(reader.ask(void, {}, path={"transactionId": "TXN_1"})) == (403, "role_required")
    assert refunder.ask(void, {}, path={"transactionId": "TXN_1"}).status == 404


def test_what_a_server_does_no_person_does(desk: Desk) -> None:
    anna = desk.joined(ANNA)

    assert refused(anna.ask(init, {"amount": 1})) == (403, "secret_key_required")


def test_a_role_is_in_force_with_the_next_request(desk: Desk) -> None:
    anna, bruno = desk.joined(ANNA), desk.joined(BRUNO)
    (second,) = [one for one in anna.ask(people).json["people"] if one["email"] == BRUNO]

    assert anna.ask(change, {"role": "read"}, path={"id": second["id"]}).json["role"] == "read"
    assert refused(bruno.ask(people)) == (403, "role_required")


def test_an_owner_replaces_the_secret_key_of_their_environment(desk: Desk) -> None:
    anna = desk.joined(ANNA)

    made = anna.ask(rotate_key, {"expire_after_in_seconds": 3600})

    assert made.status == 201
    assert ask(overview, key=made.json["key"]).status == 200
    assert [line.who for line in desk.world.merchants.audit_trail(MERCHANT, 1)] == [f"person {ANNA}"]


# ---- staying, and leaving ----


def test_a_reload_finds_who_is_signed_in_and_where(desk: Desk) -> None:
    anna = desk.joined(ANNA)
    anna.ask(renew, {"environment": "test"})

    found = anna.ask(who).json

    assert (found["person"]["email"], found["environment"]) == (ANNA, "test")
    assert found["csrfToken"] == anna.csrf
    assert ask(who).json == {"success": True, "signedIn": False}


def test_a_session_is_over_after_an_hour_unless_renewed_and_after_twelve_in_any_case(desk: Desk) -> None:
    idle, busy = desk.joined(ANNA), desk.joined(BRUNO)

    for _ in range(23):
        desk.world.now.advance(minutes=31)
        assert busy.ask(renew, {"environment": "live"}).status == 200
    assert refused(idle.ask(transactions)) == (401, "signed_out")
    desk.world.now.advance(minutes=31)
    assert refused(busy.ask(renew, {"environment": "live"})) == (401, "signed_out")


def test_signing_out_here_ends_this_browser_alone(desk: Desk) -> None:
    here = desk.joined(ANNA)
    desk.world.now.advance(seconds=1)
    ask(ask_link, {"email": ANNA}, headers={"Origin": ORIGIN})
    there = desk.sign_in(ANNA)

    answer = here.ask(sign_out)

    assert "Max-Age=0" in answer.headers["Set-Cookie"]
    assert refused(here.ask(transactions)) == (401, "signed_out")
    assert there.ask(transactions).status == 200


def test_signing_out_everywhere_ends_all_of_ones_own_and_nobody_elses(desk: Desk) -> None:
    here, bruno = desk.joined(ANNA), desk.joined(BRUNO)
    ask(ask_link, {"email": ANNA}, headers={"Origin": ORIGIN})
    there = desk.sign_in(ANNA)

    assert here.ask(sign_out, query={"everywhere": "true"}).status == 200

    assert [refused(one.ask(transactions))[0] for one in (here, there)] == [401, 401]
    assert bruno.ask(transactions).status == 200
    desk.world.now.advance(seconds=1)
    ask(ask_link, {"email": ANNA}, headers={"Origin": ORIGIN})
    assert desk.sign_in(ANNA).ask(transactions).status == 200


def test_who_is_removed_is_out_with_the_next_request_and_their_links_are_dead(desk: Desk) -> None:
    anna, bruno = desk.joined(ANNA), desk.joined(BRUNO)
    ask(ask_link, {"email": BRUNO}, headers={"Origin": ORIGIN})
    link = desk.link_of(BRUNO)
    (second,) = [one for one in anna.ask(people).json["people"] if one["email"] == BRUNO]

    assert anna.ask(remove, path={"id": second["id"]}).status == 200

    assert refused(bruno.ask(transactions)) == (401, "signed_out")
    assert refused(ask(begin, {"token": link}, headers={"Origin": ORIGIN})) == (401, "link_over")


# ---- forged requests ----


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": ""},
        {"Origin": "null"},
        {"X-CSRF-Token": ""},
        {"X-CSRF-Token": "0" * 64},
    ],
)
def test_a_change_that_another_site_sends_is_refused(desk: Desk, headers: dict[str, str]) -> None:
    anna = desk.joined(ANNA)

    answer = anna.ask(delete_webhook, path={"id": "we_1"}, headers=headers)

    assert refused(answer) == (403, "csrf_refused")
    assert desk.written.last(MERCHANT, 10) == []


def test_the_csrf_token_is_this_sessions_own(desk: Desk) -> None:
    anna, bruno = desk.joined(ANNA), desk.joined(BRUNO)

    assert refused(anna.ask(renew, {"environment": "test"}, headers={"X-CSRF-Token": bruno.csrf})) == (
        403,
        "csrf_refused",
    )


@pytest.mark.parametrize("endpoint", [ask_link, begin], ids=["asking", "signing in"])
def test_no_other_site_begins_a_session(desk: Desk, endpoint: Served) -> None:
    body = {"email": ANNA, "token": "link_x"}

    assert refused(ask(endpoint, body, headers={"Origin": "https://evil.example"})) == (403, "csrf_refused")
    assert refused(ask(endpoint, body)) == (403, "csrf_refused")


def test_a_request_of_a_session_names_its_environment(desk: Desk) -> None:
    anna = desk.joined(ANNA)

    assert anna.ask(transactions, environment="").json["param"] == "X-Environment"
    assert anna.ask(transactions, environment="prod").status == 400


def test_a_key_beside_a_cookie_is_a_key(desk: Desk) -> None:
    anna = desk.joined(ANNA)

    assert ask(transactions, key=OTHER_SHOP, headers={"Cookie": anna.cookie}).status == 200
    assert ask(transactions, key=PUBLISHABLE, headers={"Cookie": anna.cookie}).status == 403


@pytest.mark.parametrize("cookie", ["__Host-session=", "__Host-session=ses_x", "__Host-session=sk_test_1; a", "=;=="])
def test_a_cookie_that_holds_no_session_opens_nothing(desk: Desk, cookie: str) -> None:
    assert ask(transactions, headers={"Cookie": cookie, "X-Environment": "test"}).status == 401


# ---- who did it ----


def test_what_people_ask_for_is_written_down_with_them_and_shown_to_owners(desk: Desk) -> None:
    anna, bruno = desk.joined(ANNA), desk.joined(BRUNO, "refunds")
    bruno.ask(void, {}, path={"transactionId": "TXN_1"})
    bruno.ask(transactions)
    bruno.ask(renew, {"environment": "test"})

    (line,) = anna.ask(doings).json["doings"]

    assert (line["who"], line["method"], line["about"]) == (f"person {BRUNO}", "POST", {"transactionId": "TXN_1"})
    assert line["route"] == "/api/payment/void/{transactionId}"
    assert refused(bruno.ask(doings)) == (403, "role_required")


def test_a_webhook_that_a_key_removes_is_written_down_with_the_key_and_a_payment_of_a_key_is_not(desk: Desk) -> None:
    anna = desk.joined(ANNA)
    ask(delete_webhook, path={"id": "we_1"}, key=SECRET)
    ask(void, {}, path={"transactionId": "TXN_1"}, key=SECRET)

    (line,) = anna.ask(doings).json["doings"]

    fingerprint = hashlib.sha256(SECRET.encode()).hexdigest()
    assert (line["who"], line["about"]) == (f"key {fingerprint[:8]}", {"id": "we_1"})
    assert (line["method"], line["route"]) == ("DELETE", "/api/merchant/webhooks/{id}")


@pytest.mark.parametrize("changes", [new_webhook, change_webhook, replace_webhook_secret, delete_webhook])
def test_whatever_a_key_changes_of_a_webhook_is_written_down_even_when_it_is_refused(
    desk: Desk, changes: Served
) -> None:
    ask(changes, {"url": "not an address"}, path={"id": "we_1"}, key=SECRET)

    assert [line.method for line in desk.written.last(MERCHANT, 10)] == [changes.method]


def test_two_people_never_share_an_idempotency_key(desk: Desk) -> None:
    anna, bruno = desk.joined(ANNA), desk.joined(BRUNO)
    bodies = [{"email": f"{name}@shop.example", "role": "read"} for name in ("dora", "emil")]

    made = [
        browser.ask(invite, body, idempotency_key="same").json["email"]
        for browser, body in zip((anna, bruno), bodies, strict=True)
    ]

    assert made == ["dora@shop.example", "emil@shop.example"]


def test_a_suspended_merchants_people_still_see_its_payments(desk: Desk) -> None:
    anna = desk.joined(ANNA)
    record = desk.world.merchants.record(MERCHANT)
    suspended = replace(record, merchant=replace(record.merchant, suspended_at=desk.world.now()))
    desk.world.merchants._write(suspended)

    assert anna.ask(transactions).status == 200


def test_a_session_and_the_overview_say_since_when_the_merchant_is_suspended(desk: Desk) -> None:
    anna = desk.joined(ANNA)
    asked = (
        lambda: anna.ask(who).json["merchant"],
        lambda: anna.ask(renew, {"environment": "test"}).json["merchant"],
        lambda: anna.ask(overview).json,
    )
    before = [ask_it()["suspendedAt"] for ask_it in asked]

    suspend_merchant(MERCHANT, office=an_office(desk.world.merchants))

    assert before == [None] * 3
    assert [ask_it()["suspendedAt"] for ask_it in asked] == ["2026-03-02T12:00:00Z"] * 3
