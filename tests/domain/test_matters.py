"""How a matter ends: exactly one outcome, by the rule book."""

from __future__ import annotations

import msgspec
import pytest

from agent_console.domain.decisions import Missing
from agent_console.domain.events import type_of
from agent_console.domain.instants import parse
from agent_console.domain.intake.calls import OpenMatter
from agent_console.domain.intake.matters import CallbackOpened, Conclude, MatterConcluded
from agent_console.domain.intake.outcomes import (
    Answered,
    Ended,
    FollowedUp,
    Interrupted,
    Ordered,
    Outcome,
    Refused,
    Transferred,
    name_of,
)
from tests.support.clock import MONDAY
from tests.support.rule_of import blocked, facts
from tests.support.stories import CallStory

OUTCOMES: tuple[tuple[str, Outcome], ...] = (
    ("answered", Answered("kb-1", 3)),
    ("refused", Refused("FJ-13.7", explained=True, guided=True)),
    ("transferred", Transferred("供水公司", "three_way")),
    ("ordered", Ordered("o1", "260302900100012")),
    ("followed_up", FollowedUp("260302900100012")),
    ("interrupted", Interrupted("fire", ("address",))),
    ("ended", Ended("out_of_area", 2, ("where:1",), "HB-2.2", explained=True, guided=True)),
)


@pytest.mark.parametrize(("name", "outcome"), OUTCOMES, ids=[name for name, _ in OUTCOMES])
@pytest.mark.clause("FJ-5.2")
def test_a_matter_ends_in_one_of_seven_ways(name: str, outcome: Outcome) -> None:
    story = CallStory.taken()
    facts(story.do(Conclude("m1", outcome, note="路灯不亮", callback_task="t1")))
    [matter] = story.call.matters
    assert matter.outcome == outcome
    assert name_of(outcome) == name
    assert (matter.note, matter.concluded_at) == ("路灯不亮", parse(MONDAY))


@pytest.mark.parametrize("second", [outcome for _, outcome in OUTCOMES], ids=[name for name, _ in OUTCOMES])
def test_an_outcome_is_never_given_twice(second: Outcome) -> None:
    story = CallStory.taken()
    facts(story.do(Conclude("m1", Answered("kb-1", 3))))
    assert blocked(story.do(Conclude("m1", second))) == ((), "matter.has_outcome")
    assert story.call.matters[0].outcome == Answered("kb-1", 3)


def test_what_the_screening_proposed_and_what_the_operator_chose_are_both_kept() -> None:
    story = CallStory.taken()
    [concluded] = facts(
        story.do(Conclude("m1", Answered("kb-1", 3), proposed=("litigation", "accept"), chosen="accept"))
    )
    assert isinstance(concluded, MatterConcluded)
    assert (concluded.proposed, concluded.chosen) == (("litigation", "accept"), "accept")
    assert story.call.matters[0].chosen == "accept"


@pytest.mark.clause("FJ-14.1")
def test_an_answer_names_its_entry_or_says_what_was_answered() -> None:
    assert CallStory.taken().do(Conclude("m1", Answered(), note="  ")) == Missing(("answer",))
    facts(CallStory.taken().do(Conclude("m1", Answered(), words="周一到周五办理")))
    facts(CallStory.taken().do(Conclude("m1", Answered(), note="问户口，已答")))
    facts(CallStory.taken().do(Conclude("m1", Answered("kb-1", 3))))


@pytest.mark.parametrize(
    ("outcome", "field"),
    [
        (Transferred("", "transfer"), "target"),
        (Transferred("供水公司", ""), "way"),
        (Transferred("", ""), "target"),
        (FollowedUp(""), "earlier_order"),
        (Ordered("", ""), "order"),
    ],
)
def test_an_outcome_says_where_the_matter_went(outcome: Outcome, field: str) -> None:
    assert CallStory.taken().do(Conclude("m1", outcome)) == Missing((field,))


def test_a_caller_who_is_gone_is_owed_a_call_back() -> None:
    story = CallStory.taken()
    decision = story.do(Conclude("m1", Interrupted("fire", ("address", "people")), callback_task="t1"))
    concluded, callback = facts(decision)
    assert isinstance(concluded, MatterConcluded)
    assert concluded.outcome == Interrupted("fire", ("address", "people"))
    assert callback == CallbackOpened("t1", "m1", parse(MONDAY))


def test_no_other_outcome_opens_a_callback() -> None:
    for name, outcome in OUTCOMES:
        if isinstance(outcome, Interrupted):
            continue
        led_to = facts(CallStory.taken().do(Conclude("m1", outcome)))
        assert not any(isinstance(fact, CallbackOpened) for fact in led_to), name


