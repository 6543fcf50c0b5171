"""Steps at the console that are more than one form, and who may look at an order at all."""

from __future__ import annotations

from functools import partial

import pytest

from agent_console.desk.desk import order_stream
from agent_console.domain.people import IdentityUnmasked, OrderSeen
from agent_console.domain.units.directory import ListedUnit
from agent_console.domain.work_order.order_secrecy import ClassifyOrder
from agent_console.domain.work_order.order_steps import DispatchOrder
from screens.dialogs.ask import AskDialog
from screens.seat import SeatScreen

from ..clauses.conftest import Case
from ..conftest import Office
from ..support.clock import SettableClock
from ..support.rule_of import CLERK, LEAD, OPERATOR, STRANGER, facts
from ..support.secret_keys import in_environment
from ..support.units import PROVINCE, clerk_of, enter
from .conftest import Sit
from .seating import NARROW, WIDE, Operator
from .working import filled, opened_by_number, took

SIZES = pytest.mark.parametrize("size", [WIDE, NARROW], ids=["120x40", "80x24"])
DISTRICT, STREET = "滨城区人民政府", "市东街道办事处"
LINE = "市长公开电话办公室"
TITLE = "举报某企业配方被泄露"


@SIZES
async def test_an_order_with_both_materials_is_put_away(
    sit: Sit, office: Office, clock: SettableClock, size: tuple[int, int]
) -> None:
    case = Case(office, clock, "fujian").completed()
    async with sit(size=size) as operator:
        screen = await opened_by_number(operator, case.order.number)
        await operator.press("a")
        await operator.until(lambda: "FJ-9.9" in operator.told or "FJ-11.4" in operator.told)
        facts(case.record("platform_file", OPERATOR, "", materials="登记表"))
        facts(case.record("unit_file", CLERK, "", materials="答复函"))
        await screen.reload()
        await took(operator, screen, "a")
        assert case.order.status == "archived"


@SIZES
async def test_a_repeat_is_merged_into_its_master_by_number(
    sit: Sit, office: Office, clock: SettableClock, size: tuple[int, int]
) -> None:
    master = Case(office, clock, "fujian").dispatched()
    repeat = Case(office, clock, "fujian").raised(caller_name="林女士", caller_number="13900139000")
    async with sit(size=size) as operator:
        screen = await opened_by_number(operator, repeat.order.number)
        await took(operator, screen, "j", {"repeat_of": master.order.number})
        assert repeat.order.status == "merged"
        assert [caller.caller_name for caller in master.order.callers] == ["林女士"]


async def test_merging_into_a_number_nobody_has_keeps_the_form_and_changes_nothing(
    sit: Sit, office: Office, clock: SettableClock
) -> None:
    repeat = Case(office, clock, "fujian").raised()
    async with sit() as operator:
        await opened_by_number(operator, repeat.order.number)
        await operator.press("j")
        form = await filled(operator, {"repeat_of": "99999"})
        await operator.press("f4")
        await operator.until(lambda: "99999" in str(form.query_one("#step-message").render()))
        assert repeat.order.status == "raised"


@SIZES
async def test_a_flag_is_set_with_its_cause_and_taken_off_again(
    sit: Sit, office: Office, clock: SettableClock, size: tuple[int, int]
) -> None:
    case = Case(office, clock, "fujian").raised()
    async with sit(size=size) as operator:
        screen = await opened_by_number(operator, case.order.number)
        await operator.press("l")
        await operator.pick("标记“职责不明”")
        await filled(operator, {"cause": "权属不明"})
        await operator.press("f4")
        await operator.until(lambda: case.order.flags == ("duty_unclear",) and operator.app.screen is screen)
        await operator.until(lambda: "职责不明" in operator.screen_text)
        await operator.press("l")
        await operator.pick("去掉“职责不明”")
        await operator.until(lambda: case.order.flags == ())


@SIZES
async def test_a_correction_asks_for_the_field_then_for_its_new_text_and_a_reason(
    sit: Sit, office: Office, clock: SettableClock, size: tuple[int, int]
) -> None:
    case = Case(office, clock, "fujian").signed()
    assert case.due() == "2026-03-16T23:59:59+08:00"
    async with sit(size=size) as operator:
        screen = await opened_by_number(operator, case.order.number)
        await operator.press("c")
        await operator.pick("诉求类型")
        await filled(operator, {"new": "咨询", "reason": "只是问"})
        await operator.press("f4")
        await operator.until(lambda: case.order.details.kind == "咨询" and operator.app.screen is screen)
        assert case.due() == "2026-03-04T23:59:59+08:00"
        await operator.until(lambda: "03-04" in str(screen.query_one("#clocks").render()))


@SIZES
async def test_a_unit_passes_on_to_the_units_right_under_it(
    sit: Sit, office: Office, clock: SettableClock, size: tuple[int, int]
) -> None:
    case = enter(
        Case(office, clock, "binzhou"),
        ListedUnit(LINE, "mayors_line", "1"),
        ListedUnit(DISTRICT, "county", "2", LINE, "滨城区"),
        ListedUnit(STREET, "township", "3", DISTRICT, "市东街道"),
    ).raised(lead=DISTRICT)
    facts(case.do(DispatchOrder(DISTRICT)))
    async with sit("binzhou", size=size, actor=clerk_of(DISTRICT)) as operator:
        screen = await opened_by_number(operator, case.order.number)
        await took(operator, screen, "z", {"unit": STREET})
        assert case.order.passed == (STREET,)


