"""A call, from answering it to closing its record."""

from __future__ import annotations

import pytest

from agent_console.domain.decisions import Blocked, Done, Missing
from agent_console.domain.instants import parse
from agent_console.domain.intake.calls import (
    CallClosed,
    CallEnded,
    CallInvalid,
    CallTaken,
    CloseCall,
    Command,
    DescribeCaller,
    DropMatter,
    HangUp,
    MarkInvalid,
    OpenMatter,
    ParkCall,
    ResumeCall,
    TakeCall,
    evolve,
)
from agent_console.domain.intake.matters import Conclude, MatterOpened
from agent_console.domain.intake.outcomes import Answered
from agent_console.domain.intake.seats import SignedIn
from tests.support.clock import MONDAY
from tests.support.rule_of import blocked, facts
from tests.support.stories import CallStory

ANSWERED = Conclude("m1", Answered("kb-1", 1))
REASONS = ("无声", "误拨", "骚扰", "断线", "恶作剧")


def finished() -> CallStory:
    story = CallStory.taken()
    facts(story.do(ANSWERED))
    return story


def test_answering_opens_the_call_and_its_first_matter() -> None:
    now = parse(MONDAY)
    story = CallStory()
    decision = story.do(TakeCall("c1", "m1", "13800138000", "陈女士", "phone", "12319", "pbx-7"))
    taken = CallTaken("c1", "13800138000", "陈女士", "phone", "12319", "pbx-7", "张三", now)
    assert decision == Done((taken, MatterOpened("m1", now)))
    assert (story.call.status, story.call.operator, story.call.taken_at) == ("live", "张三", now)


def test_a_call_can_be_taken_with_no_number_at_all() -> None:
    story = CallStory()
    facts(story.do(TakeCall("c1", "m1")))
    assert story.call.number == ""


@pytest.mark.parametrize("hour", ["2026-03-01T03:00+08:00", "2026-02-17T00:00+08:00", "2026-03-02T23:59+08:00"])
@pytest.mark.clause("FJ-3.2")
@pytest.mark.clause("ZJ-9.0")
@pytest.mark.clause("BZ-4")
@pytest.mark.clause("FZ-4.4")
def test_a_call_is_taken_at_any_hour_of_any_day(hour: str) -> None:
    for jurisdiction in ("fujian", "zhijiang", "binzhou", "fuzhou"):
        facts(CallStory(jurisdiction, hour).do(TakeCall("c1", "m1")))


@pytest.mark.parametrize(
    ("jurisdiction", "channel"),
    [
        ("fujian", "phone"),
        ("zhijiang", "phone"),
        ("binzhou", "phone"),
        ("hebi", "12345_hotline"),
        ("fuzhou", "phone"),
    ],
)
def test_a_call_comes_by_telephone_unless_said_otherwise(jurisdiction: str, channel: str) -> None:
    assert CallStory.taken(jurisdiction).call.channel == channel


@pytest.mark.parametrize(
    ("jurisdiction", "channel", "clause"),
    [
        pytest.param("fujian", "qq", "FJ-2.1", marks=pytest.mark.clause("FJ-2.1")),
        pytest.param("zhijiang", "mailbox", "ZJ-2", marks=pytest.mark.clause("ZJ-2")),
        pytest.param("binzhou", "visit", "BZ-4", marks=pytest.mark.clause("BZ-9")),
        pytest.param("hebi", "phone", "HB-6.2.0", marks=pytest.mark.clause("HB-2.1")),
        pytest.param("fuzhou", "web", "FZ-4.3", marks=pytest.mark.clause("FZ-4.3")),
    ],
)
def test_no_channel_outside_the_rule_book(jurisdiction: str, channel: str, clause: str) -> None:
    missing = Missing(("channel",), clause)
    assert CallStory(jurisdiction).do(TakeCall("c1", "m1", channel=channel)) == missing
    assert CallStory.taken(jurisdiction).do(DescribeCaller(channel=channel)) == missing


def test_a_call_is_answered_once() -> None:
    assert blocked(CallStory.taken().do(TakeCall("c2", "m2"))) == ((), "call.already_taken")


