"""The sandbox's side: its books, its card page, its bank and the messages it captures."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from shared.adapters.dynamodb.books import DynamoBooks
from shared.bootstrap import runtime
from shared.bootstrap.tables import tables

if TYPE_CHECKING:
    from shared.adapters.card_gateways.sandbox_page import SandboxCardPage
    from shared.adapters.messaging.captured import CapturedMessages
    from shared.adapters.method_providers.sandbox_counter import SandboxCounter
    from shared.domain.dispute import Dispute, Notice
    from shared.domain.event import Event
    from shared.domain.statuses import DisputeStatus


@cache
def sandbox_books() -> DynamoBooks:
    return DynamoBooks(tables(), runtime.setting("SANDBOX_TABLE"))


@cache
def sandbox_page() -> SandboxCardPage:
    from shared.adapters.card_gateways.sandbox_page import SandboxCardPage

    return SandboxCardPage(sandbox_books(), runtime.now)


@cache
def sandbox_counter() -> SandboxCounter:
    from shared.adapters.method_providers.sandbox_counter import SandboxCounter

    return SandboxCounter(sandbox_books(), runtime.now)


def sandbox_voucher(merchant_id: str, environment: str, otp: str) -> dict[str, Any]:
    """The sandbox provider's own document of a voucher; empty when it never saw the code."""
    from shared.adapters.voucher_providers.sandbox import VOUCHER, voucher_id

    return sandbox_books().load(VOUCHER, voucher_id(merchant_id, environment, otp))[0]


@cache
def captured_messages() -> CapturedMessages:
    from shared.adapters.messaging.captured import CapturedMessages

    return CapturedMessages(sandbox_books(), runtime.now)


def sandbox_dispute(told: Event) -> Notice | None:
    """The dispute that the sandbox's bank opens because of an event, if any."""
    from shared.adapters.dispute_sources.sandbox import opened_dispute

    return opened_dispute(told, sandbox_books())


def sandbox_bank_says(dispute: Dispute, to: DisputeStatus) -> Notice:
    from shared.adapters.dispute_sources.sandbox import advanced_dispute

    return advanced_dispute(dispute, to, runtime.now())
