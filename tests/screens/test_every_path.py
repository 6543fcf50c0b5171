"""Every way through every script can be gone by keys, in the words of every city that has its own."""

from __future__ import annotations

import pytest
from textual.app import App
from textual.pilot import Pilot

from agent_console.resources.rule_books import jurisdiction_codes, load_book
from knowledge.scripts.model import NEXT, NO, YES, Script, scripts
from knowledge.scripts.runner import HANG_UP, Run, begin
from screens.dialogs.script import ScriptDialog

from ..support.scripts import ANSWER, walks

KEYS = {NEXT: ("enter",), YES: ("1",), NO: ("2",), HANG_UP: ("f8",)}
PARENTS = {code: load_book(code).parent for code in jurisdiction_codes()}


async def gone(pilot: Pilot[None], start: Run, way: Run) -> Run | None:
    """Go the way by keys in a dialog of its own; what it gives back."""
    ended: list[Run | None] = []
    dialog = ScriptDialog(start, ground="")
    await pilot.app.push_screen(dialog, ended.append)
    for entry in way.path:
        key = entry.rpartition(":")[2]
        asked = dialog._walk.step.kind == "ask" and key == NEXT
        for press in (*(ANSWER if asked else ()), *KEYS.get(key, (key,))):
            await pilot.press(press)
    if not way.gone:
        await pilot.press("enter")
    await pilot.pause()
    return ended[0] if ended else None


@pytest.mark.parametrize("script", scripts().values(), ids=lambda script: script.id)
async def test_every_way_through_a_script_ends_as_it_should(script: Script) -> None:
    app: App[None] = App()
    async with app.run_test() as pilot:
        for code in script.jurisdictions:
            start = begin(script, code, PARENTS.get(code, ""))
            ways = list(walks(start))
            assert len(ways) > 2
            for way in ways:
                assert await gone(pilot, start, way) == way
                assert not isinstance(app.screen, ScriptDialog)
