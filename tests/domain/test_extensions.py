"""Applying for more time, and what is granted."""

from __future__ import annotations

import pytest

from agent_console.domain.instants import iso, parse
from agent_console.domain.time_limits.deadlines import Deadline, ExtensionRequest, Situation, Start, StatutoryLimit, due
from agent_console.resources.calendars import load_calendar
from agent_console.resources.limits import load_limits
from agent_console.texts.explain import explain

MONDAY = "2024-03-11T10:00"
FUJIAN = frozenset({"unit_leader_approved"})
ZHIJIANG = frozenset({"centre_approved"})
BINZHOU = frozenset({"mayor_line_approved"})


def decide(code: str, request: ExtensionRequest | None, event: str = "signed", **facts: object) -> Deadline:
    situation = Situation(extension=request, **facts)  # type: ignore[arg-type]
    start = Start(event, parse(MONDAY))
    return due(load_limits(code), "extension_new_due", situation, start, load_calendar())


def apply_by(code: str, event: str, at: str = MONDAY, **facts: object) -> str | None:
    situation = Situation(**facts)  # type: ignore[arg-type]
    start = Start(event, parse(at))
    latest = due(load_limits(code), "extension_apply_by", situation, start, load_calendar()).due
    return None if latest is None else iso(latest)[:16]


def outcome(deadline: Deadline) -> tuple[str | None, str | None]:
    return deadline.decision, str(deadline.day)


@pytest.mark.clause("FJ-20.6b")
@pytest.mark.parametrize(
    ("applied", "decision"), [("11:45", "grant"), ("12:00", "grant"), ("12:00:01", "refuse"), ("14:30", "refuse")]
)
def test_noon_of_the_last_day_is_tolerated_and_no_later(applied: str, decision: str) -> None:
    request = ExtensionRequest(1, parse(f"2024-03-13T{applied}"), consents=FUJIAN)
    assert decide("fujian", request, kind="咨询").decision == decision


@pytest.mark.clause("FJ-20.6d")
def test_a_same_day_limit_cannot_be_extended_in_fujian() -> None:
    request = ExtensionRequest(1, parse("2024-03-11T10:30"), consents=FUJIAN)
    assert outcome(decide("fujian", request, kind="投诉", urgent=True)) == ("refuse", "2024-03-11")


@pytest.mark.clause("FJ-20.6a")
def test_all_that_stands_against_an_application_is_told() -> None:
    refused = decide("fujian", ExtensionRequest(9, parse("2024-03-20T10:00")), kind="咨询")
    said = "".join(explain(refused))
    assert all(clause in said for clause in ("FJ-20.6a", "FJ-20.6b", "FJ-20.6d"))


@pytest.mark.clause("ZJ-17.3")
@pytest.mark.parametrize(("days", "decision"), [(5, "grant"), (3, "refuse"), (6, "refuse"), (None, "grant")])
def test_in_zhijiang_the_extension_is_exactly_the_original_limit(days: int | None, decision: str) -> None:
    request = ExtensionRequest(days, parse("2024-03-14T10:00"), consents=ZHIJIANG)
    assert decide("zhijiang", request, kind="投诉").decision == decision


@pytest.mark.clause("ZJ-17.3")
def test_in_zhijiang_a_second_application_is_refused_and_the_first_extension_stands() -> None:
    request = ExtensionRequest(5, parse("2024-03-20T10:00"), prior_extensions=1, consents=ZHIJIANG)
    assert outcome(decide("zhijiang", request, kind="投诉")) == ("refuse", "2024-03-25")


@pytest.mark.clause("ZJ-17.3")
def test_a_statutory_limit_in_natural_days_is_extended_by_as_many() -> None:
    request = ExtensionRequest(10, parse("2024-03-20T10:00"), consents=ZHIJIANG)
    law = StatutoryLimit(10, "natural_day")
    assert outcome(decide("zhijiang", request, kind="投诉", statutory_limit=law)) == ("grant", "2024-04-01")


@pytest.mark.clause("BZ-22.2e")
def test_more_than_ten_days_need_an_override_in_binzhou_and_the_date_stays_until_then() -> None:
    request = ExtensionRequest(11, parse("2024-03-12T10:00"), consents=BINZHOU)
    answer = decide("binzhou", request, "unit_received", kind="投诉", complexity="especially_complex")
    assert outcome(answer) == ("override_required", "2024-03-18")


@pytest.mark.clause("BZ-22.2c")
def test_without_consent_no_override_is_offered() -> None:
    request = ExtensionRequest(11, parse("2024-03-12T10:00"))
    answer = decide("binzhou", request, "unit_received", kind="投诉", complexity="especially_complex")
    assert answer.decision == "refuse"


@pytest.mark.clause("HB-6.2.1.4b")
def test_in_hebi_only_joint_handling_can_be_extended() -> None:
    request = ExtensionRequest(5, parse("2024-03-12T10:00"), consents=frozenset({"city_government_approved"}))
    complexity = "especially_complex"
    joint = {"kind": "投诉", "channel": "12345_hotline", "joint": True, "complexity": complexity}
    assert decide("hebi", request, "lead_designated", **joint).decision == "grant"
    for channel in ("online_platform", "12345_hotline", "service_hall"):
        facts = {"kind": "投诉", "channel": channel, "form": "oral", "complexity": complexity}
        assert decide("hebi", request, "unit_received", **facts).decision == "refuse"


def test_latest_moment_to_apply() -> None:
    assert apply_by("fujian", "signed", kind="咨询") == "2024-03-13T11:45"
    assert apply_by("zhijiang", "signed", kind="咨询") == "2024-03-18T23:59"
    assert apply_by("binzhou", "unit_received", complexity="especially_complex") == "2024-03-15T23:59"
    assert apply_by("binzhou", "unit_received", complexity="general") is None
    assert apply_by("hebi", "unit_received", kind="投诉", channel="online_platform") is None


def test_nothing_applied_for_moves_nothing() -> None:
    assert outcome(decide("fujian", None, kind="咨询")) == (None, "2024-03-13")


def test_an_order_without_a_handling_limit_has_nothing_to_extend() -> None:
    request = ExtensionRequest(1, parse("2024-03-12T10:00"), consents=FUJIAN)
    assert decide("fujian", request).decision == "refuse"
    assert apply_by("fujian", "signed") is None
