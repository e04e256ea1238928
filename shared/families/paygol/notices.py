"""Paygol's instant notifications: a signed JSON body, or a query that holds the service's secret, as each shop reads.

An endpoint's format says which: ``paygol.auto.GET`` writes as the payment was made, ``paygol.1.GET`` and
``paygol.2.POST`` always so. One notice per status; the first kind of reader takes any notice as paid, so that it gets
no other.
"""

from __future__ import annotations

import json
from itertools import product
from typing import Final
from urllib.parse import urlencode

from shared.domain.delivery import Schedule
from shared.domain.event import Event, EventType, PaymentFacts
from shared.domain.payment import Environment
from shared.domain.record import dataclass
from shared.families.paygol.auth import FAMILY
from shared.families.paygol.signing import signature
from shared.families.paygol.statuses import FINAL, PaygolStatus, status_told
from shared.ports.webhooks import Outgoing, Signing

VERSIONS: Final = ("auto", "1", "2")
METHODS: Final = ("GET", "POST")
DELIVERIES: Final = 10
SIGNATURE: Final = "X-Pg-Sig"  # letter for letter, as its readers look for it
_OF_FORM: Final = "form"
# One event per status, so that each is told once.
_LATER: Final = frozenset({PaygolStatus.REFUNDED, PaygolStatus.CHARGEBACK})
_TOLD_BY: Final = {
    EventType.CHECKOUT_ENDED: FINAL - _LATER,
    EventType.REFUNDED: frozenset({PaygolStatus.REFUNDED}),
    EventType.CHARGED_BACK: frozenset({PaygolStatus.CHARGEBACK}),
}


def format_of(version: str, method: str) -> str:
    """The name of a format, as an endpoint has it."""
    return f"{FAMILY}.{version}.{method}"


def settings_of(payload_format: str) -> tuple[str, str]:
    """(version, method) of a format by its name."""
    _, version, method = payload_format.split(".")
    return version, method


@dataclass(frozen=True, slots=True)
class InstantNotification:
    """Ten deliveries a fixed interval apart, like every other format."""

    version: str
    method: str
    names: frozenset[str] = frozenset(status.value for status in FINAL)

    def name(self, event: Event) -> str | None:
        """The status it tells; None for what is no transaction, no end, or not for this kind of reader."""
        facts = event.facts.payment
        if event.family != FAMILY or facts is None:
            return None
        status = status_told(facts)
        if status not in _TOLD_BY.get(event.type, frozenset()) or (
            self._is_first(facts) and status is not PaygolStatus.COMPLETED
        ):
            return None
        return status.value

    def render(self, signing: Signing) -> Outgoing:
        facts = signing.event.facts.payment
        if facts is None:
            raise ValueError("a notification is about a transaction")
        secret = signing.secrets[0]
        if self._is_first(facts):
            return Outgoing("GET", _with_query(signing.url, facts, secret), {}, b"")
        body = _body(facts)
        headers = {"Content-Type": "application/json", SIGNATURE: signature(secret.encode(), body)}
        return Outgoing(self.method, signing.url, headers, body)

    def schedule(self, interval_seconds: int, environment: Environment) -> Schedule:
        return Schedule((interval_seconds,) * (DELIVERIES - 1))

    def _is_first(self, facts: PaymentFacts) -> bool:
        if self.version == "auto":
            return facts.family_data.get("origin") == _OF_FORM
        return self.version == "1"


FORMATS: Final = {format_of(*each): InstantNotification(*each) for each in product(VERSIONS, METHODS)}


def _body(facts: PaymentFacts) -> bytes:
    """JSON as PHP writes it, with its keys sorted; the same bytes in every attempt."""
    told = {
        "country": facts.country,
        "currency": facts.amount.currency,
        "custom": facts.reference,
        "method": facts.method,
        "price": str(facts.amount.major),
        "service_id": facts.family_data.get("service_id", ""),
        "status": status_told(facts).value,
        "transaction_id": facts.id,
    }
    text = json.dumps(told, separators=(",", ":"), sort_keys=True, ensure_ascii=True)
    return text.replace("/", "\\/").encode("ascii")


def _with_query(url: str, facts: PaymentFacts, secret: str) -> str:
    """``url`` with its own query first. It holds the secret: it is built at the dial, and no record has it."""
    price, currency = str(facts.amount.major), facts.amount.currency
    told = {
        "transaction_id": facts.id,
        "service_id": facts.family_data.get("service_id", ""),
        "country": facts.country,
        "custom": facts.reference,
        "key": secret,
        "price": price,
        "currency": currency,
        "frmprice": price,
        "frmcurrency": currency,
        "method": facts.method,
    }
    own, mark, fragment = url.partition("#")
    joint = "" if own.endswith(("?", "&")) else ("&" if "?" in own else "?")
    return f"{own}{joint}{urlencode(told)}{mark}{fragment}"
