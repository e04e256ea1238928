"""What the acquirer answers to each call: who is let in, what was answered before, then what its books say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final
from urllib.parse import parse_qsl

from tools.testing.far_sides.door import Request, Sent
from tools.testing.far_sides.stripe import methods, objects, presented
from tools.testing.far_sides.stripe.books import FILES, Account, File, Intent, Refused, Session, invalid

Form = Mapping[str, str]
_MOST_LISTED: Final = 100
_LONGEST_TEXT: Final = 20_000
_THOUSANDTHS: Final = frozenset({"bhd", "jod", "kwd", "omr", "tnd"})  # of which the last digit is always 0
_LARGEST_FILE: Final = 5_000_000
_FILE_TYPES: Final = ("application/pdf", "image/jpeg", "image/png")
_PAGE: Final = "line_items[0]"
_PRICE: Final = f"{_PAGE}[price_data]"
_METADATA: Final = re.compile(r"(payment_intent_data\[metadata\]|metadata)\[\w{1,40}\]")
_BARE: Final = frozenset({"confirm", "expire", "detach"})  # of the calls that take no metadata
_EXPAND: Final = re.compile(r"expand\[\d*\]")
_FIELDS: Final = {
    "sessions": {
        *(
            "mode",
            "success_url",
            "cancel_url",
            "client_reference_id",
            "customer_email",
            "customer_creation",
            "locale",
        ),
        *("expires_at", "adaptive_pricing[enabled]", "allowed_payment_method_types[0]", f"{_PAGE}[quantity]"),
        *(f"{_PRICE}[currency]", f"{_PRICE}[unit_amount]", f"{_PRICE}[product_data][name]"),
        *("payment_intent_data[capture_method]", "payment_intent_data[setup_future_usage]"),
        "payment_intent_data[description]",
    },
    "expire": set[str](),
    "intents": {
        *("amount", "currency", "customer", "payment_method", "off_session", "confirm", "description"),
        *("error_on_requires_action", "capture_method", "return_url", "payment_method_data[type]"),
        *("payment_method_data[billing_details][name]", "payment_method_data[billing_details][email]"),
        "payment_method_options[oxxo][expires_after_days]",
        "allowed_payment_method_types[0]",
    },
    "methods": {"type", *(f"card[{n}]" for n in ("number", "exp_month", "exp_year", "cvc")), "billing_details[name]"},
    "updates": {"payment_method"},
    "confirm": {"return_url"},
    "capture": {"amount_to_capture"},
    "cancel": {"cancellation_reason"},
    "refunds": {"payment_intent", "amount", "reason"},
    "detach": set[str](),
    "disputes": {"evidence[uncategorized_text]", "submit", *(f"evidence[{name}]" for name in FILES)},
    "close": set[str](),
}


class Api:
    """The calls of one account."""

    def __init__(self, account: Account, origin: str) -> None:
        self.account, self.origin = account, origin

    def answer(self, request: Request) -> tuple[int, dict[str, Any], bool]:
        """Status, body, and whether it is the answer to an earlier call with the same Idempotency-Key."""
        key = request.headers.get("idempotency-key", "") if request.method == "POST" else ""
        with self.account.lock:
            said = (request.path, request.body)
            before = self.account.answered.get(key) if key else None
            if before is not None and before[0] != said:
                raise Refused(400, "idempotency_error", "", "Keys can only be used with the same parameters.")
            if before is not None:
                return before[1], before[2], True
            status, body = self._done(request)
            if key:
                self.account.answered[key] = (said, status, body)
            return status, body, False

    def _done(self, request: Request) -> tuple[int, dict[str, Any]]:
        if request.sent:
            return self._uploaded(request)
        form = dict(parse_qsl(request.body.decode() or request.query, keep_blank_values=True))
        for method, pattern, call in _CALLS:
            found = re.fullmatch(pattern, request.path)
            if found and method == request.method:
                try:
                    return 200, call(self, form, *found.groups())
                except Refused as refusal:
                    return refusal.status, {"error": refusal.error}
        return 404, {"error": {"type": "invalid_request_error", "message": "Unrecognized request URL"}}

    def _uploaded(self, request: Request) -> tuple[int, dict[str, Any]]:
        if (request.method, request.path) != ("POST", "/v1/files"):
            return 400, {"error": {"type": "invalid_request_error", "message": "Files are taken elsewhere"}}
        try:
            return 200, self.upload(request.sent)
        except Refused as refusal:
            return refusal.status, {"error": refusal.error}

    def open_session(self, form: Form) -> dict[str, Any]:
        _check("sessions", form)
        if form.get("mode") != "payment" or form.get(f"{_PAGE}[quantity]") != "1" or not form.get("success_url"):
            raise invalid("parameter_missing", "Missing required param.")
        account, name = self.account, form.get(f"{_PRICE}[product_data][name]", "")
        if not name.strip():
            raise invalid("parameter_invalid_empty", "A product has a name.")
        now = account.seconds()
        ends = int(form.get("expires_at", now + 86_400))
        if not now + 1_800 <= ends <= now + 86_400:
            raise invalid("", "The `expires_at` timestamp must be between 30 minutes and 24 hours from now.")
        currency = form.get(f"{_PRICE}[currency]", "")
        amount = _amount(form, f"{_PRICE}[unit_amount]", currency)
        session = Session(account.number("cs_test"), dict(form), amount, currency, now, ends, _metadata(form))
        account.sessions[session.id] = session
        return objects.session(session, self.origin, _expand(form))

    def show_session(self, form: Form, name: str) -> dict[str, Any]:
        return objects.session(self.account.find(self.account.sessions, name), self.origin, _expand(form))

    def expire_session(self, form: Form, name: str) -> dict[str, Any]:
        _check("expire", form)
        session: Session = self.account.find(self.account.sessions, name)
        if session.status != "open":
            raise invalid("", 'Only Checkout Sessions with a status in ["open"] can be expired.')
        session.status = "expired"
        if session.intent is not None:
            self.account.cancel(session.intent, "automatic")
        return objects.session(session, self.origin, _expand(form))

    def make_intent(self, form: Form) -> dict[str, Any]:
        _check("intents", form)
        account = self.account
        manual = form.get("capture_method") == "manual"
        currency = form.get("currency", "")
        intent = account.opened(_amount(form, "amount", currency), currency, manual, _metadata(form))
        if "payment_method_data[type]" in form:
            methods.begin(account, intent, form)
            return objects.intent(intent, _expand(form), self.origin)
        if "payment_method" not in form:
            return objects.intent(intent, _expand(form))
        card = account.find(account.cards, form["payment_method"])
        intent.customer = form.get("customer", "")
        if form.get("confirm") == "true":
            try:
                account.charge(intent, card, form.get("customer", ""))
            except Refused as refusal:
                refusal.error["payment_intent"] = objects.intent(intent)
                raise
        return objects.intent(intent, _expand(form))

    def make_method(self, form: Form) -> dict[str, Any]:
        _check("methods", form)
        made = presented.made(self.account, form.get("card[number]", ""), form.get("billing_details[name]", ""))
        return {"id": made.id, "object": "payment_method", "card": made.shown()}

    def update_intent(self, form: Form, name: str) -> dict[str, Any]:
        _check("updates", form)
        intent: Intent = self.account.find(self.account.intents, name)
        with _shown():
            if "payment_method" in form:
                presented.put(self.account, intent, self.account.find(self.account.cards, form["payment_method"]))
        intent.metadata |= _metadata(form)
        return objects.intent(intent, _expand(form), self.origin)

    def confirm(self, form: Form, name: str) -> dict[str, Any]:
        _check("confirm", form)
        intent: Intent = self.account.find(self.account.intents, name)
        with _shown():
            presented.confirm(self.account, intent, form.get("return_url", ""))
        return objects.intent(intent, _expand(form), self.origin)

    def show_intent(self, form: Form, name: str) -> dict[str, Any]:
        intent: Intent = self.account.find(self.account.intents, name)
        methods.lapse(self.account, intent)
        return objects.intent(intent, _expand(form), self.origin)

    def list_intents(self, form: Form) -> dict[str, Any]:
        since, until = int(form.get("created[gte]", "0")), int(form.get("created[lte]", "9" * 12))
        wanted = form.get("customer")
        found = [
            objects.intent(one)
            for one in reversed(self.account.intents.values())
            if since <= one.created <= until and wanted in (None, one.customer)
        ]
        return _listed(found, form)

    def capture(self, form: Form, name: str) -> dict[str, Any]:
        _check("capture", form)
        intent: Intent = self.account.find(self.account.intents, name)
        given = "amount_to_capture" in form
        amount = _amount(form, "amount_to_capture", intent.currency) if given else intent.amount
        with _shown():
            self.account.capture(intent, amount, _metadata(form))
        return objects.intent(intent, _expand(form))

    def cancel(self, form: Form, name: str) -> dict[str, Any]:
        _check("cancel", form)
        intent: Intent = self.account.find(self.account.intents, name)
        with _shown():
            self.account.cancel(intent, form.get("cancellation_reason", ""))
        return objects.intent(intent, _expand(form))

    def refund(self, form: Form) -> dict[str, Any]:
        _check("refunds", form)
        intent = self.account.find(self.account.intents, form.get("payment_intent", ""))
        return objects.refund(self.account.refund(intent, _amount(form, "amount", intent.currency), _metadata(form)))

    def list_refunds(self, form: Form) -> dict[str, Any]:
        about = form.get("payment_intent")
        found = [
            objects.refund(one) for one in reversed(self.account.refunds.values()) if about in (None, one.intent.id)
        ]
        return _listed(found, form)

    def detach(self, form: Form, name: str) -> dict[str, Any]:
        _check("detach", form)
        card = self.account.find(self.account.cards, name)
        if not card.customer:
            raise invalid(
                "", "The payment method you provided is not attached to a customer so detachment is impossible."
            )
        card.customer = ""
        return {"id": card.id, "object": "payment_method", "customer": None}

    def show_method(self, form: Form, name: str) -> dict[str, Any]:
        card = self.account.find(self.account.cards, name)
        return {"id": card.id, "object": "payment_method", "customer": card.customer or None}

    def answer_dispute(self, form: Form, name: str) -> dict[str, Any]:
        _check("disputes", form)
        dispute = self.account.find(self.account.disputes, name)
        said = {n.removeprefix("evidence[")[:-1]: value for n, value in form.items() if n.startswith("evidence[")}
        if len(said.get("uncategorized_text", "")) > _LONGEST_TEXT:
            raise invalid("", "Evidence is too long.")
        self.account.answered_with(dispute, said, _metadata(form), form.get("submit", "true") == "true")
        return objects.dispute(dispute)

    def show_dispute(self, form: Form, name: str) -> dict[str, Any]:
        return objects.dispute(self.account.find(self.account.disputes, name))

    def close_dispute(self, form: Form, name: str) -> dict[str, Any]:
        _check("close", form)
        dispute = self.account.find(self.account.disputes, name)
        self.account.give_up(dispute)
        return objects.dispute(dispute)

    def upload(self, sent: Sequence[Sent]) -> dict[str, Any]:
        purpose = [one.content.decode() for one in sent if one.field == "purpose"]
        files = [one for one in sent if one.field == "file"]
        if purpose != ["dispute_evidence"] or len(files) != 1 or not files[0].name:
            raise invalid("parameter_missing", "A file and what it is for.")
        if files[0].content_type not in _FILE_TYPES or not 0 < len(files[0].content) <= _LARGEST_FILE:
            raise invalid("", "Evidence is a PDF, JPEG or PNG of 5 MB at most.")
        file = File(self.account.number("file"), files[0].name, files[0].content)
        self.account.files[file.id] = file
        return {"id": file.id, "object": "file", "purpose": purpose[0], "size": len(file.content)}

    def show_account(self, form: Form) -> dict[str, Any]:
        return objects.account(self.account)


class _shown:
    """A refusal about an intent shows the intent as it is."""

    def __enter__(self) -> None: ...

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if isinstance(error, Refused) and isinstance(error.error.get("payment_intent"), Intent):
            error.error["payment_intent"] = objects.intent(error.error["payment_intent"])


def _check(call: str, form: Form) -> None:
    for name in form:
        about = _METADATA.fullmatch(name) and call not in _BARE
        if name not in _FIELDS[call] and not about and not _EXPAND.fullmatch(name):
            raise invalid("parameter_unknown", f"Received unknown parameter: {name}", param=name)


def _amount(form: Form, name: str, currency: str) -> int:
    text = form.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) <= 8):
        raise invalid("parameter_invalid_integer", f"Invalid integer: {name}", param=name)
    if currency in _THOUSANDTHS and int(text) % 10:
        raise invalid("invalid_request_error", f"Amounts in {currency} end with 0", param=name)
    return int(text)


def _metadata(form: Form) -> dict[str, str]:
    return {name[len("metadata[") : -1]: value for name, value in form.items() if name.startswith("metadata[")}


def _expand(form: Form) -> set[str]:
    return {value for name, value in form.items() if _EXPAND.fullmatch(name)}


def _listed(found: list[dict[str, Any]], form: Form) -> dict[str, Any]:
    after = form.get("starting_after")
    names = [one["id"] for one in found]
    start = names.index(after) + 1 if after in names else 0
    limit = min(int(form.get("limit", "10")), _MOST_LISTED)
    return {"object": "list", "data": found[start : start + limit], "has_more": len(found) > start + limit}


def _calls() -> Iterator[tuple[str, str, Callable[..., dict[str, Any]]]]:
    name = r"([\w]+)"
    yield "POST", "/v1/checkout/sessions", Api.open_session
    yield "GET", f"/v1/checkout/sessions/{name}", Api.show_session
    yield "POST", f"/v1/checkout/sessions/{name}/expire", Api.expire_session
    yield "POST", "/v1/payment_intents", Api.make_intent
    yield "GET", "/v1/payment_intents", Api.list_intents
    yield "GET", f"/v1/payment_intents/{name}", Api.show_intent
    yield "POST", f"/v1/payment_intents/{name}", Api.update_intent
    yield "POST", f"/v1/payment_intents/{name}/confirm", Api.confirm
    yield "POST", f"/v1/payment_intents/{name}/capture", Api.capture
    yield "POST", f"/v1/payment_intents/{name}/cancel", Api.cancel
    yield "POST", "/v1/refunds", Api.refund
    yield "GET", "/v1/refunds", Api.list_refunds
    yield "POST", "/v1/payment_methods", Api.make_method
    yield "POST", f"/v1/payment_methods/{name}/detach", Api.detach
    yield "GET", f"/v1/payment_methods/{name}", Api.show_method
    yield "POST", f"/v1/disputes/{name}", Api.answer_dispute
    yield "GET", f"/v1/disputes/{name}", Api.show_dispute
    yield "POST", f"/v1/disputes/{name}/close", Api.close_dispute
    yield "GET", "/v1/account", Api.show_account


_CALLS: Final = tuple(_calls())
