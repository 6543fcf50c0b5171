"""Who works at a seat: with a server whoever signed in, without one the operator of the settings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from agent_console.clock import Clock
from agent_console.domain.errors import BadInput
from agent_console.domain.people import Actor
from agent_console.settings import Settings
from agent_console.store.connection import open_connection
from agent_console.store.keyring import Keyring
from agent_console.store.link_state import LinkState
from agent_console.store.role_keys import load_role_keys

if TYPE_CHECKING:
    from agent_console.sync.people import PeopleOfSeat, SignedIn

SEAT_FILE = "seat.db"


class NotSignedIn(BadInput):
    """The seat belongs to a server, and nobody is signed in."""


class AtWork(msgspec.Struct, frozen=True):
    """A person with the role keys the seat is opened with."""

    actor: Actor
    keyring: Keyring


def at_work(home: Path, settings: Settings, clock: Clock, actor: Actor | None = None) -> AtWork:
    """Whoever works here; `actor` where it is known already. Raises NotSignedIn, BadInput for role keys.

    A seat that never was at a server goes on without one, self-declared, until somebody signs in for the first time.
    """
    signed = signed_in(home, settings, clock) if settings.server else None
    person = actor or _person(home, settings, signed)
    keys = load_role_keys(settings.role_keys)
    if signed is not None:
        keys |= signed.keys
    earlier = signed.earlier_keys if signed is not None else {}
    return AtWork(person, Keyring(keys, person.role, settings.cipher, earlier))


def _person(home: Path, settings: Settings, signed: SignedIn | None) -> Actor:
    if signed is not None:
        return signed.actor
    if needs_sign_in(home, settings):
        raise NotSignedIn("error.not_signed_in", "advice.not_signed_in")
    return Actor(settings.operator, self_declared=True)


def needs_sign_in(home: Path, settings: Settings) -> bool:
    """Whether only those who signed in may work here: from the first sign-in at a server on."""
    if not settings.server:
        return False
    from agent_console.sync.people import DeviceKeys

    return bool(DeviceKeys(home).of(settings.server))


def signed_in(home: Path, settings: Settings, clock: Clock) -> SignedIn | None:
    """Whose session is open at the seat's server."""
    if not (home / SEAT_FILE).exists():
        return None
    with seat_people(home, settings, clock) as people:
        signed = people.current()
    return signed if signed is not None and signed.server == settings.server.rstrip("/") else None


@contextmanager
def seat_people(home: Path, settings: Settings, clock: Clock) -> Iterator[PeopleOfSeat]:
    """Those who signed in at this seat, before anything else of its file is opened."""
    # Late: the first frame of a lone seat does not wait for it.
    from agent_console.sync.people import people_of

    connection = open_connection(home / SEAT_FILE)
    try:
        yield people_of(LinkState(connection, clock), home, settings, clock)
    finally:
        connection.close()
