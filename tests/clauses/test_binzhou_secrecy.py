"""Confidential orders and the record of exports in Binzhou."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from agent_console.desk.calls import intake
from agent_console.desk.calls.intake import Telling
from agent_console.desk.listing import newest_orders, orders_containing
from agent_console.desk.orders import handling
from agent_console.domain.intake.outcomes import Answered
from agent_console.domain.people import Actor
from agent_console.domain.work_order.order_secrecy import ClassifyOrder, DeclassifyOrder
from agent_console.domain.work_order.order_steps import DispatchOrder, SignOrder

from ..cli.conftest import Ask
from ..support.rule_of import BUREAU, CENTRE, CLERK, LEAD, OPERATOR, blocked, facts
from ..support.secret_keys import in_environment
from ..support.stories import SIGNING, form
from .conftest import Case, NewCase, NewLine, ask, missing

__all__ = ["ask"]

TITLE = "举报某企业配方被泄露"
CONTENT = "某企业的生产配方被人卖给了竞争对手"
NUMBER = "13912345678"
LEADER = Actor("周局长", "unit_leader", "城市管理局")


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """The role keys of this seat."""
    monkeypatch.setenv("AGENT_CONSOLE_ROLE_KEYS", in_environment())


@pytest.fixture
def on_disk(home: Path) -> Callable[[], bytes]:
    """All bytes of the seat's file and its log."""
    return lambda: b"".join(path.read_bytes() for path in sorted(home.glob("seat.db*")))


def secret_case(case: NewCase, category: str = "business_secret") -> Case:
    """An order a lead made confidential."""
    story = case("binzhou").raised(title=TITLE, content=CONTENT, caller_number=NUMBER, district="滨城区")
    facts(story.do(ClassifyOrder(category, "涉及企业配方"), LEAD))
    return story


@pytest.mark.clause("BZ-25.1")
@pytest.mark.parametrize("category", ["state_secret", "work_secret", "business_secret", "sensitive", "privacy"])
def test_an_order_on_secrets_sensitive_matters_or_privacy_becomes_confidential(case: NewCase, category: str) -> None:
    story = secret_case(case, category)
    assert story.desk(LEAD).order(story.id).secret == category


@pytest.mark.clause("BZ-25.1")
def test_nothing_else_makes_an_order_confidential(case: NewCase) -> None:
    story = case("binzhou").raised()
    clauses, _ = blocked(story.do(ClassifyOrder("embarrassing", "不想让人知道"), LEAD))
    assert clauses == ("BZ-25.1",)
    assert missing(story.do(ClassifyOrder("privacy", " "), LEAD)) == (("secret_ground",), "BZ-25.1")


@pytest.mark.clause("BZ-25.1")
@pytest.mark.parametrize("actor", [LEAD, CENTRE, BUREAU, LEADER])
def test_those_who_handle_it_read_a_confidential_order(case: NewCase, actor: Actor) -> None:
    story = secret_case(case)
    facts(story.do(DispatchOrder(), LEAD))
    order = story.desk(actor).order(story.id)
    assert (order.details.content, order.withheld) == (CONTENT, False)


@pytest.mark.clause("BZ-25.1")
@pytest.mark.parametrize("actor", [OPERATOR, CLERK])
def test_without_the_right_only_number_state_and_clocks_of_it_are_seen(case: NewCase, actor: Actor) -> None:
    story = secret_case(case)
    facts(story.do(DispatchOrder(), LEAD))
    facts(story.sign(actor=LEADER))
    in_full, seen = story.desk(LEAD).order(story.id), story.desk(actor).order(story.id)
    assert (seen.number, seen.status, seen.withheld) == (in_full.number, "signed", True)
    assert story.due("handle") == "2026-03-09T23:59:59+08:00"
    details = seen.details
    assert (details.title, details.content, details.caller_name, details.caller_number) == ("", "", "", "")
    assert (details.place, seen.result, seen.callers) == ("", {}, ())


@pytest.mark.clause("BZ-25.1")
def test_without_the_right_no_step_is_taken_on_it(case: NewCase) -> None:
    story = secret_case(case)
    facts(story.do(DispatchOrder(), LEAD))
    assert blocked(story.do(SignOrder(SIGNING), CLERK)) == (("BZ-25.1",), "secret.not_for_you")


