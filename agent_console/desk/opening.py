"""Opening a desk: the seat's file, the rule book, the calendar and who works here."""

from __future__ import annotations

from pathlib import Path

import msgspec

from agent_console.clock import Clock
from agent_console.desk.at_work import SEAT_FILE, at_work
from agent_console.desk.desk import Desk
from agent_console.desk.records import Records
from agent_console.desk.units import attendance
from agent_console.domain.people import Actor
from agent_console.resources.calendars import load_calendar
from agent_console.resources.rule_books import load_book
from agent_console.settings import Settings
from agent_console.store.projecting import Projector
from agent_console.store.projections import projectors
from agent_console.store.seat_file import Store

__all__ = ["SEAT_FILE", "OpenDesk", "open_desk", "seat_projectors"]


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

    `actor` is who works; None: whoever signed in, without a server the operator of the settings. Raises the store's
    errors, UnknownName, NotSignedIn, and BadInput for role keys that cannot be used.
    """
    rule_book = load_book(settings.jurisdiction)
    calendar = load_calendar(home)
    working = at_work(home, settings, clock, actor)
    store = Store.open(home / SEAT_FILE, clock, seat_projectors(), working.keyring)
    desk = Desk(store, rule_book, calendar, clock, working.actor, settings.seat)
    attendance.log_in(desk)
    return OpenDesk(desk, Records(store), store)
