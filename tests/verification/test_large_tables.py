"""A table that says far more than its JSON is refused in words, before it fills the memory."""

import io
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from sigforum.verification.findings import Status
from sigforum.verification.sheet import Damaged
from sigforum.verification.tables import check_table
from tests.verification.forging import TABLE, Forger
from tests.verification.meeting import Held


@pytest.fixture
def summary(held: Held) -> tuple[bytes, dict[str, Any]]:
    """The table and the JSON of a session."""
    forger = Forger(held)
    return forger.files[TABLE], forger.document


@contextmanager
def peak() -> Iterator[list[int]]:
    found: list[int] = []
    tracemalloc.start()
    try:
        yield found
    finally:
        found.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()


@pytest.mark.parametrize("rows", [
    b"1A,statement,o1,p1,text,x\n" * 60_000, b"," * 2_000_000 + b"\n", b'1A,"' + b"\n" * 2_000_000 + b'",,,,\n',
    b'"\n",' * 500_000], ids=["one row often", "many cells", "a long cell", "a row of many lines"])
def test_memory_is_a_small_multiple_of_what_is_read(summary: tuple[bytes, dict[str, Any]], rows: bytes) -> None:
    table, document = summary
    content, said = table + rows, ""
    with peak() as found:
        try:
            check_table(table, document, file="whole.csv")
        except Damaged:
            pytest.fail("the table of the past is read")
    own = found[0]
    with peak() as found:
        try:
            findings = check_table(content, document, file="long.csv")
        except Damaged as problem:
            said = str(problem)
        else:
            said = " ".join(one.what for one in findings if one.status is not Status.HOLDS)
    assert found[0] - own < 15 * len(rows)
    assert said


def test_a_row_too_many_is_still_named(summary: tuple[bytes, dict[str, Any]]) -> None:
    table, document = summary
    row = next(line for line in io.BytesIO(table) if b",statement," in line)
    whole, longer = (
        {one.what for one in check_table(content, document, file="long.csv") if one.status is Status.DIFFERS}
        for content in (table, table + row))
    assert len(longer - whole) == 1


def test_limits_are_told_with_their_number(summary: tuple[bytes, dict[str, Any]]) -> None:
    table, document = summary
    for rows, words in {b"".join(b"1A,x,%d,,,\n" % number for number in range(100_001)): "100,000 rows",
                        b"," * 20_000_001: "20,000,000 characters"}.items():
        with pytest.raises(Damaged, match=words):
            check_table(table + rows, document, file="long.csv")
