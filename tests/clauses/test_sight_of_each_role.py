"""What each role of each book sees of orders and calls, and whether it writes."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

from agent_console.desk.leaving.seeing import calls_refused
from agent_console.domain.decisions import Blocked, Decision
from agent_console.domain.people import Actor
from agent_console.domain.work_order.order_corrections import AddToOrder

from ..support.eyes import kept_out, listed, looked
from ..support.figures import MONDAY, drawn, lines
from ..support.rule_of import LEAD
from .conftest import NewCase

OWN, OTHER = "城市管理局", "水利局"


class Eyes(NamedTuple):
    """A role of a book: whether it is one of a unit, whether it sees everything, reads calls and writes freely.

    keeps_out: the clause that keeps the orders of others from it. figures: it is drawn the figures of every unit.
    """

    book: str
    clause: str
    role: str
    of_unit: bool = False
    everything: bool = True
    calls: bool = False
    writes: bool = False
    keeps_out: str = ""
    figures: bool = True


ALL: dict[str, Any] = {"calls": True, "writes": True}
UNIT: dict[str, Any] = {"of_unit": True, "everything": False, "writes": True, "figures": False}


def unit_roles(book: str, clause: str, keeps_out: str, **more: bool) -> tuple[Eyes, ...]:
    """Both roles of a unit."""
    facts = {**UNIT, **more}
    return tuple(Eyes(book, clause, role, keeps_out=keeps_out, **facts) for role in ("unit_clerk", "unit_leader"))


EYES = (
    *unit_roles("fujian", "FJ-30.5", "FJ-30.5"),
    *unit_roles("fuzhou", "FJ-30.5", "FJ-30.5"),
    *unit_roles("zhijiang", "ZJ-8.2", "ZJ-25.2"),
    *unit_roles("binzhou", "BZ-12.1", "BZ-25.2"),
    *unit_roles("hebi", "HB-11.1", "HB-11.1"),
    Eyes("binzhou", "BZ-10", "bureau", **ALL),
    Eyes("binzhou", "BZ-15", "guest", keeps_out="BZ-25.2", **{**UNIT, "calls": True}),
    Eyes("zhijiang", "ZJ-6.0", "bureau", **ALL),
    Eyes("zhijiang", "ZJ-5", "government_office"),
    Eyes("zhijiang", "ZJ-7.4", "evaluator", figures=False),
    Eyes("zhijiang", "ZJ-23.0", "supervision_office", everything=False, keeps_out="ZJ-23.0"),
    Eyes("hebi", "HB-4.1", "bureau", **ALL),
    Eyes("hebi", "HB-8", "service_monitor", everything=False, keeps_out="HB-8", figures=False),
    Eyes("hebi", "HB-6.3.2.1d", "guidance_office", figures=False),
    Eyes("hebi", "HB-6.2.1.4b", "city_leader", figures=False),
    Eyes("hebi", "HB-11.1", "knowledge_editor", everything=False, keeps_out="HB-11.1", figures=False),
    Eyes("fujian", "FJ-8.2", "province"),
    Eyes("fuzhou", "FZ-10.2", "efficiency_office"),
    Eyes("fuzhou", "FZ-10.3", "county_centre"),
)
KINDS = {
    "fujian": ("咨询", "投诉", "建议", "求助"),
    "fuzhou": ("咨询", "投诉", "建议", "求助", "举报"),
    "zhijiang": ("咨询", "求助", "投诉", "建议", "表扬", "举报"),
}


KEPT = {"fujian": ("FJ-6.2",), "fuzhou": ("FJ-6.2", "FJ-30.5"), "zhijiang": ("ZJ-25.2",)}


def key_of(decision: Decision) -> str:
    return decision.message.key if isinstance(decision, Blocked) else ""


@pytest.mark.parametrize(
    "eyes", [pytest.param(each, marks=pytest.mark.clause(each.clause), id=f"{each.book}-{each.role}") for each in EYES]
)
def test_each_role_sees_the_orders_and_calls_that_are_its_own_to_see(case: NewCase, eyes: Eyes) -> None:
    own = case(eyes.book).signed(MONDAY, lead=OWN)
    other = case(eyes.book).dispatched(MONDAY, lead=OTHER)
    actor = Actor("某人", eyes.role, OWN if eyes.of_unit else "")
    if eyes.of_unit:
        assert kept_out(own, Actor("某人", eyes.role)) == ((eyes.clause,), "sight.unit_wanting")
    assert listed(own, actor) == ({own.id, other.id} if eyes.everything else {own.id} if eyes.of_unit else set())
    if not eyes.everything:
        assert kept_out(other, actor)[0] == (eyes.keeps_out,)
    assert (calls_refused(own.desk(actor)) is None) is eyes.calls
    told = own.do(AddToOrder("又来电"), actor)
    assert (key_of(told) != "sight.reads_only") is eyes.writes
    if key_of(told) == "sight.reads_only":
        assert isinstance(told, Blocked)
        assert told.clauses == (eyes.clause,)
    if eyes.figures and not eyes.of_unit:
        report = {"zhijiang": "appraisal", "binzhou": "tier_two", "hebi": "rates"}.get(eyes.book, "units")
        assert lines(drawn(own.desk(actor), report)) == lines(drawn(own.desk(LEAD), report)) != {}


@pytest.mark.parametrize("role", ["unit_clerk", "unit_leader"])
@pytest.mark.parametrize(
    ("book", "kind"),
    [
        pytest.param(book, kind, marks=[pytest.mark.clause(clause) for clause in KEPT[book]])
        for book, kinds in KINDS.items()
        for kind in kinds
    ],
)
def test_who_complains_or_reports_is_hidden_from_everybody_of_the_unit(
    case: NewCase, book: str, kind: str, role: str
) -> None:
    order = case(book).dispatched(MONDAY, kind=kind, lead=OWN)
    actor = Actor("某人", role, OWN)
    hidden = {
        "fujian": {"投诉": "FJ-6.2"},
        "fuzhou": {"投诉": "FJ-6.2", "举报": "FJ-6.2"},
        "zhijiang": {"举报": "ZJ-25.2"},
    }
    clause = hidden[book].get(kind, "")
    assert looked(order, actor).identity == ("hidden" if clause else "masked")
    if clause:
        assert kept_out(order, actor, unmask=True)[0] == (clause,)
    if kind == "举报":
        assert kept_out(order, actor, unmask=True, ground="要上门核实")[1] == "sight.never_told"
    else:
        assert looked(order, actor, unmask=True, ground="要上门核实").identity == "open"
