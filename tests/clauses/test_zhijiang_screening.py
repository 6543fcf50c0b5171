"""Zhijiang: the nine matters that are not taken."""

from __future__ import annotations

import pytest
from textual.widgets import OptionList

from agent_console.desk.calls import intake
from agent_console.domain.decisions import Decision
from agent_console.domain.intake.outcomes import FollowedUp, Refused
from knowledge.scripts.model import script_for
from knowledge.scripts.runner import Run, begin
from screens.dialogs.choice import ChoiceDialog

from ..cli.conftest import Ask
from ..screens.conftest import Sit
from ..support.rule_of import blocked, facts
from .conftest import Line, NewCase, NewLine, missing

CHANNEL = {"told_channel": "12348法律热线"}
NINE = tuple(f"ZJ-11.{item}" for item in range(1, 10))


def refuse(seat: Line, clause: str, note: str = "路灯不亮", **more: object) -> Decision:
    """A refusal that was explained and guided, unless told otherwise."""
    said: dict[str, object] = {"explained": True, "guided": True, "told": CHANNEL, **more}
    return seat.conclude(seat.take(), Refused(clause, **said), note)  # type: ignore[arg-type]


def script(name: str) -> Run:
    return begin(script_for(name), "zhijiang")


def proposed(ask: Ask, text: str) -> str:
    """The first clause the screening proposes; "" where the matter can be taken."""
    return str(ask("screen", text, "--jurisdiction=ZJ", "--json").json["clause"] or "")


@pytest.mark.clause("ZJ-11.0")
def test_exactly_nine_matters_are_refused(line: NewLine) -> None:
    seat = line("zhijiang")
    full = {**CHANNEL, "institution": "法院", "route": "诉讼"}
    for clause in NINE:
        facts(refuse(seat, clause, told=full, reason="另有渠道", earlier_order="260302900100012"))
    for clause in ("ZJ-11.0", "ZJ-11.10", "ZJ-11", "FJ-13.1", "BZ-6.1", ""):
        assert blocked(refuse(seat, clause, told=full))[1] == "matter.no_such_refusal"
    assert tuple(item.clause for item in seat.desk.rule_book.refusals) == NINE


@pytest.mark.clause("ZJ-11.0")
async def test_the_nine_items_are_one_key_away(sit: Sit) -> None:
    async with sit("zhijiang") as operator:
        await operator.take()
        await operator.press("f5")
        dialog = await operator.screen(ChoiceDialog)
        shown = "".join(str(option.prompt) for option in dialog.query_one(OptionList).options)
        assert [clause for clause in NINE if clause not in shown] == []


@pytest.mark.clause("ZJ-11.1")
def test_the_border_is_the_city(ask: Ask) -> None:
    assert proposed(ask, "我要投诉武汉的公交，每天都不准点") == "ZJ-11.1"
    assert proposed(ask, "枝江马家店的公交每天都不准点，我要投诉") != "ZJ-11.1"
    assert proposed(ask, "董市镇的路灯坏了三天没人修") == ""


@pytest.mark.clause("ZJ-11.2")
@pytest.mark.parametrize(
    ("said", "name", "number"),
    [
        ("有人在街上打架，动刀了", "police_110", "110"),
        ("楼上着火了", "fire_119", "119"),
        ("老人突然昏倒没有呼吸", "medical_120", "120"),
        ("两辆车撞了，有人受伤", "traffic_122", "122"),
    ],
)
def test_an_emergency_stands_first_with_the_number_to_dial_or_the_hand_over(
    ask: Ask, line: NewLine, said: str, name: str, number: str
) -> None:
    found = ask("screen", said, "--jurisdiction=ZJ", "--json").json
    assert found["clause"] == "ZJ-11.2"
    assert found["urgent"]
    first = script(name)
    assert number in first.step.text
    assert {option.way for option in first.step.options} == {"transfer", "three_way", "number_given"}
    item = line("zhijiang").desk.rule_book.refusal_for(name)
    assert item is not None
    assert (item.clause, item.emergency) == ("ZJ-11.2", True)


@pytest.mark.clause("ZJ-11.3")
def test_a_private_dispute_is_shown_the_way_to_talks_mediation_and_court(ask: Ask) -> None:
    assert proposed(ask, "邻居欠我五万块钱不还") == "ZJ-11.3"
    guide = script("civil_dispute").answer("no").answer("next")
    for way in ("再谈", "调解", "法院"):
        assert way in guide.step.text
    lawyer = guide.answer("next")
    assert "12348" in lawyer.step.text
    assert lawyer.answer("next").guided


@pytest.mark.clause("ZJ-11.4")
def test_a_vague_matter_is_asked_for_place_time_persons_and_request_once_more(line: NewLine) -> None:
    item = line("zhijiang").desk.rule_book.refusal_for("vague_unreasonable")
    assert item is not None
    assert item.clause == "ZJ-11.4"
    first = script("vague_unreasonable")
    assert first.step.kind == "ask"
    for word in ("什么地方", "什么时候", "是谁", "希望怎么办"):
        assert word in first.step.text
    assert not first.explained
    assert first.answer("next", "就在那儿").answer("yes").outcome == "resume"


