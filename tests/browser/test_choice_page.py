"""The choice between vouchers and card, as a customer walks it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.checkout import Checkout
from tests.client import Client, voucher

Shot = Callable[[str], None]


def test_a_voucher_pays_part_and_the_rest_of_the_hold_is_released(
    checkout: Checkout, client: Client, shot: Shot
) -> None:
    payment = checkout.reach_choice()
    checkout.add_vouchers(voucher(5000))
    shot("before")
    checkout.use_vouchers()
    checkout.heading("Thank you, your payment is complete")
    shot("receipt")
    checkout.row("Charged to your card", "€100.00")
    checkout.row("Released on your card", "€50.00")
    checkout.row("Total", "€150.00")
    assert client.book(payment)["captured"] == 100.00


def test_several_vouchers_can_cover_everything(checkout: Checkout, client: Client, shot: Shot) -> None:
    payment = checkout.reach_choice(16.00)
    checkout.add_vouchers(voucher(800, "A"), voucher(800, "B"))
    checkout.use_vouchers()
    checkout.heading("Thank you, your payment is complete")
    shot("receipt")
    expect(checkout.page.get_by_text("Charged to your card")).to_have_count(0)
    checkout.row("Released on your card", "€16.00")
    assert client.settled(payment)["breakdown"]["paymentMethod"] == "VOUCHER_ONLY"


def test_what_vouchers_and_card_pay_is_said_before_anything_is_spent(
    checkout: Checkout, client: Client, shot: Shot
) -> None:
    payment = checkout.reach_choice()
    good = voucher(5000)
    checkout.add_vouchers(good)

    expect(checkout.page.get_by_role("listitem").filter(has_text=good)).to_contain_text("worth €50.00")
    checkout.row("Vouchers pay", "€50.00")
    checkout.row("Card is charged", "€100.00")
    checkout.row("Released on your card", "€50.00")
    expect(checkout.field("Meal voucher code")).to_be_focused()
    shot("said")
    assert client.voucher_book(good)["spent"] == 0
    assert client.transaction(payment)["status"] == "CARD_PREAUTH_SUCCESS"


@pytest.mark.parametrize(
    ("serial", "reason"),
    [("INVALID", "this code is not valid"), ("EXPIRED", "it has expired"), ("USED", "it was used already")],
)
def test_a_bad_voucher_is_told_when_it_is_added_and_can_be_corrected(
    checkout: Checkout, shot: Shot, serial: str, reason: str
) -> None:
    checkout.reach_choice()
    bad, code = voucher(5000, serial), checkout.field("Meal voucher code")
    code.fill(bad)
    checkout.button("Add", exact=True).click()

    expect(code).to_have_accessible_description(re.compile(f"^{bad} was not accepted: {reason}."))
    expect(code).to_be_focused()
    expect(code).to_have_value(bad)
    expect(checkout.page.get_by_role("listitem")).to_have_count(0)
    shot("told")
    checkout.add_vouchers(voucher(5000))
    checkout.use_vouchers()
    checkout.heading("Thank you, your payment is complete")


def test_after_a_bad_voucher_the_card_alone_can_pay(checkout: Checkout) -> None:
    checkout.reach_choice()
    checkout.field("Meal voucher code").fill("nonsense")
    checkout.button("Add", exact=True).click()
    expect(checkout.page.get_by_text("nonsense was not accepted: this code is not known.")).to_be_visible()
    checkout.card_only()
    checkout.heading("Thank you, your payment is complete")
    checkout.row("Charged to your card", "€150.00")


def nobody_answers(page: Page) -> None:
    """No issuer says anything of a voucher before it is chosen."""
    unknown = {"success": True, "outcome": "UNKNOWN", "value": None, "responseCode": "provider_unavailable"}
    page.route("**/voucher-check/*", lambda route: route.fulfill(json=unknown))


def test_a_voucher_that_nobody_judges_yet_is_judged_when_it_pays(checkout: Checkout, page: Page, shot: Shot) -> None:
    checkout.reach_choice()
    nobody_answers(page)
    bad, good = voucher(5000, "EXPIRED"), voucher(5000)
    checkout.add_vouchers(bad, good)
    expect(page.get_by_role("listitem").filter(has_text=good)).to_contain_text("value is checked when you pay")
    expect(page.get_by_text("The vouchers pay first.")).to_be_visible()
    checkout.use_vouchers()
    checkout.told(f"{bad} was not accepted: it has expired.")
    shot("refused")
    expect(page.get_by_role("listitem").filter(has_text=good)).to_contain_text("worth €50.00")
    expect(page.get_by_role("listitem").filter(has_text=bad)).to_have_count(0)
    checkout.row("Card is charged", "€100.00")
    checkout.use_vouchers()
    checkout.heading("Thank you, your payment is complete")


@pytest.mark.any_size
def test_a_lost_answer_about_a_voucher_keeps_nobody_from_paying(
    checkout: Checkout, page: Page, complaints: list[str]
) -> None:
    checkout.reach_choice()
    page.route("**/voucher-check/*", lambda route: route.abort())
    checkout.add_vouchers(voucher(5000))
    checkout.use_vouchers()
    checkout.heading("Thank you, your payment is complete")
    checkout.row("Charged to your card", "€100.00")
    complaints.clear()


@pytest.mark.any_size
def test_who_looked_at_too_many_vouchers_can_still_pay_with_one(
    checkout: Checkout, client: Client, page: Page, complaints: list[str]
) -> None:
    payment = checkout.reach_choice()
    path = f"/api/payment/voucher-check/{payment['transactionId']}"
    told = [client.call("POST", path, {"otp": f"V100-LOOK{n}"}).status_code for n in range(21)]
    assert told == [200] * 20 + [429]
    checkout.add_vouchers(voucher(5000))
    checkout.use_vouchers()
    checkout.heading("Thank you, your payment is complete")
    complaints.clear()


@pytest.mark.any_size
def test_who_pays_by_card_while_a_voucher_is_looked_at_has_paid_by_card(checkout: Checkout, page: Page) -> None:
    checkout.reach_choice()
    page.route("**/voucher-check/*", lambda route: None)  # the answer never comes
    checkout.field("Meal voucher code").fill(voucher(5000))
    with page.expect_request("**/voucher-check/*"):
        checkout.button("Add", exact=True).click()
    expect(checkout.field("Meal voucher code")).not_to_be_editable()
    checkout.card_only()
    checkout.heading("Thank you, your payment is complete")
    checkout.row("Charged to your card", "€150.00")


def test_after_a_voucher_refused_at_the_payment_the_card_alone_can_pay(checkout: Checkout, page: Page) -> None:
    checkout.reach_choice()
    nobody_answers(page)
    checkout.add_vouchers(voucher(5000, "USED"))
    checkout.use_vouchers()
    checkout.told("it was used already")
    page.reload()
    checkout.told("was not accepted: it was used already.")
    checkout.card_only()
    checkout.heading("Thank you, your payment is complete")
    checkout.row("Charged to your card", "€150.00")


def test_a_voucher_refused_when_it_is_spent_leaves_the_choice_open(checkout: Checkout, shot: Shot) -> None:
    checkout.reach_choice()
    checkout.add_vouchers(voucher(5000, "SPENDFAIL"))
    checkout.use_vouchers()
    checkout.told("was not accepted")
    shot("refused")
    checkout.card_only()
    checkout.heading("Thank you, your payment is complete")


def test_a_voucher_that_its_issuer_keeps_is_never_called_nothing(checkout: Checkout, page: Page, shot: Shot) -> None:
    checkout.reach_choice()
    checkout.add_vouchers(voucher(2000, "NOREVERSE"), voucher(3000, "SPENDFAIL"))
    checkout.use_vouchers()
    checkout.told("was not accepted")
    expect(page.get_by_text("Vouchers already pay €20.00")).to_be_visible()
    expect(page.get_by_text("Nothing was charged")).to_have_count(0)
    expect(page.get_by_text("vouchers that pay already are given back unless their issuer keeps")).to_be_visible()
    expect(page.get_by_text("nothing is charged")).to_have_count(0)
    shot("beside")

    checkout.button("Cancel payment").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("given back, unless their issuer keeps them")
    expect(dialog).not_to_contain_text("Nothing has been charged")
    dialog.get_by_role("button", name="Cancel payment").click()

    expect(page.get_by_text("€20.00 of your meal vouchers was spent and could not be given back")).to_be_visible()
    shot("kept")


def test_a_code_that_was_typed_but_not_added_counts_once_its_worth_was_shown(checkout: Checkout) -> None:
    checkout.reach_choice()
    checkout.add_vouchers(voucher(2000, "A"))
    checkout.field("Meal voucher code").fill(voucher(3000, "B"))
    checkout.use_vouchers()
    checkout.row("Card is charged", "€100.00")
    expect(checkout.button("Pay with 2 vouchers")).to_be_focused()
    checkout.use_vouchers()
    checkout.heading("Thank you, your payment is complete")
    checkout.row("Charged to your card", "€100.00")


def test_the_list_of_codes_can_be_corrected(checkout: Checkout) -> None:
    checkout.reach_choice()
    checkout.button("Add", exact=True).click()
    expect(checkout.field("Meal voucher code")).to_have_accessible_description("Enter the code on the voucher.")
    checkout.add_vouchers("V800-ONE")
    checkout.field("Meal voucher code").fill("v800-one")
    checkout.field("Meal voucher code").press("Enter")
    expect(checkout.field("Meal voucher code")).to_have_accessible_description("This code is in the list already.")
    checkout.button("Remove V800-ONE").click()
    expect(checkout.page.get_by_role("listitem")).to_have_count(0)
    expect(checkout.button("Pay with")).to_have_count(0)


def test_at_most_eight_vouchers(checkout: Checkout) -> None:
    checkout.reach_choice()
    checkout.add_vouchers(*(f"V100-N{n}" for n in range(8)))
    checkout.field("Meal voucher code").fill("V100-NINTH")
    checkout.button("Add", exact=True).click()
    expect(checkout.field("Meal voucher code")).to_have_accessible_description(
        "At most 8 vouchers can be used in one payment."
    )


@pytest.mark.any_size
def test_a_double_click_chooses_once(checkout: Checkout) -> None:
    checkout.reach_choice()
    posts: list[str] = []
    checkout.page.on("request", lambda r: posts.append(r.url) if r.method == "POST" else None)
    checkout.button("by card only").dblclick()
    checkout.heading("Thank you, your payment is complete")
    assert len(posts) == 1


@pytest.mark.any_size
def test_a_choice_made_in_another_window_is_followed(checkout: Checkout, client: Client) -> None:
    payment = checkout.reach_choice()
    assert client.choose(payment).status_code == 202
    checkout.field("Meal voucher code").fill(voucher(5000))
    checkout.button("Add", exact=True).click()
    checkout.heading("Thank you, your payment is complete")
    checkout.row("Charged to your card", "€150.00")


@pytest.mark.any_size
def test_a_lost_answer_to_the_choice_is_looked_up(checkout: Checkout, page: Page, complaints: list[str]) -> None:
    checkout.reach_choice()
    page.route("**/voucher-choice/*", lambda route: (route.fetch(), route.abort()))
    checkout.card_only()
    checkout.heading("Thank you, your payment is complete")
    complaints.clear()


def test_a_choice_that_comes_too_late_ends_with_the_hold_released(checkout: Checkout, page: Page, shot: Shot) -> None:
    def too_late(route: Route) -> None:
        reply = route.fetch()
        over = {"status": "FAILED", "checkoutUrl": None, "lastError": {"code": "expired", "message": "too late"}}
        route.fulfill(response=reply, json=reply.json() | over)

    checkout.reach_choice()
    page.route("**/voucher-choice/*", lambda r: r.fulfill(status=409, json={"code": "expired", "message": "over"}))
    page.route("**/payment/transaction/*", too_late)
    checkout.card_only()
    checkout.heading("The time to pay is over")
    shot("expired")


MINUTE = 60


@dataclass
class LastMinute:
    """The gateway's word from now on: a minute is left; once that is over, nobody has closed the payment yet.

    The page's own clock stands still until it is moved on, so that nothing depends on how fast this machine is.
    """

    page: Page
    left: int = MINUTE

    def __post_init__(self) -> None:
        self.page.route("**/payment/transaction/*", self._answer)
        self.page.clock.install()
        self.page.clock.pause_at(time.time() + 1)
        self.page.reload()

    def _answer(self, route: Route) -> None:
        told = route.fetch().json()
        checkout = told.get("checkoutUrl") if self.left else None
        route.fulfill(json=told | {"expiresIn": self.left, "checkoutUrl": checkout})

    def ends(self) -> None:
        self.page.clock.run_for(1000 * (MINUTE - 1))
        self.left = 0

    def passed(self, seconds: float) -> None:
        """So long after its end, at which it still stood a second ago."""
        self.page.clock.run_for(round(1000 * (1 + seconds)))


@pytest.mark.any_size
def test_the_choice_closes_within_two_seconds_of_its_deadline_and_stays_closed(
    checkout: Checkout, client: Client, page: Page, shot: Shot
) -> None:
    payment = checkout.reach_choice()
    checkout.add_vouchers(voucher(5000))
    last_minute = LastMinute(page)
    checkout.heading("How would you like to pay?")
    checkout.button("Cancel payment").click()
    last_minute.ends()
    expect(page.get_by_role("dialog")).to_be_visible()
    last_minute.passed(seconds=2)
    over = page.get_by_role("heading", level=1, name="The time to pay is over")
    expect(over).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(checkout.button("by card only")).to_have_count(0)
    shot("over")

    page.clock.resume()
    page.reload()
    expect(over).to_be_visible()
    page.goto(page.url.replace("/pay/choice/", "/pay/result/"))
    expect(over).to_be_visible()
    assert client.transaction(payment)["status"] == "CARD_PREAUTH_SUCCESS"


@pytest.mark.any_size
def test_a_choice_made_elsewhere_before_the_deadline_is_followed_after_it(
    checkout: Checkout, client: Client, page: Page
) -> None:
    payment = checkout.reach_choice()
    last_minute = LastMinute(page)
    checkout.heading("How would you like to pay?")
    assert client.choose(payment).status_code == 202
    last_minute.ends()
    last_minute.passed(seconds=0.5)  # and the page has another one to look
    expect(page.get_by_role("heading", level=1)).not_to_have_text("How would you like to pay?")
    page.clock.resume()
    checkout.heading("Thank you, your payment is complete")


@pytest.mark.any_size
def test_a_choice_sent_in_time_counts_however_long_its_answer_takes(checkout: Checkout, page: Page) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.clock.install()
    page.route("**/payment/transaction/*", lambda r: r.fulfill(json=r.fetch().json() | {"expiresIn": 20}))
    checkout.reach_choice()
    page.evaluate(
        "() => { window.seen = []; new MutationObserver(() => seen.push(document.querySelector('h1')?.textContent))"
        ".observe(document.getElementById('app'), { childList: true }); }"
    )
    page.route("**/voucher-choice/*", hold)
    with page.expect_request("**/voucher-choice/*"):
        checkout.card_only()
    page.clock.fast_forward(21_000)  # the deadline passes while the answer is out
    page.clock.run_for(3_000)
    held[0].continue_()
    expect(page.get_by_role("heading", level=1)).to_have_text("Completing your payment…")
    assert page.evaluate("seen") == ["Completing your payment…"]


@pytest.mark.any_size
def test_a_device_that_slept_past_the_deadline_closes_the_choice_when_it_wakes(
    checkout: Checkout, page: Page
) -> None:
    page.clock.install()
    checkout.reach_choice()
    page.route("**/payment/transaction/*", lambda route: route.fulfill(status=409, json={}))
    page.clock.fast_forward(601_000)
    checkout.heading("The time to pay is over")


def test_a_payment_that_the_shop_voids_says_so(checkout: Checkout, client: Client, page: Page, shot: Shot) -> None:
    payment = checkout.reach_choice()
    reply = client.call("POST", f"/api/payment/void/{payment['transactionId']}", {})
    assert reply.status_code == 200, reply.text
    page.reload()
    checkout.heading("The shop cancelled this payment")
    shot("voided")
    client.settled(payment, {"VOIDED"})


def test_a_refund_shows_on_the_receipt(checkout: Checkout, client: Client, page: Page) -> None:
    payment = checkout.reach_choice()
    checkout.card_only()
    checkout.heading("Thank you, your payment is complete")
    reply = client.call("POST", f"/api/payment/refund/{payment['transactionId']}", {"reason": "cold lunch"})
    assert reply.status_code == 200, reply.text
    page.reload()
    checkout.heading("This payment was refunded")


def test_giving_up_asks_first_and_releases_the_hold(checkout: Checkout, client: Client, shot: Shot) -> None:
    payment = checkout.reach_choice()
    checkout.button("Cancel payment").click()
    dialog = checkout.page.get_by_role("dialog", name="Cancel this payment?")
    dialog.get_by_role("button", name="Go on paying").click()
    expect(checkout.field("Meal voucher code")).to_be_visible()
    checkout.button("Cancel payment").click()
    dialog.get_by_role("button", name="Cancel payment").click()

    checkout.heading("Payment cancelled")
    shot("cancelled")
    assert client.transaction(payment)["status"] == "FAILED"
    assert client.book(payment)["voided"] == 150.00


def italian(cents: int) -> str:
    """A voucher that is used whole."""
    return voucher(cents, "ITALY")


def test_a_voucher_of_which_a_part_would_be_lost_is_used_only_when_the_customer_accepts_that(
    checkout: Checkout, client: Client, shot: Shot
) -> None:
    payment, code = checkout.reach_choice(7.20), italian(800)
    checkout.add_vouchers(code)
    expect(checkout.page.get_by_role("listitem").filter(has_text=code)).to_contain_text(
        "worth €8.00, used whole, without change, for food"
    )
    expect(checkout.page.get_by_text("those that do not fit stay yours")).to_be_visible()

    checkout.use_vouchers()
    expect(checkout.page.get_by_role("alert")).to_contain_text("€0.80 of your voucher would be lost")
    shot("would-be-lost")
    assert client.voucher_book(code)["spent"] == 0

    checkout.use_vouchers()
    checkout.heading("Thank you, your payment is complete")
    shown = client.settled(payment)["vouchers"][-1]
    assert (shown["spentAmount"], shown["lostAmount"]) == (7.20, 0.80)
    expect(checkout.page.get_by_text("was not used")).to_have_count(0)
    expect(checkout.page.get_by_text("was used whole: €0.80 of it was lost")).to_be_visible()
    shot("lost")


def test_vouchers_that_fit_pay_and_the_receipt_says_why_one_did_not(
    checkout: Checkout, client: Client, shot: Shot
) -> None:
    payment = checkout.reach_choice(20.00)
    codes = [italian(800) for _ in range(3)]
    checkout.add_vouchers(*codes)
    checkout.use_vouchers()

    checkout.heading("Thank you, your payment is complete")
    shot("receipt")
    checkout.row("Charged to your card", "€4.00")
    expect(checkout.page.get_by_text(re.compile("was not used: a part of it would be lost"))).to_be_visible()
    assert [one["leftOut"] for one in client.settled(payment)["vouchers"]] == [False, False, True]
    assert client.voucher_book(codes[2])["spent"] == 0


@pytest.mark.any_size
def test_accepting_a_loss_counts_for_the_vouchers_that_were_shown_alone(checkout: Checkout, client: Client) -> None:
    payment = checkout.reach_choice(7.20)
    checkout.add_vouchers(italian(800))
    checkout.use_vouchers()
    expect(checkout.page.get_by_role("alert")).to_be_visible()

    checkout.add_vouchers(italian(900))
    checkout.use_vouchers()

    expect(checkout.page.get_by_role("alert")).to_contain_text("€0.80 of your voucher would be lost")
    assert client.transaction(payment)["status"] == "VOUCHER_FAILED"


def test_what_of_a_purchase_vouchers_may_pay_is_said_and_held(checkout: Checkout, client: Client, shot: Shot) -> None:
    payment = checkout.reach_choice(50.00, maxVoucherAmount=20.00)
    expect(checkout.page.get_by_text("€20.00 of this purchase can be paid by meal vouchers.")).to_be_visible()

    checkout.add_vouchers(voucher(1500, "A"), voucher(1500, "B"))
    checkout.row("Vouchers pay", "€20.00")
    checkout.row("Card is charged", "€30.00")
    shot("said")
    checkout.use_vouchers()

    checkout.heading("Thank you, your payment is complete")
    checkout.row("Charged to your card", "€30.00")
    assert client.settled(payment)["voucherAmount"] == 20.00


def test_a_whole_voucher_that_is_worth_more_than_that_part_says_how_much_would_be_lost(
    checkout: Checkout, client: Client, shot: Shot
) -> None:
    payment = checkout.reach_choice(50.00, maxVoucherAmount=7.20)
    checkout.add_vouchers(voucher(800, "ITALY"))
    expect(
        checkout.page.get_by_text("Vouchers that are used whole pay as long as nothing of them is lost")
    ).to_be_visible()
    checkout.use_vouchers()

    checkout.told("€0.80 of your voucher would be lost")
    checkout.row("Vouchers pay", "€7.20")
    checkout.row("Card is charged", "€42.80")
    shot("asked")
    checkout.use_vouchers()
    checkout.heading("Thank you, your payment is complete")
    assert client.settled(payment)["voucherAmount"] == 7.20


def test_a_voucher_that_finds_no_room_in_that_part_is_told_on_the_receipt(checkout: Checkout) -> None:
    checkout.reach_choice(50.00, maxVoucherAmount=8.00)
    checkout.add_vouchers(voucher(800, "ITALYA"), voucher(800, "ITALYB"))
    checkout.use_vouchers()

    checkout.heading("Thank you, your payment is complete")
    expect(checkout.page.get_by_text("vouchers pay no more of this purchase")).to_be_visible()


def test_a_purchase_that_vouchers_may_not_pay_offers_the_card_alone(
    checkout: Checkout, client: Client, shot: Shot
) -> None:
    payment = checkout.open(50.00, maxVoucherAmount=0)
    checkout.pay_by_card()

    expect(checkout.page.get_by_text("This purchase cannot be paid by meal vouchers.")).to_be_visible()
    expect(checkout.field("Meal voucher code")).to_have_count(0)
    shot("alone")
    checkout.card_only()
    checkout.heading("Thank you, your payment is complete")
    assert client.settled(payment)["capturedAmount"] == 50.00


def test_a_yes_to_a_small_loss_is_none_to_the_larger_one_that_is_left(checkout: Checkout, client: Client) -> None:
    payment = checkout.reach_choice(50.00, maxVoucherAmount=7.20)
    small, large = voucher(800, "ITALYA"), voucher(1000, "ITALYB")
    checkout.add_vouchers(small, large)
    checkout.use_vouchers()
    checkout.told("€0.80 of your voucher would be lost")

    checkout.button(f"Remove {small}").click()
    expect(checkout.page.get_by_role("alert").filter(has_text="would be lost")).to_have_count(0)
    checkout.use_vouchers()

    checkout.told("€2.80 of your voucher would be lost")
    assert client.voucher_book(large)["spent"] == 0
    assert client.transaction(payment)["status"] == "VOUCHER_FAILED"
