"""Fujian: photos and videos of the place."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent_console.desk.orders.attaching import attach
from screens.widgets.order_facts import OrderFacts

from ..cli.conftest import CLERK, FORM, Ask
from ..screens.conftest import Sit
from ..screens.working import opened_order
from ..support.media import photo, program, video
from ..support.rule_of import CLERK as ACTING_CLERK
from ..support.rule_of import facts
from .conftest import NewCase

DONE = ("--result=已修好", "--leader=陈局长", "--answered-at=2026-03-03T09:00+08:00")


def signed(ask: Ask) -> str:
    """Number of an order the unit has signed for."""
    number = str(ask("order", "raise", *FORM, "--json").json["number"])
    for words in (("dispatch", number), ("sign", number, "--department=市政科", "--officer=王经办", CLERK)):
        assert ask("order", *words, "-j", "FJ").code == 0
    return number


@pytest.mark.clause("FJ-18.3")
def test_photos_and_videos_go_with_the_result_and_stay_with_the_order(ask: Ask, tmp_path: Path) -> None:
    number = signed(ask)
    files = (photo(tmp_path), video(tmp_path))
    words = [f"--attach={path}" for path in files]
    completed = ask("order", "complete", number, *DONE, *words, CLERK, "-j", "FJ")
    assert (completed.code, "FJ-18.3" in completed.err) == (0, False)
    listed = ask("order", "attachments", number, "-j", "FJ", "--json").json
    assert [(one["name"], one["type"], one["unit"], one["state"]) for one in listed] == [
        ("现场.jpg", "image/jpeg", "城市管理局", "there"),
        ("现场.mp4", "video/mp4", "城市管理局", "there"),
    ]
    saved = tmp_path / "saved"
    assert ask("order", "attachments", number, "--save", str(saved), "-j", "FJ").code == 0
    assert sorted(path.read_bytes() for path in saved.iterdir()) == sorted(path.read_bytes() for path in files)


@pytest.mark.clause("FJ-18.3")
def test_a_result_without_a_photo_is_taken_and_the_unit_is_told_that_one_is_wanted(ask: Ask, tmp_path: Path) -> None:
    number = signed(ask)
    completed = ask("order", "complete", number, *DONE, CLERK, "-j", "FJ", "--json")
    assert (completed.code, completed.json["status"]) == (0, "completed")
    assert "照片、录像（FJ-18.3，不强制）" in completed.err
    another = signed(ask)
    notes = tmp_path / "说明.txt"
    notes.write_text("已换灯", encoding="utf-8")
    told = ask("order", "complete", another, *DONE, f"--attach={notes}", CLERK, "-j", "FJ")
    assert (told.code, "FJ-18.3" in told.err) == (0, True)


@pytest.mark.clause("FJ-18.3")
def test_a_refused_result_leaves_no_photo_behind(ask: Ask, tmp_path: Path, home: Path) -> None:
    number = signed(ask)
    refused = ask("order", "complete", number, "--result=已修好", f"--attach={photo(tmp_path)}", CLERK, "-j", "FJ")
    assert (refused.code, "FJ-18.2" in refused.err) == (3, True)
    assert ask("order", "attachments", number, "-j", "FJ", "--json").json == []
    assert [path for path in (home / "attachments").rglob("*") if path.is_file()] == []


@pytest.mark.clause("FJ-18.3")
def test_only_the_line_and_the_units_that_have_the_order_attach_and_only_while_it_lives(
    ask: Ask, tmp_path: Path
) -> None:
    number, path = signed(ask), str(photo(tmp_path))
    stranger = ask("order", "attach", number, path, "--as=unit_clerk:水利局", "-j", "FJ")
    assert (stranger.code, "城市管理局" in stranger.err) == (3, True)
    assert ask("order", "attach", number, path, CLERK, "-j", "FJ").code == 0
    assert ask("order", "attach", number, path, "-j", "FJ").code == 0
    assert len(ask("order", "attachments", number, "-j", "FJ", "--json").json) == 1
    assert ask("order", "void", number, "--reason=重复", "--as=lead", "-j", "FJ").code == 0
    assert ask("order", "attach", number, str(video(tmp_path)), CLERK, "-j", "FJ").code == 3


@pytest.mark.clause("FJ-18.3")
def test_what_is_attached_is_told_by_its_content_and_never_by_its_name(ask: Ask, tmp_path: Path) -> None:
    number = signed(ask)
    disguised = ask("order", "attach", number, str(program(tmp_path)), CLERK, "-j", "FJ")
    assert (disguised.code, "照片.jpg" in disguised.err) == (1, True)
    renamed = photo(tmp_path, "IMG.exe")
    assert ask("order", "attach", number, str(renamed), CLERK, "-j", "FJ").code == 0
    assert ask("order", "attachments", number, "--save", str(tmp_path / "out"), "-j", "FJ").code == 0
    [saved] = (tmp_path / "out").iterdir()
    assert (saved.suffix, saved.stat().st_mode & 0o777) == (".jpg", 0o600)


@pytest.mark.clause("FJ-18.3")
def test_fuzhou_inherits_the_wish_for_a_photo_and_the_other_cities_do_not_have_it(case: NewCase) -> None:
    for city, clause in (("fuzhou", "FJ-18.3"), ("zhijiang", ""), ("binzhou", ""), ("hebi", "")):
        rule = case(city).raised().desk().rule_book.life.attachments
        assert (rule.clause if rule else "") == clause, city


@pytest.mark.clause("FJ-18.3")
def test_the_order_shows_the_wish_and_then_the_photo(ask: Ask, tmp_path: Path) -> None:
    number = signed(ask)
    assert "（FJ-18.3，不强制）" in ask("order", "show", number, "-j", "FJ").out
    assert ask("order", "attach", number, str(photo(tmp_path)), CLERK, "-j", "FJ").code == 0
    shown = ask("order", "show", number, "-j", "FJ").out
    assert ("现场.jpg（照片）" in shown, "FJ-18.3，不强制" in shown) == (True, False)


@pytest.mark.clause("FJ-18.3")
async def test_the_screen_of_the_order_shows_the_wish_and_then_the_photo(
    sit: Sit, case: NewCase, tmp_path: Path
) -> None:
    order = case("fujian").signed()
    async with sit(actor=ACTING_CLERK) as operator:
        await opened_order(operator)
        assert "（FJ-18.3，不强制）" in str(operator.app.screen.query_one("#facts", OrderFacts).content)
    facts(attach(order.opened, order.id, [photo(tmp_path)], 1 << 20))
    async with sit(actor=ACTING_CLERK) as operator:
        await opened_order(operator)
        shown = str(operator.app.screen.query_one("#facts", OrderFacts).content)
        assert ("现场.jpg（照片）" in shown, "FJ-18.3，不强制" in shown) == (True, False)
