"""Every visible string, in one place.

`say("key", field=…)` gives the sentence in the language of the console. The wording stands in the modules of
`agent_console.texts.zh`, one per part of the house; a key that does not exist is a programming error.
"""

from __future__ import annotations

from agent_console.domain.messages import Field, Message
from agent_console.texts.zh import TEXTS

__all__ = ["TEXTS", "say", "sentence"]


def say(key: str, **fields: Field) -> str:
    """Sentence `key` with its gaps filled."""
    return TEXTS[key].format_map(fields) if fields else TEXTS[key]


def sentence(message: Message) -> str:
    """Wording of a message that the domain named."""
    from agent_console.texts.wording import told

    return told(message)
