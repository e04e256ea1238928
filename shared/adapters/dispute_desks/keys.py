"""What an answer to a dispute is found by at its PSP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.adapters.wire_keys import wire_key

if TYPE_CHECKING:
    from shared.domain.dispute import Dispute, Response


def answer_key(dispute: Dispute, response: Response) -> str:
    """The same at every try of an answer that is under way."""
    assert response.sending is not None, dispute.id
    return wire_key(dispute, response.sending.key)
