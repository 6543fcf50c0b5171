"""The commands a desk decides: each has a name for ever, and none is decided that has none."""

from __future__ import annotations

import ast
import importlib
import inspect
import types
import typing
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_console import desk as desk_package
from agent_console.desk import commands as module
from agent_console.desk.commands import COMMANDS, NOTES, handling, name_of
from agent_console.domain.errors import UnknownName
from agent_console.domain.upkeep import article_steps
from agent_console.domain.work_order import order_life, order_steps

_NAMES = [
    "call.take", "call.describe_caller", "call.open_matter", "call.drop_matter", "call.conclude", "call.park",
    "call.resume", "call.hang_up", "call.close", "call.mark_invalid", "call.mark",
    "order.raise", "order.dispatch", "order.sign", "order.return", "order.decide_return", "order.extend",
    "order.decide_extension", "order.complete", "order.record", "order.flag", "order.amend", "order.supplement",
    "order.reassign", "order.join_caller", "order.rate", "order.redo", "order.archive", "order.reopen",
    "order.withdraw", "order.void", "order.undo", "order.merge", "order.classify", "order.declassify",
    "order.hand_back", "order.pass_on", "order.attach", "order.withdraw_attachment",
    "seat.sign_in", "seat.change", "seat.hand_over", "seat.take_over",
    "directory.list_unit", "directory.close_unit", "directory.set_rights", "directory.list_line",
    "directory.list_item", "directory.list_link", "directory.list_many",
    "export.ask", "export.write",
    "article.submit", "article.change", "article.review", "article.release", "article.withdraw", "article.remind",
    "article.give_feedback", "article.decline_alias",
    "knowledge.import",
    "answer_task.set", "answer_task.answer",
    "line.write",
    "line_data.import",
    "report.fill", "report.submit",
    "attendance.log_in",
    "callback.set_share",
    "hot.pin", "hot.change", "hot.answer", "hot.unpin",
    "alarm.take", "alarm.release",
]  # fmt: skip
_TAKES = {"step": 3, "order_step": 1, "on_order": 1, "on_call": 1, "on_seat": 0}
"""Which argument of each method of the desk is what decides."""


def _modules() -> Iterator[tuple[str, ast.Module]]:
    root = Path(desk_package.__file__).parent
    for path in sorted(root.rglob("*.py")):
        if path.name != "desk.py":
            inside = path.relative_to(root).with_suffix("").parts
            yield ".".join(("agent_console.desk", *inside)), ast.parse(path.read_text(encoding="utf-8"))


def _calls(names: typing.Collection[str]) -> Iterator[tuple[str, ast.Call, str]]:
    for name, tree in _modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in names:
                yield name, node, node.func.attr


def _deciders() -> set[Callable[..., object]]:
    found = set()
    for name, call, method in _calls(_TAKES):
        space = vars(importlib.import_module(name))
        decide = ast.unparse(call.args[_TAKES[method]])
        if decide != "handled.decide":  # taken from the registry itself
            found.add(eval(decide, space))
    return found


def _structs(decide: Callable[..., object]) -> set[type[msgspec.Struct]]:
    """The commands a deciding function takes, told by its annotation or its table."""
    if decide is order_life.decide:
        tables = set(order_life._DECIDE) | set(typing.get_args(order_steps.Command))
        return tables - {order_steps.RaiseOrder}
    if decide is article_steps.decide:
        return set(article_steps._DECIDE)
    if decide is order_steps.decide:
        return {order_steps.RaiseOrder}
    taken = list(inspect.signature(decide).parameters.values())[1].annotation
    told = eval(taken, vars(importlib.import_module(decide.__module__)))
    return {kind for one in typing.get_args(told) or (told,) for kind in typing.get_args(one) or (one,)}


def _any_of(kind: type) -> st.SearchStrategy[typing.Any]:
    """Any value of a type; every field of a struct is drawn, those with a default too."""
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        hints = typing.get_type_hints(kind)
        return st.builds(kind, **{name: _any_of(hints[name]) for name in kind.__struct_fields__})
    if typing.get_origin(kind) in (typing.Union, types.UnionType):
        return st.one_of(*map(_any_of, typing.get_args(kind)))
    if typing.get_origin(kind) is tuple and typing.get_args(kind)[1:] == (...,):
        return st.lists(_any_of(typing.get_args(kind)[0]), max_size=3).map(tuple)
    return st.from_type(kind)


def test_the_names_are_those_they_always_were() -> None:
    assert list(COMMANDS) == _NAMES
    assert len({handled.struct for handled in COMMANDS.values()}) == len(_NAMES)


def test_every_command_a_desk_decides_has_a_name() -> None:
    decided = _deciders()
    assert len(decided) > 10
    named = {(handled.struct, handled.decide) for handled in COMMANDS.values()}
    for decide in decided:
        assert {(struct, decide) for struct in _structs(decide)} <= named, decide


def test_every_fact_a_desk_notes_is_one_that_may_be_noted() -> None:
    noted = {kind.__name__ for kinds in NOTES.values() for kind in kinds}
    written = {
        ast.unparse(call.args[1].func).rpartition(".")[2]
        for _, call, _ in _calls({"note"})
        if len(call.args) == 2 and isinstance(call.args[1], ast.Call) and isinstance(call.args[1].func, ast.Name)
    }
    made = {name for name in written if name[0].isupper()}
    assert len(made) > 4
    assert made <= noted


@pytest.mark.parametrize("name", _NAMES)
def test_a_command_comes_back_from_its_json_as_it_was(name: str) -> None:
    struct = COMMANDS[name].struct

    @given(_any_of(struct))
    def as_it_was(command: msgspec.Struct) -> None:
        assert msgspec.json.decode(msgspec.json.encode(command), type=struct) == command
        assert name_of(command) == name

    as_it_was()


def test_a_name_nobody_knows_is_said_to_be_unknown() -> None:
    with pytest.raises(UnknownName):
        handling("order.bless")
    assert module.NOTE not in COMMANDS
