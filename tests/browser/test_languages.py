"""Six languages: complete, chosen by the browser, switched without losing what was typed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from pages.build import SOURCES, texts_of
from tests.browser.checkout import Checkout
from tests.client import Client

CATALOGS = {path.stem: json.loads(path.read_text()) for path in (SOURCES / "lang" / "checkout").glob("*.json")}
DASHBOARD = {path.stem: json.loads(path.read_text()) for path in (SOURCES / "lang" / "dashboard").glob("*.json")}
BUILD = SOURCES.parent / "build.py"  # what a page says before its script runs
CONSENTS = SOURCES.parents[1] / "docs" / "consent"
TITLES = {
    "it": "Paga con carta",
    "en": "Pay by card",
    "de": "Mit Karte zahlen",
    "fr": "Payer par carte",
    "es": "Pagar con tarjeta",
    "pt": "Pagar com cartão",
}


def marks(text: str) -> set[str]:
    return set(re.findall(r"\{\w+\}", text))


@pytest.mark.parametrize(
    ("catalogs", "languages"),
    [(CATALOGS, set(TITLES)), (DASHBOARD, {"en", "it"}), (texts_of("operator"), {"en", "it"})],
)
def test_every_language_says_everything(catalogs: dict[str, dict[str, str]], languages: set[str]) -> None:
    assert set(catalogs) == languages
    for language, texts in catalogs.items():
        assert set(texts) == set(catalogs["en"]), language
        assert all(texts.values()), language
        for key, text in texts.items():
            assert marks(text) == marks(catalogs["en"][key]), (language, key)


def test_every_text_is_used_and_every_used_text_exists() -> None:
    source = "".join(path.read_text() for path in [*(SOURCES / "js").glob("*.js"), BUILD])
    named = set(re.findall(r'\bt\(\s*"(\w+)"', source)) | set(re.findall(r'"((?:error|test)_\w+)"', source))
    assert named <= set(CATALOGS["en"])
    of_vouchers = (
        r"^only_|^voucher_(\w+_\w+_\w+|invalid|expired|used|(limit|amount)_reached|amount_too_high)$|voucher_1"
    )
    built = rf"declined_|{of_vouchers}|voucher_provider|problem_|link_|refunded_text_|_title$|_text$"
    unused = {key for key in CATALOGS["en"] if f'"{key}"' not in source and not re.search(built, key)}
    assert unused == set()


def test_the_page_of_methods_says_everything_in_every_language_and_all_it_says_is_used() -> None:
    said = texts_of("method")
    own = {path.stem: json.loads(path.read_text()) for path in (SOURCES / "lang" / "method").glob("*.json")}
    source = "".join(path.read_text() for path in (SOURCES / "method").glob("*.js"))
    begins = tuple(f"{name}_" for name in ("label", "slip_text", "slip", "provider", "end", "wrong", "refused"))

    assert set(said) == set(own) == set(CATALOGS)
    for texts in said.values():
        assert set(texts) == set(said["en"])
        assert all(texts.values())
        assert all(marks(text) == marks(said["en"][key]) for key, text in texts.items())
    assert set(re.findall(r'\bt\(\s*"(\w+)"', source)) <= set(said["en"])
    assert {key for key in own["en"] if f'"{key}"' not in source and not key.startswith(begins)} == set()


def test_every_text_of_the_dashboard_is_used_and_every_used_text_exists() -> None:
    source = "".join(path.read_text() for path in [*(SOURCES / "dashboard").glob("*.js"), BUILD])
    named = set(re.findall(r'\bt\(\s*"(\w+)"', source))
    assert named <= set(DASHBOARD["en"])
    built = "tab by format link capture void state key overlap span mode place places ipn_version kind role delivery"
    begins = tuple(f"{name}_" for name in f"{built} tender needs why told change code wants".split())
    assert {key for key in DASHBOARD["en"] if f'"{key}"' not in source and not key.startswith(begins)} == set()


def test_the_words_of_a_consent_are_kept_under_their_version() -> None:
    """Whoever changes the words gives them a new version and adds a file; what somebody agreed to stays on record."""
    for language, texts in CATALOGS.items():
        kept = json.loads((CONSENTS / f"{texts['consent_version']}.json").read_text())
        assert texts["consent_text"] == kept[language]
        assert "{merchant}" in kept[language]
    assert len({texts["consent_version"] for texts in CATALOGS.values()}) == 1


@pytest.mark.parametrize("language", TITLES)
def test_the_page_speaks_the_browsers_language(browser: Browser, client: Client, language: str, screen: str) -> None:
    payment = client.init(1234.5)
    context = browser.new_context(locale=f"{language}-{language.upper()}" if language != "en" else "en-GB")
    page = context.new_page()
    page.goto(payment["redirectUrl"])
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLES[language])
    expect(page.locator("html")).to_have_attribute("lang", language)
    shown = page.locator(".amount").inner_text()
    assert shown == page.evaluate(
        "() => new Intl.NumberFormat(navigator.language, { style: 'currency', currency: 'EUR' }).format(1234.5)"
    )
    context.close()


def test_the_shop_can_say_the_language_and_others_fall_back_to_the_browsers(
    checkout: Checkout, page: Page, client: Client
) -> None:
    page.goto(client.init(10, language="fr")["redirectUrl"])
    checkout.heading(TITLES["fr"])
    page.goto(client.init(10, language="xx")["redirectUrl"])
    checkout.heading(TITLES["en"])


def test_switching_keeps_what_was_typed_and_stays_for_the_next_step(
    checkout: Checkout, page: Page, shot: Callable[[str], None]
) -> None:
    checkout.open()
    checkout.enter_card()
    page.get_by_label("Language").select_option("it")
    checkout.heading(TITLES["it"])
    expect(checkout.field("Numero della carta")).to_have_value("4242 4242 4242 4242")
    shot("italian")
    checkout.button("Paga 150,00").click()
    checkout.heading("Come vuoi pagare?")
    page.reload()
    checkout.heading("Come vuoi pagare?")
