"""What a person reads in a terminal: help, tables, refusals and the errors of a wrong call."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import typer
from rich.cells import cell_len

from agent_console.cli.folding import folded
from agent_console.cli.main import build
from agent_console.cli.tables import Column, print_rows

from .conftest import CLERK, FORM, Ask

TERMINAL = 80
ID = "01a20384-1acb-7e60-b750-2a2d773863c2"


def _helps(command: Any, context: Any) -> Iterator[tuple[Any, str]]:
    yield command, context.get_help()
    for name, child in getattr(command, "commands", {}).items():
        yield from _helps(child, typer.Context(child, info_name=name, parent=context))


def test_no_help_is_wider_than_the_terminal_or_cuts_anything_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(TERMINAL))
    program = typer.main.get_command(build())
    helps = list(_helps(program, typer.Context(program, info_name="agent-console")))
    assert len(helps) > 100
    for command, text in helps:
        assert [line for line in text.splitlines() if cell_len(line) > TERMINAL] == []
        shown = "".join(line.strip() for line in text.splitlines()).replace(" ", "")
        told = [one.help for one in (command, *command.params) if one.help]
        assert [one for one in told if one.replace(" ", "") not in shown] == [], command.name
        assert [
            name for one in command.params for name in one.opts if one.help and name not in text and name[:1] == "-"
        ] == []


def test_folded_text_keeps_words_whole_and_begins_no_line_with_a_full_stop() -> None:
    text = "因特殊情况申请延期，须有书面申请和本单位领导同意（姓名、时间）。工单 261122937100028 已立。"
    for width in range(20, 60):
        lines = folded(text, width, 4)
        assert max(map(cell_len, lines)) <= width
        assert [line for line in lines if line.strip()[:1] in "，。、）"] == []
        assert "261122937100028" in "\n".join(lines)
        assert "".join("".join(lines).split()) == "".join(text.split())


@pytest.mark.parametrize("width", [40, 80, 200])
def test_an_id_is_never_broken_over_lines(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    columns = (Column("编号"), Column("时间"), Column("空"), Column("说明", prose=True))
    print_rows(columns, [(ID, "2026-11-22 21:48", "", "楼上装修" * 20)])
    told = capsys.readouterr().out
    assert ID in told
    assert "2026-11-22 21:48" in told
    assert max(map(cell_len, told.splitlines())) <= width
    assert "空" not in told


def test_a_refusal_names_the_option_of_every_missing_field(ask: Ask, order: str) -> None:
    told = ask("order", "raise", "--jurisdiction=FJ", "--title=路灯不亮").err
    assert "诉求类型（--kind）" in told
    assert "标题" not in told.splitlines()[-2]
    assert ask("order", "dispatch", order, "-j", "FJ").code == 0
    signing = ask("order", "sign", order, CLERK, "-j", "FJ")
    assert "承办部门（--department）、经办人（--officer）（FJ-18.1）" in signing.err
    assert "--field contacted_at=" in ask("order", "record", order, "contact", CLERK, "-j", "FJ").err


def test_a_step_of_another_role_says_how_it_is_taken_as_that_role(ask: Ask, order: str) -> None:
    assert ask("order", "dispatch", order, "-j", "FJ").code == 0
    answer = ask("order", "sign", order, "-j", "FJ")
    assert (answer.code, "--as unit_clerk" in answer.err) == (3, True)


def test_a_kind_the_book_does_not_know_is_answered_with_those_it_knows(ask: Ask) -> None:
    answer = ask("order", "raise", *FORM, "--kind=吐槽")
    assert (answer.code, "投诉" in answer.err.splitlines()[-1]) == (3, True)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("order", "lst"), "没有“lst”这个命令，是不是 list"),
        (("order", "list", "--stats=x"), "没有 --stats 这个选项，是不是 --status"),
        (("order", "show"), "还缺 NUMBER"),
        (("order", "extend", "1", "--days=x"), "--days"),
        (("call", "log"), "处理结果要给，而且只给一个"),
    ],
)
def test_a_wrong_call_is_told_in_chinese_and_where_help_is(ask: Ask, words: tuple[str, ...], told: str) -> None:
    answer = ask(*words)
    assert (answer.code, told in answer.err) == (2, True), answer.err
    assert f"说明：agent-console {words[0]}" in answer.err


def test_the_time_line_tells_a_flag_by_its_name_and_whether_it_was_taken_off(ask: Ask, order: str) -> None:
    for more in ((), ("--off",)):
        assert ask("order", "flag", order, "important", "--as=lead", "-j", "FJ", *more).code == 0
    told = ask("order", "show", order, "-j", "FJ").out
    assert told.count("标记：重要诉求") == 2
    assert told.count("（去掉）") == 1
    assert "rule_book" not in told


def test_a_file_that_is_not_there_is_told_in_chinese(ask: Ask) -> None:
    assert "没有这个文件或文件夹" in ask("calendar", "import", "/nowhere/at-all").err
