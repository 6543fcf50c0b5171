"""A unit of an account is one of the directory, once the seats have sent one."""

from __future__ import annotations

import pytest

from agent_console.desk.units.directory import keep
from agent_console.domain.decisions import Done
from agent_console.domain.errors import UnknownName
from agent_console.domain.units.directory import ListedUnit
from agent_console.domain.units.directory_steps import ListUnit
from agent_console.server.people.unit_names import is_listed

from .seats import Centre

CITY = ListedUnit("市水利局", unit_class="government", tier="city")


async def test_a_unit_nobody_listed_is_named_with_those_like_it(centre: Centre) -> None:
    seat = await centre.sit("li")
    assert not await is_listed(centre.server.database, seat.line, CITY.name)
    assert isinstance(keep(seat.desk, ListUnit(CITY)), Done)
    await seat.push()
    assert await is_listed(centre.server.database, seat.line, CITY.name)
    with pytest.raises(UnknownName) as caught:
        await is_listed(centre.server.database, seat.line, "水利局")
    assert caught.value.message.fields["like"] == CITY.name
