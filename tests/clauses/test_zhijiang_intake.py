"""Zhijiang: taking a matter in, whatever the hour and the channel."""

from __future__ import annotations

import pytest

from agent_console.desk.calls import intake
from agent_console.domain.decisions import Decision
from agent_console.domain.intake.outcomes import Answered, Ordered, Refused
from agent_console.domain.work_order.order_endings import RateOrder
from screens.dialogs.help import HelpScreen

from ..cli.conftest import Ask
from ..screens.conftest import Sit
from ..screens.seating import Operator
from ..support.rule_of import CLERK, LEAD, blocked, facts
from ..support.stories import form
from .conftest import Line, NewCase, NewLine, allowed, missing

CHANNELS = ("phone", "website", "wechat", "other", "yichang")
REFUSED = Refused("ZJ-11.1", explained=True, guided=True, told={"told_channel": "武汉12345"})
YICHANG = {"channel": "yichang", "superior_number": "YC20260302001"}
MONDAY = "2026-03-02T10:00+08:00"
FORM = (
    "--jurisdiction=ZJ",
    "--kind=投诉",
    "--title=一号路路灯不亮",
    "--content=三天不亮",
    "--caller-type=citizen",
    "--caller-name=示例甲",
    "--caller-number=13800000001",
    "--street=马家店街道",
    "--lead=城市管理局",
)


def raising(seat: Line, **details: object) -> Decision:
    """What becomes of an order form."""
    return intake.raise_order(seat.desk, "", "", form("zhijiang", **details), intake.Telling()).decision


async def help_text(operator: Operator) -> str:
    """What the help of the seat says."""
    await operator.press("f1")
    screen = await operator.screen(HelpScreen)
    return str(screen.query("VerticalScroll > Static").first().render())


@pytest.mark.clause("ZJ-2")
def test_a_call_comes_by_telephone_website_mini_program_or_another_way(line: NewLine) -> None:
    seat = line("zhijiang")
    for channel in CHANNELS:
        assert seat.call(seat.take(channel=channel)).channel == channel
    for foreign in ("web", "mayor_mailbox", "fax"):
        decision, _ = intake.take_call(seat.desk, "13800138000", channel=foreign)
        assert missing(decision) == (("channel",), "ZJ-2")


@pytest.mark.clause("ZJ-2")
async def test_the_greeting_says_that_the_line_is_for_what_is_no_emergency(sit: Sit) -> None:
    async with sit("zhijiang") as operator:
        text = await help_text(operator)
        assert "开头语" in text
        assert "只受理非紧急诉求" in text
        assert "ZJ-2" in text


@pytest.mark.clause("ZJ-3")
def test_an_order_names_the_caller_type_and_exactly_one_of_six_kinds(line: NewLine) -> None:
    seat = line("zhijiang")
    for kind in ("咨询", "求助", "投诉", "建议", "表扬", "举报"):
        facts(raising(seat, kind=kind))
    for caller_type in ("citizen", "legal_person", "organisation"):
        facts(raising(seat, caller_type=caller_type))
    assert missing(raising(seat, caller_type="")) == (("caller_type",), "ZJ-3")
    assert missing(raising(seat, kind="")) == (("kind",), "ZJ-3")
    assert missing(raising(seat, caller_type="public")) == (("caller_type",), "ZJ-3")
    for kind in ("意见建议", "其他", "咨询、投诉"):
        assert blocked(raising(seat, kind=kind))[1] == "order.unknown_kind"


@pytest.mark.clause("ZJ-7.1")
def test_matters_of_all_channels_stand_in_one_queue(case: NewCase, ask: Ask) -> None:
    raised = [case("zhijiang").raised(channel=channel, superior_number="YC1").order.number for channel in CHANNELS]
    listed = ask("order", "list", "--status=raised", "--jurisdiction=ZJ", "--json").json
    assert {order["number"]: order["channel"] for order in listed} == dict(zip(raised, CHANNELS, strict=True))


