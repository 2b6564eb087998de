"""Rankings: pairs counted one by one, strongest paths by repeated squaring, Borda points, and what hangs on one."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import chain
from typing import Any

from sigforum.verification.counting.concordance import agreement
from sigforum.verification.counting.one_less import OneLess, left_out
from sigforum.verification.counting.paper import Count, line, result, turnout_numbers
from sigforum.verification.matching import AnyOrder, Number, Words, numbers_in

# Different ballots times options cubed: where the program may leave unsaid what hangs on one person, and where a
# recount of everything without everyone would take minutes.
MAY_BE_UNSAID, TOO_MUCH = 100_000, 6_000_000
Table = list[list[int]]
Ballot = Mapping[str, int]


def count_ranking(count: Count) -> dict[str, Any]:
    """The Schulze order with everything that stands beside it; options left out are equal behind the last."""
    keys, size = count.keys, len(count.keys)
    ballots = [{key: rank for key, rank in answer["ranks"].items() if key in keys}
               for answer in count.answers if "ranks" in answer]
    rows = _rows(ballots, keys)
    above = _above(rows, size)
    paths = strongest_paths(above)
    ranks = _ranks(paths)
    in_order = sorted(range(size), key=ranks.__getitem__)
    undecided = [(one, other) for one in in_order for other in in_order
                 if ranks[one] < ranks[other] and paths[one][other] == paths[other][one]] if rows else []
    published = count.published.get("extra", {})
    found, less = agreement(rows, published), _one_less(ballots, keys, above, published)
    texts = {str(option["key"]): str(option["text"]) for option in count.options}
    text: tuple[Number, ...] = turnout_numbers(count)
    if rows:
        text += (*_standing(list(texts.values()), ranks, undecided), *(less.numbers(texts) if less else ()),
                 *found.numbers)
    lines = [_line(place, count, ballots, above, rank=ranks[place]) for place in in_order]
    return result(count, lines, text=Words(text), outside=count.outside, extra={
        **found.extra, **(less.extra if less else {"is_fragile": None, "tipping": None}), "pairwise": above,
        "options": keys, "undecided": AnyOrder(tuple([keys[one], keys[other]] for one, other in undecided))})


def strongest_paths(above: Table) -> Table:
    """How strong the strongest path from each option to each other one is: a path is as strong as its weakest duel, a
    duel won as its winning votes. Squaring the table with max for plus and min for times doubles the paths' length
    each time. Source: Schulze, Social Choice and Welfare 36 (2011) 267-303."""
    paths = [[votes if votes > above[other][one] else 0 for other, votes in enumerate(row)]
             for one, row in enumerate(above)]
    while True:
        columns = list(zip(*paths, strict=True))
        longer = [[max(paths[one][other], *map(min, paths[one], columns[other])) if one != other else 0
                   for other in range(len(paths))] for one in range(len(paths))]
        if longer == paths:
            return paths
        paths = longer


def _rows(ballots: Sequence[Ballot], keys: Sequence[str]) -> Table:
    return [[ballot.get(key, len(keys) + 1) for key in keys] for ballot in ballots]


def _above(rows: Table, size: int) -> Table:
    return [[sum(row[one] < row[other] for row in rows) for other in range(size)] for one in range(size)]


def _ranks(paths: Table) -> list[int]:
    """As many places down as others are beaten by fewer."""
    size = range(len(paths))
    defeats = [sum(paths[other][one] > paths[one][other] for other in size) for one in size]
    return [1 + sum(fewer < own for fewer in defeats) for own in defeats]


def _one_less(ballots: Sequence[Ballot], keys: Sequence[str], above: Table,
              published: Mapping[str, Any]) -> OneLess | None:
    work = len({tuple(sorted(ballot.items())) for ballot in ballots}) * len(keys) ** 3
    if work > MAY_BE_UNSAID and published.get("tipping") is None:
        return None
    if work > TOO_MUCH and any(all(row[other] - above[other][one] > 1 for other in range(len(keys)) if other != one)
                               for one, row in enumerate(above)):
        # Whoever wins every duel by two wins them all without any one ballot.
        return OneLess(people=len(ballots), tipping=0, instead=())

    def leaders(rest: Sequence[Ballot]) -> tuple[str, ...]:
        ranks = _ranks(strongest_paths(_above(_rows(rest, keys), len(keys))))
        return tuple(sorted(key for key, rank in zip(keys, ranks, strict=True) if rank == 1))

    return left_out(ballots, leaders)


def _line(place: int, count: Count, ballots: Sequence[Ballot], above: Table, *, rank: int) -> dict[str, Any]:
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


def _standing(texts: Sequence[str], ranks: Sequence[int], undecided: Sequence[tuple[int, int]]) -> list[Number]:
    """The numbers inside the names that the result's sentence gives: those tied for first, and pairs not decided."""
    first = [text for text, rank in zip(texts, ranks, strict=True) if rank == 1]
    named = first if len(first) > 1 else []
    return list(chain.from_iterable(map(numbers_in, [
        *named, *(texts[place] for pair in undecided for place in pair)])))
