"""Words from outside are shown as words: they never steer the operator's terminal."""

from __future__ import annotations

from rich.segment import Segment
from textual.color import Color

from screens.safe_text import OnlyText

from .conftest import Sit

TITLE_CHANGING = "路灯\x1b]0;坏了\x07不亮"
BLACK = Color(0, 0, 0)


def test_a_line_of_words_is_left_as_it_is() -> None:
    line = [Segment("路灯不亮"), Segment("   ")]
    assert OnlyText().apply(line, BLACK) is line


def test_every_control_character_is_left_out() -> None:
    steering = "".join(map(chr, (*range(0x20), *range(0x7F, 0xA0))))
    [shown] = OnlyText().apply([Segment(f"路{steering}灯")], BLACK)
    assert shown.text == "路灯"


async def test_what_was_pasted_into_a_note_never_reaches_the_terminal_as_an_order_to_it(sit: Sit) -> None:
    async with sit() as operator:
        await operator.take()
        operator.note.insert(TITLE_CHANGING)
        await operator.settle()
        shown = operator.app.export_screenshot()
    assert "\x1b" not in shown
    assert "路灯]0;坏了不亮" in shown
