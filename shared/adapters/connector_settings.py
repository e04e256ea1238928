"""What each connector is set up with: one pydantic model by name, whose ``SecretStr`` fields are its credentials.

To add one: its model, and its row here, beside the row in the registry of card gateways or voucher providers.
Imported by operators' commands alone: no request reads a model.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError

from shared.domain.account import SANDBOX, Role
from shared.domain.errors import InvalidRequest


class SandboxSettings(BaseModel):
    """Nothing has to be set for the sandbox, which is a part of the stack."""

    model_config = ConfigDict(extra="forbid", frozen=True)


SETTINGS: Final[Mapping[Role, Mapping[str, type[BaseModel]]]] = {
    Role.CARD_GATEWAY: {SANDBOX: SandboxSettings},
    Role.VOUCHER_PROVIDER: {SANDBOX: SandboxSettings},
    Role.METHOD_PROVIDER: {SANDBOX: SandboxSettings},
}


@dataclass(frozen=True, slots=True)
class Validated:
    """Settings by name, as text; what is not text is written as JSON."""

    public: Mapping[str, str]
    secret: Mapping[str, str] = field(repr=False)


def model_of(role: Role, name: str) -> type[BaseModel]:
    """Raises InvalidRequest, which lists the known ones."""
    known = SETTINGS[role]
    if name not in known:
        raise InvalidRequest(f"there is no {role} {name}; there are: {', '.join(known) or 'none'}")
    return known[name]


def validated(role: Role, name: str, document: object) -> Validated:
    """``document`` by the connector's own model. Raises InvalidRequest with field and rule, never a value."""
    return split(model_of(role, name), document)


def split(model: type[BaseModel], document: object) -> Validated:
    try:
        settings = model.model_validate(document)
    except ValidationError as error:
        told = [f"{'.'.join(map(str, one['loc'])) or 'settings'}: {one['msg']}" for one in error.errors()]
        raise InvalidRequest("; ".join(told)) from None
    values = {name: getattr(settings, name) for name in model.model_fields}
    return Validated(
        public={name: _text(value) for name, value in values.items() if not isinstance(value, SecretStr)},
        secret={name: value.get_secret_value() for name, value in values.items() if isinstance(value, SecretStr)},
    )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, default=str)
