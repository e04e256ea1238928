"""State ``AwaitTenderChoice``: park the task token until somebody brings the news."""

from __future__ import annotations

from shared.domain.payment import Wait
from shared.edge.step import parking

handler = parking("AwaitTenderChoice", Wait.CHOICE)
