"""The acquirer on a port of this machine: SOAP for shops, a card page for customers, and whatever the switch says."""

from __future__ import annotations

import urllib.request
from contextlib import suppress
from typing import Final
from urllib.parse import parse_qs, urlencode

from tools.testing.far_sides.door import Door, Reply, Request, page, sent_to
from tools.testing.far_sides.igfs import soap
from tools.testing.far_sides.igfs.books import Order, Refused, Terminal
from tools.testing.far_sides.igfs.terminal import answer

QUESTIONS: Final = frozenset({"Verify"})
SERVICES: Final = "/UNI_CG_SERVICES/services"
PAGE: Final = "/UNI_CG_PP/show"
_XML: Final = 'text/xml; charset="utf-8"'


class IgfsAcquirer(Door):
    """Serves until ``close``. ``wrong_signature``: it signs its replies with a key that is not the terminal's."""

    def __init__(self, *terminals: Terminal) -> None:
        self.terminals = {terminal.tid: terminal for terminal in terminals or (Terminal(),)}
        self.wrong_signature = False
        self.asked: list[soap.Asked] = []
        super().__init__()

    @property
    def terminal(self) -> Terminal:
        return next(iter(self.terminals.values()))

    @property
    def server_url(self) -> str:
        """What a shop is given; the name of a port is added to it."""
        return self.origin + SERVICES

    def is_question(self, request: Request) -> bool | None:
        if not request.path.startswith(f"{SERVICES}/"):
            return None
        return any(f":{name}>".encode() in request.body for name in QUESTIONS)

    def answer(self, request: Request) -> Reply:
        if request.path == PAGE:
            return self._typed(request) if request.method == "POST" else self._shown(request)
        if request.method == "POST" and request.path.startswith(f"{SERVICES}/"):
            return self.reply(request.path.removeprefix(f"{SERVICES}/"), request.body)
        return Reply(404)

    def reply(self, port: str, body: bytes) -> Reply:
        try:
            asked = soap.read(port, body)
        except soap.Unreadable as error:
            return Reply(500, soap.fault(f"Unmarshalling Error: {error}"), _XML)
        self.asked.append(asked)
        said = answer(self.terminals, asked, self.origin + PAGE)
        if self.wrong_signature:
            said = said.replace(b"<signature>", b"<signature>AAAA", 1)
        return Reply(200, said, _XML)

    def call_back(self, order: Order) -> None:
        """The server-to-server word, where the Init named an address. Nobody can check its signature."""
        if not order.callback_url:
            return
        form = {"tid": self.terminal.tid, "paymentID": order.payment_id, "shopID": order.shop_id}
        form |= {"tranID": order.tran_id, "trType": order.kind.value, "signature": "AAAA"}
        request = urllib.request.Request(order.callback_url, urlencode(form).encode(), method="POST")
        with suppress(OSError):
            urllib.request.urlopen(request, timeout=10).close()

    def _shown(self, request: Request) -> Reply:
        known = [order for terminal in self.terminals.values() for order in terminal.orders.values()]
        reference = parse_qs(request.query).get("referenceData", [""])[0]
        if all(order.payment_id != reference for order in known):
            return Reply(404)
        form = (
            f'<form method="post" action="{PAGE}"><input type="hidden" name="referenceData" value="{reference}">'
            '<label>Card <input name="pan"></label><button>Pay</button>'
            '<button name="cancel" value="1">Cancel</button>'
            "</form>"
        )
        return page(form, "Simulated IGFS card page")

    def _typed(self, request: Request) -> Reply:
        given = request.form
        for terminal in self.terminals.values():
            with suppress(Refused), terminal.lock:
                order = terminal.page(given.get("referenceData", ""))
                if given.get("cancel"):
                    terminal.left(order.payment_id)
                else:
                    terminal.entered(order.payment_id, given.get("pan", "").replace(" ", ""))
                break
        else:
            return Reply(404)
        self.call_back(order)
        return sent_to(order.error_url if given.get("cancel") else order.notify_url)
