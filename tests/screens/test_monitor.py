"""The team lead's monitor by keyboard alone, at the design size and the smallest; people and places are made up."""

from __future__ import annotations

import secrets
from pathlib import Path

import pytest

from agent_console.desk.calls import intake, shift
from agent_console.desk.monitor import hot
from agent_console.desk.monitor.seat_wall import LocalWall
from agent_console.domain.intake.outcomes import Answered
from agent_console.domain.oversight.hot_events import HotWords
from agent_console.domain.people import IdentityUnmasked
from agent_console.store.drafts import Draft
from agent_console.sync.wire import SeatNow
from screens.actions import BY_ID, MONITOR_ACTIONS, MONITOR_BY_ID
from screens.dialogs.help import HelpScreen
from screens.dialogs.step_form import StepForm
from screens.monitor.callers import CallersScreen
from screens.monitor.doing import MONITOR_DOING
from screens.monitor.figures import FiguresDialog
from screens.monitor.pane import RowsPane
from screens.monitor.reading import LISTS
from screens.monitor.screen import MonitorScreen
from screens.seat import SeatScreen
from screens.widgets.hot_line import HotLine

from ..clauses.conftest import Case
from ..conftest import Office
from ..support.clock import SettableClock
from ..support.made_up_day import made_up_day
from ..support.rule_of import LEAD, OPERATOR, facts
from .conftest import Sit
from .seating import NARROW, WIDE, Operator
from .snapshots import check
from .working import filled, order_screen

SIZES = pytest.mark.parametrize("size", [WIDE, NARROW], ids=["120x40", "80x24"])
WORDS = HotWords("某某路停水", "主管爆裂，今晚十点前恢复", ("某某路",), ("停水", "没水"))


async def monitor(operator: Operator) -> MonitorScreen:
    """Open the monitor by its key and wait until everything was read."""
    await operator.press("f12")
    screen = await operator.screen(MonitorScreen)
    await read(operator, screen)
    return screen


async def read(operator: Operator, screen: MonitorScreen) -> None:
    """Until what stands there is what the file says now."""
    await operator.until(lambda: screen.seen is not None and screen.shown.name == screen.list_name)
    await operator.until(lambda: not [one for one in operator.app.workers if one.group in ("glance", "detail")])
    await operator.until(lambda: not screen.detail_pause.waiting)
    await operator.until(lambda: not [one for one in operator.app.workers if one.group in ("glance", "detail")])
    await operator.settle()


async def turned_to(operator: Operator, screen: MonitorScreen, name: str) -> None:
    """Go to a list with the arrow keys."""
    steps = LISTS.index(name) - LISTS.index(screen.list_name)
    for _ in range(abs(steps)):
        await operator.press("right" if steps > 0 else "left")
    await read(operator, screen)


def detail(screen: MonitorScreen) -> str:
    return str(screen.query_one("#monitor-detail").render())


def counted(screen: MonitorScreen, name: str) -> str:
    pane = screen.query_one("#monitor-lists", RowsPane)
    return pane.lines[LISTS.index(name)].text(20).split()[-1]


@pytest.mark.parametrize("action", MONITOR_ACTIONS, ids=lambda action: action.id)
def test_every_action_is_done_by_somebody_and_explained(action: object) -> None:
    assert set(MONITOR_DOING) == set(MONITOR_BY_ID)
    assert getattr(action, "name", "")
    assert len(getattr(action, "help", "")) >= 2


# how it looks


