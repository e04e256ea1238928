"""Forms that texts from outside have to have, and every rule that they break in a sentence of ours."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

CURRENCY: Final = r"^[A-Z]{3}$"
EMAIL: Final = r"^[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+$"
PHONE: Final = r"^\+?[0-9][0-9 -]{4,23}$"
PHONE_ABROAD: Final = r"^\+[1-9][0-9]{6,14}$"
LANGUAGE: Final = r"^[a-z]{2}$"
CONSENT_VERSION: Final = r"^[0-9]{4}-[0-9]{2}(-[0-9]{1,2})?$"
PERSON_NAME: Final = r"^[A-Za-z0-9 &.,'-]*$"
PURPOSE: Final = r"^[PS][0-9]{4}$"
DOCUMENT: Final = r"^doc_[A-Za-z0-9]{1,60}$"
TERMINAL: Final = r"^[A-Za-z0-9_-]{1,16}$"
API_VERSION: Final = r"^[0-9]{1,2}([.][0-9]{1,2}){2,3}$"
CLIENT_ID: Final = r"^[A-Za-z0-9_-]{8,128}$"
WEBHOOK_ID: Final = r"^[A-Za-z0-9]{8,50}$"
OWN_LANGUAGE: Final = r"^(en|it|de|fr|es|pt)$"
TERMINAL_ID: Final = r"^[A-Za-z0-9_-]{1,30}$"
MERCHANT_ID: Final = r"^[A-Za-z0-9_-]{1,40}$"
KEY_ID: Final = r"^[!-~]{1,64}$"
PAGE_KEY: Final = r"^pk_(test|live)_[A-Za-z0-9]{8,120}$"
CARD_PAGE: Final = r"^PAY[A-Z0-9]{8,40}$"
CARD_TOKEN: Final = r"^tok_[A-Za-z0-9]{8,64}$"  # noqa: S105 - the form of one
LOGIN_MAIL: Final = r"^[^@\s]{1,64}@[^@\s]{1,190}$"

ASKED_BY_FORM: Final[Mapping[str, str]] = {
    CURRENCY: "must be an ISO 4217 currency code, three capital letters such as EUR",
    EMAIL: "must be an e-mail address such as ada@example.com",
    PHONE: "must be a telephone number: 5 to 24 digits, spaces and hyphens, + before them if it has one",
    PHONE_ABROAD: "must be a telephone number with + and its country's code, such as +393331234567",
    LANGUAGE: "must be a language's code of two small letters, such as it",
    CONSENT_VERSION: "must be a version such as 2025-11",
    PERSON_NAME: "must have letters A to Z, digits, spaces and & . , ' - alone",
    PURPOSE: "must be a purpose code: P or S and four digits, such as P1401",
    DOCUMENT: "must be a document's number, which begins with doc_",
    TERMINAL: "must have 1 to 16 letters, digits, _ and - alone",
    API_VERSION: "must be a version of three or four numbers, such as 2.4.1.5",
    CLIENT_ID: "must have 8 to 128 letters, digits, _ and - alone",
    WEBHOOK_ID: "must have 8 to 50 letters and digits alone",
    OWN_LANGUAGE: "must be en, it, de, fr, es or pt",
    TERMINAL_ID: "must have 1 to 30 letters, digits, _ and - alone",
    MERCHANT_ID: "must have 1 to 40 letters, digits, _ and - alone",
    PAGE_KEY: "must be a public key, which begins with pk_test_ or pk_live_",
    CARD_PAGE: "must be the number of a card page, which begins with PAY",
    CARD_TOKEN: "must be a token that the card gateway's script made, which begins with tok_",
    KEY_ID: "must have 1 to 64 characters without spaces",
    LOGIN_MAIL: "must be an e-mail address such as shop@example.org",
}
_OF_A_KIND: Final[Mapping[str, str]] = {
    "missing": "is missing",
    "string_type": "must be text",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "decimal_type": "must be a number",
    "decimal_parsing": "must be a number",
    "finite_number": "must be a number",
    "list_type": "must be a list",
    "dict_type": "must be an object",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
    "none_required": "must be null",
    "extra_forbidden": "is not known",
    "int_parsing_size": "is too large",
    "string_unicode": "must be text",
    "invalid_key": "must have text as its keys",
}
_BOUNDS: Final[Mapping[str, tuple[str, str]]] = {
    "greater_than": ("gt", "must be greater than"),
    "greater_than_equal": ("ge", "must be at least"),
    "less_than": ("lt", "must be less than"),
    "less_than_equal": ("le", "must be at most"),
}
_LENGTHS: Final[Mapping[str, tuple[str, str]]] = {
    "string_too_short": ("min_length", "at least"),
    "string_too_long": ("max_length", "at most"),
    "too_short": ("min_length", "at least"),
    "too_long": ("max_length", "at most"),
}
_COUNTED: Final[Mapping[str, tuple[str, str]]] = {"List": ("entry", "entries"), "Dictionary": ("entry", "entries")}
OTHERWISE: Final = "is not of the form that is documented"
_MEMBER: Final = re.compile(r"<[\w.]+: ('[^']*'|\d+)>")  # some members of an enumeration come with their Python name
_QUOTED: Final = re.compile(r"'([^']*)'")


def broken_rule(kind: str, rule: Mapping[str, Any], own: str) -> str:
    """What a value must be that breaks a rule of ``kind``: the end of a sentence that begins with the field.

    ``rule`` is what the rule compares with, as pydantic names it; ``own`` its text, which is ours where a function
    of ours has judged. The value is in neither.
    """
    if kind == "value_error":
        return own.removeprefix("Value error, ")
    if kind == "string_pattern_mismatch":
        return ASKED_BY_FORM.get(rule["pattern"], OTHERWISE)
    if kind in ("literal_error", "enum"):
        return f"must be {_one_of(rule['expected'])}"
    if bound := _BOUNDS.get(kind):
        return f"{bound[1]} {rule[bound[0]]}"
    if length := _LENGTHS.get(kind):
        return _length(rule[length[0]], length[1], str(rule.get("field_type")))
    return _OF_A_KIND.get(kind, OTHERWISE)


def _one_of(expected: str) -> str:
    """``'a', 'b' or 'c'``, or numbers, as a person writes them."""
    plain = _QUOTED.sub(r"\1", _MEMBER.sub(r"\1", expected))
    return f"one of {plain}" if " or " in plain else plain


def _length(count: int, bound: str, of: str) -> str:
    """Lists have entries; texts, secret ones too, characters."""
    if (count, bound) == (1, "at least"):
        return "must not be empty"
    one, many = _COUNTED.get(of, ("character", "characters"))
    return f"must have {bound} {count} {one if count == 1 else many}"
