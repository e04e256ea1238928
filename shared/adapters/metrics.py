"""Metrics in the embedded format: each is one line of the log, and no call is made."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import Final

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.metrics.base import SingleMetric

NAMESPACE: Final = "PaymentGateway"


def count(name: str, amount: int = 1, *, about: Mapping[str, str] | None = None, **dimensions: str) -> None:
    """Add ``amount`` to a metric. Its first dimension is always the service: the stack's name.

    ``about`` stands in the line beside the metric: the log finds it, and no metric is made of it.
    """
    _put(name, MetricUnit.Count, amount, dimensions, about or {})


def milliseconds(name: str, elapsed: float, *, about: Mapping[str, str] | None = None, **dimensions: str) -> None:
    """Note how long something took. ``about`` is in the line beside it, and makes no metric of its own."""
    _put(name, MetricUnit.Milliseconds, elapsed, dimensions, about or {})


def _put(name: str, unit: MetricUnit, value: float, dimensions: dict[str, str], about: Mapping[str, str]) -> None:
    metric = SingleMetric(namespace=NAMESPACE)
    metric.add_metric(name=name, unit=unit, value=value)
    for key, text in dimensions.items():
        metric.add_dimension(name=key, value=text)
    for key, text in about.items():
        metric.add_metadata(key=key, value=text)
    # In one piece: ``print`` writes the end of the line by itself, and sweeps write from several threads.
    sys.stdout.write(json.dumps(metric.serialize_metric_set(), separators=(",", ":")) + "\n")
