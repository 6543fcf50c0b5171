"""The directory on the command line: what is imported, what is left out and why, what is kept on the disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import FORM, Ask

BZ = "--jurisdiction=BZ"
HEAD = "单位名称,单位类别,层级,上级单位,职责范围,办理责任人,值班电话,值班电话24小时畅通\n"
ROWS = (
    "一号街道,乡镇（街道）,三级,滨城区热线办,路灯、环卫,李某,05430000001,是\n"
    "市长公开电话办公室,mayors_line,1,,,,,否\n"
    "滨城区热线办,county,二级,市长公开电话办公室,,,,\n"
)
WRONG = "二号街道,乡镇（街道）,四级,滨城区热线办,,,,否\n三号街道,township,3,滨城区热线办,,,,也许\n"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Three units, the child before its parents, and two rows that cannot be taken."""
    file = tmp_path / "units.csv"
    file.write_text(HEAD + ROWS + WRONG, encoding="utf-8")
    return file


def names(ask: Ask) -> list[str]:
    return [unit["name"] for unit in ask("unit", "list", BZ, "--json").json]


def test_rows_are_taken_whatever_their_order_and_broken_ones_are_listed(ask: Ask, table: Path) -> None:
    answer = ask("unit", "import", str(table), BZ, "--as=lead", "--json")
    assert answer.code == 1
    told = answer.json
    assert (told["added"], told["changed"], told["unchanged"]) == (3, 0, 0)
    assert [(broken["row"], broken["name"]) for broken in told["broken"]] == [(5, "二号街道"), (6, "三号街道")]
    assert "BZ-11.3" in told["broken"][0]["why"]
    assert "也许" in told["broken"][1]["why"]
    assert sorted(names(ask)) == ["一号街道", "市长公开电话办公室", "滨城区热线办"]
    shown = ask("unit", "show", "一号街道", BZ, "--json").json
    assert (shown["tier"], shown["duties"], shown["reachable_always"]) == ("3", ["路灯", "环卫"], True)


def test_a_dry_run_writes_nothing(ask: Ask, table: Path) -> None:
    told = ask("unit", "import", str(table), BZ, "--as=lead", "--dry-run")
    assert "新增3" in told.out
    assert names(ask) == []


def test_importing_again_changes_what_differs_and_keeps_what_the_file_does_not_say(ask: Ask, tmp_path: Path) -> None:
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    first.write_bytes((HEAD + ROWS).encode("gb18030"))
    second.write_text("name,section\n一号街道,热线科\n市长公开电话办公室,\n", encoding="utf-8")
    for added in (3, 0):
        told = ask("unit", "import", str(first), BZ, "--as=lead", "--json").json
        assert (told["added"], told["unchanged"]) == (added, 3 - added)
    told = ask("unit", "import", str(second), BZ, "--as=lead", "--json").json
    assert (told["added"], told["changed"], told["unchanged"]) == (0, 1, 1)
    shown = ask("unit", "show", "一号街道", BZ, "--json").json
    assert (shown["section"], shown["handler"], shown["tier"]) == ("热线科", "李某", "3")


def test_a_toml_file_brings_units_lines_items_and_links(ask: Ask, tmp_path: Path) -> None:
    file = tmp_path / "directory.toml"
    file.write_text(
        '[[unit]]\nname = "城市管理局"\nunit_class = "government"\ntier = "city"\nduties = ["路灯"]\n'
        '[[line]]\nname = "城管热线"\nnumber = "12319"\nway = "merged"\n'
        '[[item]]\nname = "路灯"\nresponsible = "城市管理局"\n'
        '[[link]]\nname = "应急中心"\nnumber = "1"\nsort = "emergency"\n',
        encoding="utf-8",
    )
    told = ask("unit", "import", str(file), "--jurisdiction=FJ", "--as=lead", "--json").json
    assert told["added"] == 3
    assert [broken["name"] for broken in told["broken"]] == ["应急中心"]
    assert "城管热线" in ask("line", "list", "--jurisdiction=FJ").out
    assert [gap["field"] for gap in ask("unit", "check", "--jurisdiction=FJ", "--json").json] == ["fallback"]


def test_an_unknown_column_names_the_known_ones(ask: Ask, tmp_path: Path) -> None:
    file = tmp_path / "units.csv"
    file.write_text("单位名称,颜色\n某局,红\n", encoding="utf-8")
    answer = ask("unit", "import", str(file), BZ, "--as=lead")
    assert (answer.code, "颜色" in answer.err, "duty_number" in answer.err) == (1, True, True)


def test_somebody_who_does_not_keep_the_directory_is_refused_with_the_clause(ask: Ask) -> None:
    answer = ask("unit", "add", "某办", "--unit-class=mayors_line", "--tier=1", BZ)
    assert (answer.code, "BZ-10" in answer.err) == (3, True)


def test_an_unknown_unit_is_named_with_those_like_it(ask: Ask, table: Path) -> None:
    ask("unit", "import", str(table), BZ, "--as=lead")
    answer = ask("unit", "show", "一号街", BZ)
    assert (answer.code, "一号街道" in answer.err) == (1, True)


def test_an_order_to_a_unit_nobody_listed_is_not_raised_once_a_directory_is_loaded(ask: Ask) -> None:
    raised = ask("order", "raise", *FORM)
    assert (raised.code, raised.err.count("单位名称没有核对")) == (0, 1)
    assert ask("unit", "add", "市水利局", "--unit-class=government", "--tier=city", "-j", "FJ", "--as=lead").code == 0
    answer = ask("order", "raise", *FORM)
    assert (answer.code, "名录里没有单位“城市管理局”" in answer.err) == (3, True)
    listed = ask("order", "raise", *FORM[:-1], "--lead=市水利局")
    assert (listed.code, "没有核对" in listed.err) == (0, False)


def test_names_of_people_are_sealed_on_the_disk_and_names_of_units_are_not(ask: Ask, table: Path, home: Path) -> None:
    ask("unit", "import", str(table), BZ, "--as=lead")
    ask("unit", "change", "一号街道", "--handler=欧阳某某", BZ, "--as=lead")
    assert ask("unit", "show", "一号街道", BZ, "--json").json["handler"] == "欧阳某某"
    kept = b"".join(path.read_bytes() for path in home.rglob("seat.db*"))
    assert "一号街道".encode() in kept
    assert "欧阳某某".encode() not in kept