@SIZES
async def test_the_wall_the_lists_and_a_decision(
    sit: Sit,
    office: Office,
    clock: SettableClock,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    size: tuple[int, int],
) -> None:
    monkeypatch.setattr(secrets, "randbelow", lambda below: 1)
    made_up_day(office(), clock)
    seat = office("fujian", OPERATOR)
    shift.sign_in(seat.desk)
    _, call = intake.take_call(seat.desk, "13800138000")
    shift.change(seat.desk, "busy")
    intake.save_draft(seat.desk, Draft(f"call:{call}", {"note": "某某路口有人拿刀打架"}))
    for title in ("某某路停水", "某某小区没水"):
        order = Case(office, clock, "fujian").dispatched(title=title, caller_name="某某")
        facts(order.return_())
    clock.set("2026-03-02T10:03:10")
    async with sit(size=size, actor=LEAD, watching=True, at_home=True) as operator:
        screen = await operator.screen(MonitorScreen)
        await read(operator, screen)
        check(operator.app, f"monitor-seats-{size[0]}", tmp_path)
        await turned_to(operator, screen, "returns")
        await operator.press("v", "v")
        await operator.until(lambda: len(screen.chosen) == 2)
        await read(operator, screen)
        check(operator.app, f"monitor-returns-{size[0]}", tmp_path)
        await operator.press("d")
        await operator.screen(StepForm)
        check(operator.app, f"monitor-decide-{size[0]}", tmp_path)


@SIZES
async def test_the_figures_of_the_shift(
    sit: Sit,
    office: Office,
    clock: SettableClock,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    size: tuple[int, int],
) -> None:
    monkeypatch.setattr(secrets, "randbelow", lambda below: 1)
    made_up_day(office(), clock)
    async with sit(size=size, actor=LEAD, watching=True, at_home=True) as operator:
        await read(operator, await operator.screen(MonitorScreen))
        await operator.press("s")
        await operator.screen(FiguresDialog)
        check(operator.app, f"monitor-figures-{size[0]}", tmp_path)


# deciding


@SIZES
async def test_the_rule_stands_there_before_the_key_and_several_are_decided_with_one_reason(
    sit: Sit, office: Office, clock: SettableClock, size: tuple[int, int]
) -> None:
    orders = [Case(office, clock, "zhijiang").dispatched() for _ in range(2)]
    for order in orders:
        facts(order.return_())
    async with sit("zhijiang", size, LEAD, watching=True, at_home=True) as operator:
        screen = await operator.screen(MonitorScreen)
        await read(operator, screen)
        await turned_to(operator, screen, "returns")
        await operator.until(lambda: "ZJ-17.1c" in detail(screen))
        assert "谁定：" in detail(screen)
        await operator.press("space", "space", "f4")
        form = await filled(operator, {"granted": "no", "reason": "三定方案写明由你单位办理"})
        assert "ZJ-17.1c" in str(form.query_one("#step-above").render())
        await operator.press("f4")
        await operator.until(lambda: "已办 2 张" in operator.told)
        assert [order.order.return_requested for order in orders] == [False, False]
        await operator.until(lambda: counted(screen, "returns") == "0")


async def test_enter_opens_the_order_and_comes_back_to_the_monitor(
    sit: Sit, office: Office, clock: SettableClock
) -> None:
    order = Case(office, clock, "fujian").dispatched()
    async with sit(actor=LEAD) as operator:
        screen = await monitor(operator)
        await turned_to(operator, screen, "unsigned")
        await operator.press("enter")
        assert (await order_screen(operator)).order_id == order.id
        await operator.press("f9")
        await operator.until(lambda: operator.on_top(MonitorScreen))
        await operator.press("f9")
        await operator.until(lambda: operator.on_top(SeatScreen))


async def test_supervising_reassigning_and_urging_follow_the_book(
    sit: Sit, office: Office, clock: SettableClock
) -> None:
    order = Case(office, clock, "fujian").signed()
    async with sit(actor=LEAD, watching=True, at_home=True) as operator:
        screen = await operator.screen(MonitorScreen)
        clock.set("2026-03-20T10:00:00")
        await operator.press("r")
        await read(operator, screen)
        await turned_to(operator, screen, "overdue")
        await operator.press("u")
        fields = {"means": "整改通知", "issued_on": "2026-03-20", "rectify_by": "2026-03-25"}
        await filled(operator, fields)
        await operator.press("f4")
        await operator.until(lambda: "supervised" in order.order.flags)
        await operator.until(lambda: operator.on_top(MonitorScreen))
        await operator.press("c")
        await operator.until(lambda: "福建省办法没有“催办”这一步" in operator.told)
        await operator.press("g")
        await operator.until(lambda: "FJ-19.2" in operator.told)
        assert "改派" in operator.told


