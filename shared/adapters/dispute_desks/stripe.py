"""Stripe's disputes: files first, each once; then the answer with all of them, submitted at once under our key.

The key stands in the dispute's metadata, written with the answer itself: whether it is there says whether that came.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from shared.adapters.card_gateways import stripe_codes as codes
from shared.adapters.card_gateways.calls import Call, Form
from shared.adapters.card_gateways.stripe import NAME
from shared.adapters.card_gateways.stripe_answers import refused
from shared.adapters.card_gateways.stripe_wire import Said, asked
from shared.adapters.dispute_desks.keys import answer_key
from shared.adapters.reading import part, word
from shared.adapters.settings import ConnectorSettings
from shared.adapters.wire_keys import wire_key
from shared.domain.answering import Takes
from shared.domain.dispute import Purpose
from shared.domain.errors import OutcomeUnknown
from shared.domain.operation import Answer, State
from shared.domain.record import dataclass

if TYPE_CHECKING:
    from shared.domain.dispute import Dispute, Response
    from shared.ports.disputes import Exhibit

# One file each.
FIELDS: Final[Mapping[Purpose, str]] = {
    Purpose.RECEIPT: "receipt",
    Purpose.CUSTOMER_COMMUNICATION: "customer_communication",
    Purpose.SHIPPING: "shipping_documentation",
    Purpose.SERVICE: "service_documentation",
    Purpose.REFUND_POLICY: "refund_policy",
    Purpose.CANCELLATION_POLICY: "cancellation_policy",
    Purpose.SIGNATURE: "customer_signature",
    Purpose.OTHER_CHARGE: "duplicate_charge_documentation",
    Purpose.OTHER: "uncategorized_file",
}
_TAKES: Final = Takes(types=("application/pdf", "image/jpeg", "image/png"), most_bytes=4_500_000, one_each=True)
_GIVEN_UP: Final = "lost"


@dataclass(frozen=True, slots=True)
class StripeDesk:
    """The port ``DisputeDesk``."""

    settings: ConnectorSettings

    @property
    def takes(self) -> Takes:
        return _TAKES

    def answer(self, dispute: Dispute, response: Response, exhibits: Sequence[Exhibit]) -> Answer:
        key = answer_key(dispute, response)
        form = {"evidence[uncategorized_text]": response.text, "metadata[answer]": key, "submit": "true"}
        for exhibit in exhibits:
            uploaded = self._uploaded(dispute, exhibit, key)
            if not uploaded.done:
                return refused(uploaded)
            form[f"evidence[{FIELDS[exhibit.purpose]}]"] = word(uploaded.body, "id")
        call = Call("evidence", "POST", f"disputes/{dispute.psp_id}", form, _fresh(key, response))
        return self._told(dispute, response, self._call(dispute, call))

    def accept(self, dispute: Dispute, response: Response) -> Answer:
        key = _fresh(answer_key(dispute, response), response)
        return self._told(
            dispute, response, self._call(dispute, Call("close", "POST", f"disputes/{dispute.psp_id}/close", key=key))
        )

    def lookup(self, dispute: Dispute, response: Response) -> Answer | None:
        said = self._call(dispute, Call("dispute", "GET", f"disputes/{dispute.psp_id}"))
        if not said.done:
            raise OutcomeUnknown("Stripe does not know the dispute")
        return _found(said.body, answer_key(dispute, response), response)

    def _told(self, dispute: Dispute, response: Response, said: Said) -> Answer:
        if said.done:
            return Answer(State.SUCCEEDED, codes.DONE, reference=word(said.body, "id"))
        # It may be refused because it is there: an earlier call of ours whose answer was lost.
        return self.lookup(dispute, response) or refused(said)

    def _uploaded(self, dispute: Dispute, exhibit: Exhibit, key: str) -> Said:
        own = wire_key(dispute, f"{key}:{exhibit.id}")
        form = Form.of(
            own, {"purpose": "dispute_evidence"}, [("file", exhibit.name, exhibit.content_type, exhibit.content)]
        )
        return self._call(dispute, Call("file", "POST", "files", key=own, form=form))

    def _call(self, dispute: Dispute, call: Call) -> Said:
        return self.settings.signed_in(
            dispute, NAME, lambda known: asked(self.settings.http, dispute.environment, known, call)
        )


def _fresh(key: str, response: Response) -> str:
    """Under the first key a failure of Stripe's own would be repeated; it was asked whether that acted."""
    asks = response.sending.asks if response.sending else 0
    return f"{key}-{asks}" if asks else key


def _found(shown: Mapping[str, Any], key: str, response: Response) -> Answer | None:
    given_up = response.accepts and word(shown, "status") == _GIVEN_UP
    there = given_up or (not response.accepts and word(part(shown, "metadata"), "answer") == key)
    return Answer(State.SUCCEEDED, codes.DONE, reference=word(shown, "id")) if there else None
