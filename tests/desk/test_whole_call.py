"""A call that is written down at once, and looking at a caller in full."""

from __future__ import annotations

from agent_console.desk.calls.intake import Telling
from agent_console.desk.calls.whole_call import log_call, log_invalid, log_order
from agent_console.desk.leaving.unmasking import unmask
from agent_console.domain.decisions import Missing
from agent_console.domain.intake.calls import DescribeCaller
from agent_console.domain.intake.outcomes import Answered, Interrupted, Ordered, Refused
from agent_console.domain.people import IdentityUnmasked
from agent_console.store.connection import rows
from tests.conftest import Office
from tests.support.rule_of import LEAD, facts
from tests.support.stories import form

WHO = DescribeCaller("13800138000", "陈女士", caller_type="citizen", channel="phone")


def test_a_call_is_logged_from_first_word_to_outcome(office: Office) -> None:
    seat = office()
    logged = log_call(seat.desk, WHO, Answered("kb-1", 1), Telling("问户口"))
    facts(logged.decision)
    call = seat.desk.call(logged.call)
    assert (call.status, call.caller_name, call.matters[0].note) == ("closed", "陈女士", "问户口")


def test_a_caller_who_was_gone_is_owed_a_call_back_here_too(office: Office) -> None:
    seat = office()
    facts(log_call(seat.desk, WHO, Interrupted(), Telling()).decision)
    assert seat.records.callbacks_owed() == 1


def test_a_logged_order_knows_what_the_call_knows(office: Office) -> None:
    seat = office()
    details = form("fujian", caller_name="", caller_number="", caller_type="", received_at=0)
    raised = log_order(seat.desk, WHO, details, Telling())
    order = seat.desk.order(raised.order)
    assert (order.details.caller_name, order.details.caller_number) == ("陈女士", "13800138000")
    call = seat.desk.call(order.call)
    assert (call.status, call.matters[0].outcome) == ("closed", Ordered(raised.order, raised.number))


def test_an_invalid_call_is_logged_with_its_reason(office: Office) -> None:
    seat = office()
    logged = log_invalid(seat.desk, DescribeCaller(), "误拨", ("误拨",))
    facts(logged.decision)
    assert (seat.desk.call(logged.call).status, seat.desk.call(logged.call).reason) == ("invalid", "误拨")


def test_a_call_the_rule_book_does_not_let_end_so_is_not_logged_at_all(office: Office) -> None:
    seat = office()
    refused = log_call(seat.desk, WHO, Refused("FJ-13.7"), Telling())
    assert (refused.decision, refused.call) == (Missing(("explained", "guided"), "FJ-13.z"), "")
    invalid = log_invalid(seat.desk, WHO, "没听清", ("误拨",))
    assert (invalid.decision, invalid.call) == (Missing(("reason",)), "")
    order = log_order(seat.desk, WHO, form("fujian", title=""), Telling())
    assert (order.decision, order.number) == (Missing(("title",)), "")
    assert seat.records.calls(10) == []
    assert seat.store.outbox.unsent_count() == 0
    assert rows(seat.store.connection, "SELECT * FROM running_number") == []


def test_whoever_looks_at_a_caller_in_full_leaves_a_trace_and_changes_nothing(office: Office) -> None:
    seat = office()
    raised = log_order(seat.desk, WHO, form("fujian"), Telling())
    before = seat.desk.order(raised.order)
    unmask(office(actor=LEAD).desk, f"order:{raised.order}")
    last = seat.store.log.load(f"order:{raised.order}")[-1].fact
    assert isinstance(last, IdentityUnmasked)
    assert (last.by, last.role) == ("李班长", "lead")
    assert seat.desk.order(raised.order) == before == seat.records.order(raised.number)
