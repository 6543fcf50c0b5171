from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from agent_console.clock import SystemClock
from agent_console.store.seat_file import Store

from .conftest import FORM, Ask

FJ = "--jurisdiction=FJ"
CALLER = (FJ, "--number=13800000001", "--caller-name=示例甲", "--caller-type=citizen")


def events(home: Path) -> int:
    with sqlite3.connect(home / "seat.db") as connection:
        return int(connection.execute("SELECT count(*) FROM event").fetchone()[0])


class TestRing:
    def test_the_running_console_finds_the_offer(self, ask: Ask, home: Path) -> None:
        assert ask("call", "ring", "13800000001", "--name", "示例甲", "--line", "12345", "--call-id", "x1") == (
            0,
            "",
            "",
        )
        with Store.open(home / "seat.db", SystemClock()) as store:
            [offer] = store.rings.poll()
        assert (offer.number, offer.name, offer.line, offer.call_id) == ("13800000001", "示例甲", "12345", "x1")

    def test_the_same_call_is_offered_once(self, ask: Ask) -> None:
        first = ask("call", "ring", "13800000001", "--call-id", "x1", "--json").json
        assert ask("call", "ring", "13800000001", "--call-id", "x1", "--json").json == first

    def test_a_withheld_number_rings_too(self, ask: Ask) -> None:
        assert ask("call", "ring", "").code == 0

    def test_a_number_that_is_none_is_told(self, ask: Ask) -> None:
        answer = ask("call", "ring", "1" * 41)
        assert answer.code == 1
        assert "40" in answer.err


class TestLog:
    @pytest.mark.parametrize(
        ("words", "outcome"),
        [
            (("--answered=where-12368",), "answered"),
            (("--answered=", "--words=打 12368"), "answered"),
            (("--refused=fj-13.2", "--explained", "--guided", "--field", "institution=法院"), "refused"),
            (("--transferred=110",), "transferred"),
            (("--interrupted",), "interrupted"),
        ],
    )
    def test_a_whole_call_with_one_outcome(self, ask: Ask, words: tuple[str, ...], outcome: str) -> None:
        call = ask("call", "log", *CALLER, "--note=要点", *words).json
        assert call["status"] == "closed"
        assert [matter["outcome"]["type"] for matter in call["matters"]] == [outcome]

    def test_a_follow_up_names_the_order_it_joins(self, ask: Ask, order: str) -> None:
        call = ask("call", "log", *CALLER, "--follow-up", order[-5:]).json
        outcome = call["matters"][0]["outcome"]
        assert (outcome["type"], outcome["number"]) == ("followed_up", order)
        assert outcome["order"] == ask("order", "show", order, FJ, "--json").json["id"]

    def test_an_invalid_call_needs_only_its_reason(self, ask: Ask) -> None:
        call = ask("call", "log", FJ, "--invalid=无声").json
        assert (call["status"], call["reason"], call["matters"]) == ("invalid", "无声", [])

    def test_a_refusal_without_explaining_and_guiding_leaves_nothing_behind(self, ask: Ask, home: Path) -> None:
        answer = ask("call", "log", *CALLER, "--refused=FJ-13.2")
        assert (answer.code, answer.out) == (3, "")
        assert "已说明理由" in answer.err
        assert "FJ-13.z" in answer.err
        assert events(home) == 0

    def test_a_refusal_names_what_its_item_asks_for(self, ask: Ask) -> None:
        answer = ask("call", "log", *CALLER, "--refused=FJ-13.2", "--explained", "--guided")
        assert answer.code == 3
        assert "应找的机构" in answer.err

    @pytest.mark.parametrize("words", [(), ("--interrupted", "--invalid=无声")])
    def test_one_outcome_and_not_two(self, ask: Ask, words: tuple[str, ...]) -> None:
        assert ask("call", "log", *CALLER, *words).code == 2

    @pytest.mark.parametrize("named", ["where-1236", "法院", "no-such-entry"])
    def test_an_answer_from_an_entry_there_is_not_leaves_nothing_behind(self, ask: Ask, home: Path, named: str) -> None:
        answer = ask("call", "log", *CALLER, "--note=要点", f"--answered={named}")
        assert (answer.code, answer.out) == (1, "")
        assert f"没有编号为“{named}”的知识条目" in answer.err
        assert "是不是" in answer.err
        assert events(home) == 0

    def test_an_answer_keeps_which_version_of_the_entry_was_told(self, ask: Ask) -> None:
        [matter] = ask("call", "log", *CALLER, "--note=要点", "--answered=where-12368", "--json").json["matters"]
        assert (matter["outcome"]["article"], matter["outcome"]["version"]) == ("where-12368", 1)

    def test_a_follow_up_to_nothing(self, ask: Ask) -> None:
        assert ask("call", "log", *CALLER, "--follow-up=12345").code == 1

    def test_without_a_jurisdiction_it_says_what_to_do(self, ask: Ask) -> None:
        answer = ask("call", "log", "--interrupted")
        assert answer.code == 1
        assert "--jurisdiction" in answer.err


