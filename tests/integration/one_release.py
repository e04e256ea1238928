"""A program that runs in the tree of either release, with that one's own handlers, tables and ways.

It writes all it can, or takes what another wrote (by table, on its standard input), and prints what it finds of it.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import boto3
import pytest

from shared.adapters.dynamodb.codec import to_plain
from shared.bootstrap import core, webhooks
from shared.domain import ids
from shared.domain.payment import Environment
from shared.families.registry import NOTICES
from tests.integration.ways.cards import cards_in_every_way
from tests.integration.ways.disputes import disputes_in_every_way
from tests.integration.ways.glomopay import glomopay_in_every_way
from tests.integration.ways.links import links_in_every_way
from tests.integration.ways.paygol import paygol_in_every_way
from tests.integration.ways.payments import paid_in_every_way, refused_vouchers, undecided
from tests.integration.ways.watching import Watch
from tests.integration.ways.webhooks import told
from tools.contract.routes import endpoints
from tools.testing.in_process import in_process

Tables = dict[str, list[dict[str, Any]]]

MUCH_LATER: Final = datetime.now(UTC) + timedelta(days=400)
MANY: Final = 1000
# Answers with a key that only the cloud of its writer opens; and with a file that is built, not written.
NOT_ASKED: Final = frozenset({"glomopay.api_keys_list", "page.payglobe_js"})


def write() -> None:
    watch, patches = Watch(), pytest.MonkeyPatch()
    # What a way writes as an event of its own lies where the release's own lie.
    patches.setattr(ids, "event_id", getattr(ids, "event_id_of_before", ids.event_id))
    for way in (paid_in_every_way, refused_vouchers, undecided, paygol_in_every_way):
        way(watch)
    for patched in (
        cards_in_every_way,
        disputes_in_every_way,
        links_in_every_way,
        glomopay_in_every_way,
        told,
    ):
        patched(watch, patches)
    patches.undo()
    replayed()


def written() -> Tables:
    names = {name for key, name in os.environ.items() if key.endswith("_TABLE")}
    database = boto3.client("dynamodb")
    return {name: database.scan(TableName=name)["Items"] for name in sorted(names)}


def take(others: Tables) -> None:
    database = boto3.client("dynamodb")
    for name in set(others) & set(written()):
        for item in others[name]:
            database.put_item(TableName=name, Item=item)


def found(tables: Tables) -> dict[str, Any]:
    return {"due": due(), "records": records(tables), "answers": answers(), "replayed": replayed()}


def due() -> dict[str, list[Any]]:
    """What housekeeping and the sweep of forgotten events would see, of each kind."""
    deliveries = webhooks.webhook_world(NOTICES).deliveries.due(MUCH_LATER, MANY)
    return {
        "payments": sorted(core.payments().due(MUCH_LATER, MANY)),
        "links": sorted(core.links().due(MUCH_LATER, MANY)),
        "orders": sorted(core.orders().due(MUCH_LATER, MANY)),
        "disputes": sorted(core.disputes().due(MUCH_LATER, MANY)),
        "notices": sorted(str(to_plain(each)) for each in core.disputes().unmatched(MUCH_LATER, MANY)),
        "cards": sorted(each.id for each in core.cards().due(MUCH_LATER, MANY)),
        "deliveries": sorted([each.endpoint_id, each.event_id] for each in deliveries),
        "events": sorted(event.id for event in core.events().not_fanned_out(MUCH_LATER, MANY)),
    }


def records(tables: Tables) -> dict[str, Any]:
    """Each record that is read by its id."""
    read: dict[str, Any] = {}
    stores: dict[str, Any] = {
        "PaymentsTable": core.payments(),
        "LinksTable": core.links(),
        "OrdersTable": core.orders(),
        "DisputesTable": core.disputes(),
    }
    for name, store in stores.items():
        for item in tables[name]:
            if bodied(item).get("id") == item["pk"]["S"]:
                read[item["pk"]["S"]] = to_plain(store.get(item["pk"]["S"]))
    for payment in [each for each in read if bodied_root(tables, each)]:
        read |= {refund.id: to_plain(refund) for refund in core.payments().refunds(ids.PaymentId(payment))}
    for item in tables["EventsTable"]:
        merchant, environment, *_ = item["pk"]["S"].split("#")
        event = core.events().get(ids.MerchantId(merchant), Environment(environment), item["sk"]["S"])
        read[event.id] = to_plain(event)
    deliveries = webhooks.webhook_world(NOTICES).deliveries
    for body in filter(None, map(bodied, tables["DeliveriesTable"])):
        of = (ids.MerchantId(body["merchant_id"]), Environment(body["environment"]), body["endpoint_id"])
        read[f"{body['endpoint_id']} {body['event_id']}"] = to_plain(deliveries.get(*of, body["event_id"]))
    return read


def bodied(item: dict[str, Any]) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(item["body"]["S"]) if "body" in item else {}
    return body


def bodied_root(tables: Tables, record: str) -> bool:
    return any(item["pk"]["S"] == record and item["sk"]["S"] == "ROOT" for item in tables["PaymentsTable"])


def answers() -> dict[str, Any]:
    """Every list and sum that somebody with the demo merchant's keys is answered."""
    asked = [
        module
        for module, endpoint in endpoints().items()
        if endpoint.method == "GET" and "{" not in endpoint.path and module not in NOT_ASKED
    ]
    return {module: Watch().ask(module) for module in sorted(asked)}


def replayed() -> dict[str, Any]:
    """The answer to one key: of the payment that was made with it first."""
    return Watch().ask("payment.init", None, {"amount": 12}, once="asked of either release")


def main() -> None:
    others: Tables | None = json.load(sys.stdin)
    with in_process():
        if others is None:
            write()
        else:
            take(others)
        tables = written() if others is None else others
        sys.stdout.write("ANSWER" + json.dumps([tables, found(tables)], sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
