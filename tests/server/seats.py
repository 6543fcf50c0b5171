"""Real seats at a server: each with its own file, its outbox and its mirror, spoking the protocol without a network."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import msgspec

from agent_console.desk.calls import intake
from agent_console.desk.calls.intake import Telling
from agent_console.desk.desk import Desk
from agent_console.desk.opening import OpenDesk, open_desk
from agent_console.desk.orders import handling
from agent_console.desk.sync.side import Side, open_side
from agent_console.domain.decisions import Done
from agent_console.domain.people import Actor
from agent_console.server.store.database import Database
from agent_console.settings import Settings
from agent_console.sync.wire import (
    MOST_BYTES,
    MOST_ENTRIES,
    PROTOCOL,
    Entry,
    FeedPage,
    FeedRow,
    Push,
    PushAnswer,
    Verdict,
)
from tests.support.clock import SettableClock
from tests.support.stories import form

from .people import PASSWORD, Server, bearer

LINE = "fujian"
UNIT_A, UNIT_B = "城市管理局", "水利局"
_PEOPLE = (
    ("zhang", "张三", "operator", ""),
    ("li", "李班长", "lead", ""),
    ("zhao", "赵班长", "lead", ""),
    ("wang", "王四", "operator", ""),
    ("clerk_a", "甲经办", "unit_clerk", UNIT_A),
    ("clerk_b", "乙经办", "unit_clerk", UNIT_B),
)


class Seat:
    """One seat with somebody at it."""

    def __init__(self, server: Server, home: Path, account: str, line: str) -> None:
        self.server = server
        self.line = line
        self.account, name, role, unit = next(one for one in _PEOPLE if one[0] == account)
        self.actor = Actor(name, role, unit)
        settings = Settings(jurisdiction=line, seat=str(10 + len(account)), operator=name)
        self.opened: OpenDesk = open_desk(home, settings, server.clock, self.actor)
        self.side: Side = open_side(home, settings, server.clock, self.actor)
        self.token = self.device_key = self.epoch = ""

    @property
    def desk(self) -> Desk:
        return self.opened.desk

    @property
    def device(self) -> str:
        return self.opened.store.identity.device

    async def sign_in(self) -> None:
        told = {"device": self.device, "jurisdiction": self.line, "device_key": self.device_key}
        session = await self.server.sign_in(self.account, **told)
        self.token, self.epoch = session["token"], session["epoch"]
        self.device_key = session["device_key"] or self.device_key
        self.side.enrol(session["last_n"], self.epoch)

    async def renew(self) -> None:
        """A fresh token after a long time; the outbox is as it was."""
        told = {"device": self.device, "jurisdiction": self.line, "device_key": self.device_key}
        self.token = (await self.server.sign_in(self.account, **told))["token"]

    def raise_order(self, **details: object) -> str:
        """Take a call and make an order of it; its id."""
        _, call = intake.take_call(self.desk, "13800138000", caller_name="陈女士")
        matter = self.desk.call(call).matters[0].id
        raising = intake.raise_order(self.desk, call, matter, form(self.line, **details), Telling(note="路灯不亮"))
        assert isinstance(raising.decision, Done), raising.decision
        return raising.order

    def dispatched(self, lead: str = UNIT_A) -> str:
        """An order in the inbox of a unit; its id."""
        order = self.raise_order(lead=lead)
        assert isinstance(handling.dispatch(self.desk, order, lead), Done)
        return order

    def waiting(self) -> Sequence[Entry]:
        return self.side.entries_to_send(MOST_ENTRIES, MOST_BYTES, 0)

    async def ask(self, entries: Sequence[Entry], *, left: int = -1) -> httpx.Response:
        """Push these entries, whatever the answer is."""
        now = self.server.clock.now()
        push = Push(self.device, self.device_key, self.epoch, PROTOCOL, now, tuple(entries), left)
        headers = {**bearer(self.token), "content-type": "application/json"}
        return await self.server.client.post("/v1/push", content=msgspec.json.encode(push), headers=headers)

    async def tell(self, entries: Sequence[Entry], *, left: int = -1) -> PushAnswer:
        """The same where it has to be served."""
        answer = await self.ask(entries, left=left)
        assert answer.status_code == 200, answer.text
        return msgspec.json.decode(answer.content, type=PushAnswer)

    async def push(self) -> tuple[Verdict, ...]:
        """Send everything that waits, and keep what was said."""
        told: list[Verdict] = []
        while entries := self.waiting():
            answer = await self.tell(entries)
            self.side.settle(answer.verdicts)
            told += answer.verdicts
        return tuple(told)

    async def page(self, after: int = 0, **more: str | int) -> FeedPage:
        """One page of the feed, not taken in."""
        asked = {"after": after, **more}
        answer = await self.server.client.get("/v1/feed", params=asked, headers=bearer(self.token))
        assert answer.status_code == 200, answer.text
        return msgspec.json.decode(answer.content, type=FeedPage)

    async def rows(self, after: int = 0) -> list[FeedRow]:
        """Everything after a cursor."""
        rows: list[FeedRow] = []
        page = await self.page(after)
        rows += page.rows
        while page.more:
            page = await self.page(page.next)
            rows += page.rows
        return rows

    async def pull(self) -> None:
        """Take in everything."""
        more = True
        while more:
            page = await self.page(self.side.cursor)
            self.side.take_page(page)
            more = page.more

    async def in_step(self) -> None:
        await self.push()
        await self.pull()

    def close(self) -> None:
        self.side.close()
        self.opened.close()


class Centre:
    """A server and the seats at it."""

    def __init__(self, server: Server, folder: Path, line: str) -> None:
        self.server = server
        self.line = line
        self._folder = folder
        self._seats: list[Seat] = []

    async def sit(self, account: str = "zhang", place: str = "") -> Seat:
        """Somebody sits down at a seat of their own and signs in."""
        seat = self.unsigned(account, place)
        await seat.sign_in()
        return seat

    def unsigned(self, account: str = "zhang", place: str = "") -> Seat:
        """The same without signing in."""
        seat = Seat(self.server, self._folder / (place or account), account, self.line)
        self._seats.append(seat)
        return seat

    def close(self) -> None:
        for seat in self._seats:
            seat.close()


@asynccontextmanager
async def centre_at(database: Database, clock: SettableClock, folder: Path, line: str = LINE) -> AsyncIterator[Centre]:
    """A running server of one line with all its people."""
    server = Server(database, clock)
    await server.people.begin(line, server.cabinet)
    for account, name, role, unit in _PEOPLE:
        await server.people.add(line, account, name, role, unit, PASSWORD)
    centre = Centre(server, folder, line)
    async with server.client, server.app.state.services.running():
        yield centre
    centre.close()
