"""Every command a desk can decide, by the name under which it travels to a server. Names never change once used.

The server decides a command again with the same `decide` on its own state. A fact that the desk notes without asking a
rule travels as the command `NOTE`, its body a `Noted`; events that stood in the file before they could be told as
commands, or that came from an exchange file, as `HISTORY`, its body a `History`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import msgspec

from agent_console.domain.confidentiality import exports, secrecy_facts
from agent_console.domain.context import Context
from agent_console.domain.decisions import Decision
from agent_console.domain.errors import UnknownName
from agent_console.domain.events import Envelope
from agent_console.domain.intake import call_marks, calls, matters, seats
from agent_console.domain.oversight import (
    alarms,
    hot_events,
    line_data,
    line_records,
    refused_entries,
    report_filling,
)
from agent_console.domain.people import IdentityUnmasked, OrderSeen
from agent_console.domain.units import attendance, directory, directory_steps, routing_steps
from agent_console.domain.upkeep import answer_tasks, article_imports, article_steps, articles, searches
from agent_console.domain.work_order import (
    attachments,
    callback_queue,
    exchange,
    order_corrections,
    order_endings,
    order_life,
    order_life_facts,
    order_records,
    order_secrecy,
    order_steps,
    orders,
)
from agent_console.store import outbox

NOTE = "note"
HISTORY = outbox.HISTORY

ContextOf = Literal["present", "order"]
"""Which version of the rule book speaks: the present one, or the one the order of the stream was raised under."""

Evolve = Callable[[Any, msgspec.Struct | None], Any]
Decide = Callable[[Any, Any, Context], Decision]


class Handling(msgspec.Struct, frozen=True):
    """How a command is decided. prefix: how the names of its streams begin; empty: state of a stream without events."""

    name: str
    struct: type[msgspec.Struct]
    prefix: str
    empty: msgspec.Struct
    evolve: Evolve
    decide: Decide
    context: ContextOf = "present"


class Noted(msgspec.Struct, frozen=True):
    """Body of `NOTE`. type: name of the fact; fact: its JSON, open and personal fields together."""

    type: str
    fact: msgspec.Raw


class Past(msgspec.Struct, frozen=True):
    """One event of `History`: its envelope as it stands in the seat's file, and the fact as JSON."""

    envelope: Envelope
    fact: msgspec.Raw


class History(msgspec.Struct, frozen=True):
    """Body of `HISTORY`: events of one stream in order of version. Events that are known by their id count once."""

    events: tuple[Past, ...]


_CALLS: dict[str, type[msgspec.Struct]] = {
    "call.take": calls.TakeCall,
    "call.describe_caller": calls.DescribeCaller,
    "call.open_matter": calls.OpenMatter,
    "call.drop_matter": calls.DropMatter,
    "call.conclude": matters.Conclude,
    "call.park": calls.ParkCall,
    "call.resume": calls.ResumeCall,
    "call.hang_up": calls.HangUp,
    "call.close": calls.CloseCall,
    "call.mark_invalid": calls.MarkInvalid,
}
_ORDERS: dict[str, type[msgspec.Struct]] = {
    "order.dispatch": order_steps.DispatchOrder,
    "order.sign": order_steps.SignOrder,
    "order.return": order_steps.ReturnOrder,
    "order.decide_return": order_steps.DecideReturn,
    "order.extend": order_steps.ExtendOrder,
    "order.decide_extension": order_steps.DecideExtension,
    "order.complete": order_steps.CompleteOrder,
    "order.record": order_records.WriteRecord,
    "order.flag": order_records.SetFlag,
    "order.amend": order_corrections.AmendOrder,
    "order.supplement": order_corrections.AddToOrder,
    "order.reassign": order_corrections.ReassignOrder,
    "order.join_caller": order_corrections.JoinCaller,
    "order.rate": order_endings.RateOrder,
    "order.redo": order_endings.RedoOrder,
    "order.archive": order_endings.ArchiveOrder,
    "order.reopen": order_endings.ReopenOrder,
    "order.withdraw": order_endings.WithdrawOrder,
    "order.void": order_endings.VoidOrder,
    "order.undo": order_endings.UndoOrder,
    "order.merge": order_endings.MergeOrder,
    "order.classify": order_secrecy.ClassifyOrder,
    "order.declassify": order_secrecy.DeclassifyOrder,
    "order.hand_back": routing_steps.HandBackOrder,
    "order.pass_on": routing_steps.PassOnOrder,
    "order.attach": attachments.AttachFile,
    "order.withdraw_attachment": attachments.WithdrawAttachment,
}
_DIRECTORY: dict[str, type[msgspec.Struct]] = {
    "directory.list_unit": directory_steps.ListUnit,
    "directory.close_unit": directory_steps.CloseUnit,
    "directory.set_rights": directory_steps.SetRights,
    "directory.list_line": directory_steps.ListLine,
    "directory.list_item": directory_steps.ListItem,
    "directory.list_link": directory_steps.ListLink,
    "directory.list_many": directory_steps.ListMany,
}
_ARTICLES: dict[str, type[msgspec.Struct]] = {
    "article.submit": article_steps.SubmitArticle,
    "article.change": article_steps.ChangeArticle,
    "article.review": article_steps.ReviewArticle,
    "article.release": article_steps.ReleaseArticle,
    "article.withdraw": article_steps.WithdrawArticle,
    "article.remind": article_steps.RemindOwner,
    "article.give_feedback": article_steps.GiveFeedback,
    "article.decline_alias": article_steps.DeclineAlias,
}
_HOT: dict[str, type[msgspec.Struct]] = {
    "hot.pin": hot_events.PinEvent,
    "hot.change": hot_events.ChangeEvent,
    "hot.answer": hot_events.AnswerFromEvent,
    "hot.unpin": hot_events.UnpinEvent,
}
_ALARMS: dict[str, type[msgspec.Struct]] = {"alarm.take": alarms.TakeAlarm, "alarm.release": alarms.ReleaseAlarm}


