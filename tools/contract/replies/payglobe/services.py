"""The merchant's own service of another family."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel


class ServiceReply(BaseModel):
    success: bool
    service_id: str
    environment: Literal["test", "live"]
    ipn_url: str | None
    ipn_version: Literal["auto", "1", "2"]
    ipn_method: Literal["GET", "POST"]
    endpointId: str | None


class ServiceSecretReply(BaseModel):
    success: bool
    secret_key: str
