"""Fujian: the eight matters that are not taken."""

from __future__ import annotations

import pytest
from textual.widgets import OptionList, Static

from agent_console.desk.calls import intake
from agent_console.domain.decisions import Decision
from agent_console.domain.intake.outcomes import FollowedUp, Refused
from knowledge.scripts.model import script_for
from knowledge.scripts.runner import Run, begin
from screens.dialogs.choice import ChoiceDialog
from screens.dialogs.script import ScriptDialog

from ..cli.conftest import Ask
from ..screens.conftest import Sit
from ..support.rule_of import blocked, facts
from .conftest import Line, NewCase, NewLine, missing

FULL = {"institution": "法院", "route": "行政复议"}
EIGHT = ("FJ-13.1", "FJ-13.2", "FJ-13.3", "FJ-13.4", "FJ-13.5", "FJ-13.6", "FJ-13.7", "FJ-13.8")


def refuse(seat: Line, clause: str, note: str = "路灯不亮", **more: object) -> Decision:
    """A refusal with everything said, unless told otherwise."""
    told: dict[str, object] = {"explained": True, "guided": True, "told": FULL, **more}
    return seat.conclude(seat.take(), Refused(clause, **told), note)  # type: ignore[arg-type]


def script(name: str) -> Run:
    return begin(script_for(name), "fujian")


def proposed(ask: Ask, text: str) -> str:
    """The first clause the screening proposes."""
    found = ask("screen", text, "--jurisdiction=FJ", "--json").json
    return str(found["clause"])


@pytest.mark.clause("FJ-13.0")
def test_exactly_eight_matters_are_refused(line: NewLine) -> None:
    seat = line("fujian")
    for clause in EIGHT:
        facts(refuse(seat, clause, reason="另有规定", earlier_order="260302900100012"))
    for clause in ("FJ-13.9", "FJ-13.0", "ZJ-11.3", "BZ-6.1", "FZ-1", ""):
        assert blocked(refuse(seat, clause))[1] == "matter.no_such_refusal"
    assert tuple(item.clause for item in seat.desk.rule_book.refusals) == EIGHT


@pytest.mark.clause("FJ-13.0")
async def test_the_list_is_reached_on_one_key_before_an_order_is_raised(sit: Sit) -> None:
    async with sit("fujian") as operator:
        await operator.take()
        await operator.press("f5")
        dialog = await operator.screen(ChoiceDialog)
        shown = "".join(str(option.prompt) for option in dialog.query_one(OptionList).options)
        for clause in EIGHT:
            assert clause in shown


@pytest.mark.clause("FJ-13.1")
def test_of_secrets_and_private_life_category_and_time_are_kept_and_nothing_that_was_said(line: NewLine) -> None:
    seat = line("fujian")
    call_id = seat.take()
    refused = Refused("FJ-13.1", screening_class="secret", explained=True, guided=True, reason="军工图纸")
    facts(seat.conclude(call_id, refused, note="某厂的图纸在他手里", words="图纸"))
    [matter] = seat.call(call_id).matters
    assert (matter.note, matter.words) == ("", "")
    assert matter.outcome == Refused("FJ-13.1", screening_class="secret", explained=True, guided=True)
    assert matter.concluded_at == seat.clock.now()
    other = seat.take()
    facts(seat.conclude(other, Refused("FJ-13.7", explained=True, guided=True), note="外省的事"))
    assert seat.call(other).matters[0].note == "外省的事"
    assert "先不要往下说" in script("secret").step.text


@pytest.mark.clause("FJ-13.2")
def test_the_record_names_one_of_seven_bodies(line: NewLine) -> None:
    seat = line("fujian")
    for body in ("人大", "政协", "纪检监察", "法院", "检察院", "军队", "武警"):
        facts(refuse(seat, "FJ-13.2", told={"institution": body}))
    assert missing(refuse(seat, "FJ-13.2", told={})) == (("institution",), "FJ-13.2")
    for body in ("党委", "公安局", "有关部门"):
        assert blocked(refuse(seat, "FJ-13.2", told={"institution": body})) == (("FJ-13.2",), "record.not_allowed")


@pytest.mark.clause("FJ-13.3")
def test_the_record_names_the_route_also_where_it_is_only_due(line: NewLine) -> None:
    seat = line("fujian")
    assert missing(refuse(seat, "FJ-13.3", told={})) == (("route",), "FJ-13.3")
    facts(refuse(seat, "FJ-13.3", told={"route": "信访"}))
    not_begun = script("litigation").answer("2")
    assert not_begun.outcome is None
    ended = {run.outcome for run in _every_end(not_begun)}
    assert "refused" in ended


def _every_end(run: Run) -> list[Run]:
    if run.outcome is not None:
        return [run]
    seen = [entry.partition(":")[0] for entry in run.path]
    return [
        end
        for key in run.step.exits
        if run.step.exits[key] not in seen
        for end in _every_end(run.answer(key, "民事诉讼"))
    ]


