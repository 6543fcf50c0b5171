"""Signing in at a seat: at its server, without it where that is allowed, and out again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from agent_console.clock import Clock
from agent_console.desk.at_work import seat_people, signed_in
from agent_console.desk.sync.side import open_side
from agent_console.domain.errors import BadInput
from agent_console.domain.people import Actor
from agent_console.settings import Settings
from agent_console.sync.answers import NotServed
from agent_console.sync.client import ServerClient, client_for
from agent_console.sync.people import DeviceKeys, SignedIn, people_of
from agent_console.sync.session import Sessions
from agent_console.sync.wire import SignIn
from agent_console.texts.wording import told


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


def sign_out_at(home: Path, settings: Settings, clock: Clock) -> bool:
    """Close the session of this seat; True where the server heard of it, or nobody was signed in."""
    signed = signed_in(home, settings, clock)
    with seat_people(home, settings, clock) as people:
        people.sign_out()
        if signed is None:
            return True
        with _client(settings) as client:
            return Sessions(client, people, DeviceKeys(home), clock).sign_out(signed)


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
