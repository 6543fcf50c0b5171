"""Fuzhou: its own sentences, and what it takes over from Fujian."""

from __future__ import annotations

import pytest

from agent_console.desk.calls import intake
from agent_console.domain.intake.outcomes import Answered
from agent_console.domain.people import Actor

from ..cli.conftest import Ask
from ..support.rule_of import CENTRE, CLERK, LEAD, OPERATOR, blocked, facts
from ..support.stories import form
from .conftest import NewCase, NewLine, missing

MONDAY = "2026-03-02T10:00+08:00"
CHEN = "2017-11-18T15:21+08:00"
FZ = "--jurisdiction=FZ"
DOCUMENT = {"document_number": "榕效〔2026〕3号", "issued_on": "2026-03-05"}
EFFICIENCY = Actor("效能办", "efficiency_office")


@pytest.mark.clause("FZ-4.2")
def test_four_kinds_and_reports_of_wrongdoing_under_complaints(case: NewCase) -> None:
    for kind in ("咨询", "投诉", "建议", "求助", "举报"):
        assert case("fuzhou").raised(kind=kind).order.details.kind == kind
    book = case("fuzhou").desk().rule_book
    assert [kind.id for kind in book.kinds if not kind.under] == ["咨询", "投诉", "建议", "求助"]
    assert [(kind.id, kind.under) for kind in book.kinds if kind.under] == [("举报", "投诉")]
    for kind in ("表扬", "其他"):
        raising = intake.raise_order(case("fuzhou").desk(), "", "", form("fuzhou", kind=kind), intake.Telling())
        assert blocked(raising.decision) == (("FZ-4.2",), "order.unknown_kind")


@pytest.mark.clause("FZ-4.3")
def test_ten_channels_six_of_them_named(line: NewLine) -> None:
    seat = line("fuzhou")
    named = {"phone": "电话", "website": "网站", "mail": "邮件", "wechat": "微信", "weibo": "微博", "qq": "QQ"}
    free = ["free_1", "free_2", "free_3", "free_4"]
    for channel in (*named, *free):
        assert seat.call(seat.take(channel=channel)).channel == channel
    decision, _ = intake.take_call(seat.desk, "13800138000", channel="web")
    assert missing(decision) == (("channel",), "FZ-4.3")
    offered = {channel.id: channel.name for channel in seat.desk.rule_book.channels}
    assert len(offered) == 10
    assert {channel: offered[channel] for channel in named} == named


@pytest.mark.clause("FZ-4.4")
@pytest.mark.parametrize("hour", ["2026-02-17T00:00+08:00", "2026-03-01T03:30+08:00", "2026-10-01T23:59:59+08:00"])
def test_a_call_is_taken_on_every_day_at_every_hour(line: NewLine, hour: str) -> None:
    seat = line("fuzhou")
    seat.clock.set(hour)
    call_id = seat.take()
    facts(seat.conclude(call_id, Answered("kb-1", 1)))
    facts(intake.close(seat.desk, call_id))
    assert seat.call(call_id).status == "closed"


@pytest.mark.clause("FZ-5.3")
@pytest.mark.parametrize(("kind", "listed"), [("求助", False), ("投诉", True)])
def test_the_sample_case_has_three_working_days(case: NewCase, kind: str, listed: bool) -> None:
    order = case("fuzhou").signed(CHEN, kind=kind, listed=listed)
    assert order.due() == "2017-11-22T23:59:59+08:00"