@pytest.mark.clause("BZ-25.1")
def test_a_confidential_order_is_found_by_no_search_of_those_without_the_right(case: NewCase) -> None:
    story = secret_case(case)
    opened = story.opened
    assert [order.details.title for order in newest_orders(opened, 10)] == [""]
    for text in (TITLE, CONTENT, "滨城区"):
        assert orders_containing(opened, text, 10) == []
    assert opened.records.history(NUMBER).open_orders == ()


@pytest.mark.clause("BZ-25.1")
def test_the_look_for_repeats_says_that_confidential_orders_were_not_looked_at(case: NewCase) -> None:
    story = secret_case(case)
    assert story.opened.records.history(NUMBER).not_compared == 1


@pytest.mark.clause("BZ-25.1")
def test_a_confidential_order_stands_in_no_open_column_of_the_file(case: NewCase) -> None:
    story = secret_case(case)
    connection = story.opened.store.connection
    assert connection.execute("SELECT number_hash, district FROM work_order").fetchall() == [("", "")]
    assert connection.execute("SELECT topic, district FROM order_figure").fetchall() == [("", "")]


@pytest.mark.clause("BZ-25.1")
def test_what_comes_after_leaves_nothing_in_the_open_either(case: NewCase) -> None:
    story = secret_case(case)
    facts(story.do(DispatchOrder(), LEAD))
    bodies = story.opened.store.connection.execute(
        "SELECT type, body FROM event WHERE stream = ? AND version > 1 ORDER BY version", (f"order:{story.id}",)
    ).fetchall()
    assert bodies == [("order.classified", "{}"), ("order.dispatched", "{}")]


@pytest.mark.clause("BZ-25.1")
def test_number_hash_and_key_that_stood_open_are_gone_from_the_disk(
    case: NewCase, on_disk: Callable[[], bytes]
) -> None:
    story = case("binzhou").raised(caller_number=NUMBER)
    store = story.opened.store
    number_hash = store.sealing.number_hash(NUMBER).encode()
    [(key,)] = store.connection.execute("SELECT key FROM sealing_key WHERE owner = ?", (f"order:{story.id}",))
    before = on_disk()
    assert number_hash in before
    assert key in before
    facts(story.do(ClassifyOrder("privacy", "诉求人要求"), LEAD))
    after = on_disk()
    assert number_hash not in after
    assert key not in after


@pytest.mark.clause("BZ-25.1")
def test_an_order_whose_caller_asks_for_secrecy_is_confidential_from_its_first_event(case: NewCase) -> None:
    story = case("binzhou").raised(title=TITLE, confidential=True)
    assert story.order.withheld
    assert story.desk(LEAD).order(story.id).secret == "privacy"
    [(body,)] = story.opened.store.connection.execute(
        "SELECT body FROM event WHERE stream = ? AND version = 1", (f"order:{story.id}",)
    )
    assert body == "{}"


@pytest.mark.clause("BZ-25.1")
@pytest.mark.parametrize("actor", [LEAD, CENTRE, BUREAU])
def test_it_is_opened_again_by_lead_centre_or_bureau_with_a_ground(case: NewCase, actor: Actor) -> None:
    story = secret_case(case)
    assert missing(story.do(DeclassifyOrder(""), actor)) == (("secret_ground",), "BZ-25.1")
    facts(story.do(DeclassifyOrder("已经公开"), actor))
    order = story.order
    assert (order.secret, order.withheld, order.details.content) == ("", False, CONTENT)
    assert [found.id for found in story.opened.records.history(NUMBER).open_orders] == [story.id]


@pytest.mark.clause("BZ-25.1")
def test_the_unit_does_not_open_it(case: NewCase) -> None:
    story = secret_case(case)
    facts(story.do(DispatchOrder(), LEAD))
    assert blocked(story.do(DeclassifyOrder("已经公开"), LEADER)) == (("BZ-25.1",), "order.not_your_step")


@pytest.mark.clause("BZ-25.1")
def test_the_unit_does_not_make_an_order_confidential(case: NewCase) -> None:
    story = case("binzhou").dispatched()
    assert blocked(story.do(ClassifyOrder("privacy", "诉求人要求"), LEADER)) == (("BZ-25.1",), "order.not_your_step")


