"""The acquirer on a port of this machine: its API for shops, the page on which cards are typed, and its bell."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs

from tools.testing.far_sides.door import Door, Reply, Request, page, sent_to
from tools.testing.far_sides.nexi.api import BASE, PAGE, Api
from tools.testing.far_sides.nexi.books import Order, Refused, Terminal


class NexiAcquirer(Door):
    """Serves until ``close``. ``says``: a status and a body that the next calls get, whatever they ask for."""

    def __init__(self, *terminals: Terminal) -> None:
        self.terminals = terminals or (Terminal(),)
        self.asked: list[Request] = []
        self.says: list[tuple[int, Any]] = []
        super().__init__()

    @property
    def terminal(self) -> Terminal:
        return self.terminals[0]

    def is_question(self, request: Request) -> bool | None:
        return request.method == "GET" if request.path.startswith(BASE) else None

    def answer(self, request: Request) -> Reply:
        if request.path == PAGE:
            return self._typed(request) if request.method == "POST" else self._shown(request)
        self.asked.append(request)
        if self.says:
            return _json(*self.says.pop(0))
        key = request.headers.get("x-api-key", "")
        terminal = next((one for one in self.terminals if one.key == key), None)
        if terminal is None:
            return Reply(401)
        try:
            return _json(*Api(terminal, self.origin).answer(request))
        except Refused as refusal:
            return _json(refusal.status, refusal.body)

    def tells(self, order: Order) -> bytes:
        """What it posts to a notificationUrl after a payment."""
        last = order.operations[-1]
        about = {"orderId": order.id, "operationId": last.id, "operationType": last.kind}
        told = {"eventId": "554ccc00-28fb-4344-a3fa-4bb8d1999bd5", "securityToken": order.token}
        return json.dumps({**told, "operation": {**about, "operationResult": last.result}}).encode()

    def _order(self, name: str) -> tuple[Terminal, Order] | None:
        return next(((t, t.orders[name]) for t in self.terminals if name in t.orders), None)

    def _shown(self, request: Request) -> Reply:
        known = self._order(parse_qs(request.query).get("order", [""])[0])
        if known is None:
            return Reply(404)
        _, order = known
        if order.operations:
            return page("<p>This page has ended.</p>", "Simulated Nexi")
        form = (
            f'<form method="post" action="{PAGE}"><input type="hidden" name="order" value="{order.id}">'
            '<label>Card <input name="number"></label><button>Pay</button></form>'
            f'<a id="back" href="{order.cancel_url}">Back</a>'
        )
        return page(form, "Simulated Nexi")

    def _typed(self, request: Request) -> Reply:
        given = request.form
        known = self._order(given.get("order", ""))
        if known is None:
            return Reply(404)
        terminal, order = known
        with terminal.lock:
            terminal.entered(order.id, given.get("number", "").replace(" ", ""))
        return sent_to(order.result_url)


def _json(status: int, body: Any) -> Reply:
    return Reply(status, json.dumps(body).encode())
