"""Working on orders at the console: opening them, taking a step on its key, filling its form."""

from __future__ import annotations

from typing import Any, TypeAlias

from textual.widgets import OptionList

from screens.dialogs.ask import AskDialog
from screens.dialogs.choice import ChoiceDialog
from screens.dialogs.step_form import StepForm
from screens.list_screen import ListScreen, Row
from screens.order_screen import OrderScreen
from screens.widgets.fields import ChoiceField, TextField
from screens.widgets.steps import StepList

from .seating import Operator

AnyList: TypeAlias = ListScreen[Any]


async def opened_list(operator: Operator, key: str) -> AnyList:
    """Open one of the lists by its function key and wait for its lines."""
    await operator.press(key)
    await operator.until(lambda: isinstance(operator.app.screen, ListScreen))
    screen = operator.app.screen
    assert isinstance(screen, ListScreen)
    await operator.until(lambda: screen.query_one("#list-rows", OptionList).option_count)
    await operator.settle()
    return screen


async def order_screen(operator: Operator) -> OrderScreen:
    """The order's screen, once it shows the order."""
    screen = await operator.screen(OrderScreen)
    await operator.until(lambda: screen.query_one(StepList).offers)
    await operator.settle()
    return screen


async def opened_order(operator: Operator) -> OrderScreen:
    """Open the first of my orders."""
    screen = await opened_list(operator, "f4")
    await operator.until(lambda: screen.shown)
    await operator.press("enter")
    return await order_screen(operator)


async def opened_by_number(operator: Operator, number: str) -> OrderScreen:
    """Open an order from the seat by its number."""
    await operator.press("f7")
    await operator.screen(AskDialog)
    await operator.key_in(number)
    await operator.press("enter")
    return await order_screen(operator)


async def filled(operator: Operator, fields: dict[str, str]) -> StepForm:
    """Fill the open form of a step by keys: texts are typed, one of several values is picked by its digit."""
    form = await operator.screen(StepForm)
    for name, value in fields.items():
        field = form.query_one(f"#asked-{name}")
        field.focus()
        await operator.settle()
        if isinstance(field, ChoiceField):
            places = [choice.value for choice in field._choices]
            await operator.press(str(places.index(value) + 1))
        else:
            assert isinstance(field, TextField)
            field.value = ""
            await operator.key_in(value)
    return form


async def took(operator: Operator, screen: OrderScreen, key: str, fields: dict[str, str] | None = None) -> None:
    """Take a step on its key, its form filled, until the order's screen says so."""
    await operator.press(key)
    if fields is not None:
        await filled(operator, fields)
        await operator.press("f4")
    await operator.until(lambda: "已办：" in operator.told and operator.app.screen is screen)


async def confirmed(operator: Operator) -> None:
    """Say yes to the question whether it is meant."""
    await operator.screen(ChoiceDialog)
    await operator.press("1")


def line_of(row: Row, width: int = 116) -> str:
    """A line as it is written at that width."""
    return row.line(width)
