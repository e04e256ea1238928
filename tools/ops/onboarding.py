"""Merchants for the local cloud and for a deployed stack: by the product's own use case."""

from __future__ import annotations

import json
import secrets
import time
from datetime import UTC, datetime
from typing import Any, Final

from shared.adapters.dynamodb.customers import DynamoCustomers
from shared.adapters.dynamodb.merchants import DynamoMerchants
from shared.domain.customer import Customer, CustomerType
from shared.domain.errors import Conflict
from shared.domain.ids import CustomerId
from shared.domain.merchant import KeyKind, Secret, Service
from shared.domain.payment import Environment
from shared.ports.merchants import NewKey
from shared.usecases.customer.keep_customer import NewCustomer, create_customer
from shared.usecases.merchant.change_merchant import change_merchant
from shared.usecases.merchant.changing import Office
from shared.usecases.merchant.create_merchant import Keep, NewMerchant, create_merchant, new_service

DEMO_ID: Final = "m_demo"
DEMO_KEYS: Final = (
    NewKey("pk_test_PayGlobe123456789TestPublishable", Environment.TEST, KeyKind.PUBLISHABLE),
    NewKey("sk_test_PayGlobe123456789TestSecret", Environment.TEST, KeyKind.SECRET),
)
# What signs the local cloud's messages about disputes. Nothing but the local cloud ever knows these.
DEMO_DISPUTE_SECRETS: Final = {
    name: {"test": [f"local_{name}_secret"]} for name in ("igfs", "stripe", "paypal", "sandbox")
}
DEMO_CONTACT: Final = "help@bottega-demo.example"
DEMO_CUSTOMER_ID: Final = CustomerId("cust_E602dMzgjpDC")
DEMO_CUSTOMER: Final = NewCustomer(
    type=CustomerType.INDIVIDUAL,
    country="IND",
    name="John Doe",
    email="john.doe@example.com",
    address="1 Main Street",
    city="Mumbai",
    state="Maharashtra",
)
PAYGOL: Final = "paygol"
PAYGOL_FORMAT: Final = "paygol.auto.GET"
DEMO_SERVICE: Final = "123"
DEMO_SERVICE_SECRET: Final = "7c1a6a24-7943-102d-92f8-29573711ad31"  # noqa: S105 - the local cloud's alone
DEMO_PUBLISHABLE: Final = DEMO_KEYS[0].value
DEMO_SECRET: Final = DEMO_KEYS[1].value


def now() -> datetime:
    return datetime.now(UTC)


def new_services() -> tuple[Service, ...]:
    """A service in each environment, which a merchant is made with."""
    return tuple(new_service(PAYGOL, environment, now, secrets.token_bytes) for environment in Environment)


def office(database: Any, table: str, who: str) -> Office:
    """An operator at a merchants table; ``who`` stands in the audit trail."""
    return Office(DynamoMerchants(database, table, now), who, now, secrets.token_bytes, _pause)


def _pause(attempt: int) -> None:
    time.sleep(secrets.SystemRandom().uniform(0, min(0.4, 0.01 * 2**attempt)))


def demo_service() -> Service:
    """The service that the samples of guides and libraries name."""
    return Service(DEMO_SERVICE, PAYGOL, Environment.TEST, (Secret(DEMO_SERVICE_SECRET, now()),))


def add_demo_merchant(database: Any, table: str, keep: Keep | None = None) -> NewMerchant | None:
    """The merchant whose keys the documentation prints. None when it is there already. Local cloud only."""
    at = office(database, table, "the local cloud")
    try:
        made = create_merchant(
            "Bottega Demo",
            merchants=at.merchants,
            now=now,
            entropy=secrets.token_bytes,
            merchant_id=DEMO_ID,
            keys=DEMO_KEYS,
            services=(demo_service(),),
            keep=keep,
        )
    except Conflict:
        return None
    change_merchant(made.merchant.id, {"contact": DEMO_CONTACT}, office=at)
    return made


def add_demo_customer(database: Any, merchants_table: str, customers_table: str) -> Customer:
    """The customer that the guides' first order is for. Local cloud only."""
    credential = DynamoMerchants(database, merchants_table, now).credential(DEMO_SECRET)
    return create_customer(
        DEMO_CUSTOMER,
        credential,
        customers=DynamoCustomers(database, customers_table),
        now=now,
        entropy=secrets.token_bytes,
        customer_id=DEMO_CUSTOMER_ID,
    )


def as_json(new: NewMerchant, ipn_url: str = "") -> str:
    """What ``make merchant`` prints: the only time these values are seen."""
    keys = {f"{key.kind}_{key.environment}": key.value for key in new.keys}
    hooks = {secret.environment.value: secret.secret.value for secret in new.secrets}
    services = {_SERVICE[service.environment]: _service(service) for service in new.services}
    if ipn_url:
        services[PAYGOL]["ipn_url"] = ipn_url
    told = {"merchantId": new.merchant.id, "name": new.merchant.name, "keys": keys, "webhookSecrets": hooks}
    return json.dumps(told | services)


_SERVICE: Final = {Environment.TEST: PAYGOL, Environment.LIVE: f"{PAYGOL}Live"}


def _service(service: Service) -> dict[str, str]:
    return {"service_id": service.id, "secret_key": service.secrets[0].value}