@pytest.mark.clause("BZ-25.1")
@pytest.mark.parametrize("actor", [OPERATOR, LEAD, CENTRE, BUREAU])
def test_everybody_of_the_line_makes_one_confidential(case: NewCase, actor: Actor) -> None:
    story = case("binzhou").raised()
    facts(story.do(ClassifyOrder("privacy", "诉求人要求"), actor))
    assert story.desk(LEAD).order(story.id).secret == "privacy"


@pytest.mark.parametrize("jurisdiction", ["fujian", "zhijiang", "hebi", "fuzhou"])
def test_no_other_book_knows_confidential_orders(case: NewCase, jurisdiction: str) -> None:
    story = case(jurisdiction).raised(confidential=True)
    assert not story.order.withheld
    assert blocked(story.do(ClassifyOrder("privacy", "诉求人要求"), LEAD)) == ((), "secret.unknown")


@pytest.mark.clause("BZ-25.1")
def test_the_call_it_came_by_becomes_confidential_when_it_is_finished_and_opens_with_it(line: NewLine) -> None:
    seat = line("binzhou")
    call = seat.take(NUMBER)
    matter = seat.call(call).matters[0].id
    details = form("binzhou", caller_number=NUMBER, confidential=True)
    raised = intake.raise_order(seat.desk, call, matter, details, Telling(note=CONTENT))
    facts(raised.decision)
    assert seat.call(call).matters[0].note == ""
    facts(intake.close(seat.desk, call))
    assert (seat.call(call).withheld, seat.call(call).number) == (True, "")
    assert seat.opened.records.history(NUMBER).calls == ()


@pytest.mark.clause("BZ-25.1")
def test_the_call_of_an_order_follows_it_into_secrecy_and_back(case: NewCase, line: NewLine) -> None:
    seat = line("binzhou")
    call = seat.take(NUMBER)
    raised = intake.raise_order(seat.desk, call, seat.call(call).matters[0].id, form("binzhou"), Telling(note=CONTENT))
    facts(intake.close(seat.desk, call))
    lead = case("binzhou").desk(LEAD)
    facts(handling.take(lead, raised.order, ClassifyOrder("privacy", "诉求人要求")))
    assert seat.call(call).withheld
    assert lead.call(call).matters[0].note == CONTENT
    facts(handling.take(lead, raised.order, DeclassifyOrder("已经公开")))
    assert seat.call(call).matters[0].note == CONTENT
    assert [found.id for found in seat.opened.records.history(NUMBER).calls] == [call]


@pytest.mark.clause("BZ-25.2")
def test_every_export_is_recorded_with_user_time_and_content(
    line: NewLine, ask: Ask, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AGENT_CONSOLE_NOW", "2026-03-02T11:00+08:00")
    seat = line("binzhou")
    facts(seat.conclude(seat.take(NUMBER), Answered(), note="咨询社保卡"))
    path = home / "calls.csv"
    arguments = ("--jurisdiction=BZ", "--as=lead::李班长")
    assert ask("export", "calls", str(path), "--today", *arguments).code == 0
    [entry] = ask("export", "log", *arguments, "--json").json
    told = {name: entry[name] for name in ("by", "role", "at", "what", "filters", "count", "sha256", "clause")}
    assert told == {
        "by": "李班长",
        "role": "lead",
        "at": "2026-03-02T11:00:00+08:00",
        "what": "calls",
        "filters": {"today": "true"},
        "count": 1,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "clause": "BZ-25.2",
    }


@pytest.mark.clause("BZ-25.2")
def test_an_export_names_no_caller_in_full_and_only_its_owner_reads_the_file(
    line: NewLine, ask: Ask, home: Path
) -> None:
    seat = line("binzhou")
    facts(seat.conclude(seat.take(NUMBER, caller_name="陈女士"), Answered(), note="咨询社保卡"))
    path = home / "calls.csv"
    assert ask("export", "calls", str(path), "--jurisdiction=BZ", "--as=lead").code == 0
    text = path.read_text(encoding="utf-8-sig")
    assert "咨询社保卡" in text
    assert "139****5678" in text
    assert NUMBER not in text
    assert "陈女士" not in text
    assert path.stat().st_mode & 0o777 == 0o600
