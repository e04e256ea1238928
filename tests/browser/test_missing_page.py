"""A wrong address, and the bare one: the same layout and the same six languages as where one pays."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from pages.build import build
from tests.browser.conftest import SCREENS
from tools.contract.routes import template

Shot = Callable[[str], None]
TITLES = {
    "de": "Unter dieser Adresse gibt es keine Seite",
    "en": "There is no page at this address",
    "es": "No hay ninguna página en esta dirección",
    "fr": "Il n'y a pas de page à cette adresse",
    "it": "A questo indirizzo non c'è nessuna pagina",
    "pt": "Não há nenhuma página neste endereço",
}


@pytest.fixture
def origin(gateway_url: str) -> str:
    return gateway_url.removesuffix("/paymentgw")


@pytest.mark.parametrize("language", TITLES)
def test_a_wrong_address_is_answered_in_the_browsers_language(
    browser: Browser, origin: str, language: str, screen: str
) -> None:
    context = browser.new_context(locale=language, viewport=SCREENS[screen])
    page = context.new_page()
    reply = page.goto(f"{origin}/pay/crad/")
    assert reply is not None
    assert reply.status == 404
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLES[language])
    expect(page.locator("html")).to_have_attribute("lang", language)
    context.close()


@pytest.mark.parametrize("path", ["/no/such/page", "/index.html"])
def test_it_is_laid_out_like_the_other_pages(
    page: Page, origin: str, path: str, shot: Shot, complaints: list[str]
) -> None:
    page.goto(f"{origin}/pay/choice/")  # a page that says something else went wrong
    frame = "() => ['.shell', 'main.card', '.outcome', '.sign', '.small-print'].map((at) => { const box = "
    frame += "document.querySelector(at).getBoundingClientRect(); return [at, box.left, box.width]; })"
    expect(page.locator(".outcome h1")).to_be_visible()  # what stands there before has a heading, too
    usual = page.evaluate(frame)
    page.goto(origin + path)
    expect(page.locator(".outcome h1")).to_be_visible()
    shot(path.rpartition("/")[2].partition(".")[0])
    assert page.evaluate(frame) == usual
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    page.get_by_label("Language").select_option("it")
    expect(page.get_by_text("Non è stato addebitato nulla.")).to_be_visible()
    complaints.clear()  # the browser notes the 404 itself


def test_without_its_script_it_says_so_in_every_language(page: Page, origin: str, complaints: list[str]) -> None:
    page.route("**/assets/checkout.*.js", lambda route: route.abort())
    page.goto(f"{origin}/no/such/page")
    for text in ("Nothing was charged.", "Es wurde nichts belastet.", "Rien n'a été débité."):
        expect(page.get_by_text(text)).to_be_visible()
    complaints.clear()


def of_the_distribution(page: Page, event: dict[str, Any], function: str = "PagesIndex") -> dict[str, Any]:
    """What a function of the template makes of an event of CloudFront."""
    code = template()["Resources"][function]["Properties"]["FunctionCode"]
    run = "([code, event]) => new Function(code + '; return handler;')()(event)"
    return dict(page.evaluate(run, [code, event]))


def test_where_it_is_deployed_it_is_shown_with_its_status_and_all_else_with_their_own(page: Page) -> None:
    missing = {"statusCode": 200, "headers": {"x-amz-meta-status": {"value": "404"}}}
    found = {"statusCode": 200, "headers": {"etag": {"value": "1"}}}

    assert of_the_distribution(page, {"request": {"uri": "/"}, "response": missing}) == {
        "statusCode": 404,
        "headers": {},
    }
    assert of_the_distribution(page, {"request": {"uri": "/"}, "response": found}) == found


def test_where_it_is_deployed_the_api_is_told_whose_request_it_is_whatever_the_visitor_says(page: Page) -> None:
    request = {"uri": "/paymentgw/api/payment/init", "headers": {"x-visitor": {"value": "198.51.100.1"}}}

    told = of_the_distribution(page, {"request": request, "viewer": {"ip": "203.0.113.7"}})

    assert (told["uri"], told["headers"]) == (request["uri"], {"x-visitor": {"value": "203.0.113.7"}})


def test_where_it_is_deployed_every_file_is_found_and_every_other_address_shows_it(page: Page) -> None:
    def served(uri: str) -> str:
        return str(of_the_distribution(page, {"request": {"uri": uri}})["uri"])

    files = build()
    assert {served(f"/{path}") for path in files} == {f"/{path}" for path in files}
    folders = [path.removesuffix("index.html") for path in files if path.endswith("index.html")]
    for folder in folders:
        assert served(f"/{folder}") == f"/{folder}index.html"
        assert served(f"/{folder}".rstrip("/") or "/") == f"/{folder}index.html"
    for wrong in ("/pay/", "/pay/crad/", "/pay/card/x", "/admin", "/a.html", "/assets/", "/dashboard/x/", "//"):
        assert served(wrong) == "/404.html", wrong


@pytest.mark.parametrize(
    "path", ["/assets/gone.0123.js", "/js/v1/gone.js", "/docs/guides/gone.html", "/pay-now/gone"]
)
def test_a_file_that_is_not_there_shows_it_here_and_where_it_is_deployed(
    page: Page, origin: str, path: str, complaints: list[str]
) -> None:
    reply = page.goto(origin + path)
    assert reply is not None
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLES["en"])
    complaints.clear()
    asked = of_the_distribution(page, {"request": {"uri": path}})
    instead = of_the_distribution(page, {"request": dict(asked)}, "AlwaysMissing")
    stored = {"statusCode": 200, "headers": {"x-amz-meta-status": {"value": "404"}}}

    # The bucket is asked for the file itself, and of its refusal the missing page makes the same as the front here.
    assert (asked["uri"], instead["uri"]) == (path, "/404.html")
    told = of_the_distribution(page, {"request": instead, "response": stored}, "AlwaysMissing")
    assert (told["statusCode"], told["headers"]) == (reply.status, {}) == (404, {})


def test_an_address_of_the_api_without_its_stage_says_so_where_it_is_deployed(page: Page) -> None:
    reply = of_the_distribution(page, {"request": {"uri": "/api/payment/init"}})

    assert reply["statusCode"] == 404
    assert "/paymentgw/api/payment/init" in json.loads(reply["body"]["data"])["message"]
