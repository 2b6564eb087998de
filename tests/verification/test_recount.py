"""Two implementations that share nothing give the same result for random ballots of every kind."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sigforum.ballots.registry import all_kinds
from sigforum.verification.counting.kinds import COUNTS
from sigforum.verification.findings import Status
from sigforum.verification.sheet import check_sheet
from tests.verification.ballots import KINDS, sheets

fuzzed = settings(max_examples=60, deadline=None, suppress_health_check=[
    HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example])


def test_every_kind_is_counted_again() -> None:
    assert sorted(all_kinds()) == sorted(COUNTS) == sorted(KINDS), "write the new kind's count, and its ballots here"


@pytest.mark.parametrize("kind", KINDS)
@fuzzed
@given(data=st.data())
def test_recount_of_random_ballots_gives_the_published_result(kind: str, data: Any) -> None:
    sheet = data.draw(sheets(kind))
    wrong = [finding for finding in check_sheet(sheet, file="sheet.json") if finding.status is not Status.HOLDS]
    assert wrong == []
