"""Binzhou and Zhijiang: who writes what into an order, and in which of its states."""

from __future__ import annotations

import pytest

from agent_console.domain.work_order.order_corrections import ReassignOrder
from agent_console.domain.work_order.order_endings import ArchiveOrder, RedoOrder
from agent_console.domain.work_order.order_steps import (
    CompleteOrder,
    DecideExtension,
    DecideReturn,
    DispatchOrder,
    ExtendOrder,
    ReturnOrder,
    SignOrder,
)

from ..support.hands import ANY, DISSATISFIED, Written, by_clause, flagged, taken, written
from ..support.stories import EXTENDING, RESULT, RETURNING
from .conftest import NewCase, check_hands

EXTENDABLE: dict[str, object] = {"complexity": "especially_complex"}
EXTENDED = (ExtendOrder(3, {"reason": "备件未到"}), DecideExtension(granted=True))

BINZHOU = by_clause(
    Written("BZ-14.1b", "material_request", "operator lead centre callback_agent", ANY),
    Written(
        "BZ-14.1b",
        "material",
        "operator lead centre callback_agent",
        ANY,
        first=(written("material_request", requested_at="2026-03-02", materials="合同"),),
    ),
    Written("BZ-21.3", "nearest_unit", "operator lead centre", "raised returned", first=(flagged("duty_unclear"),)),
    Written("BZ-21.5", "duty_referral", "lead centre bureau", ANY, first=(flagged("duty_unclear"),)),
    Written(
        "BZ-21.5",
        "duty_ruling",
        "lead centre bureau",
        ANY,
        first=(
            flagged("duty_unclear"),
            written("duty_referral", asked_at="2026-03-02", question="谁管"),
        ),
    ),
    Written("BZ-21.6", "law_referral", "lead centre bureau", ANY),
    Written(
        "BZ-21.6",
        "law_answer",
        "lead centre bureau",
        ANY,
        first=(written("law_referral", asked_at="2026-03-02", question="哪条"),),
    ),
    Written("BZ-22.2d", "extension_told", "unit_clerk unit_leader", "dispatched signed", EXTENDABLE, EXTENDED),
    Written("BZ-18.2", "third_tier", "unit_clerk unit_leader", "signed"),
    Written(
        "BZ-18.2",
        "third_tier_result",
        "unit_clerk unit_leader",
        "signed",
        first=(written("third_tier", unit="街道", handed_over_at="2026-03-02"),),
    ),
    Written("BZ-23.0", "no_further_handling", "unit_clerk unit_leader", "signed"),
    Written("BZ-14.4d", "reply_review", "lead centre bureau", "completed"),
    Written("BZ-14.4b", "callback", "operator lead centre bureau callback_agent", "completed"),
    taken("BZ-14.2b", DispatchOrder(), "operator lead centre bureau", "raised"),
    taken("BZ-22.2a", SignOrder({}), "unit_clerk unit_leader", "dispatched"),
    taken("BZ-22.3", ReturnOrder({}), "unit_clerk unit_leader", "dispatched"),
    taken("BZ-22.2b", ExtendOrder(3, {}), "unit_clerk unit_leader", "signed", EXTENDABLE),
    taken("BZ-22.2c", DecideExtension(granted=True), "bureau", "signed", EXTENDABLE, first=EXTENDED[:1]),
    taken("BZ-22.2a", CompleteOrder({}), "unit_clerk unit_leader", "signed"),
    taken("BZ-21.5", ReassignOrder("水利局", (), {}), "lead centre bureau", "signed"),
    taken("BZ-24.2", RedoOrder("not_accepted"), "unit_clerk unit_leader lead centre bureau", "completed"),
    taken("BZ-14.4c", RedoOrder("dissatisfied"), "callback_agent operator lead centre bureau", "completed"),
    taken("BZ-14.4d", RedoOrder("doubtful_reply"), "lead centre bureau", "completed"),
    taken("BZ-14.5a", ArchiveOrder(), "operator lead centre bureau callback_agent", "completed"),
    taken("BZ-21.3", flagged("duty_unclear"), "operator lead centre bureau", "signed"),
)

TWICE = (
    DISSATISFIED,
    written("verification", note="属实"),
    RedoOrder("dissatisfied", "未解决"),
    CompleteOrder(RESULT["zhijiang"]),
    DISSATISFIED,
)

