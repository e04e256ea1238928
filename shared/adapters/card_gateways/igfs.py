"""IGFS (N&TS: UniCredit PagOnline, BNL e-POSitivity, PayWay): its own card page, and calls that are signed both ways.

What it can be asked about is a page alone. A Confirm and a VoidAuth may be made again under the same number, and its
codes tell that they were done; so may a Credit of all that is left. A part of it and a charge of a saved card may
not, unless the terminal refuses a shopID that it knows (``refunds_repeatable``): those are for a person.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from secrets import token_hex
from typing import TYPE_CHECKING, ClassVar, Final

from shared.adapters.card_gateways import igfs_codes as codes
from shared.adapters.card_gateways.calls import OwnPageAlone, in_another_currency
from shared.adapters.card_gateways.igfs_cards import card_of, chain_of, kept_token, three_ds_of, token_of
from shared.adapters.card_gateways.igfs_wire import FORMS, Reply, Terminal, envelope, reply
from shared.adapters.psp_http import PspHttp, PspRequest
from shared.adapters.settings import ConnectorSettings, Owned
from shared.adapters.wire_keys import wire_key
from shared.domain.abilities import Abilities
from shared.domain.authentication import proof_of
from shared.domain.card import Initiator
from shared.domain.errors import CredentialsRefused, NobodyKnows, OutcomeUnknown, Unprocessable
from shared.domain.ids import PageId
from shared.domain.money import Money
from shared.domain.operation import Answer, Kind, Operation, State
from shared.domain.payment import Environment, Payment
from shared.domain.record import dataclass
from shared.domain.refund import CARD
from shared.ports.connectors import Page, PageOutcome, PageRequest, PageState

if TYPE_CHECKING:
    from shared.domain.saved_card import SavedCard

NAME: Final = "igfs"
_LANGUAGES: Final = frozenset({"IT", "EN", "DE", "FR", "ES"})
_QUESTIONS: Final = frozenset({"Init", "Verify"})  # an opened page that nobody was shown is nothing
_LONGEST_TEXT: Final = 256
# Who has a saved card charged, in the words of the schemes.
_INDICATORS: Final = {Initiator.CUSTOMER: "CIT_COF_NEXT", Initiator.MERCHANT: "MIT_UNSCHEDULED_COF_NEXT"}
_DONE_BEFORE: Final = Answer(State.SUCCEEDED, codes.response_code(codes.DONE))
_RELEASED: Final = Answer(State.SUCCEEDED, "already_released", "The hold is gone")


@dataclass(frozen=True, slots=True)
class IgfsCardGateway(OwnPageAlone):
    """The port ``CardGateway``. A page's handle is the ``shop_id`` that all calls about it bear."""

    abilities: ClassVar = Abilities(
        asks=frozenset(), repeats=frozenset({Kind.CAPTURE, Kind.VOID}), closes_pages=False, hold_days=7
    )
    settings: ConnectorSettings

    def open_page(self, request: PageRequest) -> Page:
        opened: Reply | None = None
        shop_id = first = f"{request.payment.id}-{request.try_number}"
        with suppress(OutcomeUnknown):
            opened = self._init(request, shop_id)
        if opened is None or opened.code == codes.SHOP_ID_USED:
            shop_id = f"{first}-{token_hex(3)}"
            opened = self._init(request, shop_id)
        if not opened.done:
            raise Unprocessable(f"the card gateway opens no page for this payment ({opened.code})", code="refused")
        return Page(
            PageId(opened["paymentID"]), url=opened["redirectURL"], handle={"shop_id": shop_id}, framable=False
        )

    def page_outcome(self, payment: Payment) -> PageOutcome:
        said = self._verified(payment)
        number = payment.page_number
        if said.done:
            return PageOutcome(
                PageState.APPROVED,
                number,
                codes.response_code(said.code),
                reference=said["tranID"] or None,
                auth_code=said["authCode"] or None,
                proof=proof_of(said["traceChainId"], three_ds_of(said)),
                card=card_of(said),
                token=kept_token(said) or None,
                closed=True,
            )
        if said.code in codes.WAITING:
            state = PageState.PENDING if said.code == codes.UNDECIDED else PageState.OPEN
            return PageOutcome(state, number if state is PageState.PENDING else number - 1, said.code)
        if said.code == codes.CANCELLED:
            return PageOutcome(PageState.CANCELLED, number, said.code, closed=True)
        if said.code == codes.NO_SUCH_PAGE:
            raise OutcomeUnknown("IGFS does not know the page of this payment")
        return PageOutcome(
            PageState.DECLINED, number, said.code, said["errorDesc"], closed=True, reason=codes.reason(said.code)
        )

    def close_page(self, payment: Payment) -> PageOutcome:
        """It has no call for that: a card that comes later is given back."""
        return self.page_outcome(payment)

    def authorise(self, payment: Payment, operation: Operation) -> Answer:
        """Its page holds or charges the card itself: there is nothing that was agreed to and not done."""
        return Answer(State.REFUSED, "not_agreed", "Nobody agreed to this payment")

    def capture(self, payment: Payment, operation: Operation) -> Answer:
        if unfit := in_another_currency(payment, operation):
            return unfit
        said = self._asked(payment, "Confirm", self._about_hold(payment, operation))
        if said.code == codes.CONFIRMED_ALREADY and operation.sent_before:
            # What it left held was in the answer that was lost: the rest is released, if there is one.
            return replace(_DONE_BEFORE, left=payment.authorised - operation.amount or None)
        return _answer(said, left=Money(int(said["pendingAmount"] or 0), operation.amount.currency))

    def void(self, payment: Payment, operation: Operation) -> Answer:
        if unfit := in_another_currency(payment, operation):
            return unfit
        said = self._asked(payment, "VoidAuth", self._about_hold(payment, operation))
        if said.code == codes.VOIDED_ALREADY:
            return _RELEASED
        if said.code == codes.NOTHING_HELD and payment.done(Kind.CAPTURE) and operation.amount < payment.authorised:
            return _RELEASED  # the rest of a capture, which its terminal let go of by itself
        return _DONE_BEFORE if said.code == codes.VOIDED else _answer(said)

    def refund(self, payment: Payment, operation: Operation) -> Answer:
        values = self._about(payment, operation) | {"currencyCode": operation.amount.currency}
        taken = payment.done(Kind.CAPTURE, Kind.SALE)
        values["refTranID"] = (taken[-1].reference if taken else None) or self._authorisation(payment)
        repeatable = self._repeatable(payment)
        if repeatable:
            values["shopID"] = wire_key(payment, operation.key)
        said = self._asked(payment, "Credit", values)
        # More than is left, or a number that was used: what was sent before has arrived.
        repeated = codes.SHOP_ID_USED if repeatable else codes.CREDIT_ABOVE_CONFIRMED
        if said.code == repeated and operation.sent_before:
            return _DONE_BEFORE
        return _answer(said)

    def charge(self, payment: Payment, operation: Operation, token: str) -> Answer:
        values = {
            "shopID": _of_charge(payment, operation),
            "amount": str(operation.amount.minor),
            "currencyCode": operation.amount.currency,
            "trType": "PURCHASE",
            "payInstrToken": token_of(token),
            "traceChainId": chain_of(token),
            "langID": _language(payment),
            "shopUserRef": _cut(payment.email or payment.customer_id or ""),
            "addInfo1": payment.id,
            "txIndicatorType": _INDICATORS[payment.initiator or Initiator.CUSTOMER],
            "description": _cut(payment.description),
        }
        said = self._asked(payment, "Auth", values)
        return replace(_answer(said), reason=None if said.done else codes.reason(said.code))

    def delete_token(self, card: SavedCard, token: str) -> Answer:
        values = {"shopID": f"DEL_{card.token_mark[:24]}", "payInstrToken": token_of(token)}
        said = self._call(card, "Delete", values, by_token=True)
        return Answer(State.SUCCEEDED) if said.done or said.code == codes.CARD_FORGOTTEN else _answer(said)

    def lookup(self, payment: Payment, operation: Operation) -> Answer | None:
        """None also where the same call may be made again. NobodyKnows where only a person can find out."""
        repeatable = self._repeatable(payment)  # raises for a merchant that has no terminal here
        if operation.kind in (Kind.CAPTURE, Kind.VOID):
            return None
        if operation.kind is Kind.REFUND:
            if repeatable or _gives_back_the_rest(payment, operation):
                return None
        elif payment.saved_card is None:
            said = self._verified(payment)
            return None if said.code in codes.WAITING else _answer(said)
        raise NobodyKnows("IGFS answers no question about this call")

    def _init(self, request: PageRequest, shop_id: str) -> Reply:
        payment = request.payment
        values = {
            "shopID": shop_id,
            "shopUserRef": _cut(payment.email or ""),
            "trType": "PURCHASE" if request.sale else "AUTH",
            "amount": str(payment.amount.minor),
            "currencyCode": payment.amount.currency,
            "langID": _language(payment),
            "notifyURL": request.return_url,
            "errorURL": request.return_url,
            "callbackURL": request.notify_url,
            "description": _cut(payment.description),
        }
        if request.tokenize:
            values |= {"regenPayInstrToken": "true", "txIndicatorType": "CIT_UNSCHEDULED_COF_FIRST"}
        return self._call(payment, "Init", values)

    def _verified(self, payment: Payment) -> Reply:
        return self._asked(payment, "Verify", {"shopID": _of_page(payment), "paymentID": payment.page_id})

    def _about(self, payment: Payment, operation: Operation) -> dict[str, str]:
        """A call about what the payment's page, or its token's charge, came to: it bears the same number."""
        charged = payment.last(Kind.SALE) if payment.saved_card is not None else None
        shop_id = _of_charge(payment, charged) if charged else _of_page(payment)
        return {"shopID": shop_id, "amount": str(operation.amount.minor)}

    def _about_hold(self, payment: Payment, operation: Operation) -> dict[str, str]:
        return self._about(payment, operation) | {"refTranID": self._authorisation(payment)}

    def _authorisation(self, payment: Payment) -> str:
        """The acquirer's number of the hold or sale; asked for when the journal has none."""
        authorised = payment.done(Kind.PREAUTH, Kind.SALE)
        found = authorised[-1].reference if authorised else None
        return found or (self._verified(payment)["tranID"] if payment.saved_card is None else "")

    def _repeatable(self, payment: Payment) -> bool:
        found = self.settings.credentials.of(payment.merchant_id, payment.environment, NAME)
        return found.get("refunds_repeatable") == "true"

    def _asked(self, payment: Payment, operation: str, values: Mapping[str, str]) -> Reply:
        return self._call(payment, operation, values, by_token=payment.saved_card is not None)

    def _call(self, owner: Owned, operation: str, values: Mapping[str, str], *, by_token: bool = False) -> Reply:
        """The acquirer's answer. A second terminal, where there is one, charges saved cards and all that follows.

        Raises Unavailable, CredentialsRefused, GatewayNotConfigured, and OutcomeUnknown also for a code that says
        nothing.
        """

        def call(known: Mapping[str, str]) -> Reply:
            return asked(self.settings.http, owner.environment, known, operation, values, by_token=by_token)

        return self.settings.signed_in(owner, NAME, call)


