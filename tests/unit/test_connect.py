"""Setting up a merchant's connectors: what is refused, what is kept where, and what is in force then."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from shared.adapters import connector_settings
from shared.adapters.card_gateways import CARD_GATEWAYS
from shared.adapters.connector_settings import SETTINGS, Address, secrets_of, split, validated
from shared.adapters.voucher_providers import VOUCHER_PROVIDERS
from shared.domain.account import Connector, Role
from shared.domain.errors import GatewayNotConfigured, InvalidRequest, NotFound
from shared.domain.merchant import KeyKind, OwnConnector
from shared.domain.payment import Environment
from shared.ports.merchants import NewKey
from shared.usecases.merchant.connect import connect, disconnect
from tools.ops import connector as commands
from tools.testing.builders import MERCHANT, TEST, a_record, an_office
from tools.testing.fakes import NOON, FakeCredentials, FakeMerchants

LIVE = Environment.LIVE
KEY = NewKey("sk_live_ShopSecret1234", LIVE, KeyKind.SECRET)
GATEWAY = Role.CARD_GATEWAY


class Acquirer(BaseModel):
    model_config = ConfigDict(extra="forbid")
    tid: str = Field(max_length=8)
    ksig: SecretStr = Field(min_length=4)


class Shop:
    def __init__(self) -> None:
        self.merchants, self.credentials = FakeMerchants(), FakeCredentials()
        self.merchants.create(a_record(KEY))

    def connect(self, environment: Environment = LIVE, name: str = "acquirer", **secrets: str) -> None:
        office = an_office(self.merchants)
        wanted = Connector(name, {"tid": "T1"})
        connect(MERCHANT, environment, GATEWAY, wanted, secrets, office=office, credentials=self.credentials)

    def disconnect(self, environment: Environment = LIVE, name: str = "acquirer") -> None:
        disconnect(MERCHANT, environment, GATEWAY, name, office=an_office(self.merchants))


def test_every_connector_has_a_model_of_its_settings() -> None:
    assert set(SETTINGS[GATEWAY]) == set(CARD_GATEWAYS)
    assert set(SETTINGS[Role.VOUCHER_PROVIDER]) == set(VOUCHER_PROVIDERS)


def test_secrets_are_told_from_settings_by_the_model() -> None:
    made = split(Acquirer, {"tid": "T1", "ksig": "very-secret"})

    assert (made.public, made.secret) == ({"tid": "T1"}, {"ksig": "very-secret"})
    assert "very-secret" not in repr(made)


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ({"tid": "T1", "ksig": "abc"}, "ksig: Value should have at least 4 items"),
        ({"tid": "T1", "ksig": "very-secret", "colour": "very-secret"}, "colour: Extra inputs are not permitted"),
        ({"ksig": "very-secret"}, "tid: Field required"),
        ({"tid": "very-secret", "ksig": "very-secret"}, "tid: String should have at most 8 characters"),
        ("very-secret", "settings: "),
    ],
)
def test_a_wrong_setting_is_told_by_field_and_rule_and_never_by_its_value(document: Any, told: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        split(Acquirer, document)

    assert told in str(refused.value)
    assert "very-secret" not in str(refused.value)


def test_a_secret_that_is_being_replaced_is_a_list_and_one_that_is_left_out_is_not_there() -> None:
    class Rotating(BaseModel):
        webhook_secret: list[SecretStr]
        spare: SecretStr | None = None

    made = split(Rotating, {"webhook_secret": ["very-secret", "very-secret too"]})

    assert (made.public, json.loads(made.secret["webhook_secret"])) == ({}, ["very-secret", "very-secret too"])
    assert secrets_of(Rotating) == {"webhook_secret", "spare"}
    assert split(Rotating, {"webhook_secret": [], "spare": "very-secret"}).secret["spare"] == "very-secret"


@pytest.mark.parametrize(
    ("url", "environment", "here", "told"),
    [
        ("https://acquirer.example/api", LIVE, False, None),
        ("http://127.0.0.1:9/", TEST, True, None),
        ("http://acquirer.example", LIVE, False, "server_url must be an https address"),
        ("https://10.0.0.1", LIVE, False, "server_url must be a public address"),
        ("https://localhost", TEST, False, "server_url must be a public address"),
        ("http://127.0.0.1:9/", LIVE, True, "server_url must be an https address"),
    ],
)
def test_a_connector_is_called_at_public_hosts_over_tls_only(
    monkeypatch: pytest.MonkeyPatch, url: str, environment: Environment, here: bool, told: str | None
) -> None:
    class Called(BaseModel):
        server_url: Address

    monkeypatch.setattr(connector_settings, "SETTINGS", {**SETTINGS, GATEWAY: {"acquirer": Called}})
    if told is None:
        made = validated(GATEWAY, "acquirer", {"server_url": url}, environment, allow_private=here)
        assert made.public == {"server_url": url}
        return
    with pytest.raises(InvalidRequest, match=told):
        validated(GATEWAY, "acquirer", {"server_url": url}, environment, allow_private=here)


def test_an_unknown_gateway_is_refused_with_the_known_ones() -> None:
    with pytest.raises(InvalidRequest, match="there is no card gateway acme; there are: sandbox"):
        validated(GATEWAY, "acme", {}, TEST)


def test_a_connector_is_in_force_with_the_next_request_and_its_secrets_are_not_in_the_record() -> None:
    shop = Shop()

    shop.connect(ksig="very-secret")

    account = shop.merchants.credential(KEY.value).account
    assert account.card_gateway is not None
    assert replace(account.card_gateway, id="") == Connector("acquirer", {"tid": "T1"}, NOON, secrets=("ksig",))
    assert dict(shop.credentials.of(MERCHANT, LIVE, "acquirer")) == {"tid": "T1", "ksig": "very-secret"}
    assert "very-secret" not in repr(shop.merchants.record(MERCHANT))
    (line,) = shop.merchants.audit_trail(MERCHANT, 9)
    assert (line.what, line.fields) == ("connector", ("live.card_gateway",))


def test_the_sandbox_is_no_live_connector() -> None:
    shop = Shop()

    with pytest.raises(InvalidRequest, match="sandbox"):
        shop.connect(name="sandbox")

    assert shop.merchants.record(MERCHANT).account(LIVE).card_gateway is None


def test_a_removed_connector_takes_nothing_new_and_stays_known_with_its_secrets() -> None:
    shop = Shop()
    for environment in (LIVE, TEST):
        shop.connect(environment, ksig="very-secret")
        shop.disconnect(environment)

    record = shop.merchants.record(MERCHANT)
    with pytest.raises(GatewayNotConfigured):
        record.account(LIVE).gateway()
    assert record.account(TEST).gateway() == "sandbox"
    assert set(record.account(LIVE).inactive) == {"acquirer"}
    assert shop.credentials.of(MERCHANT, LIVE, "acquirer")["ksig"] == "very-secret"
    with pytest.raises(NotFound):
        shop.disconnect()
    with pytest.raises(InvalidRequest):
        shop.disconnect(TEST, "sandbox")


def test_a_connector_has_128_random_bits_of_its_own_that_stay_whatever_becomes_of_it() -> None:
    shop = Shop()
    shop.connect()
    shop.connect(TEST)
    first = shop.merchants.record(MERCHANT).addressed()
    assert sorted(own.environment for own in first.values()) == [LIVE, TEST]
    assert all(len(bytes.fromhex(address)) == 16 for address in first)

    shop.connect(name="other")
    shop.connect()
    shop.disconnect()

    assert first.items() <= shop.merchants.record(MERCHANT).addressed().items()
    assert not any(address in repr(shop.merchants.record(MERCHANT)) for address in first)


def test_a_connector_that_comes_back_is_no_longer_inactive() -> None:
    shop = Shop()
    shop.connect()
    shop.connect(name="other")
    assert set(shop.merchants.record(MERCHANT).account(LIVE).inactive) == {"acquirer"}

    shop.connect()

    assert set(shop.merchants.record(MERCHANT).account(LIVE).inactive) == {"other"}


# ---- commands ----


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> Shop:
    made = Shop()

    class Here:
        stack = "local"
        on_this_machine = False
        base_url = "https://api.example/paymentgw"
        office = an_office(made.merchants)

    monkeypatch.setattr("tools.ops.merchant.target", lambda port, env: Here())
    monkeypatch.setattr(commands, "SecretsManagerCredentials", lambda *_: made.credentials)
    return made


def said(*command: str, code: int = 0) -> Any:
    options = ["--merchant", MERCHANT, *command[1:]]
    done = CliRunner().invoke(commands.main, [command[0], *options])
    assert done.exit_code == code, done.output
    return json.loads(done.stdout) if done.stdout.startswith("{") else done.output


SANDBOX = ("--env-mode", "test", "--gateway", "sandbox")


def test_the_commands_set_list_test_and_remove(shop: Shop) -> None:
    made = said("set", *SANDBOX)
    ((address, own),) = shop.merchants.record(MERCHANT).addressed().items()
    assert own == OwnConnector(MERCHANT, TEST, "sandbox")
    assert made == {
        "merchantId": MERCHANT,
        "environment": "test",
        "gateway": "sandbox",
        "active": True,
        "settings": {},
        "notificationUrl": f"https://api.example/paymentgw/webhook/psp/sandbox/{address}",
        "updatedAt": NOON.isoformat(),
        "version": 2,
    }
    assert said("set", *SANDBOX)["notificationUrl"] == made["notificationUrl"]

    assert [(one["environment"], one["active"]) for one in said("list")["connectors"]] == [("test", True)] * 3
    assert said("test", "--env-mode", "test", "--methods", "sandbox") == {"ok": True, "account": "sandbox"}
    assert said("test", *SANDBOX) == {"ok": True, "account": "sandbox"}
    assert said("test", "--env-mode", "live", "--gateway", "sandbox", code=1)["code"] == "refused"
    assert "there are: sandbox" in said("set", "--env-mode", "live", "--gateway", "acme", code=1)
    assert "no live connector" in said("set", "--env-mode", "live", "--gateway", "sandbox", code=1)
    assert "sandbox" in said("remove", *SANDBOX, code=1)
    assert "GATEWAY" in said("set", "--env-mode", "test", code=1)


def test_settings_come_from_a_file_only_and_no_secret_comes_out(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connector_settings, "SETTINGS", {**SETTINGS, GATEWAY: {"acquirer": Acquirer}})
    file = tmp_path / "settings.json"
    file.write_text('{"tid": "T1", "ksig": "very-secret"}')
    acquirer = ("--env-mode", "live", "--gateway", "acquirer")

    assert "is a file" in said("set", *acquirer, "--settings", '{"tid": "T1"}', code=1)
    made = said("set", *acquirer, "--settings", f"@{file}")
    removed = said("remove", *acquirer)

    assert made["settings"] == {"tid": "T1", "ksig": "(set)"}
    assert (removed["active"], removed["settings"]) == (False, {"tid": "T1", "ksig": "(set)"})
    assert shop.credentials.of(MERCHANT, LIVE, "acquirer")["ksig"] == "very-secret"
