"""What the endpoints of PayGlobe answer."""

from __future__ import annotations

from typing import Final

from pydantic import BaseModel

from tools.contract.replies.payglobe.cards import (
    CardDeletedReply,
    DefaultCardReply,
    PayReply,
    SaveCardReply,
    SavedCardsReply,
)
from tools.contract.replies.payglobe.checkout import AskReply, ResumeReply
from tools.contract.replies.payglobe.disputes import (
    AdvanceReply,
    DisputeListReply,
    DisputeReply,
    DisputeStatsReply,
    EvidenceReply,
    PspReply,
    RespondReply,
)
from tools.contract.replies.payglobe.links import LinkListReply, LinkView, OpenLinkReply, PublicLinkReply
from tools.contract.replies.payglobe.payments import (
    CancelReply,
    CaptureReply,
    ChoiceReply,
    InitReply,
    ReceiptReply,
    RefundReply,
    RefundsReply,
    TransactionReply,
    TransactionsReply,
    VoidReply,
    VoucherCheckReply,
)
from tools.contract.replies.payglobe.sandbox import (
    BookReply,
    CardOutcomeReply,
    CardPageReply,
    MessagesReply,
    MethodBookReply,
    VoucherBookReply,
)
from tools.contract.replies.payglobe.services import ServiceReply, ServiceSecretReply
from tools.contract.replies.payglobe.settings import ChangesReply, OverviewReply, SettingsReply
from tools.contract.replies.payglobe.webhooks import (
    BellReply,
    Deleted,
    DeliveryList,
    EndpointList,
    EndpointReply,
    EndpointWithSecret,
    EventList,
    PaymentDeliveries,
    ReplayReply,
    ReplayStarted,
    TestSent,
)

REPLIES: Final[dict[str, type[BaseModel]]] = {
    "payment.transaction": TransactionReply,
    "payment.refunds": RefundsReply,
    "payment.cancel": CancelReply,
    "payment.receipt_resend": ReceiptReply,
    "merchant.transaction_deliveries": PaymentDeliveries,
    "merchant.transactions": TransactionsReply,
    "sandbox.card_page": CardPageReply,
    "sandbox.card_page_ask": CardPageReply,
    "sandbox.card_page_submit": CardOutcomeReply,
    "sandbox.card_page_challenge": CardOutcomeReply,
    "sandbox.card_page_cancel": CardOutcomeReply,
    "sandbox.payment_book": BookReply,
    "sandbox.voucher_book": VoucherBookReply,
    "merchant.paygol_get": ServiceReply,
    "merchant.paygol_update": ServiceReply,
    "merchant.paygol_rotate_secret": ServiceSecretReply,
    "sandbox.method_book": MethodBookReply,
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
    "dispute.evidence": EvidenceReply,
    "dispute.respond": RespondReply,
    "merchant.deliveries_replay": ReplayReply,
    "merchant.changes": ChangesReply,
    "merchant.overview": OverviewReply,
    "merchant.settings": SettingsReply,
    "merchant.settings_update": SettingsReply,
    "merchant.events": EventList,
    "merchant.webhooks_create": EndpointWithSecret,
    "merchant.webhooks_delete": Deleted,
    "merchant.webhooks_deliveries": DeliveryList,
    "merchant.webhooks_get": EndpointReply,
    "merchant.webhooks_list": EndpointList,
    "merchant.webhooks_replay": ReplayStarted,
    "merchant.webhooks_rotate_secret": EndpointWithSecret,
    "merchant.webhooks_test": TestSent,
    "merchant.webhooks_update": EndpointReply,
    "payment.capture": CaptureReply,
    "payment.init": InitReply,
    "payment.refund": RefundReply,
    "payment.void": VoidReply,
    "payment.voucher_check": VoucherCheckReply,
    "payment.voucher_choice": ChoiceReply,
    "sandbox.dispute_advance": AdvanceReply,
    "checkout.ask": AskReply,
    "checkout.resume": ResumeReply,
    "webhook.psp": BellReply,
    "token_payment.pay": PayReply,
    "token_payment.save_card": SaveCardReply,
}
