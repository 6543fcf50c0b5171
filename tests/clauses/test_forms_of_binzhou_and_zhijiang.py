"""Binzhou and Zhijiang: what each step and each record asks for, with the values a field may have."""

from __future__ import annotations

import pytest

from ..support.forms import Asks, by_clause
from .conftest import NewCase, check_form

BINZHOU = by_clause(
    Asks("BZ-14.1b", "record.material_request", "requested_at materials"),
    Asks("BZ-14.1b", "record.material", "file_name received_at"),
    Asks("BZ-21.3", "record.nearest_unit", "unit reason"),
    Asks("BZ-21.5", "record.duty_referral", "asked_at question"),
    Asks("BZ-21.5", "record.duty_ruling", "unit answer answered_at"),
    Asks("BZ-21.6", "record.law_referral", "asked_at question"),
    Asks("BZ-21.6", "record.law_answer", "answer answered_at"),
    Asks("BZ-22.2d", "record.extension_told", "extended_by reason told_at"),
    Asks("BZ-18.2", "record.third_tier", "unit handed_over_at"),
    Asks("BZ-18.2", "record.third_tier_result", "result"),
    Asks(
        "BZ-23.0",
        "record.no_further_handling",
        "ground=已有决定或正在处理|不符合规定|重复提出|其他法定情形 explained_at written_statement "
        "earlier_order[ground=重复提出]@BZ-23.3 ground_text[ground=其他法定情形]@BZ-23.4",
    ),
    Asks("BZ-14.4d", "record.reply_review", "finding=clear|doubtful reason"),
    Asks(
        "BZ-14.4b",
        "record.callback",
        "reached?=yes|no solved=yes|no[!reached=no] "
        "satisfaction=satisfied|dissatisfied[!reached=no] opinions[!reached=no] "
        "reasonable=yes|no[satisfaction=dissatisfied]@BZ-14.4c "
        "unreasonable_reason[reasonable=no]@BZ-14.4c",
    ),
    Asks("BZ-22.3", "return", "reason basis suggestion"),
    Asks("BZ-22.2b", "extend", "days#number reason@BZ-22.2d"),
    Asks(
        "BZ-22.2a",
        "complete",
        "result@BZ-14.3b answered_at@BZ-14.3a reported_at@BZ-14.3a acceptance=accepted|not_accepted@BZ-24.1",
    ),
    Asks("BZ-24.2", "redo", "ground=not_accepted|dissatisfied|doubtful_reply reason?"),
    Asks("BZ-14.5a", "archive", "file_class=咨询|求助|投诉|意见建议|其他"),
)

ZHIJIANG = by_clause(
    Asks("ZJ-16.3", "record.contact", "means=contacted|on_site contacted_at note?"),
    Asks("ZJ-6.3", "record.upward_report", "recipient reported_at"),
    Asks("ZJ-7.6", "record.bureau_report", "recipient reported_at"),
    Asks("ZJ-12", "record.handover_110", "handed_over_at reference"),
    Asks("ZJ-12", "record.received_from_110", "handed_over_at reference"),
    Asks("ZJ-16.4b", "record.submitted_to_bureau", "reason"),
    Asks("ZJ-16.4b", "record.submitted_to_government", "opinions"),
    Asks("ZJ-16.4b", "record.designation", "lead supporting? designated_on#date"),
    Asks("ZJ-18.2", "record.coordination", "note"),
    Asks("ZJ-6.4", "record.meeting", "units note"),
    Asks("ZJ-17.2b", "record.complexity_request", "reason"),
    Asks("ZJ-19.3b", "record.special_case", "note"),
    Asks("ZJ-19.3b", "record.special_answer", "answer"),
    Asks("ZJ-18.1", "record.supervision", "reason"),
    Asks("ZJ-18.1", "record.tracking_check", "checked_on#date note"),
    Asks("ZJ-23.3", "record.mark", "defect=推诿|敷衍|弄虚作假|答非所问 note?"),
    Asks("ZJ-23.0b", "record.accountability_referral", "recipient referred_on#date"),
    Asks("ZJ-10", "record.superior_reply", "reported_at result", {"channel": "yichang", "superior_number": "YC1"}),
    Asks("ZJ-7.5", "record.callback", "reached?=yes|no satisfaction=satisfied|dissatisfied[!reached=no] opinions?"),
    Asks(
        "ZJ-19.3a",
        "record.verification",
        "finding=unit_responsible|unit_not_responsible~unit_responsible note confirmed_by[!finding=unit_responsible]",
    ),
    Asks("ZJ-20.2", "record.evaluation_decision", "choice=start|waive reason"),
    Asks("ZJ-7.4", "record.professional_evaluation", "conclusion=handled_properly|handled_poorly opinions"),
    Asks("ZJ-17.1b", "return", "reason"),
    Asks("ZJ-17.3", "extend", "days#number reason"),
    Asks("ZJ-19.1", "complete", "result platform_reply_at phone_reply_at"),
    Asks("ZJ-20.1b", "redo", "ground=dissatisfied reason?"),
    Asks("ZJ-20.1a", "rate", "rating=satisfied|dissatisfied comment?"),
    Asks("ZJ-6.3", "flag.major_event", "cause=重大|紧急|突发"),
)


@pytest.mark.parametrize("row", BINZHOU)
def test_each_step_of_binzhou_asks_for_the_fields_of_its_clause(case: NewCase, row: Asks) -> None:
    check_form(case, "binzhou", row)


@pytest.mark.parametrize("row", ZHIJIANG)
def test_each_step_of_zhijiang_asks_for_the_fields_of_its_clause(case: NewCase, row: Asks) -> None:
    check_form(case, "zhijiang", row)
