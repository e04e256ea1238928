"""The tour's disputes: a bank's signed message, the merchant's answer, and how it ends."""

from __future__ import annotations

from typing import Final

from tools.contract.tour.step import NOBODY, SIGNED, Step, signing

_MESSAGE: Final = {
    "disputeId": "{{disputeRef}}",
    "transactionId": "{{transactionId}}",
    "amount": 10.00,
    "currency": "EUR",
    "reasonCode": "FRAUDULENT",
    "status": "OPEN",
    "eventTime": "{{now}}",
    "responseDeadline": "2099-01-01T00:00:00Z",
}
_DISPUTE: Final = {"disputeId": "{{disputeId}}"}
_FILE: Final = {"fileName": "receipt.pdf", "contentType": "application/pdf", "size": 48213}

DISPUTES: Final = (
    Step(
        "A bank opens a dispute",
        "dispute.psp",
        body=SIGNED,
        before=signing(_MESSAGE, "disputeSecret"),
        headers={"X-IGFS-Signature": "{{signature}}"},
        bearer=NOBODY,
        keeps={"disputeId": "disputeId"},
        says={"status": "OPEN"},
    ),
    Step("The dispute", "dispute.get", _DISPUTE, says={"amountDisputed": 10}),
    Step("Where to upload a file", "dispute.evidence", _DISPUTE, body=_FILE),
    Step("The merchant answers", "dispute.respond", _DISPUTE, body={"response": "Delivered on Monday"}),
    Step("The bank decides", "sandbox.dispute_advance", _DISPUTE, body={"to": "WON"}, says={"status": "WON"}),
    Step("Disputes", "dispute.list"),
    Step("Disputes in figures", "dispute.stats"),
)