class TestLook:
    def test_the_list_masks_name_and_number(self, ask: Ask) -> None:
        ask("call", "log", *CALLER, "--interrupted")
        assert "138****0001" in ask("call", "list", FJ).out
        [line] = ask("call", "list", FJ, "--today", "--json").json
        assert (line["number"], line["caller_name"], line["matters"]) == ("138****0001", "示*", ["interrupted"])

    def test_unmasking_shows_and_leaves_a_trace(self, ask: Ask, home: Path) -> None:
        call = ask("call", "log", *CALLER, "--interrupted").json
        before = events(home)
        assert "13800000001" not in ask("call", "show", call["id"], FJ).out
        assert events(home) == before
        assert ask("call", "show", call["id"], FJ, "--unmask", "--json").json["number"] == "13800000001"
        assert "13800000001" in ask("call", "show", call["id"], FJ, "--unmask").out
        with sqlite3.connect(home / "seat.db") as connection:
            found = connection.execute("SELECT actor FROM event WHERE type = 'identity.unmasked'").fetchall()
        assert len(found) == 2

    def test_the_list_shows_enough_of_an_id_to_show_the_call(self, ask: Ask) -> None:
        call = ask("call", "log", *CALLER, "--interrupted").json
        assert ask("call", "show", call["id"][:13], FJ, "--json").json["id"] == call["id"]

    def test_whom_a_caller_was_handed_to_is_shown_with_the_hand_over_note(self, ask: Ask) -> None:
        note = ("--field", "number=13800000001", "--field", "place=五四路12号")
        call = ask("call", "log", *CALLER, "--transferred=119", "--way=three_way", *note).json
        shown = ask("call", "show", call["id"], FJ).out
        for words in ("119　三方通话", "来电号码：138****0001", "事发地点：五四路12号"):
            assert words in shown
        [matter] = ask("call", "show", call["id"], FJ, "--json").json["matters"]
        assert matter["outcome"]["told"] == {"number": "138****0001", "place": "五四路12号"}
        assert "来电号码：13800000001" in ask("call", "show", call["id"], FJ, "--unmask").out

    def test_a_refusal_is_shown_with_its_clause_and_what_was_told(self, ask: Ask) -> None:
        told = ("--refused=FJ-13.2", "--explained", "--guided", "--field", "institution=法院")
        call = ask("call", "log", *CALLER, *told).json
        shown = ask("call", "show", call["id"], FJ).out
        assert "FJ-13.2" in shown
        assert "应找的机构：法院" in shown

    def test_an_empty_list(self, ask: Ask) -> None:
        assert ask("call", "list", FJ, "--json").json == []
        assert ask("call", "list", FJ).out.strip() == "没有"

    def test_an_unknown_call(self, ask: Ask) -> None:
        answer = ask("call", "show", "01a", FJ)
        assert answer.code == 1
        assert "call list" in answer.err


def test_an_order_joins_the_call_that_is_open(ask: Ask, home: Path) -> None:
    """A call the seat has open gets its outcome by `order raise --call`."""
    from agent_console.desk.calls import intake
    from agent_console.desk.opening import open_desk
    from agent_console.settings import Settings

    opened = open_desk(home, Settings(jurisdiction="fujian", operator="示例"), SystemClock())
    _, call_id = intake.take_call(opened.desk, "13800000009")
    opened.close()
    order = json.loads(
        ask(
            "order",
            "raise",
            *FORM[:-2],
            "--caller-number=",
            FORM[-1],
            "--district=示例区",
            f"--call={call_id}",
            "--json",
        ).out
    )
    assert order["call"] == call_id
    assert order["caller_number"] == "138****0009"
    assert ask("order", "raise", *FORM, f"--call={call_id}").code == 1
