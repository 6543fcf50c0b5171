"""Binzhou: taking a matter in, and what is urgent."""

from __future__ import annotations

import pytest
from textual.widgets import OptionList, Static

from agent_console.desk.calls import intake
from agent_console.desk.orders import handling
from agent_console.domain.decisions import Decision
from agent_console.domain.people import Actor
from screens.dialogs.choice import ChoiceDialog
from screens.dialogs.help import HelpScreen
from screens.widgets.fields import ChoiceField

from ..cli.conftest import Ask
from ..conftest import Office
from ..screens.conftest import Sit
from ..support.rule_of import CLERK, LEAD, OPERATOR, blocked, facts
from ..support.stories import form
from .conftest import NewCase, NewLine, allowed, missing

KINDS = ("咨询", "求助", "意见建议", "投诉", "其他")
CAUSES = ("重大灾情疫情", "环境污染", "食品安全", "群体事件")
BZ = "--jurisdiction=BZ"
ABUSES = ("repeated_use", "long_occupation", "fabrication", "slander", "harassment")


def raising(case: NewCase, **details: object) -> Decision:
    desk = case("binzhou").desk()
    return intake.raise_order(desk, "", "", form("binzhou", **details), intake.Telling()).decision


@pytest.mark.clause("BZ-2.1")
def test_a_matter_is_one_of_five_kinds(case: NewCase) -> None:
    for kind in KINDS:
        assert case("binzhou").raised(kind=kind).order.details.kind == kind
    assert missing(raising(case, kind="")) == (("kind",), "BZ-2.1")
    for kind in ("建议", "举报", "表扬"):
        assert blocked(raising(case, kind=kind))[1] == "order.unknown_kind"


@pytest.mark.clause("BZ-2.1")
async def test_the_help_has_a_greeting_that_says_what_is_not_urgent_is_taken_here(sit: Sit) -> None:
    async with sit("binzhou") as operator:
        await operator.press("f1")
        help_ = await operator.screen(HelpScreen)
        said = "\n".join(str(part.render()) for part in help_.query(Static))
        [greeting] = [line for line in said.splitlines() if "BZ-2.1" in line]
        assert "非紧急" in greeting


@pytest.mark.clause("BZ-4")
def test_phone_mailbox_and_other_are_the_channels_at_every_hour(line: NewLine) -> None:
    seat = line("binzhou")
    for hour in ("2026-02-17T03:00+08:00", "2026-03-01T23:59:59+08:00", "2026-10-01T12:30+08:00"):
        seat.clock.set(hour)
        for channel in ("phone", "mailbox", "other"):
            taken = seat.call(seat.take(channel=channel))
            assert (taken.channel, taken.operator, taken.taken_at) == (channel, "张三", seat.clock.now())
    decision, _ = intake.take_call(seat.desk, "13800138000", channel="web")
    assert missing(decision) == (("channel",), "BZ-4")


@pytest.mark.clause("BZ-4")
def test_whoever_asks_is_one_of_the_public_and_nothing_else(case: NewCase) -> None:
    assert case("binzhou").raised(caller_type="public").order.details.caller_type == "public"
    assert missing(raising(case, caller_type="citizen")) == (("caller_type",), "BZ-4")


@pytest.mark.clause("BZ-5.1")
@pytest.mark.clause("BZ-5.2")
@pytest.mark.clause("BZ-5.3")
@pytest.mark.clause("BZ-5.4")
@pytest.mark.clause("BZ-5.5")
async def test_the_order_form_shows_the_five_kinds_and_what_each_one_is(sit: Sit) -> None:
    told = {
        "咨询": "问职责、程序和政策规定",
        "求助": "生活生产中归政府管的困难或诉求，非紧急",
        "意见建议": "批评、意见和建议",
        "投诉": "对作风、服务质量、办事效率不满",
        "其他": "其他政务服务和公共服务事项",
    }
    async with sit("binzhou") as operator:
        await operator.take()
        await operator.write("黄河五路路灯不亮")
        await operator.press("f4")
        await operator.until(lambda: bool(operator.app.screen.query("#field-kind")))
        field = operator.app.screen.query_one("#field-kind", ChoiceField)
        for number, (kind, meaning) in enumerate(told.items(), 1):
            field.focus()
            await operator.press(str(number))
            assert field.value == kind
            assert meaning in str(field.render())


