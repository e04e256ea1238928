"""PayPal's disputes: evidence with its files in one call, or the claim is accepted and PayPal gives the money back.

PayPal keeps no key for these calls. Our key is the last line of what is said, where the dispute shows it again; what
is decided already, is not accepted twice.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from shared.adapters.card_gateways import paypal_codes as codes
from shared.adapters.card_gateways.calls import Call, Form
from shared.adapters.card_gateways.paypal import NAME
from shared.adapters.card_gateways.paypal_answers import refused
from shared.adapters.card_gateways.paypal_wire import Said, asked
from shared.adapters.dispute_desks.keys import answer_key
from shared.adapters.dispute_sources.paypal import OUTCOMES
from shared.adapters.reading import part, parts, word
from shared.adapters.settings import ConnectorSettings
from shared.domain.answering import Takes
from shared.domain.errors import OutcomeUnknown
from shared.domain.operation import Answer, State
from shared.domain.record import dataclass
from shared.domain.statuses import DisputeStatus

if TYPE_CHECKING:
    from shared.domain.dispute import Dispute, Response
    from shared.ports.disputes import Exhibit

_LONGEST_NOTE: Final = 2000
_KEY: Final = "\n\nRef. {}"
_LEFT_FOR_TEXT: Final = _LONGEST_NOTE - 100
_TAKES: Final = Takes(
    longest_text=_LEFT_FOR_TEXT, types=("application/pdf", "image/jpeg", "image/png"), most_bytes=20_000_000
)
_SHOWN_BY_THEN: Final = 6  # times that it was asked, which takes half an hour and more
_OURS: Final = "SUBMITTED_BY_SELLER"
_ACCEPTED: Final = "Accepted."


@dataclass(frozen=True, slots=True)
class PayPalDesk:
    """The port ``DisputeDesk``."""

    settings: ConnectorSettings

    @property
    def takes(self) -> Takes:
        return _TAKES

    def answer(self, dispute: Dispute, response: Response, exhibits: Sequence[Exhibit]) -> Answer:
        key = answer_key(dispute, response)
        said = {"evidences": [{"evidence_type": "OTHER", "notes": response.text + _KEY.format(key)}]}
        files = [("evidence-file", one.name, one.content_type, one.content) for one in exhibits]
        form = Form.of(key, {"input": json.dumps(said)}, files)
        return self._told(dispute, response, self._call(dispute, _post(dispute, "provide-evidence", form=form)))

    def accept(self, dispute: Dispute, response: Response) -> Answer:
        key = answer_key(dispute, response)
        said = {"note": (response.text or _ACCEPTED) + _KEY.format(key), "invoice_id": key}
        return self._told(dispute, response, self._call(dispute, _post(dispute, "accept-claim", said)))

    def lookup(self, dispute: Dispute, response: Response) -> Answer | None:
        shown = self._call(dispute, Call("dispute", "GET", f"v1/customer/disputes/{dispute.psp_id}"))
        if not shown.done:
            raise OutcomeUnknown("PayPal does not know the dispute")
        return _found(shown.body, dispute, response)

    def _told(self, dispute: Dispute, response: Response, said: Said) -> Answer:
        if said.done:
            return _taken(dispute)
        # It may be refused because it is there: an earlier call of ours whose answer was lost.
        found = self.lookup(dispute, response)
        asks = response.sending.asks if response.sending else 0
        if found is None and 0 < asks < _SHOWN_BY_THEN:
            raise OutcomeUnknown("PayPal takes it no more, and does not show it")
        return found or refused(said)

    def _call(self, dispute: Dispute, call: Call) -> Said:
        return self.settings.signed_in(
            dispute, NAME, lambda known: asked(self.settings.http, dispute.environment, known, call)
        )


def _post(dispute: Dispute, verb: str, fields: Mapping[str, Any] | None = None, *, form: Form | None = None) -> Call:
    return Call(verb, "POST", f"v1/customer/disputes/{dispute.psp_id}/{verb}", fields or {}, form=form)


def _found(shown: Mapping[str, Any], dispute: Dispute, response: Response) -> Answer | None:
    if response.accepts:
        outcome = OUTCOMES.get(word(part(shown, "dispute_outcome"), "outcome_code"))
        return _taken(dispute) if outcome is DisputeStatus.LOST else None
    ending = _KEY.format(answer_key(dispute, response)).strip()
    said = [one for one in parts(shown, "evidences") if word(one, "source") == _OURS]
    return _taken(dispute) if any(word(one, "notes").rstrip().endswith(ending) for one in said) else None


def _taken(dispute: Dispute) -> Answer:
    return Answer(State.SUCCEEDED, codes.DONE, reference=dispute.psp_id)
