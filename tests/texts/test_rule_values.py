"""The rule viewer tells values of a rule book in the words of its readers."""

from __future__ import annotations

import re

import pytest

from agent_console.resources.rule_books import load_book, load_clauses
from agent_console.texts.rule_values import values_of

from ..support.rule_of import FIVE

_DATA = re.compile(r"[A-Za-z_]{3,}")

TOLD = {
    ("fujian", "FJ-20.2a"): "时限·办结：10个工作日；条件 诉求类型=投诉；起算 签收、承办单位收件",
    ("fujian", "FJ-20.2b"): (
        "时限·办结：3个工作日；条件 诉求类型=投诉 且 清单内服务事项；起算 签收、承办单位收件；档次 列入便民清单"
    ),
    ("fujian", "FJ-22.2"): "工单流程·重办：最多个数 2",
    ("zhijiang", "ZJ-17.1a"): "时限·签收：0.5个工作日；起算 承办单位收件",
    ("zhijiang", "ZJ-17.1b"): "步骤·退件：角色 承办单位经办人、承办单位负责人；由谁决定 热线中心、班长",
    ("hebi", "HB-6.1.1c"): "时限·联系诉求人：1个工作日；条件 渠道=省一体化平台 且 表述不清；起算 承办单位收件",
    ("binzhou", "BZ-14.4a"): "工单流程·回访：方式 全部；至少尝试次数 3；至少天数 2；归档以前",
    ("fuzhou", "FZ-13.2"): "工单流程·记录·整改通知书：角色 班长、热线中心、效能办；仅当 评价=不满意",
}


@pytest.mark.parametrize(("jurisdiction", "clause"), TOLD)
def test_a_value_is_told_by_name_amount_unit_and_condition(jurisdiction: str, clause: str) -> None:
    assert TOLD[jurisdiction, clause] in values_of(load_book(jurisdiction), clause)


@pytest.mark.parametrize("jurisdiction", FIVE)
def test_no_value_is_told_in_words_of_the_data_files(jurisdiction: str) -> None:
    book = load_book(jurisdiction)
    lines = [line for clause in load_clauses(jurisdiction) for line in values_of(book, clause.id)]
    assert lines
    assert [line for line in lines if _DATA.search(line)] == []


def test_fuzhou_tells_what_rests_on_a_clause_it_takes_over() -> None:
    assert values_of(load_book("fuzhou"), "FJ-14.2")[1] == "时限·分办：1个工作日；起算 受理"