def asked(
    http: PspHttp,
    environment: Environment,
    known: Mapping[str, str],
    operation: str,
    values: Mapping[str, str],
    *,
    by_token: bool = False,
) -> Reply:
    """The answer to one call of the terminal that ``known`` describes. Raises as ``IgfsCardGateway._call`` does."""
    other = "token_" if by_token and known.get("token_tid") else ""
    terminal = Terminal(known[f"{other}tid"], known[f"{other}ksig"], known.get("api_version", "2.4.1.5"))
    form, given = FORMS[operation], dict(values)
    if "langID" in form.elements and not given.get("langID"):
        given["langID"] = known.get("default_language", "IT")
    answered = http.call(
        PspRequest(
            f"igfs.{operation}",
            "POST",
            f"{known['server_url'].rstrip('/')}/{form.port}",
            environment,
            {"Content-Type": 'text/xml; charset="utf-8"'},
            envelope(terminal, operation, given),
            question=operation in _QUESTIONS,
        )
    )
    said = reply(terminal, operation, answered.body)
    if said.code in codes.NOT_LET_IN:
        raise CredentialsRefused("IGFS does not accept this terminal's id or key")
    if said.code in codes.SILENT:
        raise OutcomeUnknown(f"IGFS says nothing about this call ({said.code})")
    return said


