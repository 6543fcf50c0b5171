"""Opening a desk: the seat's file, the rule book, the calendar and who works here."""

from __future__ import annotations

from pathlib import Path

import msgspec

from agent_console.clock import Clock
from agent_console.desk.desk import Desk
from agent_console.desk.records import Records
from agent_console.desk.units import attendance
from agent_console.domain.people import Actor
from agent_console.resources.calendars import load_calendar
from agent_console.resources.rule_books import load_book
from agent_console.settings import Settings
from agent_console.store.keyring import Keyring
from agent_console.store.projecting import Projector
from agent_console.store.projections import projectors
from agent_console.store.role_keys import load_role_keys
from agent_console.store.seat_file import Store

SEAT_FILE = "seat.db"


class OpenDesk(msgspec.Struct):
    """A desk with the file it works on; close it when done."""

    desk: Desk
    records: Records
    store: Store

    def close(self) -> None:
        """Close the seat's file."""
        self.store.close()


def seat_projectors() -> tuple[Projector, ...]:
    """Everything the seat's file keeps beside its log, the knowledge base included."""
    # Late: the first frame does not wait for the knowledge base.
    from knowledge.releases import ReleasedArticles

    return (*projectors(), ReleasedArticles())


def open_desk(home: Path, settings: Settings, clock: Clock, actor: Actor | None = None) -> OpenDesk:
    """Open the seat's file in `home` under the settings' rule book; one per thread.

    `actor` is who works; None: the operator of the settings. Raises the store's errors, UnknownName, and BadInput for
    role keys that cannot be used.
    """
    rule_book = load_book(settings.jurisdiction)
    calendar = load_calendar(home)
    person = actor or Actor(settings.operator, self_declared=True)
    keyring = Keyring(load_role_keys(settings.role_keys), person.role, settings.cipher)
    store = Store.open(home / SEAT_FILE, clock, seat_projectors(), keyring)
    desk = Desk(store, rule_book, calendar, clock, person, settings.seat)
    attendance.log_in(desk)
    return OpenDesk(desk, Records(store), store)
