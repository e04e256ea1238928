"""A browser at a card page: how it is known again, and the client secret that an accepted card gives it."""

from __future__ import annotations

import hmac
import re
from dataclasses import field
from typing import Final

from shared.domain import ids
from shared.domain.ids import PaymentId
from shared.domain.record import dataclass

_TOKEN: Final = re.compile(r"visit_[0-9a-f]{32,64}")


@dataclass(frozen=True, slots=True)
class Visitor:
    """``token`` is the browser's own random text, which nobody else ever sees and nothing stores.

    What opens a payment is made from it, so a repeated call gets the same answer, and nothing has to be kept or
    written to know a browser again. One that is not ``named`` brought no token: it is told its secret once.
    """

    token: str = field(repr=False)
    named: bool = True

    def secret(self, payment_id: PaymentId) -> str:
        """The client secret of this browser for this payment; of use once its card was accepted."""
        return ids.client_secret(payment_id, hmac.digest(self.token.encode(), payment_id.encode(), "sha256"))

    def mark(self, payment_id: PaymentId) -> str:
        """What is stored of it: the SHA-256 of ``secret``."""
        return ids.fingerprint(self.secret(payment_id))


def named_visitor(token: str) -> Visitor | None:
    """The visitor who shows ``token``, or None when that is no visitor's token by form."""
    return Visitor(token) if _TOKEN.fullmatch(token) else None
