"""Payments as a table holds them are read by every later version of the code, and nothing of them is lost.

``stored/payments.json`` holds what was written once. A sample is added when there is something new to keep, and none
is ever changed: its like may lie in somebody's table.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import pytest

from shared.adapters.dynamodb.codec import from_plain, to_plain
from shared.domain.payment import Payment
from shared.families.payglobe.payments import shown

STORED: Final[dict[str, Any]] = json.loads((Path(__file__).parent / "stored" / "payments.json").read_text())


@pytest.mark.parametrize("name", STORED)
def test_a_stored_payment_is_read_and_written_again_without_a_loss(name: str) -> None:
    read = from_plain(Payment, STORED[name])

    assert to_plain(read) == STORED[name]
    assert shown(read, full=True)["transactionId"] == read.id
