"""Eighty thousand ballots: equal ones are counted together, and leaving one out counts nothing again."""

import random
import time

from sigforum.consensus.files.rankings import RankingSheet
from sigforum.consensus.reports.ranking import ranking_report

OPTIONS = tuple("abcdefg")


def sheet(ballots: int, *, ways: int | None = None) -> RankingSheet:
    """Random rankings of seven options, of as many ways as there are ballots unless told otherwise."""
    dice = random.Random(80)
    given = [dict(zip(dice.sample(OPTIONS, len(OPTIONS)), range(1, 8), strict=True)) for _ in range(ways or ballots)]
    return RankingSheet(OPTIONS, tuple(given[place % len(given)] for place in range(ballots)), "CSV")


def seconds(work: RankingSheet) -> float:
    """The best processor time of three runs."""
    found = []
    for _ in range(3):
        start = time.process_time()
        ranking_report(work)
        found.append(time.process_time() - start)
    return min(found)


def test_work_grows_as_the_ballots_do_and_not_as_their_square():
    # Four times as many ballots; counting all the others again without each one would take sixteen times as long.
    assert seconds(sheet(2000)) < 9 * seconds(sheet(500))


def test_equal_ballots_cost_next_to_nothing_more():
    # Both have a hundred ways of voting; one has twenty times the ballots.
    assert seconds(sheet(20_000, ways=100)) < 10 * seconds(sheet(1000, ways=100))
