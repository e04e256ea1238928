"""The acquirer on a port of this machine: SOAP for shops, a card page for customers, and whatever the switch says."""

from __future__ import annotations

import socket
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qs, urlencode, urlsplit

from tools.testing.far_sides.igfs import soap
from tools.testing.far_sides.igfs.books import Order, Refused, Terminal
from tools.testing.far_sides.igfs.terminal import answer
from tools.testing.far_sides.switch import Damage, Fault, Switch

LONGEST_SILENCE: Final = 60.0  # seconds; whoever waits longer has hung up
QUESTIONS: Final = frozenset({"Verify"})
SERVICES: Final = "/UNI_CG_SERVICES/services"
PAGE: Final = "/UNI_CG_PP/show"


class _DoorSwitch(Switch):
    """``DOWN`` means that nobody listens: the port is closed while it lasts."""

    def __init__(self, acquirer: IgfsAcquirer) -> None:
        super().__init__()
        self._acquirer = acquirer

    @contextmanager
    def at(self, fault: Fault) -> Iterator[None]:
        if fault.damage is not Damage.DOWN:
            with super().at(fault):
                yield
            return
        self._acquirer.close()
        try:
            yield
        finally:
            self._acquirer.listen()


class IgfsAcquirer:
    """Serves until ``close``. ``wrong_signature``: it signs its replies with a key that is not the terminal's."""

    def __init__(self, *terminals: Terminal) -> None:
        self.terminals = {terminal.tid: terminal for terminal in terminals or (Terminal(),)}
        self.switch: Switch = _DoorSwitch(self)
        self.wrong_signature = False
        self.asked: list[soap.Asked] = []
        self._port = 0
        self.listen()

    @property
    def terminal(self) -> Terminal:
        return next(iter(self.terminals.values()))

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def server_url(self) -> str:
        """What a shop is given; the name of a port is added to it."""
        return self.origin + SERVICES

    def listen(self) -> None:
        self._server = _Server(("127.0.0.1", self._port), _Door)
        self._server.acquirer = self
        self._port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        for connection in tuple(self._server.connections):  # kept ones too
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def reply(self, port: str, body: bytes) -> tuple[int, bytes]:
        try:
            asked = soap.read(port, body)
        except soap.Unreadable as error:
            return 500, soap.fault(f"Unmarshalling Error: {error}")
        self.asked.append(asked)
        said = answer(self.terminals, asked, self.origin + PAGE)
        if self.wrong_signature:
            said = said.replace(b"<signature>", b"<signature>AAAA", 1)
        return 200, said

    def call_back(self, order: Order) -> None:
        """The server-to-server word, where the Init named an address. Nobody can check its signature."""
        if not order.callback_url:
            return
        form = {"tid": self.terminal.tid, "paymentID": order.payment_id, "shopID": order.shop_id}
        form |= {"tranID": order.tran_id, "trType": order.kind.value, "signature": "AAAA"}
        request = urllib.request.Request(order.callback_url, urlencode(form).encode(), method="POST")
        with suppress(OSError):
            urllib.request.urlopen(request, timeout=10).close()


class _Server(ThreadingHTTPServer):
    acquirer: IgfsAcquirer
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.connections: set[socket.socket] = set()


class _Door(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    timeout = LONGEST_SILENCE

    def setup(self) -> None:
        super().setup()
        self.server.connections.add(self.connection)

    def finish(self) -> None:
        self.server.connections.discard(self.connection)
        with suppress(OSError):  # what is still to be written to a door that was shut
            super().finish()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        path = urlsplit(self.path).path
        if path == PAGE:
            self._typed(body)
        elif path.startswith(f"{SERVICES}/"):
            self._asked(path.removeprefix(f"{SERVICES}/"), body)
        else:
            self._say(404, b"")

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        known = [o for t in self.server.acquirer.terminals.values() for o in t.orders.values()]
        reference = parse_qs(parts.query).get("referenceData", [""])[0]
        order = next((order for order in known if order.payment_id == reference), None)
        if parts.path != PAGE or order is None:
            self._say(404, b"")
            return
        form = (
            '<!doctype html><meta charset="utf-8"><title>Simulated IGFS card page</title>'
            f'<form method="post" action="{PAGE}"><input type="hidden" name="referenceData" value="{reference}">'
            '<label>Card <input name="pan"></label><button>Pay</button>'
            '<button name="cancel" value="1">Cancel</button>'
            "</form>"
        )
        self._say(200, form.encode(), "text/html; charset=utf-8")

    def _typed(self, body: bytes) -> None:
        given = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        acquirer = self.server.acquirer
        for terminal in acquirer.terminals.values():
            with suppress(Refused), terminal.lock:
                order = terminal.page(given.get("referenceData", ""))
                if given.get("cancel"):
                    terminal.left(order.payment_id)
                else:
                    terminal.entered(order.payment_id, given.get("pan", "").replace(" ", ""))
                break
        else:
            self._say(404, b"")
            return
        acquirer.call_back(order)
        where = order.error_url if given.get("cancel") else order.notify_url
        self.send_response(303)
        self.send_header("Location", where)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _asked(self, port: str, body: bytes) -> None:
        acquirer = self.server.acquirer
        fault = acquirer.switch.fault
        if fault is None or fault.question is not any(f":{name}>".encode() in body for name in QUESTIONS):
            self._say(*acquirer.reply(port, body))
            return
        said = acquirer.reply(port, body) if fault.acted or fault.question else (200, b"")
        self._damaged(fault.damage, said[1])

    def _damaged(self, damage: Damage, said: bytes) -> None:
        self.close_connection = True
        if damage is Damage.ERROR:
            self._say(503, b"<html>Service Unavailable</html>", "text/html")
        elif damage is Damage.GARBAGE:
            self._say(200, said[: len(said) // 2] or b"<soap:Envelope", "text/xml")
        elif damage is Damage.SLOW:
            self.connection.settimeout(LONGEST_SILENCE)
            with suppress(OSError):
                self.connection.recv(1)  # until the other side hangs up
        else:
            with suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)

    def _say(self, status: int, body: bytes, content_type: str = 'text/xml; charset="utf-8"') -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet: what was asked is in ``IgfsAcquirer.asked``."""
