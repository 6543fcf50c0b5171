"""`agent-console kb import` under a rule book: who may, what would change, what is handed in, what is kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from agent_console.clock import clock_from_environment
from agent_console.desk.opening import SEAT_FILE, seat_projectors
from agent_console.domain.upkeep.article_imports import STREAM, KnowledgeImported
from agent_console.store.seat_file import Store
from knowledge.importing import kept_files
from knowledge.library import Library

from .conftest import Ask

FJ, BZ = "--jurisdiction=FJ", "--jurisdiction=BZ"
CENTRE = "--as=centre"
CLERK = "--as=unit_clerk:城市管理局"
STRANGER = "--as=unit_clerk:水利局"
HEAD = "编号,标题,正文,分类,政策发布日期,有效期至\n"
SHOES = "1,蓝鞋子登记,在窗口办。,办事指南,2026-03-02,\n"
HAT = "2,绿帽子登记,在网上办。,办事指南,2026-03-02,2027-01-01\n"
WriteRows = Callable[..., str]


@pytest.fixture
def rows(tmp_path: Path) -> WriteRows:
    """Writes the file of the editor; its path."""

    def write(*lines: str) -> str:
        path = tmp_path / "鞋帽.csv"
        path.write_text(HEAD + "".join(lines), encoding="utf-8")
        return str(path)

    return write


def shown(ask: Ask, entry: str) -> dict[str, Any]:
    """An entry as it stands."""
    found: dict[str, Any] = ask("kb", "show", entry, "--json").json
    return found


def test_an_import_is_one_event_that_names_the_kept_file(ask: Ask, rows: WriteRows, home: Path) -> None:
    file = Path(rows(SHOES, HAT))
    assert ask("kb", "import", str(file), FJ, CENTRE).code == 0
    hashed = sha256(file.read_bytes()).hexdigest()
    with Store.open(home / SEAT_FILE, clock_from_environment(), seat_projectors()) as store:
        [event] = store.log.load(STREAM)
        assert isinstance(event.fact, KnowledgeImported)
        assert (event.fact.imported.sha256, event.fact.imported.entries) == (hashed, 2)
        kept = kept_files.kept(home, hashed, file.name)
        assert (kept.read_bytes(), kept.stat().st_mode & 0o777) == (file.read_bytes(), 0o600)
        before = Library(store.connection).entries()
        file.unlink()
        store.rebuild()
        assert sorted(Library(store.connection).entries(), key=lambda entry: entry.id) == sorted(
            before, key=lambda entry: entry.id
        )


def test_a_dry_run_tells_what_would_change_and_changes_nothing(ask: Ask, rows: WriteRows, home: Path) -> None:
    assert ask("kb", "import", rows(SHOES, HAT), FJ, CENTRE).code == 0
    moved = rows(SHOES.replace("窗口", "大厅"), "3,红围巾登记,现在就办。,,,\n")
    told = ask("kb", "import", moved, FJ, CENTRE, "--dry-run")
    assert "更新 鞋帽-1 蓝鞋子登记（正文）" in told.out
    assert "移除 鞋帽-2 绿帽子登记" in told.out
    assert "新增 鞋帽-3 红围巾登记" in told.out
    [form] = ask("kb", "import", moved, FJ, CENTRE, "--dry-run", "--json").json
    assert form["change"]["changed"] == [{"id": "鞋帽-1", "title": "蓝鞋子登记", "fields": ["body"]}]
    assert shown(ask, "鞋帽-1")["body"] == "在窗口办。"
    assert len(list((home / "imports").glob("*/*.csv"))) == 1


def test_who_may_not_hand_in_may_not_import(ask: Ask, rows: WriteRows) -> None:
    refused = ask("kb", "import", rows(SHOES), BZ, "--as=operator")
    assert (refused.code, "BZ-20.2b" in refused.err) == (3, True)
    assert ask("kb", "show", "鞋帽-1").code == 1


def test_a_unit_hands_in_and_changes_only_what_is_its_own(ask: Ask, rows: WriteRows) -> None:
    told = ask("kb", "import", rows(SHOES, HAT), BZ, CLERK)
    assert (told.code, "提交为草稿" in told.out) == (0, True)
    assert ask("kb", "history", "鞋帽-1", BZ, "--json").json["owner"] == "城市管理局"
    [again] = ask("kb", "import", rows(SHOES, HAT), BZ, CLERK, "--json").json
    assert (again["change"]["unchanged"], again["change"]["added"]) == (2, [])
    for entry in ("鞋帽-1", "鞋帽-2"):
        ask("kb", "review", entry, CENTRE, BZ)
        ask("kb", "release", entry, CENTRE, BZ)
    moved = rows(SHOES.replace("窗口", "大厅"), HAT, "3,红围巾登记,现在就办。,办事指南,2026-03-02,\n")
    [by_stranger] = ask("kb", "import", moved, BZ, STRANGER, "--json").json
    assert [one["id"] for one in by_stranger["change"]["refused"]] == ["鞋帽-1"]
    assert [one["id"] for one in by_stranger["change"]["added"]] == ["鞋帽-3"]
    [by_owner] = ask("kb", "import", moved, BZ, CLERK, "--json").json
    assert [one["id"] for one in by_owner["change"]["changed"]] == ["鞋帽-1"]
    assert by_owner["change"]["unchanged"] == 2
    assert shown(ask, "鞋帽-1")["body"] == "在窗口办。"


def test_what_is_worded_here_stays_and_the_file_is_offered_as_its_next_version(ask: Ask, rows: WriteRows) -> None:
    ask("kb", "import", rows(SHOES), FJ, CENTRE)
    ask("kb", "change", "鞋帽-1", "--field", "body=在二楼办。", FJ, CENTRE)
    ask("kb", "release", "鞋帽-1", FJ, CENTRE)
    for _ in range(2):
        told = ask("kb", "import", rows(SHOES.replace("窗口", "大厅")), FJ, CENTRE)
        assert "鞋帽-1 在本地改过" in told.err
    assert shown(ask, "鞋帽-1")["body"] == "在二楼办。"
    versions = ask("kb", "history", "鞋帽-1", FJ, "--json").json["versions"]
    assert [(one["status"], one["wording"]["body"]) for one in versions[1:]] == [
        ("released", "在二楼办。"),
        ("draft", "在大厅办。"),
    ]


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".json", ".md"])
def test_an_exported_entry_that_was_edited_outside_updates_the_one_it_came_from(
    ask: Ask, rows: WriteRows, tmp_path: Path, suffix: str
) -> None:
    ask("kb", "import", rows(SHOES, HAT), FJ, CENTRE)
    before = {entry["id"]: entry["version"] for entry in ask("kb", "list", "--json").json}
    out = tmp_path / f"全部{suffix}"
    assert ask("kb", "export", str(out), FJ, CENTRE).code == 0
    [nothing] = ask("kb", "import", str(out), FJ, CENTRE, "--json").json
    assert nothing["change"]["unchanged"] == len(before)
    assert not any(nothing["change"][kind] for kind in ("added", "changed", "removed", "kept"))
    assert {entry["id"]: entry["version"] for entry in ask("kb", "list", "--json").json} == before


BROKEN = {
    ".csv": "标题,正文,有效期至\n甲,乙。,\n丙,丁。,明天\n,没有标题,\n戊,己。,2027-01-01\n庚,辛。,,多了一格\n",
    ".json": '[\n{"标题": "甲", "正文": "乙。"},\n{"标题": "丙", "正文": "丁。", "有效期至": "明天"},\n'
    '{"正文": "没有标题"},\n{"标题": "戊", "正文": "己。", "有效期至": "2027-01-01"},\n7\n]',
    ".md": "---\n标题: 甲\n编号: 1\n---\n乙。\n---\n标题: 丙\n有效期至: 明天\n---\n丁。\n"
    "---\n编号: 3\n---\n没有标题\n---\n标题: 戊\n有效期至: 2027-01-01\n---\n己。\n---\n标题: 庚\n乱写\n---\n辛。\n",
}
LINES = {".csv": [3, 4, 6], ".json": [3, 4, 6], ".md": [6, 11, 20]}


@pytest.mark.parametrize("suffix", BROKEN)
def test_broken_rows_are_listed_with_line_and_reason_and_the_rest_is_taken(
    ask: Ask, tmp_path: Path, suffix: str
) -> None:
    path = tmp_path / f"faq{suffix}"
    path.write_text(BROKEN[suffix], encoding="utf-8")
    [report] = ask("kb", "import", str(path), "--json").json
    assert [one["title"] for one in report["taken"]] == ["甲", "戊"]
    assert [one["line"] for one in report["doubtful"]] == LINES[suffix]
    assert report["doubtful"][0]["reason"] == "kb.doubt.day"
    assert "日期读不出来" in ask("kb", "import", str(path)).out


def test_a_workbook_as_spreadsheets_write_it(ask: Ask, tmp_path: Path) -> None:
    from datetime import datetime

    from openpyxl import Workbook

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["标题", "正文", "条", "有效期至", "关键词"])
    sheet.append(["蓝鞋子登记", "在窗口办。", 3.0, datetime(2027, 1, 1), "鞋、登记"])
    sheet.append([None, None, None, None, None])
    sheet.append(["绿帽子登记", "在网上办。", "三", None, None])
    book.save(tmp_path / "faq.xlsx")
    [report] = ask("kb", "import", str(tmp_path / "faq.xlsx"), "--json").json
    assert [one["line"] for one in report["doubtful"]] == [4]
    entry = shown(ask, "faq-1")
    assert (entry["article"], entry["valid_until"], entry["keywords"]) == (3, "2027-01-01", ["鞋", "登记"])


def test_an_entry_that_ships_and_was_edited_outside_is_not_written_over_by_an_update(ask: Ask, tmp_path: Path) -> None:
    out = tmp_path / "全部.json"
    ask("kb", "export", str(out), FJ, CENTRE)
    entries = json.loads(out.read_text(encoding="utf-8"))
    entries[0]["body"] = "我们这里这样说。"
    out.write_text(json.dumps(entries[:1]), encoding="utf-8")
    ask("kb", "import", str(out), FJ, CENTRE)
    entry = shown(ask, entries[0]["id"])
    assert (entry["body"], entry["version"]) == ("我们这里这样说。", entries[0]["version"] + 1)
    assert ask("kb", "list", "--json").json[0]["doc"] == "stock"


def test_an_entry_whose_time_is_over_is_found_last_and_marked(
    ask: Ask, rows: WriteRows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AGENT_CONSOLE_NOW", "2026-03-02T10:00:00+08:00")
    file = rows(
        "1,紫貂帽子年检,在窗口办。,办事指南,,2026-03-01\n", "2,紫貂帽子的年检办法,在网上办。,办事指南,,2026-03-02\n"
    )
    ask("kb", "import", file)
    first, last = ask("kb", "search", "紫貂帽子年检", "--limit", "2", "--json").json
    assert [(hit["id"], hit["lapsed"]) for hit in (first, last)] == [("鞋帽-2", ""), ("鞋帽-1", "expired")]
    assert "〔已过期〕紫貂帽子年检" in ask("kb", "search", "紫貂帽子年检", "--limit", "2").out
