from __future__ import annotations

import json
from pathlib import Path

import pytest

from .conftest import CLERK, FORM, Ask

FJ = "--jurisdiction=FJ"
SIGNED = ("--department=照明科", "--field", "officer=示例丙")


class TestRaise:
    def test_the_form_becomes_an_order_with_its_call(self, ask: Ask) -> None:
        order = ask("order", "raise", *FORM, "--supporting=供电公司", "--json").json
        assert (order["status"], order["kind"], order["lead"]) == ("raised", "投诉", "城市管理局")
        assert order["supporting"] == ["供电公司"]
        assert (order["caller_name"], order["caller_number"]) == ("示*", "138****0001")
        [dispatching] = order["clocks"]
        assert (dispatching["limit"], dispatching["clause"]) == ("dispatch", "FJ-14.2")
        call = ask("call", "show", order["call"], FJ, "--json").json
        outcome = call["matters"][0]["outcome"]
        assert (outcome["type"], outcome["order"], outcome["number"]) == ("ordered", order["id"], order["number"])

    def test_from_a_file_and_the_command_line_goes_first(self, ask: Ask, tmp_path: Path) -> None:
        form = {word[2:].partition("=")[0].replace("-", "_"): word.partition("=")[2] for word in FORM[1:]}
        file = tmp_path / "order.json"
        file.write_text(json.dumps({**form, "mass_incident": True, "supporting": ["供电公司"]}), encoding="utf-8")
        order = ask("order", "raise", FJ, "--input", str(file), "--title=另一个标题", "--json").json
        assert (order["title"], order["mass_incident"], order["supporting"]) == ("另一个标题", True, ["供电公司"])

    @pytest.mark.parametrize("text", ["{", "[]", '{"kidn": "投诉"}', '{"urgency": 3}', "\udcff"])
    def test_a_file_that_is_no_form(self, ask: Ask, tmp_path: Path, text: str) -> None:
        file = tmp_path / "order.json"
        file.write_bytes(text.encode("utf-8", "surrogateescape"))
        answer = ask("order", "raise", FJ, "--input", str(file))
        assert answer.code == 1
        assert "order.json" in answer.err

    def test_a_file_that_is_not_there(self, ask: Ask, tmp_path: Path) -> None:
        assert ask("order", "raise", FJ, "--input", str(tmp_path / "none.json")).code == 1

    def test_missing_fields_are_named_in_chinese_with_the_clause(self, ask: Ask) -> None:
        answer = ask("order", "raise", FJ, "--title=路灯")
        assert (answer.code, answer.out) == (3, "")
        assert "诉求人类别" in answer.err
        assert "FJ-2.2" in answer.err
        assert ask("call", "list", FJ, "--json").json == []

    def test_a_refused_order_uses_no_number(self, ask: Ask) -> None:
        ask("order", "raise", FJ, "--title=路灯")
        assert ask("order", "raise", *FORM, "--json").json["number"][10:14] == "0001"

    def test_a_time_that_cannot_be_read(self, ask: Ask) -> None:
        assert ask("order", "raise", *FORM, "--received-at=昨天").code == 1


