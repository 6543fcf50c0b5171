"""A running order keeps the version of the rule book it was raised under."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent_console.desk.leaving.seeing import may_look
from agent_console.desk.orders import handling
from agent_console.desk.reports.figures import figures
from agent_console.domain.errors import BadInput
from agent_console.domain.instants import iso
from agent_console.domain.people import Actor
from agent_console.domain.work_order.order_endings import VoidOrder
from agent_console.domain.work_order.order_steps import SignOrder
from agent_console.resources.rule_books import load_book

from ..clauses.conftest import Case, NewCase, ask, case
from ..cli.conftest import Ask
from ..support.book_copy import ChangingBooks
from ..support.rule_of import CLERK, LEAD, facts
from ..support.stories import SIGNING

__all__ = ["ask", "case"]

INSPECTOR = Actor("周督查", "inspector")
MONDAY = "2026-03-02T10:00+08:00"
TEN_DAYS = 'clause = "FJ-20.2a"\namount = 10'
SIX_DAYS = 'clause = "FJ-20.2a"\namount = 6'
TITLE = 'title = "福建省12345便民服务平台监督管理办法"'
TRANSITION = '[transition]\nclause = "FJ-20.2a"\nfrom = 2026-03-04\nparts = ["limits.handle"]\n\n[[kinds]]\nid = "咨询"'


@pytest.fixture
def books(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ChangingBooks:
    return ChangingBooks(tmp_path / "books", monkeypatch)


def due_of(order: str, seen_by: Case) -> str:
    """When an order is due, seen from a desk that was opened later."""
    clock = handling.clocks(seen_by.desk(), order)["handle"]
    return iso(clock.due) if clock.due is not None else ""


def test_a_running_order_keeps_its_limit_when_the_book_changes_and_a_new_one_gets_the_new_limit(
    books: ChangingBooks, case: NewCase
) -> None:
    before = case("fujian").signed(MONDAY)
    assert before.due() == "2026-03-16T23:59:59+08:00"
    books.change("fujian/limits.toml", TEN_DAYS, SIX_DAYS)
    after = case("fujian").signed(MONDAY)
    assert after.due() == "2026-03-10T23:59:59+08:00"
    assert due_of(before.id, after) == "2026-03-16T23:59:59+08:00"


def test_steps_of_a_running_order_ask_for_what_its_version_asks_for(books: ChangingBooks, case: NewCase) -> None:
    before = case("fujian").dispatched(MONDAY)
    books.change("fujian/book.toml", 'field = "officer"', 'field = "signature"')
    after = case("fujian").dispatched(MONDAY)
    facts(handling.sign(after.desk(CLERK), before.id, SIGNING))
    decision = after.do(SignOrder(SIGNING), CLERK)
    assert getattr(decision, "fields", ()) == ("signature",)


def test_an_order_of_a_city_keeps_the_version_of_the_parent_book_too(books: ChangingBooks, case: NewCase) -> None:
    before = case("fuzhou").dispatched(MONDAY)
    books.change("fujian/book.toml", 'field = "officer"', 'field = "signature"')
    after = case("fuzhou").dispatched(MONDAY)
    facts(handling.sign(after.desk(CLERK), before.id, SIGNING))
    assert getattr(after.do(SignOrder(SIGNING), CLERK), "fields", ()) == ("signature",)


def test_who_sees_an_order_follows_the_present_version(books: ChangingBooks, case: NewCase) -> None:
    before = case("fujian").signed(MONDAY)
    assert may_look(before.desk(INSPECTOR), before.order) is not None
    added = '[roles.inspector]\nname = "督查员"\nsees = "all"\n\n[roles.unit_clerk]'
    books.change("fujian/roles.toml", "[roles.unit_clerk]", added)
    after = case("fujian").signed(MONDAY)
    assert after.order.book_version != before.order.book_version
    assert may_look(after.desk(INSPECTOR), before.order) is None


def test_a_transition_lets_a_value_of_the_new_version_hold_for_running_orders_from_its_day_on(
    books: ChangingBooks, case: NewCase
) -> None:
    before = case("fujian").signed(MONDAY)
    books.change("fujian/limits.toml", TEN_DAYS, SIX_DAYS)
    books.change("fujian/book.toml", '[[kinds]]\nid = "咨询"', TRANSITION)
    after = case("fujian").signed("2026-03-03T09:00+08:00")
    assert due_of(before.id, after) == "2026-03-16T23:59:59+08:00"
    after.clock.set("2026-03-04T09:00+08:00")
    assert due_of(before.id, after) == "2026-03-10T23:59:59+08:00"
    facts(handling.take(after.desk(LEAD), before.id, VoidOrder("重复")))
    [*_, last] = after.opened.store.log.load(f"order:{before.id}")
    assert last.envelope.rule_book == f"{before.order.book_version}+{after.order.book_version}"


def test_a_transition_of_something_that_does_not_exist_is_refused_with_its_name(books: ChangingBooks) -> None:
    wrong = TRANSITION.replace("limits.handle", "limit.handle")
    books.change("fujian/book.toml", '[[kinds]]\nid = "咨询"', wrong)
    with pytest.raises(BadInput) as caught:
        load_book("fujian")
    assert caught.value.message.fields["reason"] == "transition.parts: limit.handle"


def test_figures_of_running_orders_keep_the_due_time_and_are_not_computed_again_for_ever(
    books: ChangingBooks, case: NewCase
) -> None:
    before = case("fujian").signed(MONDAY)
    books.change("fujian/limits.toml", TEN_DAYS, SIX_DAYS)
    after = case("fujian").signed(MONDAY)
    told = {figure.number: iso(figure.due_handle) for figure in figures(after.desk())}
    assert told == {
        before.order.number: "2026-03-16T23:59:59+08:00",
        after.order.number: "2026-03-10T23:59:59+08:00",
    }
    raised_under = after.opened.store.figures.books()
    now = {pair: after.desk().books.under(*pair, after.clock.now()).version for pair in raised_under}
    assert len(raised_under) == 2
    assert after.opened.store.figures.outdated(now, after.desk().calendar.version) == []


def test_a_version_that_cannot_be_read_any_more_gives_way_to_the_present_one(
    books: ChangingBooks, case: NewCase
) -> None:
    before = case("fujian").signed(MONDAY)
    books.change("fujian/limits.toml", TEN_DAYS, SIX_DAYS)
    after = case("fujian").signed(MONDAY)
    with after.opened.store.transaction():
        after.opened.store.connection.execute(
            "UPDATE kept_book SET version = 'gone' WHERE version = ?", (before.order.book_version,)
        )
    assert due_of(before.id, after) == "2026-03-10T23:59:59+08:00"


def test_the_versions_in_use_are_listed_with_their_orders_and_can_be_read(
    books: ChangingBooks, case: NewCase, ask: Ask
) -> None:
    before = case("fujian").signed(MONDAY)
    case("fujian").completed(MONDAY)
    books.change("fujian/clauses.toml", "有条件时拍摄现场照片", "可以时拍摄现场照片")
    after = case("fujian").signed(MONDAY)
    listed = ask("rules", "--versions", "-j", "FJ", "--json").json
    told = {line["version"]: (line["orders"], line["running"], line["present"]) for line in listed}
    assert told == {before.order.book_version: (2, 2, False), after.order.book_version: (1, 1, True)}
    assert before.order.book_version in ask("rules", "--versions", "-j", "FJ").out
    [old] = ask("rules", "FJ-18.3", "--version", before.order.book_version, "--json").json
    [new] = ask("rules", "FJ-18.3", "--json").json
    assert old["summary"].startswith("有条件时")
    assert new["summary"].startswith("可以时")
    unknown = ask("rules", "--version", "0123456789abcdef", "-j", "FJ")
    assert (unknown.code, "0123456789abcdef" in unknown.err) == (1, True)
