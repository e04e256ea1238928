"""Payments table: the root item holds the aggregate, refunds are items beside it."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from shared.adapters.dynamodb import events, idempotency, payments_listed, payments_of_family, refunds_beside
from shared.adapters.dynamodb.codec import from_text, to_text
from shared.adapters.dynamodb.due import due_at, due_before, stamp
from shared.adapters.dynamodb.events import owner
from shared.adapters.dynamodb.writing import Item, conditional, number, put_if, text
from shared.domain.errors import NotFound
from shared.domain.ids import MerchantId, PaymentId, RefundId, fingerprint
from shared.domain.operation import Kind
from shared.domain.payment import AWAITING_CARD, AWAITING_CHOICE, Environment, Payment, Wait
from shared.domain.psp_reference import PspReference
from shared.domain.record import dataclass
from shared.domain.refund import Refund
from shared.domain.taking import ready_for, taken_up
from shared.ports.payments import Change, Wanted, WantedRefunds

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

    from shared.domain.sought import Sought
    from shared.ports.numbered import Listed, NumberedPage

LONGEST_NUMBER = 128
MOST_ALIKE = 20
_ABSENT = "attribute_not_exists(pk)"
_UNCHANGED = "version = :version"


@dataclass(frozen=True, slots=True)
class DynamoPayments:
    """The port ``Payments``. A change is one conditional write of the root, with its refunds and events."""

    client: DynamoDBClient
    table: str
    events_table: str
    claims_table: str
    cards_table: str

    def get(self, payment_id: PaymentId) -> Payment:
        item = self.client.get_item(
            TableName=self.table, Key={"pk": {"S": payment_id}, "sk": {"S": "ROOT"}}, ConsistentRead=True
        ).get("Item")
        if item is None:
            raise NotFound("there is no such payment")
        return _from_item(dict(item))

    def create(self, change: Change) -> Payment | None:
        return self._write(change, _ABSENT, None)

    def save(self, change: Change) -> Payment | None:
        return self._write(change, _UNCHANGED, {":version": number(change.payment.version)})

    def take(self, payment_id: PaymentId, kind: Kind, now: datetime) -> tuple[Payment, bool]:
        nonce, answers = secrets.token_hex(8), []
        refused = conditional(
            lambda: answers.append(
                self.client.update_item(
                    TableName=self.table,
                    Key={"pk": {"S": payment_id}, "sk": {"S": "ROOT"}},
                    UpdateExpression="SET taken = :kind, takenAt = :now, writeId = :nonce, version = version + :one"
                    " REMOVE ready, waiting, taskToken",
                    ConditionExpression="ready = :kind",
                    ExpressionAttributeValues={
                        ":kind": {"S": kind},
                        ":now": {"S": stamp(now)},
                        ":nonce": {"S": nonce},
                        ":one": {"N": "1"},
                    },
                    ReturnValues="ALL_NEW",
                    ReturnValuesOnConditionCheckFailure="ALL_OLD",
                )
            )
        )
        if refused is None:
            return _from_item(dict(answers[0]["Attributes"])), True
        if not refused:
            raise NotFound("there is no such payment")
        # Refused by our own write, whose answer was lost: then it is taken.
        return _from_item(refused), refused.get("writeId", {}).get("S") == nonce

    def park(self, payment_id: PaymentId, wait: Wait, token: str, now: datetime) -> Payment | None:
        awaited = sorted(AWAITING_CARD if wait is Wait.PREAUTH else AWAITING_CHOICE)
        values: Item = {f":s{n}": text(status) for n, status in enumerate(awaited)}
        values |= {":wait": text(wait), ":token": text(token), ":now": text(stamp(now)), ":one": number(1)}
        statuses = ", ".join(f":s{n}" for n in range(len(awaited)))
        refused = conditional(
            lambda: self.client.update_item(
                TableName=self.table,
                Key={"pk": {"S": payment_id}, "sk": {"S": "ROOT"}},
                UpdateExpression="SET waiting = :wait, taskToken = :token, version = version + :one",
                ConditionExpression=f"#status IN ({statuses}) AND expiresAt > :now AND attribute_not_exists(ending)",
                ExpressionAttributeNames={"#status": "status"},
                ExpressionAttributeValues=values,
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        )
        if refused is None:
            return None
        if not refused:
            raise NotFound("there is no such payment")
        return _from_item(refused)

    def by_reference(self, reference: PspReference) -> list[PaymentId]:
        page = self.client.query(
            TableName=self.table,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": _reference_pk(reference)}},
            Limit=MOST_ALIKE,
            ConsistentRead=True,
        )
        return [PaymentId(item["sk"]["S"]) for item in page["Items"]]

    def refunds(self, payment_id: PaymentId) -> list[Refund]:
        found: list[Refund] = []
        request: dict[str, Any] = {
            "TableName": self.table,
            "KeyConditionExpression": "pk = :pk AND begins_with(sk, :refund)",
            "ExpressionAttributeValues": {":pk": text(payment_id), ":refund": text("REFUND#")},
            "ConsistentRead": True,
        }
        while True:
            page = self.client.query(**request)
            found += [from_text(Refund, item["body"]["S"]) for item in page["Items"]]
            if "LastEvaluatedKey" not in page:
                return sorted(found, key=lambda refund: refund.number)
            request["ExclusiveStartKey"] = page["LastEvaluatedKey"]

    def refund(self, payment_id: PaymentId, refund_id: RefundId) -> Refund:
        item = self.client.get_item(
            TableName=self.table,
            Key={"pk": {"S": payment_id}, "sk": {"S": f"REFUND#{refund_id}"}},
            ConsistentRead=True,
        ).get("Item")
        if item is None:
            raise NotFound("there is no such refund")
        return from_text(Refund, item["body"]["S"])

    def refund_by_reference(
        self, merchant_id: MerchantId, environment: Environment, reference: str
    ) -> RefundId | None:
        return refunds_beside.by_number(self.client, self.table, owner(merchant_id, environment), reference)

    def refunds_of_family(
        self, merchant_id: MerchantId, environment: Environment, wanted: WantedRefunds, page: NumberedPage
    ) -> Listed[Refund]:
        from shared.adapters.dynamodb.numbered import numbered
        from shared.ports.numbered import Listed

        listed = refunds_beside.list_of(merchant_id, environment, wanted.family)
        items, count = numbered(self.client, self.table, listed, page, refunds_beside.narrowed(wanted))
        return Listed([from_text(Refund, item["body"]["S"]) for item in items], count)

    def due(self, now: datetime, limit: int) -> list[PaymentId]:
        return [PaymentId(item["pk"]["S"]) for item in due_before(self.client, self.table, now, limit)]

    def of_merchant(
        self,
        merchant_id: MerchantId,
        environment: Environment,
        *,
        limit: int,
        cursor: str | None,
        sought: Sought | None = None,
    ) -> tuple[list[Payment], str | None]:
        from shared.adapters.dynamodb.payments_found import Finding
        from shared.domain.sought import Sought

        wanted = sought or Sought()
        finding = Finding(self.client, self.table, merchant_id, environment, wanted, limit, _from_item, cursor)
        return finding.page()

    def of_family(
        self, merchant_id: MerchantId, environment: Environment, wanted: Wanted, page: NumberedPage
    ) -> Listed[Payment]:
        from shared.adapters.dynamodb.numbered import numbered
        from shared.ports.numbered import Listed

        listed = payments_of_family.list_of(merchant_id, environment, wanted.family)
        narrowed = payments_of_family.narrowed(wanted)
        items, count = numbered(self.client, self.table, listed, page, narrowed)
        return Listed([_from_item(item) for item in items], count)

    def _write(self, change: Change, condition: str, values: Item | None) -> Payment | None:
        payment = change.payment
        refunds = refunds_beside.puts(payment, change.refunds, self.table)
        told = [{"Put": {"TableName": self.events_table, "Item": events.to_item(event)}} for event in change.events]
        named = [{"Put": {"TableName": self.table, "Item": _named(payment, each)}} for each in change.references]
        beside = [*refunds, *told, *named]
        if change.answered is not None:
            # Unguarded: had another call taken the key over and written, this payment would be there already.
            beside.append({"Put": {"TableName": self.claims_table, "Item": idempotency.to_item(change.answered)}})
        if change.uses_card:
            from shared.adapters.dynamodb import cards  # few payments are by a saved card

            beside.append(cards.use_of(payment, self.cards_table))
        refused = put_if(self.client, self.table, _to_item(payment), condition, values, beside)
        if refused is None:
            return None
        if not refused:
            raise NotFound("there is no such payment")
        refunds_beside.check_number(refused)
        return _from_item(refused)


def _named(payment: Payment, reference: PspReference) -> Item:
    """Nothing but where to look: as often as it is written, and by however many, it says the same."""
    return {"pk": text(_reference_pk(reference)), "sk": text(payment.id)}


def _reference_pk(reference: PspReference) -> str:
    number = reference.number
    if len(number) > LONGEST_NUMBER:  # whatever an acquirer sends, the payment can be written
        number = f"sha256:{fingerprint(number)}"
    return f"PSPREF#{reference.connector}#{number}"


def new_puts(change: Change, table: str) -> list[dict[str, Any]]:
    """The writes of a new payment as part of another record's transaction, if there is none of its id."""
    payment = change.payment
    root = {"Put": {"TableName": table, "Item": _to_item(payment), "ConditionExpression": _ABSENT}}
    named = [{"Put": {"TableName": table, "Item": _named(payment, each)}} for each in change.references]
    return [root, *named]