def test_who_calls_is_written_down_as_it_is_told() -> None:
    story = CallStory.taken()
    who = DescribeCaller("13800138000", "陈女士", "13900139000", "citizen", "web", "闽南语", confidential=True)
    facts(story.do(who))
    call = story.call
    assert (call.caller_name, call.contact, call.caller_type) == ("陈女士", "13900139000", "citizen")
    assert (call.channel, call.language, call.confidential) == ("web", "闽南语", True)


def test_the_channel_stays_where_it_is_not_told_again() -> None:
    story = CallStory.taken("hebi")
    facts(story.do(DescribeCaller(caller_name="陈女士")))
    assert story.call.channel == "12345_hotline"


def test_writing_down_the_same_again_is_no_event() -> None:
    story = CallStory.taken()
    who = DescribeCaller("13800138000", caller_name="陈女士")
    facts(story.do(who))
    assert facts(story.do(who)) == ()


@pytest.mark.parametrize(
    ("jurisdiction", "known", "unknown", "clause"),
    [
        pytest.param("fujian", "organisation", "public", "FJ-2.2", marks=pytest.mark.clause("FJ-2.2")),
        pytest.param("zhijiang", "legal_person", "enterprise", "ZJ-3", marks=pytest.mark.clause("ZJ-3")),
        pytest.param("binzhou", "public", "citizen", "BZ-4"),
        pytest.param("hebi", "enterprise", "citizen", "HB-2.2", marks=pytest.mark.clause("HB-2.2")),
        pytest.param("fuzhou", "organisation", "public", "FJ-2.2"),
    ],
)
def test_no_type_of_caller_outside_the_rule_book(jurisdiction: str, known: str, unknown: str, clause: str) -> None:
    story = CallStory.taken(jurisdiction)
    assert story.do(DescribeCaller(caller_type=unknown)) == Missing(("caller_type",), clause)
    facts(story.do(DescribeCaller(caller_type=known)))
    assert story.call.caller_type == known


@pytest.mark.parametrize(
    ("jurisdiction", "clauses"),
    [
        pytest.param("fujian", ("FJ-5.2",), marks=pytest.mark.clause("FJ-5.2")),
        pytest.param("zhijiang", ("ZJ-7.2",), marks=pytest.mark.clause("ZJ-7.2")),
        pytest.param("binzhou", ("BZ-14.2b",), marks=pytest.mark.clause("BZ-14.2b")),
        ("hebi", ()),
        ("fuzhou", ("FJ-5.2",)),
    ],
)
@pytest.mark.parametrize("leaving", [CloseCall(), OpenMatter("m2")])
def test_a_matter_without_outcome_is_not_left(jurisdiction: str, clauses: tuple[str, ...], leaving: Command) -> None:
    story = CallStory.taken(jurisdiction)
    assert blocked(story.do(leaving)) == (clauses, "matter.owes_outcome")


def test_the_message_says_which_matter_still_waits() -> None:
    story = finished()
    facts(story.do(OpenMatter("m2")))
    decision = story.do(CloseCall())
    assert isinstance(decision, Blocked)
    assert decision.message.fields == {"number": 2}


def test_one_call_holds_several_matters_each_with_its_own_outcome() -> None:
    story = finished()
    facts(story.do(OpenMatter("m2")))
    facts(story.do(Conclude("m2", Answered("kb-2", 1))))
    facts(story.do(CloseCall()))
    assert [matter.outcome for matter in story.call.matters] == [Answered("kb-1", 1), Answered("kb-2", 1)]


def test_a_matter_opened_by_mistake_is_taken_back() -> None:
    story = finished()
    facts(story.do(OpenMatter("m2")))
    facts(story.do(DropMatter("m2")))
    assert [matter.id for matter in story.call.matters] == ["m1"]
    facts(story.do(CloseCall()))


def test_a_matter_that_was_written_down_is_not_taken_back() -> None:
    story = finished()
    facts(story.do(OpenMatter("m2")))
    assert blocked(story.do(DropMatter("m2", written=True))) == ((), "matter.cannot_drop")


def test_the_only_matter_of_a_call_is_not_taken_back() -> None:
    assert blocked(CallStory.taken().do(DropMatter("m1"))) == ((), "matter.cannot_drop")


