from __future__ import annotations

import pytest

from agent_console.texts.masking import masked_name, masked_number


@pytest.mark.parametrize(
    ("number", "shown"),
    [("13800000001", "138****0001"), (" 0591-0000001 ", "059****0001"), ("12345", "****45"), ("", ""), ("1", "****1")],
)
def test_a_number_is_recognised_and_not_known(number: str, shown: str) -> None:
    assert masked_number(number) == shown


@pytest.mark.parametrize(("name", "shown"), [("张三", "张*"), ("欧阳修远", "欧*"), (" 李 ", "李*"), ("", "")])
def test_a_name_keeps_its_first_character_and_hides_its_length(name: str, shown: str) -> None:
    assert masked_name(name) == shown
