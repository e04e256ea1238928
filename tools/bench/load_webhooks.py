"""How fast webhooks leave, beside a plain ``requests`` loop in the same run: ``make load-webhooks``.

Counts the sender's own CPU (the receivers are another process), over TLS with a new connection each, as in real
life; then sends batches of ten of which none, one and three hang, and says when the last healthy one arrived.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime
import multiprocessing
import ssl
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

import certifi
import requests

from shared.adapters.http import Budgets, PinnedSender
from shared.domain import ids
from shared.domain.event import Event, EventType, Facts
from shared.domain.ids import MerchantId
from shared.domain.merchant import SignatureEncoding
from shared.domain.operation import Kind
from shared.domain.payment import Environment
from shared.edge.queue import consume
from shared.families.payglobe.notices import FORMATS
from shared.ports.webhooks import Outgoing, Signing
from shared.usecases.payment.facts import payment_facts
from tools.local.certificate import self_signed
from tools.testing.builders import a_payment

BATCH: Final = 10
SECRET: Final = "whsec_test_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX"  # noqa: S105 - of nobody
_ANSWER: Final = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"

Post = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Ports:
    healthy: int
    hanging: int


@dataclass(frozen=True, slots=True)
class Result:
    """``rate`` is deliveries per second of CPU; ``last_healthy`` maps hanging ones to seconds."""

    name: str
    rate: float
    last_healthy: dict[int, float]


def measure(count: int, hang_seconds: float, hanging: tuple[int, ...] = (0, 1, 3)) -> list[Result]:
    """Run everything once and return our sender first, then the loop."""
    with tempfile.TemporaryDirectory() as folder:
        certificate = _certificate(Path(folder))
        parent, child = multiprocessing.Pipe()
        context = multiprocessing.get_context("spawn")
        receivers = context.Process(target=_receive, args=(str(certificate), child), daemon=True)
        receivers.start()
        try:
            ports: Ports = parent.recv()
            trusted = certificate.with_name("trusted.pem")
            ours = _result(
                "this sender, ten at a time", _sender(trusted, hang_seconds), _side_by_side, ports, count, hanging
            )
            loop = _result(
                "requests.post in a loop", _loop(trusted, hang_seconds), _one_by_one, ports, count, hanging
            )
            return [ours, loop]
        finally:
            receivers.terminate()
            receivers.join()


def _result(
    name: str,
    post: Post,
    batch: Callable[[list[str], Post], list[float]],
    ports: Ports,
    count: int,
    hanging: tuple[int, ...],
) -> Result:
    healthy, hung = (f"https://127.0.0.1:{port}/hook" for port in (ports.healthy, ports.hanging))
    batch([healthy] * BATCH, post)  # warm
    began = time.process_time()
    for _ in range(count // BATCH):
        batch([healthy] * BATCH, post)
    rate = count // BATCH * BATCH / (time.process_time() - began)
    last = {}
    for number in hanging:
        # Hanging ones first: the worst place for a loop, and no difference to threads.
        arrived = batch([hung] * number + [healthy] * (BATCH - number), post)
        last[number] = max(arrived[number:])
    return Result(name, rate, last)


def _side_by_side(urls: list[str], post: Post) -> list[float]:
    """As the queue's consumer does it: seconds from the batch's start to each end."""
    began = time.perf_counter()
    ended = [0.0] * len(urls)

    def work(body: str, receives: int) -> None:
        post(urls[int(body)])
        ended[int(body)] = time.perf_counter() - began

    records = [
        {"messageId": str(n), "receiptHandle": "", "body": str(n), "attributes": {"ApproximateReceiveCount": "1"}}
        for n in range(len(urls))
    ]
    consume(records, work, lambda receipt, seconds: None)
    return ended


def _one_by_one(urls: list[str], post: Post) -> list[float]:
    began = time.perf_counter()
    ended = []
    for url in urls:
        post(url)
        ended.append(time.perf_counter() - began)
    return ended


def _sender(certificate: Path, hang_seconds: float) -> Post:
    budgets = Budgets(first_byte=hang_seconds * 0.9, total=hang_seconds)
    tls = ssl.create_default_context(cafile=str(certificate))
    sender = PinnedSender(allow_private=True, budgets=budgets, tls=tls)
    return lambda url: _kept(sender.send(_signed(url)))


def _loop(certificate: Path, hang_seconds: float) -> Post:
    def post(url: str) -> None:
        made = _signed(url)
        try:
            requests.post(
                url, data=made.body, headers=dict(made.headers), timeout=hang_seconds, verify=str(certificate)
            )
        except requests.Timeout:
            return

    return post


def _kept(outcome: Any) -> None:
    if outcome.error not in ("", "timeout"):
        raise RuntimeError(f"a delivery failed: {outcome.error}")


def _signed(url: str) -> Outgoing:
    """One attempt's bytes, written and signed as for a real one."""
    now = datetime.datetime.now(datetime.UTC)
    event = Event(
        id=ids.event_id(now, bytes(10), "TXN_20261121_ABCDEFGHIJKLMNOP"),
        type=EventType.PAID,
        merchant_id=MerchantId("m_load"),
        environment=Environment.TEST,
        subject="TXN_20261121_ABCDEFGHIJKLMNOP",
        sequence=1,
        created_at=now,
        facts=Facts(payment_facts(a_payment(), Kind.SALE, now)),
    )
    return FORMATS["union"].render(Signing(event, "dlv_load", url, (SECRET,), SignatureEncoding.BASE64, now))


def _receive(certificate: str, parent: Connection) -> None:
    """The other process: one address that answers after 20 ms, and one that never does."""

    async def healthy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await asyncio.sleep(0.02)
        writer.write(_ANSWER)
        await writer.drain()
        writer.close()

    async def hanging(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async def serve() -> None:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(certificate)
        servers = [await asyncio.start_server(each, "127.0.0.1", 0, ssl=tls) for each in (healthy, hanging)]
        parent.send(Ports(*(server.sockets[0].getsockname()[1] for server in servers)))
        await asyncio.Event().wait()

    asyncio.run(serve())


def _certificate(folder: Path) -> Path:
    path = self_signed(folder, "127.0.0.1")
    # What a client trusts is the usual hundred authorities and this one: reading them is what a request costs.
    (folder / "trusted.pem").write_bytes(Path(certifi.where()).read_bytes() + path.read_bytes())
    return path


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=500, help="deliveries per sender")
    parser.add_argument("--hang-seconds", type=float, default=10.0, help="how long an attempt may take in all")
    arguments = parser.parse_args()
    results = measure(arguments.count, arguments.hang_seconds)
    print(f"{arguments.count} deliveries over TLS, a new connection each, in batches of {BATCH}; answers after 20 ms")
    print(f"{'':30}{'per second of CPU':>20}   last healthy arrival with 0, 1, 3 of 10 hanging")
    for result in results:
        arrivals = "   ".join(f"{seconds:7.3f} s" for seconds in result.last_healthy.values())
        print(f"{result.name:30}{result.rate:20.0f}   {arrivals}")
    print(f"{results[0].rate / results[1].rate:.1f} times as many deliveries per core")
    return 0


if __name__ == "__main__":
    sys.exit(main())
