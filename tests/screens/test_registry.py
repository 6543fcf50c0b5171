"""One registry of what can be done; everything that shows or does it is drawn from there."""

from __future__ import annotations

import pytest

from agent_console.texts import TEXTS
from screens.actions import ACTIONS, BY_ID, Action, possible
from screens.dialogs.command_bar import CommandBar, complete
from screens.dialogs.help import HelpScreen
from screens.dialogs.leader import LeaderMenu
from screens.doing import DOING
from screens.keymap import load_keymap
from screens.seat import SeatScreen

from ..support.rule_of import LEAD
from .conftest import Sit
from .seating import NARROW

EVERY = pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.id)


@EVERY
def test_every_action_has_a_short_name_and_a_sentence_of_help(action: Action) -> None:
    assert 1 < len(action.name) <= 4
    assert len(action.help) >= 4
    assert f"action.{action.id}.help" in TEXTS


@EVERY
def test_every_action_is_done_by_somebody_and_reached_by_a_letter(action: Action) -> None:
    assert action.id in DOING
    assert action.id in load_keymap().letters


def test_nothing_is_done_that_is_not_in_the_registry() -> None:
    assert set(DOING) == set(BY_ID)


def test_a_call_is_taken_only_while_none_is_in_hand() -> None:
    assert possible(BY_ID["take"], in_call=False)
    assert not possible(BY_ID["take"], in_call=True)
    assert not possible(BY_ID["order"], in_call=False)
    assert possible(BY_ID["help"], in_call=True)


@pytest.mark.parametrize("typed", ["接听", "jt", "jieting", "take", "jie"])
def test_the_command_bar_understands_name_initials_pinyin_and_english(typed: str) -> None:
    assert complete(typed, list(ACTIONS))[0].id == "take"


def test_nonsense_completes_to_nothing() -> None:
    assert complete("@@@@", list(ACTIONS)) == []


async def test_help_names_every_action_with_its_keys(sit: Sit) -> None:
    async with sit(actor=LEAD) as operator:
        await operator.press("f1")
        screen = await operator.screen(HelpScreen)
        text = str(screen.query("VerticalScroll > Static").first().render())
        for action in ACTIONS:
            assert f"{action.name}：{action.help}" in text
        await operator.press("f1")
        await operator.until(lambda: operator.on_top(SeatScreen))


async def test_the_leader_menu_does_what_its_letter_says(sit: Sit) -> None:
    async with sit() as operator:
        await operator.press("ctrl+g")
        await operator.screen(LeaderMenu)
        await operator.press("m")
        await operator.screen(HelpScreen)


async def test_a_typed_command_does_what_it_says(sit: Sit) -> None:
    async with sit() as operator:
        await operator.take()
        await operator.press("f10")
        await operator.screen(CommandBar)
        await operator.key_in("xyj")
        await operator.press("escape")
        await operator.answered_by_heart()
        await operator.press("f10")
        await operator.screen(CommandBar)
        await operator.key_in("下一件")
        await operator.press("enter")
        await operator.until(lambda: len(operator.call.matters) == 2)


async def test_the_command_bar_offers_only_what_is_possible_now(sit: Sit) -> None:
    async with sit() as operator:
        await operator.lead("/")
        bar = await operator.screen(CommandBar)
        assert all(possible(action, in_call=False) for action in bar._offered)
        assert "order" not in {action.id for action in bar._offered}


@pytest.mark.parametrize("size", [(120, 40), NARROW])
async def test_the_last_line_always_shows_the_way_to_all_the_others(sit: Sit, size: tuple[int, int]) -> None:
    async with sit(size=size) as operator:
        await operator.take()
        await operator.until(lambda: "F3 答复" in operator.line("#keys"))
        assert operator.line("#keys").endswith("^G 全部")
