"""The order form: opens filled, shows when it is due, saves from any field or says what is missing by which clause."""

from __future__ import annotations

from functools import partial

from agent_console.domain.intake.outcomes import Ordered
from screens.dialogs.why import WhyDialog
from screens.order_form import OrderForm
from screens.seat import SeatScreen
from screens.widgets.fields import ChoiceField, FormRow, TextField
from screens.widgets.note import NoteArea

from .conftest import Sit
from .seating import NARROW, PHONE, Operator

NOTE = "鼓楼区五四路路灯坏了，请帮忙修"


async def called(operator: Operator, note: str = NOTE) -> None:
    await operator.take()
    await operator.write(note)


def says(form: OrderForm, due: str) -> bool:
    return due in str(form.query_one("#form-due").render())


async def put(operator: Operator, form: OrderForm, name: str, keys: str) -> None:
    """Go to a field and type into it."""
    form.query_one(f"#field-{name}").focus()
    await operator.key_in(keys)


async def saved(operator: Operator) -> None:
    await operator.press("f4")
    await operator.until(lambda: operator.on_top(SeatScreen) and operator.orders)


async def test_it_opens_filled_from_note_and_number_with_the_cursor_where_something_is_owed(sit: Sit) -> None:
    async with sit() as operator:
        await called(operator)
        form = await operator.form()
        details = form.details()
        assert (details.kind, details.content, details.caller_number) == ("求助", NOTE, PHONE)
        assert (details.district, details.point) == ("鼓楼区", "五四路")
        assert form.query_one("#field-lead").has_focus


async def test_an_emergency_in_the_note_proposes_an_urgent_order(sit: Sit) -> None:
    async with sit() as operator:
        await called(operator, "电梯坏了有人被困")
        form = await operator.form()
        assert form.details().urgency == "urgent"


async def test_the_due_time_follows_the_kind(sit: Sit) -> None:
    async with sit() as operator:
        await called(operator)
        form = await operator.form()
        expected = {"1": "2026-03-04（周三）24:00 止   FJ-20.1", "2": "2026-03-16（周一）24:00 止   FJ-20.2a"}
        for key, line in expected.items():
            await put(operator, form, "kind", key)
            await operator.until(partial(says, form, line))


async def test_one_key_says_why_it_is_due_then(sit: Sit) -> None:
    async with sit() as operator:
        await called(operator)
        await operator.form()
        await operator.press("f6")
        dialog = await operator.screen(WhyDialog)
        text = str(dialog.query("VerticalScroll > Static").first().render())
        assert "FJ-20.4a：自签收（2026-03-02 10:00）起3个工作日" in text


async def test_tab_visits_what_the_rule_book_asks_for_and_nothing_else(sit: Sit) -> None:
    async with sit() as operator:
        await called(operator)
        form = await operator.form()
        visited = []
        for _ in range(12):
            await operator.press("tab")
            [row] = [row for row in form.query(FormRow) if row.field.has_focus]
            visited.append(row.name_)
        asked = ["kind", "lead", "title", "content", "district", "caller_type"]
        assert visited == ["title", "content", "district", "caller_type", "kind", "lead"] * 2
        assert [row.name_ for row in form.query(FormRow) if row.has_class("required")] == asked


async def test_a_place_is_asked_for_where_the_kind_needs_one(sit: Sit) -> None:
    async with sit() as operator:
        await called(operator)
        form = await operator.form()
        await put(operator, form, "kind", "1")
        await operator.until(
            lambda: (
                [row.name_ for row in form.query(FormRow) if row.has_class("required")]
                == ["kind", "lead", "title", "content", "caller_type"]
            )
        )


async def test_saving_with_something_missing_names_it_with_its_clause_and_stores_nothing(sit: Sit) -> None:
    async with sit() as operator:
        await called(operator, "说不清楚")
        facts = operator.facts
        form = await operator.form()
        assert form.details().kind == ""
        await put(operator, form, "lead", "csgl")
        await operator.press("f4")
        await operator.until(lambda: "还缺：诉求类型（FJ-2.2）" in str(form.query_one("#form-message").render()))
        assert operator.facts == facts
        assert operator.orders == []
        assert operator.outcome is None
        assert operator.on_top(OrderForm)


async def test_what_is_missing_can_be_filled_in_and_saved_then(sit: Sit) -> None:
    async with sit() as operator:
        await called(operator, "说不清楚")
        form = await operator.form()
        await operator.press("f4")
        await operator.until(lambda: "还缺" in str(form.query_one("#form-message").render()))
        await put(operator, form, "kind", "1")
        await put(operator, form, "lead", "公安局")
        await saved(operator)
        assert operator.orders[0].lead == "公安局"


