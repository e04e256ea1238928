"""A sample merchant: a small shop that takes payments through this gateway. Never deployed."""

from tools.local.shop.program import create_shop

__all__ = ["create_shop"]
