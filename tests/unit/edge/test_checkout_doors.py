"""The doors that lead a browser through a checkout, at an acquirer that shows pages of its own and at the sandbox."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from functions.checkout.ask import handler as ask_door
from functions.checkout.card import handler as card_door
from functions.checkout.resume import handler as resume_door
from functions.checkout.returned import handler as return_door
from functions.payment.init import handler as init
from functions.payment.transaction import handler as transaction
from shared.adapters.card_gateways.sandbox_page import SandboxCardPage
from shared.bootstrap import core, runtime
from shared.domain.card_data import CardData
from shared.domain.errors import OutcomeUnknown
from shared.domain.ids import PageId, PaymentId
from shared.domain.payment import Ending, Mode, Payment, Status
from shared.ports.connectors import Page, PageOutcome, PageRequest, PageState
from shared.usecases.flow.close_checkout import close_checkout
from shared.usecases.payment.end_checkout import cancel_checkout
from tests.unit.edge.conftest import PUBLISHABLE, SECRET, Edge
from tests.unit.edge.requests import Answer, ask
from tests.unit.usecases.moody import MoodyGateways, says_nothing
from tests.unit.usecases.till import DECLINED, VISA
from tools.testing.builders import a_payment
from tools.testing.fakes import FakeBells

SHOP = "https://shop.example"


class Acquirer:
    """A shop whose gateway shows pages of its own, each of which takes one card; and a customer's browser."""

    def __init__(self, edge: Edge, monkeypatch: pytest.MonkeyPatch, **order: object) -> None:
        self.world, self.requests = edge.world, list[PageRequest]()
        self.gateways = MoodyGateways(edge.world.gateways, {"open_page": self._open, "page_outcome": self._outcome})
        self.sandbox: Any = edge.world.gateways.card(a_payment())
        object.__setattr__(edge.world, "gateways", self.gateways)
        bells = FakeBells()
        monkeypatch.setattr(core, "bells", lambda: bells)
        monkeypatch.setattr(runtime, "now", edge.world.now)
        self.made = ask(init, {"amount": 150.00, **order}, key=SECRET).json

    def _open(self, request: PageRequest) -> Page:
        self.requests.append(request)
        self.sandbox.open_page(request)
        return Page(request.page_id, url=f"https://acquirer.example/{request.page_id}", framable=False)

    def _outcome(self, payment: Payment) -> PageOutcome:
        outcome: PageOutcome = self.sandbox.page_outcome(payment)
        return replace(outcome, payer=None, closed=outcome.closed or outcome.state is PageState.DECLINED)

    @property
    def payment(self) -> Payment:
        return self.world.payments.get(PaymentId(self.made["transactionId"]))

    def enters(self, number: str = VISA) -> None:
        """At the acquirer's page; nobody has told us yet."""
        SandboxCardPage(self.world.books, self.world.now).submit(
            PageId(self.payment.page_id), CardData(number, "Ada", 12, 2030, "123")
        )

    def goes_to_pay(self) -> Answer:
        return ask(card_door, path={"transactionId": str(self.payment.id)})

    def comes_back(self, number: int = -1, **changes: str) -> Answer:
        """At the address that the acquirer was given with the page of that number."""
        *_, transaction_id, token = urlsplit(self.requests[number].return_url).path.split("/")
        return ask(return_door, path={"transactionId": transaction_id, "token": token, **changes})

    def leaves(self, number: int = -1) -> Answer:
        """By the address that the acquirer was given for customers who do not pay."""
        address = urlsplit(self.requests[number].cancel_url)
        *_, transaction_id, token = address.path.split("/")
        path = {"transactionId": transaction_id, "token": token}
        return ask(return_door, path=path, query=dict(parse_qsl(address.query)))

    def resumes(self) -> dict[str, Any]:
        return ask(resume_door, path={"transactionId": str(self.payment.id)}).json


@pytest.fixture
def acquirer(edge: Edge, monkeypatch: pytest.MonkeyPatch) -> Acquirer:
    return Acquirer(edge, monkeypatch, callbackUrl=f"{SHOP}/thanks", errorUrl=f"{SHOP}/oops?shop=1")


