"""The one registry of what an operator can do: footer, leader menu, command bar and help are drawn from it."""

from __future__ import annotations

from typing import Literal

import msgspec

from agent_console.texts import say

When = Literal["always", "idle", "call"]
Place = Literal["seat", "order", "monitor"]
Need = Literal["", "calls", "orders", "callbacks", "supervision", "lists", "leads"]
"""What somebody has to be able to do for an action: take calls, see orders, the lists of their book, lead the line."""

_TEXTS: dict[Place, str] = {"seat": "action", "order": "step", "monitor": "watching"}


class Action(msgspec.Struct, frozen=True):
    """One thing to do: its id, when it can be done, and whether the footer shows it.

    Its name, its help and its words for the command bar stand in the texts under `action.<id>`, `action.<id>.help`;
    those of the order's screen under `step.<id>`, of the monitor under `watching.<id>`. pressed: when its function key
    is its own, where it can be done more often than that; a key may mean one thing while a call is in hand and another
    while none is.
    """

    id: str
    when: When = "call"
    footer: bool = False
    place: Place = "seat"
    pressed: When | None = None
    needs: Need = ""

    @property
    def key_when(self) -> When:
        """When its function key is its own."""
        return self.pressed or self.when

    @property
    def name(self) -> str:
        """Short name, two to four characters."""
        return say(f"{_TEXTS[self.place]}.{self.id}")

    @property
    def help(self) -> str:
        """One sentence of help."""
        return say(f"{_TEXTS[self.place]}.{self.id}.help")


ACTIONS: tuple[Action, ...] = (
    Action("take", "idle", footer=True, needs="calls"),
    Action("answer", footer=True, needs="calls"),
    Action("order", footer=True, needs="calls"),
    Action("refuse", footer=True, needs="calls"),
    Action("transfer", footer=True, needs="calls"),
    Action("follow_up", footer=True, needs="calls"),
    Action("interrupted", footer=True, needs="calls"),
    Action("finish", "always", footer=True, needs="calls"),
    Action("next_matter", footer=True, needs="calls"),
    Action("park", needs="calls"),
    Action("resume", "always", needs="calls"),
    Action("invalid", needs="calls"),
    Action("caller", needs="calls"),
    Action("search", "always"),
    Action("feedback", "always"),
    Action("read", "always"),
    Action("copy"),
    Action("knowledge", "always"),
    Action("to_note", needs="calls"),
    Action("script", needs="calls"),
    Action("conduct", needs="calls"),
    Action("hot", needs="calls"),
    Action("dispatch", "always", needs="calls"),
    Action("today", "always", needs="orders"),
    Action("state", "always", needs="calls"),
    Action("why", "always", needs="orders"),
    Action("my_orders", "always", footer=True, pressed="idle", needs="orders"),
    Action("rules", "always", footer=True, pressed="idle"),
    Action("ledger", "always", footer=True, pressed="idle", needs="supervision"),
    Action("open_order", "always", footer=True, pressed="idle", needs="orders"),
    Action("callbacks", "always", footer=True, pressed="idle", needs="callbacks"),
    Action("watch", "always", pressed="idle", needs="lists"),
    Action("monitor", "always", pressed="idle", needs="leads"),
    Action("pace", "always", needs="calls"),
    Action("tray", "always"),
    Action("hand_over", "idle", needs="calls"),
    Action("sign_out", "always"),
    Action("help", "always", footer=True),
    Action("palette", "always"),
)
"""All actions of the seat, in the order in which help lists them."""

BY_ID: dict[str, Action] = {action.id: action for action in ACTIONS}

_VIEWS = (
    Action("undo", "always", footer=True, place="order"),
    Action("why", "always", footer=True, place="order"),
    Action("unmask", "always", footer=True, place="order"),
    Action("back", "always", footer=True, place="order"),
    Action("record", "always", footer=True, place="order"),
    Action("flag", "always", place="order"),
)
_STEPS = (
    "dispatch", "sign", "return", "decide_return", "extend", "decide_extension", "complete", "reassign", "rate", "redo",
    "archive", "reopen", "add", "amend", "withdraw", "void", "merge", "pass_on", "hand_back",
)  # fmt: skip

ORDER_ACTIONS: tuple[Action, ...] = (
    *(Action(step, "always", place="order") for step in _STEPS),
    *_VIEWS,
    Action("take", "always", place="order", needs="calls"),
    Action("help", "always", place="order"),
    Action("palette", "always", place="order"),
)
"""All actions of the order's screen; which of the steps can be taken, the rule book says there."""

ORDER_BY_ID: dict[str, Action] = {action.id: action for action in ORDER_ACTIONS}


MONITOR_ACTIONS: tuple[Action, ...] = (
    Action("decide", "always", footer=True, place="monitor"),
    Action("urge", "always", footer=True, place="monitor"),
    Action("supervise", "always", footer=True, place="monitor"),
    Action("reassign", "always", footer=True, place="monitor"),
    Action("find", "always", place="monitor"),
    Action("choose", "always", footer=True, place="monitor"),
    Action("take_alarm", "always", footer=True, place="monitor"),
    Action("pin", "always", footer=True, place="monitor"),
    Action("unpin", "always", place="monitor"),
    Action("callers", "always", place="monitor"),
    Action("unmask", "always", place="monitor"),
    Action("figures", "always", footer=True, place="monitor"),
    Action("message", "always", place="monitor"),
    Action("refresh", "always", place="monitor"),
    Action("back", "always", footer=True, place="monitor"),
    Action("help", "always", place="monitor"),
    Action("palette", "always", place="monitor"),
)
"""All actions of the monitor."""

MONITOR_BY_ID: dict[str, Action] = {action.id: action for action in MONITOR_ACTIONS}


ARTICLE_KEYS = ("next", "previous", "first", "note", "note_all", "reply", "pin", "complain", "back")
"""What can be done with an entry that is read in full; nothing is written there, so letters need no leader."""


def possible(action: Action, *, in_call: bool) -> bool:
    """Whether the action can be done now."""
    return action.when == "always" or (action.when == "call") == in_call
