"""A person's session at the edge: the cookie that holds it, and what a request has to show beside it.

The cookie goes to the pages' own host alone, over TLS, to no script and with no request that another site began. Each
request also names its environment, so that of two tabs one cannot act in the other's, and whatever is no GET comes
from the pages' origin with a token that only they could read.
"""

from __future__ import annotations

import hashlib
import hmac
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, Final

from shared.bootstrap import core, runtime
from shared.domain.errors import Forbidden, InvalidRequest, NotFound, Unauthenticated
from shared.domain.mode import Environment
from shared.domain.person import LONGEST, Person, Role, Session
from shared.domain.record import dataclass
from shared.edge.bearer import SESSION_COOKIE, shows_session

if TYPE_CHECKING:
    from shared.domain.merchant import Credential, MerchantRecord
    from shared.edge.request import Identity, Request

ENVIRONMENT: Final = "x-environment"
CSRF: Final = "x-csrf-token"
_SAFE: Final = frozenset({"GET", "HEAD"})
_LONGEST_COOKIE: Final = 8192


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session that stands, whose it is, and their merchant as it is now."""

    token: str
    session: Session
    person: Person
    record: MerchantRecord


def token_of(request: Request) -> str:
    """The session that a request's cookie holds; empty without one, and where a key is shown instead."""
    cookies = request.headers.get("cookie", "")
    if not shows_session(request.headers) or len(cookies) > _LONGEST_COOKIE:
        return ""
    try:
        found = SimpleCookie(cookies).get(SESSION_COOKIE)
    except CookieError:
        return ""
    return found.value if found and found.value.startswith("ses_") else ""


def standing(token: str) -> SignedIn | None:
    """The session behind a token, unless it is over or its person was removed: two reads, both of what is now."""
    session = core.people().session(token)
    if session is None:
        return None
    try:
        record = core.merchants().record(session.merchant_id)
    except NotFound:
        return None
    now = runtime.now()
    person = next((one for one in record.people if session.is_of(one, now)), None)
    return SignedIn(token, session, person, record) if person else None


def credential(request: Request, identity: Identity, least: Role) -> Credential:
    """Who is signed in, in the environment that the request names.

    Raises Unauthenticated when nobody is, InvalidRequest without an environment, Forbidden for a role that is too
    small, an environment that is not theirs, and a request that the pages did not send.
    """
    identity.token = token_of(request)
    signed_in = standing(identity.token)
    if signed_in is None:
        raise Unauthenticated("nobody is signed in here; sign in again", code="signed_out")
    if request.method not in _SAFE:
        check_origin(request)
        if not hmac.compare_digest(csrf_token(identity.token), request.headers.get(CSRF, "")):
            raise Forbidden("this was not sent by the dashboard", code="csrf_refused")
    environment = _environment(request)
    found = signed_in.record.personal_credential(signed_in.person, environment)
    identity.credential = found  # a refusal of what they may not do is told, and logged, as theirs
    if environment not in signed_in.person.environments:
        raise Forbidden(f"you do not work in the {environment} environment", code="environment_refused")
    if not signed_in.person.role.allows(least):
        raise Forbidden(f"this needs the role {least}", code="role_required")
    return found


def _environment(request: Request) -> Environment:
    try:
        return Environment(request.headers.get(ENVIRONMENT, ""))
    except ValueError:
        raise InvalidRequest("a signed-in request names its environment", param="X-Environment") from None


def check_origin(request: Request) -> None:
    """Raises Forbidden unless a page of the gateway's own sent this, as the browser says and no page can."""
    if not request.pages_origin or request.headers.get("origin", "") != request.pages_origin:
        raise Forbidden("this was not sent by the gateway's own pages", code="csrf_refused")


def csrf_token(token: str) -> str:
    """What proves that a page could read an answer to this session; nothing of the session can be had from it."""
    return hmac.new(token.encode(), b"csrf", hashlib.sha256).hexdigest()


def set_cookie(token: str) -> dict[str, str]:
    return {"Set-Cookie": f"{SESSION_COOKIE}={token}; Max-Age={int(LONGEST.total_seconds())}; {_TERMS}"}


def clear_cookie() -> dict[str, str]:
    return {"Set-Cookie": f"{SESSION_COOKIE}=; Max-Age=0; {_TERMS}"}


_TERMS: Final = "Path=/; Secure; HttpOnly; SameSite=Strict"
