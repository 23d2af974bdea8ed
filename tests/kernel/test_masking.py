"""What is seen of a person before a reason was given."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.kernel.masking import mask_all, mask_email, mask_name, mask_phone


@pytest.mark.parametrize(
    ("clear", "masked"),
    [
        ("13812341234", "138****1234"),
        ("+86 138-1234-1234", "138****1234"),
        ("１３８１２３４１２３４", "138****1234"),
        ("0571-8712345", "057****2345"),
        ("8712345", "****45"),
        ("110", "****"),
        ("", ""),
    ],
)
def test_a_phone_number_keeps_its_ends_only(clear: str, masked: str) -> None:
    assert mask_phone(clear) == masked


@pytest.mark.parametrize(
    ("clear", "masked"), [("林若溪", "林**"), ("林", "林**"), (" Ada Lovelace", "A**"), ("***", "****"), ("  ", "")]
)
def test_a_name_keeps_its_first_character_and_hides_its_length(clear: str, masked: str) -> None:
    assert mask_name(clear) == masked


@pytest.mark.parametrize(
    ("clear", "masked"), [("lin@example.com", "l***@…"), ("@example.com", "****"), ("lin", "****"), ("", "")]
)
def test_a_mail_address_keeps_its_first_character(clear: str, masked: str) -> None:
    assert mask_email(clear) == masked


@given(st.text(min_size=1, max_size=40))
def test_nothing_long_comes_through(clear: str) -> None:
    assert len(mask_name(clear)) <= 4
    assert mask_all(clear) in {"", "****"}
    assert len(mask_email(clear)) <= 6


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_four_digits_of_a_mobile_number_are_gone(clear: str) -> None:
    assert clear not in mask_phone(clear)
    assert mask_phone(clear).count("*") == 4
