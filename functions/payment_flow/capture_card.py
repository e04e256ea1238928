"""State ``CaptureCard``: take what vouchers do not pay."""

from __future__ import annotations

from shared.edge.step import step
from shared.usecases.flow.capture_card import capture_card

handler = step("CaptureCard", capture_card)
