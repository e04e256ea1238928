"""Invite people to a merchant, change what they may do, and remove them; one owner always stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from shared.domain.errors import Conflict, Forbidden, InvalidRequest, NotFound
from shared.domain.payment import Environment
from shared.domain.person import MOST_PEOPLE, Person, Role, address_of
from shared.domain.record import dataclass
from shared.usecases.merchant.changing import Office, change_record

if TYPE_CHECKING:
    from shared.domain.merchant import Credential, MerchantRecord

INVITATIONS_AN_HOUR: Final = 30  # of one merchant


@dataclass(frozen=True, slots=True)
class Invitation:
    """Whom to let in, as what, and the language of the letter."""

    email: str
    role: Role
    environments: tuple[Environment, ...]
    language: str


@dataclass(frozen=True, slots=True)
class Terms:
    """What is to be changed of a person; None stays as it is."""

    role: Role | None = None
    environments: tuple[Environment, ...] | None = None
    language: str | None = None


def reach(caller: Credential) -> frozenset[Environment]:
    """Where the caller may let others work: where they do; with a key of test, in test alone."""
    if caller.person is not None:
        return frozenset(caller.person.environments)
    return frozenset(Environment) if caller.environment is Environment.LIVE else frozenset({Environment.TEST})


def invite(invitation: Invitation, new_id: str, caller: Credential, *, office: Office) -> Person:
    """The person, who can sign in from now on. Repeated with the same ``new_id`` it changes nothing.

    Raises InvalidRequest for what is no address, Conflict for somebody who is there already and for too many, and
    Forbidden for an environment that the caller does not reach.
    """
    email = address_of(invitation.email)
    if not email:
        raise InvalidRequest("this is not an e-mail address", param="email")
    environments = _environments(invitation.environments, caller)
    person = Person(
        id=new_id,
        email=email,
        role=invitation.role,
        environments=environments,
        language=invitation.language,
        invited_at=office.now(),
        invited_by=caller.called,
    )

    def invited(record: MerchantRecord) -> MerchantRecord:
        if any(one.id == new_id for one in record.people):
            return record
        if any(one.email == email for one in record.people):
            raise Conflict("somebody with this address works here already", code="person_exists")
        if len(record.people) >= MOST_PEOPLE:
            raise Conflict(f"at most {MOST_PEOPLE} people work at a merchant", code="too_many_people")
        return replace(record, people=(*record.people, person))

    return person_of(change_record(caller.merchant.id, invited, what="invite", office=office), new_id)


def change_person(person_id: str, terms: Terms, caller: Credential, *, office: Office) -> Person:
    """The person with their new terms, in force with their next request.

    Raises NotFound, Forbidden for who reaches further than the caller, Conflict when no owner would be left.
    """

    def changed(record: MerchantRecord) -> MerchantRecord:
        was = _within_reach(record, person_id, caller)
        now = replace(
            was,
            role=terms.role or was.role,
            environments=_environments(terms.environments, caller) if terms.environments else was.environments,
            language=terms.language or was.language,
        )
        people = tuple(now if one.id == person_id else one for one in record.people)
        return _owned(record, replace(record, people=people))

    return person_of(change_record(caller.merchant.id, changed, what="change-person", office=office), person_id)


def remove_person(person_id: str, caller: Credential, *, office: Office) -> None:
    """They are gone, and signed in nowhere from this write on. Raises as ``change_person``."""

    def removed(record: MerchantRecord) -> MerchantRecord:
        was = _within_reach(record, person_id, caller)
        return _owned(record, replace(record, people=tuple(one for one in record.people if one != was)))

    change_record(caller.merchant.id, removed, what="remove-person", office=office)


def person_of(record: MerchantRecord, person_id: str) -> Person:
    """Raises NotFound."""
    for person in record.people:
        if person.id == person_id:
            return person
    raise NotFound("nobody of this number works here")


def _within_reach(record: MerchantRecord, person_id: str, caller: Credential) -> Person:
    person = person_of(record, person_id)
    if not set(person.environments) <= reach(caller):
        raise Forbidden("this person works where you do not", code="environment_refused")
    return person


def _environments(wanted: Sequence[Environment], caller: Credential) -> tuple[Environment, ...]:
    if beyond := sorted(set(wanted) - reach(caller)):
        raise Forbidden(f"you cannot let anybody work in the {beyond[0]} environment", code="environment_refused")
    return tuple(environment for environment in Environment if environment in wanted)


def _owned(before: MerchantRecord, after: MerchantRecord) -> MerchantRecord:
    """Raises Conflict when an environment loses its last owner."""
    for environment in Environment:
        if _owners(before, environment) and not _owners(after, environment):
            raise Conflict("the last owner stays: make somebody else one first", code="last_owner")
    return after


def _owners(record: MerchantRecord, environment: Environment) -> bool:
    return any(one.role is Role.OWNER and environment in one.environments for one in record.people)
