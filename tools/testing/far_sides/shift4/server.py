"""The acquirer on a port of this machine: its API for shops, its script for their pages, and what that shows."""

from __future__ import annotations

import json
from base64 import b64decode
from typing import Any, Final
from urllib.parse import parse_qs

from tools.testing.far_sides.door import Door, Reply, Request, page
from tools.testing.far_sides.shift4.api import Api
from tools.testing.far_sides.shift4.books import CHALLENGED, RIGHT_CODE, Account, Charge, Refused
from tools.testing.far_sides.shift4.script import CHALLENGE, FIELD, SCRIPT

SCRIPT_PATH: Final = "/shift4.js"
_OF_BROWSERS: Final = (SCRIPT_PATH, "/components/", "/3ds")


class Shift4Acquirer(Door):
    """Serves until ``close``. ``says``: a status and a body that the next calls get, whatever they ask for."""

    def __init__(self, *accounts: Account) -> None:
        self.accounts = accounts or (Account(),)
        self.asked: list[Request] = []
        self.says: list[tuple[int, Any]] = []
        super().__init__()

    @property
    def account(self) -> Account:
        return self.accounts[0]

    @property
    def script(self) -> str:
        """The address of its script."""
        return f"{self.origin}{SCRIPT_PATH}"

    @property
    def settings(self) -> dict[str, Any]:
        """What a merchant's connector is set up with to reach it."""
        return {
            "api_base": self.origin,
            "script_url": self.script,
            "public_key": self.account.public,
            "secret_key": self.account.secret,
        }

    def is_question(self, request: Request) -> bool | None:
        if request.path.startswith(_OF_BROWSERS) or (request.path == "/tokens" and request.method == "POST"):
            return None
        return request.method == "GET"

    def answer(self, request: Request) -> Reply:
        if request.path.startswith(_OF_BROWSERS):
            return self._to_browser(request)
        self.asked.append(request)
        if self.says:
            return _json(*self.says.pop(0))
        key = b64decode(request.headers.get("authorization", "").removeprefix("Basic ") or "Og==").decode()
        known = next((one for one in self.accounts if key in _keys(one, request)), None)
        if known is None:
            return _json(401, {"error": {"type": "invalid_request", "message": "Provided API key is invalid"}})
        try:
            return _json(*Api(known).answer(request))
        except Refused as refusal:
            return _json(refusal.status, refusal.body)

    def tells(self, charge: Charge, kind: str = "CHARGE_SUCCEEDED", about: dict[str, Any] | None = None) -> bytes:
        """The body of a webhook about it; the event itself is to be asked for."""
        account = next(one for one in self.accounts if charge.id in one.charges)
        data = about or {"id": charge.id, "objectType": "charge", "metadata": charge.metadata}
        name = account.name("event")
        account.events[name] = {"id": name, "objectType": "event", "created": account.seconds, "type": kind}
        account.events[name]["data"] = data
        return json.dumps(account.events[name]).encode()

    def _to_browser(self, request: Request) -> Reply:
        if request.path == SCRIPT_PATH:
            return Reply(200, SCRIPT.encode(), "text/javascript", {"Access-Control-Allow-Origin": "*"})
        if request.path.startswith("/components/"):
            return page(FIELD.replace("NAME", request.path.rpartition("/")[2]), "Field")
        name = request.form.get("token", "") or parse_qs(request.query).get("token", [""])[0]
        known = next((one for one in self.accounts if name in one.tokens), None)
        if known is None:
            return Reply(404)
        token = known.tokens[name]
        if request.method == "GET":
            asks = "true" if token.card.number == CHALLENGED else "false"
            return page(CHALLENGE.replace("CHALLENGED", asks), "3-D Secure")
        with known.lock:
            known.authenticated(name, passed=request.form.get("code") in (RIGHT_CODE, "frictionless"))
            return _json(200, Api(known).show_token({}, name))


def _keys(account: Account, request: Request) -> tuple[str, ...]:
    """What opens the call: tokens are made with the key that stands in pages, and nothing else is."""
    tokens = request.method == "POST" and request.path == "/tokens"
    return (f"{account.public}:", f"{account.secret}:") if tokens else (f"{account.secret}:",)


def _json(status: int, body: Any) -> Reply:
    return Reply(status, json.dumps(body).encode())
