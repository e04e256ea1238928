"""What the hosted page of a transaction shows, and how a method is chosen on it. Nothing of the payer goes out."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final

from shared.bootstrap import runtime
from shared.domain.method import Payer, is_offered
from shared.domain.payment import Environment, Payment
from shared.edge.brand import brand_of
from shared.families.paygol import fields
from shared.families.paygol.doors import WrongFields
from shared.families.paygol.methods import BIC, FIRST, ID, LAST, METHODS, PHONE, Method, find_method, image
from shared.families.paygol.orders import COUNTRY, EMAIL, METHOD, lacking
from shared.families.paygol.problems import WrongParameters
from shared.families.paygol.reading import is_text
from shared.families.paygol.reasons import Reason, Why
from shared.families.paygol.returning import method_page, return_door
from shared.families.paygol.statuses import FINAL, status_of
from shared.usecases.method.choose_method import ChosenMethod

_KIND_OF_CARD: Final = "card"


def method_of(payment: Payment) -> Method | None:
    return find_method(payment.method) if payment.method else None


def still_missing(payment: Payment) -> list[str]:
    """The fields that its method needs and nobody has filled in."""
    method = method_of(payment)
    return lacking(method, payment.payer or Payer(), payment.email or "") if method else []


def shown(payment: Payment) -> dict[str, object]:
    """``GET .../checkout``."""
    payer, method, status = payment.payer or Payer(), method_of(payment), status_of(payment)
    over = status in FINAL
    return {
        "transactionId": payment.id,
        "status": status.value,
        "amount": payment.amount.major,
        "currency": payment.amount.currency,
        "description": payment.description,
        "merchantName": payment.merchant_name,
        "brand": brand_of(payment),
        "language": payment.language,
        "country": payer.country or None,
        "method": _listed(method, payment) if method else None,
        "methods": [_listed(each, payment) for each in _choices(payment, payer.country)],
        "missing": still_missing(payment),
        "instructions": _instructions(payment),
        "payUrl": _pay_url(payment),
        "expiresAt": f"{payment.expires_at:%Y-%m-%dT%H:%M:%SZ}",
        "expiresIn": max(0, math.ceil((payment.expires_at - runtime.now()).total_seconds())),
        "frameOrigins": list(payment.frame_origins),
        "livemode": payment.environment is Environment.LIVE,
        "returnUrl": payment.family_data.get("return_url"),
        "nextUrl": return_door(payment) if over else None,
    }


def _listed(method: Method, payment: Payment) -> dict[str, str]:
    kind = method.kind.value if method.kind else _KIND_OF_CARD
    return {"code": method.code, "name": method.name, "image": image(method, payment.pages_origin), "kind": kind}


def _choices(payment: Payment, country: str) -> list[Method]:
    """What it can be paid by, in its country; nothing before that is known."""
    if not country:
        return []
    return [each for each in METHODS if each.is_in(country) and _taken(each, payment)]


def _taken(method: Method, payment: Payment) -> bool:
    if method.kind is None:
        return bool(payment.gateway)
    return bool(payment.provider) and is_offered(method.code, payment.provider)


def _pay_url(payment: Payment) -> str | None:
    """Where its provider has the customer pay, or shows the slip, while that can be; None where our page is all."""
    choice = payment.method_choice
    waits = choice is not None and status_of(payment) not in FINAL
    url = choice.redirect_url if choice is not None and waits else None
    return url if url != method_page(payment) else None


def _instructions(payment: Payment) -> dict[str, str] | None:
    choice = payment.method_choice
    if choice is None or not choice.number:
        return None
    return {"reference": choice.number, "expiresAt": f"{payment.expires_at:%Y-%m-%dT%H:%M:%SZ}"}


def chosen(payment: Payment, given: dict[str, str]) -> tuple[Method | None, ChosenMethod]:
    """What the customer chose and filled in, over what is known. Raises WrongFields, which names each field."""
    wrong: dict[str, Reason] = {}

    def judged(name: str, rule: Callable[[], Any], known: Any) -> Any:
        if not given.get(name):
            return known
        if not is_text(given[name]):
            wrong[name] = Reason(Why.CHARACTERS)
            return known
        try:
            return rule()
        except WrongParameters as error:
            wrong[name] = error.reason
            return known

    payer = payment.payer or Payer()
    country = judged(COUNTRY, lambda: fields.country(given[COUNTRY]), payer.country)
    method = _method_chosen(payment, given, country, wrong)
    by_bic = method is not None and BIC in method.needs
    with_prefix = method is not None and method.long_phone
    number = judged(
        ID, lambda: fields.bic(ID, given[ID]) if by_bic else fields.personal_id(given[ID]), payer.personal_id
    )
    number = judged(BIC, lambda: fields.bic(BIC, given[BIC]), number) if by_bic else number
    filled = Payer(
        country=country,
        first_name=judged(FIRST, lambda: fields.person(FIRST, given[FIRST]), payer.first_name),
        last_name=judged(LAST, lambda: fields.person(LAST, given[LAST]), payer.last_name),
        phone=judged(PHONE, lambda: fields.phone(given[PHONE], with_prefix=with_prefix), payer.phone),
        personal_id=number,
    )
    email = judged(EMAIL, lambda: fields.email(given[EMAIL]), payment.email or "")
    if wrong:
        raise WrongFields(wrong)
    choice = method.choice if method else None
    return method, ChosenMethod(method.code if method else "", choice, filled, email or None, payment.family_data)


def _method_chosen(payment: Payment, given: dict[str, str], country: str, wrong: dict[str, Reason]) -> Method | None:
    method = find_method(given.get(METHOD) or payment.method, country)
    if given.get(METHOD) and (method is None or not _taken(method, payment)):
        wrong[METHOD] = Reason(Why.METHOD)
    elif method is not None and country and not method.is_in(country):
        if given.get(METHOD):
            wrong[METHOD] = Reason(Why.NOT_OFFERED, {"country": country})
        return None  # the one that was chosen in another country
    return method
