"""State ``Resume``: send a new execution to where its payment stands."""

from __future__ import annotations

from shared.edge.step import step
from shared.usecases.flow.resume import resume

handler = step("Resume", resume)
