"""State ``VoidCard``: release the hold."""

from __future__ import annotations

from shared.edge.step import step
from shared.usecases.flow.void_card import void_card

handler = step("VoidCard", void_card)
