"""Three mistakes that the campaign has to find; each is put into a process of the test and stands nowhere else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from random import Random
from typing import Any

from agent_console.domain.instants import Instant
from agent_console.server.pushing.streams import Planned, Stream
from agent_console.server.pushing.writing import Writer
from agent_console.server.store.database import Transaction, Work
from agent_console.server.store.postgres import Postgres
from agent_console.server.store.sqlite import Sqlite
from agent_console.sync.answers import NotServed
from agent_console.sync.pushing import Pusher
from agent_console.sync.wire import Entry, PushAnswer, Verdict
from tests.support.counted_apart import CountedApart

_BETWEEN_SECONDS = 0.6
"""How long a slow disk takes between two transactions that should have been one."""
_LATE_SECONDS = 0.6
"""The longest a commit takes whose place in the feed was given out before."""


def acknowledge_any_200() -> None:
    """The seat takes whatever comes with status 200 for the word of its server."""
    send = Pusher._send

    def believing(self: Pusher, entries: Sequence[Entry]) -> PushAnswer:
        try:
            return send(self, entries)
        except NotServed as error:
            if error.why.key != "link.not_ours":
                raise
            verdicts = tuple(Verdict(entry.n, entry.id, "applied") for entry in entries)
            return PushAnswer(self._line.seat.epoch, entries[-1].n, self._line.clock.now(), verdicts)

    Pusher._send = believing  # type: ignore[method-assign]


_Late = list[Callable[[Transaction], Any]]
_LATE: ContextVar[_Late] = ContextVar("late")


def effect_outside_the_transaction() -> None:
    """The server keeps that it has judged an entry in one transaction, and what follows from it in the next."""
    effect = Writer.write

    async def later(
        self: Writer, at: Transaction, planned: Sequence[Planned], streams: Sequence[Stream], now: Instant
    ) -> int:
        [(last,)] = await at.fetch("SELECT last_seq FROM counter WHERE jurisdiction = $1", self._jurisdiction)
        _LATE.get().append(lambda inside: effect(self, inside, planned, streams, now))
        return int(last)

    Writer.write = later  # type: ignore[method-assign]
    for kind in (Sqlite, Postgres):
        _write_in_two(kind)


def _write_in_two(kind: type[Sqlite | Postgres]) -> None:
    write: Any = kind.write

    async def twice(self: Any, work: Work[Any]) -> Any:
        late: _Late = []
        _LATE.set(late)

        async def first(at: Transaction) -> Any:
            late.clear()
            return await work(at)

        said = await write(self, first)
        for effect in late:
            await asyncio.sleep(_BETWEEN_SECONDS)
            await write(self, effect)
        return said

    kind.write = twice  # type: ignore[method-assign]


def cursor_by_serial_number() -> None:
    """The server gives out places in the feed as a sequence does: beside the transaction that is committed later."""
    write, begin = Writer.write, Postgres.__init__
    random, opened = Random(), list[Postgres]()

    def remembered(self: Postgres, *how: Any, **more: Any) -> None:
        begin(self, *how, **more)
        opened.append(self)

    async def apart(self: Writer, at: Transaction, *what: Any) -> int:
        before = await write(self, CountedApart(at, opened[0]), *what)
        await asyncio.sleep(random.uniform(0, _LATE_SECONDS))
        return before

    Postgres.__init__ = remembered  # type: ignore[method-assign]
    Writer.write = apart  # type: ignore[method-assign, assignment]


BROKEN_SEATS: dict[str, Callable[[], None]] = {"acknowledge any 200": acknowledge_any_200}
BROKEN_SERVERS: dict[str, Callable[[], None]] = {
    "effect outside the transaction": effect_outside_the_transaction,
    "cursor by serial number": cursor_by_serial_number,
}
