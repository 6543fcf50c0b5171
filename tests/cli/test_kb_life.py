"""`agent-console kb submit … answer` as a program calls them."""

from __future__ import annotations

import json
from pathlib import Path

from .conftest import Ask

BZ = "--jurisdiction=BZ"
CLERK = "--as=unit_clerk:城市管理局:示例乙"
CENTRE = "--as=centre"
ENTRY = {
    "title": "蓝鞋子登记在哪里办",
    "body": "在城市管理局窗口办。",
    "class": "办事指南",
    "published_on": "2026-03-02",
    "sources": ["binzhou:20"],
}


def submitted(ask: Ask, tmp_path: Path) -> str:
    """An entry handed in from a file and single fields; its id."""
    file = tmp_path / "entry.json"
    file.write_text(json.dumps(ENTRY), encoding="utf-8")
    answer = ask("kb", "submit", str(file), "--field", "questions=蓝鞋子找谁；鞋子登记", CLERK, BZ, "--json")
    assert (answer.code, answer.json["status"], answer.json["owner"]) == (0, "draft", "城市管理局")
    assert answer.json["versions"][0]["wording"]["questions"] == ["蓝鞋子找谁", "鞋子登记"]
    return str(answer.json["id"])


def titles(ask: Ask) -> list[str]:
    """What a search for blue shoes finds first."""
    return [hit["title"] for hit in ask("kb", "search", "蓝鞋子", BZ, "--limit", "1", "--json").json]


def test_an_entry_from_its_draft_to_its_withdrawal(ask: Ask, tmp_path: Path) -> None:
    article = submitted(ask, tmp_path)
    refused = ask("kb", "release", article, CENTRE, BZ)
    assert (refused.code, "BZ-20.2" in refused.err, "kb review" in refused.err) == (3, True, True)
    assert ask("kb", "review", article, CENTRE, BZ, "--json").json["status"] == "reviewed"
    assert ask("kb", "release", article, CENTRE, BZ).out == f"{article} 第 1 版：已发布\n"
    assert titles(ask) == ["蓝鞋子登记在哪里办"]
    shown = ask("kb", "show", article, "--json").json
    assert (shown["sources"], shown["owner"]) == ([{"doc": "binzhou", "article": 20}], "城市管理局")
    changed = ask("kb", "change", article, "--field", "title=蓝鞋子年检在哪里办", CLERK, BZ, "--json").json
    assert [version["status"] for version in changed["versions"]] == ["released", "draft"]
    assert titles(ask) == ["蓝鞋子登记在哪里办"]
    ask("kb", "review", article, CENTRE, BZ)
    ask("kb", "release", article, CENTRE, BZ)
    assert titles(ask) == ["蓝鞋子年检在哪里办"]
    told = ask("kb", "history", article, BZ).out
    assert ("第 1 版 已被新版取代" in told, "第 2 版 已发布" in told) == (True, True)
    assert ask("kb", "withdraw", article, CLERK, BZ).code == 3
    assert ask("kb", "withdraw", article, "--reason", "废止", CLERK, BZ).code == 0
    assert "蓝鞋子年检在哪里办" not in titles(ask)


def test_a_wording_that_cannot_be_read_is_told_with_what_can_be_filled_in(ask: Ask, tmp_path: Path) -> None:
    for words in (("--field", "published_on=明天"), ("--field", "colour=蓝"), (str(tmp_path / "missing.json"),)):
        assert ask("kb", "submit", *words, CLERK, BZ).code == 1
    assert "published_on" in ask("kb", "submit", "--field", "colour=蓝", CLERK, BZ).err


def test_feedback_is_given_and_listed(ask: Ask, tmp_path: Path) -> None:
    article = submitted(ask, tmp_path)
    assert ask("kb", "feedback", article, "缺内容", "--words", "没写电话", BZ).code == 0
    assert ask("kb", "feedback", article, "colour", BZ).code == 2
    [given] = ask("kb", "feedback", BZ, "--json").json
    assert (given["id"], given["complaint"], given["words"]) == (article, "missing", "没写电话")
    assert "没写电话" in ask("kb", "feedback", BZ).out


def test_late_imports_are_listed_with_their_owner(ask: Ask, tmp_path: Path) -> None:
    article = submitted(ask, tmp_path)
    [late] = ask("kb", "stale", BZ, "--json").json
    assert (late["id"], late["reason"], late["day"]) == (article, "late", "2026-03-03")
    assert "城市管理局" in ask("kb", "stale", BZ).out


def test_tasks_and_gaps_are_empty_at_first_and_a_task_nobody_set_is_unknown(ask: Ask) -> None:
    for noun in ("tasks", "gaps", "aliases"):
        assert ask("kb", noun, BZ, "--json").json == []
    assert ask("kb", "answer", "nothing", "--field", "title=甲", "--field", "body=乙", CLERK, "-j", "ZJ").code == 1
