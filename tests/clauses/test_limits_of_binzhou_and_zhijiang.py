"""Binzhou and Zhijiang: every limit, asked for by anybody on the command line: from which event, how long, when."""

from __future__ import annotations

from pathlib import Path

import pytest

from ..cli.conftest import Ask
from ..support.asking import ARRIVAL, AT_ONCE, EVENTS, MONDAY, SIGNING, Asked, by_clause, check, days

LAW = {"statutory_limit": {"n": 3, "unit": "working_day"}}
SUPERIOR = {"superior_due": "2026-03-20T18:00:00+08:00"}
FRIDAY_WEEK = "2026-03-20T18:00:00+08:00"

BINZHOU = by_clause(
    Asked("BZ-14.2b", "dispatch", EVENTS, None, ({}, {"urgent": False})),
    Asked("BZ-7.2b", "dispatch", EVENTS, AT_ONCE, ({"urgent": True},), ({"urgent": False}, {})),
    Asked("BZ-22.3", "return", ARRIVAL, days(2), ({}, {"urgent": True})),
    Asked("BZ-22.2a", "handle", ARRIVAL, days(5), ({}, {"kind": "其他"}, {"urgent": True})),
    Asked("BZ-22.2f", "handle", ARRIVAL, days(3), (LAW,), ({},)),
    Asked("BZ-24.2", "redo", ("redo_dispatched",), days(5)),
    Asked("BZ-20.3", "knowledge_update", ("policy_published",), days(1)),
    Asked("BZ-14.2a", "answer_on_the_spot", EVENTS, AT_ONCE, ({}, {"answerable_on_spot": True})),
)
GENERAL: tuple[dict[str, object], ...] = ({}, {"complexity": "general"})
COMPLEX = ({"complexity": "complex"}, {"complexity": "especially_complex"})
ZHIJIANG = by_clause(
    Asked("ZJ-16.2", "dispatch", EVENTS, None, ({}, {"urgent": True})),
    Asked("ZJ-17.1a", "sign", ARRIVAL, "2026-03-02T15:45:00+08:00", ({}, {"urgent": True})),
    Asked("ZJ-17.1b", "return", ARRIVAL, days(2), ({}, {"urgent": True})),
    Asked("ZJ-16.3", "contact", EVENTS, AT_ONCE, ({"urgent": True},), ({"urgent": False}, {})),
    Asked("ZJ-16.3", "dispose", EVENTS, AT_ONCE, ({"urgent": True},), ({"urgent": False}, {})),
    Asked("ZJ-17.2a", "handle", SIGNING, days(5), GENERAL, COMPLEX),
    Asked("ZJ-17.2b", "handle", SIGNING, days(15), COMPLEX, GENERAL),
    Asked("ZJ-17.2c", "handle", SIGNING, days(3), (LAW,), (*GENERAL, {**LAW, **SUPERIOR})),
    Asked("ZJ-10", "handle", EVENTS, FRIDAY_WEEK, (SUPERIOR, {**LAW, **SUPERIOR})),
    Asked("ZJ-20.1b", "redo", ("redo_dispatched",), days(5), GENERAL),
    Asked("ZJ-7.7", "knowledge_update", EVENTS, None),
    Asked("ZJ-16.1a", "answer_on_the_spot", EVENTS, AT_ONCE, ({}, {"kind": "咨询"}), ({"kind": "投诉"},)),
    Asked("ZJ-16.1b", "transfer_call", EVENTS, AT_ONCE, ({}, {"kind": "咨询"}), ({"kind": "投诉"},)),
)


@pytest.mark.parametrize("row", BINZHOU)
def test_each_limit_of_binzhou_counts_from_its_own_events_and_in_its_own_cases(
    ask: Ask, tmp_path: Path, row: Asked
) -> None:
    check(ask, tmp_path, "BZ", row)


@pytest.mark.parametrize("row", ZHIJIANG)
def test_each_limit_of_zhijiang_counts_from_its_own_events_and_in_its_own_cases(
    ask: Ask, tmp_path: Path, row: Asked
) -> None:
    check(ask, tmp_path, "ZJ", row)


@pytest.mark.clause("ZJ-17.3")
@pytest.mark.parametrize(
    ("consent", "decision", "due"), [((), "refuse", "2026-03-09"), (("--consent=centre",), "grant", "2026-03-16")]
)
def test_more_time_is_told_as_refused_while_the_centre_has_not_agreed(
    ask: Ask, consent: tuple[str, ...], decision: str, due: str
) -> None:
    asked = ("deadline", "--jurisdiction=ZJ", "--limit=extension_new_due", "--start-event=signed", "--json")
    times = (f"--start={MONDAY}", "--applied-at=2026-03-05T10:00+08:00")
    told = ask(*asked, *times, *consent).json
    assert (told["decision"], told["due_date"], told["clause"]) == (decision, due, "ZJ-17.3")