def test_a_matter_with_an_outcome_is_not_taken_back() -> None:
    story = finished()
    facts(story.do(OpenMatter("m2")))
    assert blocked(story.do(DropMatter("m1"))) == ((), "matter.cannot_drop")


def test_a_matter_is_opened_once() -> None:
    assert blocked(finished().do(OpenMatter("m1"))) == ((), "matter.already_opened")


def test_an_unknown_matter_gets_no_outcome() -> None:
    assert blocked(CallStory.taken().do(Conclude("m9", Answered("kb-1", 1)))) == ((), "matter.unknown")


def test_hanging_up_stops_the_clock_and_keeps_the_record_open() -> None:
    story = CallStory.taken()
    facts(story.do(HangUp(), at="2026-03-02T10:04:00+08:00"))
    assert story.call.ended_at == parse("2026-03-02T10:04:00+08:00")
    assert story.call.unfinished
    assert facts(story.do(HangUp())) == ()


def test_closing_a_call_also_hangs_up() -> None:
    story = finished()
    now = parse("2026-03-02T10:04:00+08:00")
    assert facts(story.do(CloseCall(), at="2026-03-02T10:04:00+08:00")) == (CallEnded(now), CallClosed(now))


def test_closing_after_the_line_is_gone_keeps_the_time_of_hanging_up() -> None:
    story = finished()
    facts(story.do(HangUp(), at="2026-03-02T10:04:00+08:00"))
    facts(story.do(CloseCall(), at="2026-03-02T10:09:00+08:00"))
    assert story.call.ended_at == parse("2026-03-02T10:04:00+08:00")
    assert story.call.closed_at == parse("2026-03-02T10:09:00+08:00")
    assert not story.call.unfinished


def test_a_parked_call_stays_unfinished_until_it_is_taken_up_again_and_closed() -> None:
    story = CallStory.taken()
    facts(story.do(ParkCall()))
    assert (story.call.status, story.call.unfinished) == ("parked", True)
    assert facts(story.do(ParkCall())) == ()
    facts(story.do(ResumeCall()))
    assert story.call.status == "live"
    assert facts(story.do(ResumeCall())) == ()


def test_a_parked_call_can_be_given_its_outcome() -> None:
    story = CallStory.taken()
    facts(story.do(ParkCall()))
    facts(story.do(ANSWERED))
    facts(story.do(CloseCall()))
    assert story.call.status == "closed"


@pytest.mark.parametrize("reason", REASONS)
def test_an_invalid_call_has_a_reason_and_no_matter(reason: str) -> None:
    story = CallStory.taken()
    now = parse(MONDAY)
    assert facts(story.do(MarkInvalid(reason, REASONS))) == (CallInvalid(reason, now),)
    assert (story.call.status, story.call.reason, story.call.matters) == ("invalid", reason, ())
    assert not story.call.unfinished


@pytest.mark.parametrize("reason", ["", "没听清"])
def test_an_invalid_call_needs_one_of_the_reasons(reason: str) -> None:
    assert CallStory.taken().do(MarkInvalid(reason, REASONS)) == Missing(("reason",))


def test_a_call_that_brought_an_outcome_is_not_invalid() -> None:
    assert blocked(finished().do(MarkInvalid("断线", REASONS))) == ((), "call.has_outcomes")


COMMANDS: tuple[Command, ...] = (
    DescribeCaller(caller_name="陈女士"),
    OpenMatter("m2"),
    DropMatter("m1"),
    ANSWERED,
    ParkCall(),
    ResumeCall(),
    HangUp(),
    CloseCall(),
    MarkInvalid("无声", REASONS),
)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: type(command).__name__)
def test_nothing_happens_to_a_call_before_it_is_taken_or_after_it_is_finished(command: Command) -> None:
    closed = finished()
    facts(closed.do(CloseCall()))
    invalid = CallStory.taken()
    facts(invalid.do(MarkInvalid("无声", REASONS)))
    for story in (CallStory(), closed, invalid):
        assert blocked(story.do(command)) == ((), "call.not_open")


@pytest.mark.parametrize("strange", [None, SignedIn("张三", 0)])
def test_what_cannot_be_read_changes_nothing(strange: SignedIn | None) -> None:
    call = finished().call
    assert evolve(call, strange) == call
