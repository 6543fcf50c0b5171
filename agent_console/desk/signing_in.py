"""Signing in at a seat: at its server, without it where that is allowed, and out again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import msgspec

from agent_console.clock import Clock
from agent_console.desk.at_work import seat_people, signed_in
from agent_console.desk.sync.side import open_side
from agent_console.domain.errors import BadInput, ConsoleError
from agent_console.domain.people import Actor
from agent_console.settings import Settings
from agent_console.sync.answers import NotServed
from agent_console.sync.backoff import Backoff
from agent_console.sync.client import ServerClient, client_for
from agent_console.sync.line import Line
from agent_console.sync.once import send_last
from agent_console.sync.people import DeviceKeys, SignedIn, people_of
from agent_console.sync.session import Sessions
from agent_console.sync.wire import SignIn
from agent_console.texts.wording import told

_LAST_SECONDS = 8.0
"""How long whoever leaves waits for the last entries at most."""


def sign_in_at(home: Path, settings: Settings, clock: Clock, account: str, password: str) -> SignedIn:
    """Sign in at the settings' server; unsent work goes along where it is another one than before.

    Takes as long as the line does, so never on the way of a key. Raises SignInRefused, SignInUnheard, BadInput.
    """
    with _client(settings) as client:
        seat = open_side(home, settings, clock, Actor(settings.operator, self_declared=True))
        try:
            people = people_of(seat.store.link, home, settings, clock)
            keys, device = DeviceKeys(home), seat.store.identity.device
            asked = SignIn(
                account, password, device, settings.seat, settings.jurisdiction, device_key=keys.of(client.address)
            )
            return Sessions(client, people, keys, clock).sign_in(seat, asked)
        finally:
            seat.close()


def unlock_at(home: Path, settings: Settings, clock: Clock, account: str, password: str) -> SignedIn:
    """Open the seat without its server for whoever signed in here lately, for a limited time. Raises BadInput."""
    with seat_people(home, settings, clock) as people:
        return people.unlock(account, password, settings.server.rstrip("/"))


class SignedOut(msgspec.Struct, frozen=True):
    """How a session ended. at_server: it heard of it; unsent: entries that wait for the next sign-in."""

    at_server: bool = True
    unsent: int = 0


def sign_out_at(home: Path, settings: Settings, clock: Clock) -> SignedOut:
    """Send what is left, some seconds at most, and close the session of this seat."""
    signed = signed_in(home, settings, clock)
    with seat_people(home, settings, clock) as people:
        try:
            if signed is None:
                return SignedOut()
            with _client(settings) as client:
                unsent = _send_last(client, home, settings, clock)
                # Sending may have renewed the token the server knows the session by.
                signed = people.current() or signed
                return SignedOut(Sessions(client, people, DeviceKeys(home), clock).sign_out(signed), unsent)
        finally:
            people.sign_out()


def _send_last(client: ServerClient, home: Path, settings: Settings, clock: Clock) -> int:
    """Whatever hinders hinders no one from leaving: what is unsent goes after the next sign-in."""
    side = open_side(home, settings, clock)
    try:
        return send_last(Line(side, client, home, settings, clock), Backoff(Random()), _LAST_SECONDS)
    except (ConsoleError, NotServed):
        return side.waiting().unsent
    finally:
        side.close()


@contextmanager
def _client(settings: Settings) -> Iterator[ServerClient]:
    """The client of the settings' server. Raises BadInput for an address that is wrong or unsafe."""
    try:
        client = client_for(settings)
    except NotServed as error:
        raise BadInput(
            "error.server_address", "advice.no_server", server=settings.server, why=told(error.why)
        ) from error
    try:
        yield client
    finally:
        client.close()
