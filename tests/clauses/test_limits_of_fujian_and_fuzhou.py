"""Fujian and Fuzhou: every limit, asked for on the command line: from which event, how long, when."""

from __future__ import annotations

from pathlib import Path

import pytest

from ..cli.conftest import Ask
from ..support.asking import AT_ONCE, EVENTS, SAME_DAY, SIGNING, Asked, by_clause, check, days

ANY_KIND = tuple({"kind": kind} for kind in ("咨询", "投诉", "建议", "求助"))
PRESSING = ({"kind": "投诉", "urgent": True, "simple": False}, {"kind": "投诉", "urgent": False, "simple": True})
ORDINARY = {"kind": "投诉", "urgent": False, "simple": False}

FUJIAN = by_clause(
    Asked("FJ-14.2", "dispatch", ("accepted",), days(1), ANY_KIND, ({"urgent": True},)),
    Asked("FJ-14.3", "dispatch", EVENTS, AT_ONCE, ({"urgent": True},), ({"urgent": False},)),
    Asked("FJ-17.1", "sign", EVENTS, None, ANY_KIND),
    Asked("FJ-17.2", "return", ("unit_received",), days(1), ANY_KIND, ({"urgent": True},)),
    Asked("FJ-17.3", "return", ("unit_received", "accepted", "signed"), AT_ONCE, ({"urgent": True},), (ORDINARY,)),
    Asked("FJ-19.1", "return", ("finding_after_signing",), AT_ONCE, ANY_KIND),
    Asked("FJ-20.1", "handle", SIGNING, days(2), ({"kind": "咨询"},), ANY_KIND[1:]),
    Asked("FJ-20.2a", "handle", SIGNING, days(10), (ORDINARY,), (*ANY_KIND[2:], *PRESSING)),
    Asked("FJ-20.2b", "handle", SIGNING, days(3), ({"kind": "投诉", "listed_service_item": True},), (ORDINARY,)),
    Asked("FJ-20.3", "handle", SIGNING, days(5), ({"kind": "建议"},), ANY_KIND[:2]),
    Asked("FJ-20.4a", "handle", SIGNING, days(3), ({"kind": "求助"},), ANY_KIND[:3]),
    Asked("FJ-20.4b", "contact", SIGNING, days(1), ({"kind": "求助"},)),
    Asked("FJ-20.5", "handle", (*SIGNING, "accepted"), SAME_DAY, PRESSING, (ORDINARY,)),
    Asked("FJ-20.5", "dispose", EVENTS, AT_ONCE, PRESSING),
    Asked("FJ-22.1", "redo", ("redo_dispatched",), days(10), (ORDINARY,)),
    Asked("FJ-11.3", "knowledge_update", EVENTS, None),
    Asked("FJ-14.1", "answer_on_the_spot", EVENTS, AT_ONCE, ({}, {"answerable_on_spot": True})),
    Asked("FJ-15", "report_to_emergency_management", EVENTS, None),
)
FUZHOU = by_clause(
    Asked("FZ-7.3", "handle", SIGNING, days(2), ({"kind": "咨询"},), ANY_KIND[1:]),
    Asked("FZ-7.4", "handle", SIGNING, days(10), (ORDINARY, {"kind": "举报"}), (*ANY_KIND[2:], *PRESSING)),
    Asked(
        *("FZ-7.5", "handle", SIGNING, days(3)),
        ({"kind": "投诉", "listed_service_item": True}, {"kind": "举报", "listed_service_item": True}),
        (ORDINARY, {"kind": "建议", "listed_service_item": True}),
    ),
    Asked("FZ-7.6", "handle", SIGNING, days(5), ({"kind": "建议"},), ANY_KIND[:2]),
    Asked("FZ-7.7", "handle", SIGNING, days(3), ({"kind": "求助"},), ANY_KIND[:3]),
    Asked("FZ-8.4", "handle", (*SIGNING, "accepted"), SAME_DAY, PRESSING, (ORDINARY,)),
    Asked("FZ-8.4", "dispose", EVENTS, AT_ONCE, PRESSING, (ORDINARY,)),
)


@pytest.mark.parametrize("row", FUJIAN)
def test_each_limit_of_fujian_counts_from_its_own_events_and_in_its_own_cases(
    ask: Ask, tmp_path: Path, row: Asked
) -> None:
    check(ask, tmp_path, "FJ", row)


@pytest.mark.parametrize("row", FUZHOU)
def test_each_limit_of_fuzhou_counts_from_its_own_events_and_in_its_own_cases(
    ask: Ask, tmp_path: Path, row: Asked
) -> None:
    check(ask, tmp_path, "FZ", row)
