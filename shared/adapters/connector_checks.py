"""Whose account a connector is set up with: one harmless call, made by operators' commands alone.

To add one: a function, and its row, beside the connector's row in ``connector_settings.py``. It answers with what the
other side calls the account; it raises CredentialsRefused, Unavailable, OutcomeUnknown, or Refused with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from shared.adapters.card_gateways import igfs_codes as codes
from shared.adapters.card_gateways.calls import Call
from shared.adapters.card_gateways.igfs import asked
from shared.adapters.card_gateways.nexi_wire import asked as nexi_asked
from shared.adapters.card_gateways.paypal_wire import fetched_token
from shared.adapters.card_gateways.shift4_wire import asked as shift4_asked
from shared.adapters.card_gateways.stripe_wire import asked as stripe_asked
from shared.adapters.card_gateways.worldline_wire import asked as worldline_asked
from shared.adapters.psp_http import PspHttp
from shared.adapters.reading import word
from shared.adapters.voucher_providers.assiopay import with_token
from shared.adapters.voucher_providers.monni import wire_to
from shared.domain.account import SANDBOX, Role
from shared.domain.errors import Refused
from shared.domain.method import STRIPE_METHODS
from shared.domain.payment import Environment

Check = Callable[[PspHttp, Environment, Mapping[str, str]], str]


def _igfs(http: PspHttp, environment: Environment, settings: Mapping[str, str]) -> str:
    """Asks about a page that there cannot be: only a terminal that is known hears that there is none."""
    said = asked(http, environment, settings, "Verify", {"shopID": "0", "paymentID": "0"})
    if said.code != codes.NO_SUCH_PAGE:
        raise Refused(f"IGFS answers a question about no page with {said.code}")
    return settings["tid"]


def _stripe(http: PspHttp, environment: Environment, settings: Mapping[str, str]) -> str:
    said = stripe_asked(http, environment, settings, Call("account", "GET", "account"))
    if not said.done:
        raise Refused(f"Stripe does not say whose key this is ({said.code})")
    return word(said.body, "id")


def _paypal(http: PspHttp, environment: Environment, settings: Mapping[str, str]) -> str:
    """A token is fetched anew, which nobody is given with another secret; a client is the account that it is for."""
    fetched_token(http, environment, settings, fresh=True)
    return settings["client_id"]


def _nexi(http: PspHttp, environment: Environment, settings: Mapping[str, str]) -> str:
    """Asks how customers can pay. Nexi tells nobody whose key it is: its operator has typed that."""
    said = nexi_asked(http, environment, settings, Call("methods", "GET", "payment_methods"))
    if not said.done:
        raise Refused(f"Nexi does not say how customers can pay ({said.code})")
    return settings["terminal_id"]


def _worldline(http: PspHttp, environment: Environment, settings: Mapping[str, str]) -> str:
    """Nobody but the merchant's own key is let in at its address."""
    said = worldline_asked(http, environment, settings, Call("test", "GET", "services/testconnection"))
    if not said.done:
        raise Refused(f"Worldline does not say whose key this is ({said.code})")
    return settings["merchant_id"]


def _shift4(http: PspHttp, environment: Environment, settings: Mapping[str, str]) -> str:
    """Asks for the newest charge. Shift4 tells nobody whose key it is: its public one is the account's name here."""
    said = shift4_asked(http, environment, settings, Call("charges", "GET", "charges", {"limit": 1}))
    if not said.done:
        raise Refused(f"Shift4 does not say what was charged ({said.code})")
    return settings["public_key"]


def _assiopay(http: PspHttp, environment: Environment, settings: Mapping[str, str]) -> str:
    """Signs in anew: a login is the account that it is for."""
    said = with_token(
        http, environment, settings, lambda wire: wire.asks("shop", "GET", "admin/esercente"), fresh=True
    )
    if not said.done:
        raise Refused(f"AssioPay does not say whose login this is ({said.status})")
    return settings["mail"]


def _monni(http: PspHttp, environment: Environment, settings: Mapping[str, str]) -> str:
    said = wire_to(http, environment, settings).asks("shop", "GET", "v1/shop")
    if not said.done or not word(said.body, "shop"):
        raise Refused(f"Monni does not say whose key this is ({said.status})")
    return word(said.body, "shop")


def _is_a_part_of_the_stack(http: PspHttp, environment: Environment, settings: Mapping[str, str]) -> str:
    return SANDBOX


CHECKS: Final[Mapping[Role, Mapping[str, Check]]] = {
    Role.CARD_GATEWAY: {
        SANDBOX: _is_a_part_of_the_stack,
        "igfs": _igfs,
        "stripe": _stripe,
        "paypal": _paypal,
        "nexi": _nexi,
        "worldline": _worldline,
        "shift4": _shift4,
    },
    Role.VOUCHER_PROVIDER: {SANDBOX: _is_a_part_of_the_stack, "assiopay": _assiopay, "monni": _monni},
    Role.METHOD_PROVIDER: {SANDBOX: _is_a_part_of_the_stack, STRIPE_METHODS: _stripe},
}