@pytest.mark.clause("ZJ-11.5")
def test_the_record_names_the_procedure_and_of_petitions_only_the_review(line: NewLine, ask: Ask) -> None:
    seat = line("zhijiang")
    assert missing(refuse(seat, "ZJ-11.5")) == (("route",), "ZJ-11.5")
    for route in ("诉讼", "仲裁", "行政复议", "信访复查复核", "其他法定程序"):
        facts(refuse(seat, "ZJ-11.5", told={**CHANNEL, "route": route}))
    assert blocked(refuse(seat, "ZJ-11.5", told={**CHANNEL, "route": "信访"})) == (("ZJ-11.5",), "record.not_allowed")
    assert proposed(ask, "一审判了我输，请12345给我改判") == "ZJ-11.5"
    assert proposed(ask, "我准备去信访局上访反映路灯的事") != "ZJ-11.5"


@pytest.mark.clause("ZJ-11.6")
def test_the_record_names_one_of_five_bodies_and_the_congress_is_not_among_them(line: NewLine, ask: Ask) -> None:
    seat = line("zhijiang")
    assert missing(refuse(seat, "ZJ-11.6")) == (("institution",), "ZJ-11.6")
    for body in ("纪检监察", "法院", "检察院", "军队", "武警"):
        facts(refuse(seat, "ZJ-11.6", told={**CHANNEL, "institution": body}))
    for body in ("人大", "政协", "公安局"):
        decision = refuse(seat, "ZJ-11.6", told={**CHANNEL, "institution": body})
        assert blocked(decision) == (("ZJ-11.6",), "record.not_allowed")
    assert proposed(ask, "村支书贪污修路的公款") == "ZJ-11.6"
    assert seat.desk.rule_book.refusal_for("congress_cppcc") is None


@pytest.mark.clause("ZJ-11.7")
@pytest.mark.parametrize("name", ["secret", "privacy"])
def test_of_secrets_and_private_life_only_category_and_time_are_kept(line: NewLine, name: str) -> None:
    seat = line("zhijiang")
    call_id = seat.take()
    said = Refused("ZJ-11.7", name, explained=True, guided=True, reason="配方", told=CHANNEL)
    facts(seat.conclude(call_id, said, note="他家的配方是这样的", words="配方"))
    [matter] = seat.call(call_id).matters
    assert (matter.note, matter.words) == ("", "")
    assert matter.outcome == Refused("ZJ-11.7", name, explained=True, guided=True)
    assert matter.concluded_at == seat.clock.now()


@pytest.mark.clause("ZJ-11.8")
@pytest.mark.parametrize("ended", [False, True])
def test_the_same_complaint_again_names_the_order_be_it_running_or_done(
    line: NewLine, case: NewCase, ended: bool
) -> None:
    earlier = case("zhijiang").completed() if ended else case("zhijiang").signed()
    seat = line("zhijiang")
    assert missing(refuse(seat, "ZJ-11.8")) == (("earlier_order",), "ZJ-11.8")
    facts(refuse(seat, "ZJ-11.8", earlier_order=earlier.order.number))
    assert script("in_progress_or_duplicate").answer("yes").outcome == "resume"


@pytest.mark.clause("ZJ-11.8")
def test_who_asks_again_is_written_into_the_running_order(line: NewLine, case: NewCase) -> None:
    running = case("zhijiang").signed()
    seat = line("zhijiang")
    call_id = seat.take()
    facts(seat.conclude(call_id, FollowedUp(running.order.number, running.id), note="又来催一次"))
    assert [joined.note for joined in running.order.callers] == ["又来催一次"]
    assert len(seat.opened.records.orders(10)) == 1


@pytest.mark.clause("ZJ-11.9")
def test_any_other_ground_is_given_in_writing(line: NewLine) -> None:
    seat = line("zhijiang")
    assert missing(refuse(seat, "ZJ-11.9")) == (("reason",), "ZJ-11.9")
    facts(refuse(seat, "ZJ-11.9", reason="涉及未公开的人事安排"))


@pytest.mark.clause("ZJ-15.2")
def test_a_refusal_waits_for_the_explanation_the_guidance_and_the_channel_that_was_told(line: NewLine) -> None:
    seat = line("zhijiang")
    call_id = seat.take()
    for said, owed in (
        (Refused("ZJ-11.1"), ("explained", "guided")),
        (Refused("ZJ-11.1", explained=True, told=CHANNEL), ("guided",)),
        (Refused("ZJ-11.1", guided=True, told=CHANNEL), ("explained",)),
        (Refused("ZJ-11.1", explained=True, guided=True), ("told_channel",)),
    ):
        assert missing(seat.conclude(call_id, said)) == (owed, "ZJ-15.2")
    assert seat.call(call_id).matters[0].outcome is None
    facts(seat.conclude(call_id, Refused("ZJ-11.1", explained=True, guided=True, told=CHANNEL)))
    facts(intake.close(seat.desk, call_id))
    outcome = seat.call(call_id).matters[0].outcome
    assert isinstance(outcome, Refused)
    assert outcome.told == {"told_channel": "12348法律热线"}