TOLD = {"told_channel": "12348"}
"""The channel a refused caller was told, which the Zhijiang draft wants recorded."""

REFUSING = [
    pytest.param("fujian", "FJ-13.7", "FJ-13.z", marks=pytest.mark.clause("FJ-13.z")),
    pytest.param("zhijiang", "ZJ-11.1", "ZJ-15.2", marks=pytest.mark.clause("ZJ-15.2")),
    pytest.param("binzhou", "BZ-6.4", "BZ-22.1c", marks=pytest.mark.clause("BZ-22.1c")),
    pytest.param("hebi", "HB-5.1", "HB-5.0", marks=pytest.mark.clause("HB-5.0")),
    pytest.param("fuzhou", "FJ-13.7", "FJ-13.z", marks=pytest.mark.clause("FJ-13.z")),
]


@pytest.mark.parametrize(("jurisdiction", "item", "clause"), REFUSING)
def test_a_refusal_owes_the_caller_explanation_and_guidance(jurisdiction: str, item: str, clause: str) -> None:
    story = CallStory.taken(jurisdiction)
    assert story.do(Conclude("m1", Refused(item))) == Missing(("explained", "guided"), clause)
    assert story.do(Conclude("m1", Refused(item, explained=True))) == Missing(("guided",), clause)
    assert story.do(Conclude("m1", Refused(item, guided=True))) == Missing(("explained",), clause)
    facts(story.do(Conclude("m1", Refused(item, explained=True, guided=True, told=TOLD))))


@pytest.mark.parametrize(
    ("jurisdiction", "foreign"),
    [
        ("fujian", "ZJ-11.1"),
        ("fujian", "FJ-13.9"),
        ("fujian", ""),
        ("zhijiang", "FJ-13.4"),
        ("binzhou", "FJ-13.6"),
        ("hebi", "BZ-6.5"),
        ("fuzhou", "HB-5.1"),
    ],
)
def test_nothing_is_refused_on_a_clause_outside_the_list(jurisdiction: str, foreign: str) -> None:
    decision = CallStory.taken(jurisdiction).do(Conclude("m1", Refused(foreign, explained=True, guided=True)))
    assert blocked(decision) == ((), "matter.no_such_refusal")


@pytest.mark.parametrize(
    ("jurisdiction", "item"),
    [
        pytest.param("fujian", "FJ-13.8", marks=pytest.mark.clause("FJ-13.8")),
        pytest.param("zhijiang", "ZJ-11.9", marks=pytest.mark.clause("ZJ-11.9")),
        pytest.param("hebi", "HB-5.4", marks=pytest.mark.clause("HB-5.4")),
        ("fuzhou", "FJ-13.8"),
    ],
)
def test_the_last_item_of_a_list_needs_a_written_reason(jurisdiction: str, item: str) -> None:
    story = CallStory.taken(jurisdiction)
    bare = Refused(item, explained=True, guided=True, told=TOLD)
    assert story.do(Conclude("m1", bare)) == Missing(("reason",), item)
    assert story.do(Conclude("m1", bare, words=" ")) == Missing(("reason",), item)
    facts(story.do(Conclude("m1", bare, words="违反广告法")))


@pytest.mark.parametrize(
    ("jurisdiction", "item"),
    [
        pytest.param("fujian", "FJ-13.5", marks=pytest.mark.clause("FJ-13.5")),
        pytest.param("zhijiang", "ZJ-11.8", marks=pytest.mark.clause("ZJ-11.8")),
    ],
)
def test_refusing_a_repeat_names_the_order_it_repeats(jurisdiction: str, item: str) -> None:
    story = CallStory.taken(jurisdiction)
    decision = story.do(Conclude("m1", Refused(item, explained=True, guided=True)))
    assert decision == Missing(("earlier_order",), item)
    facts(
        story.do(Conclude("m1", Refused(item, explained=True, guided=True, earlier_order="260302900100012", told=TOLD)))
    )


@pytest.mark.parametrize(
    ("jurisdiction", "item"),
    [
        pytest.param("fujian", "FJ-13.1", marks=pytest.mark.clause("FJ-13.1")),
        pytest.param("zhijiang", "ZJ-11.7", marks=pytest.mark.clause("ZJ-11.7")),
        pytest.param("binzhou", "BZ-6.6", marks=pytest.mark.clause("BZ-6.6")),
        ("fuzhou", "FJ-13.1"),
    ],
)
def test_of_a_secret_category_and_time_are_kept_and_nothing_else(jurisdiction: str, item: str) -> None:
    story = CallStory.taken(jurisdiction)
    outcome = Refused(item, screening_class="secret", reason="某型号参数", explained=True, guided=True, told=TOLD)
    [concluded] = facts(
        story.do(Conclude("m1", outcome, note="某型号参数", words="某型号参数", proposed=("secret",), chosen="secret"))
    )
    assert isinstance(concluded, MatterConcluded)
    assert "某型号参数" not in str(concluded)
    [matter] = story.call.matters
    assert isinstance(matter.outcome, Refused)
    assert (matter.outcome.clause, matter.chosen, matter.concluded_at) == (item, "secret", parse(MONDAY))


