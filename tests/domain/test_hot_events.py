"""Hot events and alarms: who pins, who answers, who takes care."""

from __future__ import annotations

import msgspec
import pytest

from agent_console.domain.decisions import Decision, Done, Missing
from agent_console.domain.oversight import alarms, hot_events
from agent_console.domain.oversight.alarms import Care, ReleaseAlarm, TakeAlarm
from agent_console.domain.oversight.hot_events import (
    AnswerFromEvent,
    ChangeEvent,
    HotEvent,
    HotWords,
    PinEvent,
    UnpinEvent,
    tells_of,
)
from agent_console.domain.people import Actor

from ..support.rule_of import CENTRE, CLERK, LEAD, OPERATOR, blocked, context, facts

WORDS = HotWords("五四路停水", "主管爆裂，今晚十点前恢复", ("五四路", "温泉支路"), ("停水", "没水"))


def after(event: HotEvent, command: hot_events.Command, actor: Actor = LEAD) -> HotEvent:
    """The event once an allowed command was taken."""
    for happened in facts(decide(event, command, actor)):
        event = hot_events.evolve(event, happened)
    return event


def decide(event: HotEvent, command: hot_events.Command, actor: Actor = LEAD) -> Decision:
    return hot_events.decide(event, command, context("fujian", actor=actor))


def pinned() -> HotEvent:
    return after(HotEvent(), PinEvent("e1", WORDS))


@pytest.mark.parametrize("actor", [LEAD, CENTRE])
def test_those_who_lead_pin_an_event_and_end_it(actor: Actor) -> None:
    event = after(HotEvent(), PinEvent("e1", WORDS), actor)
    assert (event.is_pinned, event.words, event.by, event.rule_book) == (True, WORDS, actor.name, "fujian")
    assert not after(event, UnpinEvent(), actor).is_pinned


@pytest.mark.parametrize("actor", [OPERATOR, CLERK])
@pytest.mark.parametrize("command", [PinEvent("e2", WORDS), ChangeEvent(WORDS), UnpinEvent()])
def test_nobody_else_does(actor: Actor, command: hot_events.Command) -> None:
    assert blocked(decide(pinned(), command, actor)) == ((), "order.not_your_step")


@pytest.mark.parametrize(
    ("words", "wanting"),
    [
        (HotWords("", ""), ("title", "answer", "topics")),
        (HotWords("停水", "今晚恢复"), ("topics",)),
        (HotWords("停水", "", ("五四路",)), ("answer",)),
    ],
)
def test_without_answer_or_anything_to_know_it_by_it_is_not_pinned(words: HotWords, wanting: tuple[str, ...]) -> None:
    assert decide(HotEvent(), PinEvent("e1", words)) == Missing(wanting)
    assert decide(pinned(), ChangeEvent(words)) == Missing(wanting)


def test_every_operator_answers_from_it_and_it_counts() -> None:
    event = after(after(pinned(), AnswerFromEvent("c1", "m1"), OPERATOR), AnswerFromEvent("c2", "m1"), OPERATOR)
    assert event.answered == 2


def test_an_answer_that_changed_is_another_version_and_the_same_once_more_is_none() -> None:
    changed = msgspec.structs.replace(WORDS, answer="明早六点恢复")
    event = after(pinned(), ChangeEvent(changed))
    assert (event.version, event.words.answer) == (2, "明早六点恢复")
    assert decide(event, ChangeEvent(changed)) == Done(())


def test_what_is_over_or_confidential_is_not_answered_from_it() -> None:
    ended = after(pinned(), UnpinEvent())
    assert blocked(decide(ended, AnswerFromEvent("c1", "m1"), OPERATOR)) == ((), "hot.not_pinned")
    confidential = AnswerFromEvent("c1", "m1", confidential=True)
    assert blocked(decide(pinned(), confidential, OPERATOR)) == ((), "hot.confidential")


@pytest.mark.parametrize(
    ("note", "matches"),
    [
        ("五四路这边停水了", True),
        ("温泉支路 早上起就没水", True),
        ("鼓东路停水", False),
        ("五四路路灯不亮", False),
        ("", False),
    ],
)
def test_a_note_tells_of_it_by_place_and_topic(note: str, matches: bool) -> None:
    assert tells_of(WORDS, note) is matches


def test_an_alarm_is_taken_by_one_lead_and_left_to_others_only_by_them() -> None:
    care = Care()
    [taken] = facts(alarms.decide(care, TakeAlarm("parked:c1:1"), context("fujian", actor=LEAD)))
    care = alarms.evolve(care, taken)
    assert care.by == LEAD.name
    assert facts(alarms.decide(care, TakeAlarm("parked:c1:1"), context("fujian", actor=LEAD))) == ()
    other = context("fujian", actor=Actor("王班长", "lead"))
    assert blocked(alarms.decide(care, TakeAlarm("parked:c1:1"), other)) == ((), "alarm.taken_by")
    assert blocked(alarms.decide(care, ReleaseAlarm(), other)) == ((), "alarm.taken_by")
    [released] = facts(alarms.decide(care, ReleaseAlarm(), context("fujian", actor=LEAD)))
    assert alarms.evolve(care, released) == Care()


def test_an_operator_takes_no_alarm() -> None:
    decision = alarms.decide(Care(), TakeAlarm("a"), context("fujian", actor=OPERATOR))
    assert blocked(decision) == ((), "order.not_your_step")
