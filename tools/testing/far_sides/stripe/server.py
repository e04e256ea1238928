"""The acquirer on a port of this machine: its API for shops, Checkout for customers, and events it signs."""

from __future__ import annotations

import hmac
import json
import time
import urllib.error
import urllib.request
from datetime import datetime
from typing import Any, Final

from tools.testing.far_sides.door import Door, Reply, Request, page, sent_to
from tools.testing.far_sides.stripe import objects, presented
from tools.testing.far_sides.stripe.api import Api
from tools.testing.far_sides.stripe.books import Account, Dispute, Refused, Session

PAGE: Final = "/c/pay/"
BANK: Final = "/3ds/"


class StripeAcquirer(Door):
    """Serves until ``close``. ``says``: a status and an error that the next calls get, whatever they ask for."""

    def __init__(self, *accounts: Account) -> None:
        self.accounts = {account.key: account for account in accounts or (Account(),)}
        self.asked: list[Request] = []
        self.says: list[tuple[int, dict[str, Any]]] = []
        super().__init__()

    @property
    def account(self) -> Account:
        return next(iter(self.accounts.values()))

    def is_question(self, request: Request) -> bool | None:
        if not request.path.startswith("/v1/"):
            return None
        return request.method == "GET"

    def answer(self, request: Request) -> Reply:
        if request.path.startswith(PAGE):
            return self._typed(request) if request.method == "POST" else self._shown(request)
        if request.path.startswith(BANK):
            return self._at_bank(request)
        if not request.path.startswith("/v1/"):
            return Reply(404)
        self.asked.append(request)
        if self.says:
            status, error = self.says.pop(0)
            return _json(status, {"error": error})
        account = self.accounts.get(request.headers.get("authorization", "").removeprefix("Bearer "))
        if account is None:
            return _json(401, {"error": {"type": "invalid_request_error", "message": "Invalid API Key provided"}})
        try:
            status, body, replayed = Api(account, self.origin).answer(request)
        except Refused as refusal:
            return _json(refusal.status, {"error": refusal.error})
        return _json(status, body, {"Idempotent-Replayed": "true"} if replayed else {})

    def _session(self, request: Request) -> tuple[Account, Session] | None:
        name = request.path.removeprefix(PAGE)
        return next(((a, a.sessions[name]) for a in self.accounts.values() if name in a.sessions), None)

    def _shown(self, request: Request) -> Reply:
        known = self._session(request)
        if known is None:
            return Reply(404)
        _account, session = known
        if session.status != "open":
            return page("<p>This page has ended.</p>", "Simulated Stripe Checkout")
        failed = session.intent is not None and session.intent.error is not None
        form = (
            f'{"<p>Your card was declined.</p>" if failed else ""}<form method="post" action="{request.path}">'
            '<label>Card <input name="number"></label><button>Pay</button></form>'
            f'<a id="back" href="{session.given.get("cancel_url", "")}">Back</a>'
        )
        return page(form, "Simulated Stripe Checkout")

    def _typed(self, request: Request) -> Reply:
        known = self._session(request)
        if known is None:
            return Reply(404)
        account, session = known
        with account.lock:
            account.entered(session.id, request.form.get("number", "").replace(" ", ""))
        if session.status == "open":
            return sent_to(request.path)
        return sent_to(session.given["success_url"].replace("{CHECKOUT_SESSION_ID}", session.id))

    def _at_bank(self, request: Request) -> Reply:
        """The page of a presented card's bank, where its holder passes or does not."""
        name = request.path.removeprefix(BANK)
        known = next(((a, a.intents[name]) for a in self.accounts.values() if name in a.intents), None)
        if known is None:
            return Reply(404)
        account, intent = known
        if request.method == "GET":
            buttons = '<button name="passes" value="1">Confirm</button><button name="passes" value="">Refuse</button>'
            return page(f'<form method="post" action="{request.path}">{buttons}</form>', "Simulated bank")
        with account.lock:
            presented.been_to_bank(account, intent, passes=bool(request.form.get("passes")))
        return sent_to(intent.return_url)

    # ---- events ----

    def event(self, kind: str, about: dict[str, Any], before: dict[str, Any] | None = None) -> bytes:
        data: dict[str, Any] = {"object": about}
        if before is not None:
            data["previous_attributes"] = before
        made = {"id": self.account.number("evt"), "object": "event", "type": kind, "data": data}
        return json.dumps({**made, "created": int(time.time()), "livemode": False}).encode()

    def tells_of(self, session: Session, kind: str = "checkout.session.completed") -> bytes:
        return self.event(kind, objects.session(session, self.origin))

    def tells_of_dispute(self, dispute: Dispute, kind: str = "charge.dispute.created") -> bytes:
        return self.event(kind, objects.dispute(dispute))

    def rings(self, url: str, body: bytes, *, secret: str | None = None) -> int:
        """Post a signed event; the status of the answer."""
        header = signed(secret or self.account.webhook_secret, body, int(time.time()))
        headers = {"Content-Type": "application/json", "Stripe-Signature": header}
        try:
            with urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=30) as reply:
                return int(reply.status)
        except urllib.error.HTTPError as error:
            return error.code


def signed(secret: str, body: bytes, at: int | datetime) -> str:
    seconds = at if isinstance(at, int) else int(at.timestamp())
    digest = hmac.digest(secret.encode(), f"{seconds}.".encode() + body, "sha256").hex()
    return f"t={seconds},v1={digest}"


def _json(status: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> Reply:
    return Reply(status, json.dumps(body).encode(), headers={"Request-Id": "req_far", **(headers or {})})
