"""What people do at the sandbox's method provider: pay, be refused, let it go; and money that comes when it comes."""

from __future__ import annotations

from typing import Any, Final

from shared.adapters.ledger import Doc, edit, noted
from shared.adapters.method_providers.sandbox import METHOD, outcome_of, paid_in
from shared.domain.errors import IllegalTransition, NotFound
from shared.domain.ids import PaymentId
from shared.domain.method import Action, MethodKind
from shared.domain.record import dataclass
from shared.ports.books import Books
from shared.ports.methods import MethodState
from shared.ports.world import Clock

_BECOMES: Final = {
    Action.PAY: MethodState.PAID,
    Action.REJECT: MethodState.REJECTED,
    Action.FAIL: MethodState.FAILED,
    Action.EXPIRE: MethodState.EXPIRED,
}


@dataclass(frozen=True, slots=True)
class SandboxCounter:
    """The provider's other side, where a customer stands: it writes the provider's books and nothing of ours."""

    books: Books
    now: Clock

    def act(self, payment_id: PaymentId, action: Action) -> None:
        """End it as ``action`` says, once. Raises NotFound, and IllegalTransition where it has ended otherwise."""

        def write(doc: Doc) -> None:
            state = self._state_to_act_on(doc)
            if state is _BECOMES[action]:
                return
            if state is not MethodState.PENDING:
                raise IllegalTransition(f"the provider has ended this payment already: {state.lower()}")
            if action is Action.PAY:
                self._receive(doc, doc["amount"] - paid_in(doc))
            else:
                doc["state"] = _BECOMES[action].value
                noted(doc, action.value.upper(), self.now().isoformat())

        edit(self.books, METHOD, payment_id, write)

    def receive(self, payment_id: PaymentId, minor: int) -> bool:
        """So much money comes, early, late, again or in part. False where the provider takes none any more."""

        def write(doc: Doc) -> bool:
            self._state_to_act_on(doc)
            if doc.get("closed") and doc["kind"] != MethodKind.CASH:
                return False
            self._receive(doc, minor)
            return True

        return edit(self.books, METHOD, payment_id, write)

    def book(self, payment_id: PaymentId) -> dict[str, Any]:
        """The provider's own document of a payment; empty when it never heard of it."""
        return self.books.load(METHOD, payment_id)[0]

    def _state_to_act_on(self, doc: Doc) -> MethodState:
        if "number" not in doc:
            raise NotFound("the provider does not know this payment")
        return outcome_of(doc, self.now()).state

    def _receive(self, doc: Doc, minor: int) -> None:
        number = f"{doc['number']}-{len(doc['receipts']) + 1}"
        doc["receipts"] = [*doc["receipts"], [number, minor]]
        noted(doc, "PAY", self.now().isoformat(), amount=minor)
