"""People's one-time links and sessions; who the people are stands in their merchant's record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from shared.domain.doing import Doing
    from shared.domain.ids import MerchantId
    from shared.domain.person import Session, SignInLink


class People(Protocol):
    """Links and sessions are kept and found by the SHA-256 of what opens them, which is stored nowhere."""

    def works_at(self, email: str) -> list[MerchantId]:
        """Every merchant at which somebody of this address works."""
        ...

    def keep_link(self, token: str, link: SignInLink) -> None: ...

    def link(self, token: str) -> SignInLink:
        """Without using it up. Raises NotFound for one that was used or never was."""
        ...

    def begin(self, link_token: str, session_token: str, session: Session) -> None:
        """Use the link up and keep the session, both or none. Raises NotFound when somebody was first."""
        ...

    def session(self, token: str) -> Session | None:
        """None for one that was ended or never was; whether its time is up, the session says."""
        ...

    def change_session(self, token: str, before: Session, after: Session) -> bool:
        """Whether it was written; not when the session was ended, or changed otherwise, meanwhile."""
        ...

    def end(self, token: str) -> None: ...


class Doings(Protocol):
    """What people asked for in the dashboard, and what keys changed of webhooks."""

    def note(self, doing: Doing) -> None: ...

    def last(self, merchant_id: MerchantId, most: int) -> list[Doing]:
        """The newest first; each is kept for thirteen months."""
        ...


class Letters(Protocol):
    """What somebody asked to be mailed, handed on: who asks waits equally long, whoever they are."""

    def ask(self, email: str, origin: str, invited_by: MerchantId | None = None) -> None:
        """A link to wherever ``email`` works, or an invitation of one merchant; ``origin`` is where pages live."""
        ...
