"""What an order offers now is what the rule book says when the step is really taken."""

from __future__ import annotations

import pytest

from agent_console.desk.orders.steps import Offer, offers
from agent_console.domain.decisions import Blocked, Missing
from agent_console.domain.people import Actor

from ..clauses.conftest import Case
from ..conftest import Office
from ..support.clock import SettableClock
from ..support.rule_of import CLERK, FIVE, LEAD, OPERATOR, facts


def offered(case: Case, actor: Actor) -> dict[str, Offer]:
    desk = case.desk(actor)
    order = desk.order(case.id)
    return {offer.id: offer for offer in offers(order, desk.context_for(order))}


@pytest.mark.parametrize("jurisdiction", FIVE)
def test_what_is_missing_or_forbidden_is_told_before_anything_is_done(
    office: Office, clock: SettableClock, jurisdiction: str
) -> None:
    case = Case(office, clock, jurisdiction).dispatched()
    before = case.log()
    for_unit, for_line = offered(case, CLERK), offered(case, OPERATOR)
    assert for_unit["sign"].possible
    assert not for_line["sign"].possible
    assert for_line["sign"].clauses == case.sign(actor=OPERATOR).clauses  # type: ignore[union-attr]
    assert not for_unit["complete"].possible
    assert not for_line["undo"].possible
    assert case.log() == before


def test_a_step_that_waits_for_a_record_says_which_and_that_comes_first(office: Office, clock: SettableClock) -> None:
    case = Case(office, clock, "fujian").dispatched(urgency="urgent")
    found = offered(case, OPERATOR)
    assert next(iter(found)) == "record.phone_notice"
    assert found["record.phone_notice"].reminded
    case = Case(office, clock, "fujian").signed()
    reassigning = offered(case, LEAD)["reassign"].decision
    assert isinstance(reassigning, Blocked)
    assert reassigning.clauses == ("FJ-19.1",)


def test_a_choice_that_is_still_to_be_made_does_not_block(office: Office, clock: SettableClock) -> None:
    case = Case(office, clock, "fujian").completed()
    rating = offered(case, OPERATOR)["rate"]
    assert isinstance(rating.decision, Missing)
    assert next(asked.values for asked in rating.fields) == ("satisfied", "dissatisfied")
    assert not offered(case, OPERATOR)["redo"].possible
    facts(case.rate("dissatisfied"))
    facts(case.record("verification", OPERATOR, "", means="phone", finding="unit_responsible"))
    assert offered(case, OPERATOR)["redo"].possible


def test_what_a_book_does_not_know_is_not_offered(office: Office, clock: SettableClock) -> None:
    hebi, binzhou = Case(office, clock, "hebi").signed(), Case(office, clock, "binzhou").completed()
    assert "reassign" not in offered(hebi, LEAD)
    assert "rate" not in offered(binzhou, LEAD)
