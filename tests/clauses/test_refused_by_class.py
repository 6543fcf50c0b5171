"""Which item of its list each city cites for a matter that is not taken, and which matters become an order."""

from __future__ import annotations

from typing import Any

import pytest

from agent_console.desk.calls import intake
from agent_console.domain.decisions import Blocked, Decision, NeedsOverride

from ..cli.conftest import Ask
from ..support.stories import form
from .conftest import Line, NewLine, allowed

SECRET = ("secret", "privacy")
COURTS = ("litigation", "reconsideration_arbitration")
EMERGENCIES = ("police_110", "fire_119", "medical_120", "traffic_122")
REFUSED = {
    "fujian": {
        "FJ-13.1": SECRET,
        "FJ-13.2": ("discipline", "court_procuratorate", "congress_cppcc", "military"),
        "FJ-13.3": (*COURTS, "petition"),
        "FJ-13.7": ("out_of_area",),
    },
    "zhijiang": {
        "ZJ-11.1": ("out_of_area",),
        "ZJ-11.3": ("civil_dispute",),
        "ZJ-11.4": ("vague_unreasonable",),
        "ZJ-11.5": (*COURTS, "petition"),
        "ZJ-11.6": ("discipline", "court_procuratorate", "military"),
        "ZJ-11.7": SECRET,
    },
    "binzhou": {
        "BZ-6.1": ("congress_cppcc", "military", "court_procuratorate"),
        "BZ-6.2": COURTS,
        "BZ-6.3": ("petition",),
        "BZ-6.4": ("out_of_area",),
        "BZ-6.5": ("hidden_number",),
        "BZ-6.6": SECRET,
    },
    "hebi": {
        "HB-5.1": ("security_superstition_abuse",),
        "HB-5.2": ("vague_unreasonable",),
        "HB-5.3": (*COURTS, "petition", "discipline", "court_procuratorate"),
    },
}
TAKEN: dict[str, dict[str, tuple[str, ...]]] = {
    "fujian": {"FJ-13.4": ("in_progress_or_duplicate",), "FJ-13.6": EMERGENCIES},
    "zhijiang": {"ZJ-11.8": ("in_progress_or_duplicate",), "ZJ-11.2": EMERGENCIES},
    "hebi": {"HB-5.2": ("in_progress_or_duplicate",)},
}
"""A repeat goes into the running order and an urgent matter may become one, so neither is blocked."""


def rows(table: dict[str, dict[str, tuple[str, ...]]]) -> list[Any]:
    """City, clause and class, marked with the clause."""
    return [
        pytest.param(book, clause, name, marks=pytest.mark.clause(clause), id=f"{clause}-{name}")
        for book, clauses in table.items()
        for clause, names in clauses.items()
        for name in names
    ]


def raised(seat: Line, book: str, chosen: str) -> Decision:
    """An order of a matter that the operator chose from the list."""
    call_id = seat.take()
    matter = seat.desk.call(call_id).matters[0].id
    telling = intake.Telling("路灯不亮", chosen=chosen)
    return intake.raise_order(seat.desk, call_id, matter, form(book), telling).decision


@pytest.mark.parametrize(("book", "clause", "name"), rows(REFUSED))
def test_what_is_on_the_list_becomes_no_order_and_the_item_is_named(
    line: NewLine, book: str, clause: str, name: str
) -> None:
    decision = raised(line(book), book, name)
    if book == "binzhou":
        assert isinstance(decision, NeedsOverride)
        assert (decision.role, decision.clause) == ("lead", clause)
    else:
        assert isinstance(decision, Blocked)
        assert decision.clauses == (clause,)


@pytest.mark.parametrize(("book", "clause", "name"), rows(TAKEN))
def test_a_repeat_and_an_urgent_matter_are_not_blocked(line: NewLine, book: str, clause: str, name: str) -> None:
    seat = line(book)
    item = seat.desk.rule_book.refusal_for(name)
    assert item is not None
    assert item.clause == clause
    assert allowed(raised(seat, book, name))


@pytest.mark.parametrize(
    ("book", "names"),
    [
        ("fujian", ("hidden_number", "vague_unreasonable", "civil_dispute", "security_superstition_abuse")),
        ("zhijiang", ("hidden_number", "congress_cppcc", "security_superstition_abuse")),
        ("binzhou", ("discipline", "vague_unreasonable", "civil_dispute", "in_progress_or_duplicate", *EMERGENCIES)),
        ("hebi", ("hidden_number", *SECRET, "military", "congress_cppcc", "civil_dispute", "out_of_area")),
    ],
)
def test_what_only_other_cities_refuse_is_taken(line: NewLine, book: str, names: tuple[str, ...]) -> None:
    seat = line(book)
    for name in names:
        assert allowed(raised(seat, book, name))


@pytest.mark.parametrize(
    ("book", "clause", "text", "name"),
    [
        pytest.param(*row, marks=pytest.mark.clause(row[1]))
        for row in (
            ("binzhou", "BZ-23.3", "这件事我上周打过12345，还没有处理，再打一遍", "in_progress_or_duplicate"),
            ("binzhou", "BZ-8", "你们这些话务员都是废物，我天天打电话骂死你们", "security_superstition_abuse"),
            ("hebi", "HB-2.2", "洛阳市涧西区的路灯坏了", "out_of_area"),
        )
    ],
)
def test_what_stands_beside_the_list_is_pointed_to_with_its_clause(
    ask: Ask, book: str, clause: str, text: str, name: str
) -> None:
    shown = ask("screen", text, f"--jurisdiction={book}", "--json").json
    assert (shown["clause"], shown["predicted"][0]) == (clause, name)
