"""Reports by their sections, and files that hold entries already."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from agent_console.domain.errors import BadInput
from knowledge.article import Source
from knowledge.exporting import export
from knowledge.importing.documents import read_document

from .invented import read, text

REPORT = """云桥市来电服务有新变化
一年一度大盘点
接得更快
记者在云桥市来电服务中心看到，今年市民来电平均等待时间比去年少了一半，座席从十个增加到二十个，夜里也有人接听。
一位市民说：“以前打三次才通，现在一打就通。”
回得更实
来电服务中心要求责任部门回复来电人之前先到现场看一看，不能只打电话。来电服务中心还会抽查回复。
爆笑段子精选合集
抽查发现回复不实的，来电服务中心请责任部门重新办理，并告诉来电人。
相关新闻
- 云桥市来电服务中心搬家(2020-02-03 10:00:00)
- 云桥市修路公告(2020-02-01 09:00:00)
"""


def test_a_report_gives_its_sections(tmp_path: Path) -> None:
    imported = read(tmp_path, REPORT)
    assert [(entry.article, entry.title) for entry in imported.entries] == [(1, "接得更快"), (2, "回得更实")]
    assert imported.entries[0].sources == (Source("yunqiao", 1),)
    for junk in ("搬家", "修路", "一年一度", "爆笑", "相关新闻"):
        assert junk not in imported.everything
    assert imported.bodies[1].endswith("并告诉来电人。")


def test_sections_counted_in_a_row(tmp_path: Path) -> None:
    imported = read(
        tmp_path, "通知\n一、接听\n来电要在三声之内接起。\n二、登记。登记要写清地点。\n三、回复\n三天之内回复。"
    )
    assert [entry.title for entry in imported.entries] == ["接听", "登记", "回复"]


def test_markdown_gives_an_entry_per_heading(tmp_path: Path) -> None:
    facts = "- 关键词：路灯；照明\n- 问法：路灯不亮；灯坏了\n- 来源：fujian:20；云桥手册\n"
    content = f"# 手册\n\n## 怎么报修路灯\n\n{facts}\n请说灯杆编号。\n\n- 杆上有牌\n"
    imported = read(tmp_path, content, "handbook.md")
    (entry,) = imported.entries
    assert entry.title == "怎么报修路灯"
    assert entry.keywords == ("路灯", "照明")
    assert entry.questions == ("路灯不亮", "灯坏了")
    assert entry.sources == (Source("fujian", 20), Source("云桥手册"))
    assert entry.body == "请说灯杆编号。\n\n- 杆上有牌"


def test_a_regulation_in_markdown_is_cut_by_its_articles(tmp_path: Path) -> None:
    content = text().replace("\n第", "\n\n### 第")
    assert len(read(tmp_path, content, "rules.md").entries) == 12


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_columns_by_either_language(tmp_path: Path, delimiter: str) -> None:
    rows = [["标题", "正文", "关键词", "来源"], ["换锁", "请找物业。", "锁|钥匙", "hebi:6"], ["", "没有标题", "", ""]]
    content = "\n".join(delimiter.join(row) for row in rows)
    imported = read(tmp_path, content.encode("gb18030"), "faq.csv")
    (entry,) = imported.entries
    assert (entry.id, entry.title, entry.keywords, entry.sources) == (
        "faq-1",
        "换锁",
        ("锁", "钥匙"),
        (Source("hebi", 6),),
    )
    assert [(remark.line, remark.reason) for remark in imported.report.doubtful] == [(3, "kb.doubt.no_title")]


def test_json_entries(tmp_path: Path) -> None:
    content = json.dumps(
        [{"id": "a", "title": "换锁", "body": "请找物业。", "sources": [{"doc": "hebi", "article": 6}]}]
    )
    (entry,) = read(tmp_path, content, "faq.json").entries
    assert (entry.id, entry.sources) == ("faq-a", (Source("hebi", 6),))


@pytest.mark.parametrize("suffix", [".csv", ".json", ".md"])
def test_what_is_exported_can_be_imported(tmp_path: Path, suffix: str) -> None:
    entries = read(tmp_path, text()).entries
    path = tmp_path / f"out{suffix}"
    export(entries, path)
    again = read_document(path, "yunqiao").entries
    assert [(e.id, e.title, e.body, e.sources) for e in again] == [(e.id, e.title, e.body, e.sources) for e in entries]


@pytest.mark.parametrize(
    ("name", "content", "key"),
    [
        ("a.txt", b"", "kb.error.empty"),
        ("a.txt", " \n\u3000\n".encode(), "kb.error.empty"),
        ("a.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "kb.error.binary"),
        ("a.txt", bytes(range(1, 256)) * 8, "kb.error.binary"),
        ("a.xlsx", b"PK", "kb.error.xlsx"),
        ("a.xls", b"PK", "kb.error.suffix"),
        ("a.pdf", b"%PDF", "kb.error.suffix"),
        ("a.csv", b"a,b\n1,2\n", "kb.error.column"),
        ("a.json", b"{", "kb.error.json"),
        ("a.json", b"[1]", "kb.error.json"),
        ("a.json", b"[]", "kb.error.nothing"),
        ("a.txt", "发表评论\n".encode(), "kb.error.nothing"),
        ("stock.txt", "第一条 好。".encode(), "kb.error.doc"),
    ],
)
def test_bad_files_are_refused_with_advice(tmp_path: Path, name: str, content: bytes, key: str) -> None:
    with pytest.raises(BadInput) as caught:
        read(tmp_path, content, name)
    assert caught.value.message.key == key
    assert caught.value.advice


def test_missing_files_and_folders_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        read_document(tmp_path / "none.txt")
    with pytest.raises(BadInput) as caught:
        read_document(tmp_path)
    assert caught.value.message.key == "kb.error.folder"
