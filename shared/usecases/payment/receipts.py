"""What a customer reads after a payment: a receipt, a refund, a release; in their language, as text and as HTML."""

from __future__ import annotations

from datetime import datetime
from html import escape
from typing import Final

from shared.domain.event import Event
from shared.domain.merchant import Merchant
from shared.domain.money import Money
from shared.domain.operation import Kind
from shared.domain.payment import Environment, Mode, Payment
from shared.ports.messages import Message
from shared.usecases.wording import amount_in, catalogs, html_message, language_of, letterhead, moment_in

CATALOG: Final = "receipts"
Amounts = list[tuple[str, Money]]  # what each is called in the catalog; those of nothing are left out


def receipt(payment: Payment, merchant: Merchant, at: datetime) -> Message:
    """What was paid by what, and what of a hold was let go."""
    released = payment.authorised - payment.taken if payment.authorised else payment.amount.zero()
    amounts = [
        ("total", payment.paid),
        ("card", payment.amount.zero() if payment.mode is Mode.ALTERNATIVE else payment.captured),
        ("voucher", payment.spent),
        ("released", released),
        ("refunded", payment.difference),
    ]
    return _message("receipt", payment, merchant, amounts, at, note=bool(released))


def refund_notice(payment: Payment, merchant: Merchant, event: Event) -> Message:
    """What ``event`` says was given back, and what has been so far."""
    refund = event.facts.refund
    assert refund is not None
    amounts = [("refunded", refund.amount)]
    if refund.total != refund.amount:
        amounts.append(("refunded_so_far", refund.total))
    return _message("refund", payment, merchant, amounts, event.created_at)


def release_notice(payment: Payment, merchant: Merchant, at: datetime) -> Message:
    """What was held for a payment that came to nothing, or charged too late and goes back."""
    amounts = [("released", payment.authorised), ("refunded", payment.captured)]
    return _message("release", payment, merchant, amounts, at)


def return_notice(payment: Payment, merchant: Merchant, event: Event) -> Message:
    """What ``event`` says went back of money that came when nothing was to be paid any more."""
    facts, refund = event.facts.payment, event.facts.refund
    assert facts is not None
    assert refund is not None
    name = "released" if facts.operation is Kind.VOID else "refunded"
    return _message("returned", payment, merchant, [(name, refund.amount)], event.created_at)


def _message(
    kind: str, payment: Payment, merchant: Merchant, amounts: Amounts, at: datetime, *, note: bool = True
) -> Message:
    """The message; an unknown language gets English."""
    language = language_of(payment.language, CATALOG)
    catalog = catalogs(CATALOG)[language]
    texts = {name: text.replace("{merchant}", payment.merchant_name) for name, text in catalog.items()}
    rows = [(texts[name], amount_in(amount, language)) for name, amount in amounts if amount]
    rows = [(texts[name], value) for name, value in [("description", payment.description)] if value] + rows
    facts = [
        ("method_used", payment.method if payment.mode is Mode.ALTERNATIVE else ""),
        ("card_used", payment.card.alias if payment.card else ""),
        ("date", moment_in(at, merchant.time_zone, language)),
        ("reference", payment.id),
        ("contact", merchant.contact),
    ]
    rows += [(texts[name], value) for name, value in facts if value]
    notes = [texts["test"]] if payment.environment is Environment.TEST else []
    notes += [texts[f"{kind}_note"], texts["footer"]] if note else [texts["footer"]]
    subject, greeting = texts[f"{kind}_subject"], texts[f"{kind}_greeting"]
    text = "\n".join([greeting, "", *(f"{name}: {value}" for name, value in rows), "", *notes]) + "\n"
    head = letterhead(payment.merchant_name, payment.brand, payment.merchant_id, payment.pages_origin)
    html = html_message(language, subject, head + _html(greeting, rows, notes))
    return Message(kind, "email", payment.email or "", subject, text, html)


def _html(greeting: str, rows: list[tuple[str, str]], notes: list[str]) -> str:
    # A long reference or description breaks anywhere, the name of its row between words only.
    head = '<th scope="row" align="left" style="padding:4px 16px 4px 0;overflow-wrap:normal;word-break:normal">'
    cell = '<td style="padding:4px 0">'
    cells = "".join(f"<tr>{head}{escape(name)}</th>{cell}{escape(value)}</td></tr>" for name, value in rows)
    said = "".join(f'<p style="color:#555">{escape(note)}</p>' for note in notes)
    return (
        f'<p>{escape(greeting)}</p><table style="line-height:1.4"><tbody valign="top">{cells}</tbody></table>{said}'
    )
