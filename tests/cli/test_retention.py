"""What has been kept long enough is listed, and erased so that nothing of it is left on the disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent_console.desk.calls import intake
from agent_console.desk.calls.intake import Telling
from agent_console.desk.leaving import exporting
from agent_console.desk.orders import handling
from agent_console.domain.intake.outcomes import Answered
from agent_console.domain.people import Actor
from agent_console.domain.work_order.order_endings import VoidOrder
from agent_console.domain.work_order.order_secrecy import ClassifyOrder
from agent_console.store.drafts import Draft
from tests.conftest import Office
from tests.support.clock import SettableClock
from tests.support.rule_of import LEAD, facts
from tests.support.secret_keys import in_environment
from tests.support.stories import form

from .conftest import Ask

NUMBER = "13912345678"
ARGUMENTS = ("--jurisdiction=FJ", "--as=lead::李班长")


def _answered_call(office: Office, jurisdiction: str = "fujian") -> str:
    desk = office(jurisdiction).desk
    decision, call = intake.take_call(desk, NUMBER)
    facts(decision)
    matter = desk.call(call).matters[0].id
    facts(intake.conclude(desk, call, matter, Answered(), Telling("问社保卡怎么补", "到窗口")))
    facts(intake.close(desk, call))
    return call


def _due(ask: Ask, monkeypatch: pytest.MonkeyPatch, now: str) -> list[tuple[str, str]]:
    monkeypatch.setenv("AGENT_CONSOLE_NOW", now)
    return [(item["what"], item["name"]) for item in ask("retention", "list", *ARGUMENTS, "--json").json]


def test_a_finished_call_is_due_three_years_later(ask: Ask, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    call = _answered_call(office)
    assert _due(ask, monkeypatch, "2029-03-01T09:59+08:00") == []
    assert _due(ask, monkeypatch, "2029-03-01T10:00+08:00") == [("calls", call)]


def test_an_unfinished_call_is_never_due(ask: Ask, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    intake.take_call(office("fujian").desk, NUMBER)
    assert _due(ask, monkeypatch, "2040-01-01T10:00+08:00") == []


def test_a_call_waits_for_the_order_made_of_it(
    ask: Ask, office: Office, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = office("fujian", LEAD).desk
    _, call = intake.take_call(desk, NUMBER)
    raised = intake.raise_order(desk, call, desk.call(call).matters[0].id, form("fujian"), Telling())
    facts(intake.close(desk, call))
    assert _due(ask, monkeypatch, "2035-01-01T10:00+08:00") == []
    clock.set("2030-01-01T10:00+08:00")
    facts(handling.take(desk, raised.order, VoidOrder("误建")))
    assert _due(ask, monkeypatch, "2034-12-30T10:00+08:00") == [("calls", call)]
    assert _due(ask, monkeypatch, "2034-12-31T10:00+08:00") == [("calls", call), ("orders", raised.number)]


def test_drafts_and_records_of_exports_are_due_in_their_time(
    ask: Ask, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = office("fujian").desk
    _, call = intake.take_call(desk, NUMBER)
    intake.save_draft(desk, Draft(f"call:{call}", {"note": "路灯"}))
    exporting.allow(desk, "calls", ground="核对")
    assert _due(ask, monkeypatch, "2026-03-31T10:00+08:00") == []
    assert _due(ask, monkeypatch, "2026-04-01T10:00+08:00") == [("drafts", call)]
    assert [what for what, _ in _due(ask, monkeypatch, "2031-03-01T10:00+08:00")] == ["drafts", "exports"]


def test_what_began_under_another_book_is_left_to_that_book(
    ask: Ask, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    _answered_call(office, "zhijiang")
    assert _due(ask, monkeypatch, "2040-01-01T10:00+08:00") == []


def test_nothing_is_erased_without_confirmation(ask: Ask, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    call = _answered_call(office)
    monkeypatch.setenv("AGENT_CONSOLE_NOW", "2030-01-01T10:00+08:00")
    answer = ask("retention", "run", *ARGUMENTS)
    assert answer.code == 1
    assert "--yes" in answer.err
    assert office("fujian").desk.call(call).number == NUMBER


def test_only_those_the_book_names_erase(ask: Ask, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    call = _answered_call(office)
    monkeypatch.setenv("AGENT_CONSOLE_NOW", "2030-01-01T10:00+08:00")
    assert ask("retention", "run", "--yes", "--jurisdiction=FJ", "--as=operator::张三").code == 3
    assert office("fujian").desk.call(call).number == NUMBER


def test_of_an_erased_call_neither_text_nor_number_nor_its_hash_is_left_on_the_disk(
    ask: Ask, office: Office, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(40):
        _answered_call(office)
    opened = office("fujian")
    traces = [opened.store.sealing.number_hash(NUMBER).encode()]
    traces += [
        key for (key,) in opened.store.connection.execute("SELECT key FROM sealing_key WHERE owner LIKE 'call:%'")
    ]
    opened.close()
    assert all(trace in _on_disk(home) for trace in traces)
    monkeypatch.setenv("AGENT_CONSOLE_NOW", "2030-01-01T10:00+08:00")
    assert ask("retention", "run", "--yes", *ARGUMENTS, "--json").json == {"erased": {"calls": 40}, "compacted": True}
    content = _on_disk(home)
    assert [trace for trace in traces if trace in content] == []
    assert ask("retention", "list", *ARGUMENTS, "--json").json == []


def test_an_erasure_is_an_event_of_the_call_and_of_the_run(
    ask: Ask, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = _answered_call(office)
    monkeypatch.setenv("AGENT_CONSOLE_NOW", "2030-01-01T10:00+08:00")
    ask("retention", "run", "--yes", *ARGUMENTS)
    log = office("fujian").store.log
    assert log.load(f"call:{call}")[-1].envelope.type == "call.erased"
    [ran] = log.load("retention:fujian")
    assert (ran.envelope.type, ran.envelope.actor) == ("retention.carried_out", "李班长")


def test_a_confidential_order_is_erased_without_its_role_key(
    ask: Ask, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AGENT_CONSOLE_ROLE_KEYS", in_environment())
    desk = office("binzhou", Actor("李班长", "lead")).desk
    raised = intake.raise_order(desk, "", "", form("binzhou"), Telling())
    facts(handling.take(desk, raised.order, ClassifyOrder("privacy", "诉求人要求")))
    facts(handling.take(desk, raised.order, VoidOrder("误建")))
    monkeypatch.delenv("AGENT_CONSOLE_ROLE_KEYS")
    monkeypatch.setenv("AGENT_CONSOLE_NOW", "2040-01-01T10:00+08:00")
    answer = ask("retention", "run", "--yes", "--jurisdiction=BZ", "--as=lead", "--json")
    assert answer.json["erased"] == {"orders": 1}
    monkeypatch.setenv("AGENT_CONSOLE_ROLE_KEYS", in_environment())
    reader = office("binzhou", Actor("李班长", "lead"))
    assert reader.desk.order(raised.order).details.content == ""
    assert reader.store.log.load(f"order:{raised.order}")[-1].envelope.type == "order.erased"


def _on_disk(home: Path) -> bytes:
    return b"".join(path.read_bytes() for path in home.glob("seat.db*"))