@SIZES
async def test_the_agency_above_hands_an_order_back_with_a_reason(
    sit: Sit, office: Office, clock: SettableClock, size: tuple[int, int]
) -> None:
    case = enter(
        Case(office, clock, "fujian"),
        ListedUnit("省公安厅", "government", "province"),
        ListedUnit("福州市人民政府", "government", "city", region="福州市"),
    ).raised(lead="福州市人民政府")
    facts(case.do(DispatchOrder("省公安厅")))
    assert case.order.agency == "省级工作机构"
    async with sit(size=size, actor=PROVINCE) as operator:
        screen = await opened_by_number(operator, case.order.number)
        await took(operator, screen, ".", {"reason": "属市级事项"})
        assert case.order.agency == ""


@SIZES
async def test_units_of_a_form_are_those_of_the_directory_where_one_is_loaded(
    sit: Sit, office: Office, clock: SettableClock, size: tuple[int, int]
) -> None:
    case = enter(
        Case(office, clock, "fujian"),
        ListedUnit("福州市人民政府", "government", "city", region="福州市"),
        ListedUnit("福州市鼓楼区城市管理和综合执法局", "government", "county", "福州市人民政府", "鼓楼区"),
    ).raised(lead="福州市人民政府")
    async with sit(size=size) as operator:
        screen = await opened_by_number(operator, case.order.number)
        await took(operator, screen, "f5", {"lead": "鼓楼区城市管理"})
        assert case.order.lead == "福州市鼓楼区城市管理和综合执法局"


# who may look


def _asked_for_ground(operator: Operator) -> bool:
    return operator.on_top(AskDialog)


@SIZES
async def test_a_unit_is_asked_why_it_needs_to_know_who_complained_before_it_is_told(
    sit: Sit, office: Office, clock: SettableClock, size: tuple[int, int]
) -> None:
    case = Case(office, clock, "fujian").signed()
    async with sit(size=size, actor=CLERK) as operator:
        screen = await opened_by_number(operator, case.order.number)
        facts_shown = screen.query_one("#facts")
        assert "13800138000" not in str(facts_shown.render())
        await operator.press("n")
        await operator.until(partial(_asked_for_ground, operator))
        assert "办理为什么需要知道诉求人是谁" in operator.screen_text
        await operator.press("escape")
        await operator.until(lambda: operator.app.screen is screen)
        assert not screen.unmasked
        await operator.press("n")
        await operator.until(partial(_asked_for_ground, operator))
        await operator.key_in("上门核实灯杆位置")
        await operator.press("enter")
        await operator.until(lambda: screen.unmasked and "13800138000" in str(facts_shown.render()))
        looked = [event.fact for event in case.desk().store.log.load(order_stream(case.id))]
        assert [fact.ground for fact in looked if isinstance(fact, IdentityUnmasked)] == ["上门核实灯杆位置"]


async def test_an_operator_is_told_at_once_and_once_more_hides_it_again(
    sit: Sit, office: Office, clock: SettableClock
) -> None:
    case = Case(office, clock, "fujian").signed()
    async with sit(actor=OPERATOR) as operator:
        screen = await opened_by_number(operator, case.order.number)
        await operator.press("n")
        await operator.until(lambda: "13800138000" in str(screen.query_one("#facts").render()))
        await operator.press("n")
        await operator.until(lambda: "13800138000" not in str(screen.query_one("#facts").render()))


@SIZES
async def test_a_confidential_order_shows_somebody_without_the_right_number_state_and_clocks_only(
    sit: Sit, office: Office, clock: SettableClock, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    monkeypatch.setenv("AGENT_CONSOLE_ROLE_KEYS", in_environment())
    case = Case(office, clock, "binzhou").raised(title=TITLE, caller_number="13912345678")
    facts(case.do(ClassifyOrder("business_secret", "涉及企业配方"), LEAD))
    number = case.desk(LEAD).order(case.id).number
    async with sit("binzhou", size=size, actor=OPERATOR) as operator:
        screen = await opened_by_number(operator, number)
        assert number[-5:] in operator.screen_text
        assert "待分办" in operator.screen_text
        assert TITLE not in operator.screen_text
        assert "139" not in str(screen.query_one("#facts").render())
        for key in ("n", "f5", "c"):
            await operator.press(key)
            await operator.until(lambda: "BZ-25.1" in operator.told)
            assert operator.app.screen is screen
            assert not screen.unmasked
            operator.app.clear_notifications()
        assert TITLE not in operator.screen_text
    async with sit("binzhou", size=size, actor=LEAD) as operator:
        await opened_by_number(operator, number)
        assert TITLE in operator.screen_text


async def test_an_order_of_another_unit_is_not_opened_and_the_clause_says_so(
    sit: Sit, office: Office, clock: SettableClock
) -> None:
    case = Case(office, clock, "fujian").signed()
    async with sit(actor=STRANGER) as operator:
        await operator.press("f7")
        await operator.screen(AskDialog)
        await operator.key_in(case.order.number)
        await operator.press("enter")
        await operator.until(lambda: "FJ-30.5：工单不在水利局名下" in operator.told)
        await operator.until(lambda: operator.on_top(SeatScreen))
        looked = [event.fact for event in case.desk().store.log.load(f"seen:{case.id}")]
        assert [fact for fact in looked if isinstance(fact, OrderSeen) and fact.identity == "masked"] == []
