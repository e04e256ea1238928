"""One structured log line per request, step or batch; metrics are lines beside it."""

from __future__ import annotations

from functools import cache

from aws_lambda_powertools import Logger

from shared.adapters.metrics import count

__all__ = ["count", "logger"]


@cache
def logger() -> Logger:
    """JSON lines; ids go in as fields and the message is constant, so that lines can be counted."""
    return Logger()