class TestSteps:
    def test_a_life_from_dispatch_to_completion(self, ask: Ask, order: str) -> None:
        tail = order[-5:]
        assert ask("order", "dispatch", tail, FJ, "--json").json["status"] == "dispatched"
        signed = ask("order", "sign", tail, FJ, CLERK, *SIGNED, "--json").json
        assert signed["status"] == "signed"
        assert {"handle", "extension_apply_by"} == {clock["limit"] for clock in signed["clocks"]}
        done = ask(
            "order",
            "complete",
            tail,
            FJ,
            CLERK,
            "--result=已修好",
            "--leader=示例丁",
            "--answered-at=2026-03-01",
            "--json",
        ).json
        assert done["status"] == "completed"
        history = ask("order", "show", tail, FJ, "--json").json["history"]
        assert [event["what"] for event in history] == ["立单", "分办", "签收", "办结"]
        assert history[2]["actor"] == "示例乙"
        assert history[2]["fields"]["officer"] == "示例丙"

    def test_a_step_out_of_turn_says_what_would_unblock_it(self, ask: Ask, order: str) -> None:
        answer = ask("order", "sign", order, FJ, CLERK, *SIGNED)
        assert (answer.code, answer.out) == (3, "")
        assert answer.err.startswith("FJ-18.1：")
        assert "order dispatch" in answer.err

    def test_a_step_of_another_role(self, ask: Ask, order: str) -> None:
        ask("order", "dispatch", order, FJ)
        answer = ask("order", "sign", order, FJ, *SIGNED)
        assert answer.code == 3
        assert "话务员" in answer.err
        assert "承办单位经办人" in answer.err

    def test_returning_after_signing_is_blocked_by_clause(self, ask: Ask, order: str) -> None:
        ask("order", "dispatch", order, FJ)
        ask("order", "sign", order, FJ, CLERK, *SIGNED)
        answer = ask("order", "return", order, FJ, CLERK, "--reason=不属本单位", "--basis=三定方案")
        assert answer.code == 3
        assert "FJ-17.2" in answer.err

    def test_an_extension_beyond_the_length_is_refused_for_that_reason(self, ask: Ask, order: str) -> None:
        ask("order", "dispatch", order, FJ)
        ask("order", "sign", order, FJ, CLERK, *SIGNED)
        words = (
            "--reason=等材料",
            "--leader=示例丁",
            "--consented-at=2026-03-01",
            "--written-text=申请书",
            "--explained-at=2026-03-01",
        )
        answer = ask("order", "extend", order, FJ, CLERK, "--days=30", *words)
        assert answer.code == 3
        assert "FJ-20.6d" in answer.err
        assert ask("order", "extend", order, FJ, CLERK, "--days=5", *words, "--json").json["extended_days"] == 5

    def test_a_return_that_the_line_decides(self, ask: Ask) -> None:
        form = [word for word in FORM if not word.startswith("--jurisdiction")]
        order = ask("order", "raise", "--jurisdiction=ZJ", *form, "--json").json["number"]
        zj = "--jurisdiction=ZJ"
        ask("order", "dispatch", order, zj)
        assert (
            ask("order", "return", order, zj, CLERK, "--reason=不属本单位", "--json").json["return_requested"] is True
        )
        assert ask("order", "decide-return", order, zj, "--grant").code == 3
        returned = ask("order", "decide-return", order, zj, "--grant", "--as=班长", "--json").json
        assert returned["status"] == "returned"

    def test_choices_are_written_as_the_form_names_them_and_unknown_ones_are_refused(self, ask: Ask) -> None:
        raised = ask("order", "raise", *FORM, "--caller-type=法人", "--urgency=紧急", "--json").json
        assert (raised["caller_type"], raised["urgency"]) == ("legal_person", "urgent")
        refused = ask("order", "raise", *FORM, "--urgency=特急")
        assert refused.code == 1
        assert "紧急（urgent）" in refused.err

    def test_an_override_names_who_may_give_it(self, ask: Ask) -> None:
        bz = "--jurisdiction=BZ"
        form = [word for word in FORM if "caller-type" not in word and "jurisdiction" not in word]
        order = ask("order", "raise", bz, *form, "--complexity=especially_complex", "--json").json["number"]
        ask("order", "dispatch", order, bz)
        ask("order", "sign", order, bz, CLERK)
        asked = ask("order", "extend", order, bz, CLERK, "--days=12", "--reason=等材料", "--json").json
        assert (asked["extension_requested"], asked["extended_days"]) == (12, 0)
        answer = ask("order", "decide-extension", order, bz, "--grant", "--as=bureau")
        assert answer.code == 3
        assert "须由热线主管部门特批" in answer.err
        granted = ask("order", "decide-extension", order, bz, "--grant", "--as=bureau", "--override", "--json").json
        assert granted["extended_days"] == 12

    @pytest.mark.parametrize("words", [("--as=boss",), ("--field", "ohne"), ("--field", "=x")])
    def test_words_that_mean_nothing(self, ask: Ask, order: str, words: tuple[str, ...]) -> None:
        assert ask("order", "sign", order, FJ, *words).code == 1

    def test_a_seat_with_a_server_takes_no_self_declared_role(self, ask: Ask, order: str, home: Path) -> None:
        (home / "config.toml").write_text('jurisdiction = "fujian"\nserver = "http://127.0.0.1:9"\n', encoding="utf-8")
        assert ask("order", "dispatch", order, "--as=lead").code == 1


class TestLook:
    def test_list_by_status_and_day(self, ask: Ask, order: str) -> None:
        assert [line["number"] for line in ask("order", "list", FJ, "--today", "--json").json] == [order]
        assert ask("order", "list", FJ, "--status=signed", "--json").json == []
        assert ask("order", "list", FJ, "--status=verloren").code == 1
        assert f"{order[:6]} {order[6:10]} {order[10:]}" in ask("order", "list", FJ).out

    def test_overdue_is_said_in_words(self, ask: Ask, order: str, monkeypatch: pytest.MonkeyPatch) -> None:
        ask("order", "dispatch", order, FJ)
        monkeypatch.setenv("AGENT_CONSOLE_NOW", "2099-01-04T10:00:00+08:00")
        assert "已超期" in ask("order", "list", FJ).out

    def test_show_tells_clocks_and_history(self, ask: Ask, order: str) -> None:
        told = ask("order", "show", order, FJ).out
        for text in ("一号路路灯不亮", "138****0001", "示*", "公民", "分办", "FJ-14.2", "立单"):
            assert text in told
        assert "13800000001" in ask("order", "show", order, FJ, "--unmask").out

    def test_show_finds_by_tail_groups_and_id(self, ask: Ask, order: str) -> None:
        found = ask("order", "show", order[-5:], FJ, "--json").json
        assert ask("order", "show", f"{order[:6]} {order[6:10]} {order[10:]}", FJ, "--json").json["id"] == found["id"]
        assert ask("order", "show", found["id"], FJ, "--json").json["number"] == order

    def test_an_unknown_order(self, ask: Ask) -> None:
        assert ask("order", "show", "99999", FJ).code == 1
