"""Fujian and Fuzhou: what each step and each record asks for, with the values a field may have."""

from __future__ import annotations

import pytest

from ..support.forms import Asks, by_clause
from .conftest import NewCase, check_form

FUJIAN = by_clause(
    Asks("FJ-14.3", "record.phone_notice", "called_person called_at"),
    Asks("FJ-17.1", "record.reminder", "means=system|sms|phone"),
    Asks("FJ-20.4b", "record.contact", "contacted_at contact_note"),
    Asks("FJ-19.3", "record.safety_measure", "measure"),
    Asks("FJ-15", "record.emergency_report", "reported_at recipient"),
    Asks("FJ-19.1", "record.reassign_request", "basis suggestion"),
    Asks("FJ-16.2", "record.fallback_named", "fallback_unit decision_reference"),
    Asks("FJ-8.5", "record.coordination", "reason"),
    Asks("FJ-11.2", "record.handling", "note"),
    Asks("FJ-11.2", "record.caller_answer", "answered_at answer"),
    Asks(
        "FJ-21",
        "record.verification",
        "means=caller_rating|phone|site_visit|interview finding=unit_responsible|unit_not_responsible@FJ-22.1",
    ),
    Asks("FJ-8.4", "record.investigation", "investigator investigated_at finding"),
    Asks(
        "FJ-23.1",
        "record.callback",
        "means=phone|interview|site_visit|spot_check reached?=yes|no handling[!reached=no] "
        "feedback[!reached=no] satisfaction=satisfied|dissatisfied[!reached=no] "
        "opinions[!reached=no] problem?@FJ-23.3 rude?=yes@FJ-30.6 retaliation?=yes@FJ-30.6",
    ),
    Asks(
        "FJ-23.1",
        "record.callback",
        "means=phone|interview|site_visit|spot_check|in_person reached?=yes|no handling[!reached=no] "
        "feedback[!reached=no] satisfaction=satisfied|dissatisfied[!reached=no] opinions[!reached=no] "
        "problem?@FJ-23.3 rude?=yes@FJ-30.6 retaliation?=yes@FJ-30.6",
        flag="supervised",
    ),
    Asks("FJ-23.3", "record.rectification_task", "reason"),
    Asks("FJ-23.3", "record.rectification", "measure done_on#date"),
    Asks("FJ-30.2", "record.mark", "defect=敷衍|弄虚作假|答非所问"),
    Asks("FJ-24", "record.supervision", "means=督查专报|整改通知|督查建议|约谈提醒 issued_on#date rectify_by#date"),
    Asks("FJ-24", "record.supervision_result", "result measure?@FJ-31"),
    Asks("FJ-22.2", "record.supervision_end", "reason"),
    Asks("FJ-9.9", "record.platform_file", "materials"),
    Asks("FJ-11.4", "record.unit_file", "materials"),
    Asks("FJ-18.1", "sign", "department officer"),
    Asks("FJ-17.2", "return", "reason basis"),
    Asks(
        "FJ-20.6c",
        "extend",
        "days#number written_text@FJ-20.6a leader@FJ-20.6a consented_at@FJ-20.6a reason explained_at",
    ),
    Asks(
        "FJ-20.1", "complete", "result@FJ-18.2 leader@FJ-18.2 answered_at@FJ-18.2 resolution?=solved|unsolved@FJ-20.7"
    ),
    Asks(
        "FJ-20.1",
        "complete",
        "result@FJ-18.2 leader@FJ-18.2 answered_at@FJ-18.2 adopted=是|否@FJ-6.4 "
        "adopted_reason@FJ-6.4 resolution?=solved|unsolved@FJ-20.7",
        {"kind": "建议"},
    ),
    Asks("FJ-22.1", "redo", "ground=dissatisfied reason?"),
    Asks("FJ-21", "rate", "rating=satisfied|dissatisfied comment?"),
    Asks("FJ-16.2", "flag.duty_unclear", "cause=职能交叉|权属不明"),
)

FUZHOU = by_clause(
    Asks("FZ-10.1", "record.mark", "defect=推诿|敷衍|答非所问|弄虚作假"),
    Asks("FZ-12", "record.fallback_named", "fallback_unit named_by tier=city|county"),
    Asks("FZ-13.2", "record.rectification_notice", "document_number issued_on#date"),
    Asks("FZ-13.2", "record.efficiency_transfer", "document_number issued_on#date"),
    Asks(
        "FZ-14.1",
        "record.letter",
        "letter_type=告知函|整改通知书|通报 issuer=智慧福州管理服务中心|效能办 document_number issued_on#date",
    ),
    Asks("FZ-11.1", "record.platform_answer", "answer answered_at"),
    Asks("FZ-6.2", "rate", "rating=satisfied|dissatisfied comment?"),
)


@pytest.mark.parametrize("row", FUJIAN)
def test_each_step_of_fujian_asks_for_the_fields_of_its_clause(case: NewCase, row: Asks) -> None:
    check_form(case, "fujian", row)


@pytest.mark.parametrize("row", FUZHOU)
def test_each_step_of_fuzhou_asks_for_the_fields_of_its_clause(case: NewCase, row: Asks) -> None:
    check_form(case, "fuzhou", row)
