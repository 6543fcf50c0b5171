"""A call that one seat ended for abuse is heard of by the lead at another, over the server."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent_console.desk.calls import abuse, intake
from agent_console.desk.calls.abuse import Warned
from agent_console.desk.calls.intake import Telling
from agent_console.desk.monitor import alarms
from agent_console.domain.decisions import Done
from agent_console.domain.oversight.alarms import Thresholds
from agent_console.resources.rule_books import house
from agent_console.server.store.database import Database
from tests.support.clock import SettableClock

from .seats import centre_at

WARNED = Warned("security_superstition_abuse", 1, ("which:1", "explain_abuse:next"))


@pytest.mark.parametrize("line", ["fujian", "hebi"])
async def test_the_lead_hears_of_it_at_another_seat_whether_or_not_the_book_knows_the_mark(
    database: Database, clock: SettableClock, tmp_path: Path, line: str
) -> None:
    async with centre_at(database, clock, tmp_path, line) as centre:
        seat, lead = await centre.sit("zhang"), await centre.sit("li")
        _, call = intake.take_call(seat.desk, "13800138000")
        decision = abuse.end(seat.desk, call, WARNED, Telling("骂人"), "骚扰", house().invalid_reasons)
        assert isinstance(decision, Done)
        assert {verdict.status for verdict in await seat.push()} == {"applied"}
        await lead.pull()
        found = alarms.of_file(lead.opened, Thresholds(), lead.desk.context().now)
        assert [(alarm.kind, alarm.operator, alarm.call) for alarm in found] == [("abuse", "张三", call)]
