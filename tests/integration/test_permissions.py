"""Roles: each lets its functions do what they do, by as little as there is, and every right is somebody's need."""

from __future__ import annotations

from typing import Final

import pytest

from shared.edge import sweeping
from shared.families.rights import RIGHTS
from tests.integration.ways.bells import bells_in_every_way
from tests.integration.ways.cards import cards_in_every_way
from tests.integration.ways.credentialed import with_credentials
from tests.integration.ways.disputes import disputes_in_every_way
from tests.integration.ways.glomopay import glomopay_in_every_way
from tests.integration.ways.links import links_in_every_way
from tests.integration.ways.office import settings_changed
from tests.integration.ways.operators import invited_for_real, operators_at_work
from tests.integration.ways.pages import pages_compared
from tests.integration.ways.paygol import paygol_in_every_way
from tests.integration.ways.payments import (
    asked_at_all,
    given_up,
    looked_after,
    pages_challenged,
    paid_in_every_way,
    receipts_again,
    refused_vouchers,
    settled,
    undecided,
)
from tests.integration.ways.people import letters_written, people_in_every_way
from tests.integration.ways.posts import sent_for_real
from tests.integration.ways.watching import NOBODY, Watch
from tests.integration.ways.webhooks import gone, told
from tools.contract.rights import Right, allowed, role_of, roles, used_by_lambda
from tools.contract.routes import endpoints, functions

