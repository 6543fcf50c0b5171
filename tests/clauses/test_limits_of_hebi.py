"""Hebi: every limit, asked for by anybody on the command line: by channel, kind, form and complexity."""

from __future__ import annotations

from pathlib import Path

import pytest

from ..cli.conftest import Ask
from ..support.asking import ARRIVAL, AT_ONCE, EVENTS, MONDAY, NOT_TOLD, Asked, Facts, by_clause, check, days


def each(kinds: tuple[str, ...], **facts: object) -> tuple[Facts, ...]:
    """The situation with each of these kinds, and with none told yet where "" is among them."""
    return tuple({**facts, **({"kind": kind} if kind else {})} for kind in kinds)


ANY = ("咨询", "投诉", "建议", "")
ONLINE = {"channel": "online_platform"}
HOTLINE = {"channel": "12345_hotline"}
HALL = {"channel": "service_hall"}
LAW = {"statutory_limit": {"n": 3, "unit": "working_day"}}
ELSEWHERE = each(("求助", "表扬"), **ONLINE) + each(("求助", "表扬"), **HOTLINE)
ORAL = {**HALL, "kind": "投诉", "form": "oral"}
LISTENED = {**HALL, "kind": "投诉"}
WRITTEN = {**HALL, "kind": "投诉", "form": "written"}
COMPLEX = ("complex", "especially_complex")
JOINT = ("--channel=12345_hotline", "--joint", "--complexity=especially_complex", "--extension-days=8")
FROM_HALL = ("accepted", "unit_received")

