"""What endpoints about people and their sessions answer."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field

At = Annotated[str, Field(description="ISO 8601, UTC")]


class PersonView(BaseModel):
    id: str = Field(description="The person's own number")
    email: str = Field(description="Where their links are mailed; what they are called in what they did")
    role: Literal["read", "refunds", "owner"] = Field(description="What they may do")
    environments: list[Literal["test", "live"]] = Field(description="Where they may work")
    language: str = Field(description="Of the mails to them")
    invitedAt: At
    invitedBy: str = Field(description='"person" and an address, or "key" and the beginning of its SHA-256')


class PersonReply(PersonView):
    success: Literal[True]


class PeopleReply(BaseModel):
    success: Literal[True]
    people: list[PersonView] = Field(description="In the order in which they came")
    count: int = Field(description="How many")


class RemovedReply(BaseModel):
    success: Literal[True]
    id: str = Field(description="Whoever is gone")


class DoingView(BaseModel):
    at: At
    who: str = Field(description="`person ada@shop.example` or `key 0c4c714f`")
    environment: Literal["test", "live"] = Field(description="Where it was asked for")
    method: str = Field(description="POST, PATCH or DELETE")
    route: str = Field(description="What was asked for, as this specification names it")
    about: dict[str, str] = Field(description="The ids that the address named")
    requestId: str


class DoingsReply(BaseModel):
    success: Literal[True]
    doings: list[DoingView] = Field(description="The newest first")
    count: int = Field(description="How many")


class AskedReply(BaseModel):
    success: Literal[True]


class MerchantOfSession(BaseModel):
    id: str = Field(description="The merchant's number")
    name: str = Field(description="What the merchant is called")
    timeZone: str = Field(
        description="By whose clocks its days begin and its customers are told the time: Europe/Rome"
    )
    suspendedAt: str | None


class SessionReply(BaseModel):
    success: Literal[True]
    signedIn: Literal[True] = Field(description="Somebody is")
    person: PersonView = Field(description="Who is signed in")
    merchant: MerchantOfSession = Field(description="Where they work")
    environment: Literal["test", "live"] = Field(description="Where this browser goes on after a reload")
    endsAt: str = Field(description="When the session is over unless it is renewed; ISO 8601, UTC")
    csrfToken: str = Field(description="To be sent as X-CSRF-Token with whatever is no GET")


class WhoReply(BaseModel):
    success: Literal[True]
    signedIn: bool = Field(description="The rest is there when somebody is")
    person: PersonView | None = Field(None, description="Who is signed in")
    merchant: MerchantOfSession | None = Field(None, description="Where they work")
    environment: Literal["test", "live"] | None = Field(None, description="Where this browser goes on after a reload")
    endsAt: str | None = Field(None, description="When the session is over unless it is renewed; ISO 8601, UTC")
    csrfToken: str | None = Field(None, description="To be sent as X-CSRF-Token with whatever is no GET")


class SignedOutReply(BaseModel):
    success: Literal[True]
