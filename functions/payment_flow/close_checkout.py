"""State ``CloseCheckout``: end a checkout nobody finished."""

from __future__ import annotations

from shared.edge.step import step
from shared.usecases.flow.close_checkout import close_checkout

handler = step("CloseCheckout", close_checkout)
