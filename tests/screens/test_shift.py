"""The state of the seat, from signing in to signing out."""

from __future__ import annotations

import pytest

from screens.dialogs.choice import ChoiceDialog

from .conftest import Sit


async def test_opening_the_console_signs_the_operator_in(sit: Sit) -> None:
    async with sit() as operator:
        seat = operator.desk.desk.seat_state()
        assert (seat.operator, seat.activity) == ("张三", "ready")


@pytest.mark.parametrize(
    ("words", "activity", "reason"),
    [("话后整理", "wrap_up", ""), ("小休：用餐", "break", "用餐"), ("离线作业", "offline_work", "")],
)
async def test_a_state_is_chosen_with_its_reason(sit: Sit, words: str, activity: str, reason: str) -> None:
    async with sit() as operator:
        await operator.lead("a")
        await operator.screen(ChoiceDialog)
        await operator.pick(words)
        await operator.until(lambda: operator.desk.desk.seat_state().activity == activity)
        assert operator.desk.desk.seat_state().reason == reason


async def test_signing_out_is_on_the_file_and_ends_the_console(sit: Sit) -> None:
    async with sit() as operator:
        await operator.lead("q")
        await operator.until(lambda: operator.app.return_code is not None)
        assert operator.desk.desk.seat_state().activity == "signed_out"


async def test_the_key_that_ends_other_programs_says_how_this_one_is_left(sit: Sit) -> None:
    async with sit() as operator:
        await operator.press("ctrl+c")
        await operator.until(lambda: "^G q 签出" in operator.told)
        assert operator.app.is_running
