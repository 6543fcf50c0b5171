"""The wall of seats: the latest state of each, kept for a minute, never in the log.

States go through a table, so that every process shows those that were told to another.
"""

from __future__ import annotations

import asyncio
import contextlib

import msgspec

from agent_console.clock import Clock
from agent_console.domain.instants import MINUTE, Instant
from agent_console.server.store.database import Database, Table, Transaction
from agent_console.server.web.ports import Person
from agent_console.sync.wire import SeatNow, Seats

LIFETIME: Instant = MINUTE
"""A seat that says nothing for so long is no longer shown."""

WAVE_SECONDS = 0.5
"""Changes are told in waves, so far apart."""

_SEAT_NOW = Table("seat_now", {"jurisdiction": "text", "device": "text", "at": "bigint", "state": "text"})
_NEWER = (
    "(jurisdiction, device) DO UPDATE SET at = excluded.at, state = excluded.state WHERE seat_now.at <= excluded.at"
)


class Wall:
    """Seats of all lines this process serves."""

    def __init__(self, database: Database, clock: Clock) -> None:
        """Keep states there."""
        self._database = database
        self._clock = clock
        self._told: dict[tuple[str, str], SeatNow] = {}
        self._shown: dict[str, tuple[SeatNow, ...]] = {}
        self._pages: dict[str, bytes] = {}
        self._waves: dict[str, asyncio.Event] = {}
        self._watchers: dict[str, int] = {}
        self._cleared: Instant = 0

    def tell(self, person: Person, state: SeatNow) -> None:
        """A seat says how it stands; written with the next wave."""
        told = msgspec.structs.replace(state, device=person.device, operator=person.actor.name, at=self._clock.now())
        self._told[person.jurisdiction, person.device] = told

    async def seats(self, jurisdiction: str) -> tuple[SeatNow, ...]:
        """The seats of a line that are heard of, by number."""
        sql = "SELECT state FROM seat_now WHERE jurisdiction = $1 AND at > $2"
        rows = await self._database.fetch(sql, jurisdiction, self._clock.now() - LIFETIME)
        found = {state.device: state for (text,) in rows for state in (msgspec.json.decode(text, type=SeatNow),)}
        found |= {device: state for (line, device), state in self._told.items() if line == jurisdiction}
        return tuple(sorted(found.values(), key=lambda state: (state.seat, state.device)))

    async def page(self, jurisdiction: str) -> bytes:
        """The same as JSON; what the last wave brought is read and written once for all who watch."""
        return self._pages.get(jurisdiction) or _page(await self.seats(jurisdiction))

    async def changed(self, jurisdiction: str, seconds: float) -> None:
        """Return with the next wave that changes something, or after so many seconds."""
        wave = self._waves.setdefault(jurisdiction, asyncio.Event())
        self._watchers[jurisdiction] = self._watchers.get(jurisdiction, 0) + 1
        try:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(wave.wait(), seconds)
        finally:
            self._watchers[jurisdiction] -= 1

    async def wave(self) -> None:
        """Write what was told, and wake those who watch where something changed."""
        await self._write()
        watched = [line for line, count in self._watchers.items() if count]
        self._pages = {line: page for line, page in self._pages.items() if line in watched}
        for jurisdiction in watched:
            shown = await self.seats(jurisdiction)
            if self._shown.get(jurisdiction) != shown:
                self._shown[jurisdiction], self._pages[jurisdiction] = shown, _page(shown)
                self._waves.pop(jurisdiction, asyncio.Event()).set()

    async def _write(self) -> None:
        told, self._told = self._told, {}
        rows = [(line, device, state.at, msgspec.json.encode(state).decode()) for (line, device), state in told.items()]
        now = self._clock.now()
        is_time_to_clear = now - self._cleared > LIFETIME
        if not rows and not is_time_to_clear:
            return

        async def work(at: Transaction) -> None:
            await at.insert(_SEAT_NOW, sorted(rows), _NEWER)
            if is_time_to_clear:
                await at.execute("DELETE FROM seat_now WHERE at < $1", now - LIFETIME)

        await self._database.write(work)
        self._cleared = now if is_time_to_clear else self._cleared

    def stop(self) -> None:
        """Let everybody go who watches."""
        for wave in self._waves.values():
            wave.set()


def _page(seats: tuple[SeatNow, ...]) -> bytes:
    return msgspec.json.encode(Seats(seats))
