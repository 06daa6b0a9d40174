"""Codes stand for each other, and for nothing else."""

import pytest

from pytest_botpenguin_otp.explorer.codes import FORMS, pool
from pytest_botpenguin_otp.explorer.reserved import PHONES

LENGTHS = range(4, 11)
SIZES = (7, 14, 31, 300)


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("size", SIZES)
def test_every_length_has_codes_enough(length, size):
    """However many attributes a bot has, and however short its codes, there are some, and no two are taken for one."""
    made = pool(length, size)
    codes = (*made.plain, *made.zeros)
    formed = {form(code): code for form in FORMS for code in codes}

    assert len(made.plain) == len(made.zeros) >= min(size, 40)
    assert all(formed[form(code)] == code for form in FORMS for code in codes)
    assert not {made.stale, made.others} & set(formed)


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("size", SIZES)
def test_no_code_is_part_of_a_number(length, size):
    """A phone number, however it is written, is left alone where codes are renamed."""
    made = pool(length, size)
    numbers = [number for pair in PHONES.values() for number in pair]
    written = [*numbers, *("".join(filter(str.isdecimal, number)) for number in numbers)]

    assert [made.codes_in(text) for text in written if made.codes_in(text)] == []