# What a function may do by its role and never does here: because others of the role need it, or because it takes a
# moment that a test cannot bring about. The less there is of this, the better.
AN_ENDED_LINK = "only when the link ends between two reads of it: its payment is given back then"
WHOEVER_ASKS = "the role's other functions ask about what is missing; this one takes payments as they are"
NOT_THIS_WORD = "other steps of the role are told, or wake somebody, when theirs goes wrong"
DOINGS: Final = "dynamodb:PutItem OfficeTable"
LOOKS_THROUGH: Final = ("dynamodb:BatchGetItem MerchantsTable", "dynamodb:Query MerchantsTable/index/kinds")
NOTED: Final = "dynamodb:UpdateItem MerchantsTable"  # whichever function a key opens first in an hour
UNUSED: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "checkout.agree": {
        "no token is made on a page of the sandbox's": ("dynamodb:PutItem SandboxTable",),
    },
    "checkout.ask": {
        "only when what it asks about never arrived: it is sent again then": ("dynamodb:PutItem SandboxTable",),
        "is told our own number of the payment": ("dynamodb:Query PaymentsTable",),
        "whoever rings may speak of a dispute; a browser that waits does not": (
            "dynamodb:GetItem DisputesTable",
            "dynamodb:PutItem DisputesTable",
            "dynamodb:UpdateItem DisputesTable",
        ),
    },
    "checkout.card": {
        "opens the next page only where an acquirer's is spent": ("dynamodb:PutItem SandboxTable",),
    },
    "dispute.evidence": {
        "a file changes nothing of its payment": ("dynamodb:PutItem PaymentsTable",),
        "signs a form: the answer is told and counted when it is given": (
            "s3:GetObject EvidenceBucket/objects",
            "dynamodb:UpdateItem DisputesTable",
            "dynamodb:PutItem EventsTable",
        ),
    },
    "dispute.get": {
        "shows one dispute as it is": (
            "dynamodb:PutItem DisputesTable",
            "dynamodb:UpdateItem DisputesTable",
            "dynamodb:Query DisputesTable",
            "dynamodb:Query DisputesTable/index/merchant",
            "dynamodb:Query DisputesTable/index/overdue",
            "dynamodb:Query DisputesTable/index/status",
            "dynamodb:PutItem EventsTable",
        ),
    },
    "dispute.respond": {
        "looks whether the files are there, and puts none": ("s3:PutObject EvidenceBucket/objects",),
    },
    "dispute.stats": {
        "counts without listing": (
            "dynamodb:Query DisputesTable",
            "dynamodb:Query DisputesTable/index/merchant",
            "dynamodb:Query DisputesTable/index/status",
        ),
    },
    "glomopay.authentication": {
        "a card was presented: no link's page, and the payment says all of it": (
            "dynamodb:GetItem LinksTable",
            "dynamodb:GetItem SandboxTable",
        ),
    },
    "glomopay.payment_get": {
        "reads one payment, and lists nothing": ("dynamodb:Query PaymentsTable",),
    },
    "glomopay.payin_get": {
        AN_ENDED_LINK: (
            "dynamodb:PutItem PaymentsTable",
            "dynamodb:GetItem SandboxTable",
            "dynamodb:PutItem SandboxTable",
            "secretsmanager:GetSecretValue connectors",
        ),
    },
    "glomopay.payin_update": {
        "its payment came to nothing yet, so that only its terms change": (
            "dynamodb:PutItem EventsTable",
            "dynamodb:PutItem PaymentsTable",
            "dynamodb:GetItem SandboxTable",
            "dynamodb:PutItem SandboxTable",
            "secretsmanager:GetSecretValue connectors",
        ),
    },
    "glomopay.refund_get": {
        "reads one": ("dynamodb:BatchGetItem PaymentsTable", "dynamodb:Query PaymentsTable/index/numbered"),
    },
    "glomopay.customer_create": {
        "makes a customer, and reads and gives up none": (
            "dynamodb:GetItem CustomersTable",
            "dynamodb:DeleteItem CustomersTable",
        ),
    },
    "glomopay.customer_get": {
        "reads one": ("dynamodb:BatchGetItem CustomersTable", "dynamodb:Query CustomersTable/index/numbered"),
    },
    "glomopay.customer_list": {
        "reads all of a page at once": ("dynamodb:GetItem CustomersTable",),
    },
    "housekeeping.links": {
        AN_ENDED_LINK: ("dynamodb:PutItem EventsTable", "secretsmanager:GetSecretValue connectors"),
    },
    "housekeeping.settle": {
        "closes one operation by a person's word; what follows from it is the role's, at other operations": (
            "dynamodb:PutItem SandboxTable",
            "dynamodb:Query PaymentsTable/index/due",
            "dynamodb:UpdateItem CardsTable",
            "dynamodb:UpdateItem PaymentsTable",
            "states:DescribeExecution executions",
            "states:SendTaskSuccess machine",
            "states:StartExecution machine",
        ),
    },
    "merchant.deliveries_replay": {
        "tells again what was told": ("dynamodb:PutItem EventsTable",),
    },
    "merchant.events": {
        "shows events, whoever was told": ("dynamodb:Query DeliveriesTable", "dynamodb:Query MerchantsTable"),
    },
    **{
        f"merchant.{module}": {"takes nobody away": ("dynamodb:DeleteItem MerchantsTable",)}
        for module in ("people_change", "people_invite", "session_change")
    },
    "merchant.session_ask": {
        "hands a wish on, and neither reads nor keeps anybody": (
            "dynamodb:DeleteItem IdempotencyTable",
            "dynamodb:PutItem IdempotencyTable",
            "dynamodb:DeleteItem MerchantsTable",
            "dynamodb:GetItem MerchantsTable",
            "dynamodb:PutItem MerchantsTable",
        ),
    },
    "merchant.session_begin": {
        "the role's other function invites, once per key, and has it mailed": (
            "dynamodb:DeleteItem IdempotencyTable",
            "dynamodb:PutItem IdempotencyTable",
            "sqs:SendMessage ReceiptsQueue",
        ),
    },
    **{
        f"merchant.{module}": {"shows what is in force, not what was": ("dynamodb:Query MerchantsTable",)}
        for module in ("settings", "paygol_get", "people_list")
    },
    "merchant.webhooks_create": {
        "a new endpoint has nothing waiting, and takes no other's place": (
            "sqs:SendMessage DeliveriesQueue",
            "dynamodb:DeleteItem MerchantsTable",
        ),
    },
    "merchant.webhooks_delete": {
        "takes one endpoint away, as often as it is asked": (
            "dynamodb:PutItem IdempotencyTable",
            "dynamodb:DeleteItem IdempotencyTable",
            "dynamodb:PutItem MerchantsTable",
            "dynamodb:Query MerchantsTable",
            "sqs:SendMessage DeliveriesQueue",
        ),
    },
    "merchant.webhooks_deliveries": {
        "shows the deliveries of one endpoint": ("dynamodb:Query EventsTable", "dynamodb:Query MerchantsTable"),
    },
    "merchant.webhooks_get": {
        "shows one endpoint, nothing that was told": (
            "dynamodb:Query DeliveriesTable",
            "dynamodb:Query EventsTable",
            "dynamodb:Query MerchantsTable",
        ),
    },
    "merchant.webhooks_list": {
        "shows endpoints, nothing that was told": ("dynamodb:Query DeliveriesTable", "dynamodb:Query EventsTable"),
    },
    "merchant.webhooks_replay": {
        "queues one message, which finds the deliveries": (
            "dynamodb:GetItem DeliveriesTable",
            "dynamodb:PutItem DeliveriesTable",
            "dynamodb:PutItem EventsTable",
        ),
    },
    "merchant.webhooks_rotate_secret": {
        "changes one endpoint, and what waits for it waits on": (
            "sqs:SendMessage DeliveriesQueue",
            "dynamodb:DeleteItem MerchantsTable",
            "dynamodb:Query MerchantsTable",
        ),
    },
    "merchant.webhooks_test": {
        "writes an event, which the stream fans out": (
            "sqs:SendMessage DeliveriesQueue",
            "dynamodb:GetItem DeliveriesTable",
            "dynamodb:PutItem DeliveriesTable",
        ),
    },
    "merchant.webhooks_update": {
        "changes one endpoint, as often as it is asked": (
            "dynamodb:PutItem IdempotencyTable",
            "dynamodb:DeleteItem IdempotencyTable",
            "dynamodb:DeleteItem MerchantsTable",
            "dynamodb:Query MerchantsTable",
        ),
    },
    "merchant.settings_update": {
        "takes a key away when its overlap is over": ("dynamodb:DeleteItem MerchantsTable",),
    },
    "merchant.paygol_rotate_secret": {
        "changes what its service has, and takes nothing away": ("dynamodb:DeleteItem MerchantsTable",),
    },
    "paygol.checkout_method": {
        "only when a card was accepted on the page that is left": ("dynamodb:PutItem EventsTable",),
    },
    "paygol.checkout_start": {
        "what begins is no news yet": ("dynamodb:PutItem EventsTable",),
    },
    "paygol.payment_status": {
        "shows one transaction": ("dynamodb:Query PaymentsTable",),
    },
    "payment.init": {
        "finds what an earlier call made whose answer was lost before it was kept": (
            "dynamodb:GetItem PaymentsTable",
        ),
    },
    "payment.refund": {
        "a refund wakes nobody": ("states:SendTaskSuccess machine",),
    },
    "payment.transaction": {
        "reads one payment, without its refunds": ("dynamodb:Query PaymentsTable",),
    },
    "payment_flow.notify_vouchers": {
        NOT_THIS_WORD: ("states:SendTaskSuccess machine", "dynamodb:PutItem EventsTable"),
    },
    "payment_flow.restore_vouchers": {
        NOT_THIS_WORD: ("states:SendTaskSuccess machine",),
    },
    "payment_flow.validate_vouchers": {
        NOT_THIS_WORD: ("states:SendTaskSuccess machine",),
    },
    "payment_flow.void_card": {
        NOT_THIS_WORD: ("states:SendTaskSuccess machine",),
    },
    "payment_link.cancel": {
        AN_ENDED_LINK: (
            "dynamodb:PutItem EventsTable",
            "dynamodb:GetItem SandboxTable",
            "dynamodb:PutItem SandboxTable",
            "secretsmanager:GetSecretValue connectors",
        ),
        WHOEVER_ASKS: ("dynamodb:UpdateItem PaymentsTable",),
    },
    "payment_link.create": {
        "makes a link and reads none": ("dynamodb:GetItem LinksTable",),
    },
    "payment_link.get": {
        AN_ENDED_LINK: (
            "dynamodb:PutItem EventsTable",
            "dynamodb:PutItem PaymentsTable",
            "dynamodb:GetItem SandboxTable",
            "dynamodb:PutItem SandboxTable",
            "secretsmanager:GetSecretValue connectors",
        ),
        WHOEVER_ASKS: ("dynamodb:UpdateItem PaymentsTable", "states:SendTaskSuccess machine"),
        "a read needs no key": ("dynamodb:PutItem IdempotencyTable", "dynamodb:DeleteItem IdempotencyTable"),
    },
    "payment_link.open": {
        AN_ENDED_LINK: ("dynamodb:PutItem EventsTable",),
    },
    "payment_link.public": {
        "no card was entered yet: no gateway's books": ("dynamodb:GetItem SandboxTable",),
    },
    "payment_link.qrcode": {
        "draws an address": ("dynamodb:GetItem PaymentsTable", "dynamodb:GetItem SandboxTable"),
    },
    "payment_link.verify": {
        "asking twice does no harm: it takes no key": (
            "dynamodb:PutItem IdempotencyTable",
            "dynamodb:DeleteItem IdempotencyTable",
        ),
        "only when what it asks about never arrived: it is sent again then": ("dynamodb:PutItem SandboxTable",),
    },
    "sandbox.card_page": {
        "a page belongs to a payment, whatever link led to it": ("dynamodb:GetItem LinksTable",),
    },
    "sandbox.card_page_ask": {
        "no card is tried: nothing is counted": ("dynamodb:UpdateItem IdempotencyTable",),
    },
    "sandbox.card_page_cancel": {
        "no card is tried: nothing is counted": ("dynamodb:UpdateItem IdempotencyTable",),
        "only a card that had been accepted too late is given back": ("secretsmanager:GetSecretValue connectors",),
    },
    "sandbox.card_page_challenge": {
        "only a card that had been accepted too late is given back": ("secretsmanager:GetSecretValue connectors",),
    },
    "operators.merchants_create": {
        "makes what was not there: it takes nothing away": ("dynamodb:DeleteItem MerchantsTable",),
        "looks through nothing": LOOKS_THROUGH,
    },
    "operators.merchants_list": {
        "only looks through": (
            "dynamodb:PutItem MerchantsTable",
            "dynamodb:DeleteItem MerchantsTable",
            "dynamodb:PutItem IdempotencyTable",
            "dynamodb:DeleteItem IdempotencyTable",
            "dynamodb:GetItem SandboxTable",
            "dynamodb:PutItem SandboxTable",
            "ses:SendEmail SenderDomain",
        ),
    },
    "operators.merchant_act": {
        "takes a key away when its overlap is over": ("dynamodb:DeleteItem MerchantsTable",),
        "takes no Idempotency-Key: another link ends the one before": ("dynamodb:DeleteItem IdempotencyTable",),
        "acts on one": LOOKS_THROUGH,
    },
    "operators.welcome": {
        "only keys that were there before are taken away": ("dynamodb:DeleteItem MerchantsTable",),
    },
    "token_payment.delete": {
        "what is gone stays gone: it takes no key": (
            "dynamodb:PutItem IdempotencyTable",
            "dynamodb:DeleteItem IdempotencyTable",
        ),
    },
    "token_payment.set_default": {
        "a default is a mark in the wallet: no token is touched": (
            "kms:Decrypt CardKey",
            "dynamodb:DeleteItem CardsTable",
            "dynamodb:GetItem CardsTable",
            "dynamodb:GetItem SandboxTable",
            "dynamodb:PutItem SandboxTable",
            "secretsmanager:GetSecretValue connectors",
        ),
    },
    "webhook.psp": {
        "only when what it asks about never arrived: it is sent again then": ("dynamodb:PutItem SandboxTable",),
    },
}


