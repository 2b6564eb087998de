"""The table of who may do what in docs/security.md is the one that is tested."""

from tests.access.table import PAGE, with_table


def test_documented_matrix_is_the_tested_one() -> None:
    page = PAGE.read_text("utf-8")
    assert page == with_table(page), "write it again: python -m tests.access.table"
