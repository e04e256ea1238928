"""POST and GET /pay: a transaction by a form or a link, and the older API of the same fields."""

from __future__ import annotations

from shared.bootstrap import core, runtime
from shared.domain.errors import GatewayError, GatewayNotConfigured, InvalidRequest, Unauthenticated
from shared.domain.payment import Payment
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.paygol import legacy
from shared.families.paygol.auth import service_of
from shared.families.paygol.doors import browser_door, goes_to, html_page
from shared.families.paygol.fields import language
from shared.families.paygol.form_orders import (
    API,
    as_anybody,
    check_hosts,
    form_order,
    good_cancel_url,
    mode_of,
    wrong_with,
)
from shared.families.paygol.forms import check_text, form_of
from shared.families.paygol.orders import new_payment
from shared.families.paygol.problems import WrongForm, WrongParameters
from shared.families.paygol.reasons import Reason, Why
from shared.families.paygol.returning import method_page
from shared.families.paygol.views import created
from shared.families.paygol.words import words_of
from shared.usecases.payment.start_payment import start_payment


@browser_door(
    "POST",
    "/pay",
    aliases=("/micropayment/paynow",),
    other_methods=("GET",),
    summary="Begin a transaction by a form or a link; pg_mode=api answers as the older API",
    success=(200, 303),
    problems=(400, 429),
)
def handler(call: Call) -> Reply:
    """Unsigned, as such forms are: the shop checks the amount when it is notified."""
    given = form_of(call.request)
    by_api = given.get("pg_mode", "").strip().lower() == API
    try:
        payment = _begun(given, call)
    except GatewayError as error:
        if by_api:
            return legacy.refused(error, legacy.format_asked(given.get("pg_format")))
        of_a_field = isinstance(error, InvalidRequest | Unauthenticated | GatewayNotConfigured)
        if of_a_field and not isinstance(error, WrongForm):
            return _refused(error, given)
        raise
    if by_api:
        return legacy.told(created(payment), legacy.format_asked(given.get("pg_format")), legacy.CREATED)
    return goes_to(method_page(payment), 303)


def _begun(given: dict[str, str], call: Call) -> Payment:
    check_text(given)
    found = service_of(given, core.merchants())
    caller = as_anybody(found)
    asked = form_order(given, mode_of(given))
    check_hosts(asked, caller)
    order = new_payment(
        asked, caller.account, found.service.id, origin="form", pages_origin=call.request.pages_origin
    )
    if allowance := caller.payments:
        core.allowances().take(allowance, runtime.now())
    call.about = payment = start_payment(order, caller, world=core.world(), seed=call.once.seed).payment
    return payment


def _refused(error: GatewayError, given: dict[str, str]) -> Reply:
    """A shop's owner must see what is wrong: no redirect, every field by its name, in the asked language."""
    asked, url = language(given.get("pg_language", "")), good_cancel_url(given)
    words, lines = words_of(asked), [reason.said_of(name, asked) for name, reason in _wrong(error, given)]
    link = (url, words["back"]) if url else None
    return html_page(words["wrong"], lines, 400, language=asked, link=link)


def _wrong(error: GatewayError, given: dict[str, str]) -> list[tuple[str, Reason]]:
    if "pg_serviceid" not in given:
        return [("pg_serviceid", Reason(Why.MISSING))]
    if not isinstance(error, WrongParameters):
        by_service = isinstance(error, Unauthenticated)
        return [("pg_serviceid", Reason(Why.SERVICE)) if by_service else ("pg_method", Reason(Why.NOT_TAKEN))]
    known = [(name, error.reason) for name in error.parameters]
    return known if error.reason.why in (Why.MODE, Why.HOST) else wrong_with(given, mode_of(given))
