"""Dispatching, signing, completing: who may, what it needs, by the rule book of the city."""

from __future__ import annotations

import pytest

from agent_console.domain.decisions import Missing
from agent_console.domain.people import Actor
from agent_console.domain.work_order.order_steps import (
    Command,
    CompleteOrder,
    DecideExtension,
    DecideReturn,
    DispatchOrder,
    ExtendOrder,
    ReturnOrder,
    SignOrder,
)
from agent_console.domain.work_order.orders import OrderCompleted, OrderDispatched, OrderSigned
from tests.support.rule_of import BUREAU, CENTRE, CLERK, FIVE, LEAD, OPERATOR, STRANGER, blocked, facts
from tests.support.stories import EXTENDING, RESULT, RETURNING, SIGNING, OrderStory

DISPATCH = {"fujian": "FJ-14.2", "zhijiang": "ZJ-16.2", "binzhou": "BZ-14.2b", "hebi": "HB-3", "fuzhou": "FJ-14.2"}
SIGN = {"fujian": "FJ-18.1", "zhijiang": "ZJ-17.1a", "binzhou": "BZ-22.2a", "hebi": "HB-10.2", "fuzhou": "FJ-18.1"}
RETURN = {"fujian": "FJ-17.2", "zhijiang": "ZJ-17.1b", "binzhou": "BZ-22.3", "hebi": "HB-3", "fuzhou": "FJ-17.2"}
EXTEND = {
    "fujian": "FJ-20.6c",
    "zhijiang": "ZJ-17.3",
    "binzhou": "BZ-22.2b",
    "hebi": "HB-6.2.1.4b",
    "fuzhou": "FJ-20.6c",
}
COMPLETE = {
    "fujian": "FJ-20.1",
    "zhijiang": "ZJ-19.1",
    "binzhou": "BZ-22.2a",
    "hebi": "HB-6.0b",
    "fuzhou": "FJ-20.1",
}


@pytest.mark.parametrize("actor", [OPERATOR, LEAD, CENTRE])
@pytest.mark.parametrize("jurisdiction", FIVE)
def test_the_line_dispatches(jurisdiction: str, actor: Actor) -> None:
    [dispatched] = facts(OrderStory.raised(jurisdiction).do(DispatchOrder(), actor))
    assert isinstance(dispatched, OrderDispatched)
    assert (dispatched.lead, dispatched.supporting) == ("城市管理局", ())


@pytest.mark.parametrize("jurisdiction", FIVE)
def test_a_unit_does_not_dispatch(jurisdiction: str) -> None:
    decision = OrderStory.raised(jurisdiction).do(DispatchOrder(), CLERK)
    assert blocked(decision) == ((DISPATCH[jurisdiction],), "order.not_your_step")


