"""A payment's charge and refunds at Shift4, found again among what it lists by what we wrote into their metadata."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from shared.adapters.card_gateways.calls import Call
from shared.adapters.card_gateways.json_api import Said
from shared.adapters.card_gateways.shift4_wire import listed
from shared.adapters.reading import part, word
from shared.adapters.wire_keys import wire_key
from shared.domain.errors import OutcomeUnknown
from shared.domain.operation import Kind, Operation
from shared.domain.record import dataclass

if TYPE_CHECKING:
    from shared.adapters.settings import Owned
    from shared.domain.payment import Payment

# In a page's handle: what the customer's browser handed over and when, what may be shown of its card, and whether
# that is saved.
TOKEN, AT, CARD, SAVES = "token", "at", "card", "saves"
_PLACED: Final = (Kind.PREAUTH, Kind.SALE)
# What our clock and Shift4's may differ by, and a call may last.
_EARLIER, _LATER = timedelta(minutes=3), timedelta(minutes=5)


def handle_of(payment: Payment) -> Mapping[str, str]:
    return payment.card_page.handle if payment.card_page else {}


@dataclass(frozen=True, slots=True)
class Charges:
    """``call`` makes one call of the owner's account."""

    call: Callable[[Owned, Call], Said]

    def number(self, payment: Payment) -> str:
        """Shift4's charge of the payment; asked for when the journal has none. Empty: nothing was accepted."""
        paid = payment.done(*_PLACED)
        known = paid[-1].reference if paid else None
        if known or payment.saved_card is not None:
            return known or ""
        made = self.of_page(payment)
        return word(made, "id") if made is not None and word(made, "status") == "successful" else ""

    def shown(self, payment: Payment, charge: str) -> Mapping[str, Any]:
        said = self.call(payment, Call("shown", "GET", f"charges/{charge}"))
        if not said.done:
            raise OutcomeUnknown("Shift4 does not know its own charge")
        return said.body

    def of_page(self, payment: Payment, operation: Operation | None = None) -> Mapping[str, Any] | None:
        """What the page's token was charged with: each page has one."""
        handle = handle_of(payment)
        if TOKEN not in handle:
            return None
        handed = datetime.fromtimestamp(int(handle[AT]), UTC)
        sent = [each for each in (*payment.operations, operation) if each is not None and each.kind in _PLACED]
        until = max([handed, *(moment for each in sent for moment in _moments(each))])
        return self._found(payment, (handed, until), "page", payment.page_id)

    def of_saved_card(self, payment: Payment, operation: Operation) -> Mapping[str, Any] | None:
        moments = _moments(operation)
        return self._found(payment, (min(moments), max(moments)), "operation", wire_key(payment, operation.key))

    def given_back(self, payment: Payment, operation: Operation) -> Mapping[str, Any] | None:
        paid, key = self.number(payment), wire_key(payment, operation.key)
        if not paid:
            return None
        every = listed(lambda each: self.call(payment, each), Call("refunds", "GET", "refunds", {"chargeId": paid}))
        return next((one for one in every if word(part(one, "metadata"), "operation") == key), None)

    def _found(
        self, payment: Payment, sent: tuple[datetime, datetime], name: str, value: str
    ) -> Mapping[str, Any] | None:
        """The charge whose metadata say so, of those that can have been made by what was sent between the two."""
        bounds = {
            "created[gte]": int((sent[0] - _EARLIER).timestamp()),
            "created[lte]": int((sent[1] + _LATER).timestamp()),
        }
        every = listed(lambda each: self.call(payment, each), Call("charges", "GET", "charges", bounds))
        return next((one for one in every if word(part(one, "metadata"), name) == value), None)


def _moments(operation: Operation) -> list[datetime]:
    """When it may have been sent."""
    return [at for at in (operation.started_at, operation.asked_at, operation.taken_at) if at]
