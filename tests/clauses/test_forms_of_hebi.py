"""Hebi: what each step and each record asks for, with the values a field may have."""

from __future__ import annotations

import pytest

from ..support.forms import Asks, by_clause
from .conftest import NewCase, check_form

ONLINE = {"channel": "online_platform"}
HOTLINE = {"channel": "12345_hotline"}
ORAL = {"channel": "service_hall", "form": "oral"}
HEBI = by_clause(
    Asks("HB-4.1", "record.coordination", "note"),
    Asks("HB-4.1", "record.supervision", "reason"),
    Asks("HB-4.1", "record.evaluation", "conclusion"),
    Asks("HB-6.1.1c", "record.contact", "contacted_at contact_note", ONLINE),
    Asks("HB-6.1.2b", "record.leader_review", "reviewed_on#date", ONLINE),
    Asks(
        "HB-6.1.2b",
        "record.quality_check",
        "facts_clear=yes|no@HB-6.1.2a characterised_right=yes|no@HB-6.1.2a handled_fully=yes|no@HB-6.1.2a",
        ONLINE,
    ),
    Asks("HB-6.1.2c", "record.caller_feedback", "answered_at answer", ONLINE),
    Asks("HB-6.2.1.3b", "record.clue_handover", "recipient=市纪委监委信访室 handed_over_at", HOTLINE),
    Asks("HB-6.2.1.4a", "record.joint_meeting", "held_on#date units lead", HOTLINE),
    Asks("HB-6.2.1.5", "record.special_report", "report_text submitted_on#date", HOTLINE),
    Asks("HB-6.2.1.5", "record.instruction", "instruction received_on#date"),
    Asks("HB-6.2.1.5", "record.supervision_handover", "recipient=市委市政府督查局 handed_over_at"),
    Asks("HB-6.2.1.6", "record.urging", "means=slip|phone slip_number[means=slip] called_person[means=phone]", HOTLINE),
    Asks("HB-6.2.3b", "record.review", "applied_on#date finding=处理不当|处理适当@HB-6.2.3c reason", HOTLINE),
    Asks("HB-6.2.3b", "record.second_review", "applied_on#date finding=处理不当|处理适当@HB-6.2.3c reason", HOTLINE),
    Asks("HB-6.3.2.1d", "record.delay_explanation", "explained_at explanation", ORAL),
    Asks("HB-6.3.2.1d", "record.tracking", "checked_on#date note", ORAL),
    Asks(
        "HB-6.2.3a",
        "record.callback",
        "means=phone reached?=yes|no satisfaction=satisfied|dissatisfied[means=phone][!reached=no]",
    ),
    Asks(
        "HB-6.2.3a",
        "record.callback",
        "means=spot_check|file_review|phone@HB-6.3.3 reached?=yes|no "
        "satisfaction=satisfied|dissatisfied[means=phone][!reached=no]",
        ORAL,
    ),
    Asks(
        "HB-6.2.3a",
        "record.callback",
        "means=spot_check|file_review|site_visit|phone@HB-6.1.3 reached?=yes|no "
        "satisfaction=satisfied|dissatisfied[means=phone][!reached=no]",
        ONLINE,
    ),
    Asks("HB-6.2.1.4b", "extend", "days#number"),
    Asks("HB-6.0b", "complete", "result answered_at@HB-6.2.2 reported_at@HB-6.2.1.3a", HOTLINE),
    Asks("HB-6.0b", "complete", "result answered_at@HB-6.2.2 reported_at@HB-6.2.1.3a", {"channel": "12345_website"}),
    Asks("HB-6.0b", "complete", "result answered_at@HB-6.2.2", {"channel": "12345_hotline", "supporting": ("水利局",)}),
    Asks("HB-6.0b", "complete", "result", ONLINE),
    Asks("HB-6.0b", "complete", "result answered_at", ORAL),
    Asks(
        "HB-6.0b",
        "complete",
        "result answered_at written_reply@HB-6.3.2.1c",
        {"channel": "service_hall", "form": "written"},
    ),
    Asks(
        "HB-6.0b",
        "complete",
        "result answered_at adopted=是|否@HB-6.3.2.2",
        {"channel": "service_hall", "kind": "建议"},
    ),
    Asks("HB-6.0b", "complete", "result answered_at", {"channel": "service_hall", "kind": "咨询"}),
    Asks(
        "HB-6.0b",
        "complete",
        "result answered_at adopted=是|否@HB-6.3.2.2",
        {"channel": "service_hall", "kind": "建议", "form": "written"},
        without="HB-6.3.2.1c",
    ),
    Asks("HB-6.0b", "complete", "result answered_at", ORAL, without="HB-6.3.2.2"),
    Asks("HB-6.2.3c", "redo", "ground=failed_check|review|second_review reason?"),
    Asks("HB-6.2.3b", "rate", "rating=satisfied|dissatisfied comment?"),
)


@pytest.mark.parametrize("row", HEBI)
def test_each_step_of_hebi_asks_for_the_fields_of_its_clause(case: NewCase, row: Asks) -> None:
    check_form(case, "hebi", row)
