"""`agent-console kb` as a program calls it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from agent_console.cli.kb import app
from agent_console.domain.errors import BadInput, UnknownName

from ..knowledge.invented import text

RUN = CliRunner()


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "yunqiao.txt"
    path.write_text(
        text().replace("立即派人到现场。", "立即派人到现场。爆笑段子精选合集") + "\n发表评论\n", encoding="utf-8"
    )
    return path


def call(*words: str | Path) -> str:
    result = RUN.invoke(app, [str(word) for word in words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def listed(*words: str) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = json.loads(call("list", "--json", *words))
    return entries


def test_import_list_show_export_check(source: Path, tmp_path: Path) -> None:
    told = call("import", source)
    assert "第 17 行 [散落的标题] 爆笑段子精选合集" in told
    entries = listed("--doc", "yunqiao")
    assert [entry["article"] for entry in entries] == list(range(1, 13))
    assert {"id", "title", "doc", "article", "sources", "status"} <= set(entries[0])
    assert entries[0]["sources"] == [{"doc": "yunqiao", "article": 1}]
    assert "立即派人" in call("show", "yunqiao-8")
    assert json.loads(call("show", "yunqiao-8", "--json"))["chapter"] == "第二章 受理与办理"
    call("check")
    for suffix in (".csv", ".json", ".md"):
        call("export", tmp_path / f"all{suffix}")
        exported = (tmp_path / f"all{suffix}").read_text(encoding="utf-8")
        assert "立即派人到现场" in exported
        assert "爆笑" not in exported


def test_importing_twice_changes_nothing(source: Path) -> None:
    call("import", source)
    before = listed()
    assert "未变 12 条" in call("import", source)
    assert listed() == before


def test_a_dry_run_stores_nothing(source: Path, home: Path) -> None:
    reports = json.loads(call("import", source, "--dry-run", "--json"))
    assert len(reports[0]["taken"]) == 12
    assert not home.exists()
    assert listed("--doc", "yunqiao") == []


def test_the_report_stays_beside_the_seats_file(source: Path, home: Path) -> None:
    call("import", source, "--doc", "町")
    report = json.loads((home / "imports" / "町.json").read_text(encoding="utf-8"))
    assert [remark["text"] for remark in report["set_aside"]][-2:] == ["爆笑段子精选合集", "发表评论"]


def test_one_bad_file_leaves_everything_as_it_was(source: Path, tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        call("import", source, tmp_path / "missing.txt")
    assert listed("--doc", "yunqiao") == []


def test_a_name_for_two_files_is_a_wrong_call(source: Path) -> None:
    assert RUN.invoke(app, ["import", str(source), str(source), "--doc", "x"]).exit_code == 2


def test_two_files_of_one_name_are_refused(source: Path, tmp_path: Path) -> None:
    other = tmp_path / "other" / source.name
    other.parent.mkdir()
    other.write_text(text(), encoding="utf-8")
    with pytest.raises(BadInput):
        call("import", source, other)


def test_an_unknown_entry_and_an_unknown_form(tmp_path: Path) -> None:
    with pytest.raises(UnknownName):
        call("show", "nothing")
    with pytest.raises(BadInput):
        call("export", tmp_path / "all.doc")
    with pytest.raises(BadInput):
        call("export", tmp_path / "missing" / "all.md")


def test_a_faulty_knowledge_base_fails_the_check(tmp_path: Path) -> None:
    faulty = tmp_path / "faq.json"
    faulty.write_text('[{"title": "甲", "body": "乙", "sources": "nowhere:3"}]', encoding="utf-8")
    call("import", faulty)
    result = RUN.invoke(app, ["check"])
    assert result.exit_code == 1
    assert "faq-1" in result.stdout


def test_a_wrong_word_of_the_centre_fails_the_check_with_its_line(home: Path) -> None:
    (home / "words").mkdir(parents=True)
    (home / "words" / "ours.txt").write_text("# 本地\n拖久工姿 = 干完不认账\n", encoding="utf-8")
    result = RUN.invoke(app, ["check"])
    assert result.exit_code == 1
    assert "ours.txt:2" in result.stdout
    (home / "words" / "official_terms.txt").write_text("拖久工姿\n", encoding="utf-8")
    assert RUN.invoke(app, ["check"]).exit_code == 0
