"""My orders, the order, callbacks, supervision and the rule book, at the design size and the smallest."""

from __future__ import annotations

from functools import partial

import pytest

from screens.dialogs.leader import LeaderMenu
from screens.dialogs.why import WhyDialog
from screens.list_screen import ListScreen
from screens.my_orders import MyOrdersScreen
from screens.seat import SeatScreen
from screens.supervision_ledger import LedgerScreen
from screens.widgets.steps import StepList

from ..clauses.conftest import Case
from ..conftest import Office
from ..support.clock import SettableClock
from ..support.rule_of import CLERK, LEAD, facts
from .conftest import Sit
from .seating import NARROW, WIDE
from .working import AnyList, filled, line_of, opened_list, opened_order, order_screen, took

SIZES = pytest.mark.parametrize("size", [WIDE, NARROW], ids=["120x40", "80x24"])
NEXT = "办结 03-16 剩10个工作日"


def _is_read(screen: AnyList) -> bool:
    return bool(screen.shown)


@SIZES
async def test_my_orders_show_state_and_next_clock_and_enter_opens_one(
    sit: Sit, office: Office, clock: SettableClock, size: tuple[int, int]
) -> None:
    case = Case(office, clock, "fujian").signed()
    async with sit(size=size, actor=CLERK) as operator:
        screen = await opened_list(operator, "f4")
        await operator.until(lambda: "五四路" in operator.screen_text)
        assert isinstance(screen, MyOrdersScreen)
        assert "办理中" in operator.screen_text
        assert NEXT in operator.screen_text
        assert screen.query_one("#list-filter").has_focus
        await operator.press("enter")
        opened = await order_screen(operator)
        assert opened.order_id == case.id
        await operator.press("f9")
        await operator.until(lambda: operator.on_top(MyOrdersScreen))
        await operator.press("f9")
        await operator.until(lambda: operator.on_top(SeatScreen))


async def test_a_clock_is_yellow_one_working_day_before_and_red_from_the_first_day_after(
    sit: Sit, office: Office, clock: SettableClock
) -> None:
    case = Case(office, clock, "fujian").signed()
    facts(case.record("contact", CLERK, "", contacted_at="2026-03-02T10:00", contact_note="已联系"))
    told = {
        "2026-03-12T23:59:00": ("calm", "剩2个工作日"),
        "2026-03-13T00:00:00": ("near", "剩1个工作日"),
        "2026-03-16T23:59:59": ("near", "今天到期"),
        "2026-03-17T00:00:00": ("over", "超1个工作日"),
    }
    for at, (state, left) in told.items():
        clock.set(at)
        async with sit(actor=CLERK) as operator:
            screen = await opened_list(operator, "f4")
            await operator.until(partial(_is_read, screen))
            [row] = screen.shown
            assert (row.state, f"办结 03-16 {left}" in line_of(row)) == (state, True), line_of(row)


@pytest.mark.parametrize(("typed", "found"), [("路灯", 1), ("五四 投诉", 1), ("wsl", 1), ("水管", 0)])
async def test_typing_filters_by_title_kind_unit_and_initials(
    sit: Sit, office: Office, clock: SettableClock, typed: str, found: int
) -> None:
    Case(office, clock, "fujian").signed()
    async with sit(actor=CLERK) as operator:
        screen = await opened_list(operator, "f4")
        await operator.until(lambda: screen.rows)
        await operator.key_in(typed)
        await operator.until(lambda: len(screen.shown) == found)


@SIZES
async def test_the_order_shows_its_clocks_with_clause_and_why_they_end_then(
    sit: Sit, office: Office, clock: SettableClock, size: tuple[int, int]
) -> None:
    Case(office, clock, "fujian").signed()
    async with sit(size=size, actor=CLERK) as operator:
        await opened_order(operator)
        clocks = operator.app.screen.query_one("#clocks").render()
        for words in ("延期申请", "03-16 11:45", "FJ-20.6b", "办结", "剩10个工作日", "FJ-20.2a"):
            assert words in str(clocks)
        await operator.press("y")
        dialog = await operator.screen(WhyDialog)
        reasons = str(dialog.query("VerticalScroll > Static").first().render())
        assert "FJ-20.2a：自签收（2026-03-02 10:00）起10个工作日" in reasons
        assert "计入10天：2026-03-03（周二）" in reasons
        assert "跳过4天：2026-03-07（周六" in reasons


async def test_a_step_that_is_blocked_says_by_which_clause_and_what_would_unblock_it(
    sit: Sit, office: Office, clock: SettableClock
) -> None:
    case = Case(office, clock, "fujian").dispatched()
    async with sit(actor=CLERK) as operator:
        await opened_order(operator)
        before = len(case.log())
        await operator.press("f4")
        await operator.until(lambda: "FJ-20.1：工单已分办、待签收" in operator.told)
        assert "先由承办单位签收" in operator.told
        assert len(case.log()) == before