HEBI = by_clause(
    Asked("HB-3", "dispatch", EVENTS, None, ({}, ONLINE, HOTLINE, HALL, {"urgent": True})),
    Asked(
        *("HB-6.1.1c", "contact", ARRIVAL, days(1)),
        ({**ONLINE, "unclear": True},),
        (ONLINE, {**HOTLINE, "unclear": True}, {**HALL, "unclear": True}),
    ),
    Asked(
        *("HB-6.1.1a", "handle", EVENTS, AT_ONCE),
        each(ANY, **ONLINE, answerable_on_spot=True),
        (*each(ANY, **ONLINE), *each(("求助",), **ONLINE, answerable_on_spot=True)),
    ),
    Asked(
        *("HB-6.1.1d", "handle", ARRIVAL, days(5)),
        each(ANY, **ONLINE) + each(ANY, **ONLINE, complexity="general"),
        (*ELSEWHERE, *each(ANY, **ONLINE, complexity="complex"), *each(ANY, **HOTLINE)),
    ),
    Asked(
        *("HB-6.1.1e", "handle", ARRIVAL, days(15)),
        each(ANY, **ONLINE, complexity="complex") + each(ANY, **ONLINE, complexity="especially_complex"),
        (*ELSEWHERE, *each(ANY, **ONLINE), *each(ANY, **HOTLINE, complexity="complex")),
    ),
    Asked(
        *("HB-6.1.1f", "handle", ARRIVAL, days(3)),
        each(ANY, **ONLINE, **LAW),
        (*each(("求助",), **ONLINE, **LAW), *each(ANY, **HOTLINE, **LAW), *each(ANY, **ONLINE)),
    ),
    Asked(
        *("HB-6.2.1.1", "handle", EVENTS, AT_ONCE),
        each(ANY, **HOTLINE, answerable_on_spot=True, joint=False),
        (*each(ANY, **HOTLINE), *each(ANY, **HOTLINE, answerable_on_spot=True, joint=True)),
    ),
    Asked(
        *("HB-6.2.1.3a", "handle", ARRIVAL, days(10)),
        each(ANY, **HOTLINE, joint=False) + each(ANY, **HOTLINE, complexity="complex"),
        (*ELSEWHERE, *each(ANY, **HOTLINE, joint=True), *each(ANY, **ONLINE)),
    ),
    Asked(
        *("HB-6.2.1.4a", "handle", ("lead_designated",), days(15)),
        each(ANY, **HOTLINE, joint=True) + each(ANY, **HOTLINE),
        (*ELSEWHERE, *each(ANY, **ONLINE, joint=True)),
    ),
    Asked(
        *("HB-6.2.1.4a", "handle", (NOT_TOLD, "lead_designated"), days(15)),
        each(ANY, **HOTLINE, joint=True),
        each(("求助",), **HOTLINE),
    ),
    Asked(
        *("HB-6.3.1", "handle", EVENTS, AT_ONCE),
        ({**HALL, "kind": "咨询"}, {**HALL, "kind": "咨询", "answerable_on_spot": True}),
        ({**HALL, "kind": "建议"}, {**HOTLINE, "kind": "咨询"}),
    ),
    Asked(
        *("HB-6.3.2.1a", "handle", FROM_HALL, AT_ONCE),
        (ORAL, LISTENED, {**ORAL, "complexity": "general"}, {**ORAL, "departments": 1}),
        (WRITTEN, {**ORAL, "departments": 2}, {**ORAL, "joint": True}, {**ORAL, "complexity": "complex"}),
    ),
    Asked(
        *("HB-6.3.2.1b", "handle", FROM_HALL, days(5)),
        (
            *({**told, "complexity": grade} for told in (ORAL, LISTENED) for grade in COMPLEX),
            *({**told, **shared} for told in (ORAL, LISTENED) for shared in ({"departments": 2}, {"joint": True})),
        ),
        (WRITTEN, {**WRITTEN, "joint": True}, {**HALL, "kind": "建议", "joint": True}, ORAL),
    ),
    Asked(
        *("HB-6.3.2.1c", "handle", ("written_complaint_received", "accepted", "unit_received"), days(5)),
        (WRITTEN,),
        ({**WRITTEN, "kind": "建议"}, {**HOTLINE, "kind": "投诉", "form": "written"}),
    ),
    Asked("HB-6.3.2.1c", "handle", ("written_complaint_received",), days(5), (LISTENED, ORAL)),
    Asked("HB-6.3.2.2", "handle", ARRIVAL, days(5), ({**HALL, "kind": "建议"},), ({**HALL, "kind": "咨询"},)),
    Asked("HB-6.1.1a", "dispose", EVENTS, None, ({**ONLINE, "urgent": True},)),
    Asked(
        *("HB-6.1.1a", "dispose", EVENTS, AT_ONCE),
        ({**ONLINE, "simple": True}, {**ONLINE, "answerable_on_spot": True}),
        (ONLINE, {**HOTLINE, "simple": True}, {**HALL, "answerable_on_spot": True}),
    ),
    Asked(
        *("HB-6.3.2.1a", "dispose", EVENTS, AT_ONCE),
        (ORAL, LISTENED),
        (WRITTEN, {**HALL, "kind": "建议"}, {**ONLINE, "kind": "投诉"}),
    ),
    Asked("HB-6.2.3c", "redo", ("redo_dispatched",), days(10), ({**HOTLINE, "joint": False},), (ONLINE, HALL)),
    Asked("HB-6.1.2d", "redo", ARRIVAL, days(5), (ONLINE,), (HOTLINE, HALL)),
    Asked("HB-10.2", "daily_login", ("day_begins",), "2026-03-02T23:59:59+08:00"),
    Asked(
        *("HB-6.2.1.1", "answer_on_the_spot", EVENTS, AT_ONCE),
        (HOTLINE, {**HOTLINE, "answerable_on_spot": True}),
        ({**HOTLINE, "answerable_on_spot": False},),
    ),
    Asked(
        *("HB-6.1.1a", "answer_on_the_spot", EVENTS, AT_ONCE),
        (ONLINE, {**ONLINE, "answerable_on_spot": True}),
        ({**ONLINE, "answerable_on_spot": False},),
    ),
    Asked(
        *("HB-6.3.1", "answer_on_the_spot", EVENTS, AT_ONCE), ({**HALL, "kind": "咨询"},), ({**HALL, "kind": "建议"},)
    ),
    Asked(
        *("HB-6.3.2.1a", "answer_on_the_spot", EVENTS, AT_ONCE),
        (ORAL, LISTENED, {**ORAL, "complexity": "general"}, {**ORAL, "departments": 1}),
        (WRITTEN, {**ORAL, "departments": 2}, {**ORAL, "joint": True}, {**ORAL, "complexity": "complex"}),
    ),
    Asked("HB-6.2.1.2", "transfer_call", EVENTS, AT_ONCE, (HOTLINE,), (ONLINE, HALL)),
)


@pytest.mark.parametrize("row", HEBI)
def test_each_limit_of_hebi_counts_from_its_own_events_and_in_its_own_cases(
    ask: Ask, tmp_path: Path, row: Asked
) -> None:
    check(ask, tmp_path, "HB", row)


@pytest.mark.clause("HB-6.2.1.4b")
@pytest.mark.parametrize(
    ("consent", "decision", "due"),
    [((), "refuse", "2026-03-23"), (("--consent=city_government",), "grant", "2026-04-02")],
)
def test_more_time_is_told_as_refused_while_the_city_has_not_agreed(
    ask: Ask, consent: tuple[str, ...], decision: str, due: str
) -> None:
    asked = ("deadline", "--jurisdiction=HB", "--limit=extension_new_due", "--start-event=lead_designated", "--json")
    times = (f"--start={MONDAY}", "--applied-at=2026-03-05T10:00+08:00")
    told = ask(*asked, *times, *JOINT, *consent).json
    assert (told["decision"], told["due_date"], told["clause"]) == (decision, due, "HB-6.2.1.4b")
