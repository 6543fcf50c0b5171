from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import msgspec
import pytest

from agent_console.clock import SystemClock
from agent_console.desk.calls import intake
from agent_console.desk.calls.intake import Telling
from agent_console.desk.opening import OpenDesk, open_desk
from agent_console.desk.signing_in import sign_in_at
from agent_console.desk.sync.side import Side, open_side
from agent_console.domain.decisions import Done
from agent_console.domain.people import Actor
from agent_console.settings import Settings, save_settings
from agent_console.store.keyring import Keyring, SeatConnection
from agent_console.sync.backoff import Backoff
from agent_console.sync.client import client_for
from agent_console.sync.line import Line
from agent_console.sync.once import Exchanged, Progress, exchange_once
from agent_console.sync.people import SignedIn

from ..support.line_server import PASSWORD, LineServer, line_server
from ..support.stories import form
from .program import WORD, Program

CLOCK = SystemClock()


class Seat:
    """One seat with its file in a folder, and hands to work at it."""

    def __init__(self, home: Path, server: str, name: str = "12", line: str = "fujian") -> None:
        self.home = home
        self.settings = Settings(jurisdiction=line, seat=name, operator="张三", server=server)
        save_settings(home, self.settings)

    def moved_to(self, server: str) -> Seat:
        """The same seat, pointed at another server."""
        self.settings = msgspec.structs.replace(self.settings, server=server)
        save_settings(self.home, self.settings)
        return self

    def sign_in(self, account: str = "zhang", password: str = PASSWORD) -> SignedIn:
        return sign_in_at(self.home, self.settings, CLOCK, account, password)

    def work(self, calls: int = 1, actor: Actor | None = None) -> None:
        """Take calls, each an entry of its own."""
        opened = open_desk(self.home, self.settings, CLOCK, actor or Actor("张三", self_declared=True))
        for _ in range(calls):
            intake.take_call(opened.desk, "13800000001")
        opened.close()

    def desk(self) -> OpenDesk:
        """Whoever is signed in, at work."""
        return open_desk(self.home, self.settings, CLOCK)

    def raise_order(self, then: Callable[[OpenDesk, str], object] = lambda *_: None) -> str:
        """Whoever is signed in takes a call and makes an order of it, and does `then` with it; its id."""
        opened = self.desk()
        try:
            _, call = intake.take_call(opened.desk, "13800138000", caller_name="陈女士")
            matter = opened.desk.call(call).matters[0].id
            told = form(self.settings.jurisdiction)
            raising = intake.raise_order(opened.desk, call, matter, told, Telling(note="路灯不亮"))
            assert isinstance(raising.decision, Done)
            then(opened, raising.order)
            return raising.order
        finally:
            opened.close()

    def side(self) -> Side:
        return open_side(self.home, self.settings, CLOCK, Actor("张三", self_declared=True))

    def exchange(
        self,
        *,
        again: Callable[[float], None] = lambda _: None,
        has_keys: bool = True,
        progress: Progress = lambda *_: None,
    ) -> Exchanged:
        """Send and take in once; pauses take no time. has_keys: of the roles that read confidential orders."""
        client = client_for(self.settings)
        side = self.side()
        if not has_keys:
            assert isinstance(side.store.connection, SeatConnection)
            side.store.connection.keyring = Keyring()
        try:
            line = Line(side, client, self.home, self.settings, CLOCK)
            return exchange_once(line, Backoff(Random(1)), progress, again)
        finally:
            side.close()
            client.close()

    @property
    def device(self) -> str:
        side = self.side()
        try:
            return side.store.identity.device
        finally:
            side.close()

    @property
    def unsent(self) -> int:
        side = self.side()
        try:
            return side.waiting().unsent
        finally:
            side.close()

    def queued(self) -> list[tuple[int, str]]:
        """Number and id of what waits."""
        side = self.side()
        try:
            return [(entry.n, entry.id) for entry in side.entries_to_send(10_000, 1 << 30, None)]
        finally:
            side.close()


@pytest.fixture
def line() -> Iterator[LineServer]:
    """A server of the line on this machine."""
    with line_server() as server:
        yield server


@pytest.fixture
def seat(home: Path, line: LineServer) -> Seat:
    """A seat whose operator has signed in."""
    made = Seat(home, line.address)
    made.sign_in()
    return made


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    made = Program(tmp_path / "server")
    made.start()
    yield made
    made.kill()


@pytest.fixture
def here(tmp_path: Path, program: Program) -> Seat:
    """A seat at which Zhang San has signed in."""
    seat = Seat(tmp_path / "seat", program.address)
    seat.sign_in("zhang", WORD)
    return seat