def _answer(said: Reply, left: Money | None = None) -> Answer:
    if not said.done:
        return Answer(State.REFUSED, said.code, said["errorDesc"])
    return Answer(
        State.SUCCEEDED, codes.response_code(said.code), reference=said["tranID"] or None, left=left or None
    )


def _gives_back_the_rest(payment: Payment, operation: Operation) -> bool:
    """Whether a second Credit of this amount would be above what is left, were the first one there.

    Refunds lie beside their payment, which knows what they give back or reserve, and which of them are open.
    """
    amount = operation.amount.minor
    others = max(payment.given_back.get(CARD, 0) - amount, 0)
    open_beside = [leg for leg in payment.open_legs if f":{Kind.REFUND}:" in leg]
    settled = all(leg.endswith(f"/{operation.key}") for leg in open_beside)
    return settled and amount * 2 > payment.captured.minor - others


def _of_page(payment: Payment) -> str:
    return payment.card_page.handle.get("shop_id", "") if payment.card_page else ""


def _of_charge(payment: Payment, charge: Operation) -> str:
    return f"TKN_{wire_key(payment, charge.key)}"


def _language(payment: Payment) -> str:
    """The customer's, if the acquirer speaks it; empty: the terminal's own."""
    short = payment.language[:2].upper()
    return short if short in _LANGUAGES else ""


def _cut(text: str) -> str:
    return text[:_LONGEST_TEXT]