def _all_of(
    named: dict[str, type[msgspec.Struct]],
    prefix: str,
    empty: msgspec.Struct,
    evolve: Evolve,
    decide: Decide,
    context: ContextOf = "present",
) -> tuple[Handling, ...]:
    return tuple(Handling(name, struct, prefix, empty, evolve, decide, context) for name, struct in named.items())


_EVERY = (
    *_all_of(_CALLS, "call:", calls.Call(), calls.evolve, calls.decide),
    Handling("call.mark", call_marks.MarkCall, "call:", calls.Call(), calls.evolve, call_marks.decide),
    Handling("order.raise", order_steps.RaiseOrder, "order:", orders.Order(), orders.evolve, order_steps.decide),
    *_all_of(_ORDERS, "order:", orders.Order(), orders.evolve, order_life.decide, "order"),
    Handling("seat.sign_in", seats.SignIn, "seat:", seats.Seat(), seats.evolve, seats.decide),
    Handling("seat.change", seats.ChangeActivity, "seat:", seats.Seat(), seats.evolve, seats.decide),
    Handling("seat.hand_over", seats.HandOver, "seat:", seats.Seat(), seats.evolve, seats.decide),
    Handling("seat.take_over", seats.TakeOver, "seat:", seats.Seat(), seats.evolve, seats.decide),
    *_all_of(_DIRECTORY, "directory:", directory.Directory(), directory.evolve, directory_steps.decide),
    Handling("export.ask", exports.AskExport, "export:", exports.Export(), exports.evolve, exports.decide),
    Handling("export.write", exports.WriteExport, "export:", exports.Export(), exports.evolve, exports.decide),
    *_all_of(_ARTICLES, "article:", articles.ArticleLife(), articles.evolve, article_steps.decide),
    Handling(
        "knowledge.import", article_imports.ImportFile, article_imports.STREAM, article_imports.Imports(),
        article_imports.evolve, article_imports.decide,
    ),
    Handling(
        "answer_task.set", answer_tasks.SetTask, "answer_task:", answer_tasks.AnswerTask(), answer_tasks.evolve,
        answer_tasks.decide_set,
    ),
    Handling(
        "answer_task.answer", answer_tasks.AnswerTopic, "answer_task:", answer_tasks.AnswerTask(),
        answer_tasks.evolve, answer_tasks.decide_answer,
    ),
    Handling(
        "line.write", line_records.WriteAtLine, "entry:", line_records.LineEntry(), line_records.evolve_entry,
        line_records.decide_entry,
    ),
    Handling(
        "line_data.import", line_data.ImportLineData, "line_data:", line_data.Imports(), line_data.evolve_imports,
        line_data.decide_import,
    ),
    Handling(
        "report.fill", report_filling.FillItem, "report:", report_filling.Added(), report_filling.evolve_added,
        report_filling.decide_filling,
    ),
    Handling(
        "report.submit", report_filling.SubmitReport, "report:", report_filling.Added(), report_filling.evolve_added,
        report_filling.decide_submission,
    ),
    Handling(
        "attendance.log_in", attendance.LogIn, "attendance:", attendance.AttendanceDay(), attendance.evolve_attendance,
        attendance.decide_login,
    ),
    Handling(
        "callback.set_share", callback_queue.SetShare, "line:callback", callback_queue.Share(),
        callback_queue.evolve_share, callback_queue.decide_share,
    ),
    *_all_of(_HOT, "hot:", hot_events.HotEvent(), hot_events.evolve, hot_events.decide),
    *_all_of(_ALARMS, "alarm:", alarms.Care(), alarms.evolve, alarms.decide),
)  # fmt: skip

COMMANDS: dict[str, Handling] = {handled.name: handled for handled in _EVERY}
"""Every command by its name."""

NOTES: dict[str, tuple[type[msgspec.Struct], ...]] = {
    "order:": (order_life_facts.Recalculated, IdentityUnmasked, secrecy_facts.OrderErased),
    "call:": (
        IdentityUnmasked, calls.CallErased, secrecy_facts.CallClassified, secrecy_facts.CallDeclassified,
    ),
    "export:": (secrecy_facts.ExportErased,),
    "seen:": (OrderSeen,),
    "searches:": (searches.SearchAnswered, searches.SearchUnanswered, searches.SearchesErased),
    "retention:": (secrecy_facts.RetentionCarriedOut,),
    "exchange:": (exchange.OrdersImported,),
    "tray:": (refused_entries.EntryClosed,),
    "line:precedents": (order_life_facts.PrecedentSet,),
    "line:knowledge": (articles.KnowledgeExported,),
}  # fmt: skip
"""Facts that may be noted without a decision, by how the names of their streams begin."""

_BY_STRUCT = {handled.struct: handled for handled in _EVERY}


def handling(name: str) -> Handling:
    """How the command of that name is decided. Raises UnknownName for one this program does not know."""
    if name not in COMMANDS:
        raise UnknownName("error.command", "advice.command", name=name)
    return COMMANDS[name]


def name_of(command: msgspec.Struct) -> str:
    """The name under which a command travels."""
    return _BY_STRUCT[type(command)].name


def may_be_noted(stream: str, fact: msgspec.Struct) -> bool:
    """Whether a fact may stand in a stream without a decision."""
    return any(stream.startswith(prefix) and isinstance(fact, kinds) for prefix, kinds in NOTES.items())