ZHIJIANG = by_clause(
    Written("ZJ-16.3", "contact", "unit_clerk unit_leader", "dispatched signed"),
    Written("ZJ-6.3", "upward_report", "bureau", ANY, first=(flagged("major_event", "突发"),)),
    Written("ZJ-7.6", "bureau_report", "centre lead", ANY),
    Written("ZJ-12", "handover_110", "operator lead centre", ANY),
    Written("ZJ-12", "received_from_110", "operator lead centre", ANY),
    Written("ZJ-16.4b", "submitted_to_bureau", "centre lead", ANY, first=(flagged("disputed"),)),
    Written(
        "ZJ-16.4b",
        "submitted_to_government",
        "bureau",
        ANY,
        first=(
            flagged("disputed"),
            written("submitted_to_bureau", reason="争议"),
        ),
    ),
    Written(
        "ZJ-16.4b",
        "designation",
        "government_office",
        ANY,
        first=(
            flagged("disputed"),
            written("submitted_to_bureau", reason="争议"),
            written("submitted_to_government", opinions="意见"),
        ),
    ),
    Written("ZJ-18.2", "coordination", "operator lead centre unit_clerk unit_leader", ANY, {"supporting": ("水利局",)}),
    Written("ZJ-6.4", "meeting", "bureau", ANY, {"complexity": "complex"}),
    Written("ZJ-17.2b", "complexity_request", "unit_clerk unit_leader", "dispatched signed"),
    Written("ZJ-19.3b", "special_case", "unit_clerk unit_leader", ANY),
    Written("ZJ-19.3b", "special_answer", "lead centre", ANY, first=(written("special_case", note="缺件"),)),
    Written("ZJ-18.1", "supervision", "lead centre bureau supervision_office", ANY),
    Written("ZJ-18.1", "tracking_check", "lead centre bureau supervision_office", ANY, first=(flagged("key_order"),)),
    Written("ZJ-23.3", "mark", "lead centre supervision_office", "signed completed"),
    Written(
        "ZJ-23.0b",
        "accountability_referral",
        "lead centre bureau supervision_office government_office",
        ANY,
        first=(flagged("negative_impact"),),
    ),
    Written(
        "ZJ-10", "superior_reply", "operator lead centre", "completed", {"channel": "yichang", "superior_number": "YC1"}
    ),
    Written("ZJ-7.5", "callback", "operator lead centre callback_agent", "completed"),
    Written("ZJ-19.3a", "verification", "operator lead centre callback_agent", "completed"),
    Written("ZJ-20.2", "evaluation_decision", "lead centre", "completed", first=TWICE),
    Written("ZJ-7.4", "professional_evaluation", "evaluator", "completed", first=(DISSATISFIED,)),
    taken("ZJ-16.2", DispatchOrder(), "operator lead centre", "raised"),
    taken("ZJ-17.1a", SignOrder({}), "unit_clerk unit_leader", "dispatched"),
    taken("ZJ-17.1b", ReturnOrder({}), "unit_clerk unit_leader", "dispatched"),
    taken(
        "ZJ-17.1c", DecideReturn(granted=True), "centre lead", "dispatched", first=(ReturnOrder(RETURNING["zhijiang"]),)
    ),
    taken("ZJ-17.3", ExtendOrder(5, {}), "unit_clerk unit_leader", "signed"),
    taken("ZJ-17.3", DecideExtension(granted=True), "centre lead", "signed", first=(ExtendOrder(5, EXTENDING),)),
    taken("ZJ-19.1", CompleteOrder({}), "unit_clerk unit_leader", "signed"),
    taken("ZJ-16.4b", ReassignOrder("水利局", (), {}), "lead centre", "signed"),
    taken("ZJ-20.1b", RedoOrder("dissatisfied"), "operator lead centre callback_agent", "completed"),
    taken("ZJ-7.5", ArchiveOrder(), "operator lead centre callback_agent", "completed"),
    taken("ZJ-6.3", flagged("major_event"), "operator lead centre bureau", "signed"),
    taken("ZJ-7.6", flagged("difficult"), "operator lead centre bureau", "signed"),
    taken("ZJ-16.4b", flagged("disputed"), "operator lead centre bureau", "signed"),
    taken("ZJ-18.1", flagged("key_order"), "lead centre bureau supervision_office", "signed"),
    taken("ZJ-18.1", flagged("supervised"), "lead centre bureau supervision_office", "signed"),
    taken("ZJ-19.3b", flagged("special"), "unit_clerk unit_leader lead centre", "signed"),
    taken("ZJ-16.4c", flagged("precedent"), "government_office", "signed"),
    taken("ZJ-23.0b", flagged("negative_impact"), "lead centre bureau supervision_office government_office", "signed"),
)


@pytest.mark.parametrize("row", BINZHOU)
def test_each_record_of_binzhou_is_written_by_its_own_people_in_its_own_states(case: NewCase, row: Written) -> None:
    check_hands(case, "binzhou", row)


@pytest.mark.parametrize("row", ZHIJIANG)
def test_each_record_of_zhijiang_is_written_by_its_own_people_in_its_own_states(case: NewCase, row: Written) -> None:
    check_hands(case, "zhijiang", row)