@pytest.fixture
def plain(edge: Edge, monkeypatch: pytest.MonkeyPatch) -> Acquirer:
    """A shop that names no addresses of its own."""
    return Acquirer(edge, monkeypatch)


def led_to(answer: Answer) -> str:
    assert answer.status == 303, answer
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.headers["Location"]


# ---- to the card page ----


def test_the_address_of_a_payment_leads_on_to_the_acquirers_page(acquirer: Acquirer) -> None:
    assert urlsplit(acquirer.made["redirectUrl"]).path == f"/paymentgw/checkout/card/{acquirer.payment.id}"

    assert led_to(acquirer.goes_to_pay()) == f"https://acquirer.example/{acquirer.made['igfs']['paymentId']}"


def test_a_spent_page_is_replaced_when_the_customer_comes_again(acquirer: Acquirer) -> None:
    acquirer.enters(DECLINED)

    again = led_to(acquirer.goes_to_pay())

    assert again == f"https://acquirer.example/{acquirer.payment.page_id}"
    assert acquirer.payment.page_id != acquirer.made["igfs"]["paymentId"]
    assert acquirer.payment.card_tries == 1


def test_a_payment_that_is_held_leads_to_no_card_page_and_nobody_is_shown_its_secret(acquirer: Acquirer) -> None:
    acquirer.enters()

    address = led_to(acquirer.goes_to_pay())

    assert acquirer.payment.status is Status.CARD_PREAUTH_SUCCESS
    assert address.startswith(f"https://pages.example/pay/checkout/?transactionId={acquirer.payment.id}")
    assert "secret" not in address


def test_the_sandboxs_page_is_one_of_them(edge: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runtime, "now", edge.world.now)
    made = ask(init, {"amount": 150.00}, key=SECRET).json

    address = led_to(ask(card_door, path={"transactionId": made["id"]}))

    assert address == made["redirectUrl"]
    assert "acquirer" not in address


@pytest.mark.parametrize("without", [{"saved_card": 1}, {"mode": Mode.ALTERNATIVE}])
def test_a_payment_without_a_card_page_is_a_409(edge: Edge, without: dict[str, Any]) -> None:
    payment = edge.world.payments.add(a_payment(**without))

    refused = ask(card_door, path={"transactionId": str(payment.id)})

    assert (refused.status, refused.json["code"]) == (409, "no_card_page")


def test_an_acquirer_that_does_not_answer_is_a_503(acquirer: Acquirer) -> None:
    acquirer.gateways.moods["page_outcome"] = says_nothing

    assert acquirer.goes_to_pay().status == 503


# ---- back from it ----


def test_whoever_paid_goes_on_to_the_shop(acquirer: Acquirer) -> None:
    acquirer.enters()

    assert led_to(acquirer.comes_back()) == f"{SHOP}/thanks"
    assert acquirer.payment.status is Status.CARD_PREAUTH_SUCCESS


def test_whoever_paid_goes_on_to_the_choice_with_what_opens_it(plain: Acquirer) -> None:
    plain.enters()

    address = urlsplit(led_to(plain.comes_back()))

    assert (address.path, address.query) == ("/pay/choice/", f"transactionId={plain.payment.id}")
    assert ask(transaction, key=address.fragment, path={"transactionId": str(plain.payment.id)}).status == 200


def test_a_declined_card_leads_to_the_shops_page_with_one_of_our_words(acquirer: Acquirer) -> None:
    acquirer.enters(DECLINED)

    address = urlsplit(led_to(acquirer.comes_back()))

    assert f"{address.scheme}://{address.netloc}{address.path}" == f"{SHOP}/oops"
    assert dict(parse_qsl(address.query)) == {
        "shop": "1",
        "transactionId": acquirer.payment.id,
        "status": "CARD_PREAUTH_FAILED",
        "error": "card_declined",
    }


