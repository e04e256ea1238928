"""Request bodies of the signed API. A scalar may be a number or a text; what is empty was not given."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field, ValidationInfo, WithJsonSchema

from shared.families.paygol.problems import invalid
from shared.families.paygol.reading import is_given
from shared.families.paygol.reasons import Why


def _scalar(value: Any, info: ValidationInfo) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise invalid(info.field_name or "", Why.SCALAR)
    return value


_SCHEMA = {"anyOf": [{"type": "string"}, {"type": "number"}]}
Scalar = Annotated[Any, BeforeValidator(_scalar), WithJsonSchema({**_SCHEMA, "default": ""})]
Needed = Annotated[Any, BeforeValidator(_scalar), WithJsonSchema(_SCHEMA)]


class TokenRequest(BaseModel, defer_build=True):  # as are those below: a function reads one of them
    pg_serviceid: Needed = Field(examples=["123"])

    def given(self) -> dict[str, str]:
        """What was given, by name: empty texts were not."""
        values = ((name, getattr(self, name)) for name in type(self).model_fields)
        return {name: value for name, value in values if is_given(name, value)}

    @property
    def service_id(self) -> str:
        return str(self.pg_serviceid).strip()


class SignedRequest(TokenRequest):
    pg_token: Needed = Field(examples=["{{token}}"])


class MethodsRequest(SignedRequest):
    pg_country: Scalar = Field(default="", examples=["DE"])


class StatusRequest(SignedRequest):
    transaction_id: Scalar = Field(default="", examples=["ABCD-ZZZZ-BIKE-R234"])
    pg_transaction_id: Scalar = ""


class CheckoutRequest(SignedRequest):
    pg_price: Scalar = Field(default="", examples=["11.00"])
    pg_currency: Scalar = Field(default="", examples=["EUR"])
    pg_country: Scalar = Field(default="", examples=["DE"])
    pg_method: Scalar = ""
    pg_first_name: Scalar = ""
    pg_last_name: Scalar = ""
    pg_email: Scalar = ""
    pg_phone: Scalar = ""
    pg_bic: Scalar = ""
    pg_personalid: Scalar = ""
    pg_language: Scalar = ""
    pg_name: Scalar = ""
    pg_custom: Scalar = ""
    pg_return_url: Scalar = ""
    pg_cancel_url: Scalar = ""
    pg_sub_merchant_id: Scalar = ""
    pg_sub_merchant_url: Scalar = ""
    pg_ip: Scalar = ""


class CreateRequest(CheckoutRequest):
    pg_method: Scalar = Field(default="", examples=["bitcoin"])
    pg_first_name: Scalar = Field(default="", examples=["John"])
    pg_last_name: Scalar = Field(default="", examples=["Doe"])
    pg_email: Scalar = Field(default="", examples=["jdoe@my-site.com"])
