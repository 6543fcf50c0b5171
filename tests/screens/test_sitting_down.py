"""Who sits down at the console finds what they work from, and is offered only what is theirs to do."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.screen import Screen

from agent_console.domain.people import Actor
from screens.callback_queue import CallbackScreen
from screens.my_orders import MyOrdersScreen
from screens.order_screen import OrderScreen
from screens.seat import SeatScreen
from screens.watch import WatchScreen
from screens.widgets.day import DayPane

from ..clauses.conftest import Case
from ..conftest import Office
from ..support.clock import SettableClock
from ..support.rule_of import CLERK, LEAD, OPERATOR
from .conftest import Sit
from .seating import NARROW, WIDE

DECLARED_CLERK = Actor("李四", "unit_clerk", "城市管理局", self_declared=True)
CALLBACK_AGENT = Actor("周回访", "callback_agent")
EDITOR = Actor("钱编辑", "knowledge_editor")


@pytest.mark.parametrize(
    ("actor", "jurisdiction", "works_from"),
    [
        (OPERATOR, "fujian", SeatScreen),
        (CLERK, "fujian", MyOrdersScreen),
        (CALLBACK_AGENT, "binzhou", CallbackScreen),
        (LEAD, "fujian", WatchScreen),
        (LEAD, "binzhou", MyOrdersScreen),
        (EDITOR, "fujian", SeatScreen),
    ],
    ids=["operator", "clerk", "callback agent", "lead", "lead without lists", "editor"],
)
async def test_everybody_starts_with_what_they_work_from(
    sit: Sit, actor: Actor, jurisdiction: str, works_from: type[Screen[None]]
) -> None:
    async with sit(jurisdiction, actor=actor, at_home=True) as operator:
        assert isinstance(operator.app.screen, works_from)


async def test_a_clerk_is_shown_their_orders_and_nothing_of_the_calls(
    sit: Sit, office: Office, clock: SettableClock, home: Path
) -> None:
    Case(office, clock, "fujian").signed()
    async with sit(actor=OPERATOR) as operator:
        await operator.take("13900139000")
    async with sit(actor=DECLARED_CLERK) as operator:
        operator.desk.store.rings.offer("13700137000")
        operator.seat.tick()
        await operator.until(lambda: operator.seat.query_one(DayPane).option_count)
        await operator.settle()
        assert not operator.seat.in_call
        assert "五四路" in operator.screen_text
        assert "139****9000" not in operator.screen_text
        assert "来电" not in operator.screen_text
        assert operator.line("#keys").split("  ")[0] == "F4 我的单"
        for words in ("F2 接听", "F3 督查", "F9 完成"):
            assert words not in operator.line("#keys")


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["120x40", "80x24"])
async def test_the_header_says_who_declared_themselves_to_be_whom(sit: Sit, size: tuple[int, int]) -> None:
    async with sit(actor=DECLARED_CLERK, size=size) as operator:
        assert "城市管理局 李四〔承办单位经办人，自报〕" in operator.line("#header")
        assert "坐席" not in operator.line("#header")


async def test_what_is_not_theirs_says_by_which_clause_and_does_nothing(sit: Sit) -> None:
    async with sit(actor=CLERK) as operator:
        await operator.press("f2")
        await operator.until(lambda: "FJ-30.5：承办单位经办人不在坐席上接听和登记来电" in operator.told)
        assert operator.calls == []
        await operator.press("f3")
        await operator.until(lambda: "督查名单不给承办单位经办人看" in operator.told)
        assert operator.on_top(SeatScreen)


async def test_an_editor_of_the_knowledge_base_opens_no_order(sit: Sit, office: Office, clock: SettableClock) -> None:
    Case(office, clock, "fujian").signed()
    async with sit(actor=EDITOR) as operator:
        for key in ("f4", "f7", "f8"):
            await operator.press(key)
            await operator.until(lambda: "知识编辑不查看工单" in operator.told)
            assert operator.on_top(SeatScreen)
            assert not operator.on_top(OrderScreen)


async def test_a_clerk_leaves_without_changing_the_state_of_the_seat(sit: Sit) -> None:
    async with sit(actor=CLERK) as operator:
        before = operator.facts
        await operator.lead("q")
        await operator.until(lambda: operator.app.return_code is not None)
        assert operator.facts == before
