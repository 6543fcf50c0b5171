"""Taking pushes in: those that wait are decided together and committed in one transaction.

Locks are taken in one order, devices, then streams, then the counter. What is answered has been committed; a push
always writes its device, so that an answer waits for the commit even where nothing in it was new.
"""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections.abc import Awaitable, Callable, Sequence

import asyncpg
import msgspec

from agent_console.domain.errors import ConsoleError
from agent_console.domain.upkeep.article_imports import STREAM as IMPORTS
from agent_console.server.pushing.grouping import Asking, Group, Means, Outcome
from agent_console.server.store.database import Database, DatabaseAway
from agent_console.server.web.ports import Person
from agent_console.server.web.trouble import Refused
from agent_console.sync.wire import PROTOCOL, TAKEN_ENTRIES, Entry, Push, PushAnswer

MOST_IN_GROUP = 1000
"""Entries decided in one transaction; further pushes wait for the next."""

_MOST_WAITING = 400
_BUSY_SECONDS = 2
_LONGEST_ID = 200
_MOST_STEPS = 100
_LARGEST = 1 << 53
_UUIDS = re.compile(r"(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12},)*")
_UUID_LENGTH = 36
_PLAIN = re.compile(r"[^\x00-\x1f\x7f]*")
_DATABASE_SAYS_NO = (asyncpg.PostgresError, sqlite3.IntegrityError, DatabaseAway)


class Waiting(msgspec.Struct, frozen=True):
    """A push that waits for its commit."""

    asking: Asking
    answer: asyncio.Future[PushAnswer]


class Line:
    """Takes in the pushes of one jurisdiction, group after group."""

    def __init__(
        self, means: Callable[[], Awaitable[Means]], database: Database, committed: Callable[[int], None]
    ) -> None:
        """`committed` hears of the last place in the feed after each group."""
        self._means = means
        self._database = database
        self._committed = committed
        self._waiting: asyncio.Queue[Waiting] = asyncio.Queue(_MOST_WAITING)
        self._task = asyncio.create_task(self._run())

    async def push(self, person: Person, push: Push) -> PushAnswer:
        """Have a push decided and committed. Raises Refused; the work goes on where whoever waits goes away."""
        answer: asyncio.Future[PushAnswer] = asyncio.get_running_loop().create_future()
        try:
            self._waiting.put_nowait(Waiting(Asking(person, push), answer))
        except asyncio.QueueFull:
            raise Refused(503, "busy", retry_after=_BUSY_SECONDS) from None
        return await answer

    async def close(self) -> None:
        """Finish the group that runs, and stop."""
        await self._waiting.join()
        self._task.cancel()

    async def _run(self) -> None:
        while True:
            group = [await self._waiting.get()]
            count = len(group[0].asking.push.entries)
            while count < MOST_IN_GROUP and not self._waiting.empty():
                group.append(self._waiting.get_nowait())
                count += len(group[-1].asking.push.entries)
            try:
                await self._serve(group)
            finally:
                for _ in group:
                    self._waiting.task_done()

    async def _serve(self, group: Sequence[Waiting]) -> None:
        try:
            await self._commit(group, careful=len(group) == 1)
        except Exception as error:  # noqa: BLE001
            if len(group) == 1:
                _fail(group[0], error)
                return
            for one in group:
                # What one of them holds must not be the others' trouble.
                await self._serve([one])

    async def _commit(self, group: Sequence[Waiting], *, careful: bool) -> None:
        means = await self._means()
        work = Group(means, [one.asking for one in group], careful=careful).work
        outcome: Outcome = await self._database.write(work)
        means.shelf.kept_now(outcome.books)
        for stream, kept in outcome.kept.items():
            means.states.keep(stream, kept)
        for one, answer in zip(group, outcome.answers, strict=True):
            if one.answer.done():
                continue
            if isinstance(answer, Refused):
                one.answer.set_exception(answer)
            else:
                one.answer.set_result(answer)
        if outcome.last_seq:
            self._committed(outcome.last_seq)


def _fail(waiting: Waiting, error: Exception) -> None:
    if waiting.answer.done():
        return
    if isinstance(error, _DATABASE_SAYS_NO) and not isinstance(error, asyncpg.DataError):
        error = DatabaseAway("error.server_store", "advice.server_store", reason=str(error))
    elif isinstance(error, (asyncpg.DataError, OverflowError)):
        error = Refused(400, "malformed")
    elif isinstance(error, ConsoleError):
        error = Refused(503, "keys", retry_after=_BUSY_SECONDS)
    waiting.answer.set_exception(error)


def check_form(person: Person, push: Push) -> None:
    """Refuse what no seat of ours sends. Raises Refused."""
    if push.protocol > PROTOCOL:
        raise Refused(426, "protocol")
    if push.device != person.device:
        raise Refused(403, "device_unknown")
    if len(push.entries) > TAKEN_ENTRIES:
        raise Refused(413, "too_large")
    if not 0 <= push.now < _LARGEST or not all(_is_entry(entry) for entry in push.entries):
        raise Refused(400, "malformed")


def _is_entry(entry: Entry) -> bool:
    numbers = (entry.n, entry.at, *(step.base for step in entry.steps))
    texts = (
        entry.jurisdiction, entry.rule_book, entry.calendar, entry.seat, entry.actor, entry.role, entry.unit,
        *(step.stream for step in entry.steps),
    )  # fmt: skip
    ids = (entry.id, *(id_ for step in entry.steps for id_ in step.events))
    return (
        len(entry.steps) <= _MOST_STEPS
        and min(numbers) >= 0
        and max(numbers) < _LARGEST
        and (entry.offset is None or abs(entry.offset) < _LARGEST)
        and max(map(len, texts)) <= _LONGEST_ID
        and _PLAIN.fullmatch("".join(texts)) is not None
        and set(map(len, ids)) == {_UUID_LENGTH}
        and _UUIDS.fullmatch(",".join((*ids, ""))) is not None
        and all(":" in step.stream or step.stream == IMPORTS for step in entry.steps)
    )
