"""People and their sessions, as the dashboard reads and asks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, Field

from shared.bootstrap import core, runtime
from shared.domain import forms
from shared.domain.payment import Environment
from shared.domain.person import Person, Role
from shared.edge import session
from shared.edge.fields import NoCardNumber
from shared.families.payglobe.views import iso
from shared.usecases.merchant.changing import Office
from shared.usecases.people.keep_people import Invitation, Terms

if TYPE_CHECKING:
    from shared.domain.doing import Doing
    from shared.edge.call import Call
    from shared.edge.request import Request
    from shared.edge.session import SignedIn

Address = Annotated[str, Field(max_length=254), NoCardNumber]
Language = Annotated[str, Field(pattern=forms.OWN_LANGUAGE)]
Environments = Annotated[list[Environment], Field(min_length=1, max_length=2)]


class InviteRequest(BaseModel):
    email: Address = Field(description="Where the link is mailed")
    role: Role = Field(description="What they may do")
    environments: Environments = Field(
        default_factory=lambda: [Environment.TEST], description="Where they may work; test alone unless given"
    )
    language: Language = Field(default="en", description="Of their mails: en, it, de, fr, es or pt")

    def wanted(self) -> Invitation:
        return Invitation(self.email, self.role, tuple(self.environments), self.language)


class PersonRequest(BaseModel):
    role: Role | None = Field(default=None, description="What they may do")
    environments: Environments | None = Field(default=None, description="Where they may work")
    language: Language | None = Field(default=None, description="Of their mails: en, it, de, fr, es or pt")

    def wanted(self) -> Terms:
        return Terms(self.role, tuple(self.environments) if self.environments else None, self.language)


class LinkRequest(BaseModel):
    email: Address = Field(description="Your address, as you were invited")


class BeginRequest(BaseModel):
    token: str = Field(max_length=100, description="What stands behind /enter/ in the link that was mailed")


class SessionRequest(BaseModel):
    environment: Environment = Field(description="Where this browser goes on after a reload")


def shown_person(person: Person) -> dict[str, object]:
    return {
        "id": person.id,
        "email": person.email,
        "role": person.role.value,
        "environments": [environment.value for environment in person.environments],
        "language": person.language,
        "invitedAt": iso(person.invited_at),
        "invitedBy": person.invited_by,
    }


def shown_doing(doing: Doing) -> dict[str, object]:
    return {
        "at": iso(doing.at),
        "who": doing.who,
        "environment": doing.environment.value,
        "method": doing.method,
        "route": doing.route,
        "about": dict(doing.named),
        "requestId": doing.request_id,
    }


def shown_session(found: SignedIn) -> dict[str, object]:
    """Whose session it is, and what has to be shown beside its cookie with whatever is no GET."""
    merchant = found.record.merchant
    return {
        "success": True,
        "signedIn": True,
        "person": shown_person(found.person),
        "merchant": {
            "id": merchant.id,
            "name": merchant.name,
            "timeZone": merchant.time_zone,
            "suspendedAt": iso(merchant.suspended_at),
        },
        "environment": found.session.environment.value,
        "endsAt": iso(found.session.ends_at),
        "csrfToken": session.csrf_token(found.token),
    }


def signed_in(call: Call) -> SignedIn:
    """The caller's session; only for endpoints that are for people alone."""
    found = session.standing(call.identity.token)
    assert found is not None, "the edge let nobody else in"
    return found


def by_the_caller(call: Call) -> Office:
    return Office(core.merchants(), call.credential.called, runtime.now, runtime.entropy, runtime.pause)


def visitor(request: Request) -> str:
    """Whose tries are counted: the address that the distribution, or else API Gateway, saw."""
    identity = (request.event.get("requestContext") or {}).get("identity") or {}
    return request.headers.get("x-visitor", "") or str(identity.get("sourceIp") or "")