@pytest.mark.clause("BZ-8")
def test_misuse_of_the_line_is_marked_on_the_call_by_the_line_and_calls_of_a_number_are_counted(
    line: NewLine, office: Office
) -> None:
    seat = line("binzhou")
    call_id = seat.take()
    for mark in ABUSES:
        facts(intake.mark_call(seat.desk, call_id, mark))
        refused = intake.mark_call(office("binzhou", CLERK).desk, call_id, mark)
        assert blocked(refused) == (("BZ-8",), "order.not_your_step")
    assert tuple(mark.mark for mark in seat.call(call_id).marks) == ABUSES
    assert blocked(intake.mark_call(seat.desk, call_id, "abuse"))[1] == "call_mark.unknown"
    seat.take()
    seat.take("13900139000")
    third = seat.take()
    earlier = seat.opened.records.history("13800138000", without_call=third)
    assert len(earlier.calls) == 2


@pytest.mark.clause("BZ-8")
@pytest.mark.clause("BZ-9")
async def test_one_key_has_the_warning_to_say_and_what_to_tell_somebody_who_wants_to_come_by(sit: Sit) -> None:
    async with sit("binzhou") as operator:
        await operator.take()
        await operator.lead("i")
        dialog = await operator.screen(ChoiceDialog)
        shown = "".join(str(option.prompt) for option in dialog.query_one(OptionList).options)
        assert "请不要反复来电" in shown
        assert "通话时间已经很长" in shown
        assert "歪曲或者捏造" in shown
        assert "诽谤、诬告" in shown
        assert "请您文明用语" in shown
        assert "热线不设现场接待" in shown
        assert shown.count("BZ-8") == 5
        assert shown.count("BZ-9") == 1
        await operator.pick("要求到现场反映")
        await operator.until(lambda: bool(operator.call.marks))
        assert [mark.mark for mark in operator.call.marks] == ["walk_in"]


@pytest.mark.clause("BZ-9")
def test_nobody_comes_by_a_channel_for_visits(line: NewLine, case: NewCase, office: Office) -> None:
    seat = line("binzhou")
    decision, _ = intake.take_call(seat.desk, "13800138000", channel="visit")
    assert missing(decision) == (("channel",), "BZ-4")
    assert missing(raising(case, channel="visit"))[0] == ("channel",)
    call_id = seat.take()
    assert blocked(intake.mark_call(office("binzhou", CLERK).desk, call_id, "walk_in"))[0] == ("BZ-9",)
    assert allowed(intake.mark_call(seat.desk, call_id, "walk_in"))


@pytest.mark.clause("BZ-14.1a")
@pytest.mark.parametrize(
    ("empty", "named"),
    [
        ({"caller_name": ""}, "caller_name"),
        ({"caller_number": "", "contact_number": ""}, "contact"),
        ({"district": ""}, "place"),
        ({"content": " "}, "content"),
    ],
)
def test_an_order_names_whom_to_contact_the_address_and_the_matter(
    case: NewCase, empty: dict[str, str], named: str
) -> None:
    assert missing(raising(case, **empty)) == ((named,), "BZ-14.1a")
    assert allowed(raising(case))


