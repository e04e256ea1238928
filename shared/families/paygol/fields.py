"""The rules of Paygol's parameters, each a pure function of what was given. They raise WrongParameters by name."""

from __future__ import annotations

import re
from decimal import Context, Decimal
from typing import Final
from urllib.parse import urlsplit

from shared.domain.card_number import holds_card_number, masked, may_hold_card_number
from shared.domain.errors import InvalidAmount
from shared.domain.money import MAX_MINOR, Money, exponent_of
from shared.families.paygol.problems import WrongParameters, invalid
from shared.families.paygol.reading import is_text
from shared.families.paygol.reasons import Why
from shared.families.paygol.signing import Number

LANGUAGES: Final = ("en", "es", "it", "de", "fr", "pt")
MOST_NAME, MOST_TEXT, MOST_EMAIL, MOST_URL = 100, 255, 254, 2048
_PRICE: Final = re.compile(r"[0-9]{1,30}(\.[0-9]{1,30})?", re.ASCII)
_EXACT_DIGITS: Final = 15  # of a double: what PHP prints beyond them is noise
_EMAIL: Final = re.compile(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+")
_BIC: Final = re.compile(r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?", re.ASCII)
_PHONE: Final = re.compile(r"[0-9]{6,15}", re.ASCII)
_WITH_PREFIX: Final = re.compile(r"55[0-9]{10,11}", re.ASCII)


def price(given: str, currency: str) -> Money:
    """A number with a point, without exponent, sign or thousands mark; decimals beyond the currency's are zeros."""
    if _PRICE.fullmatch(given) is None:
        raise _wrong_price(Why.NO_NUMBER)
    whole, _, part = _exact(given).partition(".")
    part, places = part.rstrip("0"), exponent_of(currency)
    if len(part) > places:
        raise _wrong_price(Why.DECIMALS, currency=currency)
    minor = int(whole + part.ljust(places, "0"))
    if not 0 < minor <= MAX_MINOR:
        raise _wrong_price(Why.TOO_LARGE if minor else Why.ZERO)
    return Money(minor, currency)


def _exact(given: str) -> str:
    """The digits that were meant, where a double was written with more of them than it holds."""
    value = Decimal(given)
    if isinstance(given, Number) and len(value.as_tuple().digits) > _EXACT_DIGITS:
        value = Context(prec=_EXACT_DIGITS).plus(value)
    return f"{value:f}"


def _wrong_price(why: Why, **values: str) -> WrongParameters:
    return WrongParameters("invalid_amount", ["pg_price"], why, **values)


def currency(given: str) -> str:
    code = given.strip().upper()
    try:
        exponent_of(code)
    except InvalidAmount:
        raise WrongParameters("invalid_currency", ["pg_currency"], Why.CURRENCY) from None
    return code


def country(given: str) -> str:
    from iso3166 import countries_by_alpha2  # only requests that name a country need the table

    code = given.strip().upper()
    if code not in countries_by_alpha2:
        raise invalid("pg_country", Why.COUNTRY)
    return code


def language(given: str) -> str:
    """One of ours; English is an answer too, so that a page does not fall to the browser's own."""
    wanted = re.split(r"[-_]", given.strip().lower())[0]
    return wanted if wanted in LANGUAGES else LANGUAGES[0]


def shop_url(name: str, given: str) -> str:
    """An absolute http or https address without a user name; ``//host/x`` is read as https."""
    text = f"https:{given.strip()}" if given.strip().startswith("//") else given.strip()
    try:
        parts = urlsplit(text)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
        _ = parts.port
    except ValueError:
        good = False
    if not good or len(text) > MOST_URL or not _one_line(text) or holds_card_number(text):
        raise invalid(name, Why.ADDRESS)
    return text


def _one_line(text: str) -> bool:
    return is_text(text) and not any(sign.isspace() for sign in text)


def phone(given: str, *, with_prefix: bool) -> str:
    digits = re.sub(r"[ +()-]", "", given)
    if (_WITH_PREFIX if with_prefix else _PHONE).fullmatch(digits) is None:
        raise invalid("pg_phone", Why.PHONE_WITH_PREFIX if with_prefix else Why.PHONE)
    if holds_card_number(digits):
        raise invalid("pg_phone", Why.CARD_NUMBER)
    return digits


def bic(name: str, given: str) -> str:
    code = given.strip().upper()
    if _BIC.fullmatch(code) is None:
        raise invalid(name, Why.BIC)
    return code


def email(given: str) -> str:
    text = given.strip()
    if len(text) > MOST_EMAIL or _EMAIL.fullmatch(text) is None or holds_card_number(text):
        raise invalid("pg_email", Why.EMAIL)
    return text


def custom(given: str) -> str:
    """Given back exactly, so that nothing of it is trimmed; a card number is not kept in it."""
    if len(given) > MOST_TEXT:
        raise invalid("pg_custom", Why.TOO_LONG, most=str(MOST_TEXT))
    if holds_card_number(given):
        raise invalid("pg_custom", Why.CARD_NUMBER)
    return given


def person(name: str, given: str) -> str:
    return masked(_short(name, given, MOST_NAME))


def personal_id(given: str) -> str:
    text = given.strip()
    if not 3 <= len(text) <= 30 or may_hold_card_number(text):
        raise invalid("pg_personalid", Why.PERSONAL_ID)
    return text


def sub_merchant(name: str, given: str) -> str:
    most = MOST_TEXT if name.endswith("_url") else MOST_NAME
    return masked(_short(name, given, most))


def title(given: str) -> str:
    """Shops put the names of all products there: it is cut, not refused."""
    return masked(given.strip())[:MOST_TEXT]


def address_or_nothing(given: str) -> str:
    from ipaddress import ip_address  # few requests name one

    try:
        return str(ip_address(given.strip()))
    except ValueError:
        return ""


def _short(name: str, given: str, most: int) -> str:
    text = given.strip()
    if len(text) > most:
        raise invalid(name, Why.TOO_LONG, most=str(most))
    return text