def test_what_happened_stands_before_the_fragment_of_the_shops_page(
    edge: Edge, monkeypatch: pytest.MonkeyPatch
) -> None:
    acquirer = Acquirer(edge, monkeypatch, errorUrl=f"{SHOP}/#/oops")
    acquirer.enters(DECLINED)

    address = urlsplit(led_to(acquirer.comes_back()))

    assert (address.path, address.fragment) == ("/", "/oops")
    assert dict(parse_qsl(address.query))["error"] == "card_declined"


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        (f"{SHOP}/caffè?nome=perché", f"{SHOP}/caff%C3%A8?nome=perch%C3%A9"),
        (f"{SHOP}/€%20/\u2028x", f"{SHOP}/%E2%82%AC%20/%E2%80%A8x"),
        ("https://bücher.example/", "https://b%C3%BCcher.example/"),
    ],
)
def test_an_address_in_any_letters_is_a_header_in_ascii(
    edge: Edge, monkeypatch: pytest.MonkeyPatch, given: str, sent: str
) -> None:
    acquirer = Acquirer(edge, monkeypatch, callbackUrl=given)
    acquirer.enters()

    assert led_to(acquirer.comes_back()) == sent


def test_without_such_a_page_a_declined_card_leads_to_ours(plain: Acquirer) -> None:
    plain.enters(DECLINED)

    address = urlsplit(led_to(plain.comes_back()))

    assert (address.path, address.query) == ("/pay/result/", f"transactionId={plain.payment.id}")


@pytest.mark.parametrize("silent", [True, False])
def test_while_nobody_knows_a_page_of_ours_asks(acquirer: Acquirer, silent: bool) -> None:
    if silent:
        acquirer.enters()
        acquirer.gateways.moods["page_outcome"] = says_nothing

    address = urlsplit(led_to(acquirer.comes_back()))

    assert (address.path, acquirer.payment.status) == ("/pay/result/", Status.PENDING)
    assert dict(parse_qsl(address.query)) == {"transactionId": acquirer.payment.id, "returned": "1"}


def test_nothing_that_the_browser_brings_along_is_believed(acquirer: Acquirer) -> None:
    *_, transaction_id, token = urlsplit(acquirer.requests[0].return_url).path.split("/")
    path = {"transactionId": transaction_id, "token": token}

    ask(return_door, path=path, query={"status": "APPROVED", "rc": "IGFS_000"})

    assert acquirer.payment.status is Status.PENDING


def test_a_customer_who_left_without_paying_has_cancelled_and_the_shop_is_told(acquirer: Acquirer) -> None:
    left = acquirer.leaves()

    assert dict(parse_qsl(urlsplit(led_to(left)).query))["error"] == "cancelled"
    assert acquirer.payment.ending is Ending.CANCELLED
    assert not acquirer.payment.takes_card


def test_the_shops_error_page_is_told_what_stays_and_the_same_again_later(acquirer: Acquirer) -> None:
    left = led_to(acquirer.leaves())
    assert not acquirer.payment.is_final
    close_checkout(acquirer.payment.id, world=acquirer.world)

    assert led_to(acquirer.comes_back()) == left
    assert dict(parse_qsl(urlsplit(left).query))["status"] == acquirer.payment.status == Status.FAILED


@pytest.mark.parametrize("number", [None, DECLINED])
def test_who_comes_back_after_the_deadline_is_told_the_same_before_and_after_it_is_recorded(
    acquirer: Acquirer, number: str | None
) -> None:
    if number:
        acquirer.enters(number)
        acquirer.comes_back()
    acquirer.world.now.advance(hours=1)

    before = led_to(acquirer.comes_back())
    assert not acquirer.payment.is_final
    close_checkout(acquirer.payment.id, world=acquirer.world)

    assert led_to(acquirer.comes_back()) == before
    assert dict(parse_qsl(urlsplit(before).query)) == {
        "shop": "1", "transactionId": acquirer.payment.id, "status": "FAILED", "error": "expired"
    }  # fmt: skip


def test_a_customer_who_gave_up_after_a_card_was_held_is_not_led_to_pay_on(acquirer: Acquirer) -> None:
    acquirer.enters()
    acquirer.comes_back()
    cancel_checkout(acquirer.payment, world=acquirer.world)
    assert acquirer.payment.status is Status.CARD_PREAUTH_SUCCESS  # the machine has not come to it

    query = dict(parse_qsl(urlsplit(led_to(acquirer.comes_back())).query))

    assert (query["status"], query["error"]) == ("FAILED", "cancelled")


def test_a_customer_who_left_after_paying_has_paid(acquirer: Acquirer) -> None:
    acquirer.enters()

    assert led_to(acquirer.leaves()) == f"{SHOP}/thanks"

    assert acquirer.payment.status is Status.CARD_PREAUTH_SUCCESS
    assert acquirer.payment.ending is None