@pytest.mark.clause("FJ-13.4")
def test_who_asks_again_while_the_order_runs_is_written_into_it_and_gets_no_second_order(
    line: NewLine, case: NewCase
) -> None:
    running = case("fujian").signed()
    seat = line("fujian")
    call_id = seat.take()
    history = seat.opened.records.history("13800138000", without_call=call_id)
    assert [order.number for order in history.open_orders] == [running.order.number]
    facts(seat.conclude(call_id, FollowedUp(running.order.number, running.id), note="又来催一次"))
    facts(intake.close(seat.desk, call_id))
    [joined] = running.order.callers
    assert (joined.call, joined.caller_number, joined.note) == (call_id, "13800138000", "又来催一次")
    assert len(seat.opened.records.orders(10)) == 1
    assert running.order.status == "signed"


@pytest.mark.clause("FJ-13.4")
async def test_the_operator_sees_the_running_order_and_its_state_and_adds_the_call_to_it(
    sit: Sit, case: NewCase
) -> None:
    running = case("fujian").signed()
    async with sit("fujian") as operator:
        await operator.take()
        await operator.write("路灯还是不亮")
        await operator.press("f7")
        dialog = await operator.screen(ChoiceDialog)
        shown = "".join(str(option.prompt) for option in dialog.query_one(OptionList).options)
        assert "五四路路灯不亮" in shown
        assert "办理中" in shown
        await operator.press("1")
        await operator.until(lambda: operator.outcome == FollowedUp(running.order.number, running.id))
    assert [joined.note for joined in running.order.callers] == ["路灯还是不亮"]


@pytest.mark.clause("FJ-13.5")
def test_the_same_facts_again_are_refused_with_the_number_of_the_closed_order_only(line: NewLine) -> None:
    seat = line("fujian")
    assert missing(refuse(seat, "FJ-13.5")) == (("earlier_order",), "FJ-13.5")
    facts(refuse(seat, "FJ-13.5", earlier_order="260302900100012"))
    asked = script("in_progress_or_duplicate")
    assert asked.answer("yes").outcome == "resume"
    closed = asked.answer("no").answer("2").answer("next").answer("next")
    assert {run.outcome for run in _every_end(closed)} == {"refused"}


@pytest.mark.clause("FJ-13.5")
async def test_picked_from_the_list_it_first_asks_whether_the_facts_are_the_same(sit: Sit) -> None:
    async with sit("fujian") as operator:
        await operator.take()
        await operator.press("f5")
        await operator.pick("FJ-13.5")
        walked = await operator.screen(ScriptDialog)
        assert "FJ-13.5" in str(walked.query_one(".dialog-title", Static).render())
        assert "新的理由" in str(walked.query_one("#script-step", Static).render())


@pytest.mark.clause("FJ-13.6")
@pytest.mark.parametrize(
    ("name", "number"), [("police_110", "110"), ("fire_119", "119"), ("medical_120", "120"), ("traffic_122", "122")]
)
def test_the_first_screen_of_an_emergency_names_the_number_or_hands_over(line: NewLine, name: str, number: str) -> None:
    first = script(name)
    assert number in first.step.text
    assert first.step.kind == "choice"
    assert first.answer("1").way == "transfer"
    assert {option.way for option in first.step.options} == {"transfer", "three_way", "number_given"}
    assert line("fujian").desk.rule_book.refusal_for(name).clause == "FJ-13.6"  # type: ignore[union-attr]


@pytest.mark.clause("FJ-13.7")
def test_the_border_is_that_of_the_province(ask: Ask) -> None:
    assert proposed(ask, "我要投诉杭州市西湖区的公交车，每天都不准点") == "FJ-13.7"
    for own in ("厦门思明区的公交车每天都不准点", "宁德市的路灯坏了三天没人修"):
        assert proposed(ask, own) != "FJ-13.7"


@pytest.mark.clause("FJ-13.8")
def test_any_other_ground_is_given_in_writing(line: NewLine) -> None:
    seat = line("fujian")
    assert missing(refuse(seat, "FJ-13.8", told={})) == (("reason",), "FJ-13.8")
    facts(refuse(seat, "FJ-13.8", told={}, reason="违反电信条例"))


@pytest.mark.clause("FJ-13.z")
def test_no_refusal_is_saved_before_it_was_explained_and_the_caller_guided(line: NewLine) -> None:
    seat = line("fujian")
    for done, owed in (
        ({"explained": False, "guided": True}, ("explained",)),
        ({"explained": True, "guided": False}, ("guided",)),
        ({"explained": False, "guided": False}, ("explained", "guided")),
    ):
        call_id = seat.take()
        assert missing(seat.conclude(call_id, Refused("FJ-13.7", **done))) == (owed, "FJ-13.z")  # type: ignore[arg-type]
        assert seat.call(call_id).matters[0].outcome is None
    facts(refuse(seat, "FJ-13.7"))
