"""API keys."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

KeyType = Literal["secret", "publishable"]


class ListedKey(BaseModel):
    type: KeyType
    environment: Literal["test", "live"]
    key: str
    created_at: str | None
    last_used_at: str | None
    expires_at: str | None


class KeyListReply(BaseModel):
    data: list[ListedKey]


class NewKeyReply(BaseModel):
    type: KeyType
    environment: Literal["test", "live"]
    key: str
    previous_key_expires_at: str
