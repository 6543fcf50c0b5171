"""The five real texts, where their folder is named by AGENT_CONSOLE_SOURCES."""

from __future__ import annotations

import os
import re
from pathlib import Path

import msgspec
import pytest

from knowledge.importing.documents import ReadDocument, read_document

_FOLDER = os.environ.get("AGENT_CONSOLE_SOURCES", "")
pytestmark = pytest.mark.skipif(not _FOLDER, reason="AGENT_CONSOLE_SOURCES names no folder")

JUNK = [
    "唐三斗罗",
    "安全生产会议",
    "简体字转换",
    "六月再见",
    "立冬文案",
    "版权声明",
    "本站内容",
    "729038198",
    "发表评论",
    "当前位置",
    "相关新闻",
]


def imported(name: str) -> ReadDocument:
    return read_document(Path(_FOLDER) / f"{name}.txt")


@pytest.mark.parametrize(
    ("name", "count"), [("fujian", 34), ("zhijiang", 28), ("binzhou", 25), ("hebi", 12), ("fuzhou", 2)]
)
def test_each_article_once_and_nothing_else(name: str, count: int) -> None:
    document = imported(name)
    assert [entry.article for entry in document.entries] == list(range(1, count + 1))
    assert all(entry.jurisdictions == (name,) and entry.title and entry.body for entry in document.entries)
    whole = msgspec.json.encode(document.entries).decode()
    assert not [junk for junk in JUNK if junk in whole]


@pytest.mark.parametrize("name", ["fujian", "zhijiang", "binzhou", "hebi", "fuzhou"])
def test_every_character_of_the_source_is_taken_or_reported(name: str) -> None:
    document = imported(name)
    report = document.report
    rest = [remark.text for remark in (*report.set_aside, *report.doubtful)]
    taken = "".join(entry.title + entry.body + entry.chapter for entry in document.entries) + "".join(rest)
    source = (Path(_FOLDER) / f"{name}.txt").read_text(encoding="utf-8")
    lost = set(re.findall(r"[\u4e00-\u9fff]", source)) - set(taken) - set("第条")
    assert not lost


def test_slipped_items_and_lost_words() -> None:
    entries = {entry.article: entry for entry in imported("binzhou").entries}
    assert entries[14].body.count("\n") == 1
    assert "(五)存档" in entries[14].body
    assert "(一)" not in entries[15].body
    assert "〔群〕众" in entries[2].body
    assert "政务〔服务热线〕" in entries[1].body
    assert not [entry.id for entry in entries.values() if re.search(r"(?<![群〕公])众", entry.body)]


def test_themes_and_chapters() -> None:
    entries = {entry.article: entry for entry in imported("zhijiang").entries}
    assert entries[17].title == "办理时限要求"
    assert entries[27].chapter == "〔第七章〕 附则"
    assert [entry.title for entry in imported("fuzhou").entries] == ["缩短办理时限", "指定兜底处置"]
