"""Nothing leaves the seat's file without what the rule book asks for: Zhijiang an approval, Hebi a ground."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent_console.desk.leaving import exporting
from agent_console.desk.leaving.export_log import exports
from agent_console.domain.confidentiality.exports import ExportGranted
from agent_console.domain.decisions import Blocked
from agent_console.domain.intake.outcomes import Answered
from agent_console.domain.people import Actor

from ..cli.conftest import Ask
from ..conftest import Office
from ..support.rule_of import BUREAU, CENTRE, LEAD
from .conftest import NewLine, ask

__all__ = ["ask"]

WHAT = ("calls", "orders", "records", "recordings", "operation", "performance", "inspection")
SAFE = "'=HYPERLINK(1)"


@pytest.mark.clause("ZJ-26")
@pytest.mark.parametrize("what", WHAT)
def test_no_data_of_the_line_leave_without_an_approval(office: Office, what: str) -> None:
    desk = office("zhijiang", LEAD).desk
    for approval in ("", "  "):
        refused = exporting.allow(desk, what, approval=approval, ground="领导要看")
        assert isinstance(refused, Blocked)
        assert (refused.clauses, refused.message.key) == (("ZJ-26",), "export.no_approval")


@pytest.mark.clause("ZJ-26")
@pytest.mark.parametrize("actor", [LEAD, CENTRE, BUREAU], ids=lambda actor: actor.role)
def test_nobody_is_above_the_approval(office: Office, actor: Actor) -> None:
    assert isinstance(exporting.allow(office("zhijiang", actor).desk, "orders"), Blocked)


@pytest.mark.clause("ZJ-26")
def test_a_refused_export_writes_no_file_and_says_what_would_allow_it(line: NewLine, ask: Ask, home: Path) -> None:
    line("zhijiang").take()
    path = home / "calls.csv"
    answer = ask("export", "calls", str(path), "--jurisdiction=ZJ", "--as=lead")
    assert answer.code == 3
    assert "ZJ-26" in answer.err
    assert "--approval" in answer.err
    assert not path.exists()


@pytest.mark.clause("ZJ-26")
def test_an_approved_export_is_on_record_with_its_reference(line: NewLine, ask: Ask, home: Path) -> None:
    line("zhijiang").take()
    path = home / "calls.csv"
    arguments = ("--jurisdiction=ZJ", "--as=lead::李班长")
    assert ask("export", "calls", str(path), *arguments, "--approval=枝政务〔2026〕3号").code == 0
    [entry] = ask("export", "log", *arguments, "--json").json
    assert (entry["approval"], entry["by"], entry["count"]) == ("枝政务〔2026〕3号", "李班长", 1)


@pytest.mark.clause("HB-11.1")
@pytest.mark.parametrize("what", WHAT)
def test_a_copy_or_export_needs_a_recorded_ground(office: Office, what: str) -> None:
    desk = office("hebi", LEAD).desk
    refused = exporting.allow(desk, what, approval="某号文")
    assert isinstance(refused, Blocked)
    assert (refused.clauses, refused.message.key) == (("HB-11.1",), "export.no_ground")
    granted = exporting.allow(desk, what, ground="办理信访复核")
    assert isinstance(granted, ExportGranted)
    assert granted.ground == "办理信访复核"


@pytest.mark.clause("HB-11.1")
def test_the_ground_of_an_export_stands_in_the_record(line: NewLine, ask: Ask, home: Path) -> None:
    line("hebi").take(channel="12345_hotline")
    arguments = ("--jurisdiction=HB", "--as=lead::李班长")
    path = home / "calls.csv"
    assert ask("export", "calls", str(path), *arguments).code == 3
    assert not path.exists()
    assert ask("export", "calls", str(path), *arguments, "--ground=办理信访复核").code == 0
    assert [entry["ground"] for entry in ask("export", "log", *arguments, "--json").json] == ["办理信访复核"]


@pytest.mark.parametrize("jurisdiction", ["fujian", "binzhou", "fuzhou"])
def test_where_a_book_asks_for_nothing_an_export_is_written_down_all_the_same(
    office: Office, jurisdiction: str
) -> None:
    opened = office(jurisdiction, LEAD)
    granted = exporting.allow(opened.desk, "figures")
    assert isinstance(granted, ExportGranted)
    [export] = exports(opened, 10)
    assert export.granted == granted


def test_an_export_that_was_allowed_and_never_written_stays_on_record(office: Office) -> None:
    opened = office("fujian", LEAD)
    exporting.allow(opened.desk, "figures")
    assert [(export.count, export.sha256, export.written_at) for export in exports(opened, 10)] == [(0, "", 0)]


def test_the_ground_of_an_export_does_not_stand_in_clear_on_the_disk(office: Office, home: Path) -> None:
    exporting.allow(office("hebi", LEAD).desk, "orders", ground="核实陈女士的投诉")
    assert "陈女士".encode() not in b"".join(path.read_bytes() for path in home.glob("seat.db*"))


def test_a_note_is_no_formula_in_a_spreadsheet(line: NewLine, ask: Ask, home: Path) -> None:
    seat = line("fujian")
    seat.conclude(seat.take(), Answered(), note="=HYPERLINK(1)")
    path = home / "calls.csv"
    assert ask("export", "calls", str(path), "--jurisdiction=FJ", "--as=lead").code == 0
    assert SAFE in path.read_text(encoding="utf-8-sig")
