"""Rankings: pairs counted one by one, strongest paths by repeated squaring, Borda points, and Kendall's W."""

import random
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import chain
from math import sqrt
from typing import Any

from sigforum.verification.counting.paper import Count, line, result, turnout_numbers
from sigforum.verification.matching import AnyOrder, Near, Number, Words, numbers_in, rounded

# Another seed than the first computation has, so that agreement is none of the dice's.
SEED = 20_011
MOST_SHUFFLED, MOST_SHUFFLES, FEWEST_SHUFFLES = 400_000, 1999, 199
# Six standard errors: an honest p falls outside once in hundreds of millions.
STANDARD_ERRORS = 6
Table = list[list[int]]


def count_ranking(count: Count) -> dict[str, Any]:
    """The Schulze order with everything that stands beside it; options left out are equal behind the last."""
    keys, size = count.keys, len(count.keys)
    ballots = [{key: rank for key, rank in answer["ranks"].items() if key in keys}
               for answer in count.answers if "ranks" in answer]
    rows = [[ballot.get(key, size + max(ballot.values(), default=0)) for key in keys] for ballot in ballots]
    above = [[sum(row[one] < row[other] for row in rows) for other in range(size)] for one in range(size)]
    paths = strongest_paths(above)
    defeats = [sum(paths[other][one] > paths[one][other] for other in range(size)) for one in range(size)]
    ranks = [1 + sum(fewer < defeats[one] for fewer in defeats) for one in range(size)]
    lines = [_line(place, count, ballots, above, rank=ranks[place])
             for place in sorted(range(size), key=ranks.__getitem__)]
    undecided = [(one, other) for one in sorted(range(size), key=ranks.__getitem__) for other in
                 sorted(range(size), key=ranks.__getitem__)
                 if ranks[one] < ranks[other] and paths[one][other] == paths[other][one]] if rows else []
    agreement = _agreement(rows, count.published.get("extra", {}))
    text = (*turnout_numbers(count), *(_standing(count, ranks, undecided) if rows else ()),
            *(agreement["agreement"].numbers if rows else ()))
    return result(count, lines, text=Words(text), outside=count.outside, extra={
        **agreement, "agreement": agreement["agreement"] if ballots else "", "pairwise": above, "options": keys,
        "undecided": AnyOrder(tuple([keys[one], keys[other]] for one, other in undecided))})


def strongest_paths(above: Table) -> Table:
    """How strong the strongest path from each option to each other one is: a path is as strong as its weakest duel, a
    duel won as its winning votes. Squaring the table with max for plus and min for times doubles the paths' length
    each time. Source: Schulze, Social Choice and Welfare 36 (2011) 267-303."""
    size = len(above)
    paths = [[votes if votes > above[other][one] else 0 for other, votes in enumerate(row)]
             for one, row in enumerate(above)]
    while True:
        columns = list(zip(*paths, strict=True))
        longer = [[max(paths[one][other], max(map(min, paths[one], columns[other]), default=0)) if one != other else 0
                   for other in range(size)] for one in range(size)]
        if longer == paths:
            return paths
        paths = longer


def _line(place: int, count: Count, ballots: Sequence[Mapping[str, int]], above: Table, *,
          rank: int) -> dict[str, Any]:
    option, voters = count.options[place], len(ballots)
    others = [other for other in range(len(above)) if other != place]
    ranked = [ballot[option["key"]] for ballot in ballots if option["key"] in ballot]
    # Half a point for whoever is equal: all votes, plus those won, less those lost, halved.
    borda = Fraction(sum(voters + above[place][other] - above[other][place] for other in others), 2)
    level = sum(above[place][other] == above[other][place] for other in others)
    return line(option, answered=len(ranked), figures={
        "rank": rank if ballots else None, "borda": borda,
        "wins": sum(above[place][other] > above[other][place] for other in others),
        "ties": level if ballots else 0, "first": ranked.count(1), "ranked": len(ranked)})


def _standing(count: Count, ranks: Sequence[int], undecided: Sequence[tuple[int, int]]) -> list[Number]:
    """The numbers inside the names that the result's sentence gives: those tied for first, and pairs not decided."""
    texts = [str(option["text"]) for option in count.options]
    first = [text for text, rank in zip(texts, ranks, strict=True) if rank == 1]
    named = first if len(first) > 1 else []
    return list(chain.from_iterable(map(numbers_in, [
        *named, *(texts[place] for pair in undecided for place in pair)])))


def _agreement(rows: Sequence[Sequence[int]], published: Mapping[str, Any]) -> dict[str, Any]:
    """Kendall's W as the part of all spread of ranks that lies between the options' means, with a p by lot."""
    people, size = len(rows), len(rows[0]) if rows else 0
    ranks = [_mid_ranks(row) for row in rows]
    mean = Fraction(size + 1, 2)
    within = sum((rank - mean) ** 2 for row in ranks for rank in row)
    if people < 2 or size < 2 or not within:
        return {"w": None, "p": None, "permutations": 0, "agreement": Words(())}
    w = _between(ranks, mean) / (people * within)
    p, shuffles = published.get("p"), published.get("permutations")
    if p is None or not isinstance(shuffles, int) or shuffles < 1:
        return {"w": w, "p": p, "agreement": Words((rounded(w, decimals=2), people), goes_on=True)}
    drawn = _p_by_lot(ranks, mean)
    numbers = (rounded(w, decimals=2), people, rounded(Fraction(str(p)), decimals=3), shuffles)
    return {"w": w, "p": _p_margin(drawn, shuffles, _shuffles(people * size)), "permutations": shuffles,
            "agreement": Words(numbers)}


def _mid_ranks(row: Sequence[int]) -> list[Fraction]:
    return [Fraction(2 * sum(other < one for other in row) + row.count(one) + 1, 2) for one in row]


def _between(ranks: Sequence[Sequence[Fraction]], mean: Fraction) -> Fraction:
    return sum(((sum(column) - len(ranks) * mean) ** 2 for column in zip(*ranks, strict=True)), Fraction(0))


def _shuffles(cells: int) -> int:
    return max(FEWEST_SHUFFLES, min(MOST_SHUFFLES, MOST_SHUFFLED // cells))


def _p_by_lot(ranks: Sequence[Sequence[Fraction]], mean: Fraction) -> Fraction:
    dice = random.Random(SEED)
    doubled = [[int(2 * rank) for rank in row] for row in ranks]
    found, middle, size = 4 * _between(ranks, mean), int(2 * mean) * len(ranks), len(ranks[0])
    shuffles = _shuffles(len(ranks) * size)
    as_large = sum(sum((sum(column) - middle) ** 2 for column in zip(*(
        dice.sample(row, size) for row in doubled), strict=True)) >= found for _ in range(shuffles))
    return Fraction(1 + as_large, 1 + shuffles)


def _p_margin(drawn: Fraction, published: int, own: int) -> Near:
    """As far as two draws of one p may lie apart. A p near 0 or 1 has a spread of its own: that of a few hits."""
    likely = float(min(max(drawn, Fraction(6, 1 + min(published, own))), 1 - Fraction(6, 1 + min(published, own))))
    error = sqrt(max(likely * (1 - likely), 0) * (1 / published + 1 / own))
    return Near(drawn, Fraction(STANDARD_ERRORS * error + 1 / (1 + published) + 1 / (1 + own)))
