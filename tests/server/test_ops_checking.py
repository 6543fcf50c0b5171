"""`server check` finds what is not as it should be."""

from __future__ import annotations

import base64

import pytest

from agent_console.domain.errors import BadInput
from agent_console.server.ops.checking import examine
from agent_console.server.people.keys import VARIABLE

from .people import MASTER
from .seats import UNIT_A, UNIT_B, Centre


@pytest.fixture
async def worked(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> Centre:
    """A server at which somebody has handed two orders to units."""
    monkeypatch.setenv(VARIABLE, base64.b64encode(MASTER).decode())
    seat = await centre.sit("zhang")
    for unit in (UNIT_A, UNIT_B):
        seat.dispatched(unit)
    await seat.in_step()
    return centre


async def _wrong(centre: Centre) -> dict[str, int]:
    found = await examine(centre.server.database, centre.server.settings, lambda _, __: None)
    assert all(one.count for one in found)
    return {one.name: one.wrong for one in found if one.wrong}


async def test_data_that_are_whole_are_found_whole(worked: Centre) -> None:
    assert await _wrong(worked) == {}


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        ("UPDATE order_row SET status = 'archived' WHERE seq = (SELECT MIN(seq) FROM order_row)", {"projections": 1}),
        ("DELETE FROM order_row WHERE seq = (SELECT MIN(seq) FROM order_row)", {"projections": 1}),
        ("DELETE FROM sight WHERE who LIKE 'unit:%'", {"projections": 2}),
        ("UPDATE counter SET last_seq = last_seq + 1", {"seq": 2}),
        ("UPDATE device SET last_n = last_n + 1", {"devices": 1}),
    ],
)
async def test_what_was_changed_by_hand_is_found(worked: Centre, damage: str, found: dict[str, int]) -> None:
    await worked.server.database.execute(damage)
    assert await _wrong(worked) == found


async def test_an_event_that_is_gone_is_found(worked: Centre) -> None:
    await worked.server.database.execute("DELETE FROM event WHERE seq = (SELECT MAX(seq) FROM event)")
    wrong = await _wrong(worked)
    assert set(wrong) >= {"seq", "heads"}


async def test_another_master_key_is_found(worked: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, base64.b64encode(bytes(32)).decode())
    with pytest.raises(BadInput):
        await _wrong(worked)