@pytest.mark.clause("BZ-14.1b")
def test_material_that_was_asked_for_is_attached_later_and_the_clock_does_not_wait(case: NewCase) -> None:
    order = case("binzhou").signed("2026-03-02T10:00+08:00")
    asked = {"requested_at": "2026-03-02T11:00+08:00", "materials": "现场照片"}
    given = {"file_name": "照片.jpg", "received_at": "2026-03-04T09:00+08:00"}
    assert blocked(order.record("material", **given)) == (("BZ-14.1b",), "record.needs_record")
    assert missing(order.record("material_request")) == (("requested_at", "materials"), "BZ-14.1b")
    assert blocked(order.record("material_request", CLERK, **asked)) == (("BZ-14.1b",), "order.not_your_step")
    facts(order.record("material_request", **asked))
    assert missing(order.record("material")) == (("file_name", "received_at"), "BZ-14.1b")
    assert blocked(order.record("material", CLERK, **given)) == (("BZ-14.1b",), "order.not_your_step")
    facts(order.record("material", at="2026-03-04T09:00+08:00", **given))
    assert order.due() == "2026-03-09T23:59:59+08:00"


@pytest.mark.clause("BZ-15")
def test_calls_that_staff_of_a_unit_take_in_the_hall_are_marked(line: NewLine, office: Office) -> None:
    seat = line("binzhou")
    guest = Actor("税务局小赵", "guest", "税务局")
    decision, call_id = intake.take_call(office("binzhou", guest).desk, "13800138000")
    facts(decision)
    assert [(mark.mark, mark.by) for mark in seat.call(call_id).marks] == [("guest_seat", "税务局小赵")]
    own = seat.take()
    assert seat.call(own).marks == ()
    assert blocked(intake.mark_call(seat.desk, own, "guest_seat")) == (("BZ-15",), "order.not_your_step")
    assert allowed(intake.mark_call(office("binzhou", LEAD).desk, own, "guest_seat"))


# --- urgent


@pytest.mark.clause("BZ-7.2b")
def test_an_urgent_order_names_one_of_four_causes(case: NewCase) -> None:
    for cause in CAUSES:
        assert case("binzhou").raised(urgency="urgent", urgent_cause=cause).order.details.urgent_cause == cause
    assert missing(raising(case, urgency="urgent", urgent_cause="")) == (("urgent_cause",), "BZ-7.2b")
    refused = raising(case, urgency="urgent", urgent_cause="路灯不亮")
    assert blocked(refused) == (("BZ-7.2b",), "record.not_allowed")
    assert allowed(raising(case, urgency="normal", urgent_cause=""))


@pytest.mark.clause("BZ-7.2b")
def test_an_urgent_order_is_to_be_dispatched_at_once(case: NewCase) -> None:
    order = case("binzhou").raised("2026-03-02T22:15+08:00", urgency="urgent")
    assert (order.due("dispatch"), order.clause("dispatch")) == ("2026-03-02T22:15:00+08:00", "BZ-7.2b")
    assert order.clocks["dispatch"].immediate
    assert case("binzhou").raised().clocks == {}


@pytest.mark.clause("BZ-7.2b")
def test_urgent_orders_that_run_stand_on_top_of_the_list(case: NewCase, ask: Ask) -> None:
    old = case("binzhou").dispatched("2026-03-02T08:00+08:00", urgency="urgent")
    over = case("binzhou").completed("2026-03-02T09:00+08:00", urgency="urgent")
    new = case("binzhou").raised("2026-03-02T10:00+08:00")
    listed = [order["number"] for order in ask("order", "list", BZ, "--json").json]
    assert listed == [old.order.number, new.order.number, over.order.number]


@pytest.mark.clause("BZ-7.2b")
async def test_the_form_asks_for_the_cause_and_hands_the_urgent_order_on_when_it_is_saved(sit: Sit) -> None:
    async with sit("binzhou") as operator:
        await operator.take()
        await operator.write("化工厂有毒气体泄漏")
        await operator.press("f4")
        await operator.until(lambda: bool(operator.app.screen.query("#field-urgent_cause")))
        field = operator.app.screen.query_one("#field-urgent_cause", ChoiceField)
        shown = str(field.render())
        assert all(cause in shown for cause in CAUSES)


@pytest.mark.clause("BZ-7.2b")
def test_the_operator_may_hand_it_on_without_asking_anybody(case: NewCase) -> None:
    order = case("binzhou").raised(urgency="urgent")
    facts(handling.dispatch(order.desk(OPERATOR), order.id))
    assert order.order.status == "dispatched"
