"""Where a page stands in its list."""

from __future__ import annotations

from pydantic import BaseModel, Field


class PageMeta(BaseModel):
    current: int
    previous: int | None
    next: int | None
    per_page: int
    pages: int = Field(description="1 also when there is nothing")
    count: int = Field(description="Of all pages; exact up to 10000")
