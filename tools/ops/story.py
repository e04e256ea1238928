"""The story of one payment, line by line: what was asked, called, stepped through, told, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from shared.domain.delivery import Delivery
from shared.domain.event import Event
from shared.domain.operation import Operation
from shared.domain.payment import Payment
from shared.domain.refund import Refund

# What a log line says beside what the table has columns for.
_UNTOLD: Final = frozenset({"timestamp", "message", "level", "location", "service", "paymentId", "xray_trace_id"})


@dataclass(frozen=True, slots=True)
class Line:
    at: datetime
    where: str  # request, gateway, step, event, delivery, ...
    what: str
    told: str = ""


def of_payment(payment: Payment, now: datetime) -> Iterator[Line]:
    """Its beginning, every operation of its journal as it was sent and answered, and how it stands now."""
    told = f"{payment.amount} {payment.mode} of {payment.merchant_id} in {payment.environment}, {payment.gateway}"
    yield Line(payment.created_at, "payment", "created", told)
    for operation in payment.operations:
        yield from _operation(operation)
    yield Line(now, "payment", payment.status.value, _standing(payment))


def of_refunds(refunds: Iterable[Refund]) -> Iterator[Line]:
    for refund in refunds:
        asked = f", asked for by {refund.by}" if refund.by else ""
        yield Line(refund.created_at, "refund", refund.id, f"{refund.amount} {refund.reason}".strip() + asked)
        for leg in refund.legs:
            yield from _operation(leg.operation)
        if refund.settled_at:
            yield Line(refund.settled_at, "refund", refund.id, f"{refund.status}, {refund.given} given back")


def of_events(events: Iterable[Event]) -> Iterator[Line]:
    for event in events:
        yield Line(event.created_at, "event", event.type.value, f"{event.id} number {event.sequence}")


def of_deliveries(deliveries: Iterable[Delivery]) -> Iterator[Line]:
    """Each delivery as it began, and each attempt that is kept."""
    for delivery in deliveries:
        waits = f", next {delivery.next_attempt_at:%Y-%m-%d %H:%M:%S}" if delivery.next_attempt_at else ""
        held = ", held" if delivery.held else ""
        yield Line(
            delivery.created_at, "delivery", delivery.id, f"{delivery.event_type} {delivery.status}{held}{waits}"
        )
        for number, attempt in enumerate(delivery.attempts, 1):
            came = attempt.error or str(attempt.status_code)
            yield Line(attempt.at, "attempt", f"{number} to {delivery.url}", f"{came} after {attempt.duration_ms} ms")


def of_steps(history: Iterable[Mapping[str, Any]], execution: str) -> Iterator[Line]:
    """The states that an execution entered, and how it ended."""
    for event in history:
        if entered := event.get("stateEnteredEventDetails"):
            yield Line(event["timestamp"], "step", entered["name"], execution)
        elif event["type"].startswith("Execution") or "Failed" in event["type"] or "TimedOut" in event["type"]:
            (details,) = [value for key, value in event.items() if key.endswith("EventDetails")] or [{}]
            yield Line(event["timestamp"], "step", event["type"], str(details.get("error", "")) or execution)


def of_log(lines: Iterable[tuple[datetime, Mapping[str, Any]]]) -> Iterator[Line]:
    """The functions' own lines: requests, gateways' latencies, attentions, exceptions."""
    for at, line in lines:
        where = "request" if line.get("message") == "request" else "log"
        what = f"{line['method']} {line['path']}" if where == "request" else str(line.get("message", ""))
        told = {name: value for name, value in line.items() if name not in _UNTOLD and not name.startswith("_")}
        for name in ("method", "path") if where == "request" else ():
            told.pop(name, None)
        yield Line(at, where, what, " ".join(f"{name}={_short(value)}" for name, value in told.items()))


def table(lines: Iterable[Line]) -> str:
    """All of it in the order of time, as text."""
    ordered = sorted(lines, key=lambda line: line.at)
    widths = [max((len(text) for text in texts), default=0) for texts in zip(*map(_cells, ordered), strict=True)]
    return "\n".join(
        "  ".join(text.ljust(width) for text, width in zip(_cells(line), widths, strict=True)).rstrip()
        for line in ordered
    )


def _cells(line: Line) -> tuple[str, str, str, str]:
    return f"{line.at.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"[:-3], line.where, line.what, line.told


def _operation(operation: Operation) -> Iterator[Line]:
    yield Line(operation.started_at, "gateway", f"{operation.kind} {operation.amount}", f"sent as {operation.key}")
    if operation.closed_at:
        came = " ".join(filter(None, (operation.code, operation.message, operation.reference)))
        yield Line(
            operation.closed_at, "gateway", f"{operation.kind} {operation.state}", f"{operation.key} {came}".strip()
        )
    elif operation.asked_at:
        asked = f"{operation.key} asked about {operation.asks} times"
        yield Line(operation.asked_at, "gateway", f"{operation.kind} {operation.state}", asked)


def _standing(payment: Payment) -> str:
    parts = (
        payment.settled_by and f"settled by {payment.settled_by}",
        payment.attention and f"attention: {payment.attention}",
        payment.waiting and f"waits for {payment.waiting}",
        payment.due_at and f"looked at {payment.due_at:%Y-%m-%d %H:%M:%S}",
    )
    return ", ".join(part for part in parts if part)


def _short(value: object) -> str:
    return str(value)[:200]
