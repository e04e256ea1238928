"""What people who are signed in change, and what keys change of webhooks, is written down before it is begun."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.bootstrap import core, runtime
from shared.domain.doing import Doing
from shared.edge.request_line import named

if TYPE_CHECKING:
    from shared.domain.merchant import Credential
    from shared.edge.request import Request


def note(request: Request, caller: Credential) -> None:
    """Write it down. What cannot be written down is not done: raises what the storage raises."""
    core.doings().note(
        Doing(
            merchant_id=caller.merchant.id,
            environment=caller.environment,
            at=runtime.now(),
            who=caller.called,
            method=request.method,
            route=request.resource,
            named={name: named(text) for name, text in request.ids.items()},
            request_id=request.id,
        )
    )
