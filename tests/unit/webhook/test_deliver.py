"""The engine on fakes: one attempt per message at its time, whatever the receiver, the queue or the merchant does."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import timedelta

import pytest

from shared.domain.delivery import (
    MOST_AT_ONCE_WHEN_SICK,
    MOST_HUNG_HOSTS,
    NOTIFY,
    SICK_AFTER_TIMEOUTS,
    DeliveryStatus,
    Outcome,
)
from shared.domain.event import EventType
from shared.domain.ids import MerchantId
from shared.domain.merchant import EndpointStatus, Secret
from shared.ports.webhooks import DeliveryTask, Outgoing
from shared.usecases.webhook.deliver import MOST_RECEIVES, deliver
from shared.usecases.webhook.endpoint_health import note_health
from shared.usecases.webhook.fan_out import fan_out, fan_out_forgotten
from tests.webhook_fakes import INTERVAL, OWN_SECRET, SECRET, SHOP, Shop, an_event
from tools.testing.builders import an_account

OK = Outcome(duration_ms=5, status_code=200)
FAILED = Outcome(duration_ms=5, status_code=500, error="http_error")
HUNG = Outcome(duration_ms=10_000, error="timeout")
GONE = Outcome(duration_ms=5, status_code=410, error="http_error")


@pytest.fixture
def shop() -> Shop:
    return Shop()


def task_of(shop: Shop, number: int = 0) -> DeliveryTask:
    task = shop.queue.messages[number].task
    assert isinstance(task, DeliveryTask)
    return task


# ---- fan-out ---------------------------------------------------------------------------------------


def test_an_event_goes_to_every_endpoint_that_wants_it_and_to_its_notify_url(shop: Shop) -> None:
    shop.endpoint("one")
    shop.endpoint("two", events=("charge.refunded",))

    shop.happens(notify_url="https://notify.example.com/")
    shop.work()

    assert {url for url, _, _ in shop.sender.posted} == {
        "https://one.example.com/hook",
        "https://notify.example.com/",
    }


def test_an_address_given_as_both_hears_of_an_event_once(shop: Shop) -> None:
    endpoint = shop.endpoint("one")

    shop.happens(notify_url=endpoint.url)
    shop.work()

    assert len(shop.sender.posted) == 1


def test_an_event_that_nobody_wants_is_marked_as_fanned_out(shop: Shop) -> None:
    event = shop.happens()

    assert shop.queue.messages == []
    assert event.id in shop.events.fanned_out


def test_fanning_out_twice_delivers_once(shop: Shop) -> None:
    shop.endpoint()
    event = shop.happens()
    fan_out([event], world=shop.world)

    shop.run(60)

    assert len(shop.sender.posted) == 1
    assert shop.queue.messages == []


def test_an_event_whose_only_message_was_lost_is_fanned_out_again_after_two_minutes(shop: Shop) -> None:
    shop.endpoint()
    event = shop.happens()
    shop.queue.messages.clear()
    assert fan_out_forgotten(10, world=shop.world) == 0
    shop.now.advance(121)

    assert fan_out_forgotten(10, world=shop.world) == 1

    shop.work()
    assert shop.delivery(event).status is DeliveryStatus.DELIVERED
    assert fan_out_forgotten(10, world=shop.world) == 0


def test_a_test_event_reaches_its_own_endpoint_only_although_that_one_is_paused(shop: Shop) -> None:
    shop.endpoint("one", status=EndpointStatus.PAUSED, events=("charge.refunded",))
    shop.endpoint("two")

    shop.happens(type=EventType.ENDPOINT_TEST, subject="we_one")
    shop.work()

    assert [url for url, _, _ in shop.sender.posted] == ["https://one.example.com/hook"]


# ---- attempts --------------------------------------------------------------------------------------


def test_a_2xx_delivers_and_spends_the_message(shop: Shop) -> None:
    shop.endpoint()
    event = shop.happens()

    shop.run(2 * INTERVAL)

    assert len(shop.sender.posted) == 1
    assert shop.delivery(event).status is DeliveryStatus.DELIVERED
    assert shop.queue.messages == []


def test_ten_attempts_five_minutes_apart_then_exhausted_and_nothing_left_in_the_queue(shop: Shop) -> None:
    shop.endpoint()
    shop.sender.default = FAILED
    event = shop.happens()

    shop.run(4 * 3600, step=5)

    delivery = shop.delivery(event)
    assert delivery.status is DeliveryStatus.EXHAUSTED
    begun = [attempt.at for attempt in delivery.attempts]
    assert len(begun) == len(shop.sender.posted) == 10
    gaps = {(later - earlier).total_seconds() for earlier, later in itertools.pairwise(begun)}
    assert gaps == {INTERVAL}
    assert shop.queue.messages == []


def test_every_attempt_has_the_same_body_and_event_id_and_its_own_signature(shop: Shop) -> None:
    shop.endpoint()
    shop.sender.script = [FAILED, FAILED]
    shop.happens()

    shop.run(1000, step=5)

    assert len({body for _, _, body in shop.sender.posted}) == 1
    assert len({headers["webhook-id"] for _, headers, _ in shop.sender.posted}) == 1
    assert len({headers["Stripe-Signature"] for _, headers, _ in shop.sender.posted}) == 3


def test_a_second_message_for_the_same_attempt_sends_nothing(shop: Shop) -> None:
    shop.endpoint()
    shop.sender.default = FAILED
    shop.happens()
    task = task_of(shop)
    shop.work()

    again = deliver(task, 2, world=shop.world)

    assert again == INTERVAL
    assert len(shop.sender.posted) == 1


def test_an_attempt_that_somebody_else_is_at_sends_nothing_and_is_asked_about_after_the_claim(shop: Shop) -> None:
    shop.endpoint()
    event = shop.happens()
    task = task_of(shop)

    class Reentrant:
        """While the first attempt is on the wire, the same message is worked on again."""

        again: int | None = None

        def send(self, outgoing: Outgoing) -> Outcome:
            shop.world = replace(shop.world, sender=shop.sender)
            self.again = deliver(task, 2, world=shop.world)
            return OK

    reentrant = Reentrant()
    deliver(task, 1, world=replace(shop.world, sender=reentrant))

    assert reentrant.again == 31
    assert shop.sender.posted == []
    assert shop.delivery(event).status is DeliveryStatus.DELIVERED


def test_a_worker_that_died_with_its_claim_is_followed_by_another(shop: Shop) -> None:
    shop.endpoint()
    event = shop.happens()

    class Dying:
        def send(self, outgoing: Outgoing) -> Outcome:
            raise MemoryError

    task = task_of(shop)
    with pytest.raises(MemoryError):
        deliver(task, 1, world=replace(shop.world, sender=Dying()))
    shop.now.advance(180)  # the queue's visibility timeout
    shop.queue.messages[0].receives = 1

    shop.work()

    assert shop.delivery(event).status is DeliveryStatus.DELIVERED


def test_a_delivery_whose_message_was_lost_is_found_by_housekeeping(shop: Shop) -> None:
    shop.endpoint()
    shop.sender.script = [FAILED]
    event = shop.happens()
    shop.work()
    shop.queue.messages.clear()

    shop.run(INTERVAL + 17 * 60, step=5)

    assert shop.delivery(event).status is DeliveryStatus.DELIVERED


def test_beyond_a_hundred_waiting_a_retry_waits_in_the_table_and_still_comes(shop: Shop) -> None:
    shop.endpoint()
    shop.sender.default = FAILED
    events = [shop.happens() for _ in range(105)]
    shop.run(1)
    assert len(shop.queue.messages) <= 100

    shop.sender.default = OK
    shop.run(INTERVAL + 120, step=5)

    assert {shop.delivery(event).status for event in events} == {DeliveryStatus.DELIVERED}
    assert len(shop.sender.posted) == 210


def test_a_message_handed_out_too_often_moves_to_the_table_long_before_the_dead_letter_queue(shop: Shop) -> None:
    shop.endpoint()
    shop.sender.script = [FAILED]
    event = shop.happens()
    shop.work()
    shop.queue.messages[0].receives = MOST_RECEIVES

    shop.now.advance(10)
    shop.queue.messages[0].visible_at = shop.now()
    shop.work()

    assert shop.queue.messages == []
    shop.run(INTERVAL + 120, step=5)
    assert shop.delivery(event).status is DeliveryStatus.DELIVERED


def test_a_deleted_endpoint_ends_its_deliveries(shop: Shop) -> None:
    endpoint = shop.endpoint()
    shop.sender.default = FAILED
    event = shop.happens()
    shop.work()
    shop.merchants.delete_endpoint(endpoint)

    shop.run(INTERVAL + 10, step=5)

    assert shop.delivery(event).status is DeliveryStatus.EXHAUSTED
    assert len(shop.sender.posted) == 1
    assert shop.queue.messages == []


def test_first_attempts_of_a_warm_worker_read_the_endpoint_once(shop: Shop) -> None:
    shop.endpoint()
    shop.happens()
    shop.work()
    reads = shop.merchants.reads

    shop.happens()
    shop.work()

    assert shop.merchants.reads == reads + 1  # the fan-out's own


def test_an_event_after_a_change_of_the_endpoint_never_uses_what_was_remembered(shop: Shop) -> None:
    endpoint = shop.endpoint()
    shop.happens()
    shop.work()
    moved = replace(shop.stored(endpoint), url="https://moved.example.com/")
    shop.merchants.save_endpoint(moved)

    shop.happens()
    shop.work()

    assert [url for url, _, _ in shop.sender.posted] == [endpoint.url, "https://moved.example.com/"]


# ---- signing ---------------------------------------------------------------------------------------


def test_two_secrets_sign_during_the_overlap_and_one_after(shop: Shop) -> None:
    ends = shop.now() + timedelta(hours=1)
    old = replace(OWN_SECRET, expires_at=ends)
    shop.endpoint(secrets=(SECRET, old))
    shop.happens()
    shop.work()
    shop.now.advance(3601)
    shop.happens()
    shop.work()

    (_, during, _), (_, after, _) = shop.sender.posted
    assert during["Stripe-Signature"].count("v1=") == 2
    assert after["Stripe-Signature"].count("v1=") == 1
    assert len(during["webhook-signature"].split()) == 2


def test_a_notify_url_is_signed_by_the_newest_endpoint_or_by_the_merchants_own_secret(shop: Shop) -> None:
    from shared.domain.merchant import SignatureEncoding
    from shared.domain.signature import payglobe

    def signed_by(secret: Secret) -> str:
        return payglobe(secret.value, shop.sender.posted[-1][2], SignatureEncoding.BASE64)

    shop.happens(notify_url="https://notify.example.com/")
    shop.work()
    assert shop.sender.posted[-1][1]["X-PayGlobe-Signature"] == signed_by(OWN_SECRET)
    shop.endpoint(events=("charge.refunded",))
    shop.happens(notify_url="https://notify.example.com/")
    shop.work()
    assert shop.sender.posted[-1][1]["X-PayGlobe-Signature"] == signed_by(SECRET)


# ---- endpoints that are paused, gone, failing or hung -------------------------------------------------


def test_what_happens_while_an_endpoint_is_paused_is_held_not_sent_and_not_lost(shop: Shop) -> None:
    endpoint = shop.endpoint(status=EndpointStatus.PAUSED)
    event = shop.happens()

    shop.run(600, step=5)

    assert shop.sender.posted == []
    assert shop.delivery(event).held
    assert shop.delivery(event).due_at is None
    from shared.usecases.webhook.manage_endpoints import EndpointSettings, update_endpoint

    update_endpoint(shop.stored(endpoint), EndpointSettings(status=EndpointStatus.ENABLED), world=shop.world)
    shop.run(5)
    assert shop.delivery(event).status is DeliveryStatus.DELIVERED


def test_resuming_leaves_alone_what_waits_for_its_next_attempt(shop: Shop) -> None:
    from shared.usecases.webhook.manage_endpoints import EndpointSettings, update_endpoint

    endpoint = shop.endpoint()
    shop.sender.default = FAILED
    event = shop.happens()
    shop.work()
    planned = shop.delivery(event).next_attempt_at
    paused = update_endpoint(shop.stored(endpoint), EndpointSettings(status=EndpointStatus.PAUSED), world=shop.world)

    update_endpoint(paused, EndpointSettings(status=EndpointStatus.ENABLED), world=shop.world)
    shop.run(INTERVAL // 2, step=5)

    assert len(shop.sender.posted) == 1
    assert shop.delivery(event).next_attempt_at == planned
    assert shop.delivery(event).tried == 1


def test_an_endpoint_that_resumes_while_an_event_is_being_held_still_gets_it(shop: Shop) -> None:
    endpoint = shop.endpoint(status=EndpointStatus.PAUSED)
    shop.merchants.save_endpoint(replace(shop.stored(endpoint), status=EndpointStatus.PAUSED))
    event = shop.happens()
    shop.merchants.save_endpoint(replace(shop.stored(endpoint), status=EndpointStatus.ENABLED))

    shop.run(240, step=5)

    assert shop.delivery(event).status is DeliveryStatus.DELIVERED


def test_a_retry_that_comes_to_a_paused_endpoint_is_held(shop: Shop) -> None:
    endpoint = shop.endpoint()
    shop.sender.default = FAILED
    event = shop.happens()
    shop.work()
    shop.merchants.save_endpoint(replace(shop.stored(endpoint), status=EndpointStatus.PAUSED))

    shop.run(INTERVAL + 5, step=5)

    assert shop.delivery(event).held
    assert len(shop.sender.posted) == 1
    assert shop.queue.messages == []


def test_410_disables_with_a_message_and_an_event_for_the_other_endpoints(shop: Shop) -> None:
    endpoint = shop.endpoint("one")
    shop.endpoint("two", events=("endpoint.disabled",))
    shop.sender.script = [GONE]
    event = shop.happens()
    shop.work()

    assert shop.stored(endpoint).status is EndpointStatus.DISABLED
    assert "410" in shop.stored(endpoint).disabled_reason
    assert shop.delivery(event).held
    assert [message.to for message in shop.messenger.sent.values()] == ["owner@shop.example.com"]
    told = [event for event in shop.events.stored.values() if event.type is EventType.ENDPOINT_DISABLED]
    assert len(told) == 1
    fan_out(told, world=shop.world)
    shop.work()
    assert shop.sender.posted[-1][0] == "https://two.example.com/hook"


def test_attempt_that_ends_after_its_endpoint_was_disabled_tells_nobody_a_second_time(shop: Shop) -> None:
    endpoint = shop.endpoint()
    shop.sender.script = [GONE]
    event = shop.happens()
    shop.work()

    note_health(endpoint, shop.delivery(event), HUNG, was_sick=False, world=shop.world)

    assert shop.stored(endpoint).consecutive_timeouts == 1
    assert len(shop.messenger.sent) == 1


def test_five_days_of_failure_disable_an_endpoint_and_one_success_starts_the_count_anew(shop: Shop) -> None:
    endpoint = shop.endpoint()
    shop.sender.script = [FAILED, OK]
    shop.happens()
    shop.run(INTERVAL, step=5)
    assert shop.stored(endpoint).failing_since is None
    shop.sender.default = FAILED
    shop.happens()
    shop.work()
    shop.now.advance(5 * 86_400 - 60)
    shop.queue.messages.clear()
    shop.happens()
    shop.work()
    assert shop.stored(endpoint).status is EndpointStatus.ENABLED
    shop.now.advance(61)
    shop.happens()
    shop.work()

    assert shop.stored(endpoint).status is EndpointStatus.DISABLED
    assert len(shop.messenger.sent) == 1


def test_an_endpoint_that_keeps_timing_out_gets_two_attempts_at_a_time_and_loses_none(shop: Shop) -> None:
    endpoint = shop.endpoint()
    shop.sender.default = HUNG
    shop.happens()
    shop.happens()
    shop.run(1)
    assert shop.stored(endpoint).consecutive_timeouts == 2
    running: list[str] = []

    class Counting:
        most = 0

        def send(self, outgoing: Outgoing) -> Outcome:
            """While one is on the wire, every other message is offered too."""
            running.append(outgoing.url)
            self.most = max(self.most, len(running))
            for message in list(shop.queue.messages):
                if isinstance(message.task, DeliveryTask) and message.receives == 0:
                    message.receives += 1
                    deliver(message.task, 1, world=world)
            running.pop()
            return HUNG

    counting = Counting()
    world = replace(shop.world, sender=counting)
    events = [shop.happens() for _ in range(6)]
    task = task_of(shop, -1)
    shop.queue.messages[-1].receives = 1
    deliver(task, 1, world=world)
    assert counting.most == MOST_AT_ONCE_WHEN_SICK

    shop.sender.default = OK
    shop.run(2 * INTERVAL + 120)
    assert {shop.delivery(event).status for event in events} == {DeliveryStatus.DELIVERED}
    assert shop.stored(endpoint).consecutive_timeouts == 0


def test_the_limit_on_a_sick_endpoint_moves_no_attempt_by_more_than_one_interval(shop: Shop) -> None:
    endpoint = shop.endpoint(consecutive_timeouts=2)
    busy = shop.now() + timedelta(days=1)
    shop.deliveries.slots = {f"{SHOP}:{endpoint.id}:{n}": busy for n in range(MOST_AT_ONCE_WHEN_SICK)}
    event = shop.happens()

    shop.run(INTERVAL - 10)
    assert shop.sender.posted == []
    shop.run(20)

    assert shop.delivery(event).status is DeliveryStatus.DELIVERED
    assert len(shop.delivery(event).attempts) == 1


class OneHangs:
    """A sender to which one host hangs; while an attempt hangs there, every message not yet seen is worked on."""

    def __init__(self, shop: Shop, host: str = "slow.example.com") -> None:
        self.shop, self.host = shop, host
        self.hanging = self.most = 0
        self.healthy: list[str] = []
        self.world = replace(shop.world, sender=self)

    def send(self, outgoing: Outgoing) -> Outcome:
        if f"//{self.host}" not in outgoing.url:
            self.healthy.append(outgoing.url)
            return OK
        self.hanging += 1
        self.most = max(self.most, self.hanging)
        self.work_on_the_new()
        self.hanging -= 1
        return HUNG

    def work_on_the_new(self) -> None:
        for message in list(self.shop.queue.messages):
            if isinstance(message.task, DeliveryTask) and message.receives == 0:
                message.receives += 1
                deliver(message.task, 1, world=self.world)


def sick_host(shop: Shop, url: str = "https://slow.example.com/{}") -> OneHangs:
    """A host whose first two notifyUrls hung."""
    sender = OneHangs(shop)
    for number in range(SICK_AFTER_TIMEOUTS):
        shop.happens(notify_url=url.format(number))
        sender.work_on_the_new()
    return sender


def test_with_ten_notify_urls_hanging_another_address_of_the_merchant_is_posted_to_at_once(shop: Shop) -> None:
    sender = sick_host(shop)
    for number in range(10):
        shop.happens(notify_url=f"https://slow.example.com/{number}")
    healthy = shop.happens(notify_url="https://shop.example.com/paid")

    sender.work_on_the_new()

    assert sender.most == MOST_AT_ONCE_WHEN_SICK
    assert sender.healthy == ["https://shop.example.com/paid"]
    assert shop.delivery(healthy, NOTIFY).status is DeliveryStatus.DELIVERED


@pytest.mark.parametrize(
    "url",
    ["https://slow.example.com/{}?n={}", "https://SLOW.example.com:443/{}", "https://slow.example.com./{}"],
    ids=["another path", "another spelling", "the root's dot"],
)
def test_notify_urls_of_several_payments_at_one_host_share_its_health(shop: Shop, url: str) -> None:
    sick_host(shop)
    running = OneHangs(shop, host="")

    for number in range(5):
        shop.happens(notify_url=url.format(number, number))
    running.work_on_the_new()

    assert running.most == MOST_AT_ONCE_WHEN_SICK


@pytest.mark.parametrize(
    "url",
    ["https://shop.example.com/", "https://slow.example.com:8443/", "https://very.slow.example.com/"],
    ids=["another host", "another port", "a host below it"],
)
def test_the_health_of_one_host_is_not_that_of_another(shop: Shop, url: str) -> None:
    sick_host(shop)
    running = OneHangs(shop, host="")

    for _ in range(5):
        shop.happens(notify_url=url)
    running.work_on_the_new()

    assert running.most == 5


def test_a_host_that_hangs_for_one_merchant_is_healthy_for_another(shop: Shop) -> None:
    sick_host(shop)
    running = OneHangs(shop, host="")

    for _ in range(5):
        shop.happens(notify_url="https://slow.example.com/", merchant_id=MerchantId("m_other"))
    running.work_on_the_new()

    assert running.most == 5


def test_a_retry_to_a_sick_host_is_limited_and_one_to_another_host_is_not(shop: Shop) -> None:
    shop.sender.default = FAILED
    waiting = [shop.happens(notify_url=f"https://{host}.example.com/") for host in ("slow", "shop")]
    shop.work()
    sick_host(shop)
    for number in range(MOST_AT_ONCE_WHEN_SICK):  # two attempts to the sick host are on the wire all the time
        slow = shop.delivery(waiting[0], NOTIFY)
        assert shop.deliveries.take_slot(slow, number + 1, shop.now(), shop.now() + timedelta(days=1))
    shop.sender.default, shop.sender.posted = OK, []

    shop.run(INTERVAL + 1)

    assert [url for url, _, _ in shop.sender.posted] == ["https://shop.example.com/"]


def test_a_hundred_deliveries_that_wait_for_one_host_send_no_other_to_wait_in_the_table(shop: Shop) -> None:
    shop.sender.default = FAILED
    for _ in range(105):
        shop.happens(notify_url="https://slow.example.com/")
    shop.work()

    event = shop.happens(notify_url="https://shop.example.com/")
    shop.work()

    queued = [message.task for message in shop.queue.messages if isinstance(message.task, DeliveryTask)]
    assert len(queued) == 101
    assert event.id in {task.event_id for task in queued}


def test_a_host_recovers_with_its_first_answer(shop: Shop) -> None:
    sick_host(shop)
    assert shop.merchants.stored[NOTIFY].timeouts_by_lane

    shop.run(INTERVAL + 30, step=5)

    assert shop.merchants.stored[NOTIFY].timeouts_by_lane == {}
    assert {d.status for d in shop.deliveries.stored.values()} == {DeliveryStatus.DELIVERED}


def test_whoever_names_ever_new_hosts_that_hang_makes_the_record_no_longer(shop: Shop) -> None:
    shop.sender.default = HUNG
    for number in range(MOST_HUNG_HOSTS + 20):
        shop.happens(notify_url=f"https://h{number}.example.com/")
    shop.work()
    last = shop.happens(notify_url=f"https://h{MOST_HUNG_HOSTS + 19}.example.com/")
    shop.work()

    hung = shop.merchants.stored[NOTIFY].timeouts_by_lane
    assert len(hung) == MOST_HUNG_HOSTS
    assert hung[shop.delivery(last, NOTIFY).lane] == SICK_AFTER_TIMEOUTS


def test_a_notify_url_that_answers_410_is_not_tried_again(shop: Shop) -> None:
    shop.sender.default = GONE
    event = shop.happens(notify_url="https://notify.example.com/")

    shop.run(2 * INTERVAL, step=5)

    assert shop.delivery(event, NOTIFY).status is DeliveryStatus.EXHAUSTED
    assert len(shop.sender.posted) == 1


# ---- replay ----------------------------------------------------------------------------------------


def test_a_replay_starts_a_fresh_schedule_and_keeps_what_was_tried_on_record(shop: Shop) -> None:
    from shared.usecases.webhook.replay_deliveries import replay_delivery

    shop.endpoint()
    shop.sender.default = FAILED
    event = shop.happens()
    shop.run(4000, step=5)
    assert shop.delivery(event).status is DeliveryStatus.EXHAUSTED
    shop.sender.script = [FAILED, OK]

    replay_delivery(shop.delivery(event), world=shop.world)
    shop.run(INTERVAL + 10, step=5)

    assert shop.delivery(event).status is DeliveryStatus.DELIVERED
    assert len(shop.delivery(event).attempts) == 12


def test_the_message_of_before_a_replay_sends_nothing(shop: Shop) -> None:
    from shared.usecases.webhook.replay_deliveries import replay_delivery

    shop.endpoint()
    shop.sender.default = FAILED
    event = shop.happens()
    shop.work()

    replay_delivery(shop.delivery(event), world=shop.world)
    shop.run(10)
    assert len(shop.sender.posted) == 2
    shop.run(INTERVAL, step=5)

    assert len(shop.sender.posted) == 3
    assert len(shop.queue.messages) == 1


def test_everything_since_a_time_is_replayed_page_by_page_and_nothing_before(shop: Shop) -> None:
    from shared.domain.merchant import Credential, KeyKind
    from shared.usecases.webhook.manage_endpoints import replay_endpoint

    endpoint = shop.endpoint()
    shop.happens()
    shop.run(10)
    since = shop.now()
    for _ in range(120):
        shop.happens()
    shop.run(2)
    posted = len(shop.sender.posted)
    credential = Credential(
        shop.merchants.get(endpoint.merchant_id), endpoint.environment, KeyKind.SECRET, an_account()
    )

    replay_endpoint(credential, endpoint.id, since, world=shop.world)
    shop.run(10)

    assert len(shop.sender.posted) == posted + 120


def test_an_event_too_large_for_the_queue_is_read_from_its_table() -> None:
    from shared.adapters.sqs import from_text, to_text

    shop = Shop()
    event = an_event(shop.now(), notify_url=f"https://shop.example.com/{'x' * 30_000}")
    task = DeliveryTask(event.merchant_id, event.environment, "we_one", event.id, event=event)

    read = from_text(to_text(task))

    assert isinstance(read, DeliveryTask)
    assert read.event is None
    assert read.event_id == event.id
