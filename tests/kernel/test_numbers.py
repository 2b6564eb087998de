"""Numbers as they are typed on phones and in tables."""

from decimal import Decimal

import pytest

from sigforum.kernel.numbers import TwoReadings, typed_number


@pytest.mark.parametrize(("typed", "number"), [
    ("12", "12"), ("12.5", "12.5"), ("12,5", "12.5"), ("120,50", "120.5"), ("\u22123", "-3"), ("-3", "-3"),
    ("–3,5", "-3.5"),
    ("+4", "4"), ("1 000", "1000"), ("1\u202f000,5", "1000.5"), ("1\u00a0234\u00a0567", "1234567"), ("1'000", "1000"),
    ("1’000.5", "1000.5"), ("1,234,567", "1234567"), ("1.234.567", "1234567"), ("1,234.5", "1234.5"),
    ("1.234,5", "1234.5"),
    ("1.5e3", "1500"), ("1.5E3", "1500"), ("1,5e3", "1500"), ("5×10^6", "5000000"), ("5*10^6", "5000000"),
    ("5 x 10^6", "5000000"), ("5×10⁶", "5000000"), ("5·10⁻¹", "0.5"), ("2e-1", "0.2"), ("2×10^−1", "0.2"),
    ("١٢٫٥", "12.5"),
    ("１２．５", "12.5"), ("१२", "12"), ("0,125", "0.125"), ("0.5", "0.5"), (".5", "0.5"), ("－７", "-7"), (" 7 ", "7"),
    ("1234.567", "1234.567")])
def test_number_is_read_as_it_was_meant(typed: str, number: str) -> None:
    assert typed_number(typed) == Decimal(number)


@pytest.mark.parametrize("typed", ["1,234", "1.234", "12,500", "−1.234"])
def test_number_with_two_readings_is_asked_back(typed: str) -> None:
    with pytest.raises(TwoReadings) as refusal:
        typed_number(typed)
    assert "can be read as" in str(refusal.value)


@pytest.mark.parametrize("typed", ["", "-", "ten", "1 0", "10 00", "1,2,3", "12.", "1e", "nan", "inf", "1_000", "0x10",
                                   "1e999", "5^6", "½", "٪", "--3", "1" * 100])
def test_what_is_no_number_is_none(typed: str) -> None:
    assert typed_number(typed) is None
