"""Who is at a card page of ours: the browser that says so by a token of its own."""

from __future__ import annotations

from shared.bootstrap import runtime
from shared.domain.visitor import Visitor, named_visitor
from shared.edge.call import Call


def visitor_of(call: Call) -> Visitor | None:
    """Who is at the page, when its browser says so: ``Authorization: Bearer visit_...``.

    Any other token is nobody's here: a key of the merchant opens no card page.
    """
    _, _, token = call.request.headers.get("authorization", "").partition(" ")
    return named_visitor(token.strip())


def paying_visitor(call: Call) -> Visitor:
    """Who enters a card. One that says nothing of itself gets a token that no later call can show."""
    return visitor_of(call) or Visitor(runtime.entropy(20).hex(), named=False)
