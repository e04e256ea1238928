"""What a security review of the pages would look for."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import Page, Request, Route, expect

from pages.build import DIST, build
from shared.adapters import aws
from shared.adapters.evidence import S3Evidence
from shared.domain.served import integrity
from tests.browser.checkout import Checkout
from tests.browser.desk import Desk
from tests.client import VISA, Client, voucher
from tools.local.front import page_headers
from tools.testing.resources import clear_caches

SCREENS_USED = ("desktop",)  # the same at every size
CHECKOUT_PAGES = (
    "/pay/card/",
    "/pay/checkout/",
    "/pay/choice/",
    "/pay/result/",
    "/pay/link/",
    "/pay/authenticate/",
    "/pay/method/",
)
KILOBYTE = 1000


@pytest.fixture(scope="module")
def origin(gateway_url: str) -> str:
    return gateway_url.removesuffix("/paymentgw")


def policy(address: str) -> dict[str, str]:
    header = requests.get(address, timeout=60).headers["Content-Security-Policy"]
    return {name: value for name, _, value in (part.strip().partition(" ") for part in header.split(";"))}


@pytest.mark.parametrize("path", CHECKOUT_PAGES)
def test_checkout_pages_run_our_own_script_alone(origin: str, path: str) -> None:
    csp = policy(origin + path)
    assert csp["default-src"] == "'none'"
    assert csp["script-src"] == csp["style-src"] == csp["connect-src"] == "'self'"
    assert csp["base-uri"] == "'none'"
    assert csp["require-trusted-types-for"] == "'script'"
    assert "https:" in csp["frame-ancestors"].split()
    assert "unsafe" not in str(csp)


def test_the_dashboard_runs_its_own_script_alone_and_sends_files_to_their_bucket_only(origin: str) -> None:
    csp = policy(origin + "/dashboard/")
    assert csp["default-src"] == "'none'"
    assert csp["script-src"] == csp["style-src"] == "'self'"
    assert csp["connect-src"].split()[0] == "'self'"
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+", csp["connect-src"].split()[1])
    assert len(csp["connect-src"].split()) == 2
    assert csp["require-trusted-types-for"] == "'script'"
    assert "unsafe" not in str(csp)


@pytest.mark.parametrize("region", ["eu-south-1", "us-east-1"])
def test_a_file_reaches_the_host_that_is_signed_in_aws_under_the_policy_that_is_sent_there(
    page: Page, client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, region: str
) -> None:
    """The names are those of AWS; what arrives at them is put into the local cloud's bucket."""
    desk, host = Desk(page, client), f"https://evidence.s3.{region}.amazonaws.com"
    clear_caches()
    monkeypatch.setenv("AWS_DEFAULT_REGION", region)
    signed, _ = S3Evidence(lambda: aws.client("s3"), "evidence").form("key", "text/plain", 1, 60)
    clear_caches()
    forms: list[dict[str, Any]] = []

    def announced(route: Route) -> None:
        reply = route.fetch()
        place = reply.json()
        forms.append(place["upload"])
        route.fulfill(response=reply, json={**place, "upload": {**place["upload"], "url": signed}})

    def uploaded(route: Route) -> None:
        files = {"file": proof.read_bytes()}  # the browser hands over no bytes of files
        reply = requests.post(forms[-1]["url"], data=forms[-1]["fields"], files=files, timeout=60)
        route.fulfill(status=reply.status_code, headers={"Access-Control-Allow-Origin": "*"})

    deployed = {**page_headers(host)("/dashboard/"), "Content-Type": "text/html; charset=utf-8"}
    page.route("**/dashboard/", lambda route: route.fulfill(response=route.fetch(), headers=deployed))
    page.route("**/evidence", announced)
    page.route("https://*.amazonaws.com/**", uploaded)
    dispute = desk.a_dispute()
    proof = tmp_path / "delivery.txt"
    proof.write_text("Delivered on Monday")
    desk.sign_in(f"#/disputes/{dispute['disputeId']}")
    page.get_by_label("Your answer").fill("It was delivered on Monday.")
    page.get_by_label("Files").set_input_files(proof)
    desk.button("Send the answer").click()

    expect(page.locator("blockquote")).to_contain_text("delivery.txt")
    seen = client.get(f"/api/merchant/disputes/{dispute['disputeId']}")
    assert [len(answer["evidence"]) for answer in seen["responses"]] == [1]
    assert signed.startswith(host)


@pytest.mark.parametrize("path", ["/dashboard/", "/404.html", "/index.html", "/no/such/page", "/assets/"])
def test_no_other_page_can_be_framed(origin: str, path: str) -> None:
    assert policy(origin + path)["frame-ancestors"] == "'none'"


def test_every_script_is_in_the_inventory_with_the_bytes_that_are_served(origin: str) -> None:
    files = build()
    inventory = json.loads(files["scripts-inventory.json"])
    assert {row["path"].lstrip("/") for row in inventory} == {name for name in files if name.endswith(".js")}
    for row in inventory:
        assert row["reason"]
        assert integrity(requests.get(origin + row["path"], timeout=60).content) == row["integrity"]


