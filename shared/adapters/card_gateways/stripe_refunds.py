"""Money that goes back through Stripe, and how what bears a word of ours is found among what it lists."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from shared.adapters.card_gateways.calls import Call
from shared.adapters.card_gateways.stripe_answers import objects, refunded, refused
from shared.adapters.card_gateways.stripe_wire import Said
from shared.adapters.reading import part, word
from shared.adapters.stripe_amounts import to_stripe
from shared.adapters.wire_keys import wire_key
from shared.domain.errors import OutcomeUnknown
from shared.domain.record import dataclass

if TYPE_CHECKING:
    from shared.adapters.settings import Owned
    from shared.domain.operation import Answer, Operation
    from shared.domain.payment import Payment

_MOST_PAGES: Final = 10
_REFUNDS: Final = "refunds"


@dataclass(frozen=True, slots=True)
class Refunds:
    """``call`` makes one call of the owner's account."""

    call: Callable[[Owned, Call], Said]

    def give_back(self, payment: Payment, operation: Operation, intent: str) -> Answer:
        key = wire_key(payment, operation.key)
        form = {
            "payment_intent": intent,
            "amount": str(to_stripe(operation.amount)),
            "metadata[operation]": key,
            "metadata[transactionId]": payment.id,
        }
        said = self.call(payment, Call("refund", "POST", _REFUNDS, form, key))
        return refunded(said.body) if said.done else refused(said)

    def given_back(self, payment: Payment, operation: Operation, intent: str) -> Answer | None:
        """What became of a refund; None when it never arrived."""
        key = wire_key(payment, operation.key)
        found = self.listed(payment, _REFUNDS, {"payment_intent": intent}, "operation", key)
        return refunded(found) if found else None

    def listed(
        self, payment: Payment, path: str, about: Mapping[str, str], name: str, value: str
    ) -> Mapping[str, Any] | None:
        """The object of a list whose metadata say so. Raises OutcomeUnknown when the list does not end."""
        return next(
            (one for one in self._all(payment, path, about) if word(part(one, "metadata"), name) == value), None
        )

    def _all(self, payment: Payment, path: str, about: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
        last = ""
        for _ in range(_MOST_PAGES):
            form = {**about, "limit": "100"} | ({"starting_after": last} if last else {})
            said = self.call(payment, Call(f"list.{path}", "GET", path, form))
            listed = list(objects(said))
            yield from listed
            if said.body.get("has_more") is not True or not listed:
                return
            last = word(listed[-1], "id")
        raise OutcomeUnknown("Stripe lists too many to find this one among them")
