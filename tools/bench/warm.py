"""A warm handler's CPU beside the CPU of the AWS calls that it makes: how much of it is ours."""

from __future__ import annotations

import http.client
import json
import random
import secrets
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Any, Final
from urllib.parse import urlsplit

from shared.domain.delivery import NOTIFY
from tools.bench.apart import apart, tables_in_cloud
from tools.bench.table import Row
from tools.bench.tape import EMPTY, HOOK, Tape, Taped, player, playing, recording, turn
from tools.local.demo.stage import CARD
from tools.testing.calling import Event, example_event, invoke, reply, request

GOAL: Final = 1.3
PART: Final = "warm: CPU of a handler / CPU of its own AWS calls"
_WARM_UP: Final = 20
_BLOCK: Final = 5  # runs; short, so that both sides of a pair meet the same neighbours on this machine
_QUICK: Final = ("init", "state", "choice", "capture card step", "deliver")


@dataclass(frozen=True, slots=True)
class Scene:
    """One call of a handler, as data: what it gets, and the AWS calls it made when it got it.

    ``first`` are the calls of a worker's first such event, where it reads what it then remembers. With a ``post``, a
    bare POST to that address counts with the calls.
    """

    name: str
    module: str
    event: Event
    calls: tuple[Taped, ...]
    first: tuple[Taped, ...] = ()
    post: str = ""

    @property
    def tape(self) -> Tape:
        return Tape([call.answer for call in self.first], [call.answer for call in self.calls])


@dataclass(frozen=True, slots=True)
class Cpu:
    """Milliseconds of CPU per run: the handler, its AWS calls alone, and what the first has more."""

    handler: float
    calls: float
    ours: float
    ratio: float


def measure(quick: bool) -> list[Row]:
    """Record each handler's calls against the local cloud, then run both against a server that answers the same.

    The answers come from another process and are the same bytes for both, without TLS: what is compared is the
    SDK's work with the handler's around it. The POST of a delivery is no call of AWS: it is told once as work of the
    handler's own and once beside a bare one.
    """
    blocks = 40 if quick else 200
    with playing([Tape([], [EMPTY])]) as sink, tables_in_cloud() as (_, environment):
        scenes = apart(record, f"{sink}{HOOK}", environment=environment)
    wanted = [scene for scene in scenes if not quick or scene.name in _QUICK]
    with playing([scene.tape for scene in wanted]) as url:
        here = environment | {"AWS_ENDPOINT_URL": url}
        # A delivery's address is part of what was recorded; it answers there again.
        results = apart(compare, _moved(wanted, f"{sink}{HOOK}", f"{url}{HOOK}"), url, blocks, environment=here)
    return [_row(scene, result) for scene, result in zip(wanted, results, strict=True)]


def _moved(scenes: Sequence[Scene], old: str, new: str) -> list[Scene]:
    return [
        replace(scene, event=json.loads(json.dumps(scene.event).replace(old, new)), post=scene.post.replace(old, new))
        for scene in scenes
    ]


def _row(scene: Scene, cpu: Cpu) -> Row:
    made = Counter(call.operation for call in scene.calls)
    calls = ", ".join(f"{count} {name}" if count > 1 else name for name, count in made.items())
    detail = f"{cpu.handler:.2f} ms, its calls {cpu.calls:.2f} ms, ours {cpu.ours:.2f} ms ({calls})"
    return Row(PART, scene.name, round(cpu.ratio, 3), goal=GOAL, detail=detail)


# ---- in a process of its own: a few payments against the local cloud ----


@dataclass(slots=True)
class _Story:
    """Plays what happens to payments and keeps a scene of each call that has a name."""

    scenes: list[Scene]

    def tell(self, name: str, module: str, event: Event) -> dict[str, Any]:
        with recording() as calls:
            answer = invoke(module, event)
        self.scenes.append(Scene(name, module, event, tuple(map(_as_in_a_flow, calls))))
        return dict(json.loads(answer["body"])) if "body" in answer else answer

    def step(self, module: str, payment_id: str) -> None:
        event = {"paymentId": payment_id, "taskToken": "token"}
        self.tell(f"{module.replace('_', ' ')} step", f"payment_flow.{module}", event)


def _as_in_a_flow(call: Taped) -> Taped:
    """No machine waits for these tokens; where one does, waking it succeeds."""
    return replace(call, answer=EMPTY) if call.operation == "SendTaskSuccess" else call


def record(hook: str) -> list[Scene]:
    """Every handler of the way of a payment once, warm, with the AWS calls it made. ``hook`` takes deliveries."""
    story = _Story([])
    payment = _held(story)
    path = {"transactionId": payment["id"]}
    choice = {"choice": "VOUCHERS", "vouchers": [{"otp": f"V5000-{secrets.token_hex(4)}"}]}
    story.tell("choice", "payment.voucher_choice", request("payment.voucher_choice", path=path, body=choice))
    for step in ("resume", "validate_vouchers", "spend_vouchers", "notify_vouchers", "capture_card"):
        story.step(step, payment["id"])
    story.tell("state", "payment.transaction", request("payment.transaction", path=path))
    story.tell("refund", "payment.refund", request("payment.refund", path=path, body={"amount": 10}))
    _other_ends(story)
    _told(story, hook)
    return story.scenes


