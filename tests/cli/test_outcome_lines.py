from __future__ import annotations

import pytest

from agent_console.cli.outcome_lines import outcome_lines
from agent_console.domain.intake.outcomes import (
    Answered,
    Ended,
    FollowedUp,
    Interrupted,
    Ordered,
    Outcome,
    Refused,
    Transferred,
)

WAY = ("hand_over:1", "where:next")


@pytest.mark.parametrize(
    ("outcome", "lines"),
    [
        (None, []),
        (Answered(), []),
        (Answered("where-12368", 2), ["知识条目 where-12368 第2版"]),
        (Ordered("o", "2026030200120001"), ["工单 2026030200120001"]),
        (
            Transferred("119", "transfer", "fire_119", 2, WAY, {"place": "五四路12号"}),
            ["119　直接转接", "事发地点：五四路12号", "话术 fire_119 版本 2", "经过：hand_over:1 → where:next"],
        ),
        (
            Refused("FJ-13.3", "litigation", "litigation", 2, ("route:1",), explained=True, told={"route": "诉讼"}),
            [
                "FJ-13.3　诉讼",
                "法定途径：诉讼",
                "话术 litigation 版本 2",
                "解释：已做　引导：未做",
                "经过：route:1",
            ],
        ),
        (
            FollowedUp("1", "o", "in_progress_or_duplicate", 2, ("earlier:no",), explained=True, guided=True),
            ["工单 1", "话术 in_progress_or_duplicate 版本 2", "解释：已做　引导：已做", "经过：earlier:no"],
        ),
        (
            Interrupted("secret", ("explain:hangup",), 2, "FJ-13.1"),
            ["FJ-13.1　", "话术 secret 版本 2", "经过：explain:hangup（来电人已挂断）"],
        ),
        (Interrupted("secret"), ["话术 secret 版本 未记"]),
        (
            Ended("out_of_area", 2, ("where:1",), "HB-2.2", explained=True, guided=True),
            ["HB-2.2　", "话术 out_of_area 版本 2", "解释：已做　引导：已做", "经过：where:1"],
        ),
    ],
)
def test_the_whole_record_of_an_outcome_can_be_read(outcome: Outcome | None, lines: list[str]) -> None:
    shown = list(outcome_lines(outcome, unmask=False))
    assert [line.replace(" ", "") for line in shown] == [line.replace(" ", "") for line in lines]


def test_the_number_of_a_hand_over_note_is_masked_unless_it_is_asked_for() -> None:
    handed = Transferred("119", "transfer", told={"number": "13800000001"})
    assert "来电号码：138****0001" in list(outcome_lines(handed, unmask=False))
    assert "来电号码：13800000001" in list(outcome_lines(handed, unmask=True))