async def test_a_form_that_lacks_a_field_says_so_with_its_clause_and_stays_open(
    sit: Sit, office: Office, clock: SettableClock
) -> None:
    case = Case(office, clock, "fujian").dispatched()
    async with sit(actor=CLERK) as operator:
        screen = await opened_order(operator)
        await operator.press("s")
        form = await filled(operator, {"department": "市政科"})
        await operator.press("f4")
        await operator.until(lambda: "还缺：经办人（FJ-18.1）" in str(form.query_one("#step-message").render()))
        assert case.order.status == "dispatched"
        await filled(operator, {"officer": "王经办"})
        await operator.press("f4")
        await operator.until(lambda: case.order.status == "signed" and operator.app.screen is screen)


async def test_the_caller_is_masked_until_a_key_shows_them_and_that_is_on_record(
    sit: Sit, office: Office, clock: SettableClock
) -> None:
    case = Case(office, clock, "fujian").dispatched()
    async with sit() as operator:
        await opened_order(operator)
        await operator.until(lambda: "138****8000" in operator.screen_text)
        assert "13800138000" not in operator.screen_text
        await operator.press("n")
        await operator.until(lambda: "13800138000" in operator.screen_text)
        assert "identity.unmasked" in [kind for kind, _ in case.log()]


async def test_a_call_that_rings_over_an_order_takes_no_focus_and_one_key_answers_it(
    sit: Sit, office: Office, clock: SettableClock
) -> None:
    Case(office, clock, "fujian").dispatched()
    async with sit() as operator:
        screen = await opened_order(operator)
        operator.desk.store.rings.offer("13900000001", name="林女士")
        operator.seat.tick()
        await operator.until(lambda: "来电 13900000001" in operator.screen_text)
        assert screen.query_one(StepList).has_focus
        await operator.press("f2")
        await operator.until(lambda: operator.on_top(SeatScreen) and operator.seat.in_call)
        assert operator.call.number == "13900000001"


@SIZES
async def test_the_callback_queue_has_the_dissatisfied_first_and_a_callback_takes_an_order_off_it(
    sit: Sit, office: Office, clock: SettableClock, size: tuple[int, int]
) -> None:
    waits = Case(office, clock, "binzhou").completed()
    async with sit("binzhou", size=size) as operator:
        screen = await opened_list(operator, "f8")
        await operator.until(lambda: screen.rows)
        assert "全部回访（BZ-14.4a）" in operator.screen_text
        assert "138****8000" in operator.screen_text
        assert "13800138000" not in operator.screen_text
        await operator.press("enter")
        opened = await order_screen(operator)
        steps = opened.query_one(StepList)
        digit = next(key for key, record in steps.digits.items() if record == "record.callback")
        answers = {"solved": "yes", "satisfaction": "satisfied", "opinions": "无"}
        await took(operator, opened, digit, answers)
        assert waits.order.recorded("callback")[-1].fields["satisfaction"] == "satisfied"
        await operator.press("f9")
        await operator.until(lambda: operator.app.screen is screen and not screen.rows)


@SIZES
async def test_the_ledger_lists_what_is_supervised_until_when(
    sit: Sit, office: Office, clock: SettableClock, size: tuple[int, int]
) -> None:
    case = Case(office, clock, "fujian").signed()
    terms = {"means": "整改通知", "issued_on": "2026-03-02", "rectify_by": "2026-03-09"}
    facts(case.record("supervision", LEAD, "", **terms))
    async with sit(size=size, actor=LEAD) as operator:
        screen = await opened_list(operator, "f6")
        assert isinstance(screen, LedgerScreen)
        await operator.until(lambda: screen.rows)
        assert "督办中 1" in operator.screen_text
        assert "整改通知 整改期限 2026-03-09" in line_of(screen.rows[0])
        assert screen.rows[0].state == "calm"
        clock.set("2026-03-10T09:00:00")
        await operator.press("f5")
        await operator.until(lambda: screen.rows[0].state == "over")


@SIZES
async def test_the_rule_book_is_searched_by_typing_and_a_clause_shows_what_rests_on_it(
    sit: Sit, size: tuple[int, int]
) -> None:
    async with sit(size=size) as operator:
        screen = await opened_list(operator, "f5")
        await operator.until(lambda: screen.rows)
        await operator.key_in("fj-20.2a")
        await operator.until(lambda: [row.id for row in screen.shown] == ["FJ-20.2a"])
        handled = "时限·办结：10个工作日；条件 诉求类型=投诉；起算 签收、承办单位收件"
        await operator.until(lambda: handled in str(screen.query_one("#clause-text").render()))


async def test_a_city_without_its_own_words_shows_those_it_takes_over_as_taken_over(sit: Sit) -> None:
    async with sit("fuzhou") as operator:
        screen = await opened_list(operator, "f5")
        await operator.until(lambda: screen.rows)
        await operator.key_in("fj-20.2a")
        await operator.until(lambda: [row.id for row in screen.shown] == ["FJ-20.2a"])
        assert "〔福建" in line_of(screen.shown[0])


async def test_the_lists_are_reached_by_leader_and_digit_while_a_call_is_in_hand(sit: Sit) -> None:
    async with sit() as operator:
        await operator.take()
        await operator.press("ctrl+g")
        await operator.screen(LeaderMenu)
        await operator.press("1")
        await operator.until(lambda: isinstance(operator.app.screen, ListScreen))
        await operator.press("f9")
        await operator.until(lambda: operator.on_top(SeatScreen))
        assert operator.note.has_focus
        assert operator.seat.in_call
