"""The customer's receipt after a payment, in the customer's language, as text and as HTML."""

from __future__ import annotations

import json
from functools import cache
from html import escape
from pathlib import Path
from typing import Final

from shared.domain.event import Event, EventType
from shared.domain.ids import PaymentId
from shared.domain.money import Money
from shared.domain.payment import Environment, Payment
from shared.ports import Message, Messenger, Payments
from shared.usecases.payment_view import iso

FALLBACK: Final = "en"
Texts = dict[str, str]


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
    texts = {
        name: text.replace("{merchant}", payment.merchant_name) for name, text in _texts(payment.language).items()
    }
    rows = _rows(payment, texts)
    lines = [texts["greeting"], "", *(f"{name}: {value}" for name, value in rows), "", *_notes(payment, texts)]
    return Message("receipt", "email", to, texts["subject"], "\n".join(lines) + "\n", _html(payment, texts, rows))


@cache
def _catalogs() -> dict[str, Texts]:
    catalogs: dict[str, Texts] = json.loads((Path(__file__).parent / "receipts.json").read_text(encoding="utf-8"))
    return catalogs


def _language(wanted: str) -> str:
    short = wanted.lower().replace("_", "-").partition("-")[0]
    return short if short in _catalogs() else FALLBACK


def _texts(language: str) -> Texts:
    return _catalogs()[_language(language)]


def _rows(payment: Payment, texts: Texts) -> list[tuple[str, str]]:
    def row(name: str, amount: Money) -> list[tuple[str, str]]:
        return [(texts[name], _amount(amount, payment.language))] if amount else []

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


def _amount(amount: Money, language: str) -> str:
    """``EUR 150.00``, with the language's decimal sign; the code stands for itself in every language."""
    text = f"{amount.major}"
    return f"{amount.currency} {text if _language(language) == FALLBACK else text.replace('.', ',')}"


def _notes(payment: Payment, texts: Texts) -> list[str]:
    test = [texts["test"]] if payment.environment is Environment.TEST else []
    return [*test, texts["footer"]]


def _html(payment: Payment, texts: Texts, rows: list[tuple[str, str]]) -> str:
    head = '<th scope="row" align="left" style="padding:4px 16px 4px 0">'
    cells = "".join(f"<tr>{head}{escape(name)}</th><td>{escape(value)}</td></tr>" for name, value in rows)
    notes = "".join(f'<p style="color:#555">{escape(note)}</p>' for note in _notes(payment, texts))
    return (
        f'<!doctype html><html lang="{_language(payment.language)}"><meta charset="utf-8">'
        f"<title>{escape(texts['subject'])}</title>"
        '<body style="font-family:sans-serif;max-width:36em;margin:2em auto;padding:0 1em">'
        f"<p>{escape(texts['greeting'])}</p><table>{cells}</table>{notes}</body></html>"
    )