def test_coming_back_again_mints_nothing_and_writes_nothing(plain: Acquirer) -> None:
    plain.enters()
    first = led_to(plain.comes_back())
    before = plain.payment

    assert [led_to(plain.comes_back()) for _ in range(3)] == [first] * 3
    assert plain.payment == before


def test_each_page_has_an_address_of_its_own_and_the_older_still_lead_on(plain: Acquirer) -> None:
    plain.enters(DECLINED)
    plain.goes_to_pay()
    plain.enters()
    plain.comes_back()

    addresses = [urlsplit(led_to(plain.comes_back(number))) for number in (0, 1)]

    assert {address.path for address in addresses} == {"/pay/choice/"}
    assert addresses[0].fragment != addresses[1].fragment


@pytest.mark.parametrize("token", ["0" * 32, "", "x", "6d0f1a2b3c4d5e6f708192a3b4c5d6e7"])
def test_who_knows_the_payment_alone_is_led_nowhere_and_has_nobody_asked(acquirer: Acquirer, token: str) -> None:
    acquirer.enters()

    assert acquirer.comes_back(token=token).status == 404
    assert acquirer.payment.status is Status.PENDING


def test_the_token_is_kept_as_a_hash_only(acquirer: Acquirer) -> None:
    token = acquirer.requests[0].return_url.rpartition("/")[2]

    assert len(bytes.fromhex(token)) == 16
    assert token not in repr(acquirer.payment)
    assert len(acquirer.payment.client_secrets) == 2


# ---- asking, while a page waits ----


def test_a_page_that_waits_has_the_gateway_asked_once_in_three_seconds(plain: Acquirer) -> None:
    secret = urlsplit(led_to(plain.comes_back())).fragment
    plain.gateways.asked.clear()
    path = {"transactionId": str(plain.payment.id)}

    statuses = [ask(ask_door, key=secret, path=path).json["status"] for _ in range(5)]
    plain.enters()
    plain.world.now.advance(3)
    statuses.append(ask(ask_door, key=secret, path=path).json["status"])

    assert statuses == ["PENDING"] * 5 + ["CARD_PREAUTH_SUCCESS"]


def test_nobody_else_has_it_asked(acquirer: Acquirer) -> None:
    path = {"transactionId": str(acquirer.payment.id)}

    assert ask(ask_door, path=path).status == 401
    assert ask(ask_door, path=path, key=f"{acquirer.payment.id}_secret_AAAA").status == 401
    assert ask(ask_door, path=path, key=PUBLISHABLE).status == 200


# ---- resuming ----


def test_checkout_url_resumes_at_any_gateway(acquirer: Acquirer) -> None:
    assert f"transactionId={acquirer.payment.id}" in acquirer.made["checkoutUrl"]
    shown = acquirer.resumes()
    assert (shown["cardUrl"], shown["framable"], shown["status"]) == (acquirer.made["redirectUrl"], False, "PENDING")

    acquirer.enters()
    acquirer.comes_back()

    shown = acquirer.resumes()
    assert (shown["cardUrl"], shown["status"]) == (None, "CARD_PREAUTH_SUCCESS")


def test_a_payment_whose_time_is_over_takes_no_card(acquirer: Acquirer) -> None:
    acquirer.world.now.advance(1801)

    assert acquirer.resumes()["cardUrl"] is None
    assert led_to(acquirer.goes_to_pay()) == acquirer.made["checkoutUrl"]


def test_the_sandboxs_addresses_stay_as_they_were(edge: Edge) -> None:
    made = ask(init, {"amount": 150.00}, key=SECRET).json
    page = made["igfs"]["paymentId"]

    assert made["redirectUrl"] == f"https://pages.example/pay/card/?paymentID={page}"
    assert made["checkoutUrl"] == f"https://pages.example/pay/checkout/?paymentID={page}"


def test_an_outcome_that_is_unknown_stays_so(acquirer: Acquirer) -> None:
    def unknown(*_: object) -> PageOutcome:
        raise OutcomeUnknown("lost")

    acquirer.gateways.moods["page_outcome"] = unknown

    assert "returned=1" in led_to(acquirer.comes_back())
