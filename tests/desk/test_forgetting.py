"""Of what may not be written down only class, clause and time stay."""

from __future__ import annotations

from pathlib import Path

from agent_console.desk.calls import intake
from agent_console.desk.opening import OpenDesk
from agent_console.domain.intake.outcomes import Answered, Outcome, Refused
from agent_console.store.drafts import Draft
from tests.conftest import Office
from tests.support.rule_of import facts

SECRET = "某某单位的绝密文件内容是这样的"
TELLING = intake.Telling(SECRET, SECRET, ("secret", "accept"), "secret", searched=("绝密文件",))


def written_ahead(seat: OpenDesk) -> int:
    """Bytes in the write-ahead log, where an older draft may still stand."""
    return Path(f"{seat.store.path}-wal").stat().st_size


def concluded(seat: OpenDesk, outcome: Outcome) -> str:
    """Id of a call whose note was a draft before it got its outcome."""
    decision, call = intake.take_call(seat.desk, "13800138000")
    facts(decision)
    intake.save_draft(seat.desk, Draft(f"call:{call}", {"note": SECRET}))
    facts(intake.conclude(seat.desk, call, seat.desk.call(call).matters[0].id, outcome, TELLING))
    return call


def test_note_words_and_draft_of_a_secret_go_with_the_outcome_and_class_clause_and_time_stay(office: Office) -> None:
    seat = office()
    refused = Refused("FJ-13.1", "secret", explained=True, guided=True, reason=SECRET)
    call = concluded(seat, refused)
    matter = seat.desk.call(call).matters[0]
    assert isinstance(matter.outcome, Refused)
    assert (matter.outcome.clause, matter.outcome.screening_class) == ("FJ-13.1", "secret")
    assert (matter.note, matter.words, matter.outcome.reason) == ("", "", "")
    assert matter.concluded_at == seat.desk.clock.now()
    assert intake.load_draft(seat.desk, call) is None
    assert written_ahead(seat) == 0


def test_of_an_ordinary_matter_the_note_stays(office: Office) -> None:
    seat = office()
    call = concluded(seat, Answered())
    assert seat.desk.call(call).matters[0].note == SECRET
    assert written_ahead(seat) > 0