def test_pages_load_scripts_and_styles_by_hash_and_nothing_inline() -> None:
    for name, content in build().items():
        if not name.endswith(".html"):
            continue
        html = content.decode()
        assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\son\w+=|\sstyle=", html), name
        for tag in re.findall(r"<script[^>]*>|<link rel=\"stylesheet\"[^>]*>", html):
            path, expected = re.findall(r'(?:src|href)="/([^"]+)"|integrity="([^"]+)"', tag)
            assert integrity((DIST / path[0]).read_bytes()) == expected[1]


def weighed(page: Page) -> dict[str, int]:
    """What is loaded from now on, compressed, by address."""
    import gzip

    loaded: dict[str, int] = {}

    def weigh(request: Request) -> None:
        reply = request.response()
        if reply is not None:
            loaded[request.url] = len(gzip.compress(reply.body()))

    page.on("requestfinished", weigh)
    return loaded


def test_the_first_page_is_small(page: Page, checkout: Checkout) -> None:
    import gzip

    loaded = weighed(page)
    checkout.open()
    page.wait_for_load_state("networkidle")
    assert 0 < scripts_of(loaded) <= 15 * KILOBYTE, loaded
    assert sum(loaded.values()) <= 30 * KILOBYTE, loaded
    assert len(gzip.compress(build()["js/payglobe.js"])) <= 4 * KILOBYTE


def test_the_dashboard_is_small_with_all_its_tabs(page: Page, client: Client) -> None:
    loaded = weighed(page)
    Desk(page, client).sign_in("#/overview")
    expect(page.get_by_role("heading", level=1)).to_have_text("Overview")
    page.wait_for_load_state("networkidle")
    assert 0 < sum(loaded.values()) <= 80 * KILOBYTE, loaded


def test_a_page_of_the_documentation_is_small_and_its_index_comes_with_the_first_search(
    page: Page, gateway_url: str
) -> None:
    loaded = weighed(page)
    page.goto(gateway_url.removesuffix("/paymentgw") + "/docs/")
    page.wait_for_load_state("networkidle")
    assert 0 < sum(loaded.values()) <= 30 * KILOBYTE, loaded


def test_the_page_of_methods_is_small_with_its_images(page: Page, gateway_url: str) -> None:
    loaded = weighed(page)
    page.goto(f"{gateway_url}/pay?pg_serviceid=123&pg_price=11.00&pg_currency=EUR&pg_country=DE")
    expect(page.locator("[data-method=giropay] svg")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert 0 < scripts_of(loaded) <= 15 * KILOBYTE, loaded
    assert sum(loaded.values()) <= 30 * KILOBYTE, loaded


def scripts_of(loaded: dict[str, int]) -> int:
    return sum(size for url, size in loaded.items() if url.endswith(".js"))


def test_card_data_is_in_one_request_body_and_nowhere_else(page: Page, checkout: Checkout) -> None:
    requests_seen = recorded(page)
    checkout.reach_choice()
    checkout.add_vouchers(voucher(5000))
    checkout.use_vouchers()
    checkout.heading("Thank you, your payment is complete")
    carriers = [r for r in requests_seen if VISA in (r.post_data or "") or VISA in r.url]
    assert [(r.method, VISA in r.url) for r in carriers] == [("POST", False)]
    session = stored(page).pop("session")
    assert stored(page) == {"local": 0, "session": session, "cookie": "", "name": "", "state": None}
    # What the tab is known by at the card page, and nothing else.
    assert [key.rpartition(".")[0] for key in session] == ["payglobe.visit"]
    assert all(re.fullmatch(r"visit_[0-9a-f]{64}", value) for value in session.values())


def test_the_client_secret_never_reaches_a_server_log(page: Page, checkout: Checkout) -> None:
    requests_seen = recorded(page)
    checkout.reach_choice()
    secret = page.evaluate("location.hash.slice(1)")
    assert "_secret_" in secret
    checkout.card_only()
    checkout.heading("Thank you, your payment is complete")
    page.reload()
    checkout.heading("Thank you, your payment is complete")
    for request in requests_seen:
        assert secret not in request.url.partition("#")[0]
        assert secret not in request.headers.get("referer", "")


def test_only_our_own_origin_is_asked_for_anything(page: Page, checkout: Checkout, origin: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    checkout.reach_choice()
    assert all(url.startswith(origin) for url in asked)


def test_markup_in_a_description_stays_text(page: Page, checkout: Checkout) -> None:
    bomb = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    payment = checkout.client.init(5, description=bomb)
    page.goto(payment["redirectUrl"])
    checkout.heading("Pay by card")
    assert page.locator(".description").inner_text() == bomb


def recorded(page: Page) -> list[Request]:
    """Every request from now on."""
    seen: list[Request] = []

    def keep(request: Request) -> None:
        seen.append(request)

    page.on("request", keep)
    return seen


def stored(page: Page) -> dict[str, Any]:
    return dict(
        page.evaluate(
            "() => ({ local: localStorage.length, session: { ...sessionStorage }, cookie: document.cookie, "
            "name: window.name, state: history.state })"
        )
    )