def _held(story: _Story) -> dict[str, Any]:
    """A payment whose card is held."""
    order = {"amount": 150.0, "description": "Order 12345"}
    reply("payment.init", request("payment.init", body=order))  # the first call of a process builds its clients
    payment = story.tell("init", "payment.init", request("payment.init", body=order))
    keyed = {"Idempotency-Key": secrets.token_hex(8)}
    story.tell("init with a key", "payment.init", request("payment.init", headers=keyed, body=order))
    story.step("await_preauth", payment["id"])
    _card(payment)
    story.step("await_tender_choice", payment["id"])
    return payment


def _card(payment: dict[str, Any]) -> None:
    page = {"paymentID": payment["igfs"]["paymentId"]}
    reply("sandbox.card_page_submit", request("sandbox.card_page_submit", path=page, body=CARD))


def _other_ends(story: _Story) -> None:
    """Vouchers that fail when they are spent, and a checkout that its shop gives up."""
    for otp, ends in ((f"V5000-SPENDFAIL{secrets.token_hex(4)}", "restore_vouchers"), ("", "close_checkout")):
        payment = reply("payment.init", request("payment.init"))
        path = {"transactionId": payment["id"]}
        _card(payment)
        if otp:
            body = {"choice": "VOUCHERS", "vouchers": [{"otp": otp}]}
            reply("payment.voucher_choice", request("payment.voucher_choice", path=path, body=body))
            for step in ("validate_vouchers", "spend_vouchers"):
                invoke(f"payment_flow.{step}", {"paymentId": payment["id"]})
            story.step(ends, payment["id"])
        else:
            reply("payment.cancel", request("payment.cancel", path=path))
            story.step(ends, payment["id"])
            story.step("void_card", payment["id"])


def _told(story: _Story, hook: str) -> None:
    """One webhook; the worker knows the merchant's secret from the one before."""
    for _ in range(2):
        story.tell("deliver", "webhook.deliver", _delivery(hook))
    warm, first = story.scenes.pop(), story.scenes.pop()
    warm = replace(warm, first=first.calls)
    story.scenes += [warm, replace(warm, name="deliver, beside its calls and a bare POST", post=hook)]


def _delivery(hook: str) -> Event:
    event = example_event("webhook.deliver")
    message = event["Records"][0]
    task = json.loads(message["body"])
    task |= {"endpointId": NOTIFY, "eventId": f"evt_{secrets.token_hex(16)}"}
    task["event"] |= {"id": task["eventId"], "notifyUrl": hook}
    message["body"] = json.dumps(task)
    return event


# ---- in another process: the handler and its calls in turns ----


def compare(scenes: Sequence[Scene], url: str, blocks: int) -> list[Cpu]:
    """CPU of each scene's handler beside that of its calls, in ``blocks`` turns."""
    return [_compared(scene, number, url, blocks) for number, scene in enumerate(scenes)]


def _compared(scene: Scene, number: int, url: str, blocks: int) -> Cpu:
    def handle() -> None:
        invoke(scene.module, scene.event)

    turn(url, number)
    check_same(scene, handle)
    calls = player(scene.calls)

    def play() -> None:
        calls()
        if scene.post:
            _post(scene.post)

    for work in (handle, play):
        _cpu(work, _WARM_UP)
    taken: dict[Callable[[], None], list[float]] = {handle: [], play: []}
    for _ in range(blocks):
        for work in random.sample([handle, play], 2):
            taken[work].append(_cpu(work, _BLOCK))
    return summary(taken[handle], taken[play])


def _post(url: str) -> None:
    """A webhook without anything around it: no budget, no check of the address, no signature."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=5)
    connection.request("POST", parts.path, b"x" * 500, {"Content-Type": "application/json", "Connection": "close"})
    connection.getresponse().read()
    connection.close()


def check_same(scene: Scene, handle: Callable[[], object]) -> None:
    """Raises RuntimeError unless the handler makes the calls that were recorded, in their order."""
    handle()  # builds clients, reads what a warm worker remembers
    with recording() as calls:
        handle()
    made, recorded = ([call.operation for call in those] for those in (calls, scene.calls))
    if made != recorded:
        raise RuntimeError(f"{scene.name} made {made}, and when it was recorded {recorded}")


def summary(handler: Sequence[float], calls: Sequence[float]) -> Cpu:
    """Seconds as milliseconds, medians; what is ours and the ratio come from neighbours in time."""
    pairs = list(zip(handler, calls, strict=True))
    ours, ratio = median(one - other for one, other in pairs), median(one / other for one, other in pairs)
    return Cpu(median(handler) * 1000, median(calls) * 1000, ours * 1000, ratio)


def _cpu(work: Callable[[], None], runs: int) -> float:
    """CPU seconds of this process per run, all threads."""
    began = time.process_time()
    for _ in range(runs):
        work()
    return (time.process_time() - began) / runs