async def test_the_help_of_the_monitor_names_its_own_keys(sit: Sit) -> None:
    async with sit(actor=LEAD) as operator:
        await monitor(operator)
        await operator.press("f1")
        await operator.screen(HelpScreen)
        explained = operator.screen_text
        assert MONITOR_BY_ID["decide"].help in explained
        assert BY_ID["my_orders"].help not in explained


async def test_somebody_who_does_not_lead_is_told_who_does(sit: Sit) -> None:
    async with sit(actor=OPERATOR) as operator:
        await operator.press("f12")
        await operator.until(lambda: "班长台不给话务员看" in operator.told)
        assert operator.on_top(SeatScreen)


async def test_the_monitor_takes_no_seat_and_rings_no_call(sit: Sit, office: Office) -> None:
    async with sit(actor=LEAD, watching=True, at_home=True) as operator:
        await operator.screen(MonitorScreen)
        office("fujian", OPERATOR).store.rings.offer("13800138000")
        operator.seat.tick()
        await operator.settle()
        assert operator.desk.desk.seat_state().operator == ""
        assert "13800138000" not in operator.screen_text


# alarms


async def test_an_alarm_rings_and_is_seen_without_taking_the_focus_and_one_lead_takes_it(
    sit: Sit, office: Office, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[bool] = []
    order = Case(office, clock, "fujian").dispatched(urgency="urgent")
    async with sit(actor=LEAD, watching=True, at_home=True) as operator:
        monkeypatch.setattr(operator.app, "bell", lambda: rung.append(True))
        screen = await operator.screen(MonitorScreen)
        await turned_to(operator, screen, "unsigned")
        await operator.press("enter")
        opened = await order_screen(operator)
        focus = operator.app.focused
        clock.set("2026-03-02T10:06:00")
        await operator.until(lambda: rung)
        await operator.until(lambda: "紧急单未电话通知" in operator.told)
        assert operator.app.screen is opened
        assert operator.app.focused is focus
        await operator.press("f9")
        await operator.until(lambda: operator.on_top(MonitorScreen))
        assert order.order.number[-5:] in str(screen.query_one("#monitor-alarms").render())
        await operator.press("a")
        await operator.until(lambda: "没有告警" in str(screen.query_one("#monitor-alarms").render()))
        assert rung == [True]


async def test_from_an_alarm_of_a_seat_enter_leads_to_it_on_the_wall(
    sit: Sit, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = clock.now()
    calm = SeatNow("first", "9", "张三", "ready", since=now, fresh_at=now, at=now)
    alarmed = SeatNow("second", "12", "王四", "busy", since=now, colour="emergency", fresh_at=now, at=now)
    monkeypatch.setattr(LocalWall, "seats", lambda _: (calm, alarmed))
    async with sit(actor=LEAD, watching=True, at_home=True) as operator:
        screen = await operator.screen(MonitorScreen)
        await read(operator, screen)
        await turned_to(operator, screen, "alarms")
        await operator.press("enter")
        await read(operator, screen)
        assert (screen.list_name, screen.marked and screen.marked.id) == ("seats", "second")


# hot events


async def test_a_pinned_event_meets_matching_calls_at_the_seat_and_one_key_records_it(
    sit: Sit, office: Office, clock: SettableClock
) -> None:
    async with sit(actor=LEAD, watching=True, at_home=True) as lead:
        screen = await lead.screen(MonitorScreen)
        await lead.press("p")
        await filled(lead, {"title": WORDS.title, "answer": WORDS.answer, "places": "某某路", "topics": "停水、没水"})
        await lead.press("f4")
        await lead.until(lambda: "已置顶" in lead.told)
        await lead.until(lambda: screen.seen is not None and screen.seen.hot)
    async with sit(actor=OPERATOR) as operator:
        await operator.take()
        await operator.write("某某路口的路灯不亮")
        await operator.until(lambda: not operator.seat.query_one(HotLine).has_class("matches"))
        await operator.press("ctrl+a", "delete")
        await operator.write("某某路停水了，什么时候来水")
        await operator.until(lambda: operator.seat.query_one(HotLine).has_class("matches"))
        assert WORDS.answer in operator.line("#hot-line")
        await operator.press("ctrl+l")
        await operator.until(lambda: operator.matter.outcome)
        assert isinstance(operator.outcome, Answered)
        assert operator.matter.words == WORDS.answer
        await operator.until(lambda: not operator.seat.query_one(HotLine).has_class("matches"))
        [event] = hot.pinned(operator.desk)
        assert event.answered == 1


async def test_an_event_pinned_from_an_order_makes_it_the_master(
    sit: Sit, office: Office, clock: SettableClock
) -> None:
    order = Case(office, clock, "fujian").dispatched(street="某某路", concerns="停水")
    async with sit(actor=LEAD, watching=True, at_home=True) as operator:
        screen = await operator.screen(MonitorScreen)
        await turned_to(operator, screen, "unsigned")
        await operator.press("p")
        await filled(operator, {"answer": WORDS.answer})
        await operator.press("f4")
        await operator.until(lambda: hot.pinned(operator.desk))
        [event] = hot.pinned(operator.desk)
        assert (event.words.order, event.words.places, event.words.topics) == (order.id, ("某某路",), ("停水",))


async def test_the_callers_of_an_event_are_masked_and_each_look_is_written_down(
    sit: Sit, office: Office, clock: SettableClock
) -> None:
    facts(hot.pin(office("fujian", LEAD).desk, WORDS)[0])
    [event] = hot.pinned(office("fujian", LEAD))
    seat = office("fujian", OPERATOR)
    _, call = intake.take_call(seat.desk, "13800138000", caller_name="陈某某")
    matter = seat.desk.call(call).matters[0].id
    facts(hot.answer(seat, event.id, seat.desk.call(call), matter, intake.Telling("某某路停水")))
    async with sit(actor=LEAD, watching=True, at_home=True) as operator:
        screen = await operator.screen(MonitorScreen)
        await turned_to(operator, screen, "hot")
        await operator.press("enter")
        await operator.screen(CallersScreen)
        await operator.until(lambda: "138****8000" in operator.screen_text)
        assert "陈某某" not in operator.screen_text
        await operator.press("n")
        await operator.until(lambda: "13800138000  陈某某" in operator.screen_text)
        looks = [one.fact for one in seat.store.log.load(f"call:{call}") if isinstance(one.fact, IdentityUnmasked)]
        assert [look.by for look in looks] == [LEAD.name]


async def test_an_event_that_is_over_meets_nobody_any_more(sit: Sit, office: Office, clock: SettableClock) -> None:
    facts(hot.pin(office("fujian", LEAD).desk, WORDS)[0])
    async with sit(actor=LEAD, watching=True, at_home=True) as operator:
        screen = await operator.screen(MonitorScreen)
        await turned_to(operator, screen, "hot")
        await operator.press("x")
        await operator.pick("确定")
        await operator.until(lambda: not hot.pinned(operator.desk))


# pace


async def test_an_operator_reads_the_own_pace_beside_the_median(sit: Sit, office: Office, clock: SettableClock) -> None:
    made_up_day(office(), clock)
    async with sit(actor=OPERATOR) as operator:
        await operator.lead("l")
        await operator.screen(FiguresDialog)
        assert "中位数" in operator.screen_text
        assert "不排名次" in operator.screen_text
        assert "不受理" not in operator.screen_text
