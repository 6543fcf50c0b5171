"""Fujian and Fuzhou: who writes what into an order, and in which of its states."""

from __future__ import annotations

import pytest

from agent_console.domain.work_order.order_corrections import ReassignOrder
from agent_console.domain.work_order.order_endings import ArchiveOrder, RedoOrder
from agent_console.domain.work_order.order_steps import (
    CompleteOrder,
    DispatchOrder,
    ExtendOrder,
    ReturnOrder,
    SignOrder,
)

from ..support.hands import ANY, DISSATISFIED, Written, by_clause, flagged, taken, written
from .conftest import NewCase, check_hands

SUPERVISED = written("supervision", means="督查专报", issued_on="2026-03-02", rectify_by="2026-03-09")
FUJIAN = by_clause(
    Written("FJ-14.3", "phone_notice", "operator lead centre", "dispatched signed"),
    Written("FJ-17.1", "reminder", "operator lead centre", "dispatched"),
    Written("FJ-20.4b", "contact", "unit_clerk unit_leader", "dispatched signed"),
    Written("FJ-19.3", "safety_measure", "unit_clerk unit_leader", "dispatched signed"),
    Written("FJ-15", "emergency_report", "operator lead centre unit_clerk unit_leader", ANY),
    Written("FJ-19.1", "reassign_request", "unit_clerk unit_leader", "signed"),
    Written("FJ-16.2", "fallback_named", "lead centre", ANY, first=(flagged("duty_unclear", "权属不明"),)),
    Written("FJ-8.5", "coordination", "lead centre province", ANY, first=(flagged("cross_boundary"),)),
    Written("FJ-11.2", "handling", "unit_clerk unit_leader", "signed"),
    Written("FJ-11.2", "caller_answer", "unit_clerk unit_leader", "signed"),
    Written("FJ-21", "verification", "operator lead centre callback_agent unit_clerk unit_leader", "signed completed"),
    Written("FJ-8.4", "investigation", "lead centre province", ANY, first=(flagged("important"),)),
    Written("FJ-23.1", "callback", "operator lead centre callback_agent unit_clerk unit_leader", "completed"),
    Written("FJ-23.3", "rectification_task", "operator lead centre callback_agent", "completed"),
    Written(
        "FJ-23.3", "rectification", "unit_clerk unit_leader", ANY, first=(written("rectification_task", reason="整改"),)
    ),
    Written("FJ-30.2", "mark", "lead centre province", "completed"),
    Written("FJ-24", "supervision", "lead centre province", ANY),
    Written("FJ-24", "supervision_result", "lead centre province", ANY, first=(SUPERVISED,)),
    Written("FJ-22.2", "supervision_end", "lead", ANY, first=(flagged("supervised"),)),
    Written("FJ-9.9", "platform_file", "operator lead centre", "completed"),
    Written("FJ-11.4", "unit_file", "unit_clerk unit_leader", "completed"),
    taken("FJ-14.2", DispatchOrder(), "operator lead centre province", "raised"),
    taken("FJ-18.1", SignOrder({}), "unit_clerk unit_leader", "dispatched"),
    taken("FJ-17.2", ReturnOrder({}), "unit_clerk unit_leader", "dispatched"),
    taken("FJ-20.6c", ExtendOrder(1, {}), "unit_clerk unit_leader", "signed"),
    taken("FJ-20.1", CompleteOrder({}), "unit_clerk unit_leader", "signed"),
    taken("FJ-19.2", ReassignOrder("水利局", (), {}), "lead centre province", "signed"),
    taken("FJ-22.1", RedoOrder("dissatisfied"), "operator lead centre", "completed"),
    taken("FJ-9.9", ArchiveOrder(), "operator lead centre", "completed"),
    taken("FJ-8.4", flagged("important"), "lead centre province", "signed"),
    taken("FJ-8.5", flagged("cross_boundary"), "operator lead centre province", "signed"),
    taken("FJ-15", flagged("emergency_management"), "operator lead centre unit_clerk unit_leader", "signed"),
    taken("FJ-16.2", flagged("duty_unclear"), "operator lead centre", "signed"),
    taken("FJ-19.3", flagged("safety_hazard"), "operator lead centre unit_clerk unit_leader", "signed"),
    taken("FJ-24", flagged("supervised"), "lead centre province", "signed"),
    taken("FJ-30.6", flagged("conduct_alert"), "lead", "signed"),
)

FUZHOU = by_clause(
    Written("FZ-10.1", "mark", "lead centre province", "completed"),
    Written("FZ-12", "fallback_named", "centre county_centre", ANY, first=(flagged("duty_unclear", "权属不明"),)),
    Written("FZ-13.2", "rectification_notice", "lead centre efficiency_office", ANY, first=(DISSATISFIED,)),
    Written("FZ-13.2", "efficiency_transfer", "lead centre", ANY, first=(DISSATISFIED,)),
    Written("FZ-14.1", "letter", "centre efficiency_office", ANY),
    Written(
        "FZ-11.1",
        "platform_answer",
        "operator lead centre callback_agent",
        "completed",
        first=(flagged("merged_line"),),
    ),
    taken("FZ-11.1", flagged("merged_line"), "lead centre", "signed"),
)


@pytest.mark.parametrize("row", FUJIAN)
def test_each_record_of_fujian_is_written_by_its_own_people_in_its_own_states(case: NewCase, row: Written) -> None:
    check_hands(case, "fujian", row)


@pytest.mark.parametrize("row", FUZHOU)
def test_each_record_of_fuzhou_is_written_by_its_own_people_in_its_own_states(case: NewCase, row: Written) -> None:
    check_hands(case, "fuzhou", row)
