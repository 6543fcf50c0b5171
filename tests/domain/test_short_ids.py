"""An id is named by a part of it, and never another one is taken for it."""

from __future__ import annotations

import pytest

from agent_console.domain.errors import BadInput, UnknownName
from agent_console.domain.short_ids import whole_id

KNOWN = ("01a20384-1acb-7e60", "01a20384-a9f8-7aa8", "02b31111-0000-4000")


def named(text: str) -> str:
    return whole_id(text, KNOWN, lambda: UnknownName("error.call", "advice.call", name=text))


@pytest.mark.parametrize("text", ["02b31111-0000-4000", "02b311", "02B311", "11-0000-4000"])
def test_an_id_is_named_by_itself_or_six_characters_of_its_beginning_or_end(text: str) -> None:
    assert named(text) == "02b31111-0000-4000"


@pytest.mark.parametrize("text", ["", "02b31", "b31111", "02b312"])
def test_less_than_that_or_a_part_from_the_middle_names_nothing(text: str) -> None:
    with pytest.raises(UnknownName):
        named(text)


def test_where_several_fit_they_are_told_apart() -> None:
    with pytest.raises(BadInput) as caught:
        named("01a20384")
    assert caught.value.message.fields["known"] == "01a20384-1、01a20384-a"
    assert named("01a20384-1") == "01a20384-1acb-7e60"


def test_a_whole_id_is_never_ambiguous() -> None:
    assert whole_id("abcdef", ("abcdef", "abcdefgh"), lambda: UnknownName("error.call")) == "abcdef"
