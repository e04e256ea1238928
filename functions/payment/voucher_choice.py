"""POST /api/payment/voucher-choice/{transactionId}: card only, or these vouchers and the rest by card."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field, model_validator

from shared.bootstrap import core
from shared.domain.payment import Tender
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.fields import Otp
from shared.families.payglobe.payments import owned_payment
from shared.usecases.payment.choose_tender import TenderChoice, choose_tender


class VoucherCode(BaseModel, defer_build=True):  # it is built within the choice
    otp: Otp = Field(description="The code on the voucher")


class ChoiceRequest(BaseModel):
    choice: Literal["CARD_ONLY", "VOUCHERS"]
    vouchers: list[VoucherCode] = Field(default=[], max_length=50)
    acceptLoss: bool = Field(
        default=False,
        description="Also use vouchers of which a part is lost, because they are used whole; else those are left out",
    )

    @model_validator(mode="after")
    def _codes_only_with_vouchers(self) -> ChoiceRequest:
        if self.choice == "CARD_ONLY" and self.vouchers:
            raise ValueError("CARD_ONLY takes no vouchers")
        return self


@endpoint(
    "POST",
    "/api/payment/voucher-choice/{transactionId}",
    caller=Caller.SECRET_KEY_OR_CLIENT_SECRET,
    summary="Choose how a held payment is settled; poll the transaction for the outcome",
    request=ChoiceRequest,
    success=(202,),
    idempotent=True,
    cors=True,
)
def handler(call: Call) -> Reply:
    payment = owned_payment(call)
    body = call.body(ChoiceRequest)
    choice = TenderChoice(
        Tender(body.choice), tuple(voucher.otp for voucher in body.vouchers), accepts_loss=body.acceptLoss
    )
    if not (call.once.repeated and payment.tender is choice.tender):
        payment = choose_tender(payment.id, choice, world=core.world(), known=payment)
    return Reply({"success": True, "transactionId": payment.id, "status": payment.status.value}, 202)
