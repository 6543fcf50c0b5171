"""`agent-console report`: figures on the terminal, as JSON, as files."""

from __future__ import annotations

import csv
import io
import stat
from pathlib import Path

import pytest
from openpyxl import load_workbook

from .conftest import FORM, Ask

FJ = "--jurisdiction=FJ"
LEAD = "--as=lead"
MARCH = "--period=2026-03"


@pytest.fixture(autouse=True)
def in_march(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGENT_CONSOLE_NOW", "2026-03-02T10:00:00+08:00")


def test_without_a_name_it_is_a_figure_of_the_house_by_any_group(ask: Ask, order: str) -> None:
    assert order
    told = ask(
        "report", "show", "--by=district", "--by=week", "--measure=received", "--measure=redo", FJ, "--json"
    ).json
    assert (told["name"], told["clause"], told["basis"], told["period"]) == ("figures", "", "推定", "2026-03")
    [table] = told["tables"]
    assert table["lines"] == [
        {"key": ["示例区", "2026-03-02"], "received": 1, "redo": {"count": 0, "of": 1, "percent": 0.0}}
    ]
    assert table["total"]["received"] == 1
    assert "推定" in ask("report", "show", FJ).out


def test_days_from_to_and_conditions_narrow_it(ask: Ask, order: str) -> None:
    assert order
    counts = [
        ask("report", "show", "--measure=received", FJ, "--json", *words).json["tables"][0]["total"]["received"]
        for words in (
            ("--from=2026-03-01", "--to=2026-03-02"),
            ("--from=2026-03-03", "--to=2026-03-04"),
            ("--where=district=示例区",),
            ("--where=district=别处",),
            ("--where=kind=投诉' OR '1",),
        )
    ]
    assert counts == [1, 0, 1, 0, 0]


@pytest.mark.parametrize(
    "words",
    [
        ("show", "nothing"),
        ("show", "--by=nothing"),
        ("show", "--measure=nothing"),
        ("show", "--chart=nothing"),
        ("show", "--where=nothing=1"),
        ("show", "--period=nothing"),
        ("show", "--from=2026-03-04", "--to=2026-03-03"),
        ("export", "units", "figures.pdf"),
    ],
)
def test_what_cannot_be_drawn_is_said_in_two_lines(ask: Ask, words: tuple[str, ...]) -> None:
    answer = ask("report", *words, FJ)
    assert answer.code == 1
    assert len(answer.err.strip().splitlines()) <= 2
    assert "Traceback" not in answer.err


def test_the_reports_of_a_book_say_their_clause_and_what_is_inherited(ask: Ask) -> None:
    own = {entry["name"]: entry for entry in ask("report", "list", "--jurisdiction=FZ", "--json").json}
    assert (own["appraisal"]["clause"], own["appraisal"]["inherited"]) == ("FZ-13.3", False)
    assert (own["units"]["clause"], own["units"]["inherited"]) == ("FJ-9.5", True)
    told = ask("report", "list", "--jurisdiction=FZ").out
    assert "units  承办单位办理情况（FJ-9.5，按季，继承自福建省办法）" in told
    assert "appraisal  承办单位年度办理情况（FZ-13.3，按年）" in told


def test_a_chart_shows_a_bar_for_every_line(ask: Ask, order: str) -> None:
    assert order
    drawn = ask("report", "show", "--by=unit", "--measure=received", "--chart=received", FJ).out
    assert "城市管理局" in drawn
    assert "█" in drawn


def test_exports_hold_the_same_figures_and_no_formula(ask: Ask, tmp_path: Path) -> None:
    form = [word for word in FORM if not word.startswith("--lead")]
    assert ask("order", "raise", *form, "--lead==1+1", "--as=operator").code == 0
    for suffix in (".csv", ".xlsx", ".html"):
        file = tmp_path / f"figures{suffix}"
        done = ask("report", "export", "figures", str(file), "--measure=received", "--measure=redo", MARCH, LEAD, FJ)
        assert done.code == 0, done.err
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    lines = list(csv.reader(io.StringIO((tmp_path / "figures.csv").read_text(encoding="utf-8-sig"))))
    assert ["承办单位", "受理", "重办", "重办（分母）", "重办（%）"] in lines
    assert ["'=1+1", "1", "0", "1", "0.0"] in lines
    [sheet] = load_workbook(tmp_path / "figures.xlsx").worksheets
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert [cell.value for cell in cells if cell.row == sheet.max_row] == ["合计", 1, 0, 1, 0]
    assert "<td>=1+1</td><td>1</td><td>0</td><td>1</td><td>0.0</td>" in (tmp_path / "figures.html").read_text("utf-8")


def test_items_are_filled_in_and_a_line_that_is_not_there_is_named(ask: Ask, order: str) -> None:
    assert order
    words = ("report", "fill", "yearly", "城市管理局", "制度建设", "已建立", "--period=2026", FJ)
    assert ask(*words).code == 3
    assert ask(*words, LEAD).code == 0
    [line] = ask("report", "show", "yearly", "--period=2026", FJ, LEAD, "--json").json["tables"][0]["lines"]
    assert line["filled"]["制度建设"] == "已建立"
    assert "已建立" in ask("report", "show", "yearly", "--period=2026", FJ, LEAD).out
    missing = ask("report", "fill", "yearly", "水利局", "制度建设", "已建立", "--period=2026", FJ, LEAD)
    assert (missing.code, "城市管理局" in missing.err) == (1, True)


def test_only_known_columns_of_another_line_are_taken(ask: Ask, tmp_path: Path) -> None:
    file = tmp_path / "12319.csv"
    words = ("report", "import", str(file), "--line=12319", "--jurisdiction=ZJ", LEAD)
    for wrong in ("day,name\n2026-03-02,陈女士\n", "day,count\n昨天,1\n", "count\n3\n", "day,count\n2026-03-02,x\n"):
        file.write_text(wrong, encoding="utf-8")
        answer = ask(*words)
        assert (answer.code, "第 2 行" in answer.err) == (1, True), answer.err
    file.write_text("day,count,kind\n2026-03-02,30,咨询\n", encoding="utf-8")
    assert "1 行" in ask(*words).out
    assert "没有变化" in ask(*words).out
    assert ask(*words[:-2], FJ, LEAD).code == 3


def test_a_report_that_is_not_sent_up_says_so(ask: Ask) -> None:
    assert ask("report", "submit", "units", FJ, "--as=unit_clerk:城市管理局").code == 3
    assert ask("report", "submit", "tier_two", "--jurisdiction=BZ", "--as=unit_clerk:滨城区").code == 3