@pytest.mark.clause("FZ-6.1")
def test_an_answer_late_in_the_evening_of_the_last_day_is_in_time(
    case: NewCase, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = case("fuzhou").signed(CHEN, kind="求助")
    talked = {"contacted_at": "2017-11-20T09:00", "contact_note": "已了解情况"}
    facts(order.record("contact", CLERK, "2017-11-20T09:00+08:00", **talked))
    for now, late in (("2017-11-22T23:42:00+08:00", False), ("2017-11-23T00:00:00+08:00", True)):
        monkeypatch.setenv("AGENT_CONSOLE_NOW", now)
        assert ("已超期" in ask("order", "list", FZ).out) is late
    facts(order.complete("2017-11-22T23:42:00+08:00"))
    assert order.log()[-1] == ("order.completed", "2017-11-22T23:42:00+08:00")


@pytest.mark.clause("FZ-6.1b")
def test_the_result_says_what_was_done_on_site(case: NewCase, ask: Ask) -> None:
    order = case("fuzhou").signed()
    done = "已走访调查并劝导，喇叭换了方向"
    assert missing(order.complete(result=" "))[0] == ("result",)
    facts(order.complete(result=done))
    assert order.order.result["result"] == done
    assert done in ask("order", "show", order.order.number, FZ).out


@pytest.mark.clause("FZ-6.2")
def test_the_caller_rates_days_later_with_a_comment(case: NewCase, ask: Ask) -> None:
    order = case("fuzhou").signed(CHEN, kind="求助")
    assert blocked(order.rate("satisfied")) == (("FZ-6.2",), "order.step_not_now.signed")
    facts(order.complete("2017-11-22T23:42+08:00"))
    assert blocked(order.rate("splendid")) == (("FZ-6.2",), "record.not_allowed")
    facts(order.rate("satisfied", "声音小了很多，谢谢", OPERATOR, "2017-11-24T12:17+08:00"))
    assert order.order.rating == "satisfied"
    assert order.log()[-1] == ("order.rated", "2017-11-24T12:17:00+08:00")
    [*_, rated] = ask("order", "show", order.order.number, FZ, "--json").json["history"]
    assert rated["fields"]["comment"] == "声音小了很多，谢谢"


@pytest.mark.parametrize(
    ("kind", "listed", "due", "clause"),
    [
        pytest.param("咨询", False, "2026-03-04", "FZ-7.3", marks=pytest.mark.clause("FZ-7.3")),
        pytest.param("投诉", False, "2026-03-16", "FZ-7.4", marks=pytest.mark.clause("FZ-7.4")),
        pytest.param("举报", False, "2026-03-16", "FZ-7.4", marks=pytest.mark.clause("FZ-7.4")),
        pytest.param("投诉", True, "2026-03-05", "FZ-7.5", marks=pytest.mark.clause("FZ-7.5")),
        pytest.param("举报", True, "2026-03-05", "FZ-7.5", marks=pytest.mark.clause("FZ-7.5")),
        pytest.param("投诉", True, "2026-03-05", "FZ-7.5", marks=pytest.mark.clause("FZ-8.3")),
        pytest.param("建议", True, "2026-03-09", "FZ-7.6", marks=pytest.mark.clause("FZ-8.3")),
        pytest.param("咨询", True, "2026-03-04", "FZ-7.3", marks=pytest.mark.clause("FZ-8.3")),
        pytest.param("建议", False, "2026-03-09", "FZ-7.6", marks=pytest.mark.clause("FZ-7.6")),
        pytest.param("求助", False, "2026-03-05", "FZ-7.7", marks=pytest.mark.clause("FZ-7.7")),
    ],
)
def test_each_kind_has_its_working_days_from_signing(
    case: NewCase, kind: str, listed: bool, due: str, clause: str
) -> None:
    order = case("fuzhou").dispatched("2026-02-27T10:00+08:00", kind=kind, listed=listed)
    facts(order.sign(MONDAY))
    assert (order.due(), order.clause()) == (f"{due}T23:59:59+08:00", clause)


@pytest.mark.clause("FZ-8.4")
@pytest.mark.parametrize("kind", ["咨询", "投诉", "举报", "建议", "求助"])
@pytest.mark.parametrize("fact", [{"urgency": "urgent"}, {"simple": True}])
def test_urgent_or_simple_is_answered_the_same_calendar_day(case: NewCase, kind: str, fact: dict[str, object]) -> None:
    order = case("fuzhou").signed("2026-10-03T22:15+08:00", kind=kind, listed=True, **fact)
    assert (order.due(), order.clause()) == ("2026-10-03T23:59:59+08:00", "FZ-8.4")


@pytest.mark.clause("FJ-32.2")
def test_fuzhou_takes_over_what_its_report_does_not_tell_and_says_so(case: NewCase, ask: Ask) -> None:
    order = case("fuzhou").dispatched(MONDAY, kind="求助")
    facts(order.sign())
    assert (order.clause("contact"), order.clause("handle")) == ("FJ-20.4b", "FZ-7.7")
    shown = {clock["limit"]: clock for clock in ask("order", "show", order.order.number, FZ, "--json").json["clocks"]}
    assert "继承自福建省办法" in "".join(shown["contact"]["why"])
    assert "继承自福建省办法" not in "".join(shown["handle"]["why"])
    assert missing(order.extend(1, without="leader")) == (("leader",), "FJ-20.6a")
    fujian = case("fujian").signed(MONDAY, kind="求助")
    assert fujian.clause() == "FJ-20.4a"


@pytest.mark.clause("FZ-10.1")
def test_a_reviewer_marks_buck_passing_perfunctory_work_and_answers_beside_the_point(case: NewCase) -> None:
    order = case("fuzhou").completed()
    for defect in ("推诿", "敷衍", "答非所问"):
        facts(order.record("mark", LEAD, defect=defect))
    assert [entry.fields["defect"] for entry in order.order.recorded("mark")] == ["推诿", "敷衍", "答非所问"]
    facts(order.record("mark", LEAD, defect="弄虚作假"))
    assert blocked(order.record("mark", LEAD, defect="太慢")) == (("FZ-10.1",), "record.not_allowed")
    assert missing(order.record("mark", LEAD)) == (("defect",), "FZ-10.1")
    for actor in (OPERATOR, CLERK):
        assert blocked(order.record("mark", actor, defect="敷衍")) == (("FZ-10.1",), "order.not_your_step")


@pytest.mark.clause("FZ-13.2")
@pytest.mark.parametrize("letter", ["rectification_notice", "efficiency_transfer"])
def test_dissatisfaction_leads_to_a_notice_and_a_transfer_each_dated_and_numbered(case: NewCase, letter: str) -> None:
    order = case("fuzhou").completed()
    assert blocked(order.record(letter, CENTRE, **DOCUMENT)) == (("FZ-13.2",), "record.not_this_order")
    facts(order.rate("satisfied"))
    assert blocked(order.record(letter, CENTRE, **DOCUMENT)) == (("FZ-13.2",), "record.not_this_order")
    facts(order.rate("dissatisfied"))
    for field in DOCUMENT:
        rest = {name: value for name, value in DOCUMENT.items() if name != field}
        assert missing(order.record(letter, CENTRE, **rest)) == ((field,), "FZ-13.2")
    dateless = {**DOCUMENT, "issued_on": "近日"}
    assert blocked(order.record(letter, CENTRE, **dateless)) == (("FZ-13.2",), "record.not_allowed")
    for actor in (OPERATOR, CLERK):
        assert blocked(order.record(letter, actor, **DOCUMENT)) == (("FZ-13.2",), "order.not_your_step")
    facts(order.record(letter, LEAD, **DOCUMENT))
    facts(order.record(letter, CENTRE, **DOCUMENT))
    [first, _] = order.order.recorded(letter)
    assert (first.fields, first.about) == (DOCUMENT, "城市管理局")


@pytest.mark.clause("FZ-13.2")
def test_the_efficiency_office_sends_notices_itself_and_no_transfer_to_itself(case: NewCase) -> None:
    order = case("fuzhou").completed()
    facts(order.rate("dissatisfied"))
    facts(order.record("rectification_notice", EFFICIENCY, **DOCUMENT))
    assert blocked(order.record("efficiency_transfer", EFFICIENCY, **DOCUMENT))[1] == "order.not_your_step"


def test_what_fuzhou_adds_is_unknown_in_fujian(case: NewCase) -> None:
    order = case("fujian").completed()
    facts(order.rate("dissatisfied"))
    assert blocked(order.record("rectification_notice", CENTRE, **DOCUMENT))[1] == "record.unknown"
