"""Repairs that one document needs are data."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent_console.domain.errors import BadInput
from agent_console.resources.paths import data_folder
from knowledge.importing import repairs as module
from knowledge.importing.repairs import Draft, Move, Repairs, Replacement, load_repairs, repair


def drafts(*numbers: int) -> list[Draft]:
    return [Draft(line, number, "", f"第{line}段文字。") for line, number in enumerate(numbers, 1)]


def test_restored_words_and_their_reason() -> None:
    rule = Replacement("A-22", "(?<!市)民", "〔市〕民", regex=True)
    ours = [Draft(7, 1, "", "民来电，市民等候。")]
    mended, remarks = repair(ours, Repairs("d", (rule,)))
    assert mended[0].body == "〔市〕民来电，市民等候。"
    assert [(remark.line, remark.basis) for remark in remarks] == [(7, "A-22")]


def test_items_under_a_slipped_number_go_where_they_belong() -> None:
    moved, remarks = repair(drafts(1, 2, 2, 3), Repairs("d", move=(Move("A-23", article=2, to=1),)))
    assert [draft.number for draft in moved] == [1, 2, 3]
    assert moved[0].body == "第1段文字。\n第2段文字。"
    assert remarks[0].basis == "A-23"


def test_a_copy_in_which_nothing_slipped_is_left_alone() -> None:
    moved, remarks = repair(drafts(1, 2, 3), Repairs("d", move=(Move("A-23", article=2, to=1),)))
    assert [draft.number for draft in moved] == [1, 2, 3]
    assert not remarks


def test_every_file_of_repairs_can_be_read() -> None:
    names = [path.stem for path in data_folder("repairs").glob("*.toml") if path.stem != "documents"]
    assert names
    assert all(load_repairs(name).document == name for name in names)


def test_a_broken_pattern_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "d.toml").write_text(
        'document = "d"\n[[replace]]\nreason = "A-1"\nfind = "("\nput = ""\nregex = true\n', encoding="utf-8"
    )
    monkeypatch.setattr(module, "data_folder", lambda name: tmp_path)
    with pytest.raises(BadInput):
        load_repairs("d")