@pytest.fixture
def used(stack: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> dict[str, set[Right]]:
    """What each function did, by its module, and what Lambda does for it."""
    monkeypatch.setattr(sweeping, "ABREAST", 1)  # moto's tables are not made for several threads at once
    monkeypatch.setattr("shared.families.payglobe.settling.PATIENCE_SECONDS", 0.1)
    with_credentials(monkeypatch)
    watch = Watch()
    watch.listen()
    asked_at_all(watch)
    letters_written(watch)
    paid_in_every_way(watch)
    refused_vouchers(watch)
    given_up(watch, monkeypatch)
    pages_challenged(watch)
    undecided(watch)
    links_in_every_way(watch, monkeypatch)
    cards_in_every_way(watch, monkeypatch)
    disputes_in_every_way(watch, monkeypatch)
    glomopay_in_every_way(watch, monkeypatch)
    bells_in_every_way(watch, monkeypatch)
    settings_changed(watch)
    operators_at_work(watch)
    paygol_in_every_way(watch)
    people_in_every_way(watch)
    gone(watch)
    told(watch, monkeypatch)
    looked_after(watch, monkeypatch)
    settled(watch)
    receipts_again(watch)
    pages_compared(watch, monkeypatch)
    with sent_for_real(monkeypatch):
        invited_for_real(watch, monkeypatch)
        receipts_again(watch)
        links_in_every_way(watch, monkeypatch)
        gone(watch)
    found = {module: rights for module, rights in watch.used.items() if module != NOBODY}
    for _, properties in functions():
        found.setdefault(properties["Handler"].removesuffix(".handler"), set()).update(used_by_lambda(properties))
    return found


def written_down() -> set[str]:
    """Functions by which people change something. Their roles' others only read, or are for servers alone."""
    return {
        module
        for module, endpoint in endpoints().items()
        for method, path in endpoint.routes
        if endpoint.noted and RIGHTS.get(f"{method} {path}") and method != "GET"
    }


def test_every_right_is_used_by_every_function_that_has_it_or_a_reason_is_given(used: dict[str, set[Right]]) -> None:
    rights = allowed()
    assert set(used) == set(rights), "a function was never run"

    assert not {module: done - rights[module] for module, done in used.items() if done - rights[module]}
    idle = {module: {" ".join(right) for right in rights[module] - done} for module, done in used.items()}
    for module in idle.keys() - written_down():
        idle[module].discard(DOINGS)
    for names in idle.values():
        names.discard(NOTED)
    assert {module: names for module, names in idle.items() if names} == {
        m: {name for names in why.values() for name in names} for m, why in UNUSED.items()
    }


def test_nothing_is_allowed_by_a_wildcard() -> None:
    for role, rights in roles().items():
        assert not [right for right in rights if "*" in right[0] or "*" in right[1]], role


def test_a_function_has_no_rights_but_those_of_its_role() -> None:
    assert not [name for name, properties in functions() if "Policies" in properties]
    assert {role_of(properties) for _, properties in functions()} == set(roles())


def test_no_two_roles_are_the_same() -> None:
    assert len({frozenset(rights) for rights in roles().values()}) == len(roles())
