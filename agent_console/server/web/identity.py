"""Whom the token of a request stands for, and what is written down of it."""

from __future__ import annotations

import re
from functools import cache

from starlette.requests import Request

from agent_console.clock import Clock
from agent_console.resources.rule_books import load_book
from agent_console.server.people import audit
from agent_console.server.people.accounts import Account
from agent_console.server.people.sessions import Sessions
from agent_console.server.store.database import Database
from agent_console.server.web.ports import Person
from agent_console.server.web.trouble import Refused

WATCH = "watch"
CALLS = "calls"
FIGURES = "figures"
_STREAM = re.compile(r"[a-z]+:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""What was asked for and is not there may be anything, a telephone number too: only a name like this is kept."""


class Door:
    """Asks for the token at every request."""

    def __init__(self, sessions: Sessions) -> None:
        """Look tokens up there."""
        self._sessions = sessions

    async def __call__(self, request: Request) -> Person:
        """Who asks. Raises Refused with 401 where there is no token, or none that counts."""
        account, kept = await self._sessions.of_token(token_of(request))
        return Person(account.account, account.actor, kept.device, account.jurisdiction, scopes_of(account), kept.seat)


class Trail:
    """Writes down who looked at what."""

    def __init__(self, database: Database, clock: Clock) -> None:
        """Write there."""
        self._database = database
        self._clock = clock

    async def __call__(self, person: Person, what: str, thing: str, outcome: str = audit.DONE) -> None:
        """what: a stable word; thing: name of a stream or file, never anything personal."""
        actor = person.actor
        who = Account(person.jurisdiction, person.account, actor.name, actor.role, actor.unit, "", 0)
        now = self._clock.now()
        known = thing if outcome == audit.DONE or _STREAM.fullmatch(thing) else ""
        await audit.note(self._database, who, what, now, device=person.device, on=known, outcome=outcome)


def token_of(request: Request) -> str:
    """The bearer token of a request. Raises Refused (401) where there is none, or two."""
    headers = request.headers.getlist("authorization")
    if len(headers) != 1:
        raise Refused(401, "no_token")
    scheme, _, token = headers[0].partition(" ")
    if scheme.lower() != "bearer" or not token.isascii():
        raise Refused(401, "no_token")
    return token.strip()


def scopes_of(account: Account) -> frozenset[str]:
    """What the rule book lets the role do beyond its orders: watch the seats, read calls, see the figures."""
    return _scopes(account.jurisdiction, account.role)


@cache
def _scopes(jurisdiction: str, role: str) -> frozenset[str]:
    rule = load_book(jurisdiction).roles.get(role)
    if rule is None:
        raise Refused(403, "role_gone")
    held = {WATCH: rule.home == WATCH, CALLS: rule.calls, FIGURES: bool(rule.figures)}
    return frozenset(scope for scope, has in held.items() if has)
