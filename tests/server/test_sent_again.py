"""An entry that was taken for unsendable though the server has it, and is sent again under another number."""

from __future__ import annotations

import base64
from pathlib import Path

import msgspec
import pytest

from agent_console.server.ops.checking import examine
from agent_console.server.ops.settings import ServerSettings
from agent_console.server.people.keys import VARIABLE

from .people import MASTER
from .seats import Centre


@pytest.fixture(autouse=True)
def master_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """The key the server of these tests was begun with."""
    monkeypatch.setenv(VARIABLE, base64.b64encode(MASTER).decode())


async def test_it_takes_effect_once_and_the_check_of_the_server_finds_nothing_wrong(
    centre: Centre, tmp_path: Path
) -> None:
    seat = await centre.sit()
    seat.raise_order()
    entries = seat.waiting()
    first = await seat.tell(entries)
    again = msgspec.structs.replace(entries[0], n=first.last_n + 1)
    answer = await seat.tell([again])
    assert [verdict.status for verdict in answer.verdicts] == ["duplicate"]
    found = await examine(centre.server.database, ServerSettings(folder=str(tmp_path)), lambda *_: None)
    assert [one for one in found if one.wrong] == []