@pytest.mark.clause("ZJ-7.2")
def test_an_answer_ends_the_call_and_what_has_none_does_not_end_it(line: NewLine) -> None:
    seat = line("zhijiang")
    call_id = seat.take()
    assert blocked(intake.close(seat.desk, call_id)) == (("ZJ-7.2",), "matter.owes_outcome")
    facts(seat.conclude(call_id, Answered("zj-0001", 1)))
    facts(intake.close(seat.desk, call_id))
    assert seat.call(call_id).status == "closed"
    handed_on = seat.take()
    assert missing(seat.conclude(handed_on, Ordered("", "")))[0] == ("order",)
    matter = seat.call(handed_on).open_matter
    assert matter is not None
    raised = intake.raise_order(seat.desk, handed_on, matter.id, form("zhijiang"), intake.Telling("路灯不亮"))
    facts(raised.decision)
    facts(intake.close(seat.desk, handed_on))
    assert seat.call(handed_on).matters[0].outcome == Ordered(raised.order, raised.number)


@pytest.mark.clause("ZJ-9.0")
@pytest.mark.parametrize("hour", ["2026-02-17T03:00+08:00", "2026-03-01T23:59:59+08:00", "2026-10-01T12:30+08:00"])
def test_a_matter_is_taken_at_every_hour_of_every_day(case: NewCase, line: NewLine, hour: str) -> None:
    seat = line("zhijiang")
    seat.clock.set(hour)
    call_id = seat.take()
    assert seat.call(call_id).taken_at == seat.clock.now()
    order = case("zhijiang").dispatched(hour)
    assert order.order.status == "dispatched"
    assert order.order.received_at == seat.clock.now()


SCOPE = {
    "ZJ-9.1": ("工作职责", "咨询"),
    "ZJ-9.2": ("城市治理", "咨询、建议、投诉、举报"),
    "ZJ-9.3": ("政务服务", "咨询、投诉"),
    "ZJ-9.4": ("民生", "咨询、建议、投诉、举报、求助"),
    "ZJ-9.5": ("办事流程", "咨询"),
    "ZJ-9.6": ("执法不规范", "举报、投诉"),
    "ZJ-9.7": ("工作作风等方面的投诉", "投诉"),
    "ZJ-9.8": ("其他服务", "类型不限"),
}


@pytest.mark.parametrize("clause", [pytest.param(clause, marks=pytest.mark.clause(clause)) for clause in SCOPE])
async def test_the_help_of_the_seat_shows_what_is_taken_up_and_as_which_kinds(sit: Sit, clause: str) -> None:
    words, kinds = SCOPE[clause]
    async with sit("zhijiang") as operator:
        lines = (await help_text(operator)).splitlines()
    [shown] = [line for line in lines if line.startswith(f"{clause} ")]
    assert words in shown
    assert shown.endswith(f"：{kinds}")


KINDS = {"ZJ-9.1": "咨询", "ZJ-9.2": "建议", "ZJ-9.4": "求助", "ZJ-9.6": "举报", "ZJ-9.7": "投诉"}


@pytest.mark.parametrize(
    ("clause", "kind"), [pytest.param(*each, marks=pytest.mark.clause(each[0])) for each in KINDS.items()]
)
def test_an_order_can_be_of_each_kind_that_is_taken_up(case: NewCase, clause: str, kind: str) -> None:
    assert case("zhijiang").raised(kind=kind).order.details.kind == kind


@pytest.mark.clause("ZJ-10")
@pytest.mark.parametrize(
    ("given", "due", "clause"),
    [
        ("2026-03-05T18:00+08:00", "2026-03-05T18:00:00+08:00", "ZJ-10"),
        ("2026-03-20T18:00+08:00", "2026-03-20T18:00:00+08:00", "ZJ-10"),
        ("", "2026-03-09T23:59:59+08:00", "ZJ-17.2a"),
    ],
)
def test_an_order_from_yichang_runs_to_the_date_that_came_with_it(
    ask: Ask, monkeypatch: pytest.MonkeyPatch, given: str, due: str, clause: str
) -> None:
    monkeypatch.setenv("AGENT_CONSOLE_NOW", MONDAY)
    superior = ["--superior-number=YC20260302001", *([f"--superior-due={given}"] if given else [])]
    raised = ask("order", "raise", *FORM, "--channel=yichang", *superior, "--json")
    number = raised.json["number"]
    assert (raised.json["superior_number"], raised.json["superior_due"]) == ("YC20260302001", due if given else None)
    ask("order", "dispatch", number, "--jurisdiction=ZJ")
    shown = ask("order", "sign", number, "--jurisdiction=ZJ", "--as=unit_clerk:城市管理局", "--json").json
    handle = next(clock for clock in shown["clocks"] if clock["limit"] == "handle")
    assert (handle["due"], handle["clause"]) == (due, clause)