@pytest.mark.parametrize(("jurisdiction", "item"), [("fujian", "FJ-13.1"), ("binzhou", "BZ-6.6")])
def test_of_a_secret_nothing_more_is_kept_where_the_caller_hung_up_in_its_script(jurisdiction: str, item: str) -> None:
    story = CallStory.taken(jurisdiction)
    gone = Interrupted("secret", ("explain:hangup",), 2, item)
    facts(story.do(Conclude("m1", gone, note="内容", words="内容", chosen="secret", callback_task="t1")))
    [matter] = story.call.matters
    assert (matter.outcome, matter.chosen) == (gone, "secret")
    assert (matter.note, matter.words) == ("", "")


def test_what_ends_beside_the_list_owes_the_caller_explanation_and_guidance_too() -> None:
    story = CallStory.taken("hebi")
    ended = Ended("out_of_area", 2, (), "HB-2.2", explained=True)
    assert story.do(Conclude("m1", ended)) == Missing(("guided",), "HB-5.0")


@pytest.mark.parametrize(
    ("stored", "outcome"),
    [
        (b'{"type":"interrupted","script":"fire_119","path":["a:hangup"]}', Interrupted("fire_119", ("a:hangup",))),
        (b'{"type":"followed_up","number":"1","order":"o"}', FollowedUp("1", "o")),
        (b'{"type":"transferred","target":"119","way":"transfer"}', Transferred("119", "transfer")),
    ],
)
def test_outcomes_of_earlier_versions_are_read(stored: bytes, outcome: Outcome) -> None:
    assert msgspec.json.decode(stored, type=Outcome) == outcome


def test_the_note_of_any_other_refusal_is_kept() -> None:
    story = CallStory.taken()
    facts(story.do(Conclude("m1", Refused("FJ-13.7", explained=True, guided=True), note="外省高速公路")))
    assert story.call.matters[0].note == "外省高速公路"


def test_free_text_of_an_outcome_is_sealed() -> None:
    assert {"note", "words", "outcome"} <= set(type_of(MatterConcluded("m1", Answered(), 0)).personal)


def test_each_matter_of_a_call_owes_its_own_explanation() -> None:
    story = CallStory.taken()
    facts(story.do(Conclude("m1", Refused("FJ-13.7", explained=True, guided=True))))
    facts(story.do(OpenMatter("m2")))
    assert story.do(Conclude("m2", Refused("FJ-13.7"))) == Missing(("explained", "guided"), "FJ-13.z")


@pytest.mark.parametrize(
    ("jurisdiction", "item", "needs"),
    [
        pytest.param("fujian", "FJ-13.2", ("institution",), marks=pytest.mark.clause("FJ-13.2")),
        pytest.param("fujian", "FJ-13.3", ("route",), marks=pytest.mark.clause("FJ-13.3")),
        pytest.param("zhijiang", "ZJ-11.5", ("route",), marks=pytest.mark.clause("ZJ-11.5")),
        pytest.param("zhijiang", "ZJ-11.6", ("institution",), marks=pytest.mark.clause("ZJ-11.6")),
        pytest.param("binzhou", "BZ-6.1", ("institution",), marks=pytest.mark.clause("BZ-6.1")),
        pytest.param("binzhou", "BZ-6.2", ("route",), marks=pytest.mark.clause("BZ-6.2")),
        pytest.param("binzhou", "BZ-6.3", ("petition_office", "petition_date"), marks=pytest.mark.clause("BZ-6.3")),
        pytest.param("hebi", "HB-5.3", ("institution",), marks=pytest.mark.clause("HB-5.3")),
    ],
)
def test_a_refusal_records_what_its_item_asks_for(jurisdiction: str, item: str, needs: tuple[str, ...]) -> None:
    story = CallStory.taken(jurisdiction)
    assert story.do(Conclude("m1", Refused(item, explained=True, guided=True))) == Missing(needs, item)
    body = "司法机关" if jurisdiction == "binzhou" else "法院"
    told = {**dict.fromkeys(needs, "诉讼" if "route" in needs else body), **TOLD}
    facts(story.do(Conclude("m1", Refused(item, explained=True, guided=True, told=told))))
