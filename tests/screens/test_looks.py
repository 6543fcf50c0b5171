"""How the seat looks, at the size it is made for and at the smallest; people, answers and places are made up."""

from __future__ import annotations

import secrets
from pathlib import Path

import pytest

from knowledge.screening.model import Proposal, Screening, Span
from screens import lookups
from screens.lookups import Answer, Found

from ..conftest import Office
from ..support.clock import SettableClock
from ..support.made_up_day import made_up_day
from .conftest import Sit
from .seating import NARROW, WIDE
from .snapshots import check
from .working import opened_list, order_screen

SIZES = pytest.mark.parametrize("size", [WIDE, NARROW], ids=["120x40", "80x24"])
NOTE = "市民反映某某路路灯又不亮了，说上次报过，还没有人来修"
ALARM = "某某路口有人拿刀打架"
TITLES = ("路灯坏了找谁修", "小区里的路灯归谁管", "夜里路灯不亮怎么报", "路灯杆倒了怎么办")
BODY = "请讲清楚地点和时间，我们转给负责的单位。办好以后会有人给您回电话，请保持电话畅通。\n小区里面的，先找物业。"
ANSWERS = tuple(
    Answer(
        f"made-up-{number}", 1, title, BODY, "依据：某某办法第1条", ((title.index("路灯"), title.index("路灯") + 2),)
    )
    for number, title in enumerate(TITLES, 1)
)
OURS = Proposal("accept", "", (), "", "suspected")


class MadeUpLookups:
    """Finds the same four entries, and judges by one word: the pictures do not change with every entry and cue."""

    def __init__(self, home: Path, jurisdiction: str, clock: object = None) -> None:
        pass

    def look(self, note: str, query: str, caller: str = "", call_id: str = "") -> Found:
        answers = ANSWERS if query.strip() else ()
        if "刀" not in note:
            return Found(answers, Screening((OURS,), urgent=False))
        words = tuple(Span(note.index(word), note.index(word) + len(word), word) for word in ("拿刀", "打架"))
        return Found(answers, Screening((Proposal("police_110", "FJ-13.6", words, "", "clear"), OURS), urgent=True))

    def close(self) -> None:
        pass


@pytest.fixture(autouse=True)
def made_up(monkeypatch: pytest.MonkeyPatch, office: Office, clock: SettableClock) -> None:
    monkeypatch.setattr(lookups, "Lookups", MadeUpLookups)
    monkeypatch.setattr(secrets, "randbelow", lambda below: 1)
    made_up_day(office(), clock)


@SIZES
async def test_the_day_while_no_call_is_in_hand(sit: Sit, tmp_path: Path, size: tuple[int, int]) -> None:
    async with sit(size=size) as operator:
        await operator.until(lambda: "某某路" in operator.screen_text)
        check(operator.app, f"idle-{size[0]}", tmp_path)


@SIZES
async def test_a_call_in_hand_with_its_history_and_answers(sit: Sit, tmp_path: Path, size: tuple[int, int]) -> None:
    async with sit(size=size) as operator:
        await operator.take()
        await operator.write(NOTE)
        await operator.saved()
        check(operator.app, f"call-{size[0]}", tmp_path)


@SIZES
async def test_an_emergency(sit: Sit, tmp_path: Path, size: tuple[int, int]) -> None:
    async with sit(size=size) as operator:
        await operator.take()
        await operator.write(ALARM)
        await operator.saved()
        check(operator.app, f"emergency-{size[0]}", tmp_path)


@SIZES
async def test_the_order_form(sit: Sit, tmp_path: Path, size: tuple[int, int]) -> None:
    async with sit(size=size) as operator:
        await operator.take()
        await operator.write(NOTE)
        await operator.form()
        await operator.key_in("csgl")
        await operator.press("tab")
        check(operator.app, f"order-{size[0]}", tmp_path)


@SIZES
async def test_my_orders_and_one_of_them(sit: Sit, tmp_path: Path, size: tuple[int, int]) -> None:
    async with sit(size=size) as operator:
        await opened_list(operator, "f4")
        await operator.until(lambda: "某某路" in operator.screen_text)
        check(operator.app, f"my-orders-{size[0]}", tmp_path)
        await operator.press("enter")
        await order_screen(operator)
        await operator.until(lambda: "提醒签收" in operator.screen_text)
        check(operator.app, f"order-open-{size[0]}", tmp_path)


@SIZES
async def test_the_rule_book(sit: Sit, tmp_path: Path, size: tuple[int, int]) -> None:
    async with sit(size=size) as operator:
        screen = await opened_list(operator, "f5")
        await operator.until(lambda: screen.shown)
        await operator.key_in("fj-20.2a")
        await operator.until(lambda: "时限·办结" in operator.screen_text)
        check(operator.app, f"rules-{size[0]}", tmp_path)
