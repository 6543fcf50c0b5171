from __future__ import annotations

from agent_console.desk.commands import COMMANDS, HISTORY, NOTE
from agent_console.texts import TEXTS


def test_everything_that_travels_has_a_name_for_people() -> None:
    assert [name for name in (*COMMANDS, NOTE, HISTORY) if f"command.{name}" not in TEXTS] == []
