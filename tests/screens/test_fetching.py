"""An order that is not in the seat's file is fetched from the server and opened, or it is said why not."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeVar, cast

import msgspec
import pytest

from agent_console.clock import SystemClock
from agent_console.desk.desk import order_stream
from agent_console.desk.opening import open_desk
from agent_console.domain.messages import message
from agent_console.settings import Settings
from agent_console.sync.answers import NotServed
from agent_console.sync.engine import Engine, Errand
from agent_console.sync.wire import FeedRow, StreamHistory
from screens import fetching
from screens.monitor.screen import MonitorScreen

from ..clauses.conftest import Case
from ..conftest import Office
from ..support.clock import SettableClock
from ..support.rule_of import LEAD
from .conftest import Sit
from .seating import Operator
from .working import order_screen

T = TypeVar("T")
UNKNOWN = "01a20188-41b5-765b-a1f8-5c9f031ca5f8"


SERVED = Settings(jurisdiction="fujian", seat="1", operator="李班长", server="https://example.invalid")


class Line(Engine):
    """A line whose server answers what it is told to, or nothing; it was never begun."""

    def __init__(self, answer: Callable[[str], StreamHistory] | None) -> None:
        super().__init__(cast("Any", None), Path(), SERVED, SystemClock())
        self.answer = answer

    def ask(self, errand: Errand[T]) -> Future[T]:
        done: Future[T] = Future()
        if self.answer is None:
            return done
        answer = self.answer
        client = SimpleNamespace(get=lambda path, *_, **__: answer(path.removeprefix("/v1/streams/")))
        try:
            told = errand(cast("Any", client), "token")
        except NotServed as error:
            done.set_exception(error)
        else:
            done.set_result(told)
        return done


def refusing(error: NotServed) -> Callable[[str], StreamHistory]:
    """A server that turns the question down."""

    def answer(_: str) -> StreamHistory:
        raise error

    return answer


async def opening(operator: Operator, order: str, line: Line | None) -> None:
    """Open an order at the monitor, with this line to a server."""
    screen = await operator.screen(MonitorScreen)
    if line is not None:
        operator.app.settings, operator.app.line = SERVED, line
    screen.open_order(order)


@pytest.fixture
def elsewhere(tmp_path: Path, clock: SettableClock) -> tuple[str, StreamHistory]:
    """An order another seat has, as the server tells it."""
    other = open_desk(tmp_path / "other", Settings(jurisdiction="fujian", seat="9", operator="王四"), clock, LEAD)
    order = Case(lambda *_: other, clock, "fujian").dispatched(title="某某路停水")
    events = other.store.log.load(order_stream(order.id))
    raw = [
        (msgspec.Raw(msgspec.json.encode(one.envelope)), msgspec.Raw(msgspec.json.encode(one.fact))) for one in events
    ]
    rows = tuple(FeedRow(n, "event", order_stream(order.id), *told) for n, told in enumerate(raw, 1))
    other.close()
    return order.id, StreamHistory(order_stream(order.id), rows)


async def test_it_is_fetched_said_so_and_opened(sit: Sit, office: Office, elsewhere: tuple[str, StreamHistory]) -> None:
    order, history = elsewhere
    async with sit(actor=LEAD, watching=True, at_home=True) as operator:
        await opening(operator, order, Line(lambda _: history))
        opened = await order_screen(operator)
        assert (opened.order_id, "正在从服务器取" in operator.told) == (order, True)
        operator.app.line = None
        assert operator.desk.desk.order(order).details.title == "某某路停水"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (None, "也没有服务器可取"),
        (Line(refusing(NotServed("down", message("link.refused")))), "没有取到"),
        (Line(refusing(NotServed("refused", message("link.refused"), code="not_found"))), "不在您的查看范围"),
        (Line(None), "没有取到"),
    ],
    ids=["no server", "line cut", "not in sight", "no answer"],
)
async def test_why_it_cannot_be_opened_is_told(
    sit: Sit, monkeypatch: pytest.MonkeyPatch, line: Line | None, words: str
) -> None:
    monkeypatch.setattr(fetching, "FETCH_SECONDS", 0.05)
    async with sit(actor=LEAD, watching=True, at_home=True) as operator:
        await opening(operator, UNKNOWN, line)
        await operator.until(lambda: words in operator.told)
        await operator.until(lambda: operator.on_top(MonitorScreen))
        operator.app.line = None


async def test_an_order_is_opened_by_its_number_from_the_monitor(
    sit: Sit, office: Office, clock: SettableClock
) -> None:
    order = Case(office, clock, "fujian").dispatched()
    async with sit(actor=LEAD, watching=True, at_home=True) as operator:
        await operator.screen(MonitorScreen)
        await operator.press("o")
        await operator.key_in(order.order.number[-5:])
        await operator.press("enter")
        assert (await order_screen(operator)).order_id == order.id
