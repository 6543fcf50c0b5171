"""What an editor may get wrong in a script without its graph being broken is found by `script --check`."""

from __future__ import annotations

import msgspec
import pytest

from agent_console.resources.rule_books import jurisdiction_codes
from knowledge.screening.model import ACCEPT, CLASSES
from knowledge.scripts.check import check, check_coverage
from knowledge.scripts.model import Option, Script, Step, scripts

CITIES = jurisdiction_codes()
LITIGATION = scripts()["litigation"]
FIRE = scripts()["fire_119"]


def faults(script: Script) -> set[str]:
    """The sorts of faults that are found."""
    return {fault.key.removeprefix("script.fault.") for fault in check(script, None, CLASSES, CITIES)}


def with_step(script: Script, index: int, **changed: object) -> Script:
    """The script with one step written otherwise."""
    steps = list(script.step)
    steps[index] = msgspec.structs.replace(steps[index], **changed)
    return msgspec.structs.replace(script, step=tuple(steps))


def handing_over(*options: Option, target: str = "") -> Script:
    """A script that asks how and then hands over."""
    steps = (
        Step(id="how", kind="choice", text="怎么转？", options=options, marks=("explained", "guided")),
        Step(id="end", kind="end", text="好", outcome="transferred"),
    )
    return Script("t", 1, "转接", ("police_110",), "how", steps, target=target)


def test_the_scripts_that_are_shipped_have_none_of_it() -> None:
    assert {script.id: faults(script) for script in scripts().values() if faults(script)} == {}
    assert check_coverage(scripts().values(), [name for name in CLASSES if name != ACCEPT]) == []


def test_two_answers_on_one_key_are_named_for_the_second_cannot_be_chosen() -> None:
    first = LITIGATION.step[0].options[0]
    doubled = with_step(LITIGATION, 0, options=(first, *LITIGATION.step[0].options))
    found = [fault for fault in check(doubled) if fault.key == "script.fault.option_twice"]
    assert [fault.fields["place"] for fault in found] == [f"{LITIGATION.step[0].id}:{first.key}"]


@pytest.mark.parametrize("field", ["wording", "leads"])
def test_words_for_a_city_that_does_not_exist_are_named(field: str) -> None:
    assert "city" in faults(msgspec.structs.replace(LITIGATION, **{field: {"binzho": {}}}))


@pytest.mark.parametrize(
    "script",
    [
        with_step(LITIGATION, 1, text=" "),
        with_step(LITIGATION, 0, options=(Option("1", "", LITIGATION.step[1].id), *LITIGATION.step[0].options[1:])),
        msgspec.structs.replace(LITIGATION, title=""),
        msgspec.structs.replace(LITIGATION, wording={"binzhou": {LITIGATION.step[1].id: ""}}),
    ],
)
def test_a_step_an_answer_or_a_title_without_words_is_named(script: Script) -> None:
    assert "empty" in faults(script)


def test_a_class_the_screening_does_not_know_is_named() -> None:
    assert "class" in faults(msgspec.structs.replace(LITIGATION, classes=("litigatoin",)))


@pytest.mark.parametrize(
    ("script", "is_wrong"),
    [
        (handing_over(Option("1", "转", "end", "transfer"), target="110"), False),
        (handing_over(Option("1", "转", "end", "transfer", "120")), False),
        (handing_over(Option("1", "转", "end", "transfer")), True),
        (handing_over(Option("1", "转", "end"), target="110"), True),
        (handing_over(Option("1", "转", "end", "transfer"), Option("2", "报", "end"), target="110"), True),
        (msgspec.structs.replace(FIRE, target=""), True),
    ],
)
def test_a_hand_over_that_does_not_say_how_or_to_whom_is_named(script: Script, is_wrong: bool) -> None:
    assert ("handed_over" in faults(script)) is is_wrong


def test_a_class_without_a_script_is_named() -> None:
    found = check_coverage([LITIGATION], ["litigation", "petition"])
    assert [(fault.key, fault.fields["place"]) for fault in found] == [("script.fault.no_script", "petition")]
