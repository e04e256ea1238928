"""Sign in by a link that works once, stay for a while, and sign out: here, or everywhere."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from shared.domain.allowance import HOUR, MINUTE, Allowance
from shared.domain.errors import InvalidRequest, NotFound, Unauthenticated
from shared.domain.ids import MerchantId, fingerprint
from shared.domain.payment import Environment
from shared.domain.person import (
    ASKED_FOR,
    IDLE,
    INVITED_FOR,
    Letter,
    Person,
    Session,
    SignInLink,
    address_of,
    link_token,
    session_token,
)
from shared.usecases.merchant.changing import Office, change_record
from shared.usecases.people.keep_people import person_of
from shared.usecases.people.letters import invitation, link_mail

if TYPE_CHECKING:
    from datetime import datetime

    from shared.domain.merchant import MerchantRecord
    from shared.ports.allowances import Allowances
    from shared.ports.merchants import Merchants
    from shared.ports.messages import Messenger
    from shared.ports.people import Letters, People
    from shared.ports.world import Entropy

MAILS_AN_HOUR: Final = 5  # to one address
ASKS_A_MINUTE: Final = 10  # from one visitor
TRIES_A_MINUTE: Final = 20  # of links, from one visitor
MOST_MERCHANTS: Final = 10  # that one letter leads to


def ask_for_link(
    email: str, visitor: str, origin: str, *, allowances: Allowances, letters: Letters, now: datetime
) -> None:
    """Hand the wish on. It takes the same whether anybody of this address is known, and says nothing of it.

    Raises InvalidRequest for what is no address, TooManyRequests for a visitor's eleventh in a minute and for an
    address's sixth in an hour, known or not.
    """
    address = address_of(email)
    if not address:
        raise InvalidRequest("this is not an e-mail address", param="email")
    allowances.take(Allowance(f"asks#{_short(visitor)}", ASKS_A_MINUTE, MINUTE), now)
    allowances.take(Allowance(f"mails#{_short(address)}", MAILS_AN_HOUR, HOUR), now)
    letters.ask(address, origin)


def send_links(
    letter: Letter,
    *,
    people: People,
    merchants: Merchants,
    messenger: Messenger,
    now: datetime,
    entropy: Entropy,
    captures_test: bool,
) -> int:
    """A mail for each merchant at which the letter's address works; how many. Safe to repeat: each mail leaves once.

    ``captures_test``: mails to who works in test alone are captured there, as those to test's customers are.
    """
    wanted = [letter.invited_by] if letter.invited_by else people.works_at(letter.email)[:MOST_MERCHANTS]
    sent = 0
    for merchant_id in wanted:
        record = merchants.record(merchant_id)
        person = next((one for one in record.people if one.email == letter.email), None)
        if person is None:
            continue  # removed meanwhile
        token = link_token(entropy(25))
        ends_at = now + (INVITED_FOR if letter.invited_by else ASKED_FOR)
        people.keep_link(token, SignInLink(merchant_id, person.id, ends_at))
        write = invitation if letter.invited_by else link_mail
        mail = write(person, record.merchant, f"{letter.origin}/dashboard/#/enter/{token}", ends_at)
        environment = person.mails if captures_test else Environment.LIVE
        messenger.send(mail, merchant_id, environment, f"link:{letter.id}:{merchant_id}")
        sent += 1
    return sent


def begin_session(
    token: str,
    visitor: str,
    *,
    people: People,
    merchants: Merchants,
    allowances: Allowances,
    now: datetime,
    entropy: Entropy,
) -> tuple[str, Session]:
    """What the browser holds from now on, and the session behind it. The link is used up.

    Raises Unauthenticated for a link that is used, over or of somebody who was removed, and TooManyRequests.
    """
    allowances.take(Allowance(f"links#{_short(visitor)}", TRIES_A_MINUTE, MINUTE), now)
    try:
        link = people.link(token)
        if link.ends_at <= now:
            raise NotFound("this link is over")
        person = person_of(merchants.record(link.merchant_id), link.person_id)
        environment = Environment.LIVE if Environment.LIVE in person.environments else Environment.TEST
        session = Session(link.merchant_id, person.id, environment, now, now + IDLE)
        made = session_token(entropy(25))
        people.begin(token, made, session)
    except NotFound as error:
        raise Unauthenticated("this link was used already, or is over; ask for another", code="link_over") from error
    return made, session


def renew_session(
    token: str, session: Session, environment: Environment, *, people: People, now: datetime
) -> Session:
    """The session with its hour begun anew, and where it goes on after a reload. Raises Unauthenticated when it ended
    meanwhile, as it does when two renew it at once and this one comes second to a sign-out."""
    renewed = replace(session, environment=environment, ends_at=session.renewed_until(now))
    if people.change_session(token, session, renewed):
        return renewed
    there = people.session(token)
    if there is None:
        raise Unauthenticated("nobody is signed in here; sign in again", code="signed_out")
    return there


def sign_out_everywhere(person: Person, merchant_id: MerchantId, *, office: Office) -> None:
    """Every session of the person's is over with this write."""

    def ended(record: MerchantRecord) -> MerchantRecord:
        was = person_of(record, person.id)
        now = replace(was, sessions_since=office.now())
        return replace(record, people=tuple(now if one.id == was.id else one for one in record.people))

    change_record(merchant_id, ended, what="sign-out-everywhere", office=office)


def _short(name: str) -> str:
    """Counters are named by a hash: no address of anybody lies in their table."""
    return fingerprint(name)[:16]
