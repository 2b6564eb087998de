"""How long one session's numbers take: a hundred statements rated by five hundred people, every measure and a verdict;
and an electorate of eighty thousand ballots that rank eight options, hardly any two alike.

    python -m bench.numbers [--people 500] [--items 100] [--ballots 80000]
"""

import argparse
import json
import random
import time
from collections.abc import Callable

from sigforum.consensus.files.rankings import read_rankings
from sigforum.consensus.files.ratings import RatingSheet
from sigforum.consensus.reports.agreement import agreement_report
from sigforum.consensus.reports.ranking import ranking_report
from sigforum.consensus.reports.rating import rating_report
from sigforum.consensus.rulebook import all_rules, rule_named
from sigforum.consensus.scale import Scale

RUNS = 5


def main() -> None:
    """Count the same ratings under each rule; print JSON with the best of some runs, in milliseconds of CPU."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=500)
    parser.add_argument("--items", type=int, default=100)
    parser.add_argument("--ballots", type=int, default=80_000)
    asked = parser.parse_args()
    dice = random.Random(9)
    ratings = tuple(tuple(dice.choice([None, "x", *range(1, 10)]) for _ in range(asked.items))
                    for _ in range(asked.people))
    sheet = RatingSheet(tuple(map(str, range(asked.people))), tuple(f"item {number}" for number in range(asked.items)),
                        ratings, Scale(1, 9))
    told = {name: _best(lambda rule=rule: rating_report(sheet, rule=rule))
            for name, rule in all_rules().items() if "rating" in rule.applies_to}
    told["agreement over all items"] = _best(lambda: agreement_report(sheet))
    told["all of it under RAND/UCLA"] = _best(
        lambda: (rating_report(sheet, rule=rule_named("rand_ucla")), agreement_report(sheet)))
    yardstick = _best(lambda: sum(number * number for number in range(1_000_000)))
    electorate = _electorate(asked.ballots, dice)
    counting = _best(lambda: ranking_report(read_rankings(electorate)), runs=1)
    print(json.dumps({"yardstick": {"a million additions": yardstick}, "milliseconds": told, "ranked ballots": {
        "ballots": asked.ballots, "seconds": round(counting / 1000, 2),
        "times the yardstick": round(counting / yardstick, 1)}}, indent=2))


def _electorate(ballots: int, dice: random.Random) -> bytes:
    """A file of ranked ballots; those who vote lean to one order, so that there is something to find."""
    lines = ["a,b,c,d,e,f,g,h"]
    for _ in range(ballots):
        liked = sorted(range(8), key=lambda option: option / 4 + dice.gauss(0, 1))
        lines.append(",".join(str(liked.index(option) + 1) for option in range(8)))
    return "\n".join(lines).encode()


def _best(work: Callable[[], object], *, runs: int = RUNS) -> float:
    found = []
    for _ in range(runs):
        start = time.process_time()
        work()
        found.append(time.process_time() - start)
    return round(1000 * min(found), 1)


if __name__ == "__main__":
    main()
