"""An entry in portions to read aloud, and how long that takes."""

from __future__ import annotations

import re

PER_MINUTE = 240
"""Characters read aloud calmly in a minute (推定)."""
_LONGEST = 90
_SENTENCE = re.compile(r"[^。！？；!?;\n]+[。！？；!?;]*|\n")
_SIGN = re.compile(r"\W")


def portions(body: str) -> tuple[str, ...]:
    """The text in whole sentences, as many together as are said in one breath or two; a paragraph begins anew."""
    found: list[str] = [""]
    for match in _SENTENCE.finditer(body.strip()):
        sentence = match[0].strip()
        if not sentence or (found[-1] and len(found[-1]) + len(sentence) > _LONGEST):
            found.append("")
        found[-1] += sentence
    return tuple(portion for portion in found if portion)


def seconds(text: str) -> int:
    """How long it takes to read a text aloud."""
    return -(-len(_SIGN.sub("", text)) * 60 // PER_MINUTE)
