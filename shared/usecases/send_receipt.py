"""The customer's receipt after a payment, in the customer's language, as text and as HTML."""

from __future__ import annotations

from html import escape
from typing import Final

from shared.domain.event import Event, EventType
from shared.domain.ids import PaymentId
from shared.domain.money import Money
from shared.domain.payment import Environment, Payment
from shared.ports.messages import Message, Messenger
from shared.ports.payments import Payments
from shared.usecases.payment_view import iso
from shared.usecases.wording import Texts, amount_in, catalogs, html_message, language_of

CATALOG: Final = "receipts"


def send_receipt(event: Event, *, payments: Payments, messenger: Messenger) -> bool:
    """Send the receipt of the payment that ``event`` tells the success of; False when there is none to send.

    Safe to repeat: the messenger sends once per payment.
    """
    if event.type is not EventType.SUCCEEDED:
        return False
    payment = payments.get(PaymentId(event.subject))
    if payment.email is None:
        return False
    message = receipt(payment, payment.email)
    messenger.send(message, payment.merchant_id, payment.environment, f"receipt:{payment.id}")
    return True


def receipt(payment: Payment, to: str) -> Message:
    """The message; an unknown language gets English."""
    catalog = catalogs(CATALOG)[language_of(payment.language, CATALOG)]
    texts = {name: text.replace("{merchant}", payment.merchant_name) for name, text in catalog.items()}
    rows = _rows(payment, texts)
    lines = [texts["greeting"], "", *(f"{name}: {value}" for name, value in rows), "", *_notes(payment, texts)]
    return Message("receipt", "email", to, texts["subject"], "\n".join(lines) + "\n", _html(payment, texts, rows))


def _rows(payment: Payment, texts: Texts) -> list[tuple[str, str]]:
    def row(name: str, amount: Money) -> list[tuple[str, str]]:
        return [(texts[name], amount_in(amount, language_of(payment.language, CATALOG)))] if amount else []

    described = [(texts["description"], payment.description)] if payment.description else []
    released = payment.authorised - payment.captured if payment.authorised else payment.amount.zero()
    return [
        *described,
        *row("total", payment.paid),
        *row("card", payment.captured),
        *row("voucher", payment.spent),
        *row("released", released),
        (texts["date"], (iso(payment.completed_at) or "")[:16].replace("T", " ")),
        (texts["reference"], payment.id),
    ]


def _notes(payment: Payment, texts: Texts) -> list[str]:
    test = [texts["test"]] if payment.environment is Environment.TEST else []
    return [*test, texts["footer"]]


def _html(payment: Payment, texts: Texts, rows: list[tuple[str, str]]) -> str:
    head = '<th scope="row" align="left" style="padding:4px 16px 4px 0">'
    cells = "".join(f"<tr>{head}{escape(name)}</th><td>{escape(value)}</td></tr>" for name, value in rows)
    notes = "".join(f'<p style="color:#555">{escape(note)}</p>' for note in _notes(payment, texts))
    content = f"<p>{escape(texts['greeting'])}</p><table>{cells}</table>{notes}"
    return html_message(language_of(payment.language, CATALOG), texts["subject"], content)
