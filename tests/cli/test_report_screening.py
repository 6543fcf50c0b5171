"""`agent-console report screening`: where people and the screening differ."""

from __future__ import annotations

import pytest

from agent_console.desk.calls import intake
from agent_console.desk.opening import OpenDesk
from agent_console.domain.intake.outcomes import Answered, FollowedUp, Interrupted, Outcome, Refused, Transferred

from ..conftest import Office
from ..support.rule_of import facts
from .conftest import Ask

FJ = "--jurisdiction=FJ"
REFUSED = Refused("FJ-13.7", "out_of_area", explained=True, guided=True)


@pytest.fixture(autouse=True)
def in_march(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGENT_CONSOLE_NOW", "2026-03-02T10:00:00+08:00")


def ended(seat: OpenDesk, proposed: tuple[str, ...], outcome: Outcome, chosen: str = "") -> str:
    """Id of a call whose matter ended so after these were proposed."""
    decision, call = intake.take_call(seat.desk, "13800138000")
    facts(decision)
    matter = seat.desk.call(call).matters[0].id
    facts(intake.conclude(seat.desk, call, matter, outcome, intake.Telling("说明", "说明", proposed, chosen)))
    facts(intake.close(seat.desk, call))
    return call


def test_it_counts_where_what_was_taken_is_not_what_was_proposed_first(ask: Ask, office: Office) -> None:
    seat = office()
    ended(seat, ("accept",), Answered())
    ended(seat, ("out_of_area", "accept"), REFUSED, "out_of_area")
    first = ended(seat, ("litigation", "accept"), Answered())
    second = ended(seat, ("litigation", "accept"), Answered())
    ended(seat, ("litigation",), Transferred("110", "transfer"))
    ended(seat, ("litigation",), Interrupted())
    ended(seat, (), Answered())
    found = ask("report", "screening", FJ, "--as=lead", "--json").json
    assert (found["first"], found["last"]) == ("2026-03-01", "2026-03-31")
    assert (found["total"], found["agreed"], found["named"]) == (5, 2, 4)
    assert found["differences"] == [
        {"proposed": "litigation", "taken": "accept", "count": 2, "of": 3, "calls": [second, first]},
        {
            "proposed": "litigation",
            "taken": "police_110",
            "count": 1,
            "of": 3,
            "calls": found["differences"][1]["calls"],
        },
    ]


@pytest.mark.parametrize(
    ("acting", "who"), [((), "命令行"), (("--as=operator::李四",), "李四"), (("--as=lead",), "全部")]
)
def test_it_says_whose_calls_were_looked_at(ask: Ask, acting: tuple[str, ...], who: str) -> None:
    shown = ask("report", "screening", FJ, *acting).out
    assert "没有可以对比" in shown
    assert who in shown


def test_people_read_it_in_words(ask: Ask, office: Office) -> None:
    call = ended(office(), ("in_progress_or_duplicate", "accept"), Answered())
    shown = ask("report", "screening", FJ, "--as=lead").out
    assert "首选一致 0/1" in shown
    assert "在办或重复" in shown
    assert call[:8] in shown


def test_a_follow_up_counts_by_what_the_operator_called_it(ask: Ask, office: Office) -> None:
    ended(office(), ("in_progress_or_duplicate",), FollowedUp("260302900100012"), "in_progress_or_duplicate")
    assert ask("report", "screening", FJ, "--as=lead", "--json").json["agreed"] == 1


def test_an_operator_reads_only_what_came_of_their_own_calls(ask: Ask, office: Office) -> None:
    ended(office(), ("litigation",), Answered())
    assert ask("report", "screening", FJ, "--as=operator::李四", "--json").json["total"] == 0
    assert ask("report", "screening", FJ, "--as=operator::张三", "--json").json["total"] == 1


def test_another_period_is_another_report(ask: Ask, office: Office) -> None:
    ended(office(), ("litigation",), Answered())
    assert ask("report", "screening", FJ, "--as=lead", "--period=2026-02", "--json").json["total"] == 0
    assert "没有可以对比的事项" in ask("report", "screening", FJ, "--as=lead", "--to=2026-02-01").out
