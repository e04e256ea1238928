"""What endpoints answer, a folder for each family: not with their handlers, so that no cold start builds them."""

from __future__ import annotations

from typing import Final

from pydantic import BaseModel

from tools.contract.replies import glomopay, payglobe, paygol

REPLIES: Final[dict[str, type[BaseModel]]] = {**payglobe.REPLIES, **glomopay.REPLIES, **paygol.REPLIES}
