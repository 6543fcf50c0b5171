"""What seats send in the benchmarks of the server: real entries of a real desk, copied under fresh ids.

One entry is one order: a call taken, an order raised from it, the matter concluded; four events in two streams.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path

import msgspec

from agent_console.clock import Clock
from agent_console.desk.calls import intake
from agent_console.desk.calls.intake import Telling
from agent_console.desk.desk import Desk, call_stream, new_id
from agent_console.desk.opening import open_desk
from agent_console.desk.sync.side import open_side
from agent_console.domain.intake import calls
from agent_console.domain.intake.calls import Call, TakeCall
from agent_console.domain.people import Actor
from agent_console.domain.work_order.orders import OrderDetails
from agent_console.settings import Settings
from agent_console.sync.wire import MOST_BYTES, PROTOCOL, Entry

LINE = "fujian"
OPERATOR = Actor("示例", "operator")
_TITLE = "五四路路灯不亮"
_ID = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_REFUSED_OF_TEN, _AGAIN_OF_TEN = 1, 1
"""So many of ten entries leave the title out, which the rule book refuses; so many are sent a second time."""


def order_form(received_at: int) -> OrderDetails:
    """A form the rule book takes."""
    return OrderDetails(
        channel="phone",
        received_at=received_at,
        caller_name="示例",
        caller_number="13800000000",
        caller_type="citizen",
        kind="投诉",
        title=_TITLE,
        content="五四路口路灯三天不亮，晚上过马路看不清车，希望尽快修复。" * 3,
        district="鼓楼区",
        urgent_cause="环境污染",
        lead="城市管理局",
    )


def raise_one(desk: Desk) -> str:
    """A call and its order in one transaction, which is one entry; the order's number."""
    call, matter = new_id(), new_id()
    with desk.transaction():
        taking = TakeCall(call, matter, "13800000000", "示例", "", "", "", 0)
        desk.step(call_stream(call), Call(), calls.evolve, calls.decide, taking)
        form = order_form(desk.context().now)
        return intake.raise_within(desk, call, matter, form, Telling(note="路灯不亮")).number


class Pattern:
    """An entry as a seat sends it, to be copied. Made on a real desk in a folder that is gone afterwards."""

    def __init__(self, clock: Clock) -> None:
        """`clock`: when it happens."""
        with tempfile.TemporaryDirectory() as folder:
            home, settings = Path(folder), Settings(jurisdiction=LINE, seat="12", operator=OPERATOR.name)
            opened = open_desk(home, settings, clock, OPERATOR)
            self._number = raise_one(opened.desk).encode()
            side = open_side(home, settings, clock, OPERATOR)
            [entry] = side.entries_to_send(1, MOST_BYTES, 0)
            side.close()
            opened.close()
        self._text = msgspec.json.encode(entry)
        self._ids = list(dict.fromkeys(_ID.findall(self._text)))
        self._running = count(1)

    def copy(self, n: int, *, refused: bool = False) -> bytes:
        """The same with number n, fresh ids and a fresh number of the order, as JSON."""
        fresh = {old: new_id().encode() for old in self._ids}
        text = _ID.sub(lambda found: fresh[found[0]], self._text)
        text = text.replace(self._number, b"%015d" % next(self._running))
        if refused:
            text = text.replace(_TITLE.encode(), b"")
        return b'{"n":%d,' % n + text.partition(b",")[2]


class Sent(msgspec.Struct, frozen=True):
    """One push: its entries as JSON, and how many of them the server sees for the first time."""

    entries: tuple[bytes, ...]
    fresh: int

    def ids(self) -> list[str]:
        """Ids of the entries that are new."""
        return [msgspec.json.decode(entry, type=Entry).id for entry in self.entries[len(self.entries) - self.fresh :]]


def pushes_of(pattern: Pattern, size: int, times: int, first: int) -> tuple[list[Sent], int]:
    """So many pushes of so many entries, a tenth of them refused and a tenth sent again; and the next n."""
    told: list[Sent] = []
    before: list[bytes] = []
    numbers = count(first)
    turn: Iterator[int] = count(1)
    for push in range(1, times + 1):
        again = _again(size, push, before)
        fresh = [_next(pattern, next(numbers), next(turn)) for _ in range(size - len(again))]
        told.append(Sent((*again, *fresh), len(fresh)))
        before = fresh or before
    return told, next(numbers)


def _again(size: int, push: int, before: Sequence[bytes]) -> Sequence[bytes]:
    """The end of the push before, which the seat believes lost."""
    many = size * _AGAIN_OF_TEN // 10 if size >= 10 else int(push % 10 == 0)
    return before[-many:] if many else ()


def _next(pattern: Pattern, n: int, turn: int) -> bytes:
    return pattern.copy(n, refused=turn % 10 < _REFUSED_OF_TEN)


def push_body(device: str, device_key: str, epoch: str, now: int, entries: Sequence[bytes]) -> bytes:
    """The body of a push."""
    head = {"device": device, "device_key": device_key, "epoch": epoch, "protocol": PROTOCOL, "now": now}
    return msgspec.json.encode(head)[:-1] + b',"entries":[' + b",".join(entries) + b"]}"
