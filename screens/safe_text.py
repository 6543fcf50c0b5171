"""What is shown is only text: control characters in a caller's words or a file must not steer the terminal."""

from __future__ import annotations

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

_STEERING = dict.fromkeys((*range(0x20), *range(0x7F, 0xA0)))


class OnlyText(LineFilter):
    """Leaves control characters out of what is drawn, which Textual passes on; they are no column wide."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - the filter's form
        """The same segments, unless one of them could steer."""
        if all(control or text.isprintable() for text, _, control in segments):
            return segments
        return [
            Segment(text if control else text.translate(_STEERING), style, control) for text, style, control in segments
        ]
