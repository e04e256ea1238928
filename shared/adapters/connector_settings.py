"""What each connector is set up with: one pydantic model by name, whose ``SecretStr`` fields are its secrets.

To add one: its model, and its row here, beside the row in the registry of card gateways or voucher providers.
Imported by operators' commands alone: no request reads a model.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    StringConstraints,
    ValidationInfo,
    field_validator,
    model_validator,
)

from shared.domain import forms
from shared.domain.account import SANDBOX, Role
from shared.domain.method import STRIPE_METHODS
from shared.domain.payment import Environment

ADDRESS: Final = "an address that is called"
# Where a connector calls: https at a public host, unless it is a test one of the local cloud.
Address = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2048), ADDRESS]


def _listed(secrets: SecretStr | list[SecretStr] | None) -> list[SecretStr]:
    """Those of a field that holds one, several while one takes the other's place, or none."""
    return [] if secrets is None else secrets if isinstance(secrets, list) else [secrets]


def _at_its_host(url: str, hosts: Mapping[str, Environment], whose: str, info: ValidationInfo) -> str:
    """An address at the host of the environment that it is for; of another host nothing is known."""
    environment = (info.context or {}).get("environment", Environment.TEST)
    if hosts.get(url.partition("://")[2].partition("/")[0], environment) is not environment:
        raise ValueError(f"this is not {whose}'s {environment} environment")
    return url


def _begun_with(key: str, kinds: tuple[str, ...], info: ValidationInfo) -> str:
    """A key of the environment that it is for, which its beginning tells."""
    environment = (info.context or {}).get("environment", Environment.TEST)
    wanted = tuple(f"{kind}{environment}_" for kind in kinds)
    if not key.startswith(wanted):
        raise ValueError(f"a key of the {environment} environment begins with {' or '.join(wanted)}")
    return key


def _at_least_16(value: SecretStr | list[SecretStr] | None) -> SecretStr | list[SecretStr] | None:
    if any(len(secret.get_secret_value()) < 16 for secret in _listed(value)):
        raise ValueError("a secret has at least 16 characters")
    return value


class SandboxSettings(BaseModel):
    """Nothing has to be set for the sandbox, which is a part of the stack; ``notify_secret`` signs what it says."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    notify_secret: SecretStr | list[SecretStr] | None = None

    @field_validator("notify_secret")
    @classmethod
    def _long_enough(cls, value: SecretStr | list[SecretStr] | None) -> SecretStr | list[SecretStr] | None:
        return _at_least_16(value)


PAYPAL_HOSTS: Final = {"api-m.paypal.com": Environment.LIVE, "api-m.sandbox.paypal.com": Environment.TEST}
Terminal = Annotated[str, StringConstraints(pattern=forms.TERMINAL)]


class IgfsSettings(BaseModel):
    """A terminal as the bank names it. ``token_tid``: a second one without 3-D Secure, for saved cards.

    ``refunds_repeatable``: the terminal refuses a shopID that a Credit has used before, so that a refund whose answer
    was lost is sent again. Ask the bank: where it does not, the second one gives the money back twice.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    server_url: Address
    tid: Terminal
    ksig: Annotated[SecretStr, Field(min_length=1, max_length=256)]
    api_version: Annotated[str, StringConstraints(pattern=forms.API_VERSION)] = "2.4.1.5"
    token_tid: Terminal | None = None
    token_ksig: Annotated[SecretStr, Field(min_length=1, max_length=256)] | None = None
    refunds_repeatable: bool = False
    default_language: Literal["IT", "EN", "DE", "FR", "ES"] = "IT"

    @model_validator(mode="after")
    def _both_or_neither(self) -> IgfsSettings:
        if (self.token_tid is None) != (self.token_ksig is None):
            raise ValueError("token_tid and token_ksig are given together or not at all")
        return self


class StripeMethodsSettings(BaseModel):
    """An account's key, secret or restricted. ``webhook_secret``: of the endpoint that rings, or of two."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    secret_key: Annotated[SecretStr, Field(min_length=12, max_length=256)]
    webhook_secret: SecretStr | list[SecretStr] | None = None
    api_base: Address = "https://api.stripe.com"

    @field_validator("webhook_secret")
    @classmethod
    def _of_an_endpoint(cls, value: SecretStr | list[SecretStr] | None) -> SecretStr | list[SecretStr] | None:
        if not all(secret.get_secret_value().startswith("whsec_") for secret in _listed(value)):
            raise ValueError("a webhook's secret begins with whsec_")
        return value

    @field_validator("secret_key")
    @classmethod
    def _of_the_environment(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        _begun_with(value.get_secret_value(), ("sk_", "rk_"), info)
        return value


class StripeSettings(StripeMethodsSettings):
    """``raw_cards``: Stripe has allowed the account to send card numbers, so that its merchant may present cards."""

    raw_cards: bool = False


class PayPalSettings(BaseModel):
    """A REST app's client. ``webhook_id``: of the webhook that rings; its messages are checked by it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    client_id: Annotated[str, StringConstraints(pattern=forms.CLIENT_ID)]
    client_secret: Annotated[SecretStr, Field(min_length=8, max_length=256)]
    webhook_id: Annotated[str, StringConstraints(pattern=forms.WEBHOOK_ID)] | None = None
    api_base: Address

    @field_validator("api_base")
    @classmethod
    def _of_the_environment(cls, value: str, info: ValidationInfo) -> str:
        return _at_its_host(value, PAYPAL_HOSTS, "PayPal", info)


