"""What endpoints without a body answer. The shapes live here, not there, so that those need no pydantic to start."""

from __future__ import annotations

from typing import Final

from pydantic import BaseModel

from local.replies.cards import CardDeletedReply, DefaultCardReply, SavedCardsReply
from local.replies.disputes import DisputeListReply, DisputeReply, DisputeStatsReply, PspReply
from local.replies.links import LinkListReply, LinkView, OpenLinkReply, PublicLinkReply
from local.replies.payments import CancelReply, RefundsReply, TransactionReply, TransactionsReply
from local.replies.sandbox import BookReply, CardOutcomeReply, CardPageReply, MessagesReply, VoucherBookReply

REPLIES: Final[dict[str, type[BaseModel]]] = {
    "payment.transaction": TransactionReply,
    "payment.refunds": RefundsReply,
    "payment.cancel": CancelReply,
    "merchant.transactions": TransactionsReply,
    "sandbox.card_page": CardPageReply,
    "sandbox.card_page_submit": CardOutcomeReply,
    "sandbox.card_page_challenge": CardOutcomeReply,
    "sandbox.card_page_cancel": CardOutcomeReply,
    "sandbox.payment_book": BookReply,
    "sandbox.voucher_book": VoucherBookReply,
    "sandbox.messages": MessagesReply,
    **{f"payment_link.{name}": LinkView for name in ("create", "get", "cancel", "verify", "resend")},
    "payment_link.list": LinkListReply,
    "payment_link.public": PublicLinkReply,
    "payment_link.open": OpenLinkReply,
    "token_payment.list": SavedCardsReply,
    "token_payment.set_default": DefaultCardReply,
    "token_payment.delete": CardDeletedReply,
    "dispute.list": DisputeListReply,
    "dispute.stats": DisputeStatsReply,
    "dispute.get": DisputeReply,
    "dispute.psp": PspReply,
}