async def test_a_unit_is_named_by_its_initials_and_shown_in_full_once_the_field_is_left(sit: Sit) -> None:
    async with sit() as operator:
        await called(operator)
        form = await operator.form()
        await operator.key_in("csgl")
        await operator.press("tab")
        await operator.until(lambda: form.query_one("#field-lead", TextField).value == "城市管理局")


async def test_one_key_saves_from_any_field_and_asks_about_a_unit_no_list_knows(sit: Sit) -> None:
    async with sit() as operator:
        await called(operator)
        form = await operator.form()
        await operator.key_in("csgl")
        await put(operator, form, "supporting", "gdgs、某某街道")
        await put(operator, form, "caller_name", "陈某某")
        await operator.press("f4")
        message = form.query_one("#form-message")
        await operator.until(lambda: "某某街道" in str(message.render()))
        assert not operator.orders
        await saved(operator)
        [order] = operator.orders
        assert (order.status, order.lead) == ("dispatched", "城市管理局")
        assert order.supporting == ("供电公司", "某某街道")
        assert order.details.caller_name == "陈某某"
        assert operator.outcome == Ordered(order.id, order.number)
        assert operator.matter.note == NOTE
        assert operator.draft is None
        assert f"工单 {order.number[:6]}" in operator.told


async def test_the_note_on_the_form_can_be_corrected_without_touching_the_note_of_the_call(sit: Sit) -> None:
    async with sit() as operator:
        await called(operator)
        form = await operator.form()
        await operator.key_in("csgl")
        form.query_one("#field-content", NoteArea).move_cursor((0, 0))
        await put(operator, form, "content", "【补充】")
        await saved(operator)
        assert operator.orders[0].details.content == "【补充】" + NOTE
        assert operator.matter.note == NOTE


async def test_going_back_stores_no_order_and_keeps_what_was_filled_in(sit: Sit) -> None:
    async with sit() as operator:
        await called(operator)
        form = await operator.form()
        await operator.key_in("csgl")
        await put(operator, form, "wish", "尽快修好")
        await operator.press("f9")
        await operator.until(lambda: operator.on_top(SeatScreen))
        assert operator.orders == []
        assert operator.note.text == NOTE
        await operator.write("，灯杆也歪了")
        form = await operator.form()
        details = form.details()
        assert (details.lead, details.wish) == ("城市管理局", "尽快修好")
        assert details.content == NOTE + "，灯杆也歪了"


async def test_what_was_filled_in_is_there_after_the_console_was_closed(sit: Sit) -> None:
    async with sit() as operator:
        await called(operator)
        form = await operator.form()
        await put(operator, form, "kind", "2")
        await put(operator, form, "lead", "csgl")
        await operator.saved()
    async with sit() as operator:
        form = await operator.form()
        assert (form.details().kind, form.details().lead) == ("投诉", "城市管理局")


async def test_the_next_matter_begins_with_an_empty_form(sit: Sit) -> None:
    async with sit() as operator:
        await called(operator)
        form = await operator.form()
        await put(operator, form, "wish", "尽快修好")
        await operator.press("f9")
        await operator.until(lambda: operator.on_top(SeatScreen))
        await operator.answered_by_heart()
        await operator.write("第二件")
        await operator.until(lambda: len(operator.call.matters) == 2)
        form = await operator.form()
        assert (form.details().wish, form.details().lead) == ("", "")


async def test_the_kinds_channels_and_caller_types_are_those_of_the_rule_book(sit: Sit) -> None:
    async with sit("hebi") as operator:
        await called(operator)
        form = await operator.form()
        book = operator.seat.book
        kinds = [choice.value for choice in form.query_one("#field-kind", ChoiceField)._choices]
        assert kinds == [kind.id for kind in book.kinds]
        assert "暂行" in str(form.query_one("#form-title").render())
        assert {"channel", "caller_type", "kind"} <= {row.name_ for row in form.query(FormRow) if row.required}


async def test_on_a_small_terminal_the_required_fields_are_still_reached(sit: Sit) -> None:
    async with sit(size=NARROW) as operator:
        await called(operator)
        form = await operator.form()
        await operator.key_in("csgl")
        for _ in range(3):
            await operator.press("tab")
        field = form.query_one("#field-district")
        await operator.until(lambda: field.has_focus and form.query_one("#form").region.contains_region(field.region))