def test_dispatch_follows_the_form_unless_units_are_named() -> None:
    def units(*named: str | tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
        story = OrderStory.raised(supporting=("公安局",))
        facts(story.do(DispatchOrder(*named)))  # type: ignore[arg-type]
        return story.order.lead, story.order.supporting

    assert units() == ("城市管理局", ("公安局",))
    assert units("水利局") == ("水利局", ())
    assert units("水利局", ("供水公司",)) == ("水利局", ("供水公司",))
    assert units("", ("供水公司",)) == ("城市管理局", ("供水公司",))


@pytest.mark.clause("FJ-16.1")
@pytest.mark.clause("ZJ-16.4a")
def test_an_order_has_one_lead_that_does_not_support_itself() -> None:
    decision = OrderStory.raised().do(DispatchOrder("水利局", ("水利局", "公安局")))
    assert blocked(decision) == ((), "order.lead_supports_itself")


@pytest.mark.parametrize("jurisdiction", ["fujian", "fuzhou"])
@pytest.mark.clause("FJ-18.1")
def test_signing_in_fujian_names_department_and_officer(jurisdiction: str) -> None:
    story = OrderStory.dispatched(jurisdiction)
    assert story.do(SignOrder({}), CLERK) == Missing(("department", "officer"), "FJ-18.1")
    assert story.do(SignOrder({"department": "市政科"}), CLERK) == Missing(("officer",), "FJ-18.1")
    assert story.do(SignOrder({"department": "市政科", "officer": "  "}), CLERK) == Missing(("officer",), "FJ-18.1")
    [signed] = facts(story.do(SignOrder(SIGNING), CLERK))
    assert isinstance(signed, OrderSigned)
    assert (signed.unit, signed.fields) == ("城市管理局", SIGNING)


@pytest.mark.parametrize("jurisdiction", ["zhijiang", "binzhou", "hebi"])
def test_signing_elsewhere_needs_nothing_more(jurisdiction: str) -> None:
    facts(OrderStory.dispatched(jurisdiction).do(SignOrder({}), CLERK))


@pytest.mark.parametrize(
    ("jurisdiction", "fields", "clause"),
    [
        pytest.param("fujian", ("result", "leader", "answered_at"), "FJ-18.2", marks=pytest.mark.clause("FJ-18.2")),
        pytest.param(
            "zhijiang",
            ("result", "platform_reply_at", "phone_reply_at"),
            "ZJ-19.1",
            marks=pytest.mark.clause("ZJ-19.1"),
        ),
        pytest.param(
            "binzhou",
            ("result", "answered_at", "reported_at", "acceptance"),
            "BZ-14.3b",
            marks=pytest.mark.clause("BZ-14.3a"),
        ),
        pytest.param("hebi", ("result", "answered_at", "reported_at"), "HB-6.0b", marks=pytest.mark.clause("HB-6.2.2")),
        pytest.param("fuzhou", ("result", "leader", "answered_at"), "FJ-18.2"),
    ],
)
def test_a_result_is_complete_with_what_the_rule_book_asks_for(
    jurisdiction: str, fields: tuple[str, ...], clause: str
) -> None:
    story = OrderStory.signed(jurisdiction)
    assert story.do(CompleteOrder({}), CLERK) == Missing(fields, clause)
    for field in fields:
        rest = {name: value for name, value in RESULT[jurisdiction].items() if name != field}
        decision = story.do(CompleteOrder(rest), CLERK)
        assert isinstance(decision, Missing)
        assert decision.fields == (field,)
    [completed] = facts(story.do(CompleteOrder(RESULT[jurisdiction]), CLERK))
    assert isinstance(completed, OrderCompleted)
    assert (completed.unit, completed.fields) == ("城市管理局", RESULT[jurisdiction])


@pytest.mark.parametrize(
    ("jurisdiction", "clause"),
    [
        pytest.param("fujian", "FJ-6.4", marks=pytest.mark.clause("FJ-6.4")),
        ("fuzhou", "FJ-6.4"),
    ],
)
def test_the_result_of_a_suggestion_says_whether_it_was_taken_up(jurisdiction: str, clause: str) -> None:
    story = OrderStory.signed(jurisdiction, kind="建议")
    assert story.do(CompleteOrder(RESULT[jurisdiction]), CLERK) == Missing(("adopted", "adopted_reason"), clause)
    facts(story.do(CompleteOrder({**RESULT[jurisdiction], "adopted": "否", "adopted_reason": "已有规划"}), CLERK))


def test_zhijiang_does_not_ask_whether_a_suggestion_was_taken_up() -> None:
    facts(OrderStory.signed("zhijiang", kind="建议").do(CompleteOrder(RESULT["zhijiang"]), CLERK))


STEPS: tuple[tuple[Command, dict[str, str]], ...] = (
    (SignOrder(SIGNING), SIGN),
    (ReturnOrder(RETURNING["binzhou"]), RETURN),
    (ExtendOrder(5, EXTENDING), EXTEND),
    (CompleteOrder({**RESULT["binzhou"], **RESULT["fujian"], **RESULT["zhijiang"]}), COMPLETE),
)


def _ready_for(command: Command, jurisdiction: str) -> OrderStory:
    """An order at the stage where the command has its turn."""
    return (OrderStory.dispatched if isinstance(command, SignOrder) else OrderStory.signed)(jurisdiction)


@pytest.mark.parametrize("actor", [OPERATOR, LEAD, CENTRE, BUREAU])
@pytest.mark.parametrize(("command", "clauses"), STEPS, ids=lambda step: type(step).__name__)
@pytest.mark.parametrize("jurisdiction", FIVE)
def test_the_steps_of_a_unit_are_the_units_alone(
    jurisdiction: str, command: Command, clauses: dict[str, str], actor: Actor
) -> None:
    decision = _ready_for(command, jurisdiction).do(command, actor)
    assert blocked(decision) == ((clauses[jurisdiction],), "order.not_your_step")


@pytest.mark.parametrize(("command", "clauses"), STEPS, ids=lambda step: type(step).__name__)
@pytest.mark.parametrize("jurisdiction", FIVE)
@pytest.mark.clause("BZ-3")
@pytest.mark.clause("FJ-11.0")
def test_no_unit_acts_on_the_order_of_another(jurisdiction: str, command: Command, clauses: dict[str, str]) -> None:
    decision = _ready_for(command, jurisdiction).do(command, STRANGER)
    assert blocked(decision) == ((clauses[jurisdiction],), "order.not_your_order")


TOO_EARLY_OR_LATE = [
    ("new", DispatchOrder(), OPERATOR),
    ("new", SignOrder(SIGNING), CLERK),
    ("raised", SignOrder(SIGNING), CLERK),
    ("raised", ReturnOrder({}), CLERK),
    ("raised", ExtendOrder(5, EXTENDING), CLERK),
    ("raised", CompleteOrder({}), CLERK),
    ("dispatched", DispatchOrder(), OPERATOR),
    ("dispatched", CompleteOrder({}), CLERK),
    ("signed", SignOrder(SIGNING), CLERK),
    ("signed", DispatchOrder(), OPERATOR),
    ("completed", DispatchOrder(), OPERATOR),
    ("completed", SignOrder(SIGNING), CLERK),
    ("completed", ReturnOrder({}), CLERK),
    ("completed", ExtendOrder(5, EXTENDING), CLERK),
    ("completed", CompleteOrder({}), CLERK),
]


@pytest.mark.parametrize(("stage", "command", "actor"), TOO_EARLY_OR_LATE)
@pytest.mark.parametrize("jurisdiction", FIVE)
def test_a_step_has_its_turn(jurisdiction: str, stage: str, command: Command, actor: Actor) -> None:
    story = OrderStory(jurisdiction) if stage == "new" else getattr(OrderStory, stage)(jurisdiction)
    clauses, key = blocked(story.do(command, actor))
    assert key == f"order.step_not_now.{stage}"
    assert len(clauses) == 1
    assert story.order.status == stage


@pytest.mark.parametrize("command", [DecideReturn(granted=True), DecideExtension(granted=True)])
@pytest.mark.parametrize("stage", ["raised", "dispatched", "signed", "completed"])
def test_nothing_is_decided_that_nobody_asked_for(stage: str, command: Command) -> None:
    story = getattr(OrderStory, stage)("zhijiang")
    key = blocked(story.do(command, CENTRE))[1]
    assert key in ("order.no_return_asked", "order.no_extension_asked")


def test_an_application_nobody_answered_ends_with_the_order() -> None:
    story = OrderStory.signed("zhijiang")
    facts(story.do(ExtendOrder(0, {"reason": "备件未到"}), CLERK))
    facts(story.do(CompleteOrder(RESULT["zhijiang"]), CLERK))
    assert blocked(story.do(DecideExtension(granted=True), CENTRE)) == (("ZJ-17.3",), "order.no_extension_asked")
