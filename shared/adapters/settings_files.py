"""An operator's settings file, by its connector's model: what is public of it, what is secret, or what is wrong."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Any, get_args

from pydantic import BaseModel, SecretStr, ValidationError

from shared.adapters.connector_settings import ADDRESS, SETTINGS
from shared.domain.account import Role
from shared.domain.errors import InvalidRequest
from shared.domain.forms import broken_rule
from shared.domain.payment import Environment
from shared.domain.record import dataclass
from shared.domain.target_url import check_connector_url


@dataclass(frozen=True, slots=True)
class Validated:
    """Settings by name, as text; what is not text is written as JSON, a list of secrets too."""

    public: Mapping[str, str]
    secret: Mapping[str, str] = field(repr=False)


def model_of(role: Role, name: str) -> type[BaseModel]:
    """Raises InvalidRequest, which lists the known ones."""
    known = SETTINGS[role]
    if name not in known:
        raise InvalidRequest(f"there is no {role} {name}; there are: {', '.join(known) or 'none'}")
    return known[name]


def validated(
    role: Role, name: str, document: object, environment: Environment, *, allow_private: bool = False
) -> Validated:
    """``document`` by the connector's own model, its addresses by what this environment may call.

    Raises InvalidRequest with field and rule, never a value.
    """
    model = model_of(role, name)
    made = split(model, document, environment)
    for field_name, about in model.model_fields.items():
        if ADDRESS in about.metadata and (url := made.public.get(field_name)):
            check_connector_url(url, field_name, environment, allow_private=allow_private)
    return made


def split(model: type[BaseModel], document: object, environment: Environment = Environment.TEST) -> Validated:
    try:
        settings = model.model_validate(document, context={"environment": environment})
    except ValidationError as error:
        rules = [broken_rule(one["type"], one.get("ctx", {}), one["msg"]) for one in error.errors()]
        names = [".".join(map(str, one["loc"])) or "settings" for one in error.errors()]
        told = [f"{name}: {rule}" for name, rule in zip(names, rules, strict=True)]
        raise InvalidRequest("; ".join(told)) from None
    hidden = secrets_of(model)
    given = {name: getattr(settings, name) for name in model.model_fields if getattr(settings, name) is not None}
    return Validated(
        public={name: _text(value) for name, value in given.items() if name not in hidden},
        secret={name: _shown(value) for name, value in given.items() if name in hidden},
    )


def secrets_of(model: type[BaseModel]) -> frozenset[str]:
    """The names of a model's secrets: ``SecretStr``, one that may be missing, or a list of them."""
    return frozenset(name for name, about in model.model_fields.items() if _is_secret(about.annotation))


def _is_secret(annotation: Any) -> bool:
    return annotation is SecretStr or any(_is_secret(part) for part in get_args(annotation))


def _shown(value: SecretStr | Sequence[SecretStr]) -> str:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    return json.dumps([each.get_secret_value() for each in value])


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, default=str)
