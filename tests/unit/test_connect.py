"""Setting up a merchant's connectors: what is refused, what is kept where, and what is in force then."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from shared.adapters import settings_files
from shared.adapters.card_gateways import CARD_GATEWAYS
from shared.adapters.connector_checks import CHECKS
from shared.adapters.connector_settings import SETTINGS, Address
from shared.adapters.psp_http import PspHttp
from shared.adapters.settings_files import secrets_of, split, validated
from shared.adapters.voucher_providers import VOUCHER_PROVIDERS
from shared.domain.abilities import Abilities
from shared.domain.account import Account, Connector, Role
from shared.domain.errors import (
    Conflict,
    CredentialsRefused,
    GatewayNotConfigured,
    InvalidRequest,
    NotFound,
    OutcomeUnknown,
    Unprocessable,
)
from shared.domain.ids import MerchantId, PaymentId
from shared.domain.merchant import KeyKind, OwnConnector
from shared.domain.operation import Kind
from shared.domain.payment import Environment, Payment, Status
from shared.domain.saved_card import SavedCard, Wallet
from shared.ports.cards import WalletChange
from shared.ports.merchants import NewKey
from shared.usecases.merchant.change_merchant import change_merchant
from shared.usecases.merchant.changing import Office
from shared.usecases.merchant.connect import connect, disconnect
from shared.usecases.merchant.in_use import in_use
from shared.usecases.merchant.purge import purge
from tools.ops import connector as commands
from tools.ops.target import Target
from tools.testing.builders import MERCHANT, TEST, a_payment, a_record, an_office, an_operation
from tools.testing.fakes import NOON, FakeCards, FakeCredentials, FakeMerchants, FakePayments, FixedClock

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
        self.payments, self.cards, self.clock = FakePayments(), FakeCards(), FixedClock()
        self.merchants.create(a_record(KEY))
        self.able = Abilities(server_to_server=True)

    def connect(self, environment: Environment = LIVE, name: str = "acquirer", **secrets: str) -> None:
        office = an_office(self.merchants)
        wanted = Connector(name, {"tid": "T1"})
        connect(MERCHANT, environment, GATEWAY, wanted, secrets, office=office, credentials=self.credentials)

    def disconnect(self, environment: Environment = LIVE, name: str = "acquirer") -> None:
        disconnect(MERCHANT, environment, GATEWAY, name, office=an_office(self.merchants))

    def needed_by(self, environment: Environment = LIVE, name: str = "acquirer") -> str | None:
        return in_use(MERCHANT, environment, name, payments=self.payments, cards=self.cards)

    def purge(self, environment: Environment = LIVE, name: str = "acquirer") -> None:
        office = an_office(self.merchants, self.clock)
        ports = {"credentials": self.credentials, "payments": self.payments, "cards": self.cards}
        purge(MERCHANT, environment, name, office=office, **ports)  # type: ignore[arg-type]

    def has(self, **changes: Any) -> Payment:
        """A payment at the acquirer."""
        return self.payments.add(a_payment(environment=LIVE, gateway="acquirer", **changes))

    def check(self, http: PspHttp, environment: Environment, settings: Mapping[str, str]) -> str:
        """Whose settings they are, as the acquirer says."""
        if settings["ksig"] == "refused":
            raise CredentialsRefused("no")
        if settings["ksig"] == "not heard":
            raise OutcomeUnknown("lost")
        return f"account of {settings['tid']}"


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
        ({"tid": "T1", "ksig": "abc"}, "ksig: must have at least 4 characters"),
        ({"tid": "T1", "ksig": "very-secret", "colour": "very-secret"}, "colour: is not known"),
        ({"ksig": "very-secret"}, "tid: is missing"),
        ({"tid": "very-secret", "ksig": "very-secret"}, "tid: must have at most 8 characters"),
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

    monkeypatch.setattr(settings_files, "SETTINGS", {**SETTINGS, GATEWAY: {"acquirer": Called}})
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


# ---- whose account it is, and the end of it ----


def of_account(shop: Shop, account: str, *, sure: bool = False) -> None:
    office = an_office(shop.merchants)
    wanted = Connector("acquirer", {"tid": account}, account=account)
    needed_by = shop.needed_by if sure else None
    connect(
        MERCHANT,
        LIVE,
        GATEWAY,
        wanted,
        {"ksig": f"key of {account}"},
        office=office,
        credentials=shop.credentials,
        needed_by=needed_by,
    )


def key(shop: Shop) -> str:
    return shop.credentials.of(MERCHANT, LIVE, "acquirer")["ksig"]


PAID = {"status": Status.SUCCESS, "completed_at": NOON}


def paid(shop: Shop, *kinds: Kind, **changes: Any) -> Payment:
    payment = a_payment(environment=LIVE, gateway="acquirer", **{**PAID, **changes})
    for kind in kinds:
        payment = payment.with_operation(an_operation(payment, kind))
    return shop.payments.add(payment)


def test_settings_of_another_account_are_refused_before_anything_is_stored() -> None:
    shop = Shop()
    of_account(shop, "one")
    of_account(shop, "one")

    with pytest.raises(Conflict, match="account one") as refused:
        of_account(shop, "two")

    assert refused.value.error_code == "another_account"
    assert (key(shop), shop.merchants.record(MERCHANT).account(LIVE).card_gateway.account) == (  # type: ignore[union-attr]
        "key of one",
        "one",
    )


def test_another_account_takes_its_place_where_that_is_meant_and_nothing_needs_the_one_before() -> None:
    shop = Shop()
    of_account(shop, "one")
    open_one = shop.has()
    with pytest.raises(Conflict, match=open_one.id):
        of_account(shop, "two", sure=True)
    assert key(shop) == "key of one"

    shop.payments.add(replace(open_one, status=Status.FAILED, page_settled=True))
    of_account(shop, "two", sure=True)

    assert key(shop) == "key of two"


def removed(shop: Shop) -> None:
    shop.connect(ksig="very-secret")
    shop.disconnect()
    shop.clock.advance(60)


def is_kept(shop: Shop) -> bool:
    try:
        shop.credentials.of(MERCHANT, LIVE, "acquirer")
    except GatewayNotConfigured:
        return False
    return True


def test_a_removed_connector_is_forgotten_with_its_credentials_and_its_address() -> None:
    shop = Shop()
    removed(shop)
    (address,) = shop.merchants.record(MERCHANT).addressed()

    shop.purge()
    shop.purge()

    assert (is_kept(shop), shop.merchants.record(MERCHANT).account(LIVE).inactive) == (False, {})
    with pytest.raises(NotFound):
        shop.merchants.connector(address)
    assert shop.merchants.audit_trail(MERCHANT, 1)[0].what == "connector-purge"


@pytest.mark.parametrize(
    "needs",
    [
        lambda shop: shop.has(),
        lambda shop: shop.has(status=Status.PROCESSING),
        lambda shop: shop.has(status=Status.FAILED),
        lambda shop: paid(shop, Kind.PREAUTH, Kind.CAPTURE),
        lambda shop: paid(shop, Kind.SALE, disputed=150_00),
        lambda shop: paid(shop, Kind.SALE, given_back={"card": 150_00}, open_legs=("ref",)),
    ],
    ids=["waits for a card", "under way", "page is watched", "refundable", "disputed", "refund under way"],
)
def test_what_a_payment_still_needs_is_not_purged(needs: Callable[[Shop], Payment]) -> None:
    shop = Shop()
    removed(shop)
    payment = needs(shop)

    with pytest.raises(Conflict, match=payment.id) as refused:
        shop.purge()

    assert (refused.value.error_code, is_kept(shop)) == ("connector_in_use", True)
    assert "acquirer" in shop.merchants.record(MERCHANT).account(LIVE).inactive


def test_what_nothing_can_become_of_needs_nothing() -> None:
    shop = Shop()
    removed(shop)
    shop.has(status=Status.FAILED, page_settled=True)
    paid(shop, Kind.SALE, status=Status.REFUNDED, given_back={"card": 150_00})
    shop.payments.add(a_payment(environment=LIVE, gateway="another"))
    shop.payments.add(a_payment(gateway="acquirer"))

    assert shop.needed_by() is None
    shop.purge()


def test_every_payment_is_looked_at_however_many_there_are() -> None:
    shop = Shop()
    removed(shop)
    first = shop.has()
    for minute in range(1, 250):
        shop.has(status=Status.FAILED, page_settled=True, created_at=NOON + timedelta(minutes=minute))

    assert first.id in (shop.needed_by() or "")


def test_a_card_that_is_saved_there_needs_it() -> None:
    shop = Shop()
    removed(shop)
    card = SavedCard(
        1, MERCHANT, LIVE, "cust", "acquirer", "VISA", "4242", "12/30", "sealed", "mark", PaymentId("TXN_1"), NOON
    )
    assert shop.cards.save(WalletChange(Wallet(MERCHANT, LIVE, "cust").with_card(card), added=1)) is None

    assert shop.needed_by() == "cards are saved there"
    assert shop.needed_by(name="another") is None


def test_a_connector_that_is_active_or_was_a_moment_ago_is_not_purged() -> None:
    shop = Shop()
    shop.connect(ksig="very-secret")
    for _ in range(2):
        with pytest.raises(Conflict) as refused:
            shop.purge()
        assert refused.value.error_code == "connector_active"
        if shop.merchants.record(MERCHANT).account(LIVE).card_gateway is not None:
            shop.disconnect()
            shop.clock.advance(59)
    assert is_kept(shop)


def test_every_connector_says_whose_account_it_is() -> None:
    assert {role: set(rows) for role, rows in CHECKS.items()} == {role: set(rows) for role, rows in SETTINGS.items()}


# ---- commands ----


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> Shop:
    made = Shop()

    class Here:
        on_this_machine = False
        base_url = "https://api.example/paymentgw"
        http = PspHttp()
        credentials, payments, cards = made.credentials, made.payments, made.cards

        @property
        def office(self) -> Office:
            return an_office(made.merchants, made.clock)

        def needed_by(self, merchant_id: MerchantId, environment: Environment, name: str) -> str | None:
            return made.needed_by(environment, name)

        def able(self, name: str) -> Abilities:
            return made.able

    monkeypatch.setattr("tools.ops.merchant.target", lambda port, env: Here())
    monkeypatch.setattr(commands, "CHECKS", {**CHECKS, GATEWAY: {**CHECKS[GATEWAY], "acquirer": made.check}})
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
    monkeypatch.setattr(settings_files, "SETTINGS", {**SETTINGS, GATEWAY: {"acquirer": Acquirer}})
    file = tmp_path / "settings.json"
    file.write_text('{"tid": "T1", "ksig": "very-secret"}')
    acquirer = ("--env-mode", "live", "--gateway", "acquirer")

    assert "is a file" in said("set", *acquirer, "--settings", '{"tid": "T1"}', code=1)
    made = said("set", *acquirer, "--settings", f"@{file}")
    removed = said("remove", *acquirer)

    assert made["settings"] == {"tid": "T1", "ksig": "(set)"}
    assert (removed["active"], removed["settings"]) == (False, {"tid": "T1", "ksig": "(set)"})
    assert shop.credentials.of(MERCHANT, LIVE, "acquirer")["ksig"] == "very-secret"


ACQUIRER = ("--env-mode", "live", "--gateway", "acquirer")


def given(tmp_path: Path, **settings: str) -> tuple[str, str]:
    file = tmp_path / "settings.json"
    file.write_text(json.dumps(settings))
    return "--settings", f"@{file}"


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = {**SETTINGS, GATEWAY: {**SETTINGS[GATEWAY], "acquirer": Acquirer}}
    monkeypatch.setattr(settings_files, "SETTINGS", rows)


def test_the_commands_ask_whose_settings_they_are(shop: Shop, known: None, tmp_path: Path) -> None:
    assert "refused" not in str(said("set", *ACQUIRER, *given(tmp_path, tid="T1", ksig="very-secret")))
    assert said("test", *ACQUIRER) == {"ok": True, "account": "account of T1"}

    told = said("set", *ACQUIRER, *given(tmp_path, tid="T2", ksig="very-secret"), code=1)
    assert "account of T1" in told
    assert "account of T2" in told
    made = said("set", *ACQUIRER, *given(tmp_path, tid="T2", ksig="very-secret"), "--new-account")
    assert made["settings"] == {"tid": "T2", "ksig": "(set)"}


@pytest.mark.parametrize(("ksig", "code"), [("refused", "credentials_refused"), ("not heard", "unreachable")])
def test_settings_that_are_refused_are_not_stored_and_stored_ones_say_why(
    shop: Shop, known: None, tmp_path: Path, ksig: str, code: str
) -> None:
    said("set", *ACQUIRER, *given(tmp_path, tid="T1", ksig=ksig), code=1)
    assert shop.merchants.record(MERCHANT).account(LIVE).card_gateway is None

    shop.connect(ksig=ksig)

    told = said("test", *ACQUIRER, code=1)
    assert (told["ok"], told["code"]) == (False, code)


@pytest.mark.parametrize(
    ("able", "wish", "told"),
    [
        (Abilities(partial_capture=False), {}, "PREAUTH_VOUCHER_CAPTURE: it captures no part of a hold"),
        (
            Abilities(partial_capture=False, refunds_difference="capture_then_refund"),
            {},
            "PREAUTH_VOUCHER_CAPTURE: its setting capture_then_refund is not true",
        ),
        (Abilities(tokens=False), {}, "SALE_WITH_TOKENIZATION: it saves no cards"),
        (Abilities(), {"s2s-cards": "on"}, "s2s-cards: it takes cards on its own page alone"),
        (
            Abilities(server_to_server=True, needs_setting="raw_cards"),
            {"s2s-cards": "on"},
            "s2s-cards: its setting raw_cards is not true",
        ),
    ],
)
def test_a_gateway_that_cannot_do_what_its_merchant_may_ask_for_is_not_stored(
    shop: Shop, known: None, tmp_path: Path, able: Abilities, wish: dict[str, str], told: str
) -> None:
    change_merchant(MERCHANT, wish, office=an_office(shop.merchants), environment=LIVE)
    shop.able = able

    assert told in said("set", *ACQUIRER, *given(tmp_path, tid="T1", ksig="very-secret"), code=1)

    assert shop.merchants.record(MERCHANT).account(LIVE).card_gateway is None
    with pytest.raises(GatewayNotConfigured):
        shop.credentials.of(MERCHANT, LIVE, "acquirer")


def test_it_is_stored_once_the_merchant_may_not_ask_for_that_and_then_that_is_not_enabled_again(
    shop: Shop, known: None, tmp_path: Path
) -> None:
    shop.able = Abilities(tokens=False)
    without = {"allowed-modes": "PREAUTH_VOUCHER_CAPTURE,SALE_DIRECT"}
    office = an_office(shop.merchants)
    change_merchant(MERCHANT, without, office=office, environment=LIVE, able=lambda name: shop.able)
    said("set", *ACQUIRER, *given(tmp_path, tid="T1", ksig="very-secret"))

    for wish in ({"allowed-modes": "PREAUTH_VOUCHER_CAPTURE,SALE_WITH_TOKENIZATION"}, {"s2s-cards": "on"}):
        with pytest.raises(Unprocessable, match="acquirer cannot do"):
            change_merchant(MERCHANT, wish, office=office, environment=LIVE, able=lambda name: shop.able)
    change_merchant(MERCHANT, {"contact": "a@shop.example"}, office=office, able=lambda name: shop.able)


def test_wishes_that_came_while_the_acquirer_was_asked_are_not_overlooked(shop: Shop) -> None:
    credentials = FakeCredentials()

    class Meanwhile(FakeCredentials):
        def put(self, *given: Any) -> None:
            change_merchant(MERCHANT, {"s2s-cards": "on"}, office=an_office(shop.merchants), environment=LIVE)
            credentials.put(*given)

    with pytest.raises(Unprocessable):
        connect(
            MERCHANT,
            LIVE,
            GATEWAY,
            Connector("acquirer", {"tid": "T1"}),
            {"ksig": "very-secret"},
            office=an_office(shop.merchants),
            credentials=Meanwhile(),
            abilities=Abilities(),
        )

    assert shop.merchants.record(MERCHANT).account(LIVE).card_gateway is None


def test_the_commands_know_what_every_gateway_can_do() -> None:
    here = Target("stack", {})

    assert {name: here.able(name).server_to_server for name in ("sandbox", "igfs")} == {
        "sandbox": True,
        "igfs": False,
    }


def test_the_commands_purge_what_was_removed(shop: Shop, known: None, tmp_path: Path) -> None:
    said("set", *ACQUIRER, *given(tmp_path, tid="T1", ksig="very-secret"))
    assert "remove it first" in said("remove", *ACQUIRER, "--purge", code=1)
    said("remove", *ACQUIRER)
    assert "a moment ago" in said("remove", *ACQUIRER, "--purge", code=1)
    shop.clock.advance(60)

    assert said("remove", *ACQUIRER, "--purge")["purged"] == "acquirer"
    assert said("list")["connectors"][0]["environment"] == "test"
    assert not is_kept(shop)


# ---- several issuers of vouchers ----


def connect_issuer(shop: Shop, name: str, environment: Environment = TEST, **secrets: str) -> tuple[str, ...]:
    office, wanted = an_office(shop.merchants), Connector(name, {"api_base": "https://issuer.example"})
    role = Role.VOUCHER_PROVIDER
    record = connect(MERCHANT, environment, role, wanted, secrets, office=office, credentials=shop.credentials)
    return issuers(record.account(environment))


def disconnect_issuer(shop: Shop, name: str, environment: Environment = TEST) -> tuple[str, ...]:
    office = an_office(shop.merchants)
    record = disconnect(MERCHANT, environment, Role.VOUCHER_PROVIDER, name, office=office)
    return issuers(record.account(environment))


def issuers(account: Account) -> tuple[str, ...]:
    return tuple(connector.name for connector in account.active(Role.VOUCHER_PROVIDER))


def test_a_second_issuer_stands_beside_the_first_and_the_sandbox_makes_room(shop: Shop) -> None:
    assert connect_issuer(shop, "assiopay") == ("assiopay",)
    assert connect_issuer(shop, "monni") == ("assiopay", "monni")
    account = shop.merchants.record(MERCHANT).account(TEST)
    assert (account.provider, account.other_providers) == ("assiopay", ("monni",))


def test_new_settings_of_an_issuer_leave_it_in_its_place(shop: Shop) -> None:
    connect_issuer(shop, "assiopay", password="first password")
    connect_issuer(shop, "monni")

    assert connect_issuer(shop, "assiopay", password="second password") == ("assiopay", "monni")
    assert shop.credentials.of(MERCHANT, TEST, "assiopay")["password"] == "second password"


def test_an_issuer_that_is_removed_leaves_the_others_and_the_last_one_the_sandbox(shop: Shop) -> None:
    connect_issuer(shop, "assiopay")
    connect_issuer(shop, "monni")

    assert disconnect_issuer(shop, "assiopay") == ("monni",)
    assert set(shop.merchants.record(MERCHANT).account(TEST).inactive) == {"assiopay"}
    assert disconnect_issuer(shop, "monni") == ("sandbox",)
    with pytest.raises(NotFound):
        disconnect_issuer(shop, "monni")


def test_in_live_the_last_issuer_that_is_removed_leaves_none(shop: Shop) -> None:
    connect_issuer(shop, "assiopay", LIVE)

    assert disconnect_issuer(shop, "assiopay", LIVE) == ()


def test_test_vouchers_can_stand_beside_an_issuers_own(shop: Shop) -> None:
    connect_issuer(shop, "assiopay")

    assert connect_issuer(shop, "sandbox") == ("assiopay", "sandbox")
    assert disconnect_issuer(shop, "sandbox") == ("assiopay",)


def test_an_issuer_is_purged_only_when_no_payment_may_ask_it(shop: Shop) -> None:
    connect_issuer(shop, "assiopay")
    connect_issuer(shop, "monni")
    with pytest.raises(Conflict):
        shop.purge(TEST, "monni")
    disconnect_issuer(shop, "monni")
    shop.payments.add(a_payment(provider="assiopay", providers=("monni",)))
    shop.clock.advance(minutes=2)

    with pytest.raises(Conflict) as refused:
        shop.purge(TEST, "monni")

    assert "still needed" in str(refused.value)
