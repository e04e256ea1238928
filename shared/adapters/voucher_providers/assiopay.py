"""AssioPay: a voucher is asked about, spent and given back by its number, each under a reference of ours.

AssioPay publishes no way to spend. Signing in, amounts with a comma, kinds and the 404 of an unknown code are as its
public traces show; the four calls on vouchers are of our own invention, like their far side in ``tools/testing``.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping
from datetime import date
from hashlib import sha256
from typing import ClassVar, Final, TypeVar

from shared.adapters.psp_http import PspHttp
from shared.adapters.reading import word
from shared.adapters.settings import ConnectorSettings
from shared.adapters.voucher_providers.wire import NOT_FOUND, Said, Wire
from shared.adapters.wire_keys import wire_key
from shared.domain.errors import CredentialsRefused, InvalidRequest, OutcomeUnknown, Unavailable
from shared.domain.money import Money
from shared.domain.operation import Answer, Operation, State
from shared.domain.payment import Environment, Payment
from shared.domain.record import dataclass
from shared.domain.voucher import Validation, Voucher, VoucherAbilities, VoucherKind, of_form
from shared.domain.voucher_refusal import VoucherRefusal

NAME: Final = "assiopay"
DONE: Final = "000"
Result = TypeVar("Result")
_FORM: Final = re.compile(r"AP[0-9A-Z]{4,30}")
_AMOUNT: Final = re.compile(r"[0-9]{1,9}(,[0-9]{1,2})?")
_KINDS: Final = {
    "MF": VoucherKind.CUMULATIVE,
    "MFG": VoucherKind.DAILY,
    "MFM": VoucherKind.CANTEEN,
    "MF1": VoucherKind.SINGLE,
}
_REASONS: Final = {
    "101": VoucherRefusal.INVALID,
    "102": VoucherRefusal.EXPIRED,
    "103": VoucherRefusal.USED,
    "104": VoucherRefusal.NOT_ACCEPTED_HERE,
    "105": VoucherRefusal.AMOUNT_TOO_HIGH,
    "106": VoucherRefusal.NOT_ACCEPTED_HERE,
}
_NOT_BACK: Final = {
    "107": ("voucher_not_divisible", "This voucher is given back whole only"),
    "108": ("not_reversible", "This voucher cannot be given back"),
    "109": ("too_late_to_reverse", "This voucher cannot be given back any more"),
}
_NEVER_VALID: Final = Answer(State.REFUSED, VoucherRefusal.INVALID, VoucherRefusal.INVALID.text)
_NOT_SPENT: Final = Answer(State.REFUSED, "not_reversible", "Nothing of this voucher was spent")
_MOST_TOKENS: Final = 200
_tokens: dict[str, str] = {}
_lock: Final = threading.Lock()


@dataclass(frozen=True, slots=True)
class AssioPayProvider:
    """The port ``VoucherProvider``. A spending's reference is AssioPay's number of it, by which it is given back."""

    abilities: ClassVar = VoucherAbilities()
    settings: ConnectorSettings

    def takes(self, otp: str) -> bool:
        return of_form(_FORM, otp) is not None

    def validate(self, payment: Payment, voucher: Voucher) -> Validation:
        nothing = payment.amount.zero()
        asked = {"codice": of_form(_FORM, voucher.otp) or voucher.otp, "valuta": payment.amount.currency}
        said = self._call(payment, lambda wire: wire.asks("check", "POST", "admin/verifica", asked, question=True))
        if said.status == NOT_FOUND:
            return Validation(False, nothing, "", VoucherRefusal.INVALID, VoucherRefusal.INVALID.text, known=False)
        code = _code_of(said)
        if code != DONE:
            reason = _REASONS.get(code, VoucherRefusal.INVALID)
            return Validation(False, nothing, word(said.body, "seriale"), reason, reason.text)
        left, most = _amount(said, "balance", nothing), _amount(said, "maxSpendableAmount", nothing)
        serial, kind = word(said.body, "seriale"), _KINDS.get(word(said.body, "tipo"))
        if not serial:
            raise OutcomeUnknown("AssioPay does not say which voucher it is")
        return Validation(
            True,
            min(left, most),
            serial,
            code,
            word(said.body, "messaggio"),
            kind=kind,
            face_value=_amount(said, "value", nothing),
            divisible=said.body.get("frazionabile") is True,
            country="IT",
            most=_number(said, "massimoBuoni"),
            expires_on=_day(word(said.body, "scadenza")),
            returnable=kind is not VoucherKind.CANTEEN,
            food_only=said.body.get("soloAlimentari") is True,
        )

    def release(self, payment: Payment, voucher: Voucher) -> None:
        """Nothing is reserved by asking."""

    def spend(self, payment: Payment, voucher: Voucher, operation: Operation) -> Answer:
        body = {"seriale": voucher.serial_number, **_moved(payment, operation)}
        if not voucher.serial_number:
            return self._call(payment, lambda wire: _NEVER_VALID)
        said = self._call(payment, lambda wire: wire.asks("spend", "POST", "admin/spesa", body))
        return _NEVER_VALID if said.status == NOT_FOUND else _answer(said, operation)

    def reverse(self, payment: Payment, voucher: Voucher, operation: Operation) -> Answer:
        spending = payment.spending_of(voucher)
        if spending is None or not spending.reference:
            return self._call(payment, lambda wire: _NOT_SPENT)
        body = {"operazione": spending.reference, **_moved(payment, operation)}
        said = self._call(payment, lambda wire: wire.asks("reverse", "POST", "admin/storno", body))
        return _NOT_SPENT if said.status == NOT_FOUND else _answer(said, operation)

    def lookup(self, payment: Payment, voucher: Voucher, operation: Operation) -> Answer | None:
        path = f"admin/operazioni/{wire_key(payment, operation.key)}"
        said = self._call(payment, lambda wire: wire.asks("operation", "GET", path))
        return None if said.status == NOT_FOUND else _answer(said, operation)

    def notify(self, payment: Payment, voucher: Voucher) -> Answer:
        spending = payment.spending_of(voucher)
        if spending is None or not spending.reference:
            return self._call(payment, lambda wire: _NOT_SPENT)
        body = {"operazione": spending.reference}
        said = self._call(payment, lambda wire: wire.asks("notify", "POST", "admin/notifica", body, question=True))
        if said.status == NOT_FOUND:
            return _NOT_SPENT
        state = State.SUCCEEDED if _code_of(said) == DONE else State.REFUSED
        return Answer(state, _code_of(said), word(said.body, "messaggio"))

    def _call(self, payment: Payment, call: Callable[[Wire], Result]) -> Result:
        return self.settings.signed_in(
            payment, NAME, lambda known: with_token(self.settings.http, payment.environment, known, call)
        )


def with_token(
    http: PspHttp,
    environment: Environment,
    known: Mapping[str, str],
    call: Callable[[Wire], Result],
    *,
    fresh: bool = False,
) -> Result:
    """What ``call`` comes to with a token, which is kept until it is refused; then, once, with a new one.

    Raises what the call raises, CredentialsRefused for a login that is not accepted.
    """
    name = sha256("\0".join((known["api_base"], known["mail"], known["password"])).encode()).hexdigest()
    with _lock:
        token = "" if fresh else _tokens.get(name, "")

    def signed_in(token: str) -> Result:
        return call(Wire(NAME, http, environment, known["api_base"], {"Authorization": f"Bearer {token}"}))

    if token:
        try:
            return signed_in(token)
        except CredentialsRefused:
            pass  # it ended; a call with it did nothing
    token = _login(http, environment, known)
    with _lock:
        while len(_tokens) >= _MOST_TOKENS:
            del _tokens[next(iter(_tokens))]
        _tokens[name] = token
    return signed_in(token)


def sign_everybody_out() -> None:
    """Forget every token that is kept."""
    with _lock:
        _tokens.clear()


def _login(http: PspHttp, environment: Environment, known: Mapping[str, str]) -> str:
    """Raises Unavailable (CredentialsRefused among them): it moves nothing."""
    given = {"mail": known["mail"], "password": known["password"]}
    try:
        said = Wire(NAME, http, environment, known["api_base"], {}).asks(
            "login", "POST", "web/user/login", given, question=True
        )
    except OutcomeUnknown as error:
        raise Unavailable("AssioPay signs nobody in now") from error
    token = word(said.body, "accessToken")
    if not said.done or not token:
        raise Unavailable("AssioPay signs nobody in now")
    return token


def _moved(payment: Payment, operation: Operation) -> dict[str, str]:
    amount = operation.amount
    text = str(amount.major).replace(".", ",")
    return {"importo": text, "valuta": amount.currency, "riferimento": wire_key(payment, operation.key)}


def _answer(said: Said, operation: Operation) -> Answer:
    """Raises OutcomeUnknown for another amount than was asked for: that is nothing to guess about."""
    code, number = _code_of(said), word(said.body, "operazione")
    if code in _NOT_BACK:
        return Answer(State.REFUSED, *_NOT_BACK[code])
    if code != DONE:
        reason = _REASONS.get(code, VoucherRefusal.INVALID)
        return Answer(State.REFUSED, reason, reason.text)
    if not number or _amount(said, "importo", operation.amount) != operation.amount:
        raise OutcomeUnknown("AssioPay does not say that it did what was asked")
    return Answer(State.SUCCEEDED, code, word(said.body, "messaggio"), number)


def _code_of(said: Said) -> str:
    code = word(said.body, "esito")
    if not said.done or not code:
        raise OutcomeUnknown(f"AssioPay does not say what came of it (status {said.status})")
    return code


def _amount(said: Said, name: str, like: Money) -> Money:
    text = word(said.body, name)
    try:
        if _AMOUNT.fullmatch(text):
            return Money.parse(text.replace(",", "."), like.currency)
    except InvalidRequest:
        pass
    raise OutcomeUnknown("AssioPay does not say how much it is")


def _number(said: Said, name: str) -> int:
    value = said.body.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


def _day(text: str) -> str:
    """``31/12/2030`` as ``2030-12-31``; empty for what is no day."""
    day, _, rest = text.partition("/")
    month, _, year = rest.partition("/")
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return ""
