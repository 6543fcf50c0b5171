from __future__ import annotations

import pytest

from agent_console.domain.decisions import Blocked, Missing, NeedsOverride
from agent_console.domain.instants import parse
from agent_console.domain.messages import message
from agent_console.texts.wording import names_of, refusal, told, way_out


def test_what_is_missing_is_named_with_its_clause() -> None:
    assert refusal(Missing(("kind", "lead"), "FJ-2.2")) == "还缺：诉求类型、牵头单位（FJ-2.2）"
    assert refusal(Missing(("target",))) == "还缺：转接对象"
    assert way_out(Missing(("target",))) == ""


def test_what_is_blocked_says_why_and_what_would_unblock_it() -> None:
    blocked = Blocked(("FJ-17.2",), message("order.return_after_signing"), message("order.handle_it"))
    assert refusal(blocked) == "FJ-17.2：已经签收，不能再退件"
    assert way_out(blocked).startswith("可行的办法：请继续办理")
    assert refusal(Blocked((), message("matter.unknown"))) == "这通电话里没有这件诉求"


def test_a_reason_that_names_its_clause_names_it_once() -> None:
    why = message("reason.times", clause="FJ-1", times=1)
    assert refusal(Blocked(("FJ-1",), why)) == "FJ-1：最多延期1次"
    asked = NeedsOverride("bureau", "FJ-1", why)
    assert (refusal(asked), way_out(asked)) == ("FJ-1：最多延期1次", "须由热线主管部门特批并记录在案")


def test_roles_and_instants_inside_a_message_are_told_as_people_say_them() -> None:
    step = message("order.not_your_step", role="operator", roles="unit_clerk、unit_leader")
    assert told(step) == "话务员不能办这一步，应由承办单位经办人、承办单位负责人办理"
    at = parse("2026-03-01T09:30:00+08:00")
    assert "2026-03-01 09:30" in told(message("reason.late", clause="FJ-1", at=at, applied=at))


@pytest.mark.parametrize(("names", "shown"), [(("lead", "no-such-role"), "班长、no-such-role"), ((), "")])
def test_a_name_without_a_wording_stands_as_it_is(names: tuple[str, ...], shown: str) -> None:
    assert names_of("role", names) == shown