NEXI_HOSTS: Final = {
    "xpay.nexigroup.com": Environment.LIVE,
    "stg-ta.nexigroup.com": Environment.TEST,
    "xpaysandbox.nexigroup.com": Environment.TEST,
}


class NexiSettings(BaseModel):
    """A terminal's key of XPay, and where that is. ``terminal_id`` is what Nexi calls it, and we the account."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    api_base: Address
    api_key: Annotated[SecretStr, Field(min_length=8, max_length=256)]
    terminal_id: Annotated[str, StringConstraints(pattern=forms.TERMINAL_ID)]

    @field_validator("api_base")
    @classmethod
    def _of_the_environment(cls, value: str, info: ValidationInfo) -> str:
        return _at_its_host(value, NEXI_HOSTS, "Nexi", info)


WORLDLINE_HOSTS: Final = {
    "payment.direct.worldline-solutions.com": Environment.LIVE,
    "payment.preprod.direct.worldline-solutions.com": Environment.TEST,
}


class WorldlineSettings(BaseModel):
    """A merchant id (PSPID) with an API key and its secret. ``webhook_secret``: of its webhooks' key, or of two."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    api_base: Address
    merchant_id: Annotated[str, StringConstraints(pattern=forms.MERCHANT_ID)]
    api_key_id: Annotated[str, StringConstraints(pattern=forms.KEY_ID)]
    secret_api_key: Annotated[SecretStr, Field(min_length=8, max_length=256)]
    webhook_secret: SecretStr | list[SecretStr] | None = None

    @field_validator("webhook_secret")
    @classmethod
    def _long_enough(cls, value: SecretStr | list[SecretStr] | None) -> SecretStr | list[SecretStr] | None:
        return _at_least_16(value)

    @field_validator("api_base")
    @classmethod
    def _of_the_environment(cls, value: str, info: ValidationInfo) -> str:
        return _at_its_host(value, WORLDLINE_HOSTS, "Worldline", info)


class Shift4Settings(BaseModel):
    """An account's two keys; the public one stands in the card page, with the address of Shift4's script.

    ``capture_then_refund``: a hold of which vouchers pay a part is captured whole, and the difference given back.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    public_key: Annotated[str, StringConstraints(pattern=forms.PAGE_KEY)]
    secret_key: Annotated[SecretStr, Field(min_length=12, max_length=256)]
    capture_then_refund: bool = False
    api_base: Address = "https://api.shift4.com"
    script_url: Address = "https://js.dev.shift4.com/shift4.js"

    @field_validator("public_key")
    @classmethod
    def _of_the_environment(cls, value: str, info: ValidationInfo) -> str:
        return _begun_with(value, ("pk_",), info)

    @field_validator("secret_key")
    @classmethod
    def _secret_of_the_environment(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        _begun_with(value.get_secret_value(), ("sk_",), info)
        return value


class AssioPaySettings(BaseModel):
    """The login of a shop at AssioPay."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    api_base: Address
    mail: Annotated[str, StringConstraints(strip_whitespace=True, pattern=forms.LOGIN_MAIL)]
    password: Annotated[SecretStr, Field(min_length=8, max_length=256)]


class MonniSettings(BaseModel):
    """A shop's key at Monni."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    api_base: Address
    api_key: Annotated[SecretStr, Field(min_length=12, max_length=256)]


SETTINGS: Final[Mapping[Role, Mapping[str, type[BaseModel]]]] = {
    Role.CARD_GATEWAY: {
        SANDBOX: SandboxSettings,
        "igfs": IgfsSettings,
        "stripe": StripeSettings,
        "paypal": PayPalSettings,
        "nexi": NexiSettings,
        "worldline": WorldlineSettings,
        "shift4": Shift4Settings,
    },
    Role.VOUCHER_PROVIDER: {SANDBOX: SandboxSettings, "assiopay": AssioPaySettings, "monni": MonniSettings},
    Role.METHOD_PROVIDER: {SANDBOX: SandboxSettings, STRIPE_METHODS: StripeMethodsSettings},
}