@pytest.mark.clause("ZJ-10")
def test_an_order_from_yichang_carries_its_number_and_its_result_goes_back_there(case: NewCase, line: NewLine) -> None:
    assert missing(raising(line("zhijiang"), channel="yichang")) == (("superior_number",), "ZJ-10")
    assert allowed(raising(line("zhijiang"), channel="phone"))
    order = case("zhijiang").completed(**YICHANG)
    reply = {"reported_at": "2026-03-03T09:00", "result": "已修好"}
    assert blocked(order.archive()) == (("ZJ-10",), "duty.owed")
    assert blocked(order.record("superior_reply", CLERK, **reply)) == (("ZJ-10",), "order.not_your_step")
    for field in reply:
        rest = {name: value for name, value in reply.items() if name != field}
        assert missing(order.record("superior_reply", **rest)) == ((field,), "ZJ-10")
    facts(order.do(RateOrder("satisfied")))
    assert order.order.status == "completed"
    facts(order.record("superior_reply", **reply))
    facts(order.archive())
    own = case("zhijiang").completed()
    assert blocked(own.record("superior_reply", **reply)) == (("ZJ-10",), "record.not_this_order")


@pytest.mark.clause("ZJ-13")
def test_a_line_that_was_merged_stands_on_the_order_it_brought(ask: Ask) -> None:
    number = ask("order", "raise", *FORM, "--line=枝江供水热线", "--json").json["number"]
    assert ask("order", "show", number, "--jurisdiction=ZJ", "--json").json["line"] == "枝江供水热线"
    assert "枝江供水热线" in ask("order", "show", number, "--jurisdiction=ZJ").out


@pytest.mark.clause("ZJ-14")
def test_an_order_shows_which_of_five_stages_it_is_in(case: NewCase, ask: Ask) -> None:
    order = case("zhijiang").raised(MONDAY)

    def stage() -> str:
        shown = ask("order", "show", order.order.number, "--jurisdiction=ZJ", "--json").json
        assert f"{shown['stage']}（ZJ-14）" in ask("order", "show", order.order.number, "--jurisdiction=ZJ").out
        return str(shown["stage"])

    assert stage() == "集中受理"
    handed = case("zhijiang").signed(MONDAY)
    order = handed
    assert stage() == "分类处置"
    facts(handed.record("supervision", LEAD, reason="久拖不决"))
    assert stage() == "协调督办"
    facts(handed.complete())
    assert stage() == "反馈回访"
    facts(handed.rate("dissatisfied"))
    assert stage() == "评价归档"
    order = case("zhijiang").completed()
    facts(order.rate("satisfied"))
    assert stage() == "评价归档"


@pytest.mark.clause("ZJ-15.1")
def test_every_call_leaves_a_record_also_one_that_was_refused_or_empty(line: NewLine, ask: Ask) -> None:
    seat = line("zhijiang")
    answered, refused, empty = seat.take(), seat.take(), seat.take()
    facts(seat.conclude(answered, Answered("zj-0001", 1)))
    facts(seat.conclude(refused, REFUSED, note="武汉的公交"))
    facts(intake.mark_invalid(seat.desk, empty, "无声", ("无声",)))
    for call_id in (answered, refused):
        facts(intake.close(seat.desk, call_id))
    listed = {call["id"]: call for call in ask("call", "list", "--jurisdiction=ZJ", "--json").json}
    assert set(listed) == {answered, refused, empty}
    assert (listed[refused]["matters"], listed[empty]["status"]) == (["refused"], "invalid")
    assert ask("call", "show", refused, "--jurisdiction=ZJ", "--json").json["matters"][0]["note"] == "武汉的公交"


@pytest.mark.clause("ZJ-16.1a")
async def test_a_question_is_answered_from_the_knowledge_base_and_the_article_is_on_the_record(sit: Sit) -> None:
    async with sit("zhijiang") as operator:
        await operator.take()
        await operator.write("枝江12345怎么反映问题")
        first = operator.answers.found[0]
        await operator.press("f3")
        await operator.press("1")
        await operator.until(lambda: operator.outcome)
        assert operator.outcome == Answered(first.id, first.version)
