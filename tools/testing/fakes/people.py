"""People's links and sessions in memory, and what they did."""

from __future__ import annotations

import itertools
import threading

from shared.domain.doing import Doing
from shared.domain.errors import NotFound
from shared.domain.ids import MerchantId, fingerprint
from shared.domain.person import Letter, Session, SignInLink
from tools.testing.fakes.merchants import FakeMerchants


class FakePeople:
    """The port ``People``. Like the table, it keeps hashes of tokens, not the tokens."""

    def __init__(self, merchants: FakeMerchants) -> None:
        self._merchants = merchants
        self._links: dict[str, SignInLink] = {}
        self._sessions: dict[str, Session] = {}
        self._lock = threading.RLock()

    def works_at(self, email: str) -> list[MerchantId]:
        records = self._merchants.all()
        return [record.merchant.id for record in records if any(person.email == email for person in record.people)]

    def keep_link(self, token: str, link: SignInLink) -> None:
        with self._lock:
            self._links[fingerprint(token)] = link

    def link(self, token: str) -> SignInLink:
        with self._lock:
            found = self._links.get(fingerprint(token))
        if found is None:
            raise NotFound("this link was used already, or is over")
        return found

    def begin(self, link_token: str, session_token: str, session: Session) -> None:
        with self._lock:
            if self._links.pop(fingerprint(link_token), None) is None:
                raise NotFound("this link was used already, or is over")
            self._sessions[fingerprint(session_token)] = session

    def session(self, token: str) -> Session | None:
        with self._lock:
            return self._sessions.get(fingerprint(token))

    def change_session(self, token: str, before: Session, after: Session) -> bool:
        with self._lock:
            if self._sessions.get(fingerprint(token)) != before:
                return False
            self._sessions[fingerprint(token)] = after
            return True

    def end(self, token: str) -> None:
        with self._lock:
            self._sessions.pop(fingerprint(token), None)


class FakeDoings:
    """The port ``Doings``."""

    def __init__(self) -> None:
        self._lines: list[Doing] = []
        self._lock = threading.Lock()

    def note(self, doing: Doing) -> None:
        with self._lock:
            self._lines.insert(0, doing)

    def last(self, merchant_id: MerchantId, most: int) -> list[Doing]:
        with self._lock:
            return [line for line in self._lines if line.merchant_id == merchant_id][:most]


class FakeLetters:
    """The port ``Letters``: what was asked for, the oldest first."""

    def __init__(self) -> None:
        self.asked: list[Letter] = []
        self._numbers = itertools.count()

    def ask(self, email: str, origin: str, invited_by: MerchantId | None = None) -> None:
        self.asked.append(Letter(f"letter_{next(self._numbers)}", email, origin, invited_by))
