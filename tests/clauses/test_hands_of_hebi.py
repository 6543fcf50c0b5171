"""Hebi: who writes what into an order, and in which of its states."""

from __future__ import annotations

import pytest

from agent_console.domain.work_order.order_endings import ArchiveOrder, RedoOrder
from agent_console.domain.work_order.order_steps import (
    CompleteOrder,
    DecideExtension,
    DispatchOrder,
    ExtendOrder,
    ReturnOrder,
    SignOrder,
)

from ..support.hands import ANY, DISSATISFIED, Written, by_clause, flagged, taken, written
from .conftest import NewCase, check_hands

ONLINE = {"channel": "online_platform"}
HALL = {"channel": "service_hall", "kind": "投诉", "form": "oral", "complexity": "complex"}
WEBSITE = {"channel": "12345_website"}
JOINT = {"supporting": ("水利局",)}
HARD = {**JOINT, "complexity": "especially_complex"}
READ = {"signed": written("leader_review", reviewed_on="2026-03-02")}
MET = {"raised": written("joint_meeting", held_on="2026-03-02", units="城市管理局、水利局", lead="城市管理局")}
REPORT = written("special_report", report_text="专报", submitted_on="2026-03-02")
INSTRUCTION = written("instruction", instruction="速办", received_on="2026-03-03")
FOUND = {"applied_on": "2026-03-05", "finding": "处理适当", "reason": "未到现场"}
DELAY = written("delay_explanation", explained_at="2026-04-20", explanation="备件未到")
HEBI = by_clause(
    Written("HB-4.1", "coordination", "bureau", ANY),
    Written("HB-4.1", "supervision", "bureau", ANY),
    Written("HB-4.1", "evaluation", "bureau", "completed archived"),
    Written("HB-6.1.1c", "contact", "unit_clerk unit_leader", "dispatched signed", ONLINE, on_the_way=READ),
    Written("HB-6.1.2b", "leader_review", "unit_leader", "signed", ONLINE, on_the_way=READ),
    Written("HB-6.1.2b", "quality_check", "bureau", "completed", ONLINE, on_the_way=READ),
    Written(
        "HB-6.1.2c",
        "caller_feedback",
        "operator lead centre unit_clerk unit_leader",
        "completed",
        ONLINE,
        on_the_way=READ,
    ),
    Written("HB-6.2.1.3b", "clue_handover", "operator lead centre bureau", ANY),
    Written("HB-6.2.1.4a", "joint_meeting", "bureau", "raised returned", JOINT, on_the_way=MET),
    Written("HB-6.2.1.5", "special_report", "centre bureau", ANY),
    Written("HB-6.2.1.5", "instruction", "centre bureau", first=(REPORT,)),
    Written("HB-6.2.1.5", "supervision_handover", "centre bureau", first=(REPORT, INSTRUCTION)),
    Written("HB-6.2.1.6", "urging", "operator lead centre", "dispatched signed", late=True),
    Written("HB-6.2.3b", "review", "bureau", "completed", first=(DISSATISFIED,)),
    Written("HB-6.2.3b", "second_review", "bureau", "completed", first=(DISSATISFIED, written("review", **FOUND))),
    Written("HB-6.3.2.1d", "delay_explanation", "guidance_office", ANY, HALL, late=True),
    Written("HB-6.3.2.1d", "tracking", "guidance_office", ANY, HALL, (DELAY,), late=True),
    Written("HB-6.2.1.3b", "clue_handover", "operator lead centre bureau", ANY, WEBSITE),
    Written("HB-6.2.1.5", "special_report", "centre bureau", ANY, WEBSITE),
    Written("HB-6.2.1.6", "urging", "operator lead centre", "dispatched signed", WEBSITE, late=True),
    Written("HB-6.2.3b", "review", "bureau", "completed", WEBSITE, first=(DISSATISFIED,)),
    Written(
        "HB-6.2.3b", "second_review", "bureau", "completed", WEBSITE, first=(DISSATISFIED, written("review", **FOUND))
    ),
    Written("HB-6.2.3a", "callback", "bureau", "completed archived"),
    taken("HB-3", DispatchOrder(), "operator lead centre", "raised"),
    taken("HB-10.2", SignOrder({}), "unit_clerk unit_leader", "dispatched"),
    taken("HB-3", ReturnOrder({}), "unit_clerk unit_leader", "dispatched"),
    taken("HB-6.2.1.4b", ExtendOrder(5, {}), "unit_clerk unit_leader", "signed", HARD, on_the_way=MET),
    taken(
        "HB-6.2.1.4b",
        DecideExtension(granted=True),
        "city_leader",
        "signed",
        HARD,
        on_the_way=MET,
        first=(ExtendOrder(5, {}),),
    ),
    taken("HB-6.0b", CompleteOrder({}), "unit_clerk unit_leader", "signed"),
    taken("HB-6.1.2d", RedoOrder("failed_check"), "lead centre bureau", "completed", ONLINE, on_the_way=READ),
    taken("HB-6.2.3c", RedoOrder("review"), "lead centre bureau", "completed"),
    taken("HB-6.2.3c", RedoOrder("second_review"), "lead centre bureau", "completed"),
    taken("HB-6.1.3", ArchiveOrder(), "operator lead centre bureau", "completed"),
    taken("HB-4.1", flagged("supervised"), "bureau", "signed"),
    taken("HB-6.2.1.3b", flagged("clue"), "lead centre bureau", "signed"),
)


@pytest.mark.parametrize("row", HEBI)
def test_each_record_of_hebi_is_written_by_its_own_people_in_its_own_states(case: NewCase, row: Written) -> None:
    check_hands(case, "hebi", row)
