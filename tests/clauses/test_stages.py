"""The stage of a matter in the words of its city, from the first call to the archive."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from agent_console.domain.work_order.order_endings import ArchiveOrder, RateOrder

from ..cli.conftest import Ask
from ..support.hands import by_anybody, flagged, written
from .conftest import NewCase, brought

DISSATISFIED = RateOrder("dissatisfied")
TALK = {"solved": "yes", "satisfaction": "satisfied", "opinions": "无"}
CALLED = {
    "binzhou": written("callback", **TALK),
    "hebi": written("callback", means="phone", satisfaction="satisfied"),
}
PUT_AWAY = {"binzhou": ArchiveOrder("投诉"), "hebi": ArchiveOrder(), "zhijiang": RateOrder("satisfied")}
CLAUSES = {"binzhou": "BZ-14.0", "zhijiang": "ZJ-14", "hebi": "HB-6.0b"}
SUPERVISED = flagged("supervised")


def stages(book: str, *rows: tuple[str, str, tuple[msgspec.Struct, ...]]) -> list[Any]:
    """State, what happened in it besides, stage: as parameters marked with the clause of the stages."""
    mark = pytest.mark.clause(CLAUSES[book])
    return [
        pytest.param(book, state, steps, stage, marks=mark, id=f"{book}-{state}-{stage}")
        for state, stage, steps in rows
    ]


@pytest.mark.parametrize(
    ("book", "state", "steps", "stage"),
    [
        *stages(
            "binzhou",
            ("raised", "受理", ()),
            ("returned", "受理", ()),
            ("dispatched", "办理", ()),
            ("signed", "办理", ()),
            ("completed", "反馈", ()),
            ("completed", "回访", (CALLED["binzhou"],)),
            ("completed", "存档", (CALLED["binzhou"], PUT_AWAY["binzhou"])),
        ),
        *stages(
            "zhijiang",
            ("raised", "集中受理", ()),
            ("raised", "集中受理", (SUPERVISED,)),
            *((state, "分类处置", ()) for state in ("dispatched", "signed", "returned")),
            *((state, "协调督办", (SUPERVISED,)) for state in ("dispatched", "signed", "returned")),
            ("completed", "反馈回访", ()),
            ("completed", "反馈回访", (SUPERVISED,)),
            ("completed", "评价归档", (DISSATISFIED,)),
            ("completed", "评价归档", (PUT_AWAY["zhijiang"],)),
        ),
        *stages(
            "hebi",
            *((state, "办理", ()) for state in ("raised", "dispatched", "signed", "returned")),
            ("completed", "回复", ()),
            ("completed", "回访", (CALLED["hebi"],)),
            ("completed", "回访", (CALLED["hebi"], PUT_AWAY["hebi"])),
        ),
    ],
)
def test_an_order_tells_the_stage_it_has_come_to(
    case: NewCase, ask: Ask, book: str, state: str, steps: tuple[msgspec.Struct, ...], stage: str
) -> None:
    order = brought(case(book), state, {}, {})
    for step in steps:
        by_anybody(order.desk(), order.id, step)
    shown = ask("order", "show", order.order.number, f"--jurisdiction={book}", "--json").json
    assert shown["stage"] == stage


@pytest.mark.parametrize("book", ["fujian", "fuzhou"])
def test_a_book_without_stages_names_none(case: NewCase, ask: Ask, book: str) -> None:
    order = case(book).signed()
    assert ask("order", "show", order.order.number, f"--jurisdiction={book}", "--json").json["stage"] == ""