def guarded_put(payment: Payment, table: str) -> dict[str, Any]:
    """The write of a changed payment as part of another record's transaction, if its version is unchanged."""
    return {
        "Put": {
            "TableName": table,
            "Item": _to_item(payment),
            "ConditionExpression": _UNCHANGED,
            "ExpressionAttributeValues": {":version": number(payment.version)},
        }
    }


def _to_item(payment: Payment) -> Item:
    item: Item = {
        "pk": text(payment.id),
        "sk": text("ROOT"),
        "version": number(payment.version + 1),
        "status": text(payment.status),
        "expiresAt": text(stamp(payment.expires_at)),
        # The wait is kept beside the body: parking writes it without reading the rest.
        "body": text(to_text(replace(payment, waiting=None, task_token=None, version=0))),
    }
    item |= payments_listed.listed_as(payment)
    item |= payments_of_family.listed_as(payment)
    if kind := ready_for(payment):
        item["ready"] = text(kind)
    if payment.ending:
        item["ending"] = text(payment.ending)
    if payment.waiting and payment.task_token:
        item |= {"waiting": text(payment.waiting), "taskToken": text(payment.task_token)}
    if payment.due_at:
        item |= due_at(payment.due_at, payment.id)
    return item


def _from_item(item: Item) -> Payment:
    waiting = item.get("waiting")
    payment = from_text(Payment, item["body"]["S"])
    if "taken" in item:
        # Taken up without rewriting the body: the mark says what the journal holds since.
        payment = taken_up(payment, Kind(item["taken"]["S"]), datetime.fromisoformat(item["takenAt"]["S"]))
    return replace(
        payment,
        version=int(item["version"]["N"]),
        waiting=Wait(waiting["S"]) if waiting else None,
        task_token=item["taskToken"]["S"] if waiting else None,
    )
