"""What a request asks for, judged whole: who pays what, by which method, and where the browser goes after it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Final

from shared.domain.account import Account
from shared.domain.errors import GatewayNotConfigured
from shared.domain.method import Payer
from shared.domain.money import Money
from shared.domain.payment import Mode
from shared.domain.record import dataclass
from shared.families.paygol import fields
from shared.families.paygol.auth import FAMILY
from shared.families.paygol.ids import transaction_id
from shared.families.paygol.methods import BIC, FIRST, ID, LAST, PHONE, Method, find_method, is_configured
from shared.families.paygol.problems import WrongParameters, missing
from shared.families.paygol.reasons import Why
from shared.usecases.payment.start_payment import NewPayment

Given = Mapping[str, str]
EMAIL: Final = "pg_email"
COUNTRY: Final = "pg_country"
METHOD: Final = "pg_method"
AMOUNT: Final = ("pg_price", "pg_currency")
_URLS: Final = {"return_url": "pg_return_url", "cancel_url": "pg_cancel_url"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """``email`` is empty where it was not given. ``kept`` is what this family alone reads again."""

    amount: Money
    method: Method | None
    payer: Payer
    email: str
    language: str
    name: str
    custom: str
    kept: dict[str, str] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        return self.method is not None and not lacking(self.method, self.payer, self.email)


def lacking(method: Method, payer: Payer, email: str) -> list[str]:
    """The parameters that a method still needs of its payer."""
    known = {
        FIRST: payer.first_name,
        LAST: payer.last_name,
        ID: payer.personal_id,
        BIC: payer.personal_id,
        PHONE: payer.phone,
        EMAIL: email,
        COUNTRY: payer.country,
    }
    return [name for name in (COUNTRY, EMAIL, *method.needs) if not known[name]]


def wanted(given: Given, *, mandatory: tuple[str, ...], whole: bool) -> Wanted:
    """The request judged. ``whole``: also what its method needs of the payer has to be there.

    Raises WrongParameters: first for all that is missing, then for what is wrong.
    """
    absent = [name for name in mandatory if not given.get(name)]
    country = fields.country(given[COUNTRY]) if given.get(COUNTRY) else ""
    method = _method(given, country) if given.get(METHOD) else None
    if whole and method is not None:
        needs = (ID if name == BIC else name for name in (EMAIL, *method.needs))  # it is documented under that name
        absent += [name for name in needs if name not in absent and not _is_there(name, given, method)]
    if absent:
        raise missing(absent)
    if method is not None and country and not method.is_in(country):
        raise WrongParameters("method_not_available", [METHOD], Why.NOT_OFFERED, country=country)
    currency = fields.currency(given["pg_currency"])
    return Wanted(
        amount=fields.price(given["pg_price"], currency),
        method=method,
        payer=payer_of(given, method, country),
        email=fields.email(given[EMAIL]) if given.get(EMAIL) else "",
        language=fields.language(given.get("pg_language", "")),
        name=fields.title(given.get("pg_name", "")),
        custom=fields.custom(given.get("pg_custom", "")),
        kept=_kept(given),
    )


def _method(given: Given, country: str) -> Method:
    found = find_method(given[METHOD], country)
    if found is None:
        raise WrongParameters("unknown_method", [METHOD], Why.METHOD)
    return found


def _is_there(name: str, given: Given, method: Method) -> bool:
    return bool(given.get(name) or (name == ID and BIC in method.needs and given.get(BIC)))


def payer_of(given: Given, method: Method | None, country: str) -> Payer:
    """Who pays, as far as it was said; judged by the method's own rules where it is known."""
    phone = given.get(PHONE, "")
    return Payer(
        country=country,
        first_name=fields.person(FIRST, given.get(FIRST, "")),
        last_name=fields.person(LAST, given.get(LAST, "")),
        phone=fields.phone(phone, with_prefix=method is not None and method.long_phone) if phone else "",
        personal_id=_personal_id(given, method),
    )


def _personal_id(given: Given, method: Method | None) -> str:
    if method is not None and BIC in method.needs:
        name = BIC if given.get(BIC) else ID
        return fields.bic(name, given[name]) if given.get(name) else ""
    return fields.personal_id(given[ID]) if given.get(ID) else ""


def _kept(given: Given) -> dict[str, str]:
    kept = {word: fields.shop_url(name, given[name]) for word, name in _URLS.items() if given.get(name)}
    for name in ("pg_sub_merchant_id", "pg_sub_merchant_url"):
        if given.get(name):
            kept[name.removeprefix("pg_")] = fields.sub_merchant(name, given[name])
    if address := fields.address_or_nothing(given.get("pg_ip", "")):
        kept["ip"] = address
    return kept


def new_payment(asked: Wanted, account: Account, service_id: str, *, origin: str, pages_origin: str) -> NewPayment:
    """The payment to begin. ``origin`` is ``api`` or ``form``. Raises GatewayNotConfigured."""
    method = asked.method
    if method is not None and not is_configured(method, account):
        raise GatewayNotConfigured(f"nobody takes {method.code} in this environment")
    by_card = method is not None and method.kind is None and asked.is_whole
    back = f"{pages_origin}/paymentgw/api/pay-direct/{{transactionId}}"
    return NewPayment(
        amount=asked.amount,
        pages_origin=pages_origin,
        mode=Mode.SALE_DIRECT if by_card else Mode.ALTERNATIVE,
        description=asked.name,
        email=asked.email or None,
        language=asked.language,
        callback_url=f"{back}/return",
        error_url=f"{back}/return",
        family=FAMILY,
        reference=asked.custom,
        method=method.code if method else "",
        method_choice=method.choice if method else None,
        payer=asked.payer,
        family_data={**asked.kept, "service_id": service_id, "origin": origin},
        new_id=transaction_id,
        pay_url=back,
    )
