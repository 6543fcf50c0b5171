"""Sign-in, renewal and sign-out, as the server's other endpoints are written."""

from __future__ import annotations

from agent_console.server.people.sessions import Sessions
from agent_console.server.web.endpoints import Asked, Endpoint
from agent_console.server.web.identity import token_of
from agent_console.sync.wire import Heard, Refresh, Session, SignIn

_MOST = 8 * 1024


async def sign_in(asked: Asked) -> Session:
    """Let somebody in."""
    return await _sessions(asked).sign_in(asked.body)


async def refresh(asked: Asked) -> Session:
    """Renew a session."""
    return await _sessions(asked).refresh(asked.body)


async def sign_out(asked: Asked) -> Heard:
    """End the session of the token."""
    await _sessions(asked).sign_out(token_of(asked.request))
    return Heard(heard=True)


def _sessions(asked: Asked) -> Sessions:
    sessions: Sessions = asked.request.app.state.sessions
    return sessions


PEOPLE_ENDPOINTS = (
    Endpoint(
        "POST", "/v1/sign-in", "sign_in", "Sign in at a seat", sign_in, gives=Session, takes=SignIn,
        needs_token=False, refuses=(401, 403, 429), most=_MOST,
    ),
    Endpoint(
        "POST", "/v1/refresh", "refresh", "Renew a session", refresh, gives=Session, takes=Refresh,
        needs_token=False, refuses=(401,), most=_MOST,
    ),
    Endpoint("POST", "/v1/sign-out", "sign_out", "End a session", sign_out, gives=Heard),
)  # fmt: skip
