"""The merchant's dashboard: payments, links, disputes and webhooks behind one key."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import Desk
from tests.client import PUBLISHABLE_KEY, SECRET_KEY, Client, until, voucher
from tests.merchants import onboarded
from tests.receiver import Receiver

Shot = Callable[[str], None]


# ---- the key ----


def test_a_key_that_opens_nothing_is_told_so(desk: Desk, page: Page, shot: Shot) -> None:
    desk.sign_in(key=PUBLISHABLE_KEY)
    expect(page.get_by_text("A secret key begins with sk_test_ or sk_live_.")).to_be_visible()

    desk.sign_in(key="sk_test_NobodyHasThisKeyAtAll")
    desk.told("This key is not known")
    shot("refused")
    desk.has_no_barriers()


def test_the_key_is_kept_nowhere_and_a_reload_asks_again(desk: Desk, page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    desk.sign_in()
    desk.heading("Payments")

    kept = page.evaluate("() => [localStorage.length, sessionStorage.length, document.cookie, history.state]")
    assert kept == [0, 0, "", None]
    assert not any(SECRET_KEY in url for url in asked)
    page.reload()
    desk.heading("Merchant dashboard")


def test_signing_out_forgets_the_key_and_a_replaced_key_ends_the_visit(desk: Desk, page: Page) -> None:
    desk.sign_in()
    desk.heading("Payments")
    desk.button("Sign out").click()
    desk.heading("Merchant dashboard")
    expect(page.get_by_label("Secret key")).to_have_value("")

    desk.sign_in("#/links")
    desk.heading("Payment links")
    refused = '{"success": false, "message": "the API key is not known", "code": "unauthenticated"}'
    page.route("**/api/**", lambda route: route.fulfill(status=401, content_type="application/json", body=refused))
    page.get_by_role("link", name="Disputes").click()
    desk.told("The key is no longer valid")


# ---- payments ----


def test_a_payment_is_found_and_refunded_in_part_after_its_plan_was_seen(
    desk: Desk, page: Page, client: Client, shot: Shot
) -> None:
    payment = client.paid(voucher(5000), description="Lunch for six")
    desk.sign_in()
    expect(page.get_by_role("button", name="Test", exact=True)).to_have_attribute("aria-pressed", "true")
    page.get_by_role("link", name="Lunch for six").first.click()
    desk.heading("Lunch for six")
    expect(desk.fact("By card")).to_have_text("€100.00")
    expect(desk.fact("By meal voucher")).to_have_text("€50.00")
    shot("payment")
    desk.has_no_barriers()

    page.get_by_label("Amount").fill("120,00")
    page.get_by_label("Reason").fill("Two did not come")
    desk.button("See what goes where").click()
    expect(desk.fact("To the card")).to_have_text("€100.00")
    expect(page.locator("#where")).to_contain_text("€20.00")
    shot("plan")
    desk.button("Refund €120.00").click()

    expect(desk.fact("Status")).to_have_text("partly refunded")
    refunds = page.get_by_role("table", name="Refunds")
    expect(refunds).to_contain_text("Two did not come")
    expect(refunds).to_contain_text("To the card €100.00")
    expect(refunds).to_contain_text("key ")
    assert client.transaction(payment)["refundableAmount"] == 30.00


@pytest.mark.any_size
def test_a_plan_says_until_when_a_voucher_goes_back_and_promises_nothing_after_that(
    desk: Desk, page: Page, client: Client
) -> None:
    payment = client.paid(voucher(5000, "MINUTE"))
    desk.sign_in(f"#/payments/{payment['transactionId']}")
    expect(page.get_by_role("table", name="Meal vouchers")).to_contain_text("goes back until")

    too_late = {"tender": "voucher", "serialNumber": "V1", "amount": 50, "reversibleUntil": "2026-01-01T12:00:00Z"}
    parts = [{"tender": "card", "serialNumber": None, "amount": 100, "reversibleUntil": None, "code": None}, too_late]

    def planned(amount: int, *parts: object) -> None:
        body = {"success": True, "preview": True, "refundAmount": amount, "parts": parts}
        page.route("**/refund/*preview=true", lambda route: route.fulfill(json=body))
        desk.button("See what goes where").click()

    too_late["code"] = "too_late_to_reverse"
    planned(100, *parts)
    expect(page.locator("#where")).to_contain_text("The issuer does not take this voucher back any more.")
    expect(desk.button("Refund €100.00")).to_be_visible()

    page.get_by_label("Amount").fill("50")
    too_late["code"] = "not_reversible"
    planned(0, too_late)
    expect(page.locator("#where")).to_contain_text("The issuer never takes such a voucher back.")
    expect(page.locator("#where").get_by_role("button")).to_have_count(0)

    page.get_by_label("Amount").fill("20")
    planned(0, {**too_late, "amount": 20, "code": "voucher_not_divisible"})
    expect(page.locator("#where")).to_contain_text("The issuer takes this voucher back whole or not at all.")


def test_an_amount_that_is_none_or_too_large_moves_nothing(desk: Desk, page: Page, client: Client) -> None:
    payment = client.paid(amount=20)
    desk.sign_in(f"#/payments/{payment['transactionId']}")
    page.get_by_label("Amount").fill("all of it")
    desk.button("See what goes where").click()
    expect(page.get_by_text("An amount such as 50.00, with no more than the decimals")).to_be_visible()

    page.get_by_label("Amount").fill("21")
    desk.button("See what goes where").click()
    expect(page.locator("#amount-error")).to_contain_text("This is more than there is. (at most ")
    assert client.transaction(payment)["refundableAmount"] == 20


@pytest.mark.parametrize(("button", "status"), [("Capture on the card", "paid"), ("Release the hold", "released")])
def test_a_held_payment_is_captured_or_released(
    desk: Desk, page: Page, client: Client, button: str, status: str
) -> None:
    payment = client.init(30, description="Held order")
    client.card(payment)
    desk.sign_in(f"#/payments/{payment['transactionId']}")
    expect(desk.fact("Status")).to_have_text("held, to be chosen")

    desk.button(button).click()
    desk.confirm("Do not")
    expect(desk.fact("Status")).to_have_text("held, to be chosen")
    desk.button(button).click()
    desk.confirm(button)

    expect(desk.fact("Status")).to_have_text(status)


def test_a_list_goes_on_where_it_ended(desk: Desk, page: Page, client: Client) -> None:
    for n in range(21):
        client.init(5, description=f"One of many {n}")
    desk.sign_in()
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(20)

    desk.button("Show more").click()

    expect(rows).not_to_have_count(20)
    expect(page.locator("#live")).to_contain_text("more")


def test_what_is_not_there_is_said(desk: Desk, page: Page) -> None:
    desk.sign_in("#/payments/TXN_20260101_AAAAAAAAAAAAAAAA")

    expect(page.get_by_text("There is nothing under this number.")).to_be_visible()


# ---- links ----


def test_a_link_is_made_shown_as_a_code_and_withdrawn(desk: Desk, page: Page, shot: Shot) -> None:
    desk.sign_in("#/links")
    page.get_by_text("New payment link").click()
    page.get_by_label("Amount").fill("12,50")
    page.get_by_label("What it is for").fill("Table 9")
    page.get_by_label("At most by meal voucher").fill("12,51")
    desk.button("Create the link").click()
    expect(page.get_by_text("Enter a part of the amount, or nothing.")).to_be_visible()
    page.get_by_label("At most by meal voucher").fill("8")
    page.get_by_label("How it is sent").select_option("MAIL")
    desk.button("Create the link").click()
    expect(page.get_by_text("This is needed.")).to_be_visible()
    desk.has_no_barriers()
    page.get_by_label("Customer's e-mail").fill("ada@example.com")
    desk.button("Create the link").click()

    desk.heading("Table 9")
    code = page.get_by_role("img", name="QR code of the link for €12.50")
    assert code.evaluate("image => image.decode().then(() => image.naturalWidth)") == 440
    expect(desk.fact("Times sent")).to_have_text("1")
    expect(desk.fact("At most by meal voucher")).to_have_text("€8.00")
    shot("link")
    desk.has_no_barriers()
    desk.button("Send again").click()
    expect(desk.fact("Times sent")).to_have_text("2")
    desk.button("Withdraw").click()
    desk.confirm("Withdraw")
    expect(desk.fact("Status")).to_have_text("withdrawn")
    expect(code).to_be_hidden()


def test_links_are_shown_by_their_state(desk: Desk, page: Page, client: Client) -> None:
    made = client.call("POST", "/api/payment-links/create", {"amount": 7, "description": "Gone link"}).json()
    client.call("POST", f"/api/payment-links/{made['transactionId']}/cancel", {})
    desk.sign_in("#/links")
    expect(page.get_by_role("link", name="Gone link").first).to_be_visible()

    page.get_by_label("Show", exact=True).select_option("PAID")

    expect(page.get_by_role("link", name="Gone link")).to_have_count(0)


# ---- disputes ----


def test_a_dispute_is_answered_with_a_file_and_won(
    desk: Desk, page: Page, client: Client, tmp_path: Path, shot: Shot
) -> None:
    dispute = desk.a_dispute()
    proof = tmp_path / "delivery.txt"
    proof.write_text("Delivered on Monday, signed by A. Rossi")
    desk.sign_in("#/disputes")
    expect(page.locator(".figures")).to_contain_text("To answer")
    shot("list")
    desk.has_no_barriers()
    page.locator(f'a[href$="{dispute["disputeId"]}"]').click()
    desk.heading("Not made by the customer")
    expect(desk.fact("Amount")).to_have_text("€50.00")
    expect(desk.fact("Answer until")).to_contain_text("Days left:")

    desk.button("Send the answer").click()
    expect(page.get_by_text("This is needed.")).to_be_visible()
    page.get_by_label("Your answer").fill("It was delivered on Monday.")
    page.get_by_label("Files").set_input_files(proof)
    shot("answer")
    desk.has_no_barriers()
    desk.button("Send the answer").click()

    expect(desk.fact("Status")).to_have_text("answered")
    expect(page.get_by_text("The bank has not said yet that it has it.")).to_be_visible()
    expect(page.get_by_text("delivery.txt")).to_be_visible()
    desk.button("won").click()
    expect(desk.fact("Status")).to_have_text("won")
    seen = client.get(f"/api/merchant/disputes/{dispute['disputeId']}")
    assert [answer["response"] for answer in seen["responses"]] == ["It was delivered on Monday."]
    assert [file["fileName"] for file in seen["evidence"]] == ["delivery.txt"]


def test_what_is_at_stake_is_told_in_each_currency(desk: Desk, page: Page, shot: Shot) -> None:
    desk.a_dispute(50.00)
    in_dollars = desk.a_dispute(43.21, "USD")
    desk.sign_in("#/disputes")

    at_risk = page.locator(".figures div").filter(has=page.get_by_text("At risk", exact=True))
    expect(at_risk.locator("dd")).to_have_text([re.compile(r"^€\d"), re.compile(r"^US\$\d")])
    shot("list")
    desk.has_no_barriers()
    page.locator(f'a[href$="{in_dollars["disputeId"]}"]').click()
    expect(desk.fact("Amount")).to_have_text("US$43.21")


def test_a_payment_and_the_list_show_its_dispute_and_lead_to_it(desk: Desk, page: Page, shot: Shot) -> None:
    dispute = desk.a_dispute()
    desk.sign_in()
    row = page.locator("tbody tr").filter(has=page.locator(f'a[href$="{dispute["originalTransactionId"]}"]'))
    expect(row).to_contain_text("disputed")
    row.get_by_role("link").click()
    desk.heading("Disputed order")
    expect(desk.fact("Disputed")).to_have_text("€50.00")
    shot("payment")
    desk.has_no_barriers()
    page.get_by_role("table", name="Disputes").get_by_role("link", name="Not made by the customer").click()

    desk.heading("Not made by the customer")
    desk.button("won").click()
    expect(desk.fact("Status")).to_have_text("won")
    desk.fact("Payment").get_by_role("link").click()
    desk.heading("Disputed order")
    expect(page.get_by_role("table", name="Disputes")).to_contain_text("won")
    expect(page.locator(".facts").get_by_text("Disputed", exact=True)).to_have_count(0)


def test_an_answer_is_said_to_be_at_the_bank_once_the_bank_says_so(desk: Desk, page: Page, shot: Shot) -> None:
    dispute = desk.a_dispute()
    desk.client.call("POST", f"/api/merchant/disputes/{dispute['disputeId']}/respond", {"response": "Delivered"})
    desk.sign_in(f"#/disputes/{dispute['disputeId']}")
    expect(desk.fact("Status")).to_have_text("answered")
    shot("answered")

    page.route(
        f"**/merchant/disputes/{dispute['disputeId']}",
        lambda route: route.fulfill(json=route.fetch().json() | {"statusBy": "PSP"}),
    )
    page.goto(f"{desk.address}#/disputes")
    page.locator(f'a[href$="{dispute["disputeId"]}"]').click()

    expect(desk.fact("Status")).to_have_text("at the bank")


def test_a_file_of_a_kind_that_banks_do_not_take_is_refused_and_the_answer_kept(
    desk: Desk, page: Page, client: Client, tmp_path: Path
) -> None:
    dispute = desk.a_dispute()
    program = tmp_path / "proof.html"
    program.write_text("<p>proof</p>")
    desk.sign_in(f"#/disputes/{dispute['disputeId']}")
    page.get_by_label("Your answer").fill("Here it is")
    page.get_by_label("Files").set_input_files(program)
    desk.button("Send the answer").click()

    expect(page.locator("#files-error")).to_have_text(
        "proof.html was not taken: only PDF, JPEG, PNG or text, 5 MB at most."
    )
    expect(page.get_by_label("Your answer")).to_have_value("Here it is")
    assert client.get(f"/api/merchant/disputes/{dispute['disputeId']}")["status"] == "OPEN"


def test_disputes_are_shown_by_their_state(desk: Desk, page: Page) -> None:
    dispute = desk.a_dispute()
    desk.sign_in("#/disputes")
    row = page.locator(f'a[href$="{dispute["disputeId"]}"]')
    expect(row).to_be_visible()

    page.get_by_label("Show", exact=True).select_option("EVIDENCE_REQUIRED")

    expect(row).to_be_hidden()


# ---- webhooks ----


@pytest.fixture
def own(client: Client) -> Client:
    """The server of a shop whose endpoints hear of nothing else."""
    return client.using(onboarded(client.base_url).secret)


def test_a_webhook_is_added_tested_given_a_new_secret_and_removed(
    desk: Desk, page: Page, own: Client, shot: Shot
) -> None:
    with Receiver() as receiver:
        desk.sign_in("#/webhooks", str(own.key))
        page.get_by_label("Address").fill(receiver.url("/dashboard"))
        desk.has_no_barriers()
        desk.button("Add the webhook").click()
        desk.heading(receiver.url("/dashboard"))
        secret = page.locator(".notice code").inner_text()
        assert secret.startswith("whsec_test_")

        desk.button("Send a test").click()
        until(lambda: receiver.of("/dashboard"), bool)
        expect(page.get_by_role("table", name="Deliveries")).to_contain_text("endpoint.test")
        shot("webhook")
        desk.has_no_barriers()

        desk.button("Replace the secret").click()
        desk.confirm("Replace the secret")
        expect(page.locator(".notice code")).not_to_have_text(secret)
        desk.button("Pause").click()
        expect(desk.fact("Status")).to_have_text("paused")
        desk.button("Remove").click()
        desk.confirm("Remove")
        desk.heading("Webhooks")
        expect(page.get_by_role("link", name=receiver.url("/dashboard"))).to_have_count(0)


def test_a_secret_is_gone_once_the_merchant_went_elsewhere(desk: Desk, page: Page) -> None:
    with Receiver() as receiver:
        desk.sign_in("#/webhooks")
        page.get_by_label("Address").fill(receiver.url("/once"))
        desk.button("Add the webhook").click()
        expect(page.get_by_text("Signing secret, shown this once")).to_be_visible()
        page.get_by_role("navigation").get_by_role("link", name="Webhooks").click()
        page.get_by_role("link", name=receiver.url("/once")).click()
        desk.heading(receiver.url("/once"))
        expect(page.get_by_text("Signing secret, shown this once")).to_have_count(0)
        desk.button("Remove").click()
        desk.confirm("Remove")
        desk.heading("Webhooks")


def test_a_failed_delivery_shows_its_attempts_and_is_sent_again(desk: Desk, page: Page, own: Client) -> None:
    with Receiver(answer=lambda request, before: 500 if before == 0 else 200) as receiver:
        desk.sign_in("#/webhooks", str(own.key))
        page.get_by_label("Address").fill(receiver.url("/flaky"))
        desk.button("Add the webhook").click()
        desk.button("Send a test").click()
        (endpoint,) = own.get("/api/merchant/webhooks")["webhooks"]
        recorded = f"/api/merchant/webhooks/{endpoint['id']}/deliveries"
        until(  # tried again by itself
            lambda: own.get(recorded)["deliveries"], lambda seen: seen and len(seen[0]["attempts"]) == 2
        )
        page.get_by_role("navigation").get_by_role("link", name="Webhooks").click()
        page.get_by_role("link", name=receiver.url("/flaky")).click()
        page.get_by_text("Attempts: 2").click()
        expect(page.locator("ol")).to_contain_text("500")

        desk.button("Send again: endpoint.test").click()

        until(lambda: receiver.of("/flaky"), lambda seen: len(seen) >= 3)
        desk.button("Remove").click()
        desk.confirm("Remove")
        desk.heading("Webhooks")


# ---- everywhere ----


def test_the_dashboard_speaks_italian_and_keeps_its_place(desk: Desk, page: Page) -> None:
    desk.sign_in("#/disputes")
    desk.heading("Disputes")

    page.locator("#language").select_option("it")

    desk.heading("Contestazioni")
    expect(page.locator("html")).to_have_attribute("lang", "it")


def test_nothing_on_a_narrow_phone_needs_sideways_scrolling(desk: Desk, page: Page, client: Client) -> None:
    payment = client.paid(voucher(500), amount=12, description="A-rather-long-description-without-any-blank-" * 3)
    page.set_viewport_size({"width": 320, "height": 640})
    desk.sign_in()
    for place in ("payments", f"payments/{payment['transactionId']}", "links", "disputes", "webhooks"):
        page.goto(f"{desk.address}#/{place}")
        expect(page.locator(".boot")).to_have_count(0)
        # The tabs slide within a strip of their own.
        wide = page.evaluate(
            "[...document.querySelectorAll('#app :not(thead, thead *, nav *)')]"
            ".filter((e) => e.getBoundingClientRect().right > 321).map((e) => e.outerHTML.slice(0, 200))"
        )
        assert wide == [], place
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, place


def test_without_an_answer_the_merchant_is_told_to_look_first(
    desk: Desk, page: Page, client: Client, complaints: list[str]
) -> None:
    payment = client.paid(amount=10)
    desk.sign_in(f"#/payments/{payment['transactionId']}")
    desk.button("See what goes where").click()
    expect(desk.button("Refund €10.00")).to_be_focused()
    page.route("**/refund/*", lambda route: route.abort())
    desk.button("Refund €10.00").click()
    desk.told("Look again before you repeat it")
    complaints.clear()
