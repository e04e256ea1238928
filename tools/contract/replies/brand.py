"""A merchant's looks, in whatever a hosted page reads."""

from __future__ import annotations

from pydantic import BaseModel, Field


class BrandView(BaseModel):
    accent: str | None = Field(description="The merchant's colour, dark enough for white text; null: ours")
    logo: str | None = Field(description="Where its logo is, on the pages' host; null: it has none")
